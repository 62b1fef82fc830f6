package io.github.bunvec.bench;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.github.bunvec.engine.EmbeddingModel;
import io.github.bunvec.engine.spi.WeightType;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * The same FP32 model, the same texts and as many threads in bunvec and in ONNX Runtime: batches
 * per second.
 *
 * <p>The set-up compares the vectors and fails where they differ by more than 1e-4: only equal work
 * may be timed. bunvec's time includes tokenisation, ONNX Runtime's begins at the ids.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@SuppressWarnings("NullAway.Init") // JMH calls the set-up first.
public class PeerBenchmark {

  private static final double TOLERANCE = 1e-4;

  /** A name {@link BertShape#named} knows. */
  @Param({"bert-base", "mini-ja"})
  String model;

  /** Texts x tokens; all of one length, so that the peer pads nothing. */
  @Param({"1x16", "1x32", "1x128", "32x32"})
  String input;

  /** Threads that compute; {@link Benchmarks} sets 1 and the number of processors. */
  @Param({"1"})
  int threads;

  private EmbeddingModel bunvec;
  private List<String> texts;
  private OrtSession session;
  private OnnxTensor ids;
  private double flops;

  /** Creates the benchmark. */
  public PeerBenchmark() {}

  /**
   * Loads the model twice and compares what it gives.
   *
   * @throws IOException if the temporary folder cannot be written
   * @throws OrtException if the peer refuses the model
   */
  @Setup
  public void load() throws IOException, OrtException {
    try (RandomModel random = RandomModel.write(BertShape.named(model))) {
      bunvec =
          EmbeddingModel.builder(random.directory())
              .weightType(WeightType.FP32)
              .threads(threads)
              .build();
      int[] lengths = Batches.lengths(input);
      texts = new ArrayList<>();
      long[][] rows = new long[lengths.length][lengths[0]];
      for (int i = 0; i < lengths.length; i++) {
        String text = random.text(lengths[i], RandomValues.random("text " + i));
        texts.add(text);
        int[] encoded = bunvec.tokenizer().encode(text, random.shape().positions()).ids();
        for (int j = 0; j < encoded.length; j++) {
          rows[i][j] = encoded[j];
        }
      }
      flops = lengths.length * random.shape().flops(lengths[0]);
      OrtEnvironment environment = OrtEnvironment.getEnvironment();
      try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
        options.setIntraOpNumThreads(threads);
        options.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.ALL_OPT);
        session = environment.createSession(OnnxBert.write(random).toString(), options);
      }
      ids = OnnxTensor.createTensor(environment, rows);
    }
    requireEqual(bunvec.embedAll(texts), runPeer());
  }

  /**
   * Frees both models.
   *
   * @throws OrtException if the peer cannot
   */
  @TearDown
  public void close() throws OrtException {
    ids.close();
    session.close();
    bunvec.close();
  }

  /**
   * Embeds the batch with bunvec.
   *
   * @param work counts FLOPs
   * @return the vectors
   */
  @Benchmark
  public float[][] bunvec(Work work) {
    work.add(flops, threads);
    return bunvec.embedAll(texts);
  }

  /**
   * Embeds the batch with ONNX Runtime.
   *
   * @param work counts FLOPs
   * @return the vectors
   * @throws OrtException if the peer fails
   */
  @Benchmark
  public float[][] onnxRuntime(Work work) throws OrtException {
    work.add(flops, threads);
    return runPeer();
  }

  private float[][] runPeer() throws OrtException {
    try (OrtSession.Result result = session.run(Map.of(OnnxBert.INPUT, ids))) {
      return (float[][]) result.get(0).getValue();
    }
  }

  /** Refuses vectors that differ by more than rounding. */
  static void requireEqual(float[][] ours, float[][] theirs) {
    double worst = 0;
    for (int i = 0; i < ours.length; i++) {
      for (int j = 0; j < ours[i].length; j++) {
        double difference = Math.abs(ours[i][j] - theirs[i][j]);
        // Not Math.max: a NaN must fail too.
        worst = difference <= worst ? worst : difference;
      }
    }
    if (!(worst <= TOLERANCE)) {
      throw new IllegalStateException(
          "bunvec and ONNX Runtime differ by " + worst + ", expected at most " + TOLERANCE);
    }
  }
}
