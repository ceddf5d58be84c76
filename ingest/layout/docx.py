"""Lines from Word files (DOCX): what they print is brought into a tree of HTML elements and read as a page is."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections import Counter
from collections.abc import Container, Iterator, Sequence
from typing import Any

import docx
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.exceptions import OpcError
from docx.oxml.parser import parse_xml
from lxml import etree

from ingest.errors import Reason, Rejected
from ingest.layout.frame import MIN_POINTS
from ingest.layout.lines import RawDocument, count_invisible, letters, squash
from ingest.layout.tree import ordinal, plain_text, tree_lines
from ingest.layout.word_styles import Numbers, Styles, W, value
from ingest.limits import ReadingLimits
from prompts import say

MOST_MEMBERS = 5_000
MOST_BYTES = 300_000_000  # unpacked; a report with pictures has 50 MB, nearly as much packed
MOST_RATIO = 250  # unpacked to packed; text of the same rows again and again reaches some 60, an archive bomb 1,000
_SMALL = 2_000_000  # bytes up to which a member may be packed as tightly as it likes
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_DOCTYPE = b"<!DOCTYPE"
_MACROS = re.compile(rb"macroEnabled", re.IGNORECASE)
_ERRORS = (
    OpcError, etree.LxmlError, zipfile.BadZipFile, KeyError, ValueError, TypeError, AttributeError, IndexError,
    NotImplementedError, RuntimeError, OSError, zlib.error, EOFError, RecursionError,
)  # fmt: skip

_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
_MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_CHOICES = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_CONTENTS = re.compile(r"(?:toc|verzeichnis|table of figures|abbildungsverzeichnis)\s*\d*", re.IGNORECASE)
_TITLE = re.compile(r"title|titel", re.IGNORECASE)
_SUBTITLE = re.compile(r"subtitle|untertitel", re.IGNORECASE)
_TEXTS = {f"{W}t", f"{W}delText", f"{_MATH}t"}
_DELETED = {f"{W}del", f"{W}moveFrom"}
_SIGNS = {f"{W}tab": "tab", f"{W}ptab": "tab", f"{W}br": "br", f"{W}cr": "br"}
_NOTES = {f"{W}footnoteReference": "footnotes", f"{W}endnoteReference": "endnotes"}
_HIDDEN = {"hidden": ""}
_ASIDE = {f"{W}pPr", f"{W}rPr", f"{W}sdtPr", f"{W}sdtEndPr"}
# Signs of the symbol fonts that people put into forms and lists, as the characters that look alike.
_SYMBOLS = {
    0xFC: "✓", 0xFB: "✗", 0xFE: "☑", 0xFD: "☒", 0xA8: "☐", 0x6F: "☐", 0x78: "☒", 0xD8: "➢", 0xB7: "•", 0xA7: "▪",
    0xE0: "→", 0xE8: "→", 0x6C: "●", 0x6E: "■", 0x76: "❖",
}  # fmt: skip


def read_docx(data: bytes, limits: ReadingLimits) -> RawDocument:
    """Read a Word file's bytes; where its pages end is not known, so it has none.

    Headers and footers are furniture, notes stand aside; deleted text, comments and hidden runs are counted as hidden.
    Nothing outside the file is looked at. Raises Rejected for files that are encrypted, damaged, packed too tightly,
    hold macros or document types, or no text.
    """
    with _opened(data) as archive:
        try:
            _check_parts(archive)
            opened = docx.Document(io.BytesIO(data))
            for part in opened.part.package.iter_parts():
                _untyped(getattr(part, "element", None))
            raw = _Story(opened.part).read(limits)
            raw.properties = _properties(opened)
        except _ERRORS as error:
            raise Rejected(say("layout.damaged", name="DOCX")) from error
    if sum(count for char, count in raw.shown.items() if char.isalpha()) < 20:
        raise Rejected(say("reading.no_text"), Reason.NO_TEXT)
    return raw


# Whether it may be unpacked, seen from its list of contents: what is read of a member is never more than that says


def _opened(data: bytes) -> zipfile.ZipFile:
    """Return the archive that a Word file is; compound files are what Office encrypts, and the formats before 2007."""
    if data.startswith(_OLE):
        encrypted = _ENCRYPTED in data
        code = Reason.ENCRYPTED if encrypted else Reason.UNSUPPORTED
        raise Rejected(say("layout.encrypted" if encrypted else "layout.old_office", name="DOCX"), code)
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise Rejected(say("layout.damaged", name="DOCX")) from error
    members = archive.infolist()
    if any(member.flag_bits & 0x1 for member in members):
        raise Rejected(say("layout.encrypted", name="DOCX"), Reason.ENCRYPTED)
    if len(members) > MOST_MEMBERS:
        raise Rejected(say("layout.too_many_parts", name="DOCX", most=MOST_MEMBERS), Reason.ARCHIVE)
    if sum(member.file_size for member in members) > MOST_BYTES:
        raise Rejected(say("layout.too_large", name="DOCX", most=MOST_BYTES // 1_000_000), Reason.ARCHIVE)
    if any(one.file_size > max(_SMALL, MOST_RATIO * one.compress_size) for one in members):
        raise Rejected(say("layout.packed_too_tightly", name="DOCX"), Reason.ARCHIVE)
    if len({member.filename for member in members}) < len(members):
        raise Rejected(say("layout.part_twice", name="DOCX"), Reason.DAMAGED)
    return archive


def _check_parts(archive: zipfile.ZipFile) -> None:
    """Refuse macros, and document types (in UTF-16 too), which could open files or grow without end."""
    names = archive.namelist()
    if any(name.lower().endswith("vbaproject.bin") for name in names) or _MACROS.search(
        archive.read("[Content_Types].xml")
    ):
        raise Rejected(say("layout.macros"), Reason.MACROS)
    for name in names:
        if name.lower().endswith((".xml", ".rels")) and _DOCTYPE in archive.read(name).replace(
            b"\0", b""
        ):  # UTF-16 too
            raise Rejected(say("layout.document_type"), Reason.ARCHIVE)


def _untyped(root: etree._Element | None) -> None:
    """Refuse a document type in a part, however it is called and encoded; no entity of it was resolved."""
    if root is not None and root.getroottree().docinfo.internalDTD is not None:
        raise Rejected(say("layout.document_type"), Reason.ARCHIVE)


def _properties(opened: Any) -> dict[str, str]:
    """Return what the file says of itself, as far as it says anything."""
    try:
        opened.part.package.part_related_by(RELATIONSHIP_TYPE.CORE_PROPERTIES)
    except KeyError:
        return {}
    core = opened.core_properties
    date = core.created or core.modified
    found = {"title": core.title, "author": core.author, "language": core.language.lower()}
    found["date"] = date.date().isoformat() if date else ""
    return {key: plain_text(said)[:500] for key, said in found.items() if said.strip()}


class _Story:
    """Brings all that one Word file prints into one tree: headers, text, footers, notes."""

    def __init__(self, part: Any) -> None:
        self._part = part
        self._styles = Styles(next(self._roots(RELATIONSHIP_TYPE.STYLES), None))
        self._numbers = Numbers(next(self._roots(RELATIONSHIP_TYPE.NUMBERING), None), self._styles)
        self._notes: list[tuple[str, str]] = []
        self._tree = etree.Element("html")

    def read(self, limits: ReadingLimits) -> RawDocument:
        """Return all lines."""
        body = self._part.element.body
        self._frame(RELATIONSHIP_TYPE.HEADER)
        text = etree.SubElement(self._tree, "div")
        self._blocks(body, text, self._part.element.find(f"{W}background") is None)
        _crown(text)
        self._frame(RELATIONSHIP_TYPE.FOOTER)
        self._asides()
        for comments in self._roots(RELATIONSHIP_TYPE.COMMENTS):
            self._hide(self._tree, comments)
        lines, shown, hidden = tree_lines(self._tree, True, limits)
        raw = RawDocument(lines, shown=letters(shown), framed=True)
        raw.hidden = +Counter({0: hidden + count_invisible(shown)})
        if next(_within(body, {f"{W}altChunk"}), None) is not None:
            raw.warnings.append(say("layout.embedded"))
        return raw

    def _blocks(self, root: etree._Element, into: etree._Element, plain: bool) -> None:
        """Add the paragraphs and tables of an element; letters of white are not to be seen on a `plain` ground."""
        for block in _within(root, {f"{W}p", f"{W}tbl"}):
            if block.tag == f"{W}tbl":
                self._table(block, etree.SubElement(into, "table"))
            else:
                self._paragraph(block, into, plain and block.find(f"{W}pPr/{W}shd") is None)

    def _paragraph(self, paragraph: etree._Element, into: etree._Element, plain: bool) -> None:
        level, style = self._styles.level(paragraph), self._styles.of_paragraph(paragraph)
        is_title = not level and self._styles.is_named(paragraph, _TITLE)
        heavy = level > 0 or is_title or self._styles.is_named(paragraph, _SUBTITLE)
        in_line = level > 0 or self._styles.is_named(paragraph, _CONTENTS)  # tabs are blanks there
        block = etree.SubElement(into, "p", {"role": "heading", "aria-level": str(level)} if level else {})
        boxes: list[etree._Element] = []
        seen = bold = False
        walker = etree.iterwalk(paragraph, events=("start",))
        for _, element in walker:
            tag = element.tag
            if tag == f"{W}r":
                seen, bold = self._is_seen(element, style, plain), heavy or self._styles.on("b", element, style)
            elif tag in _DELETED:
                self._hide(block, element)
                walker.skip_subtree()
            elif tag == f"{W}txbxContent":
                boxes.append(element)
                walker.skip_subtree()
            elif tag in _ASIDE or _is_repeated(element):
                walker.skip_subtree()
            elif tag in _NOTES:
                self._notes.append((_NOTES[tag], element.get(f"{W}id", "")))
            elif tag in _SIGNS and not (in_line and _SIGNS[tag] == "tab"):
                etree.SubElement(block, _SIGNS[tag])
            elif text := " " if tag in _SIGNS else _text(element):
                etree.SubElement(block, ("b" if bold else "i") if seen else "s", {} if seen else _HIDDEN).text = text
        self._finish(paragraph, block, level, is_title)
        for box in boxes:
            self._blocks(box, into, False)

    def _finish(self, paragraph: etree._Element, block: etree._Element, level: int, is_title: bool) -> None:
        """Put the automatic number before a paragraph's text, or make it a point; mark a title."""
        said = [one for one in block if one.tag in ("b", "i") and (one.text or "").strip()]
        if not said and block.find("s") is not None:
            return
        mark = self._numbers.before(paragraph)
        if said and is_title:
            block.set("class", "title")
        if said and mark:
            said[0].text = f"{mark} {said[0].text}"
        elif mark == "" and not level:
            block.tag = "li"

    def _table(self, table: etree._Element, into: etree._Element) -> None:
        """Add the cells of a table; what goes on from the row above is one cell."""
        hanging: dict[int, etree._Element] = {}
        for row in _within(table, {f"{W}tr"}):
            line = etree.SubElement(into, "tr")
            column = _count(row.find(f"{W}trPr/{W}gridBefore"), 0)
            if column:
                etree.SubElement(line, "td", colspan=str(column))
            above, hanging = hanging, {}
            for element in _within(row, {f"{W}tc"}):
                across = _count(element.find(f"{W}tcPr/{W}gridSpan"), 1)
                merge = element.find(f"{W}tcPr/{W}vMerge")
                if merge is not None and value(merge) != "restart" and column in above:
                    cell = above[column]
                    cell.set("rowspan", str(int(cell.get("rowspan", "1")) + 1))
                else:
                    cell = etree.SubElement(line, "td", colspan=str(across))
                if merge is not None:
                    hanging[column] = cell
                self._blocks(element, cell, False)
                column += across

    def _frame(self, kind: str) -> None:
        """Add all headers or footers."""
        for root in self._roots(kind):
            self._blocks(root, etree.SubElement(self._tree, "div", role="banner"), False)

    def _asides(self) -> None:
        """Add the notes in the order of their numbers; what no number refers to is not printed."""
        for kind, form in (("footnotes", "decimal"), ("endnotes", "lowerRoman")):
            known = {one.get(f"{W}id", ""): one for root in self._roots(f"{_RELATIONS}{kind}") for one in root}
            wanted = list(dict.fromkeys(key for where, key in self._notes if where == kind and key in known))
            for number, key in enumerate(wanted, 1):
                note = etree.SubElement(self._tree, "div", role="note")
                self._blocks(known.pop(key), note, False)
                if (first := next(note.iter("b", "i"), None)) is not None:
                    first.text = f"{ordinal(number, form)} {first.text}"
            for unused in known.values():
                self._hide(self._tree, unused)

    def _hide(self, into: etree._Element, root: etree._Element) -> None:
        texts = "".join(squash(one.text or "") for one in root.iter(*_TEXTS))
        etree.SubElement(into, "s", _HIDDEN).text = texts

    def _is_seen(self, run: etree._Element, style: str, plain: bool) -> bool:
        """Whether a run is to be seen: not hidden, not white on white, not too small to read."""
        if self._styles.on("vanish", run, style):
            return False
        properties = run.find(f"{W}rPr")
        if properties is None:
            return True
        size = value(properties.find(f"{W}sz"))
        if size.isdecimal() and int(size) / 2 < MIN_POINTS:
            return False
        grounded = any(properties.find(f"{W}{name}") is not None for name in ("shd", "highlight"))
        return not plain or grounded or value(properties.find(f"{W}color")).upper() != "FFFFFF"

    def _roots(self, kind: str) -> Iterator[etree._Element]:
        """Yield the XML of the parts that the text refers to in this way; those outside the file are never fetched."""
        for relation in self._part.rels.values():
            if relation.reltype == kind and not relation.is_external:
                part = relation.target_part
                root = part.element if hasattr(part, "element") else parse_xml(part.blob)
                _untyped(root)
                yield root


