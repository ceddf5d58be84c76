"""Switching editions under load, what is left of old ones, why it is not ready, and a stop that
waits for answers.
"""

from __future__ import annotations

import gc
import threading
import time
import weakref
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import httpx2 as httpx
import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from service import Settings
from service.answering.tools.toolbox import Tools
from service.app import application as application
from service.app.application import create_app
from service.web import EditionHolder
from tests.processes import until
from tests.replies import problem_of
from tests.service.county import motion, report
from tests.service.fakes import QuotingAnswers, QuotingEditions
from tests.service.running import running
from vectorstore import Edition, EditionStore
from vectorstore.records import Catalogue
from vectorstore.storage import EditionDamaged, StoreError


@dataclass
class PaperEdition:
    """An edition of nothing that counts how often it is closed."""

    name: str
    catalogue: Catalogue = field(default_factory=lambda: Catalogue([]))
    closed: int = 0
    embedding: str | None = "letters"

    def close(self) -> None:
        self.closed += 1


@dataclass
class PaperEditions:
    """Editions on paper: `current` can be set, opening can fail or take until it may go on."""

    current: str | None = None
    failure: StoreError | None = None
    go_on: threading.Event = field(default_factory=threading.Event)
    opening: threading.Event = field(default_factory=threading.Event)
    opened: list[PaperEdition] = field(default_factory=list)

    def current_version(self) -> str | None:
        return self.current

    def open(self, version: str) -> tuple[Edition, object]:
        self.opening.set()
        if self.current == "slow":
            assert self.go_on.wait(30)
        if self.failure:
            raise self.failure
        edition = PaperEdition(version)
        self.opened.append(edition)
        return edition, QuotingAnswers(edition)


def test_a_request_keeps_its_edition_and_the_next_gets_the_new_one() -> None:
    source = PaperEditions("a")
    holder = EditionHolder(source)
    with holder.lease() as first:
        source.current = "b"
        with holder.lease() as second:
            assert (first.edition.name, second.edition.name) == ("a", "b")
        assert source.opened[0].closed == 0
    assert [edition.closed for edition in source.opened] == [1, 0]
    holder.close()
    assert [edition.closed for edition in source.opened] == [1, 1]


def test_an_edition_that_cannot_be_opened_leaves_the_old_one_serving() -> None:
    source = PaperEditions("a")
    holder = EditionHolder(source)
    with holder.lease():
        pass
    source.current, source.failure = "b", EditionDamaged("kaputt")
    with holder.lease() as served:
        assert served.edition.name == "a"
    source.current, source.failure = "c", None
    with holder.lease() as served:
        assert served.edition.name == "c"


def test_slow_opening_happens_once_and_delays_nobody() -> None:
    source = PaperEditions("a")
    holder = EditionHolder(source)
    with holder.lease():
        pass
    source.opening.clear()
    source.current = "slow"
    opener = threading.Thread(target=holder.refresh)
    opener.start()
    assert source.opening.wait(30)
    with holder.lease() as served:
        assert served.edition.name == "a", "it is not waited for"
    source.go_on.set()
    opener.join()
    with holder.lease() as served:
        assert served.edition.name == "slow"
    assert [edition.name for edition in source.opened] == ["a", "slow"]


def test_many_threads_while_editions_change() -> None:
    source = PaperEditions("0")
    holder = EditionHolder(source)
    wrong: list[str] = []

    def ask() -> None:
        for _ in range(300):
            with holder.lease() as served:
                if served.edition.closed:  # type: ignore[attr-defined]
                    wrong.append(served.edition.name)

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for number in range(1, 40):
        source.current = str(number)
        time.sleep(0.002)
    for thread in threads:
        thread.join()
    holder.close()
    assert not wrong
    assert {edition.closed for edition in source.opened} == {1}


class BrokenAnswers(QuotingAnswers):
    """Opens, and fails at whatever it is asked."""

    def tools(self, documents: Collection[str] = ()) -> Tools:
        raise ValueError(f"zerbrochen an: {documents}")


class BrokenEditions(QuotingEditions):
    """Real editions with `BrokenAnswers`."""

    def open(self, version: str) -> tuple[Edition, object]:
        edition, _ = super().open(version)
        return edition, BrokenAnswers(edition)


def reason(client: TestClient) -> str:
    response = client.get("/readyz")
    status, kind = problem_of(response)
    assert status == 503 and response.headers["retry-after"] == "30"
    return kind


def test_not_ready_says_why(
    store: EditionStore, empty_client: TestClient, client: TestClient
) -> None:
    ready = {
        "corpus_edition": store.current_name(),
        "detail": None,
        "database": None,
        "embedding": "words",
    }
    assert client.get("/readyz").json() == {"status": "ok", **ready}
    assert reason(empty_client) == "nothing-ingested"
    settings = Settings(data_dir=store.root)
    assert (
        reason(TestClient(create_app(settings, EditionHolder(BrokenEditions(store)))))
        == "not-answering"
    )


def test_a_stop_lets_answers_finish(app: FastAPI) -> None:
    answered: list[httpx.Response] = []

    def ask(url: str) -> None:
        answered.append(httpx.post(f"{url}/api/v1/chat", json={"question": "langsam"}, timeout=20))

    with running(app) as url:
        asking = threading.Thread(target=ask, args=(url,))
        asking.start()
        time.sleep(0.7)
        assert answered == [], "the stop begins while the answer is on its way"
    asking.join(10)
    assert [item.status_code for item in answered] == [200]
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"{url}/healthz")


SWITCHES = 12


@pytest.fixture
def nothing_swept() -> Iterator[None]:
    """Python looks for no garbage by itself, whenever that would be."""
    gc.disable()
    yield
    gc.enable()


@pytest.mark.long
@pytest.mark.usefixtures("nothing_swept")
def test_old_editions_are_gone_after_many_switches(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(application, "POLL_SECONDS", 0.05)
    store = EditionStore(tmp_path)
    names = [store.publish(documents).name for documents in ([report()], [report(), motion()])]
    app = create_app(Settings(data_dir=tmp_path))
    served = [*names[::-1] * SWITCHES][:SWITCHES]
    old: list[weakref.ref[object]] = []
    with TestClient(app) as client:
        for name in served:
            if name != store.current_name():
                store.make_current(name)
            # on a very busy machine it may say for a moment that the database is away
            until(lambda name=name: client.get("/readyz").json().get("corpus_edition") == name)
            with app.state.holder.lease() as item:
                old += [
                    weakref.ref(content)
                    for content in (
                        item.answers.corpus,
                        item.edition.vectors,
                        item.edition.catalogue,
                    )
                ]
            del item
        until(lambda: all(item() is None for item in old[:-3]))
        assert all(item() is not None for item in old[-3:])
