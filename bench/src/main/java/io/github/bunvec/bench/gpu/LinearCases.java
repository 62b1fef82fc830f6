package io.github.bunvec.bench.gpu;

import io.github.bunvec.bench.BertShape;
import io.github.bunvec.kernels.cuda.device.ElementType;
import io.github.bunvec.kernels.cuda.device.Gpu;
import io.github.bunvec.kernels.cuda.device.Product;
import java.util.ArrayList;
import java.util.List;

/** The linear layers of a BERT layer as products. */
final class LinearCases {

  private LinearCases() {}

  /**
   * A linear layer.
   *
   * @param name for people
   * @param n outputs
   * @param k inputs
   */
  record Layer(String name, int n, int k) {}

  /** Returns those of a model's layer, in the order they are computed. */
  static List<Layer> of(BertShape shape) {
    int h = shape.hidden();
    return List.of(
        new Layer("query, key, value", 3 * h, h),
        new Layer("attention output", h, h),
        new Layer("up", shape.intermediate(), h),
        new Layer("down", h, shape.intermediate()));
  }

  /** Makes a product for each set of data; inputs, weights and outputs are the set's own. */
  static List<Product> products(DeviceData data, ElementType type, Layer layer, int m, int sets) {
    long bias = data.random(type, layer.n());
    List<Product> products = new ArrayList<>();
    for (int set = 0; set < sets; set++) {
      products.add(
          new Product(
              type,
              type,
              m,
              layer.n(),
              layer.k(),
              data.random(type, (long) m * layer.k()),
              layer.k(),
              data.random(type, (long) layer.n() * layer.k()),
              bias,
              data.random(type, (long) m * layer.n()),
              layer.n(),
              false));
    }
    return products;
  }

  /** Makes them a case that is computed as the backend does, and has the device prepare it. */
  static KernelCase prepared(Gpu gpu, Layer layer, List<Product> products) {
    Product one = products.getFirst();
    gpu.prepare(one.shape(), one.m());
    KernelWork work = KernelWork.linear(one.in(), one.m(), one.n(), one.k());
    return new KernelCase(
        layer.name(),
        work,
        products.size(),
        Math.round(work.bytes()),
        (stream, set) -> stream.multiply(products.get(set)),
        null);
  }
}
