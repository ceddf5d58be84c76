"""Review and publication of drafts: the reader of documents, its jobs, and the edition store."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from prompts import say
from service import SOURCES_FILE, Settings
from service.backup import make_store
from service.office.uploads.jobs import Jobs
from service.office.uploads.requests import DocumentReader, ParsedDocuments
from service.office.uploads.reviewed_document import ReviewedDocument
from service.records import ProblemError
from vectorstore import ORIGINALS_FOLDER, read_manifest
from vectorstore.records import Correction, DocumentChange, compare_editions
from vectorstore.storage import NotPublishable, StoreError

if TYPE_CHECKING:
    from vectorstore.records import Catalogue


@dataclass(frozen=True, slots=True)
class ReviewedDraft:
    """A draft to review beside the published edition, with every difference as `diff`.

    It `is_published` if it is the published edition itself, of which the first change makes a
    draft. `outdated`: another edition than that from which the draft was made is now published.
    `catalogue` has the draft's records with corrections applied, `changed` are the ids of documents
    that are new or differ, and `review` prepares one for review. `report` is the ingestion report,
    `decided` are the ids of decisions that are published with the draft.
    """

    name: str
    digest: str
    is_published: bool
    outdated: bool
    catalogue: Catalogue
    changed: tuple[str, ...]
    diff: tuple[DocumentChange, ...]
    report: Mapping[str, Any]
    decided: Sequence[int]
    review: Callable[[str], ReviewedDocument]

    def document(self, document_id: str) -> ReviewedDocument:
        """Return a document prepared for review; raises the problem not-found."""
        if document_id not in self.catalogue.documents:
            raise ProblemError("not-found")
        return self.review(document_id)

    @property
    def documents(self) -> list[ReviewedDocument]:
        """The documents that are new or differ, each prepared for review."""
        return [self.review(document_id) for document_id in self.changed]


class DraftService:
    """Reads uploaded documents into drafts by `reader`, and reviews and publishes drafts."""

    def __init__(self, settings: Settings, reader: DocumentReader) -> None:
        self.settings = settings
        self.reader = reader
        self.store = make_store(settings)
        self.jobs = Jobs(settings, reader)

    @property
    def sources_file(self) -> Path:
        """The list of followed sources, which need not exist."""
        return self.settings.data_dir / SOURCES_FILE

    @property
    def has_sources(self) -> bool:
        """True if sources are followed."""
        return self.sources_file.is_file()

    def draft_for(self, document_id: str) -> str | None:
        """Return the edition in which a published document is changed.

        It is the newest draft that has the document and is not outdated. Without one it is the
        published edition, of which the first change makes a draft; None if none is published.
        """
        pointer = self.store.pointer()
        for name in reversed(self.store.drafts()):
            if not pointer.is_outdated(name) and document_id in self.store.document_ids(name):
                return name
        return pointer.current

    def draft(
        self,
        name: str,
        corrections: Sequence[Correction],
        in_effect: Sequence[Correction],
        decided: Sequence[int],
    ) -> ReviewedDraft:
        """Return a draft, or the published edition, beside the published edition.

        The draft has the `corrections`, the published edition those that are `in_effect`: so only
        what is decided in the draft looks like a change. `decided` are the ids of these decisions.
        Raises NotPublishable, StoreError.
        """
        self.store.require_changeable(name)
        with closing(self.store.open(name)) as edition:
            catalogue = edition.catalogue.correct(corrections)
            report = edition.report
            digest = edition.digest
        pointer = self.store.pointer()
        drafted, before = catalogue.parsed_by_id, self._published(in_effect)

        def review(document_id: str) -> ReviewedDocument:
            return self.reader.review(drafted[document_id], before.get(document_id), report)

        return ReviewedDraft(
            name,
            digest,
            name == pointer.current,
            pointer.is_outdated(name),
            catalogue,
            tuple(id_ for id_, parsed in drafted.items() if parsed != before.get(id_)),
            compare_editions(before, drafted),
            report,
            decided,
            review,
        )

    def publish(self, name: str, digest: str, *, anyway: bool) -> None:
        """Publish the draft that was reviewed; an outdated draft is published only with `anyway`.

        The draft must still have the content of `digest`: a page may show a draft that was dropped
        meanwhile, and a new draft may have its name. The published edition stays. Raises
        NotPublishable, StoreError.
        """
        self.store.require_changeable(name)
        if read_manifest(self.store.folder(name)).contents != digest:
            raise NotPublishable(say("uploads.another", name=name))
        if name != self.store.current_name():
            self.store.make_current(name, anyway=anyway)

    def drop(self, name: str) -> None:
        """Drop a draft; raises NotPublishable, WriterBusy."""
        with self.store.writing():
            self.store.drop(name)

    def original(self, name: str, document_id: str) -> Path:
        """Return the original file of a document of a draft, or of the published edition.

        Raises NotPublishable if there is no such draft, and the problem no-original if it does not
        have the file.
        """
        self.store.require_changeable(name)
        folder = self.store.folder(name)
        original = read_manifest(folder).originals.get(document_id)
        if original is None or not (folder / ORIGINALS_FOLDER / original.file).is_file():
            raise ProblemError("no-original")
        return folder / ORIGINALS_FOLDER / original.file

    def _published(self, corrections: Sequence[Correction]) -> ParsedDocuments:
        """Return the documents of the published edition, with the corrections applied.

        Returns {} if no edition is published. Returns {} also if the published edition is damaged,
        since publishing the draft may replace it.
        """
        current = self.store.current_name()
        if current is None:
            return {}
        try:
            with closing(self.store.open(current)) as edition:
                return edition.catalogue.correct(corrections).parsed_by_id
        except StoreError:
            return {}
