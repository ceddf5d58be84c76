"""Units of the administration: which of a field lead and which take part, and what a document calls their codes.

A field for who is responsible often names both: "Koordination: Umweltamt, Unterstützung durch die Stadtwerke". The
words for the parts are general German (`notation.toml`). A code ("66.01", "FB 5", "KSM") gets the name that the
document gives it.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from ingest.readers.lexicon import is_status_heading
from ingest.values.parsing import Found
from vectorstore.notation import TABLE, one_of
from vectorstore.records import Value, ValueKind

_ROLES = TABLE["roles"]
_BULLET = re.compile(r"(?m)^[^\S\n]*[-–]\s+|(?:^|(?<=\s))(?:[a-e]\)|[•●▪■])\s+")
_ROLE = rf"(?:{one_of(_ROLES['leading'])}|(?P<aside>{one_of(_ROLES['taking_part'])}))"
_HEAD = re.compile(
    rf"(?:^|(?<=[\s;,]))(?:{one_of(_ROLES['leading'])}\s?(?:/|und|&)\s?)?{_ROLE}\s?:\s*(?=\S)", re.IGNORECASE
)
_BEFORE = re.compile(rf"(?:^|\s)(?:{one_of(_ROLES['before'])})(?:\s(?:der|die|das|den|dem|des))?\s+", re.IGNORECASE)
_BEHIND = re.compile(rf"\s(?:zur|als|in)\s(?:\w+\s){{0,3}}(?:{one_of(_ROLES['behind'])})(?!\w)", re.IGNORECASE)
_HEDGE = re.compile(
    rf"^(?:{one_of(_ROLES['hedges'])})\s+|\s+(?:bei\sBedarf|(?:{one_of(_ROLES['hedges'])}))$", re.IGNORECASE
)
# "Schlüsselakteure wie Vereine": whoever is named with such a word takes part, and so do those behind it
_COMPANION = re.compile(
    rf"^(?:[^:,;]{{3,40}}:\s+)?(?:[a-zäöüß]+e[rsn]?\s)?(?:{one_of(_ROLES['companions'])})(?:[*:/]?[a-zäöüß]+)*(?!\w)"
    r"(?P<such>(?:\s[\w-]+){0,3}\swie\s(?:d(?:ie|er|as)\s)?)?",
    re.IGNORECASE,
)
_SUCH = re.compile(r"^(?:[Ww]eitere\s|[Aa]ndere\s)?(?:Ämter|Fachämter|Dienststellen|Stellen)\swie\s")
_GOES_ON = re.compile(rf"^\s*(?:{one_of(_ROLES['going_on'])})(?!\w)")
_OPEN = re.compile(rf"(?:^|[\s,;])(?:{one_of(TABLE['offices']['named'])}|Amt|für|und|der|des|von|vom|im|am|&)\s*$")
_CODE = re.compile(r"(?=[^\sA-ZÄÖÜ]{0,7}[A-ZÄÖÜ][^\sA-ZÄÖÜ]{0,6}[A-ZÄÖÜ])[\wÄÖÜäöü./-]{2,8}(?:\s\([^()]*\))?")
_TASK = re.compile(r"(?P<task>\s(?:zum\s[A-ZÄÖÜ]|im\sRahmen\s|falls\s|sofern\s|als\s[A-ZÄÖÜ]))")
_TASK_OF_CODE = re.compile(rf"{_CODE.pattern}(?:\s(?:und|u\.|&)\s{_CODE.pattern})?(?P<task>\s(?:für|zur)\s)")
_AND = re.compile(r"\s+(?:und|u\.|&)\s+")
_NAMED = re.compile(
    rf"(?:{one_of({**TABLE['offices']['types'], **dict.fromkeys(TABLE['offices']['types'].values())})})\s[A-ZÄÖÜ\d]"
)
_ALSO = re.compile(r"\s(?:gemeinsam mit|zusammen mit|bzw\.)\s(?:(?:der|dem|den)\s)?(?=[A-ZÄÖÜ])")
_WORK = re.compile(r"^[A-ZÄÖÜ][a-zäöüß]+ung(?:\sdurch|:)\s+(?:(?:die|das|den|der)\s)?")  # "Ausführung durch das Bauamt"
_APART = re.compile(r"\s/\s")
_SENTENCE_WORDS = 5  # "Kreisverband Lauterfeld e. V." has fewer
_NAME_WORDS = 12  # that a unit has at most
_EDGES = " \t,;|·/"
S = r"[ \u00a0]"
_OFFICES = TABLE["offices"]
_TYPES: dict[str, str] = _OFFICES["types"]
_OFFICE_CODE = r"\d{1,3}(?:[./-]\d{1,3}){0,2}(?![.,]{0,3}\d)"
_NAME_WORD = r"[A-ZÄÖÜ][\w/&-]*\w(?:-(?=,|[ \u00a0](?:und|&)[ \u00a0]))?"  # "Klima- und Umweltschutz"
_AND_NAME = rf"(?:,{S}{_NAME_WORD}){{0,3}}{S}(?:und|&|/){S}(?:[a-zäöüß]+e[rsn]?{S})?{_NAME_WORD}"
_NAME = rf"(?:[A-ZÄÖÜ][a-zäöüß]+e[rsn]?{S})?{_NAME_WORD}(?:{_AND_NAME})?"
_TYPED = re.compile(
    rf"(?<![\w-])(?P<type>{one_of(_TYPES)}){S}?(?P<code>{_OFFICE_CODE}|[IVX]+(?!\w))"
    rf"(?:{S}?(?:[–:-]{S}?|(?P<open>\())?(?P<name>{_NAME})(?(open)\)))?"
)
_OFFICE = re.compile(rf"(?i:{one_of(_OFFICES['within'])})(?:e?s|en?|in)?(?!\w)")
_ENTRY = re.compile(rf"(?P<code>{_OFFICE_CODE})(?:{S}?(?:[–:=-]{S})?(?P<name>[A-ZÄÖÜ].*))?")
_EXPLAINED = re.compile(r"\((?P<code>[A-Za-zÄÖÜäöü][\w./-]{1,9})\)")
_KEY = re.compile(
    rf"(?:^|[\n\t;(]|,{S}){S}?(?P<code>[A-ZÄÖÜ][\w-]{{1,9}})(?:{S}?[=:]{S}?|{S}[–-]{S}|\t)"
    r"(?P<name>[A-ZÄÖÜ](?:(?!,\s[A-ZÄÖÜ][\w-]{1,9}\s?[=:–-])[^\n\t;=:()]){3,80})"
)


@dataclass(frozen=True, slots=True)
class NamedUnits:
    """The units that a field names, in its order: those that lead, and those that take part."""

    leading: tuple[str, ...] = ()
    taking_part: tuple[str, ...] = ()


def named_units(text: str) -> NamedUnits:
    """Return the units of a field for who is responsible; bullets, lines, commas and semicolons part them."""
    leading: list[str] = []
    aside: list[str] = []
    for line in _lines(text):
        accompanies = False
        for takes_part, segment in _segments(line):
            for part in _parts(segment):
                first, second = _judged(part)
                companion = _COMPANION.match(first)
                if companion is not None:
                    accompanies, first = True, first[companion.end() :] if companion["such"] else first
                (aside if takes_part or accompanies else leading).extend(_each(first))
                accompanies = accompanies or bool(second and _BEFORE.search(part))
                second = second[match.end() :] if (match := _COMPANION.match(second)) and match["such"] else second
                aside.extend(_each(second))
    found = NamedUnits(tuple(filter(_is_name, leading)), tuple(filter(None, aside)))
    return found if found.leading else NamedUnits(found.taking_part)


def _is_name(unit: str) -> bool:
    """Whether an entry names a unit: no sentence, no status of the record, no part of a sentence."""
    words = unit.split()
    if not words or len(words) > _NAME_WORDS or is_status_heading(unit):
        return False
    ended = unit.endswith((".", "!", "?", ":")) and len(words) >= _SENTENCE_WORDS
    return not ended and not (unit[0].islower() and len(words) >= _SENTENCE_WORDS)


def names_offices(text: str) -> bool:
    """Whether a text is nothing but codes of units or offices: "MOR, SWM", "Amt für Verkehr"."""
    found = named_units(text).leading
    return bool(found) and all(_CODE.fullmatch(one) or _TYPED.match(one) or _OFFICE.search(one) for one in found)


def units(text: str) -> tuple[str, ...]:
    """Return all units of a field in its order; brackets hold together."""
    parts = (part for line in _lines(text) for part in _parts(line))
    return tuple(unit for part in parts if (unit := plain_unit(part)))


def _lines(text: str) -> list[str]:
    """Return the lines of a field; a name that its line cannot end goes on in the next: "Amt für" / "Schulen"."""
    lines: list[str] = []
    for line in filter(str.strip, _BULLET.sub("\n", text).split("\n")):
        if lines and (_OPEN.search(lines[-1]) or lines[-1].count("(") > lines[-1].count(")")):
            lines[-1] = f"{lines[-1].rstrip()} {line.lstrip()}"
        else:
            lines.append(line)
    return [line for line in lines if line is lines[0] or not _is_sentence(line, lines[0])]


def _is_sentence(line: str, first: str) -> bool:
    """Whether a line below a field's first is a sentence, no unit: it ends as one, and the first does not."""
    ends = line.rstrip().endswith((".", "!", "?")) and not first.rstrip().endswith(".")
    return ends and len(line.split()) >= _SENTENCE_WORDS


