"""Makes a reference file for `bunvec verify` from any model directory, by the Python libraries themselves.

    pip install -r tools/golden/requirements.txt
    HF_HUB_OFFLINE=1 python tools/golden/make_reference.py MODEL --texts texts.txt --output reference.jsonl
    HF_HUB_OFFLINE=1 python tools/golden/make_reference.py MODEL --texts texts.txt --output reference.npy

MODEL is a directory or, where the Hub may be asked, a name. Texts are lines of UTF-8, or JSON lines with a field "text".
A .jsonl reference has one object a line: text, ids, tokens, embedding. A .npy reference is float32, [texts, dimension],
and texts, ids and tokens stand in reference.texts.jsonl beside it; verify takes both (--reference, --texts).

--profile sentence-transformers (default where there is a modules.json) encodes by SentenceTransformer;
--profile transformers by AutoTokenizer and AutoModel and --pooling, as model cards do without that library.
--mecab-dic names the dictionary of a BertJapaneseTokenizer: needed (ipadic) where mecab_kwargs is null, because the
library's own default changed from ipadic to unidic_lite after those models were made.
"""

import argparse
import json
import resource
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from sentence_transformers import SentenceTransformer, models
from transformers import AutoModel, AutoTokenizer, BertJapaneseTokenizer, BertModel
from transformers.utils import logging

PROFILES = ["sentence-transformers", "transformers"]


@dataclass(frozen=True)
class Options:
    """How texts are encoded; None: as the directory says."""

    profile: str | None = None
    pooling: str = "mean"
    mecab_dic: str | None = None
    max_length: int | None = None
    normalize: bool = False
    prompt: str | None = None
    prompt_name: str | None = None
    truncate_dim: int | None = None
    batch_size: int = 8


def settle():
    """No gradients, no chatter."""
    logging.set_verbosity_error()
    torch.set_grad_enabled(False)


def tokenizer_options(options):
    """Keyword arguments of from_pretrained."""
    return {"mecab_kwargs": {"mecab_dic": options.mecab_dic}} if options.mecab_dic else {}


class PlainTransformers:
    """Tokenizer, encoder, and the pooling that model cards write out: no white space is stripped, no case changed."""

    def __init__(self, model, options):
        self.options = options
        # A config.json without model_type cannot be opened by the Auto classes: such files are BERT's of 2019.
        config = Path(model) / "config.json"
        old = config.is_file() and "model_type" not in json.loads(config.read_text(encoding="utf-8"))
        tokenizer = BertJapaneseTokenizer if old else AutoTokenizer
        encoder = BertModel if old else AutoModel
        self.tokenizer = tokenizer.from_pretrained(model, **tokenizer_options(options))
        self.encoder = encoder.from_pretrained(model, dtype=torch.float32).eval()

    def features(self, texts):
        prompt = self.options.prompt or ""
        return self.tokenizer(
            [prompt + text for text in texts],
            padding="longest",
            truncation=True,
            max_length=self.options.max_length,
            return_tensors="pt",
        )

    def encode(self, texts):
        rows = []
        for start in range(0, len(texts), self.options.batch_size):
            features = self.features(texts[start : start + self.options.batch_size])
            states = self.encoder(**features).last_hidden_state
            if self.options.pooling == "cls":
                rows.append(states[:, 0])
                continue
            mask = features["attention_mask"].unsqueeze(-1).expand(states.size()).float()
            rows.append((states * mask).sum(1) / torch.clamp(mask.sum(1), min=1e-9))
        vectors = torch.cat(rows)[:, : self.options.truncate_dim]
        return (torch.nn.functional.normalize(vectors, p=2, dim=1) if self.options.normalize else vectors).numpy()

    def ids(self, text):
        return self.features([text])["input_ids"][0].tolist()


class SentenceTransformers:
    """SentenceTransformer as its users call it; a directory without modules.json becomes encoder and pooling."""

    def __init__(self, model, options):
        self.options = options
        common = {"model_kwargs": {"dtype": torch.float32}, "tokenizer_kwargs": tokenizer_options(options)}
        if not Path(model).is_dir() or (Path(model) / "modules.json").is_file():
            self.model = SentenceTransformer(str(model), device="cpu", **common)
        else:
            encoder = models.Transformer(
                str(model), model_args=common["model_kwargs"], tokenizer_args=common["tokenizer_kwargs"]
            )
            pooling = models.Pooling(encoder.get_word_embedding_dimension(), pooling_mode=options.pooling)
            self.model = SentenceTransformer(modules=[encoder, pooling], device="cpu")
        if options.max_length is not None:
            self.model.max_seq_length = options.max_length
        self.tokenizer = self.model.tokenizer

    def prompt(self):
        if self.options.prompt is not None:
            return self.options.prompt
        name = self.options.prompt_name or self.model.default_prompt_name
        return self.model.prompts[name] if name else ""

    def encode(self, texts):
        return self.model.encode(
            texts,
            prompt=self.options.prompt,
            prompt_name=self.options.prompt_name,
            batch_size=self.options.batch_size,
            normalize_embeddings=self.options.normalize,
            truncate_dim=self.options.truncate_dim,
            show_progress_bar=False,
        )

    def ids(self, text):
        return self.model.tokenize([self.prompt() + text])["input_ids"][0].tolist()


