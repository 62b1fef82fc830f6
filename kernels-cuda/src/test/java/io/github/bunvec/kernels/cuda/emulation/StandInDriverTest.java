package io.github.bunvec.kernels.cuda.emulation;

import static org.bytedeco.cuda.global.cudart.CUDA_ERROR_CONTEXT_IS_DESTROYED;
import static org.bytedeco.cuda.global.cudart.CUDA_ERROR_ILLEGAL_ADDRESS;
import static org.bytedeco.cuda.global.cudart.CUDA_ERROR_ILLEGAL_STATE;
import static org.bytedeco.cuda.global.cudart.CUDA_ERROR_INVALID_CONTEXT;
import static org.bytedeco.cuda.global.cudart.CUDA_ERROR_INVALID_DEVICE;
import static org.bytedeco.cuda.global.cudart.CUDA_ERROR_INVALID_HANDLE;
import static org.bytedeco.cuda.global.cudart.CUDA_ERROR_INVALID_IMAGE;
import static org.bytedeco.cuda.global.cudart.CUDA_ERROR_INVALID_VALUE;
import static org.bytedeco.cuda.global.cudart.CUDA_ERROR_LAUNCH_FAILED;
import static org.bytedeco.cuda.global.cudart.CUDA_ERROR_NOT_FOUND;
import static org.bytedeco.cuda.global.cudart.CUDA_ERROR_NOT_READY;
import static org.bytedeco.cuda.global.cudart.CUDA_ERROR_OUT_OF_MEMORY;
import static org.bytedeco.cuda.global.cudart.CUDA_ERROR_STREAM_CAPTURE_INVALIDATED;
import static org.bytedeco.cuda.global.cudart.CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED;
import static org.bytedeco.cuda.global.cudart.CUDA_ERROR_STREAM_CAPTURE_WRONG_THREAD;
import static org.bytedeco.cuda.global.cudart.CU_EVENT_DEFAULT;
import static org.bytedeco.cuda.global.cudart.CU_STREAM_CAPTURE_MODE_THREAD_LOCAL;
import static org.bytedeco.cuda.global.cudart.CU_STREAM_NON_BLOCKING;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.bunvec.kernels.cuda.emulation.StandInDriver.Kind;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Map;
import org.bytedeco.cuda.cudart.CUctx_st;
import org.bytedeco.cuda.cudart.CUevent_st;
import org.bytedeco.cuda.cudart.CUfunc_st;
import org.bytedeco.cuda.cudart.CUgraphExec_st;
import org.bytedeco.cuda.cudart.CUgraph_st;
import org.bytedeco.cuda.cudart.CUmod_st;
import org.bytedeco.cuda.cudart.CUstream_st;
import org.bytedeco.cuda.global.cudart;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerPointer;
import org.junit.jupiter.api.Test;

/**
 * The stand-in for the driver, through JavaCPP's bindings: what it does, when, and what it refuses.
 */
class StandInDriverTest extends DriverCalls {

  /** Two rows of floats, cast to bfloat16 and back: what was copied in comes out, rounded. */
  private final class Cast implements AutoCloseable {
    final CUmod_st module = load("cast");
    final CUfunc_st narrow = new CUfunc_st();
    final CUfunc_st widen = new CUfunc_st();
    final MemorySegment in = pinned(4 * CAST_WIDTH);
    final MemorySegment out = pinned(4 * CAST_WIDTH);
    final long wide = allocate(4 * CAST_WIDTH);
    final long narrowed = allocate(2 * CAST_WIDTH);
    final long rows = allocate(4);

    Cast() {
      ok(cudart.cuModuleGetFunction(narrow, module, "cast_f32_bf16"));
      ok(cudart.cuModuleGetFunction(widen, module, "cast_bf16_f32"));
      MemorySegment one = pinned(4);
      one.set(ValueLayout.JAVA_INT, 0, 1);
      ok(cudart.cuMemcpyHtoDAsync(rows, at(one), 4, stream));
      ok(cudart.cuStreamSynchronize(stream));
      ok(cudart.cuMemFreeHost(at(one)));
    }

    void put(float value) {
      for (int i = 0; i < CAST_WIDTH; i++) {
        in.setAtIndex(ValueLayout.JAVA_FLOAT, i, value + i);
      }
    }

    void queue() {
      ok(cudart.cuMemcpyHtoDAsync(wide, at(in), in.byteSize(), stream));
      ok(launch(narrow, stream, wide, CAST_WIDTH, narrowed, CAST_WIDTH, CAST_WIDTH, rows));
      ok(cudart.cuMemsetD8Async(wide, (byte) 0, in.byteSize(), stream));
      ok(launch(widen, stream, narrowed, CAST_WIDTH, wide, CAST_WIDTH, CAST_WIDTH, rows));
      ok(cudart.cuMemcpyDtoHAsync(at(out), wide, out.byteSize(), stream));
    }

