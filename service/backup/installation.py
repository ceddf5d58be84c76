"""One archive of all that an installation holds, made while it runs; and back: looked through as a whole first.

Editions lie in it as their folders (while it is made nobody else publishes), tables as they were at one moment, as
lines of JSON that SQLite and PostgreSQL take alike. What only holds for a while or for one machine is left out:
sessions, links, uploads on their way.
"""

from __future__ import annotations

import json
import shutil
import sqlite3
import tempfile
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from importlib.metadata import version
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import AwareDatetime, BaseModel, ConfigDict, StringConstraints, ValidationError
from sqlalchemy import MetaData, Table, delete, func, insert, inspect, select
from sqlalchemy.engine import Connection

from prompts import say
from service import audit, feedback
from service.backup.archive import PIPE, BackupError, Writer, unpack, writing
from service.composition import make_database, make_key, make_store, make_texts
from service.people import decisions, hints, open_questions
from service.service_key import BYTES, keep_key, put_key
from service.settings import Settings
from vectorstore import kept_texts
from vectorstore.database import Database, away_told
from vectorstore.disk import private_folder, sync
from vectorstore.drafts import DraftNote, EditionState
from vectorstore.edition_files import NOTED

if TYPE_CHECKING:
    from vectorstore.editions import EditionStore

EDITIONS, TABLES, TEXTS, FILES, KEY = "editions", "tables", "texts", "files", "service.key"
KEPT_FILES = ("questions.jsonl", "replies.jsonl")
KEPT_FOLDERS = ("cases", "runs")
INCOMING, ROOM = "incoming", "restore-"
KEPT = tuple(
    table
    for one in (audit, decisions, hints, open_questions)
    for table in one.METADATA.sorted_tables
)  # fmt: skip
RATINGS = tuple(feedback.METADATA.sorted_tables)
_READ: dict[type, Callable[[str], Any]] = {datetime: datetime.fromisoformat, date: date.fromisoformat, bytes: b64decode}
Tell = Callable[[str, float], None]
Rows = dict[str, list[dict[str, Any]]]
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
        store.writing(),
        tempfile.TemporaryDirectory() as room,
        writing(file) as archive,
    ):
        about, damaged = _put_editions(store, archive, Path(room) / "copy", tell)
        for source, tables in _tables(settings, database):
            _put_tables(source, tables, archive, Path(room) / "rows")
        for name, content in make_texts(settings, database).all().items():
            archive.put(f"{TEXTS}/{name}", content)
        for name, path in _files(settings.data_dir).items():
            archive.put(f"{FILES}/{name}", path)
        archive.put(KEY, make_key(settings, database))
        archive.finish(about | {"made": datetime.now(UTC).isoformat(), "version": version("strategielotse")})
    return Saved(file, tuple(about["editions"]), damaged)


def put_back(settings: Settings, source: Path, tell: Tell, *, replace: bool) -> About:
    """Have an installation hold what an archive holds, a file or `PIPE`, and nothing else; return what it says.

    Raises BackupError for an archive that is not whole, and, unless `replace`, where something lies there already;
    WriterBusy, StoreAway, NoSpace, EditionMismatch, EditionDamaged. What it lacks shows before anything changes.
    """
    private_folder(settings.data_dir)
    store = make_store(settings)
    with closing(make_database(settings)) as database, store.writing(), _room(settings.data_dir) as room:
        tell(say("backup.checking"), 0.0)
        about, rows = _about(unpack(source, room), room), _rows(room / TABLES)
        if not replace:
            _require_empty(settings, store, database)
        tell(say("backup.putting_back"), 0.5)
        drafts = {name: DraftNote(note.based_on, note.made.astimezone(UTC)) for name, note in about.drafts.items()}
        store.put_back({name: room / EDITIONS / name for name in about.editions}, about.current, about.before, drafts)
        _put_texts(settings, database, room)
        _put_files(settings.data_dir, _files(room / FILES))
        key = (room / KEY).read_bytes()
        with away_told():
            for target, tables in _tables(settings, database):
                _fill(target, tables, rows)
            if database.path is None:
                put_key(database, key)
        keep_key(settings.data_dir, key)
    return about


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
        for name, path in _below(folder).items():
            if path == folder / NOTED:  # Chroma may be writing into it
                with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(copy)) as target:
                    source.backup(target)
            archive.put(f"{EDITIONS}/{one.name}/{name}", copy if path == folder / NOTED else path)
    drafts = {one.name: {"based_on": one.based_on, "made": one.made.isoformat()} for one in whole if one.made}
    before = next((one.name for one in whole if one.state is EditionState.BEFORE), None)
    names = [one.name for one in whole]
    return {"editions": names, "current": current, "before": before, "drafts": drafts}, tuple(sorted(damaged))


