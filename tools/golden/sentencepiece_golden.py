"""Trains small SentencePiece models and writes what the library and transformers make of texts with them.

    python tools/golden/sentencepiece_golden.py            # a minute
    python tools/golden/sentencepiece_golden.py --check    # makes them elsewhere and compares

Writes tokenizer/src/test/resources/io/github/bunvec/tokenizer/sentencepiece/: <name>.model.gz, pieces.jsonl (ids and
pieces of sentencepiece 0.2.3) and tokenizers.jsonl (ids of transformers 4.57.6). The models are trained on the texts in
bert_japanese.py, which were written for this project, and on random strings.
"""

import argparse
import gzip
import io
import json
import pathlib
import random
import sys
import tempfile

import bert_japanese
import random_texts
import sentencepiece
import sentencepiece_cases

assert sentencepiece.__version__ == "0.2.3", sentencepiece.__version__

FOLDER = pathlib.Path(__file__).parents[2] / "tokenizer/src/test/resources/io/github/bunvec/tokenizer/sentencepiece"
SYMBOLS = ["[SEP]", "日本", "ＡＢ", "が", "の日", "a b", " の", "東京都", "東京", "\u200b"]
MODELS = {
    "nmt_nfkc": {"normalization_rule_name": "nmt_nfkc"},
    "nfkc": {"normalization_rule_name": "nfkc"},
    "nmt_nfkc_cf": {"normalization_rule_name": "nmt_nfkc_cf"},
    "identity": {"normalization_rule_name": "identity"},
    "byte_fallback": {"normalization_rule_name": "identity", "byte_fallback": True},
    "user_defined": {"normalization_rule_name": "identity", "user_defined_symbols": SYMBOLS},
    "suffix": {"normalization_rule_name": "identity", "treat_whitespace_as_suffix": True},
    "raw": {"normalization_rule_name": "identity", "add_dummy_prefix": False, "remove_extra_whitespaces": False},
    "numbers": {"normalization_rule_name": "identity", "split_by_unicode_script": False, "split_by_number": False},
}
EDGES = [
    "", " ", "  ", "　", "\u2581", " \u2581 \u2581a", "\0", "a\0b", "\ufffd", "\u200b", " \u200b a", "a \u200b b", "鱻", "鱻龘", "a鱻 龘b",
    "東京都東京の日本が日", "ＡＢab a b  a b", "🍣🍣鱻", "が" * 70, "か\u3099" * 5, "x" * 300, "日本" * 150, "1,000,2,3, １，００㌔", "①, ²,5,",
]
# The ids of added tokens are written here from the model's size on, and so put right before they are used.
E_LIKE = {
    "tokenizer_class": "MLukeTokenizer",
    "added_tokens_decoder": {"1": {"content": "<mask>"}, "2": {"content": "<ent>"}, "3": {"content": "<ent2>"}},
    "mask_token": {"content": "<mask>", "lstrip": True, "normalized": True, "special": True},
    "additional_special_tokens": ["<ent>", "<ent2>", {"content": "<ent>"}, {"content": "<ent2>"}],
}
NUMBERS = {"tokenizer_class": "BertJapaneseTokenizer", "subword_tokenizer_type": "sentencepiece", "word_tokenizer_type": "basic"}
TOKENIZERS = [
    ("nmt_nfkc", E_LIKE),
    ("nmt_nfkc", {"tokenizer_class": "MLukeTokenizer"}),
    ("nmt_nfkc", {**E_LIKE, "split_special_tokens": True}),
    ("user_defined", {"tokenizer_class": "MLukeTokenizer", "cls_token": "[SEP]", "unk_token": "日本", "additional_special_tokens": ["の"]}),
    (
        "byte_fallback",
        {
            "tokenizer_class": "MLukeTokenizer",
            "bos_token": {"content": "<s>", "rstrip": True},
            "entity_token_1": {"content": "<ent>", "single_word": True},
            "added_tokens_decoder": {"-5": {"content": "今日", "lstrip": True}, "7": {"content": "🍣"}, "9": {"content": "<ent>"}},
        },
    ),
    ("nmt_nfkc", {"tokenizer_class": "BertJapaneseTokenizer", "subword_tokenizer_type": "sentencepiece", "word_tokenizer_type": "mecab"}),
    ("numbers", NUMBERS),
    ("numbers", {**NUMBERS, "do_lower_case": True, "never_split": ["AI", "a-b"]}),
    ("numbers", {**NUMBERS, "do_word_tokenize": False, "cls_token": "<s>", "sep_token": "</s>", "added_tokens_decoder": {"9": {"content": "猫"}}}),
]
TOKENIZER_TEXTS = [
    "", " ", "今日は<mask>な天気", "今日は <mask> な天気 <mask>", "<s>猫</s><pad><unk>", "<ent>東京<ent2>は <ent> です", "＜ent＞と＜ｍａｓｋ＞",
    "[SEP] [CLS] [MASK][UNK]", "鱻龘 日本 ＜s＞", "一、二、1,000円、2,5, 12, ab,3 ①,", "``引用'' it''s ` '", "　全角　空白\t改行\n", "AI と ai a-b A-B ÀÉ がぎ か\u3099",
    "\0あ\u200bい\u00adう\ufffdえ\ue000", "暴走したAIが１２３、456を食べた🍣。🍣", "未知🍺の\u2028行 が\u0301 ΣΑΣ. İ", "<mask", "<<mask>>", "の 日本の[SEP]の",
]


