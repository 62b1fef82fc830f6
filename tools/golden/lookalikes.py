"""Builds directories shaped exactly as five Japanese models are published, and what Python makes of them.

    pip install -r tools/golden/requirements.txt
    HF_HUB_OFFLINE=1 python tools/golden/lookalikes.py                # tiny: writes engine/src/test/.../lookalikes/
    HF_HUB_OFFLINE=1 python tools/golden/lookalikes.py --check        # makes them elsewhere and compares
    HF_HUB_OFFLINE=1 python tools/golden/lookalikes.py --size full --corpus sentences.txt --output DIR [--only NAME]

File names, JSON keys and values, weight containers and tensor names are the published ones; weights are random, and
vocabularies are made here. tiny: hidden size 24, two layers, with golden vectors; full: the true sizes, for
development time (0.45 to 1.8 GB each; vectors by make_reference.py).
"""

import argparse
import importlib
import io
import json
import shutil
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

import dictionary_subset
import lookalike_directories as directories
import lookalike_texts
import lookalike_vocabularies as vocabularies
import make_reference
from make_reference import Options

GOLDEN = Path(__file__).resolve().parents[2] / "engine/src/test/resources/io/github/bunvec/engine/lookalikes"
TOLERANCE = 2e-6  # of unit vectors made on another machine
DICTIONARY = "unidic-lite-subset.zip"


@dataclass(frozen=True)
class Model:
    """A directory and the ways its users encode: profile -> options. `like`: whose golden file all of them give."""

    name: str
    build: object
    size: directories.Size
    vocabulary: str
    usages: dict
    like: str | None = None


IPADIC = {"mecab_dic": "ipadic", "batch_size": 8}
PLAIN, LIBRARY = "transformers", "sentence-transformers"
MODELS = [
    Model("a-sentence-bert-v2", directories.sentence_bert_v2, directories.BASE, "ipadic",
          {PLAIN: IPADIC, LIBRARY: IPADIC}),
    Model("a-sentence-bert-v1", directories.sentence_bert_v1, directories.BASE, "ipadic", {PLAIN: IPADIC}),
    Model("b-simcse-clcmlp", directories.simcse_clcmlp, directories.BASE, "unidic_lite", {LIBRARY: {}}),
    Model("c-whole-word-masking", directories.whole_word_masking, directories.BASE, "ipadic",
          {PLAIN: IPADIC}),
    Model("c-saved-in-folder", directories.saved_in_folder, directories.BASE, "ipadic", {LIBRARY: IPADIC},
          like="c-whole-word-masking.transformers"),
    Model("c-saved-in-root", directories.saved_in_root, directories.BASE, "ipadic", {LIBRARY: IPADIC},
          like="c-whole-word-masking.transformers"),
    Model("d-sup-simcse-large", directories.sup_simcse_large, directories.LARGE, "unidic_lite", {LIBRARY: {}}),
    Model("e-glucose", directories.glucose, directories.BASE, "sentencepiece", {LIBRARY: {}}),
]


class Vocabularies:
    """One vocabulary for each tokenizer, made when it is first asked for."""

    def __init__(self, texts, full, scratch):
        self.texts, self.full, self.scratch, self.made = texts, full, scratch, {}

    def of(self, kind):
        if kind not in self.made:
            self.made[kind] = self._make(kind)
        return self.made[kind]

    def _make(self, kind):
        if kind == "sentencepiece":
            content = vocabularies.sentencepieces(self.texts, 32768 if self.full else None, self.scratch)
            return content, len(vocabularies.sentencepiece_model_pb2.ModelProto.FromString(content).pieces)
        size = {"ipadic": 32000, "unidic_lite": 32768}[kind] if self.full else None
        return vocabularies.wordpieces(self.texts, kind, size, kind)


def build(model, root, made, full):
    """Writes one directory, anew."""
    directory = root / model.name
    if directory.exists():
        shutil.rmtree(directory)
    directory.mkdir(parents=True)
    model.build(directory, model.size if full else directories.TINY, made.of(model.vocabulary))
    for file, size in directories.PUBLISHED_BYTES.get(model.name, {}).items():
        found = (directory / file).stat().st_size
        if full and found != size:
            print(f"{model.name}/{file} has {found} bytes, published are {size}")
    return directory


def write_dictionary(file):
    """A part of unidic-lite that cuts the texts as all of it does; zipped, because a dictionary is mostly zeros."""
    folder = Path(importlib.import_module("unidic_lite").DICDIR)
    with tempfile.TemporaryDirectory() as scratch, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        dictionary_subset.subset(folder, lookalike_texts.texts(), Path(scratch))
        for part in sorted(Path(scratch).iterdir()):
            archive.writestr(zipfile.ZipInfo(part.name), part.read_bytes(), zipfile.ZIP_DEFLATED, 9)


def unit(vectors):
    return vectors / np.linalg.norm(vectors.astype(np.float64), axis=1, keepdims=True)


