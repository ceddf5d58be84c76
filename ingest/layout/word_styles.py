"""What the styles of a Word file set for a paragraph, and the automatic numbers that no text of the file has."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from lxml import etree

from ingest.layout.tree import clean_text, format_ordinal

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_BULLETS = re.compile(r"(?:list bullet|aufzählungszeichen)\s*\d?", re.IGNORECASE)
_HEADING = re.compile(r"(?:heading|überschrift|ueberschrift|berschrift)\s*([1-9])", re.IGNORECASE)
_DIGITS = tuple("012345678")
_PLACE = re.compile(r"%([1-9])")
_LEVELS = 9


def get_value(element: etree._Element | None) -> str:
    """Return an element's `w:val`, "" without one."""
    return "" if element is None else element.get(f"{W}val", "")


def is_on(element: etree._Element) -> bool:
    """True if a switch is on: it is where it is written without a value."""
    return element.get(f"{W}val", "1").lower() not in ("0", "false", "off", "none")


class Styles:
    """The styles of one document, each with what it inherits."""

    def __init__(self, root: etree._Element | None) -> None:
        self._styles: dict[str, etree._Element] = {}
        self._default = ""
        for style in root.iter(f"{W}style") if root is not None else ():
            key = style.get(f"{W}styleId", "")
            self._styles[key] = style
            if style.get(f"{W}type") == "paragraph" and style.get(f"{W}default") in ("1", "true", "on"):
                self._default = key

    def get_style(self, paragraph: etree._Element) -> str:
        """Return the id of a paragraph's style."""
        return get_value(paragraph.find(f"{W}pPr/{W}pStyle")) or self._default

    def find_level(self, paragraph: etree._Element) -> int:
        """Return the level of a heading from 1, 0 for other paragraphs."""
        for _, element in self._find_settings(paragraph, "outlineLvl"):
            number = get_value(element)
            return int(number) + 1 if number in _DIGITS else 0
        matches = (_HEADING.fullmatch(name) for name in self._names(paragraph))
        return next((int(match[1]) for match in matches if match), 0)

    def is_named(self, paragraph: etree._Element, name: re.Pattern[str]) -> bool:
        """True if a paragraph's style, or one that it is based on, has such a name."""
        return any(map(name.fullmatch, self._names(paragraph)))

    def is_bullet(self, paragraph: etree._Element) -> bool:
        """True if a paragraph's style is one for bullets."""
        return self.is_named(paragraph, _BULLETS)

    def find_numbering(self, paragraph: etree._Element) -> tuple[str, int | None, str]:
        """Return id of the numbering, level from 0 where it is set, and the style that sets it; "" without one."""
        level = None
        for style, element in self._find_settings(paragraph, "numPr"):
            number = get_value(element.find(f"{W}ilvl"))
            level = int(number) if level is None and number in _DIGITS else level
            if key := get_value(element.find(f"{W}numId")):
                return ("" if key == "0" else key), level, style
        return "", None, ""

    def is_set(self, name: str, run: etree._Element, paragraph_style: str) -> bool:
        """True if a run has a property such as `vanish` or `b`: by itself, its style or its paragraph's style."""
        properties = run.find(f"{W}rPr")
        if properties is not None:
            if (own := properties.find(f"{W}{name}")) is not None:
                return is_on(own)
            if (switch := self._find_switch(name, get_value(properties.find(f"{W}rStyle")))) is not None:
                return switch
        return bool(self._find_switch(name, paragraph_style))

    def _find_switch(self, name: str, key: str) -> bool | None:
        found = (style.find(f"{W}rPr/{W}{name}") for _, style in self._chain(key))
        return next((is_on(element) for element in found if element is not None), None)

    def _find_settings(self, paragraph: etree._Element, name: str) -> Iterator[tuple[str, etree._Element]]:
        """Yield a property of a paragraph: its own (""), then those of its style and of what that is based on."""
        if (own := paragraph.find(f"{W}pPr/{W}{name}")) is not None:
            yield "", own
        for key, style in self._chain(self.get_style(paragraph)):
            if (element := style.find(f"{W}pPr/{W}{name}")) is not None:
                yield key, element

    def _names(self, paragraph: etree._Element) -> Iterator[str]:
        for key, style in self._chain(self.get_style(paragraph)):
            yield get_value(style.find(f"{W}name")) or key

    def _chain(self, key: str) -> Iterator[tuple[str, etree._Element]]:
        """Yield a style and those it is based on, each with its id; a circle ends."""
        seen: set[str] = set()
        while key in self._styles and key not in seen:
            seen.add(key)
            yield key, self._styles[key]
            key = get_value(self._styles[key].find(f"{W}basedOn"))


class _Level(NamedTuple):
    """How one level is numbered; `legal` prints those above in digits."""

    form: str
    text: str
    start: int
    style: str
    legal: bool


class _Numbering(NamedTuple):
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
        levels = {
            definition.get(f"{W}abstractNumId", ""): {_get_place(x): _read_level(x) for x in definition.iter(f"{W}lvl")}
            for definition in root.iter(f"{W}abstractNum")
        }
        for number in root.iter(f"{W}num"):
            key = get_value(number.find(f"{W}abstractNumId"))
            again = {_get_place(x): get_value(x.find(f"{W}startOverride")) for x in number.iter(f"{W}lvlOverride")}
            starts = {place: int(start) for place, start in again.items() if start.isdecimal()}
            self._lists[number.get(f"{W}numId", "")] = _Numbering(key, levels.get(key, {}), starts)

    def next_mark(self, paragraph: etree._Element) -> str | None:
        """Return what is printed before a paragraph: "" for a bullet, None for nothing."""
        key, set_level, style = self._styles.find_numbering(paragraph)
        numbering = self._lists.get(key)
        if numbering is None:
            return None if key or not self._styles.is_bullet(paragraph) else ""
        named = (place for place, level in numbering.levels.items() if style and level.style == style)
        place = next(named, set_level or 0)
        level = numbering.levels.get(place)
        if level is None:
            return None
        counter = self._counters.setdefault(numbering.definition, [None] * _LEVELS)
        self._count(counter, numbering, place, key)
        return "" if level.form == "bullet" else _format_mark(counter, numbering.levels, place) or None

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


def _read_level(element: etree._Element) -> _Level:
    start, legal = get_value(element.find(f"{W}start")), element.find(f"{W}isLgl")
    return _Level(
        form=get_value(element.find(f"{W}numFmt")) or "decimal",
        text=get_value(element.find(f"{W}lvlText")),
        start=int(start) if start.isdecimal() else 0,
        style=get_value(element.find(f"{W}pStyle")),
        legal=legal is not None and is_on(legal),
    )


def _format_mark(counter: list[int | None], levels: dict[int, _Level], place: int) -> str:
    def format_number(match: re.Match[str]) -> str:
        at = int(match[1]) - 1
        count, form = counter[at], levels[at].form if at in levels else "decimal"
        return "" if count is None else format_ordinal(count, "decimal" if levels[place].legal else form)

    return clean_text(_PLACE.sub(format_number, levels[place].text))


def _get_place(element: etree._Element) -> int:
    return int(number) if (number := element.get(f"{W}ilvl", "")) in _DIGITS else 0