    void expect(float value) {
      for (int i = 0; i < CAST_WIDTH; i++) {
        assertEquals(value + i, out.getAtIndex(ValueLayout.JAVA_FLOAT, i));
      }
    }

    void expectNothing() {
      for (int i = 0; i < CAST_WIDTH; i++) {
        assertTrue(Float.isNaN(out.getAtIndex(ValueLayout.JAVA_FLOAT, i)));
      }
    }

    @Override
    public void close() {
      ok(cudart.cuModuleUnload(module));
      ok(cudart.cuMemFreeHost(at(in)));
      ok(cudart.cuMemFreeHost(at(out)));
      ok(cudart.cuMemFree(wide));
      ok(cudart.cuMemFree(narrowed));
      ok(cudart.cuMemFree(rows));
      ok(cudart.cuStreamDestroy(stream));
      ok(cudart.cuDevicePrimaryCtxRelease(0));
      assertEquals(Map.of(), driver.live());
    }
  }

  @Test
  void worksWhenSomebodyWaitsAndNotBefore() {
    try (Cast cast = new Cast()) {
      cast.put(1);
      cast.queue();
      cast.expectNothing();
      cast.put(3); // too early: the copy is not done
      CUstream_st other = new CUstream_st();
      ok(cudart.cuStreamCreate(other, CU_STREAM_NON_BLOCKING));
      ok(cudart.cuStreamSynchronize(other));
      cast.expectNothing();
      ok(cudart.cuStreamDestroy(other));
      ok(cudart.cuStreamSynchronize(stream));
      cast.expect(3);
    }
  }

  @Test
  void waitsForAnEventAndNoLonger() {
    try (Cast cast = new Cast()) {
      CUevent_st first = new CUevent_st();
      CUevent_st second = new CUevent_st();
      float[] milliseconds = new float[1];
      ok(cudart.cuEventCreate(first, CU_EVENT_DEFAULT));
      ok(cudart.cuEventCreate(second, CU_EVENT_DEFAULT));
      assertEquals(
          CUDA_ERROR_INVALID_HANDLE, cudart.cuEventElapsedTime(milliseconds, first, second));
      cast.put(1);
      ok(cudart.cuEventRecord(first, stream));
      cast.queue();
      ok(cudart.cuEventRecord(second, stream));
      ok(cudart.cuEventSynchronize(first));
      cast.expectNothing();
      assertEquals(CUDA_ERROR_NOT_READY, cudart.cuEventElapsedTime(milliseconds, first, second));
      ok(cudart.cuEventSynchronize(second));
      cast.expect(1);
      ok(cudart.cuEventElapsedTime(milliseconds, first, second));
      assertTrue(milliseconds[0] > 0.01 && milliseconds[0] < 0.1, () -> milliseconds[0] + " ms");
      ok(cudart.cuEventDestroy(first));
      ok(cudart.cuEventDestroy(second));
    }
  }

  @Test
  void recordsAndRepeats() {
    try (Cast cast = new Cast()) {
      CUgraph_st graph = new CUgraph_st();
      CUgraphExec_st executable = new CUgraphExec_st();
      ok(cudart.cuStreamBeginCapture(stream, CU_STREAM_CAPTURE_MODE_THREAD_LOCAL));
      cast.queue();
      ok(cudart.cuStreamEndCapture(stream, graph));
      ok(cudart.cuGraphInstantiate(executable, graph, 0));
      ok(cudart.cuGraphDestroy(graph));
      ok(cudart.cuStreamSynchronize(stream));
      cast.expectNothing();
      for (int round = 1; round < 4; round++) {
        cast.put(round);
        ok(cudart.cuGraphLaunch(executable, stream));
        ok(cudart.cuStreamSynchronize(stream));
        cast.expect(round);
      }
      ok(cudart.cuGraphExecDestroy(executable));
    }
  }

