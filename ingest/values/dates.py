"""Single dates: every year that is printed, read with what stands before and behind it.

Normal forms: "2026-05-01", "2026-05", "2026". Quarters, halves and seasons run over months ("3. Quartal 2025": from
"2025-07" to "2025-09"); "Ende 2027" is only as exact as its year.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from vectorstore.notation import CURRENCIES, MONTHS, SPACE, TABLE, UNITS, one_of
from vectorstore.numerals import MAGNITUDE

S = SPACE
MONTH = f"(?i:{one_of(MONTHS)})"
_SEASON = one_of(TABLE["dates"]["seasons"])
_ORDINAL = rf"(?i:{one_of(TABLE['dates']['ordinals'])}[nrs]?)"
NTH = rf"(?:[1-4]\.?|I{{1,3}}\.?|IV\.?|{_ORDINAL})"
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_PART = rf"(?:(?:Anfang|Mitte|Ende|Beginn|Jahresende|Jahresanfang)(?:{S}des{S}Jahres)?{S})?"
_BEFORE = re.compile(
    rf"(?:(?<!\d)(?<!\d\.)(?P<day>[0-3]?\d)\.{S}?(?P<month>[01]?\d)\.{S}?"
    rf"|{_PART}(?<![\w-])(?:(?<!\d\.)(?P<named>[0-3]?\d)\.{S}?)?(?P<name>{MONTH})\.?{S}+"
    rf"|(?<![\w.])(?P<nth>{NTH}){S}?(?P<span>Quartal|Quart\.|Halbjahr|HJ\b|Hj\b\.?)(?:{S}des{S}Jahres)?{S}?/?{S}?"
    rf"|(?<!\w)(?P<letter>[QH])(?P<digit>[1-4]){S}?/?{S}?"
    r"|(?<![\w.])(?P<roman>I{1,3}|IV)/"
    rf"|(?<!\w)(?P<word>Quartal|Halbjahr){S}(?P<behind>[1-4IV]+){S}?/{S}?"
    rf"|(?<![\w-])(?P<season>(?:Früh|Spät)?(?i:{_SEASON}))(?:{S}?/{S}?(?P<until>{_SEASON}))?{S}"
    r"|(?<![\d./-])(?P<number>0[1-9]|1[0-2])[/.]"
    rf"|(?<!\w)(?:Anfang|Mitte|Ende|Beginn)(?:{S}?/{S}?(?:Anfang|Mitte|Ende))?{S}(?:des{S}Jahres{S})?"
    r")\Z"
)
_SECOND = re.compile(
    r"(?:[ \u00a0]?[/–—-][ \u00a0]?(?P<full>(?:19|20)\d\d)|(?:[ \u00a0]?/[ \u00a0]?|[–-])(?P<short>\d\d))"
    r"(?!\w|[.,-]\d|\s?(?:€|Euro|%))"
)
_ISO = re.compile(r"-(\d\d)-(\d\d)(?!\d)")
_AMBIGUOUS = {"Jahr", "Monat", "Woche", "Tag", "h", "min", "m", "l", "t", "W"}
_NO_YEAR = re.compile(
    rf"[.,]{{0,3}}\d|er(?!\w)|[ \u00a0\n]?(?:{one_of(CURRENCIES)}(?!\w)|Einwohner|{MAGNITUDE}"
    rf"|{one_of(word for word, unit in UNITS.items() if unit not in _AMBIGUOUS)}(?!\w))"
)
_COUNTED = re.compile(rf"(?:rund|ca\.|circa|etwa|über|mehr als|mindestens|fast|knapp|bis zu|insgesamt){S}\Z")
_NOUN = re.compile(r"\s[A-ZÄÖÜ][a-zäöüß]")
_SHORT_DAY = re.compile(r"(?<![\d./])(?P<day>[0-3]?\d)\.(?P<month>[01]?\d)\.(?P<year>\d\d)(?![\d.]\d|\d)")
_SURE_CUE = re.compile(rf"(?<!\w)(?i:am|vom|zum|seit|dem|den|Stand:?){S}\Z")
_CUE = re.compile(rf"(?:(?<!\w)(?i:am|vom|bis|zum|seit|ab|den|dem|Stand:?|und){S}|[–—-]{S}?|(?:^|[\n\t(:]){S}?)\Z")
_SLASHED = re.compile(r"(?<![\d./])(?P<day>[0-3]\d)/(?P<month>[01]\d)/\Z")
_REFERENCE = re.compile(r"(?:Az\.?|Drs\.?|Drucksache|Vorlage|Aktenzeichen|Nr\.|Nummer):?(?:\s(?:Nr\.)?)?[\w/.-]*\s?\Z")

_NEAR = 48


@dataclass(frozen=True, slots=True)
class Atom:
    """One date or named span of months: from its first to its last day, month or year, and the dates printed in it."""

    start: int
    end: int
    first: str
    last: str
    printed: tuple[str, ...]
    sort: str  # day, month, quarter, half, season, year, years ("2024/25") or joined ("2024 bis 2028")


def find_atoms(text: str) -> list[Atom]:
    """Return the dates of a text in its order, each for itself."""
    atoms: list[Atom] = []
    for match in _YEAR.finditer(text):
        if atoms and match.start() < atoms[-1].end:
            continue
        atom = _atom(text, match.start(), match.end(), atoms[-1].end if atoms else 0)
        if atom is not None:
            atoms.append(atom)
    short = [_short_day(text, match) for match in _SHORT_DAY.finditer(text)]
    return sorted([*atoms, *(atom for atom in short if atom)], key=lambda atom: atom.start)


def _short_day(text: str, match: re.Match[str]) -> Atom | None:
    day = iso_day(f"20{match['year']}", match["month"], match["day"])
    padded = len(match["day"]) == len(match["month"]) == 2  # the number of a section has no noughts in front
    cue = _CUE if padded else _SURE_CUE
    if len(day) == 4 or not cue.search(text, max(0, match.start() - 8), match.start()):
        return None
    return Atom(match.start(), match.end(), day, day, (day,), "day")


def _atom(text: str, start: int, end: int, least: int) -> Atom | None:
    """Return the date that a year at these offsets belongs to, None where it is no year."""
    year = text[start:end]
    if _NO_YEAR.match(text, end):
        return None
    slashed = _SLASHED.search(text, max(0, start - 6), start)
    if slashed is not None and len(day := iso_day(year, slashed["month"], slashed["day"])) == 10:
        return Atom(slashed.start(), end, day, day, (day,), "day")
    preceded = start > 0 and text[start - 1] in "0123456789/.,-"
    iso = None if preceded else _ISO.match(text, end)
    if iso is not None and len(day := iso_day(year, iso[1], iso[2])) == 10:
        return Atom(start, iso.end(), day, day, (day,), "day")
    before = _BEFORE.search(text, max(least, start - _NEAR), start)
    if before is not None:
        atom = _before(text, before, year, end)
        if atom is not None:
            return atom
    counted = before is None and _COUNTED.search(text, max(0, start - 12), start) and _NOUN.match(text, end)
    if preceded or counted:
        return None
    return _years(text, before.start() if before else start, start, end)


def _years(text: str, begin: int, start: int, end: int) -> Atom:
    """Return one year, or two that are printed together: "2024/25", "2024-2028"."""
    year = text[start:end]
    pair = _SECOND.match(text, end)
    second = _second(int(year), pair) if pair else None
    if pair is None or second is None:
        return Atom(begin, end, year, year, (year,), "year")
    return Atom(begin, pair.end(), year, second, (year, second), "joined" if pair["full"] else "years")


def _second(year: int, pair: re.Match[str]) -> str | None:
    if pair["full"]:
        return pair["full"] if int(pair["full"]) >= year else None
    if not pair["short"]:
        return None
    second = year // 100 * 100 + int(pair["short"])
    if second <= year and year % 100 >= 90:
        second += 100
    return str(second) if second > year else None


def _before(text: str, before: re.Match[str], year: str, end: int) -> Atom | None:
    """Return the date that ends with a year, None where only the year is one ("Ende 2027")."""
    part = before.groupdict()
    start = before.start()
    if part["day"] or part["named"]:
        month = part["month"] or str(MONTHS[part["name"].lower()])
        day = iso_day(year, month, part["day"] or part["named"])
        return Atom(start, end, day, day, (day,), "day")
    if part["name"]:
        month = f"{year}-{MONTHS[part['name'].lower()]:02}"
        return Atom(start, end, month, month, (month,), "month")
    if part["number"]:
        if _REFERENCE.search(text, max(0, start - 30), start):
            return None
        month = f"{year}-{part['number']}"
        return Atom(start, end, month, month, (month,), "month")
    if part["season"]:
        return _season(text, before, year, end)
    return _span(before, year, end)


def _span(before: re.Match[str], year: str, end: int) -> Atom | None:
    """Return a quarter or a half of a year."""
    nth = before["nth"] or before["digit"] or before["behind"] or before["roman"]
    if not nth:
        return None
    half = (before["span"] or before["letter"] or before["word"] or "").startswith("H")
    place, length = ordinal(nth), 6 if half else 3
    if not 1 <= place <= 12 // length:
        return None
    first, last = f"{year}-{(place - 1) * length + 1:02}", f"{year}-{place * length:02}"
    return Atom(before.start(), end, first, last, (year,), "half" if half else "quarter")


def ordinal(printed: str) -> int:
    """Return what "3.", "III" or "dritte" counts, 0 for none."""
    bare = printed.rstrip(".").lower()
    if bare.isdigit():
        return int(bare)
    if set(bare) <= {"i", "v"}:
        return {"i": 1, "ii": 2, "iii": 3, "iv": 4}.get(bare, 0)
    ordinals: dict[str, int] = TABLE["dates"]["ordinals"]
    return next(number for word, number in ordinals.items() if bare.startswith(word))


def _season(text: str, before: re.Match[str], year: str, end: int) -> Atom | None:
    """Return a season as its three months; winter only where both of its years are printed."""
    months = {name.lower(): month for name, month in TABLE["dates"]["seasons"].items()}
    named = before["season"].lower()
    first = next(month for name, month in months.items() if named.endswith(name))
    last = months[before["until"].lower()] if before["until"] else first
    if first == 12:
        pair = _SECOND.match(text, end)
        second = _second(int(year), pair) if pair else None
        if pair is None or second is None:
            return None
        return Atom(before.start(), pair.end(), f"{year}-12", f"{second}-02", (year, second), "season")
    if last == 12:
        return None
    return Atom(before.start(), end, f"{year}-{first:02}", f"{year}-{last + 2:02}", (year,), "season")


def iso_day(year: str, month: str, day: str) -> str:
    """Return a day, or its year where the calendar has no such day."""
    try:
        return date(int(year), int(month), int(day)).isoformat()
    except ValueError:
        return year
