"""What the styles of a DOCX say of its paragraphs: headings, weight, hidden text, automatic numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
CONTENTS = re.compile(r"(?:toc|verzeichnis|table of figures|abbildungsverzeichnis)\s*\d*", re.IGNORECASE)
BULLETS = re.compile(r"(?:list bullet|aufzählungszeichen)\s*\d?", re.IGNORECASE)
TITLE = re.compile(r"title|titel", re.IGNORECASE)
SUBTITLE = re.compile(r"subtitle|untertitel", re.IGNORECASE)
_HEADING = re.compile(r"(?:heading|überschrift|ueberschrift|berschrift)\s*([1-9])", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Style:
    """One style as the file has it; `properties` are those of its paragraphs and runs."""

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
        properties = paragraph.find(f"{W}pPr")
        named = properties.find(f"{W}pStyle") if properties is not None else None
        return value(named) or self._default

    def level(self, paragraph: etree._Element) -> int:
        """Return the level of a heading from 1, 0 for other paragraphs."""
        for _, element in self._settings(paragraph, "outlineLvl"):
            number = value(element)
            return int(number) + 1 if number in tuple("012345678") else 0
        named = (_HEADING.fullmatch(style.name) for style in self._chain(self.of_paragraph(paragraph)))
        return next((int(match[1]) for match in named if match), 0)

    def is_named(self, paragraph: etree._Element, name: re.Pattern[str]) -> bool:
        """Whether a paragraph's style, or one that it is based on, has such a name."""
        return any(name.fullmatch(style.name) for style in self._chain(self.of_paragraph(paragraph)))

    def numbering(self, paragraph: etree._Element) -> tuple[str, int | None, str]:
        """Return id of the numbering, level from 0 where it is said, and the style that says so; "" without one."""
        key, level = "", None
        for style, element in self._settings(paragraph, "numPr"):
            said = value(element.find(f"{W}ilvl"))
            level = int(said) if level is None and said in tuple("012345678") else level
            key = value(element.find(f"{W}numId"))
            if key:
                return ("" if key == "0" else key), level, style
        return "", None, ""

    def on(self, name: str, run: etree._Element | None, paragraph_style: str) -> bool:
        """Whether a property such as `vanish` or `b` holds for a run: said by itself, its style or its paragraph's."""
        properties = run.find(f"{W}rPr") if run is not None else None
        if properties is not None:
            if (own := properties.find(f"{W}{name}")) is not None:
                return is_on(own)
            said = self._said(name, value(properties.find(f"{W}rStyle")))
            if said is not None:
                return said
        return bool(self._said(name, paragraph_style))

    def _said(self, name: str, key: str) -> bool | None:
        for style in self._chain(key):
            if style.run is not None and (element := style.run.find(f"{W}{name}")) is not None:
                return is_on(element)
        return None

    def _settings(self, paragraph: etree._Element, name: str) -> Iterator[tuple[str, etree._Element]]:
        """Yield a property of a paragraph, its own before its styles', each with the style's id."""
        properties = paragraph.find(f"{W}pPr")
        if properties is not None and (own := properties.find(f"{W}{name}")) is not None:
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


def value(element: etree._Element | None) -> str:
    """Return an element's `w:val`, "" without one."""
    return "" if element is None else element.get(f"{W}val", "")


def is_on(element: etree._Element) -> bool:
    """Whether a switch is on: it is where it is written without a value."""
    return element.get(f"{W}val", "1").lower() not in ("0", "false", "off", "none")
