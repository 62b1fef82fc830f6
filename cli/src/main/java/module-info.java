/**
 * The command {@code bunvec}.
 *
 * <p>The main class is {@code io.github.bunvec.cli.Main}; nothing is exported.
 */
@org.jspecify.annotations.NullMarked
module io.github.bunvec.cli {
  requires static org.jspecify;
  requires com.google.gson;
  requires info.picocli;
  requires io.github.bunvec.engine;
  requires io.github.bunvec.hub;
  requires io.github.bunvec.model.mini_ja;
  requires java.management;

  opens io.github.bunvec.cli to
      info.picocli;
}
