"""One archive of all that an installation holds, made while it runs; and back: looked through as a whole first.

Editions lie in it as their folders (while it is made nobody else publishes), tables as they were at one moment.
"""

from __future__ import annotations

import json
import shutil
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import AwareDatetime, BaseModel, ConfigDict, StringConstraints, ValidationError
from sqlalchemy import MetaData, Table

from prompts import say
from service.backup.archive import PIPE, BackupError, Writer, unpack, writing
from service.backup.tables import KEPT, RATINGS, dump, fill, filled, there, understood
from service.composition import make_database, make_key, make_store, make_texts
from service.feedback import ratings_database
from service.service_key import BYTES, keep_key, put_key
from service.settings import Settings
from vectorstore import kept_texts
from vectorstore.database import Database, away_told
from vectorstore.disk import private_folder
from vectorstore.drafts import DraftNote, EditionState
from vectorstore.edition_files import NOTED, UNFINISHED, sync
from vectorstore.errors import WriterBusy

if TYPE_CHECKING:
    from vectorstore.editions import EditionStore

EDITIONS, TABLES, TEXTS, FILES, KEY = "editions", "tables", "texts", "files", "service.key"
KEPT_FILES = ("questions.jsonl", "replies.jsonl")
KEPT_FOLDERS = ("cases", "runs")
INCOMING, ROOM = "incoming", "restore-"
WAITING_SECONDS = 300.0  # for another writer
Tell = Callable[[str, float], None]
Name = Annotated[str, StringConstraints(pattern=r"\A\d{4}-\d\d-\d\d-\d{1,9}\z")]


class _Note(BaseModel):
    based_on: Name | None
    made: AwareDatetime


class About(BaseModel):
    """What an archive says of its editions, and when it was made."""

    model_config = ConfigDict(strict=True)

    editions: tuple[Name, ...]
    current: Name | None
    before: Name | None
    drafts: dict[Name, _Note]
    made: AwareDatetime


@dataclass(frozen=True, slots=True)
class Saved:
    """What lies in a backup: its file, the editions, and those left out as they are damaged."""

    file: Path
    editions: tuple[str, ...]
    damaged: tuple[str, ...]


def back_up(settings: Settings, target: Path, tell: Tell) -> Saved:
    """Write everything into one archive, a file or `PIPE`; a folder gets a file with the day and time in its name.

    Raises BackupError, WriterBusy, EditionDamaged, StoreAway, NoSpace; then there is no file.
    """
    in_folder = target != PIPE and target.is_dir()
    file = target / f"strategielotse-{datetime.now(UTC):%Y-%m-%d-%H%M%S}.tar" if in_folder else target
    store = make_store(settings)
    with (
        closing(make_database(settings)) as database,
        _turn(store, tell),
        tempfile.TemporaryDirectory() as room,
        writing(file) as archive,
    ):
        ratings = ratings_database(settings.data_dir, database)
        if damage := database.damage() or ratings.damage():
            raise BackupError(damage)
        about, damaged = _put_editions(store, archive, Path(room) / "copy", tell)
        for source, tables in ((database, KEPT), (ratings, RATINGS)):
            _put_tables(source, tables, archive, Path(room) / "rows")
        for name, content in make_texts(settings, database).all().items():
            archive.put(f"{TEXTS}/{name}", content)
        for name, path in _data_files(settings.data_dir).items():
            archive.put(f"{FILES}/{name}", path)
        archive.put(KEY, make_key(settings, database))
        archive.finish(about | {"made": datetime.now(UTC).isoformat(), "version": version("strategielotse")})
    return Saved(file, tuple(about["editions"]), damaged)


@contextmanager
def _turn(store: EditionStore, tell: Tell) -> Iterator[None]:
    """Be the one who publishes, so that no edition goes meanwhile; waits for another one."""
    deadline = time.monotonic() + WAITING_SECONDS
    with ExitStack() as held:
        while True:
            try:
                held.enter_context(store.writing())
                break
            except WriterBusy:
                if time.monotonic() > deadline:
                    raise
            tell(say("backup.waiting"), 0.0)
            time.sleep(0.5)
        yield


def _put_editions(
    store: EditionStore, archive: Writer, copy: Path, tell: Tell
) -> tuple[dict[str, Any], tuple[str, ...]]:
    """Put in all editions that are whole; return what the archive says of them, and which are not."""
    current = store.current_name()
    damaged = {one.name for one in (store.check() if current else ()) if one.damages}
    if current in damaged:
        raise BackupError(say("backup.damaged", edition=current))
    whole = [one for one in store.listed() if one.name not in damaged]
    for number, one in enumerate(whole):
        tell(say("backup.edition", edition=one.name), number / len(whole))
        folder = store.folder(one.name)
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            name = f"{EDITIONS}/{one.name}/{path.relative_to(folder).as_posix()}"
            if path == folder / NOTED:  # Chroma may be writing into it
                with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(copy)) as target:
                    source.backup(target)
            archive.put(name, copy if path == folder / NOTED else path)
    drafts = {one.name: {"based_on": one.based_on, "made": one.made.isoformat()} for one in whole if one.made}
    before = next((one.name for one in whole if one.state is EditionState.BEFORE), None)
    names = [one.name for one in whole]
    return {"editions": names, "current": current, "before": before, "drafts": drafts}, tuple(sorted(damaged))


def _put_tables(source: Database, tables: tuple[Table, ...], archive: Writer, rows: Path) -> None:
    with away_told(), source.snapshot() as connection:
        if connection is not None:
            for table in there(connection, tables):
                dump(connection, table, rows)
                archive.put(f"{TABLES}/{table.name}.jsonl", rows)


