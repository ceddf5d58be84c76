"""When a record begins and by when it is to be done, as its own fields say it; and which moments lie in a time.

A labelled time ("Laufzeit", "Beginn", "Fertigstellung") says it, else the record's title with "ab" or "bis" ("Bis 2035
…"). Moments are ISO dates as exact as they are printed: "2026", "2026-05", "2026-05-01".
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from vectorstore.records import Item, ItemKind, Value, ValueKind

_DAYS = "0[1-9]|[12][0-9]"
MOMENT = (  # what the calendar has; 29 February in other years is taken too
    r"[1-9][0-9]{3}(-(0[1-9]|1[0-2])|"
    rf"-((0[13578]|1[02])-({_DAYS}|3[01])|(0[469]|11)-({_DAYS}|30)|02-({_DAYS})))?"
)
LONGEST_FIELD = 300  # characters; what is longer tells a story
_BEGIN = re.compile(r"beginn|start|ab wann|geht es los|umsetzung (?:ab|von)\b", re.IGNORECASE)
_END = re.compile(r"frist|termin|fertig|abschlu|ende\b|\bbis\b|ziel|fällig", re.IGNORECASE)
_OTHER = re.compile(r"wirk", re.IGNORECASE)  # how long something has an effect is no time of its own
_BOTH = re.compile(r"von/bis|und dauer|& dauer|und ende", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Terms:
    """First begin and last deadline of a record; None where its fields do not say it."""

    start: str | None = None
    deadline: str | None = None


def terms_of(item: Item) -> Terms:
    """Return what a record's fields say of its begin and its deadline."""
    said = [*_of_fields(item)] or [*_of_title(item)]
    starts = [terms.start for terms in said if terms.start]
    ends = [terms.deadline for terms in said if terms.deadline]
    return Terms(min(starts, default=None), max(ends, key=end_of, default=None))


def is_moment(text: str) -> bool:
    """Whether a text is a moment that the calendar has."""
    return re.fullmatch(MOMENT, text) is not None


def end_of(moment: str) -> str:
    """Return what orders moments by their ends: a year ends after its months."""
    return moment.ljust(10, "9")


def lies_within(moment: str, since: str, until: str) -> bool:
    """Tell whether some day of a moment can lie between two others, both ends included; "" leaves an end open."""
    after, before = min(len(moment), len(since)), min(len(moment), len(until))
    return moment[:after] >= since[:after] and moment[:before] <= until[:before]


def _of_fields(item: Item) -> Iterator[Terms]:
    for field in item.fields:
        if field.field == "period" and len(field.text) <= LONGEST_FIELD and not _OTHER.search(field.label):
            yield from (_by_label(field.label, value) for value in _values_in(item, field.start, field.text))
    if item.period and not item.fields:
        yield from (_by_label("", value) for value in _values_in(item, -1, item.period))


def _of_title(item: Item) -> Iterator[Terms]:
    """What the title says with "ab" or "bis"; a bare year in it, or a span of years, says neither."""
    if item.kind in (ItemKind.THEME, ItemKind.SECTION):
        return
    for value in _values_in(item, -1, item.title):
        first, last = _ends(value)
        if value.kind is ValueKind.PERIOD and (first is None or last is None):
            yield Terms(first, last)


def _values_in(item: Item, start: int, text: str) -> Iterable[Value]:
    """The dates and periods of a record that stand in a text of it: by place, by wording where that is not known."""
    timed = [value for value in item.values if value.kind in (ValueKind.DATE, ValueKind.PERIOD)]
    if start >= 0:
        placed = [value for value in timed if start <= value.start and value.end <= start + len(text)]
        if placed:
            return placed
    plain = " ".join(text.split())
    return [value for value in timed if " ".join(value.text.split()) in plain]


def _by_label(label: str, value: Value) -> Terms:
    first, last = _ends(value)
    if value.kind is ValueKind.PERIOD or _BOTH.search(label):
        return Terms(first, last)
    if _BEGIN.search(label):
        return Terms(start=first)
    if _END.search(label):
        return Terms(deadline=last)
    return Terms(first, last)


def _ends(value: Value) -> tuple[str | None, str | None]:
    parts = value.value.split("/")
    first, last = parts[0], parts[-1]
    return (first if is_moment(first) else None), (last if is_moment(last) else None)
