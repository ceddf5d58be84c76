"""Answer ids prove that they were issued here: across processes and restarts, and without anything being stored."""

from __future__ import annotations

import json
import os
import re
import stat
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.composition import answer_ids
from service.service_key import ANSWER_ID, BYTES, FILE, AnswerIds, service_key
from tests.processes import run
from tests.service.county import motion, report
from tests.service.fakes import client_over
from vectorstore.editions import EditionStore


def test_an_id_is_a_ulid_of_this_moment() -> None:
    ids = AnswerIds()
    made = [ids.new() for _ in range(500)]
    assert all(re.fullmatch(ANSWER_ID, one) for one in made)
    assert len(set(made)) == 500
    assert [one[:10] for one in made] == sorted(one[:10] for one in made)
    assert all(map(ids.issued, made))


@given(place=st.integers(0, 25), character=st.sampled_from("0123456789ABCDEFGHJKMNPQRSTVWXYZ"))
def test_no_character_can_be_changed(place: int, character: str) -> None:
    ids = AnswerIds(b"k" * 32)
    answer_id = ids.new()
    changed = answer_id[:place] + character + answer_id[place + 1 :]
    assert ids.issued(changed) == (changed == answer_id)


def test_the_key_is_its_owners_alone_and_stays(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "data"
    key = service_key(folder)
    assert len(key) == BYTES and key == service_key(folder)
    assert stat.S_IMODE((folder / FILE).stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert [path.name for path in folder.iterdir()] == [FILE]


def test_many_at_once_get_the_same_key(tmp_path: Path) -> None:
    gate = threading.Barrier(8)

    def get() -> bytes:
        gate.wait(20)
        return service_key(tmp_path)

    with ThreadPoolExecutor(8) as pool:
        assert len({future.result() for future in [pool.submit(get) for _ in range(8)]}) == 1
    assert [path.name for path in tmp_path.iterdir()] == [FILE]


def test_where_nothing_can_be_written_the_key_lasts_as_long_as_the_process(tmp_path: Path) -> None:
    folder = Path("/sys/strategielotse") if os.geteuid() == 0 else tmp_path
    if os.geteuid() != 0:
        folder.chmod(0o500)
    key = service_key(folder)
    assert len(key) == BYTES and key != service_key(folder)
    assert answer_ids(key).issued(answer_ids(key).new())


@pytest.mark.parametrize("content", [b"", b"short", b"x" * 33])
def test_a_damaged_key_is_not_used(tmp_path: Path, content: bytes) -> None:
    (tmp_path / FILE).write_bytes(content)
    assert len(service_key(tmp_path)) == BYTES
    assert (tmp_path / FILE).read_bytes() == content


def test_answers_can_be_rated_after_a_restart_and_those_of_the_command_line_too(tmp_path: Path) -> None:
    asked = {"question": "Was ist der Lastenradverleih?"}
    EditionStore(tmp_path).publish([report(), motion()])
    with client_over(tmp_path) as client:
        before = client.post("/api/v1/chat", json=asked).json()["answer_id"]
    told = json.loads(run("ask", asked["question"], "--json", data=tmp_path).stdout)["answer_id"]
    with client_over(tmp_path) as client:
        ratings = [{"answer_id": one, "helpful": True} for one in (before, told, AnswerIds().new())]
        assert [client.post("/api/v1/feedback", json=one).status_code for one in ratings] == [204, 204, 422]
