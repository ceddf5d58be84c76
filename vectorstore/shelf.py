"""Where finished editions lie, and which is published: in the data folder, or in a database of several machines.

An edition is a folder on this machine either way. `EditionStore` builds and opens it; a shelf keeps it, hands it out
whole, names the published one and lets one writer in at a time.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock, Timeout

from vectorstore.disk import FILE_MODE, close_data_folder, private_folder
from vectorstore.drafts import DraftNote, Pointer
from vectorstore.edition_files import CURRENT, Manifest, edition_names, read_manifest, remove, write_durably
from vectorstore.errors import WriterBusy
from vectorstore.kept_texts import Texts

BEFORE, DRAFTS = "before", "drafts"  # where 0.2 kept what `current` says now


class Shelf:
    """The editions of one data folder: what lies there is what there is.

    `texts` is what people keep beside them. A shelf of several machines does the same with its database, and its
    methods raise StoreAway while that is away.
    """

    is_folder = True

    def __init__(self, root: Path) -> None:
        self._root = root
        self._editions = root / "editions"
        self._lock = FileLock(root / "writer.lock", timeout=0, mode=FILE_MODE)
        self.texts = Texts(root)

    def pointer(self) -> Pointer:
        """What is published and what are drafts, as everybody is told."""
        return self.last_known()

    def last_known(self) -> Pointer:
        """The same as far as this machine knows: cheap, and never raises StoreAway."""
        try:
            found = Pointer.loaded((self._root / CURRENT).read_text(encoding="utf-8"))
        except FileNotFoundError:
            found = Pointer()
        return found if found.before or found.drafts else self._of_earlier_version(found)

    def point(self, pointer: Pointer) -> None:
        """Say what is published and what are drafts, at once and for good; only for the writer."""
        write_durably(self._root / CURRENT, pointer.dumped())
        (self._root / BEFORE).unlink(missing_ok=True)
        shutil.rmtree(self._root / DRAFTS, ignore_errors=True)

    def names(self) -> list[str]:
        """All editions, oldest first."""
        return edition_names(self._editions)

    def manifest(self, name: str) -> Manifest:
        """What an edition says about itself; raises EditionDamaged."""
        return read_manifest(self._editions / name)

    def folder(self, name: str) -> Path:
        """The folder of an edition on this machine; raises EditionDamaged where it is not had.

        Here it may be one that is not there: who opens it says so.
        """
        return self._editions / name

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Be the one writer; may be entered again by its holder. Raises WriterBusy.

        What lies in the data folder is closed to other users, before and afterwards.
        """
        private_folder(self._root)
        try:
            self._lock.acquire()
        except Timeout as error:
            message = f"Ein anderer Vorgang schreibt gerade in {self._root}. Bitte später noch einmal versuchen."
            raise WriterBusy(message) from error
        try:
            close_data_folder(self._root)
            yield
        finally:
            close_data_folder(self._root)
            self._lock.release()

    def keep(self, name: str) -> None:
        """Take in the finished folder of a new edition; only for the writer."""

    def drop(self, name: str) -> None:
        """Forget an edition; only for the writer."""
        if (self._editions / name).exists():
            remove(self._editions / name)

    def tidy(self) -> None:
        """Remove from this machine what no longer belongs to the shelf."""

    def _of_earlier_version(self, found: Pointer) -> Pointer:
        """What 0.2 kept in files of their own."""
        noted_drafts = (path for path in (self._root / DRAFTS).glob("*.json") if path.stem != found.current)
        noted: list[str] = []
        with suppress(OSError, UnicodeDecodeError):
            noted = (self._root / BEFORE).read_text(encoding="utf-8").split()
        before = noted[1] if len(noted) == 2 and noted[0] == found.current else None
        return replace(found, before=before, drafts={path.stem: _note(path) for path in noted_drafts})


def _note(path: Path) -> DraftNote:
    try:
        said = json.loads(path.read_text(encoding="utf-8"))
        return DraftNote(said["based_on"], datetime.fromisoformat(said["made"]))
    except (ValueError, KeyError, TypeError):
        return DraftNote(None, datetime.fromtimestamp(path.stat().st_mtime, UTC))
