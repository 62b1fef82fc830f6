"""What transformers.BertJapaneseTokenizer (4.57.6) makes of a text; shared by the scripts beside it.

Needs: transformers==4.57.6 fugashi ipadic unidic-lite
"""

import os

os.environ["HF_HUB_OFFLINE"] = "1"

import transformers
from transformers import AddedToken, BertJapaneseTokenizer

assert transformers.__version__ == "4.57.6", transformers.__version__

# Keyword arguments that are written into test files as they are.
PLAIN = (
    "do_lower_case", "do_word_tokenize", "do_subword_tokenize", "split_special_tokens", "subword_tokenizer_type",
    "never_split", "unk_token", "sep_token", "pad_token", "cls_token", "mask_token", "additional_special_tokens",
)


def tokenizer(vocabulary, options, dictionary="ipadic", user=""):
    """Builds the tokenizer for options as they stand in a golden file.

    The dictionary is a name or a directory; user dictionaries are as MeCab's option -u takes them.
    """
    arguments = {name: options[name] for name in PLAIN if name in options}
    added = {int(i): AddedToken(**token) for i, token in options.get("added_tokens_decoder", {}).items()}
    mecab = {"mecab_dic": dictionary, "normalize_text": options.get("normalize_text", True)}
    if os.path.isdir(dictionary):
        mecab |= {"mecab_dic": None, "mecab_option": f'-d "{dictionary}" -r "{dictionary}/dicrc"'}
    if user:
        mecab["mecab_option"] = mecab.get("mecab_option", "") + f' -u "{user}"'
    return BertJapaneseTokenizer(
        vocabulary, word_tokenizer_type="mecab", mecab_kwargs=mecab, added_tokens_decoder=added, **arguments
    )


def result(tokenizer, text, max_length=None):
    """Returns words, tokens, ids and the length before truncation of one text."""
    if tokenizer.do_word_tokenize:
        words = tokenizer.word_tokenizer.tokenize(text)
    else:
        words = [text] if text else []
    whole = tokenizer.encode(text)
    ids = tokenizer.encode(text, truncation=True, max_length=max_length) if max_length else whole
    return {
        "words": words,
        "tokens": tokenizer.convert_ids_to_tokens(ids),
        "ids": ids,
        "length_before_truncation": len(whole),
    }
