"""Quantities take the unit of their cell, else of their column's head, else of their label."""

from __future__ import annotations

from decimal import Decimal

import pytest

from ingest.values.label_units import find_unit, parse_labelled, read_with_label
from service.records import largest_amount, period_of
from tests.ingest.cases import cases, values
from tests.ingest.formats import FORMATS, paper
from tests.ingest.papers import PROSE, read_bytes, records
from vectorstore.records import Item

HEAD = ("Nr.", "Maßnahme", "Zuständig", "Kosten in T€", "Minderung (t/a)", "Beginn (Quartal/Jahr)")
ROWS = values(__file__, "rows")


def read(name: str) -> dict[str, Item]:
    parsed = read_bytes(paper(name, "# Plan", PROSE, (HEAD, *ROWS)), name)
    found = {item.ref: item for item in records(parsed)}
    for item in found.values():
        for value in item.values:
            assert parsed.document.text[value.start : value.end] == value.text
    return found


@pytest.mark.parametrize("name", FORMATS)
def test_amounts_have_the_unit_of_their_column(name: str) -> None:
    found = read(name)
    assert [[ref, item.cost] for ref, item in found.items()] == values(__file__, "costs")
    largest = [amount[0] for item in found.values() if (amount := largest_amount(item))]
    assert largest == [Decimal(1_250_000), Decimal(120_000), Decimal(4_800_000), Decimal(1_200_000)]
    assert found["K 3"].amounts == ("4.800 T€",) and found["K 4"].amounts == ("1,2 Mio. Euro",)


@pytest.mark.parametrize("name", FORMATS)
def test_other_quantities_and_quarters_have_the_unit_of_their_column(name: str) -> None:
    found = read(name)
    tonnes = [
        field.printed for item in found.values() for field in item.fields if "/a" in field.label
    ]
    assert tonnes == values(__file__, "tonnes")
    periods = [[item.period, period_of(item).start] for item in found.values()]
    assert periods == values(__file__, "periods")


def test_labels_of_sheets_give_their_unit() -> None:
    sheets = (
        f"M {n} {title}\n\nKosten (in Tsd. Euro): {cost}\n\nZuständig: Bauamt\n\n"
        for n, title, cost in ((1, "Wald", "15"), (2, "Moor", "1.100 €"), (3, "Aue", "ca. 20,5"))
    )
    found = records(read_bytes(f"Plan\n\n{PROSE}\n\n{''.join(sheets)}".encode(), "a.txt"))
    assert [item.cost for item in found] == ["15 Tsd. Euro", "1.100 €", "ca. 20,5 Tsd. Euro"]
    assert [amount[0] for item in found if (amount := largest_amount(item))] == [
        15_000, 1_100, 20_500,
    ]  # fmt: skip


@cases("label", "unit")
def test_units_of_labels(label: str, unit: str) -> None:
    assert find_unit(label) == unit


@cases("label", "text", "with_unit")
def test_texts_with_the_unit_of_their_label(label: str, text: str, with_unit: str) -> None:
    labelled = read_with_label(7, text, label)
    assert (labelled and labelled.with_unit) == (with_unit or None)
    values = list(parse_labelled(labelled)) if labelled else []
    assert all(text[v.value.start - 7 : v.value.end - 7] == v.value.text for v in values)
