"""Learning on two machines over one PostgreSQL: tried on one, published on the other, followed by both."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from pydantic import SecretStr
from starlette.testclient import TestClient

from service.app import create_app
from service.cli_learn_trial import attempt
from service.composition import make_store
from service.learning.turns import TURN, Turns
from service.settings import Settings
from tests.learning.conftest import HERE, ask, learning_of
from tests.learning.test_pages import ITEM, OWN_WORDS, PATH, REPORT, decide, kept_id
from tests.machines import Machines, machines
from tests.processes import until
from tests.service.county import motion, report
from tests.staff.signing_in import signed_in
from vectorstore.kept_texts import TAKEN

pytestmark = pytest.mark.long  # real servers

ALSO = "Leiht mir wer ein Bringvelo?"
CASE = {
    "id": "eigen-1",
    "type": "topic_lookup",
    "question": "Gibt es Räder zum Ausleihen?",
    "expect": {"behavior": "answer", "citations_any": [[REPORT, ITEM]]},
}


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machines]:
    with machines(tmp_path_factory.mktemp("chroma")) as running:
        yield running


@contextmanager
def machine(root: Path, shared: Machines, database: str) -> Iterator[TestClient]:
    settings = Settings(
        data_dir=root,
        database_url=SecretStr(database),
        chroma_url=shared.chroma,
        keep_questions=True,
        rate_per_minute=0,
    )
    app = create_app(settings, attempt=attempt)
    with TestClient(app, base_url=HERE, client=("127.0.0.1", 1), raise_server_exceptions=False) as client:
        yield signed_in(client)


def test_what_one_machine_tried_another_publishes_and_both_follow(shared: Machines, tmp_path: Path) -> None:
    database = shared.postgres.database()
    shared.store(tmp_path / "writer", database).publish([report(), motion()])
    own = tmp_path / "first" / "cases" / "eigene.jsonl"
    own.parent.mkdir(parents=True)
    own.write_text(json.dumps(CASE) + "\n", encoding="utf-8")
    with ExitStack() as running:
        first, second = (
            running.enter_context(machine(tmp_path / name, shared, database)) for name in ("first", "second")
        )
        kept = kept_id(first)
        where = decide(second, kept, "item_question", item=f"{REPORT}/{ITEM}", also=ALSO, as_case="true")
        assert ALSO in first.get(where).text
        before = make_store(learning_of(first).settings).names()
        assert first.post(f"{PATH}/trial").status_code == 200
        assert learning_of(first).runner.wait(120)
        assert make_store(learning_of(first).settings).names() == before  # the candidate is nobody's edition
        assert own.with_name(own.name + TAKEN).is_file()
        page = second.get(f"{PATH}/trial").text
        assert "Eigene Fälle: 3 Fälle, 2 besser, 0 schlechter" in page, page
        assert second.post(f"{PATH}/publish").status_code == 200
        for client in (first, second):
            until(lambda client=client: ask(client, ALSO)["status"] == "answered")
            assert ask(client, OWN_WORDS)["citations"][0]["key"] == ITEM  # type: ignore[index]
        assert "Letzter Versuch" not in first.get(f"{PATH}/trial").text

        turns = Turns(learning_of(first).database)
        assert turns.take() and second.get(f"{PATH}/trial.json").json()["running"]
        with learning_of(second).database.writing(TURN.metadata) as connection:
            connection.execute(TURN.update().values(seen=TURN.c.seen - 60))
        assert "abgebrochen" in second.get(f"{PATH}/trial").text and Turns(learning_of(second).database).take()
