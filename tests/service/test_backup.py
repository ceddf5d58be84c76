"""Backup and restore of an installation: made while it answers, put back elsewhere; damaged or
forged, refused.
"""

from __future__ import annotations

import io
import json
import random
import re
import shutil
import sqlite3
import subprocess
import tarfile
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient
from typer.testing import CliRunner, Result

from service import Settings, make_database, open_store
from service.app.application import create_app
from service.backup import back_up, make_store, restore
from service.backup.archive import BackupError, unpack, write_archive
from service.backup.restoring import BACKED_UP_TABLES, TABLES, BackupManifest
from service.cli.commands import app
from service.composition import make_key, open_answers
from service.people import (
    AuditLog,
    Decision,
    DecisionKind,
    Decisions,
    FeedbackRequest,
    FeedbackStore,
    Hints,
)
from service.records import Contact, ContactStore
from tests.machines import Machines, machines
from tests.processes import COMMAND, environment
from tests.service.county import motion, report
from tests.service.test_migrations import modules_with_tables
from tests.sharing import copy_of
from tests.wording import worded
from vectorstore import CHROMA_DATABASE, EditionStore, Texts, read_manifest
from vectorstore.manifest import MANIFEST, list_files, parse_manifest
from vectorstore.storage import Database, EditionDamaged, StoreError, StoreUnavailable

QUESTIONS = (
    "Welche Projekte sind noch Ideen?",
    "Was ist der Radschnellweg Nord?",
    "Wie wird das Wetter morgen?",
)
FIX = Decision(
    kind=DecisionKind.VALUE, items=(("auenland-report", "2.1.2.3"),), field="status", value="implemented",
    read="in_progress", reason="fertig", person="Ada", day=date(2026, 11, 22),
)  # fmt: skip
CHOICES = "choices/auenland-report.json"
OWN = ("answer_id", "timings_ms")
DAY = date(2026, 11, 22)
PAPER = b"%PDF-1.7 the printed report"


def silent(step: str, share: float) -> None:
    """Show no progress."""


def fill(settings: Settings, folder: Path) -> None:
    """Put into an installation something of every kind that it holds."""
    document = folder / "paper.pdf"
    document.write_bytes(PAPER)
    originals = {"auenland-report": document}
    store = make_store(settings)
    store.publish([report()], originals=originals)
    name = store.publish([report(), motion()], originals=originals).name
    store.publish([motion()], draft=True)
    with closing(make_database(settings)) as database:
        texts = Texts(database)
        texts.put(CHOICES, b"\xff kein Text")
        AuditLog(database).note("Ada", "editor", "correction", "auenland-report 2.1.2.3 status")
        Hints(database).store("auenland-report", "2.1.2.3", "date", "Seit Mai «fertig»\nund mehr")
        decided = Decision(
            kind=DecisionKind.GAP, wordings=("Kistenvelo?", "Leiht mir wer ein Rad?")
        )
        Decisions(database).add([replace(decided, person="Ada"), FIX])
        make_key(database)
        rating = FeedbackRequest(answer_id="1" * 26, helpful=False, reason="wrong")
        FeedbackStore(database).store_rating(rating, name, DAY)
        texts.put("cases/eigene.jsonl", b"{}\n")
        ContactStore(database).replace([Contact(code="66.01", name="Wege", telephone="115")])


def held(settings: Settings) -> dict[str, Any]:
    """Return all that `fill` put there, and the answers."""
    store = make_store(settings)
    with closing(make_database(settings)) as database, closing(store.open()) as edition:
        return {
            "editions": [
                (item.name, item.state, item.based_on, item.made) for item in store.list_editions()
            ],
            "damages": list(store.check().values()),
            "original": edition.originals["auenland-report"].read_bytes(),
            "plan": Texts(database).get(CHOICES),
            "notes": AuditLog(database).latest(),
            "decisions": Decisions(database).all(),
            "hints": [
                (item.id, item.document_id, item.key, item.part, item.text)
                for item in Hints(database).all()
            ],
            "ratings": FeedbackStore(database).counts(),
            "key": make_key(database),
            "contacts": ContactStore(database).read().contacts,
            "cases": Texts(database).get("cases/eigene.jsonl"),
            "answers": answers(settings),
        }


