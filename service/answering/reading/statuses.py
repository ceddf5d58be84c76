"""The statuses that a question names: "in Planung", "noch nicht begonnen", "laufen nicht"."""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import dataclass
from functools import lru_cache

from service.answering import lexicon
from service.answering.reading.negation import NEGATIONS
from vectorstore.language import fold
from vectorstore.records import ItemStatus

_MOST_BETWEEN = 2  # words between a status and its negation: "laufen derzeit noch nicht"
_NOW = lexicon.folded_words("asking", "beside_status", "now")
_BESIDE = lexicon.folded_words("asking", "beside_status", "words") | _NOW
_CURRENT_STATUSES = (
    ItemStatus.IDEA,
    ItemStatus.PLANNED,
    ItemStatus.IN_PROGRESS,
    ItemStatus.IMPLEMENTED,
)


@dataclass(frozen=True, slots=True)
class NamedStatuses:
    """Statuses that a question names, and the folded words for them, also for their negation."""

    statuses: tuple[ItemStatus, ...] = ()
    words: frozenset[str] = frozenset()


def find_statuses(
    words: Sequence[str], implied: Sequence[ItemStatus], *, dated: bool
) -> NamedStatuses:
    """The statuses that a question names, and the words that name them.

    `words` are the folded words of the question. A negated status stands for the other current
    ones: "nicht umgesetzt" means ideas, planned and running records. Statuses `implied` by a noun
    ("Ideen") are added unless the words name exactly one. `dated` is true if the question names a
    date: "sollen 2024 fertig sein" asks for the date, not for a status.
    """
    found: dict[ItemStatus, None] = {}
    taken: set[int] = set()  # positions of words
    spans: list[range] = []  # of the phrases found so far
    for phrase, status in _status_phrases():
        for start in _positions(words, phrase):
            span = range(start, start + len(phrase))
            is_part = not taken.isdisjoint(span) and span not in spans
            # a part of a longer phrase found before names no status of its own; the same phrase
            # may name two ("ausstehend": idea and planned)
            if is_part and status not in found:
                continue
            spans.append(span)
            negation = _negation_beside(words, span)
            if negation is None:
                found[status] = None
            else:
                found |= dict.fromkeys(_others(status))
                taken.add(negation)
            taken.update(span)
    if len(found) != 1:  # "in Planung und Ideen"; but "Ideen, die in Planung sind" are in planning
        found |= dict.fromkeys(implied)
    for position in sorted(taken):
        taken.update(_adverbs_beside(words, position))
    if found:  # "derzeit" only says that a status is so now, wherever it stands
        taken.update(index for index, word in enumerate(words) if word in _NOW)
    statuses, tense_words = _correct_tense(tuple(found), words, dated=dated)
    return NamedStatuses(statuses, frozenset(words[index] for index in taken) | tense_words)


@lru_cache(maxsize=1)
def _status_phrases() -> list[tuple[tuple[str, ...], ItemStatus]]:
    """The phrases that name a status as folded words, with the status; the longest first, so that
    "inklusive Archiv" is found before "Archiv".
    """
    cues = lexicon.table("nouns")["status"]
    phrases = []
    for status in ItemStatus:
        folded = map(fold, cues.get(status.value, ()))
        phrases += [(tuple(cue.split()), status) for cue in folded]
    return sorted(phrases, key=lambda pair: -len(" ".join(pair[0])))


def _positions(words: Sequence[str], phrase: tuple[str, ...]) -> list[int]:
    """The positions at which a phrase begins."""
    last = len(words) - len(phrase) + 1
    return [start for start in range(last) if tuple(words[start : start + len(phrase)]) == phrase]


def _negation_beside(words: Sequence[str], span: range) -> int | None:
    """The position of the word that negates the status at the positions `span`; None without one.

    It is one of the two words before the status ("nicht umgesetzt"). Or it follows the status at
    the end of the clause, with only words such as "derzeit" between ("laufen derzeit nicht"). Not
    at the end, it denies what stands behind it.
    """
    for position in range(span.start - 1, max(span.start - 1 - _MOST_BETWEEN, -1), -1):
        if words[position] in NEGATIONS:
            return position
    for position in range(span.stop, min(span.stop + 1 + _MOST_BETWEEN, len(words))):
        if words[position] in NEGATIONS:
            is_last = position == len(words) - 1
            if is_last or words[position + 1] in ("und", "oder", "and"):
                return position
            return None
        if words[position] not in _BESIDE:
            return None
    return None


def _others(status: ItemStatus) -> tuple[ItemStatus, ...]:
    """The other current statuses, for which a negated status stands; none for "archived", which is
    no step on the way from idea to implementation.
    """
    if status not in _CURRENT_STATUSES:
        return ()
    return tuple(other for other in _CURRENT_STATUSES if other is not status)


def _adverbs_beside(words: Sequence[str], position: int) -> set[int]:
    """The positions of the words on both sides of a position, without a gap, that only say that a
    status is so: "noch" and "derzeit" in "derzeit noch in Planung".
    """
    found: set[int] = set()
    for step in (-1, 1):
        index = position + step
        while 0 <= index < len(words) and words[index] in _BESIDE:
            found.add(index)
            index += step
    return found


def _correct_tense(
    statuses: tuple[ItemStatus, ...], words: Sequence[str], *, dated: bool
) -> tuple[tuple[ItemStatus, ...], Set[str]]:
    """The statuses, with "implemented" replaced if the verb shows that it is not reached, and the
    words that show this.

    "sollen umgesetzt werden" asks for planned records, "werden umgesetzt" for running ones. If
    `dated`, nothing takes its place: "sollen 2024 fertig sein" asks for the date alone.
    """
    if ItemStatus.IMPLEMENTED not in statuses:
        return statuses, frozenset()
    others = tuple(status for status in statuses if status is not ItemStatus.IMPLEMENTED)
    for tense, replacement in (
        ("expected", ItemStatus.PLANNED),
        ("running", ItemStatus.IN_PROGRESS),
    ):
        used = lexicon.folded_words("nouns", "status", tense).intersection(words)
        if used:
            corrected = others if dated else tuple(dict.fromkeys((*others, replacement)))
            return corrected, used
    return statuses, frozenset()
