"""Makes model directories with every mix of tokenizer files, for auto_tokenizer_golden.py and auto_tokenizer_compare.py.

Vocabularies and SentencePiece models are made of the texts in bert_japanese.py and the characters in random_texts.py, which
were written for this project.
"""

import base64
import io
import json
import pathlib
import unicodedata

import bert_japanese
import random_texts
import sentencepiece
import tokenizers
import transformers
from sentencepiece import sentencepiece_model_pb2
from tokenizers import models, normalizers, pre_tokenizers, processors
from transformers.convert_slow_tokenizer import convert_slow_tokenizer

assert transformers.__version__ == "4.57.6", transformers.__version__
assert tokenizers.__version__ == "0.22.2", tokenizers.__version__

SPECIAL = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
ENGLISH = (
    "the a of to and in is it you that he was for on are as with his they at be this have from or one had by word but not what all were "
    "we when your can said there use an each which she do how their if will up other about out many then them these so some her would "
    "make like him into time has look two more write go see number no way could people my than first water been call who oil its now "
    "find long down day did get come made may part resume cafe naive facade über tokyo wikipedia example com https user co jp"
).split()
TEXTS = [
    "", " ", "  ", "\t", "\n", "\0", "a", " a", "a ", "\u2581", "\u2581a", " \u2581 a", "a\r\nb", "\r\n", "a  b", "a   b  ", "　a　b　", "ﬁn", "①②",
    "Hello, World!", "hello,world", "The quick brown fox can't jump; it's 3.14% off.", "RÉSUMÉ Café naïve façade ÜBER", "re\u0301sume\u0301 u\u0308ber",
    "e\u0301\u0323", "\u0301abc", "ｅ\u0301", "ｶﾞｷﾞ ﾊﾟ", "が か\u3099 ぱ", "\u1100\u1161\u11a8 각", "🇯🇵🇯 👨\u200d👩\u200d👧", "न्\u200dक क्ष", "a\u0903b \u0600a",
    "İstanbul İ ı ΟΔΟΣ ΑΣ", "ǅ ß ẞ", "日本語とEnglishのmixed文です。", "東京都に住む", "\U0002b820\U0002b91f\U0002b920\U0002ceaf", "\ufffd\u200b\u00ad\u2060\u180e",
    "[CLS] a [SEP]", "a[MASK]b", "a [MASK] b", "[mask]", "[UNK][PAD]", "<s>a</s>", "a <mask> b", "a<mask>b", "<mask>", "<unk> <pad>", "<s>NOTUSED</s>NOTUSED",
    "<ent> <ent2>", "Added added ADDED", "xAddedx x added x", "<x>  <y> <z>", "a<x>b", "a <x> b", "ab<y>cd <y> ef", "<z>  b  <z>", "<x><x> <y><z>", "<w>a<w> <w>é<w>_",
    "x" * 99, "x" * 100, "x" * 101, "日" * 120, "a" * 300, "が" * 80, "か\u3099" * 60, "\u0301" * 90, "1,000,000 1２３ ²½Ⅷ", "under_score-dash/slash", "$100 + €5 = ¥£",
    "  leading and trailing  ", "tab\there", "line\u2028sep\u2029par\u0085nel", "\x1c\x1d a\x0bb\x0cc", "𠮷野家 𝐀𝐁 😀😀", "##a a##b ##", "unaffable unaffablé",
]


def vocabulary():
    tokens = list(SPECIAL)
    characters = "".join(map(chr, range(0x21, 0x7F))) + "".join(random_texts.CLASSES.values())
    characters = [c for c in dict.fromkeys(characters) if not c.isspace()]
    tokens += characters + ["##" + c for c in characters]
    tokens += ENGLISH + [word.capitalize() for word in ENGLISH[:60]] + ["##ing", "##ed", "##s", "##able", "##ff", "un", "日本", "##語", "東京", "##都", "é", "##é", "Café"]
    tokens += [phrase for phrase in random_texts.PHRASES if " " not in phrase and phrase.strip()]
    return list(dict.fromkeys(tokens))


def write(folder, name, value):
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    (folder / name).write_text(text, encoding="utf-8", newline="")


def bert_json(**options):
    """A BERT pipeline as BertConverter makes it."""
    vocab = {token: i for i, token in enumerate(vocabulary())}
    result = tokenizers.Tokenizer(models.WordPiece(vocab, unk_token="[UNK]"))
    flags = {"clean_text": True, "handle_chinese_chars": True, "strip_accents": None, "lowercase": True} | options
    result.normalizer = normalizers.BertNormalizer(**flags)
    result.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    result.post_processor = processors.BertProcessing(("[SEP]", 3), ("[CLS]", 2))
    return result


