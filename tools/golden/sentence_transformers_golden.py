"""Makes tiny sentence-transformers directories and what sentence-transformers 5.3 makes of texts with them.

    pip install -r tools/golden/requirements.txt
    HF_HUB_OFFLINE=1 python tools/golden/sentence_transformers_golden.py            # writes engine/src/test/.../pipelines/
    HF_HUB_OFFLINE=1 python tools/golden/sentence_transformers_golden.py --check    # makes them anew elsewhere and compares

Every directory is saved by sentence-transformers and holds a random BERT of hidden size 32 with a BertJapaneseTokenizer
over ipadic. Some are then rewritten into the form of other versions; what those say in their own words (lists of poolings,
residuals of Dense, truncate_dim) is computed here from 5.3's modules by the rule of version 6.

    texts.txt                     the texts, one in each line; the first is empty
    activations.safetensors       x and one tensor for each class of torch.nn a Dense may name, in float64
    <directory>/cases.tsv         one case in each line: name, call, prompt name or prompt, truncate_dim, normalize; - for none
    <directory>/golden.safetensors  <case>.f64: vectors of all texts, [texts, dimension]; <case>.error.max: how far those of
                                    float32 are from them at most, [1]
"""

import argparse
import json
import shutil
import tempfile
from pathlib import Path

import numpy as np
import torch
from safetensors.numpy import save_file
from sentence_transformers import SentenceTransformer, models
from torch import nn
from transformers import BertConfig, BertJapaneseTokenizer, BertModel

import reference_states

GOLDEN = Path(__file__).resolve().parents[2] / "engine/src/test/resources/io/github/bunvec/engine/pipelines"
HIDDEN = 32
TEXTS = [
    "",
    "猫",
    "今日はとても良い天気です。",
    "  前後に空白がある文  ",
    "暴走したAIの話をする",
    "猫がソファーの上で丸くなって眠っている。犬は庭で走り回っている。",
    "query: すもももももももものうち",
    "人工知能の研究は今日も続く、天気が良い日も悪い日も、猫が眠っている間も。",
]
PROMPTS = {
    "query": "query: ",
    "document": "文: ",
    "long": "この文を検索のために、とても良く表すこと: ",
    "blank": "  ",
}
ACTIVATIONS = (
    "Identity ReLU ReLU6 LeakyReLU RReLU ELU CELU SELU GELU SiLU Mish Sigmoid LogSigmoid Tanh Tanhshrink Softplus"
    " Softsign Softshrink Hardshrink Hardtanh Hardsigmoid Hardswish"
).split()


def _fill(module, random, std=0.2):
    for name, tensor in module.named_parameters():
        noise = random.standard_normal(tuple(tensor.shape), dtype=np.float32)
        is_norm = name.endswith(("LayerNorm.weight", "norm.weight"))
        value = 1 + 0.1 * noise if is_norm else (0.1 if tensor.dim() == 1 else std) * noise
        tensor.copy_(torch.from_numpy(value.astype(np.float32)))
    return module


def _vocabulary(path):
    characters = sorted(set("".join(TEXTS) + "".join(PROMPTS.values())) - set(" \u3000"))
    words = ["今日", "天気", "です", "眠っ", "とても", "人工", "知能", "query", "ai", "AI", "文", "良い", "検索"]
    tokens = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *words]
    tokens += [c for c in characters if c not in tokens] + ["##" + c for c in characters]
    path.write_text("\n".join(tokens) + "\n", encoding="utf-8")
    return len(tokens)


def _encoder(seed, scratch, layers=1, **transformer):
    """A Transformer module around a random encoder, as transformers saves one."""
    folder = Path(scratch) / f"encoder{seed}"
    folder.mkdir()
    size = _vocabulary(folder / "vocab.txt")
    config = BertConfig(
        vocab_size=size,
        hidden_size=HIDDEN,
        num_hidden_layers=layers,
        num_attention_heads=2,
        intermediate_size=48,
        max_position_embeddings=48,
        output_hidden_states=layers > 1,
    )
    random = np.random.Generator(np.random.PCG64([seed, 7]))
    _fill(BertModel(config, add_pooling_layer=False), random).half().save_pretrained(folder)
    tokenizer = BertJapaneseTokenizer(
        str(folder / "vocab.txt"),
        word_tokenizer_type="mecab",
        subword_tokenizer_type="wordpiece",
        mecab_kwargs={"mecab_dic": "ipadic"},
        model_max_length=40,
    )
    tokenizer.save_pretrained(folder)
    torch.manual_seed(seed)  # of the pooler that transformers adds; nothing uses it
    module = models.Transformer(str(folder), **transformer)
    return module, random


