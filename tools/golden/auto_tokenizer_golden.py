"""Writes what AutoTokenizer of transformers 4.57.6 makes of hard texts with every mix of tokenizer files.

    python tools/golden/auto_tokenizer_golden.py            # 20 s
    python tools/golden/auto_tokenizer_golden.py --check    # makes everything again and compares

Writes engine/src/test/resources/io/github/bunvec/engine/tokenization/tokenizers/: texts.json.gz, a list, and for each directory of
auto_tokenizer_cases.py <name>.json.gz: "files" (name to text or base64), "class", "ids" (per text) and "tokens" (id to token).
"""

import argparse
import gzip
import json
import pathlib
import sys
import tempfile

import auto_tokenizer_cases
import bert_japanese
import random_texts
import transformers

FOLDER = pathlib.Path(__file__).parents[2] / "engine/src/test/resources/io/github/bunvec/engine/tokenization/tokenizers"


def texts():
    return auto_tokenizer_cases.TEXTS + bert_japanese.SENTENCES[:60] + list(random_texts.texts(370, 20))


def case(name, inputs):
    with tempfile.TemporaryDirectory() as folder:
        auto_tokenizer_cases.make(name, folder)
        tokenizer = transformers.AutoTokenizer.from_pretrained(folder)
        ids = tokenizer(inputs)["input_ids"]
        distinct = sorted({i for row in ids for i in row})
        tokens = dict(zip(map(str, distinct), tokenizer.convert_ids_to_tokens(distinct)))
        return {"files": auto_tokenizer_cases.files(folder), "class": type(tokenizer).__name__, "ids": ids, "tokens": tokens}


def outputs():
    inputs = texts()
    yield "texts", inputs
    for name in auto_tokenizer_cases.CASES:
        yield name, case(name, inputs)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--check", action="store_true")
    check = parser.parse_args().check
    transformers.logging.set_verbosity_error()
    FOLDER.mkdir(parents=True, exist_ok=True)
    problems = 0
    for name, value in outputs():
        file = FOLDER / f"{name}.json.gz"
        content = json.dumps(value, ensure_ascii=True, separators=(",", ":")).encode()
        if not check:
            file.write_bytes(gzip.compress(content, mtime=0))
        elif not file.exists() or gzip.decompress(file.read_bytes()) != content:
            problems += 1
            print(f"{file.name} differs")
    if check:
        print(f"{problems} problems")
    sys.exit(problems > 0)


if __name__ == "__main__":
    main()
