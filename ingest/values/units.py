"""Units of the administration that a field names: who leads and who takes part; and the names of
their codes.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import chain, pairwise
from typing import NamedTuple

from ingest.readers.lexicon import is_status_heading
from ingest.values.parsing import ParsedValue
from vectorstore.language import NOTATION, pattern_of_any, sentence_spans
from vectorstore.records import Value, ValueKind

_ROLES = NOTATION["roles"]
_OFFICES = NOTATION["offices"]
_TYPES: dict[str, str] = _OFFICES["types"]
_ANY_TYPE = pattern_of_any({**_TYPES, **dict.fromkeys(_TYPES.values())})
# "- ", "• ", "a) " before a unit
_BULLET = re.compile(r"(?m)^[^\S\n]*[-–]\s+|(?:^|(?<=\s))(?:[a-e]\)|[•●▪■])\s+")
_LEAD = pattern_of_any(_ROLES["leading"])
_ASIDE = pattern_of_any(_ROLES["taking_part"])
# "Leitung/Koordination:" before the units that lead, "Beteiligte:" (`aside`) before those that take
# part.
_ROLE = re.compile(
    rf"(?i)(?:^|(?<=[\s;,]))(?:{_LEAD}\s?(?:/|und|&)\s?)?(?:{_LEAD}|(?P<aside>{_ASIDE}))\s?:\s*(?=\S)"
)
# "in Kooperation mit der" before a unit that takes part, "zur fachlichen Unterstützung" behind one.
_TOGETHER_WITH = re.compile(
    rf"(?i)(?:^|\s)(?:{pattern_of_any(_ROLES['before'])})(?:\s(?:der|die|das|den|dem|des))?\s+"
)
_FOR_SUPPORT = re.compile(
    rf"(?i)\s(?:zur|als|in)\s(?:\w+\s){{0,3}}(?:{pattern_of_any(_ROLES['behind'])})(?!\w)"
)
# "Schlüsselakteure wie Vereine": a unit named with such a word takes part, and so do the following
# ones
_COMPANION = re.compile(
    rf"(?i)^(?:[^:,;]{{3,40}}:\s+)?(?:[a-zäöüß]+e[rsn]?\s)?(?:{pattern_of_any(_ROLES['companions'])})(?:[*:/]?[a-zäöüß]+)*(?!\w)"
    r"(?P<such>(?:\s[\w-]+){0,3}\swie\s(?:d(?:ie|er|as)\s)?)?"
)
_HEDGES = re.compile(
    rf"(?i)^(?:{pattern_of_any(_ROLES['hedges'])})\s+|\s+(?:bei\sBedarf|(?:{pattern_of_any(_ROLES['hedges'])}))$"
)
_BRACKETS = re.compile(r"[(\[][^()\[\]]*(?:[)\]]|$)")  # "(Leitung)", also without its end
_SEPARATOR = re.compile(
    rf"[;·]|,(?!\s*(?:{pattern_of_any(_ROLES['going_on'])})(?!\w))|\s/\s|(?<!-)\s(?:(?:gemeinsam|zusammen)\smit|bzw\.)\s(?:de[rmn]\s)?(?=[A-ZÄÖÜ])"
)
_UNFINISHED_LINE = re.compile(
    rf"(?:^|[\s,;])(?:{pattern_of_any(_OFFICES['named'])}|Amt|für|und|der|des|von|vom|im|am|&)\s*$"
)
# A code has two capitals or more ("HGW", "GB.5"); a unit ends before its task: "HGW und DRV" in
# "HGW und DRV für ...".
_CODE = r"(?=[^\sA-ZÄÖÜ]{0,7}[A-ZÄÖÜ][^\sA-ZÄÖÜ]{0,6}[A-ZÄÖÜ])[\wÄÖÜäöü./-]{2,8}(?:\s\([^()]*\))?"
_UNIT = re.compile(
    rf"(?:{_CODE}(?:\s(?:und|u\.|&)\s{_CODE})?(?=\s(?:für|zur)\s)|.*?(?=\s(?:zum|als)\s[A-ZÄÖÜ]))"
)
_AND = re.compile(r"(?<!-)\s+(?:und|u\.|&)\s+")
_OFFICE = rf"(?i:{pattern_of_any(_OFFICES['within'])})(?:e?s|en?|in)?(?!\w)"
_WHOLE_UNIT = re.compile(rf"(?:{_CODE}|(?!\S*-$)\S*{_OFFICE}\S*|(?:{_ANY_TYPE})\s[A-ZÄÖÜ\d].*)")
_SENTENCE_END = re.compile(r"(?:\w{4}\.|[!?])\s*$")  # no abbreviation: "e. V."
# at least, of a sentence with a full stop; at most, of a unit
_SENTENCE_WORDS = 5
_NAME_WORDS = 12
_EDGE_SIGNS = " \t,;|·/"
_S = r"[ \u00a0]"
_WORD = r"[A-ZÄÖÜ][\w/&-]*\w(?:-(?=,|[ \u00a0](?:und|&)[ \u00a0]))?"  # "Klima- und Umweltschutz"
_NAME = (
    rf"(?:[A-ZÄÖÜ][a-zäöüß]+e[rsn]?{_S})?{_WORD}(?:(?:,{_S}{_WORD}){{0,3}}{_S}(?:und|&|"
    rf"/){_S}{_WORD})?"
)
_CODE_AND_NAME = re.compile(  # "66.01 Straßenbau", "FB 5: Planen und Bauen"
    rf"(?:(?P<type>{pattern_of_any(_TYPES)}){_S}?)?(?P<code>\d{{1,3}}(?:[./-]\d{{1,3}}){{0,2}}|(?(type)[IVX]+|(?!)))"
    rf"(?:{_S}?(?:[–:=-]{_S}?|\()?(?P<name>(?(type){_NAME}|[A-ZÄÖÜ].*?))\)?)?"
)
_CODE_IN_BRACKETS = re.compile(r"\((?P<code>[A-Za-zÄÖÜäöü][\w./-]{1,9})\)")  # "(KSM)"
_ABBREVIATION_KEY = re.compile(  # "KSM = Klimaschutzmanagement"
    rf"(?:^|[\n\t;(]|,{_S}){_S}?(?P<code>[A-ZÄÖÜ][\w-]{{1,9}})(?:{_S}?[=:]{_S}?|{_S}[–-]{_S}|\t)"
    r"(?P<name>[A-ZÄÖÜ](?:(?!,\s[A-ZÄÖÜ][\w-]{1,9}\s?[=:–-])[^\n\t;=:()]){3,80})"
)


class NamedUnits(NamedTuple):
    """The units that a field names, in order: those that lead and those that take part."""

    leading: tuple[str, ...] = ()
    taking_part: tuple[str, ...] = ()


def named_units(text: str) -> NamedUnits:
    """Return the units that a field for responsibility names: who leads and who takes part.

    A unit takes part if in its line it follows a role ("Beteiligte:"), "in Kooperation mit" or
    "Projektpartner wie", up to the next role; any other unit leads. If no unit leads, those that
    take part count as leading.
    """
    leading: list[str] = []
    taking_part: list[str] = []
    for line in _split_lines(text):
        for is_aside, segment in _split_by_role(line):
            takes_part = is_aside
            for part in _split_units(segment):
                unit, supporter = _split_leading_and_aside(part)
                takes_part = takes_part or _COMPANION.match(unit) is not None
                if takes_part:
                    taking_part += _drop_tasks(unit)
                else:
                    leading += _drop_tasks(unit)
                taking_part += _drop_tasks(supporter)
                takes_part = takes_part or bool(supporter and _TOGETHER_WITH.search(part))
    leading = list(filter(_is_name, leading))
    taking_part = list(filter(None, taking_part))
    if not leading:
        leading, taking_part = taking_part, []
    return NamedUnits(tuple(leading), tuple(taking_part))


def names_offices(text: str) -> bool:
    """True if a text consists only of codes of units or names of offices: "MOR, SWM", "Amt für
    Verkehr".
    """
    leading = named_units(text).leading
    return bool(leading) and all(
        _WHOLE_UNIT.fullmatch(unit) or re.search(_OFFICE, unit) for unit in leading
    )


def units(text: str) -> tuple[str, ...]:
    """Return all units of a field in order; text in brackets is not split."""
    parts = chain.from_iterable(map(_split_units, _split_lines(text)))
    return tuple(filter(None, map(plain_unit, parts)))


def split_unit(unit: str, counts: Mapping[str, int]) -> list[str]:
    """Return the units that stand one below the other in a cell: "Umweltamt Bauamt" is two if other
    fields name each of them, and not less often. `counts` says how often fields name a unit. A body
    and its office ("Stadt Quellheim Fachbereich Umwelt") are one.
    """
    for blank in re.finditer(" ", unit):
        first, rest = unit[: blank.start()], unit[blank.end() :]
        is_body = re.match(_ANY_TYPE, rest) and not re.search(_OFFICE, first)
        if counts[first] and not is_body:
            parts = [first, *split_unit(rest, counts)]
            if min(counts[part] for part in parts) >= max(1, counts[unit]):
                return parts
    return [unit]


def plain_unit(unit: str) -> str:
    """Return a unit with normal blanks ("Dez.06" as "Dez. 06") and without separators at its
    ends.
    """
    return re.sub(r"(?<=[A-Za-zäöüß])\.(?=\d)", ". ", " ".join(unit.split()).strip(_EDGE_SIGNS))


def _split_lines(text: str) -> list[str]:
    """Return the lines of a field; a line that is not finished is joined with the next one.

    "Amt für" and "Schulen" become "Amt für Schulen". What a full stop parts from the units in their
    line is left out. So is a sentence below them, a remark, unless the first line ends with a full
    stop too: then the field is a text.
    """
    lines: list[str] = []
    for line in filter(str.strip, _BULLET.sub("\n", text).split("\n")):
        above = lines[-1] if lines else ""
        if _UNFINISHED_LINE.search(above) or above.count("(") > above.count(")"):
            lines[-1] = f"{above.rstrip()} {line.lstrip()}"
        elif not lines or not _is_sentence(line) or lines[0].rstrip().endswith("."):
            _, end = sentence_spans(line)[0]
            lines.append(line[:end].rstrip(".") if line[end:].strip() else line)
    return lines


def _is_sentence(text: str) -> bool:
    return _SENTENCE_END.search(text) is not None and len(text.split()) >= _SENTENCE_WORDS


def _split_by_role(line: str) -> Iterator[tuple[bool, str]]:
    """Yield the parts of a line between its roles ("Leitung:", "Beteiligte:"), each as (true if its
    units take part, text).

    The first part is the text before the first role, whose units lead.
    """
    start = 0
    takes_part = False
    for match in _ROLE.finditer(line):
        yield takes_part, line[start : match.start()]
        start = match.end()
        takes_part = match["aside"] is not None
    yield takes_part, line[start:]


def _split_units(line: str) -> list[str]:
    """Return the parts of a line between its separators (";", ",", " / ", "zusammen mit").

    A separator in brackets does not count, nor does a comma before words such as "und für".
    """
    masked = _BRACKETS.sub(lambda match: "(" * len(match[0]), line)
    separators = [match.span() for match in _SEPARATOR.finditer(masked)]
    cuts = [(0, 0), *separators, (len(line), len(line))]
    return [line[start:end] for (_, start), (end, _) in pairwise(cuts)]


def _split_leading_and_aside(part: str) -> tuple[str, str]:
    """Return the leading and the supporting unit of a part, "" for none.

    "X in Kooperation mit Y" gives ("X", "Y"), "Y zur Mitarbeit" gives ("", "Y"), "X" gives
    ("X", "").
    """
    support = _FOR_SUPPORT.search(part)
    together = _TOGETHER_WITH.search(part)
    # "in Kooperation mit" matches both at one start
    if support is not None and (together is None or support.start() < together.start()):
        return "", _strip_hedges(part[: support.start()])
    if together is None:
        return _strip_hedges(part), ""
    return _strip_hedges(part[: together.start()]), _strip_hedges(part[together.end() :])


def _strip_hedges(part: str) -> str:
    """Return a unit without words of uncertainty: "ggf. UA" is "UA"."""
    return plain_unit(_HEDGES.sub("", plain_unit(part)))


def _drop_tasks(unit: str) -> Iterator[str]:
    """Yield the units that a part names, without their task and without words before them.

    "HGW und DRVs für Gebäude" gives "HGW" and "DRVs", "Schlüsselakteure wie Vereine" gives
    "Vereine".
    """
    companion = _COMPANION.match(unit)
    match = _UNIT.match(unit)
    if companion and companion["such"]:
        unit = unit[companion.end() :]
    elif match:
        unit = match[0]
    names = list(filter(None, _AND.split(unit)))
    if len(names) > 1 and all(map(_WHOLE_UNIT.fullmatch, names)):
        yield from names
    else:
        yield unit


def _is_name(unit: str) -> bool:
    """True if a text can be the name of a unit: short, no sentence and no project status."""
    is_text = _is_sentence(unit) or is_status_heading(unit)
    return 0 < len(unit.split()) <= _NAME_WORDS and not is_text


class UnitNames:
    """The names that a document (`text`) gives to codes of units: "KSM" is "Klimaschutzmanagement".

    `printed` are the units that the fields of its items name.
    """

    def __init__(self, text: str, printed: Collection[str]) -> None:
        self._text, self._printed = text, printed

    @cached_property
    def names(self) -> dict[str, str]:
        """Code or abbreviation → its most frequent name."""
        votes: dict[str, Counter[str]] = defaultdict(Counter)
        for code, name in [*map(_parse_entry, self._printed), *self._abbreviations()]:
            if name:
                votes[code][name] += 1
        return {code: names.most_common(1)[0][0] for code, names in votes.items()}

    def value_of(self, entry: str, spans: Iterable[tuple[int, int]]) -> ParsedValue | None:
        """Return a unit of a field as a value, placed where the document prints it.

        Its `value` is the code of the unit, its `thing` the name, if the unit or the document
        states one. The place is the first one in the first of `spans` that contains the unit; None
        if no span does. White space may differ.
        """
        words = r"\s*".join(re.escape(part) for part in entry.split())
        pattern = re.compile(rf"(?<![\w.]){words}(?!\w|\.\d)")
        for span in spans:
            match = pattern.search(self._text, *span)
            if match:
                code, name = _parse_entry(entry)
                name = name or self.names.get(code)
                value = Value(ValueKind.UNIT, match[0], code, *match.span(), thing=name)
                return ParsedValue(value)
        return None

    def _abbreviations(self) -> Iterator[tuple[str, str | None]]:
        """Yield pairs of code and name, with None for a name that is not accepted.

        They come from names with a code in brackets, "Klimaschutzmanagement (KSM)", and from keys
        of abbreviations, "KSM = Klimaschutzmanagement".
        """
        for match in _CODE_IN_BRACKETS.finditer(self._text):
            before = self._text[max(0, match.start() - 100) : match.start()]
            words = re.split(r"[\n\t;.:]", before)[-1].split()
            code = match["code"]
            yield code, self._accept_name(code, long_form(code, words))
        for match in _ABBREVIATION_KEY.finditer(self._text):
            code, name = match["code"], match["name"].strip(" ,.")
            if spells_abbreviation(code, name):
                yield code, self._accept_name(code, name)

    def _accept_name(self, code: str, name: str | None) -> str | None:
        """Return the name of a code if the code stands for a unit, else None.

        It does if a field names the code, or if the code has two capitals and the name is that of
        an office.
        """
        has_capitals = sum(letter.isupper() for letter in code) >= 2
        is_unit = code in self._printed or (has_capitals and name and re.search(_OFFICE, name))
        if is_unit:
            return name
        return None


def _parse_entry(entry: str) -> tuple[str, str | None]:
    """Return code and name of a unit: "66.01 Straßenbau" gives ("66.01", "Straßenbau").

    The type of a unit is part of the code in its short form. The name is None where only a code is
    printed. A unit without a numeric code is its own code, and has no name.
    """
    match = _CODE_AND_NAME.fullmatch(entry)
    if match is None:
        return entry, None
    code = match["code"]
    if match["type"]:
        code = f"{_TYPES[match['type']]} {code}"
    return code, match["name"]


def spells_abbreviation(code: str, name: str) -> bool:
    """True if a name contains the letters of an abbreviation in order and begins with the first.

    "Klimaschutzmanagement" spells "KSM".
    """
    letters = [letter.lower() for letter in code if letter.isalnum()]
    if not letters or name[:1].lower() != letters[0]:
        return False
    following = iter(name.lower())
    # each search goes on behind the letter found before
    return all(letter in following for letter in letters)


def long_form(code: str, words: Sequence[str]) -> str | None:
    """Return the name that an abbreviation stands for, None without one.

    `words` are the words before the abbreviation. The name is as few of the last words as spell it
    (Schwartz and Hearst, 2003). It begins with a capital and is clearly longer than the
    abbreviation.
    """
    for count in range(1, min(len(words), 2 * len(code) + 2) + 1):
        name = " ".join(words[-count:])
        if name[:1].isupper() and len(name) > len(code) + 2 and spells_abbreviation(code, name):
            return name.strip("„“\"', ")
    return None
