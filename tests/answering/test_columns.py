"""Columns of a project list with marks ("x") or texts are fields, by which records are chosen."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import pytest

from ingest import IngestRequest, run_ingest
from service import load_settings
from service.answering import AnswerService
from service.records import Answer, AnswerStatus, ChatRequest
from tests.answering.shapes import data, refs
from vectorstore import EditionStore

HEADS = ("Nr.", "Projekt", "Umgesetzt", "In Planung", "Zusammenarbeit mit Kommunen", "Barrierearm")
# number, title, statuses, what is done with municipalities, whether it is accessible
ROWS = (
    ("1.1", "Leihräder am Markt", "x", "", "Runde der Bauhöfe", "x"),
    ("1.2", "Hofladen im Rathaus", "", "x", "", "x"),
    ("1.3", "Lesegarten", "", "x", "x", ""),
    ("1.4", "Werkstatt der Vereine", "x", "", "", ""),
)


def paper() -> str:
    """Return a report with a sheet of each project and a list of them."""
    lines = ["# Bericht Moorau"]
    for number, title, *_ in ROWS:
        text = f"{title} wird von der Stadt gebaut."
        lines += [f"## {number} {title}", f"**Beschreibung:** {text}", "**Ort:** Moorau"]
    lines.append("## Projektliste")
    table = (HEADS, ("---",) * len(HEADS), *ROWS)
    lines.append("\n".join(f"| {' | '.join(row)} |" for row in table))
    return "\n\n".join(lines)


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AnswerService]:
    folder = tmp_path_factory.mktemp("columns")
    path = folder / "bericht.md"
    path.write_text(paper(), encoding="utf-8")
    store = EditionStore(folder / "editions")
    run_ingest(IngestRequest((path,)), store)
    with closing(store.open()) as edition:
        yield AnswerService(edition, load_settings(data_dir=store.root))


def ask(service: AnswerService, question: str) -> Answer:
    return service.answer(ChatRequest(question=question))


def test_marks_are_fields_and_no_partners(service: AnswerService) -> None:
    items = {item.ref: item for item in service.corpus.catalogue.items if item.table_row}
    marked = {
        ref: [field.label for field in item.fields if field.text == "x" and not field.field]
        for ref, item in items.items()
    }
    assert marked == {"1.1": ["Barrierearm"], "1.2": ["Barrierearm"], "1.3": [], "1.4": []}
    assert items["1.1"].cooperation == "Runde der Bauhöfe" and items["1.3"].cooperation is None


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Welche Projekte haben eine Zusammenarbeit mit Kommunen?", ["1.1", "1.3"]),
        ("Welche haben eine interkommunale Zusammenarbeit?", ["1.1", "1.3"]),
        ("Welche Projekte haben keine Zusammenarbeit mit Kommunen?", ["1.2", "1.4"]),
        ("Welche Projekte sind barrierearm?", ["1.1", "1.2"]),
    ],
)
def test_records_are_chosen_by_a_column(
    service: AnswerService, question: str, expected: list[str]
) -> None:
    answer = ask(service, question)
    assert answer.status is AnswerStatus.ANSWERED and refs(answer) == expected
    assert "Spalte „" in answer.answer
    assert all("\t" in citation.quote for citation in answer.citations)  # rows of the list


def test_a_column_and_a_status_are_both_met(service: AnswerService) -> None:
    answer = ask(service, "Welche umgesetzten Projekte haben eine Zusammenarbeit mit Kommunen?")
    assert refs(answer) == ["1.1"] and data(answer).total == 1


def test_a_topic_beside_the_column_is_not_lost(service: AnswerService) -> None:
    answer = ask(service, "Welche Projekte zum Lesegarten haben eine Zusammenarbeit mit Kommunen?")
    assert "Spalte" not in answer.answer
