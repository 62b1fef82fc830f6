"""The files of the look-alike models: names, keys and values as published, sizes apart, and weights that are random.

Imported by lookalikes.py; run on its own it does nothing. At full size these files have the published ones' size to
the byte: PUBLISHED_BYTES. Of three the content is not known well enough: E's config.json has 868 bytes (published 867),
B's tokenizer_config.json 391 (456), E's 1697 (2.12 kB).
"""

import json
from dataclasses import dataclass

import lookalike_weights as weights

# Sizes in bytes of published files that are reproduced exactly at full size.
PUBLISHED_BYTES = {
    "a-sentence-bert-v2": {"config.json": 667, "tokenizer_config.json": 466, "special_tokens_map.json": 112,
                           "modules.json": 229, "sentence_bert_config.json": 51, "1_Pooling/config.json": 190,
                           "config_sentence_transformers.json": 124},
    "a-sentence-bert-v1": {"config.json": 730, "tokenizer_config.json": 241, "special_tokens_map.json": 112,
                           "pooling_config.json": 190},
    "b-simcse-clcmlp": {"config.json": 527, "special_tokens_map.json": 125, "modules.json": 341, "sentence_bert_config.json": 53,
                        "config_sentence_transformers.json": 124, "2_Dense/config.json": 114},
    "c-whole-word-masking": {"config.json": 479, "tokenizer_config.json": 120},
    "d-sup-simcse-large": {"config.json": 639, "special_tokens_map.json": 125, "modules.json": 229,
                           "sentence_bert_config.json": 53, "1_Pooling/config.json": 191,
                           "config_sentence_transformers.json": 123},
    "e-glucose": {"special_tokens_map.json": 595, "modules.json": 229, "sentence_bert_config.json": 53,
                  "config_sentence_transformers.json": 123},
}

SPECIALS = {"unk_token": "[UNK]", "sep_token": "[SEP]", "pad_token": "[PAD]", "cls_token": "[CLS]",
            "mask_token": "[MASK]"}
NO_TASK = {"finetuning_task": None, "id2label": {"0": "LABEL_0", "1": "LABEL_1"}, "is_decoder": False,
           "label2id": {"LABEL_0": 0, "LABEL_1": 1}, "num_labels": 2, "output_attentions": False,
           "output_hidden_states": False}


@dataclass(frozen=True)
class Size:
    """Hidden size, layers, heads, intermediate size."""

    hidden: int
    layers: int
    heads: int
    inner: int


BASE, LARGE, TINY = Size(768, 12, 12, 3072), Size(1024, 24, 16, 4096), Size(24, 2, 2, 48)


def write_json(file, value, indent=2, end="", ordered=False):
    """JSON as Python's libraries write it: transformers with a line end, sentence-transformers and old ones without."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(value, ensure_ascii=False, indent=indent, sort_keys=ordered) + end, encoding="utf-8")


def write_config(directory, config):
    write_json(directory / "config.json", config, end="\n", ordered=True)
    return config


def write_vocabulary(directory, entries):
    (directory / "vocab.txt").write_text("\n".join(entries) + "\n", encoding="utf-8")


def write_modules(directory, *classes, first=""):
    """modules.json; the first module's folder is the root unless one is named."""
    entries = [
        {"idx": i, "name": str(i), "path": f"{i}_{c}" if i else first, "type": f"sentence_transformers.models.{c}"}
        for i, c in enumerate(classes)
    ]
    write_json(directory / "modules.json", entries)


def write_pooling(file, width, cls=False):
    modes = {"cls_token": cls, "mean_tokens": not cls, "max_tokens": False, "mean_sqrt_len_tokens": False}
    config = {"word_embedding_dimension": width} | {f"pooling_mode_{mode}": on for mode, on in modes.items()}
    write_json(file, config)


def write_versions(directory, library, transformers, pytorch):
    versions = {"sentence_transformers": library, "transformers": transformers, "pytorch": pytorch}
    write_json(directory / "config_sentence_transformers.json", {"__version__": versions})


def write_sentence_bert(directory, length, lower=False):
    write_json(directory / "sentence_bert_config.json", {"max_seq_length": length, "do_lower_case": lower})


