package io.github.bunvec.loader;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * A state dict written by torch.save, memory-mapped: a zip file or the form of torch before 1.6.
 *
 * <p>Its pickle is read by a restricted reader that executes nothing and resolves no class; all
 * else in it is refused. Contiguous tensors are views of the file. Others (transposed, strided) are
 * copied row by row when they are first asked for and live as long as the checkpoint.
 */
public final class PyTorchFile implements Checkpoint {

  private final MappedFile file;
  private final TorchContainer content;
  private final Map<String, MemorySegment> copies = new HashMap<>();

  private PyTorchFile(MappedFile file, TorchContainer content) {
    this.file = file;
    this.content = content;
  }

  /**
   * Maps and checks a file; one inside an archive is read into memory instead.
   *
   * @param path the file
   * @return the open file
   * @throws CheckpointException if it is damaged, or holds anything but tensors by name
   * @throws IOException if it cannot be read
   */
  public static PyTorchFile open(Path path) throws IOException {
    return open(path, String.valueOf(path.getFileName()));
  }

  /**
   * Maps and checks a file.
   *
   * @param label the name of the file in messages
   */
  static PyTorchFile open(Path path, String label) throws IOException {
    return MappedFile.open(path, label, file -> new PyTorchFile(file, TorchContainer.read(file)));
  }

  @Override
  public Set<String> names() {
    file.requireOpen();
    return content.tensors().keySet();
  }

  @Override
  public boolean contains(String name) {
    file.requireOpen();
    return content.tensors().containsKey(name);
  }

  @Override
  public TensorView tensor(String name) {
    file.requireOpen();
    StridedTensor tensor = content.tensors().get(name);
    if (tensor == null) {
      throw file.wrong("has no tensor " + Quoted.name(name) + SimilarNames.describe(name, names()));
    }
    MemorySegment storage = content.storages().get(tensor.storage());
    if (storage == null) {
      throw new IllegalStateException(file.label() + ": storage " + tensor.storage());
    }
    MemorySegment data =
        tensor.isContiguous() ? tensor.slice(storage) : copy(name, tensor, storage);
    return new TensorView(name, tensor.dtype(), tensor.shape(), data, Path.of(file.label()));
  }

  private synchronized MemorySegment copy(
      String name, StridedTensor tensor, MemorySegment storage) {
    MemorySegment copy = copies.get(name);
    if (copy == null) {
      MemorySegment target = file.allocate(tensor.byteSize());
      tensor.copyTo(target, storage);
      copy = target.asReadOnly();
      copies.put(name, copy);
    }
    return copy;
  }

  @Override
  public Path source() {
    return file.path();
  }

  @Override
  public String label() {
    return file.label();
  }

  @Override
  public void close() {
    file.close();
  }

  @Override
  public String toString() {
    return file.label() + " (" + content.tensors().size() + " tensors)";
  }
}
