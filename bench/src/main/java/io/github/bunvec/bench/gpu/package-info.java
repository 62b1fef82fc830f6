/**
 * What a GPU reaches, in one run: {@link io.github.bunvec.bench.gpu.GpuCommand}.
 *
 * <p>{@link io.github.bunvec.bench.gpu.Ceilings} are measured first; kernels and matrix products
 * are {@link io.github.bunvec.bench.gpu.KernelCase}s, which {@link
 * io.github.bunvec.bench.gpu.GraphTimer} measures and {@link io.github.bunvec.bench.gpu.KernelWork}
 * has the floor of; whole models are {@link io.github.bunvec.bench.gpu.MeasuredModel}s.
 */
package io.github.bunvec.bench.gpu;
