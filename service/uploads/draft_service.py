"""Where staff's documents and drafts are looked after: the reader that was handed in, its jobs, and the editions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from prompts import say
from service.composition import make_store
from service.http.problems import ProblemError
from service.settings import Settings
from service.uploads.jobs import Jobs
from service.uploads.requests import DocumentReader, ParsedDocuments
from service.uploads.reviewed_document import ReviewedDocument
from vectorstore.corrections import Correction
from vectorstore.errors import NotPublishable, StoreError
from vectorstore.history import DocumentChange, compare_editions
from vectorstore.manifest import ORIGINALS, read_manifest

if TYPE_CHECKING:
    from vectorstore.catalogue import Catalogue


@dataclass(frozen=True, slots=True)
class ReviewedDraft:
    """A draft beside the published edition: what is to be looked through, and every difference.

    `catalogue` holds its records as corrected and as read.
    """

    name: str
    digest: str
    base: str | None
    current: str | None
    outdated: bool
    catalogue: Catalogue
    documents: tuple[ReviewedDocument, ...]
    diff: tuple[DocumentChange, ...]
    report: Mapping[str, Any]

    def document(self, document_id: str) -> ReviewedDocument:
        """Return a paper that is to be looked through, the first one for ""; raises the problem not-found."""
        result = next((document for document in self.documents if document_id in ("", document.document.id)), None)
        if result is None:
            raise ProblemError("not-found")
        return result


class DraftService:
    """What the staff page needs to take in documents; `reader` reads them."""

    def __init__(self, settings: Settings, reader: DocumentReader) -> None:
        self.settings = settings
        self.reader = reader
        self.store = make_store(settings)
        self.jobs = Jobs(settings, reader)

    def draft(self, name: str, corrections: Sequence[Correction]) -> ReviewedDraft:
        """Return a draft as it is corrected, beside what is published; raises NotPublishable, StoreError."""
        self.store.require_draft(name)
        with closing(self.store.open(name)) as edition:
            catalogue, report, digest = edition.catalogue.correct(corrections), edition.report, edition.digest
        current, drafted = self.store.current_name(), documents_of(catalogue)
        before = self._published(current, corrections)
        return ReviewedDraft(
            name,
            digest,
            self.store.base_of(name),
            current,
            self.store.pointer().is_outdated(name),
            catalogue,
            tuple(self.reader.review(drafted, before, report)),
            compare_editions(before, drafted),
            report,
        )

    def publish(self, name: str, digest: str, *, anyway: bool) -> None:
        """Publish the draft that somebody looked through; raises NotPublishable for another of its name, StoreError.

        The name of a draft that was dropped may be given again, and a page that shows the old one may still be open.
        """
        self.store.require_draft(name)
        if read_manifest(self.store.folder(name)).contents != digest:
            raise NotPublishable(say("uploads.another", name=name))
        self.store.make_current(name, anyway=anyway)

    def original(self, name: str, document_id: str) -> tuple[str, Path]:
        """Return a draft's digest and the original of one of its documents; raises the problem no-original."""
        self.store.require_draft(name)
        folder = self.store.folder(name)
        manifest = read_manifest(folder)
        original = manifest.originals.get(document_id)
        if original is None or not (folder / ORIGINALS / original.file).is_file():
            raise ProblemError("no-original")
        return manifest.contents, folder / ORIGINALS / original.file

    def close(self) -> None:
        """End what is being read."""
        self.jobs.close()

    def _published(self, current: str | None, corrections: Sequence[Correction]) -> ParsedDocuments:
        """Return the published documents; none where they cannot be read, for a draft may be what mends that."""
        if current is None:
            return {}
        try:
            with closing(self.store.open(current)) as edition:
                return documents_of(edition.catalogue.correct(corrections))
        except StoreError:
            return {}


def documents_of(catalogue: Catalogue) -> ParsedDocuments:
    """Return the documents of an edition by their ids, as they are corrected."""
    return {parsed.document.id: parsed for parsed in catalogue.parsed()}
