"""Sentences on the sample, true ones and false ones by sort: what becomes of them."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

from service.answering import Corpus, Verifier
from tests.answering.verification.saying import item_of

CLAIMS = [
    json.loads(line)
    for line in Path(__file__).with_name("claims.jsonl").read_text("utf-8").splitlines()
]
TRUE = [(claim["key"], claim["text"]) for claim in CLAIMS if claim["sort"] == "true"]
FALSE = [claim for claim in CLAIMS if claim["sort"] != "true"]


def test_hardly_any_false_sentence_passes_without_a_judge(
    verifier: Verifier, corpus: Corpus
) -> None:
    """Of 127 there were 55 before sentences were compared word by word."""
    passed = Counter[str]()
    for claim in FALSE:
        proven = verifier.prove_by_passages(claim["text"], [item_of(corpus, claim["key"])])
        is_shown = proven.fault is None and not verifier.is_own_wording(proven.sentence)
        passed[claim["sort"]] += is_shown
    assert passed.total() <= 0.12 * len(FALSE), passed


def test_hard_checks_cost_hardly_a_true_sentence(verifier: Verifier, corpus: Corpus) -> None:
    lost = []
    for key, text in TRUE:
        item = item_of(corpus, key)
        fault = verifier.find_fault(verifier.prove_by_passages(text, [item]).sentence)
        if fault is not None:
            lost.append((text, fault))
    assert len(lost) <= 0.1 * len(TRUE), lost