def answers(settings: Settings) -> list[dict[str, Any]]:
    with TestClient(create_app(settings), client=("127.0.0.1", 1)) as client:
        statement = [
            client.post("/api/v1/chat", json={"question": item}).json() for item in QUESTIONS
        ]
    return [{key: item[key] for key in item if key not in OWN} for item in statement]


@dataclass(frozen=True)
class Backup:
    """An installation, what it holds, and its backup."""

    settings: Settings
    held: dict[str, Any]
    file: Path


@pytest.fixture(scope="module")
def backup(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Backup]:
    folder = tmp_path_factory.mktemp("backup")
    settings = Settings(data_dir=folder / "data", rate_per_minute=0)
    fill(settings, folder)
    stop = threading.Event()

    def keep_rating() -> None:
        ratings, number = FeedbackStore(Database(settings.data_dir)), 0
        while not stop.wait(0.01):
            number += 1
            ratings.store_rating(FeedbackRequest(answer_id=f"{number:026}", helpful=True), "x", DAY)

    before = held(settings)
    writer = threading.Thread(target=keep_rating)
    writer.start()
    saved = back_up(settings, folder, silent)
    stop.set()
    writer.join()
    assert saved.file.parent == folder and saved.damaged == () and len(saved.editions) == 3
    yield Backup(settings, before, saved.file)


@pytest.fixture
def elsewhere(tmp_path: Path) -> Settings:
    return Settings(data_dir=tmp_path / "elsewhere" / "data", rate_per_minute=0)


def put_back(settings: Settings, file: Path, *, replace: bool = False) -> BackupManifest:
    """Restore a backup, showing no progress."""
    return restore(settings, file, silent, open_answers, replace=replace)


def check_refused(folder: Path, file: Path, match: str | None = None) -> None:
    """Fail unless a backup is refused before a new data folder has anything of it."""
    settings = Settings(data_dir=folder / "data")
    with pytest.raises(BackupError, match=match):
        put_back(settings, file)
    assert make_store(settings).names() == []


def call(settings: Settings, *words: str | Path) -> Result:
    return CliRunner().invoke(app, [*map(str, words), "--data-dir", str(settings.data_dir)])


def test_all_that_was_there_is_there_again_and_answers_the_same(
    backup: Backup, elsewhere: Settings
) -> None:
    assert backup.file.stat().st_mode & 0o077 == 0
    restored = put_back(elsewhere, backup.file)
    now = held(elsewhere)
    ratings = now.pop("ratings")
    assert now == {name: value for name, value in backup.held.items() if name != "ratings"}
    # and those given meanwhile
    assert [(day["not_helpful"], day["wrong"]) for day in ratings.values()] == [(1, 1)]
    assert (
        restored.pointer.current == make_store(elsewhere).current_name()
        and restored.made.tzinfo is not None
    )
    assert list((elsewhere.data_dir / "incoming").iterdir()) == []
    assert make_store(elsewhere).roll_back() == backup.held["editions"][2][0]
    with closing(make_database(elsewhere)) as database:
        AuditLog(database).note("Eva", "editor", "correction", "x")  # numbers go on
        assert len(AuditLog(database).latest()) == 2


