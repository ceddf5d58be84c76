"""When a record begins and by when it is to be done, as its own fields say it: never any year that occurs in its text.

A labelled time ("Laufzeit", "Beginn", "Fertigstellung") says it, else the record's title with "ab" or "bis" ("Bis 2035
…"). Moments are ISO dates as exact as they are printed: "2026", "2026-05", "2026-05-01".
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from vectorstore.records import Item, ItemKind, Value, ValueKind

_DAYS = "0[1-9]|[12][0-9]"
MOMENT = (  # what the calendar has; 29 February in other years is the day before
    r"[1-9][0-9]{3}(-(0[1-9]|1[0-2])|"
    rf"-((0[13578]|1[02])-({_DAYS}|3[01])|(0[469]|11)-({_DAYS}|30)|02-({_DAYS})))?"
)
LONGEST_FIELD = 300  # characters; what is longer tells a story
HEADINGS = (ItemKind.THEME, ItemKind.SECTION)
_BEGIN = re.compile(r"beginn|start|ab wann|geht es los|umsetzung (?:ab|von)\b", re.IGNORECASE)
_END = re.compile(r"frist|termin|fertig|abschlu|ende\b|\bbis\b|ziel|fällig", re.IGNORECASE)
_OTHER = re.compile(r"wirk", re.IGNORECASE)  # how long something has an effect is no time of its own
_BOTH = re.compile(r"von/bis|und dauer|& dauer|und ende", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Terms:
    """First begin and last deadline of a record; None where its fields do not say it."""

    start: str | None = None
    deadline: str | None = None


@dataclass(frozen=True, slots=True)
class Range:
    """What a moment has to lie in, both ends included and either open; as exact as they are given."""

    after: str | None = None
    before: str | None = None

    def holds(self, moment: str | None) -> bool:
        """Tell whether a moment lies within; where it is only a month or a year, whether any day of it can."""
        if moment is None:
            return False
        first, last = first_day(moment), last_day(moment)
        return (self.after is None or last >= first_day(self.after)) and (
            self.before is None or first <= last_day(self.before)
        )

    def __bool__(self) -> bool:
        return self.after is not None or self.before is not None


ANY_TIME = Range()


def terms_of(item: Item) -> Terms:
    """Return what a record's fields say of its begin and its deadline."""
    said = [*_of_fields(item)] or [*_of_title(item)]
    starts = [terms.start for terms in said if terms.start]
    ends = [terms.deadline for terms in said if terms.deadline]
    return Terms(min(starts, key=first_day, default=None), max(ends, key=last_day, default=None))


def first_day(moment: str) -> date:
    """Return the first day of a year, a month or a day; raises ValueError for what is none."""
    year, month, day = (*map(int, moment.split("-")), 1, 1)[:3]
    return date(year, month, min(day, calendar.monthrange(year, month)[1]))


def last_day(moment: str) -> date:
    """Return the last day of a year, a month or a day; raises ValueError for what is none."""
    parts = [int(part) for part in moment.split("-")]
    year, month = parts[0], parts[1] if len(parts) > 1 else 12
    last = calendar.monthrange(year, month)[1]
    return date(year, month, min(parts[2], last) if len(parts) > 2 else last)


def _of_fields(item: Item) -> Iterator[Terms]:
    for field in item.fields:
        if field.field == "period" and len(field.text) <= LONGEST_FIELD and not _OTHER.search(field.label):
            yield from (_by_label(field.label, value) for value in _values_in(item, field.start, field.text))
    if item.period and not item.fields:
        yield from (_by_label("", value) for value in _values_in(item, -1, item.period))


def _of_title(item: Item) -> Iterator[Terms]:
    """What the title says with "ab" or "bis"; a bare year in it, or a span of years, says neither."""
    for value in _values_in(item, -1, _whole_title(item)) if item.kind not in HEADINGS else ():
        first, last = _ends(value)
        if value.kind is ValueKind.PERIOD and (first is None or last is None):
            yield Terms(first, last)


def _whole_title(item: Item) -> str:
    """The title, where it is the shortened first words of the body the body's beginning."""
    stem, body = item.title.removesuffix("…").rstrip(), " ".join(item.body.split())
    cut = stem != item.title and body.startswith(" ".join(stem.split()))
    return body[:LONGEST_FIELD] if cut else item.title


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


def is_moment(text: str) -> bool:
    """Whether a text is a moment that the calendar has."""
    return re.fullmatch(MOMENT, text) is not None


def moment(text: str) -> str:
    """Return a year, a month or a day as it is; raises ValueError for what the calendar does not have."""
    if not is_moment(text):
        raise ValueError("no moment")
    return text
