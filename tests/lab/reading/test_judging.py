"""Which records are right, missed and false, on values made by hand."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import TypeAdapter

from evals.metrics.statements import normalize_text
from lab.reading.catalogue import KnownDocument
from lab.reading.measurements import ReadingFigures, Share, add_up
from lab.reading.scoring import ScoredReading, compute_scores
from tests.ingest.cases import cases
from tests.lab.reading.made import catalogue, item, known, parsed
from vectorstore.language import fold_ref
from vectorstore.records import ItemKind, ItemStatus


def shares(judged: ScoredReading, *names: str) -> str:
    return " ".join(f"{judged.figures[name].part}/{judged.figures[name].whole}" for name in names)


@cases("value", "other")
def test_numbers_are_the_same_without_spaces_case_zeros_and_label_word(
    value: str, other: str
) -> None:
    assert fold_ref(value) == fold_ref(other)


@cases("value", "other")
def test_numbers_keep_letters_punctuation_and_zeros_at_their_end(value: str, other: str) -> None:
    assert fold_ref(value) != fold_ref(other)


def test_titles_are_the_same_without_case_white_space_and_hyphenation() -> None:
    assert (
        normalize_text("Rad-\nverkehr Nord")
        == normalize_text("RADVERKEHR nord")
        == normalize_text("Rad\u00adverkehr  Nord")
    )
    assert normalize_text("Radverkehr Nord.") != normalize_text("Radverkehr Nord")
    assert normalize_text("Radverkehr – Nord") != normalize_text("Radverkehr Nord")


TRUTH = TypeAdapter(KnownDocument)


@cases("case")
def test_what_was_read_is_judged(case: dict[str, Any]) -> None:
    records = [{"kind": "measure", "ref": None, **row} for row in case["known"]]
    truth = TRUTH.validate_python({"records": records, **case.get("truth", {})})
    items = [item(ref, title, page or None) for ref, title, page in case.get("read", ())]
    read = parsed(*items, paged=case.get("paged", True)) if "read" in case else None
    scored = compute_scores(read, truth)
    assert {name: shares(scored, name) for name in case["shares"]} == case["shares"]
    told = {
        "missed": [pair.known.ref for pair in scored.missed],
        "read_instead": [pair.item and pair.item.title for pair in scored.missed],
        "false": [found.title for found in scored.false],
        "decoys": list(scored.decoys),
    }
    assert {name: told[name] for name in case.keys() & told} == {
        name: case[name] for name in case.keys() & told
    }


def test_surplus_records_are_false_and_strange_ones_told_apart() -> None:
    truth = catalogue(known("1", "Jobticket", 3))
    read = parsed(
        item("1", "Jobticket", 3),
        item("1", "Jobticket", 3),
        item("1", "Summe der Aktiva", 8),
        item("Ziel", "Ganz anderes", 2, ItemKind.GOAL),
        item("2", "Abschnitt", 2, ItemKind.SECTION),
        item("Archiv", "Altes", 9, ItemKind.PROJECT, status=ItemStatus.ARCHIVED),
    )
    scored = compute_scores(read, truth)
    assert shares(scored, "right", "false", "stray") == "1/1 3/4 3/4"
    assert [value.title for value in scored.false] == [
        "Jobticket",
        "Summe der Aktiva",
        "Ganz anderes",
    ]


def test_figures_add_up_and_know_their_names() -> None:
    total = add_up(
        [
            ReadingFigures({"right": Share(1, 2)}),
            ReadingFigures({"right": Share(2, 2), "false": Share(1, 3)}),
        ]
    )
    assert total["right"].value == 0.75
    assert (str(total["right"]), str(total["false"]), total["title"].value) == (
        "3 of 4",
        "1 of 3",
        None,
    )
    with pytest.raises(KeyError, match="rigth"):
        ReadingFigures({"rigth": Share(1, 1)})
    with pytest.raises(KeyError):
        total["rigth"]