def test_the_commands_say_what_they_did_and_note_it(
    backup: Backup, elsewhere: Settings, tmp_path: Path
) -> None:
    done = call(elsewhere, "restore", backup.file)
    assert done.exit_code == 0 and "neu starten" in done.output
    assert re.search(worded("commands.restored_current"), done.output)
    again = call(elsewhere, "restore", backup.file)
    assert (
        again.exit_code == 2
        and str(backup.held["editions"][1][0]) in again.output
        and "--replace" in again.output
    )
    with closing(make_database(elsewhere)) as database:
        assert Decisions(database).undo(1, "Ada")
        Texts(database).put("cases/neue.jsonl", b"{}")
    make_store(elsewhere).publish([motion()])
    assert call(elsewhere, "restore", backup.file, "--replace").exit_code == 0
    with closing(make_database(elsewhere)) as database:
        assert Texts(database).all("cases/").keys() == {"cases/eigene.jsonl"}
        assert [field.content for field in Decisions(database).on_fields()] == [FIX.content]
        assert [note.action for note in AuditLog(database).latest()] == ["restored", "correction"]
    editions = [(item.name, item.state) for item in make_store(elsewhere).list_editions()]
    assert [item[:2] for item in backup.held["editions"]] == editions
    target = tmp_path / "noch.tar"
    saved = call(elsewhere, "backup", target)
    assert saved.exit_code == 0 and target.is_file()
    assert all(item[0] in saved.output for item in backup.held["editions"])
    assert call(elsewhere, "backup", target).exit_code == 2


def changed(source: Path, target: Path, rng: random.Random) -> None:
    """Write a copy in which one byte of some member's content is another."""
    content = bytearray(source.read_bytes())
    with tarfile.open(source) as tar:
        member = rng.choice([getmember for getmember in tar.getmembers() if getmember.size])
    content[member.offset_data + rng.randrange(member.size)] ^= 1 << rng.randrange(8)
    target.write_bytes(content)


def without(source: Path, target: Path, gone: str, put: dict[str, bytes]) -> None:
    """Write a copy without one member, and with others."""
    with tarfile.open(source) as old, tarfile.open(target, "w") as new:
        for getmember in old.getmembers():
            if getmember.name != gone:
                new.addfile(getmember, old.extractfile(getmember))
        for name, content in put.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            new.addfile(info, io.BytesIO(content))


