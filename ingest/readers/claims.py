"""Claims: the records, headings, totals and metadata that a reader extracts from a document, before
validation.

Both readers return these classes. The simple reader fills in the spans, because it takes its claims
from lines; a model gives texts and pages, and `validation` finds their spans or rejects them. All
spans are character offsets into the rendered text of the document.
"""

from __future__ import annotations

from typing import Annotated, Literal, NamedTuple, get_args

from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from pydantic.json_schema import SkipJsonSchema

from ingest.readers.folding import fold_quote
from prompts import say
from vectorstore.language import fold_ref
from vectorstore.records import BY_SIMPLE_READER

RecordKind = Literal[
    "theme", "goal", "project", "measure", "principle", "thesis", "resolution", "section"
]
Place = Literal["sheet", "row", "contents", "heading"]
RECORD_KINDS = tuple(kind for kind in get_args(RecordKind) if kind != "section")
MetadataName = Literal["title", "publisher", "kind", "status", "as_of"]
# characters at most of a title or label, and of the text of a field
SHORT = 600
LONG = 20_000
ShortText = Annotated[str, StringConstraints(strip_whitespace=True, max_length=SHORT)]
LongText = Annotated[str, StringConstraints(strip_whitespace=True, max_length=LONG)]
# attributes of `Claim` that are one text each
TEXT_ATTRIBUTES = ("partners", "period", "cost", "priority", "status")


class Span(NamedTuple):
    """A span from `start` up to but not including `end`, in characters of the document's text."""

    start: int
    end: int


def model_config_for(name: str) -> ConfigDict:
    """Return the pydantic configuration of a class that a model fills in: its objects cannot be
    changed, and keys that it does not know are ignored. The German description of the class, the
    text `model_reader.<name>` of the prompts, becomes part of the schema that the model is shown.
    """
    return ConfigDict(
        frozen=True, extra="ignore", json_schema_extra={"description": say(f"model_reader.{name}")}
    )


class ClaimedField(BaseModel):
    """A labelled field of a record; `lines` is its text with a line break before each item of a
    list in it.
    """

    model_config = model_config_for("claimed_field")

    label: ShortText = Field(description=say("model_reader.label"))
    text: LongText = Field(description=say("model_reader.text"))
    page: int | None = Field(default=None, ge=1, description=say("model_reader.field_page"))
    # "responsible", "period", ...; None for an unknown label
    meaning: SkipJsonSchema[str | None] = None
    lines: SkipJsonSchema[str | None] = None  # None where it equals `text`
    label_span: SkipJsonSchema[Span | None] = None
    span: SkipJsonSchema[Span | None] = None  # of the text


class Claim(BaseModel):
    """A record or a heading; units and texts contain only what its fields do not state (see
    `values.statements`).
    """

    model_config = model_config_for("claim")

    kind: RecordKind
    number: ShortText | None = Field(default=None, description=say("model_reader.number"))
    title: ShortText = Field(min_length=1, description=say("model_reader.title"))
    page: int = Field(ge=1, description=say("model_reader.page"))
    where: Place = Field(description=say("model_reader.place"))
    parent: ShortText | None = Field(default=None, description=say("model_reader.parent"))
    fields: tuple[ClaimedField, ...] = ()
    units: tuple[ShortText, ...] = Field(default=(), description=say("model_reader.units"))
    partners: LongText | None = Field(default=None, description=say("model_reader.partners"))
    period: ShortText | None = Field(default=None, description=say("model_reader.period"))
    cost: ShortText | None = Field(default=None, description=say("model_reader.cost"))
    priority: ShortText | None = Field(default=None, description=say("model_reader.priority"))
    status: ShortText | None = Field(default=None, description=say("model_reader.status"))
    level: SkipJsonSchema[int] = 0  # of a heading in the outline, from 1; 0 for unknown
    reason: SkipJsonSchema[str] = ""  # why it is a record (see `Family.reason`)
    source: SkipJsonSchema[str] = BY_SIMPLE_READER  # or BY_STAFF, or the name of the model
    # from 0 to 1: how well labels, numbering and table of contents agree
    confidence: SkipJsonSchema[float] = 1.0
    head: SkipJsonSchema[Span | None] = None  # number and title, the heading as printed
    title_span: SkipJsonSchema[Span | None] = None
    number_span: SkipJsonSchema[Span | None] = None  # set only during validation
    # head and text, None where the reader does not know the end
    extent: SkipJsonSchema[Span | None] = None

    @property
    def is_head(self) -> bool:
        """True for a heading and for the head of a sheet: behind these the text of the claim
        follows. It is false for a table row, which is its own text, and for an entry of a table of
        contents, whose text is elsewhere.
        """
        return self.where in ("sheet", "heading")

    @property
    def is_record(self) -> bool:
        """True for every kind but a section."""
        return self.kind != "section"

    @property
    def has_fields(self) -> bool:
        """True if the record has fields or units."""
        return bool(self.fields or self.units)

    @property
    def name(self) -> str:
        """Number and title."""
        if self.number:
            return f"{self.number} {self.title}"
        return self.title

    @property
    def ref(self) -> str:
        """The number normalized for comparison, "" without one."""
        return fold_ref(self.number or "")

    @property
    def folded_title(self) -> str:
        """The title normalized for comparison."""
        return fold_quote(self.title)


class ClaimedTotal(BaseModel):
    """The number of records of a kind that the document itself states."""

    model_config = model_config_for("claimed_total")

    kind: RecordKind
    count: int = Field(ge=1, le=10_000)
    quote: ShortText = Field(min_length=1, description=say("model_reader.passage"))
    page: int = Field(ge=1)
    span: SkipJsonSchema[Span | None] = None


class ClaimedMetadata(BaseModel):
    """One value of the document metadata, with the sentence that states it."""

    model_config = model_config_for("claimed_metadata")

    field: MetadataName
    value: ShortText = Field(min_length=1)
    quote: ShortText = Field(min_length=1, description=say("model_reader.passage"))
    span: SkipJsonSchema[Span | None] = None


class Claims(BaseModel):
    """All claims of one reader about a document or some of its pages, in the order of the text."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    records: tuple[Claim, ...] = ()
    totals: tuple[ClaimedTotal, ...] = ()
    metadata: tuple[ClaimedMetadata, ...] = ()
