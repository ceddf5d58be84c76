"""What is taken away: records in an order, with where they come from and what is to be said beside them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date

from prompts import say
from service.completeness import Completeness, figure
from service.pages.labels import (
    KINDS,
    front_parts,
    number_of,
    shown_date,
)
from service.record_models import Record
from vectorstore.catalogue import Catalogue
from vectorstore.records import Document, ValueKind

_INNER = str.maketrans({"„": "‚", "“": "‘", "”": "‘", '"': "‘"})


@dataclass(frozen=True, slots=True)
class Taken:
    """One record with its document, the names of its units, and the passage that says it, "" where none was looked for.

    A unit is named as printed, a bare code with the name that the record's values have for it.
    """

    record: Record
    document: Document
    units: tuple[str, ...]
    passage: str = ""

    @property
    def name(self) -> str:
        """Kind and number, "Projekt 5.5.2.1"; the kind alone where there is no number but the title."""
        return f"{KINDS[self.record.kind]} {number_of(self.record.ref, self.record.title)}".strip()

    @property
    def page(self) -> str:
        """Where it stands, "S. 32"; "" where the source has no pages."""
        label = self.record.page_label or self.record.page
        return say("staff.page_short", page=label) if label else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Records to take away.

    `origin` says where they come from, `address` is that page's below `base`, the public address without a slash.
    `topic` and `filters` are what was asked of them, as a sentence can name it. `known` says how complete they are,
    `silent` are papers that were asked and say nothing; with `best_only` there are more records than these.
    """

    heading: str
    origin: str
    address: str
    taken: tuple[Taken, ...]
    edition: str
    base: str
    known: Completeness = field(default_factory=Completeness)
    topic: str = ""
    filters: str = ""
    silent: tuple[str, ...] = ()
    best_only: bool = False
    made: date = field(default_factory=date.today)

    @property
    def documents(self) -> list[Document]:
        """The documents of the records, in the order of their first."""
        return list({one.document.id: one.document for one in self.taken}.values())

    def url(self, one: Taken) -> str:
        """The public address of a record's page."""
        return self.base + one.record.url

    def source(self, one: Taken) -> str:
        """Where a record stands: the number of its document in the list of sources, and its page."""
        number = [document.id for document in self.documents].index(one.document.id) + 1
        return ", ".join(filter(None, (f"[{number}]", one.page)))

    def about(self) -> list[tuple[str, str]]:
        """Words and values that say where all this comes from."""
        return [
            (say("staff.about_list"), self.heading),
            (say("staff.about_origin"), self.origin),
            (say("staff.about_edition"), self.edition),
            (say("staff.about_entries"), figure(len(self.taken), self.known.complete, "de")),
            *((say("staff.about_incomplete"), notice.text) for notice in self.known.notices()),
            (say("staff.about_made"), shown_date(self.made)),
            (say("staff.about_address"), self.base + self.address),
        ]


def taken_of(records: Iterable[Record], catalogue: Catalogue) -> tuple[Taken, ...]:
    """Return records as what is taken away, with the passages that were looked for."""
    return tuple(
        Taken(one, catalogue.documents[one.document_id], tuple(_units(one, catalogue)), getattr(one, "passage", ""))
        for one in records
    )


def _units(record: Record, catalogue: Catalogue) -> Iterator[str]:
    item = catalogue.item(record.document_id, record.key)
    values = item.values if item else ()
    names = {one.value: one.thing for one in values if one.kind is ValueKind.UNIT and one.thing}
    for printed in record.responsible:
        name = names.get(printed.strip())
        yield f"{printed} {name}" if name and name not in printed else printed


def quoted(text: str) -> str:
    """Return a title in quotation marks, those within it halved as German asks."""
    return f"„{text.translate(_INNER)}“"


def document_line(document: Document) -> str:
    """Return a document as a source names it: title, publisher, how binding, date; with what nobody confirmed."""
    return ", ".join((quoted(document.title), *front_parts(document, kind=False)))
