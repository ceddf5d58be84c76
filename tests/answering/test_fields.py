"""Answers from the fields of sheets: who, how far, until when, how much, for whom; each field quoted with its label."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from ingest.job import IngestRequest, run_ingest
from service.answering.service import AnswerService
from service.models import Answer, AnswerStatus, ChatRequest
from service.settings import load_settings
from tests.answering.conftest import Ask
from vectorstore.editions import EditionStore

SHEETS = (
    ("Solardächer auf Schulen", "Amt für Gebäude", "Stadtwerke Musterstadt", "2026 bis 2029", "412.000 Euro",
     "Schulen und Eltern", "Zwei Dächer sind belegt, das dritte wird geprüft.",
     "Auf sechs Schulen entstehen Anlagen für Strom. Der Strom wird im Haus verbraucht."),
    ("Leihräder am Bahnhof", "Amt für Verkehr", "Radverein Musterstadt", "bis Ende 2027", "60.000 Euro",
     "Pendlerinnen und Pendler", "Die Ausschreibung läuft seit März 2026.",
     "Am Bahnhof stehen vierzig Räder bereit. Sie werden per Karte geliehen."),
    ("Bäume in der Altstadt", "Amt für Grünflächen", "Bürgerverein Altstadt", "ab 2026", "88.000 Euro",
     "Menschen in der Altstadt", "Noch nicht begonnen.",
     "Fünfzig Bäume spenden Schatten. Im Sommer kühlen sie die Plätze."),
    ("Beratung zum Heizen", "Klimaschutzstelle", "Verbraucherzentrale", "dauerhaft", "25.000 Euro im Jahr",
     "Private Haushalte", "Bisher 120 Beratungen.",
     "Eine Fachkraft kommt ins Haus. Sie zeigt, wo Wärme verloren geht."),
)  # fmt: skip
TITLES = {f"M {number}": values[0] for number, values in enumerate(SHEETS, start=1)}
LABELS = ("Zuständig", "Beteiligte", "Zeitraum", "Kosten", "Zielgruppe", "Sachstand", "Beschreibung")


def sheet(number: int, title: str, *values: str) -> str:
    fields = "\n".join(f"{label}: {value}" for label, value in zip(LABELS, values, strict=True))
    return f"## M {number} {title}\n\n{fields}\n"


@pytest.fixture(scope="module")
def plan(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ask]:
    """Ask over a plan of labelled sheets, read as any paper."""
    folder = tmp_path_factory.mktemp("plan")
    paper = folder / "klimaplan.md"
    sheets = [sheet(number, *one) for number, one in enumerate(SHEETS, start=1)]
    paper.write_text("\n".join(["# Klimaplan Musterstadt\n", *sheets]), encoding="utf-8")
    store = EditionStore(folder / "data")
    run_ingest(IngestRequest(paths=(paper,)), store)
    edition = store.open()
    service = AnswerService(edition, load_settings(data_dir=store.root))

    def asked(question: str) -> Answer:
        return service.answer(ChatRequest(question=question))

    yield asked
    edition.close()


@pytest.mark.parametrize(
    ("question", "ref", "first"),
    [
        ("Wer ist für die Leihräder am Bahnhof zuständig?", "M 2", "Zuständig: Amt für Verkehr."),
        ("Wer kümmert sich um die Bäume in der Altstadt?", "M 3", "Zuständig: Amt für Grünflächen."),
        ("Wie weit sind die Solardächer auf Schulen?", "M 1", "Sachstand: Zwei Dächer sind belegt"),
        ("Was kosten die Leihräder am Bahnhof?", "M 2", "Kosten: 60.000 Euro."),
        ("Welche Zielgruppe hat die Beratung zum Heizen?", "M 4", "Zielgruppe: Private Haushalte."),
    ],
)
def test_the_field_asked_for_is_told_first(plan: Ask, question: str, ref: str, first: str) -> None:
    answer = plan(question)
    assert answer.status is AnswerStatus.ANSWERED
    assert answer.answer.startswith(f"Maßnahme {ref} {TITLES[ref]}: {first}")
    assert {one.ref for one in answer.citations} == {ref}
    assert answer.citations[0].quote.rstrip(".") in answer.answer


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("Bis wann läuft das mit den Leihrädern?", "bis Ende 2027"),
        ("Wer arbeitet bei den Leihrädern mit?", "Radverein Musterstadt"),
    ],
)
def test_what_is_asked_for_is_told(plan: Ask, question: str, said: str) -> None:
    answer = plan(question)
    assert said in answer.answer
    assert any(said in one.quote for one in answer.citations)


def test_a_field_is_told_once_and_apart_from_its_neighbours(plan: Ask) -> None:
    for title, *_ in SHEETS:
        for question in (f"Wie lange dauert {title}?", f"Was ist {title}?", f"Wer macht {title}?"):
            quotes = [one.quote for one in plan(question).citations]
            assert len(quotes) == len(set(quotes)), question
            assert not any(f"{label}:" in one for one in quotes for label in LABELS), question


def test_a_number_to_call_is_not_made_up(plan: Ask) -> None:
    answer = plan("Welche Telefonnummer hat die Stelle für die Leihräder am Bahnhof?")
    assert answer.status is not AnswerStatus.ANSWERED
