"""What transformers' tokenizers over a SentencePiece model (4.57.6) make of a text; shared by the scripts beside it.

Needs: transformers==4.57.6 sentencepiece fugashi ipadic
"""

import json
import os
import tempfile

os.environ["HF_HUB_OFFLINE"] = "1"

import transformers
from transformers import AddedToken, BertJapaneseTokenizer, MLukeTokenizer

assert transformers.__version__ == "4.57.6", transformers.__version__

ENTITIES = {"[MASK]": 0, "[UNK]": 1, "[PAD]": 2, "[MASK2]": 3}
TOKENS = (
    "bos_token", "eos_token", "unk_token", "sep_token", "pad_token", "cls_token", "mask_token", "entity_token_1", "entity_token_2",
)
PLAIN = ("split_special_tokens", "do_lower_case", "do_word_tokenize", "word_tokenizer_type", "subword_tokenizer_type", "never_split")


def tokenizer(model, options):
    """Builds the tokenizer for options as they stand in a golden file; a token is a string or an object with its flags."""
    arguments = {name: options[name] for name in PLAIN if name in options}
    arguments |= {name: token(options[name]) for name in TOKENS if name in options}
    if "additional_special_tokens" in options:
        arguments["additional_special_tokens"] = [token(value) for value in options["additional_special_tokens"]]
    arguments["added_tokens_decoder"] = {
        int(i): AddedToken(**value) for i, value in options.get("added_tokens_decoder", {}).items()
    }
    if options["tokenizer_class"] == "BertJapaneseTokenizer":
        mecab = {"mecab_dic": "ipadic"}
        return BertJapaneseTokenizer(options.get("vocab_file"), spm_file=model, mecab_kwargs=mecab, **arguments)
    with tempfile.TemporaryDirectory() as folder:
        entities = os.path.join(folder, "entity_vocab.json")
        with open(entities, "w", encoding="utf-8") as out:
            json.dump(ENTITIES, out)
        return MLukeTokenizer(model, entities, **arguments)


def token(value):
    return AddedToken(**value) if isinstance(value, dict) else value


def result(tokenizer, text, max_length=None):
    """Returns words, tokens, ids and the length before truncation of one text."""
    if isinstance(tokenizer, MLukeTokenizer):
        words = tokenizer.sp_model.encode(text, out_type=str)
    elif tokenizer.do_word_tokenize:
        words = tokenizer.word_tokenizer.tokenize(text)
    else:
        words = [text] if text else []
    whole = tokenizer(text)["input_ids"]
    ids = tokenizer(text, truncation=True, max_length=max_length)["input_ids"] if max_length else whole
    return {
        "words": words,
        "tokens": tokenizer.convert_ids_to_tokens(ids),
        "ids": ids,
        "length_before_truncation": len(whole),
    }
