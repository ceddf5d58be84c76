"""Questions written for items help to find them by everyday words, decide nothing else, and are shown nowhere."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack, closing
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from starlette.testclient import TestClient

from service.answering.corpus import Corpus
from service.answering.finding.finder import Finder
from service.answering.finding.ranking import Weights
from service.answering.understanding import language
from service.answering.understanding.question import understand
from service.app import create_app
from service.settings import Settings
from tests.answering.truth import DRAFT, GOALS, REPORT
from vectorstore.catalogue import Catalogue
from vectorstore.edition import Edition
from vectorstore.editions import EditionStore
from vectorstore.questions import ItemQuestion

SECRET = "Quarkschnute"
NIGHT = ItemQuestion(REPORT, "5.1.2.1", f"Wie kommt unsere Tochter nachts von der Kirmes heim, {SECRET}?")
OTHER = ItemQuestion(GOALS, "B.IX.3", f"Wo steht die Wurstbude, {SECRET}?")
EVERYDAY = "Wie kommt man von der Kirmes heim?"
PAGES = (
    "/",
    f"/?q={EVERYDAY}",
    "/documents",
    f"/documents/{REPORT}",
    f"/documents/{REPORT}/5.1.2.1",
    "/embed",
    "/staff",
    "/staff/topics?q=Tochter und Kirmes",
    "/staff/catalogue",
    "/staff/documents",
)
API = (
    "documents",
    "facets",
    "config",
    "items?page_size=500",
    "items?page_size=500&format=csv",
    "projects?q=Kirmes",
    f"documents/{REPORT}/text",
    f"documents/{REPORT}/report",
    f"items/{REPORT}/5.1.2.1",
    "lookup?q=Tochter und Kirmes",
)


@pytest.fixture(scope="module")
def asked_store(store: EditionStore, tmp_path_factory: pytest.TempPathFactory) -> EditionStore:
    """The sample corpus with two questions of its own instead of those that it ships."""
    made = EditionStore(tmp_path_factory.mktemp("asked"))
    with closing(store.open()) as edition:
        made.publish(
            edition.catalogue.parsed(),
            report=edition.report,
            originals=edition.originals,
            questions=[NIGHT, OTHER],
        )
    return made


@pytest.fixture(scope="module")
def edition(asked_store: EditionStore) -> Iterator[Edition]:
    with closing(asked_store.open()) as edition:
        yield edition


@pytest.fixture(scope="module")
def asking(edition: Edition) -> Corpus:
    return Corpus(edition)


def places(
    corpus: Corpus, question: str, weights: Weights | None = None, allowed: list[str] | None = None
) -> list[str]:
    query = understand(question, corpus, language.detect(question), allowed)
    return [one.item.key for one in Finder(corpus, weights).find(query, 300)]


def test_an_everyday_question_finds_the_item_that_it_was_written_for(asking: Corpus) -> None:
    assert NIGHT.key not in places(asking, EVERYDAY, Weights(questions=0.0))[:3]
    assert NIGHT.key in places(asking, EVERYDAY)[:3]


def test_what_an_item_itself_holds_is_measured_without_its_questions(asking: Corpus) -> None:
    query = understand(EVERYDAY, asking, "de", None)
    usual = {one.item.key: one for one in Finder(asking).find(query, 300)}
    blind = {one.item.key: one for one in Finder(asking, Weights(questions=0.0)).find(query, 300)}
    assert len(blind) > 3
    assert all(replace(usual[key], score=0.0) == replace(one, score=0.0) for key, one in blind.items())


def test_questions_of_other_documents_count_nothing(edition: Edition, asking: Corpus) -> None:
    assert NIGHT.key not in places(asking, EVERYDAY, allowed=[DRAFT])
    smaller = Catalogue(
        list(edition.catalogue.documents.values()),
        edition.catalogue.items_of(GOALS),
        [one for one in edition.catalogue.chunks if one.document_id == GOALS],
    )
    less = Corpus(edition, smaller)
    scores = less.questions.scores("Kirmes", {})
    assert scores.shape == (len(smaller.items),) and not scores.any()
    assert less.questions.scores("Wurstbude", {}).nonzero()[0].tolist() == [less.row_of_item[GOALS, OTHER.key]]


def test_everyday_words_in_common_prove_little(asking: Corpus) -> None:
    row = asking.row_of_item[REPORT, NIGHT.key]
    everyday = asking.questions.alike("Wie kommt unsere Gemeinde nachts an Geld?")[row]
    telling = asking.questions.alike("Von der Kirmes heim?")[row]
    same = asking.questions.alike(NIGHT.question)[row]
    assert everyday < 0.5 < telling < same == pytest.approx(1.0)
    assert places(asking, NIGHT.question)[0] == NIGHT.key


def test_nearness_counts_only_where_no_other_item_is_as_near(edition: Edition, asking: Corpus) -> None:
    every = np.ones(len(asking.catalogue.items), dtype=np.bool_)
    near = asking.questions.meant(edition.embedding.vector(NIGHT.question), every)
    assert near.nonzero()[0].tolist() == [asking.row_of_item[REPORT, NIGHT.key]]
    both = edition.embedding.vectors([NIGHT.question, OTHER.question]).sum(axis=0)
    assert 0.0 <= asking.questions.meant(both, every).max() < 0.5 * near.max()
    assert not asking.questions.meant(edition.embedding.vector(NIGHT.question), ~every).any()


def test_another_language_is_not_compared_with_them(asking: Corpus) -> None:
    question = "How does my daughter get home from the Kirmes?"
    assert places(asking, question) == places(asking, question, Weights(questions=0.0))


def test_the_sample_corpus_ships_its_own(store: EditionStore) -> None:
    with closing(store.open()) as edition:
        items = {(item.document_id, item.key) for item in edition.catalogue.items}
        assert len(set(edition.questions.items)) >= 0.95 * len(items)
        assert edition.report["exit_code"] == 0


def test_they_are_shown_in_no_answer_and_on_no_page(asked_store: EditionStore) -> None:
    settings = Settings(data_dir=asked_store.root, rate_per_minute=0, staff_access="public")
    with ExitStack() as stack:
        client = stack.enter_context(TestClient(create_app(settings), client=("127.0.0.1", 1)))
        chat = client.post("/api/v1/chat", json={"question": EVERYDAY})
        streamed = client.post("/api/v1/chat", json={"question": EVERYDAY}, headers={"Accept": "text/event-stream"})
        assert chat.status_code == streamed.status_code == 200
        said = [chat.text, streamed.text, json.dumps(chat.headers.multi_items())]
        for path in (*PAGES, *(f"/api/v1/{one}" for one in API)):
            response = client.get(path)
            assert response.status_code == 200, path
            said.append(response.text)
        assert any(NIGHT.key in one for one in said[:2])
    assert [one for one in said if SECRET.lower() in one.lower()] == []


def test_the_files_of_an_edition_hold_them_in_their_own_folder_only(asked_store: EditionStore) -> None:
    folder: Path = asked_store.editions / str(asked_store.current_name())
    holding = [path for path in folder.rglob("*") if path.is_file() and SECRET.encode() in path.read_bytes()]
    assert [path.relative_to(folder).as_posix() for path in holding] == ["questions/questions.json"]
