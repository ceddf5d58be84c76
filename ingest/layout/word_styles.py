"""What the styles of a Word file say of a paragraph, and the automatic numbers that no text of the file holds."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from ingest.layout.lines import clean_characters
from ingest.layout.tree import ordinal

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
BULLETS = re.compile(r"(?:list bullet|aufzählungszeichen)\s*\d?", re.IGNORECASE)
_HEADING = re.compile(r"(?:heading|überschrift|ueberschrift|berschrift)\s*([1-9])", re.IGNORECASE)
_DIGITS = tuple("012345678")
_PLACE = re.compile(r"%([1-9])")
_LEVELS = 9


def value(element: etree._Element | None) -> str:
    """Return an element's `w:val`, "" without one."""
    return "" if element is None else element.get(f"{W}val", "")


def is_on(element: etree._Element) -> bool:
    """Whether a switch is on: it is where it is written without a value."""
    return element.get(f"{W}val", "1").lower() not in ("0", "false", "off", "none")


@dataclass(frozen=True, slots=True)
class _Style:
    """One style; `paragraph` and `run` are its properties of paragraphs and runs."""

    name: str
    parent: str
    paragraph: etree._Element | None
    run: etree._Element | None


class Styles:
    """The styles of one document, each with what it inherits."""

    def __init__(self, root: etree._Element | None) -> None:
        self._styles: dict[str, _Style] = {}
        self._default = ""
        for one in root.iter(f"{W}style") if root is not None else ():
            key = one.get(f"{W}styleId", "")
            name = value(one.find(f"{W}name")) or key
            self._styles[key] = _Style(name, value(one.find(f"{W}basedOn")), one.find(f"{W}pPr"), one.find(f"{W}rPr"))
            if one.get(f"{W}type") == "paragraph" and one.get(f"{W}default") in ("1", "true", "on"):
                self._default = key

    def of_paragraph(self, paragraph: etree._Element) -> str:
        """Return the id of a paragraph's style."""
        return value(paragraph.find(f"{W}pPr/{W}pStyle")) or self._default

    def level(self, paragraph: etree._Element) -> int:
        """Return the level of a heading from 1, 0 for other paragraphs."""
        for _, element in self._settings(paragraph, "outlineLvl"):
            number = value(element)
            return int(number) + 1 if number in _DIGITS else 0
        named = (_HEADING.fullmatch(style.name) for style in self._chain(self.of_paragraph(paragraph)))
        return next((int(match[1]) for match in named if match), 0)

    def is_named(self, paragraph: etree._Element, name: re.Pattern[str]) -> bool:
        """Whether a paragraph's style, or one that it is based on, has such a name."""
        return any(name.fullmatch(style.name) for style in self._chain(self.of_paragraph(paragraph)))

    def numbering(self, paragraph: etree._Element) -> tuple[str, int | None, str]:
        """Return id of the numbering, level from 0 where it is said, and the style that says so; "" without one."""
        level = None
        for style, element in self._settings(paragraph, "numPr"):
            said = value(element.find(f"{W}ilvl"))
            level = int(said) if level is None and said in _DIGITS else level
            if key := value(element.find(f"{W}numId")):
                return ("" if key == "0" else key), level, style
        return "", None, ""

    def on(self, name: str, run: etree._Element, paragraph_style: str) -> bool:
        """Whether a property such as `vanish` or `b` holds for a run: said by itself, its style or its paragraph's."""
        properties = run.find(f"{W}rPr")
        if properties is not None:
            if (own := properties.find(f"{W}{name}")) is not None:
                return is_on(own)
            if (said := self._said(name, value(properties.find(f"{W}rStyle")))) is not None:
                return said
        return bool(self._said(name, paragraph_style))

    def _said(self, name: str, key: str) -> bool | None:
        for style in self._chain(key):
            if style.run is not None and (element := style.run.find(f"{W}{name}")) is not None:
                return is_on(element)
        return None

    def _settings(self, paragraph: etree._Element, name: str) -> Iterator[tuple[str, etree._Element]]:
        """Yield a property of a paragraph, its own before its styles', each with the paragraph's style ("" for own)."""
        if (own := paragraph.find(f"{W}pPr/{W}{name}")) is not None:
            yield "", own
        key = self.of_paragraph(paragraph)
        for style in self._chain(key):
            if style.paragraph is not None and (element := style.paragraph.find(f"{W}{name}")) is not None:
                yield key, element
            key = style.parent

    def _chain(self, key: str) -> Iterator[_Style]:
        """Yield a style and those it is based on; a circle ends."""
        seen: set[str] = set()
        while key in self._styles and key not in seen:
            seen.add(key)
            yield self._styles[key]
            key = self._styles[key].parent


@dataclass(frozen=True, slots=True)
class _Level:
    """How one level is numbered; `legal` prints those above in digits."""

    form: str
    text: str
    start: int
    style: str
    legal: bool

    @classmethod
    def of(cls, one: etree._Element) -> _Level:
        start, legal = value(one.find(f"{W}start")), one.find(f"{W}isLgl")
        return cls(
            form=value(one.find(f"{W}numFmt")) or "decimal",
            text=value(one.find(f"{W}lvlText")),
            start=int(start) if start.isdecimal() else 0,
            style=value(one.find(f"{W}pStyle")),
            legal=legal is not None and is_on(legal),
        )


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
        levels = {
            one.get(f"{W}abstractNumId", ""): {_place(level): _Level.of(level) for level in one.iter(f"{W}lvl")}
            for one in root.iter(f"{W}abstractNum")
        }
        for one in root.iter(f"{W}num"):
            definition = value(one.find(f"{W}abstractNumId"))
            again = {_place(new): value(new.find(f"{W}startOverride")) for new in one.iter(f"{W}lvlOverride")}
            starts = {place: int(start) for place, start in again.items() if start.isdecimal()}
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


def _place(element: etree._Element) -> int:
    return int(said) if (said := element.get(f"{W}ilvl", "")) in _DIGITS else 0
