"""Claims: the records, headings and totals of a document before they become items. All spans are
character offsets into the rendered text of the document.
"""

from __future__ import annotations

from typing import Annotated, Literal, NamedTuple, get_args

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from ingest.readers.folding import fold_quote
from vectorstore.language import fold_ref
from vectorstore.records import BY_SIMPLE_READER

RecordKind = Literal[
    "theme", "goal", "project", "measure", "principle", "thesis", "resolution", "section"
]
Place = Literal["sheet", "row", "contents", "heading"]
RECORD_KINDS = tuple(kind for kind in get_args(RecordKind) if kind != "section")
# characters at most of a title or label, and of the text of a field
SHORT = 600
LONG = 20_000
ShortText = Annotated[str, StringConstraints(strip_whitespace=True, max_length=SHORT)]
LongText = Annotated[str, StringConstraints(strip_whitespace=True, max_length=LONG)]
_CONFIG = ConfigDict(frozen=True, extra="ignore")


class Span(NamedTuple):
    """A span from `start` up to but not including `end`, in characters of the document's text."""

    start: int
    end: int


class ClaimedField(BaseModel):
    """A labelled field of a record; `lines` is its text with a line break before each item of a
    list in it.
    """

    model_config = _CONFIG

    label: ShortText
    text: LongText
    # "responsible", "period", ...; None for an unknown label
    meaning: str | None = None
    lines: str | None = None  # None where it equals `text`
    span: Span | None = None  # of the text


class Claim(BaseModel):
    """A record or a heading; its fields complete units and texts (see `values.statements`)."""

    model_config = _CONFIG

    kind: RecordKind
    number: ShortText | None = None
    title: ShortText = Field(min_length=1)
    page: int = Field(ge=1)
    where: Place
    parent: ShortText | None = None
    fields: tuple[ClaimedField, ...] = ()
    units: tuple[ShortText, ...] = ()
    partners: LongText | None = None
    period: ShortText | None = None
    cost: ShortText | None = None
    priority: ShortText | None = None
    status: ShortText | None = None
    level: int = 0  # of a heading in the outline, from 1; 0 for unknown
    reason: str = ""  # why it is a record (see `Family.reason`)
    source: str = BY_SIMPLE_READER  # or BY_STAFF
    # from 0 to 1: how well labels, numbering and table of contents agree
    confidence: float = 1.0
    head: Span | None = None  # number and title, the heading as printed
    title_span: Span | None = None
    # head and text, None where the reader does not know the end
    extent: Span | None = None

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

    model_config = _CONFIG

    kind: RecordKind
    count: int = Field(ge=1, le=10_000)
    quote: ShortText = Field(min_length=1)
    page: int = Field(ge=1)


class Claims(BaseModel):
    """All claims about a document, in the order of the text."""

    model_config = _CONFIG

    records: tuple[Claim, ...] = ()
    totals: tuple[ClaimedTotal, ...] = ()
