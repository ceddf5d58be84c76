"""Units of the administration: "66.01 Straßenbau", "Dez. 06", "FB 5 Planen/Bauen", and what a document calls its codes.

Units are what a record's own field for who is responsible names; a code gets the name that the document gives it.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from functools import cached_property

from ingest.values.parsing import Found
from vectorstore.notation import TABLE, one_of
from vectorstore.records import Value, ValueKind

S = r"[ \u00a0]"
_OFFICES = TABLE["offices"]
_TYPES: dict[str, str] = _OFFICES["types"]
_CODE = r"\d{1,3}(?:[./-]\d{1,3}){0,2}(?![.,]{0,3}\d)"
_WORD = r"[A-ZÄÖÜ][\w/&-]*\w(?:-(?=,|[ \u00a0](?:und|&)[ \u00a0]))?"  # "Klima- und Umweltschutz"
_AND = rf"(?:,{S}{_WORD}){{0,3}}{S}(?:und|&|/){S}(?:[a-zäöüß]+e[rsn]?{S})?{_WORD}"
_NAME = rf"(?:[A-ZÄÖÜ][a-zäöüß]+e[rsn]?{S})?{_WORD}(?:{_AND})?"
_TYPED = re.compile(
    rf"(?<![\w-])(?P<type>{one_of(_TYPES)}){S}?(?P<code>{_CODE}|[IVX]+(?!\w))"
    rf"(?:{S}?(?:[–:-]{S}?|(?P<open>\())?(?P<name>{_NAME})(?(open)\)))?"
)
_OFFICE = re.compile(rf"(?i:{one_of(_OFFICES['within'])})(?:e?s|en?|in)?(?!\w)")
_ENTRY = re.compile(rf"(?P<code>{_CODE})(?:{S}?(?:[–:=-]{S})?(?P<name>[A-ZÄÖÜ].*))?")
_EXPLAINED = re.compile(r"\((?P<code>[A-Za-zÄÖÜäöü][\w./-]{1,9})\)")
_KEY = re.compile(
    rf"(?:^|[\n\t;(]|,{S}){S}?(?P<code>[A-ZÄÖÜ][\w-]{{1,9}})(?:{S}?[=:]{S}?|{S}[–-]{S}|\t)"
    r"(?P<name>[A-ZÄÖÜ](?:(?!,\s[A-ZÄÖÜ][\w-]{1,9}\s?[=:–-])[^\n\t;=:()]){3,80})"
)


class UnitNames:
    """What a document calls the codes and abbreviations of its units, learned from what it says itself.

    `printed` are the entries of its fields for who is responsible.
    """

    def __init__(self, text: str, printed: Iterable[str]) -> None:
        self._entries = tuple(dict.fromkeys(printed))
        self._votes: dict[str, Counter[str]] = defaultdict(Counter)
        self._learn_entries()
        self._learn_brackets(text)
        self._learn_keys(text)

    @cached_property
    def names(self) -> dict[str, str]:
        """Code or abbreviation → its name, the one said most often."""
        return {code: names.most_common(1)[0][0] for code, names in self._votes.items()}

    def _learn_entries(self) -> None:
        for entry in self._entries:
            match = _ENTRY.fullmatch(entry)
            if match and match["name"]:
                self._votes[match["code"]][match["name"].strip(" ()")] += 1
            typed = _TYPED.fullmatch(entry)
            if typed and typed["name"]:
                self._votes[_typed_code(typed)][typed["name"]] += 1

    def _learn_brackets(self, text: str) -> None:
        """Learn from a long form with its short form in brackets, "Klimaschutzmanagement (KSM)", or the other way."""
        for match in _EXPLAINED.finditer(text):
            code = match["code"]
            if code in self._entries or sum(letter.isupper() for letter in code) >= 2:
                words = re.split(r"[\n\t;.:]", text[max(0, match.start() - 100) : match.start()])[-1].split()
                self._learn_abbreviation(code, long_form(code, words[-2 * len(code) - 2 :]))

    def _learn_keys(self, text: str) -> None:
        """Learn from the lines of a key: "KSM = Klimaschutzmanagement"."""
        for match in _KEY.finditer(text):
            code = match["code"]
            if sum(letter.isupper() for letter in code) >= 2:
                name = match["name"].strip(" ,.")
                self._learn_abbreviation(code, name if spells(code, name) else None)

    def _learn_abbreviation(self, code: str, name: str | None) -> None:
        if name is None:
            return
        if code in self._entries or _OFFICE.search(name):
            self._votes[code][name] += 1


def spells(code: str, name: str) -> bool:
    """Whether the letters of an abbreviation stand in a name in their order, the first at its beginning."""
    letters = [letter.lower() for letter in code if letter.isalnum()]
    rest = iter(name.lower())
    return bool(letters) and name[:1].lower() == letters[0] and all(letter in rest for letter in letters)


def long_form(code: str, words: list[str]) -> str | None:
    """Return the fewest last words that an abbreviation spells (Schwartz and Hearst, 2003), None where none do."""
    for count in range(1, len(words) + 1):
        name = " ".join(words[-count:])
        if name[:1].isupper() and len(name) > len(code) + 2 and spells(code, name):
            return name.strip("„“\"', ")
    return None


def printed_unit(text: str, entry: str, spans: Iterable[tuple[int, int]], names: UnitNames) -> Found | None:
    """Return one entry of a responsible field as a value at the first place among the spans that prints it."""
    words = r"\s*".join(re.escape(part) for part in entry.split())
    loose = re.compile(rf"(?<![\w.]){words}(?!\w|\.\d)")
    match = next((hit for start, end in spans if (hit := loose.search(text, start, end))), None)
    if match is None:
        return None
    typed, coded = _TYPED.fullmatch(entry), _ENTRY.fullmatch(entry)
    if typed:
        code, name = _typed_code(typed), typed["name"]
    elif coded:
        code, name = coded["code"], (coded["name"] or "").strip(" ()") or None
    else:
        code, name = entry, None
    return _unit(text, match.start(), match.end(), code, name or names.names.get(code))


def _typed_code(match: re.Match[str]) -> str:
    return f"{_TYPES[match['type']]} {match['code']}"


def _unit(text: str, start: int, end: int, code: str, name: str | None) -> Found:
    return Found(Value(ValueKind.UNIT, text[start:end], code, start, end, thing=name))
