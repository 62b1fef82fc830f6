package io.github.bunvec.bench.peers;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.IntBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * ONNX Runtime at its best: all optimizations, one pool of as many threads as cores, which spin for
 * work, the arena for memory, denormal numbers as zero. Inputs are tensors already; the vectors are
 * copied to Java.
 */
final class OnnxPeer implements Peer {

  private final String name;
  private final OrtEnvironment environment = OrtEnvironment.getEnvironment();
  private final OrtSession[] sessions;

  /**
   * Loads a graph in two forms.
   *
   * @param name how reports call it
   * @param plain the graph for texts of one length
   * @param masked the graph that takes a mask, too
   * @param threads how many threads
   */
  OnnxPeer(String name, Path plain, Path masked, int threads) throws OrtException {
    this.name = name;
    this.sessions = new OrtSession[] {session(plain, threads), session(masked, threads)};
  }

  private OrtSession session(Path graph, int threads) throws OrtException {
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setIntraOpNumThreads(threads);
      options.setInterOpNumThreads(1);
      options.setExecutionMode(OrtSession.SessionOptions.ExecutionMode.SEQUENTIAL);
      options.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.ALL_OPT);
      options.setCPUArenaAllocator(true);
      options.setMemoryPatternOptimization(true);
      options.addConfigEntry("session.intra_op.allow_spinning", "1");
      options.addConfigEntry("session.set_denormal_as_zero", "1");
      return environment.createSession(graph.toString(), options);
    }
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public boolean own() {
    return false;
  }

  @Override
  public Agreement agreement() {
    return Agreement.FP32;
  }

  @Override
  public Task prepare(TextSet set, int[][] calls) {
    boolean masked = PaddedBatch.pads(set, calls);
    List<Map<String, OnnxTensor>> inputs = new ArrayList<>();
    try {
      for (int[] call : calls) {
        PaddedBatch batch = PaddedBatch.of(set, call);
        Map<String, OnnxTensor> tensors = new HashMap<>();
        tensors.put(OnnxBert.IDS, tensor(batch, batch.ids()));
        if (masked) {
          tensors.put(OnnxBert.MASK, tensor(batch, batch.mask()));
        }
        inputs.add(tensors);
      }
    } catch (OrtException e) {
      throw new IllegalStateException(name + " takes no tensor", e);
    }
    return new OnnxTask(sessions[masked ? 1 : 0], inputs);
  }

  private OnnxTensor tensor(PaddedBatch batch, int[] values) throws OrtException {
    ByteBuffer bytes = ByteBuffer.allocateDirect(Integer.BYTES * values.length);
    IntBuffer buffer = bytes.order(ByteOrder.nativeOrder()).asIntBuffer().put(values).flip();
    long[] dims = {batch.texts(), batch.tokens()};
    return OnnxTensor.createTensor(environment, buffer, dims);
  }

  @Override
  public void close() {
    try {
      for (OrtSession session : sessions) {
        session.close();
      }
    } catch (OrtException e) {
      throw new IllegalStateException(name + " cannot be closed", e);
    }
  }

  private static final class OnnxTask implements Task {

    private final OrtSession session;
    private final List<Map<String, OnnxTensor>> inputs;
    private float[][] vectors = {};

    OnnxTask(OrtSession session, List<Map<String, OnnxTensor>> inputs) {
      this.session = session;
      this.inputs = inputs;
    }

    @Override
    public int calls() {
      return inputs.size();
    }

    @Override
    public void run(int call) {
      try (OrtSession.Result result = session.run(inputs.get(call))) {
        vectors = (float[][]) result.get(0).getValue();
      } catch (OrtException e) {
        throw new IllegalStateException("ONNX Runtime failed", e);
      }
    }

    @Override
    public float[][] result() {
      return vectors;
    }

    @Override
    public void close() {
      inputs.forEach(tensors -> tensors.values().forEach(OnnxTensor::close));
    }
  }
}
