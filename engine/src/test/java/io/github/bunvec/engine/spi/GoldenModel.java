package io.github.bunvec.engine.spi;

import io.github.bunvec.engine.bert.BertEncoder;
import io.github.bunvec.engine.modules.Ending;
import io.github.bunvec.engine.modules.Pipeline;
import io.github.bunvec.loader.BertConfig;
import io.github.bunvec.loader.ModelDirectory;
import io.github.bunvec.loader.ModelTensors;
import io.github.bunvec.loader.PoolingConfig;
import io.github.bunvec.loader.PoolingMode;
import io.github.bunvec.loader.SafetensorsFile;
import io.github.bunvec.loader.TensorView;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.ValueLayout;
import java.net.URISyntaxException;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/** A tiny model with the states torch computes for it (tools/golden/encoder_golden.py). */
public record GoldenModel(Path directory) {

  private static final ValueLayout.OfInt I32 =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfDouble F64 =
      ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  /** All of them. */
  public static List<GoldenModel> all() {
    try (Stream<Path> entries = Files.list(folder())) {
      return entries.filter(Files::isDirectory).sorted().map(GoldenModel::new).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The folder they lie in. */
  public static Path folder() {
    try {
      return Path.of(
          Objects.requireNonNull(
                  GoldenModel.class.getResource("/io/github/bunvec/engine/golden"), "golden data")
              .toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Loads the encoder onto a backend. */
  public BertEncoder load(Backend backend) {
    try (ModelDirectory model = ModelDirectory.open(directory)) {
      return BertEncoder.load(model.config(), ModelTensors.of(model.checkpoint()), backend);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Loads the encoder and returns the pass of a Pooling, followed by Normalize if asked for. */
  public ForwardPass embedding(Backend backend, List<PoolingMode> modes, boolean normalize) {
    try (ModelDirectory model = ModelDirectory.open(directory)) {
      BertConfig config = model.config();
      PoolingConfig pooling = new PoolingConfig(modes, config.hiddenSize(), true);
      return Pipeline.of(pooling, config, new Ending(null, normalize))
          .load(load(backend), model::openModule, backend);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** How many layers it has. */
  public int layers() {
    try (ModelDirectory model = ModelDirectory.open(directory)) {
      return model.config().layers();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** How its tokens are numbered. */
  public PositionRule positions() {
    try (ModelDirectory model = ModelDirectory.open(directory)) {
      BertConfig config = model.config();
      return config.positionsFollowPadding()
          ? PositionRule.afterPadding(config.padTokenId())
          : PositionRule.FROM_ZERO;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Opens the expected states. */
  public SafetensorsFile states() {
    try {
      return SafetensorsFile.open(directory.resolve("golden.safetensors"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The names of the sequences in a file of states. */
  public static List<String> sequences(SafetensorsFile states) {
    return states.names().stream()
        .filter(name -> name.endsWith(".ids"))
        .map(name -> name.substring(0, name.length() - 4))
        .sorted()
        .toList();
  }

  /** An I32 tensor. */
  public static int[] ints(SafetensorsFile file, String name) {
    TensorView tensor = file.tensor(name);
    int[] values = new int[(int) tensor.elementCount()];
    for (int i = 0; i < values.length; i++) {
      values[i] = tensor.data().get(I32, 4L * i);
    }
    return values;
  }

  /** An F64 tensor. */
  public static double[] doubles(SafetensorsFile file, String name) {
    TensorView tensor = file.tensor(name);
    double[] values = new double[(int) tensor.elementCount()];
    for (int i = 0; i < values.length; i++) {
      values[i] = tensor.data().get(F64, 8L * i);
    }
    return values;
  }

  @Override
  public String toString() {
    return directory.getFileName().toString();
  }
}