def test_a_damaged_archive_is_refused_and_changes_nothing(
    backup: Backup, elsewhere: Settings, tmp_path: Path
) -> None:
    rng, bad = random.Random(1), tmp_path / "bad.tar"
    size = backup.file.stat().st_size

    def refused() -> None:
        with pytest.raises(BackupError):
            put_back(elsewhere, bad, replace=True)
        assert make_store(elsewhere).names() == []
        assert not (elsewhere.data_dir / "operation.sqlite").exists()
        assert list((elsewhere.data_dir / "incoming").iterdir()) == []

    for _ in range(12):
        changed(backup.file, bad, rng)
        refused()
    for end in (0, 1, 700, size // 3, size // 2, size - 20_000):
        bad.write_bytes(backup.file.read_bytes()[:end])
        refused()
    with tarfile.open(backup.file) as tar:
        names = tar.getnames()
    for gone in ("manifest.json", TABLES, rng.choice(names)):
        without(backup.file, bad, gone, {})
        refused()
    for odd in ("../evil", "/evil", "editions/x/y", "files/../../evil"):
        without(backup.file, bad, "", {odd: b"x"})
        refused()
    bad.write_bytes(b"PK\x03\x04" + rng.randbytes(5000))
    refused()
    with pytest.raises(BackupError, match=worded("backup.no_file", file=tmp_path / "fehlt.tar")):
        put_back(elsewhere, tmp_path / "fehlt.tar", replace=True)


def test_a_chroma_server_that_is_away_is_told_before_anything_changes(
    backup: Backup, elsewhere: Settings
) -> None:
    other = elsewhere.model_copy(update={"chroma_url": "http://127.0.0.1:1"})
    with pytest.raises(StoreUnavailable, match="Chroma-Server"):
        put_back(other, backup.file)
    assert make_store(elsewhere).names() == []


def test_a_damaged_edition_is_never_saved_as_if_it_were_whole(
    backup: Backup, tmp_path: Path
) -> None:
    data = shutil.copytree(backup.settings.data_dir, tmp_path / "data")
    settings = backup.settings.model_copy(update={"data_dir": data})
    current, before = backup.held["editions"][1][0], backup.held["editions"][2][0]
    (data / "editions" / before / "report.json").write_text("[]")
    saved = back_up(settings, tmp_path / "one.tar", silent)
    assert saved.damaged == (before,) and before not in saved.editions
    (data / "editions" / current / "report.json").write_text("[]")
    with pytest.raises(BackupError, match="beschädigt"):
        back_up(settings, tmp_path / "two.tar", silent)
    assert {path.name for path in tmp_path.iterdir()} == {"data", "one.tar"}


# Editions and the key are members of their own; the rest ends by itself.
LEFT_OUT = {"edition", "edition_pointer", "edition_part", "staff_ticket", "sent_turn", "upload_job"}


def test_every_table_is_saved_or_left_out_on_purpose() -> None:
    """A table that is new has to be named in `service.backup.backing_up`."""
    found = set[str]()
    for module in modules_with_tables():
        found |= module.METADATA.tables.keys()
    assert found == LEFT_OUT | {table.name for table in BACKED_UP_TABLES}


@pytest.mark.long
def test_through_a_pipe_as_containers_do(
    backup: Backup, elsewhere: Settings, tmp_path: Path
) -> None:
    """The lines of the document, with a file for the pipe: what was cut off on the way is
    refused.
    """
    archive, short = tmp_path / "lotse.tar", tmp_path / "short.tar"
    ours, theirs = environment(backup.settings.data_dir), environment(elsewhere.data_dir)
    with archive.open("wb") as file:
        command = [*COMMAND, "backup", "-"]
        saved = subprocess.run(command, env=ours, stdout=file, stderr=subprocess.PIPE, timeout=120)
    assert saved.returncode == 0 and "Gesichert: -" in saved.stderr.decode()
    short.write_bytes(archive.read_bytes()[: archive.stat().st_size // 2])
    for path, code, text in ((short, 2, "unvollständig"), (archive, 0, "Zurückgelegt")):
        with path.open("rb") as file:
            command = [*COMMAND, "restore", "-"]
            done = subprocess.run(command, env=theirs, stdin=file, capture_output=True, timeout=120)
        assert done.returncode == code and text in done.stderr.decode(), done.stderr
    assert make_store(elsewhere).names() == [item[0] for item in reversed(backup.held["editions"])]


@pytest.mark.long
def test_from_one_machine_to_several_and_from_these_to_others(
    backup: Backup, tmp_path: Path
) -> None:
    """PostgreSQL takes what SQLite gave, gives the same, and another one takes that, with the
    vectors on a server.
    """
    (tmp_path / "chroma").mkdir()
    with machines(tmp_path / "chroma") as shared:
        moved = several(tmp_path / "moved", shared, chroma_url=None)
        put_back(moved, backup.file)
        assert held(moved) | {"ratings": None} == backup.held | {"ratings": None}
        first, second = (several(tmp_path / name, shared) for name in ("first", "second"))
        fill(first, tmp_path)
        before = held(first)
        saved = back_up(first, tmp_path / "several.tar", silent)
        put_back(second, saved.file)
        third = second.model_copy(update={"data_dir": tmp_path / "third" / "data"})
        assert held(second) == before == held(third)
        with closing(make_database(second)) as database:
            AuditLog(database).note("Eva", "editor", "correction", "x")
            assert len(AuditLog(database).latest()) == 2


def several(folder: Path, shared: Machines, **changes: object) -> Settings:
    address = {"database_url": shared.postgres.database(), "chroma_url": shared.chroma}
    return Settings(data_dir=folder / "data", rate_per_minute=0, **{**address, **changes})  # type: ignore[arg-type]


NAME = "2026-11-22-1"
NOTE = {"based_on": None, "made": "2026-11-22T10:00:00+00:00"}


@pytest.fixture(scope="module")
def edition(tmp_path_factory: pytest.TempPathFactory) -> Path:
    store = EditionStore(tmp_path_factory.mktemp("edition"))
    return store.folder(store.publish([report()]).name)


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make the tables of an installation in which nobody did anything."""
    folder = tmp_path_factory.mktemp("tables")
    with Database(folder, file=TABLES).writing():
        return folder / TABLES


@pytest.fixture
def forged(edition: Path, tables: Path, tmp_path: Path) -> Callable[..., Path]:
    """Make a backup of one edition that says something else, or holds more."""

    def made(more: dict[str, bytes], **said: Any) -> Path:
        file = tmp_path / "forged.tar"
        file.unlink(missing_ok=True)
        with write_archive(file) as archive:
            for path in sorted(item for item in edition.rglob("*") if item.is_file()):
                archive.put(f"editions/{edition.name}/{path.relative_to(edition).as_posix()}", path)
            for name, content in ({TABLES: tables.read_bytes()} | more).items():
                archive.put(name, content)
            about = {
                "editions": [edition.name],
                "pointer": {"current": edition.name},
                "made": NOTE["made"],
            }
            archive.finish(about | {"version": "1"} | said)
        return file

    return made


def test_files_that_a_backup_never_holds_are_left(
    forged: Callable[..., Path], tmp_path: Path, edition: Path
) -> None:
    data = tmp_path / "data"
    odd = {
        f"files/{name}": b"odd"
        for name in ("current", "operation.sqlite", "writer.lock", "editions/x/current")
    }
    kept = {"files/runs/one/report.json": b"{}"}
    put_back(Settings(data_dir=data), forged(odd | kept))
    assert make_store(Settings(data_dir=data)).current_name() == edition.name
    assert (data / "runs/one/report.json").is_file()
    assert b"odd" not in {path.read_bytes() for path in data.rglob("*") if path.is_file()}


@pytest.mark.parametrize(
    "said",
    [
        {"editions": ["../../x"]},
        {"editions": []},
        {"pointer": {"current": ["x"]}},
        {"pointer": {"current": "2020-01-01-1"}},
        {"pointer": {"current": None, "drafts": {"2020-01-01-1": NOTE}}},
        {"pointer": {"drafts": {"x": {"based_on": None, "made": "gestern"}}}},
        {"made": "gestern"},
    ],
    ids=str,
)
def test_odd_notes_are_refused_before_anything_changes(
    forged: Callable[..., Path], tmp_path: Path, said: dict[str, Any]
) -> None:
    check_refused(tmp_path, forged({}, **said))


def check_no_manifest(folder: Path, manifest: bytes) -> None:
    """Fail unless an archive with nothing but this manifest is refused."""
    file = folder / "odd.tar"
    file.unlink(missing_ok=True)
    with write_archive(file) as archive:
        archive.put("manifest.json", manifest)
    check_refused(folder, file, worded("backup.none"))


def test_an_archive_that_does_not_say_its_format_is_refused(tmp_path: Path) -> None:
    fields: dict[str, Any] = {"members": {}}
    fields["seal"] = sha256(json.dumps(fields).encode()).hexdigest()
    check_no_manifest(tmp_path, json.dumps(fields).encode())


@pytest.mark.parametrize("depth", [2_000, 100_000])
def test_a_manifest_that_is_nested_too_deeply_is_refused(tmp_path: Path, depth: int) -> None:
    for manifest in ("[" * depth, "[" * depth + "]" * depth):
        check_no_manifest(tmp_path, manifest.encode())
        with pytest.raises(EditionDamaged):
            parse_manifest(manifest.encode(), "deep")


def test_tables_of_another_version_are_refused_before_anything_changes(
    forged: Callable[..., Path], tmp_path: Path
) -> None:
    odd = tmp_path / "odd.sqlite"
    with closing(sqlite3.connect(odd)) as connection:
        connection.execute("CREATE TABLE audit (something TEXT)")
    check_refused(tmp_path, forged({TABLES: odd.read_bytes()}), worded("backup.other_tables"))


def with_sql(statement: str) -> Callable[[Path], None]:
    def change(space: Path) -> None:
        with closing(sqlite3.connect(space / TABLES)) as connection:
            connection.execute(statement)
            connection.commit()

    return change


def with_file(name: str, content: bytes) -> Callable[[Path], None]:
    """Change a file of every edition, and its manifest with it, as who forges an archive does."""

    def change(space: Path) -> None:
        for folder in (space / "editions").iterdir():
            (folder / name).write_bytes(content)
            manifest = read_manifest(folder)
            changed = manifest.model_copy(update={"files": list_files(folder)})
            (folder / MANIFEST).write_bytes(changed.sealed())

    return change


def with_other_vectors(space: Path) -> None:
    for folder in (space / "editions").iterdir():
        with closing(sqlite3.connect(folder / CHROMA_DATABASE)) as connection:
            connection.execute("UPDATE embeddings SET embedding_id = 'x' || embedding_id")
            connection.commit()


CHANGES = {
    "no audit": with_sql("DROP TABLE audit"),
    "no texts": with_sql("DROP TABLE text"),
    "odd decision": with_sql("UPDATE decided SET kind = 'x'"),
    "odd field": with_sql("UPDATE decided SET field = 'x'"),
    "odd question": with_sql(
        "INSERT INTO open_question VALUES ('1', 'Was?', '2026-11-22', 'x', 0, 1)"
    ),
    "odd moment": with_sql("UPDATE audit SET moment = 'gestern'"),
    "newer schema": with_sql("UPDATE alembic_version SET version_num = '7'"),
    "records": with_file("documents.jsonl", b"{}\n"),
    "no record": with_file("documents.jsonl", b""),
    "word index": with_file("lexical/terms.json", b'{"size": 1, "terms": []}'),
    "history": with_file("changes.json", b"[1]"),
    "report": with_file("report.json", b"\xff"),
    "analyzer": with_file("analyzer.json", b"["),
    "vectors": with_other_vectors,
    "no vectors": with_file("chroma/chroma.sqlite3", b""),
}


@pytest.mark.parametrize("name", CHANGES)
def test_an_archive_that_cannot_be_opened_leaves_what_is_published(
    backup: Backup, installation: Path, tmp_path: Path, name: str
) -> None:
    """Its files are sealed as they should be, and do not fit each other."""
    space, bad = tmp_path / "space", tmp_path / "bad.tar"
    fields = unpack(backup.file, private(space))
    (space / "manifest.json").unlink()
    CHANGES[name](space)
    with write_archive(bad) as archive:
        for path in sorted(item for item in space.rglob("*") if item.is_file()):
            archive.put(path.relative_to(space).as_posix(), path)
        archive.finish({key: fields[key] for key in ("editions", "pointer", "made", "version")})
    settings = Settings(data_dir=installation, rate_per_minute=0)
    before = digests(installation)
    with pytest.raises(StoreError):
        put_back(settings, bad, replace=True)
    assert digests(installation) == before
    assert list((installation / "incoming").iterdir()) == []
    assert call(settings, "verify").exit_code == 0


@pytest.fixture
def installation(tmp_path: Path) -> Path:
    """A data folder with other contents than the backup, under names of its own."""

    def fill_other(data: Path) -> None:
        EditionStore(data).publish([motion()])
        with closing(Database(data)) as database:
            Decisions(database).add([replace(FIX, value="planned")])

    return copy_of("another installation", fill_other, tmp_path / "installation")


def private(folder: Path) -> Path:
    folder.mkdir()
    return folder


def digests(data: Path) -> dict[str, bytes]:
    """Return every file of a data folder with its contents, apart from those of Chroma's notes."""
    return {
        path.relative_to(data).as_posix(): path.read_bytes()
        for path in sorted(data.rglob("*"))
        if path.is_file() and path.suffix != ".lock" and "chroma.sqlite3" not in path.name
    }


@pytest.mark.parametrize("step", ["tables", "files"])
def test_an_interrupted_restore_is_finished_by_the_next_command(
    backup: Backup, installation: Path, step: str
) -> None:
    """What was verified lies beside; whoever opens the editions next moves the rest of it."""
    settings = Settings(data_dir=installation, rate_per_minute=0)
    verified = installation / "restoring"
    unpack(backup.file, private(verified))
    store = open_store(settings)
    if step == "files":
        with store.writing():
            Database(verified, file=TABLES).copy_to(Database(installation), BACKED_UP_TABLES)
            name = backup.held["editions"][1][0]
            shutil.rmtree(installation / "editions" / name, ignore_errors=True)
    assert call(settings, "verify").exit_code == 0
    assert not verified.exists()
    assert held(settings) | {"ratings": None} == backup.held | {"ratings": None}
