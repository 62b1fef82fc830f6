package io.github.bunvec.bench.peers;

import io.github.bunvec.bench.peers.TorchBert.Parameter;
import io.github.bunvec.engine.cpu.kernel.Bfloat16;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Writes a TorchScript file without Python: a zip of a program's source, a pickle of its tensors'
 * places, and a storage for each with its values. (Tensors may share one storage, but then libtorch
 * reads all of it for each of them.)
 *
 * <p>The form is what torch.jit.save of torch 2 writes, less the debugging information.
 */
final class TorchArchive {

  private TorchArchive() {}

  /** Writes a program with its tensors in FP32 or rounded to BF16. */
  static void write(TorchBert bert, boolean bf16, Path file) throws IOException {
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file), 1 << 20);
        ZipOutputStream zip = new ZipOutputStream(out)) {
      zip.setMethod(ZipOutputStream.STORED);
      entry(zip, "version", "3\n".getBytes(StandardCharsets.UTF_8));
      entry(zip, "byteorder", "little".getBytes(StandardCharsets.UTF_8));
      entry(zip, "constants.pkl", new Pickle().emptyTuple().toByteArray());
      entry(zip, "code/__torch__.py", bert.source().getBytes(StandardCharsets.UTF_8));
      entry(zip, "data.pkl", state(bert, bf16));
      for (int i = 0; i < bert.parameters().size(); i++) {
        entry(zip, "data/" + i, bytes(bert.values(bert.parameters().get(i)), bf16));
      }
    }
  }

  private static byte[] state(TorchBert bert, boolean bf16) {
    Pickle pickle = new Pickle().global("__torch__", "Bert").emptyTuple().newObject();
    pickle.emptyDict().mark().text("training").no();
    int storage = 0;
    for (Parameter parameter : bert.parameters()) {
      pickle.text(parameter.name()).global("torch._utils", "_rebuild_tensor_v2").mark();
      pickle.mark().text("storage").global("torch", bf16 ? "BFloat16Storage" : "FloatStorage");
      pickle.text("" + storage++).text("cpu").integer(parameter.count()).tuple().persistent();
      int[] dims = parameter.dims();
      pickle.integer(0);
      if (dims.length == 1) {
        pickle.integers(dims[0]).integers(1);
      } else {
        pickle.integers(dims[0], dims[1]).integers(dims[1], 1);
      }
      pickle.no().global("collections", "OrderedDict").emptyTuple().reduce().tuple().reduce();
    }
    return pickle.setItems().build().toByteArray();
  }

  private static byte[] bytes(float[] values, boolean bf16) {
    int width = bf16 ? Short.BYTES : Float.BYTES;
    ByteBuffer bytes = ByteBuffer.allocate(width * values.length).order(ByteOrder.LITTLE_ENDIAN);
    if (bf16) {
      for (float value : values) {
        bytes.putShort((short) Bfloat16.fromFloat(value));
      }
    } else {
      bytes.asFloatBuffer().put(values);
    }
    return bytes.array();
  }

  private static void entry(ZipOutputStream zip, String name, byte[] bytes) throws IOException {
    CRC32 checksum = new CRC32();
    checksum.update(bytes);
    ZipEntry entry = new ZipEntry("bert/" + name);
    entry.setSize(bytes.length);
    entry.setCompressedSize(bytes.length);
    entry.setCrc(checksum.getValue());
    zip.putNextEntry(entry);
    zip.write(bytes);
    zip.closeEntry();
  }
}
