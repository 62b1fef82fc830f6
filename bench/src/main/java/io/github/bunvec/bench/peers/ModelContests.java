package io.github.bunvec.bench.peers;

import ai.onnxruntime.OrtException;
import io.github.bunvec.bench.BertShape;
import io.github.bunvec.bench.MixedTexts;
import io.github.bunvec.bench.RandomModel;
import io.github.bunvec.bench.RandomValues;
import io.github.bunvec.engine.EmbeddingModel;
import io.github.bunvec.engine.EmbeddingModelBuilder;
import io.github.bunvec.engine.spi.Arithmetic;
import io.github.bunvec.engine.spi.WeightType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * Whole models: one with random weights, written in the form each runtime reads, and what is asked
 * of all of them.
 */
final class ModelContests implements AutoCloseable {

  /** Texts of a padded call. */
  private static final int BATCH = 32;

  /** Every so manieth text is embedded alone; none of them always a paragraph. */
  private static final int SINGLE_STRIDE = 7;

  private final RandomModel model;
  private final int threads;
  private final List<Peer> peers = new ArrayList<>();
  private final EmbeddingModel first;

  /**
   * Loads a model into every runtime.
   *
   * @param model the model
   * @param runtimes the peers
   * @param threads how many threads each computes with
   */
  ModelContests(RandomModel model, Set<Runtimes> runtimes, int threads)
      throws IOException, OrtException {
    this.model = model;
    this.threads = threads;
    BunvecPeer fp32 =
        bunvec("bunvec FP32", Agreement.FP32, options -> options.weightType(WeightType.FP32));
    first = fp32.model();
    peers.add(fp32);
    peers.add(
        bunvec(
            "bunvec BF16 weights", Agreement.BF16, options -> options.weightType(WeightType.BF16)));
    BunvecPeer bf16 =
        bunvec(
            "bunvec BF16 arithmetic",
            Agreement.BF16,
            options -> options.arithmetic(Arithmetic.AUTO));
    if (bf16.model().info().arithmetic() == Arithmetic.BF16) {
      peers.add(bf16);
    } else { // there is none here, or it is no faster
      bf16.close();
    }
    if (runtimes.contains(Runtimes.ONNXRUNTIME)) {
      loadOnnx();
    }
    if (runtimes.contains(Runtimes.TORCH)) {
      loadTorch();
    }
  }

  private BunvecPeer bunvec(
      String name, Agreement agreement, UnaryOperator<EmbeddingModelBuilder> options)
      throws IOException {
    EmbeddingModelBuilder builder =
        EmbeddingModel.builder(model.directory()).backend("cpu").threads(threads);
    return new BunvecPeer(name, agreement, options.apply(builder));
  }

  private void loadOnnx() throws IOException, OrtException {
    BertShape shape = model.shape();
    Path extra = model.directory().resolve("stacked.bin");
    if (!Files.exists(extra)) {
      FusedOnnxBert.writeExtra(model);
    }
    Path fused = new FusedOnnxBert(shape, false, extra).write(model, "fused.onnx");
    Path fusedMasked = new FusedOnnxBert(shape, true, extra).write(model, "fused-masked.onnx");
    peers.add(new OnnxPeer("ONNX Runtime, fused graph", fused, fusedMasked, threads));
    Path plain = new PlainOnnxBert(shape, false).write(model, "plain.onnx");
    Path plainMasked = new PlainOnnxBert(shape, true).write(model, "plain-masked.onnx");
    peers.add(new OnnxPeer("ONNX Runtime, plain graph", plain, plainMasked, threads));
  }

  private void loadTorch() throws IOException {
    TorchBert bert = TorchBert.of(model.shape());
    for (boolean bf16 : new boolean[] {false, true}) {
      Path file = model.directory().resolve(bf16 ? "bert-bf16.pt" : "bert-fp32.pt");
      if (!Files.exists(file)) {
        TorchArchive.write(bert, bf16, file);
      }
      peers.add(
          new TorchPeer(
              bf16 ? "libtorch BF16" : "libtorch FP32",
              bf16 ? Agreement.BF16 : Agreement.FP32,
              file,
              threads));
    }
  }

  /** Texts of one length, in one call: kernel against kernel. {@code input} is texts x tokens. */
  void equalLengths(String input, Consumer<Contest> run) {
    int texts = Integer.parseInt(input.substring(0, input.indexOf('x')));
    int tokens = Integer.parseInt(input.substring(input.indexOf('x') + 1));
    List<String> list = new ArrayList<>();
    for (int i = 0; i < texts; i++) {
      list.add(model.text(tokens, RandomValues.random("text " + i)));
    }
    TextSet set = textSet(list);
    if (set.tokens() != texts * tokens) {
      throw new IllegalStateException(
          set.tokens() + " tokens, expected " + texts * tokens + ": words must be tokens");
    }
    run(
        run,
        "equal lengths, no padding",
        input,
        set,
        set.atOnce(),
        List.<int[][]>of(set.atOnce()),
        false);
  }

  /**
   * Texts of mixed lengths: system against system.
   *
   * @param source sentences
   * @param count how many texts
   * @param run takes each contest
   */
  void mixedLengths(List<String> source, int count, Consumer<Contest> run) {
    TextSet set = textSet(MixedTexts.of(source, count));
    String section = "mixed lengths";
    int[][] all = set.atOnce();
    int[][] sorted = set.byLength(BATCH);
    int[][] arrival = set.inOrder(BATCH);
    run(run, section, "sorted by length, calls of 32", set, sorted, List.<int[][]>of(all), false);
    run(
        run,
        section,
        "order of arrival, calls of 32",
        set,
        arrival,
        List.<int[][]>of(all, arrival),
        false);
    List<String> some = new ArrayList<>();
    for (int i = 0; i < set.size(); i += SINGLE_STRIDE) {
      some.add(set.texts().get(i));
    }
    TextSet single = textSet(some);
    int[][] alone = single.inOrder(1);
    run(run, section, "one at a time, median", single, alone, List.<int[][]>of(alone), true);
  }

  private TextSet textSet(List<String> texts) {
    return TextSet.of(texts, first.tokenizer(), model.shape().positions());
  }

  private void run(
      Consumer<Contest> run,
      String section,
      String name,
      TextSet set,
      int[][] peerCalls,
      List<int[][]> ownCalls,
      boolean single) {
    List<Contender> contenders = new ArrayList<>();
    for (Peer peer : peers) {
      for (int[][] calls : peer.own() ? ownCalls : List.<int[][]>of(peerCalls)) {
        String suffix = calls == ownCalls.getFirst() || !peer.own() ? "" : ", calls of 32";
        contenders.add(
            new Contender(
                peer.name() + suffix,
                peer.own(),
                peer.agreement(),
                peer.prepare(set, calls),
                calls));
      }
    }
    double flops = single ? set.medianFlops(model.shape()) : set.flops(model.shape());
    try (Contest contest =
        new Contest(section, name, flops, set.size(), set.tokens(), single, contenders)) {
      run.accept(contest);
    }
  }

  @Override
  public void close() {
    peers.forEach(Peer::close);
  }
}
