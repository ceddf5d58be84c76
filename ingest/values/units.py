"""Units of the administration that a field names: who leads, and who takes part.

A field for who is responsible often names both: "Koordination: Umweltamt, Unterstützung durch die Stadtwerke". The
words for the parts are general German (`notation.toml`).
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator
from dataclasses import dataclass
from itertools import pairwise

from ingest.readers.lexicon import is_status_heading
from vectorstore.notation import TABLE, one_of

_ROLES, _OFFICES = TABLE["roles"], TABLE["offices"]
_TYPES = one_of({**_OFFICES["types"], **dict.fromkeys(_OFFICES["types"].values())})
_BULLET = re.compile(r"(?m)^[^\S\n]*[-–]\s+|(?:^|(?<=\s))(?:[a-e]\)|[•●▪■])\s+")
_ROLE = rf"(?:{one_of(_ROLES['leading'])}|(?P<aside>{one_of(_ROLES['taking_part'])}))"
_ROLE_HEAD = re.compile(
    rf"(?:^|(?<=[\s;,]))(?:{one_of(_ROLES['leading'])}\s?(?:/|und|&)\s?)?{_ROLE}\s?:\s*(?=\S)", re.IGNORECASE
)
_TOGETHER_WITH = re.compile(
    rf"(?:^|\s)(?:{one_of(_ROLES['before'])})(?:\s(?:der|die|das|den|dem|des))?\s+", re.IGNORECASE
)
_FOR_SUPPORT = re.compile(rf"\s(?:zur|als|in)\s(?:\w+\s){{0,3}}(?:{one_of(_ROLES['behind'])})(?!\w)", re.IGNORECASE)
# "Schlüsselakteure wie Vereine": whoever is named with such a word takes part, and so do those behind it
_COMPANION = re.compile(
    rf"^(?:[^:,;]{{3,40}}:\s+)?(?:[a-zäöüß]+e[rsn]?\s)?(?:{one_of(_ROLES['companions'])})(?:[*:/]?[a-zäöüß]+)*(?!\w)"
    r"(?P<such>(?:\s[\w-]+){0,3}\swie\s(?:d(?:ie|er|as)\s)?)?",
    re.IGNORECASE,
)
_HEDGES = one_of(_ROLES["hedges"])
_ASIDES = (  # what only says how surely or how somebody is one: "ggf. UA", "Ausführung durch das Bauamt"
    re.compile(rf"^(?:{_HEDGES})\s+|\s+(?:bei\sBedarf|(?:{_HEDGES}))$", re.IGNORECASE),
    re.compile(r"^(?:[Ww]eitere\s|[Aa]ndere\s)?(?:Ämter|Fachämter|Dienststellen|Stellen)\swie\s"),
    re.compile(r"^[A-ZÄÖÜ][a-zäöüß]+ung(?:\sdurch|:)\s+(?:(?:die|das|den|der)\s)?"),
)
_BRACKETS = re.compile(r"[(\[][^()\[\]]*(?:[)\]]|$)")
_SEPARATOR = re.compile(
    rf";|,(?!\s*(?:{one_of(_ROLES['going_on'])})(?!\w))|\s/\s"
    r"|(?<!-)\s(?:gemeinsam mit|zusammen mit|bzw\.)\s(?:(?:der|dem|den)\s)?(?=[A-ZÄÖÜ])"
)
_UNFINISHED = re.compile(rf"(?:^|[\s,;])(?:{one_of(_OFFICES['named'])}|Amt|für|und|der|des|von|vom|im|am|&)\s*$")
_CODE = re.compile(r"(?=[^\sA-ZÄÖÜ]{0,7}[A-ZÄÖÜ][^\sA-ZÄÖÜ]{0,6}[A-ZÄÖÜ])[\wÄÖÜäöü./-]{2,8}(?:\s\([^()]*\))?")
_TASK = re.compile(r"(?P<task>\s(?:zum\s[A-ZÄÖÜ]|im\sRahmen\s|falls\s|sofern\s|als\s[A-ZÄÖÜ]))")
_TASK_OF_CODE = re.compile(rf"{_CODE.pattern}(?:\s(?:und|u\.|&)\s{_CODE.pattern})?(?P<task>\s(?:für|zur)\s)")
_AND = re.compile(r"\s+(?:und|u\.|&)\s+")
_NAMED = re.compile(rf"(?:{_TYPES})\s[A-ZÄÖÜ\d]")
_TYPED = re.compile(rf"(?<![\w-])(?:{one_of(_OFFICES['types'])})[ \u00a0]?(?:\d|[IVX]+(?!\w))")
OFFICE = re.compile(rf"(?i:{one_of(_OFFICES['within'])})(?:e?s|en?|in)?(?!\w)")
_SENTENCE_WORDS = 5  # "Kreisverband Lauterfeld e. V." has fewer
_NAME_WORDS = 12  # that a unit has at most
_EDGES = " \t,;|·/"


@dataclass(frozen=True, slots=True)
class NamedUnits:
    """The units that a field names, in its order: those that lead, and those that take part."""

    leading: tuple[str, ...] = ()
    taking_part: tuple[str, ...] = ()


def named_units(text: str) -> NamedUnits:
    """Return the units of a field for who is responsible; bullets, lines, commas and semicolons separate them."""
    leading: list[str] = []
    aside: list[str] = []
    for line in _lines(text):
        accompanies = False
        for takes_part, segment in _segments(line):
            for part in _split(segment):
                first, second = _leading_and_aside(part)
                is_companion = _COMPANION.match(first) is not None
                accompanies = accompanies or is_companion
                (aside if takes_part or accompanies else leading).extend(_each(_without_companion(first)))
                aside.extend(_each(_without_companion(second)))
                accompanies = accompanies or bool(second and _TOGETHER_WITH.search(part))
    found = NamedUnits(tuple(filter(_is_name, leading)), tuple(filter(None, aside)))
    return found if found.leading else NamedUnits(found.taking_part)


def names_offices(text: str) -> bool:
    """True if a text is nothing but codes of units or offices: "MOR, SWM", "Amt für Verkehr"."""
    found = named_units(text).leading
    return bool(found) and all(_CODE.fullmatch(unit) or _TYPED.match(unit) or OFFICE.search(unit) for unit in found)


def units(text: str) -> tuple[str, ...]:
    """Return all units of a field in its order; brackets hold together."""
    return tuple(filter(None, (plain_unit(part) for line in _lines(text) for part in _split(line))))


def plain_unit(unit: str) -> str:
    """Return a unit without marks at its edges, "Dez.06" as "Dez. 06"."""
    return re.sub(r"(?<=[A-Za-zäöüß])\.(?=\d)", ". ", " ".join(unit.split()).strip(_EDGES))


def split_glued_units(entry: str, known: Container[str]) -> tuple[str, ...]:
    """Return the two units of an entry that is one name behind the other, both known from elsewhere, else the entry."""
    words = entry.split(" ")
    halves = ((" ".join(words[:place]), " ".join(words[place:])) for place in range(1, len(words)))
    return next((half for half in halves if half[0] in known and half[1] in known), (entry,))


def _lines(text: str) -> list[str]:
    """Return the lines of a field; a name that its line cannot end goes on in the next: "Amt für" / "Schulen"."""
    lines: list[str] = []
    for line in filter(str.strip, _BULLET.sub("\n", text).split("\n")):
        if lines and (_UNFINISHED.search(lines[-1]) or lines[-1].count("(") > lines[-1].count(")")):
            lines[-1] = f"{lines[-1].rstrip()} {line.lstrip()}"
        else:
            lines.append(line)
    return [line for line in lines if line is lines[0] or not _is_sentence(line, lines[0])]


def _is_sentence(line: str, first: str) -> bool:
    """True if a line below a field's first is a sentence, no unit: it ends as one, and the first does not."""
    ends = line.rstrip().endswith((".", "!", "?")) and not first.rstrip().endswith(".")
    return ends and len(line.split()) >= _SENTENCE_WORDS


