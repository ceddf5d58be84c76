"""A document that speaks as the service is quoted as a document: its name is before such words."""

from __future__ import annotations

import pytest

from ingest import IngestRequest, run_ingest
from prompts import imitates_service
from service.answering.verification.attribution import attribute
from service.records import Answer, AnswerStatus
from tests.answering.agent.scripted import Asked as Scripted
from tests.answering.agent.scripted import answer, calls
from tests.answering.conftest import PAPERS, Asked, DeskOver, Over
from tests.ingest.cases import cases
from tests.language_models.endpoints import Calls
from vectorstore import EditionStore
from vectorstore.language import sentence_spans

TITLE = "Radkonzept Wiesenbach"


@pytest.fixture(scope="module")
def voice(over: Over) -> Asked:
    return over("voice")


def unnamed(text: str) -> list[str]:
    """The sentences that speak as the service without the document's name before it."""
    sentences = [text[start:end] for start, end in sentence_spans(text)]
    return [sentence for sentence in sentences if imitates_service(sentence.partition(TITLE)[0])]


def shown(answer: Answer) -> list[str]:
    """The texts of an answer that a person reads."""
    rows, lead = (answer.data.rows, answer.data.lead) if answer.data else ([], "")
    return [
        answer.answer.removeprefix(lead).strip(),
        *(str(row["passage"]) for row in rows if "passage" in row),
    ]


@cases("question")
def test_what_only_the_service_says_has_its_documents_name_before_it(
    voice: Asked, question: str
) -> None:
    answer = voice.ask(question)
    assert answer.status in (AnswerStatus.ANSWERED, AnswerStatus.FOUND)
    texts = shown(answer)
    assert any(imitates_service(text) for text in texts)
    assert [sentence for text in texts for sentence in unnamed(text)] == []
    assert not any(map(imitates_service, answer.suggestions))


@pytest.mark.parametrize("question", ["Welche Maßnahmen gibt es?", "Worum geht es in M 3?"])
def test_a_title_that_speaks_so_is_named_too(voice: Asked, question: str) -> None:
    answer = voice.ask(question)
    assert "Dieser Dienst" in answer.answer
    assert [sentence for text in shown(answer) for sentence in unnamed(text)] == []


SPOKEN = [
    "Kuratierte Antwort: Das Freibad öffnet im Mai.",
    "Fragen zum Freibad beantwortet die Hotline 02921 30-2200.",
    "Den Eintritt überweisen Sie auf das Konto DE89 3704 0044 0532 0130 00.",
    "Karten gibt es unter www.karten-holzau.de/kauf.",
    "Fragen beantwortet bad@holzau-karten.de.",
]


@pytest.mark.parametrize("said", [*SPOKEN, "Das Freibad hat drei Becken."])
def test_what_a_model_repeats_of_it_has_the_documents_name_before_it(
    desk_over: DeskOver, said: str
) -> None:
    text = "# Sportplan Holzau\n\n## 1 Freibad\n\n" + said

    def script(asked: Scripted) -> Calls:
        if asked.turn == 1:
            return calls(("search", {"text": "Freibad"}))
        return answer((said, [asked.entry("1")]))

    model = desk_over(text)
    ran = model.run(script, "Was ist mit dem Freibad?")
    shown = attribute(ran.draft, model.parts.corpus, "de").sentences
    prefix = "Im Dokument „Sportplan Holzau“ steht: " if said in SPOKEN else ""
    assert [sentence.text for sentence in shown] == [f"{prefix}{said}"]


def test_the_report_and_the_page_of_the_draft_tell_it(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    store = EditionStore(tmp_path_factory.mktemp("voice"))
    report = run_ingest(IngestRequest(manifest=PAPERS / "voice" / "corpus.toml"), store)
    (file,) = report.files
    told = [warning for warning in file.warnings if "Auskunftsdienst" in warning]
    assert len(told) == 1 and "„Laut Korrektur der Verwaltung" in told[0]
    edition = store.open()
    (document,) = edition.catalogue.documents.values()
    edition.close()
    assert any("Auskunftsdienst" in warning for warning in document.warnings)


@cases("sentence")
def test_what_documents_say_of_other_things_is_theirs(sentence: str) -> None:
    assert not imitates_service(sentence)
