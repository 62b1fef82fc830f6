"""Writes numbers and their correlations by SciPy, and what eval sts must give on a few pairs of sentences.

    pip install -r tools/golden/requirements.txt
    HF_HUB_OFFLINE=1 python tools/golden/correlation_golden.py MODEL

MODEL is the demonstration model's directory (bunvec-mini-ja). The sentences and scores are our own.
"""

import argparse
import json
from pathlib import Path

import numpy as np
from scipy import stats
from sentence_transformers import SentenceTransformer, util

GOLDEN = Path(__file__).resolve().parents[2] / "cli/src/test/resources/io/github/bunvec/cli"
PAIRS = [
    (5, "犬が公園を走っています。", "公園を犬が走っている。"),
    (4.2, "男性がギターを弾いている。", "男の人がギターを演奏しています。"),
    (3.6, "駅前に新しい喫茶店ができた。", "駅の近くにカフェが開店した。"),
    (3, "彼女は本を読んでいる。", "彼女は図書館で雑誌を読んでいます。"),
    (3, "雪の上に犬が二匹います。", "犬が一匹、雪の上で遊んでいる。"),
    (2.4, "電車が駅に止まっている。", "バスが停留所に止まっています。"),
    (1.8, "台所で料理を作る女性", "女性が庭で花に水をやっている。"),
    (1, "猫がソファで寝ている。", "犬が芝生の上を走っている。"),
    (0.4, "会議は午後三時に始まる。", "この料理には醤油を入れてください。"),
    (0, "株価は大きく下落した。", "子供たちは公園で遊んでいた。"),
    (0, "雨が降ったので試合は中止になった。", "新しい機械学習の技術"),
    (-0.5, "", "空の文との組"),
]


def numbers():
    """Lists with and without ties, near-constant ones and large ones, with both coefficients."""
    random = np.random.Generator(np.random.PCG64(11))
    lists = [
        (random.standard_normal(50), random.standard_normal(50)),
        (random.integers(0, 6, 200) / 2, random.standard_normal(200)),
        (random.integers(0, 3, 40).astype(float), random.integers(0, 3, 40).astype(float)),
        (np.array([1.0, 2.0]), np.array([5.0, -5.0])),
        (1e9 + np.arange(10.0), np.sin(np.arange(10.0))),
        (np.array([0.0, -0.0, 1.0, 1.0, 2.0]), np.array([3.0, 1.0, 2.0, 2.0, 2.0])),
    ]
    for x, y in lists:
        yield {
            "x": x.tolist(),
            "y": y.tolist(),
            "ranks": stats.rankdata(x).tolist(),
            "spearman": stats.spearmanr(x, y).statistic,
            "pearson": stats.pearsonr(x, y).statistic,
        }


def pairs(directory):
    """Correlations of the scores with cosines of sentence-transformers, on the demonstration model."""
    model = SentenceTransformer(str(directory), device="cpu", model_kwargs={"dtype": "float32"})
    scores = [pair[0] for pair in PAIRS]
    first, second = (model.encode([pair[i] for pair in PAIRS], normalize_embeddings=False) for i in (1, 2))
    ours = {
        "cosine": util.pairwise_cos_sim(first, second),
        "euclidean": util.pairwise_euclidean_sim(first, second),
        "manhattan": util.pairwise_manhattan_sim(first, second),
        "dot": util.pairwise_dot_score(first, second),
    }
    return {
        name: {"spearman": stats.spearmanr(scores, v).statistic, "pearson": stats.pearsonr(scores, v.double()).statistic}
        for name, v in ours.items()
    }


def main():
    parser = argparse.ArgumentParser(description="Writes correlations by SciPy.")
    parser.add_argument("model", type=Path, help="directory of bunvec-mini-ja")
    golden = {"numbers": list(numbers()), "pairs": pairs(parser.parse_args().model)}
    (GOLDEN / "correlations.json").write_text(json.dumps(golden, indent=1) + "\n", encoding="utf-8")
    lines = [f"{score}\t{first}\t{second}\n" for score, first, second in PAIRS]
    (GOLDEN / "pairs.tsv").write_text("".join(lines), encoding="utf-8")


if __name__ == "__main__":
    main()
