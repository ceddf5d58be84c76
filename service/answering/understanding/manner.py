"""How a question is worded, and what it is after beside the words of its topic: somebody, kinds of fact."""

from __future__ import annotations

import re

from service.answering import lexicon
from service.answering.query import Chance, Manner, Sought
from service.answering.understanding.reader import Reading

_STORY = re.compile(r"[.!?–-]\s+\S")  # several sentences: what is meant need not be named
_WHO = re.compile(r"(?i)^\W*(?:bei |an |von )?(?:wer|wem|wen|wessen|who)\b")


def manner_of(question: str, plain: str) -> Manner:
    """How a question is worded; `plain` is the question without the names of documents."""
    return Manner(
        informal=lexicon.matches("phrases", "informal", question),
        story=_STORY.search(question) is not None,
        small_letters=plain == plain.lower(),
        presuming=lexicon.matches("phrases", "presuming", question),
        past=lexicon.matches("phrases", "past", question),
    )


def asks_who(question: str) -> bool:
    """True where a question begins by asking for somebody."""
    return _WHO.match(question) is not None


def chances_of(reading: Reading) -> tuple[Chance, ...]:
    """What the trained reader takes to be asked for, each with its probability."""
    sure = {**reading.sure["fact"], **{one: reading.sure["want"][one] for one in ("status", "responsible")}}
    return tuple(Chance(Sought(kind), probability) for kind, probability in sure.items() if kind in list(Sought))
