"""What papers print of themselves is quoted: signature, vote, term, total, payer and cycle; what they
do not print is said not to be named.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from ingest import IngestRequest, run_ingest
from service import load_settings
from service.answering import AnswerService
from service.records import Answer, AnswerStatus, ChatRequest
from tests.answering.conftest import Ask
from tests.answering.made_papers import service_over
from tests.answering.shapes import refs
from vectorstore import EditionStore

MOTION = """---
herausgeber: Fraktion Moorau Mitte
---

# Antrag der Fraktion Moorau Mitte: Bänke am Kanal

Moorau, den 3. Mai 2026

## Beschlussvorschlag

Die Verwaltung stellt zehn Bänke am Kanal auf. Die Kosten trägt der Heimatverein.

## Begründung

Am Kanal fehlen Plätze zum Ausruhen.

Abstimmungsergebnis: 17 Ja, 4 Nein

Mit freundlichen Grüßen

Ada Muster

Vorsitzende
"""
REPORT = """# Gartenreport Moorau

Stand: 1. Oktober 2025

Herausgeber: Stadt Moorau

## Wie der Report entsteht

Es ist vorgesehen, den Report zweimal im Jahr zu aktualisieren.

Die Laufzeit des Reports reicht bis 2031. Die Gesamtkosten belaufen sich auf 1,2 Mio. Euro.

Ein Buslinienbericht wird jährlich erstellt.

Der Gartenreport wurde im Auftrag der Stadt vom Büro Blattwerk erarbeitet.

## 1 Beete und Bäume

### 1.1 umgesetzte Projekte

#### 1.1.1 Obstwiese am Wall

Projektbeschreibung:

Auf der Wiese stehen vierzig Bäume.

Laufzeit:

Bis 2040, die Gesamtkosten sind 9.000 Euro.

### 1.2 Projekte in Planung

#### 1.2.1 Beete vor der Schule

Projektbeschreibung:

Die Klassen pflegen sie selbst.

Laufzeit:

