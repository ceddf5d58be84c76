"""What filters take for the same: units, themes and goals, spellings; and what a filter left out, in words."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from prompts import say
from service.completeness import figure
from service.record_models import Notice
from vectorstore.records import Item, RefTitle

SPELLINGS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})


def left_out(more: int, language: str = "de", *, complete: bool | None = True) -> list[Notice]:
    """Say how many more records concern all municipalities, without naming the one asked for."""
    if not more:
        return []
    number = "" if complete is None else f"{figure(more, complete, language)} "
    german = (
        say("filters.one_more", number=number)
        if more == 1 and complete is not None
        else say("filters.several_more", number=number)
    )
    english = f"Not counted: {number}more entries that concern all municipalities without naming this one."
    return [Notice(code="all_municipalities", text=english if language == "en" else german)]


def unit_matches(printed: str, unit: str) -> bool:
    """Tell whether a printed unit ("66.01 Straßenbau") is what is asked for ("66", "66.01", "Straßenbau")."""
    printed, unit = unit_key(printed), unit_key(unit)
    if printed.startswith(unit):
        rest = printed[len(unit) :]
        return not rest or not rest[0].isalnum()
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