  @Test
  void refusesWhatBreaksACapture() throws InterruptedException {
    CUgraph_st graph = new CUgraph_st();
    long[] address = new long[1];
    assertEquals(CUDA_ERROR_ILLEGAL_STATE, cudart.cuStreamEndCapture(stream, graph));
    Runnable[] unsafe = {
      () -> assertEquals(CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED, cudart.cuMemAlloc(address, 1)),
      () -> assertEquals(CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED, cudart.cuStreamSynchronize(stream)),
      () ->
          assertEquals(
              CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED,
              cudart.cuModuleLoadData(new CUmod_st(), at(arena.allocateFrom("cast")))),
      () ->
          assertEquals(
              CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED, cudart.cuMemHostAlloc(new At(0), 1, 0)),
    };
    for (Runnable call : unsafe) {
      ok(cudart.cuStreamBeginCapture(stream, CU_STREAM_CAPTURE_MODE_THREAD_LOCAL));
      call.run();
      assertEquals(CUDA_ERROR_STREAM_CAPTURE_INVALIDATED, cudart.cuStreamEndCapture(stream, graph));
    }
    ok(cudart.cuStreamBeginCapture(stream, CU_STREAM_CAPTURE_MODE_THREAD_LOCAL));
    int[] results = new int[2];
    Thread other =
        new Thread(
            () -> {
              cudart.cuCtxSetCurrent(context);
              results[0] = cudart.cuMemAlloc(address, 1); // of no concern to the capture
              results[1] = cudart.cuStreamEndCapture(stream, graph);
            });
    other.start();
    other.join();
    ok(results[0]);
    assertEquals(CUDA_ERROR_STREAM_CAPTURE_WRONG_THREAD, results[1]);
    ok(cudart.cuStreamEndCapture(stream, graph));
    assertEquals(
        Map.of(Kind.CONTEXTS, 1L, Kind.STREAMS, 1L, Kind.GRAPHS, 1L, Kind.ALLOCATIONS, 1L),
        driver.live());
  }

  @Test
  void refusesMemoryThatIsNotWhatItShouldBe() {
    long block = allocate(256);
    long next = allocate(256);
    assertEquals(512, next - block, "256 bytes between them");
    MemorySegment host = pinned(512);
    long[] address = new long[1];
    assertEquals(CUDA_ERROR_INVALID_VALUE, cudart.cuMemcpyHtoDAsync(block, at(host), 257, stream));
    assertEquals(
        CUDA_ERROR_INVALID_VALUE, cudart.cuMemcpyHtoDAsync(block - 1, at(host), 2, stream));
    assertEquals(
        CUDA_ERROR_INVALID_VALUE,
        cudart.cuMemcpyHtoDAsync(block, at(arena.allocate(8)), 8, stream));
    assertEquals(
        CUDA_ERROR_INVALID_VALUE,
        cudart.cuMemcpyDtoHAsync(at(host.asSlice(511)), block, 2, stream));
    assertEquals(CUDA_ERROR_INVALID_VALUE, cudart.cuMemsetD8Async(next, (byte) 0, 257, stream));
    assertEquals(CUDA_ERROR_INVALID_HANDLE, cudart.cuMemsetD8Async(next, (byte) 0, 1, null));
    assertEquals(CUDA_ERROR_OUT_OF_MEMORY, cudart.cuMemAlloc(address, 17 << 20));
    assertEquals(CUDA_ERROR_INVALID_VALUE, cudart.cuMemAlloc(address, 0));
    assertEquals(CUDA_ERROR_INVALID_VALUE, cudart.cuMemFree(block + 1));
    assertEquals(CUDA_ERROR_INVALID_VALUE, cudart.cuMemFreeHost(at(host.asSlice(1))));
    driver.failNext("cuMemAlloc", CUDA_ERROR_OUT_OF_MEMORY);
    assertEquals(CUDA_ERROR_OUT_OF_MEMORY, cudart.cuMemAlloc(address, 1));
    ok(cudart.cuMemAlloc(address, 1));
    // Freed before it was used: a GPU may or may not notice.
    ok(cudart.cuMemcpyHtoDAsync(block, at(host), 256, stream));
    ok(cudart.cuMemFreeHost(at(host)));
    assertEquals(CUDA_ERROR_INVALID_VALUE, cudart.cuMemFreeHost(at(host)));
    assertEquals(CUDA_ERROR_ILLEGAL_ADDRESS, cudart.cuStreamSynchronize(stream));
    assertEquals(CUDA_ERROR_ILLEGAL_ADDRESS, cudart.cuMemFree(block));
  }