def bert_config(size, entries, **more):
    return {
        "architectures": ["BertModel"],
        "attention_probs_dropout_prob": 0.1,
        "hidden_act": "gelu",
        "hidden_dropout_prob": 0.1,
        "hidden_size": size.hidden,
        "initializer_range": 0.02,
        "intermediate_size": size.inner,
        "layer_norm_eps": 1e-12,
        "max_position_embeddings": 512,
        "model_type": "bert",
        "num_attention_heads": size.heads,
        "num_hidden_layers": size.layers,
        "pad_token_id": 0,
        "type_vocab_size": 2,
        "vocab_size": len(entries),
    } | more


JAPANESE = {"tokenizer_class": "BertJapaneseTokenizer"}
PYTORCH_1 = {"classifier_dropout": None, "position_embedding_type": "absolute", "torch_dtype": "float32",
             "use_cache": True}
WORDPIECE = {"do_lower_case": False, "do_word_tokenize": True, "do_subword_tokenize": True,
             "word_tokenizer_type": "mecab", "subword_tokenizer_type": "wordpiece", "never_split": None}


def sentence_bert_v2(directory, size, entries):
    """A: two weight files, the texts of sentence-transformers lower-cased, no dictionary named."""
    config = write_config(directory, bert_config(
        size, entries, **JAPANESE, **PYTORCH_1, _name_or_path="/content/model/", transformers_version="4.15.0"))
    write_vocabulary(directory, entries)
    write_json(directory / "tokenizer_config.json", WORDPIECE | {"mecab_kwargs": None} | SPECIALS | {
        "model_max_length": 512, "special_tokens_map_file": None, "tokenizer_file": None,
        "name_or_path": "/content/model/"} | JAPANESE, indent=None)
    write_json(directory / "special_tokens_map.json", SPECIALS, indent=None)
    write_modules(directory, "Transformer", "Pooling")
    write_pooling(directory / "1_Pooling/config.json", size.hidden)
    write_sentence_bert(directory, 80, lower=True)
    write_versions(directory, "2.1.0", "4.15.0", "1.10.0+cu111")
    state = weights.with_positions(weights.encoder(config, 101), 512)
    weights.save_safetensors(state, directory / "model.safetensors")
    weights.save_bin(state, directory / "pytorch_model.bin")


def sentence_bert_v1(directory, size, entries):
    """A': no modules.json, a config.json without model_type, the names of sentence-transformers' files unread."""
    config = bert_config(size, entries, architectures=["BertForMaskedLM"], **NO_TASK, output_past=True,
                         pruned_heads={}, torchscript=False, use_bfloat16=False)
    for key in ("model_type", "pad_token_id"):
        del config[key]
    write_config(directory, config)
    write_vocabulary(directory, entries)
    # 241 bytes are published, and nothing else of it is known; a class is not named in files of that time.
    write_json(directory / "tokenizer_config.json", {
        "do_lower_case": False, "word_tokenizer_type": "mecab", "subword_tokenizer_type": "wordpiece",
        "model_max_length": 512, "max_len": 512, "never_split": None, "mecab_kwargs": None,
        "special_tokens_map_file": None, "full_tokenizer_file": None}, indent=None)
    write_json(directory / "special_tokens_map.json", SPECIALS, indent=None)
    write_json(directory / "added_tokens.json", {}, indent=None)
    write_pooling(directory / "pooling_config.json", size.hidden)
    write_json(directory / "sentence_bert_config.json", {"max_seq_length": 128, "do_lower_case": True})
    state = weights.encoder(config, 102)
    weights.save_safetensors(state, directory / "model.safetensors")
    weights.save_bin(state, directory / "pytorch_model.bin")


