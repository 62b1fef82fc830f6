package io.github.bunvec.bench.gpu;

import io.github.bunvec.bench.BertShape;
import io.github.bunvec.bench.MixedTexts;
import io.github.bunvec.bench.RandomModel;
import io.github.bunvec.bench.Sentences;
import io.github.bunvec.bench.Vocabularies;
import io.github.bunvec.engine.spi.Arithmetic;
import io.github.bunvec.kernels.cuda.device.ElementType;
import io.github.bunvec.kernels.cuda.device.Gpu;
import io.github.bunvec.kernels.cuda.nvidia.CudaMachine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Measures everything, the ceilings first. */
final class GpuRun {

  /** Copied before each measurement, 256 MB with what is read: at least 50 µs on any GPU. */
  private static final long COVER = 128L << 20;

  private static final int TEXTS = 16_384;

  private final Settings settings;
  private final Set<GpuCommand.Part> parts;
  private final int ceiling;
  private final @Nullable Path texts;
  private final @Nullable Path python;
  private final GpuReport report;

  /**
   * Takes what is asked for.
   *
   * @param settings how it measures
   * @param parts what it measures
   * @param ceiling rows of the product that is the ceiling
   * @param texts a file of sentences; null for those that come with it
   * @param python for torch; null for none
   * @param report receives the tables
   */
  GpuRun(
      Settings settings,
      Set<GpuCommand.Part> parts,
      int ceiling,
      @Nullable Path texts,
      @Nullable Path python,
      GpuReport report) {
    this.settings = settings;
    this.parts = parts;
    this.ceiling = ceiling;
    this.texts = texts;
    this.python = python;
    this.report = report;
  }

  /** Measures. */
  void run() throws IOException {
    Ceilings ceilings = device();
    MeasuredModel.Maker maker =
        MeasuredModel.cuda(settings.device(), Math.max(settings.most(), 1 << 14));
    if (parts.contains(GpuCommand.Part.ENCODER)) {
      encoders(new EncoderRun(settings, maker, ceilings));
    }
    if (parts.contains(GpuCommand.Part.TEXTS)) {
      texts(maker);
    }
    if (python != null) {
      torch(maker, python);
    }
  }

  /** Measures what needs no model; whole models get a device that nobody else has memory of. */
  private Ceilings device() throws IOException {
    CudaMachine machine = CudaMachine.find(System.getenv());
    try (Gpu gpu = machine.open(List.of(settings.device()), false).getFirst();
        NvidiaDevice device = new NvidiaDevice(settings.device())) {
      report.put("GPU", "%s, %d multiprocessors".formatted(gpu.name(), device.multiprocessors()));
      report.put("second-level cache", "%,d MB".formatted(device.cacheBytes() >> 20));
      report.put("CUDA of the driver", NvidiaDevice.driverVersion());
      report.put("cuBLASLt", NvidiaDevice.cublasLtVersion());
      settings.say("ceilings");
      Ceilings ceilings = new CeilingRun(gpu, device, settings.rounds(), ceiling).measure();
      report.add(CeilingRun.table(ceilings, ceiling));
      Sets sets = Sets.beyond(device.cacheBytes());
      try (GraphTimer timer = new GraphTimer(gpu, settings.rounds(), COVER)) {
        KernelRun kernels = new KernelRun(gpu, timer, sets, settings, ceilings);
        LinearRun linear = new LinearRun(gpu, timer, device, sets, settings, ceilings);
        for (String model : settings.models()) {
          for (ElementType type : List.of(ElementType.BF16, ElementType.F32)) {
            if (parts.contains(GpuCommand.Part.KERNELS)) {
              report.add(kernels.table(model, type));
            }
            if (parts.contains(GpuCommand.Part.LINEAR)) {
              report.add(linear.table(model, type));
            }
          }
        }
      }
      return ceilings;
    }
  }

  private void encoders(EncoderRun run) throws IOException {
    for (String model : settings.models()) {
      try (RandomModel random = RandomModel.write(BertShape.named(model))) {
        for (Arithmetic arithmetic : List.of(Arithmetic.BF16, Arithmetic.FP32)) {
          run.measure(model, random, arithmetic);
        }
      }
    }
    report.add(run.throughput());
    report.add(run.latency());
  }

  private void texts(MeasuredModel.Maker maker) throws IOException {
    List<String> sentences = texts == null ? Sentences.read() : Files.readAllLines(texts);
    EndToEndRun run = new EndToEndRun(settings, maker, MixedTexts.of(sentences, TEXTS));
    for (String model : settings.models()) {
      try (RandomModel random = RandomModel.write(BertShape.named(model), Vocabularies.miniJa())) {
        run.measure(model, random);
      }
    }
    report.add(run.table());
  }

  private void torch(MeasuredModel.Maker maker, Path program) throws IOException {
    String script = System.getProperty("bunvec.torch");
    if (script == null) {
      throw new IllegalStateException("bunvec.torch does not say where gpu_torch.py is");
    }
    String device = "cuda:" + settings.device();
    try (TorchProcess torch =
        new TorchProcess(List.of(program.toString(), script, "--device", device))) {
      TorchRun run = new TorchRun(settings, maker, torch);
      for (String model : settings.models()) {
        try (RandomModel random = RandomModel.write(BertShape.named(model))) {
          report.put("torch", run.measure(model, random));
        }
      }
      report.add(run.table());
    }
  }
}
