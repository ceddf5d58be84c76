"""Backup of a running installation to one archive; and restore, which checks the whole archive
before any change.

The archive has the folders of the editions (publishing is locked meanwhile), the database tables as
a consistent copy in one SQLite file (from any kind of database), and stored files. Sessions, links
and uploads in progress are left out.
"""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError
from sqlalchemy import inspect, select
from sqlalchemy.exc import SQLAlchemyError

from prompts import say
from service import RESTORING_FOLDER, Settings, make_database, open_store
from service.backup.archive import MANIFEST, PIPE, ArchiveWriter, BackupError, unpack, write_archive
from service.backup.opening import make_store
from service.backup.restoring import (
    BACKED_UP_TABLES,
    EDITIONS,
    FILES,
    TABLES,
    BackupManifest,
    files_below,
    restore_files,
    restore_tables,
    stored_files,
)
from service.people import (
    AuditLog,
    Decisions,
    FeedbackStore,
    Hints,
    OpenQuestions,
    corrections_of,
)
from vectorstore import CHROMA_DATABASE, POINTER_FILE, Pointer, texts
from vectorstore.storage import (
    Database,
    EditionMismatch,
    private_folder,
    remove_path,
    report_full_disk,
    sync_path,
    translate_errors,
    write_durably,
)

if TYPE_CHECKING:
    from vectorstore import EditionStore

SQLITE_HEADER = b"SQLite format 3\x00"
INCOMING = "incoming"
RESTORED = "restore-"
ReportProgress = Callable[[str, float], None]
OpenAnswers = Callable[[Settings, Database], None]
"""Opens the published edition of an installation as the service does; raises a `StoreError`."""


@dataclass(frozen=True, slots=True)
class FinishedBackup:
    """A finished backup: its file, the editions in it, and the damaged editions that were left
    out.
    """

    file: Path
    editions: tuple[str, ...]
    damaged: tuple[str, ...]


def back_up(settings: Settings, target: Path, tell: ReportProgress) -> FinishedBackup:
    """Write a backup of an installation and return what is in it; `tell` reports the progress.

    `target` is a new file, `PIPE`, or a folder; a file in a folder is named by the time. Nothing
    can be published meanwhile. Damaged editions are left out, but a damaged published edition is an
    error. Raises BackupError, WriterBusy, EditionDamaged, StoreUnavailable, NoSpace; no file is
    left then.
    """
    file = target
    if target != PIPE and target.is_dir():
        file = target / f"strategielotse-{datetime.now(UTC):%Y-%m-%d-%H%M%S}.tar"
    store = make_store(settings)
    with (
        closing(make_database(settings)) as database,
        store.writing(),
        tempfile.TemporaryDirectory() as space,
        write_archive(file) as archive,
    ):
        names, damaged = _separate_damaged(store)
        for number, name in enumerate(names):
            tell(say("backup.edition", edition=name), number / len(names))
            _put_edition(archive, store.folder(name), Path(space) / "copy")
        damage = database.damage()
        if damage:
            raise BackupError(damage)
        with translate_errors():
            database.copy_to(Database(Path(space), file=TABLES), BACKED_UP_TABLES)
        archive.put(TABLES, Path(space) / TABLES)
        for name, path in stored_files(settings.data_dir).items():
            archive.put(f"{FILES}/{name}", path)
        about = BackupManifest(
            editions=tuple(names),
            pointer=_restrict_pointer(store.pointer(), names),
            made=datetime.now(UTC),
        )
        archive.finish(about.model_dump(mode="json") | {"version": version("strategielotse")})
    return FinishedBackup(file, about.editions, damaged)


def restore(
    settings: Settings,
    source: Path,
    tell: ReportProgress,
    open_answers: OpenAnswers,
    *,
    replace: bool,
) -> BackupManifest:
    """Replace the data of an installation by those of an archive, a file or `PIPE`.

    The whole archive is unpacked and verified before anything is changed. Then its folder is
    renamed to RESTORING: if the program is killed after that, `make_store` finishes the restore.
    Raises BackupError for a damaged archive and, unless `replace` is set, for an installation that
    has data; raises WriterBusy, StoreUnavailable, NoSpace, EditionMismatch, EditionDamaged.
    """
    private_folder(settings.data_dir)
    store = make_store(settings)
    with (
        closing(make_database(settings)) as database,
        store.writing(),
        report_full_disk(settings.data_dir),
        _restore_folder(settings.data_dir) as space,
    ):
        tell(say("backup.checking"), 0.0)
        about = _check_manifest(unpack(source, space), space)
        _verify(settings, space, about, open_answers)
        if not replace:
            _require_empty(settings, store, database)
        tell(say("backup.putting_back"), 0.5)
        for path in (*space.rglob("*"), space):
            sync_path(path)
        verified = space.rename(settings.data_dir / RESTORING_FOLDER)  # from here on it is finished
        try:
            restore_tables(store, database, verified, about)
        except Exception:  # nothing was changed
            remove_path(verified)
            raise
        restore_files(settings, store, verified, about)
    return about


def _verify(
    settings: Settings, space: Path, about: BackupManifest, open_answers: OpenAnswers
) -> None:
    """Open and verify all of an unpacked archive: as if its folder were a data folder, without
    servers.

    These are every edition with its vectors, every row of the tables, and answering over the
    published edition. Raises BackupError, EditionDamaged, EditionMismatch.
    """
    own = {"data_dir": space, "database_url": None, "chroma_url": None}
    beside = settings.model_copy(update=own)
    store = open_store(beside)
    for name in about.editions:
        store.require_whole(name)
    with closing(Database(space, file=TABLES)) as database:
        damage = database.damage()
        if damage:
            raise BackupError(damage)
        try:
            _require_rows(database)
        except EditionMismatch:  # a newer schema
            raise
        except (SQLAlchemyError, ValueError, TypeError, LookupError) as error:
            raise BackupError(say("backup.other_tables")) from error
        if about.pointer.current is not None:
            write_durably(space / POINTER_FILE, about.pointer.dumped())
            open_answers(beside, database)


