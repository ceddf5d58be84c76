"""Texts that people keep, as files of one data folder and in the database of several machines."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from vectorstore.database import Database
from vectorstore.errors import StoreAway
from vectorstore.kept_texts import SharedTexts, Texts

CHOICES = "choices/bericht.json"


def keeps(texts: Texts, others: Texts) -> None:
    """What both ways of keeping do; `others` are the same texts as somebody else has them."""
    assert texts.get(CHOICES) is None and texts.all() == {}
    texts.put(CHOICES, b"\xff eins")
    texts.put("corrections.csv", b"zwei")
    assert others.get(CHOICES) == b"\xff eins"
    assert others.all("choices/") == {CHOICES: b"\xff eins"} and others.all().keys() == {CHOICES, "corrections.csv"}

    def refuse(before: bytes | None) -> bytes:
        raise ValueError(before)

    with pytest.raises(ValueError, match="eins"):
        others.change(CHOICES, refuse)
    assert texts.get(CHOICES) == b"\xff eins"
    others.remove(CHOICES)
    assert texts.get(CHOICES) is None and texts.all("choices/") == {}
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: others.change(CHOICES, lambda before: (before or b"") + b"x"), range(12)))
    assert texts.get(CHOICES) == b"x" * 12


def test_a_folder_keeps_texts_as_files(tmp_path: Path) -> None:
    keeps(Texts(tmp_path), Texts(tmp_path))
    assert oct((tmp_path / CHOICES).stat().st_mode)[-3:] == "600"


@pytest.mark.long
def test_machines_keep_texts_in_their_database(tmp_path: Path, shared_database: str) -> None:
    with (
        closing(Database(tmp_path, shared_database)) as here,
        closing(Database(tmp_path, shared_database, pooled=False)) as there,
    ):
        keeps(SharedTexts(here), SharedTexts(there))
    assert list(tmp_path.iterdir()) == []


def test_a_database_that_is_away_is_told(tmp_path: Path) -> None:
    with closing(Database(tmp_path, "postgresql+psycopg://lotse@127.0.0.1:1/lotse", pooled=False)) as database:
        texts = SharedTexts(database)
        for call in (lambda: texts.get(CHOICES), lambda: texts.all(), lambda: texts.put(CHOICES, b"x")):
            with pytest.raises(StoreAway, match="nicht erreichbar"):
                call()