def _json(path, change):
    value = json.loads(path.read_text(encoding="utf-8"))
    value = change(value) or value
    path.write_text(json.dumps(value, ensure_ascii=False, indent=2), encoding="utf-8")


def _dense(random, inputs, outputs, activation, bias=True):
    return _fill(models.Dense(inputs, outputs, bias=bias, activation_function=activation), random, std=0.3)


def _save(directory, modules, **prompts):
    """Saves in F16, which is small, and leaves the modules in float32 with exactly what was saved."""
    model = SentenceTransformer(modules=modules, device="cpu", **prompts)
    model.half().save(str(directory))
    model.float()


# Each maker saves its directory and returns the cases: name -> arguments of encode, and "call" for encode_query and so on.


def dense_tanh(directory, scratch):
    """Transformer, cls, Dense with Tanh: the shape of seed B."""
    encoder, random = _encoder(1, scratch, max_seq_length=20)
    dense = _dense(random, HIDDEN, 24, nn.Tanh())
    _save(directory, [encoder, models.Pooling(HIDDEN, "cls"), dense])
    return {"plain": {}, "unit": {"normalize_embeddings": True}}


def dense_norms(directory, scratch):
    """Dense, LayerNorm and Normalize in an order of their own, Normalize twice, Dropout between."""
    encoder, random = _encoder(2, scratch)
    modules = [
        encoder,
        models.Pooling(HIDDEN, "mean"),
        _dense(random, HIDDEN, 40, nn.GELU()),
        models.Dropout(0.3),
        _fill(models.LayerNorm(40), random),
        models.Normalize(),
        _dense(random, 40, 17, nn.Identity(), bias=False),
        models.Normalize(),
    ]
    _save(directory, modules)
    return {"plain": {}, "short": {"truncate_dim": 9}, "short-unit": {"truncate_dim": 9, "normalize_embeddings": True}}


def layers_mean(directory, scratch):
    """WeightedLayerPooling over the outputs from the first layer on; mean and max side by side."""
    encoder, random = _encoder(3, scratch, layers=3)
    weighted = models.WeightedLayerPooling(HIDDEN, num_hidden_layers=3, layer_start=1)
    weighted.layer_weights.copy_(torch.tensor([0.5, 2.0, 1.25]))
    pooling = models.Pooling(HIDDEN, pooling_mode_mean_tokens=True, pooling_mode_max_tokens=True)
    _save(directory, [encoder, weighted, pooling])
    return {"plain": {}, "unit": {"normalize_embeddings": True}}


def prompts(directory, scratch):
    """Prompts that the pooling leaves out; texts are lower-cased and cut so short that a prompt may fill them."""
    encoder, _ = _encoder(4, scratch, max_seq_length=12, do_lower_case=True)
    flags = {f"pooling_mode_{mode}": True for mode in ("weightedmean_tokens", "lasttoken")}
    flags["pooling_mode_mean_tokens"] = False
    pooling = models.Pooling(HIDDEN, include_prompt=False, **flags)
    _save(directory, [encoder, pooling], prompts=PROMPTS, default_prompt_name="query")
    return {
        "default": {},
        "query": {"call": "query"},
        "document": {"call": "document"},
        "long": {"prompt_name": "long"},
        "blank": {"prompt_name": "blank"},
        "own": {"prompt": "検索: "},
        "none": {"prompt": ""},
    }


def prompts_max(directory, scratch):
    """The maximum over what a prompt leaves; prompts named query only, no default."""
    encoder, _ = _encoder(5, scratch, max_seq_length=12)
    pooling = models.Pooling(HIDDEN, "max", include_prompt=False)
    _save(directory, [encoder, pooling], prompts={"query": "query: "})
    return {"default": {}, "query": {"call": "query"}, "document": {"call": "document"}}


