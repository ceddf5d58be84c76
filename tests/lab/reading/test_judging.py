"""Which records are right, missed and false, on values made by hand."""

from __future__ import annotations

import pytest

from evals.metrics.statements import normalize_text
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


def test_a_record_is_right_with_number_title_and_page() -> None:
    truth = catalogue(known("M 1", "Jobticket", 3, 4), known("M 2", "Solaratlas", 5))
    scored = compute_scores(
        parsed(item("M 01", "JOB-ticket", 4), item("M 2", "Solaratlas", 5)), truth
    )
    assert (
        shares(scored, "read", "right", "number", "title", "page", "false", "stray")
        == "1/1 2/2 2/2 2/2 2/2 0/2 0/2"
    )
    assert not scored.missed and not scored.false


def test_what_is_nearly_right_is_missed_and_false_and_counted_in_its_parts() -> None:
    truth = catalogue(
        known("M 1", "Jobticket", 3), known("M 2", "Solaratlas", 5), known("M 3", "Moorschutz", 6)
    )
    read = parsed(
        item("M 1", "Jobticket", 4),
        item("M 2", "Solaratlas kurzfristig", 5),
        item("M 9", "Moorschutz", 6),
    )
    scored = compute_scores(read, truth)
    names = ("right", "number", "title", "page", "false", "stray")
    assert shares(scored, *names) == "0/3 2/3 2/3 2/3 3/3 0/3"
    assert [pair.known.ref for pair in scored.missed] == ["M 1", "M 2", "M 3"]
    assert [pair.item.title for pair in scored.missed if pair.item][1] == "Solaratlas kurzfristig"


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


def test_as_many_are_right_as_there_can_be() -> None:
    truth = catalogue(known("1", "Netz", 3), known("1", "Netz", 4))
    assert (
        shares(compute_scores(parsed(item("1", "Netz", 4), item("1", "Netz", 3)), truth), "right")
        == "2/2"
    )
    assert (
        shares(
            compute_scores(parsed(item("1", "Netz", 4), item("1", "Netz", 4)), truth),
            "right",
            "false",
        )
        == "1/2 1/2"
    )


def test_other_readings_and_the_wording_of_the_overview_are_right() -> None:
    truth = catalogue(known("3", "Netz", 3, ref_also=("3/12",), title_overview="Wärmenetz"))
    assert (
        shares(compute_scores(parsed(item("3/12", "Wärmenetz", 3)), truth), "right", "false")
        == "1/1 0/1"
    )


def test_records_without_a_number_are_matched_by_title() -> None:
    truth = catalogue(known(None, "Netz", 3))
    assert (
        shares(compute_scores(parsed(item("Netz", "Netz", 3)), truth), "right", "number")
        == "1/1 0/0"
    )
    assert (
        shares(compute_scores(parsed(item("3", "Anderes", 3)), truth), "right", "stray")
        == "0/1 1/1"
    )


def test_pages_are_not_judged_where_there_are_none() -> None:
    record = item("M 1", "Jobticket", None)
    assert (
        shares(
            compute_scores(parsed(record, paged=False), catalogue(known("M 1", "Jobticket", 3))),
            "right",
            "page",
        )
        == "1/1 0/0"
    )
    assert (
        shares(
            compute_scores(parsed(record), catalogue(known("M 1", "Jobticket"))), "right", "page"
        )
        == "1/1 0/0"
    )
    assert (
        shares(
            compute_scores(parsed(record), catalogue(known("M 1", "Jobticket", 3))), "right", "page"
        )
        == "0/1 0/1"
    )


def test_uncertain_records_are_neither_missed_nor_false() -> None:
    truth = catalogue(known("M 1", "Jobticket", 3), known("M 2", "Netz", 4, uncertain=True))
    without = compute_scores(parsed(item("M 1", "Jobticket", 3)), truth)
    beside = compute_scores(
        parsed(item("M 1", "Jobticket", 3), item("M 2", "Netz am Ort", 4)), truth
    )
    for scored in (without, beside):
        assert shares(scored, "right", "number", "title", "false") == "1/1 1/1 1/1 0/1"
        assert not scored.missed and not scored.false


def test_a_paper_that_could_not_be_read_has_missed_everything() -> None:
    truth = catalogue(known("M 1", "Jobticket", 3, responsible=("Bauamt",)), body=("Ein Satz.",))
    scored = compute_scores(None, truth)
    assert (
        shares(scored, "read", "right", "page", "responsible", "body", "false", "counts")
        == "0/1 0/1 0/1 0/1 0/1 0/0 0/0"
    )


def test_look_alikes_that_became_records_are_counted() -> None:
    truth = catalogue(
        known("1", "Netz", 1),
        not_records=("Abbildung 3: Netz der Busse", "Tabelle 1: Kosten", "Netz"),
    )
    scored = compute_scores(parsed(item("1", "Netz"), item("3", "Netz der Busse", 2)), truth)
    assert scored.decoys == ("Abbildung 3: Netz der Busse",)
    assert shares(scored, "decoys") == "1/3"


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
