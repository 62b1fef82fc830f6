"""Vocabularies for the look-alike models: WordPiece lists and SentencePiece models, from given texts.

Imported by lookalikes.py; run on its own it does nothing.
"""

import io
import itertools
import re
import unicodedata
import zlib
from collections import Counter

import sentencepiece
from sentencepiece import sentencepiece_model_pb2
from transformers.models.bert_japanese.tokenization_bert_japanese import MecabTokenizer

import lookalike_texts

SPECIAL = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
KATAKANA = [chr(c) for c in range(0x30A2, 0x30F3) if unicodedata.category(chr(c)) == "Lo"]
# What the nmt rules make a space of, or remove, beside NFKC.
SPACES = "\t\n\r\u00a0\u1680\u200b\u2028\u2029\u3000\ufeff"
REMOVED = "".join(map(chr, [*range(1, 9), 0x0B, *range(0x0E, 0x20), 0x7F]))


def _chance(word, salt, one_in):
    """A choice that depends on nothing but the word: one of so many words is chosen."""
    return zlib.crc32(f"{salt}/{word}".encode()) % one_in == 0


def _words(texts, dictionary):
    cut = MecabTokenizer(mecab_dic=dictionary)
    return Counter(
        word for text in texts for form in (text, text.lower()) for surface in cut.tokenize(form)
        for word in surface.split()
    )


def _unknown(character, salt):
    """Characters no vocabulary has, so that [UNK] occurs: those beyond the BMP and a few others."""
    return ord(character) > 0xFFFF or _chance(character, salt, 60)


def wordpieces(texts, dictionary, size, salt):
    """A vocabulary of the words that a dictionary cuts texts into: two of three whole, pieces of the others.

    Of exactly `size` entries, filled up with made-up words, or as many as there are when size is None.
    """
    words = _words(texts, dictionary)
    entries = dict.fromkeys(SPECIAL)
    limit = None if size is None else size * 3 // 4
    for word, _ in words.most_common(limit):
        known = not any(_unknown(c, salt) for c in word)
        if known and 2 <= len(word) <= 12 and not _chance(word, salt, 3):
            entries[word] = None
    for word in words:
        if word not in entries and len(word) > 3:
            for piece in (word[:2], f"##{word[2:4]}"):
                if not any(_unknown(c, salt) for c in piece) and _chance(piece, salt, 2):
                    entries[piece] = None
    for word in words:
        if word not in entries:
            for piece in (word[0], *(f"##{c}" for c in word[1:])):
                if not _unknown(piece[-1], salt):
                    entries[piece] = None
    if size is not None:
        generated = ("".join(letters) for letters in itertools.product(KATAKANA, repeat=3))
        entries = dict.fromkeys(itertools.islice(entries, size))
        while len(entries) < size:
            entries[next(generated)] = None
    return list(entries)


def _rules(texts):
    """NFKC, for the characters that occur and the half-width and full-width forms, as sentencepiece reads rules.

    The library's own nmt_nfkc is 240 kB in every model; a tiny one has the rules its texts need.
    """
    characters = set("".join(texts)) | {chr(c) for c in range(0xFF01, 0xFFEF)}
    rules = {c: unicodedata.normalize("NFKC", c) for c in characters}
    for base in [chr(c) for c in range(0xFF66, 0xFF9E)]:
        for mark in "\uff9e\uff9f":
            rules[base + mark] = unicodedata.normalize("NFKC", base + mark)
    rules |= {"\u304b\u3099": "\u304c"} | dict.fromkeys(SPACES, " ") | dict.fromkeys(REMOVED, "")
    lines = []
    for source, target in sorted(rules.items()):
        if source != target and unicodedata.category(source[0]) not in ("Cn", "Cs") and source != "\0":
            codes = (" ".join(f"{ord(c):X}" for c in form) for form in (source, target))
            lines.append("\t".join(codes) + "\n")
    return "".join(lines)


def _sentences(texts):
    """What pieces are learnt from; the texts of rare characters are left out, so that <unk> occurs."""
    kept = [text for text in texts if text.strip() and text not in lookalike_texts.RARE]
    return [re.sub(r"[\x00-\x1f\u2028\u2029]", " ", text) for text in kept]


def sentencepieces(texts, size, scratch):
    """Bytes of a unigram model that splits Japanese as XLM-R's does: <unk>, <s>, </s>, then pieces.

    size None: a few hundred pieces and a small rule table; else nmt_nfkc and exactly so many pieces, the last of them
    made up and worse than any that was learnt.
    """
    options = {"normalization_rule_name": "nmt_nfkc", "vocab_size": 8000}
    if size is None:
        file = scratch / "rules.tsv"
        file.write_text(_rules(lookalike_texts.texts()), encoding="utf-8")
        options = {"normalization_rule_tsv": str(file), "vocab_size": 420}
    out = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(_sentences(texts)),
        model_writer=out,
        model_type="unigram",
        character_coverage=0.9995,
        hard_vocab_limit=False,
        num_threads=1,
        minloglevel=2,
        **options,
    )
    model = sentencepiece_model_pb2.ModelProto.FromString(out.getvalue())
    if size is None:
        model.normalizer_spec.ClearField("normalization_rule_tsv")  # a path of this run
        return model.SerializeToString()
    known = {piece.piece for piece in model.pieces}
    worst = min(piece.score for piece in model.pieces)
    generated = ("".join(letters) for letters in itertools.product(KATAKANA, repeat=3))
    for piece in (p for p in generated if p not in known):
        if len(model.pieces) == size:
            break
        model.pieces.add(piece=piece, score=worst - 1 - len(model.pieces) / size)
    model.trainer_spec.vocab_size = size
    return model.SerializeToString()
