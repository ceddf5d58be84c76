"""API models of records, documents and their lists; `service.records.answers` has those of
questions and answers.

Dates are ISO dates, pages count from 1. `None` means that the source has none.
"""

from __future__ import annotations

from datetime import date
from typing import Any, Literal

from pydantic import AliasChoices, BaseModel, ConfigDict, Field

from vectorstore.records import (
    Coverage,
    DocumentKind,
    DocumentStatus,
    Evidence,
    ItemKind,
    ItemStatus,
    Provenance,
    RefTitle,
    ValueKind,
)

MAX_PAGE_SIZE = 500
COMPLETE_RULE = (
    "false: there are more than were read; null: the structure was not understood, so "
    "nobody may count"
)


def omitted_if(default: object, description: str) -> Any:
    """Return a field with a default; the field is left out of the output if it has this default.

    The default [] is made anew for each model, so that none shares its list.
    """
    default_option: dict[str, Any] = {"default": default}
    if default == []:
        default_option = {"default_factory": list}
    return Field(
        **default_option, exclude_if=lambda value: value == default, description=description
    )


class Shape(BaseModel):
    """Base of every model: immutable, unknown fields are ignored."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class ConflictValueView(Shape):
    """What one place of a document states: `from` says which, `page` is its PDF page from 1."""

    model_config = ConfigDict(frozen=True, extra="ignore", serialize_by_alias=True)

    text: str
    page: int | None = None
    source: str = Field(
        validation_alias=AliasChoices("source", "from"),
        serialization_alias="from",
        description="sheet, overview, schedule, text or list",
    )


class ConflictView(Shape):
    """Places of one document disagree about a field: ref, status, responsible, period, cost or
    priority.
    """

    field: str
    text: str
    table: str
    values: list[ConflictValueView] = omitted_if(
        [],
        "What each place states (`text` and `table` are the first two); left out where there "
        "are but these",
    )


class CorrectedView(Shape):
    """What the administration corrected in an item: as it was read, as it is now, why, and when."""

    field: str = Field(
        description="item, title, status, unit, date, period, cost, partners, priority or text"
    )
    read: str = Field(description="As it was read from the paper; empty where nothing was")
    value: str
    reason: str
    day: date | None = None


_WITH_UNIT = "The text with the unit of its label or column's head, empty where it takes none"


class FieldView(Shape):
    """A labelled field as printed; `field` is what its label means, null where that is not
    known.
    """

    label: str
    field: str | None = None
    text: str
    page: int | None = Field(default=None, description="PDF page on which the text begins, from 1")
    with_unit: str = Field(default="", description=_WITH_UNIT)


class Record(Shape):
    """A citable item of a document."""

    document_id: str
    kind: ItemKind
    ref: str
    key: str
    title: str
    table_title: str | None = None
    status: ItemStatus | None = None
    theme: RefTitle | None = None
    goal: RefTitle | None = None
    responsible: list[str] = Field(default_factory=list)
    cooperation: str | None = None
    municipalities: list[str] = Field(default_factory=list)
    all_municipalities: bool = False
    description: str | None = None
    state: str | None = None
    dates: list[str] = Field(default_factory=list)
    amounts: list[str] = Field(default_factory=list)
    conflicts: list[ConflictView] = Field(default_factory=list)
    former_ref: str | None = None
    fields: list[FieldView] = Field(
        default_factory=list, description="Labelled fields and columns, as printed"
    )
    parent: str | None = Field(default=None, description="Key of the item that it stands under")
    period: str | None = Field(default=None, description="When it is to be done, as printed")
    cost: str | None = Field(default=None, description="What it costs, as printed")
    priority: str | None = Field(default=None, description="How urgent it is, as printed")
    family: str | None = Field(
        default=None,
        description="The numbering that it belongs to, as in its document's `families`",
    )
    page: int | None = None
    page_label: str | None = None
    url: str
    source_url: str | None = None
    corrected: list[CorrectedView] = omitted_if(
        [], "What the administration corrected in it; left out where nothing is"
    )


class Notice(Shape):
    """Something the reader must know; `code` for programs, `text` for people."""

    code: str
    text: str
    url: str | None = omitted_if(None, "the page that says more; left out where there is none")


class RecordList(Shape):
    """One page of records; `total` counts all that were read and match, `complete` as in an
    answer's data.
    """

    items: list[Record]
    total: int
    complete: bool | None = Field(description=COMPLETE_RULE)
    page: int
    page_size: int
    corpus_edition: str
    notices: list[Notice] = Field(default_factory=list)


class Passage(Shape):
    """An indexed passage of an item, verbatim."""

    id: str
    text: str


class Neighbours(Shape):
    """The items around one item in its document."""

    parent: Record | None = None
    previous: Record | None = None
    next: Record | None = None
    children: list[Record] = Field(default_factory=list)


class ValueView(Shape):
    """A date, period, sum, quantity, unit, place or SDG that a record states: as printed, and its
    normal form.
    """

    kind: ValueKind
    text: str = Field(description="As printed")
    with_unit: str = Field(default="", description=_WITH_UNIT)
    value: str = Field(
        description="A date `2026-05-01`, `2026-05` or `2026`; a period `2026/2030`, `2026/` "
        "or `/2030`; euros or a "
        "quantity as a decimal number; a unit's code or name; a place; the number of an SDG"
    )
    unit: str | None = Field(
        default=None,
        description="`EUR`, `EUR/a`; of a quantity `km`, `t/a`, `%`, empty for a count",
    )
    thing: str | None = Field(
        default=None, description="What is counted; of a unit of the administration its name"
    )


class ItemDetail(Record):
    """One record with what it states, its passages and neighbours."""

    values: list[ValueView] = Field(default_factory=list)
    passages: list[Passage] = Field(default_factory=list)
    neighbours: Neighbours = Field(default_factory=Neighbours)
    corpus_edition: str


class FamilyView(Shape):
    """All records of one numbering: how many were found, how many there should be (None: the
    document does not say).
    """

    label: str
    kind: ItemKind
    found: int
    expected: int | None = None
    complete: bool | None = Field(description=COMPLETE_RULE)
    evidence: list[Evidence] = Field(default_factory=list)


class DocumentView(Shape):
    """One document; `counts` maps an item kind to the number of items, archive rows left out.

    `families` tell how complete these are; `coverage` is None in editions that did not keep it.
    Nobody has confirmed the parts `unconfirmed` of its front matter. A document with `superseded`
    answers only when it is named.
    """

    id: str
    title: str
    publisher: str
    kind: DocumentKind
    status: DocumentStatus | None = Field(
        default=None, description="null: the document does not say it"
    )
    as_of: date | None = Field(default=None, description="null: the document gives no date")
    unconfirmed: list[str] = Field(
        default_factory=list, description="of title, publisher, kind, status, as_of"
    )
    series: str | None = None
    replaces: str | None = None
    same_as: str | None = Field(default=None, description="id of a document with the same text")
    repealed_by: str | None = Field(default=None, description="id of a document that repeals it")
    followed_by: str | None = Field(default=None, description="id of the newest of its series")
    valid_until: date | None = None
    superseded: bool = Field(
        default=False, description="replaced by another document, or no longer valid"
    )
    replaced_by: RefTitle | None = Field(
        default=None, description="id and title of what replaces it"
    )
    language: str
    pages: int | None = None
    counts: dict[str, int]
    families: list[FamilyView] = Field(default_factory=list)
    coverage: Coverage | None = None
    state: Literal["indexed", "indexed_with_warnings"]
    warnings: list[str] = Field(default_factory=list)
    source_url: str | None = None
    provenance: Provenance | None = Field(
        default=None, description="of a document from a followed source"
    )


class DocumentList(Shape):
    """All documents of the edition."""

    items: list[DocumentView]
    total: int
    page: int
    page_size: int
    corpus_edition: str
