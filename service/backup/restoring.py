"""Puts a verified archive into an installation; can be repeated where it was interrupted."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from pydantic import AwareDatetime, BaseModel, StringConstraints

from service import RESTORING_FOLDER, SOURCES_FILE, Settings, make_database
from service.backup.archive import MANIFEST
from service.people import tables
from vectorstore import Pointer, texts
from vectorstore.storage import (
    UNFINISHED_SUFFIX,
    Database,
    link_or_copy,
    private_folder,
    remove_path,
    translate_errors,
)

if TYPE_CHECKING:
    from vectorstore import EditionStore

EDITIONS = "editions"
TABLES = "tables.sqlite"
FILES = "files"
BACKED_UP_TABLES = (*tables.METADATA.sorted_tables, *texts.METADATA.sorted_tables)
Name = Annotated[str, StringConstraints(pattern=r"\A\d{4}-\d\d-\d\d-\d{1,9}\z")]

RUNS = "runs"  # folder of the runs of evaluations
FETCHED = "incoming/sources"  # files of followed sources


class BackupManifest(BaseModel):
    """The manifest fields of an archive: its editions, the pointer to the published one, and when
    it was made.
    """

    editions: tuple[Name, ...]
    pointer: Pointer
    made: AwareDatetime


def finish_restore(settings: Settings, store: EditionStore) -> None:
    """Finish a restore that was interrupted after its archive was verified.

    If its folder is gone when the lock is held, another process has finished it. Raises a
    StoreError, OSError.
    """
    with store.writing(), closing(make_database(settings)) as database:
        verified = settings.data_dir / RESTORING_FOLDER
        if not verified.is_dir():  # another process was first
            return
        about = BackupManifest.model_validate_json((verified / MANIFEST).read_bytes())
        restore_tables(store, database, verified, about)
        restore_files(settings, store, verified, about)


def restore_tables(
    store: EditionStore, database: Database, verified: Path, about: BackupManifest
) -> None:
    """Copy the tables of a verified archive into the database, in place of their rows.

    Vectors are copied only if the installation keeps them in a Chroma server; else they are files
    of the editions. Can be repeated.
    """
    store.restore_vectors(verified / EDITIONS, about.editions)
    with translate_errors():
        Database(verified, file=TABLES).copy_to(database, BACKED_UP_TABLES)


def restore_files(
    settings: Settings, store: EditionStore, verified: Path, about: BackupManifest
) -> None:
    """Replace editions and files by those of a verified archive, and remove it.

    It is removed last, so that an interrupted restore can be repeated.
    """
    store.restore(verified / EDITIONS, about.editions, about.pointer)
    for name in stored_files(settings.data_dir):
        (settings.data_dir / name).unlink()
    for name, path in stored_files(verified / FILES).items():
        private_folder((settings.data_dir / name).parent)
        link_or_copy(str(path), str(settings.data_dir / name))
    remove_path(verified)


def stored_files(root: Path) -> dict[str, Path]:
    """Return the files below a folder that a backup contains beside editions and tables.

    These are evaluation runs, fetched files and the list of sources, each by its path below the
    folder ("runs/…"). Unfinished files (UNFINISHED) are left out.
    """
    stored: dict[str, Path] = {}
    for folder in (RUNS, FETCHED):
        stored |= {f"{folder}/{name}": path for name, path in files_below(root / folder).items()}
    if (root / SOURCES_FILE).is_file():
        stored[SOURCES_FILE] = root / SOURCES_FILE
    return {name: path for name, path in stored.items() if not name.endswith(UNFINISHED_SUFFIX)}


def files_below(folder: Path) -> dict[str, Path]:
    """Return the regular files below a folder by relative path, sorted; {} without such a folder.

    Links are left out, since they may lead out of the folder.
    """
    files = sorted(path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
    return {path.relative_to(folder).as_posix(): path for path in files}
