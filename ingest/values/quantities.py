"""Quantities with their unit and what is counted: "17 Ladepunkte", "55 % CO₂-Emissionen", "zwölf Schulen".

A number is a quantity only with a unit of measure or a plural noun behind it, and where it is no part of a name
("M 12", "§ 5", "Klasse 7"), address, telephone number, reference or numbering of paragraphs.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal

from ingest.values.found import Found, Taken
from vectorstore.notation import PER, TABLE, UNITS, one_of
from vectorstore.numerals import MAGNITUDE, NUMBER, NUMBER_WORDS, decimal, plain, word_pattern
from vectorstore.records import Value, ValueKind

S = r"[ \u00a0\u202f\n]"
_COUNTING = TABLE["counting"]
_COUNTED, _NOT_COUNTED = frozenset(_COUNTING["counted"]), frozenset(_COUNTING["not_counted"])
_UNIT = rf"(?:{one_of(UNITS)})(?!\w)"
_PER = one_of(PER)
_CARBON = r"(?:CO[2₂](?:[- ]?(?:e|eq|Äq\w*|Äquivalent\w*)(?!\w)|-[A-ZÄÖÜ][\w-]+)?)"
_NOUN = (
    rf"(?:{_CARBON}|{one_of(_COUNTED | set(_COUNTING['joint']))}(?!\w)"
    r"|(?:[A-ZÄÖÜ][\w₂]*-(?:und-)?)*[A-ZÄÖÜa-zäöü]?[A-ZÄÖÜ]?[a-zäöüß]{2,}(?:-[\w₂]+)*(?:[:*_/]-?in(?:nen)?)?"
    rf"|[A-ZÄÖÜ][\w]*-(?={S}(?:und|oder)))"
)
_NO_ADJECTIVE = (
    r"(?!(?:die|der|das|des|dem|den|sie|oder|aber|unter|über|einen?|einer|eine[sm]?|diese\w*|jede\w*|alle\w*|keine\w*|ihre\w*|seine\w*|unsere\w*|wurden?|werden|"
    r"waren|haben|hatten|sollen|sollten|können|konnten|müssen|bei\w*|zwischen|gegen|neben|sowie|derer|deren|dessen|wie|je|"
    r"sondern|daher|wieder|immer|unserer|nahmen|fanden|gehen|liegen|stehen|kamen|gegenüber|insgesamt|innerhalb|außer|außerhalb|hinter)\b)"
)
_ADJECTIVES = rf"(?:{_NO_ADJECTIVE}[a-zäöü][\wäöüß-]*e[nrsm]?(?:,{S}|{S}(?:und{S}|oder{S})?)){{0,3}}"
_THING = rf"{_ADJECTIVES}(?=[A-ZÄÖÜ]|CO)(?:[A-ZÄÖÜ][\w-]*-{S}(?:und|oder){S}[A-ZÄÖÜ][\w-]+|{_NOUN})"
_EVERY = (
    rf"(?:{S}?/{S}?(?:a|Jahr)(?!\w)|{S}(?:pro|im|je){S}Jahr(?!\w|{S}(?:19|20)\d\d)|{S}jährlich(?!\w)|{S}p\.{S}?a\.)"
)
_RATIO = (
    rf"(?:{S}?/{S}?\(?(?P<ratio>{_PER})(?P<yearly>[ *·x/]?a)?(?!\w)\)?"
    rf"|{S}(?:pro|je){S}(?P<per>{_PER}|[A-ZÄÖÜ][a-zäöüß]+)(?!\w)(?P<annual>{S}und{S}Jahr)?)"
)
_OF = rf"(?:{S}(?:der|des|aller|dieser|von|weniger|mehr)(?={S}))?"
_MEASURED = rf"(?P<unit>{_UNIT}){_OF}(?:{S}(?P<what>{_THING}))?(?P<rate>{_EVERY}|{_RATIO})?"
_RANGE = rf"(?:{S}?[–-]{S}?|{S}bis(?:{S}zu)?{S}|{S}oder{S})"
_TAIL = rf"(?:{S}?{_MEASURED}|{S}(?P<thing>{_THING})(?P<rhythm>{_EVERY})?)"
_DIGITS = re.compile(
    rf"(?=\d)(?<![\w.,/:§₂²³°+–“”»-])(?:(?P<low>{NUMBER}){_RANGE})?(?P<number>{NUMBER})(?![\d/]|[.,:]\d)"
    rf"(?:{S}?(?P<magnitude>{MAGNITUDE}))?{_TAIL}"
)
_WORD = word_pattern()
_INITIAL = _WORD[: _WORD.index(")") + 1]  # looked at first, for speed
_WORDS = re.compile(rf"{_INITIAL}(?<![\w-])(?:(?P<low>{_WORD}){_RANGE})?(?P<number>{_WORD})(?!\w){_TAIL}")
_STREET = rf"(?i:{one_of(_COUNTING['streets'])})"
_PLURAL = re.compile(r"(?:[enrsl]|a|i|o|nen)$")
_NAMED = r"[A-ZÄÖÜ]{1,2}|§§?"
_EACH = re.compile(r"\b(?:je|pro)\s\Z")
_DIGIT_BEFORE = re.compile(r"[\d)][ \u00a0]\Z")  # of a telephone number, say
_BOTH = re.compile(r"\s(?:und|bzw\.)\s([A-ZÄÖÜ][a-zäöüß]+)")  # "Schülerinnen und Schüler"
_PLAIN = str.maketrans("äöü", "aou")
_SERIES = re.compile(r"(?<![\w-])([A-ZÄÖÜ]{2,6})[ \u00a0](\d{1,3})(?=[ \u00a0:\t\n])")
_NUMBERED = re.compile(r"(?:^|\n)(\d{1,2})[ \u00a0](?=[A-ZÄÖÜ])")


class QuantityFinder:
    """Finds the quantities of a document; `names` are words that come before numbers of its own records ("MOB")."""

    def __init__(self, names: Iterable[str] = ()) -> None:
        self._names = {*_COUNTING["labels"], *names}

    def find(self, text: str, taken: Taken) -> list[Found]:
        """Return all quantities of a text outside what is taken; each end of a range is a value of its own."""
        starts = {int(match[1]) for match in _NUMBERED.finditer(text)}
        known = one_of(self._names | series(text))
        label = re.compile(rf"(?:(?<![\w-])(?:{known}|{_NAMED})[ \u00a0]?|{_STREET}[ \u00a0])\Z")
        found: list[Found] = []
        for match in _DIGITS.finditer(text):
            if _counts(text, match, starts, taken, label):
                found.extend(_values(text, match, decimal(match["number"], match["magnitude"]), _low(match)))
        for match in _WORDS.finditer(text):
            if _is_counted(match, Decimal(2)) and taken.free(*match.span()):
                low = NUMBER_WORDS[match["low"].lower()] if match["low"] else None
                number = Decimal(NUMBER_WORDS[match["number"].lower()])
                found.extend(_values(text, match, number, None if low is None else Decimal(low)))
        return found


def series(text: str) -> set[str]:
    """Return the short words in capitals that a text numbers through, "VERW 1", "VERW 2", "VERW 3": no quantities."""
    numbers: dict[str, set[str]] = defaultdict(set)
    for match in _SERIES.finditer(text):
        numbers[match[1]].add(match[2])
    return {word for word, seen in numbers.items() if len(seen) >= 3}


def _counts(text: str, match: re.Match[str], starts: set[int], taken: Taken, label: re.Pattern[str]) -> bool:
    """Whether a number is one that counts something, by what stands before and behind it."""
    printed, start = match["low"] or match["number"], match.start()
    if re.match(r"0\d", printed) or not taken.free(start, match.end()):
        return False
    if not _is_counted(match, decimal(match["number"], match["magnitude"])):
        return False
    measured = match["unit"] is not None
    bare = match["number"].isdigit() and not measured and not match["magnitude"]
    thing = match["thing"] or ""
    if bare and len(match["number"]) == 5 and thing.split()[-1] not in _COUNTED:
        return False  # a postcode with its place
    near = max(0, start - 30)
    if label.search(text, near, start) and not (measured and match["unit"] in ("%", "Prozent")):
        return False
    if not measured and _EACH.search(text, near, start):
        return False
    if bare and _DIGIT_BEFORE.search(text, near, start) and taken.free(start - 2, start - 1):
        return False
    return not (bare and _numbers_a_paragraph(text, start, printed, starts))


def _numbers_a_paragraph(text: str, start: int, printed: str, starts: set[int]) -> bool:
    """Whether a number begins a paragraph and the one before or behind it begins another: they number headings."""
    if len(printed) > 2 or (start > 0 and text[start - 1] != "\n"):
        return False
    return int(printed) - 1 in starts or int(printed) + 1 in starts


def _is_counted(match: re.Match[str], number: Decimal) -> bool:
    """Whether what follows a number can be counted: a unit, or a noun that looks like a plural."""
    if match["unit"] is not None:
        return True
    noun = match["thing"].split()[-1]
    if noun in _NOT_COUNTED:
        return False
    return noun in _COUNTED or number == 1 or _PLURAL.search(noun) is not None


def _low(match: re.Match[str]) -> Decimal | None:
    """Return the lower end of a range at the scale of the upper, None where there is none."""
    if match["low"] is None:
        return None
    low, high = decimal(match["low"]), decimal(match["number"])
    return decimal(match["low"], match["magnitude"]) if low < high else low


def _values(text: str, match: re.Match[str], number: Decimal, low: Decimal | None) -> list[Found]:
    unit, thing, end = _unit_and_thing(match)
    both = _BOTH.match(text, end) if thing and thing.endswith("innen") and end == match.end() else None
    if thing and both and _stem(thing.split()[-1]) == _stem(both[1]):
        thing, end = f"{thing} und {both[1]}", both.end()
    begin = match.start("number")
    values = [Value(ValueKind.QUANTITY, text[begin:end], plain(number), begin, end, unit, thing)]
    if low is not None and low < number:
        start, stop = match.span("low")
        values.insert(0, Value(ValueKind.QUANTITY, text[start:stop], plain(low), start, stop, unit, thing))
    return [Found(value) for value in values]


def _stem(noun: str) -> str:
    return noun.lower().translate(_PLAIN)[:3]


def _unit_and_thing(match: re.Match[str]) -> tuple[str, str | None, int]:
    """Return the unit with what it is divided by, what is counted, and where the quantity ends."""
    if match["unit"] is None:
        rhythm = match["rhythm"]
        return ("/a" if rhythm else ""), " ".join(match["thing"].split()), match.end()
    unit = UNITS[match["unit"]]
    thing = match["what"]
    divided = match["ratio"] or match["per"]
    if match["rate"]:
        unit += f"/{PER.get(divided, divided)}" if divided else "/a"
        unit += "/a" if divided and (match["yearly"] or match["annual"]) else ""
    end = match.end("rate") if match["rate"] else match.end("what") if thing else match.end("unit")
    return unit, " ".join(thing.split()) if thing else None, end
