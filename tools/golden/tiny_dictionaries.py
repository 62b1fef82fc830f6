"""Writes small random dictionaries and how real MeCab cuts texts with them.

    python tools/golden/tiny_dictionaries.py

Writes tokenizer/src/test/resources/io/github/bunvec/tokenizer/mecab/tiny-dictionaries.jsonl, one dictionary a line.
Each is compiled by MeCab's own dictionary compiler (in fugashi) and read by MeCab (fugashi.GenericTagger). The alphabets
are small and the costs coarse, so that ties, unknown words, groups, blanks and overlapping categories are frequent.
"""

import json
import pathlib
import random
import subprocess
import sys
import tempfile

import fugashi

TARGET = (
    pathlib.Path(__file__).parents[2]
    / "tokenizer/src/test/resources/io/github/bunvec/tokenizer/mecab/tiny-dictionaries.jsonl"
)
LETTERS = "ab12アイ漢字 \t\u3000é𠮷"
TEXT_LETTERS = LETTERS + "z9ウ語。\uffff"


def specification(generator):
    names = ["DEFAULT", "SPACE", "P", "Q", "R"][: generator.randint(3, 5)]
    categories = [[name, generator.random() < 0.5, generator.random() < 0.6, generator.randint(0, 4)] for name in names]
    ranges = [[0x20, 0x20, ["SPACE"]]]
    for character in sorted(set("ab12zアイウ漢字語é。\t\u3000")):
        if generator.random() < 0.8:
            some = generator.sample(names, generator.choice((1, 1, 1, 2)))
            ranges.append([ord(character), ord(character), some])
    left, right = generator.randint(2, 4), generator.randint(2, 4)
    step = generator.choice((1, 100))
    words = {"".join(generator.choices(LETTERS, k=generator.randint(1, 4))) for _ in range(generator.randint(1, 25))}
    entry = lambda surface: [surface, generator.randrange(right), generator.randrange(left), step * generator.randint(-1, 6)]
    return {
        "categories": categories,
        "ranges": ranges,
        "left_size": left,
        "right_size": right,
        "matrix": [step * generator.randint(-1, 2) for _ in range(left * right)],
        "entries": [entry(word) for word in sorted(words) if not word.isspace()],
        "unknown": [entry(name) for name in names for _ in range(generator.randint(1, 2))],
    }


def compile_dictionary(spec, folder):
    def write(name, lines):
        pathlib.Path(folder, name).write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")

    line = lambda entry: f'"{entry[0]}",{entry[1]},{entry[2]},{entry[3]},x'
    write("dicrc", ["cost-factor = 800", "bos-feature = BOS", "eval-size = 1", "unk-eval-size = 1", "config-charset = UTF-8"])
    write("words.csv", map(line, spec["entries"]))
    write("unk.def", (line(entry).replace('"', "") for entry in spec["unknown"]))
    write(
        "char.def",
        [f"{name} {invoke:d} {group:d} {length}" for name, invoke, group, length in spec["categories"]]
        + [f"0x{first:04X}..0x{last:04X} {' '.join(names)}" for first, last, names in spec["ranges"]],
    )
    left, right = spec["left_size"], spec["right_size"]
    costs = [f"{l} {r} {spec['matrix'][l + left * r]}" for r in range(right) for l in range(left)]
    write("matrix.def", [f"{left} {right}"] + costs)
    for name in "left-id.def", "right-id.def", "pos-id.def", "rewrite.def", "feature.def":
        write(name, ["x 0"] if name == "pos-id.def" else ["0 x"] if "id" in name else [""])
    # In a process of its own: MeCab's compiler ends the process when it is not content.
    command = f"import fugashi; fugashi.build_dictionary('build -d {folder} -o {folder} -f utf-8 -t utf-8')"
    done = subprocess.run([sys.executable, "-c", command], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr + done.stdout


def text(generator):
    kind = generator.random()
    if kind < 0.6:
        return "".join(generator.choices(TEXT_LETTERS, k=generator.randint(0, 14)))
    if kind < 0.8:
        return "".join(generator.choice(TEXT_LETTERS) * generator.randint(1, 4) for _ in range(5))
    run = "".join(generator.choices(TEXT_LETTERS, k=2)) if kind < 0.85 else generator.choice(TEXT_LETTERS)
    return generator.choice(("", "a", " ")) + run * generator.randint(20, 30) + generator.choice(("", "a", " "))


def main():
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    generator = random.Random(42)
    with open(TARGET, "w", encoding="utf-8", newline="\n") as out:
        for _ in range(60):
            spec = specification(generator)
            with tempfile.TemporaryDirectory() as folder:
                compile_dictionary(spec, folder)
                tagger = fugashi.GenericTagger(f'-d "{folder}" -r "{folder}/dicrc"')
                texts = list(dict.fromkeys(text(generator) for _ in range(30)))
                spec["cases"] = [[t, [word.surface for word in tagger(t)]] for t in texts]
            out.write(json.dumps(spec) + "\n")


if __name__ == "__main__":
    main()