def rules():
    """A charsmap small enough to commit: widths, ligatures, compositions, blanks, and a rule that is the start of another."""
    pairs = {"\t": " ", "\n": " ", "\r": " ", "　": " ", "\u00a0": " ", "\u200b": "", "ﬁ": "fi", "ﬃ": "ffi", "㌔": "キロ", "①": "1", "\u0300": ""}
    pairs |= {chr(c): chr(c - 0xFEE0) for c in range(0xFF01, 0xFF5F)}
    for base, marks in (("aeiouAEIOU", "\u0301\u0300\u0308"), ("かきくけこカキクケコ", "\u3099")):
        pairs |= {b + m: unicodedata.normalize("NFC", b + m) for b in base for m in marks}
    pairs |= {"ｶﾞ": "ガ", "ｶ": "カ", "ﾊﾟ": "パ", "ﾊ": "ハ", "e\u0323": "ẹ", "e\u0301\u0323": "ẹ\u0301"}
    return "".join(" ".join("%X" % ord(c) for c in a) + "\t" + " ".join("%X" % ord(c) for c in b) + "\n" for a, b in pairs.items())


def sentence_piece(folder, **options):
    tsv = folder / "rules.tsv"
    tsv.write_text(rules(), encoding="utf-8")
    model = io.BytesIO()
    texts = [text.replace("\0", "") for text in bert_japanese.SENTENCES] * 3 + [" ".join(ENGLISH), " ".join(random_texts.PHRASES).replace("\n", " ")] * 3
    flags = {"normalization_rule_tsv": str(tsv)} | options
    if "normalization_rule_name" in options:
        del flags["normalization_rule_tsv"]
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter([t for t in texts if t]), model_writer=model, vocab_size=1300, hard_vocab_limit=False, character_coverage=0.98,
        num_threads=1, minloglevel=2, **flags)
    tsv.unlink()
    proto = sentencepiece_model_pb2.ModelProto.FromString(model.getvalue())
    proto.normalizer_spec.normalization_rule_tsv = ""  # the path of a temporary file
    (folder / "sentencepiece.bpe.model").write_bytes(proto.SerializeToString(deterministic=True))


def token(content, **flags):
    return {"content": content, "single_word": False, "lstrip": False, "rstrip": False, "normalized": False, "special": False} | flags


FLAGGED = {
    "1": token("[UNK]", special=True), "2": token("[CLS]", special=True), "3": token("[SEP]", special=True), "4": token("[MASK]", special=True, lstrip=True),
    "0": token("[PAD]", special=True), "9000": token("Added", normalized=True), "9001": token("<x>", lstrip=True, rstrip=True),
    "9002": token("<y>", single_word=True), "9003": token("<z>", rstrip=True, normalized=True), "9004": token("<w>", single_word=True, special=True),
}


def bert(folder, config=None, vocab=True, pipeline=None, **files):
    if vocab:
        write(folder, "vocab.txt", "".join(t + "\n" for t in vocabulary()))
    if pipeline is not None:
        write(folder, "tokenizer.json", pipeline.to_str())
    if config is not None:
        write(folder, "tokenizer_config.json", config)
    for name, value in files.items():
        write(folder, name + ".json", value)


def both_disagree(folder):
    pipeline = bert_json(lowercase=False)
    pipeline.add_special_tokens([tokenizers.AddedToken(t, special=True) for t in SPECIAL])
    pipeline.add_tokens([tokenizers.AddedToken("Added", normalized=True), tokenizers.AddedToken("<x>", normalized=False)])
    bert(folder, {"tokenizer_class": "BertTokenizer", "do_lower_case": True}, pipeline=pipeline)
    write(folder, "vocab.txt", "".join(t + "\n" for t in SPECIAL + list("abc")))


def legacy(folder, pipeline):
    bert(folder, {"do_lower_case": True, "additional_special_tokens": ["<x>"]}, pipeline=pipeline,
         special_tokens_map={"mask_token": {"content": "[MASK]", "lstrip": True, "rstrip": False, "normalized": False, "single_word": False},
                             "additional_special_tokens": ["<y>", "<x>"], "sep_token": "[SEP]"},
         added_tokens={"<y>": 9001, "<x>": 9000, "Added": 9002})


def plain(folder, pipeline, config=None, name="PreTrainedTokenizerFast"):
    write(folder, "tokenizer.json", pipeline.to_str())
    write(folder, "tokenizer_config.json", {"tokenizer_class": name} | (config or {}))


