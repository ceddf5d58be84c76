"""A row of a project list on an item's page: cells under the heads of their columns, the quote still marked."""

from __future__ import annotations

from dataclasses import replace

import pytest

from service.pages.table_rows import legible, row_cells
from tests.service.county import report
from vectorstore.records import Conflict, Item, ItemStatus


@pytest.fixture(scope="module")
def item() -> Item:
    base = next(one for one in report().items if one.ref == "2.1.2.3")
    return replace(
        base, status=ItemStatus.IMPLEMENTED, table_title="Radschnellweg Nord", responsible=("65", "80.01"),
        cooperation="Auental, Bergheim", conflicts=(),
        table_row="2.1.2.3\tRadschnellweg Nord\tx\tAuental, Bergheim\t65, 80.01",
    )  # fmt: skip


def texts(item: Item, span: tuple[int, int] | None = None) -> list[tuple[str, str]]:
    return [(head, "".join(f"<{one.text}>" if one.marked else one.text for one in pieces))
            for head, pieces in row_cells(item, span)]  # fmt: skip


def test_every_cell_stands_under_its_head(item: Item) -> None:
    assert texts(item) == [
        ("Nr.", "2.1.2.3"),
        ("Titel", "Radschnellweg Nord"),
        ("umgesetzt", "x"),
        ("Mitwirkung", "Auental, Bergheim"),
        ("Zuständig", "65, 80.01"),
    ]


def test_a_mark_stands_under_the_status_of_the_table(item: Item) -> None:
    other = replace(item, conflicts=(Conflict("status", "implemented", "idea"),))
    assert texts(other)[2] == ("Idee", "x")


def test_a_quote_is_marked_across_cells(item: Item) -> None:
    row = item.table_row or ""
    marked = texts(item, (row.index("Nord"), row.index("x") + 1))
    assert [text for _, text in marked[:4]] == ["2.1.2.3", "Radschnellweg <Nord>", "<x>", "Auental, Bergheim"]


def test_unknown_columns_have_no_head(item: Item) -> None:
    assert texts(replace(item, cooperation=None))[3] == ("", "Auental, Bergheim")


@pytest.mark.parametrize("row", [None, "", "2.1.2.3 Radschnellweg Nord x 65", "9.9\tAnderes\tx\t65"])
def test_what_is_not_printed_in_cells_is_left_as_it_is(item: Item, row: str | None) -> None:
    assert row_cells(replace(item, table_row=row), None) == []


def test_a_quoted_row_is_introduced_as_one() -> None:
    assert legible("1.1\tNeues Licht\tx\t65") == "Zeile der Projektliste: 1.1 · Neues Licht · x · 65"
    assert legible("Der Bau beginnt.\nBald.") == "Der Bau beginnt.\nBald."
