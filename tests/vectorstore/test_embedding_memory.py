"""What building takes does not grow by kilobytes with each passage: the counts of all at once would be 16 each."""

from __future__ import annotations

import tracemalloc

from vectorstore.analysis import Analyzer
from vectorstore.embeddings import SubwordEmbedding


def test_many_short_passages_take_little_memory() -> None:
    texts = [f"Maßnahme {one}: Der Kreis baut Weg {one}." for one in range(4_000)]
    tracemalloc.start()
    try:
        vectors = SubwordEmbedding().fit(texts, Analyzer(frozenset()))
        most = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert len(vectors) == len(texts)
    assert most < 80_000_000