def generic_words(folder):
    vocab = {t.removeprefix("##"): 0 for t in vocabulary()}
    vocab = {t: i for i, t in enumerate(vocab)}
    pipeline = tokenizers.Tokenizer(models.WordPiece(vocab, unk_token="[UNK]", continuing_subword_prefix="", max_input_chars_per_word=12))
    pipeline.normalizer = normalizers.Sequence([
        normalizers.Nmt(), normalizers.NFKC(), normalizers.Lowercase(), normalizers.Replace(tokenizers.Regex(r"\s+"), " "), normalizers.Replace("the", "a"),
        normalizers.Strip(), normalizers.Prepend("a ")])
    pipeline.pre_tokenizer = pre_tokenizers.Sequence([pre_tokenizers.Whitespace(), pre_tokenizers.Punctuation("contiguous"), pre_tokenizers.Digits(True)])
    pipeline.post_processor = processors.Sequence([
        processors.TemplateProcessing(single="[CLS] [MASK] $A [SEP]", pair="$A $B", special_tokens=[("[CLS]", 2), ("[SEP]", 3), ("[MASK]", 4)])])
    pipeline.add_tokens([tokenizers.AddedToken("ADDED", normalized=True), tokenizers.AddedToken("<x>", normalized=True, lstrip=True, single_word=True)])
    plain(folder, pipeline, {"cls_token": "[CLS]", "mask_token": "<mask>", "extra_special_tokens": {"image_token": "<z>"}})


def generic_splits(folder):
    pipeline = bert_json()
    pipeline.normalizer = normalizers.Sequence([normalizers.NFD(), normalizers.StripAccents(), normalizers.NFC()])
    pipeline.pre_tokenizer = pre_tokenizers.Sequence([
        pre_tokenizers.WhitespaceSplit(), pre_tokenizers.Split(tokenizers.Regex("[0-9]+"), "merged_with_previous"), pre_tokenizers.Split("-", "removed"),
        pre_tokenizers.Split("a", "merged_with_next"), pre_tokenizers.Digits(), pre_tokenizers.Punctuation("isolated"), pre_tokenizers.CharDelimiterSplit("_")])
    pipeline.post_processor = processors.RobertaProcessing(("[SEP]", 3), ("[CLS]", 2))
    plain(folder, pipeline)


def generic_unigram(folder, scheme, split, seed_scores):
    pieces = [("<unk>", 0.0)] + [("<0x%02X>" % b, -9.0) for b in range(256)]
    words = dict.fromkeys("▁" + w for w in ENGLISH)
    words |= dict.fromkeys(list("abcdefghijklmnopqrstuvwxyz▁日本東京語あいうえおか") + ["東京", "日本語", "ing", "▁a", "▁▁", "xy"])
    pieces += [(w, seed_scores(i)) for i, w in enumerate(words)]
    pipeline = tokenizers.Tokenizer(models.Unigram(pieces, unk_id=0, byte_fallback=scheme != "never"))
    pipeline.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme=scheme, split=split)
    pipeline.add_tokens([tokenizers.AddedToken("<x>", normalized=False), tokenizers.AddedToken("Added", normalized=True)])
    plain(folder, pipeline, {"unk_token": "<unk>"})


def xlm_roberta(folder, name, model=True, pipeline=False, config=None, **options):
    sentence_piece(folder, **options)
    class_name = {"camembert": "CamembertTokenizer", "xlm-roberta": "XLMRobertaTokenizer"}[name]
    if pipeline:
        slow = getattr(transformers, class_name)(str(folder / "sentencepiece.bpe.model"))
        write(folder, "tokenizer.json", convert_slow_tokenizer(slow).to_str())
    if not model:
        (folder / "sentencepiece.bpe.model").unlink()
    write(folder, "tokenizer_config.json", {"tokenizer_class": class_name} | (config or {}))


def mluke(folder, mask, **options):
    sentence_piece(folder, **options)
    size = sentencepiece.SentencePieceProcessor(model_file=str(folder / "sentencepiece.bpe.model")).vocab_size()
    write(folder, "tokenizer_config.json", {"tokenizer_class": "MLukeTokenizer", "additional_special_tokens": ["<ent>", "<ent2>"]} | mask)
    write(folder, "entity_vocab.json", {"[MASK]": 0, "[UNK]": 1, "[PAD]": 2, "[MASK2]": 3})
    write(folder, "added_tokens.json", {"<ent>": size + 2, "<ent2>": size + 3})


