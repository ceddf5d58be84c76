"""Dates of a text, in German or English notation: days, months, quarters, half-years, seasons."""

from __future__ import annotations

import re

from vectorstore.language import notation
from vectorstore.language.figures import DateValue
from vectorstore.language.notation import NOTATION, pattern_of_any
from vectorstore.language.notation import SPACE_OR_LINE as _S

_MONTHS = {
    **notation.MONTHS,
    **{name.lower(): month for month, name in enumerate(NOTATION["english"]["months"], start=1)},
}
_MONTH = rf"(?P<name>(?i:{pattern_of_any(_MONTHS)}))(?!\w)\.?"
_YEAR_AT_END = r"(?P<year>(?:19|20)\d\d)(?!\d)"
_SEASONS: dict[str, int] = NOTATION["dates"]["seasons"]
_ORDINALS: dict[str, int] = {**NOTATION["dates"]["ordinals"], "i": 1, "ii": 2, "iii": 3, "iv": 4}
NTH_PATTERN = (
    rf"(?:[1-4]\.?|(?:I{{1,3}}|IV)\.?|(?i:{pattern_of_any(NOTATION['dates']['ordinals'])}[nrs]?))"
)
# in the order in which they are tried; what one pattern has matched the next ones do not see
_DATES = (
    # 24.12.2026, 24. 12. 2026, 24/12/2026
    rf"(?<![\d.])(?P<day>[0-3]?\d)(?P<mark>[./]){_S}?(?P<month>[01]?\d)(?P=mark){_S}?(?P<year>\d{{4}})(?!\d)",
    # 24.12.26, "am 4.12.26"; without "am", "vom", ... a day of one digit may be a ref: 5.5.26
    r"(?:(?<![\d.])(?P<day>[0-3]\d)|(?<=[ao]m |um |it |e[mn] "
    r")(?P<plain>[0-3]?\d))\.(?P<month>[01]?\d)\."
    r"(?P<short>\d\d)(?![\d.]\d|\d)",
    # 2026-12-24
    r"(?<![\d-])(?P<year>\d{4})-(?P<month>\d\d)-(?P<day>\d\d)(?![\d-])",
    # 3. Quartal 2026, II. Quartal des Jahres 2026, erstes Halbjahr 2026
    rf"(?<![\w.])(?P<nth>{NTH_PATTERN}){_S}?(?P<span>Quartal|Quart\.|Halbjahr|H[Jj]\.?)(?:{_S}des{_S}Jahres)?"
    rf"{_S}?/?{_S}?{_YEAR_AT_END}",
    # Q3/2026, H1 2026, Quartal III 2026
    rf"(?<!\w)(?P<span>[QH]|Quartal{_S}|Halbjahr{_S})(?P<nth>[1-4]|I{{1,3}}|IV){_S}?/?{_S}?{_YEAR_AT_END}",
    # III/2026, a quarter
    rf"(?<![\w./])(?P<nth>I{{1,3}}|IV)/{_YEAR_AT_END}",
    # Spätsommer 2026, Winter 2026/27
    rf"(?<![\w-])(?:Früh|Spät)?(?P<season>(?i:{pattern_of_any(_SEASONS)})){_S}{_YEAR_AT_END}(?:/(?P<winter>\d\d))?(?!\w)",
    # 24. Dezember 2026, 24. Dez., 24 December, 2026
    rf"(?<![\d.])(?P<day>[0-3]?\d)\.?{_S}{{1,3}}{_MONTH}(?:,?{_S}{{1,3}}(?P<year>\d{{4}})(?!\d))?",
    # Dezember 2026, December 24, 2026
    rf"(?<!\w){_MONTH}{_S}{{1,3}}(?:(?P<day>[0-3]?\d),{_S})?(?P<year>\d{{4}})(?!\d)",
    # 12/2026, 3/2026, 03.2026, but not 3.2026
    rf"(?<![\w/.])(?:(?P<month>0?[1-9]|1[0-2])/|(?P<padded>0[1-9]|1[0-2])\.){_YEAR_AT_END}",
    # 24.12. but not 4.1.
    r"(?<![\d.])(?P<day>[0-3]\d)\.(?P<month>[01]\d)\.(?!\d)",
)
DATE_PATTERNS = tuple(map(re.compile, _DATES))


def read_date(match: re.Match[str]) -> DateValue | None:
    """The date of a match of one of `DATE_PATTERNS`; None if its numbers are none ("32.13.2026").

    Each pattern has some of these groups: `short` is a year of two digits, `season` the name of a
    season, `nth` the number of a quarter or half-year (by `span`, without it a quarter), `name` the
    name of a month. `month` or `padded` is its number, `day` or `plain` that of the day: a pattern
    cannot have two groups of one name.
    """
    groups: dict[str, str] = {name: text for name, text in match.groupdict().items() if text}
    year = int(groups["year"]) if "year" in groups else None
    if "short" in groups:
        year = 2000 + int(groups["short"])
    if "season" in groups:
        return _season(groups, year)
    if "nth" in groups:
        months = 6 if groups.get("span", "").startswith("H") else 3  # a half-year or a quarter
        last = ordinal_number(groups["nth"]) * months
        return DateValue(year, last - months + 1, None, last) if last <= 12 else None
    if "name" in groups:
        month = _MONTHS[groups["name"].lower()]
    else:
        month = int(groups.get("month") or groups["padded"])
    printed_day = groups.get("day") or groups.get("plain")
    day = int(printed_day) if printed_day else None
    is_day_valid = day is None or 1 <= day <= 31
    if not is_day_valid or not 1 <= month <= 12:
        return None
    return DateValue(year, month, day)


def _season(groups: dict[str, str], year: int | None) -> DateValue | None:
    """The three months of a season, or None.

    A winter begins in December, so it needs two years ("Winter 2026/27"); any other season needs a
    single one.
    """
    first = {name.lower(): month for name, month in _SEASONS.items()}[groups["season"].lower()]
    is_winter = first == 12
    if is_winter != ("winter" in groups):
        return None
    return DateValue(year, first, None, first + 2)


def ordinal_number(printed: str) -> int:
    """The number, 1 to 4, that "3.", "III" or "dritten" means."""
    text = printed.rstrip(".").lower()
    if text.isdigit():
        return int(text)
    # the largest, as "iii" begins with "i" and "ii"
    return max(number for word, number in _ORDINALS.items() if text.startswith(word))
