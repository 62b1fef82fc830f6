package io.github.bunvec.tokenizer.sentencepiece;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * A unigram model of SentencePiece, whose encoding equals that of the sentencepiece library;
 * immutable and safe for concurrent use.
 *
 * <p>The file is a protobuf message: the pieces with score and type, the trainer's options and the
 * normaliser's. Models of other types (BPE, word, char) are refused.
 */
public final class SentencePieceModel {

  /** The type of a piece that is found in text by its score. */
  public static final int NORMAL = 1;

  /** The type of the piece that stands for what no other piece does. */
  public static final int UNKNOWN = 2;

  /** The type of a piece that is never found in text, as {@code <s>}. */
  public static final int CONTROL = 3;

  /** The type of a piece that is always found in text, and not normalised. */
  public static final int USER_DEFINED = 4;

  /** The type of a piece that has an id and no other use. */
  public static final int UNUSED = 5;

  /** The type of the 256 pieces that stand for bytes of unknown characters. */
  public static final int BYTE = 6;

  /** The largest file that is read: some sixty times the largest model known. */
  private static final long MAX_FILE_BYTES = 1 << 28;

  private final ModelProto proto;
  private final PieceTable table;
  private final PrecompiledCharsmap charsmap;

  private SentencePieceModel(ModelProto proto) {
    this.proto = proto;
    table = new PieceTable(proto);
    try {
      charsmap = PrecompiledCharsmap.of(proto.precompiledCharsmap);
    } catch (SentencePieceException e) {
      throw new SentencePieceException(proto.name + ": " + e.getMessage());
    }
  }

  /**
   * Reads a model file, as {@code spiece.model} or {@code sentencepiece.bpe.model}.
   *
   * @param file the file
   * @return the model
   * @throws IOException if the file cannot be read
   * @throws SentencePieceException if it is no unigram model
   */
  public static SentencePieceModel read(Path file) throws IOException {
    String name = String.valueOf(file.getFileName());
    long size = Files.size(file);
    if (size > MAX_FILE_BYTES) {
      throw new SentencePieceException(
          "%s: has %d bytes, expected at most %d of a SentencePiece model"
              .formatted(name, size, MAX_FILE_BYTES));
    }
    return parse(Files.readAllBytes(file), name);
  }

  /**
   * Reads a model from memory.
   *
   * @param bytes the bytes of a model file
   * @return the model
   * @throws SentencePieceException if they are no unigram model
   */
  public static SentencePieceModel parse(byte[] bytes) {
    return parse(bytes, "SentencePiece model");
  }

  /**
   * Reads a model from memory.
   *
   * @param bytes the bytes of a model file
   * @param name what to call it in errors
   * @return the model
   * @throws SentencePieceException if they are no unigram model
   */
  public static SentencePieceModel parse(byte[] bytes, String name) {
    return new SentencePieceModel(ModelProto.read(bytes, name));
  }

  /**
   * Returns how many pieces there are.
   *
   * @return one more than the greatest id
   */
  public int size() {
    return proto.pieces.size();
  }

  /**
   * Returns a piece.
   *
   * @param id its id
   * @return the piece, with U+2581 for a space
   * @throws IndexOutOfBoundsException if there is no such id
   */
  public String piece(int id) {
    return proto.pieces.get(id);
  }

  /**
   * Returns the score of a piece as the file has it.
   *
   * @param id its id
   * @return the score, a natural logarithm of a probability for normal pieces
   * @throws IndexOutOfBoundsException if there is no such id
   */
  public float score(int id) {
    return proto.scores[Objects.checkIndex(id, size())];
  }

  /**
   * Returns the type of a piece.
   *
   * @param id its id
   * @return the type, {@link #NORMAL} to {@link #BYTE}
   * @throws IndexOutOfBoundsException if there is no such id
   */
  public int type(int id) {
    return proto.types[Objects.checkIndex(id, size())];
  }

  /**
   * Returns the id of a piece; of equal pieces that of the control, unknown or byte piece.
   *
   * @param piece the piece
   * @return its id, or {@link #unknownId} if there is none
   */
  public int pieceToId(String piece) {
    return table.id(piece);
  }

  /**
   * Returns the id of the unknown piece.
   *
   * @return the id, or -1 in a model with byte fallback that has none
   */
  public int unknownId() {
    return table.unknownId;
  }

  /**
   * Returns the rules of the normaliser.
   *
   * @return a copy of the bytes; none if there are no rules
   */
  public byte[] precompiledCharsmap() {
    return proto.precompiledCharsmap.clone();
  }

  /**
   * Returns whether a space is put before the text (or after it, see {@link
   * #treatWhitespaceAsSuffix}).
   *
   * @return whether
   */
  public boolean addDummyPrefix() {
    return proto.addDummyPrefix;
  }

  /**
   * Returns whether spaces at the ends and repeated ones are dropped.
   *
   * @return whether
   */
  public boolean removeExtraWhitespaces() {
    return proto.removeExtraWhitespaces;
  }

  /**
   * Returns whether spaces become U+2581.
   *
   * @return whether
   */
  public boolean escapeWhitespaces() {
    return proto.escapeWhitespaces;
  }

  /**
   * Returns whether a space belongs to the word before it.
   *
   * @return whether
   */
  public boolean treatWhitespaceAsSuffix() {
    return proto.treatWhitespaceAsSuffix;
  }

  /**
   * Returns whether unknown characters are encoded as their bytes.
   *
   * @return whether
   */
  public boolean byteFallback() {
    return proto.byteFallback;
  }

  /**
   * Returns the ids of a text's pieces.
   *
   * @param text the text; an unpaired surrogate counts as U+FFFD
   * @return the ids, none added before or after
   */
  public int[] encode(String text) {
    byte[] bytes = Utf8.of(text);
    SentencePieceEncoder encoder = encoder();
    int[] ids = new int[encoder.encode(bytes, 0, bytes.length)];
    for (int i = 0; i < ids.length; i++) {
      ids[i] = encoder.id(i);
    }
    return ids;
  }

  /**
   * Returns a text's pieces.
   *
   * @param text the text; an unpaired surrogate counts as U+FFFD
   * @return the pieces as the library spells them: an unknown one as the text it stands for
   */
  public List<String> pieces(String text) {
    byte[] bytes = Utf8.of(text);
    SentencePieceEncoder encoder = encoder();
    int count = encoder.encode(bytes, 0, bytes.length);
    List<String> pieces = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      pieces.add(encoder.piece(i));
    }
    return pieces;
  }

  /**
   * Makes an encoder, which keeps its memory from text to text.
   *
   * @return an encoder for one thread at a time
   */
  public SentencePieceEncoder encoder() {
    return new SentencePieceEncoder(this);
  }

  PieceTable table() {
    return table;
  }

  PrecompiledCharsmap charsmap() {
    return charsmap;
  }
}
