package io.github.bunvec.engine.modules;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.bunvec.engine.spi.GoldenModel;
import io.github.bunvec.loader.BertConfig;
import io.github.bunvec.loader.CheckpointException;
import io.github.bunvec.loader.ConfiguredModule;
import io.github.bunvec.loader.DType;
import io.github.bunvec.loader.DenseConfig;
import io.github.bunvec.loader.DropoutConfig;
import io.github.bunvec.loader.LayerNormConfig;
import io.github.bunvec.loader.ModelDirectory;
import io.github.bunvec.loader.ModuleConfig;
import io.github.bunvec.loader.ModuleEntry;
import io.github.bunvec.loader.ModuleType;
import io.github.bunvec.loader.NormalizeConfig;
import io.github.bunvec.loader.PoolingConfig;
import io.github.bunvec.loader.PoolingMode;
import io.github.bunvec.loader.WeightedLayerPoolingConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Which modules fit together; the encoder has hidden size 64 and 4 layers. */
class PipelineTest {

  private static final PoolingConfig MEAN = new PoolingConfig(List.of(PoolingMode.MEAN), 64, true);
  private static final NormalizeConfig NORMALIZE = new NormalizeConfig();
  private static final DropoutConfig DROPOUT = new DropoutConfig();

  private static BertConfig encoder;

  @BeforeAll
  static void readTheEncoder() throws IOException {
    try (ModelDirectory directory =
        ModelDirectory.open(GoldenModel.folder().resolve("gelu-h64-d32-l4-bf16"))) {
      encoder = directory.config();
    }
  }

  private static DenseConfig dense(int in, int out) {
    return new DenseConfig(in, out, true, "Tanh", false);
  }

  private static ModuleType type(ModuleConfig config) {
    return switch (config) {
      case PoolingConfig c -> ModuleType.POOLING;
      case DenseConfig c -> ModuleType.DENSE;
      case LayerNormConfig c -> ModuleType.LAYER_NORM;
      case WeightedLayerPoolingConfig c -> ModuleType.WEIGHTED_LAYER_POOLING;
      case NormalizeConfig c -> ModuleType.NORMALIZE;
      case DropoutConfig c -> ModuleType.DROPOUT;
    };
  }

  private static Pipeline pipeline(Ending ending, ModuleConfig... configs) {
    List<ConfiguredModule> modules = new ArrayList<>();
    for (ModuleConfig config : configs) {
      int index = modules.size() + 1;
      ModuleType type = type(config);
      String folder = index + "_" + type.className();
      ModuleEntry entry = new ModuleEntry(index, folder, folder, type, type.className());
      modules.add(new ConfiguredModule("modules.json", folder + "/config.json", entry, config));
    }
    return Pipeline.of(modules, encoder, ending);
  }

  private static void refused(String message, ModuleConfig... configs) {
    CheckpointException e =
        assertThrows(CheckpointException.class, () -> pipeline(Ending.NONE, configs));
    assertTrue(String.valueOf(e.getMessage()).startsWith(message), e.getMessage());
  }

  @Test
  void dimensionsFollowTheModules() {
    Pipeline pipeline =
        pipeline(
            Ending.NONE,
            new WeightedLayerPoolingConfig(64, 1, 4),
            new PoolingConfig(List.of(PoolingMode.CLS, PoolingMode.MAX), 64, true),
            DROPOUT,
            dense(128, 50),
            new LayerNormConfig(50),
            NORMALIZE,
            dense(50, 7));
    assertEquals(7, pipeline.dimension());
    assertEquals(
        "[WeightedLayerPooling, Pooling, Dense, LayerNorm, Normalize, Dense]",
        pipeline.names().toString());
    assertEquals(false, pipeline.givesUnitVectors());
    assertEquals(64, pipeline(Ending.NONE, MEAN).dimension());
  }

  @Test
  void whetherVectorsAreUnitVectors() {
    assertTrue(pipeline(Ending.NONE, MEAN, NORMALIZE, DROPOUT).givesUnitVectors());
    boolean[] found = {
      pipeline(new Ending(null, false), MEAN, NORMALIZE).givesUnitVectors(),
      pipeline(new Ending(null, true), MEAN).givesUnitVectors(),
      pipeline(new Ending(10, null), MEAN, NORMALIZE).givesUnitVectors(),
      pipeline(new Ending(10, true), MEAN, NORMALIZE).givesUnitVectors(),
      pipeline(new Ending(1000, null), MEAN, NORMALIZE).givesUnitVectors(),
      pipeline(Ending.NONE, MEAN, NORMALIZE, new LayerNormConfig(64)).givesUnitVectors()
    };
    assertArrayEquals(new boolean[] {false, true, false, true, true, false}, found);
    assertEquals(10, pipeline(new Ending(10, null), MEAN).dimension());
    assertEquals(64, pipeline(new Ending(1000, null), MEAN).dimension());
  }

  @Test
  void widthsMustAgree() {
    refused(
        "2_Dense/config.json: in_features is 65, the Pooling before gives vectors of 64",
        MEAN,
        dense(65, 3));
    refused(
        "3_LayerNorm/config.json: dimension is 64, the Dense before gives vectors of 3",
        MEAN,
        dense(64, 3),
        new LayerNormConfig(64));
    refused(
        "1_Pooling/config.json: embedding dimension is 9, config.json says hidden_size=64",
        new PoolingConfig(List.of(PoolingMode.CLS), 9, true));
    refused(
        "1_WeightedLayerPooling/config.json: embedding dimension is 9, the Transformer before",
        new WeightedLayerPoolingConfig(9, 1, 4),
        MEAN);
    refused(
        "1_WeightedLayerPooling/config.json: num_hidden_layers is 12, the encoder's config.json says 4",
        new WeightedLayerPoolingConfig(64, 4, 12),
        MEAN);
  }

  @Test
  void orderAndNumber() {
    refused("modules.json: module 2 is a Pooling, a second Pooling, expected one", MEAN, MEAN);
    refused("modules.json: module 1 is a Dense before the Pooling", dense(64, 3), MEAN);
    refused("modules.json: module 1 is a Dropout before the Pooling", DROPOUT, MEAN);
    refused(
        "modules.json: module 2 is a WeightedLayerPooling behind the Pooling",
        MEAN,
        new WeightedLayerPoolingConfig(64, 1, 4));
    refused("modules.json: names no Pooling module", new WeightedLayerPoolingConfig(64, 1, 4));
  }

  /** BF16 in memory is exact only if a Dense is stored so, too. */
  @Test
  void howMatricesAreStored() throws IOException {
    Path folder = GoldenModel.folder().resolveSibling("pipelines");
    try (ModelDirectory model = ModelDirectory.open(folder.resolve("dense-tanh"))) {
      Pipeline pipeline = Pipeline.of(model, Ending.NONE);
      assertTrue(pipeline.storedAs(DType.F16, model::openModule));
      assertEquals(false, pipeline.storedAs(DType.BF16, model::openModule));
    }
    try (ModelDirectory model = ModelDirectory.open(folder.resolve("six-poolings"))) {
      assertTrue(Pipeline.of(model, Ending.NONE).storedAs(DType.BF16, model::openModule));
    }
  }

  @Test
  void whatPythonSpoilsIsRefused() {
    refused(
        "1_Pooling/config.json: include_prompt is false with both cls and max",
        new PoolingConfig(List.of(PoolingMode.CLS, PoolingMode.MAX), 64, false));
  }
}