def _require_rows(database: Database) -> None:
    """Read every row of the tables of an archive, to find one that cannot be read.

    Raises LookupError for a missing table, and what reading a row raises.
    """
    with database.engine.connect() as connection:
        names = set(inspect(connection).get_table_names())
    if not {table.name for table in BACKED_UP_TABLES} <= names:
        raise LookupError("a table is missing")
    stored = Decisions(database)
    corrections_of(stored.all(), stored.today())
    AuditLog(database).latest()
    Hints(database).all()
    OpenQuestions(database).all()
    FeedbackStore(database).counts()
    texts.Texts(database).all()


def is_copy_of_tables(source: Path) -> bool:
    """True for a file that a migration left: an SQLite database instead of an archive."""
    if not source.is_file():
        return False
    with source.open("rb") as file:
        return file.read(len(SQLITE_HEADER)) == SQLITE_HEADER


def put_tables_back(settings: Settings, source: Path) -> None:
    """Replace the tables by those in the file `source`, which a migration made before it changed
    them.

    So the earlier version of the program can be used again. Raises BackupError for a damaged file;
    raises WriterBusy, StoreUnavailable, NoSpace.
    """
    copy = Database(source.parent, file=source.name)
    with (
        closing(make_database(settings)) as database,
        make_store(settings).writing(),
        report_full_disk(settings.data_dir),
    ):
        damage = copy.damage()
        if damage:
            raise BackupError(damage)
        with translate_errors():
            database.put_back(source)


def _separate_damaged(store: EditionStore) -> tuple[list[str], tuple[str, ...]]:
    """Return the names of the undamaged editions, and those of the damaged ones.

    If no edition is published, none is checked. Raises BackupError if the published one is damaged.
    """
    current = store.current_name()
    checks = store.check() if current else {}  # which needs a published edition
    damaged = {name for name, damages in checks.items() if damages}
    if current in damaged:
        raise BackupError(say("backup.damaged", edition=current))
    return [name for name in store.names() if name not in damaged], tuple(sorted(damaged))


def _put_edition(archive: ArchiveWriter, folder: Path, copy: Path) -> None:
    """Add the files of an edition to the archive.

    The database of Chroma is copied to the path `copy` first, by SQLite itself: Chroma may be
    writing to it, and a plain copy could have half of a change.
    """
    for name, path in files_below(folder).items():
        content = path
        if name == CHROMA_DATABASE:
            with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(copy)) as target:
                source.backup(target)
            content = copy
        archive.put(f"{EDITIONS}/{folder.name}/{name}", content)


def _restrict_pointer(pointer: Pointer, names: list[str]) -> Pointer:
    """Return the pointer without editions that are not among `names`, since damaged ones are left
    out.
    """
    previous = pointer.before if pointer.before in names else None
    return Pointer(
        pointer.current,
        previous,
        {name: note for name, note in pointer.drafts.items() if name in names},
    )


def _check_manifest(fields: dict[str, Any], space: Path) -> BackupManifest:
    """Return the manifest of the archive that is unpacked in `space`.

    Raises BackupError if the manifest lacks a field, if the folder has other editions than the
    manifest names, if the pointer names one that is missing or is both published and a draft, or if
    the folder has anything else at its top level.
    """
    try:
        about = BackupManifest.model_validate(fields)
    except ValidationError as error:
        raise BackupError(say("backup.no_editions")) from error
    unpacked = {path.name for path in (space / EDITIONS).glob("*")}
    pointer = about.pointer
    pointed = {pointer.current, pointer.before, *pointer.drafts} - {None}
    unknown = {path.name for path in space.iterdir()} - {EDITIONS, TABLES, FILES, MANIFEST}
    has_other_editions = unpacked != set(about.editions) or not pointed <= unpacked
    if unknown or has_other_editions or pointer.current in pointer.drafts:
        raise BackupError(say("backup.other_editions"))
    return about


def _require_empty(settings: Settings, store: EditionStore, database: Database) -> None:
    """Raise BackupError if the installation has editions, stored files or rows in its tables.

    Tables that do not exist yet count as empty. The message names the first five that are in the
    way.
    """
    existing = [*store.names(), *stored_files(settings.data_dir)]
    for table in BACKED_UP_TABLES:
        with translate_errors(), database.reading(table.metadata) as connection:
            if connection.execute(select(table).limit(1)).first():
                existing.append(table.name)
    if existing:
        names = ", ".join(existing[:5])
        if len(existing) > 5:
            names += " …"
        raise BackupError(say("backup.not_empty", names=names))


@contextmanager
def _restore_folder(data_dir: Path) -> Iterator[Path]:
    """Yield a private empty folder on the disk of the data folder; deleted at the end.

    On the same disk it can be renamed into the data folder. Folders that a killed restore left are
    deleted first.
    """
    private_folder(data_dir / INCOMING)
    for old_folder in (data_dir / INCOMING).glob(f"{RESTORED}*"):  # of a killed restore
        shutil.rmtree(old_folder, ignore_errors=True)
    with tempfile.TemporaryDirectory(
        prefix=RESTORED, dir=data_dir / INCOMING, ignore_cleanup_errors=True
    ) as space:
        yield Path(space)
