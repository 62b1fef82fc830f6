/**
 * Token ids to vectors: the encoder, pooling, the backends that run them, and the facade users
 * hold.
 *
 * <p>Start at {@link io.github.bunvec.engine.EmbeddingModel}.
 */
@org.jspecify.annotations.NullMarked
@SuppressWarnings(
    "module") // the modules of the benchmarks and the command are compiled after this one
module io.github.bunvec.engine {
  requires static org.jspecify;
  requires transitive io.github.bunvec.hub;
  requires transitive io.github.bunvec.loader;
  requires transitive io.github.bunvec.tokenizer;
  requires jdk.incubator.vector;

  exports io.github.bunvec.engine;
  exports io.github.bunvec.engine.dictionary;
  exports io.github.bunvec.engine.spi;
  exports io.github.bunvec.engine.cpu.kernel to
      io.github.bunvec.bench,
      io.github.bunvec.cli,
      io.github.bunvec.kernels.cuda;

  uses io.github.bunvec.engine.spi.BackendProvider;

  provides io.github.bunvec.engine.spi.BackendProvider with
      io.github.bunvec.engine.cpu.CpuBackendProvider,
      io.github.bunvec.engine.reference.ReferenceBackendProvider;
}