def six_poolings(directory, scratch):
    """All poolings side by side, cut to their first half and a little."""
    encoder, _ = _encoder(6, scratch)
    names = ["cls_token", "max_tokens", "mean_tokens", "mean_sqrt_len_tokens", "weightedmean_tokens", "lasttoken"]
    pooling = models.Pooling(HIDDEN, **{f"pooling_mode_{name}": True for name in names})
    _save(directory, [encoder, pooling])
    return {"plain": {}, "short": {"truncate_dim": 100}}


def old_layout(directory, scratch):
    """As sentence-transformers 0.4 to 2.2 left them: 0_Transformer, four pooling flags, no configuration at the root."""
    encoder, random = _encoder(7, scratch, max_seq_length=24, do_lower_case=True)
    dense = _dense(random, HIDDEN, 20, nn.ReLU())
    _save(directory, [encoder, models.Pooling(HIDDEN, "mean"), dense])
    (directory / "0_Transformer").mkdir()
    for file in [f for f in directory.iterdir() if f.is_file() and f.name not in ("modules.json", "README.md")]:
        file.rename(directory / "0_Transformer" / file.name)
    (directory / "0_Transformer/config_sentence_transformers.json").unlink()
    (directory / "0_Transformer/sentence_bert_config.json").rename(
        directory / "0_Transformer/sentence_roberta_config.json"
    )

    def types(entries):
        for entry in entries:
            entry["type"] = "sentence_transformers.models." + entry["type"].rsplit(".", 1)[1]
        entries[0]["path"] = "0_Transformer"

    _json(directory / "modules.json", types)
    kept = ["word_embedding_dimension"]
    kept += [f"pooling_mode_{m}" for m in ("cls_token", "mean_tokens", "max_tokens", "mean_sqrt_len_tokens")]
    _json(directory / "1_Pooling/config.json", lambda config: {key: config[key] for key in kept})
    return {"plain": {}}


def new_layout(directory, scratch):
    """As version 6 writes them: new names of classes and keys, a list of poolings, residuals, truncate_dim."""
    encoder, random = _encoder(8, scratch)
    modules = [
        encoder,
        models.Pooling(HIDDEN, pooling_mode_cls_token=True),
        _dense(random, 2 * HIDDEN, 30, nn.Softplus()),
        _dense(random, 30, 30, nn.SiLU()),
        models.Normalize(),
    ]
    residual = nn.Linear(2 * HIDDEN, 30, bias=False)
    _fill(residual, random).half().float()
    _save(directory, modules)

    def types(entries):
        names = {"Transformer": "base.modules.transformer", "Pooling": "sentence_transformer.modules.pooling"}
        names |= {"Dense": "base.modules.dense", "Normalize": "base.modules.normalize"}
        for entry in entries:
            name = entry["type"].rsplit(".", 1)[1]
            entry["type"] = f"sentence_transformers.{names[name]}.{name}"

    _json(directory / "modules.json", types)
    _json(
        directory / "1_Pooling/config.json",
        lambda _: {"embedding_dimension": HIDDEN, "pooling_mode": ["mean", "cls"], "include_prompt": True},
    )
    named = {"module_input_name": "sentence_embedding", "module_output_name": "sentence_embedding"}
    for folder in ("2_Dense", "3_Dense"):
        _json(directory / folder / "config.json", lambda config: config | named | {"use_residual": True})
    weights = {name: value.numpy() for name, value in modules[2].state_dict().items()}
    weights["residual.weight"] = residual.weight.numpy()
    save_file(weights, directory / "2_Dense/model.safetensors", metadata={"format": "pt"})
    (directory / "4_Normalize").mkdir(exist_ok=True)
    (directory / "4_Normalize/config.json").write_text(json.dumps(named), encoding="utf-8")
    task = {"transformer_task": "feature-extraction", "module_output_name": "token_embeddings", "processing_kwargs": {}}
    task |= {"modality_config": {"text": {"method": "forward", "method_output_name": "last_hidden_state"}}}
    _json(directory / "sentence_bert_config.json", lambda _: task)
    _json(
        directory / "config_sentence_transformers.json",
        lambda config: config | {"truncate_dim": 21, "similarity_fn_name": "dot"},
    )

    def encode(double, **options):
        dtype = torch.float64 if double else torch.float32
        parts = [module.to(dtype) for module in [*modules, residual]]
        result = []
        for text in TEXTS:
            features = encoder.tokenize([text])
            features = encoder(features)
            tokens = features["token_embeddings"]
            pooled = []
            for mode in ("mean", "cls"):
                fresh = {"token_embeddings": tokens.clone(), "attention_mask": features["attention_mask"]}
                pooled.append(models.Pooling(HIDDEN, mode)(fresh)["sentence_embedding"])
            x = torch.cat(pooled, 1)
            y = parts[2]({"sentence_embedding": x})["sentence_embedding"] + parts[-1](x)
            z = parts[3]({"sentence_embedding": y})["sentence_embedding"] + y
            z = nn.functional.normalize(z, p=2, dim=1)
            result.append(z[0, : options.get("truncate_dim", 21)].numpy())
        return np.stack(result)

    return {"plain": {"by": encode}, "shorter": {"by": encode, "truncate_dim": 5}}


