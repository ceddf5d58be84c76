"""Questions on documents themselves: date, authority, publisher, parts; and lists of documents."""

from __future__ import annotations

import pytest

from service.models import AnswerMode, AnswerStatus, DataKind
from tests.answering.conftest import Ask
from tests.answering.shapes import data
from tests.answering.truth import DRAFT, GOALS, MOTION, REPORT, truth

DATES = [
    ("Von wann ist der Nachhaltigkeitsbericht?", "01.03.2026"),
    ("Auf welchen Stichtag beziehen sich die Angaben im Nachhaltigkeitsbericht?", "01.03.2026"),
    ("Wie aktuell ist das Leitbild?", "10.06.2025"),
    ("Von wann sind die Strategischen Ziele?", "15.11.2025"),
    ("Von wann ist der Lärmschutzantrag?", "12.01.2026"),
    ("How old is the sustainability report?", "01.03.2026"),
    ("Wann wurde der Antrag gestellt?", "trägt das Datum 12.01.2026"),
    ("Wann hat die Grüne Mitte den Antrag eingereicht?", "trägt das Datum 12.01.2026"),
    ("Welches Datum trägt der Antrag?", "trägt das Datum 12.01.2026"),
    ("When was the motion filed?", "is dated 12.01.2026"),
    ("Von wann ist das Leitbild?", "hat den Stand 10.06.2025"),
]
UNDECIDED = [
    ("Ist das Leitbild beschlossen?", "ein Entwurf und nicht beschlossen"),
    ("Gilt das Leitbild schon, oder ist das nur ein Entwurf?", "ein Entwurf und nicht beschlossen"),
    ("Ist das Leitbild verbindlich?", "ein Entwurf und nicht beschlossen"),
    ("Is the mission statement final?", "a draft (Entwurf), not decided"),
]


@pytest.mark.parametrize(("question", "day"), DATES)
def test_the_date_of_a_document(ask: Ask, question: str, day: str) -> None:
    answer = ask(question)
    assert answer.status is AnswerStatus.ANSWERED and answer.mode is AnswerMode.COMPUTED
    assert day in answer.answer
    assert len({one.document_id for one in answer.citations}) == 1


def test_the_printed_date_is_quoted(ask: Ask) -> None:
    assert "01.03.2026" in ask("Von wann ist der Nachhaltigkeitsbericht?").citations[0].quote
    assert "10.06.2025" in ask("Von wann ist das Leitbild?").citations[0].quote


def test_a_document_without_a_date_says_so(ask: Ask) -> None:
    answer = ask("Von wann ist der Steckbrief?").answer
    assert "nennt kein Datum" in answer


@pytest.mark.parametrize(("question", "words"), UNDECIDED)
def test_a_draft_is_never_presented_as_decided(ask: Ask, question: str, words: str) -> None:
    answer = ask(question)
    assert words in answer.answer
    assert answer.citations[0].document_status == "draft"


@pytest.mark.parametrize(
    ("question", "begins"),
    [
        ("Ist das Leitbild verbindlich?", "Nein: "),
        ("Gilt das Leitbild schon, oder ist das nur ein Entwurf?", "Noch nicht: "),
        ("Is the mission statement final?", "No: "),
    ],
)
def test_whether_it_holds_is_told_first(ask: Ask, question: str, begins: str) -> None:
    assert ask(question).answer.startswith(begins)


@pytest.mark.parametrize(
    ("question", "standing"),
    [
        ("Was sagt das Leitbild zur Pflege?", "Entwurf, nicht beschlossen"),
        ("Wie hoch ist der Zuschuss für Schallschutzfenster?", "Antrag, nicht beschlossen"),
        ("Was sagt das Leitbild zur künstlichen Intelligenz?", "Entwurf, nicht beschlossen"),
    ],
)
def test_what_a_draft_or_motion_says_is_marked(ask: Ask, question: str, standing: str) -> None:
    assert standing in ask(question).answer


@pytest.mark.parametrize(
    ("question", "begins"),
    [
        ("Was sagt das Leitbild zur Pflege?", "(Entwurf): "),
        ("Wie hoch ist der Zuschuss für Schallschutzfenster?", "(beantragt): "),
        ("What does the draft mission statement say about artificial intelligence?", "(draft): "),
    ],
)
def test_a_draft_or_motion_says_so_before_its_words(ask: Ask, question: str, begins: str) -> None:
    assert begins in ask(question).answer.split("[1]")[0]


@pytest.mark.parametrize(
    "question",
    [
        "Wurde der Antrag der Grünen Mitte angenommen?",
        "Was ist aus dem Lärmschutzantrag geworden?",
        "Wie hat der Ausschuss am 24. Februar 2026 über den Lärmschutzantrag abgestimmt?",
        "Mit welcher Mehrheit wurde das Leitbild beschlossen?",
    ],
)
def test_what_became_of_it_is_not_in_the_documents(ask: Ask, question: str) -> None:
    answer = ask(question)
    assert answer.status is AnswerStatus.NOT_IN_DOCUMENTS
    assert answer.citations == [] and answer.mode is None


