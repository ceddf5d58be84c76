"""A topic in several documents: for each its best records with a passage as proof, or that it says nothing on it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Annotated
from urllib.parse import urlencode

from pydantic import BaseModel, Field, StringConstraints

from service.answering.tools.lookups import side_by_side
from service.completeness import Completeness
from service.edition_holder import Served
from service.models import MAX_QUESTION, LookupItem
from service.pages.labels import STATUSES, document_status, shown_date
from service.settings import Settings
from service.staff.addresses import STAFF
from service.staff.open_data import license_of
from service.staff.taking.selection import Origin, Selection, Taken, quoted, taken_of
from service.staff.taking.table import Cell, Table
from service.staff.words import most_binding_first, shortened
from vectorstore.catalogue import Catalogue
from vectorstore.records import Document

MOST = 100  # documents side by side
SHOWN = 3  # records of each
SILENT = "dazu nichts gefunden"
COLUMNS = ("Dokument", "Herausgeber", "Verbindlichkeit", "Stand", "Eintrag", "Titel", "Status", "Wortlaut", "Seite",
           "Adresse")  # fmt: skip
WIDTHS = (34, 24, 22, 12, 16, 44, 16, 70, 8, 44)
Choice = Annotated[str, StringConstraints(max_length=300)]


class By(StrEnum):
    """What stands side by side."""

    DOCUMENT = "document"
    PUBLISHER = "publisher"


class ComparisonQuery(BaseModel):
    """The comparison's address; nothing chosen means all that are in force."""

    topic: Annotated[str, StringConstraints(max_length=MAX_QUESTION)] = ""
    by: By = By.DOCUMENT
    document: list[Choice] = Field(default_factory=list, max_length=MOST)
    publisher: list[Choice] = Field(default_factory=list, max_length=MOST)

    @property
    def words(self) -> str:
        """The topic without white space to spare."""
        return " ".join(self.topic.split())

    def address(self, path: str = "/comparison") -> str:
        """Return this comparison's address, or that of one of its files."""
        chosen = self.document if self.by is By.DOCUMENT else self.publisher
        values = [("topic", self.words), ("by", self.by.value), *((self.by.value, one) for one in chosen)]
        return f"{STAFF}{path}?{urlencode(values)}"


@dataclass(frozen=True, slots=True)
class Side:
    """One document, or all of a publisher: its best records, how many more there are; none where it is silent."""

    name: str
    documents: tuple[Document, ...]
    records: tuple[LookupItem, ...]
    more: int

    @property
    def silent(self) -> bool:
        """Whether it says nothing on the topic."""
        return not self.records

    def document_of(self, record: LookupItem) -> Document:
        """The document of one of its records."""
        return next(one for one in self.documents if one.id == record.document_id)


@dataclass(frozen=True, slots=True)
class Comparison:
    """The sides in the order in which they were chosen."""

    topic: str
    sides: tuple[Side, ...]

    @property
    def silent(self) -> list[str]:
        """The names of those that say nothing."""
        return [side.name for side in self.sides if side.silent]


def publishers(catalogue: Catalogue) -> list[str]:
    """Return who published the documents in force, each once."""
    return list(dict.fromkeys(one.publisher for one in catalogue.in_force.documents.values() if one.publisher))


def groups_of(catalogue: Catalogue, query: ComparisonQuery) -> list[tuple[str, tuple[Document, ...]]]:
    """Return what stands side by side, each with its name; what is chosen and not there is left out."""
    in_force = catalogue.in_force.documents
    if query.by is By.PUBLISHER:
        names = [one for one in publishers(catalogue) if not query.publisher or one in query.publisher]
        grouped = [(name, tuple(one for one in in_force.values() if one.publisher == name)) for name in names]
    else:
        chosen = [catalogue.documents[one] for one in dict.fromkeys(query.document) if one in catalogue.documents]
        grouped = [(one.title, (one,)) for one in chosen or most_binding_first(in_force.values())]
    return _at_most(grouped)


