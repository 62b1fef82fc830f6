"""Writes how real MeCab cuts texts with user dictionaries.

    python tools/golden/user_dictionaries.py

Makes two resources in tokenizer/src/test/resources/io/github/bunvec/tokenizer/mecab/:

* tiny-user-dictionaries.jsonl: small random dictionaries as tiny_dictionaries.py makes them, each with two user
  dictionaries whose words are also those of the system dictionary and of each other, so that ties are frequent;
* user/a.dic, user/b.dic for ipadic, as MeCab's compiler writes them, and user/golden.jsonl: which of them are in use,
  text, words.
"""

import json
import pathlib
import random
import subprocess
import sys
import tempfile

import fugashi
import ipadic

import tiny_dictionaries

TARGET = tiny_dictionaries.TARGET.parent
ORDERS = ([0], [1], [0, 1], [1, 0])

# Surface, left and right id, cost: the ids are those of ipadic's general nouns.
WORDS_A = [
    ("すもももも", 1285, 1285, 100), ("東京都民", 1285, 1285, 2000), ("猫", 1285, 1285, 3500), ("bunvec", 1285, 1285, 3000),
    ("ベクトル 化", 1285, 1285, 1000), ("文ベクトル", 1285, 1285, 1500), ("𠮷野家", 1285, 1285, 500),
]
WORDS_B = [
    ("すももも", 1285, 1285, 100), ("都民", 1285, 1285, -3000), ("猫", 1285, 1285, 3500), ("vec", 1285, 1285, -6000),
    ("ベクトル", 1285, 1285, -1000), ("吾輩は猫", 1285, 1285, 0), ("東京都民", 1285, 1285, 2000),
]
TEXTS = [
    "すもももももももものうち", "東京都民の猫", "吾輩は猫である", "bunvecは文ベクトルを作る", "ベクトル 化とベクトル化", "𠮷野家に行く東京都民",
    "bun vec", "猫", "猫猫猫", "  猫  都民  ", "文ベクトル化", "ふつうの文には関係がない。", "",
]


def compile_user(directory, entries, target):
    """Compiles a user dictionary with MeCab's own compiler."""
    with tempfile.TemporaryDirectory() as folder:
        source = pathlib.Path(folder, "words.csv")
        lines = (f'"{surface}",{left},{right},{cost},x\n' for surface, left, right, cost in entries)
        source.write_text("".join(lines), encoding="utf-8", newline="\n")
        build = f"build -d {directory} -u {target} -f utf-8 -t utf-8 {source}"
        command = f"import fugashi; fugashi.build_dictionary({build!r})"
        done = subprocess.run([sys.executable, "-c", command], capture_output=True, text=True)
        assert done.returncode == 0, done.stderr + done.stdout


def tagger(directory, users):
    return fugashi.GenericTagger(f'-d "{directory}" -r "{directory}/dicrc" -u "{",".join(map(str, users))}"')


def words(tagger, text):
    return [word.surface for word in tagger(text)]


def tiny(generator, tied):
    """A random dictionary with its user dictionaries and what MeCab makes of texts.

    Which of two words with one surface wins shows only where the ways before them differ at equal costs: where it is
    tied, words cost nothing, connections 0 or 1, and all texts are of the same few letters.
    """
    spec = tiny_dictionaries.specification(generator)
    while not spec["entries"]:
        spec = tiny_dictionaries.specification(generator)
    if tied:
        spec["matrix"] = [generator.randint(0, 1) for _ in spec["matrix"]]
        spec["entries"] = [[surface, left, right, 0] for surface, left, right, _ in spec["entries"]]
    entry = lambda surface: [
        surface,
        generator.randrange(spec["right_size"]),
        generator.randrange(spec["left_size"]),
        0 if tied else generator.choice((-100, 0, 1, 100)),
    ]
    letters = "ab" if tied else tiny_dictionaries.LETTERS
    known = [surface for surface, *_ in spec["entries"]]
    spec["users"] = []
    for _ in range(2):
        own = {"".join(generator.choices(letters, k=generator.randint(1, 3))) for _ in range(6)} | {"ab"}
        chosen = own | set(generator.sample(known, len(known) // 2))
        spec["users"].append([entry(surface) for surface in sorted(chosen) if not surface.isspace()])
        known += own
    text = (lambda: "".join(generator.choices(letters, k=12))) if tied else (lambda: tiny_dictionaries.text(generator))
    texts = list(dict.fromkeys(text() for _ in range(12)))
    with tempfile.TemporaryDirectory() as folder:
        tiny_dictionaries.compile_dictionary(spec, folder)
        files = [pathlib.Path(folder, name) for name in ("a.dic", "b.dic")]
        for entries, file in zip(spec["users"], files):
            compile_user(folder, entries, file)
        spec["cases"] = []
        for order in ORDERS:
            tag = tagger(folder, [files[i] for i in order])
            spec["cases"] += [[order, each, words(tag, each)] for each in texts]
    return spec


def main():
    generator = random.Random(7)
    with open(TARGET / "tiny-user-dictionaries.jsonl", "w", encoding="utf-8", newline="\n") as out:
        for number in range(40):
            out.write(json.dumps(tiny(generator, number % 2 == 1)) + "\n")
    (TARGET / "user").mkdir(exist_ok=True)
    files = [TARGET / "user" / name for name in ("a.dic", "b.dic")]
    for entries, file in zip((WORDS_A, WORDS_B), files):
        compile_user(ipadic.DICDIR, entries, file)
    with open(TARGET / "user/golden.jsonl", "w", encoding="utf-8", newline="\n") as out:
        for order in ([], *ORDERS):
            tag = tagger(ipadic.DICDIR, [files[i] for i in order])
            for text in TEXTS:
                out.write(json.dumps([order, text, words(tag, text)]) + "\n")


if __name__ == "__main__":
    main()
