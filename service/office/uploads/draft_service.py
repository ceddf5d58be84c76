"""Review and publication of drafts: the reader of documents, its jobs, and the edition store."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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

    `documents` are those to review, `report` is the ingestion report. `outdated`: another edition
    than that from which the draft was made is now published. `catalogue` has the draft's records
    with corrections applied.
    """

    name: str
    digest: str
    outdated: bool
    catalogue: Catalogue
    documents: tuple[ReviewedDocument, ...]
    diff: tuple[DocumentChange, ...]
    report: Mapping[str, Any]

    def document(self, document_id: str) -> ReviewedDocument:
        """Return a document to review; raises the problem not-found."""
        for reviewed in self.documents:
            if reviewed.document.id == document_id:
                return reviewed
        raise ProblemError("not-found")


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

    def draft(self, name: str, corrections: Sequence[Correction]) -> ReviewedDraft:
        """Return a draft with corrections applied, beside the published edition.

        The published edition gets the same corrections, so that they do not look like changes by
        the new documents. Raises NotPublishable, StoreError.
        """
        self.store.require_draft(name)
        with closing(self.store.open(name)) as edition:
            catalogue = edition.catalogue.correct(corrections)
            report = edition.report
            digest = edition.digest
        drafted, before = documents_of(catalogue), self._published(corrections)
        return ReviewedDraft(
            name,
            digest,
            self.store.pointer().is_outdated(name),
            catalogue,
            tuple(self.reader.review(drafted, before, report)),
            compare_editions(before, drafted),
            report,
        )

    def publish(self, name: str, digest: str, *, anyway: bool) -> None:
        """Publish the draft that was reviewed; an outdated draft is published only with `anyway`.

        The draft must still have the content of `digest`: a page may show a draft that was dropped
        meanwhile, and a new draft may have its name. Raises NotPublishable, StoreError.
        """
        self.store.require_draft(name)
        if read_manifest(self.store.folder(name)).contents != digest:
            raise NotPublishable(say("uploads.another", name=name))
        self.store.make_current(name, anyway=anyway)

    def drop(self, name: str) -> None:
        """Drop a draft; raises NotPublishable, WriterBusy."""
        with self.store.writing():
            self.store.drop(name)

    def original(self, name: str, document_id: str) -> Path:
        """Return the original file of a draft's document.

        Raises NotPublishable if there is no such draft, and the problem no-original if the draft
        does not have the file.
        """
        self.store.require_draft(name)
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
                return documents_of(edition.catalogue.correct(corrections))
        except StoreError:
            return {}


def documents_of(catalogue: Catalogue) -> ParsedDocuments:
    """Return the documents of a catalogue by their ids."""
    return {parsed.document.id: parsed for parsed in catalogue.parsed()}
