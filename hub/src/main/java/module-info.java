/** Models of the Hugging Face Hub on this machine. Knows files and addresses, nothing in them. */
@org.jspecify.annotations.NullMarked
module io.github.bunvec.hub {
  requires static transitive org.jspecify;
  requires com.google.gson;
  requires java.net.http;

  exports io.github.bunvec.hub;
}
