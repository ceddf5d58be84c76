"""Editions in a shared database: what machines fetch, what they go on with, what a kill or a lost
server leaves.
"""

from __future__ import annotations

import shutil
import stat
from contextlib import closing
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import psycopg
import pytest

from tests.machines import Machines
from tests.processes import run
from tests.vectorstore.samples import LetterEmbedding, nearest, parsed_document
from tests.wording import worded
from vectorstore import CHROMA_DATABASE, EditionStore, ItemQuestion
from vectorstore.chroma import drop_collection
from vectorstore.manifest import list_files
from vectorstore.records import ItemStatus
from vectorstore.storage import EditionDamaged, StoreUnavailable, WriterBusy

pytestmark = pytest.mark.long  # real servers: minutes of their own

CONTENT = b"%PDF-1.7 " + bytes(range(256)) * 6000  # more than one part


@pytest.fixture(scope="module")
def published(shared: Machines, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Path]:
    """A database and a data folder with one edition that has an original and a question; to be
    copied.
    """
    folder, database = tmp_path_factory.mktemp("published"), shared.postgres.database()
    document = folder / "paper.pdf"
    document.write_bytes(CONTENT)
    questions = [ItemQuestion("a", "1.1", "Wer fährt?")]
    store = shared.store(folder / "data", database, LetterEmbedding())
    store.publish([parsed_document("a")], originals={"a": document}, questions=questions)
    return database, store.root


@pytest.fixture
def database(shared: Machines, published: tuple[str, Path]) -> str:
    return shared.postgres.database(published[0].rpartition("/")[2])


@pytest.fixture
def here(
    shared: Machines, tmp_path: Path, database: str, published: tuple[str, Path]
) -> EditionStore:
    """The machine that published."""
    shutil.copytree(published[1], tmp_path / "here")
    store = shared.store(tmp_path / "here", database, LetterEmbedding())
    name = str(store.current_name())
    store._vectors.restore(store.editions / name, name)
    return store


@pytest.fixture
def there(shared: Machines, tmp_path: Path, database: str) -> EditionStore:
    return shared.store(tmp_path / "there", database, LetterEmbedding())


def address(database: str) -> str:
    return database.replace("+psycopg", "")


def test_another_machine_has_the_same_files(here: EditionStore, there: EditionStore) -> None:
    with closing(there.open()) as edition:
        name = edition.name
        assert (
            edition.catalogue.documents.keys() == {"a"}
            and edition.questions.all[0].question == "Wer fährt?"
        )
        assert edition.originals["a"].read_bytes() == CONTENT
    files, remaining = (list_files(store.editions / name) for store in (there, here))
    assert {**files, CHROMA_DATABASE: None} == {**remaining, CHROMA_DATABASE: None} and {
        "chroma/chroma.sqlite3",
        "lexical/bm25.npz",
    } <= files.keys()
    assert stat.S_IMODE((there.editions / name / "documents.jsonl").stat().st_mode) == 0o600
    assert list(there.check().values()) == [[]]
    assert there.questions() == here.questions() and there.document_ids() == ("a",)


def test_an_original_that_did_not_change_is_stored_and_fetched_once(
    here: EditionStore, there: EditionStore, database: str
) -> None:
    there.open().close()
    with closing(here.open()) as edition:
        sources = dict(edition.originals)
    here.publish([parsed_document("a", status=ItemStatus.PLANNED)], originals=sources)
    there.open().close()
    links = {
        (there.editions / name / "originals" / "a.pdf").stat().st_nlink for name in there.names()
    }
    assert links == {2}
    count = "SELECT count(*) FROM edition_part WHERE digest = %s"
    with psycopg.connect(address(database)) as connection:
        assert connection.execute(count, [sha256(CONTENT).hexdigest()]).fetchall() == [(2,)]


def test_what_was_changed_here_is_fetched_anew(here: EditionStore, there: EditionStore) -> None:
    there.open().close()
    manifest = there.editions / str(there.current_name()) / "edition.json"
    manifest.write_text("{}")
    there.open().close()
    assert (
        manifest.read_bytes()
        == (here.editions / manifest.parent.name / "edition.json").read_bytes()
    )


def test_a_database_that_lost_a_part_is_told(
    here: EditionStore, there: EditionStore, database: str
) -> None:
    with psycopg.connect(address(database)) as connection:
        connection.execute("DELETE FROM edition_part WHERE part = 1")
    with pytest.raises(EditionDamaged, match=worded("store.shared_damaged")):
        there.open()
    assert there.names() == [here.current_name()] and not list(there.editions.glob("*"))


