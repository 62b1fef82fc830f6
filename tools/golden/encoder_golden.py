"""Makes tiny random models of BERT's kind and what torch computes with them: the encoder's golden data.

    pip install -r tools/golden/requirements.txt
    HF_HUB_OFFLINE=1 python tools/golden/encoder_golden.py            # writes engine/src/test/.../golden/<model>/
    HF_HUB_OFFLINE=1 python tools/golden/encoder_golden.py --check    # makes them anew elsewhere and compares

Run from anywhere. README.md beside this file describes every file written. The models are random and useless for
anything but comparison: weights of standard deviation 0.1 to 0.3, so that attention has preferences, LayerNorm weights
1 + 0.1 N, biases 0.1 N. Random numbers are numpy's PCG64, seeded per model.
"""

import argparse
import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
import transformers
from safetensors.torch import load_file, save_file
from transformers import AutoConfig, AutoModel, BertForMaskedLM

import reference_states

GOLDEN = Path(__file__).resolve().parents[2] / "engine/src/test/resources/io/github/bunvec/engine/golden"
LENGTHS = [1, 2, 17, 128, 512]
# Rows kept of a long sequence: both ends and some that lie on either side of a block boundary.
ROWS = {128: [0, 63, 127], 512: [0, 1, 63, 255, 511]}


@dataclass(frozen=True)
class Spec:
    """One model. The weight names and extras of `form` are those of real checkpoints; see _rewrite."""

    name: str
    seed: int
    heads: int
    head_width: int
    layers: int
    intermediate: int
    act: str = "gelu"
    vocab: int = 97
    positions: int = 128
    eps: float = 1e-12
    std: float = 0.15
    embedding_std: float = 0.15
    dtype: torch.dtype = torch.float32
    form: str = "plain"
    model_type: str = "bert"

    @property
    def pad(self):
        return 0 if self.model_type == "bert" else 1

    @property
    def longest(self):
        """Tokens of the longest text: all but BERT begin to count positions behind the padding's."""
        return self.positions if self.model_type == "bert" else self.positions - self.pad - 1

    @property
    def hidden(self):
        return self.heads * self.head_width


SPECS = [
    Spec("gelu-h64-d32-l4-bf16", 1, 2, 32, 4, 72, positions=512, std=0.2, dtype=torch.bfloat16),
    Spec("gelu-h192-d64-l1-f16", 2, 3, 64, 1, 64, positions=512, eps=1e-5, std=0.1, dtype=torch.float16),
    Spec("gelu-h120-d24-l1-f16", 3, 5, 24, 1, 72, vocab=101, eps=1e-5, dtype=torch.float16),
    Spec("gelu-new-h96-d32-l1-bf16", 4, 3, 32, 1, 130, act="gelu_new", dtype=torch.bfloat16),
    Spec("gelu-h64-d32-l1-masked-lm", 5, 2, 32, 1, 100, vocab=113, std=0.2, form="masked-lm"),
    Spec("gelu-h32-d16-l3-gamma-beta", 6, 2, 16, 3, 48, vocab=200, std=0.3, form="gamma-beta"),
    Spec("relu-h32-d32-l1-pooler", 7, 1, 32, 1, 67, act="relu", std=0.3, form="pooler"),
    Spec("silu-h40-d40-l1", 8, 1, 40, 1, 72, act="silu", positions=512, eps=1e-5, std=0.25),
    Spec("tanh-h48-d24-l2", 9, 2, 24, 2, 60, act="tanh", std=0.25),
    Spec(
        "quick-gelu-h64-d64-l1-bf16",
        seed=10,
        heads=1,
        head_width=64,
        layers=1,
        intermediate=80,
        act="quick_gelu",
        eps=1e-5,
        std=0.2,
        embedding_std=0.05,
        dtype=torch.bfloat16,
    ),
    Spec("roberta-h60-d20-l1-f16", 11, 3, 20, 1, 72, positions=130, eps=1e-5, dtype=torch.float16, model_type="roberta"),
    Spec(
        "xlm-roberta-h48-d48-l1-bf16",
        seed=12,
        heads=1,
        head_width=48,
        layers=1,
        intermediate=64,
        positions=130,
        eps=1e-5,
        dtype=torch.bfloat16,
        form="pooler",
        model_type="xlm-roberta",
    ),
    Spec("camembert-h80-d80-l1-f16", 13, 1, 80, 1, 64, positions=130, dtype=torch.float16, model_type="camembert"),
    Spec("luke-h48-d24-l1-f16", 14, 2, 24, 1, 60, positions=514, eps=1e-5, dtype=torch.float16, model_type="luke"),
]


