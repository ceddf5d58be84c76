"""Sentences on the sample, true ones and false ones by sort: what becomes of them."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from service.answering import Corpus, Verifier
from tests.answering.verification.saying import item_of

CLAIMS = [
    json.loads(line)
    for line in Path(__file__).with_name("claims.jsonl").read_text("utf-8").splitlines()
]
TRUE = [(claim["key"], claim["text"]) for claim in CLAIMS if claim["sort"] == "true"]
FALSE = [claim for claim in CLAIMS if claim["sort"] != "true"]


def test_hardly_any_false_sentence_passes(verifier: Verifier, corpus: Corpus) -> None:
    """Of 127 there were 55 before the checks were strict."""
    passed = Counter[str]()
    for claim in FALSE:
        judged = verifier.judge(claim["text"], [item_of(corpus, claim["key"])])
        passed[claim["sort"]] += judged.fault is None
    assert passed.total() <= 0.12 * len(FALSE), passed
    assert max(passed.values()) <= 2, passed


def test_true_sentences_pass_or_become_their_quote(verifier: Verifier, corpus: Corpus) -> None:
    judged = [verifier.judge(text, [item_of(corpus, key)]) for key, text in TRUE]
    replaced = [statement for statement in judged if statement.fault is not None]
    assert all(statement.sentence is not None for statement in judged)
    assert len(replaced) <= 0.3 * len(TRUE)


@pytest.mark.parametrize(("key", "text"), TRUE[::7])
def test_more_proof_never_proves_less(
    verifier: Verifier, corpus: Corpus, key: str, text: str
) -> None:
    item = item_of(corpus, key)
    if verifier.judge(text, [item]).fault is not None:
        return
    document = corpus.catalogue.documents[item.document_id]
    others = [item_of(corpus, other) for other, _ in TRUE[::11] if other != key]
    for beside in others:
        assert verifier.judge(text, [beside, item]).fault is None
        assert verifier.judge(text, [item, beside], [document]).fault is None
    assert verifier.judge(text, [*others, item], [document]).fault is None
