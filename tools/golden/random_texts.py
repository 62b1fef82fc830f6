"""Random strings of mixed scripts for comparing tokenizers."""

import random
import unicodedata

CLASSES = {
    "hiragana": "".join(map(chr, range(0x3041, 0x3097))),
    "katakana": "".join(map(chr, range(0x30A1, 0x30FB))) + "ーーー・ヽヾ",
    "halfwidth": "".join(map(chr, range(0xFF61, 0xFFA0))),
    "fullwidth": "".join(map(chr, range(0xFF01, 0xFF5F))),
    "kanji": "日本人大学生東京都中国語文化社会経済山川田子時間今年前後上下左右一二三四五六七八九十百千万億兆",
    "latin": "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ",
    "accents": "éèêëñöüßÅçøÆœŁİıſΐŉǅǆ",
    "digits": "0123456789",
    "greek": "αβγδεζηθικλμνξοπρστυφχψωςΑΒΓΔΣΩΣΣ",
    "cyrillic": "абвгдежзийклмнопрстуфхцчшщъыьэюяАБВГДЁё",
    "hangul": "가나다라마바사한국어조선말각ㄱㅏ",
    "arabic": "ابتثجحخدذرزسشصضطظعغفقكلمنهوي\u064b\u0651\u0660",
    "thai": "กขคงจฉชซญฎฏฐณดตถทธนบปผฝพฟภมยรลวศษสหอฮ\u0e31\u0e33\u0e48",
    "punctuation": "、。「」『』【】（）！？…―‐〜～・：；,.!?\"'()[]{}<>@#$%^&*_+-=|\\/`~",
    "symbols": "☆★♪♂♀→←⇒∀∂√∞∈≒㈱㌔①⑳Ⅷⅷ℡№™©®€£¥§¶†‡•‰⁂㍻㋿ﷺ",
    "ligatures": "ﬁﬂﬀﬃŉㄱ゛゜´¨｀\u037a",
    "emoji": "😀😂🍣🍺🎉👍❤🇯🇵👨👩👧🏽\u200d\ufe0f\u20e3",
    "combining": "\u0301\u0300\u0308\u3099\u309a\u0323\u0327\u20dd\u0345\ufe0e\U000e0100",
    "supplementary": "𠮷𠀋𡈽𡌛𡑮𡢽𩸽𪚲𝐀𝒜𝔸𝟘𝟡𐐀𐐨𓀀🀄\U0001F200𛀀𛄀\U0002F800",
    "spaces": "   　\t\n\r\u00a0\u2003\u200b\u200c\u2028\u2029\u0085\u1680\u205f\u202f\ufeff\x1c\x1d",
    "controls": "\x01\x02\x07\x08\x0b\x0c\x0e\x1b\x1e\x1f\x7f\x80\x9f\u00ad\ufffd\uffff\ufffe\u2060",
}
PHRASES = [
    "今日は良い天気ですね。", "東京都に住んでいる", "すもももももももものうち", "機械学習モデル", "コンピュータ", "ありがとうございました",
    "国際連合", "Wikipedia", "https://example.com/a?b=c&d=e#f", "user@example.co.jp", "2024年1月1日", "3.14", "1,000円",
    "ー", "っ", "々", "〇", "一二三", "ＡＢＣ", "ﾊﾝｶｸ", "スーパーマーケット", "人工知能", "お寿司が食べたい", "行きました", "ウェブサイト",
    "[SEP]", "[CLS]", "[UNK]", "[PAD]", "[MASK]", "[SE", "[S", "SEP]", "[sep]", "[[SEP]]", "##", "##の", "[mask]",
    " [SEP] ", "[MASK] ", "<a>", " <a> ", "<b>  ", "　<c>\n", "日本", " 日本 ", "abc", "abdc", "aabcb", "<x>", "<m>", "<S>",
    "Tokyo", "TOKYO", "😀", "ΑΣ", "Σ'Α", "ΟΔΟΣ", "𝚺", "𝐀𝚺", "㎇", "㍳", "İ", "が", "は", "が", "パ", "ヴ", "ﾞ", "ﾟ", "ｶﾞ", "ﾊﾟ",
]


def texts(count, seed):
    """Yields so many strings, of characters assigned in Unicode 14 (or that can never be)."""
    generator = random.Random(seed)
    names = list(CLASSES)
    for _ in range(count):
        parts = []
        for _ in range(generator.choice((1, 2, 3, 4, 6, 8, 12))):
            kind = generator.random()
            characters = CLASSES[generator.choice(names)]
            if kind < 0.30:
                parts.append(generator.choice(PHRASES))
            elif kind < 0.55:
                parts.append("".join(generator.choices(characters, k=generator.randint(1, 6))))
            elif kind < 0.70:
                parts.append("".join(generator.choices(characters, k=generator.randint(1, 40))))
            elif kind < 0.80:
                parts.append(generator.choice(characters) * generator.choice((1, 2, 3, 22, 23, 24, 25, 26, 27, 30, 40)))
            elif kind < 0.90:
                parts.append("".join(chr(generator.randint(0x4E00, 0x9FA5)) for _ in range(generator.randint(1, 8))))
            elif kind < 0.98:
                parts.append("".join(assigned(generator) for _ in range(generator.randint(1, 5))))
            elif kind < 0.99:
                parts.append("x" * generator.randint(98, 103))
            else:
                parts.append("\0")
        yield "".join(parts)


def assigned(generator):
    while True:
        code = generator.randint(1, 0xFFFF) if generator.random() < 0.7 else generator.randint(0x10000, 0x3FFFF)
        if unicodedata.category(chr(code)) not in ("Cn", "Cs"):
            return chr(code)
