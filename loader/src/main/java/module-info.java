/** The files of a model directory as checked values. Knows files, not arithmetic. */
@org.jspecify.annotations.NullMarked
module io.github.bunvec.loader {
  requires static transitive org.jspecify;
  requires com.google.gson;

  exports io.github.bunvec.loader;
}
