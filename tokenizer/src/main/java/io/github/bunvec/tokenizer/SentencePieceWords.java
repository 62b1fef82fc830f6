package io.github.bunvec.tokenizer;

import io.github.bunvec.tokenizer.sentencepiece.SentencePieceEncoder;
import io.github.bunvec.tokenizer.sentencepiece.SentencePieceModel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Cuts a word into the pieces of a SentencePiece model, as ALBERT's tokenizer and after it
 * BertJapaneseTokenizer do: whitespace is collapsed, quotes in pairs become one, and a piece that
 * ends in a digit and a comma is encoded anew without the comma.
 */
final class SentencePieceWords implements SubwordTokenizer {

  private static final char SPACE = '\u2581';

  /** First and last of the characters that are digits to Python and no decimal digits. */
  private static final int[][] OTHER_DIGITS = {
    {0xB2, 0xB3},
    {0xB9, 0xB9},
    {0x1369, 0x1371},
    {0x19DA, 0x19DA},
    {0x2070, 0x2070},
    {0x2074, 0x2079},
    {0x2080, 0x2089},
    {0x2460, 0x2468},
    {0x2474, 0x247C},
    {0x2488, 0x2490},
    {0x24EA, 0x24EA},
    {0x24F5, 0x24FD},
    {0x24FF, 0x24FF},
    {0x2776, 0x277E},
    {0x2780, 0x2788},
    {0x278A, 0x2792},
    {0x10A40, 0x10A43},
    {0x10E60, 0x10E68},
    {0x11052, 0x1105A},
    {0x1F100, 0x1F10A}
  };

  private final SentencePieceModel model;
  private final PieceIds pieceIds;
  private final WorkspacePool workspaces;
  private final boolean[] endsInComma; // [piece]
  private final int unknown;

  SentencePieceWords(SentencePieceModel model, Map<String, Integer> addedIds) {
    this.model = model;
    pieceIds =
        new PieceIds(
            model,
            token -> {
              Integer added = addedIds.get(token);
              return added == null ? model.pieceToId(token) : added;
            });
    workspaces = new WorkspacePool(null, model);
    unknown = model.unknownId();
    endsInComma = new boolean[model.size()];
    for (int piece = 0; piece < endsInComma.length; piece++) {
      endsInComma[piece] = endsInDigitAndComma(model.piece(piece));
    }
  }

  @Override
  public void append(byte[] text, int from, int to, IdList ids) {
    Workspace workspace = workspaces.take();
    SentencePieceEncoder encoder = workspace.encoder();
    int count;
    if (isTidy(text, from, to)) {
      count = encoder.encode(text, from, to);
    } else {
      workspace.text.set(tidied(new String(text, from, to - from, StandardCharsets.UTF_8)));
      count = encoder.encode(workspace.text.bytes(), 0, workspace.text.length());
    }
    for (int i = 0; i < count; i++) {
      int piece = encoder.id(i);
      boolean comma = piece == unknown ? endsInDigitAndComma(encoder.piece(i)) : endsInComma[piece];
      if (comma) {
        appendWithoutComma(encoder.piece(i), ids);
      } else {
        ids.add(pieceIds.id(encoder, i));
      }
    }
    workspaces.giveBack(workspace);
  }

  private static boolean isTidy(byte[] text, int from, int to) {
    for (int i = from; i < to; i++) {
      if (text[i] == '`' || text[i] == '\'' || Whitespace.byteLength(text, i, to) > 0) {
        return false;
      }
    }
    return true;
  }

  private static String tidied(String word) {
    StringBuilder tidy = new StringBuilder(word.length());
    boolean blank = false;
    for (int i = 0; i < word.length(); i++) {
      char c = word.charAt(i);
      if (Whitespace.is(c)) {
        blank = !tidy.isEmpty();
      } else {
        if (blank) {
          tidy.append(' ');
        }
        blank = false;
        tidy.append(c);
      }
    }
    return tidy.toString().replace("``", "\"").replace("''", "\"");
  }

  private void appendWithoutComma(String piece, IdList ids) {
    String head = piece.substring(0, piece.length() - 1).replace(String.valueOf(SPACE), "");
    List<String> parts = new ArrayList<>(model.pieces(head));
    // The dummy prefix comes in anew: drop it where the piece did not begin a word.
    if (piece.charAt(0) != SPACE && !parts.isEmpty() && parts.get(0).charAt(0) == SPACE) {
      if (parts.get(0).length() == 1) {
        parts.remove(0);
      } else {
        parts.set(0, parts.get(0).substring(1));
      }
    }
    parts.add(",");
    parts.forEach(part -> ids.add(pieceIds.id(part)));
  }

  private static boolean endsInDigitAndComma(String piece) {
    int comma = piece.length() - 1;
    return comma > 0 && piece.charAt(comma) == ',' && isDigit(piece.codePointBefore(comma));
  }

  private static boolean isDigit(int c) {
    if (Character.isDigit(c)) {
      return true;
    }
    for (int[] range : OTHER_DIGITS) {
      if (c >= range[0] && c <= range[1]) {
        return true;
      }
    }
    return false;
  }
}
