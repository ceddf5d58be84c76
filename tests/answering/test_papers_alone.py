"""A paper without a register, alone in its edition: what it says of itself, explains, and ranks."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from ingest.job import IngestRequest, run_ingest
from service.answering.service import AnswerService
from service.models import Answer, AnswerStatus, ChatRequest
from service.settings import load_settings
from tests.answering.conftest import Ask
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


def test_what_nothing_says_of_its_force_is_said_so(asked: Ask) -> None:
    answer = asked("Ist das Konzept verbindlich?").answer
    assert "steht nicht darin" in answer and not answer.startswith(("Ja", "Nein"))
