"""Cuts a small MeCab dictionary out of a large one that cuts given texts in the same way.

    python tools/golden/dictionary_subset.py DICTIONARY TARGET [--lines FILE]... [--jsonl FILE]... [--golden FILE]
    python tools/golden/dictionary_subset.py              (makes the subset of unidic-lite that the tests read)

DICTIONARY is unidic_lite, ipadic or a directory; TARGET becomes a directory. Texts: lines of FILEs, "text" fields of JSONL
FILEs. --golden writes [text, words of the full dictionary] a line.

Kept are the entries of sys.dic that occur anywhere in the texts (as they are and after NFKC), all of unk.dic, char.bin, and
of the matrix the context ids those have, numbered anew in their order (0, the text's ends, stays 0). MeCab's own compiler
writes the files. Features are left out; UniDic's terms (its file BSD) are copied along. It is asserted that MeCab gives the same words for every text on both.
"""

import argparse
import importlib
import json
import pathlib
import shutil
import struct
import sys
import tempfile
import unicodedata

import fugashi
import numpy

import dictionary_digest
import random_texts
import tiny_dictionaries

ROOT = pathlib.Path(__file__).parents[2]
TARGET = ROOT / "tokenizer/src/test/resources/io/github/bunvec/tokenizer/mecab/golden"


class Lexicon:
    """sys.dic, read from its bytes where they lie."""

    def __init__(self, file):
        data = numpy.memmap(file, numpy.uint8, "r")
        header = struct.unpack_from("<10I", data[:40].tobytes())
        assert header[0] ^ 0xEF718F77 == len(data) and header[1] == 102
        units = data[72 : 72 + header[6]].view("<i4")
        self.bases, self.checks = units[0::2], units[1::2].view("<u4")
        self.tokens = data[72 + header[6] : 72 + header[6] + header[7]].view("<u2").reshape(-1, 8)

    def prefixes(self, text):
        """Yields every word the bytes start with, with its tokens (left id, right id, cost)."""
        node = int(self.bases[0])
        for i in range(len(text) + 1):
            if i and int(self.checks[node]) == node and self.bases[node] < 0:
                value = -int(self.bases[node]) - 1
                run = self.tokens[value >> 8 : (value >> 8) + (value & 0xFF)]
                yield text[:i], [(int(t[0]), int(t[1]), int(t[3].view("<i2"))) for t in run]
            if i == len(text):
                return
            child = node + text[i] + 1
            if child >= len(self.bases) or int(self.checks[child]) != node:
                return
            node = int(self.bases[child])


def directory_of(dictionary):
    if dictionary in ("unidic_lite", "ipadic"):
        return pathlib.Path(importlib.import_module(dictionary).DICDIR)
    return pathlib.Path(dictionary)


def tagger(directory):
    return fugashi.GenericTagger(f'-d "{directory}" -r "{directory}/dicrc"')


def words(tagger, text):
    return [word.surface for word in tagger(text)]


def category_names(char_bin):
    count = struct.unpack_from("<I", char_bin)[0]
    return [char_bin[4 + 32 * i : 36 + 32 * i].split(b"\0")[0].decode() for i in range(count)]


def kept_entries(directory, texts):
    """Returns the known words of the texts and the unknown words' templates: surface, left id, right id, cost."""
    lexicon = Lexicon(directory / "sys.dic")
    known = {}
    for text in texts:
        utf8 = text.encode()
        for at in range(len(utf8)):
            known.update(lexicon.prefixes(utf8[at:]))
    entries = [(surface.decode(), *token) for surface in sorted(known) for token in known[surface]]
    unknown = dictionary_digest.entries((directory / "unk.dic").read_bytes())
    return entries, [(surface.decode(), *rest) for surface, *rest in unknown]


