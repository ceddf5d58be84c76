"""BM25 in plain Python, to compare the index with: Lucene's variant, as Robertson and Zaragoza (2009) define it."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence


def bm25_scores(texts: Sequence[Sequence[str]], terms: Mapping[str, float], k1: float, b: float) -> list[float]:
    """The score of each text for weighted terms."""
    average = sum(map(len, texts)) / len(texts)
    counts = [Counter(text) for text in texts]
    scores = []
    for text, count in zip(texts, counts, strict=True):
        score = 0.0
        for term, weight in terms.items():
            held = sum(term in other for other in counts)
            idf = math.log(1 + (len(texts) - held + 0.5) / (held + 0.5))
            norm = k1 * (1 - b + b * len(text) / average) if average else k1
            score += weight * idf * count[term] / (count[term] + norm) if count[term] else 0.0
        scores.append(score)
    return scores
