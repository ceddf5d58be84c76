"""A curated answer as people write it, its versions, and what is wrong with one that cannot be kept."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from vectorstore.questions import ItemKey

MOST_QUESTION = 500  # characters, as of any question
MOST_WORDINGS = 20
MOST_TEXT = 2000
MOST_OWNER = 100
MOST_CITED = 10
LANGUAGE = "de"  # sentences of staff are compared with the words of German documents


class Action(StrEnum):
    """What somebody did to a curated answer."""

    ADDED = "added"
    EDITED = "edited"
    REMOVED = "removed"
    RESTORED = "restored"


class State(StrEnum):
    """Whether a curated answer is told; only a valid one is."""

    VALID = "valid"
    EXPIRED = "expired"
    UNPROVEN = "unproven"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class CuratedAnswer:
    """What people write: the question in several wordings, the answer, the records that prove it, owner, last day.

    `valid_until` is the last day on which it is told.
    """

    question: str
    text: str
    citations: tuple[ItemKey, ...]
    owner: str
    valid_until: date
    wordings: tuple[str, ...] = ()
    language: str = LANGUAGE

    @property
    def asked(self) -> tuple[str, ...]:
        """All wordings, the question first."""
        return (self.question, *self.wordings)


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a curated answer, and who made it; `number` grows with every change of any of them."""

    number: int
    entry: str
    answer: CuratedAnswer
    action: Action
    person: str
    moment: datetime

    @property
    def removed(self) -> bool:
        """True where this version takes the answer out."""
        return self.action is Action.REMOVED


@dataclass(frozen=True, slots=True)
class Wrong:
    """Something that keeps an answer from being kept: the field of `CuratedAnswer`, and why in one sentence."""

    field: str
    reason: str


def wrong_in(answer: CuratedAnswer, today: date | None = None) -> list[Wrong]:
    """All that is wrong with what was written, whatever the documents say; with `today` no past day is taken."""
    return list(_wrong_in(answer, today))


def _wrong_in(answer: CuratedAnswer, today: date | None) -> Iterator[Wrong]:
    yield from _wrong_text("question", "Die Frage", answer.question, MOST_QUESTION)
    for one in answer.wordings:
        yield from _wrong_text("wordings", "Eine weitere Frage", one, MOST_QUESTION)
    if len(answer.wordings) > MOST_WORDINGS:
        yield Wrong("wordings", f"Das sind {len(answer.wordings)} weitere Fragen, möglich sind {MOST_WORDINGS}.")
    if len({" ".join(one.casefold().split()) for one in answer.asked}) < len(answer.asked):
        yield Wrong("wordings", "Eine Frage steht zweimal da.")
    yield from _wrong_text("text", "Die Antwort", answer.text, MOST_TEXT)
    yield from _wrong_text("owner", "Wer verantwortlich ist", answer.owner, MOST_OWNER)
    if not answer.citations:
        yield Wrong("citations", "Es fehlt der Beleg: mindestens ein Eintrag eines Dokuments.")
    if len(answer.citations) > MOST_CITED:
        yield Wrong("citations", f"Das sind {len(answer.citations)} Belege, möglich sind {MOST_CITED}.")
    if len(set(answer.citations)) < len(answer.citations):
        yield Wrong("citations", "Ein Beleg steht zweimal da.")
    if today is not None and answer.valid_until < today:
        yield Wrong("valid_until", "Dieser Tag ist vorbei: Die Antwort würde nie gegeben.")
    if answer.language != LANGUAGE:
        yield Wrong("language", f"Möglich ist nur Deutsch („{LANGUAGE}“).")


def _wrong_text(field: str, name: str, text: str, most: int) -> Iterator[Wrong]:
    if not text.strip():
        yield Wrong(field, f"{name} fehlt." if field != "owner" else "Es fehlt, wer verantwortlich ist.")
    elif len(text) > most:
        yield Wrong(field, f"{name} hat {len(text)} Zeichen, möglich sind {most}.")
    elif not "".join(text.split()).isprintable():
        yield Wrong(field, f"{name} enthält Steuerzeichen.")
