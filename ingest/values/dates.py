"""Dates and periods: every year that is printed, read with what stands before and behind it.

Normal forms: "2026-05-01", "2026-05", "2026"; periods "2026/2030", "2026/" (from then on), "/2030" (up to and with).
Quarters, halves and seasons are periods of months ("3. Quartal 2025": "2025-07/2025-09"); "Ende 2027" is only as exact
as its year.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date

from ingest.values.found import Found
from ingest.values.numerals import MAGNITUDE
from ingest.values.words import CURRENCIES, MONTHS, SPACE, TABLE, UNITS, one_of
from vectorstore.records import Value, ValueKind

S = SPACE
_MONTH = f"(?i:{one_of(MONTHS)})"
_SEASON = one_of(TABLE["dates"]["seasons"])
_ORDINAL = rf"(?i:{one_of(TABLE['dates']['ordinals'])}[nrs]?)"
_NTH = rf"(?:[1-4]\.?|I{{1,3}}\.?|IV\.?|{_ORDINAL})"
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_PART = rf"(?:(?:Anfang|Mitte|Ende|Beginn|Jahresende|Jahresanfang)(?:{S}des{S}Jahres)?{S})?"
_BEFORE = re.compile(
    rf"(?:(?<!\d)(?<!\d\.)(?P<day>[0-3]?\d)\.{S}?(?P<month>[01]?\d)\.{S}?"
    rf"|{_PART}(?<![\w-])(?:(?<!\d\.)(?P<named>[0-3]?\d)\.{S}?)?(?P<name>{_MONTH})\.?{S}+"
    rf"|(?<![\w.])(?P<nth>{_NTH}){S}?(?P<span>Quartal|Quart\.|Halbjahr|HJ\b|Hj\b\.?)(?:{S}des{S}Jahres)?{S}?/?{S}?"
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
    rf"[\d.,]*\d|er(?!\w)|[ \u00a0\n]?(?:{one_of(CURRENCIES)}(?!\w)|Einwohner|{MAGNITUDE}"
    rf"|{one_of(word for word, unit in UNITS.items() if unit not in _AMBIGUOUS)}(?!\w))"
)
_COUNTED = re.compile(rf"(?:rund|ca\.|circa|etwa|über|mehr als|mindestens|fast|knapp|bis zu|insgesamt){S}\Z")
_NOUN = re.compile(r"\s[A-ZÄÖÜ][a-zäöüß]")
_SHORT_DAY = re.compile(r"(?<![\d./])(?P<day>[0-3]?\d)\.(?P<month>[01]?\d)\.(?P<year>\d\d)(?![\d.]\d|\d)")
_SURE_CUE = re.compile(rf"(?<!\w)(?i:am|vom|zum|seit|dem|den|Stand:?){S}\Z")
_CUE = re.compile(rf"(?:(?<!\w)(?i:am|vom|bis|zum|seit|ab|den|dem|Stand:?|und){S}|[–—-]{S}?|(?:^|[\n\t(:]){S}?)\Z")
_SLASHED = re.compile(r"(?<![\d./])(?P<day>[0-3]\d)/(?P<month>[01]\d)/\Z")
_REFERENCE = re.compile(r"(?:Az\.?|Drs\.?|Drucksache|Vorlage|Aktenzeichen|Nr\.|Nummer):?(?:\s(?:Nr\.)?)?[\w/.-]*\s?\Z")

_FILL = (
    rf"(?:{S}+(?:zum|zur|in|im|ins|dem|den|das|der|des|Jahr|Jahre|Jahres|Schuljahr|Haushaltsjahr|einschließlich|einschl\."
    r"|spätestens|voraussichtlich|etwa|ca\.|vsl\.|mindestens|frühestens))*"
)
_TO = re.compile(rf"(?:{S}+bis{_FILL}{S}+|{S}?[–—-]{S}?)\Z")
_AND = re.compile(rf"{S}+und{_FILL}{S}+\Z")
_OPEN = re.compile(rf"(?<!\w)(?P<word>[Aa]b|[Ss]eit|[Bb]is|[Vv]on|[Vv]om|[Zz]wischen|[Bb]eginnend){_FILL}{S}+\Z")
_ON = re.compile(rf"{S}?(?:ff?\.?(?![\w])|und{S}später|und{S}danach|und{S}folgende)")
_TO_HALF = rf"{S}?(?:[–—-]|bis|/){S}?"
_HALF_DAY = re.compile(
    rf"(?<![\d.])(?P<day>[0-3]?\d)\.(?:{S}?(?P<month>[01]?\d)\.|{S}?(?P<name>{_MONTH}))?{_TO_HALF}\Z"
)
_HALF_MONTH = re.compile(rf"(?<!\w)(?P<name>{_MONTH})\.?{_TO_HALF}\Z")
_HALF_SPAN = re.compile(rf"(?<![\w.])(?:(?P<nth>{_NTH})|Q(?P<digit>[1-4])){_TO_HALF}\Z")
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


def find_dates(text: str) -> list[Found]:
    """Return all dates and periods of a text, in its order."""
    atoms = _atoms(text)
    found: list[Found] = []
    place = 0
    while place < len(atoms):
        one = _widened(text, atoms[place], atoms[place - 1].end if place else 0)
        after = atoms[place + 1] if place + 1 < len(atoms) else None
        if after is not None and _belong(text, one, after):
            one = replace(one, end=after.end, last=after.last, printed=(*one.printed, *after.printed), sort="joined")
            place += 1
        found.append(_opened(text, one))
        place += 1
    return found


def _atoms(text: str) -> list[Atom]:
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
    day = _day(f"20{match['year']}", match["month"], match["day"])
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
    if slashed is not None and len(day := _day(year, slashed["month"], slashed["day"])) == 10:
        return Atom(slashed.start(), end, day, day, (day,), "day")
    preceded = start > 0 and text[start - 1] in "0123456789/.,-"
    iso = None if preceded else _ISO.match(text, end)
    if iso is not None and len(day := _day(year, iso[1], iso[2])) == 10:
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
        day = _day(year, month, part["day"] or part["named"])
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
    place, length = _ordinal(nth), 6 if half else 3
    if not 1 <= place <= 12 // length:
        return None
    first, last = f"{year}-{(place - 1) * length + 1:02}", f"{year}-{place * length:02}"
    return Atom(before.start(), end, first, last, (year,), "half" if half else "quarter")


def _ordinal(printed: str) -> int:
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


def _day(year: str, month: str, day: str) -> str:
    """Return a day, or its year where the calendar has no such day."""
    try:
        return date(int(year), int(month), int(day)).isoformat()
    except ValueError:
        return year


def _widened(text: str, one: Atom, least: int) -> Atom:
    """Return a date with the half of a period before it: "1.-3. Mai 2024", "Mai bis Juli 2024", "Q1-Q3 2025"."""
    near = max(least, one.start - 24)
    half: re.Match[str] | None = None
    first: str | None = None
    if one.sort == "day" and len(one.first) == 10 and (half := _HALF_DAY.search(text, near, one.start)):
        month = half["month"] or (str(MONTHS[half["name"].lower()]) if half["name"] else one.first[5:7])
        first = _day(one.first[:4], month, half["day"])
    elif one.sort == "month" and (half := _HALF_MONTH.search(text, near, one.start)):
        first = f"{one.first[:4]}-{MONTHS[half['name'].lower()]:02}"
    elif one.sort in ("quarter", "half") and (half := _HALF_SPAN.search(text, near, one.start)):
        length = 6 if one.sort == "half" else 3
        first = f"{one.first[:4]}-{(_ordinal(half['nth'] or half['digit']) - 1) * length + 1:02}"
    if half is None or first is None or len(first) < 5 or first >= one.first:
        return one
    printed = one.printed if one.sort in ("quarter", "half") else (first, *one.printed)
    return replace(one, start=half.start(), first=first, printed=printed, sort="joined")


def _belong(text: str, one: Atom, after: Atom) -> bool:
    """Whether two dates are beginning and end of one period."""
    between = text[one.end : after.start]
    if "joined" in (one.sort, after.sort) or len(between) > 40 or after.last < one.first[: len(after.last)]:
        return False
    if _TO.match(between):
        return True
    opened = _OPEN.search(text, max(0, one.start - 40), one.start)
    return opened is not None and opened["word"].lower() == "zwischen" and _AND.match(between) is not None


def _opened(text: str, one: Atom) -> Found:
    """Return the value of a date or a period, with "ab", "seit", "bis" before it or "ff." behind it."""
    opened = _OPEN.search(text, max(0, one.start - 40), one.start)
    word = opened["word"].lower() if opened else ""
    following = _ON.match(text, one.end) if not word else None
    joined = one.sort == "joined"
    begins = word in ("ab", "seit", "beginnend") or following is not None
    first = "" if word == "bis" else one.first
    last = "" if begins and not joined else one.last
    start = opened.start() if opened and (begins or joined or word == "bis") else one.start
    end = following.end() if following and not joined else one.end
    kind = ValueKind.DATE if first == last else ValueKind.PERIOD
    value = first if first == last else f"{first}/{last}"
    return Found(Value(kind, text[start:end], value, start, end), one.printed)