  @Test
  void keepsDevicesApart() {
    int[] count = new int[1];
    ok(cudart.cuDeviceGetCount(count));
    assertEquals(2, count[0]);
    long here = allocate(256);
    CUctx_st second = new CUctx_st();
    CUstream_st there = new CUstream_st();
    ok(cudart.cuDevicePrimaryCtxRetain(second, 1));
    ok(cudart.cuCtxSetCurrent(second));
    ok(cudart.cuStreamCreate(there, CU_STREAM_NON_BLOCKING));
    assertEquals(CUDA_ERROR_INVALID_VALUE, cudart.cuMemFree(here));
    assertEquals(CUDA_ERROR_INVALID_VALUE, cudart.cuMemsetD8Async(here, (byte) 0, 1, there));
    assertEquals(CUDA_ERROR_INVALID_HANDLE, cudart.cuStreamSynchronize(stream));
    assertNotEquals(here, allocate(256));
    ok(cudart.cuDevicePrimaryCtxRelease(1));
    assertEquals(CUDA_ERROR_CONTEXT_IS_DESTROYED, cudart.cuStreamSynchronize(there));
    assertEquals(CUDA_ERROR_INVALID_CONTEXT, cudart.cuCtxSetCurrent(second));
    assertEquals(2, driver.count(Kind.ALLOCATIONS), "a leak stays one");
    driver.devices(1);
    assertEquals(CUDA_ERROR_INVALID_DEVICE, cudart.cuDevicePrimaryCtxRetain(second, 1));
  }

  @Test
  void refusesUnknownKernelsAndSizes() {
    CUmod_st module = load("cast");
    CUfunc_st kernel = new CUfunc_st();
    assertEquals(
        CUDA_ERROR_INVALID_IMAGE,
        cudart.cuModuleLoadData(new CUmod_st(), at(arena.allocateFrom("no_such_file"))));
    assertEquals(CUDA_ERROR_NOT_FOUND, cudart.cuModuleGetFunction(kernel, module, "pool_f32"));
    assertEquals(CUDA_ERROR_INVALID_HANDLE, launch(kernel, stream));
    CUmod_st any = load("\177ELF");
    ok(cudart.cuModuleGetFunction(kernel, any, "pool_f32"));
    assertEquals(CUDA_ERROR_NOT_FOUND, cudart.cuModuleGetFunction(kernel, any, "pool_f64"));
    PointerPointer<Pointer> none = new PointerPointer<>(new At(0));
    assertEquals(
        CUDA_ERROR_INVALID_VALUE,
        cudart.cuLaunchKernel(kernel, 1, 1, 1, 1025, 1, 1, 0, stream, none, none));
    assertEquals(
        CUDA_ERROR_INVALID_VALUE,
        cudart.cuLaunchKernel(kernel, 0, 1, 1, 1, 1, 1, 0, stream, none, none));
  }

  /** A row more than there is memory for. */
  @Test
  void noticesWhatIsWrittenBehindTheEnd() {
    CUmod_st module = load("cast");
    CUfunc_st kernel = new CUfunc_st();
    ok(cudart.cuModuleGetFunction(kernel, module, "cast_f32_bf16"));
    long in = allocate(2 * 4 * CAST_WIDTH);
    long narrow = allocate(2 * CAST_WIDTH);
    long rows = allocate(4);
    ok(cudart.cuMemsetD8Async(in, (byte) 0, 2 * 4 * CAST_WIDTH, stream));
    MemorySegment two = pinned(4);
    two.set(ValueLayout.JAVA_INT, 0, 2);
    ok(cudart.cuMemcpyHtoDAsync(rows, at(two), 4, stream));
    ok(launch(kernel, stream, in, CAST_WIDTH, narrow, CAST_WIDTH, CAST_WIDTH, rows));
    ok(cudart.cuStreamSynchronize(stream));
    ok(cudart.cuMemFree(in));
    assertEquals(CUDA_ERROR_ILLEGAL_ADDRESS, cudart.cuMemFree(narrow));
  }

  /** A kernel without its arguments' memory; and a context that is of no use from then on. */
  @Test
  void breaksWithAKernelThatFails() {
    CUmod_st module = load("normalize");
    CUfunc_st kernel = new CUfunc_st();
    ok(cudart.cuModuleGetFunction(kernel, module, "normalize_f32"));
    ok(launch(kernel, stream, 16, 8, 8, 16)); // reads an int at address 16
    assertEquals(CUDA_ERROR_LAUNCH_FAILED, cudart.cuStreamSynchronize(stream));
    assertEquals(CUDA_ERROR_LAUNCH_FAILED, cudart.cuMemAlloc(new long[1], 1));
    assertEquals(CUDA_ERROR_LAUNCH_FAILED, cudart.cuModuleUnload(module));
    ok(cudart.cuDevicePrimaryCtxRelease(0));
    assertEquals(Map.of(), driver.live());
    ok(cudart.cuDevicePrimaryCtxRetain(context, 0));
    ok(cudart.cuCtxSetCurrent(context));
    allocate(1);
  }
}
