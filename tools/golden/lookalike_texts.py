"""The texts of the look-alike models' golden files; our own, but for a few that published ids are known for.

Imported by lookalikes.py and lookalike_vocabularies.py; run on its own it prints them, one JSON object a line.
"""

import json

SENTENCES = [
    "今日はとても良い天気です。",
    "吾輩は猫である。名前はまだ無い。",
    "広目天は、仏教における四天王の一尊である。",
    "こんにちは、世界！",
    "極度乾燥しなさい",
    "文埋め込み最高！文埋め込み最高と叫びなさい",
    "図書館で借りた本を、明日までに返さなければならない。",
    "駅前の小さな喫茶店では、毎朝七時から焼きたてのパンが食べられます。",
    "新しい機械学習の技術が、医療の現場で使われはじめた。",
    "彼女は来月、京都から東京へ引っ越すことになった。",
    "雨が降ったので、サッカーの試合は中止になりました。",
    "この料理には醤油と砂糖を少しだけ入れてください。",
    "株価は前日比で大きく下落した。",
    "子供たちは公園で夕方まで遊んでいた。",
    "会議は午後三時に始まり、五時半に終わる予定です。",
    "すもももももももものうち",
    "外国人参政権について議論する。",
    "データベースのバックアップを取ってから、サーバーを再起動する。",
    "犬が二匹、雪の上を走っています。",
    "令和元年に建てられた橋",
]

SHORT = ["猫", "はい", "ー", "。", "ん？", "東京都", "A", "7"]

MIXED = [
    "暴走したAI",
    "暴走した人工知能",
    "ChatGPTとPythonで文章をEmbeddingに変換する",
    "NASAがX線天文衛星を打ち上げた。",
    "iPhone 15 Proを買った",
    "The quick brown fox jumps over the lazy dog.",
    "Sentence vectors are compared by their cosine.",
    "Straße, naïve café ÀÉÎ",
    "ΑΣ ΟΔΥΣΣΕΥΣ İstanbul",
    "2026年11月21日 13:45、気温は-3.5℃",
    "価格は税込み1,234,567円(約¥1.2M)です。",
    "電話03-1234-5678、〒100-0001",
    "https://example.com/検索?q=日本語&lang=ja#top",
]

WIDTHS = [
    "ﾊﾝｶｸｶﾅ と ＡＢＣ１２３",
    "ｶﾞｷﾞｸﾞ ﾊﾟﾋﾟﾌﾟ が か\u3099 ｡｢｣､･",
    "㍿㌔㌢①②③Ⅳ№㏍ﬁ",
    "\u3000全角\u3000空白\tタブ\n改行\r\n",
    "スーパー～マーケット〜波線−マイナス―ダッシュ",
]

RARE = [
    "𠮷野家で牛丼🍣を食べた",
    "👨\u200d👩\u200d👧が🇯🇵で😀している👍🏽",
    "髙﨑さんと彁と鱻と龘",
    "辻󠄀と葛󠄁城",
    "नमस्ते Привет 你好 안녕하세요 مرحبا",
    "\ufeff先頭のBOMと\u200bゼロ幅",
    "制御\u0001文字\u007fと\u0085と\u00a0空白",
    "ナル\u0000文字の後",
]

SPECIAL = [
    "",
    " ",
    "\u3000\t\n ",
    "  前後に空白がある  ",
    "[SEP]と[MASK]",
    "[CLS]先頭[PAD]途中[UNK]末尾[SEP]",
    "[mask]と[ SEP ]",
    "<s>と</s>と<mask> <pad>と<unk>",
    "文中の <ent>東京<ent2> です。",
    "▁下線▁と_アンダースコア",
    "あ" * 101,
    "X" * 101 + "と" + "z" * 100,
]


def texts():
    """All texts: the long ones lie beyond 80, 128 and 512 tokens of every tokenizer."""
    longer = ["".join(SENTENCES[:8]), "".join(SENTENCES[5:20]), " ".join(SENTENCES + MIXED) * 3]
    return SENTENCES + SHORT + MIXED + WIDTHS + RARE + SPECIAL + longer


if __name__ == "__main__":
    for text in texts():
        print(json.dumps({"text": text}, ensure_ascii=False))
