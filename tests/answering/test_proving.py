"""What bears out a sentence that a model wrote: the passages that are quoted hold its numbers and abbreviations."""

from __future__ import annotations

import re

from service.answering.corpus import Corpus
from service.answering.generating.proving import Bearer

EXACT = re.compile(r"\d+(?:[.,]\d+)*|\b[A-ZÄÖÜ]{2,}\w*")


def test_numbers_and_abbreviations_of_a_sentence_stand_in_what_is_quoted(corpus: Corpus) -> None:
    bearer, tried = Bearer(corpus), 0
    for item in corpus.catalogue.items:
        told = [text for _, text in corpus.sentences(item) if EXACT.search(text)][:3]
        if len(told) < 2:
            continue
        exact = [EXACT.findall(text)[0] for text in told]
        quotes = " ".join(proof.quote for proof in bearer.borne(f"Genannt werden {' und '.join(exact)}", [item]).proofs)
        assert all(one in EXACT.findall(quotes) for one in exact), (item.ref, exact)
        tried += 1
    assert tried > 20
