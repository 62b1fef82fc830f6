"""Checkpoints as torch.save and save_pretrained write them, and the same tensors as safetensors.

    HF_HUB_OFFLINE=1 python tools/golden/checkpoint_golden.py            # writes loader/src/test/.../checkpoint/
    HF_HUB_OFFLINE=1 python tools/golden/checkpoint_golden.py --check    # makes them anew elsewhere and compares

Written: tensors.zip.bin and tensors.legacy.bin (every type, views, shared storages, parameters, a module's metadata),
zip64.bin, protocol4.zip.bin, protocol5.zip.bin, and their contiguous twin tensors.safetensors; rounding.safetensors, floats and what
torch rounds them to in bfloat16 and float16; tiny-bert/<form>/, one BertForMaskedLM with tied embeddings in every form that
save_pretrained knows, and model.safetensors with all its tensors.
"""

import argparse
import json
import shutil
import sys
import tempfile
import zipfile
from collections import OrderedDict
from pathlib import Path

import pickletools
import torch
from safetensors.torch import load_file, save_file
from transformers import BertConfig, BertForMaskedLM

GOLDEN = Path(__file__).resolve().parents[2] / "loader/src/test/resources/io/github/bunvec/loader/checkpoint"


def state_dict():
    """All that may happen to a tensor in a state dict."""
    torch.manual_seed(4)
    module = torch.nn.Sequential(torch.nn.Linear(3, 4), torch.nn.LayerNorm(4))
    module.register_buffer("position_ids", torch.arange(6).expand((1, -1)))
    tensors = module.state_dict()  # an OrderedDict with _metadata
    base = torch.randn(4, 6)
    tensors["view.base"] = base
    tensors["view.transposed"] = base.t()
    tensors["view.slice"] = base[1:3]
    tensors["view.columns"] = base[:, 1:6:2]
    tensors["view.permuted"] = torch.randn(2, 3, 4).permute(2, 0, 1)
    tensors["view.scalar"] = base[2, 3]
    tensors["view.empty"] = base[4:]
    tensors["tied.a"] = base
    tensors["parameter"] = torch.nn.Parameter(torch.randn(2, 2))
    tensors["parameter.transposed"] = torch.nn.Parameter(torch.randn(2, 3).t(), requires_grad=False)
    for name, dtype in [
        ("f64", torch.float64),
        ("f32", torch.float32),
        ("f16", torch.float16),
        ("bf16", torch.bfloat16),
    ]:
        values = torch.randn(3, 5, dtype=torch.float64)
        values[0, :4] = torch.tensor([float("inf"), -0.0, 6e-8, 65504.0])
        tensors["type." + name] = values.to(dtype)
        tensors["type.transposed." + name] = values.to(dtype).t()
    for name, dtype in [("i64", torch.int64), ("i32", torch.int32), ("i16", torch.int16), ("i8", torch.int8)]:
        tensors["type." + name] = torch.randint(-128, 128, (3, 4)).to(dtype)
        tensors["type.transposed." + name] = torch.randint(-128, 128, (2, 3)).to(dtype).t()
    tensors["type.u8"] = torch.randint(0, 256, (5,)).to(torch.uint8)
    tensors["type.bool"] = torch.randint(0, 2, (7,)).to(torch.bool)
    tensors["名前"] = torch.tensor(2.5)
    return tensors


def repack_zip64(source, target):
    """The same entries written by Python's zipfile as if all were over 4 GiB."""
    limit, zipfile.ZIP64_LIMIT = zipfile.ZIP64_LIMIT, 0
    with zipfile.ZipFile(source) as entries, zipfile.ZipFile(target, "w") as repacked:
        for entry in entries.infolist():
            repacked.writestr(zipfile.ZipInfo(entry.filename), entries.read(entry))
    zipfile.ZIP64_LIMIT = limit


def rounding_cases():
    """Floats at and beside the middle between two neighbours in bfloat16 and float16, and the special ones."""
    bits = []
    for exponent in range(0, 256, 5):
        for fraction in [0, 0x7FFF, 0x8000, 0x8001, 0x18000, 0x17FFF, 0xFFF, 0x1000, 0x1001, 0x3000, 0x7FFFFF, 0x7F8000]:
            for sign in [0, 1]:
                bits.append(sign << 31 | exponent << 23 | fraction)
    values = torch.tensor(bits, dtype=torch.int64).to(torch.int32).view(torch.float32)
    return values[~values.isnan()]


def contiguous(tensors):
    return {name: tensor.detach().clone(memory_format=torch.contiguous_format) for name, tensor in tensors.items()}


