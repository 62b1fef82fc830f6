"""Checks directories that bunvec saved: sentence-transformers must open them and compute bunvec's vectors.

    bunvec save --model MODEL --output DIR
    bunvec embed --model MODEL --input texts.jsonl --output vectors.jsonl
    HF_HUB_OFFLINE=1 python tools/golden/saved_model_check.py DIR=vectors.jsonl [DIR=vectors.jsonl ...]

Give embed the options that save was given (--max-length, --prompt, ...): they are what the directory must keep. Needs no
argument here that bunvec did not write down, and takes any version of sentence-transformers: 5.3 is in requirements.txt,
6.0.1 goes into an environment of its own. A directory with truncate_dim is wrong in 5.3, which does not know the key.
Weights must be computed with as bunvec did, in FP32: give embed --dtype fp32 where a model is stored in BF16.

Prints the greatest difference of a component of unit vectors for each directory. Status 0 if none is over --tolerance.
"""

import argparse
import json
import sys
from pathlib import Path

import numpy as np
import sentence_transformers
import torch
import transformers
from sentence_transformers import SentenceTransformer


def read_rows(file):
    """Texts and vectors that bunvec wrote."""
    lines = file.read_bytes().decode("utf-8").removesuffix("\n").split("\n")
    rows = [json.loads(line) for line in lines]
    return [row["text"] for row in rows], np.array([row["embedding"] for row in rows], dtype=np.float64)


def unit(vectors):
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return vectors / np.where(lengths == 0, 1, lengths)


def differences(directory, file):
    """The greatest differences of components as they are, and of unit vectors."""
    texts, ours = read_rows(file)
    model = SentenceTransformer(str(directory), device="cpu", model_kwargs={"dtype": torch.float32})
    theirs = model.encode(texts, batch_size=8, show_progress_bar=False).astype(np.float64)
    if theirs.shape != ours.shape:
        raise ValueError(f"vectors are {list(theirs.shape)}, bunvec's are {list(ours.shape)}")
    if not np.isfinite(theirs).all() or not ours.any():
        raise ValueError("vectors are not finite, or all zero")
    return len(texts), np.abs(theirs - ours).max(), np.abs(unit(theirs) - unit(ours)).max()


def arguments():
    parser = argparse.ArgumentParser(description="Compares saved models with sentence-transformers.")
    parser.add_argument("cases", nargs="+", metavar="DIR=VECTORS", help="a saved directory and bunvec's vectors, .jsonl")
    parser.add_argument("--tolerance", type=float, default=5e-6, help="of components of unit vectors")
    return parser.parse_args()


def main():
    args = arguments()
    transformers.utils.logging.set_verbosity_error()
    torch.set_grad_enabled(False)
    print(f"sentence-transformers {sentence_transformers.__version__}, transformers {transformers.__version__}")
    wrong = 0
    for case in args.cases:
        directory, file = case.split("=", 1)
        try:
            texts, plain, difference = differences(Path(directory), Path(file))
        except Exception as e:  # what a version refuses is a result of this check
            wrong += 1
            print(f"{directory}: FAILED: {type(e).__name__}: {str(e).splitlines()[0] if str(e) else ''}")
            continue
        bad = not difference <= args.tolerance
        wrong += bad
        print(f"{directory}: {texts} texts, difference {plain:.2e}, of unit vectors {difference:.2e}{'  WRONG' if bad else ''}")
    print(f"{wrong} of {len(args.cases)} directories are wrong")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
