"""Texts kept beside the editions: one way for a data folder and for the database of several
machines.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.wording import worded
from vectorstore import Texts
from vectorstore.storage import Database, StoreUnavailable

CHOICES = "choices/bericht.json"
Opened = Callable[[], Texts]


@pytest.fixture(params=["folder", pytest.param("shared", marks=pytest.mark.long)])
def opened(request: pytest.FixtureRequest, tmp_path: Path) -> Opened:
    """Opens the same texts as another process would."""
    url = request.getfixturevalue("shared_database") if request.param == "shared" else None
    return lambda: Texts(Database(tmp_path, url))


def test_texts_are_kept_by_name(opened: Opened) -> None:
    texts, remaining = opened(), opened()
    assert texts.get(CHOICES) is None and texts.all() == {}
    texts.put(CHOICES, b"\xff eins")
    texts.put("cases/eigene.jsonl", b"zwei")
    assert remaining.get(CHOICES) == b"\xff eins"
    assert remaining.all("choices/") == {CHOICES: b"\xff eins"}
    assert remaining.all().keys() == {CHOICES, "cases/eigene.jsonl"}

    def refuse(before: bytes | None) -> bytes:
        raise ValueError(before)

    with pytest.raises(ValueError, match="eins"):
        remaining.change(CHOICES, refuse)
    assert texts.get(CHOICES) == b"\xff eins"
    remaining.remove(CHOICES)
    assert texts.get(CHOICES) is None and texts.all("choices/") == {}


def test_changes_at_once_are_all_kept(opened: Opened) -> None:
    with ThreadPoolExecutor(4) as pool:
        list(
            pool.map(
                lambda _: opened().change(CHOICES, lambda before: (before or b"") + b"x"), range(12)
            )
        )
    assert opened().get(CHOICES) == b"x" * 12


def test_a_database_that_is_away_is_told(tmp_path: Path) -> None:
    texts = Texts(Database(tmp_path, "postgresql+psycopg://lotse@127.0.0.1:1/lotse"))
    for call in (lambda: texts.get(CHOICES), lambda: texts.all(), lambda: texts.put(CHOICES, b"x")):
        with pytest.raises(StoreUnavailable, match=worded("store.no_database")):
            call()
