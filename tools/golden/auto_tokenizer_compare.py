"""Compares our tokenizer of a directory with AutoTokenizer's, id by id.

    ./mvnw -q test-compile -pl tokenizer,loader,engine
    python tools/golden/auto_tokenizer_compare.py --gson GSON_JAR [--java JAVA] [--lines FILE ...] [--random N] [--seed S] NAME|DIR ...

NAME is one of auto_tokenizer_cases.py, "all" for all of them. Texts: theirs, the lines of the files, N random strings, which
hold no character assigned after Unicode 14.
"""

import argparse
import json
import os
import pathlib
import subprocess
import sys
import tempfile

os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")

import auto_tokenizer_cases
import random_texts
import transformers

ROOT = pathlib.Path(__file__).parents[2]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--gson", required=True)
    parser.add_argument("--java", default="java")
    parser.add_argument("--lines", type=pathlib.Path, nargs="*", default=[])
    parser.add_argument("--random", type=int, default=0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("names", nargs="+")
    options = parser.parse_args()
    transformers.logging.set_verbosity_error()
    texts = list(auto_tokenizer_cases.TEXTS)
    for file in options.lines:
        texts += file.read_text(encoding="utf-8").split("\n")
    texts += random_texts.texts(options.random, options.seed)
    cases = auto_tokenizer_cases.CASES | auto_tokenizer_cases.LARGE
    names = list(cases) if options.names == ["all"] else options.names
    total = 0
    for name in names:
        with tempfile.TemporaryDirectory() as folder:
            directory = pathlib.Path(name)
            if name in cases:
                directory = pathlib.Path(folder, name)
                auto_tokenizer_cases.make(name, directory)
            total += compare(name, directory, texts, options)
    sys.exit(total > 0)


def compare(name, directory, texts, options):
    theirs = transformers.AutoTokenizer.from_pretrained(directory)
    with tempfile.TemporaryDirectory() as folder:
        source, target = pathlib.Path(folder, "in"), pathlib.Path(folder, "out")
        source.write_text("".join(json.dumps(text) + "\n" for text in texts), encoding="utf-8")
        classes = [ROOT / f"{module}/target/{kind}" for module in ("tokenizer", "loader", "engine") for kind in ("classes", "test-classes")]
        path = ":".join(map(str, classes + [options.gson]))
        subprocess.run([options.java, "-cp", path, "io.github.bunvec.engine.tokenization.TokenizersDump", directory, source, target], check=True, stdout=subprocess.DEVNULL)
        ours = [json.loads(line) for line in target.read_text().split("\n") if line]
    assert len(ours) == len(texts)
    differing = 0
    for text, our, their in zip(texts, ours, theirs(texts)["input_ids"]):
        if our != their:
            differing += 1
            if differing <= 3:
                print(json.dumps({"text": text, "ours": theirs.convert_ids_to_tokens(our), "theirs": theirs.convert_ids_to_tokens(their)}))
    print(f"{name}: {type(theirs).__name__}, {len(texts)} texts, {differing} differing", flush=True)
    return differing


if __name__ == "__main__":
    main()
