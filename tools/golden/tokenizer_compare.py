"""Compares our tokenizer with transformers.BertJapaneseTokenizer, word by word and id by id.

    ./mvnw -q test-compile -pl tokenizer
    python tools/golden/tokenizer_compare.py --vocab VOCAB --gson GSON_JAR [--java JAVA] [--lines FILE] [--golden FILE]
           [--random N] [--seed S] [--options JSON] [--dictionary NAME] [--user FILE,...]

Texts: the lines of FILE, the "text" fields of a JSONL file, N random strings. Options are those of golden files, and
"max_length". Dictionary: ipadic (ours embedded, theirs from PyPI), ipadic-dir (both from PyPI), unidic_lite or a directory.
User dictionaries go to both.
Random strings hold no character assigned after Unicode 14, as Python 3.11 knows no later one.
"""

import argparse
import importlib
import json
import pathlib
import subprocess
import sys
import tempfile

import random_texts
import tokenizer_cases

ROOT = pathlib.Path(__file__).parents[2]


def arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("--vocab", required=True)
    parser.add_argument("--gson", required=True)
    parser.add_argument("--java", default="java")
    parser.add_argument("--lines", type=pathlib.Path)
    parser.add_argument("--golden", type=pathlib.Path)
    parser.add_argument("--random", type=int, default=0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--options", type=json.loads, default={})
    parser.add_argument("--dictionary", default="ipadic")
    parser.add_argument("--user", default="")
    return parser.parse_args()


def dump(options, texts):
    """Has our tokenizer tokenize the texts."""
    directory = options.dictionary
    if directory in ("ipadic-dir", "unidic_lite"):
        directory = str(importlib.import_module(directory.removesuffix("-dir")).DICDIR)
    with tempfile.TemporaryDirectory() as folder:
        source, target = pathlib.Path(folder, "in"), pathlib.Path(folder, "out")
        lines = [json.dumps(options.options)] + [json.dumps(text) for text in texts]
        source.write_text("\n".join(lines) + "\n", encoding="utf-8")
        classes = [ROOT / "tokenizer/target/classes", ROOT / "tokenizer/target/test-classes", options.gson]
        main = "io.github.bunvec.tokenizer.TokenizerDump"
        path = ":".join(map(str, classes))
        user = [options.user] if options.user else []
        subprocess.run([options.java, "-cp", path, main, options.vocab, directory, source, target, *user], check=True)
        return [json.loads(line) for line in target.read_text(encoding="utf-8").split("\n") if line]


def main():
    options = arguments()
    texts = []
    if options.lines:
        texts += options.lines.read_text(encoding="utf-8").split("\n")
    if options.golden:
        texts += [json.loads(line)["text"] for line in options.golden.read_text(encoding="utf-8").split("\n") if line]
    texts += random_texts.texts(options.random, options.seed)
    ours = dump(options, texts)
    assert len(ours) == len(texts), (len(ours), len(texts))
    dictionary = options.dictionary.removesuffix("-dir")
    theirs = tokenizer_cases.tokenizer(options.vocab, options.options, dictionary, options.user)
    differing = 0
    for text, our in zip(texts, ours):
        their = tokenizer_cases.result(theirs, text, options.options.get("max_length"))
        if our != their:
            differing += 1
            if differing <= 5:
                print(json.dumps({"text": text, "ours": our, "theirs": their}))
    print(f"{len(texts)} texts, {differing} differing; {options.dictionary} {json.dumps(options.options)}")
    sys.exit(differing > 0)


if __name__ == "__main__":
    main()
