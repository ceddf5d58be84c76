"""Putting a backup back: looked through as a whole first, then editions, tables, texts and files, then the pointer."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Annotated

from pydantic import AwareDatetime, BaseModel, ConfigDict, StringConstraints, ValidationError
from sqlalchemy import MetaData

from prompts import say
from service.backup.archive import BackupError, Contents, unpack
from service.backup.saving import EDITIONS, FILES, KEPT_FILES, KEPT_FOLDERS, KEY, TABLES, TEXTS, Tell, data_files
from service.backup.tables import KEPT, RATINGS, fill, filled, understood
from service.composition import make_database, make_store, make_texts
from service.feedback.store import ratings_database
from service.service_key import BYTES, keep_key
from service.settings import Settings
from vectorstore import kept_texts
from vectorstore.database import Database, away_told
from vectorstore.disk import private_folder
from vectorstore.drafts import DraftNote
from vectorstore.edition_files import UNFINISHED, write_durably

if TYPE_CHECKING:
    from vectorstore.editions import EditionStore
    from vectorstore.kept_texts import Texts

INCOMING, ROOM = "incoming", "restore-"
Name = Annotated[str, StringConstraints(pattern=r"\A\d{4}-\d\d-\d\d-\d{1,9}\z")]


@dataclass(frozen=True, slots=True)
class Restored:
    """What was put back: the editions, the published one, and when (UTC) the backup was made."""

    editions: tuple[str, ...]
    current: str | None
    made: datetime


class _Note(BaseModel):
    based_on: Name | None
    made: AwareDatetime


class _About(BaseModel):
    """What an archive says of its editions."""

    model_config = ConfigDict(strict=True)

    editions: tuple[Name, ...]
    current: Name | None
    before: Name | None
    drafts: dict[Name, _Note]
    made: AwareDatetime


@dataclass(frozen=True, slots=True)
class _Target:
    """An installation that takes a backup."""

    settings: Settings
    store: EditionStore
    database: Database
    ratings: Database
    texts: Texts


def put_back(settings: Settings, source: Path, tell: Tell, *, replace: bool) -> Restored:
    """Have an installation hold what an archive holds, a file or `PIPE`, and nothing else.

    Raises BackupError for an archive that is not whole, and, unless `replace`, where something lies there already;
    WriterBusy, StoreAway, NoSpace, EditionMismatch, EditionDamaged. What it lacks shows before anything changes.
    """
    with closing(make_database(settings)) as database:
        ratings = ratings_database(settings.data_dir, database)
        target = _Target(settings, make_store(settings), database, ratings, make_texts(settings, database))
        private_folder(settings.data_dir)
        with target.store.writing(), _room(settings.data_dir) as room:
            tell(say("backup.checking"), 0.0)
            contents = unpack(source, room)
            about = _about(contents)
            if not replace:
                _require_empty(target)
            tell(say("backup.putting_back"), 0.5)
            _put(target, contents, about)
            tell(say("backup.done"), 1.0)
    return Restored(about.editions, about.current, about.made)


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


def _about(contents: Contents) -> _About:
    """Return what an archive says; raises BackupError where it holds something else."""
    try:
        about = _About.model_validate_json(json.dumps(dict(contents.about)))
    except ValidationError as error:
        raise BackupError(say("backup.no_editions")) from error
    held = {name.partition("/")[0] for name in contents.below(EDITIONS)}
    known = {about.current, about.before, *about.drafts} - {None}
    if held != set(about.editions) or not known <= held or about.current in about.drafts:
        raise BackupError(say("backup.other_editions"))
    if KEY not in contents.members or (contents.folder / KEY).stat().st_size != BYTES:
        raise BackupError(say("backup.no_key"))
    return about


def _require_empty(target: _Target) -> None:
    there = [*target.store.names(), *target.texts.all(), *data_files(target.settings.data_dir)]
    for database, tables in ((target.database, KEPT), (target.ratings, RATINGS)):
        with away_told(), database.reading(MetaData()) as connection:
            there += filled(connection, tables) if connection is not None else []
    if there:
        raise BackupError(say("backup.not_empty", names=", ".join(there[:5]) + (" …" if there[5:] else "")))


def _put(target: _Target, contents: Contents, about: _About) -> None:
    """Put everything in place; what the tables say is understood before anything changes."""
    rows = understood({name.removesuffix(".jsonl"): path.read_bytes() for name, path in contents.below(TABLES).items()})
    editions = {name: contents.folder / EDITIONS / name for name in about.editions}
    drafts = {name: DraftNote(note.based_on, note.made.astimezone(UTC)) for name, note in about.drafts.items()}
    texts, files = texts_and_files(contents)
    target.store.put_back(editions, about.current, about.before, drafts)
    for name in target.texts.all().keys() - texts.keys():
        target.texts.remove(name)
    for name, path in texts.items():
        target.texts.put(name, path.read_bytes())
    _put_files(target.settings.data_dir, files)
    with away_told():
        fill(target.database, KEPT, rows)
        fill(target.ratings, RATINGS, rows)
        _put_key(target, (contents.folder / KEY).read_bytes())


def texts_and_files(contents: Contents) -> tuple[dict[str, Path], dict[str, Path]]:
    """The texts and the other files of an archive; in older ones, what was learned and cases lie among the files."""
    files = contents.below(FILES)
    texts = {name: path for name, path in (files | contents.below(TEXTS)).items() if _is_text(name)}
    known = [name for name in files if name in KEPT_FILES or name.startswith(tuple(f"{one}/" for one in KEPT_FOLDERS))]
    return texts, {name: files[name] for name in known if name not in texts}


def _is_text(name: str) -> bool:
    """Tell whether a file of this name in a data folder holds a kept text."""
    path = PurePosixPath(name)
    return path.suffix != UNFINISHED and any(
        path.match(pattern) and name.count("/") == pattern.count("/") for pattern in kept_texts.KEPT
    )


def _put_files(root: Path, wanted: dict[str, Path]) -> None:
    for name, path in data_files(root).items():
        if name not in wanted:
            path.unlink()
    for name, path in wanted.items():
        for parent in reversed(Path(name).parents):
            private_folder(root / parent)
        write_durably(root / name, path.read_bytes())


def _put_key(target: _Target, key: bytes) -> None:
    from service.service_key import put_key

    if target.database.path is None:
        put_key(target.database, key)
    keep_key(target.settings.data_dir, key)
