"""Shown sentences have only characters of an allow-list, so that a reader sees what was verified."""

from __future__ import annotations

import pytest

from prompts import FURTHER, load_words
from service.answering import Fragment, Verifier, make_sentence
from service.answering.draft import Proof
from service.answering.verification.characters import find_foreign, normalize_characters
from service.answering.verification.checks import Fault
from tests.answering.conftest import OverTexts
from tests.ingest.cases import cases
from vectorstore.records import Item

TRUE = "Der Kreis prüft einen Radweg an der Lindenstraße."
PAPER = f"""# Radkonzept Wiesenbach

## 1 Radwege

{TRUE} Die Kosten liegen bei 12 Euro je Meter auf 100 m² Fläche.

## 2 Klima

Das Café Łódź ✓ senkt den CO₂-Ausstoß um 10 Prozent.
"""
INSIDE_NO = [  # "keinen", as a reader sees it, and two harmless words for a check of words
    *"\u00ad\u034f\u061c\u115f\u180e\u200b\u200c\u200d\u200e\u202a\u202e\u2028\u2060\u2066\ufeff",
    *"\x00\x01\x7f\x85\u00a0\u0336\u0300\ufe0f\U000e0061\ue000\n ._/*'(`,:|~",
]


@pytest.fixture(scope="module")
def items(over_texts: OverTexts) -> tuple[Verifier, dict[str, Item]]:
    service = over_texts({"plan.md": PAPER})
    return service.parts.verifier, {item.ref: item for item in service.corpus.catalogue.items}


@pytest.mark.parametrize("sign", INSIDE_NO)
def test_no_sign_in_a_word_hides_that_it_denies(
    items: tuple[Verifier, dict[str, Item]], sign: str
) -> None:
    verifier, item = items[0], items[1]["1"]
    proven = verifier.prove(TRUE.replace("einen", f"k{sign}einen"), TRUE, [item])
    assert proven.fault is not None


@cases("text")
def test_signs_that_say_something_else_are_refused(
    items: tuple[Verifier, dict[str, Item]], text: str
) -> None:
    assert items[0].prove_by_passages(text, [items[1]["1"]]).fault is not None


@cases("ref", "text", "shown")
def test_what_is_verified_is_what_is_shown(
    items: tuple[Verifier, dict[str, Item]], ref: str, text: str, shown: str
) -> None:
    proven = items[0].prove_by_passages(text, [items[1][ref]])
    assert proven.fault is None and proven.sentence.text == shown


def test_a_composed_sentence_has_other_signs_only_from_its_document(
    items: tuple[Verifier, dict[str, Item]],
) -> None:
    verifier, item = items[0], items[1]["2"]
    quote = "Das Café Łódź ✓ senkt den CO₂-Ausstoß um 10 Prozent."
    proof = Proof(item, quote)
    assert verifier.find_fault(make_sentence("2: ", Fragment(quote, (proof,)))) is None
    for sign in ("👎", "\u200b", "\u202e", "\x00", "✗"):
        altered = make_sentence(f"2{sign}: ", Fragment(quote, (proof,)))
        fault = verifier.find_fault(altered)
        assert fault is not None and fault.kind is Fault.CHARACTERS


@pytest.mark.parametrize("code", ["de", "en", *FURTHER])
def test_the_services_own_texts_have_no_other_characters(code: str) -> None:
    for table in ("answers", "wording"):
        for text in load_words(f"{code}/{table}").values():
            bare = text.replace("{", " ").replace("}", " ").replace("_", " ")
            assert find_foreign(bare, code, is_free=False) == []


def test_a_form_that_looks_alike_becomes_the_plain_one() -> None:
    assert (
        normalize_characters("ﬁ ① １２\u2028m² CO₂-frei 10² k²ein")
        == "fi 1 12 m² CO₂-frei 102 k2ein"
    )
