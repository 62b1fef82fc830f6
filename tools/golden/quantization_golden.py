"""Quantizes random vectors by sentence-transformers 6.0, whose rules bunvec follows.

    pip install --no-deps --target ST6 sentence-transformers==6.0.1
    python tools/golden/quantization_golden.py ST6 [--check]

Only the one module is taken from the newer version; everything else here is made with 5.3.
"""

import importlib.util
import sys
from pathlib import Path

import numpy as np
from safetensors.numpy import save

GOLDEN = (
    Path(__file__).resolve().parents[2] / "engine/src/test/resources/io/github/bunvec/engine/golden/quantization.safetensors"
)


def load_module(folder):
    source = Path(folder) / "sentence_transformers/util/quantization.py"
    spec = importlib.util.spec_from_file_location("quantization", source)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def vectors(rows, columns, seed):
    random = np.random.default_rng(seed)
    values = random.standard_normal((rows, columns)).astype(np.float32)
    values[:, 1] = 0.25  # a range of width zero
    values[0, 0] = 0.0  # neither above zero nor below
    values[1, 0] = -0.0
    return values


def tensors(module):
    """All as float32, which holds every value here: the reader in the tests needs one type."""
    result = {}
    for rows, columns in [(120, 13), (3, 8), (2, 16)]:
        sample = vectors(rows, columns, rows)
        beyond = (vectors(5, columns, 7) * np.float32(3)).astype(np.float32)
        ranges = np.vstack((sample.min(axis=0), sample.max(axis=0)))
        case = {"sample": sample, "beyond": beyond, "ranges": ranges}
        for precision in ["int8", "uint8", "binary", "ubinary"]:
            case[f"sample.{precision}"] = module.quantize_embeddings(sample, precision, ranges=ranges)
            case[f"beyond.{precision}"] = module.quantize_embeddings(beyond, precision, ranges=ranges)
        for name, value in case.items():
            result[f"{columns}.{name}"] = value.astype(np.float32)
    return result


def main():
    data = save(tensors(load_module(sys.argv[1])))
    if "--check" in sys.argv:
        same = GOLDEN.read_bytes() == data
        print("0 problems" if same else "1 problem: the committed file differs")
        sys.exit(not same)
    GOLDEN.write_bytes(data)


if __name__ == "__main__":
    main()