def encoder_for(model, options):
    """The encoder of the profile asked for, or of the one the directory calls for."""
    profile = options.profile
    if profile is None:
        plain = Path(model).is_dir() and not (Path(model) / "modules.json").is_file()
        profile = PROFILES[1] if plain else PROFILES[0]
    return PlainTransformers(model, options) if profile == "transformers" else SentenceTransformers(model, options)


def rows(encoder, texts):
    """(text, ids, tokens, embedding) for every text."""
    vectors = encoder.encode(texts)
    if vectors.dtype != np.float32 or len(vectors) != len(texts) or not np.isfinite(vectors).all():
        raise SystemExit(f"vectors are {vectors.dtype} {vectors.shape}, expected {len(texts)} finite rows of float32")
    for text, vector in zip(texts, vectors):
        ids = encoder.ids(text)
        yield text, ids, encoder.tokenizer.convert_ids_to_tokens(ids), vector


def shortest(vector):
    """The fewest digits of each component that give the same float32 back."""
    return [float(str(value)) for value in vector.astype(np.float32)]


def write(output, made):
    """Writes a .jsonl reference, or a .npy one with its texts beside it; says which files there are now."""
    if output.suffix != ".npy":
        with output.open("w", encoding="utf-8") as file:
            for text, ids, tokens, vector in made:
                row = {"text": text, "ids": ids, "tokens": tokens, "embedding": shortest(vector)}
                file.write(json.dumps(row, ensure_ascii=False) + "\n")
        return [output]
    vectors, texts = [], output.with_suffix(".texts.jsonl")
    with texts.open("w", encoding="utf-8") as file:
        for text, ids, tokens, vector in made:
            vectors.append(vector)
            file.write(json.dumps({"text": text, "ids": ids, "tokens": tokens}, ensure_ascii=False) + "\n")
    np.save(output, np.array(vectors, dtype=np.float32))
    return [output, texts]


def read_texts(file):
    """Lines end at "\\n" and nowhere else, as bunvec reads them."""
    lines = file.read_bytes().decode("utf-8").removesuffix("\n").split("\n")
    if file.suffix == ".jsonl":
        return [json.loads(line)["text"] for line in lines]
    return [line.removesuffix("\r") for line in lines]


def arguments():
    parser = argparse.ArgumentParser(description="Makes a reference file for bunvec verify.")
    parser.add_argument("model", help="model directory, or a name on the Hub")
    parser.add_argument("--texts", type=Path, required=True, help="one text a line, or .jsonl with a field text")
    parser.add_argument("--output", type=Path, required=True, help="reference file, .jsonl or .npy")
    parser.add_argument("--profile", choices=PROFILES, help="default: sentence-transformers if there is a modules.json")
    parser.add_argument("--pooling", choices=["mean", "cls"], default="mean", help="where no modules.json decides")
    parser.add_argument("--mecab-dic", choices=["ipadic", "unidic_lite", "unidic"], help="where mecab_kwargs is null")
    parser.add_argument("--max-length", type=int, help="tokens of a text, special tokens included")
    parser.add_argument("--normalize", action="store_true", help="vectors of length one")
    parser.add_argument("--prompt", help="put in front of each text")
    parser.add_argument("--prompt-name", help="a prompt of config_sentence_transformers.json")
    parser.add_argument("--truncate-dim", type=int, help="keep so many components, before normalising")
    parser.add_argument("--batch-size", type=int, default=8)
    parser.add_argument("--threads", type=int, help="threads of torch; default: torch's own")
    return parser.parse_args()


def main():
    args = arguments()
    settle()
    if args.threads:
        torch.set_num_threads(args.threads)
    names = Options.__dataclass_fields__
    options = Options(**{name: getattr(args, name) for name in names})
    texts = read_texts(args.texts)
    start = time.perf_counter()
    encoder = encoder_for(args.model, options)
    loaded = time.perf_counter()
    encoder.encode(texts[:1])
    warm = time.perf_counter()
    vectors = encoder.encode(texts)
    encoded = time.perf_counter()
    files = write(args.output, rows(encoder, texts))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10
    print(
        f"{', '.join(map(str, files))}: {len(texts)} texts, dimension {vectors.shape[1]};"
        f" loaded in {loaded - start:.2f} s, encoded in {encoded - warm:.2f} s"
        f" with {torch.get_num_threads()} threads, at most {peak} MiB resident",
        file=sys.stderr,
    )


if __name__ == "__main__":
    main()