def _crown(text: etree._Element) -> None:
    """Make the title the one heading of the first level, as in other formats, where the file calls one paragraph so."""
    marked: Sequence[etree._Element] = text.xpath(".//*[@class='title' or @aria-level]")
    titles = [one for one in marked if one.get("class")]
    if len(titles) != 1 or marked[0] is not titles[0]:
        return
    for one in marked:
        one.set("role", "heading")
        one.set("aria-level", str(min(int(one.get("aria-level", "0")) + 1, 9)))


def _within(root: etree._Element, wanted: Container[str]) -> Iterator[etree._Element]:
    """Yield the outermost elements of these names within a root, in order."""
    walker = etree.iterwalk(root, events=("start",))
    for _, element in walker:
        if element is not root and (element.tag in wanted or element.tag in _ASIDE or _is_repeated(element)):
            if element.tag in wanted:
                yield element
            walker.skip_subtree()


def _is_repeated(element: etree._Element) -> bool:
    """Whether an element says the same again for programs that do not understand the one before."""
    return element.tag == f"{_CHOICES}Fallback" and element.getparent().find(f"{_CHOICES}Choice") is not None


def _text(element: etree._Element) -> str:
    if element.tag in _TEXTS:
        return element.text or ""
    if element.tag == f"{W}noBreakHyphen":
        return "-"
    if element.tag != f"{W}sym":
        return ""
    try:
        return _SYMBOLS.get(int(element.get(f"{W}char", ""), 16) & 0xFF, "")
    except ValueError:
        return ""


def _count(element: etree._Element | None, otherwise: int) -> int:
    said = value(element)
    return min(int(said), 1_000) if said.isdecimal() else otherwise