def write_tensors(folder):
    tensors = state_dict()
    torch.save(tensors, folder / "tensors.zip.bin")
    torch.save(tensors, folder / "tensors.legacy.bin", _use_new_zipfile_serialization=False)
    repack_zip64(folder / "tensors.zip.bin", folder / "zip64.bin")
    torch.save(tensors, folder / "protocol4.zip.bin", pickle_protocol=4)
    torch.save(dict(tensors), folder / "protocol5.zip.bin", pickle_protocol=5)
    save_file(contiguous(tensors), folder / "tensors.safetensors", metadata={"format": "pt"})
    cases = rounding_cases()
    save_file(
        {"f32": cases, "bf16": cases.to(torch.bfloat16), "f16": cases.to(torch.float16)},
        folder / "rounding.safetensors",
        metadata={"format": "pt"},
    )


def write_bert(folder):
    torch.manual_seed(5)
    config = BertConfig(
        vocab_size=40,
        hidden_size=16,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=24,
        max_position_embeddings=12,
    )
    model = BertForMaskedLM(config)
    forms = {
        "single-bin": dict(safe_serialization=False),
        "sharded-bin": dict(safe_serialization=False, max_shard_size="6KB"),
        "sharded-safetensors": dict(safe_serialization=True, max_shard_size="6KB"),
    }
    for name, options in forms.items():
        model.save_pretrained(folder / "tiny-bert" / name, **options)
    save_file(contiguous(model.state_dict()), folder / "tiny-bert/model.safetensors", metadata={"format": "pt"})
    # As trainings of 2020 saved: the legacy form, tied weights, an I64 buffer.
    state = OrderedDict(model.state_dict())
    state["bert.embeddings.position_ids"] = torch.arange(12).expand((1, -1))
    (folder / "tiny-bert/legacy-bin").mkdir()
    torch.save(state, folder / "tiny-bert/legacy-bin/pytorch_model.bin", _use_new_zipfile_serialization=False)


def description(path):
    """What must be equal anywhere: the bytes. The legacy form names storages by their addresses and sorts by these: there, it
    is the first four pickles with addresses numbered, and prove() compares the tensors."""
    if "legacy" not in str(path):
        return path.read_bytes()
    keys = {}
    instructions = []
    with path.open("rb") as file:
        for _ in range(4):
            for opcode, argument, _ in pickletools.genops(file):
                if isinstance(argument, str) and argument.isdigit():
                    argument = keys.setdefault(argument, len(keys))
                instructions.append((opcode.name, argument))
    return instructions


def compare(made, committed):
    names = {str(p.relative_to(made)) for p in made.rglob("*") if p.is_file()}
    present = {str(p.relative_to(committed)) for p in committed.rglob("*") if p.is_file()}
    problems = sorted(names ^ present)
    problems += [n for n in sorted(names & present) if description(made / n) != description(committed / n)]
    for problem in problems:
        print("differs:", problem)
    print(len(problems), "problems in", len(names), "files")
    return 1 if problems else 0


def prove(folder):
    """The twin is what torch.load gives, and the data show what they are meant to show."""
    expected = load_file(folder / "tensors.safetensors")
    for name in ["tensors.zip.bin", "tensors.legacy.bin", "protocol4.zip.bin", "protocol5.zip.bin"]:
        # weights_only reads protocol 2 only.
        loaded = torch.load(folder / name, weights_only=not name.startswith("protocol"))
        assert loaded.keys() == expected.keys()
        for key, tensor in loaded.items():
            assert tensor.dtype == expected[key].dtype and torch.equal(tensor, expected[key]), key
        assert not loaded["view.transposed"].is_contiguous()
        assert loaded["tied.a"].data_ptr() == loaded["view.base"].data_ptr()
    expected = load_file(folder / "tiny-bert/model.safetensors")
    loaded = torch.load(folder / "tiny-bert/legacy-bin/pytorch_model.bin", weights_only=True)
    assert torch.equal(loaded.pop("bert.embeddings.position_ids"), torch.arange(12).reshape(1, -1))
    assert loaded.keys() == expected.keys()
    assert all(torch.equal(tensor, expected[key]) for key, tensor in loaded.items())
    assert b"PK\x06\x06" in (folder / "zip64.bin").read_bytes()
    index = json.loads((folder / "tiny-bert/sharded-bin/pytorch_model.bin.index.json").read_text())
    assert len(set(index["weight_map"].values())) > 2
    pickle = zipfile.ZipFile(folder / "protocol4.zip.bin").read("protocol4.zip/data.pkl")
    assert {"STACK_GLOBAL", "MEMOIZE", "FRAME"} <= {op.name for op, _, _ in pickletools.genops(pickle)}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="compare with the committed files instead of writing them")
    check = parser.parse_args().check
    with tempfile.TemporaryDirectory() as scratch:
        made = Path(scratch) / "checkpoint"
        made.mkdir()
        write_tensors(made)
        write_bert(made)
        prove(made)
        if check:
            prove(GOLDEN)
            return compare(made, GOLDEN)
        shutil.rmtree(GOLDEN, ignore_errors=True)
        shutil.copytree(made, GOLDEN)
    return 0


sys.exit(main())