def specification(directory, texts):
    """The small dictionary in the form tiny_dictionaries compiles."""
    entries, unknown = kept_entries(directory, texts)
    left_ids = sorted({0} | {left for _, left, _, _ in entries + unknown})
    right_ids = sorted({0} | {right for _, _, right, _ in entries + unknown})
    matrix = numpy.memmap(directory / "matrix.bin", "<i2", "r")
    left_size = int(matrix[0].view("<u2"))
    costs = matrix[2:].reshape(-1, left_size)[left_ids][:, right_ids]
    number = lambda surface, left, right, cost: [
        surface.replace('"', '""'), left_ids.index(left), right_ids.index(right), cost
    ]
    return {
        "left_size": len(right_ids),
        "right_size": len(left_ids),
        "matrix": costs.reshape(-1).tolist(),
        "entries": [number(*entry) for entry in entries],
        "unknown": [number(*entry) for entry in unknown],
        "categories": [[name, False, False, 0] for name in category_names((directory / "char.bin").read_bytes())],
        "ranges": [],
    }


def subset(directory, texts, target):
    """Writes the small dictionary and checks it; returns each text's words."""
    target.mkdir(parents=True, exist_ok=True)
    both = list(dict.fromkeys([*texts, *(unicodedata.normalize("NFKC", text) for text in texts)]))
    spec = specification(directory, both)
    with tempfile.TemporaryDirectory() as folder:
        tiny_dictionaries.compile_dictionary(spec, folder)
        for name in "sys.dic", "unk.dic", "matrix.bin", "dicrc":
            shutil.copyfile(pathlib.Path(folder, name), target / name)
    for name in "char.bin", "BSD":
        if (directory / name).exists():
            shutil.copyfile(directory / name, target / name)
    (target / "mecabrc").write_text("")
    full, small = tagger(directory), tagger(target)
    expected = {text: words(full, text) for text in both}
    for text in both:
        assert words(small, text) == expected[text], (text, words(small, text), expected[text])
    size = sum(file.stat().st_size for file in target.iterdir())
    entries, ids = len(spec["entries"]), (spec["left_size"], spec["right_size"])
    print(f"{target}: {len(both)} texts, {entries} entries, matrix {ids[0]} x {ids[1]}, {size} bytes", file=sys.stderr)
    return expected


def read(lines, jsonl):
    texts = [line for file in lines for line in pathlib.Path(file).read_text(encoding="utf-8").split("\n")]
    for file in jsonl:
        rows = pathlib.Path(file).read_text(encoding="utf-8").split("\n")
        texts += [row["text"] for row in map(json.loads, filter(None, rows)) if "text" in row]
    return list(dict.fromkeys(texts))


def write_golden(expected, file):
    with open(file, "w", encoding="utf-8", newline="\n") as out:
        for text, cut in expected.items():
            out.write(json.dumps([text, cut]) + "\n")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("dictionary", nargs="?")
    parser.add_argument("target", nargs="?", type=pathlib.Path)
    parser.add_argument("--lines", action="append", default=[])
    parser.add_argument("--jsonl", action="append", default=[])
    parser.add_argument("--golden")
    options = parser.parse_args()
    if options.dictionary:
        expected = subset(directory_of(options.dictionary), read(options.lines, options.jsonl), options.target)
        if options.golden:
            write_golden(expected, options.golden)
        return
    texts = read(
        [ROOT / "bench/src/main/resources/io/github/bunvec/bench/sentences.txt"],
        [
            ROOT / "cli/src/test/resources/io/github/bunvec/cli/mini-ja-golden.jsonl",
            ROOT / "tokenizer/src/test/resources/io/github/bunvec/tokenizer/bert-japanese.jsonl",
        ],
    )
    # Short ones only: the matrix grows with the square of the context ids met.
    texts = [text for text in texts if len(text) <= 30 and "\0" not in text] + list(random_texts.texts(20, 3))
    target = TARGET / "unidic-lite-subset"
    write_golden(subset(directory_of("unidic_lite"), texts, target), TARGET / "unidic-lite-subset.jsonl")


if __name__ == "__main__":
    main()
