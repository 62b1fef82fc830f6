"""Writes the sets of characters that the components of the tokenizers library 0.22.2 know, as observed from outside.

    python tools/golden/character_classes.py [--check]      # a minute

Writes tokenizer/src/main/resources/io/github/bunvec/tokenizer/pipeline/character-classes.txt, a line each: name and ranges.
"""

import argparse
import pathlib
import sys

import tokenizers
from tokenizers import normalizers, pre_tokenizers

assert tokenizers.__version__ == "0.22.2", tokenizers.__version__

FILE = pathlib.Path(__file__).parents[2] / "tokenizer/src/main/resources/io/github/bunvec/tokenizer/pipeline/character-classes.txt"
# What decomposes in Unicode 16 (JDK 25) but not in the library, which must leave each of these as it is.
NEWER = (
    "32FF A7F2-A7F4 AB69 105C9 105E4 10781-10785 10787-107B0 107B2-107BA 11383 11385 1138E 11391 113C5 113C7-113C8 11938 16121-16128 "
    "16D68-16D6A 1CCD6-1CCF9 1E030-1E06D 1F16C 1FBF0-1FBF9"
)


def bert(**options):
    flags = {"clean_text": False, "handle_chinese_chars": False, "strip_accents": False, "lowercase": False} | options
    return normalizers.BertNormalizer(**flags).normalize_str


def cuts(pre_tokenizer):
    return lambda c: len(pre_tokenizer.pre_tokenize_str("a" + c)) == 2


CLEAN, STRIP, ACCENTS = bert(clean_text=True), bert(strip_accents=True), normalizers.StripAccents().normalize_str
WORDS = pre_tokenizers.Whitespace()
CLASSES = {
    "CONTROL": lambda c: CLEAN("a" + c) == "a",
    "NONSPACING_MARK": lambda c: STRIP("a" + c) == "a",
    "COMBINING_MARK": lambda c: ACCENTS("a" + c) == "a",
    "PUNCTUATION": cuts(pre_tokenizers.BertPreTokenizer()),
    "NUMERIC": cuts(pre_tokenizers.Digits()),
    "WORD": lambda c: len(WORDS.pre_tokenize_str("a" + c + "b")) == 1,
}


def ranges(member):
    result, first = [], None
    for code in range(0x110001):
        inside = code < 0x110000 and not 0xD800 <= code < 0xE000 and member(chr(code))
        if inside and first is None:
            first = code
        elif not inside and first is not None:
            result.append("%X" % first if first == code - 1 else "%X-%X" % (first, code - 1))
            first = None
    return " ".join(result)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--check", action="store_true")
    for span in NEWER.split():
        first, _, last = span.partition("-")
        for code in range(int(first, 16), int(last or first, 16) + 1):
            assert normalizers.NFKD().normalize_str(chr(code)) == chr(code), hex(code)
    content = "".join(f"{name} {ranges(member)}\n" for name, member in CLASSES.items()) + f"UNDECOMPOSED {NEWER}\n"
    if parser.parse_args().check:
        problems = int(FILE.read_text() != content)
        print(f"{problems} problems")
        sys.exit(problems)
    FILE.write_text(content)


if __name__ == "__main__":
    main()