def _segments(line: str) -> Iterator[tuple[bool, str]]:
    """Yield what stands behind each role that a line names, and whether that role is one of taking part."""
    start, aside = 0, False
    for match in _HEAD.finditer(line):
        yield aside, line[start : match.start()]
        start, aside = match.end(), match["aside"] is not None
    yield aside, line[start:]


def _parts(line: str) -> Iterator[str]:
    """Yield what commas, semicolons and "gemeinsam mit" part, outside brackets; what goes on stays together."""
    start = depth = 0
    for place, char in enumerate(line):
        depth += (char in "([") - (char in ")]")
        also = _ALSO.match(line, place) if char == " " and not line[:place].endswith("-") else None
        apart = char in ",;" or also is not None or (char == "/" and _APART.match(line, place - 1) is not None)
        if apart and depth <= 0 and not (char == "," and _GOES_ON.match(line[place + 1 :])):
            yield line[start:place]
            start = also.end() if also is not None else place + 1
    yield line[start:]


def _judged(part: str) -> tuple[str, str]:
    """Return who of a part leads and who takes part, "" for nobody, without the words that say so."""
    behind, before = _BEHIND.search(part), _BEFORE.search(part)
    if behind is not None and (before is None or behind.start() < before.start()):  # "in Kooperation mit" is both
        return "", _bare(part[: behind.start()])
    return (_bare(part[: before.start()]), _bare(part[before.end() :])) if before else (_bare(part), "")


