package io.github.bunvec.kernels.cuda.emulation;

import static org.bytedeco.cuda.global.cudart.CUDA_ERROR_INVALID_CONTEXT;
import static org.bytedeco.cuda.global.cudart.CUDA_ERROR_NOT_INITIALIZED;
import static org.bytedeco.cuda.global.cudart.CUDA_SUCCESS;
import static org.bytedeco.cuda.global.cudart.CU_MEMHOSTALLOC_PORTABLE;
import static org.bytedeco.cuda.global.cudart.CU_STREAM_NON_BLOCKING;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Map;
import org.bytedeco.cuda.cudart.CUctx_st;
import org.bytedeco.cuda.cudart.CUfunc_st;
import org.bytedeco.cuda.cudart.CUmod_st;
import org.bytedeco.cuda.cudart.CUstream_st;
import org.bytedeco.cuda.global.cudart;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerPointer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A context and a stream of the stand-in's, and calls through JavaCPP's bindings. */
abstract class DriverCalls {

  static final int CAST_WIDTH = 8;

  final Arena arena = Arena.ofShared();
  StandInDriver driver;
  final CUctx_st context = new CUctx_st();
  final CUstream_st stream = new CUstream_st();

  @BeforeEach
  void start() {
    driver = StandInDriver.start(16 << 20);
    assertEquals(CUDA_ERROR_NOT_INITIALIZED, cudart.cuDevicePrimaryCtxRetain(context, 0));
    ok(cudart.cuInit(0));
    ok(cudart.cuDevicePrimaryCtxRetain(context, 0));
    assertEquals(CUDA_ERROR_INVALID_CONTEXT, cudart.cuStreamCreate(stream, CU_STREAM_NON_BLOCKING));
    ok(cudart.cuCtxSetCurrent(context));
    ok(cudart.cuStreamCreate(stream, CU_STREAM_NON_BLOCKING));
  }

  @AfterEach
  void stop() {
    if (driver != null) {
      cudart.cuCtxSetCurrent(null);
      driver.close();
      assertEquals(Map.of(), driver.live());
    }
    arena.close();
  }

  void ok(int result) {
    assertEquals(CUDA_SUCCESS, result, () -> driver.message());
  }

  long allocate(long bytes) {
    long[] address = new long[1];
    ok(cudart.cuMemAlloc(address, bytes));
    return address[0];
  }

  @SuppressWarnings("restricted") // the length is what was asked for
  MemorySegment pinned(long bytes) {
    Pointer memory = new At(0);
    ok(cudart.cuMemHostAlloc(memory, bytes, CU_MEMHOSTALLOC_PORTABLE));
    return MemorySegment.ofAddress(memory.address()).reinterpret(bytes);
  }

  static At at(MemorySegment memory) {
    return new At(memory.address());
  }

  CUmod_st load(String file) {
    CUmod_st module = new CUmod_st();
    ok(cudart.cuModuleLoadData(module, at(arena.allocateFrom(file))));
    return module;
  }

  int launch(CUfunc_st kernel, CUstream_st onto, long... arguments) {
    MemorySegment values = arena.allocateFrom(ValueLayout.JAVA_LONG, arguments);
    MemorySegment places = arena.allocate(ValueLayout.JAVA_LONG, arguments.length);
    for (int i = 0; i < arguments.length; i++) {
      places.setAtIndex(ValueLayout.JAVA_LONG, i, values.address() + 8L * i);
    }
    int result =
        cudart.cuLaunchKernel(
            kernel,
            1,
            1,
            1,
            128,
            1,
            1,
            0,
            onto,
            new PointerPointer<>(at(places)),
            new PointerPointer<>(new At(0)));
    places.fill((byte) 0x55); // the driver has copied them
    values.fill((byte) 0x55);
    return result;
  }
}