def _data_files(root: Path) -> dict[str, Path]:
    """Return the files of a data folder that are kept beside editions, tables and texts, by name."""
    texts = kept_texts.files_in(root)
    found = {name: root / name for name in KEPT_FILES}
    for folder in KEPT_FOLDERS:
        found |= _below(root / folder, f"{folder}/")
    return {name: path for name, path in found.items() if name not in texts and path.is_file()}


def _below(folder: Path, prefix: str = "") -> dict[str, Path]:
    """Return the plain files below a folder, by name."""
    files = sorted(path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
    return {prefix + path.relative_to(folder).as_posix(): path for path in files}


def put_back(settings: Settings, source: Path, tell: Tell, *, replace: bool) -> About:
    """Have an installation hold what an archive holds, a file or `PIPE`, and nothing else; return what it says.

    Raises BackupError for an archive that is not whole, and, unless `replace`, where something lies there already;
    WriterBusy, StoreAway, NoSpace, EditionMismatch, EditionDamaged. What it lacks shows before anything changes.
    """
    private_folder(settings.data_dir)
    with closing(make_database(settings)) as database:
        store = make_store(settings)
        with store.writing(), _room(settings.data_dir) as room:
            tell(say("backup.checking"), 0.0)
            about = _about(unpack(source, room), room)
            if not replace:
                _require_empty(settings, store, database)
            tell(say("backup.putting_back"), 0.5)
            _put(settings, store, database, room, about)
            tell(say("backup.done"), 1.0)
    return about


@contextmanager
def _room(data_dir: Path) -> Iterator[Path]:
    """Hold an empty folder on the disk of the data folder, for which nobody else has rights."""
    private_folder(data_dir / INCOMING)
    for left in (data_dir / INCOMING).glob(f"{ROOM}*"):  # of one that was killed: nobody else is at work
        shutil.rmtree(left, ignore_errors=True)
    room = Path(tempfile.mkdtemp(prefix=ROOM, dir=data_dir / INCOMING))
    try:
        yield room
    finally:
        shutil.rmtree(room, ignore_errors=True)


def _about(said: dict[str, Any], room: Path) -> About:
    """Understand what an archive says; raises BackupError where it holds something else."""
    try:
        about = About.model_validate_json(json.dumps(said))
    except ValidationError as error:
        raise BackupError(say("backup.no_editions")) from error
    held = {path.name for path in (room / EDITIONS).glob("*")}
    known = {about.current, about.before, *about.drafts} - {None}
    if held != set(about.editions) or not known <= held or about.current in about.drafts:
        raise BackupError(say("backup.other_editions"))
    if not (room / KEY).is_file() or (room / KEY).stat().st_size != BYTES:
        raise BackupError(say("backup.no_key"))
    return about


def _require_empty(settings: Settings, store: EditionStore, database: Database) -> None:
    lying = [*store.names(), *make_texts(settings, database).all(), *_data_files(settings.data_dir)]
    for source, tables in ((database, KEPT), (ratings_database(settings.data_dir, database), RATINGS)):
        with away_told(), source.reading(MetaData()) as connection:
            lying += filled(connection, tables) if connection is not None else []
    if lying:
        raise BackupError(say("backup.not_empty", names=", ".join(lying[:5]) + (" …" if lying[5:] else "")))


def _put(settings: Settings, store: EditionStore, database: Database, room: Path, about: About) -> None:
    """Put everything in place; what the tables say is understood before anything changes."""
    rows, texts = understood(room / TABLES), make_texts(settings, database)
    editions = {name: room / EDITIONS / name for name in about.editions}
    drafts = {name: DraftNote(note.based_on, note.made.astimezone(UTC)) for name, note in about.drafts.items()}
    kept, files = texts_and_files(room)
    store.put_back(editions, about.current, about.before, drafts)
    for name in texts.all().keys() - kept.keys():
        texts.remove(name)
    for name, path in kept.items():
        texts.put(name, path.read_bytes())
    _put_files(settings.data_dir, files)
    key = (room / KEY).read_bytes()
    with away_told():
        fill(database, KEPT, rows)
        fill(ratings_database(settings.data_dir, database), RATINGS, rows)
        if database.path is None:
            put_key(database, key)
    keep_key(settings.data_dir, key)


def texts_and_files(room: Path) -> tuple[dict[str, Path], dict[str, Path]]:
    """The texts and the other files of an archive; in older ones, what was learned and cases lie among the files."""
    files = _below(room / FILES)
    texts = {name: path for name, path in (files | _below(room / TEXTS)).items() if _is_text(name)}
    known = [name for name in files if name in KEPT_FILES or name.partition("/")[0] in KEPT_FOLDERS]
    return texts, {name: files[name] for name in known if name not in texts}


def _is_text(name: str) -> bool:
    """Tell whether a file of this name in a data folder holds a kept text."""
    path = PurePosixPath(name)
    return path.suffix != UNFINISHED and any(
        path.match(pattern) and name.count("/") == pattern.count("/") for pattern in kept_texts.KEPT
    )


def _put_files(root: Path, wanted: dict[str, Path]) -> None:
    for name, path in _data_files(root).items():
        if name not in wanted:
            path.unlink()
    for name, path in wanted.items():
        for parent in reversed(PurePosixPath(name).parents):
            private_folder(root / parent)
        sync(path)
        path.replace(root / name)
        sync((root / name).parent)
