"""Checks a model directory's golden.jsonl against sentence-transformers and keeps hidden states of a few of its texts.

    pip install -r tools/golden/requirements.txt
    HF_HUB_OFFLINE=1 python tools/golden/demo_model_golden.py MODEL            # writes .../golden/mini-ja-hidden.*
    HF_HUB_OFFLINE=1 python tools/golden/demo_model_golden.py MODEL --check    # makes them elsewhere and compares

MODEL is the demonstration model's directory (bunvec-mini-ja, with its golden.jsonl). Ends with status 1 when a row of
golden.jsonl is not reproduced: other ids, or a vector further than 1e-6 in any component. README.md beside this file
describes the files written.
"""

import argparse
import json
import tempfile
from pathlib import Path

import numpy as np
import sentence_transformers
import torch
import transformers
from sentence_transformers import SentenceTransformer

import reference_states

GOLDEN = Path(__file__).resolve().parents[2] / "engine/src/test/resources/io/github/bunvec/engine/golden"
STEM = "mini-ja-hidden"
VECTOR_TOLERANCE = 1e-6
TEXTS = 3


def read_rows(file):
    with file.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines if line.strip()]


def check_vectors(directory, rows):
    """Encodes every text in float32, alone and in batches, prints the differences and says whether all rows agree."""
    model = SentenceTransformer(
        str(directory),
        device="cpu",
        local_files_only=True,
        model_kwargs={"dtype": torch.float32, "attn_implementation": "eager"},
    )
    texts = [row["text"] for row in rows]
    expected = np.array([row["embedding"] for row in rows])
    wrong_ids = 0
    for row in rows:
        ids = model.tokenize([row["text"]])["input_ids"][0].tolist()
        wrong_ids += ids != row["ids"]
    worst = {}
    for batch in (1, 32):
        vectors = model.encode(texts, batch_size=batch, show_progress_bar=False)
        assert vectors.dtype == np.float32
        worst[batch] = np.abs(vectors.astype(np.float64) - expected).max()
    print(f"golden.jsonl: {len(rows)} rows, {wrong_ids} with other ids,", end=" ")
    print(f"vectors within {worst[1]:.2e} one by one, {worst[32]:.2e} in batches of 32")
    return wrong_ids == 0 and max(worst.values()) <= VECTOR_TOLERANCE


def make(directory, rows, root):
    """Writes the hidden states of the first, middle and last token of a few short texts."""
    single = reference_states.load(directory)
    double = reference_states.load(directory).double()
    short = [row for row in rows if 6 <= len(row["ids"]) <= 24][:TEXTS]
    assert len(short) == TEXTS
    tensors, sequences = {}, []
    for i, row in enumerate(short):
        ids = row["ids"]
        kept = [0, len(ids) // 2, len(ids) - 1]
        for suffix, value in reference_states.sequence_tensors(single, double, ids, kept).items():
            tensors[f"text{i}.{suffix}"] = value
        sequences.append({"name": f"text{i}", "length": len(ids), "text": row["text"]})
        difference = np.abs(tensors[f"text{i}.unit.f32"] - np.array(row["embedding"])).max()
        errors = " ".join(f"{e:.1e}" for e in tensors[f"text{i}.hidden.error.max"])
        print(f"text{i}: {len(ids)} tokens, vector {difference:.2e} from golden.jsonl, float32 error by layer {errors}")
    # Three texts bound the largest error badly; every row of golden.jsonl does it well.
    tensors |= reference_states.worst_errors(single, double, [row["ids"] for row in rows])
    print("float32 error by layer over all rows", " ".join(f"{e:.1e}" for e in tensors["all.hidden.error.max"]))
    description = {
        "model": "bunvec-mini-ja",
        "form": "plain",
        "stored_dtype": "bfloat16",
        "sequences": sequences,
        "poolings": reference_states.POOLINGS,
        "made_with": {
            "torch": torch.__version__.split("+")[0],
            "transformers": transformers.__version__,
            "sentence_transformers": sentence_transformers.__version__,
        },
    }
    reference_states.save(root / STEM, tensors, description)


def main():
    parser = argparse.ArgumentParser(description="Checks the demonstration model's vectors, keeps hidden states.")
    parser.add_argument("model", type=Path, help="directory of bunvec-mini-ja with its golden.jsonl")
    parser.add_argument("--check", action="store_true", help="compare with the committed files instead of writing them")
    arguments = parser.parse_args()
    reference_states.settle()
    rows = read_rows(arguments.model / "golden.jsonl")
    agrees = check_vectors(arguments.model, rows)
    with tempfile.TemporaryDirectory() as scratch:
        root = Path(scratch) if arguments.check else GOLDEN
        make(arguments.model, rows, root)
        names = [f"{STEM}.json", f"{STEM}.safetensors"]
        differs = reference_states.compare(root, GOLDEN, names) if arguments.check else 0
    return differs if agrees else 1


if __name__ == "__main__":
    raise SystemExit(main())
