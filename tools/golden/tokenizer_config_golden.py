"""What transformers makes of small directories of tokenizer files: precedence, defaults, special tokens.

Each case is a set of files; the row written for it holds the files and what the tokenizer that
transformers.AutoTokenizer loads from them says of itself. Run with transformers 4.57.6:

    HF_HUB_OFFLINE=1 python tools/golden/tokenizer_config_golden.py \
        loader/src/test/resources/io/github/bunvec/loader/tokenizer_config_golden.json
"""

import json
import os
import sys
import tempfile

import transformers
from transformers import AutoTokenizer

VOCAB = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "a", "b", "<ent>", "<u>", "##c"]
JAPANESE = {"tokenizer_class": "BertJapaneseTokenizer", "word_tokenizer_type": "basic"}
NO_LIMIT = int(1e20)


def token(content, **flags):
    return {"content": content, "lstrip": False, "rstrip": False, "single_word": False, "normalized": False, **flags}


def saved(content, **flags):
    """An AddedToken as tokenizer_config.json holds it."""
    return {"__type": "AddedToken", **token(content, **flags)}


def decoder(first=0, **flags):
    return {str(i): token(VOCAB[i], special=True, **flags) for i in range(first, 5)}


def cases():
    yield "class from config.json", {"config.json": {"tokenizer_class": "BertJapaneseTokenizer"}}
    yield "class of tokenizer_config.json wins", {
        "config.json": {"tokenizer_class": "BertTokenizer"}, "tokenizer_config.json": JAPANESE}
    yield "class by model_type", {"config.json": {}, "tokenizer_config.json": {"do_lower_case": False}}
    yield "class by model_type, defaults", {"config.json": {}}
    yield "class null in tokenizer_config.json", {
        "config.json": {"tokenizer_class": "BertJapaneseTokenizer"},
        "tokenizer_config.json": {"tokenizer_class": None}}
    yield "all options", {"tokenizer_config.json": {
        **JAPANESE, "do_lower_case": True, "do_word_tokenize": True, "do_subword_tokenize": False,
        "word_tokenizer_type": "mecab", "subword_tokenizer_type": "character", "never_split": ["a", "B"],
        "mecab_kwargs": {"mecab_dic": "ipadic", "normalize_text": False}, "split_special_tokens": True,
        "model_max_length": 77}}
    yield "mecab option", {"tokenizer_config.json": {
        **JAPANESE, "word_tokenizer_type": "mecab",
        "mecab_kwargs": {"mecab_dic": "ipadic", "mecab_option": "-l 0"}}}
    yield "max length none", {"tokenizer_config.json": {**JAPANESE, "model_max_length": int(1e30)}}
    yield "max length 1e30", {"tokenizer_config.json": {**JAPANESE, "model_max_length": 1e30}}
    yield "max length null", {"tokenizer_config.json": {**JAPANESE, "model_max_length": None, "max_len": 9}}
    yield "max_len", {"tokenizer_config.json": {**JAPANESE, "max_len": 128}}
    yield "max_len beside model_max_length", {"tokenizer_config.json": {
        **JAPANESE, "max_len": 128, "model_max_length": 64}}
    yield "special tokens renamed", {"tokenizer_config.json": {
        **JAPANESE, "unk_token": "<u>", "cls_token": "a", "bos_token": "<bos>", "eos_token": None}}
    yield "special token as object", {"tokenizer_config.json": {
        **JAPANESE, "mask_token": saved("[MASK]", lstrip=True), "sep_token": saved("[SEP]", normalized=True)}}
    yield "map overrides", {
        "tokenizer_config.json": {**JAPANESE, "unk_token": "a", "mask_token": saved("[MASK]", lstrip=True)},
        "special_tokens_map.json": {"unk_token": "<u>", "mask_token": "[MASK]", "pad_token": token("b", rstrip=True)}}
    yield "map with objects", {
        "tokenizer_config.json": JAPANESE,
        "special_tokens_map.json": {
            "cls_token": {"content": "[CLS]", "single_word": True},
            "additional_special_tokens": ["<ent>", {"content": "<ent2>", "lstrip": True}]}}
    yield "additional merged", {
        "tokenizer_config.json": {**JAPANESE, "additional_special_tokens": ["<ent>", "x"]},
        "special_tokens_map.json": {"additional_special_tokens": ["x", "<ent>", "y", "y", "[SEP]"]}}
    yield "additional twice, object last", {
        "tokenizer_config.json": {**JAPANESE, "additional_special_tokens": ["<ent>"]},
        "special_tokens_map.json": {"additional_special_tokens": [token("<ent>", lstrip=True), "<ent>"]}}
    yield "additional null in the map", {
        "tokenizer_config.json": {**JAPANESE, "additional_special_tokens": ["<ent>"]},
        "special_tokens_map.json": {"additional_special_tokens": None}}
    yield "map changes an option", {
        "tokenizer_config.json": {**JAPANESE, "do_lower_case": False},
        "special_tokens_map.json": {"do_lower_case": True}}
    yield "map with null", {
        "tokenizer_config.json": {**JAPANESE, "bos_token": "<bos>"}, "special_tokens_map.json": {"bos_token": None}}
    yield "added_tokens.json", {
        "tokenizer_config.json": {**JAPANESE, "additional_special_tokens": ["<ent2>", "<ent3>"]},
        "added_tokens.json": {"<ent2>": 12, "plain": 10, "Upper": 11}}
    yield "added_tokens.json with a main token", {
        "tokenizer_config.json": {**JAPANESE, "cls_token": "<cls>"}, "added_tokens.json": {"<cls>": 10}}
    yield "added_tokens.json with a main object", {
        "tokenizer_config.json": {**JAPANESE, "cls_token": saved("<cls>", lstrip=True)},
        "added_tokens.json": {"<cls>": 10}}
    yield "added_tokens.json and map", {
        "tokenizer_config.json": JAPANESE,
        "special_tokens_map.json": {"additional_special_tokens": [token("<ent2>", rstrip=True)]},
        "added_tokens.json": {"<ent2>": 11, "plain": 10}}
    yield "added_tokens.json empty", {"tokenizer_config.json": JAPANESE, "added_tokens.json": {}}
    yield "decoder mutes the other files", {
        "tokenizer_config.json": {**JAPANESE, "added_tokens_decoder": decoder()},
        "special_tokens_map.json": {"unk_token": "a", "additional_special_tokens": ["<ent>"]},
        "added_tokens.json": {"plain": 10}}
    yield "decoder gives flags to main tokens", {
        "tokenizer_config.json": {
            **JAPANESE, "added_tokens_decoder": {**decoder(lstrip=True), "10": token("new", normalized=True)},
            "mask_token": saved("[MASK]", rstrip=True)}}
    yield "decoder without special", {
        "tokenizer_config.json": {**JAPANESE, "added_tokens_decoder": {"2": token("[CLS]", normalized=True)}}}
    yield "decoder in part", {"tokenizer_config.json": {
        **JAPANESE, "added_tokens_decoder": decoder(first=3), "additional_special_tokens": ["zz"]}}
    yield "decoder and additional", {"tokenizer_config.json": {
        **JAPANESE, "added_tokens_decoder": {**decoder(), "10": token("<x>", special=True, lstrip=True)},
        "additional_special_tokens": ["<x>"]}}
    yield "decoder and additional object", {"tokenizer_config.json": {
        **JAPANESE, "added_tokens_decoder": {**decoder(), "10": token("<x>", special=True, lstrip=True)},
        "additional_special_tokens": [saved("<x>", rstrip=True)]}}
    yield "decoder empty", {
        "tokenizer_config.json": {**JAPANESE, "added_tokens_decoder": {}},
        "special_tokens_map.json": {"unk_token": "a"}, "added_tokens.json": {"plain": 10}}
    yield "decoder of bare objects", {"tokenizer_config.json": {
        **JAPANESE, "added_tokens_decoder": {"10": {"content": "q"}, "11": {"content": "r", "special": True}}}}
    yield "two roles, one token", {"tokenizer_config.json": {**JAPANESE, "sep_token": "[CLS]", "eos_token": "[CLS]"}}


