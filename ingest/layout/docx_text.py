"""The text of one paragraph of a DOCX as it is printed, what of it is not to be seen, and what its styles say of it."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator
from dataclasses import dataclass, field

from lxml import etree

from ingest.layout.lines import squash
from ingest.layout.web_frame import MIN_POINTS

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


_MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_CHOICES = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_TEXTS = {f"{W}t", f"{W}delText", f"{_MATH}t"}
_DELETED = {f"{W}del", f"{W}moveFrom"}
_SIGNS = {f"{W}tab": "\t", f"{W}ptab": "\t", f"{W}br": "\n", f"{W}cr": "\n", f"{W}noBreakHyphen": "-"}
_NOTES = {f"{W}footnoteReference": "footnotes", f"{W}endnoteReference": "endnotes"}
_ASIDE = {f"{W}pPr", f"{W}rPr", f"{W}sdtPr", f"{W}sdtEndPr"}
# Signs of the symbol fonts that people put into forms and lists, as the characters that look alike.
_SYMBOLS = {
    0xFC: "✓", 0xFB: "✗", 0xFE: "☑", 0xFD: "☒", 0xA8: "☐", 0x6F: "☐", 0x78: "☒", 0xD8: "➢", 0xB7: "•", 0xA7: "▪",
    0xE0: "→", 0xE8: "→", 0x6C: "●", 0x6E: "■", 0x76: "❖",
}  # fmt: skip


@dataclass(slots=True)
class Printed:
    """What a paragraph prints: pieces of text with their weight (tabs and line breaks in them), boxes and notes at it.

    `hidden` are the texts that are not to be seen; `unseen` those of them that stand in runs made invisible.
    """

    pieces: list[tuple[str, bool]] = field(default_factory=list)
    boxes: list[etree._Element] = field(default_factory=list)
    notes: list[tuple[str, str]] = field(default_factory=list)
    hidden: list[str] = field(default_factory=list)
    unseen: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """All pieces."""
        return "".join(text for text, _ in self.pieces)

    @property
    def bold(self) -> bool:
        """Whether all words are bold."""
        return all(bold for text, bold in self.pieces if any(map(str.isalnum, text)))


def printed(paragraph: etree._Element, styles: Styles, plain: bool) -> Printed:
    """Read a paragraph; `plain` says that its ground is white, so that white letters are not to be seen."""
    result = Printed()
    style = styles.of_paragraph(paragraph)
    seen, bold = True, False
    walker = etree.iterwalk(paragraph, events=("start",))
    for _, element in walker:
        tag = element.tag
        if tag == f"{W}r":
            seen, bold = _is_seen(element, styles, style, plain), styles.on("b", element, style)
        elif tag in _DELETED:
            result.hidden.extend(texts_in(element))
            walker.skip_subtree()
        elif tag == f"{W}txbxContent":
            result.boxes.append(element)
            walker.skip_subtree()
        elif tag in _ASIDE or is_repeated(element):
            walker.skip_subtree()
        elif tag in _NOTES:
            result.notes.append((_NOTES[tag], element.get(f"{W}id", "")))
        elif text := _SIGNS.get(tag) or _text(element):
            (result.pieces.append((text, bold)) if seen else result.unseen.append(text))
    result.hidden.extend(result.unseen)
    return result


def within(root: etree._Element, wanted: Container[str]) -> Iterator[etree._Element]:
    """Yield the outermost elements of these names within a root, in order."""
    walker = etree.iterwalk(root, events=("start",))
    for _, element in walker:
        if element is root:
            continue
        if element.tag in wanted:
            yield element
            walker.skip_subtree()
        elif element.tag in _ASIDE or is_repeated(element):
            walker.skip_subtree()


def shown_in(root: etree._Element) -> Iterator[str]:
    """Yield all text that no revision has deleted and that is not there a second time for older programs."""
    walker = etree.iterwalk(root, events=("start",))
    for _, element in walker:
        if element.tag in _DELETED or is_repeated(element):
            walker.skip_subtree()
        elif element.tag in (f"{W}t", f"{_MATH}t"):
            yield element.text or ""


def texts_in(root: etree._Element) -> list[str]:
    """Return all text in an element, deleted or not."""
    return [text for one in root.iter(*_TEXTS) if (text := squash(one.text or ""))]


def is_repeated(element: etree._Element) -> bool:
    """Whether an element says the same again for programs that do not understand the one before."""
    if element.tag != f"{_CHOICES}Fallback":
        return False
    return element.getparent().find(f"{_CHOICES}Choice") is not None


def _text(element: etree._Element) -> str:
    if element.tag in _TEXTS:
        return element.text or ""
    if element.tag != f"{W}sym":
        return ""
    try:
        return _SYMBOLS.get(int(element.get(f"{W}char", ""), 16) & 0xFF, "")
    except ValueError:
        return ""


def _is_seen(run: etree._Element, styles: Styles, style: str, plain: bool) -> bool:
    """Whether a run is to be seen: not hidden, not white on white, not too small to read."""
    if styles.on("vanish", run, style):
        return False
    properties = run.find(f"{W}rPr")
    if properties is None:
        return True
    size = value(properties.find(f"{W}sz"))
    if size.isdecimal() and int(size) / 2 < MIN_POINTS:
        return False
    grounded = any(properties.find(f"{W}{name}") is not None for name in ("shd", "highlight"))
    return not plain or grounded or value(properties.find(f"{W}color")).upper() != "FFFFFF"
