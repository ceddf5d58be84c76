"""OpenDocument texts (ODT) as layouts: their printed content becomes a tree of HTML elements, read
like a web page.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from lxml import etree

from ingest.errors import Reason, Rejected
from ingest.layout.archives import PART_ERRORS, open_archive, reject_document_types
from ingest.layout.list_numbers import parse_number
from ingest.layout.odt_styles import (
    DRAW,
    FO,
    OFFICE,
    PARAGRAPHS,
    STYLE,
    TABLE,
    TEXT,
    Look,
    OdtNumbers,
    OdtStyles,
    find_tag,
    is_raised,
)
from ingest.layout.office_tree import (
    RunTag,
    add_hidden_text,
    add_mark,
    add_text,
    heading_attributes,
    put_number,
    raise_title,
)
from ingest.layout.text import check_letters
from ingest.layout.tree import read_tree
from ingest.limits import ReadingLimits
from ingest.stream import Layout
from prompts import say

TagFinder = Callable[[Look], RunTag]
_NAME = "ODT"
_ENCRYPTED = b"encryption-data"
_MACROS = ("Basic/", "Scripts/")  # folders of an archive
# comments, what nobody filled in, and code: in a paragraph, but not printed
_UNSEEN = {f"{OFFICE}annotation", f"{TEXT}placeholder", f"{TEXT}script", f"{TEXT}ruby-text"}
_PARSER = etree.XMLParser(
    resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True
)
_ROW_GROUPS = (f"{TABLE}table-header-rows", f"{TABLE}table-rows", f"{TABLE}table-row-group")


def read_odt(data: bytes, limits: ReadingLimits) -> Layout:
    """Return the layout of an OpenDocument text, which is not divided into pages: the file does not
    say where they end.

    Headers and footers are furniture, notes follow their paragraph, deleted text is struck out,
    comments and hidden text are hidden. Raises Rejected for files that are encrypted, damaged or
    packed too tightly, for files with macros or document types, and for files without text.
    """
    with open_archive(data, _NAME) as archive:
        try:
            names = archive.namelist()
            _reject_unsafe_parts(names, archive.read("META-INF/manifest.xml"))
            reject_document_types(archive, _NAME)
            content = _parse(archive.read("content.xml"))
            styles = etree.Element("none")
            if "styles.xml" in names:
                styles = _parse(archive.read("styles.xml"))
            layout = _OdtTree(content, styles).read(limits)
        except PART_ERRORS as error:
            raise Rejected(say("layout.damaged", name=_NAME)) from error
    check_letters(layout.shown)
    return layout


def _reject_unsafe_parts(names: list[str], manifest: bytes) -> None:
    """Raise Rejected for an encrypted file, which its manifest tells, and for macros. `names` are
    the names of its parts; a mere folder for macros is harmless.
    """
    if _ENCRYPTED in manifest:
        raise Rejected(say("layout.encrypted", name=_NAME), Reason.ENCRYPTED)
    if any(name.startswith(_MACROS) and not name.endswith("/") for name in names):
        raise Rejected(say("layout.macros", name=_NAME), Reason.MACROS)


def _parse(part: bytes) -> etree._Element:
    return etree.fromstring(part, _PARSER)


class _OdtTree:
    """Builds one tree of HTML elements of all that a text prints: headers, footers, text, notes."""

    def __init__(self, content: etree._Element, styles: etree._Element) -> None:
        self._content, self._page_parts = content, styles
        self._styles = OdtStyles(styles, content)
        self._numbers = OdtNumbers(self._styles)
        self._deleted = {
            region.get(f"{TEXT}id", ""): region
            for region in content.iter(f"{TEXT}changed-region")
            if region.find(f"{TEXT}deletion") is not None
        }
        self._notes: list[etree._Element] = []  # in the order of their marks
        papers = styles.iter(f"{STYLE}page-layout-properties")
        self._on_white = all(_is_plain(paper) for paper in papers)
        self._tree = etree.Element("html")

    def read(self, limits: ReadingLimits) -> Layout:
        """Build the tree and return its layout. Headers and footers get the role "banner", so that
        they are read as page furniture.
        """
        for header in self._page_parts.iter(f"{STYLE}header", f"{STYLE}footer"):
            self._add_blocks(header, etree.SubElement(self._tree, "div", role="banner"))
        text = etree.SubElement(self._tree, "div")
        for body in self._content.iter(f"{OFFICE}text"):
            self._add_blocks(body, text, on_white=self._on_white)
        raise_title(text)
        for number, note in enumerate(self._notes, 1):
            self._add_blocks(note, etree.SubElement(self._tree, "div", id=str(number)))
        return read_tree(self._tree, limits, styled=True)

    def _add_blocks(
        self, root: etree._Element, into: etree._Element, *, on_white: bool = False
    ) -> None:
        """Add the paragraphs, lists and tables of an element to `into`. White letters on a white
        page (`on_white`) are hidden. In tables and text boxes they may be seen, so they count as
        visible there.
        """
        for block in root.iterchildren():
            if block.tag in PARAGRAPHS:
                self._add_paragraph(block, into, on_white)
            elif block.tag == f"{TABLE}table":
                self._add_table(block, etree.SubElement(into, "table"))
            elif block.tag == f"{TEXT}list":
                name = block.get(f"{TEXT}style-name", "list")  # without a style it has bullets
                self._add_list(block, into, name, 1, on_white)
            elif _is_hidden(block):
                add_hidden_text(into, _text_of(block))
            elif block.tag not in (f"{TEXT}tracked-changes", *_UNSEEN):
                self._add_blocks(block, into, on_white=on_white)

    def _add_list(
        self, points: etree._Element, into: etree._Element, name: str, depth: int, on_white: bool
    ) -> None:
        """Add the points of a list and of the lists within it. `name` is that of its style, which
        holds for inner lists without a style of their own too; `depth` is its level, from 1. Only
        the first paragraph of a point has a number.
        """
        continued = points.get(f"{TEXT}continue-numbering") == "true"
        if not continued and points.get(f"{TEXT}continue-list") is None:
            self._numbers.restart(name, depth)
        for point in points.iterchildren():
            is_first = point.tag == f"{TEXT}list-item"
            for block in point.iterchildren():
                if block.tag == f"{TEXT}list":
                    style = block.get(f"{TEXT}style-name", name)
                    self._add_list(block, into, style, depth + 1, on_white)
                elif block.tag in PARAGRAPHS:
                    mark = None
                    if is_first:
                        own = point.get(f"{TEXT}start-value")
                        mark = self._numbers.next_mark(name, depth, own)
                    self._add_paragraph(block, into, on_white, mark)
                    is_first = False

    def _add_paragraph(
        self,
        paragraph: etree._Element,
        into: etree._Element,
        on_white: bool,
        mark: str | None = None,
    ) -> None:
        """Add a paragraph to `into`, and its text boxes after it; `mark` is what is printed before
        it as a point of a list. All of a heading, title or subtitle counts as bold.
        """
        if any(map(_is_hidden, paragraph.iter(f"{TEXT}hidden-paragraph"))):
            add_hidden_text(into, _text_of(paragraph))
            return
        level = 0
        if paragraph.tag == f"{TEXT}h":
            level = min(max(parse_number(paragraph.get(f"{TEXT}outline-level"), 1), 1), 9)
        chain = self._styles.find_chain("paragraph", paragraph.get(f"{TEXT}style-name", ""))
        is_bold = level > 0 or not {"Title", "Subtitle"}.isdisjoint(chain)
        block = etree.SubElement(into, "p", heading_attributes(level))
        look = self._styles.look_of(paragraph, {}, "paragraph")
        boxes = self._add_runs(
            paragraph, block, look, partial(find_tag, on_white=on_white, is_bold=is_bold)
        )
        if mark is None and level and paragraph.get(f"{TEXT}is-list-header") != "true":
            mark = self._numbers.next_mark("", level, paragraph.get(f"{TEXT}start-value"))
        put_number(block, mark, level)
        if "Title" in chain and not level:
            block.set("class", "title")
        for box in boxes:
            self._add_blocks(box, into)

    def _add_runs(
        self, element: etree._Element, block: etree._Element, look: Look, find_tag: TagFinder
    ) -> list[etree._Element]:
        """Add the text of an element in a paragraph, and of all that is in it, to the `block` of
        the paragraph. Return what is drawn in it: boxes with text of their own. `look` is the look
        of the element.
        """
        boxes = list[etree._Element]()
        tag = find_tag(look)
        add_text(block, element.text or "", tag, is_raised(look))
        for child in element:
            if child.tag.startswith(DRAW) and child.tag != f"{DRAW}a":
                boxes.append(child)
            elif not self._add_special(block, child, tag):
                inner = self._styles.look_of(child, look)
                boxes += self._add_runs(child, block, inner, find_tag)
            add_text(block, child.tail or "", tag, is_raised(look))
        return boxes

    def _add_special(self, block: etree._Element, element: etree._Element, tag: RunTag) -> bool:
        """Add a blank, tab, line break, mark of a note, or what is deleted or not printed; return
        whether an element is one of these. `tag` is that of the text around.

        A tab in a heading, or in a line of the table of contents, is a blank; elsewhere it parts
        the cells of a row.
        """
        name = element.tag
        if name in (f"{TEXT}s", f"{TEXT}tab", f"{TEXT}line-break"):
            is_blank = name == f"{TEXT}s" or block.get("role") == "heading"
            if is_blank or (name == f"{TEXT}tab" and _is_in_contents(element)):
                add_text(block, " ", tag, False)
            else:
                etree.SubElement(block, "tab" if name == f"{TEXT}tab" else "br")
        elif name == f"{TEXT}note":
            if tag in ("b", "i"):
                self._notes += element.iter(f"{TEXT}note-body")
                add_mark(block, len(self._notes))
        elif name == f"{TEXT}change":
            deleted = self._deleted.get(element.get(f"{TEXT}change-id", ""))
            if deleted is not None:
                etree.SubElement(block, "del").text = _text_of(deleted)
        elif name in _UNSEEN or _is_hidden(element):
            add_hidden_text(block, _text_of(element) or element.get(f"{TEXT}string-value", ""))
        else:
            return False
        return True

    def _add_table(self, table: etree._Element, into: etree._Element) -> None:
        """Add the rows and cells of a table, those of its head as `th`. A cell that stands for
        several equal ones is one that spans their columns; of equal rows one is enough.
        """
        for row in _find_rows(table):
            line = etree.SubElement(into, "tr")
            is_head = row.getparent().tag == f"{TABLE}table-header-rows"
            for cell in row.iterchildren(f"{TABLE}table-cell"):
                spans = [
                    parse_number(cell.get(f"{TABLE}number-columns-{kind}"), 1)
                    for kind in ("spanned", "repeated")
                ]
                look = self._styles.look_of(cell, {}, "table-cell")
                attributes = {
                    "colspan": str(max(spans)),
                    "rowspan": cell.get(f"{TABLE}number-rows-spanned", "1"),
                    "style": f"background:{look.get('background-color', '')}",
                }
                tag = "th" if is_head else "td"
                self._add_blocks(cell, etree.SubElement(line, tag, attributes))


def _find_rows(table: etree._Element) -> Iterator[etree._Element]:
    """Yield the rows of a table, also those in groups; not those of tables in its cells."""
    for child in table.iterchildren():
        if child.tag == f"{TABLE}table-row":
            yield child
        elif child.tag in _ROW_GROUPS:
            yield from _find_rows(child)


def _text_of(element: etree._Element) -> str:
    """Return the text of the paragraphs in an element or, without any, of the element itself."""
    paragraphs = list(element.iter(*PARAGRAPHS)) or [element]
    return " ".join("".join(paragraph.itertext()) for paragraph in paragraphs)


def _is_hidden(element: etree._Element) -> bool:
    """True for a field, paragraph or section that is hidden, always or as a condition holds."""
    is_hidden = element.get(f"{TEXT}is-hidden") == "true"
    return bool(is_hidden or element.get(f"{TEXT}display") == "none")


def _is_in_contents(element: etree._Element) -> bool:
    return next(element.iterancestors(f"{TEXT}index-body"), None) is not None


def _is_plain(paper: etree._Element) -> bool:
    """True if paper is white."""
    return paper.get(f"{FO}background-color", "transparent") in ("transparent", "#ffffff")