def _fill(model, spec, random):
    for name, tensor in model.named_parameters():
        noise = random.standard_normal(tuple(tensor.shape), dtype=np.float32)
        if name.endswith("LayerNorm.weight"):
            value = 1 + 0.1 * noise
        elif tensor.dim() == 1:
            value = 0.1 * noise
        elif "_embeddings." in name:
            value = spec.embedding_std * noise
        else:
            value = spec.std * noise
        tensor.copy_(torch.from_numpy(value.astype(np.float32)))


def _rewrite(file, spec, random):
    """Brings a saved file into the form older tools left behind; transformers reads each as the same model."""
    tensors = load_file(file)

    def noise(*shape):
        return torch.from_numpy(0.1 * random.standard_normal(shape, dtype=np.float32)).to(spec.dtype)

    if spec.form == "masked-lm":
        # What BertForMaskedLM keeps today has no buffer and no pooler; checkpoints of 2019 to 2022 have both.
        tensors["bert.embeddings.position_ids"] = torch.arange(spec.positions, dtype=torch.int64)[None, :]
        tensors["bert.pooler.dense.weight"] = noise(spec.hidden, spec.hidden)
        tensors["bert.pooler.dense.bias"] = noise(spec.hidden)
        tensors["cls.seq_relationship.weight"] = noise(2, spec.hidden)
        tensors["cls.seq_relationship.bias"] = noise(2)
    elif spec.form == "gamma-beta":
        names = {"LayerNorm.weight": "LayerNorm.gamma", "LayerNorm.bias": "LayerNorm.beta"}
        for old, new in names.items():
            tensors = {name.replace(old, new): value for name, value in tensors.items()}
    else:
        return
    save_file(tensors, file, metadata={"format": "pt"})


def build(spec, directory):
    """Writes config.json and model.safetensors, reads them back and returns the float32 model they hold."""
    random = np.random.Generator(np.random.PCG64(spec.seed))
    # One row of token types is what RoBERTa's kind has; LUKE has entities besides, which a text alone does not use.
    extra = {} if spec.model_type == "bert" else {"type_vocab_size": 1}
    if spec.model_type == "luke":
        extra |= {"entity_vocab_size": 4, "entity_emb_size": 16}
    config = AutoConfig.for_model(
        spec.model_type,
        vocab_size=spec.vocab,
        hidden_size=spec.hidden,
        num_hidden_layers=spec.layers,
        num_attention_heads=spec.heads,
        intermediate_size=spec.intermediate,
        hidden_act=spec.act,
        max_position_embeddings=spec.positions,
        layer_norm_eps=spec.eps,
        **extra,
    )
    if spec.form == "masked-lm":
        model = BertForMaskedLM(config)
    else:
        model = AutoModel.from_config(config, add_pooling_layer=spec.form == "pooler")
    _fill(model, spec, random)
    model.to(spec.dtype).save_pretrained(directory)
    _rewrite(directory / "model.safetensors", spec, random)

    loaded = reference_states.load(directory)
    made = dict((model.bert if spec.form == "masked-lm" else model).named_parameters())
    for name, value in loaded.named_parameters():
        assert torch.equal(value, made[name].float()), f"{spec.name}: {name} was not read back as written"
    return loaded


