"""Word files (DOCX) as layouts: their printed content becomes a tree of HTML elements, read like a
web page.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Container, Iterator
from dataclasses import replace
from itertools import chain
from typing import Any

import docx
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.exceptions import OpcError
from docx.oxml.parser import parse_xml
from lxml import etree

from ingest.errors import Reason, Rejected
from ingest.layout.archives import PART_ERRORS, open_archive, reject_document_types
from ingest.layout.html_regions import MIN_POINTS
from ingest.layout.list_numbers import parse_number
from ingest.layout.office_tree import (
    RunTag,
    add_hidden_text,
    add_mark,
    add_text,
    heading_attributes,
    printed_parts,
    put_number,
    raise_title,
)
from ingest.layout.text import check_letters
from ingest.layout.tree import read_tree
from ingest.layout.word_styles import Numbers, Styles, W, get_value
from ingest.layout.word_text import collect_text, get_text
from ingest.limits import ReadingLimits
from ingest.stream import Layout
from prompts import say

_MACRO_TYPE = re.compile(rb"macroEnabled", re.IGNORECASE)
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
_MARKUP = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_CONTENTS = re.compile(
    r"(?:toc|verzeichnis|table of figures|abbildungsverzeichnis)\s*\d*", re.IGNORECASE
)
_TITLE = re.compile(r"title|titel", re.IGNORECASE)
_SUBTITLE = re.compile(r"subtitle|untertitel", re.IGNORECASE)
_DELETED_TAGS = {f"{W}del", f"{W}moveFrom"}
# tag in Word → tag in the tree
_BREAK_TAGS = {f"{W}tab": "tab", f"{W}ptab": "tab", f"{W}br": "br", f"{W}cr": "br"}
# tag of the mark of a note → relation of the part that has the notes of its kind
_NOTE_KINDS = {
    f"{W}footnoteReference": f"{_RELATIONS}footnotes",
    f"{W}endnoteReference": f"{_RELATIONS}endnotes",
}
_PROPERTY_TAGS = {f"{W}pPr", f"{W}rPr", f"{W}sdtPr", f"{W}sdtEndPr"}


def read_docx(data: bytes, limits: ReadingLimits) -> Layout:
    """Return the layout of a Word file, which is not divided into pages: the file does not say
    where they end.

    Headers and footers are furniture, notes follow their paragraph, deleted text is struck out,
    comments and hidden runs are hidden. Nothing outside the file is fetched. Raises Rejected for
    files that are unsafe (macros, document types, archive bombs), unreadable or without text.
    """
    with open_archive(data, "DOCX") as archive:
        try:
            _reject_unsafe_parts(archive)
            document = docx.Document(io.BytesIO(data))
            for part in document.part.package.iter_parts():
                _reject_document_type(getattr(part, "element", None))
            layout = _TreeBuilder(document.part).read(limits)
        except (OpcError, *PART_ERRORS) as error:
            raise Rejected(say("layout.damaged", name="DOCX")) from error
    check_letters(layout.shown)
    return layout


def _reject_unsafe_parts(archive: zipfile.ZipFile) -> None:
    """Raise Rejected for macros and document types. A file has macros if it has a part for them, or
    if it names the type of a document with macros, whatever its own name ends with.
    """
    names = archive.namelist()
    has_macros = any(name.lower().endswith("vbaproject.bin") for name in names)
    if has_macros or _MACRO_TYPE.search(archive.read("[Content_Types].xml")):
        raise Rejected(say("layout.macros", name="DOCX"), Reason.MACROS)
    reject_document_types(archive, "DOCX")


def _reject_document_type(root: etree._Element | None) -> None:
    """Raise Rejected for a document type in a part that is parsed already. The check of the archive
    sees only parts of usual name and encoding, this one does not depend on these. The parser has
    resolved no entity.
    """
    if root is not None and root.getroottree().docinfo.internalDTD is not None:
        raise Rejected(say("layout.document_type", name="DOCX"), Reason.ARCHIVE)


class _TreeBuilder:
    """Builds one tree of HTML elements of all that a Word file prints: headers, footers, text,
    notes.
    """

    def __init__(self, part: Any) -> None:
        self._part = part
        self._styles = Styles(next(self._find_roots(RELATIONSHIP_TYPE.STYLES), None))
        self._numbers = Numbers(
            next(self._find_roots(RELATIONSHIP_TYPE.NUMBERING), None), self._styles
        )
        self._notes: dict[tuple[str, str], etree._Element] = {}  # by kind and id
        for kind in _NOTE_KINDS.values():
            # the root of a part has the notes as its children
            for note in chain.from_iterable(self._find_roots(kind)):
                self._notes[kind, note.get(f"{W}id", "")] = note
        self._marked: list[etree._Element] = []  # notes in the order of their marks
        self._tree = etree.Element("html")

    def read(self, limits: ReadingLimits) -> Layout:
        """Build the tree and return its layout.

        Headers and footers get the role "banner", so that they are read as page furniture. Notes
        follow the text in the order of their marks; notes without a mark and comments are not
        printed, and become hidden text. Text of another file that is embedded (`altChunk`) is not
        read: a warning says so.
        """
        body = self._part.element.body
        for kind in (RELATIONSHIP_TYPE.HEADER, RELATIONSHIP_TYPE.FOOTER):
            for root in self._find_roots(kind):
                self._add_blocks(root, etree.SubElement(self._tree, "div", role="banner"))
        text = etree.SubElement(self._tree, "div")
        self._add_blocks(body, text, on_white=self._part.element.find(f"{W}background") is None)
        raise_title(text)
        for number, note in enumerate(self._marked, 1):
            self._add_blocks(note, etree.SubElement(self._tree, "div", id=str(number)))
        for note in self._notes.values():
            add_hidden_text(self._tree, collect_text(note))  # without a mark it is not printed
        for comments in self._find_roots(RELATIONSHIP_TYPE.COMMENTS):
            add_hidden_text(self._tree, collect_text(comments))
        layout = read_tree(self._tree, limits, styled=True)
        if next(_find_outermost(body, {f"{W}altChunk"}), None) is None:
            return layout
        return replace(layout, warnings=(say("layout.embedded"),))

    def _add_blocks(
        self, root: etree._Element, into: etree._Element, *, on_white: bool = False
    ) -> None:
        """Add the paragraphs and tables of an element to `into`. White letters on a white page
        (`on_white`) are hidden. In tables, text boxes and shaded paragraphs they may be seen, so
        they count as visible there.
        """
        for block in _find_outermost(root, {f"{W}p", f"{W}tbl"}):
            if block.tag == f"{W}tbl":
                self._add_table(block, etree.SubElement(into, "table"))
            else:
                has_shade = block.find(f"{W}pPr/{W}shd") is not None
                self._add_paragraph(block, into, on_white and not has_shade)

    def _add_paragraph(
        self, paragraph: etree._Element, into: etree._Element, on_white: bool
    ) -> None:
        """Add a paragraph to `into`, and its text boxes after it. Its runs become elements: `b` for
        bold, `i` for plain, `del` for struck out and `s` for hidden text.

        All of a heading, title or subtitle counts as bold. A tab in a heading, or in a line of the
        table of contents, is a blank; elsewhere it parts the cells of a row. Marks of notes in
        hidden or struck runs are left out.
        """
        level = self._styles.find_level(paragraph)
        style = self._styles.get_style(paragraph)
        is_title = not level and self._styles.is_named(paragraph, _TITLE)
        is_bold = level > 0 or is_title or self._styles.is_named(paragraph, _SUBTITLE)
        is_contents = self._styles.is_named(paragraph, _CONTENTS)
        tabs_are_blanks = level > 0 or is_contents
        block = etree.SubElement(into, "p", heading_attributes(level))
        text_boxes: list[etree._Element] = []
        run_tag: RunTag = "s"  # of the run that the walk is in
        is_raised = False
        walker = etree.iterwalk(paragraph, events=("start",))
        for _, element in walker:
            tag = element.tag
            if tag == f"{W}r":
                run_tag = self._find_tag(element, style, on_white, is_bold)
                is_raised = get_value(element.find(f"{W}rPr/{W}vertAlign")) == "superscript"
            elif tag in _DELETED_TAGS:
                etree.SubElement(block, "del").text = collect_text(element)
                walker.skip_subtree()
            elif tag == f"{W}txbxContent":
                text_boxes.append(element)
                walker.skip_subtree()
            elif tag in _PROPERTY_TAGS or _is_fallback(element):
                walker.skip_subtree()
            elif tag in _NOTE_KINDS and run_tag in ("b", "i"):
                self._add_mark(block, element)
            elif tag not in _BREAK_TAGS:
                add_text(block, get_text(element), run_tag, is_raised)
            elif tabs_are_blanks and _BREAK_TAGS[tag] == "tab":
                add_text(block, " ", run_tag, is_raised)
            else:
                etree.SubElement(block, _BREAK_TAGS[tag])
        self._add_number(paragraph, block, level, is_title)
        for text_box in text_boxes:
            self._add_blocks(text_box, into)

    def _add_number(
        self, paragraph: etree._Element, block: etree._Element, level: int, is_title: bool
    ) -> None:
        """Put the automatic number of a paragraph before its text (in `block`), or make it a list
        point if its mark is a bullet ("").

        A paragraph with the style of a title (`is_title`) is marked as a title. A paragraph whose
        text is all hidden or deleted gets no number. If its text is deleted but not its end, Word
        still counts it, so the number is passed over.
        """
        texts = printed_parts(block)
        is_struck = block.find("del") is not None
        if not texts and (block.find("s") is not None or is_struck):
            if is_struck and paragraph.find(f"{W}pPr/{W}rPr/{W}del") is None:
                self._numbers.next_mark(paragraph)  # its number is struck out too
            return  # hidden and deleted paragraphs take no number
        mark = self._numbers.next_mark(paragraph)
        if texts and is_title:
            block.set("class", "title")
        put_number(block, mark, level)

    def _add_table(self, table: etree._Element, into: etree._Element) -> None:
        """Add the rows and cells of a table.

        Vertically merged cells become one cell with a `rowspan`: a cell that goes on with the one
        above it, in the same column, adds its content to that cell. An empty cell stands for
        columns that a row leaves out at its beginning (`gridBefore`).
        """
        # by column: the cells of a row that may go on in the next one
        merged: dict[int, etree._Element] = {}
        for row in _find_outermost(table, {f"{W}tr"}):
            line = etree.SubElement(into, "tr")
            column = parse_number(get_value(row.find(f"{W}trPr/{W}gridBefore")), 0)
            if column:
                etree.SubElement(line, "td", colspan=str(column))
            above, merged = merged, {}
            for element in _find_outermost(row, {f"{W}tc"}):
                across = parse_number(get_value(element.find(f"{W}tcPr/{W}gridSpan")), 1)
                merge = element.find(f"{W}tcPr/{W}vMerge")
                if merge is not None and get_value(merge) != "restart" and column in above:
                    cell = above[column]
                    cell.set("rowspan", str(int(cell.get("rowspan", "1")) + 1))
                else:
                    cell = etree.SubElement(line, "td", colspan=str(across))
                if merge is not None:
                    merged[column] = cell
                self._add_blocks(element, cell)
                column += across

    def _add_mark(self, block: etree._Element, reference: etree._Element) -> None:
        """Add the mark of a note to a paragraph (`block`), as a link to the note. Marks are
        numbered anew in the order of the text. The note is taken out of `_notes`, so a further
        reference to it adds nothing, and what is left there at the end has no mark.
        """
        key = reference.get(f"{W}id", "")
        note = self._notes.pop((_NOTE_KINDS[reference.tag], key), None)
        if note is not None:
            self._marked.append(note)
            add_mark(block, len(self._marked))

    def _find_tag(self, run: etree._Element, style: str, on_white: bool, is_bold: bool) -> RunTag:
        """Return the tag for a run; the first that holds wins: "s" for hidden, "del" for struck
        out, "b" for bold, "i" for plain text. `style` is the style of its paragraph; `is_bold` is
        true if the whole paragraph is bold.
        """
        if not self._is_visible(run, style, on_white):
            return "s"
        if any(self._styles.is_set(name, run, style) for name in ("strike", "dstrike")):
            return "del"
        if is_bold or self._styles.is_set("b", run, style):
            return "b"
        return "i"

    def _is_visible(self, run: etree._Element, style: str, on_white: bool) -> bool:
        """True if a run can be seen; `style` is the style of its paragraph.

        A run is not visible if it is hidden, too small, white on white (`on_white`), or the prompt
        of a field that nobody filled in.
        """
        controls = run.iterancestors(f"{W}sdt")
        is_prompt = any(sdt.find(f"{W}sdtPr/{W}showingPlcHdr") is not None for sdt in controls)
        if is_prompt or self._styles.is_set("vanish", run, style):
            return False
        properties = run.find(f"{W}rPr")
        if properties is None:
            return True
        size = get_value(properties.find(f"{W}sz"))
        # `sz` is in half points
        if size.isdecimal() and int(size) / 2 < MIN_POINTS:
            return False
        has_background = any(
            properties.find(f"{W}{name}") is not None for name in ("shd", "highlight")
        )
        return (
            not on_white
            or has_background
            or get_value(properties.find(f"{W}color")).upper() != "FFFFFF"
        )

    def _find_roots(self, kind: str) -> Iterator[etree._Element]:
        """Yield the XML of all parts of the file that have a type of relation (`kind`), such as
        headers. Parts outside the file are never fetched.
        """
        for relation in self._part.rels.values():
            if relation.reltype == kind and not relation.is_external:
                part = relation.target_part
                # python-docx has parsed some parts already, others are bytes
                root = getattr(part, "element", None)
                if root is None:
                    root = parse_xml(part.blob)
                _reject_document_type(root)
                yield root


def _find_outermost(root: etree._Element, tags: Container[str]) -> Iterator[etree._Element]:
    """Yield the outermost elements with these tags below a root, in order, so that a table within a
    table comes only with the outer one. Properties and fallbacks are not searched, as they print
    nothing of their own.
    """
    walker = etree.iterwalk(root, events=("start",))
    for _, element in walker:
        if element is root:
            continue
        if element.tag in tags:
            yield element
        elif element.tag not in _PROPERTY_TAGS and not _is_fallback(element):
            continue
        walker.skip_subtree()


def _is_fallback(element: etree._Element) -> bool:
    """True if an element only repeats the content of its sibling for older programs."""
    return (
        element.tag == f"{_MARKUP}Fallback"
        and element.getparent().find(f"{_MARKUP}Choice") is not None
    )