def _bare(part: str) -> str:
    """Return a unit without what only says how surely it is one: "ggf. UA", "GA bei Bedarf"."""
    return plain_unit(_WORK.sub("", _SUCH.sub("", _HEDGE.sub("", plain_unit(part)))))


def _each(unit: str) -> Iterator[str]:
    """Yield the units of a part without what each of them does: "HGW und DRVs für Gebäude" names HGW and DRVs."""
    task = _TASK.search(unit) or _TASK_OF_CODE.match(unit)
    unit = unit[: task.start("task")].rstrip() if task else unit
    several = [one for one in _AND.split(unit) if one]
    yield from several if len(several) > 1 and all(map(_stands_alone, several)) else [unit]


def _stands_alone(name: str) -> bool:
    """Whether a name is whole by itself: a code, one word for an office, or a word for one with its name."""
    word = " " not in name and not name.endswith("-") and _OFFICE.search(name) is not None
    return word or _CODE.fullmatch(name) is not None or _NAMED.match(name) is not None


def plain_unit(unit: str) -> str:
    """Return a unit as it is told: without marks at its edges, "Dez.06" as "Dez. 06"."""
    return re.sub(r"(?<=[A-Za-zäöüß])\.(?=\d)", ". ", " ".join(unit.split()).strip(_EDGES))


def parted(entry: str, known: Container[str]) -> tuple[str, ...]:
    """Return the two units of an entry that is one name behind the other, both known from elsewhere, else the entry."""
    words = entry.split(" ")
    halves = ((" ".join(words[:place]), " ".join(words[place:])) for place in range(1, len(words)))
    return next((half for half in halves if half[0] in known and half[1] in known), (entry,))


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
