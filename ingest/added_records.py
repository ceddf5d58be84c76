"""Rows and headings that staff added as records: the claims that are stored for them, and where a
document prints them now.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ingest.keys import number_of, page_number_at
from ingest.readers.claims import LONG, SHORT, Claim, ClaimedField, Claims, Span
from ingest.readers.kinds import kind_of_word
from ingest.readers.lexicon import field_of_label
from ingest.table_grid import is_lone_number
from ingest.values.parsing import YEAR
from vectorstore.records import BY_STAFF, Document, ParsedDocument, TableRow

_MAX_TITLE_LENGTH = 300  # characters; a longer cell is cut
_TITLE_LETTERS = 6  # letters of a cell from which it may be the title though no header says so
_MIN_TITLE_LETTERS = 3  # letters of a cell from which it may be the title at all


def find_claim(parsed: ParsedDocument, start: int, kind: str) -> Claim | None:
    """Return a claim of a kind for the table row that begins at an offset, or else for the item
    with a heading there; None if neither begins there.

    It has no places in the text, which are looked up each time that the document is read. Raises
    ValueError for a kind that no claim has.
    """
    shared: dict[str, Any] = {"kind": kind, "page": page_number_at(parsed.document, start) or 1}
    for row in parsed.document.rows:
        if row.start == start:
            claim = _claim_row(parsed.document, row)
            return Claim(where="row", number=claim.number, title=claim.title, **shared)
    for item in parsed.items:
        if item.start == start and item.heading:
            number = number_of(item) or None
            return Claim(where="heading", number=number, title=item.title, **shared)
    return None


def add_records(claims: Claims, added: Sequence[Claim], document: Document) -> Claims:
    """Return claims with the records that staff added.

    What the reader found too gets the kind that staff gave, the nearest one if there are several.
    A row that it did not find is looked up among the rows of the document. What the document does
    not have any more is left out.
    """
    if not added:
        return claims
    records = list(claims.records)
    rows = [_claim_row(document, row) for row in document.rows]
    for claim in added:
        found, row = _find_nearest(records, claim), _find_nearest(rows, claim)
        if found is not None:
            update = {"kind": claim.kind, "source": BY_STAFF, "confidence": 1.0}
            records[found] = records[found].model_copy(update=update)
        elif row is not None:
            records.append(rows[row].model_copy(update={"kind": claim.kind}))
    return claims.model_copy(update={"records": tuple(records)})


def _find_nearest(records: Sequence[Claim], added: Claim) -> int | None:
    """Return the index of the record that staff added, by its page the nearest.

    None if there is none.
    """
    matches = [index for index, record in enumerate(records) if _are_same(record, added)]
    return min(matches, key=lambda index: abs(records[index].page - added.page), default=None)


def _are_same(record: Claim, added: Claim) -> bool:
    """True if a record is the one that staff added.

    Two rows are the same if they have one title and number. A section that staff added is the same
    as any heading with its title, whatever their numbers.
    """
    if record.folded_title != added.folded_title:
        return False
    if added.where == "row":
        return record.where == "row" and record.ref == added.ref
    return record.is_head


def _claim_row(document: Document, row: TableRow) -> Claim:
    """Return the claim of a row. The cells of a row are separated by tabs, and the row ends at an
    empty line.

    The title is the cell below a header for titles ("Maßnahme"). Without such a header it is the
    first long cell below no known header, else the first cell with some letters. A row without
    letters is its own title, without fields. The number is the first cell with a number alone that
    is no year; it must be in the first column or below a header for numbers ("Nr.").
    """
    text = document.text[row.start :].partition("\n\n")[0]
    extent = Span(row.start, row.start + len(text))
    cells = text.split("\t")
    headers = [*row.headers, *[""] * len(cells)]
    meanings = [field_of_label(header, weak=True) for header in headers]
    title_column = _title_column(cells, headers, meanings)
    number = title = ""
    title_span = extent
    fields = []
    start = row.start
    for column, cell in enumerate(cells):
        span = Span(start, start + len(cell))
        start = span.end + 1
        may_be_number = not number and (column == 0 or meanings[column] == "ref")
        if column == title_column:
            title, title_span = cell, span
        elif may_be_number and is_lone_number(cell) and not YEAR.fullmatch(cell):
            number = cell
        elif cell and title_column is not None:
            label, meaning = headers[column][:SHORT], meanings[column]
            field = ClaimedField(label=label, text=cell[:LONG], meaning=meaning, span=span)
            fields.append(field)
    return Claim(
        kind="measure",  # until staff say otherwise
        number=number or None,
        title=_shorten(title or " ".join(cells)) or "–",
        page=page_number_at(document, row.start) or 1,  # a claim always has a page
        where="row",
        fields=tuple(fields),
        source=BY_STAFF,
        head=extent,
        title_span=title_span,
        extent=extent,
    )


def _title_column(
    cells: Sequence[str], headers: Sequence[str], meanings: Sequence[str | None]
) -> int | None:
    """Return the index of the cell with the title of a row, None if no cell has three letters.

    Of the cells with three letters or more, the title is the first below a header for titles
    ("Maßnahme"). Without one it is the first with six letters or more whose header means no known
    field; without that the first of all.
    """
    letters = [sum(map(str.isalpha, cell)) for cell in cells]
    candidates = [column for column, count in enumerate(letters) if count >= _MIN_TITLE_LETTERS]
    for column in candidates:
        if meanings[column] == "title" or kind_of_word(headers[column]) is not None:
            return column
    for column in candidates:
        if meanings[column] is None and letters[column] >= _TITLE_LETTERS:
            return column
    return next(iter(candidates), None)


def _shorten(title: str) -> str:
    if len(title) <= _MAX_TITLE_LENGTH:
        return title
    return f"{title[:_MAX_TITLE_LENGTH]} …"