def compared(served: Served, query: ComparisonQuery) -> Comparison:
    """Look the topic up in each; records are those of the topic's page, passages verbatim."""
    groups = groups_of(served.edition.catalogue, query)
    ids = [[one.id for one in documents] for _, documents in groups]
    found = side_by_side(served.answers.tools([one for some in ids for one in some]), query.words, ids)
    sides = [
        Side(name, documents, tuple(records[:SHOWN]), max(0, len(records) - SHOWN))
        for (name, documents), records in zip(groups, found, strict=True)
    ]
    return Comparison(query.words, tuple(sides))


def selection_of(
    served: Served, settings: Settings, base: str, query: ComparisonQuery, comparison: Comparison
) -> Selection:
    """Return the records of all sides as what is taken away, with those that are silent."""
    catalogue = served.edition.catalogue
    shown = [record for side in comparison.sides for record in side.records]
    items = [one for record in shown if (one := catalogue.item(record.document_id, record.key))]
    by = "Herausgeber" if query.by is By.PUBLISHER else "Dokumente"
    return Selection(
        heading=f"{comparison.topic}: {by} im Vergleich",
        origin=Origin(f"Vergleich zum Thema „{comparison.topic}“", query.address(), comparison.topic),
        taken=taken_of(items, catalogue),
        edition=served.edition.name,
        base=base,
        made=date.today(),
        known=Completeness(),
        license=license_of(settings),
        silent=tuple(comparison.silent),
        best_only=any(side.more for side in comparison.sides),
    )


def comparison_table(selection: Selection, comparison: Comparison) -> Table:
    """Return a row for each record, and one for each side that is silent, for a Word file."""
    numbers = {document.id: number for number, document in enumerate(selection.documents, start=1)}
    taken = iter(selection.taken)
    rows: list[tuple[Cell, ...]] = []
    for side in comparison.sides:
        if side.silent:
            rows.append((Cell(side.name), Cell(SILENT), Cell(""), Cell("")))
        rows += [_row(selection, side, record, next(taken), numbers) for record in side.records]
    return Table(
        title="Vergleich",
        description="Je Zeile ein Eintrag mit seinem Wortlaut; wer nichts dazu sagt, hat eine eigene Zeile",
        columns=("Dokument" if _by_document(comparison) else "Herausgeber", "Eintrag", "Wortlaut", "Fundstelle"),
        widths=(34, 42, 66, 24),
        rows=tuple(rows),
    )


def flat_rows(comparison: Comparison, base: str) -> list[tuple[str, ...]]:
    """Return the comparison for spreadsheets, below `COLUMNS`."""
    return [row for side in comparison.sides for row in _flat(side, base)]


def _flat(side: Side, base: str) -> Iterable[tuple[str, ...]]:
    if side.silent:
        for document in side.documents:
            yield (*_about(document), "", SILENT, "", "", "", "")
    for record in side.records:
        taken = Taken(record, side.document_of(record), ())
        status = STATUSES[record.status] if record.status else ""
        page = str(record.page_label or record.page or "")
        yield (*_about(taken.document), taken.name, record.title, status, record.passage, page, base + record.url)


def _about(document: Document) -> tuple[str, str, str, str]:
    return document.title, document.publisher, document_status(document.status), shown_date(document.as_of)


def _row(
    selection: Selection, side: Side, record: LookupItem, taken: Taken, numbers: dict[str, int]
) -> tuple[Cell, ...]:
    place = ", ".join(filter(None, (f"[{numbers[record.document_id]}]", taken.page)))
    name = Cell(f"{taken.name} {record.title}", selection.url(taken))
    return Cell(side.name), name, Cell(quoted(shortened(record.passage, 400))), Cell(place)


def _by_document(comparison: Comparison) -> bool:
    return all(side.name == side.documents[0].title for side in comparison.sides if side.documents)


def _at_most(
    groups: Sequence[tuple[str, tuple[Document, ...]]],
) -> list[tuple[str, tuple[Document, ...]]]:
    """As many groups as have at most `MOST` documents together."""
    kept: list[tuple[str, tuple[Document, ...]]] = []
    for name, documents in groups:
        if sum(len(some) for _, some in kept) + len(documents) > MOST:
            break
        kept.append((name, documents))
    return kept
