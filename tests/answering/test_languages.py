"""Questions in eight further languages: the frame is in the language, the quotes are German."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from string import Formatter

import pytest

from ingest import IngestRequest, run_ingest
from prompts import FURTHER, answer_language, load_words, text
from service import load_settings
from service.answering import AnswerService, detect_language
from service.records import Answer, AnswerStatus, ChatRequest
from tests.answering.conftest import Ask
from tests.held import read_rows
from tests.ingest.cases import cases
from tests.ingest.real import CORPUS, needs_corpus
from vectorstore import EditionStore
from vectorstore.encoder import packaged_encoder

TOPICS = read_rows("answering/languages")  # eleven, in each language
REAL_TOPICS = read_rows("answering/languages-real")  # eleven on the real documents
# of 88 each; the aim is 84. What is missing are items that the encoder does not find. Of the real
# topics every second one was not looked at while this was worked on: 29 of 40
LEAST_RIGHT, LEAST_REAL = 84, 70


def first_items(answer: Answer) -> list[str]:
    """The first three rows and citations of an answer, each as "document key"."""
    rows = answer.data.rows[:3] if answer.data else []
    shown = [f"{row['document_id']} {row['key']}" for row in rows]
    return shown + [f"{cited.document_id} {cited.key}" for cited in answer.citations[:3]]


def placeholders(wording: str) -> set[str | None]:
    """The names of the values that are put into a wording."""
    return {name for _, name, _, _ in Formatter().parse(wording) if name}


@pytest.mark.parametrize("language", FURTHER)
def test_a_text_has_the_same_placeholders_as_in_english(language: str) -> None:
    for table in ("answers", "wording", "completeness"):
        english, own = load_words(f"en/{table}"), load_words(f"{language}/{table}")
        assert own.keys() == english.keys()
        assert own != english
        for key, wording in own.items():
            assert placeholders(wording) <= placeholders(english[key]), key


def test_a_language_without_texts_is_answered_in_german() -> None:
    assert [answer_language(tag) for tag in ("ar-EG", "en-GB", "TR", "ja")] == [
        "ar", "en", "tr", "de",
    ]  # fmt: skip


@pytest.fixture(scope="module")
def answers(ask: Ask) -> dict[str, list[Answer]]:
    """The answers to the topics by language; each question is asked once."""
    by_language = {}
    for language in FURTHER:
        by_language[language] = [ask(topic[language]) for topic in TOPICS]
    return by_language


@pytest.mark.parametrize("language", FURTHER)
def test_the_frame_is_in_the_language_of_the_question(
    answers: dict[str, list[Answer]], language: str
) -> None:
    assert len(answers[language]) == 11
    for answer in answers[language]:
        assert answer.language == language
        notices = {notice.code: notice.text for notice in answer.notices}
        assert notices["language"] == text(f"{language}/other_language")


def test_the_right_item_is_among_the_first_three(answers: dict[str, list[Answer]]) -> None:
    right = 0
    for language in FURTHER:
        for topic, answer in zip(TOPICS, answers[language], strict=True):
            refs = [item.split()[1] for item in first_items(answer)]
            right += topic["ref"] in refs
    assert right >= LEAST_RIGHT


@pytest.mark.parametrize("language", FURTHER)
def test_a_topic_is_not_taken_for_small_talk(
    answers: dict[str, list[Answer]], language: str
) -> None:
    """The words of a topic in another language are in no document, which is no sign of it."""
    statuses = {answer.status for answer in answers[language]}
    assert statuses <= {AnswerStatus.FOUND, AnswerStatus.ANSWERED}


def test_thanks_are_small_talk_in_a_further_language(ask: Ask) -> None:
    assert ask("Teşekkürler!").status is AnswerStatus.ABOUT_SERVICE


class TestOverRealDocuments:
    """Eleven everyday topics of five real documents."""

    pytestmark = needs_corpus

    def test_the_right_item_is_among_the_first_three(self, tmp_path: Path) -> None:
        store, right = EditionStore(tmp_path, packaged_encoder()), 0
        run_ingest(IngestRequest(manifest=CORPUS / "corpus.toml"), store)
        with closing(store.open()) as edition:
            service = AnswerService(edition, load_settings(data_dir=tmp_path))
            for topic in REAL_TOPICS:
                for language in FURTHER:
                    answer = service.answer(ChatRequest(question=topic[language]))
                    right += not set(topic["right"]).isdisjoint(first_items(answer))
        assert right >= LEAST_REAL


def test_a_quote_stays_german_beside_a_frame_in_arabic(ask: Ask) -> None:
    answer = ask("ما المخطط لمسارات الدراجات؟")
    assert answer.language == "ar" and answer.citations
    assert answer.data is not None and answer.data.lead.startswith("المقاطع الأنسب")


@cases("question", "language")
def test_cyrillic_without_telling_letters_is_told_apart_by_function_words(
    question: str, language: str
) -> None:
    assert detect_language(question) == language
