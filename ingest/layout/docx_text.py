"""The text of one paragraph of a DOCX as it is printed, and what of it is not to be seen."""

from __future__ import annotations

from collections.abc import Container, Iterator
from dataclasses import dataclass, field

from lxml import etree

from ingest.layout.docx_styles import Styles, W, value
from ingest.layout.lines import squash
from ingest.layout.web_frame import MIN_POINTS

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