def test_removed_documents_leave_the_database_and_the_other_machines(
    here: EditionStore, there: EditionStore, database: str
) -> None:
    there.open().close()
    gone = str(here.current_name())
    here.publish([parsed_document("b")])
    here.forget(["a"])
    assert here.names() == there.names() == [here.current_name()]
    with psycopg.connect(address(database)) as connection:
        assert connection.execute(
            "SELECT count(*) FROM edition_part WHERE content LIKE '%%PDF-1.7%%'"
        ).fetchall() == [(0,)]
    there.open().close()
    there.remove_gone_copies()
    assert (there.editions / gone).exists()  # a server may just be leaving it
    there.remove_gone_copies()
    assert not (there.editions / gone).exists()


def test_one_writer_among_all_machines(here: EditionStore, there: EditionStore) -> None:
    with here.writing(), pytest.raises(WriterBusy, match=worded("store.writer_elsewhere")):
        there.publish([parsed_document("b")])
    assert there.publish([parsed_document("b")]).changed
    assert here.current_name() == there.current_name()
    assert here.roll_back() == there.current_name()


def test_a_writer_that_is_killed_before_the_database_knows_leaves_nothing_that_counts(
    here: EditionStore, there: EditionStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(BaseException):
        pass

    def kill(*_: object) -> None:
        raise Killed

    before = here.current_name()
    with monkeypatch.context() as patch:  # neither stored nor cleaned up after
        patch.setattr("vectorstore.shared.editions._store_parts", kill)
        patch.setattr(EditionStore, "_drop", kill)
        with pytest.raises(Killed):
            here.publish([parsed_document("lost")])
    assert here.current_name() == before
    name = there.publish([parsed_document("b")]).name
    with closing(here.open()) as edition:
        assert (edition.name, set(edition.catalogue.documents)) == (name, {"b"})


def test_while_the_database_is_away_what_is_known_is_opened_and_nothing_written(
    here: EditionStore, there: EditionStore, shared: Machines
) -> None:
    there.open().close()
    name = there.current_name()
    shared.postgres.stop()
    try:
        with closing(there.open()) as edition:
            assert edition.name == name == there.local_current_name()
        for write in (lambda: there.publish([]), there.roll_back, lambda: there.forget(["a"])):
            with pytest.raises(StoreUnavailable, match=worded("store.no_database")):
                write()
        with pytest.raises(StoreUnavailable):
            there.current_name()
    finally:
        shared.postgres.start()
    assert there.current_name() == name
    assert there.publish([parsed_document("b")]).changed


def test_while_the_chroma_server_is_away_the_vectors_of_the_editions_folder_are_taken(
    here: EditionStore, shared: Machines, database: str
) -> None:
    away = replace(shared, chroma="http://127.0.0.1:9").store(
        here.root, database, LetterEmbedding()
    )
    with closing(here.open()) as edition, closing(away.open()) as alone:
        assert nearest(alone, "Bürgerbus Auental") == nearest(edition, "Bürgerbus Auental")


def test_without_a_chroma_server_nothing_is_published(
    here: EditionStore, shared: Machines, database: str
) -> None:
    away = replace(shared, chroma="http://127.0.0.1:9").store(
        here.root, database, LetterEmbedding()
    )
    name = here.current_name()
    with pytest.raises(StoreUnavailable, match="Chroma-Server"):
        away.publish([parsed_document("b")])
    assert here.current_name() == name and here.names() == [name]
    assert sorted(path.name for path in here.editions.iterdir()) == [name]
    away.open().close()


def test_a_database_without_its_vectors_is_told_as_damaged(
    here: EditionStore, shared: Machines, database: str, tmp_path: Path
) -> None:
    name, restored = str(here.current_name()), shared.postgres.database()
    dump = tmp_path / "lotse.dump"
    shared.postgres.call("pg_dump", "--format=custom", f"--file={dump}", address(database))
    drop_collection(f"edition-{name}", shared.chroma)
    shared.postgres.call("pg_restore", "--no-owner", f"--dbname={address(restored)}", dump)
    settings = shared.settings(restored)
    checked = run("verify", data=tmp_path / "new", **settings)
    assert checked.returncode == 6 and "Vektorspeicher" in checked.stdout
    store = shared.store(tmp_path / "newer", restored, LetterEmbedding())
    with closing(store.open()) as edition:  # by the vectors of its folder until the next edition
        assert edition.originals["a"].is_file() and nearest(edition, "Bürgerbus")
        parsed, originals = edition.catalogue.parsed, dict(edition.originals)
    assert store.publish(parsed, originals=originals).changed
    store._vectors.require_equal_vectors(
        store.folder(str(store.current_name())), str(store.current_name())
    )


def test_a_command_leaves_the_database_no_open_connection(
    here: EditionStore, shared: Machines, database: str
) -> None:
    settings = shared.settings(database) | {"PYTHONWARNINGS": "always::ResourceWarning"}
    asked = run("ask", "Was ist der Bürgerbus Auental?", data=here.root, **settings)
    assert asked.returncode == 0, asked.stderr
    assert "psycopg" not in asked.stderr