def simcse_clcmlp(directory, size, entries):
    """B: unidic_lite, CLS, a Dense layer with tanh; the tokenizer's class stands in config.json only."""
    config = write_config(directory, bert_config(
        size, entries, **JAPANESE, _name_or_path="cl-tohoku/bert-base-japanese-v2"))
    write_vocabulary(directory, entries)
    write_json(directory / "tokenizer_config.json", WORDPIECE | {
        "mecab_kwargs": {"mecab_dic": "unidic_lite"}, "model_max_length": 512} | SPECIALS, end="\n", ordered=True)
    write_json(directory / "special_tokens_map.json", SPECIALS, end="\n", ordered=True)
    write_modules(directory, "Transformer", "Pooling", "Dense")
    write_pooling(directory / "1_Pooling/config.json", size.hidden, cls=True)
    write_json(directory / "2_Dense/config.json", {
        "in_features": size.hidden, "out_features": size.hidden, "bias": True,
        "activation_function": "torch.nn.modules.activation.Tanh"}, indent=None)
    weights.save_bin(weights.dense(size.hidden, 203), directory / "2_Dense/pytorch_model.bin")
    write_sentence_bert(directory, 128)
    write_versions(directory, "2.1.0", "4.15.0", "1.10.0+cu111")
    (directory / "requirements.txt").write_text("fugashi\nsentence_transformers\nunidic-lite\n", encoding="utf-8")
    weights.save_bin(weights.with_positions(weights.encoder(config, 103), 512), directory / "pytorch_model.bin")


def _whole_word_masking(directory, size, entries, **config):
    """What C's three forms share: tokenizer files and config.json; returns the configuration."""
    write_vocabulary(directory, entries)
    write_json(directory / "tokenizer_config.json", {
        "do_lower_case": False, "word_tokenizer_type": "mecab", "subword_tokenizer_type": "wordpiece",
        "model_max_length": 512}, indent=None)
    return write_config(directory, bert_config(size, entries, **JAPANESE, **config))


def whole_word_masking(directory, size, entries):
    """C as published: the legacy container, BertForMaskedLM with a tied decoder, weights for other frameworks."""
    config = _whole_word_masking(directory, size, entries, architectures=["BertForMaskedLM"])
    state = weights.masked_lm(weights.encoder(config, 104), config, 1104)
    weights.save_bin(state, directory / "pytorch_model.bin", legacy=True)
    for stub in ("flax_model.msgpack", "tf_model.h5"):
        (directory / stub).write_bytes(b"not read by bunvec\n")


def _saved(directory, encoder_folder, size, entries):
    """C as sentence-transformers saves it after training."""
    encoder = directory / encoder_folder if encoder_folder else directory
    encoder.mkdir(parents=True, exist_ok=True)
    config = _whole_word_masking(encoder, size, entries)
    write_json(encoder / "special_tokens_map.json", SPECIALS, indent=None)
    write_sentence_bert(encoder, 512)
    write_modules(directory, "Transformer", "Pooling", first=encoder_folder)
    write_pooling(directory / "1_Pooling/config.json", size.hidden)
    weights.save_bin(weights.encoder(config, 104), encoder / "pytorch_model.bin")


def saved_in_folder(directory, size, entries):
    """C trained and saved by sentence-transformers 0.4: the root's config.json holds a version and nothing else."""
    _saved(directory, "0_Transformer", size, entries)
    write_json(directory / "config.json", {"__version__": "0.4.1"})


def saved_in_root(directory, size, entries):
    """C trained and saved by sentence-transformers 2."""
    _saved(directory, "", size, entries)
    write_versions(directory, "2.2.2", "4.28.1", "2.0.1")


def sup_simcse_large(directory, size, entries):
    """D: the large encoder, unidic_lite, CLS; the tokenizer's class stands in tokenizer_config.json only."""
    config = write_config(directory, bert_config(
        size, entries, **PYTORCH_1, _name_or_path="cl-tohoku/bert-large-japanese-v2", transformers_version="4.28.1"))
    write_vocabulary(directory, entries)
    write_json(directory / "tokenizer_config.json", WORDPIECE | SPECIALS | JAPANESE | {
        "clean_up_tokenization_spaces": True, "jumanpp_kwargs": None, "mecab_kwargs": {"mecab_dic": "unidic_lite"},
        "model_max_length": 512, "sudachi_kwargs": None}, end="\n", ordered=True)
    write_json(directory / "special_tokens_map.json", SPECIALS, end="\n", ordered=True)
    write_modules(directory, "Transformer", "Pooling")
    write_pooling(directory / "1_Pooling/config.json", size.hidden, cls=True)
    write_sentence_bert(directory, 512)
    write_versions(directory, "2.2.2", "4.28.1", "2.0.1+cu118")
    for name in ("dev-metrics.json", "sts-metrics.json"):
        write_json(directory / name, {})
    (directory / "log.csv").write_text("epoch,step,loss\n", encoding="utf-8")
    weights.save_bin(weights.with_positions(weights.encoder(config, 105), 512), directory / "pytorch_model.bin")


