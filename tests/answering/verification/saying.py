"""Sentences for drafts made by hand."""

from __future__ import annotations

from service.answering.draft import Fragment, Proof, Sentence, make_sentence

QUOTE = "Die Kosten lagen bei 412.000 Euro, davon kamen 45 Prozent aus der Kommunalrichtlinie des Bundes."


def said(text: str, *proofs: Proof, computed: tuple[str, ...] = ()) -> Sentence:
    """A sentence with its proofs, as composers make one."""
    return make_sentence(Fragment(text, proofs), ".", computed=computed)
