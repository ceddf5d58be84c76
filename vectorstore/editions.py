"""Publishing and opening editions: one writer at a time, any number of readers, and never half an edition.

An edition is built under a temporary name, read back, renamed, and then named in the file `current`, which is replaced
atomically. A kill at any moment leaves the old edition current and at most leftovers that the next writer removes;
whatever else stops a writer leaves nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from vectorstore.catalogue import Catalogue, read_catalogue
from vectorstore.disk import UNFINISHED, full_disk_told, private_folder, remove, require_space
from vectorstore.drafts import MOST_DRAFTS, DraftNote, DraftOf
from vectorstore.edition import (
    Contents,
    Edition,
    EditionCheck,
    Progress,
    build,
    check_edition,
    open_edition,
    read_back,
)  # fmt: skip
from vectorstore.edition_files import (
    CATALOGUE,
    ORIGINALS,
    SCHEMA_VERSION,
    damage_of,
    described,
    new_bytes,
    read_manifest,
    store_originals,
)  # fmt: skip
from vectorstore.embeddings import Embedding
from vectorstore.errors import (
    EditionDamaged,
    NothingIngested,
    NotPublishable,
    StoreAway,
    StoreError,
    TooManyDrafts,
    say,
)
from vectorstore.history import EditionChanges, History, compare_editions
from vectorstore.questions import STORED, ItemQuestion, place, read_questions
from vectorstore.records import Document, ParsedDocument
from vectorstore.shelf import Shelf
from vectorstore.vectors import Vectors, VectorStores, read_folder
from vectorstore.vocabulary import shipped_vocabulary


@dataclass(frozen=True, slots=True)
class PublishResult:
    """The edition that holds what was given, current or a draft, and whether it is a new one."""

    name: str
    changed: bool


class EditionStore(Shelf):
    """The editions of a shelf, built and asked with `embedding`, by words alone without one.

    With `chroma_url` the vectors lie on a Chroma server, a collection for each edition; with `database_url` several
    machines share the editions, and methods raise StoreAway while their database is away.
    """

    def __init__(
        self,
        root: Path,
        embedding: Embedding | None = None,
        *,
        chroma_url: str | None = None,
        database_url: str | None = None,
        today: Callable[[], date] = date.today,
    ) -> None:
        super().__init__(root, database_url)
        self._embedding = embedding
        self._vectors = VectorStores(chroma_url)
        self._today = today

    def stored(self, name: str | None = None) -> tuple[dict[str, Path], dict[str, Document]]:
        """What can be had of the named or current edition whatever its format: originals and documents, by document id.

        An original may be missing; documents are none where their catalogue cannot be read. Raises NothingIngested, and
        EditionDamaged where originals were changed or the edition does not say what it holds.
        """
        name = self._named(name)
        folder, manifest = self.folder(name), self._manifest(name)
        files = {key: f"{ORIGINALS}/{one.file}" for key, one in manifest.originals.items()}
        there = [(key, file) for key, file in files.items() if (folder / file).exists()]
        if changed := [key for key, file in there if damage_of(folder / file, file, manifest.files[file])]:
            raise EditionDamaged(say("store.originals_changed", name=name, changed=", ".join(changed)))
        try:
            documents = read_catalogue(folder / CATALOGUE, manifest.created).documents
        except (SQLAlchemyError, ValueError, OSError):
            documents = {}
        found = {key: documents[key] for key in manifest.documents if key in documents}
        return {key: folder / file for key, file in files.items()}, found

    def questions(self) -> tuple[ItemQuestion, ...]:
        """The questions of the current edition whatever its format; none where nothing is ingested.

        Raises EditionDamaged where they are not those that the edition was published with.
        """
        if not (name := self.current_name()):
            return ()
        folder, listed = self.folder(name), self._manifest(name).files.get(STORED)
        if listed and damage_of(folder / STORED, STORED, listed):
            raise EditionDamaged(say("store.questions_lost", name=name))
        return read_questions(folder) if listed else ()

    def open(self, name: str | None = None) -> Edition:
        """Open the named or the current edition; raises NothingIngested, EditionMismatch or EditionDamaged.

        Where a shared shelf is away, the current one is the last that this machine knows of.
        """
        chosen = self._named(name)
        try:
            return self._open(self.folder(chosen))
        except EditionDamaged:
            if (now := self._named(name)) == chosen:
                raise
            return self._open(self.folder(now))  # another one was published meanwhile

    def publish(
        self,
        parsed: Sequence[ParsedDocument],
        report: Mapping[str, Any] | None = None,
        progress: Progress = lambda step, share: None,
        originals: Mapping[str, Path] | None = None,
        questions: Iterable[ItemQuestion] | None = None,
        draft: DraftOf | None = None,
        forget: Collection[str] = (),
    ) -> PublishResult:
        """Make these documents the current edition, or a `draft`; the same contents again change nothing.

        `originals` maps a document's id to its original file, which the edition keeps a copy of; `questions` are those
        written for items, None for those of the current edition as far as their items are still there. `parsed` are
        documents as they were read. The history of the edition that this one follows goes on in it, but for the
        documents to `forget`.
        Raises WriterBusy, NoSpace, TooManyDrafts, EditionDamaged where it does not read back, ValueError for two
        documents of one id, OSError for an original that cannot be read.
        """
        catalogue = Catalogue.of(parsed)
        sources = {name: path for name, path in (originals or {}).items() if name in catalogue.documents}
        with self.writing():
            if questions is None:
                with suppress(EditionDamaged):  # an edition that is damaged must be replaceable
                    questions = self.questions()
            asked = place(questions or (), [(item.document_id, item.key) for item in catalogue.items]).kept
            contents = Contents(catalogue, self._embedding, shipped_vocabulary(), described(sources), asked)
            self._tidy()
            current = self.current_name()
            if not forget and (same := self._held(contents, draft)) is not None:
                return PublishResult(same, changed=False)
            name = self._next_name()
            with self._undone(name), full_disk_told(self.root):
                if draft is not None:
                    self._note(name, DraftNote(draft.based_on, datetime.now(UTC)))
                history = self._history(draft.based_on if draft else current, name, parsed, forget)
                self._build(name, contents, report or {}, progress, sources, history)
                if draft is None:
                    self._publish(name)
            if draft is None:
                self._drop_others(name, current)
            elif draft.instead_of in self.drafts():
                self._drop(draft.instead_of)
            progress("fertig", 1.0)
            return PublishResult(name, changed=True)

    def make_current(self, name: str, *, anyway: bool = False) -> str | None:
        """Publish an edition that is there, a draft or one that was left; returns the one that was current before.

        Raises NotPublishable where there is none of this name, it is current already, or it is a draft that started
        from an edition which is no longer current, unless `anyway`; EditionDamaged, WriterBusy, NoSpace.
        """
        with self.writing(), full_disk_told(self.root):
            self._tidy()
            current = self.current_name()
            if name not in self.names():
                raise NotPublishable(say("store.no_edition", name=name))
            if name == current:
                raise NotPublishable(say("store.already_published", name=name))
            if not anyway and self.is_outdated(name):
                base = self.base_of(name) or "–"
                raise NotPublishable(say("store.draft_overtaken", name=name, base=base, current=current or "–"))
            self._require_whole(name)
            self._publish(name, before=current)
            self._drop_others(name, current)
            return current

    def drop(self, name: str) -> None:
        """Remove a draft; raises NotPublishable where there is none of this name, WriterBusy."""
        with self.writing():
            self._tidy()
            self.require_draft(name)
            self._drop(name)

    def check(self) -> list[EditionCheck]:
        """Compare every file of every edition with its manifest, oldest first; raises NothingIngested, StoreAway.

        Takes no lock; an edition that is removed meanwhile is left out.
        """
        current = self.current_name()
        if current is None:
            raise NothingIngested(say("store.nothing"))
        found = [check_edition(self.folder(name), self._vectors) for name in self.names()]
        there = self.names()
        if self.current_name() == current and current not in there:
            found.append(EditionCheck(current, (say("store.current_missing"),)))
        return [one for one in found if one.name in (*there, current)]

    def roll_back(self) -> str:
        """Make the edition before the current one current again; returns its name and removes nothing.

        Raises NothingIngested where there is none, WriterBusy, NoSpace, and what opening it raises.
        """
        with self.writing(), full_disk_told(self.root):
            current = self.current_name()
            name = self.before(current) if current else None
            if name is None:
                raise NothingIngested(say("store.none_before", current=current) if current else say("store.nothing"))
            self._require_whole(name)
            self._publish(name)
            return name

    def put_back(
        self, folders: Mapping[str, Path], current: str | None, before: str | None, drafts: Mapping[str, DraftNote]
    ) -> None:
        """Have exactly these editions, whose folders are moved in, and then `current` published.

        Raises EditionMismatch and EditionDamaged where one cannot be opened here, WriterBusy, NoSpace, StoreAway.
        """
        with self.writing(), full_disk_told(self.root):
            self._tidy()
            for name, folder in folders.items():
                self._vectors.put_back(folder, name)
                self._keep(folder, name)
                self._note(name, drafts.get(name))
            if current is not None:
                self._require_whole(current)
                self._publish(current, before)
            for name in set(self.names()) - folders.keys():
                self._drop(name)

    def forget(self, documents: Collection[str]) -> None:
        """Remove every edition but the current one that holds one of these documents, or does not say what it holds."""
        with self.writing():
            for name in set(self.names()) - {self.current_name()}:
                held = self.document_ids(name)
                if not held or not set(documents).isdisjoint(held):
                    self._drop(name)

    def _named(self, name: str | None) -> str:
        """The name, or that of the current edition: of the last known where a shared shelf is away."""
        try:
            name = name or self.current_name()
        except StoreAway:
            if not (name := self.last_known_name()):
                raise
        if name is None:
            raise NothingIngested(say("store.nothing"))
        return name

    def _next_name(self) -> str:
        """Date and the day's next number: "2026-11-20-1"."""
        prefix = f"{self._today().isoformat()}-"
        numbers = [int(name[len(prefix) :]) for name in self.names() if name.startswith(prefix)]
        return f"{prefix}{max(numbers, default=0) + 1}"

    def _tidy(self) -> None:
        """Remove what killed writers left."""
        self._remove_unfinished()
        for name in self._pointer().drafts.keys() - set(self.names()):
            self._note(name, None)

    def _remove_unfinished(self) -> None:
        for leftover in (*self.root.glob(f"*{UNFINISHED}"), *self.editions.glob(f"*{UNFINISHED}")):
            remove(leftover)

    def _note(self, name: str, note: DraftNote | None) -> None:
        """Say that an edition is a draft, or with None that it is none."""
        pointer = self._pointer()
        if pointer.drafts.get(name) != note:
            self._point(pointer.with_draft(name, note))

    def _publish(self, name: str, before: str | None = None) -> None:
        """Have this edition served; `before` is the one until then, where their age does not tell."""
        self._point(replace(self._pointer().with_draft(name, None), current=name, before=before))

    def _held(self, contents: Contents, draft: DraftOf | None) -> str | None:
        """The edition that holds these contents: the current one, for a draft another draft; None where none does.

        Raises TooManyDrafts where a draft has to be made and there is no room for another.
        """
        drafts, wanted = self.drafts() if draft is not None else [], (SCHEMA_VERSION, contents.digest)
        for name in filter(None, (self.current_name(), *drafts)):
            with suppress(StoreError):  # one that is damaged can be replaced
                folder = self.folder(name)
                found = read_manifest(folder)
                same = (found.schema_version, found.contents) == wanted
                if same and not check_edition(folder, self._vectors).damages:
                    return name
        if draft is not None and len(set(drafts) - {draft.instead_of}) >= MOST_DRAFTS:
            raise TooManyDrafts(say("store.too_many_drafts", most_drafts=MOST_DRAFTS, drafts=", ".join(drafts)))
        return None

    def _require_whole(self, name: str) -> None:
        """Raise EditionDamaged where a file of an edition is not what was written, and what opening it raises."""
        if damages := check_edition(self.folder(name), self._vectors).damages:
            raise EditionDamaged(say("store.damages", name=name, damages="; ".join(damages)))
        self._open(self.folder(name)).close()

    def _open(self, folder: Path) -> Edition:
        return open_edition(folder, self._embedding, self._vectors, shipped_vocabulary())

    @contextmanager
    def _undone(self, name: str) -> Iterator[None]:
        """Leave nothing of an edition that cannot be finished."""
        try:
            yield
        except BaseException:
            with suppress(StoreAway):  # where nobody can tell whether it is published, it stays
                if self.current_name() != name:
                    self._remove_unfinished()
                    with suppress(Exception):  # a server that is away is the reason, not another fault
                        self._drop(name)
            raise

    def _build(
        self,
        name: str,
        contents: Contents,
        report: Mapping[str, Any],
        progress: Progress,
        sources: Mapping[str, Path],
        history: History,
    ) -> None:
        """Build, read back, take in: afterwards the folder is complete and never changes."""
        before = None
        with suppress(EditionDamaged):
            before = self.folder(current) if (current := self.current_name()) else None
        new = new_bytes(contents.originals, sources, before)
        records, vectors = sum(map(len, contents.written())), len(contents.catalogue.chunks)
        require_space(self.root, records, vectors * (self._embedding.vector_bytes if self._embedding else 0), new)
        folder = self.editions / f"{name}{UNFINISHED}"
        private_folder(folder)
        store_originals(folder, contents.originals, sources, before)
        known = self._known_vectors(self._embedding.identity) if self._embedding else {}
        units = build(folder, contents, name, self._today(), report, self._vectors, known, progress, history)
        progress("Gegenlesen", 0.9)
        with closing(self._open(folder)) as edition:
            read_back(edition, contents, units)
        self._keep(folder, name)

    def _history(
        self, previous: str | None, name: str, parsed: Sequence[ParsedDocument], forget: Collection[str]
    ) -> History:
        """The history of the edition `previous` with what differs from it now; of one that cannot be read none."""
        history, old = History(), dict[str, ParsedDocument]()
        with suppress(SQLAlchemyError, ValueError, OSError, StoreError):
            if previous:
                history = History.load(self.folder(previous))
                read = read_catalogue(self.folder(previous) / CATALOGUE).parsed()
                old = {each.document.id: each for each in read}
        changes = compare_editions(old, {each.document.id: each for each in parsed}, first=not old)
        told = EditionChanges(name, self._today(), previous if old else None, changes)
        return history.extended(told, forget)

    def _known_vectors(self, identity: str) -> dict[str, Vectors]:
        """The vectors of an embedding that editions here hold, by the digests of their texts."""
        known: dict[str, Vectors] = {}
        for name in self.names():
            with suppress(StoreError, OSError):  # what is damaged or away is computed anew
                if self._manifest(name).embedding == identity:
                    stored = read_folder(self.folder(name))
                    known |= dict(zip(stored.digests, stored.vectors, strict=True))
        return known

    def _drop(self, name: str) -> None:
        self._forget(name)
        self._note(name, None)
        self._vectors.drop(name)

    def _drop_others(self, name: str, before: str | None) -> None:
        """Remove all editions but this one, the one before (a server may still hold it open) and drafts."""
        for other in set(self.names()) - {name, before, *self.drafts()}:
            self._drop(other)
