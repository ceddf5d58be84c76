"""Files of the search index or the database that are lost or damaged: told in a sentence, served
again once mended.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from prompts import say
from tests.processes import run, serving, until
from tests.replies import problem_of
from tests.service.county import motion, report
from tests.service.fakes import client_over
from tests.vectorstore.samples import parsed_document
from tests.wording import worded
from vectorstore import EditionStore
from vectorstore.chroma import LEAST_INDEXED
from vectorstore.encoder import packaged_encoder
from vectorstore.storage import Database, EditionDamaged

Damage = Callable[[Path], object]
DAMAGED = say("store.database_damaged", name="operation.sqlite")
LOST: dict[str, tuple[str, Damage]] = {
    "lost header": ("header.bin", Path.unlink),
    "empty vectors": ("data_level0.bin", lambda path: path.write_bytes(b"")),
    "other links": ("length.bin", lambda path: path.write_bytes(b"\xff" * path.stat().st_size)),
    "lost database": ("chroma.sqlite3", Path.unlink),
}


@pytest.fixture(scope="module")
def two_editions(tmp_path_factory: pytest.TempPathFactory) -> Path:
    store = EditionStore(tmp_path_factory.mktemp("whole"), packaged_encoder())
    ways = parsed_document(
        "ways", {f"1.{item}": (f"Radweg {item}", "Asphalt.") for item in range(LEAST_INDEXED)}
    )
    store.publish([report(), ways])
    store.publish([report(), motion(), ways])
    return store.root


@pytest.fixture
def data(two_editions: Path, tmp_path: Path) -> Path:
    return shutil.copytree(two_editions, tmp_path / "data")


def break_file(data: Path, name: str, damage: Damage) -> str:
    current = str(EditionStore(data).current_name())
    damage(next((data / "editions" / current).rglob(name)))
    return current


@pytest.mark.parametrize("case", LOST)
def test_a_damaged_search_index_is_told_and_never_opened(data: Path, case: str) -> None:
    """Chroma's own reader ends the process at some of these."""
    current = break_file(data, *LOST[case])
    with pytest.raises(EditionDamaged, match=worded("store.files_lost", name=current)):
        EditionStore(data).open()


def test_the_service_starts_says_why_and_serves_again_after_going_back(data: Path) -> None:
    current = break_file(data, *LOST["lost header"])
    text = run("verify", data=data)
    assert text.returncode == 6
    assert (
        f"Ausgabe {current} (veröffentlicht) ist beschädigt" in text.stdout
        and "header.bin fehlt" in text.stdout
    )
    with client_over(data) as client:
        for path in ("/readyz", "/api/v1/documents"):
            assert problem_of(client.get(path)) == (503, "edition-unusable")
        before = EditionStore(data).roll_back()
        until(lambda: client.get("/readyz").json().get("corpus_edition") == before)
        after = EditionStore(data).publish([motion()]).name
        until(lambda: client.get("/readyz").json().get("corpus_edition") == after)


@pytest.mark.parametrize(
    "harm", [Path.mkdir, lambda path: path.write_bytes(b"{")], ids=["folder", "half"]
)
def test_a_pointer_that_is_none_ends_commands_with_a_sentence(data: Path, harm: Damage) -> None:
    (data / "current").unlink()
    harm(data / "current")
    for words, code in (
        (["verify"], 6),
        (["serve", "--port", "0"], 2),
        (["ask", "Was?"], 2),
        (["rollback"], 2),
    ):
        text = run(*words, data=data)
        (line,) = text.stderr.splitlines()
        assert text.returncode == code and str(data / "current") in line, words


def test_a_pointer_that_is_lost_while_serving_takes_nothing_from_readers(data: Path) -> None:
    with client_over(data) as client:
        name = client.get("/readyz").json()["corpus_edition"]
        (data / "current").unlink()
        (data / "current").mkdir()
        assert client.get("/readyz").json()["corpus_edition"] == name
    with client_over(data) as client:
        assert problem_of(client.get("/readyz")) == (503, "edition-unusable")


def damaged_database(data: Path) -> None:
    """A database with a page in its middle that holds something else."""
    with sqlite3.connect(data / "operation.sqlite") as made:
        made.execute("CREATE TABLE kept (said TEXT)")
        made.executemany(
            "INSERT INTO kept VALUES (?)", [(f"Eintrag {item} " * 30,) for item in range(400)]
        )
    made.close()
    content = bytearray((data / "operation.sqlite").read_bytes())
    content[40_960:53_248] = b"\x07" * 12_288
    (data / "operation.sqlite").write_bytes(content)


def no_database(data: Path) -> None:
    (data / "operation.sqlite").write_bytes(b"no database" * 1000)


@pytest.mark.parametrize("damage", [damaged_database, no_database])
def test_a_damaged_database_is_found_and_told_and_not_ready(data: Path, damage: Damage) -> None:
    assert Database(data).damage() is None
    damage(data)
    assert Database(data).damage() is not None
    text = run("verify", data=data)
    assert text.returncode == 6 and DAMAGED in f"{text.stdout}{text.stderr}"
    text = run("backup", data.parent / "sicherung.tar", data=data)
    assert text.returncode == 2 and DAMAGED in text.stderr
    assert not (data.parent / "sicherung.tar").exists()
    text = run("staff-link", data=data)
    assert (
        text.returncode == 2
        and "Traceback" not in text.stderr
        and "operation.sqlite" in text.stderr
    )
    with client_over(data) as client:
        response = client.get("/readyz")
        assert problem_of(response) == (503, "database-away")
        assert response.headers["retry-after"] == "30" and client.get("/healthz").status_code == 200
        assert client.get("/api/v1/documents").status_code == 200
        (data / "operation.sqlite").unlink()
        until(lambda: client.get("/readyz").status_code == 200)


@pytest.mark.long
def test_the_service_starts_beside_a_damaged_database(data: Path) -> None:
    """Questions are answered, though nobody can sign in."""
    damaged_database(data)
    with serving(data, path="/healthz") as server:
        assert '"items"' in server.get("/api/v1/documents")
    assert DAMAGED in server.log.read_text() and "Traceback" not in server.log.read_text()
