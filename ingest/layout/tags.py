"""What the tags of a PDF say of the texts of a page: headings, and cells of tables."""

from __future__ import annotations

from collections.abc import Iterator
from ctypes import byref, c_float
from itertools import count, product
from typing import Any, NamedTuple

from pypdfium2 import raw

from ingest.layout.pdf_objects import read_string
from ingest.stream import Cell

_MAX_DEPTH = 60  # of nested elements
_CELLS = ("TD", "TH")
_HEADINGS = {f"H{level}": level for level in range(1, 7)}


class Tag(NamedTuple):
    """What a text is by its tags: the level of its heading (0 for none), and its table cell, with
    tables and rows numbered on the page.
    """

    level: int = 0
    cell: Cell | None = None


NO_TAG = Tag()


def read_tags(page: Any) -> dict[int, Tag]:
    """Return the tag of each marked content of a page, by the id of the content. A marked content
    is a part of the page that the file numbers for this purpose. The result is empty for a file
    without tags.
    """
    tree = raw.FPDF_StructTree_GetForPage(page)
    if not tree:
        return {}
    try:
        reader = _TagReader()
        for number in range(raw.FPDF_StructTree_CountChildren(tree)):
            reader.read(raw.FPDF_StructTree_GetChildAtIndex(tree, number), Tag(), 0)
        return reader.tags
    finally:
        raw.FPDF_StructTree_Close(tree)


class _TagReader:
    """Reads the elements of a page; cells of tables within a cell belong to the outer one."""

    def __init__(self) -> None:
        self.tags: dict[int, Tag] = {}
        self._tables = count()

    def read(self, element: Any, tag: Tag, depth: int) -> None:
        """Store the tag of the contents of an element, and of the elements below it, down to
        `_MAX_DEPTH`. `tag` is what the outer elements tell; a heading adds its level. A table
        within a cell is not read as a table, so its contents stay in the outer cell.
        """
        kind = _read_type(element)
        if kind in _HEADINGS:
            tag = tag._replace(level=_HEADINGS[kind])
        for index in range(raw.FPDF_StructElement_CountChildren(element)):
            content = raw.FPDF_StructElement_GetChildMarkedContentID(element, index)
            if content >= 0:  # below zero for an element, and for a content of another page
                self.tags[content] = tag
        if depth >= _MAX_DEPTH:
            return
        if kind == "Table" and tag.cell is None:
            self._read_table(element, tag, depth)
            return
        for child in _children(element):
            self.read(child, tag, depth + 1)

    def _read_table(self, element: Any, tag: Tag, depth: int) -> None:
        """Store the tags of the contents of the cells of a table. What is in no cell, such as a
        caption, gets no tag. A cell that spans several rows or columns takes their places, so that
        later cells of these rows are counted on behind it.
        """
        table, taken = next(self._tables), set[tuple[int, int]]()
        for row, cells in enumerate(_rows(element)):
            column = 0
            for cell in cells:
                while (row, column) in taken:
                    column += 1
                across, down = _read_span(cell, "ColSpan"), _read_span(cell, "RowSpan")
                taken.update(product(range(row, row + down), range(column, column + across)))
                place_tag = tag._replace(cell=Cell(table, row, column))
                self.read(cell, place_tag, depth + 3)  # below a group of rows, and a row


def _rows(table: Any) -> Iterator[list[Any]]:
    """Yield the cells of each row of a table. Rows may be in groups (head, body, foot), which are
    searched too.
    """
    for child in _children(table):
        if _read_type(child) == "TR":
            yield [cell for cell in _children(child) if _read_type(cell) in _CELLS]
        else:
            yield from _rows(child)


def _children(element: Any) -> Iterator[Any]:
    for number in range(raw.FPDF_StructElement_CountChildren(element)):
        child = raw.FPDF_StructElement_GetChildAtIndex(element, number)
        if child:
            yield child


def _read_type(element: Any) -> str:
    return read_string(raw.FPDF_StructElement_GetType, element)


def _read_span(cell: Any, name: str) -> int:
    """Return over how many columns ("ColSpan") or rows ("RowSpan") a cell reaches, 1 where the file
    does not say. It is at most 100, as a damaged file may give any number.
    """
    value = c_float()
    for number in range(raw.FPDF_StructElement_GetAttributeCount(cell)):
        attributes = raw.FPDF_StructElement_GetAttributeAtIndex(cell, number)
        span = raw.FPDF_StructElement_Attr_GetValue(attributes, name.encode())
        if span and raw.FPDF_StructElement_Attr_GetNumberValue(span, byref(value)):
            return min(max(int(value.value), 1), 100)
    return 1
