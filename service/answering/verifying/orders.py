"""Sentences of a document that speak to a machine: they bear nothing out, no model is shown them, no answer tells them.

This is told by notation and by how such sentences are usually worded, so others are not noticed: what they say is a
statement of the document like any other, and told as one, with its quotation.
"""

from __future__ import annotations

from functools import lru_cache

from service.answering import lexicon
from vectorstore.sentences import sentence_spans


@lru_cache(maxsize=100_000)
def is_order(sentence: str) -> bool:
    """True for a sentence, title or field that tells a machine what to do."""
    return lexicon.matches("safety", "order", sentence)


@lru_cache(maxsize=20_000)
def without_orders(text: str) -> str:
    """A text without its sentences that are orders; as it stands where there are none."""
    sentences = [text[start:end] for start, end in sentence_spans(text)]
    kept = [one for one in sentences if not is_order(one)]
    return text if len(kept) == len(sentences) else " ".join(kept)
