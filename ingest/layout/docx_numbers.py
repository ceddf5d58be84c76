"""Automatic numbers of a DOCX: what Word prints before headings and points of lists, though no text holds it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from lxml import etree

from ingest.layout.docx_text import BULLETS, Styles, W, is_on, value
from ingest.layout.lines import clean_characters
from ingest.layout.ordinals import ordinal

_PLACE = re.compile(r"%([1-9])")
_LEVELS = 9


@dataclass(frozen=True, slots=True)
class _Level:
    """How one level is numbered; `legal` prints those above in digits."""

    form: str
    text: str
    start: int
    style: str
    legal: bool


@dataclass(frozen=True, slots=True)
class _Numbering:
    """One list: the definition that it counts on with others, its levels, and where it begins anew."""

    definition: str
    levels: dict[int, _Level]
    starts: dict[int, int]


class Numbers:
    """Counts through one document; to be asked once for each paragraph, in their order."""

    def __init__(self, root: etree._Element | None, styles: Styles) -> None:
        self._styles = styles
        self._counters: dict[str, list[int | None]] = {}  # by definition; None where a level has no number yet
        self._begun: set[tuple[str, int]] = set()
        self._lists: dict[str, _Numbering] = {}
        if root is None:
            return
        levels = {one.get(f"{W}abstractNumId", ""): _levels(one) for one in root.iter(f"{W}abstractNum")}
        for one in root.iter(f"{W}num"):
            definition = value(one.find(f"{W}abstractNumId"))
            again = {
                _digit(new.get(f"{W}ilvl", "")): new.find(f"{W}startOverride") for new in one.iter(f"{W}lvlOverride")
            }
            starts = {place: int(value(new)) for place, new in again.items() if value(new).isdecimal()}
            self._lists[one.get(f"{W}numId", "")] = _Numbering(definition, levels.get(definition, {}), starts)

    def before(self, paragraph: etree._Element) -> str | None:
        """Return what is printed before a paragraph: "" for a mark, None for nothing."""
        key, said, style = self._styles.numbering(paragraph)
        numbering = self._lists.get(key)
        if numbering is None:
            return None if key or not self._styles.is_named(paragraph, BULLETS) else ""
        named = (number for number, level in numbering.levels.items() if style and level.style == style)
        place = next(named, said or 0)
        level = numbering.levels.get(place)
        if level is None:
            return None
        counter = self._counters.setdefault(numbering.definition, [None] * _LEVELS)
        self._count(counter, numbering, place, key)
        return "" if level.form == "bullet" else _printed(counter, numbering.levels, place) or None

    def _count(self, counter: list[int | None], numbering: _Numbering, place: int, key: str) -> None:
        """Go on to the next number of a level; those below begin anew."""
        begins = place in numbering.starts and (key, place) not in self._begun
        self._begun.add((key, place))
        number = None if begins else counter[place]
        counter[place] = numbering.starts.get(place, numbering.levels[place].start) if number is None else number + 1
        for above in range(place):
            if counter[above] is None and above in numbering.levels:
                counter[above] = numbering.levels[above].start
        counter[place + 1 :] = [None] * (_LEVELS - place - 1)


def _printed(counter: list[int | None], levels: dict[int, _Level], place: int) -> str:
    def number(match: re.Match[str]) -> str:
        at = int(match[1]) - 1
        count, form = counter[at], levels[at].form if at in levels else "decimal"
        return "" if count is None else ordinal(count, "decimal" if levels[place].legal else form)

    return " ".join(clean_characters(_PLACE.sub(number, levels[place].text)).split())


def _levels(root: etree._Element) -> dict[int, _Level]:
    found = {}
    for one in root.iter(f"{W}lvl"):
        start, legal = value(one.find(f"{W}start")), one.find(f"{W}isLgl")
        found[_digit(one.get(f"{W}ilvl", ""))] = _Level(
            form=value(one.find(f"{W}numFmt")) or "decimal",
            text=value(one.find(f"{W}lvlText")),
            start=int(start) if start.isdecimal() else 0,
            style=value(one.find(f"{W}pStyle")),
            legal=legal is not None and is_on(legal),
        )
    return found


def _digit(text: str) -> int:
    return int(text) if text in tuple("012345678") else 0