@pytest.mark.parametrize(
    ("question", "publisher"),
    [
        ("Wer hat den Antrag „Ruhe an der Straße“ gestellt?", "Fraktion Grüne Mitte im Kreistag Lauterfeld"),
        ("Wer hat den Nachhaltigkeitsbericht herausgegeben?", "Kreis Lauterfeld"),
        ("Von wem stammt das Leitbild?", "Kreis Lauterfeld"),
    ],
)
def test_publishers(ask: Ask, question: str, publisher: str) -> None:
    assert f"stammt von: {publisher}" in ask(question).answer


def test_a_draft_has_no_date_of_decision(ask: Ask) -> None:
    assert "nicht beschlossen" in ask("Wann wurde das Leitbild beschlossen?").answer
    assert "Entwurf, nicht beschlossen" not in ask("Ist das Leitbild beschlossen?").answer


@pytest.mark.parametrize("name", ["der Antrag", "das Leitbild"])
def test_a_text_without_pages_has_no_number_of_them(ask: Ask, name: str) -> None:
    answer = ask(f"Wie viele Seiten hat {name}?").answer
    assert "Text ohne Seiten" in answer and "0 Seiten" not in answer


def test_pages_are_counted(ask: Ask) -> None:
    assert f"hat {truth()['report']['pages']} Seiten" in ask("Wie viele Seiten hat der Nachhaltigkeitsbericht?").answer


def test_the_parts_of_a_report(ask: Ask) -> None:
    answer = ask("Wie ist der Nachhaltigkeitsbericht gegliedert?")
    places = [answer.answer.index(f"{one['ref']} {one['title']}") for one in truth()["report"]["themes"]]
    assert places == sorted(places)
    assert {one["ref"] for one in truth()["report"]["themes"]} <= {one.ref for one in answer.citations}


def test_the_parts_of_a_draft(ask: Ask) -> None:
    answer = ask("Wie ist das Leitbild gegliedert?")
    assert {str(place) for place in range(1, 9)} <= {one.ref for one in answer.citations}


def test_drafts_and_motions_are_listed(ask: Ask) -> None:
    drafts, motions = ask("Welche Dokumente sind nur Entwürfe?"), ask("Welche Dokumente sind Anträge?")
    undecided = ask("Welche Dokumente sind noch nicht beschlossen?")
    assert [row["document_id"] for row in data(drafts).rows] == [DRAFT]
    assert [row["document_id"] for row in data(motions).rows] == [MOTION]
    assert {row["document_id"] for row in data(undecided).rows} == {DRAFT, MOTION}
    assert data(undecided).kind is DataKind.LIST and data(undecided).total == 2


def test_a_question_on_contents_is_none_on_the_document(ask: Ask) -> None:
    answer = ask("Was sagt der Nachhaltigkeitsbericht über Plauderbänke?")
    assert answer.citations[0].ref == "3.1.4.1"
    assert answer.citations[0].document_id == REPORT


@pytest.mark.parametrize(
    ("question", "ref"),
    [
        ("What does the draft mission statement say about artificial intelligence?", "7"),
        ("Was sagt der Leitbild-Entwurf zu künstlicher Intelligenz?", "7"),
    ],
)
def test_a_topic_in_a_named_document_is_looked_up(ask: Ask, question: str, ref: str) -> None:
    assert [one.ref for one in ask(question).citations] == [ref]


@pytest.mark.parametrize(
    "question",
    ["Welche Fraktion hat den Lärmschutzantrag gestellt?", "Von welcher Partei stammt der Lärmschutzantrag?"],
)
def test_the_party_behind_a_motion_is_its_publisher(ask: Ask, question: str) -> None:
    assert "Grüne Mitte" in ask(question).answer


def test_a_draft_that_someone_takes_for_valid_is_called_a_draft(ask: Ask) -> None:
    answer = ask("Gilt das Leitbild in dieser Form schon oder ist das nur ein Vorschlag?")
    assert "nicht beschlossen" in answer.answer


def test_a_date_asked_of_a_county_is_none_of_its_documents(ask: Ask) -> None:
    answer = ask("Wann ist der Kreis Lauterfeld klimaneutral?")
    assert "Titel" not in {one.ref for one in answer.citations}


def test_several_strategies_are_told_each_with_its_standing(ask: Ask) -> None:
    answer = ask("Ist die Lauterfelder Strategie schon verabschiedet?")
    assert {one.document_id for one in answer.citations} >= {GOALS}


@pytest.mark.parametrize(
    ("question", "refs"),
    [
        ("Was steht im Leitbild?", {"1", "8"}),
        ("Was steht im Antrag zum Lärmschutz?", {"I", "II", "III"}),
        ("Was ist der Antrag „Ruhe an der Straße“?", {"I"}),
        ("Erzähl mir was über das Leitbild", {"1", "2"}),
    ],
)
def test_a_document_that_is_named_and_nothing_else_is_told_by_its_parts(
    ask: Ask, question: str, refs: set[str]
) -> None:
    answer = ask(question)
    assert answer.status is AnswerStatus.ANSWERED and refs <= {one.ref for one in answer.citations}


def test_what_one_thinks_of_a_document_is_no_question_on_its_parts(ask: Ask) -> None:
    assert ask("Findest du das Leitbild gut?").status is AnswerStatus.OUT_OF_SCOPE
