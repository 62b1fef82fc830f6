"""Random weights for the look-alike models, in the containers and under the names of the published files.

Imported by lookalikes.py; run on its own it does nothing.

The scale is chosen so that a random encoder tells texts apart: attention has preferences (scores of standard deviation
near 2), the other matrices keep the size of their input. Random numbers are numpy's PCG64, seeded per model.
"""

from pathlib import Path

import numpy as np
import torch
from safetensors.torch import save_file
from transformers import BertConfig, BertForMaskedLM, BertModel, LukeConfig, LukeModel


def _fill(module, random):
    for name, tensor in module.named_parameters():
        noise = torch.from_numpy(random.standard_normal(tuple(tensor.shape), dtype=np.float32))
        if name.endswith("LayerNorm.weight"):
            tensor.copy_(1 + 0.1 * noise)
        elif name.endswith("LayerNorm.bias"):
            tensor.copy_(0.1 * noise)
        elif tensor.dim() == 1:
            tensor.copy_(0.05 * noise)
        elif "word_embeddings" in name:
            tensor.copy_(0.05 * noise)
        elif "_embeddings." in name:
            tensor.copy_(0.02 * noise)
        else:
            gain = 1.4 if "query" in name or "key" in name else 1.0
            tensor.copy_(gain / tensor.shape[1] ** 0.5 * noise)
    return module.eval()


def encoder(config, seed):
    """State dict of the model a config.json describes: BertModel, LukeModel, or BertForMaskedLM with tied weights."""
    random = np.random.Generator(np.random.PCG64(seed))
    if config.get("model_type") == "luke":
        return _fill(LukeModel(LukeConfig(**config)), random).state_dict()
    return _fill(BertModel(BertConfig(**config)), random).state_dict()


def with_positions(state, positions):
    """Adds the int64 buffer that transformers saved until 4.30."""
    state["embeddings.position_ids"] = torch.arange(positions, dtype=torch.int64)[None, :]
    state.move_to_end("embeddings.position_ids", last=False)
    return state


def masked_lm(state, config, seed):
    """The same encoder as BertForMaskedLM keeps it: prefix bert., a head, the decoder tied to the word embeddings."""
    model = _fill(BertForMaskedLM(BertConfig(**config)), np.random.Generator(np.random.PCG64(seed)))
    model.load_state_dict({f"bert.{name}": value for name, value in state.items()}, strict=False)
    model.tie_weights()
    head = {name: value for name, value in model.state_dict().items() if name.startswith("cls.")}
    made = model.bert.state_dict(prefix="bert.")
    for name in ("pooler.dense.weight", "pooler.dense.bias"):
        made[f"bert.{name}"] = state[name]
    made.update(head)
    shared = made["cls.predictions.decoder.weight"].data_ptr()
    assert shared == made["bert.embeddings.word_embeddings.weight"].data_ptr(), "the decoder is not tied"
    return made


def save_bin(state, file, legacy=False):
    """torch.save; the legacy container is what torch wrote until 1.5."""
    Path(file).parent.mkdir(parents=True, exist_ok=True)
    torch.save(state, file, _use_new_zipfile_serialization=not legacy)


def save_safetensors(state, file):
    save_file(dict(state), file, metadata={"format": "pt"})


def dense(width, seed):
    """State dict of sentence-transformers' Dense module."""
    linear = torch.nn.Module()
    linear.linear = torch.nn.Linear(width, width)
    return _fill(linear, np.random.Generator(np.random.PCG64(seed))).state_dict()
