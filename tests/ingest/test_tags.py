"""Tagged PDF files: headings and tables are as their tags say."""

from __future__ import annotations

import io
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from pypdf import PdfReader, PdfWriter
from pypdf.generic import (
    ArrayObject,
    BooleanObject,
    DictionaryObject,
    NameObject,
    NumberObject,
    PdfObject,
)

from ingest.layout.hidden_text import find_hidden_texts
from ingest.layout.pdf_objects import DrawnPage, PageObject
from ingest.layout.tags import NO_TAG, read_tags
from ingest.stream import Cell
from tests.ingest.papers import PROSE, layout_of, operators, pdf
from tests.ingest.real import OTHER, needs_other

MORE = OTHER.parent / "corpus-more" / "documents"
Element = tuple[str, "Sequence[Element] | int"]  # its type, and its children or its content's id
Placed = tuple[int, int, str]  # place from the left and from the bottom, text


def tagged(texts: Sequence[Placed], tree: Sequence[Element], rules: str = "") -> bytes:
    """Return a file of one page with texts, each a marked content, and a tree of elements; `rules`
    are operators.
    """
    code = rules + "".join(
        f"/P <</MCID {number}>> BDC BT /F1 11 Tf {x} {y} Td ({text}) Tj ET EMC "
        for number, (x, y, text) in enumerate(texts)
    )
    writer = PdfWriter(io.BytesIO(pdf(operators(code))))
    page = writer.pages[0]
    parents: dict[int, PdfObject] = {}

    def add(element: Element, parent: PdfObject) -> PdfObject:
        kind, content = element
        made = DictionaryObject(
            {
                NameObject("/Type"): NameObject("/StructElem"),
                NameObject("/S"): NameObject(f"/{kind}"),
                NameObject("/P"): parent,
                NameObject("/Pg"): page.indirect_reference,
            }
        )
        reference = writer._add_object(made)
        if isinstance(content, int):
            made[NameObject("/K")] = NumberObject(content)
            parents[content] = reference
        else:
            children = [add(child, reference) for child in content]
            made[NameObject("/K")] = ArrayObject(children)
        return reference

    root = DictionaryObject({NameObject("/Type"): NameObject("/StructTreeRoot")})
    reference = writer._add_object(root)
    root[NameObject("/K")] = ArrayObject([add(("Document", tree), reference)])
    order = ArrayObject([parents[number] for number in sorted(parents)])
    numbers = ArrayObject([NumberObject(0), writer._add_object(order)])
    root[NameObject("/ParentTree")] = DictionaryObject({NameObject("/Nums"): numbers})
    page[NameObject("/StructParents")] = NumberObject(0)
    writer.root_object[NameObject("/StructTreeRoot")] = reference
    marked = DictionaryObject({NameObject("/Marked"): BooleanObject(True)})
    writer.root_object[NameObject("/MarkInfo")] = marked
    made = io.BytesIO()
    writer.write(made)
    return made.getvalue()


def test_headings_have_the_levels_of_their_tags_and_their_lines_are_one_paragraph() -> None:
    texts = [
        (60, 700, "Wege und Brücken"),
        (60, 687, "für alle Gemeinden"),
        (60, 660, PROSE[:80]),
        (60, 640, "Brücken"),
        (60, 620, PROSE[:80]),
    ]
    tree: list[Element] = [
        ("H1", [("Span", 0), ("Span", 1)]),
        ("P", 2),
        ("H2", 3),
        ("P", 4),
    ]
    encoded = [(x, y, text.encode("cp1252").decode("latin-1")) for x, y, text in texts]
    lines = layout_of(tagged(encoded, tree)).lines
    assert [line.style.level for line in lines] == [1, 1, 0, 2, 0]
    assert [line.opens for line in lines] == [True, False, True, True, True]


def test_cells_are_those_of_the_tags_where_nothing_else_shows_them() -> None:
    rows = [("Nr.", "Vorhaben", "Amt"), ("1", "Radweg am Fluss", "61"), ("2", "Steg", "65")]
    texts: list[Placed] = [(60, 720, PROSE[:80])]
    table: list[Element] = []
    for row, cells in enumerate(rows):
        places = [(60, cells[0]), (76, cells[1]), (150 + 5 * row, cells[2])]
        ids = range(len(texts), len(texts) + len(places))
        texts += [(x, 690 - 13 * row, text) for x, text in places]
        table.append(("TR", [("TD", number) for number in ids]))
    texts.append((60, 600, PROSE[:80]))
    tree: list[Element] = [("P", 0), ("Table", [("TBody", table)]), ("P", len(texts) - 1)]
    lines = [line for line in layout_of(tagged(texts, tree)).lines if line.cell]
    places = [(line.cell.row, line.cell.column) for line in lines if line.cell]
    assert places == [(row, column) for row in range(3) for column in range(3)]
    assert [line.text for line in lines] == [text for row in rows for text in row]


def test_a_rule_within_a_tagged_cell_does_not_divide_it() -> None:
    texts: list[Placed] = [(60, 700, "Vorhaben"), (200, 700, "Radweg am Fluss")]
    texts += [(200, 680, "und Steg am Markt"), (60, 650, "Amt"), (200, 650, "61")]
    cells: list[Element] = [("TR", [("TD", 0), ("TD", [("P", 1), ("P", 2)])])]
    cells.append(("TR", [("TD", 3), ("TD", 4)]))
    rules = "60 692 m 400 692 l S 60 665 m 400 665 l S 190 640 m 190 720 l S "
    lines = layout_of(tagged(texts, [("Table", cells)], rules)).lines
    assert [(line.text, line.cell and line.cell[1:]) for line in lines] == [
        ("Vorhaben", (0, 0)),
        ("Radweg am Fluss", (0, 1)),
        ("und Steg am Markt", (0, 1)),
        ("Amt", (1, 0)),
        ("61", (1, 1)),
    ]


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text))


def _tagged_files() -> list[Path]:
    """Return the real files that have tags; a name that is missing where their folders are."""
    tagged_files = []
    for path in sorted((*OTHER.glob("*.pdf"), *MORE.glob("*.pdf"))):
        if "/StructTreeRoot" in PdfReader(path).root_object:
            tagged_files.append(path)
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