def _luke_tokens(pieces):
    def token(content, lstrip=False, normalized=False):
        return {"content": content, "lstrip": lstrip, "normalized": normalized, "rstrip": False, "single_word": False}

    entity = [token("<ent>"), token("<ent2>")]
    plain = {"bos_token": "<s>", "cls_token": "<s>", "eos_token": "</s>", "pad_token": "<pad>", "sep_token": "</s>",
             "unk_token": "<unk>"}
    special = plain | {"additional_special_tokens": entity, "mask_token": token("<mask>", True, True)}
    typed = [{"__type": "AddedToken"} | t for t in entity]
    config = plain | {
        "additional_special_tokens": typed * 2, "clean_up_tokenization_spaces": True,
        "entity_mask2_token": "[MASK2]", "entity_mask_token": "[MASK]", "entity_pad_token": "[PAD]",
        "entity_token_1": typed[0], "entity_token_2": typed[1], "entity_unk_token": "[UNK]",
        "mask_token": {"__type": "AddedToken"} | special["mask_token"], "max_entity_length": 32,
        "max_mention_length": 30, "model_max_length": 512, "sp_model_kwargs": {}, "task": None,
        "tokenizer_class": "MLukeTokenizer"}
    # One id behind <mask>, which has the one behind the pieces: all are shifted by one.
    return config, special, {"<ent>": pieces + 2, "<ent2>": pieces + 3}


def glucose(directory, size, model):
    """E: LUKE with its entity weights, a SentencePiece model, ids shifted by one; `model` is (bytes, pieces)."""
    content, pieces = model
    (directory / "sentencepiece.bpe.model").write_bytes(content)
    tokenizer, special, added = _luke_tokens(pieces)
    write_json(directory / "tokenizer_config.json", tokenizer, end="\n", ordered=True)
    write_json(directory / "special_tokens_map.json", special, end="\n", ordered=True)
    write_json(directory / "added_tokens.json", added, end="\n", ordered=True)
    write_json(directory / "entity_vocab.json", {"[MASK]": 0, "[UNK]": 1, "[PAD]": 2, "[MASK2]": 3}, indent=None)
    config = write_config(directory, {
        "_name_or_path": "studio-ousia/luke-japanese-base-lite",
        "architectures": ["LukeModel"], "attention_probs_dropout_prob": 0.1,
        "bert_model_name": "models/luke-japanese/hf_xlm_roberta", "bos_token_id": 0, "classifier_dropout": None,
        "cls_entity_prediction": False, "entity_emb_size": 256 if size == BASE else 8, "entity_vocab_size": 4,
        "eos_token_id": 2, "hidden_act": "gelu", "hidden_dropout_prob": 0.1, "hidden_size": size.hidden,
        "initializer_range": 0.02, "intermediate_size": size.inner, "layer_norm_eps": 1e-05,
        "max_position_embeddings": 514, "model_type": "luke", "num_attention_heads": size.heads,
        "num_hidden_layers": size.layers, "pad_token_id": 1, "position_embedding_type": "absolute",
        "torch_dtype": "float32", "transformers_version": "4.28.1", "type_vocab_size": 1, "use_cache": True,
        "use_entity_aware_attention": True, "vocab_size": pieces + 4})
    write_modules(directory, "Transformer", "Pooling")
    write_pooling(directory / "1_Pooling/config.json", size.hidden)
    write_sentence_bert(directory, 512)
    write_versions(directory, "2.2.2", "4.28.1", "2.0.1+cu118")
    weights.save_bin(weights.encoder(config, 106), directory / "pytorch_model.bin")