def golden(model, directory, root):
    """Writes a reference file for each usage and prints what its vectors can tell."""
    for profile, options in model.usages.items():
        encoder = make_reference.encoder_for(str(directory), Options(profile=profile, **options))
        rows = list(make_reference.rows(encoder, lookalike_texts.texts()))
        lines = [
            json.dumps({"text": text, "ids": ids, "embedding": make_reference.shortest(vector)},
                       ensure_ascii=False, separators=(",", ":"))
            for text, ids, _, vector in rows
        ]
        file = root / f"{model.like or f'{model.name}.{profile}'}.jsonl"
        if model.like is None:
            file.write_text("\n".join(lines) + "\n", encoding="utf-8")
        else:
            kept = file.read_text(encoding="utf-8").removesuffix("\n").split("\n")
            if not all(map(_same_row, lines, kept)):
                raise SystemExit(f"{model.name}: {profile} gives other results than {file.name}")
        vectors = unit(np.array([row[3] for row in rows]))
        ids = [tuple(row[1]) for row in rows]
        others = [vectors[i] @ vectors[k] for i in range(len(ids)) for k in range(i) if ids[i] != ids[k]]
        unknown = encoder.tokenizer.unk_token_id
        share = sum(i.count(unknown) for i in ids) / sum(map(len, ids))
        print(
            f"{model.name:21} {profile:21} {sum(f.stat().st_size for f in directory.rglob('*')) >> 10:5} KiB"
            f"  longest {max(map(len, ids))}  unknown {share:.1%}"
            f"  cosine of others: mean {np.mean(others):.3f}, greatest {max(others):.6f}"
        )


def _same_row(fresh, kept):
    a, b = json.loads(fresh), json.loads(kept)
    x, y = (unit(np.array([row["embedding"]])) for row in (a, b))
    return a["text"] == b["text"] and a["ids"] == b["ids"] and x.shape == y.shape and np.abs(x - y).max() <= TOLERANCE


def _same(fresh, kept):
    """Equal to the byte; pickled weights as tensors, because the old container holds addresses; vectors by value."""
    if fresh.read_bytes() == kept.read_bytes():
        return True
    if fresh.suffix == ".zip":
        a, b = (zipfile.ZipFile(io.BytesIO(file.read_bytes())) for file in (fresh, kept))
        return a.namelist() == b.namelist() and all(a.read(name) == b.read(name) for name in a.namelist())
    if fresh.suffix == ".bin":
        a, b = (torch.load(file, weights_only=True) for file in (fresh, kept))
        return list(a) == list(b) and all(torch.equal(a[name], b[name]) for name in a)
    if fresh.suffix == ".jsonl":
        a, b = (file.read_text(encoding="utf-8").removesuffix("\n").split("\n") for file in (fresh, kept))
        return len(a) == len(b) and all(map(_same_row, a, b))
    return False


def compare(fresh_root):
    """Compares what was made anew with the committed files; 0 when all of it is current, else 1."""
    made = {str(f.relative_to(fresh_root)) for f in fresh_root.rglob("*") if f.is_file()}
    kept = {
        str(f.relative_to(GOLDEN)) for m in MODELS for f in (GOLDEN / m.name).rglob("*") if f.is_file()
    } | {f.name for f in GOLDEN.glob("*.*")}
    problems = [f"{name}: is on one side only" for name in sorted(made ^ kept)]
    problems += [f"{name}: differs" for name in sorted(made & kept) if not _same(fresh_root / name, GOLDEN / name)]
    for problem in problems:
        print(problem)
    print(f"{len(made)} files, {len(problems)} problems")
    return 1 if problems else 0


def install(fresh_root):
    """Puts what was made anew in place of the committed files, where it differs."""
    made = [f.relative_to(fresh_root) for f in fresh_root.rglob("*") if f.is_file()]
    for name in made:
        if not (GOLDEN / name).is_file() or not _same(fresh_root / name, GOLDEN / name):
            (GOLDEN / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(fresh_root / name, GOLDEN / name)
    for file in (f for f in GOLDEN.rglob("*") if f.is_file()):
        if file.relative_to(GOLDEN) not in made:
            file.unlink()


def arguments():
    parser = argparse.ArgumentParser(description="Builds look-alikes of five published models.")
    parser.add_argument("--size", choices=["tiny", "full"], default="tiny")
    parser.add_argument("--output", type=Path, help="folder for the directories; default: the engine's test resources")
    parser.add_argument("--corpus", type=Path, help="full: sentences to make vocabularies of, one a line")
    parser.add_argument("--only", choices=[m.name for m in MODELS], help="one of the models")
    parser.add_argument("--check", action="store_true", help="compare with the committed files instead of writing them")
    args = parser.parse_args()
    wanted = args.size == "full"
    if (args.output is not None) != wanted or (args.corpus is not None) != wanted or args.only and not wanted:
        parser.error("--size full needs --output and --corpus, and may have --only; --size tiny takes none of them")
    return args


def main():
    args = arguments()
    make_reference.settle()
    torch.set_num_threads(1)
    full = args.size == "full"
    texts = lookalike_texts.texts()
    if full:
        texts += args.corpus.read_text(encoding="utf-8").splitlines()
    with tempfile.TemporaryDirectory() as scratch:
        fresh = Path(scratch) / "lookalikes"
        root = args.output if full else fresh
        root.mkdir(parents=True, exist_ok=True)
        made = Vocabularies(texts, full, Path(scratch))
        for model in MODELS:
            if args.only in (None, model.name):
                directory = build(model, root, made, full)
                if not full:
                    golden(model, directory, root)
        if full:
            return 0
        write_dictionary(root / DICTIONARY)
        if args.check:
            return compare(fresh)
        install(fresh)
        return 0


if __name__ == "__main__":
    raise SystemExit(main())
