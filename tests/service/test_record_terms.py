"""Deadlines and begins as records' own fields say them, and lists filtered by them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from service.record_terms import Terms, is_moment, lies_within, terms_of
from vectorstore.records import Field, Item, ItemKind, Value, ValueKind

PERIOD, DATE = ValueKind.PERIOD, ValueKind.DATE
Printed = tuple[str, str, str, ValueKind]


def item(heading: str, values: Sequence[tuple[str, str, ValueKind]], fields: Sequence[tuple[str, str]] = ()) -> Item:
    """An item whose text is its heading and, behind it, its fields; values stand where their text first does."""
    text = "\n".join([heading, *(f"{label}: {said}" for label, said in fields)])
    placed = [Field(label, said, "period", start=text.index(said)) for label, said in fields]
    found = [Value(kind, said, value, text.rindex(said), text.rindex(said) + len(said)) for said, value, kind in values]
    return Item(
        document_id="d", key="1", ref="1", kind=ItemKind.MEASURE, title=heading, order=0, heading=heading, body="",
        start=0, end=len(text), fields=tuple(placed), values=tuple(found),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("label", "said", "value", "kind", "terms"),
    [
        ("Laufzeit", "2026 bis 2030", "2026/2030", PERIOD, Terms("2026", "2030")),
        ("Beginn", "Mai 2026", "2026-05", DATE, Terms("2026-05", None)),
        ("Fertigstellung", "30.06.2027", "2027-06-30", DATE, Terms(None, "2027-06-30")),
        ("Umsetzung bis", "bis 2028", "/2028", PERIOD, Terms(None, "2028")),
        ("Start", "ab 2027", "2027/", PERIOD, Terms("2027", None)),
        ("Zeitraum", "2029", "2029", DATE, Terms("2029", "2029")),
        ("Wirkzeitraum", "2050", "2050", DATE, Terms()),
    ],
)
def test_a_labelled_time_says_it(label: str, said: str, value: str, kind: ValueKind, terms: Terms) -> None:
    assert terms_of(item("Radweg bauen", [(said, value, kind)], [(label, said)])) == terms


def test_several_fields_give_the_first_begin_and_the_last_deadline() -> None:
    made = item(
        "Radweg bauen",
        [("2026", "2026", DATE), ("2029", "2029", DATE)],
        [("Beginn", "2026"), ("Fertigstellung", "2029")],
    )
    assert terms_of(made) == Terms("2026", "2029")


def test_a_title_says_it_with_ab_or_bis_and_never_by_a_bare_year() -> None:
    assert terms_of(item("Klimaneutral bis 2035", [("bis 2035", "/2035", PERIOD)])) == Terms(None, "2035")
    assert terms_of(item("Ab 2027 fahren Busse", [("Ab 2027", "2027/", PERIOD)])) == Terms("2027", None)
    assert terms_of(item("Haushalt 2027 aufstellen", [("2027", "2027", DATE)])) == Terms()
    assert terms_of(item("Verbrauch 2000 – 2011", [("2000 – 2011", "2000/2011", PERIOD)])) == Terms()
    section = replace(item("Ziele bis 2020", [("bis 2020", "/2020", PERIOD)]), kind=ItemKind.SECTION)
    assert terms_of(section) == Terms()


def test_years_elsewhere_in_the_text_say_nothing() -> None:
    made = item("Radweg bauen", [("bis 2019", "/2019", PERIOD)], [("Laufzeit", "offen"), ("Sachstand", "bis 2019")])
    elsewhere = replace(made, fields=tuple(replace(one, field=None) for one in made.fields[1:]))
    assert terms_of(elsewhere) == Terms()
    assert terms_of(item("Radweg bauen", [])) == Terms()


def test_both_ends_are_included_and_a_month_or_year_counts_where_any_day_of_it_can() -> None:
    assert lies_within("2027-06-30", "2027", "2027-06") and not lies_within("2027-07-01", "", "2027-06")
    assert lies_within("2027", "2027-07", "") and not lies_within("2027", "2028", "")
    assert lies_within("2027-06", "2027-06-30", "2027-06-30") and lies_within("2027", "", "")


@pytest.mark.parametrize("text", ["27", "2027-13", "2027-02-30", "2027-04-31", "0000", "٢٠٢٧", "morgen", "2027-1", ""])
def test_what_the_calendar_does_not_have_is_no_moment(text: str) -> None:
    assert not is_moment(text)