def train(settings, sentences):
    """Trains a model; neither its path nor the texts' stand in it."""
    out = io.BytesIO()
    arguments = {"vocab_size": 1300, "character_coverage": 0.98, "num_threads": 1, "minloglevel": 2, "hard_vocab_limit": False}
    sentencepiece.SentencePieceTrainer.train(sentence_iterator=iter(sentences), model_writer=out, **arguments | settings)
    return out.getvalue()


def texts():
    yield from EDGES
    yield from bert_japanese.SENTENCES[:50]
    yield from random_texts.texts(30, 20261121)


def write(folder):
    generator = random.Random(3)
    sentences = [text for text in bert_japanese.SENTENCES if "\0" not in text] * 3
    sentences += ["".join(generator.sample(bert_japanese.SENTENCES[:60], 2)) for _ in range(200)]
    sentences += [f"{generator.randint(1, 99)},{generator.randint(0, 9)}00円、{generator.randint(1, 9)}," for _ in range(300)]
    models = {}
    for name, settings in MODELS.items():
        data = train(settings, sentences)
        (folder / f"{name}.model").write_bytes(data)
        (folder / f"{name}.model.gz").write_bytes(gzip.compress(data, 9, mtime=0))
        models[name] = sentencepiece.SentencePieceProcessor(model_proto=data)
    with open(folder / "pieces.jsonl", "w", encoding="utf-8", newline="\n") as out:
        for text in dict.fromkeys(texts()):
            line = {"text": text}
            for name, model in models.items():
                line[name] = {"ids": model.encode(text), "pieces": model.encode(text, out_type=str)}
            out.write(json.dumps(line, separators=(",", ":")) + "\n")
    with open(folder / "tokenizers.jsonl", "w", encoding="utf-8", newline="\n") as out:
        for name, options in TOKENIZERS:
            if "added_tokens_decoder" in options:
                added = {str(len(models[name]) + int(i)): token for i, token in options["added_tokens_decoder"].items()}
                options = {**options, "added_tokens_decoder": added}
            tokenizer = sentencepiece_cases.tokenizer(str(folder / f"{name}.model"), options)
            for text in TOKENIZER_TEXTS:
                for length in (None, 5) if text == TOKENIZER_TEXTS[3] else (None,):
                    line = {"model": name, "options": options, "text": text} | ({"max_length": length} if length else {})
                    out.write(json.dumps(line | sentencepiece_cases.result(tokenizer, text, length)) + "\n")
    for name in MODELS:
        (folder / f"{name}.model").unlink()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--check", action="store_true", help="compare with the committed files instead of writing them")
    if not parser.parse_args().check:
        FOLDER.mkdir(parents=True, exist_ok=True)
        write(FOLDER)
        return 0
    with tempfile.TemporaryDirectory() as scratch:
        write(pathlib.Path(scratch))
        made = sorted(path.name for path in pathlib.Path(scratch).iterdir())
        problems = sum(
            not (FOLDER / name).exists() or (FOLDER / name).read_bytes() != pathlib.Path(scratch, name).read_bytes() for name in made
        )
        problems += made != sorted(path.name for path in FOLDER.iterdir())
    print(f"{problems} problems")
    return problems > 0


if __name__ == "__main__":
    sys.exit(main())
