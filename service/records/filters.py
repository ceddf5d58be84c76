"""How filters compare units, themes, goals, spellings and dates; begin, deadline and costs of a
record.

A moment is an ISO date of any precision: "2026", "2026-05", "2026-05-01".
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from itertools import chain

from prompts import say
from service.records.completeness import format_number
from service.records.models import Notice
from vectorstore.language import collapse_spaces, fold_umlauts
from vectorstore.records import Item, RefTitle, Value, ValueKind

_EUROS = ("EUR", "EUR/a")
_DAYS = "0[1-9]|[12][0-9]"
MOMENT_PATTERN = (  # valid dates of the calendar; 29 February is accepted in every year
    r"[1-9][0-9]{3}(-(0[1-9]|1[0-2])|"
    rf"-((0[13578]|1[02])-({_DAYS}|3[01])|(0[469]|11)-({_DAYS}|30)|02-({_DAYS})))?"
)


@dataclass(frozen=True, slots=True)
class RecordPeriod:
    """First begin and last deadline of a record as moments; None where its period or title states
    none.
    """

    start: str | None = None
    deadline: str | None = None


def period_of(item: Item) -> RecordPeriod:
    """Return when a record begins and by when it should be done.

    Both are read from the dates in its period. If the period has none, they are read from those in
    its title that are open at one end: "ab 2026", "bis 2035". A date like "2026" is both begin and
    deadline. Of several the earliest begin and the latest deadline count.
    """
    period = collapse_spaces(item.period or "")
    title = collapse_spaces(item.title)
    dates = [value for value in item.values if value.kind in (ValueKind.DATE, ValueKind.PERIOD)]
    # "2026/2030", "2026 bis 2030"
    iso_and_text = [(value.value, collapse_spaces(value.printed)) for value in dates]
    periods = [iso for iso, text in iso_and_text if text in period]
    if not periods:  # of the title only those open at one end: "2026/" or "/2035"
        periods = [iso for iso, text in iso_and_text if text in title and "/" in (iso[0], iso[-1])]
    starts = [iso.partition("/")[0] for iso in periods]
    ends = [iso.rpartition("/")[2] for iso in periods]  # a date without "/" is both
    deadline = max(filter(is_moment, ends), key=end_sort_key, default=None)
    return RecordPeriod(min(filter(is_moment, starts), default=None), deadline)


def largest_amount(item: Item) -> tuple[Decimal, Value] | None:
    """Return the largest amount in euros that a record states, with the value it is from; None if
    there is none.

    If the record has a cost field, only amounts in this field count, as those in the text may be of
    something else.
    """
    amounts = []
    cost = fold_umlauts(item.cost or "")
    for value in item.values:
        if (
            value.kind is ValueKind.AMOUNT
            and value.unit in _EUROS
            and (not cost or fold_umlauts(value.printed) in cost)
        ):
            try:
                amounts.append((Decimal(value.value), value))
            except InvalidOperation:
                continue
    return max(amounts, key=lambda pair: pair[0], default=None)


def is_moment(text: str) -> bool:
    """True if a text is a moment with a valid date."""
    return re.fullmatch(MOMENT_PATTERN, text) is not None


def end_sort_key(moment: str) -> str:
    """Return a sort key by which moments are in the order of their ends.

    Missing digits are filled with 9, so "2026" comes after "2026-12": it lasts at least as long.
    """
    return moment.ljust(10, "9")


def can_lie_within(moment: str, since: str, until: str) -> bool:
    """True if some day of a moment can be within `since` and `until`, both included; "" is an open
    end.

    Both are compared only as far as both are given: of "2026" the month is not known, so it can be
    within "2026-05" and "2026-07".
    """
    since_length = min(len(moment), len(since))
    until_length = min(len(moment), len(until))
    return (
        moment[:since_length] >= since[:since_length]
        and moment[:until_length] <= until[:until_length]
    )


def notices_of_all_municipalities(
    more: int, language: str = "de", *, complete: bool | None = True
) -> list[Notice]:
    """Return the notice that `more` records concern all municipalities, without naming the one of
    the filter.

    Returns [] if there are no such records. If the records are not `complete`, the number is
    "mindestens 2"; if this is unknown (None), there is no number.
    """
    if not more:
        return []
    number = ""
    key = "several_more"
    if complete is not None:
        number = f"{format_number(more, complete, language)} "
        if more == 1:
            key = "one_more"
    text = say(f"filters.{key}", number=number)
    if language == "en":
        text = (
            f"Not counted: {number}more entries that concern all municipalities without "
            f"naming this one."
        )
    return [Notice(code="all_municipalities", text=text)]


def unit_matches(printed: str, unit: str) -> bool:
    """True if a printed unit ("66.01 Straßenbau") is the filter's unit or one below it.

    It has to begin with the filter's whole number or words: with "66", not with "6". Words of three
    letters or more may also begin later, at the beginning of a word: "Straßenbau", not "bau".
    """
    printed = unit_key(printed)
    unit = unit_key(unit)
    if printed.startswith(unit):
        suffix = printed[len(unit) :]
        return not suffix or not suffix[0].isalnum()
    # words of more than two letters may also begin a later word: "Straßenbau", not "bau"
    return (
        len(unit) > 2
        and unit[0].isalpha()
        and re.search(rf"(?<!\w){re.escape(unit)}", printed) is not None
    )


def pointer_matches(target: RefTitle, wanted: str) -> bool:
    """True if a theme or goal matches the filter's text: its number, or a part of its title.

    A text that begins with a digit is a number, so it is not looked for in titles: "2" is not
    "CO2".
    """
    return fold_umlauts(target.ref) == fold_umlauts(wanted) or (
        not wanted[0].isdigit() and fold_umlauts(wanted) in fold_umlauts(target.title)
    )


@lru_cache(maxsize=16_384)
def unit_key(unit: str) -> str:
    """Return a unit's normal form for comparisons: folded, without spaces after full stops."""
    return re.sub(r"\.\s+", ".", fold_umlauts(unit))


def narrower_units(items: Iterable[Item], unit: str) -> list[str]:
    """Return the units of records, as printed, that a filter's unit includes though they are below
    it.

    "66.01" is below "66", and so is "66.01 Straßenbau".
    """
    subunit = re.compile(rf"{re.escape(unit_key(unit))}\.\w")
    names = set(chain.from_iterable(item.responsible for item in items))
    matching = [name for name in names if unit_matches(name, unit)]
    return sorted(name for name in matching if subunit.match(unit_key(name)))
