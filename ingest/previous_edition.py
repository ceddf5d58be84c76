"""What a run takes over from the previous edition: documents, their originals and entries, and
questions for items.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

from ingest.choices import renew_choices
from ingest.errors import RegisterError
from ingest.metadata import REGISTER, STAFF
from ingest.register import DOCUMENT_FIELDS, METADATA_FIELDS, RegisterEntry
from ingest.report import FileState, QuestionReport
from vectorstore import (
    Edition,
    EditionStore,
    TableError,
    Texts,
    add_questions,
    divide_by_item,
    read_question_table,
)
from vectorstore.records import Document, ItemAddress, ParsedDocument
from vectorstore.storage import EditionDamaged


@dataclass(frozen=True, slots=True)
class PreviousDocuments:
    """Documents of an edition, their original files by document id, and the reports of their
    files.
    """

    parsed: list[ParsedDocument] = field(default_factory=list)
    originals: dict[str, Path] = field(default_factory=dict)
    files: list[dict[str, Any]] = field(default_factory=list)

    @classmethod
    def of(cls, edition: Edition) -> PreviousDocuments:
        """Return all documents of an edition.

        The reports of rejected files are left out: they tell of no document that was read.
        """
        files = [
            file for file in edition.report.get("files", []) if file["state"] != FileState.REJECTED
        ]
        return cls(edition.catalogue.parsed, dict(edition.originals), files)

    @property
    def ids(self) -> set[str]:
        """The ids of the documents."""
        return {parsed.document.id for parsed in self.parsed}

    def find(self, document_id: str, fingerprint: str) -> ParsedDocument | None:
        """Return the document with an id, None unless it was read from inputs with this
        fingerprint.
        """
        fingerprints = {file["id"]: file.get("fingerprint") for file in self.files}
        if fingerprints.get(document_id) != fingerprint:
            return None
        return next((parsed for parsed in self.parsed if parsed.document.id == document_id), None)

    def without(self, ids: Collection[str]) -> PreviousDocuments:
        """Return all documents except those with these ids."""
        return PreviousDocuments(
            [parsed for parsed in self.parsed if parsed.document.id not in ids],
            {name: path for name, path in self.originals.items() if name not in ids},
            [file for file in self.files if file["id"] not in ids],
        )


def stored_entries(store: EditionStore, edition: str | None = None) -> list[RegisterEntry]:
    """Return an entry for each document of an edition (None: the current), with its original as
    file.

    Raises NothingIngested, EditionDamaged.
    """
    with closing(store.open(edition)) as opened:
        originals = opened.originals
        return [
            # one that does not exist will be reported as missing
            entry_of(document, originals.get(name, Path(f"{name}.pdf")))
            for name, document in opened.catalogue.documents.items()
        ]


def entry_of(document: Document, file: Path) -> RegisterEntry:
    """Return a register entry by which a document of an edition is read again from its original.

    It has the metadata that the register or staff gave; any other metadata is left open, so that it
    is read again. The stored original is called after the document's id. So the entry has the
    file's own name, unless the document was read from a text version with another suffix.
    """
    origins = {fact.field: fact.by for fact in document.front}
    values: dict[str, Any] = {
        part: getattr(document, part)
        for part in METADATA_FIELDS
        if origins.get(part) in (REGISTER, STAFF)
    }
    values |= {name: getattr(document, name) for name in DOCUMENT_FIELDS}
    answered = tuple(part for part in METADATA_FIELDS if origins.get(part) == STAFF)
    # otherwise the text version of the file was read
    is_file_read = Path(document.file_name).suffix.lower() == file.suffix
    if is_file_read:
        values["name"] = document.file_name
    return RegisterEntry(document.id, file, **values, answered=answered)


def attach_previous(
    entries: Iterable[RegisterEntry],
    texts: Texts,
    documents: Iterable[Document],
    *,
    is_registered: bool = False,
    store: bool = False,
) -> list[RegisterEntry]:
    """Return entries with the stored choices of their documents.

    A document without choices takes over those of the document that it follows. `is_registered` is
    true for the entries of a register, whose looks replace those that it had before. With `store`
    the choices are stored.
    """
    known = list(documents)
    results = []
    for entry in entries:
        choices = renew_choices(
            texts,
            entry.id,
            _predecessor(entry, known),
            entry.choices.looks if is_registered else None,
            store=store,
        )
        results.append(replace(entry, choices=choices))
    return results


def _predecessor(entry: RegisterEntry, documents: Iterable[Document]) -> str:
    """Return the id of the document that an entry follows, "" without such a document.

    It is the document that the entry replaces. Else it is the newest other document of its series;
    if the entry has a date, only documents that are not dated later count. A document without a
    date counts as the oldest. The series is that of the register, or was found when the edition was
    built (`followed_by`).
    """
    if entry.replaces:
        return entry.replaces
    others = [document for document in documents if document.id != entry.id]
    if entry.as_of is not None:
        others = [document for document in others if (document.as_of or date.min) <= entry.as_of]
    earlier = [
        document
        for document in others
        if document.followed_by == entry.id or (entry.series and document.series == entry.series)
    ]
    newest = max(earlier, key=lambda document: document.as_of or date.min, default=None)
    if newest:
        return newest.id
    return ""


def assign_questions(
    items: Iterable[ItemAddress], store: EditionStore, path: Path | None
) -> QuestionReport:
    """Assign questions to the items of the next edition, and return the outcome.

    The questions are those of the current edition, and those of the table at `path`, if any. If the
    current edition is damaged, its questions are missing, and the outcome has the error. Raises
    RegisterError for a table that cannot be read.
    """
    item_keys, damaged = list(items), None
    try:
        placed = divide_by_item(store.questions(), item_keys)
    except EditionDamaged as error:
        placed, damaged = divide_by_item((), item_keys), str(error)
    try:
        added = add_questions(read_question_table(path) if path else [], placed.kept, item_keys)
    except TableError as error:
        raise RegisterError(str(error)) from error
    return QuestionReport(
        divide_by_item(added.questions, item_keys).kept, placed.lost, added.rejected, damaged
    )
