"""What a document calls the codes and abbreviations of its units, learned from the document itself."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property

from ingest.values.parsing import ParsedValue
from ingest.values.units import OFFICE
from vectorstore.notation import TABLE, one_of
from vectorstore.records import Value, ValueKind

S = r"[ \u00a0]"
_TYPES: dict[str, str] = TABLE["offices"]["types"]
_NUMBER = r"\d{1,3}(?:[./-]\d{1,3}){0,2}(?![.,]{0,3}\d)"
_WORD = r"[A-ZÄÖÜ][\w/&-]*\w(?:-(?=,|[ \u00a0](?:und|&)[ \u00a0]))?"  # "Klima- und Umweltschutz"
_MORE = rf"(?:,{S}{_WORD}){{0,3}}{S}(?:und|&|/){S}(?:[a-zäöüß]+e[rsn]?{S})?{_WORD}"
_NAME = rf"(?:[A-ZÄÖÜ][a-zäöüß]+e[rsn]?{S})?{_WORD}(?:{_MORE})?"
_ENTRY = re.compile(  # "66.01 Straßenbau", "FB 5: Planen und Bauen"
    rf"(?:(?P<type>{one_of(_TYPES)}){S}?)?(?P<code>{_NUMBER}|(?(type)[IVX]+(?!\w)|(?!)))"
    rf"(?:{S}?(?(type)(?:[–:-]{S}?|(?P<open>\())?(?P<full>{_NAME})(?(open)\))|(?:[–:=-]{S})?(?P<name>[A-ZÄÖÜ].*)))?"
)
_BRACKETED = re.compile(r"\((?P<code>[A-Za-zÄÖÜäöü][\w./-]{1,9})\)")
_KEY = re.compile(  # "KSM = Klimaschutzmanagement"
    rf"(?:^|[\n\t;(]|,{S}){S}?(?P<code>[A-ZÄÖÜ][\w-]{{1,9}})(?:{S}?[=:]{S}?|{S}[–-]{S}|\t)"
    r"(?P<name>[A-ZÄÖÜ](?:(?!,\s[A-ZÄÖÜ][\w-]{1,9}\s?[=:–-])[^\n\t;=:()]){3,80})"
)


class UnitNames:
    """The names of codes in one document; `printed` are the entries of its fields for who is responsible."""

    def __init__(self, text: str, printed: Iterable[str]) -> None:
        self._text, self._entries = text, tuple(dict.fromkeys(printed))

    @cached_property
    def names(self) -> dict[str, str]:
        """Code or abbreviation → its name, the most frequent one."""
        votes: dict[str, Counter[str]] = defaultdict(Counter)
        for code, name in [*map(_parse_entry, self._entries), *self._abbreviations()]:
            if name:
                votes[code][name] += 1
        return {code: names.most_common(1)[0][0] for code, names in votes.items()}

    def value_of(self, entry: str, spans: Iterable[tuple[int, int]]) -> ParsedValue | None:
        """Return an entry of a field as a value at the first place among the spans that prints it."""
        words = r"\s*".join(re.escape(part) for part in entry.split())
        pattern = re.compile(rf"(?<![\w.]){words}(?!\w|\.\d)")
        match = next((hit for start, end in spans if (hit := pattern.search(self._text, start, end))), None)
        if match is None:
            return None
        code, name = _parse_entry(entry)
        return ParsedValue(Value(ValueKind.UNIT, match[0], code, *match.span(), thing=name or self.names.get(code)))

    def _abbreviations(self) -> Iterator[tuple[str, str | None]]:
        """Yield "Klimaschutzmanagement (KSM)" and the lines of a key, where the letters spell an office or an entry."""
        for match in _BRACKETED.finditer(self._text):
            words = re.split(r"[\n\t;.:]", self._text[max(0, match.start() - 100) : match.start()])[-1].split()
            name = long_form(match["code"], words[-2 * len(match["code"]) - 2 :])
            if self._is_unit(match["code"], name):
                yield match["code"], name
        for match in _KEY.finditer(self._text):
            name = match["name"].strip(" ,.")
            if _has_capitals(match["code"]) and spells(match["code"], name) and self._is_unit(match["code"], name):
                yield match["code"], name

    def _is_unit(self, code: str, name: str | None) -> bool:
        return code in self._entries or (_has_capitals(code) and bool(name and OFFICE.search(name)))


def _parse_entry(entry: str) -> tuple[str, str | None]:
    """Return code and name of an entry; one without a number is its own code."""
    match = _ENTRY.fullmatch(entry)
    if match is None:
        return entry, None
    code = f"{_TYPES[match['type']]} {match['code']}" if match["type"] else match["code"]
    return code, match["full"] or (match["name"] or "").strip(" ()") or None


def _has_capitals(code: str) -> bool:
    return sum(letter.isupper() for letter in code) >= 2


def spells(code: str, name: str) -> bool:
    """True if the letters of an abbreviation are in a name in their order, the first at its beginning."""
    letters = [letter.lower() for letter in code if letter.isalnum()]
    following = iter(name.lower())
    return bool(letters) and name[:1].lower() == letters[0] and all(letter in following for letter in letters)


def long_form(code: str, words: Sequence[str]) -> str | None:
    """Return the fewest last words that an abbreviation spells (Schwartz and Hearst, 2003), None where none do."""
    for count in range(1, len(words) + 1):
        name = " ".join(words[-count:])
        if name[:1].isupper() and len(name) > len(code) + 2 and spells(code, name):
            return name.strip("„“\"', ")
    return None
