"""Compares our SentencePiece encoder with the sentencepiece library, id by id and piece by piece.

    ./mvnw -q test-compile -pl tokenizer
    python tools/golden/sentencepiece_compare.py --gson GSON_JAR [--java JAVA] [--lines FILE] [--random N] [--seed S] MODEL...

Texts: the lines of FILE, N random strings, and a few that are hostile or long.
"""

import argparse
import json
import pathlib
import subprocess
import sys
import tempfile

import random_texts
import sentencepiece

ROOT = pathlib.Path(__file__).parents[2]


def arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("models", nargs="+", type=pathlib.Path)
    parser.add_argument("--gson", required=True)
    parser.add_argument("--java", default="java")
    parser.add_argument("--lines", type=pathlib.Path)
    parser.add_argument("--random", type=int, default=0)
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args()


def hostile():
    """Strings at the edges: spaces, long runs, long texts whose scores pass 100,000."""
    yield from ("", " ", "  ", "\u2581", "\u2581\u2581", " \u2581 ", "\0", "a\0b", "\ufffd", "　", "\u200b", "\u200b ", " \u200b", "a\u200b b")
    for unit in ("鱻", "a", "今日は", "日本", " ", "が ", "\u2581", "\U0001F363", "か\u3099", "1", "東京都ab", "ﾊﾟ"):
        for count in (2, 7, 65, 2000):
            yield unit * count
        yield unit * 40000
    yield "".join(chr(c) for c in range(0x20, 0x3100))
    yield "".join(chr(c) for c in range(0x4E00, 0x9FA6)) * 3
    yield from (chr(c) for c in range(1, 0x3400))
    yield from (chr(c) for c in range(0xF900, 0x10000))
    yield from (chr(c) for c in range(0x1F000, 0x1FB00))


def dump(options, model, texts):
    """Has our encoder encode the texts."""
    with tempfile.TemporaryDirectory() as folder:
        source, target = pathlib.Path(folder, "in"), pathlib.Path(folder, "out")
        source.write_text("".join(json.dumps(text) + "\n" for text in texts), encoding="utf-8")
        classes = [ROOT / "tokenizer/target/classes", ROOT / "tokenizer/target/test-classes", options.gson]
        main = "io.github.bunvec.tokenizer.sentencepiece.SentencePieceDump"
        subprocess.run([options.java, "-Xmx1g", "-cp", ":".join(map(str, classes)), main, model, source, target], check=True)
        return [json.loads(line) for line in target.read_text(encoding="utf-8").split("\n") if line]


def main():
    options = arguments()
    texts = options.lines.read_text(encoding="utf-8").split("\n") if options.lines else []
    texts += random_texts.texts(options.random, options.seed)
    texts += hostile()
    total = 0
    for model in options.models:
        processor = sentencepiece.SentencePieceProcessor(model_file=str(model))
        ours = dump(options, model, texts)
        assert len(ours) == len(texts), (len(ours), len(texts))
        differing = 0
        for text, our in zip(texts, ours):
            their = {"ids": processor.encode(text, out_type=int), "pieces": processor.encode(text, out_type=str)}
            if our != their:
                differing += 1
                if differing <= 3:
                    print(json.dumps({"text": text[:200], "ours": our, "theirs": their})[:2000])
        print(f"{model.stem}: {len(texts)} texts, {differing} differing; sentencepiece {sentencepiece.__version__}", flush=True)
        total += differing
    sys.exit(total > 0)


if __name__ == "__main__":
    main()
