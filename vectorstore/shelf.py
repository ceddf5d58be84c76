"""Where finished editions lie, and which is published: in the data folder, or in a database of several machines.

An edition is a folder on this machine either way. `EditionStore` builds and opens it; a shelf keeps it, hands it out
whole, names the published one and lets one writer in at a time.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from vectorstore.drafts import DraftNote, DraftNotes
from vectorstore.edition_files import BEFORE, CURRENT, Manifest, edition_names, read_manifest, remove, write_durably
from vectorstore.errors import WriterBusy
from vectorstore.kept_texts import FolderTexts, Texts
from vectorstore.lexical import LexicalSettings
from vectorstore.private_modes import FILE_MODE, close_data_folder, private_folder


class Shelf:
    """The editions of one data folder: what lies there is what there is.

    `texts` is what people keep beside them. A shelf of several machines does the same with its database.
    """

    is_folder = True

    def __init__(self, root: Path) -> None:
        self._root = root
        self._editions = root / "editions"
        self._notes = DraftNotes(root)
        self._lock = FileLock(root / "writer.lock", timeout=0, mode=FILE_MODE)
        self.texts: Texts = FolderTexts(root)

    def current_name(self) -> str | None:
        """The name of the published edition, None where nothing is ingested; raises StoreAway where nobody can tell."""
        try:
            return (self._root / CURRENT).read_text(encoding="utf-8").strip() or None
        except FileNotFoundError:
            return None

    def last_known(self) -> str | None:
        """The same as far as this machine knows: cheap, and never raises StoreAway."""
        return Shelf.current_name(self)  # of a data folder, whatever a shelf of several machines asks

    def names(self) -> list[str]:
        """All editions, oldest first; raises StoreAway."""
        return edition_names(self._editions)

    def manifest(self, name: str) -> Manifest:
        """What an edition says about itself; raises EditionDamaged, StoreAway."""
        return read_manifest(self._editions / name)

    def folder(self, name: str) -> Path:
        """The folder of an edition on this machine; raises EditionDamaged and StoreAway where it is not had.

        Here it may be one that is not there: who opens it says so.
        """
        return self._editions / name

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Be the one writer; may be entered again by its holder. Raises WriterBusy, StoreAway.

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

    def keep(self, name: str, lexical: LexicalSettings) -> None:
        """Take in the finished folder of a new edition; only for the writer. Raises StoreAway."""

    def point_to(self, name: str, before: str | None = None) -> None:
        """Publish an edition that is kept, at once and for good; only for the writer. Raises StoreAway.

        `before` is the one published until then, where their age does not tell.
        """
        if before is not None:
            write_durably(self._root / BEFORE, f"{name} {before}\n")
        write_durably(self._root / CURRENT, name + "\n")

    def before(self, name: str) -> str | None:
        """Which one was published before this one, as `point_to` was told; None where it was not. Raises StoreAway."""
        try:
            noted = (self._root / BEFORE).read_text(encoding="utf-8").split()
        except (OSError, UnicodeDecodeError):
            return None
        return noted[1] if len(noted) == 2 and noted[0] == name else None

    def drafts(self) -> dict[str, DraftNote]:
        """What is noted of drafts, by their names; raises StoreAway."""
        return self._notes.all()

    def note_draft(self, name: str, note: DraftNote | None) -> None:
        """Note that an edition is a draft, or with None that it is none; only for the writer. Raises StoreAway."""
        if note is None:
            self._notes.forget(name)
        else:
            self._notes.keep(name, note)

    def drop(self, name: str) -> None:
        """Forget an edition; only for the writer. Raises StoreAway."""
        if (self._editions / name).exists():
            remove(self._editions / name)

    def tidy(self) -> None:
        """Remove from this machine what no longer belongs to the shelf; raises StoreAway."""
