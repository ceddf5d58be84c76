"""Where finished editions lie, and which is published: in the data folder, or in a database of several machines.

An edition is a folder on this machine either way. `EditionStore` builds and opens it; a shelf keeps it, hands it out
whole, names the published one and lets one writer in at a time.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Protocol

from filelock import FileLock, Timeout

from vectorstore.drafts import DraftNote, DraftNotes
from vectorstore.edition_files import BEFORE, CURRENT, Manifest, edition_names, read_manifest, remove, write_durably
from vectorstore.errors import WriterBusy
from vectorstore.kept_texts import FolderTexts, Texts
from vectorstore.lexical import LexicalSettings
from vectorstore.private_modes import FILE_MODE, close_data_folder, private_folder


class Shelf(Protocol):
    """Keeps editions by name; every implementation passes the same contract suite."""

    @property
    def texts(self) -> Texts:
        """What people keep beside the editions."""

    def current_name(self) -> str | None:
        """The name of the published edition, None where nothing is ingested; raises StoreAway where nobody can tell."""

    def last_known(self) -> str | None:
        """The same as far as this machine knows: cheap, and never raises StoreAway."""

    def names(self) -> list[str]:
        """All editions, oldest first; raises StoreAway."""

    def manifest(self, name: str) -> Manifest:
        """What an edition says about itself; raises EditionDamaged, StoreAway."""

    def folder(self, name: str) -> Path:
        """The folder of an edition on this machine, complete; raises EditionDamaged and StoreAway where it is not had.

        A folder shelf may hand out one that is not there: who opens it says so.
        """

    def writing(self) -> AbstractContextManager[None]:
        """Be the one writer; may be entered again by its holder. Raises WriterBusy, StoreAway."""

    def keep(self, name: str, lexical: LexicalSettings) -> None:
        """Take in the finished folder of a new edition; only for the writer. Raises StoreAway."""

    def point_to(self, name: str, before: str | None = None) -> None:
        """Publish an edition that is kept, at once and for good; only for the writer. Raises StoreAway.

        `before` is the one published until then, where their age does not tell.
        """

    def before(self, name: str) -> str | None:
        """Which one was published before this one, as `point_to` was told; None where it was not. Raises StoreAway."""

    def drafts(self) -> dict[str, DraftNote]:
        """What is noted of drafts, by their names; raises StoreAway."""

    def note_draft(self, name: str, note: DraftNote | None) -> None:
        """Note that an edition is a draft, or with None that it is none; only for the writer. Raises StoreAway."""

    def drop(self, name: str) -> None:
        """Forget an edition; only for the writer. Raises StoreAway."""

    def tidy(self) -> None:
        """Remove from this machine what no longer belongs to the shelf; raises StoreAway."""


class FolderShelf:
    """The editions of one data folder: what lies there is what there is."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._editions = root / "editions"
        self._notes = DraftNotes(root)
        self._lock = FileLock(root / "writer.lock", timeout=0, mode=FILE_MODE)
        self.texts: Texts = FolderTexts(root)

    def current_name(self) -> str | None:
        """See `Shelf.current_name`."""
        try:
            return (self._root / CURRENT).read_text(encoding="utf-8").strip() or None
        except FileNotFoundError:
            return None

    def last_known(self) -> str | None:
        """See `Shelf.last_known`."""
        return self.current_name()

    def names(self) -> list[str]:
        """See `Shelf.names`."""
        return edition_names(self._editions)

    def manifest(self, name: str) -> Manifest:
        """See `Shelf.manifest`."""
        return read_manifest(self._editions / name)

    def folder(self, name: str) -> Path:
        """See `Shelf.folder`."""
        return self._editions / name

    @contextmanager
    def writing(self) -> Iterator[None]:
        """See `Shelf.writing`; what lies in the data folder is closed to other users, before and afterwards."""
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

    def keep(self, name: str, lexical: LexicalSettings) -> None:
        """See `Shelf.keep`: the folder lies where it belongs."""

    def point_to(self, name: str, before: str | None = None) -> None:
        """See `Shelf.point_to`."""
        if before is not None:
            write_durably(self._root / BEFORE, f"{name} {before}\n")
        write_durably(self._root / CURRENT, name + "\n")

    def before(self, name: str) -> str | None:
        """See `Shelf.before`."""
        try:
            noted = (self._root / BEFORE).read_text(encoding="utf-8").split()
        except (OSError, UnicodeDecodeError):
            return None
        return noted[1] if len(noted) == 2 and noted[0] == name else None

    def drafts(self) -> dict[str, DraftNote]:
        """See `Shelf.drafts`."""
        return self._notes.all()

    def note_draft(self, name: str, note: DraftNote | None) -> None:
        """See `Shelf.note_draft`."""
        if note is None:
            self._notes.forget(name)
        else:
            self._notes.keep(name, note)

    def drop(self, name: str) -> None:
        """See `Shelf.drop`."""
        if (self._editions / name).exists():
            remove(self._editions / name)

    def tidy(self) -> None:
        """See `Shelf.tidy`: nothing lies elsewhere."""