def _segments(line: str) -> Iterator[tuple[bool, str]]:
    """Yield what is behind each role that a line names, and whether that role is one of taking part."""
    start, aside = 0, False
    for match in _ROLE_HEAD.finditer(line):
        yield aside, line[start : match.start()]
        start, aside = match.end(), match["aside"] is not None
    yield aside, line[start:]


def _split(line: str) -> list[str]:
    """Return the parts between separators outside of brackets; a comma before what goes on is none."""
    masked = _BRACKETS.sub(lambda match: "(" * len(match[0]), line)
    cuts = [(0, 0), *(match.span() for match in _SEPARATOR.finditer(masked)), (len(line), len(line))]
    return [line[start:end] for (_, start), (end, _) in pairwise(cuts)]


def _leading_and_aside(part: str) -> tuple[str, str]:
    """Return who of a part leads and who takes part, "" for nobody, without the words that say so."""
    behind, before = _FOR_SUPPORT.search(part), _TOGETHER_WITH.search(part)
    if behind is not None and (before is None or behind.start() < before.start()):  # "in Kooperation mit" is both
        return "", _bare(part[: behind.start()])
    return (_bare(part[: before.start()]), _bare(part[before.end() :])) if before else (_bare(part), "")


def _bare(part: str) -> str:
    unit = plain_unit(part)
    for pattern in _ASIDES:
        unit = pattern.sub("", unit)
    return plain_unit(unit)


def _without_companion(unit: str) -> str:
    match = _COMPANION.match(unit)
    return unit[match.end() :] if match and match["such"] else unit


def _each(unit: str) -> Iterator[str]:
    """Yield the units of a part without what each of them does: "HGW und DRVs für Gebäude" names HGW and DRVs."""
    task = _TASK.search(unit) or _TASK_OF_CODE.match(unit)
    unit = unit[: task.start("task")].rstrip() if task else unit
    several = [name for name in _AND.split(unit) if name]
    yield from several if len(several) > 1 and all(map(_is_whole, several)) else [unit]


def _is_whole(name: str) -> bool:
    """True if a name is whole by itself: a code, one word for an office, or a word for one with its name."""
    is_office = " " not in name and not name.endswith("-") and OFFICE.search(name) is not None
    return is_office or _CODE.fullmatch(name) is not None or _NAMED.match(name) is not None


def _is_name(unit: str) -> bool:
    """True if an entry names a unit: no sentence, no status of the record, no part of a sentence."""
    words = unit.split()
    if not words or len(words) > _NAME_WORDS or is_status_heading(unit):
        return False
    ends = unit.endswith((".", "!", "?", ":")) and len(words) >= _SENTENCE_WORDS
    return not ends and not (unit[0].islower() and len(words) >= _SENTENCE_WORDS)
