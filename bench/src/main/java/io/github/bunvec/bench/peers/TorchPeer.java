package io.github.bunvec.bench.peers;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValue;
import ai.djl.pytorch.jni.IValueUtils;
import ai.djl.pytorch.jni.JniUtils;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The official libtorch (MKL and oneDNN inside) through DJL: a TorchScript program without
 * gradients. Inputs are tensors already; the vectors are copied to Java.
 */
final class TorchPeer implements Peer {

  private final String name;
  private final Agreement agreement;
  private final PtNDManager manager;
  private final PtSymbolBlock program;

  /**
   * Loads a program.
   *
   * @param name how reports call it
   * @param agreement whether it computes in FP32 or in BF16
   * @param file what {@link TorchArchive} wrote
   * @param threads how many threads, of all programs in this process
   * @throws IOException if the file cannot be read
   */
  TorchPeer(String name, Agreement agreement, Path file, int threads) throws IOException {
    this.name = name;
    this.agreement = agreement;
    manager = (PtNDManager) Engine.getEngine("PyTorch").newBaseManager();
    JniUtils.setNumThreads(threads);
    // With it torch first profiles every new shape and then compiles anew; without it, it calls the
    // same kernels one after the other.
    JniUtils.setGraphExecutorOptimize(false);
    program = JniUtils.loadModule(manager, file, false, new String[0], new String[0], false);
  }

  /** Returns libtorch's version. */
  static String version() {
    return Engine.getEngine("PyTorch").getVersion();
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
    return agreement;
  }

  @Override
  public Task prepare(TextSet set, int[][] calls) {
    boolean masked = PaddedBatch.pads(set, calls);
    PtNDManager tensors = manager.newSubManager(manager.getDevice());
    List<IValue[]> inputs = new ArrayList<>();
    for (int[] call : calls) {
      PaddedBatch batch = PaddedBatch.of(set, call);
      IValue ids = IValue.from(tensor(tensors, batch));
      inputs.add(
          masked ? new IValue[] {ids, IValue.from(mask(tensors, batch))} : new IValue[] {ids});
    }
    return new TorchTask(tensors, inputs, masked ? "padded" : "forward");
  }

  private static PtNDArray tensor(PtNDManager tensors, PaddedBatch batch) {
    LongBuffer values = direct(Long.BYTES * batch.ids().length).asLongBuffer();
    for (int id : batch.ids()) {
      values.put(id);
    }
    Shape shape = new Shape(batch.texts(), batch.tokens());
    return tensors.create(values.flip(), shape, DataType.INT64);
  }

  private static PtNDArray mask(PtNDManager tensors, PaddedBatch batch) {
    ByteBuffer values = direct(batch.mask().length);
    for (int one : batch.mask()) {
      values.put((byte) one);
    }
    Shape shape = new Shape(batch.texts(), batch.tokens());
    return tensors.create(values.flip(), shape, DataType.BOOLEAN);
  }

  private static ByteBuffer direct(int bytes) {
    return ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder());
  }

  @Override
  public void close() {
    program.close();
    manager.close();
  }

  private final class TorchTask implements Task {

    private final NDManager tensors;
    private final List<IValue[]> inputs;
    private final String method;
    private float[][] vectors = {};

    TorchTask(NDManager tensors, List<IValue[]> inputs, String method) {
      this.tensors = tensors;
      this.inputs = inputs;
      this.method = method;
    }

    @Override
    public int calls() {
      return inputs.size();
    }

    @Override
    public void run(int call) {
      try (IValue output = IValueUtils.runMethod(program, method, inputs.get(call));
          PtNDArray tensor = output.toTensor(manager)) {
        int texts = (int) tensor.getShape().get(0);
        int features = (int) tensor.getShape().get(1);
        FloatBuffer values = tensor.toByteBuffer().order(ByteOrder.nativeOrder()).asFloatBuffer();
        vectors = new float[texts][features];
        for (float[] vector : vectors) {
          values.get(vector);
        }
      }
    }

    @Override
    public float[][] result() {
      return vectors;
    }

    @Override
    public void close() {
      inputs.forEach(
          values -> {
            for (IValue value : values) {
              value.close();
            }
          });
      tensors.close();
    }
  }
}
