"""Writes the golden file of BertJapaneseTokenizer's test and the small vocabulary it uses.

    python tools/golden/bert_japanese.py

Writes tokenizer/src/test/resources/io/github/bunvec/tokenizer/{bert-japanese-vocab.txt,bert-japanese.jsonl}. All texts
stand or are generated here; what comes out is what transformers 4.57.6 with fugashi and ipadic makes of them.
"""

import json
import pathlib
import random
import unicodedata

import random_texts
import tokenizer_cases

FOLDER = pathlib.Path(__file__).parents[2] / "tokenizer/src/test/resources/io/github/bunvec/tokenizer"

SENTENCES = r"""
暴走したAI
暴走したai
暴走した人工知能
吾輩は猫である。名前はまだ無い。
こんにちは、世界！
文埋め込み最高！文埋め込み最高と叫びなさい
極度乾燥しなさい
ﾊﾝｶｸｶﾅ と ＡＢＣ１２３
𠮷野家で牛丼🍣を食べた
　全角　空白\tタブ\n改行
[SEP]と[MASK]
令和元年
PKSHA Technologyは機械学習/深層学習技術に関わるアルゴリズムソリューションを展開している。
広目天は、仏教における四天王の一尊であり、サンスクリット語の「種々の眼をした者」を名前の由来とする。
朝ごはんに焼き魚と味噌汁を食べてから家を出ました。
駅前の本屋は夜九時まで開いているそうです。
子どもたちが公園でボールを追いかけて走り回っている。
この辞書は、三十九万語あまりの見出しを収めている。
雨が降りそうなので、傘を持って行ったほうがいいよ。
新幹線で東京から新大阪まで約二時間半かかる。
すもももももももものうち
にわにはにわにわとりがいる
うらにわにはにわにわとりがいる
ははははははとわらった
東京都知事と京都府知事が会談した
外国人参政権について議論する
今日本当に行くの？
米原発の新幹線に乗る
くるまでまつ
はきものをぬいでください
貴社の記者が汽車で帰社した
一九八四年と二〇二四年、三百六十五日
第二次世界大戦後の復興と高度経済成長期
お疲れ様です。明日の会議ですが、十四時からに変更になりました。よろしくお願いいたします。
えーっと、それってどういうこと？？？ まじで！！！
ｗｗｗｗｗ草生える
(笑)(泣)（笑）（´・ω・｀）
＼(^o^)／ｵﾜﾀ
㈱山田商店と㍿鈴木、電話は℡03-1234-5678
㌔㌢㌘㍍㌧㌃㌶㍑㍗㌍
①②③⑳ⅠⅡⅢⅳⅴ㊤㊥㊦㍾㍽㍼㍻㋿
ﬁnd the ﬂower in the oﬃce
½カップと¼カップ、m²とcm³、H₂O
ｶﾞｷﾞｸﾞｹﾞｺﾞ ﾊﾟﾋﾟﾌﾟﾍﾟﾎﾟ ｳﾞｧｲｵﾘﾝ
か\u3099き\u3099く\u3099 は\u309aひ\u309aふ\u309a ウ\u3099
か\u309a は\u3099\u309a あ\u3099 ん\u3099
゛゜ ﾞ ﾟ か゛ は゜
葛\U000e0100城市と葛\U000e0101飾区、辻\U000e0101さん
❤\ufe0f と ☺\ufe0f と 1\ufe0f\u20e3
👨\u200d👩\u200d👧\u200d👦家族 👩🏽\u200d💻 🏳\ufe0f\u200d🌈 🇯🇵
ゼロ\u200b幅\u200c空\u200d白\u2060と\ufeffBOM
ソフト\u00adハイフン
https://www.example.com/path/to/page?query=%E3%81%82&lang=ja#section-2
メールはtaro.yamada+news@example.co.jpまで
http://例え.jp/日本語
C:\\Users\\taro\\Documents\\file.txt
def main(argc, argv): return 0 if argc > 1 else -1
3.14159265358979と6.02×10²³、1,234,567円
2024/01/01 12:34:56.789+09:00
Ελληνικά και Русский текст вперемешку
ΟΔΥΣΣΕΥΣ Σίσυφος ΣΑΣ
한국어와 日本語 섞어쓰기
ภาษาไทย และ 日本語
اللغة العربية و 日本語
Zażółć gęślą jaźń, naïve café, Ünïcödé
e\u0301 a\u0323\u0301 a\u0301\u0323 ö\u0304
İstanbul ıssız DŽ Dž dž ẞ ß
𝐀𝐁𝐂 𝒜𝒷𝒸 𝟘𝟙𝟚 𝚺𝛔
𩸽の塩焼きと𠮟る先生、𡈽方さん、𪚲
𠀋𡌛𡑮𡢽𠮷𠮷𠮷𠮷𠮷
﨑 﨟 塚 神 精 羽 福 館 飯田
\U0002f800\U0002f801 \ufa30\ufa6a
〇〇さんと々々、ヽヾゝゞ 仝〆
ー ーー ーーー ラーーーーメン ~~~〜〜〜
ｰｰｰ ─── ━━━ ――― ‐‑‒–—―
...……‥・・・。。。
「『【（［｛〈《かっこ》〉｝］）】』」
""''“”‘’``´´
☆★○●◎◇◆□■△▲▽▼※→←↑↓
♪〜♫ ♂♀ ㎡ ㏄ ㏍ №
ああああああああああああああああああああああああああああああ
一一一一一一一一一一
日日日日日日日日日日日日
あいうえおアイウエオ亜衣宇江男ABCDEabcde12345
アイスクリームアイスクリームアイスクリームアイスクリーム
ハロー・ワールド ハロー=ワールド
MeCabはオープンソースの形態素解析エンジンです
iPhone15ProMaxとGalaxyS24Ultra
COVID-19 mRNAワクチン
ＪＲ東日本 ＮＨＫ ＣＤ―ＲＯＭ Ｋｉｓｓ―ＦＭＫＯＢＥ セブン―イレブン・ジャパン
CD—ROM セブン—イレブン
Ｔシャツ Ｙシャツ Ｕターン
二十四時間テレビと百人一首と千夜一夜物語と万歳三唱
億兆京垓 四百二十円 七五三
迷亭先生と苦沙弥先生
寿限無寿限無五劫の擦り切れ海砂利水魚の水行末雲来末風来末食う寝る処に住む処
##の ##あ #タグ ##
[PAD][UNK][CLS][SEP][MASK]
[PAD] [UNK] [CLS] [SEP] [MASK]
[SEP [SE [S [ SEP] ]
[[SEP]] [SEP]] [[SEP] [CLS][SEP
[sep] [Sep] ［ＳＥＰ］ [ＳＥＰ]
[MASK]は[MASK]で[MASK]した
今日は[SEP]\u3000[SEP]天気
か[SEP]\u3099
[UNK][UNK]
<s> </s> <unk>
\x00
あ\x00い
[SEP]\x00あ[MASK]い\x00う
\x01\x02\x03\x1b[31m赤\x1b[0m\x7f
\x1c\x1d\x1e\x1f
あ\x0bい\x0cう\x85え\u2028お\u2029か
\ufffd\ufffe\uffff
\uffff\u0e01\u0e02 \ufffe\u0e01
\ue000\uf8ff私用領域
あ い　う\u00a0え\u2003お\u202fか\u205fき\u1680く
 前後の空白 
\r\n改行\r\n
\t\t
   
　　　
\u00a0
\u200b
\ufeff
。
a
あ
""".strip("\n").split("\n")
SENTENCES = [line.encode("ascii", "backslashreplace").decode("unicode_escape") if "\\" in line else line for line in SENTENCES]

