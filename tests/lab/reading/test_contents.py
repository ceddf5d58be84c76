"""Fields, counts, texts and front matter, on values made by hand."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from lab.reading.catalogue import KnownMetadata
from lab.reading.measurements import FIELDS
from lab.reading.scoring import compute_scores
from tests.ingest.cases import cases
from tests.lab.reading.made import catalogue, family, item, known, parsed
from tests.lab.reading.test_judging import shares
from vectorstore.records import Coverage, DocumentStatus, Field, ItemKind, MetadataFact

TRUTH = catalogue(
    known(
        "M 1",
        "Jobticket",
        1,
        responsible=("Bauamt", "Amt für Rad-Verkehr"),
        partners=("Schulen", "Vereine, Verbände"),
        period="2026 bis 2030",
        cost="12.000 Euro",
        priority="hoch",
        status="in Bearbeitung",
    )
)


AS_PRINTED = {
    "responsible": ("Amt für Radverkehr", "BAUAMT"), "cooperation": "Schulen, Vereine, Verbände",
    "period": "2026  bis 2030", "cost": "12.000 Euro", "priority": "Hoch",
    "fields": (Field("Stand", "in Bearbeitung", "status"),),
}  # fmt: skip
MORE = {
    "responsible": ("Bauamt", "Amt für Radverkehr", "Kosten"), "cooperation": "Schulen, Vereine, Verbände, Kosten",
    "period": "2026 bis 2030 Kosten", "cost": "ca. 12.000 Euro", "priority": "hoch mittel gering",
    "status_heading": "Projekte in Bearbeitung",
}  # fmt: skip


@pytest.mark.parametrize(("fields", "share"), [(AS_PRINTED, "1/1"), (MORE, "0/1")])
def test_fields_as_printed_are_right_and_more_than_is_printed_is_not(
    fields: dict[str, Any], share: str
) -> None:
    scored = compute_scores(parsed(item("M 1", "Jobticket", **fields)), TRUTH)
    assert shares(scored, *FIELDS) == " ".join([share] * 6)


def test_fields_of_a_record_that_was_missed_are_missed_and_unprinted_ones_not_asked_for() -> None:
    nothing = compute_scores(parsed(item("M 2", "Anderes")), TRUTH)
    assert shares(nothing, *FIELDS) == " ".join(["0/1"] * 6)
    unprinted = compute_scores(
        parsed(item("M 1", "Jobticket", cost="1 Euro")), catalogue(known("M 1", "Jobticket", 1))
    )
    assert shares(unprinted, *FIELDS) == " ".join(["0/0"] * 6)


COMPLETE = {"yes": True, "no": False, "unknown": None}


@cases("counts", "said")
def test_a_count_is_right_or_marked(counts: tuple[tuple[Any, ...], ...], said: str) -> None:
    families = [
        family(found, COMPLETE[complete], *map(ItemKind, kind)) for found, complete, *kind in counts
    ]
    truth = catalogue(known("1", "a"), known("2", "b"), known("3", "c", uncertain=True))
    scored = compute_scores(parsed(families=families), truth)
    assert (
        shares(scored, "counts", "confident wrong", "doubted") == said
        and shares(scored, "themes") == "0/0"
    )


def test_texts_are_looked_for_in_single_passages() -> None:
    truth = catalogue(
        body=("Der Rad-verkehr wächst.", "Ein Satz über zwei Passagen.", "Fehlt ganz."),
        table_rows=(("Jobticket", "", "Bauamt"), ("Jobticket", "Tiefbauamt")),
        hidden=("Geheimes", "Verborgenes"),
    )
    passages = ("Der Radver-\nkehr wächst. Ein Satz über", "zwei Passagen.", "Jobticket | Bauamt")
    hiding = item("1", "Netz", fields=(Field("Notiz", "ganz Ver\u00adborgenes hier"),))
    coverage = Coverage(body=80, furniture=10, contents=5, hidden=99, lost=5)
    scored = compute_scores(parsed(hiding, passages=passages, coverage=coverage), truth)
    assert shares(scored, "body", "rows", "hidden", "lost") == "1/3 1/2 1/2 5/100"


def test_furniture_is_a_line_of_a_passage_but_for_the_title_page() -> None:
    front = KnownMetadata(
        title="Klimaplan", publisher="Kreis Auenland", kind="plan", status=None, date=None
    )
    truth = catalogue(front=front, furniture=("Klimaplan", "Seite {n} von {m}", "- {n} -"))
    passages = (
        "Klimaplan\nKreis Auenland",
        "Text\nSeite 3 von 24\nText",
        "- 4 -",
        "Der Klimaplan\nsagt es",
        "Klima-\nplan",
    )
    assert shares(compute_scores(parsed(passages=passages), truth), "furniture") == "1/5"
    again = compute_scores(parsed(passages=(*passages, "Text\nKlimaplan")), truth)
    assert shares(again, "furniture") == "2/6"
    assert shares(compute_scores(parsed(passages=passages), catalogue()), "furniture") == "0/0"


def test_front_matter_counts_where_it_is_right_sure_or_proposed() -> None:
    known_front = KnownMetadata(
        title="Klima-Plan", publisher="Kreis Auenland", kind="concept", status=None, date="2026-05"
    )
    sure = [MetadataFact(name, "found", True) for name in ("title", "kind", "status", "as_of")]
    read = parsed(
        status=DocumentStatus.ADOPTED,
        as_of=date(2026, 5, 1),
        front=(*sure, MetadataFact("publisher", "found", False)),
    )
    scored = compute_scores(read, catalogue(front=known_front))
    names = ("title", "publisher", "kind", "status", "date")
    assert shares(scored, *(f"front {name}" for name in names)) == "1/1 1/1 0/1 0/0 1/1"
    assert shares(scored, *(f"front {name} wrong" for name in names)) == "0/1 0/0 1/1 1/1 0/1"
