"""What the golden scripts share: hidden states of transformers' encoders in two precisions, poolings, file comparison.

Imported by encoder_golden.py and demo_model_golden.py; run on its own it does nothing.
"""

import json
from pathlib import Path

import numpy as np
import torch
from safetensors.numpy import load_file, save_file
from sentence_transformers.models import Pooling
from transformers import AutoModel
from transformers.utils import logging

# The order of the rows of every "pooled" tensor, and the name sentence-transformers has for each.
POOLINGS = ["cls", "mean", "max", "mean_sqrt_len_tokens", "weightedmean", "lasttoken"]

# A result made on another CPU differs in the last bits of float32 sums and hardly at all in float64.
FLOAT32_TOLERANCE = 5e-5
FLOAT64_TOLERANCE = 1e-12


def settle():
    """One thread and no tracking of gradients, so that a run repeats itself bit for bit on one machine."""
    logging.set_verbosity_error()
    torch.set_num_threads(1)
    torch.set_grad_enabled(False)


def load(directory):
    """A directory's model in float32, however stored, with plain (eager) attention; a missing tensor ends the run."""
    model, info = AutoModel.from_pretrained(
        directory,
        attn_implementation="eager",
        dtype=torch.float32,
        add_pooling_layer=False,
        local_files_only=True,
        output_loading_info=True,
    )
    if info["missing_keys"] or info["mismatched_keys"] or info["error_msgs"]:
        raise SystemExit(f"{directory}: {info}")
    return model.eval()


def hidden_states(model, ids):
    """[layers + 1, length, hidden]: the embedding output, then the output of every layer, of one sequence alone."""
    row = torch.tensor([ids], dtype=torch.int64)
    out = model(
        input_ids=row,
        attention_mask=torch.ones_like(row),
        token_type_ids=torch.zeros_like(row),
        output_hidden_states=True,
    )
    assert torch.equal(out.hidden_states[-1], out.last_hidden_state)
    return torch.cat(out.hidden_states)


def pooled(states):
    """[7, hidden]: sentence-transformers' six poolings in the order of POOLINGS, then the mean scaled to length one."""
    tokens = states[-1:]
    rows = []
    for mode in POOLINGS:
        features = {
            "token_embeddings": tokens.clone(),
            "attention_mask": torch.ones(tokens.shape[:2], dtype=torch.int64),
        }
        rows.append(Pooling(tokens.shape[-1], pooling_mode=mode)(features)["sentence_embedding"])
    rows.append(torch.nn.functional.normalize(rows[1], p=2, dim=1))
    return torch.cat(rows)


def sequence_tensors(single, double, ids, rows):
    """The golden tensors of one sequence, by suffix; see README.md for their shapes and meaning."""
    s32, s64 = hidden_states(single, ids), hidden_states(double, ids)
    p32, p64 = pooled(s32), pooled(s64)
    assert s32.dtype == torch.float32 and s64.dtype == torch.float64 and p64.dtype == torch.float64
    error = s32.double() - s64
    return {
        "ids": np.array(ids, dtype=np.int32),
        "rows": np.array(rows, dtype=np.int32),
        "hidden.f32": s32[:, rows].numpy(),
        "hidden.f64": s64[:, rows].numpy(),
        "hidden.error.max": error.abs().amax(dim=(1, 2)).numpy(),
        "hidden.error.rms": error.square().mean(dim=(1, 2)).sqrt().numpy(),
        "pooled.f32": p32[:6].numpy(),
        "pooled.error.max": (p32[:6].double() - p64[:6]).abs().amax(dim=1).numpy(),
        "unit.f32": p32[6].numpy(),
        "unit.f64": p64[6].numpy(),
    }


def worst_errors(single, double, sequences):
    """The largest float32 errors over every row of every sequence: by layer, and of the mean vector of length one."""
    hidden, unit = [], []
    for ids in sequences:
        s32, s64 = hidden_states(single, ids), hidden_states(double, ids)
        hidden.append((s32.double() - s64).abs().amax(dim=(1, 2)))
        unit.append((pooled(s32)[6].double() - pooled(s64)[6]).abs().max())
    return {
        "all.hidden.error.max": torch.stack(hidden).amax(dim=0).numpy(),
        "all.unit.error.max": torch.stack(unit).max().reshape(1).numpy(),
    }


def save(stem, tensors, description):
    """Writes stem.safetensors and stem.json; the same input gives the same bytes."""
    stem.parent.mkdir(parents=True, exist_ok=True)
    contiguous = {name: np.ascontiguousarray(value) for name, value in tensors.items()}
    save_file(contiguous, f"{stem}.safetensors")
    text = json.dumps(description, ensure_ascii=False, indent=2) + "\n"
    Path(f"{stem}.json").write_text(text, encoding="utf-8")


def _compare_tensors(name, fresh, kept, problems):
    a, b = load_file(fresh), load_file(kept)
    if a.keys() != b.keys():
        problems.append(f"{name}: tensors {sorted(a.keys() ^ b.keys())} are on one side only")
        return
    for key in a:
        if a[key].dtype != b[key].dtype or a[key].shape != b[key].shape:
            problems.append(f"{name}: {key} is {b[key].dtype} {b[key].shape}, made anew {a[key].dtype} {a[key].shape}")
            continue
        if ".error." in key:  # rounding errors are this CPU's own: only their size can be compared
            same = np.all((a[key] <= 4 * b[key] + 1e-6) & (b[key] <= 4 * a[key] + 1e-6))
        elif a[key].dtype == np.float64:
            same = np.allclose(a[key], b[key], rtol=0, atol=FLOAT64_TOLERANCE)
        elif a[key].dtype == np.float32:
            same = np.allclose(a[key], b[key], rtol=0, atol=FLOAT32_TOLERANCE)
        else:
            same = np.array_equal(a[key], b[key])
        if not same:
            worst = np.abs(a[key].astype(np.float64) - b[key].astype(np.float64)).max()
            problems.append(f"{name}: {key} differs by up to {worst:.3g}")


def compare(fresh_root, kept_root, names):
    """Compares fresh files with the committed ones and prints what differs; 0 when nothing does, else 1."""
    problems, identical = [], 0
    for name in names:
        fresh, kept = fresh_root / name, kept_root / name
        if not kept.is_file():
            problems.append(f"{name}: not in {kept_root}")
        elif fresh.read_bytes() == kept.read_bytes():
            identical += 1
        elif kept.name.endswith(".safetensors") and kept.name != "model.safetensors":
            _compare_tensors(name, fresh, kept, problems)
        else:
            problems.append(f"{name}: differs")
    for problem in problems:
        print(problem)
    print(f"{len(names)} files, {identical} identical to the byte, {len(problems)} problems")
    return 1 if problems else 0
