package io.github.bunvec.tokenizer.sentencepiece;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** What a SentencePiece model file says, read field by field; mutable while it is read. */
final class ModelProto {

  private static final int UNIGRAM = 1;
  private static final List<String> MODEL_TYPES = List.of("unigram", "BPE", "word", "char");

  final String name;
  final List<String> pieces = new ArrayList<>(); // [id]
  float[] scores = new float[1024]; // [id]
  byte[] types = new byte[1024]; // [id]
  byte[] precompiledCharsmap = new byte[0];
  boolean addDummyPrefix = true;
  boolean removeExtraWhitespaces = true;
  boolean escapeWhitespaces = true;
  boolean treatWhitespaceAsSuffix;
  boolean byteFallback;

  private ModelProto(String name) {
    this.name = name;
  }

  /**
   * Reads a model.
   *
   * @param name what to call it in errors
   */
  static ModelProto read(byte[] bytes, String name) {
    ModelProto model = new ModelProto(name);
    ProtobufReader in = new ProtobufReader(bytes, 0, bytes.length, name);
    while (in.next()) {
      if (in.is(1, ProtobufReader.BYTES)) {
        model.readPiece(in.message(name + ": piece " + model.pieces.size()));
      } else if (in.is(2, ProtobufReader.BYTES)) {
        model.readTrainer(in.message(name + ": trainer_spec"));
      } else if (in.is(3, ProtobufReader.BYTES)) {
        model.readNormalizer(in.message(name + ": normalizer_spec"));
      }
    }
    return model;
  }

  private void readPiece(ProtobufReader in) {
    int id = pieces.size();
    String piece = "";
    float score = 0;
    long type = SentencePieceModel.NORMAL;
    while (in.next()) {
      if (in.is(1, ProtobufReader.BYTES)) {
        piece = in.string();
      } else if (in.is(2, ProtobufReader.FIXED32)) {
        score = in.floatValue();
      } else if (in.is(3, ProtobufReader.VARINT)) {
        type = in.varint();
      }
    }
    if (type < SentencePieceModel.NORMAL || type > SentencePieceModel.BYTE) {
      throw new SentencePieceException(
          "%s: piece %d has type %d, expected 1 to 6".formatted(name, id, type));
    }
    if (id == scores.length) {
      scores = Arrays.copyOf(scores, 2 * id);
      types = Arrays.copyOf(types, 2 * id);
    }
    pieces.add(piece);
    scores[id] = score;
    types[id] = (byte) type;
  }

  private void readTrainer(ProtobufReader in) {
    while (in.next()) {
      if (in.is(3, ProtobufReader.VARINT)) {
        requireUnigram(in.varint());
      } else if (in.is(24, ProtobufReader.VARINT)) {
        treatWhitespaceAsSuffix = in.varint() != 0;
      } else if (in.is(35, ProtobufReader.VARINT)) {
        byteFallback = in.varint() != 0;
      }
    }
  }

  private void requireUnigram(long type) {
    if (type != UNIGRAM) {
      String found =
          type > 0 && type <= MODEL_TYPES.size() ? MODEL_TYPES.get((int) type - 1) : "unknown";
      throw new SentencePieceException(
          "%s: model_type is %d (%s), this version supports 1 (unigram)"
              .formatted(name, type, found));
    }
  }

  private void readNormalizer(ProtobufReader in) {
    while (in.next()) {
      if (in.is(2, ProtobufReader.BYTES)) {
        precompiledCharsmap = in.bytes();
      } else if (in.is(3, ProtobufReader.VARINT)) {
        addDummyPrefix = in.varint() != 0;
      } else if (in.is(4, ProtobufReader.VARINT)) {
        removeExtraWhitespaces = in.varint() != 0;
      } else if (in.is(5, ProtobufReader.VARINT)) {
        escapeWhitespaces = in.varint() != 0;
      }
    }
  }
}