MAKERS = [dense_tanh, dense_norms, layers_mean, prompts, prompts_max, six_poolings, old_layout, new_layout]


def _encode(model, case, double):
    options = {key: value for key, value in case.items() if key not in ("call", "by")}
    if "by" in case:
        return case["by"](double, **options)
    call = {"query": model.encode_query, "document": model.encode_document}.get(case.get("call"), model.encode)
    # One text at a time: no padding takes part.
    return np.stack([call(text, show_progress_bar=False, **options) for text in TEXTS])


def _row(name, case):
    prompt = case.get("prompt_name", "-")
    if "prompt" in case:
        prompt = "=" + case["prompt"]
    limit = case.get("truncate_dim", "-")
    return "\t".join([name, case.get("call", "encode"), prompt, str(limit), str(case.get("normalize_embeddings", "-"))])


def make(maker, root, scratch):
    name = maker.__name__.replace("_", "-")
    directory = root / name
    shutil.rmtree(directory, ignore_errors=True)
    cases = maker(directory, scratch)
    (directory / "README.md").unlink(missing_ok=True)
    tensors, worst = {}, 0
    by_hand = any("by" in case for case in cases.values())
    single = None if by_hand else SentenceTransformer(str(directory), device="cpu")
    results = {}
    for double in (False, True):
        if double and single is not None:
            single.double()
        for case_name, case in cases.items():
            results[case_name, double] = _encode(single, case, double)
    for case_name in cases:
        f32, f64 = results[case_name, False], results[case_name, True]
        assert f32.dtype == np.float32 and f64.dtype == np.float64
        error = np.abs(f32 - f64).max()
        tensors |= {f"{case_name}.f64": f64, f"{case_name}.error.max": np.array([error])}
        worst = max(worst, error)
    save_file({k: np.ascontiguousarray(v) for k, v in tensors.items()}, directory / "golden.safetensors")
    rows = [_row(case_name, case) for case_name, case in cases.items()]
    (directory / "cases.tsv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    print(f"{name:14} {len(cases)} cases, greatest float32 error {worst:.2e}")
    return name


def _activations(file):
    x = torch.cat([torch.linspace(-12, 12, 97), torch.linspace(-1, 1, 41), torch.tensor([-90.0, -25, 19.9, 20.1, 30, 95])])
    tensors = {"x": x.numpy()}
    for name in ACTIVATIONS:
        tensors[name] = getattr(nn, name)().eval()(x.double()).numpy()
    save_file(tensors, file)


def main():
    parser = argparse.ArgumentParser(description="Makes the golden sentence-transformers directories and vectors.")
    parser.add_argument("--check", action="store_true", help="compare with the committed files instead of writing them")
    check = parser.parse_args().check
    reference_states.settle()
    with tempfile.TemporaryDirectory() as scratch:
        root = Path(scratch) / "pipelines" if check else GOLDEN
        root.mkdir(parents=True, exist_ok=True)
        (root / "texts.txt").write_text("\n".join(TEXTS) + "\n", encoding="utf-8")
        _activations(root / "activations.safetensors")
        for maker in MAKERS:
            make(maker, root, scratch)
        names = sorted(str(f.relative_to(root)) for f in root.rglob("*") if f.is_file())
        print(f"{len(names)} files, {sum((root / name).stat().st_size for name in names)} bytes")
        return reference_states.compare(root, GOLDEN, names) if check else 0


if __name__ == "__main__":
    raise SystemExit(main())
