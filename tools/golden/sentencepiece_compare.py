"""Compares our SentencePiece encoder with the sentencepiece library, and tokenizers over it with transformers.

    ./mvnw -q test-compile -pl tokenizer
    python tools/golden/sentencepiece_compare.py --gson GSON_JAR [--java JAVA] [--lines FILE] [--random N] [--seed S]
           [--options JSON | --directory DIR] MODEL...

Texts: the lines of FILE, N random strings, and some that are hostile or long. Without options, ids and pieces of the model
are compared. Options are those of tokenizers.jsonl (see sentencepiece_golden.py), and "vocab_file" and "max_length"; then
words, tokens and ids of the tokenizer are compared. With a directory, AutoTokenizer opens it for the Python side.
"""

import argparse
import json
import pathlib
import random
import subprocess
import sys
import tempfile
import unicodedata

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
    parser.add_argument("--options", type=json.loads)
    parser.add_argument("--directory")
    return parser.parse_args()


def characters(first, last, every):
    """All of a range, or, where Python knows fewer than Java (Unicode 14 and 16), those that both know."""
    return [chr(c) for c in range(first, last) if every or unicodedata.category(chr(c)) != "Cn"]


def hostile(every):
    """Strings at the edges: spaces, long runs, long texts whose scores pass 100,000, single characters."""
    yield from ("", " ", "  ", "\u2581", "\u2581\u2581", " \u2581 ", "\0", "a\0b", "\ufffd", "　", "\u200b", "\u200b ", " \u200b", "a\u200b b")
    for unit in ("鱻", "a", "今日は", "日本", " ", "が ", "\u2581", "\U0001F363", "か\u3099", "1", "東京都ab", "ﾊﾟ"):
        for count in (2, 7, 65, 2000):
            yield unit * count
        yield unit * 40000
    yield "".join(characters(0x20, 0x3100, every))
    yield "".join(characters(0x4E00, 0x9FA6, every)) * 3
    yield from characters(1, 0x3400, every)
    yield from characters(0xF900, 0x10000, every)
    yield from characters(0x1F000, 0x1FB00, every)


MARKED = (
    "<s>", "</s>", "<pad>", "<unk>", "<mask>", "<ent>", "<ent2>", " <mask> ", "　<mask>", "[MASK]", "[SEP]", "[CLS]", "<ent", "ent2>",
    "＜ent＞", "<Mask>", "<<s>>", "``", "\'\'", "1,", "２，", "①,", ",",
)


def marked(lines, seed):
    """Texts with strings of special tokens inside."""
    generator = random.Random(seed)
    for text in generator.sample(lines, min(len(lines), 5000)):
        for _ in range(generator.randint(1, 4)):
            at = generator.randint(0, len(text))
            text = text[:at] + generator.choice(MARKED) + text[at:]
        yield text


def dump(options, model, texts):
    """Has our encoder or tokenizer take the texts."""
    with tempfile.TemporaryDirectory() as folder:
        source, target = pathlib.Path(folder, "in"), pathlib.Path(folder, "out")
        lines = [options.options] if options.options else []
        source.write_text("".join(json.dumps(line) + "\n" for line in lines + texts), encoding="utf-8")
        classes = [ROOT / "tokenizer/target/classes", ROOT / "tokenizer/target/test-classes", options.gson]
        main = "io.github.bunvec.tokenizer." + ("SentencePieceTokenizerDump" if options.options else "sentencepiece.SentencePieceDump")
        subprocess.run([options.java, "-Xmx1g", "-cp", ":".join(map(str, classes)), main, model, source, target], check=True)
        return [json.loads(line) for line in target.read_text(encoding="utf-8").split("\n") if line]


def theirs(options, model):
    """Returns a function that gives Python's result for a text."""
    if not options.options:
        processor = sentencepiece.SentencePieceProcessor(model_file=str(model))
        return lambda text: {"ids": processor.encode(text, out_type=int), "pieces": processor.encode(text, out_type=str)}
    import sentencepiece_cases

    if options.directory:
        tokenizer = sentencepiece_cases.transformers.AutoTokenizer.from_pretrained(options.directory)
    else:
        tokenizer = sentencepiece_cases.tokenizer(str(model), options.options)
    return lambda text: sentencepiece_cases.result(tokenizer, text, options.options.get("max_length"))


def main():
    options = arguments()
    texts = options.lines.read_text(encoding="utf-8").split("\n") if options.lines else []
    texts += random_texts.texts(options.random, options.seed)
    texts += marked(texts, options.seed) if options.options else []
    texts += hostile(not options.options)
    total = 0
    for model in options.models:
        reference = theirs(options, model)
        ours = dump(options, model, texts)
        assert len(ours) == len(texts), (len(ours), len(texts))
        differing = 0
        for text, our in zip(texts, ours):
            their = reference(text)
            if our != their:
                differing += 1
                if differing <= 3:
                    print(json.dumps({"text": text[:200], "ours": our, "theirs": their})[:2000])
        print(f"{model.stem}: {len(texts)} texts, {differing} differing; sentencepiece {sentencepiece.__version__}", flush=True)
        total += differing
    sys.exit(total > 0)


if __name__ == "__main__":
    main()