def _tables(settings: Settings, database: Database) -> tuple[tuple[Database, tuple[Table, ...]], ...]:
    """Return which tables are kept, each with the database that they lie in."""
    return (database, KEPT), (feedback.ratings_database(settings.data_dir, database), RATINGS)


def _put_tables(source: Database, tables: tuple[Table, ...], archive: Writer, rows: Path) -> None:
    if damage := source.damage():
        raise BackupError(damage)
    with away_told(), source.snapshot() as connection:
        if connection is None:
            return
        for table in _there(connection, tables):
            with rows.open("w", encoding="utf-8") as file:
                for row in connection.execute(select(table).order_by(*table.primary_key)).mappings():
                    file.write(json.dumps(dict(row), ensure_ascii=False, default=_written) + "\n")
            archive.put(f"{TABLES}/{table.name}.jsonl", rows)


def _there(connection: Connection | None, tables: tuple[Table, ...]) -> list[Table]:
    known = inspect(connection) if connection is not None else None
    return [table for table in tables if known is not None and known.has_table(table.name)]


def _written(value: Any) -> str:
    if isinstance(value, datetime):  # SQLite gives moments without their zone, which is UTC
        return (value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)).isoformat()
    return value.isoformat() if isinstance(value, date) else b64encode(value).decode()


def _rows(folder: Path) -> Rows:
    """Return the rows of each table, none where the folder has no file of it; raises BackupError."""
    found: Rows = {}
    for table in (*KEPT, *RATINGS):
        path, kinds = folder / f"{table.name}.jsonl", {one.name: one.type.python_type for one in table.columns}
        lines = path.read_bytes().splitlines() if path.is_file() else []
        try:
            rows = [json.loads(line).items() for line in lines]
            found[table.name] = [{name: _read(kinds[name], value) for name, value in row} for row in rows]
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise BackupError(say("backup.other_table", table=table.name)) from error
    return found


def _read(kind: type, value: Any) -> Any:
    return _READ[kind](value) if kind in _READ and value is not None else value


def _fill(database: Database, tables: tuple[Table, ...], rows: Rows) -> None:
    """Have exactly these rows in the tables; raises SQLAlchemyError."""
    described = MetaData()
    for table in tables:
        table.to_metadata(described)
    with database.writing(described) as connection:
        for table in tables:
            connection.execute(delete(table))
            if rows[table.name]:
                connection.execute(insert(table), rows[table.name])
            _go_on_counting(connection, table)


def _go_on_counting(connection: Connection, table: Table) -> None:
    """Have PostgreSQL number the next row after those that were put in with their numbers; SQLite does by itself."""
    column = table.autoincrement_column
    if column is None or connection.dialect.name != "postgresql":
        return
    sequence = connection.execute(select(func.pg_get_serial_sequence(table.name, column.name))).scalar()
    last = connection.execute(select(func.max(column))).scalar()
    if sequence is not None and last is not None:
        connection.execute(select(func.setval(sequence, last)))


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
    lying = [*store.names(), *make_texts(settings, database).all(), *_files(settings.data_dir)]
    for source, tables in _tables(settings, database):
        with away_told(), source.reading(MetaData()) as connection:
            lying += [
                table.name
                for table in _there(connection, tables)
                if connection is not None and connection.execute(select(table).limit(1)).first()
            ]
    if lying:
        raise BackupError(say("backup.not_empty", names=", ".join(lying[:5]) + (" …" if lying[5:] else "")))


def _put_texts(settings: Settings, database: Database, room: Path) -> None:
    """Have exactly the archive's texts; in older archives some lie among the files."""
    texts = make_texts(settings, database)
    wanted = kept_texts.files_in(room / FILES) | kept_texts.files_in(room / TEXTS)
    for name in texts.all().keys() - wanted.keys():
        texts.remove(name)
    for name, path in wanted.items():
        texts.put(name, path.read_bytes())


def _put_files(root: Path, wanted: Mapping[str, Path]) -> None:
    for name in _files(root).keys() - wanted.keys():
        (root / name).unlink()
    for name, path in wanted.items():
        for parent in reversed(PurePosixPath(name).parents):
            private_folder(root / parent)
        sync(path)
        path.replace(root / name)
        sync((root / name).parent)


def _files(root: Path) -> dict[str, Path]:
    """Return the files of a data folder that are kept beside editions, tables and texts, by name."""
    texts = kept_texts.files_in(root)
    found = {name: root / name for name in KEPT_FILES if (root / name).is_file()}
    for folder in KEPT_FOLDERS:
        found |= {f"{folder}/{name}": path for name, path in _below(root / folder).items()}
    return {name: path for name, path in found.items() if name not in texts}


def _below(folder: Path) -> dict[str, Path]:
    """Return the plain files below a folder, by name."""
    files = sorted(path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
    return {path.relative_to(folder).as_posix(): path for path in files}
