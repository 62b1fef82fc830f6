/* The numbers of CUDA's and cuBLASLt's interfaces that the stand-in knows. A comment names the prefix that they have there; StandInCodesTest compares them with JavaCPP's. */
#pragma once

namespace standin {

constexpr int SUCCESS = 0; // CUDA_

enum DriverError : int { // CUDA_ERROR_
  INVALID_VALUE = 1,
  OUT_OF_MEMORY = 2,
  NOT_INITIALIZED = 3,
  INVALID_DEVICE = 101,
  INVALID_IMAGE = 200,
  INVALID_CONTEXT = 201,
  INVALID_HANDLE = 400,
  ILLEGAL_STATE = 401,
  NOT_FOUND = 500,
  NOT_READY = 600,
  ILLEGAL_ADDRESS = 700,
  CONTEXT_IS_DESTROYED = 709,
  LAUNCH_FAILED = 719,
  NOT_SUPPORTED = 801,
  STREAM_CAPTURE_UNSUPPORTED = 900,
  STREAM_CAPTURE_INVALIDATED = 901,
  STREAM_CAPTURE_WRONG_THREAD = 908,
  UNKNOWN = 999,
};

enum Flag : unsigned { // CU_
  STREAM_NON_BLOCKING = 1,
  EVENT_BLOCKING_SYNC = 1,
  EVENT_DISABLE_TIMING = 2,
  MEMHOSTALLOC_PORTABLE = 1,
  MEMHOSTALLOC_DEVICEMAP = 2,
  MEMHOSTALLOC_WRITECOMBINED = 4,
};

constexpr int CAPTURE_MODE_THREAD_LOCAL = 1; // CU_STREAM_
constexpr int MULTIPROCESSOR_COUNT = 16; // CU_DEVICE_ATTRIBUTE_
constexpr int L2_CACHE_SIZE = 38; // CU_DEVICE_ATTRIBUTE_
constexpr int COMPUTE_CAPABILITY_MAJOR = 75; // CU_DEVICE_ATTRIBUTE_
constexpr int COMPUTE_CAPABILITY_MINOR = 76; // CU_DEVICE_ATTRIBUTE_

namespace lt {

constexpr int OK = 0; // CUBLAS_STATUS_SUCCESS

enum Status : int { // CUBLAS_STATUS_
  NOT_INITIALIZED = 1,
  INVALID_VALUE = 7,
  EXECUTION_FAILED = 13,
  NOT_SUPPORTED = 15,
};

enum DataType : int { // CUDA_
  R_32F = 0,
  R_16BF = 14,
};

enum Arithmetic : int { // CUBLAS_
  COMPUTE_32F = 68,
  COMPUTE_32F_FAST_TF32 = 77,
  OP_N = 0,
  OP_T = 1,
};

enum Epilogue : int { // CUBLASLT_
  EPILOGUE_DEFAULT = 1,
  EPILOGUE_BIAS = 4,
  EPILOGUE_GELU = 32,
  EPILOGUE_GELU_BIAS = 36,
};

enum DescAttribute : int { // CUBLASLT_MATMUL_
  DESC_POINTER_MODE = 2,
  DESC_TRANSA = 3,
  DESC_TRANSB = 4,
  DESC_TRANSC = 5,
  DESC_EPILOGUE = 7,
  DESC_BIAS_POINTER = 8,
  DESC_BIAS_DATA_TYPE = 26,
};

enum PreferenceAttribute : int { // CUBLASLT_MATMUL_
  PREF_SEARCH_MODE = 0,
  PREF_MAX_WORKSPACE_BYTES = 1,
  PREF_REDUCTION_SCHEME_MASK = 3,
  PREF_MIN_ALIGNMENT_A_BYTES = 5,
  PREF_MIN_ALIGNMENT_D_BYTES = 8,
};

constexpr unsigned REDUCTION_SCHEME_NONE = 0; // CUBLASLT_
constexpr unsigned REDUCTION_SCHEME_MASK = 7; // CUBLASLT_

} // namespace lt
} // namespace standin
