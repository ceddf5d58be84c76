"""Lines from Word files (DOCX): paragraphs, lists and tables in their order, automatic numbers computed."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from typing import Any

import docx
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.exceptions import OpcError
from docx.oxml.parser import parse_xml
from lxml import etree

from ingest.errors import Reason, Rejected
from ingest.layout.archives import open_archive
from ingest.layout.docx_numbers import Numbers
from ingest.layout.docx_text import (
    CONTENTS,
    SUBTITLE,
    TITLE,
    Printed,
    Styles,
    W,
    printed,
    shown_in,
    texts_in,
    value,
    within,
)
from ingest.layout.grids import GridCell, table_lines
from ingest.layout.lines import Line, RawDocument, bold_lead, clean_characters, count_invisible, letters, split_bullet
from ingest.layout.ordinals import ordinal
from ingest.limits import ReadingLimits
from prompts import say

_DOCTYPE = b"<!DOCTYPE"
_MACROS = re.compile(rb"macroEnabled", re.IGNORECASE)
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
_TABS = re.compile(r"[ ]*\t[\t ]*")
_ERRORS = (
    OpcError, etree.LxmlError, zipfile.BadZipFile, KeyError, ValueError, TypeError, AttributeError, IndexError,
    NotImplementedError, RuntimeError, OSError, zlib.error, EOFError, RecursionError,
)  # fmt: skip


def read_docx(data: bytes, limits: ReadingLimits) -> RawDocument:
    """Read a Word file's bytes; where its pages end is not known, so it has none.

    Headers and footers are furniture, notes stand aside; deleted text, comments and hidden runs are counted as hidden.
    Nothing outside the file is looked at. Raises Rejected for files that are encrypted, damaged, packed too tightly,
    hold macros or document types, or no text.
    """
    with open_archive(data, "DOCX") as archive:
        try:
            _check(archive)
            opened = docx.Document(io.BytesIO(data))
            for part in opened.part.package.iter_parts():
                _untyped(getattr(part, "element", None))
            raw = _Story(opened.part, limits).read()
            raw.properties = _properties(opened)
        except _ERRORS as error:
            raise Rejected(say("layout.damaged", name="DOCX")) from error
    if sum(count for char, count in raw.shown.items() if char.isalpha()) < 20:
        raise Rejected(say("reading.no_text"), Reason.NO_TEXT)
    return raw


def _check(archive: zipfile.ZipFile) -> None:
    """Refuse macros, and document types, which could have an XML reader open files or grow without end."""
    names = archive.namelist()
    if any(name.lower().endswith("vbaproject.bin") for name in names) or _MACROS.search(_types(archive)):
        raise Rejected(say("layout.macros"), Reason.MACROS)
    for name in names:
        if name.lower().endswith((".xml", ".rels")):
            content = archive.read(name)
            if _DOCTYPE in content.replace(b"\0", b""):  # of UTF-16 and UCS-4
                raise Rejected(say("layout.document_type"), Reason.ARCHIVE)


def _untyped(root: etree._Element | None) -> None:
    """Refuse a document type in a part, however it is called and encoded; no entity of it was resolved."""
    if root is not None and root.getroottree().docinfo.internalDTD is not None:
        raise Rejected(say("layout.document_type"), Reason.ARCHIVE)


def _types(archive: zipfile.ZipFile) -> bytes:
    return archive.read("[Content_Types].xml")


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
    return {key: " ".join(clean_characters(said).split())[:500] for key, said in found.items() if said.strip()}


class _Story:
    """Reads all that one Word file prints."""

    def __init__(self, part: Any, limits: ReadingLimits) -> None:
        self._part, self._limits = part, limits
        self._styles = Styles(self._related(RELATIONSHIP_TYPE.STYLES))
        self._numbers = Numbers(self._related(RELATIONSHIP_TYPE.NUMBERING), self._styles)
        self._notes: list[tuple[str, str]] = []
        self._unseen: list[str] = []
        self._titles: list[Line] = []
        self._raw = RawDocument([], framed=True)
        self._plain = part.element.find(f"{W}background") is None

    def read(self) -> RawDocument:
        """Return all lines: headers, text, footers, notes."""
        raw, body = self._raw, self._part.element.body
        heads = list(self._frame(RELATIONSHIP_TYPE.HEADER))
        text = list(self._lines(body, self._plain))
        self._crown(text)
        self._show(body)
        if next(within(body, {f"{W}altChunk"}), None) is not None:
            raw.warnings.append(say("layout.embedded"))
        raw.lines = [*heads, *text, *self._frame(RELATIONSHIP_TYPE.FOOTER), *self._asides()]
        for comments in self._roots(RELATIONSHIP_TYPE.COMMENTS):
            self._hide(texts_in(comments))
        raw.shown -= letters("".join(self._unseen))
        return raw

    def _lines(self, root: etree._Element, plain: bool) -> Iterator[Line]:
        """Yield the lines of the paragraphs and tables in an element."""
        for block in within(root, {f"{W}p", f"{W}tbl"}):
            if block.tag == f"{W}tbl":
                yield from table_lines(self._rows(block), self._limits)
            else:
                yield from self._paragraph(block, plain)

    def _paragraph(self, paragraph: etree._Element, plain: bool) -> Iterator[Line]:
        plain = plain and paragraph.find(f"{W}pPr/{W}shd") is None
        said = printed(paragraph, self._styles, plain)
        self._hide(said.hidden)
        self._unseen.extend(said.unseen)
        self._notes.extend(said.notes)
        if said.text.strip() or not said.hidden:
            yield from self._printed(paragraph, said, self._numbers.before(paragraph))
        for box in said.boxes:
            yield from self._lines(box, False)

    def _printed(self, paragraph: etree._Element, said: Printed, mark: str | None) -> Iterator[Line]:
        """Yield the lines of one paragraph; `mark` is printed before the first."""
        level, contents = self._styles.level(paragraph), self._styles.is_named(paragraph, CONTENTS)
        text = said.text.replace("\n", " ") if level else said.text
        is_title = not level and self._styles.is_named(paragraph, TITLE)
        bold = said.bold or level > 0 or is_title or self._styles.is_named(paragraph, SUBTITLE)
        for piece in text.split("\n"):
            bullet, clean = split_bullet(_TABS.sub("\t", clean_characters(piece).strip()))
            clean = "\t".join(" ".join(part.split()) for part in clean.split("\t"))
            if not clean:
                continue
            cells = tuple(clean.split("\t")) if "\t" in clean and not (level or contents) else None
            line = Line(clean, bold=bold, bullet=bullet, cells=cells, level=level)
            if not bold and piece == text:
                line.lead = bold_lead(said.pieces)
            if mark is not None:
                self._put_before(line, mark)
                mark = None
            if is_title:
                self._titles.append(line)
            yield line

    def _crown(self, text: list[Line]) -> None:
        """Make the title the one heading of the first level, as in other formats, where the file calls one line so."""
        if len(self._titles) != 1 or any(line.level for line in text[: text.index(self._titles[0])]):
            return
        for line in text:
            line.level += line.level > 0
        self._titles[0].level = 1

    def _put_before(self, line: Line, mark: str) -> None:
        """Put an automatic number before a line, or mark it as a point where there is none."""
        line.bullet = line.bullet or (not mark and not line.level)
        if mark:
            line.text = f"{mark} {line.text}"
            line.lead += letters(mark).total() if line.lead else 0
            line.cells = (f"{mark} {line.cells[0]}", *line.cells[1:]) if line.cells else None
            self._raw.shown.update(letters(mark))

    def _rows(self, table: etree._Element) -> list[list[GridCell]]:
        """Return the cells of a table's rows; what goes on from the row above is one cell."""
        rows: list[list[GridCell]] = []
        hanging: dict[int, GridCell] = {}
        for row in within(table, {f"{W}tr"}):
            cells: list[GridCell] = []
            column = _count(row.find(f"{W}trPr/{W}gridBefore"), 0)
            if column:
                cells.append(GridCell(across=column))
            above, hanging = hanging, {}
            for element in within(row, {f"{W}tc"}):
                across = _count(element.find(f"{W}tcPr/{W}gridSpan"), 1)
                merge = element.find(f"{W}tcPr/{W}vMerge")
                lines = list(self._lines(element, False))
                if merge is not None and value(merge) != "restart" and column in above:
                    hanging[column] = above[column]
                    above[column].down += 1
                    above[column].lines.extend(lines)
                else:
                    cells.append(GridCell(lines, across))
                    if merge is not None:
                        hanging[column] = cells[-1]
                column += across
            rows.append(cells)
        return rows

    def _frame(self, kind: str) -> Iterator[Line]:
        """Yield the lines of all headers or footers."""
        for root in self._roots(kind):
            self._show(root)
            for line in self._lines(root, False):
                line.noise = True
                yield line

    def _asides(self) -> Iterator[Line]:
        """Yield the notes in the order of their numbers; what no number refers to is not printed."""
        for kind, form in (("footnotes", "decimal"), ("endnotes", "lowerRoman")):
            known = {one.get(f"{W}id", ""): one for root in self._roots(f"{_RELATIONS}{kind}") for one in root}
            wanted = list(dict.fromkeys(key for where, key in self._notes if where == kind and key in known))
            for number, key in enumerate(wanted, 1):
                self._show(known[key])
                for place, line in enumerate(self._lines(known.pop(key), False)):
                    text = line.text if place else f"{ordinal(number, form)} {line.text}"
                    yield Line(text, aside=True)
            for unused in known.values():
                self._hide(texts_in(unused))

    def _show(self, root: etree._Element) -> None:
        text = "".join(shown_in(root))
        self._raw.shown.update(letters(text))
        if invisible := count_invisible(text):
            self._raw.hidden[0] += invisible

    def _hide(self, texts: list[str]) -> None:
        if size := sum(len("".join(text.split())) for text in texts):
            self._raw.hidden[0] += size

    def _related(self, kind: str) -> etree._Element | None:
        return next(self._roots(kind), None)

    def _roots(self, kind: str) -> Iterator[etree._Element]:
        """Yield the XML of the parts that the text refers to in this way; those outside the file are never fetched."""
        for relation in self._part.rels.values():
            if relation.reltype == kind and not relation.is_external:
                part = relation.target_part
                root = part.element if hasattr(part, "element") else parse_xml(part.blob)
                _untyped(root)
                yield root


def _count(element: etree._Element | None, otherwise: int) -> int:
    said = value(element)
    return min(int(said), 1_000) if said.isdecimal() else otherwise
