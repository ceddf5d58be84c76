"""A paper without a register, alone in its edition: what it says of itself, explains, and ranks."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from ingest.job import IngestRequest, run_ingest
from service.answering.service import AnswerService
from service.answering.understanding.defining import term_of
from service.models import Answer, AnswerMode, AnswerStatus, ChatRequest
from service.settings import load_settings
from tests.answering.conftest import Ask
from tests.answering.shapes import data
from tests.answering.single import write_paper
from vectorstore.editions import EditionStore


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ask]:
    """Ask a question over the one paper."""
    folder = tmp_path_factory.mktemp("alone")
    store = EditionStore(folder / "data")
    run_ingest(IngestRequest(paths=(write_paper(folder),)), store)
    edition = store.open()
    service = AnswerService(edition, load_settings(data_dir=store.root))
    yield lambda question: service.answer(ChatRequest(question=question))
    edition.close()


def _first(answer: Answer) -> str:
    return answer.answer.split(" [1]")[0]


def test_publisher_and_date_are_told_at_once_from_imprint_and_title_page(asked: Ask) -> None:
    answer = asked("Wer hat das Konzept herausgegeben und von wann ist es?")
    assert answer.status is AnswerStatus.ANSWERED
    assert "Stadt Mühlenranft Stabsstelle Klima" in answer.answer and "„Stand: Mai 2025“" in answer.answer
    assert [one.quote.split()[0] for one in answer.citations] == ["Stadt", "Stand:"]


@pytest.mark.parametrize("name", ["das Papier", "das Hitzeschutzkonzept", "das Konzept"])
def test_the_only_paper_is_meant_by_any_noun_for_papers(asked: Ask, name: str) -> None:
    assert "unterzeichnet von: Wilma Beispiel" in asked(f"Wer hat {name} unterschrieben?").answer


def test_another_paper_is_not_this_one(asked: Ask) -> None:
    assert "unterzeichnet" not in asked("Wer hat das Radverkehrskonzept unterschrieben?").answer


def test_a_summary_is_parts_and_introduction(asked: Ask) -> None:
    answer = asked("Worum geht es in dem Papier?").answer
    assert "M 3 Hitzetelefon für Alleinlebende" in answer and "Es richtet sich an die Verwaltung" in answer


def test_how_a_vote_went_is_not_in_the_paper(asked: Ask) -> None:
    answer = asked("Wie ist über das Konzept abgestimmt worden?")
    assert answer.status is AnswerStatus.NOT_IN_DOCUMENTS and answer.citations == []


@pytest.mark.parametrize("body", ["vom Rat", "im Stadtrat", ""])
def test_whether_a_council_adopted_it_is_asked_of_the_paper(asked: Ask, body: str) -> None:
    assert "Wie verbindlich" in asked(f"Wurde das Konzept {body} beschlossen?").answer


def test_what_nothing_says_of_its_force_is_said_so(asked: Ask) -> None:
    answer = asked("Ist das Konzept verbindlich?").answer
    assert "steht nicht darin" in answer and not answer.startswith(("Ja", "Nein"))


RANKED = [
    (
        "Welche Maßnahme ist die teuerste?",
        "M 2 Schattendächer an Haltestellen: 340.000 Euro",
        ["M 2", "M 1", "M 5", "M 3"],
    ),
    ("Which measure is the cheapest?", "M 3 Hitzetelefon für Alleinlebende: 45.000 Euro", ["M 3", "M 5", "M 1", "M 2"]),
    ("Welche Maßnahme beginnt als letzte?", "M 4 Kühle Räume im Bestand: 2029 bis 2031", ["M 4"]),
    ("Welche Maßnahme endet am frühesten?", "M 3 Hitzetelefon für Alleinlebende: 2025 bis 2026", ["M 3", "M 2"]),
]


@pytest.mark.parametrize(("question", "begins", "refs"), RANKED)
def test_records_are_ranked_by_what_they_state(asked: Ask, question: str, begins: str, refs: list[str]) -> None:
    answer = asked(question)
    assert answer.mode is AnswerMode.COMPUTED and begins in _first(answer)
    assert [row["ref"] for row in data(answer).rows][: len(refs)] == refs
    assert all(row["citations"] for row in data(answer).rows)


def test_a_ranking_says_how_many_records_state_it(asked: Ask) -> None:
    assert "die 4 von 5 Maßnahmen, die einen Betrag nennen" in asked("Welche Maßnahme ist die teuerste?").answer


@pytest.mark.parametrize(
    "question", ["Welche Maßnahmen haben die höchste Priorität?", "Was ist die wichtigste Maßnahme?"]
)
def test_what_matters_most_is_the_printed_priority(asked: Ask, question: str) -> None:
    answer = asked(question)
    assert "(„+++“): M 2 Schattendächer an Haltestellen" in answer.answer
    assert [row["ref"] for row in data(answer).rows] == ["M 2", "M 3"]


def test_what_a_paper_calls_most_important_is_told_in_its_words(asked: Ask) -> None:
    answer = asked("Was sind die wichtigsten Ziele?")
    assert (
        "Eine Rangfolge ist nicht gedruckt" in answer.answer
        and "Wichtigstes Ziel ist der Schutz alter Menschen" in answer.answer
    )


@pytest.mark.parametrize(
    ("question", "begins"),
    [
        ("Welches Amt hat die meisten Maßnahmen?", "Tiefbauamt"),
        ("Welches Amt hat die wenigsten Maßnahmen?", "Gebäudeamt"),
        ("In welchem Handlungsfeld gibt es die meisten Maßnahmen?", "Aufenthalt"),
    ],
)
def test_groups_are_ranked_by_their_records(asked: Ask, question: str, begins: str) -> None:
    answer = asked(question)
    assert answer.answer.startswith(begins) and "Gezählt über 5 Maßnahmen" in answer.answer


EXPLAINED = [
    ("Was ist eine Klimainsel?", "Eine Klimainsel ist ein bepflanzter Platz mit Schatten und Wasser", "Eine"),
    ("Was versteht man unter einer Klimainsel?", "Eine Klimainsel ist ein bepflanzter Platz", "Eine"),
    ("Wofür steht HM?", "HM steht für Hitzemanagement: ", "Das"),
    ("Erklär mir bitte die Abkürzung HM.", "HM steht für Hitzemanagement: ", "Das"),
    ("What does HM stand for?", "HM stands for Hitzemanagement: ", "Das"),
]


@pytest.mark.parametrize(("question", "begins", "quote"), EXPLAINED)
def test_a_term_is_explained_in_the_paper_s_own_words(asked: Ask, question: str, begins: str, quote: str) -> None:
    answer = asked(question)
    assert answer.answer.startswith(begins) and answer.mode is AnswerMode.EXTRACTIVE
    assert answer.citations[0].quote.startswith(quote)
    assert "Hitzeschutzkonzept der Stadt Mühlenranft" in answer.answer


def test_what_no_paper_explains_is_told_as_far_as_it_is_said(asked: Ask) -> None:
    assert "Hitzetelefon" in asked("Was ist das Hitzetelefon?").answer
    assert asked("Was ist ein Quantencomputer?").status is AnswerStatus.NOT_IN_DOCUMENTS


@pytest.mark.parametrize(
    ("question", "term"),
    [
        ("Was genau ist eine Klimainsel bei Ihnen?", "Klimainsel"),
        ("Wer oder was ist Bruno?", "Bruno"),
        ("what is a Klimainsel?", "Klimainsel"),
        ("Was ist der Stand der Maßnahme M 2?", ""),
        ("Was ist das Ziel der Maßnahme?", ""),
        ("Was ist geplant?", ""),
        ("Was ist mit dem Bus?", ""),
    ],
)
def test_terms_are_told_from_other_questions(question: str, term: str) -> None:
    assert term_of(question) == term


def test_the_paper_is_named_once_behind_what_it_says(asked: Ask) -> None:
    answer = asked("Was ist das Hitzetelefon?")
    assert answer.mode is AnswerMode.EXTRACTIVE and len(answer.citations) >= 1
    assert answer.answer.count("Hitzeschutzkonzept der Stadt Mühlenranft") == 1
    assert "(Hitzeschutzkonzept der Stadt Mühlenranft, Stand 01.05.2025)" in answer.answer
