"""Names, statuses and decisions in a sentence's own words: what is cited must say them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from service.answering import Corpus, Fragment, Verifier, make_sentence
from service.answering.draft import Proof
from service.answering.verification.quotes import name_proof
from tests.answering.truth import DRAFT, MOTION
from tests.answering.verification.saying import QUOTE, is_proven, said
from vectorstore.records import Item, ItemStatus


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("Projekt 5.1.2.1 Rufbus Lauvi ist in Bearbeitung", True),
        ("Projekt 5.1.2.1 Rufbus Lauvi ist nicht umgesetzt", True),
        ("Projekt 5.1.2.1 Rufbus Lauvi ist nicht umgesetzt, sondern in Bearbeitung", True),
        ("Projekt 5.1.2.1 Rufbus Lauvi ist umgesetzt", False),
        ("Projekt 5.1.2.1 Rufbus Lauvi ist geplant", False),
        ("Project 5.1.2.1 Rufbus Lauvi is in progress", True),
        ("Project 5.1.2.1 Rufbus Lauvi is not in progress", False),
        ("Project 5.1.2.1 Rufbus Lauvi is implemented", False),
    ],
)
def test_a_status_is_that_of_the_record(
    verifier: Verifier, bus: Item, text: str, right: bool
) -> None:
    assert bus.status is ItemStatus.IN_PROGRESS
    assert is_proven(verifier, said(text, name_proof(bus, verifier.corpus))) is right


def test_a_status_that_lists_were_chosen_by_is_computed(verifier: Verifier, bus: Item) -> None:
    proof = name_proof(bus, verifier.corpus)
    assert not is_proven(
        verifier, said("0 Projekte mit dem Status archiviert", proof, computed=("0",))
    )
    computed = ("0", "mit dem Status archiviert")
    assert is_proven(
        verifier, said("0 Projekte mit dem Status archiviert", proof, computed=computed)
    )


@pytest.mark.parametrize(
    "text",
    [
        "Der Rufbus fährt in Aachen",
        "Der Rufbus fährt in Aachens Süden",
        "Frau Dr. Musterfrau leitet den Rufbus",
        "Den Rufbus betreibt die Musterbus GmbH",
        "Den Rufbus betreibt der Verein Freie Fahrt e. V.",
        "Der Rufbus heißt „Lausitzer“",
        "Das steht im Leitbild für den Kreis Lauterfeld (Entwurf)",
    ],
)
def test_a_name_that_is_not_cited_is_refused(verifier: Verifier, bus: Item, text: str) -> None:
    assert is_proven(verifier, said("Der Rufbus fährt", name_proof(bus, verifier.corpus)))
    assert not is_proven(verifier, said(text, name_proof(bus, verifier.corpus)))


def test_a_piece_of_a_quote_keeps_its_numbers_whole(verifier: Verifier, lights: Item) -> None:
    proof = Proof(lights, QUOTE)
    for piece, right in (
        ("Die Kosten lagen bei 412.000 Euro", True),
        ("Die Kosten lagen bei 412", False),
        ("2.000 Euro, davon kamen 45 Prozent", False),
    ):
        assert is_proven(verifier, make_sentence(Fragment(piece, (proof,)), ".")) is right


@pytest.mark.parametrize("document", [DRAFT, MOTION])
def test_no_draft_is_said_to_be_decided(verifier: Verifier, corpus: Corpus, document: str) -> None:
    front = corpus.title_page(document)
    assert front is not None
    assert is_proven(verifier, said("Das ist nicht beschlossen", name_proof(front, corpus)))
    assert not is_proven(
        verifier, said("Das hat der Kreistag beschlossen", name_proof(front, corpus))
    )


def test_only_a_reservation_goes_without_a_citation(verifier: Verifier) -> None:
    bare = make_sentence("Dazu steht hier nichts.")
    assert not is_proven(verifier, bare)
    assert is_proven(verifier, replace(bare, is_reservation=True))
    assert not is_proven(
        verifier, replace(make_sentence("Dazu stehen hier 12 Projekte."), is_reservation=True)
    )
