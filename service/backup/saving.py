"""Making a backup while the service runs: editions under the writer's lock, tables as they were at one moment."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from prompts import say
from service.backup.archive import PIPE, BackupError, Writer, writing
from service.backup.tables import KEPT, RATINGS, dumped
from service.composition import make_database, make_key, make_store, make_texts
from service.feedback.store import ratings_database
from service.settings import Settings
from vectorstore.database import Database, away_told
from vectorstore.drafts import EditionState
from vectorstore.edition_files import NOTED
from vectorstore.errors import WriterBusy
from vectorstore.kept_texts import files_in

if TYPE_CHECKING:
    from vectorstore.editions import EditionStore

EDITIONS, TABLES, TEXTS, FILES, KEY = "editions/", "tables/", "texts/", "files/", "service.key"
KEPT_FILES = ("questions.jsonl", "replies.jsonl")
KEPT_FOLDERS = ("cases", "runs")
WAITING_SECONDS = 300.0  # for another writer
Tell = Callable[[str, float], None]


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
    with closing(make_database(settings)) as database, _turn(store, tell), writing(file) as archive:
        ratings = ratings_database(settings.data_dir, database)
        if damage := database.damage() or ratings.damage():
            raise BackupError(damage)
        about, damaged = _editions(store, archive, tell)
        for source, tables in ((database, KEPT), (ratings, RATINGS)):
            _tables(source, tables, archive)
        for name, content in make_texts(settings, database).all().items():
            archive.put(TEXTS + name, content)
        for name, path in data_files(settings.data_dir).items():
            archive.put(FILES + name, path.read_bytes())
        archive.put(KEY, make_key(settings, database))
        archive.finish(about | {"made": datetime.now(UTC).isoformat(), "version": version("strategielotse")})
    return Saved(file, tuple(about["editions"]), damaged)


def data_files(root: Path) -> dict[str, Path]:
    """Return the files of a data folder that a backup holds beside editions, tables and texts, by name."""
    texts = files_in(root).values()
    found = [root / name for name in KEPT_FILES]
    found += sorted(path for name in KEPT_FOLDERS for path in (root / name).rglob("*"))
    found = [path for path in found if path not in texts]
    return {path.relative_to(root).as_posix(): path for path in found if path.is_file() and not path.is_symlink()}


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


def _editions(store: EditionStore, archive: Writer, tell: Tell) -> tuple[dict[str, Any], tuple[str, ...]]:
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
            name = f"{EDITIONS}{one.name}/{path.relative_to(folder).as_posix()}"
            if path == folder / NOTED:  # Chroma may be writing into it
                with closing(sqlite3.connect(path)) as database:
                    archive.put(name, database.serialize())
            else:
                archive.put_file(name, path)
    drafts = {one.name: {"based_on": one.based_on, "made": one.made.isoformat()} for one in whole if one.made}
    before = next((one.name for one in whole if one.state is EditionState.BEFORE), None)
    names = [one.name for one in whole]
    return {"editions": names, "current": current, "before": before, "drafts": drafts}, tuple(sorted(damaged))


def _tables(source: Database, tables: tuple[Any, ...], archive: Writer) -> None:
    with away_told(), source.snapshot() as connection:
        for table in tables if connection is not None else ():
            if connection is not None and (lines := dumped(connection, table)) is not None:
                archive.put(f"{TABLES}{table.name}.jsonl", lines)
