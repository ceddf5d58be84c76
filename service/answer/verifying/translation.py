"""A sentence in another language beside the German one that it translates: numbers, negation and statuses are alike.

The German sentence is proven by the papers; the other only by it.
"""

from __future__ import annotations

from service.answer.draft import Sentence
from service.answer.verifying.claims import Failing


def mirrors(text: str, german: Sentence, code: str) -> Failing | None:
    """What a translation says otherwise than its German sentence."""
    return None
