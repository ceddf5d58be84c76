"""Answer ids prove that they were issued here: across processes and restarts, and without anything
being stored.
"""

from __future__ import annotations

import json
import re
import stat
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service import ANSWER_ID, AnswerIds
from service.composition import answer_ids, make_key
from service.service_key import BYTES
from tests.processes import run
from tests.service.county import publish_county
from tests.service.fakes import client_over
from vectorstore.storage import Database
from vectorstore.storage.database import FILE


def test_an_id_is_a_ulid_of_this_moment() -> None:
    ids = AnswerIds()
    made = [ids.issue() for _ in range(500)]
    assert all(re.fullmatch(ANSWER_ID, item) for item in made)
    assert len(set(made)) == 500
    assert [item[:10] for item in made] == sorted(item[:10] for item in made)
    assert all(map(ids.is_issued, made))


@given(place=st.integers(0, 25), character=st.sampled_from("0123456789ABCDEFGHJKMNPQRSTVWXYZ"))
def test_no_character_can_be_changed(place: int, character: str) -> None:
    ids = AnswerIds(b"k" * 32)
    answer_id = ids.issue()
    changed = answer_id[:place] + character + answer_id[place + 1 :]
    assert ids.is_issued(changed) == (changed == answer_id)


def test_the_key_is_its_owners_alone_and_stays(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "data"
    key = make_key(Database(folder))
    assert len(key) == BYTES and key == make_key(Database(folder))
    assert [stat.S_IMODE(path.stat().st_mode) for path in (folder, folder / FILE)] == [0o700, 0o600]


def test_many_at_once_get_the_same_key(tmp_path: Path) -> None:
    gate = threading.Barrier(8)

    def get() -> bytes:
        gate.wait(20)
        return make_key(Database(tmp_path))

    with ThreadPoolExecutor(8) as pool:
        assert len({future.result() for future in [pool.submit(get) for _ in range(8)]}) == 1


@pytest.mark.parametrize("place", ["unwritable", "damaged", "away"])
def test_where_it_cannot_be_kept_the_key_lasts_as_long_as_the_process(
    tmp_path: Path, place: str
) -> None:
    url = "postgresql+psycopg://lotse@127.0.0.1:1/lotse" if place == "away" else None
    database = Database(Path("/sys/strategielotse") if place == "unwritable" else tmp_path, url)
    if place == "damaged":
        (tmp_path / FILE).write_bytes(b"no database" * 100)
    key = make_key(database)
    assert len(key) == BYTES and key != make_key(database)
    assert answer_ids(key).is_issued(answer_ids(key).issue())


def test_answers_can_be_rated_after_a_restart_and_those_of_the_command_line_too(
    tmp_path: Path,
) -> None:
    asked = {"question": "Was ist der Lastenradverleih?"}
    with client_over(publish_county(tmp_path)) as client:
        before = client.post("/api/v1/chat", json=asked).json()["answer_id"]
    message = json.loads(run("ask", asked["question"], "--json", data=tmp_path).stdout)["answer_id"]
    with client_over(tmp_path) as client:
        ratings = [
            {"answer_id": text, "helpful": True} for text in (before, message, AnswerIds().issue())
        ]
        assert [client.post("/api/v1/feedback", json=rating).status_code for rating in ratings] == [
            204,
            204,
            422,
        ]