Bis 2028, die Gesamtkosten sind 3.000 Euro.
"""


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AnswerService]:
    papers = {"antrag.md": MOTION, "gartenreport.md": REPORT}
    with service_over(tmp_path_factory.mktemp("printed"), papers) as opened:
        yield opened


def ask(service: AnswerService, question: str) -> Answer:
    return service.answer(ChatRequest(question=question))


@pytest.mark.parametrize(
    ("question", "quote"),
    [
        ("Wer hat den Antrag unterschrieben?", "Ada Muster"),
        ("Wie wurde über den Antrag abgestimmt?", "17 Ja, 4 Nein"),
        ("Wie oft erscheint der Gartenreport?", "zweimal im Jahr"),
        ("Welche Laufzeit hat der Gartenreport?", "bis 2031"),
        ("Welche Gesamtkosten nennt der Gartenreport?", "1,2 Mio. Euro"),
        ("Was kostet alles zusammen?", "1,2 Mio. Euro"),
        ("Wer zahlt den Antrag?", "trägt der Heimatverein"),
        ("Welches Büro hat den Gartenreport erstellt?", "vom Büro Blattwerk"),
        ("Auf welchem Stand ist der Gartenreport und welches Büro war es?", "vom Büro Blattwerk"),
        ("Warum wurde der Antrag gestellt?", "Am Kanal fehlen Plätze"),
        ("Wie begründet die Fraktion den Antrag?", "Am Kanal fehlen Plätze"),
        ("Wurde dem Antrag zugestimmt?", "17 Ja, 4 Nein"),
        # a motion is on one subject, and an edition is the paper
        ("Wie wurde über den Antrag zu den Bänken abgestimmt?", "17 Ja, 4 Nein"),
        ("Wann kommt die nächste Ausgabe des Gartenreports?", "zweimal im Jahr"),
    ],
)
def test_what_a_paper_prints_is_found_and_nothing_else(
    service: AnswerService, question: str, quote: str
) -> None:
    answer = ask(service, question)
    assert answer.status is AnswerStatus.FOUND
    quotes = [" ".join(citation.quote.split()) for citation in answer.citations]
    assert len(quotes) == 1 and quote in quotes[0] and "Buslinien" not in quotes[0]


@pytest.mark.parametrize(
    ("question", "missing"),
    [
        ("Wer hat den Gartenreport unterschrieben?", "Wer unterschrieben hat, ist"),
        ("Wie wurde über den Gartenreport abgestimmt?", "Wie abgestimmt wurde, ist"),
        ("Welche Laufzeit hat der Antrag?", "Eine Laufzeit ist"),
        ("Wie oft erscheint der Antrag?", "Wie oft oder wann"),
        ("Wer zahlt den Gartenreport?", "Wer es bezahlt, ist"),
    ],
)
def test_what_it_does_not_print_is_not_named(
    service: AnswerService, question: str, missing: str
) -> None:
    answer = ask(service, question)
    assert answer.status is AnswerStatus.NOT_IN_DOCUMENTS and answer.answer.startswith(missing)
    assert "nicht genannt" in answer.answer


def test_where_neither_paper_nor_records_print_amounts_no_total_is_named(tmp_path: Path) -> None:
    with service_over(tmp_path, {"antrag.md": MOTION}) as service:
        answer = ask(service, "Was kostet alles zusammen?")
    assert answer.status is AnswerStatus.NOT_IN_DOCUMENTS
    assert answer.answer.startswith("Eine Gesamtsumme ist darin nicht genannt.")


def test_records_that_are_named_are_listed_with_their_amounts(service: AnswerService) -> None:
    answer = ask(service, "Was kosten alle Projekte zusammen?")
    assert refs(answer) == ["1.1.1", "1.2.1"] and "nicht zusammengerechnet" in answer.answer


def test_of_two_facts_the_missing_one_is_told(service: AnswerService) -> None:
    answer = ask(service, "Wer hat den Gartenreport bezahlt und wie oft erscheint er?")
    assert answer.answer.startswith("Wer es bezahlt, ist darin nicht genannt.")
    assert "zweimal im Jahr" in answer.citations[0].quote


def test_without_a_printed_author_the_publisher_is_told(service: AnswerService) -> None:
    answer = ask(service, "Wer hat den Antrag geschrieben?")
    assert "eingebracht von" in answer.answer and "Blattwerk" not in answer.answer


def test_when_a_paper_was_made_does_not_ask_who_made_it(service: AnswerService) -> None:
    assert "Blattwerk" not in ask(service, "Wann wurde der Gartenreport erstellt?").answer


def test_who_pays_without_saying_what_is_asked_back(service: AnswerService) -> None:
    assert ask(service, "Wer zahlt das?").status is AnswerStatus.NEEDS_CLARIFICATION


def test_who_puts_a_motion_forward_is_no_publisher(service: AnswerService) -> None:
    answer = ask(service, "Wer hat den Antrag gestellt?")
    assert "eingebracht von" in answer.answer and "Moorau Mitte" in answer.answer


def test_the_last_edition_is_told_with_its_date(service: AnswerService) -> None:
    answer = ask(service, "Wann erscheint der nächste Gartenreport?")
    assert "Stand 01.10.2025" in answer.answer and "/aenderungen" in answer.answer


def test_a_record_or_a_topic_is_no_question_on_the_paper(service: AnswerService) -> None:
    for question in (
        "Welche Laufzeit hat die Obstwiese am Wall im Gartenreport?",
        "Wie oft werden laut Gartenreport die Beete gepflegt?",
    ):
        answer = ask(service, question)
        assert "bis 2031" not in answer.answer and "nicht genannt" not in answer.answer


def test_without_an_earlier_edition_the_status_is_listed(service: AnswerService) -> None:
    answer = ask(service, "Welche Projekte wurden seit der letzten Überarbeitung abgeschlossen?")
    assert answer.status is AnswerStatus.FOUND and refs(answer) == ["1.1.1"]
    assert answer.answer.startswith("Eine frühere Ausgabe") and "/aenderungen" in answer.answer


def test_without_an_earlier_edition_nothing_is_called_new(service: AnswerService) -> None:
    answer = ask(service, "Was ist neu seit dem letzten Bericht?")
    assert answer.status is AnswerStatus.NOT_IN_DOCUMENTS
    assert answer.answer.startswith("Eine frühere Ausgabe") and "/aenderungen" in answer.answer


@pytest.mark.parametrize("question", ["Was bedeutet 80.02?", "Wofür steht 80.02?"])
def test_a_code_that_a_legend_explains_is_told_by_it(question: str, ask: Ask) -> None:
    answer = ask(question)
    assert answer.status is AnswerStatus.ANSWERED
    assert answer.answer.startswith("80.02 steht für Mobilität")
    assert [citation.quote for citation in answer.citations] == ["80.02 Mobilität"]


def test_whether_a_proposal_was_adopted_is_told_by_its_status(tmp_path: Path) -> None:
    register = (
        '[[document]]\nid = "programm"\nfile = "programm.md"\ntitle = "Radprogramm Moorau"\n'
        'publisher = "Stadt Moorau"\nkind = "programme"\nstatus = "proposed"\n'
    )
    (tmp_path / "programm.md").write_text("# Radprogramm Moorau\n\nDie Stadt baut Wege.")
    (tmp_path / "corpus.toml").write_text(register, encoding="utf-8")
    store = EditionStore(tmp_path / "editions")
    run_ingest(IngestRequest(manifest=tmp_path / "corpus.toml"), store)
    with closing(store.open()) as edition:
        asked = AnswerService(edition, load_settings(data_dir=store.root))
        answer = ask(asked, "Ist das Radprogramm Moorau schon beschlossen?")
    assert answer.status is AnswerStatus.ANSWERED and answer.answer.startswith("Noch nicht")
    assert "ein Vorschlag, nicht beschlossen" in answer.answer  # it is no motion
