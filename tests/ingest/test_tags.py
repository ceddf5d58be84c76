"""Tagged PDF files: headings and tables are as their tags say."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from pypdf import PdfReader, PdfWriter
from pypdf.generic import PdfObject

from ingest.layout.hidden_text import find_hidden_texts
from ingest.layout.pdf_objects import DrawnPage, PageObject
from ingest.layout.tags import NO_TAG, read_tags
from ingest.stream import Cell
from tests.ingest.papers import PROSE, layout_of, operators, pdf
from tests.ingest.pdf_objects import pdf_object, put, rewritten
from tests.ingest.real import OTHER, needs_other

MORE = OTHER.parent / "corpus-more" / "documents"
# its type, and its children or its text with its place: "60 700 Wege"
Element = tuple[str, "Sequence[Element] | str"]


def texts_of(tree: Sequence[Element]) -> list[str]:
    texts: list[str] = []
    for _, content in tree:
        texts += [content] if isinstance(content, str) else texts_of(content)
    return texts


def tagged(tree: Sequence[Element], rules: str = "") -> bytes:
    """Return a file of a page with a tree of elements, each text a marked content. Headings "H2" go
    on on another page, with a content that has the number of the text before it on the first.
    `rules` are operators.
    """
    code = rules
    for number, placed in enumerate(texts_of(tree)):
        x, y, text = placed.split(" ", 2)
        code += f"/P <</MCID {number}>> BDC BT /F1 11 Tf {x} {y} Td ({text}) Tj ET EMC "

    def add_tags(writer: PdfWriter) -> None:
        page = writer.pages[0]
        parents: list[PdfObject] = []  # of each marked content

        def add(element: Element, parent: PdfObject) -> PdfObject:
            kind, content = element
            values = {"/Type": "/StructElem", "/S": f"/{kind}", "/P": parent}
            made = pdf_object({**values, "/Pg": page.indirect_reference})
            reference = writer._add_object(made)
            if isinstance(content, str):
                contents: list[Any] = [len(parents)]
                parents.append(reference)
                if kind == "H2":
                    there = writer.add_blank_page().indirect_reference
                    marked = {"/Type": "/MCR", "/Pg": there, "/MCID": len(parents) - 2}
                    contents.append(pdf_object(marked))
                put(made, {"/K": contents})
            else:
                put(made, {"/K": [add(child, reference) for child in content]})
            return reference

        root = pdf_object({"/Type": "/StructTreeRoot"})
        reference = writer._add_object(root)
        children = [add(("Document", tree), reference)]
        numbers = [0, writer._add_object(pdf_object(parents))]
        put(root, {"/K": children, "/ParentTree": {"/Nums": numbers}})
        put(page, {"/StructParents": 0})
        put(writer.root_object, {"/StructTreeRoot": reference, "/MarkInfo": {"/Marked": True}})

    return rewritten(pdf(operators(code)), add_tags)


TEXT = PROSE[:80]


def test_headings_have_the_levels_of_their_tags_and_their_lines_are_one_paragraph() -> None:
    tree: list[Element] = [
        ("H1", [("Span", "60 700 Wege und Brücken"), ("Span", "60 687 für alle Gemeinden")]),
        ("P", f"60 660 {TEXT}"),
        ("H2", "60 640 Brücken"),
        ("P", f"60 620 {TEXT}"),
    ]
    lines = layout_of(tagged(tree)).lines
    assert [line.style.level for line in lines] == [1, 1, 0, 2, 0]
    assert [line.opens for line in lines] == [True, False, True, True, True]


def cells_of(content: bytes) -> list[tuple[str, int, int]]:
    """Return the texts in cells, each with its row and column."""
    lines = layout_of(content).lines
    return [(line.text, line.cell.row, line.cell.column) for line in lines if line.cell]


def row(*texts: str) -> Element:
    return ("TR", [("TD", text) for text in texts])


def test_cells_are_those_of_the_tags_where_nothing_else_shows_them() -> None:
    rows = [
        row("60 690 Nr.", "76 690 Vorhaben", "150 690 Amt"),
        row("60 677 1", "76 677 Radweg am Fluss", "155 677 61"),
        row("60 664 2", "76 664 Steg", "160 664 65"),
    ]
    table = ("Table", [("TBody", rows)])
    content = tagged([("P", f"60 720 {TEXT}"), table, ("P", f"60 600 {TEXT}")])
    assert cells_of(content) == [
        *(("Nr.", 0, 0), ("Vorhaben", 0, 1), ("Amt", 0, 2)),
        *(("1", 1, 0), ("Radweg am Fluss", 1, 1), ("61", 1, 2)),
        *(("2", 2, 0), ("Steg", 2, 1), ("65", 2, 2)),
    ]


def test_a_rule_within_a_tagged_cell_does_not_divide_it() -> None:
    paragraphs = [("P", "200 700 Radweg am Fluss"), ("P", "200 680 und Steg am Markt")]
    first = ("TR", [("TD", "60 700 Vorhaben"), ("TD", paragraphs)])
    rules = "60 692 m 400 692 l S 60 665 m 400 665 l S 190 640 m 190 720 l S "
    content = tagged([("Table", [first, row("60 650 Amt", "200 650 61")])], rules)
    assert cells_of(content) == [
        *(("Vorhaben", 0, 0), ("Radweg am Fluss", 0, 1), ("und Steg am Markt", 0, 1)),
        *(("Amt", 1, 0), ("61", 1, 1)),
    ]


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text))


def _tagged_files() -> list[Path]:
    """Return the real files that have tags; a name that is missing where their folders are."""
    paths = sorted((*OTHER.glob("*.pdf"), *MORE.glob("*.pdf")))
    tagged_files = [path for path in paths if "/StructTreeRoot" in PdfReader(path).root_object]
    return tagged_files or [OTHER / "papiere"]


def _seen_texts(page: Any) -> Iterator[tuple[PageObject, str]]:
    """Yield the texts of a page that are not hidden, without small digits raised behind others:
    marks of notes.
    """
    drawn = DrawnPage(page)
    hidden = find_hidden_texts(drawn).hidden
    size = height = 0.0
    for number, printed in enumerate(drawn.read_texts(drawn.texts)):
        text = drawn.texts[number]
        is_raised = text.matrix[5] > height + 1 and text.type_size < 0.85 * size
        is_mark = is_raised and printed.strip().isdecimal()
        if text not in hidden and not is_mark and printed.strip():
            size, height = text.type_size, text.matrix[5]
            yield text, _letters(printed)


@needs_other[0]
@needs_other[1]
@pytest.mark.parametrize("path", _tagged_files(), ids=lambda path: path.name)
def test_headings_and_cells_of_real_tagged_papers_are_those_of_their_tags(path: Path) -> None:
    layout = layout_of(path.read_bytes())
    lines = (*layout.lines, *layout.furniture)
    headings = _letters("".join(line.text for line in lines if line.style.level))
    read: dict[tuple[int, Cell], str] = defaultdict(str)
    for line in lines:
        if line.cell is not None:
            read[line.page, line.cell] += _letters(line.text)
    missed: list[str] = []
    tagged_cells: dict[tuple[int, Cell], str] = defaultdict(str)
    document = pypdfium2.PdfDocument(path)
    for number, page in enumerate(document):
        tags = read_tags(page)
        for text, letters in _seen_texts(page):
            tag = tags.get(text.content_id, NO_TAG)
            if tag.level and letters not in headings:
                missed.append(letters)
            if tag.cell is not None:
                tagged_cells[number, tag.cell] += letters
    document.close()
    assert missed == []
    expected = {(page, "".join(sorted(text))) for (page, _), text in tagged_cells.items() if text}
    cells = {(page, "".join(sorted(letters))) for (page, _), letters in read.items()}
    assert expected - cells == set()
