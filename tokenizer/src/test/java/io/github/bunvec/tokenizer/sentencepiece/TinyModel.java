package io.github.bunvec.tokenizer.sentencepiece;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Writes models field by field, also broken ones. */
public final class TinyModel {

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  /** Starts a model with an unknown piece and normal pieces of score -1, -2 and so on. */
  public static TinyModel of(String... pieces) {
    TinyModel model = new TinyModel().piece("<unk>", 0, SentencePieceModel.UNKNOWN);
    for (int i = 0; i < pieces.length; i++) {
      model.piece(pieces[i], -i - 1, SentencePieceModel.NORMAL);
    }
    return model;
  }

  /** Adds a piece. */
  TinyModel piece(String text, float score, int type) {
    byte[] bits = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putFloat(score).array();
    TinyModel piece = new TinyModel().bytes(1, text.getBytes(StandardCharsets.UTF_8));
    piece.out.write(2 << 3 | ProtobufReader.FIXED32);
    piece.out.writeBytes(bits);
    return message(1, piece.varint(3, type));
  }

  /** Adds a field of type bytes. */
  TinyModel bytes(int field, byte[] value) {
    varint((long) field << 3 | ProtobufReader.BYTES);
    varint(value.length);
    out.writeBytes(value);
    return this;
  }

  /** Adds a message. */
  TinyModel message(int field, TinyModel value) {
    return bytes(field, value.bytes());
  }

  /** Adds a field of type varint. */
  TinyModel varint(int field, long value) {
    varint((long) field << 3);
    varint(value);
    return this;
  }

  /** Adds bytes as they are. */
  TinyModel raw(int... bytes) {
    for (int b : bytes) {
      out.write(b);
    }
    return this;
  }

  private void varint(long value) {
    long rest = value;
    while ((rest & ~0x7FL) != 0) {
      out.write((int) (rest & 0x7F) | 0x80);
      rest >>>= 7;
    }
    out.write((int) rest);
  }

  /** Returns the model's bytes. */
  public byte[] bytes() {
    return out.toByteArray();
  }
}
