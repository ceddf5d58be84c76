"""What is taken away: records in an order, with where they come from, and what is to be said beside them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from service.completeness import Completeness
from service.licenses import License
from service.models import Record
from service.pages.labels import (
    DOCUMENT_KINDS,
    KINDS,
    as_of_words,
    document_status,
    marked,
    number_of,
)
from service.records import record_of
from service.staff.taking.units import units_named
from vectorstore.catalogue import Catalogue
from vectorstore.records import Document, Item

INNER = str.maketrans({"„": "‚", "“": "‘", "”": "‘", '"': "‘"})
Ref = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Taken:
    """One record with its document and the names of its units."""

    record: Record
    document: Document
    units: tuple[str, ...]

    @property
    def name(self) -> str:
        """Kind and number, "Projekt 5.5.2.1"; the kind alone where there is no number but the title."""
        return f"{KINDS[self.record.kind]} {number_of(self.record.ref, self.record.title)}".strip()

    @property
    def page(self) -> str:
        """Where it stands, "S. 32"; "" where the source has no pages."""
        label = self.record.page_label or self.record.page
        return f"S. {label}" if label else ""

    @property
    def cited(self) -> str:
        """The whole citation: kind, number, title, document, who published it, how binding, date and page."""
        about = document_line(self.document)
        return ", ".join(filter(None, (f"{self.name} {quoted(self.record.title)}", about, self.page)))


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a selection comes from: in words, and its address below the service's own.

    `topic` and `filters` are what was asked of the records, as a sentence can name it.
    """

    words: str
    address: str
    topic: str = ""
    filters: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Records to take away. `base` is the public address without a slash, `made` the day.

    `known` says how complete the records are. `silent` are those that were asked
    and say nothing; with `best_only` there are more records than these.
    """

    heading: str
    origin: Origin
    taken: tuple[Taken, ...]
    edition: str
    base: str
    made: date
    known: Completeness
    license: License | None = None
    silent: tuple[str, ...] = ()
    best_only: bool = False

    @property
    def documents(self) -> list[Document]:
        """The documents of the records, in the order of their first."""
        return list({one.document.id: one.document for one in self.taken}.values())

    @property
    def complete(self) -> bool | None:
        """Whether all records are there; None where nobody may count them."""
        return self.known.complete

    def url(self, one: Taken) -> str:
        """The public address of a record's page."""
        return self.base + one.record.url


def taken_of(items: Iterable[Item], catalogue: Catalogue) -> tuple[Taken, ...]:
    """Return items as what is taken away."""
    found = ((item, catalogue.documents[item.document_id]) for item in items)
    return tuple(Taken(record_of(item, document), document, units_named(item)) for item, document in found)


def quoted(text: str) -> str:
    """Return a title in quotation marks, those within it halved as German asks."""
    return f"„{text.translate(INNER)}“"


def document_line(document: Document) -> str:
    """Return a document as a source names it: title, publisher, how binding, date; with what nobody confirmed."""
    unsure = document.unconfirmed
    return ", ".join(
        filter(
            None,
            (
                marked(quoted(document.title), "title", unsure),
                marked(document.publisher, "publisher", unsure),
                marked(document_status(document.status), "status", unsure if document.status else ()),
                marked(as_of_words(document.as_of), "as_of", unsure if document.as_of else ()),
            ),
        )
    )


def source_line(document: Document) -> str:
    """Return a document as a list of sources names it, with its kind."""
    kind = marked(DOCUMENT_KINDS[document.kind], "kind", document.unconfirmed)
    return f"{document_line(document)}, {kind}"
