"""Small safetensors files in every dtype, and what NumPy and PyTorch read from them as float32 bits.

    python tools/golden/safetensors_golden.py loader/src/test/resources/io/github/bunvec/loader
"""

import json
import os
import sys

import numpy as np
import torch
from safetensors.torch import save_file

rng = np.random.default_rng(20261121)

EXTREMES = [0.0, -0.0, 1.0, -1.5, 65504.0, 1e-8, 6.1e-5, 5.96e-8, 3.0e38, 1.4e-45, float("inf"), float("-inf"), 0.1]


def floats(dtype, shape):
    n = int(np.prod(shape))
    values = np.concatenate([EXTREMES, rng.normal(size=max(0, n - len(EXTREMES)))])[:n]
    return torch.tensor(values, dtype=torch.float64).to(dtype).reshape(shape)


def integers(dtype, low, high, shape):
    return torch.from_numpy(rng.integers(low, high, size=shape, endpoint=True)).to(dtype)


def float_bits(tensor):
    """Float32 bit patterns: widened by NumPy alone where it knows the type, rounded for float64."""
    if tensor.dtype == torch.bfloat16:
        # NumPy has no bfloat16: it is the upper half of a float32 by definition.
        array = (tensor.view(torch.uint16).numpy().astype(np.uint32) << 16).view(np.float32)
    else:
        with np.errstate(over="ignore"):
            array = tensor.numpy().astype(np.float32)
    return [int(bits) for bits in array.reshape(-1).view(np.uint32)]


def all_types():
    yield "f64", floats(torch.float64, (5, 4))
    yield "f32", floats(torch.float32, (3, 7))
    yield "f16", floats(torch.float16, (17,))
    yield "bf16", floats(torch.bfloat16, (2, 3, 4))
    yield "i64", integers(torch.int64, -(2**62), 2**62, (2, 3))
    yield "i32", integers(torch.int32, -(2**31), 2**31 - 1, (5,))
    yield "u8", integers(torch.uint8, 0, 255, (7,))
    yield "bool", integers(torch.bool, 0, 1, (3, 3))
    yield "scalar", torch.tensor(2.5)
    yield "empty", torch.zeros((0, 4))
    yield "名前 \"quoted\" \\ \n", floats(torch.float32, (2,))
    yield "every_f16", torch.arange(0, 65536, 257, dtype=torch.int32).to(torch.uint16).view(torch.float16)
    yield "i16", integers(torch.int16, -(2**15), 2**15 - 1, (3,))
    yield "i8", integers(torch.int8, -(2**7), 2**7 - 1, (5,))


def main(folder):
    tensors = dict(all_types())
    save_file(tensors, os.path.join(folder, "all_types.safetensors"), metadata={"format": "pt", "鍵": "値"})
    expected = {}
    for name, tensor in tensors.items():
        row = {"dtype": str(tensor.dtype).removeprefix("torch."), "shape": list(tensor.shape)}
        if tensor.dtype.is_floating_point:
            row["float_bits"] = float_bits(tensor)
        row["hex"] = tensor.contiguous().reshape(-1).view(torch.uint8).numpy().tobytes().hex()
        expected[name] = row
    with open(os.path.join(folder, "all_types_golden.json"), "w", encoding="utf-8") as out:
        json.dump(expected, out, ensure_ascii=False)
        out.write("\n")
    save_file({}, os.path.join(folder, "no_tensors.safetensors"))
    print(", ".join(f"{name} {list(t.shape)}" for name, t in tensors.items()).encode("unicode_escape").decode())


main(sys.argv[1])
