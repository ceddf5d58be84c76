"""A list by a field is of all records only where most of them state the field; nothing is counted
by a field that none states, and none that was read wrongly is stated.
"""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from service.answering.query import Filters
from service.records import AnswerStatus
from tests.answering.conftest import OverTexts
from tests.answering.shapes import data, refs
from tests.injections.hostile import ask

TITLES = ("Leihräder", "Hofladen", "Lesegarten", "Werkstatt", "Rufbus", "Pflegelotsen")
YEARS = """# Finanzplan der Gemeinde Niederau

Beschlossen am 15. Dezember 2025.

| Nr. | Maßnahme | Kosten in T€ | | |
|---|---|---|---|---|
| | | 2026 | 2027 | 2028 |
| K 1 | Brücke am Wehr | 50 | 400 | 150 |
| K 2 | Kanal Talstraße | 120 | 80 | 0 |
| K 3 | Stadthalle | 0 | 300 | 2.600 |
"""


def report(partners: Sequence[str]) -> str:
    """A report with a sheet of each project, of which the last is in Bad Moorau, and a list of them
    with a column of municipalities.
    """
    lines = ["# Bericht des Kreises Seetal", "Stand: 1. Oktober 2025"]
    for number, title in enumerate(TITLES, 1):
        lines += [f"## 1.{number} {title}", f"**Beschreibung:** {title} gibt es seit dem Sommer."]
    lines += ["Die Räume liegen in Bad Moorau.", "## Projektliste"]
    rows = zip(TITLES, partners, strict=True)
    listed = [f"| 1.{number} | {title} | {name} |" for number, (title, name) in enumerate(rows, 1)]
    head = ["| Nr. | Projekt | Zusammenarbeit mit Kommunen |", "|---|---|---|"]
    return "\n\n".join([*lines, "\n".join([*head, *listed])])


def test_a_column_with_few_municipalities_lists_no_all(over_texts: OverTexts) -> None:
    partners = ["Bad Moorau, Uferlingen", "", "", "", "", ""]
    service = over_texts({"bericht.md": report(partners)})
    answer = ask(service, "Welche Projekte gibt es in Bad Moorau?")
    listed = service.tools().select(Filters(place="Bad Moorau"))
    assert answer.status is AnswerStatus.FOUND and refs(answer) == ["1.1"]
    assert data(answer).complete is False
    assert answer.answer.startswith("Nur 1 von 6 Einträgen nennen eine Kommune")
    assert listed.complete is None
    assert [notice.code for notice in listed.limits] == ["seldom_stated"]


def test_a_column_that_most_rows_fill_lists_all(over_texts: OverTexts) -> None:
    partners = ["Bad Moorau, Uferlingen", "Uferlingen", "alle Kommunen", "Uferlingen", "", ""]
    service = over_texts({"bericht.md": report(partners)})
    answer = ask(service, "Welche Projekte gibt es in Bad Moorau?")
    assert answer.status is AnswerStatus.ANSWERED and refs(answer) == ["1.1"]
    assert data(answer).complete is True


@pytest.mark.parametrize(
    ("question", "missing"),
    [
        ("Welche Maßnahme kostet 2028 am meisten?", "ein Datum"),
        ("Welche Maßnahmen kosten mehr als 100.000 Euro?", "einen Betrag"),
        ("Wie viele Maßnahmen kosten mehr als 100.000 Euro?", "einen Betrag"),
    ],
)
def test_nothing_is_computed_by_a_head_over_several_columns(
    over_texts: OverTexts, question: str, missing: str
) -> None:
    service = over_texts({"plan.md": YEARS})
    answer = ask(service, question)
    assert answer.status is AnswerStatus.FOUND and refs(answer) == ["K 1", "K 2", "K 3"]
    assert answer.answer.startswith(f"Kein Eintrag gibt lesbar {missing} an")
    assert data(answer).complete is False


def test_the_row_of_a_record_is_shown_without_a_wrong_amount(over_texts: OverTexts) -> None:
    service = over_texts({"plan.md": YEARS})
    answer = ask(service, "Wie viel Geld ist 2027 für die Brücke am Wehr vorgesehen?")
    items = [item for item in service.corpus.catalogue.items if item.ref.startswith("K")]
    assert "Brücke am Wehr 50 400 150" in answer.answer
    assert "T€" not in answer.answer and "kein Betrag" not in answer.answer
    assert [item.cost for item in items] == [None] * 3
