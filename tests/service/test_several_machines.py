"""Two services over PostgreSQL and a Chroma server: the same answers, one edition, one key; either
server away.
"""

from __future__ import annotations

import json
import re
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from service import Settings
from service.app.application import create_app
from service.people import FeedbackStore
from tests.machines import Machines, machines
from tests.processes import Server, run, serving, until
from tests.service.county import motion, report
from tests.wording import worded
from vectorstore import EditionStore, ItemQuestion
from vectorstore.storage import Database

pytestmark = pytest.mark.long  # real servers: minutes of their own

QUESTIONS = (
    "Welche Projekte sind noch Ideen?",
    "Wie viele Projekte gibt es?",
    "Was ist der Radschnellweg Nord?",
    "Wie steht es um den Klimaschutz?",
    "Wer ist zuständig?",
    "Wie wird das Wetter morgen?",
)
LISTS = ("/api/v1/projects", "/api/v1/documents", "/api/v1/facets", "/api/v1/lookup?q=Radverkehr")
OWN = ("answer_id", "timings_ms")  # of each answer; the rest is the same everywhere


@dataclass(frozen=True)
class Running:
    """Two services on machines of their own, and what they share."""

    shared: Machines
    database: str
    here: EditionStore
    first: Server
    second: Server


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    root = tmp_path_factory.mktemp("several")
    (root / "chroma").mkdir()
    with machines(root / "chroma") as shared, ExitStack() as services:
        database = shared.postgres.database()
        here = shared.store(root / "writer", database)
        publish(here)
        settings = shared.settings(database)
        servers = [
            services.enter_context(serving(root / name, **settings)) for name in ("first", "second")
        ]
        yield Running(shared, database, here, *servers)


def publish(store: EditionStore, *, both: bool = True) -> str:
    document = store.root.parent / "paper.pdf"
    document.write_bytes(b"%PDF-1.7 the printed report")
    questions = [ItemQuestion("auenland-report", report().items[-1].key, "Wann kommt das endlich?")]
    documents = [report(), motion()] if both else [report()]
    return store.publish(
        documents, originals={"auenland-report": document}, questions=questions
    ).name


def post(url: str, path: str, body: object) -> tuple[int, Any]:
    request = urllib.request.Request(
        url + path, json.dumps(body).encode(), {"Content-Type": "application/json"}
    )
    try:
        with urllib.request.urlopen(request, timeout=30) as response:
            statement = response.read()
            return response.status, json.loads(statement) if statement else None
    except urllib.error.HTTPError as error:
        with error:
            return error.code, json.load(error)


def ready(server: Server) -> Any:
    return json.loads(server.get("/readyz"))


def said(answer: dict[str, Any]) -> bytes:
    """An answer as it was sent, but for its ids and timings."""
    assert set(OWN) <= answer.keys()
    return json.dumps({key: answer[key] for key in answer if key not in OWN}).encode()


def test_the_same_answers_as_the_embedded_service_byte_for_byte(
    running: Running, tmp_path: Path
) -> None:
    store = EditionStore(tmp_path / "data")
    assert publish(store) == running.here.current_name()
    app = create_app(Settings(data_dir=store.root))
    with TestClient(app, client=("127.0.0.1", 1)) as embedded:
        for question in QUESTIONS:
            alone = said(embedded.post("/api/v1/chat", json={"question": question}).json())
            for server in (running.first, running.second):
                status, answer = post(server.url, "/api/v1/chat", {"question": question})
                assert (status, said(answer)) == (200, alone), question
        for path in (*LISTS, "/api/v1/documents/auenland-report/original"):
            alone_text = embedded.get(path).text
            assert [running.first.get(path), running.second.get(path)] == [alone_text] * 2, path


def test_an_edition_published_elsewhere_is_served_by_all(running: Running) -> None:
    name = publish(running.here, both=False)
    until(
        lambda: (
            {ready(item)["corpus_edition"] for item in (running.first, running.second)} == {name}
        )
    )
    assert json.loads(running.second.get("/api/v1/documents"))["total"] == 1


def test_an_answer_of_one_machine_is_rated_at_the_other_and_counted_everywhere(
    running: Running, tmp_path: Path
) -> None:
    _, answer = post(running.first.url, "/api/v1/chat", {"question": QUESTIONS[0]})
    rating = {"answer_id": answer["answer_id"], "helpful": True}
    assert post(running.second.url, "/api/v1/feedback", rating) == (204, None)
    with closing(Database(tmp_path, running.database)) as database:
        assert list(FeedbackStore(database).counts().values()) == [{"helpful": 1}]


def test_a_link_works_once_on_any_machine_and_its_session_on_all(
    running: Running, tmp_path: Path
) -> None:
    link = (
        run("staff-link", data=tmp_path, **running.shared.settings(running.database))
        .stdout.split("?")[1]
        .strip()
    )
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
    with opener.open(f"{running.second.url}/staff/sign-in?{link}", timeout=20) as page:
        assert page.status == 200
    with opener.open(f"{running.first.url}/staff", timeout=20) as page:
        assert page.status == 200
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(f"{running.first.url}/staff/sign-in?{link}", timeout=20)
    refused.value.close()
    assert refused.value.code == 403


def test_while_the_database_is_away_answers_go_on_and_writing_says_so(
    running: Running, tmp_path: Path
) -> None:
    _, answer = post(running.first.url, "/api/v1/chat", {"question": QUESTIONS[2]})
    rating = {"answer_id": answer["answer_id"], "helpful": True}
    running.shared.postgres.stop()
    try:
        until(
            lambda: (
                {ready(item)["database"] for item in (running.first, running.second)} == {"away"}
            )
        )
        for server in (running.first, running.second):
            status, again = post(server.url, "/api/v1/chat", {"question": QUESTIONS[2]})
            assert (status, said(again)) == (200, said(answer))
        status, problem = post(running.second.url, "/api/v1/feedback", rating)
        assert (status, problem["title"]) == (503, "Datenbank nicht erreichbar")
        refused = run("rollback", data=tmp_path, **running.shared.settings(running.database))
        assert refused.returncode == 2 and re.match(worded("store.no_database"), refused.stderr)
    finally:
        running.shared.postgres.start()
    until(lambda: {ready(item)["database"] for item in (running.first, running.second)} == {"ok"})
    assert post(running.second.url, "/api/v1/feedback", rating) == (204, None)
