package io.github.bunvec.bench.peers;

import static org.bytedeco.openblas.global.openblas_nolapack.CblasNoTrans;
import static org.bytedeco.openblas.global.openblas_nolapack.CblasRowMajor;
import static org.bytedeco.openblas.global.openblas_nolapack.CblasTrans;
import static org.bytedeco.openblas.global.openblas_nolapack.cblas_sgemm;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.openblas.global.openblas_nolapack;

/** OpenBLAS: one sgemm a layer, without the bias; everything lies outside the heap. */
final class OpenBlasGemm extends GemmTask {

  private final GemmWork work;
  private final List<FloatPointer> weights = new ArrayList<>();
  private final FloatPointer rows;
  private final FloatPointer product;

  OpenBlasGemm(GemmWork work, int threads) {
    this.work = work;
    Loader.load(openblas_nolapack.class);
    org.bytedeco.openblas.presets.openblas_nolapack.blas_set_num_threads(threads);
    for (float[] weight : work.weights()) {
      weights.add(new FloatPointer(weight));
    }
    rows = new FloatPointer(work.rows());
    product = new FloatPointer((long) work.m() * work.n());
  }

  @Override
  void multiply() {
    int m = work.m();
    int n = work.n();
    int k = work.k();
    for (FloatPointer weight : weights) {
      cblas_sgemm(
          CblasRowMajor, CblasNoTrans, CblasTrans, m, n, k, 1f, rows, k, weight, k, 0f, product, n);
    }
  }

  @Override
  float[] meanOfLast() {
    float[] c = new float[work.m() * work.n()];
    product.get(c);
    float[] mean = work.mean(c);
    for (int j = 0; j < mean.length; j++) {
      mean[j] += work.bias()[j];
    }
    return mean;
  }

  @Override
  public void close() {
    weights.forEach(FloatPointer::close);
    rows.close();
    product.close();
  }
}
