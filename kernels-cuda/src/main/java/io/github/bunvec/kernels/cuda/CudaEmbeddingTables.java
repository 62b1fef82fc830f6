package io.github.bunvec.kernels.cuda;

import io.github.bunvec.engine.spi.EmbeddingTables;
import io.github.bunvec.kernels.cuda.launch.Embed;
import java.util.List;

/**
 * Embedding tables on every device of a backend.
 *
 * @param tables by device
 */
record CudaEmbeddingTables(
    CudaBackend owner, int features, int words, int positions, List<Embed.Tables> tables)
    implements CudaHandle, EmbeddingTables {}
