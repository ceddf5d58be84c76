"""What filters of records take for the same: units, themes and goals, spellings, moments; when a record begins and
ends.

Moments are ISO dates as exact as they are printed: "2026", "2026-05", "2026-05-01".
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import lru_cache

from prompts import say
from service.completeness import figure
from service.record_models import Notice
from vectorstore.records import Item, RefTitle, Value, ValueKind

SPELLINGS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})
_EUROS = ("EUR", "EUR/a")
_DAYS = "0[1-9]|[12][0-9]"
MOMENT = (  # what the calendar has; 29 February in other years is taken too
    r"[1-9][0-9]{3}(-(0[1-9]|1[0-2])|"
    rf"-((0[13578]|1[02])-({_DAYS}|3[01])|(0[469]|11)-({_DAYS}|30)|02-({_DAYS})))?"
)


@dataclass(frozen=True, slots=True)
class Terms:
    """First begin and last deadline of a record; None where its fields do not say it."""

    start: str | None = None
    deadline: str | None = None


def terms_of(item: Item) -> Terms:
    """Return when a record begins and ends, as its period says it, else its title with "ab" or "bis" ("Bis 2035 …")."""
    period, title = " ".join((item.period or "").split()), " ".join(item.title.split())
    timed = [
        (value, " ".join(value.text.split()))
        for value in item.values
        if value.kind in (ValueKind.DATE, ValueKind.PERIOD)
    ]
    selected = [value.value for value, text in timed if text in period]
    selected = selected or [
        value.value for value, text in timed if text in title and "/" in (value.value[0], value.value[-1])
    ]
    starts, ends = ([moment.split("/")[end] for moment in selected] for end in (0, -1))
    start = min(filter(is_moment, starts), default=None)
    return Terms(start, max(filter(is_moment, ends), key=end_of, default=None))


def largest_amount(item: Item) -> tuple[Decimal, Value] | None:
    """The largest amount in euros that a record states, of its field for costs where it has one."""
    results, statement = [], fold(item.cost or "")
    for value in item.values:
        if value.kind is ValueKind.AMOUNT and value.unit in _EUROS and (not statement or fold(value.text) in statement):
            try:
                results.append((Decimal(value.value), value))
            except InvalidOperation:
                continue
    return max(results, key=lambda pair: pair[0], default=None)


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


def report_left_out(more: int, language: str = "de", *, complete: bool | None = True) -> list[Notice]:
    """Say how many more records concern all municipalities, without naming the one asked for."""
    if not more:
        return []
    number = "" if complete is None else f"{figure(more, complete, language)} "
    text = say("filters.one_more" if more == 1 and complete is not None else "filters.several_more", number=number)
    if language == "en":
        text = f"Not counted: {number}more entries that concern all municipalities without naming this one."
    return [Notice(code="all_municipalities", text=text)]


def unit_matches(printed: str, unit: str) -> bool:
    """Tell whether a printed unit ("66.01 Straßenbau") is what is asked for ("66", "66.01", "Straßenbau")."""
    printed, unit = unit_key(printed), unit_key(unit)
    if printed.startswith(unit):
        remaining = printed[len(unit) :]
        return not remaining or not remaining[0].isalnum()
    return len(unit) > 2 and unit[0].isalpha() and re.search(rf"(?<!\w){re.escape(unit)}", printed) is not None


def pointer_matches(target: RefTitle, asked: str) -> bool:
    """Tell whether a theme or goal is what is asked for: its number, or words of its title."""
    return fold(target.ref) == fold(asked) or (not asked[0].isdigit() and fold(asked) in fold(target.title))


def fold(text: str) -> str:
    """Make spellings equal: case, umlauts, ß, white space."""
    return " ".join(text.casefold().translate(SPELLINGS).split())


@lru_cache(maxsize=16_384)
def unit_key(unit: str) -> str:
    """Return a unit as units are compared: folded, without spaces behind full stops."""
    return re.sub(r"\.\s+", ".", fold(unit))


def narrower_units(items: Iterable[Item], unit: str) -> list[str]:
    """Return the units of records, as printed, that lie below the one asked for."""
    printed = {name for item in items for name in item.responsible if unit_matches(name, unit)}
    return sorted(name for name in printed if re.match(rf"{re.escape(unit_key(unit))}\.\w", unit_key(name)))
