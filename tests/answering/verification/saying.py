"""Sentences for drafts made by hand."""

from __future__ import annotations

from service.answering.draft import Fragment, Proof, Sentence, make_sentence


def said(text: str, *proofs: Proof, computed: tuple[str, ...] = ()) -> Sentence:
    """A sentence with its proofs, as composers make one."""
    return make_sentence(Fragment(text, proofs), ".", computed=computed)
