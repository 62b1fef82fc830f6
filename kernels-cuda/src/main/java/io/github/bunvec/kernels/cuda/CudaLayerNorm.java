package io.github.bunvec.kernels.cuda;

import io.github.bunvec.engine.spi.LayerNorm;
import io.github.bunvec.kernels.cuda.launch.Norm;
import java.util.List;

/**
 * A layer normalisation on every device of a backend.
 *
 * @param norms by device
 */
record CudaLayerNorm(CudaBackend owner, int features, List<Norm> norms)
    implements CudaHandle, LayerNorm {}
