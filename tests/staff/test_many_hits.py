"""A topic that thousands of records name: staff see the best, the count of all, and where the rest is listed."""

from __future__ import annotations

import tracemalloc
from collections.abc import Iterator
from contextlib import closing

import pytest
from starlette.testclient import TestClient

from service.answering.finding.sentences import Chooser
from service.answering.query import Filters
from service.answering.service import AnswerService
from service.answering.tools.lookups import looked_up
from service.answering.tools.tools import SHOWN
from service.app import create_app
from service.csv_export import records_csv
from service.records import all_records
from service.settings import Settings
from service.staff import topics
from tests.service.county import parsed
from tests.staff.conftest import HERE, LOOPBACK
from vectorstore.editions import EditionStore
from vectorstore.records import Document, DocumentKind, DocumentStatus, ItemKind

HITS = 620


@pytest.fixture(scope="module")
def catalogue_of_ways(tmp_path_factory: pytest.TempPathFactory) -> EditionStore:
    document = Document(
        id="katalog", title="Wegekatalog Auenland", publisher="Kreis Auenland", kind=DocumentKind.PROGRAMME,
        status=DocumentStatus.ADOPTED, digest="", file_name="katalog.html", text="",
    )  # fmt: skip
    specs = [
        {"kind": ItemKind.PROJECT, "ref": f"{one}", "title": f"Weg {one}", "body": "Hier entsteht ein Radweg. " * 20}
        for one in range(1, HITS + 1)
    ]
    store = EditionStore(tmp_path_factory.mktemp("many"))
    store.publish([parsed(document, specs)])
    return store


@pytest.fixture(scope="module")
def answers(catalogue_of_ways: EditionStore) -> Iterator[AnswerService]:
    with closing(catalogue_of_ways.open()) as edition:
        yield AnswerService(edition, Settings(data_dir=catalogue_of_ways.root))


def test_the_passages_of_the_best_records_alone_are_chosen(
    answers: AnswerService, monkeypatch: pytest.MonkeyPatch
) -> None:
    chosen: list[str] = []
    passage = Chooser.passage
    monkeypatch.setattr(Chooser, "passage", lambda *given: chosen.append(given[1].key) or passage(*given))
    found = looked_up(answers.tools(), "Radweg").items
    assert (len(found), len(chosen)) == (HITS, SHOWN)
    assert "Radweg" in found[0].passage
    assert found[-1].passage == f"{found[-1].ref} {found[-1].title}"


def test_staff_see_the_best_and_where_the_rest_is(catalogue_of_ways: EditionStore) -> None:
    app = create_app(Settings(data_dir=catalogue_of_ways.root, staff_access="public", request_seconds=60))
    page = TestClient(app, base_url=HERE, client=(LOOPBACK, 1)).get("/staff/topics?q=Radweg")
    assert page.status_code == 200
    assert page.text.count('<li class="hit">') == topics.MOST_SHOWN
    assert f"{HITS} Einträge passen" in page.text
    assert "Gezeigt sind die 500 besten Einträge; 120 weitere stehen" in page.text


def test_an_export_of_all_takes_little_more_than_its_text(answers: AnswerService) -> None:
    found = answers.tools().select(Filters())
    tracemalloc.start()
    try:
        text = records_csv(all_records(found, answers.corpus.catalogue))
        most = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert text.count("\r\n") == HITS + 1
    assert most < 8 * len(text)
