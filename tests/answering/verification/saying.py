"""Sentences for drafts made by hand."""

from __future__ import annotations

from service.answering import Corpus, Fragment, Sentence, Verifier, make_sentence
from service.answering.draft import Proof
from tests.answering.truth import REPORT
from vectorstore.records import Item

QUOTE = "Die Kosten lagen bei 412.000 Euro, davon kamen 45 Prozent aus der Kommunalrichtlinie des Bundes."


def item_of(corpus: Corpus, ref: str, document: str = REPORT) -> Item:
    """Return an entry of the sample."""
    found = corpus.catalogue.item(document, ref)
    assert found is not None
    return found


def said(text: str, *proofs: Proof) -> Sentence:
    """A sentence with its proofs, as composers make one."""
    return make_sentence(Fragment(text, proofs), ".")


def is_proven(verifier: Verifier, sentence: Sentence, language: str = "de") -> bool:
    """True if the verifier finds no fault in a sentence."""
    return verifier.find_fault(sentence, language) is None
