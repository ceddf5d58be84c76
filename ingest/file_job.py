"""One file of an ingestion run, with its entry, its copies and its outcome."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path

from ingest.errors import Rejected
from ingest.layout.tesseract import find_program
from ingest.register import RegisterEntry
from ingest.report import FileReport
from ingest.sources import Copy
from vectorstore.records import Document, ParsedDocument

READER_VERSION = 50  # raise it when reading changes, so that unchanged files are read again


@dataclass(slots=True)
class FileJob:
    """One file of a run: its register entry, copies of the file to read and of its original, and
    the outcome.
    """

    entry: RegisterEntry
    path: Path
    copy: Copy | None = None
    original: Copy | None = None
    parsed: ParsedDocument | None = None
    report: FileReport | None = None

    @property
    def fingerprint(self) -> str:
        """A digest of everything that the reading of a document depends on, without the paths of
        its files.

        A file whose digest is that of the previous edition is not read again. For a PDF it also
        tells whether a program for recognising scanned pages (OCR) is installed.
        """
        entry = replace(self.entry, file=Path(), text=None)
        reads_scans = self.path.suffix.lower() == ".pdf" and find_program() is not None
        inputs = repr(
            (READER_VERSION, entry, self.copy and (self.copy.name, self.copy.digest), reads_scans)
        )
        return sha256(inputs.encode()).hexdigest()[:32]

    def is_changed(self, known: Mapping[str, Document]) -> bool:
        """True if a document was read that is not the known one with its id: neither its bytes nor
        its text.
        """
        if self.parsed is None:
            return False
        own, previous = self.parsed.document, known.get(self.entry.id)
        return previous is None or (own.digest != previous.digest and own.text != previous.text)

    def rename(self, document_id: str) -> None:
        """Give the document another id, so that it has to be read again."""
        if document_id != self.entry.id:
            self.entry = replace(self.entry, id=document_id)
            self.parsed, self.report = None, None

    def take(
        self, result: ParsedDocument | Rejected, seconds: float, *, cached: bool = False
    ) -> None:
        """Store the document or the rejection, and the report of it.

        `seconds` is the time that it took. `cached` is true for a document of the previous edition
        that was not read again.
        """
        if isinstance(result, Rejected):
            self.report = FileReport.of_rejected(self.path, self.entry.id, result, seconds)
            return
        self.parsed = result
        report = FileReport.of(self.path, result, cached=cached, seconds=seconds)
        self.report = replace(report, fingerprint=self.fingerprint)