RUNS = "アァーー漢一あんaZ9٣αжก가☆。𠮷😀\u0301\u3099ｱＡ［"

OPTIONS = [
    {"do_lower_case": True},
    {"do_lower_case": True, "never_split": ["GB", "AI", "MeCab", "ΣΑΣ", "cm", "A"]},
    {"subword_tokenizer_type": "character"},
    {"subword_tokenizer_type": "character", "do_lower_case": True, "normalize_text": False},
    {"do_subword_tokenize": False},
    {"do_word_tokenize": False},
    {"normalize_text": False},
    {"split_special_tokens": True},
    {"mask_token": "<mask>", "additional_special_tokens": ["<x>", "[SEP]の", "か[S"]},
    {
        "added_tokens_decoder": {
            "7": {"content": "<l>", "lstrip": True},
            "3000": {"content": "<r>", "rstrip": True},
            "3001": {"content": "日本", "single_word": True},
            "3002": {"content": "abc"},
            "3003": {"content": "b"},
            "3004": {"content": "<b>", "lstrip": True, "rstrip": True, "special": True},
            "3005": {"content": "🍣"},
            "3006": {"content": "AI", "normalized": False},
        }
    },
]
OPTIONS.append({"do_lower_case": True, **OPTIONS[-1]})
OPTION_TEXTS = [
    "暴走したAIがMeCabで㎇と㏔を解析、ＡＩ化", "ΟΔΟΣ ΣΑΣ 𝚺 𝐀𝚺 𝐀𝚺𝐁 İ Ǆ", "今日は[MASK]な天気[SEP]です", "[mask] [SEP] [Sep]",
    "か[SEP]の か[S <x><mask>[MASK]", "日本 日本は 日本、 は日本 日本日本 日本", "ab abc abdc aabcb bbb abcabc xbx",
    "あ  <l>  い <l><l> う", "あ  <r>　 い <r> <r> う<r>", "あ  <b>　 い \t<b>\n <b> う", "🍣寿司🍣🍣 𠮷🍣野家", "AIとaiとＡＩとAi",
    "機械学習モデルの文字単位の分割", "ﾊﾝｶｸ が ㈱ ①", "", "   ", "東京\0大阪", "##の 猫 #", "未知の文字鱻龘も含む文", "a" * 101 + " " + "b" * 100,
]