def special(pipeline):
    pipeline.add_special_tokens(SPECIAL)
    return pipeline


CASES = {
    "bert-vocab": lambda f: bert(f),
    "bert-vocab-cased": lambda f: bert(f, {"do_lower_case": False}),
    "bert-vocab-accents": lambda f: bert(f, {"strip_accents": False}),
    "bert-vocab-cased-stripped": lambda f: bert(f, {"do_lower_case": False, "strip_accents": True, "tokenize_chinese_chars": False, "do_basic_tokenize": False}),
    "bert-vocab-flags": lambda f: bert(f, {"added_tokens_decoder": FLAGGED, "additional_special_tokens": ["<x>"]}),
    "bert-vocab-split": lambda f: bert(f, {"added_tokens_decoder": FLAGGED, "split_special_tokens": True}),
    "bert-vocab-legacy": lambda f: legacy(f, None),
    "bert-json-legacy": lambda f: legacy(f, special(bert_json())),
    "bert-json": lambda f: bert(f, vocab=False, pipeline=special(bert_json(strip_accents=False))),
    "bert-json-flags": lambda f: bert(f, {"added_tokens_decoder": FLAGGED, "do_lower_case": False}, vocab=False, pipeline=special(bert_json())),
    "bert-both-disagree": both_disagree,
    "bert-json-sequence": lambda f: generic_splits(f) or write(f, "tokenizer_config.json", {"tokenizer_class": "DistilBertTokenizer", "do_lower_case": True}),
    "electra-json": lambda f: bert(f, {"tokenizer_class": "ElectraTokenizerFast", "tokenize_chinese_chars": False}, vocab=False, pipeline=bert_json()),
    "generic-words": generic_words,
    "generic-splits": generic_splits,
    "generic-unigram": lambda f: generic_unigram(f, "always", True, lambda i: -3.0 - (i % 7) * 0.1),
    "generic-unigram-first": lambda f: generic_unigram(f, "first", False, lambda i: -9.897123336791992 - (i * 13 % 50) / 7),
    "generic-unigram-never": lambda f: generic_unigram(f, "never", True, lambda i: -5.5),
    "xlm-roberta-model": lambda f: xlm_roberta(f, "xlm-roberta"),
    "xlm-roberta-json": lambda f: xlm_roberta(f, "xlm-roberta", model=False, pipeline=True, config={"mask_token": "<mask>"}),
    "xlm-roberta-both": lambda f: xlm_roberta(f, "xlm-roberta", pipeline=True, config={
        "mask_token": {"__type": "AddedToken"} | token("<mask>", lstrip=True, normalized=True), "additional_special_tokens": ["<x>"]}),
    "xlm-roberta-symbols": lambda f: xlm_roberta(f, "xlm-roberta", normalization_rule_name="identity", user_defined_symbols=["<y>", "日本", "▁の"]),
    "camembert-model": lambda f: xlm_roberta(f, "camembert"),
    "camembert-json": lambda f: xlm_roberta(f, "camembert", model=False, pipeline=True),
    "mluke": lambda f: mluke(f, {"mask_token": {"__type": "AddedToken"} | token("<mask>", lstrip=True, normalized=True)}),
    # A mask that is no object takes the blanks on its left, which this model does not drop by itself.
    "mluke-string": lambda f: mluke(f, {"mask_token": "<mask>"}, remove_extra_whitespaces=False),
    "mluke-default": lambda f: mluke(f, {}, remove_extra_whitespaces=False),
}
LARGE = {  # with the real rules of nmt_nfkc, which are too many to commit
    "xlm-roberta-nmt-nfkc": lambda f: xlm_roberta(f, "xlm-roberta", normalization_rule_name="nmt_nfkc"),
    "xlm-roberta-nmt-nfkc-json": lambda f: xlm_roberta(f, "xlm-roberta", model=False, pipeline=True, normalization_rule_name="nmt_nfkc"),
    "camembert-nmt-nfkc": lambda f: xlm_roberta(f, "camembert", normalization_rule_name="nmt_nfkc"),
}


def make(name, folder):
    """Makes a directory that AutoTokenizer opens; config.json says bert, as the tokenizer's class says the rest."""
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    write(folder, "config.json", {"model_type": "bert", "vocab_size": 20000})
    (CASES | LARGE)[name](folder)


def encoded(value):
    try:
        return {"text": value.decode("utf-8")}
    except UnicodeDecodeError:
        return {"base64": base64.b64encode(value).decode()}


def files(folder):
    return {p.name: encoded(p.read_bytes()) for p in sorted(pathlib.Path(folder).iterdir())}
