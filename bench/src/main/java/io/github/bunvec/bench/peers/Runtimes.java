package io.github.bunvec.bench.peers;

/** What bunvec is compared with. */
enum Runtimes {
  /** ONNX Runtime; comes with the ordinary build. */
  ONNXRUNTIME,
  /** The official libtorch through DJL. */
  TORCH,
  /** OpenBLAS of bytedeco's presets, for matrix products alone. */
  OPENBLAS,
  /** Intel's oneDNN of bytedeco's presets, for matrix products alone. */
  ONEDNN
}
