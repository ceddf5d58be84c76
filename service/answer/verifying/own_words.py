"""A sentence's own words: what is left of it without its quotes and the names of what it cites."""

from __future__ import annotations

from collections.abc import Iterable

from service.answer.draft import Proof
from service.answer.verifying.numbers import figures
from service.answer.verifying.quotes import Passage, joined
from service.answer.verifying.verbatim import squash

_ENDS = " .,;:–…"
_GAP = " · "


def own_words(text: str, proofs: Iterable[Proof], names: Iterable[str]) -> str:
    """A text without the quotes of its proofs and without these names, each a whole; "" for a piece of one quote."""
    said = spaced(text)
    quotes = [spaced(proof.quote) for proof in proofs]
    if any(_is_piece(said, quote) for quote in quotes):
        return ""
    for known in sorted({*quotes, *map(spaced, names)}, key=len, reverse=True):
        said = _without(said, known)
    return said


def spaced(text: str) -> str:
    """A text with single spaces and without soft hyphens."""
    return " ".join(text.replace("\u00ad", "").split())


def _without(said: str, known: str) -> str:
    start = said.find(known) if known else -1
    while start >= 0:
        end = start + len(known)
        if not joined(said[:start], said[start:]) and not joined(said[:end], said[end:]):
            said = said[:start] + _GAP + said[end:]
            end = start + len(_GAP)
        start = said.find(known, end)
    return said


def _is_piece(said: str, quote: str) -> bool:
    """True where a text is a piece of a quote that cuts no word, no number, and no unit off a number."""
    bare = said.strip(_ENDS)
    if not bare or not Passage(quote).holds(squash(bare)):
        return False
    return not bare[-1].isdigit() or figures(quote).prove(figures(bare))
