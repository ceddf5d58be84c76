"""What filters take for the same: moments within others; and when a record begins and ends, as its fields say it."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from service.record_filters import RecordPeriod, can_lie_within, is_moment, period_of
from vectorstore.records import Item, ItemKind, Value, ValueKind

PERIOD, DATE = ValueKind.PERIOD, ValueKind.DATE


def item(title: str, values: Sequence[tuple[str, str, ValueKind]], period: str | None = None) -> Item:
    """A record with a period as printed, and values as they stand in its text."""
    found = tuple(Value(kind, statement, value, 0, len(statement)) for statement, value, kind in values)
    return Item(
        document_id="d", key="1", ref="1", kind=ItemKind.MEASURE, title=title, order=0, heading=title, body="",
        start=0, end=100, period=period, values=found,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("title", "period", "values", "terms"),
    [
        ("Radweg", "2026 bis 2030", [("2026 bis 2030", "2026/2030", PERIOD)], RecordPeriod("2026", "2030")),
        ("Radweg", "ab 2027", [("ab 2027", "2027/", PERIOD)], RecordPeriod("2027", None)),
        ("Radweg", "bis 2028", [("bis 2028", "/2028", PERIOD)], RecordPeriod(None, "2028")),
        ("Radweg", "2026; 2029", [("2026", "2026", DATE), ("2029", "2029", DATE)], RecordPeriod("2026", "2029")),
        ("Radweg", "offen", [("bis 2019", "/2019", PERIOD)], RecordPeriod()),
        ("Klimaneutral bis 2035", None, [("bis 2035", "/2035", PERIOD)], RecordPeriod(None, "2035")),
        ("Ab 2027 fahren Busse", None, [("Ab 2027", "2027/", PERIOD)], RecordPeriod("2027", None)),
        ("Haushalt 2027 aufstellen", None, [("2027", "2027", DATE)], RecordPeriod()),
        ("Verbrauch 2000 – 2011", None, [("2000 – 2011", "2000/2011", PERIOD)], RecordPeriod()),
        ("Radweg", None, [("bis 2019", "/2019", PERIOD)], RecordPeriod()),
    ],
)
def test_the_period_says_it_else_the_title_with_ab_or_bis(
    title: str, period: str | None, values: list[tuple[str, str, ValueKind]], terms: RecordPeriod
) -> None:
    assert period_of(item(title, values, period)) == terms


def test_both_ends_are_included_and_a_month_or_year_counts_where_any_day_of_it_can() -> None:
    assert can_lie_within("2027-06-30", "2027", "2027-06") and not can_lie_within("2027-07-01", "", "2027-06")
    assert can_lie_within("2027", "2027-07", "") and not can_lie_within("2027", "2028", "")
    assert can_lie_within("2027-06", "2027-06-30", "2027-06-30") and can_lie_within("2027", "", "")


@pytest.mark.parametrize("text", ["27", "2027-13", "2027-02-30", "2027-04-31", "0000", "٢٠٢٧", "morgen", "2027-1", ""])
def test_what_the_calendar_does_not_have_is_no_moment(text: str) -> None:
    assert not is_moment(text)
