"""Drafts made by hand, right and wrong: only what is proven leaves the verifier."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise

import pytest

from service.answering import Corpus, Draft, Sentence, Verifier, make_answer
from service.answering.draft import Proof
from service.answering.verification.quotes import name_proof
from service.answering.verification.verbatim import VerbatimPassage
from service.records import AnswerMode, AnswerStatus
from tests.answering.truth import REPORT
from tests.answering.verification.saying import QUOTE, said
from vectorstore.language import squash
from vectorstore.records import Item

DAY = re.compile(
    r"\d\. [A-ZÄÖÜ]"
)  # the day of a date with its month in words is no number of its own


def draft_of(*sentences: Sentence) -> Draft:
    return make_answer(*sentences, mode=AnswerMode.EXTRACTIVE)


def kept(verifier: Verifier, *sentences: Sentence) -> list[str]:
    """The texts of the sentences that come out."""
    return [sentence.text for sentence in verifier.verify(draft_of(*sentences)).sentences]


def test_what_is_proven_passes_unchanged(verifier: Verifier, lights: Item) -> None:
    draft = draft_of(said("Das kostete 412.000 Euro", Proof(lights, QUOTE)))
    assert verifier.verify(draft) == draft


WRONG = (QUOTE.replace("412.000", "413.000"), QUOTE.replace("Kosten", "Ausgaben"), "Das steht nirgends.", "", "   ",
         f"{QUOTE} {QUOTE}", "12.000 Euro", "412", "412.000 Eur", "osten")  # fmt: skip


@pytest.mark.parametrize("quote", WRONG)
def test_a_quote_that_does_not_stand_is_dropped(
    verifier: Verifier, lights: Item, quote: str
) -> None:
    assert verifier.is_verbatim(Proof(lights, QUOTE))
    assert not verifier.is_verbatim(Proof(lights, quote))
    assert (
        verifier.verify(draft_of(said("Es war teuer", Proof(lights, quote)))).status
        is AnswerStatus.UNAVAILABLE
    )


def test_one_bad_proof_drops_its_sentence(verifier: Verifier, lights: Item) -> None:
    mixed = said(
        "Das kostete 412.000 Euro", Proof(lights, QUOTE), Proof(lights, "Das steht nirgends.")
    )
    assert kept(verifier, said("Es gibt sie", name_proof(lights, verifier.corpus)), mixed) == [
        "Es gibt sie."
    ]


def test_line_breaks_and_soft_hyphens_do_not_matter(verifier: Verifier, lights: Item) -> None:
    broken = QUOTE.replace(" ", "\n\t").replace("Kommunal", "Kommu\u00adnal")
    assert verifier.is_verbatim(Proof(lights, broken)) and verifier.is_verbatim(
        Proof(lights, "412.000 Euro")
    )
    passage = VerbatimPassage("Rad\u00adwege an\nKreis\u00adstraßen:\u00a0 12,5 km")
    assert all(map(passage.contains, ("Radwege", "Radwegean", "Kreisstraßen", "12,5km")))
    assert not any(map(passage.contains, ("Rad", "wege", "12")))
    sum_ = VerbatimPassage("Es kostet 12 000 Euro.")
    assert sum_.contains("kostet12000Euro")
    assert not any(map(sum_.contains, ("Eskostet12", "000Euro")))


def test_a_quote_of_another_document_does_not_stand(verifier: Verifier, corpus: Corpus) -> None:
    remaining = [item for item in corpus.catalogue.items if item.document_id != REPORT]
    assert not verifier.is_verbatim(Proof(remaining[0], QUOTE))


def test_an_answer_without_any_proof_is_none(verifier: Verifier) -> None:
    made = verifier.verify(draft_of(said("Das ist einfach so")))
    assert made.status is AnswerStatus.UNAVAILABLE
    assert made.sentences == () and made.mode is None


@pytest.mark.parametrize(
    "text",
    [
        "Projekt 1.1.1.1",
        "Zuständig ist 65",
        "Stand 01.03.2026",
        "Nachhaltigkeitsbericht Kreis Lauterfeld",
    ],
)
def test_record_and_date_of_the_cited_item_prove_numbers(
    verifier: Verifier, lights: Item, text: str
) -> None:
    assert kept(verifier, said(text, name_proof(lights, verifier.corpus))) == [f"{text}."]


def test_rows_lose_what_does_not_stand(verifier: Verifier, lights: Item) -> None:
    good, bad = name_proof(lights, verifier.corpus), Proof(lights, "Das steht nirgends.")
    draft = replace(draft_of(said("Es gibt sie", good)), row_proofs=((good,), (bad, good), (bad,)))
    assert verifier.verify(draft).row_proofs == ((good,), (good,), ())


@pytest.mark.parametrize(
    "status",
    [item for item in AnswerStatus if item not in (AnswerStatus.ANSWERED, AnswerStatus.FOUND)],
)
def test_non_answers_pass_as_they_are(verifier: Verifier, status: AnswerStatus) -> None:
    draft = Draft(status, None, (said("Dazu steht nichts in den 5 Dokumenten"),))
    assert verifier.verify(draft) == draft


def test_every_heading_and_table_row_of_the_edition_stands(
    verifier: Verifier, corpus: Corpus
) -> None:
    for item in corpus.catalogue.items:
        for passage in (item.heading, item.status_heading, item.table_row):
            assert not passage or verifier.is_verbatim(Proof(item, passage)), (item.key, passage)


def test_sentences_with_neighbouring_places_stand_together(corpus: Corpus) -> None:
    together = 0
    for item in corpus.catalogue.items:
        text = corpus.sentences(item)
        for before, after in pairwise(text):
            if after.position == before.position + 1:
                together += 1
                assert squash(before.text + after.text) in squash(corpus.document(item).text)
    assert together > 100


def test_a_line_that_only_names_what_follows_is_no_sentence(corpus: Corpus) -> None:
    goal = next(item for item in corpus.catalogue.items if item.ref == "B.IX")
    text = [sentence.text for sentence in corpus.sentences(goal)]
    assert "Verkehr:" not in text and text[0].startswith("Wohnraum soll")
