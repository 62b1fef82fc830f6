package io.github.bunvec.kernels.cuda.nvidia;

import io.github.bunvec.kernels.cuda.device.Product;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Which algorithm computes which product on a GPU. */
final class Products {

  private record Key(Product.Shape shape, int m) {}

  private final Context context;
  private final CublasLt cublasLt;
  private final List<Integer> samples;
  private final Map<Product.Shape, AlgorithmChoice<Algorithm>> choices = new HashMap<>();
  private final Map<Key, Algorithm> chosen = new HashMap<>(); // both guarded by this

  /**
   * Creates it without any.
   *
   * @param samples numbers of rows at which classes of algorithms are compared
   */
  Products(Context context, CublasLt cublasLt, List<Integer> samples) {
    this.context = context;
    this.cublasLt = cublasLt;
    this.samples = samples;
  }

  /** Chooses for numbers of rows where that was not done yet. */
  synchronized void prepare(Product.Shape shape, Staging staging, int... rows) {
    for (int m : rows) {
      Key key = new Key(shape, m);
      if (!chosen.containsKey(key)) {
        AlgorithmChoice<Algorithm> choice =
            choices.computeIfAbsent(shape, _ -> new AlgorithmChoice<>(shape.toString(), samples));
        int most = Math.max(m, Collections.max(samples));
        try (ProductTrials trials = new ProductTrials(context, cublasLt, staging, shape, most)) {
          chosen.put(key, choice.choose(m, trials));
        }
      }
    }
  }

  /** Returns the algorithm for a product that was prepared. */
  synchronized Algorithm algorithm(Product product) {
    Algorithm algorithm = chosen.get(new Key(product.shape(), product.m()));
    if (algorithm == null) {
      throw new IllegalStateException(product + " was not prepared");
    }
    return algorithm;
  }
}
