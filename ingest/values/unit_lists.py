"""What a field says of who acts: its units one by one, those that lead apart from those that only take part.

A field for who is responsible often names both: "Koordination: Umweltamt, Unterstützung durch die Stadtwerke", "Amt für
Schulen; Jugendamt zur Beratung". The words for the parts are general German (`notation.toml`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ingest.plan.words import is_status_heading
from vectorstore.notation import TABLE, one_of

_ROLES = TABLE["roles"]
_BULLET = re.compile(r"(?m)^[^\S\n]*[-–•]\s+")
_ROLE = rf"(?:{one_of(_ROLES['leading'])}|(?P<aside>{one_of(_ROLES['taking_part'])}))"
_HEAD = re.compile(
    rf"(?:^|(?<=[\s;,]))(?:{one_of(_ROLES['leading'])}\s?(?:/|und|&)\s?)?{_ROLE}\s?:\s*(?=\S)", re.IGNORECASE
)
_BEFORE = re.compile(rf"(?:^|\s)(?:{one_of(_ROLES['before'])})(?:\s(?:der|die|das|den|dem|des))?\s+", re.IGNORECASE)
_BEHIND = re.compile(rf"\s(?:zur|als|in)\s(?:\w+\s)?(?:{one_of(_ROLES['behind'])})(?!\w)", re.IGNORECASE)
_HEDGE = re.compile(rf"^(?:{one_of(_ROLES['hedges'])})\s+", re.IGNORECASE)
_GOES_ON = re.compile(rf"^\s*(?:{one_of(_ROLES['going_on'])})(?!\w)")
_OPEN = re.compile(rf"(?:^|[\s,;])(?:{one_of(TABLE['offices']['named'])}|Amt|für|und|der|des|von|vom|im|am|&)\s*$")
_CODE = re.compile(r"(?=[^\sA-ZÄÖÜ]{0,7}[A-ZÄÖÜ][^\sA-ZÄÖÜ]{0,6}[A-ZÄÖÜ])[\wÄÖÜäöü./-]{2,8}(?:\s\([^()]*\))?")
_TASK = re.compile(r"(?P<task>\s(?:zum\s[A-ZÄÖÜ]|im\sRahmen\s|falls\s|sofern\s|als\s[A-ZÄÖÜ]))")
_TASK_OF_CODE = re.compile(rf"{_CODE.pattern}(?:\s(?:und|u\.|&)\s{_CODE.pattern})?(?P<task>\s(?:für|zur)\s)")
_APART = re.compile(r"\s/\s")
_SENTENCE_WORDS = 5  # "Kreisverband Lauterfeld e. V." has fewer
_NAME_WORDS = 12  # that a unit has at most
_EDGES = " \t,;|·/"


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
        for takes_part, segment in _segments(line):
            for part in _parts(segment):
                first, second = _judged(part)
                (aside if takes_part else leading).extend(_each(first))
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


def units(text: str) -> tuple[str, ...]:
    """Return all units of a field in its order; brackets hold together."""
    parts = (part for line in _lines(text) for part in _parts(line))
    return tuple(unit for part in parts if (unit := plain_unit(part)))


def _lines(text: str) -> list[str]:
    """Return the lines of a field; a name that its line cannot end goes on in the next: "Amt für" / "Schulen"."""
    lines: list[str] = []
    for line in filter(str.strip, _BULLET.sub("\n", text).split("\n")):
        if lines and _OPEN.search(lines[-1]):
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
    """Yield what commas, semicolons and slashes between blanks part, outside brackets; what goes on stays together."""
    start = depth = 0
    for place, char in enumerate(line):
        depth += (char in "([") - (char in ")]")
        apart = char in ",;" or (char == "/" and _APART.match(line, place - 1) is not None)
        if apart and depth <= 0 and not (char == "," and _GOES_ON.match(line[place + 1 :])):
            yield line[start:place]
            start = place + 1
    yield line[start:]


def _judged(part: str) -> tuple[str, str]:
    """Return who of a part leads and who takes part, "" for nobody, without the words that say so."""
    part = _HEDGE.sub("", part.strip())
    behind = _BEHIND.search(part)
    if behind is not None:
        return "", plain_unit(part[: behind.start()])
    before = _BEFORE.search(part)
    return (plain_unit(part[: before.start()]), plain_unit(part[before.end() :])) if before else (plain_unit(part), "")


def _each(unit: str) -> Iterator[str]:
    """Yield the units of a part without what each of them does: "HGW und DRVs für Gebäude" names HGW and DRVs."""
    task = _TASK.search(unit) or _TASK_OF_CODE.match(unit)
    unit = unit[: task.start("task")].rstrip() if task else unit
    codes = [code for code in re.split(r"\s+(?:und|u\.|&)\s+", unit) if code]
    yield from codes if len(codes) > 1 and all(map(_CODE.fullmatch, codes)) else [unit]


def plain_unit(unit: str) -> str:
    """Return a unit as it is told: without marks at its edges, "Dez.06" as "Dez. 06"."""
    return re.sub(r"(?<=[A-Za-zäöüß])\.(?=\d)", ". ", " ".join(unit.split()).strip(_EDGES))
