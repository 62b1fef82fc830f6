package io.github.bunvec.engine;

import java.io.IOException;
import java.net.ProtocolFamily;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.channels.DatagramChannel;
import java.nio.channels.Pipe;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.AbstractSelector;
import java.nio.channels.spi.SelectorProvider;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * A process in which every way into the network is refused: it is the JVM's provider of channels
 * and its factory of sockets, and its main method loads a model.
 */
public final class RefusedNetwork extends SelectorProvider {

  static final String REFUSAL = "no network in this process";

  /** Loads by path and by name with {@code dir}, else by name only; prints the vectors' hash. */
  @SuppressWarnings("deprecation") // there is no other way to refuse java.net.Socket
  public static void main(String[] arguments) throws IOException {
    if (!arguments[0].equals("hub, channels refused only")) {
      Socket.setSocketImplFactory(
          () -> {
            throw new IllegalStateException(REFUSAL);
          });
      ServerSocket.setSocketFactory(
          () -> {
            throw new IllegalStateException(REFUSAL);
          });
    }
    if (arguments[0].equals("dir")) {
      try (EmbeddingModel model = EmbeddingModel.load(Path.of(arguments[1]))) {
        System.out.println("vector " + Arrays.hashCode(model.embed("猫")));
      }
    }
    try (EmbeddingModel model = EmbeddingModel.load(arguments[1])) {
      System.out.println("vector " + Arrays.hashCode(model.embed("猫")));
    }
  }

  private static IOException refused() {
    return new IOException(REFUSAL);
  }

  @Override
  public DatagramChannel openDatagramChannel() throws IOException {
    throw refused();
  }

  @Override
  public DatagramChannel openDatagramChannel(ProtocolFamily family) throws IOException {
    throw refused();
  }

  @Override
  public Pipe openPipe() throws IOException {
    throw refused();
  }

  @Override
  public AbstractSelector openSelector() throws IOException {
    throw refused();
  }

  @Override
  public ServerSocketChannel openServerSocketChannel() throws IOException {
    throw refused();
  }

  @Override
  public SocketChannel openSocketChannel() throws IOException {
    throw refused();
  }
}