def observed(tokenizer):
    japanese = type(tokenizer).__name__ == "BertJapaneseTokenizer"
    row = {
        "tokenizer_class": type(tokenizer).__name__.removesuffix("Fast"),
        "model_max_length": None if tokenizer.model_max_length > NO_LIMIT else tokenizer.model_max_length,
        "split_special_tokens": tokenizer.split_special_tokens if japanese else False,
        "do_lower_case": tokenizer.do_lower_case,
        **{key: str(getattr(tokenizer, key)) for key in ("unk_token", "sep_token", "pad_token", "cls_token", "mask_token")},
    }
    if japanese:
        row["added_tokens"] = {
            str(i): {name: getattr(t, name)
                     for name in ("content", "lstrip", "rstrip", "single_word", "normalized", "special")}
            for i, t in sorted(tokenizer.added_tokens_decoder.items())}
        row |= {
            "do_word_tokenize": tokenizer.do_word_tokenize,
            "do_subword_tokenize": tokenizer.do_subword_tokenize,
            "word_tokenizer_type": tokenizer.word_tokenizer_type,
            "subword_tokenizer_type": tokenizer.subword_tokenizer_type,
            "never_split": tokenizer.never_split,
            "mecab_kwargs": tokenizer.mecab_kwargs,
        }
    return row


def main(target):
    if transformers.__version__ != "4.57.6":
        sys.exit(f"transformers {transformers.__version__} found, 4.57.6 expected")
    rows = []
    for name, files in cases():
        files = {"config.json": {}, **files}
        files["config.json"] = {"model_type": "bert", "vocab_size": len(VOCAB), **files["config.json"]}
        with tempfile.TemporaryDirectory() as folder:
            for file, content in files.items():
                with open(os.path.join(folder, file), "w", encoding="utf-8") as out:
                    json.dump(content, out)
            with open(os.path.join(folder, "vocab.txt"), "w", encoding="utf-8") as out:
                out.write("".join(line + "\n" for line in VOCAB))
            try:
                row = observed(AutoTokenizer.from_pretrained(folder))
            except Exception as e:
                sys.exit(f"{name}: {type(e).__name__}: {e}")
        rows.append({"name": name, "files": files, "expected": row})
    with open(target, "w", encoding="utf-8") as out:
        json.dump({"vocab": VOCAB, "cases": rows}, out, ensure_ascii=False, indent=1)
        out.write("\n")
    print(f"{len(rows)} cases")


main(sys.argv[1])