def texts():
    yield ""
    yield from SENTENCES
    for character in RUNS:
        for count in (2, 15, 22, 23, 24, 25, 26, 27, 31, 40):
            yield character * count
            if count in (23, 26):
                yield "は" + character * count + "を"
    for count in (99, 100, 101):
        yield "x" * count
        yield "𠮷" * count + "猫"
        yield "x" * (count - 1) + "𝐀" + " y"
    yield from (a + b + c for a in "漢カ" for b in " 　\u200b\0[" for c in "𠮷字ナa")
    generator = random.Random(20261121)
    for _ in range(40):
        yield "".join(generator.sample(SENTENCES, 2))[: generator.randint(5, 60)]
    yield from random_texts.texts(60, 7)


def vocabulary(all_texts):
    """Special tokens, the words of half of the sentences, characters and their continuations, some left out."""
    generator = random.Random(1)
    probe = FOLDER / "bert-japanese-vocab.txt"
    probe.write_text("[UNK]\n[SEP]\n[PAD]\n[CLS]\n[MASK]\n", encoding="utf-8")
    mecab = tokenizer_cases.tokenizer(str(probe), {}).word_tokenizer
    words = {word for text in SENTENCES[::2] for word in mecab.tokenize(text) if not word.isspace()}
    characters = set("".join(unicodedata.normalize("NFKC", text) for text in all_texts if len(text) < 200))
    characters |= {character.lower()[0] for character in characters}
    kept = [c for c in sorted(characters) if not c.isspace() and c not in "\0\x85\x1c\x1d\x1e鱻" and generator.random() < 0.9]
    tokens = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"] + kept + sorted(words - set(kept))
    tokens += ["##" + c for c in kept if generator.random() < 0.85]
    tokens += ["##です", "##ます", "##くり", "##スク", "##の", "xx", "##xx", "##xxxxxxxx", "##", "", "の", "##の"]
    probe.write_text("\n".join(tokens) + "\n", encoding="utf-8", newline="\n")
    return str(probe)


def main():
    all_texts = list(dict.fromkeys(texts()))
    file = vocabulary(all_texts + OPTION_TEXTS)
    plain = tokenizer_cases.tokenizer(file, {})
    with open(FOLDER / "bert-japanese.jsonl", "w", encoding="utf-8", newline="\n") as out:

        def write(tokenizer, text, **settings):
            line = {**settings, "text": text, **tokenizer_cases.result(tokenizer, text, settings.get("max_length"))}
            out.write(json.dumps(line) + "\n")

        for text in all_texts:
            write(plain, text)
        for max_length in (3, 4, 8, 16, 512):
            for text in SENTENCES[3], SENTENCES[13], "", "猫", "[SEP]" * 20, "長い文です。" * 200:
                write(plain, text, max_length=max_length)
        for options in OPTIONS:
            tokenizer = tokenizer_cases.tokenizer(file, options)
            for text in OPTION_TEXTS:
                write(tokenizer, text, options=options)


if __name__ == "__main__":
    main()