def _ids(spec, length, random):
    ids = random.integers(0, spec.vocab, length)
    if length >= 2:  # the ends of the table; id 0 is [PAD] but counts like any other where no mask says otherwise
        ids[0], ids[-1] = spec.vocab - 1, 0
    if spec.pad != 0 and length > 4:  # padding within the text: it has the padding's position and is not counted
        ids[3] = spec.pad
    return [int(i) for i in ids]


def _padding_difference(model, sequences):
    """Largest difference between a sequence alone and in one padded batch of all of them."""
    longest = max(len(ids) for ids in sequences)
    pad = model.config.pad_token_id
    ids = torch.tensor([s + [pad] * (longest - len(s)) for s in sequences])
    mask = torch.tensor([[1] * len(s) + [0] * (longest - len(s)) for s in sequences])
    batch = model(input_ids=ids, attention_mask=mask).last_hidden_state
    alone = [reference_states.hidden_states(model, s)[-1] for s in sequences]
    return max((batch[i, : len(s)] - alone[i]).abs().max().item() for i, s in enumerate(sequences))


def _largest_attention(model, ids):
    """Mean over layers, heads and queries of the largest attention weight; 1/length would be uniform attention."""
    attentions = model(input_ids=torch.tensor([ids]), output_attentions=True).attentions
    return torch.stack([a.amax(-1).mean() for a in attentions]).mean().item()


def make(spec, root):
    """Writes one model's directory and prints a line of figures."""
    directory = root / spec.name
    directory.mkdir(parents=True, exist_ok=True)
    single = build(spec, directory)
    double = reference_states.load(directory).double()
    random = np.random.Generator(np.random.PCG64([spec.seed, 1]))
    tensors, sequences = {}, []
    for length in (n for n in LENGTHS if n <= spec.longest):
        ids = _ids(spec, length, random)
        rows = ROWS.get(length, list(range(length)))
        if spec.model_type != "bert":  # around the padding within the text
            rows = [row for row in rows if row < 6 or row == length - 1 or length > 17]
        for suffix, value in reference_states.sequence_tensors(single, double, ids, rows).items():
            tensors[f"seq{length}.{suffix}"] = value
        sequences.append(ids)
    tensors |= reference_states.worst_errors(single, double, sequences)
    description = {
        "model": spec.name,
        "form": spec.form,
        "stored_dtype": str(spec.dtype).removeprefix("torch."),
        "sequences": [{"name": f"seq{len(ids)}", "length": len(ids)} for ids in sequences],
        "poolings": reference_states.POOLINGS,
        "made_with": {"torch": torch.__version__.split("+")[0], "transformers": transformers.__version__},
    }
    reference_states.save(directory / "golden", tensors, description)
    error = tensors["all.hidden.error.max"].max()
    print(
        f"{spec.name:28} float32 error {error:.2e}  padded batch {_padding_difference(single, sequences):.2e}"
        f"  largest attention weight of 17: {_largest_attention(single, sequences[2]):.2f},"
        f" of {len(sequences[-1])}: {_largest_attention(single, sequences[-1]):.2f}"
    )


def main():
    parser = argparse.ArgumentParser(description="Makes the encoder's golden models and values.")
    parser.add_argument("--check", action="store_true", help="compare with the committed files instead of writing them")
    check = parser.parse_args().check
    reference_states.settle()
    with tempfile.TemporaryDirectory() as scratch:
        root = Path(scratch) if check else GOLDEN
        for spec in SPECS:
            make(spec, root)
        names = [
            f"{spec.name}/{file}"
            for spec in SPECS
            for file in ("config.json", "model.safetensors", "golden.json", "golden.safetensors")
        ]
        size = sum((root / name).stat().st_size for name in names)
        print(f"{len(SPECS)} models, {size} bytes")
        return reference_states.compare(root, GOLDEN, names) if check else 0


if __name__ == "__main__":
    raise SystemExit(main())
