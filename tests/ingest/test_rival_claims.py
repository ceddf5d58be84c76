"""Of several claims for one record the best stays."""

from __future__ import annotations

from typing import Any

from ingest.readers.claims import Claim, Claims, Span
from ingest.rival_claims import drop_rivals
from tests.ingest.cases import cases

TEXT = "M 1 Jobticket\n\nM 2 Radwege im Moor\n\nM 2 Radwege im Moor\n\nM 3 Solardächer"


def claim(number: str | None, title: str, start: int, where: str = "sheet", **other: Any) -> Claim:
    """A claim whose head begins at an offset."""
    head = Span(start, start + len(title))
    values = {"kind": "measure", "number": number, "title": title, "page": 1, "where": where}
    return Claim.model_validate({**values, "head": head, "title_span": head, **other})


def places(*claims: Claim) -> list[tuple[str, int]]:
    records = drop_rivals(Claims(records=claims)).records
    return [(record.where, record.head.start) for record in records if record.head]


@cases("number", "title", "where", "stays")
def test_a_number_has_one_head_and_a_sheet_beats_others(
    number: str, title: str, where: str, stays: bool
) -> None:
    sheet = claim("M 2", "Radwege im Moor", 200)
    other = claim(number, title, 0, where)
    assert places(sheet, other) == [(where, 0)] * stays + [("sheet", 200)]


def test_a_third_head_is_one_with_the_title_that_the_second_gave() -> None:
    first, sheet = claim("M 2", "Radwege", 0, "heading"), claim("M 2", "Radwege im Moor", 200)
    third = claim(None, "Radwege im Moor", 400, "heading")
    assert places(sheet, third) == places(first, sheet, third) == [("sheet", 200)]


def test_of_two_claims_for_one_place_the_sheet_stays() -> None:
    sheet, row = claim("1", "Jobticket", 5), claim("1", "Jobticket", 5, "row")
    assert places(row, sheet) == [("sheet", 5)]


def test_a_theme_may_stand_on_every_page() -> None:
    themes = [claim(None, "Mobilität", start, "heading", kind="theme") for start in (0, 500)]
    assert len(places(*themes)) == 1
    assert len(places(*(theme.model_copy(update={"where": "row"}) for theme in themes))) == 2
