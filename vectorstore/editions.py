"""Building, publishing and opening editions: one writer at a time, any number of readers, only
complete editions.

An edition is built under a temporary name, read back, renamed, and then named in the file
`current`, which is replaced atomically. If a writer is killed, the old edition stays current and
the next writer removes unfinished files; if it stops with an exception, it removes them itself.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from shutil import copytree
from typing import Any

from vectorstore.edition import Edition, open_edition
from vectorstore.edition_building import EditionContents, Progress, build, read_back
from vectorstore.edition_folder import EditionFolder
from vectorstore.embeddings import Embedding, Vectors
from vectorstore.manifest import (
    DOCUMENTS,
    POINTER_FILE,
    VECTORS,
    describe_originals,
    find_damage,
    find_damages,
    store_originals,
)
from vectorstore.pointer import MOST_DRAFTS, DraftEntry, Pointer
from vectorstore.questions import STORED, ItemQuestion, divide_by_item, read_questions
from vectorstore.records import (
    Catalogue,
    EditionChanges,
    History,
    ParsedDocument,
    compare_editions,
    dump_parsed,
    read_catalogue,
)
from vectorstore.storage import (
    UNFINISHED_SUFFIX,
    Database,
    EditionDamaged,
    NothingIngested,
    NotPublishable,
    StoreError,
    StoreUnavailable,
    TooManyDrafts,
    link_or_copy,
    private_folder,
    remove_path,
    report_full_disk,
    require_space,
    say,
)
from vectorstore.vectors import VectorStores, read_folder


@dataclass(frozen=True, slots=True)
class PublishResult:
    """The name of the edition with the given contents, and whether it is a new one."""

    name: str
    changed: bool


class EditionStore(EditionFolder):
    """The editions of one data folder; without `embedding` they are built and searched by words
    alone.

    With `chroma_url` the vectors are also stored on a Chroma server, in a collection for each
    edition.
    """

    def __init__(
        self,
        root: Path,
        embedding: Embedding | None = None,
        *,
        chroma_url: str | None = None,
        today: Callable[[], date] = date.today,
        database: Database | None = None,
    ) -> None:
        super().__init__(root, database)
        self._embedding = embedding
        self._vectors = VectorStores(chroma_url)
        self._today = today

    def questions(self) -> tuple[ItemQuestion, ...]:
        """The questions of the current edition, () if there is none or it has no questions.

        Raises EditionDamaged if their file is missing or changed.
        """
        name = self.current_name()
        stored = self.manifest(name).files.get(STORED) if name else None
        if name is None or stored is None:
            return ()
        folder = self.folder(name)
        if find_damage(folder, STORED, stored):
            raise EditionDamaged(say("store.questions_lost", name=name))
        return read_questions(folder)

    def open(self, name: str | None = None) -> Edition:
        """Open the named or the current edition; raises NothingIngested or EditionDamaged.

        The current edition may be replaced and removed while it is opened. So if it is damaged and
        another one is current now, that one is opened.
        """
        edition_name = self._chosen_name(name)
        try:
            return self._open(self.folder(edition_name))
        except EditionDamaged:
            current_name = self._chosen_name(name)
            if current_name == edition_name:
                raise
            return self._open(self.folder(current_name))  # another edition was published meanwhile

    def check(self) -> dict[str, list[str]]:
        """Compare every file of every edition with its manifest: half a sentence for each damage,
        by the edition's name, oldest edition first.

        As no lock is taken, an edition that is removed meanwhile is left out; but if the current
        edition is missing, it counts as damaged. Raises NothingIngested.
        """
        current = self._chosen_name(None)
        with report_full_disk(self.root):  # Chroma writes even when reading
            checks = {name: self._check(name) for name in self.names()}
        names = self.names()  # again, without those that were removed meanwhile
        if current not in names and self.current_name() == current:
            checks[current] = [say("store.current_missing")]
        return {name: checks[name] for name in checks if name in (*names, current)}

    def publish(
        self,
        parsed: Sequence[ParsedDocument],
        report: Mapping[str, Any] | None = None,
        progress: Progress = lambda _step, _share: None,
        originals: Mapping[str, Path] | None = None,
        questions: Iterable[ItemQuestion] | None = None,
        draft: bool = False,
        base: str | None = None,
        forget: Collection[str] = (),
    ) -> PublishResult:
        """Build an edition of these documents and make it current, or a `draft`.

        A draft made from another one, its `base`, replaces that one; it is based on the same
        edition. `parsed` are documents as read, without corrections; `report` is stored with them.
        `originals` maps document ids to original files, which are copied. `questions` are those
        written for items; None takes those of the current edition whose items remain. The previous
        edition's history continues, except for the documents to `forget`.

        If the current edition is undamaged and has equal contents, no edition is built, unless
        documents are to be forgotten; for a draft an equal draft counts too.

        Raises WriterBusy, NoSpace, TooManyDrafts, EditionDamaged if the edition does not read back
        as built, ValueError for two documents with one id, OSError for an original that cannot be
        read.
        """
        catalogue = Catalogue(parsed)
        original_paths = {
            id_: path for id_, path in (originals or {}).items() if id_ in catalogue.documents
        }
        with self.writing():
            contents = self._contents_of(catalogue, original_paths, questions)
            equal_edition = None if forget else self._find_same(contents, draft, base)
            if equal_edition is not None:
                return PublishResult(equal_edition, changed=False)
            name, pointer = self._next_name(), self.pointer()
            with self._removing_on_error(name), report_full_disk(self.root):
                previous = pointer.base_of(base)
                history = self._history(previous, name, parsed, forget)
                self._build(name, contents, report or {}, progress, original_paths, history)
                if draft:
                    entry = DraftEntry(previous, datetime.now(UTC))
                    self._point(pointer.with_draft(name, entry))
                else:
                    self._point(pointer.with_current(name))
            self._drop_replaced(pointer, draft, base)
            progress(say("store.step_done"), 1.0)
            return PublishResult(name, changed=True)

    def _drop_replaced(self, pointer: Pointer, draft: bool, base: str | None) -> None:
        """Drop what a new edition makes superfluous: old ones, or the draft that a draft replaces;
        `pointer` is that of before.
        """
        if not draft:
            self._drop_old()
        elif base is not None and base in pointer.drafts:
            self._drop(base)

    def _contents_of(
        self,
        catalogue: Catalogue,
        originals: Mapping[str, Path],
        questions: Iterable[ItemQuestion] | None,
    ) -> EditionContents:
        """What an edition of these documents is built from, with the original files by document id.

        `questions` of items that are not there are left out; None takes those of the current
        edition.
        """
        if questions is None:
            with suppress(EditionDamaged):  # a damaged edition can be replaced
                questions = self.questions()
        item_keys = [item.address for item in catalogue.items]
        kept_questions = divide_by_item(questions or (), item_keys).kept
        stored = describe_originals(originals)
        return EditionContents(catalogue, self._embedding, stored, kept_questions)

    def make_current(self, name: str, *, anyway: bool = False) -> str | None:
        """Publish an existing edition, such as a draft.

        Returns the name of the edition that was current before, None without one. Raises
        NotPublishable if no edition has this name, if it is current already, or if it is an
        outdated draft (see `Pointer.is_outdated`) and not published `anyway`; EditionDamaged,
        WriterBusy, NoSpace.
        """
        with self.writing():
            pointer = self.pointer()
            if name not in self.names():
                raise NotPublishable(say("store.no_edition", name=name))
            if name == pointer.current:
                raise NotPublishable(say("store.already_published", name=name))
            if not anyway and pointer.is_outdated(name):
                base, current = pointer.drafts[name].based_on or "–", pointer.current or "–"
                raise NotPublishable(
                    say("store.draft_overtaken", name=name, base=base, current=current)
                )
            self.require_whole(name)
            self._point(pointer.with_current(name))
            self._drop_old()
            return pointer.current

    def roll_back(self) -> str:
        """Make the previously published edition current again, without removing any; returns its
        name.

        Only one step back is possible: afterwards no edition counts as the previous one. Raises
        NothingIngested if there is none, WriterBusy, NoSpace, EditionDamaged.
        """
        with self.writing():
            pointer = self.pointer()
            name, current = pointer.before, pointer.current
            if name is None or name not in self.names():
                if current is None:
                    raise NothingIngested(say("store.nothing"))
                raise NothingIngested(say("store.none_before", current=current))
            self.require_whole(name)
            self._point(replace(pointer, current=name, before=None))
            return name

    def drop(self, name: str) -> None:
        """Remove a draft; raises NotPublishable if there is none of this name, WriterBusy."""
        with self.writing():
            self.require_draft(name)
            self._drop(name)

    def forget(self, documents: Collection[str]) -> None:
        """Remove all editions that contain one of these documents, except the current edition.

        An edition without a readable manifest may contain them, and is removed too. Raises
        WriterBusy.
        """
        with self.writing():
            for name in set(self.names()) - {self.current_name()}:
                contained = self.document_ids(name)
                if not contained or not set(documents).isdisjoint(contained):
                    self._drop(name)

    def restore_vectors(self, editions: Path, names: Iterable[str]) -> None:
        """Copy the vectors of editions in a folder to the Chroma server, if there is one; raises
        StoreUnavailable.
        """
        for name in names:
            self._vectors.restore(editions / name, name)

    def restore(self, editions: Path, names: Collection[str], pointer: Pointer) -> None:
        """Replace all editions by those of these `names` in the folder `editions`, which stays, and
        the pointer by this one.

        The pointer is replaced before other editions are removed, so that it never names a missing
        one. Can be repeated if it was interrupted. Raises WriterBusy, NoSpace, StoreUnavailable.
        """
        with self.writing():
            for name in names:
                unfinished = self.editions / f"{name}.restored{UNFINISHED_SUFFIX}"
                private_folder(self.editions)
                copytree(editions / name, unfinished, copy_function=link_or_copy)
                self._take_in(unfinished, name)
            if (self.root / POINTER_FILE).is_dir():  # damaged
                remove_path(self.root / POINTER_FILE)
            self._point(pointer)
            for name in set(self.names()) - set(names):
                self._drop(name)

    def require_whole(self, name: str) -> None:
        """Raise EditionDamaged if a file of an edition was changed, or if the edition or its
        vectors cannot be opened.

        An edition is checked so before it becomes the current one.
        """
        damages = self._check(name)
        if damages:
            raise EditionDamaged(say("store.damages", name=name, damages="; ".join(damages)))
        folder = self.folder(name)
        with closing(self._open(folder)) as edition:
            if (folder / VECTORS).is_dir():
                edition.vectors.units()

    def _chosen_name(self, name: str | None) -> str:
        """The name, or that of the current edition if None; raises NothingIngested."""
        edition_name = name or self.current_name()
        if edition_name is None:
            raise NothingIngested(say("store.nothing"))
        return edition_name

    def _next_name(self) -> str:
        """The date and the day's next number: "2026-11-20-1"."""
        prefix = f"{self._today().isoformat()}-"
        names = self.names()
        numbers = [int(name.removeprefix(prefix)) for name in names if name.startswith(prefix)]
        return f"{prefix}{max(numbers, default=0) + 1}"

    def _find_same(self, contents: EditionContents, draft: bool, base: str | None) -> str | None:
        """The name of an undamaged edition that has these contents already, else None.

        Only the current edition is compared, for a `draft` also the drafts. If there is none, and
        there are `MOST_DRAFTS` drafts already, without the `base` to be replaced, raises
        TooManyDrafts.
        """
        drafts = self.drafts() if draft else []
        for name in filter(None, (self.current_name(), *drafts)):
            with suppress(StoreError):  # a damaged edition can be replaced
                is_equal = self.manifest(name).contents == contents.digest
                if is_equal and not self._check(name):
                    return name
        if len(set(drafts) - {base}) >= MOST_DRAFTS:
            raise TooManyDrafts(
                say("store.too_many_drafts", most_drafts=MOST_DRAFTS, drafts=", ".join(drafts))
            )
        return None

    def _open(self, folder: Path) -> Edition:
        return open_edition(folder, self._embedding, self._vectors)

    def _check(self, name: str) -> list[str]:
        """Compare the files of an edition with its manifest, and return half a sentence for each
        damage.

        If no file is damaged, its vectors are read, and compared with those on the Chroma server if
        there is one. Raises StoreUnavailable if that does not answer.
        """
        folder = self.folder(name)
        damages = find_damages(folder)
        if not damages:
            try:
                self._vectors.require_equal_vectors(folder, name)
            except EditionDamaged as error:
                damages = [str(error).rstrip(".")]
        return damages

    @contextmanager
    def _removing_on_error(self, name: str) -> Iterator[None]:
        """Remove all parts of an edition if an error ends the block, and raise the error again.

        The edition stays if it is published or a draft already, as the error came afterwards.
        """
        try:
            yield
        except BaseException:
            # if the store cannot tell whether the edition is published, the edition stays
            with suppress(StoreUnavailable):
                if name not in (self.current_name(), *self.drafts()):
                    self._remove_unfinished()
                    with suppress(Exception):  # the first error is raised, not one of removing
                        self._drop(name)
            raise

    def _build(
        self,
        name: str,
        contents: EditionContents,
        report: Mapping[str, Any],
        progress: Progress,
        sources: Mapping[str, Path],
        history: History,
    ) -> None:
        """Build an edition under a temporary name, check that it reads back as built, and rename
        its folder, which never changes again.

        `sources` are the original files by document id; those that another edition has are linked
        to it, not copied.
        """
        self._require_space(contents, sources)
        folder = self.editions / f"{name}{UNFINISHED_SUFFIX}"
        private_folder(folder)
        store_originals(folder, contents.originals, sources)
        known = self._known_vectors()
        vectors = build(
            folder, contents, name, self._today(), report, self._vectors, known, progress, history
        )
        progress(say("store.step_read_back"), 0.9)
        with closing(self._open(folder)) as edition:
            read_back(edition, contents, vectors)
        self._take_in(folder, name)

    def _require_space(self, contents: EditionContents, sources: Mapping[str, Path]) -> None:
        """Raise NoSpace if an edition with these original files may not fit on the disk.

        Files that are in an edition already become links, which need no space.
        """
        new_files = [path for path in sources.values() if self.editions not in path.parents]
        file_bytes = sum(path.stat().st_size for path in new_files)
        record_bytes = sum(len(dump_parsed(parsed)) for parsed in contents.catalogue.parsed)
        vector_bytes = 0
        if self._embedding is not None:
            vector_bytes = len(contents.catalogue.chunks) * self._embedding.vector_bytes
        require_space(self.root, record_bytes, vector_bytes, file_bytes)

    def _history(
        self,
        previous: str | None,
        name: str,
        parsed: Sequence[ParsedDocument],
        forget: Collection[str],
    ) -> History:
        """The history of the edition `previous`, with the changes from it to the edition `name`.

        If the history or the documents of the previous edition cannot be read, or there is none,
        the new edition is described like a first one. Without a readable history a new one is
        begun.
        """
        history, old = History(), dict[str, ParsedDocument]()
        with suppress(ValueError, OSError, StoreError):
            if previous:
                history = History.load(self.folder(previous))
                catalogue = read_catalogue(self.folder(previous) / DOCUMENTS, known=parsed)
                old = catalogue.parsed_by_id
        new = {read.document.id: read for read in parsed}
        documents = compare_editions(old, new, first=not old)
        known_previous = previous if old else None
        changes = EditionChanges(name, self._today(), known_previous, documents)
        return history.extend(changes, forget)

    def _known_vectors(self) -> dict[str, Vectors]:
        """The vectors in existing editions, by the digests of their texts, so that only new texts
        are embedded.

        Vectors of another embedding are left out, as they cannot be compared. So are those that
        cannot be read: they are computed again.
        """
        known: dict[str, Vectors] = {}
        if self._embedding is None:
            return known
        for name in self.names():
            with suppress(StoreError, OSError):  # vectors that cannot be read are computed again
                if self.manifest(name).embedding == self._embedding.identity:
                    stored = read_folder(self.folder(name))
                    known |= dict(zip(stored.digests, stored.vectors, strict=True))
        return known

    def _drop(self, name: str) -> None:
        """Remove an edition with its draft's entry and its vectors on the server.

        The entry goes first, so that the pointer never names a missing draft.
        """
        pointer = self.pointer()
        if name in pointer.drafts:
            self._point(pointer.with_draft(name, None))
        self._remove(name)
        self._vectors.drop(name)

    def _drop_old(self) -> None:
        """Remove all editions except the current one, the previous one (services may have it open)
        and drafts.
        """
        pointer = self.pointer()
        for name in set(self.names()) - {pointer.current, pointer.before, *pointer.drafts}:
            self._drop(name)
