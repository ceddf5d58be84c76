"""API models of questions and answers; `service.records.models` has records and documents.

Dates are ISO dates, times milliseconds, pages count from 1. `None` means that the source has none.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from enum import StrEnum
from textwrap import shorten
from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints, ValidationInfo, field_validator

from service import MAX_TURN, ComposedText, TypedText
from service.records.contacts.directory import Contact
from service.records.models import (
    COMPLETE_RULE,
    MAX_PAGE_SIZE,
    CorrectedView,
    Notice,
    Record,
    Shape,
    omitted_if,
)
from vectorstore.records import DocumentStatus, ItemKind, ItemStatus

MAX_TURNS = 20
MAX_STEP = 120
Row = Mapping[str, Any]
MOST_ROWS = 1_000  # of an answer
# items of an answer with status `found` that are shown as cards; more are shown as a list
MOST_FITTING = 3

QuestionText = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1),
    ComposedText(),
    # ECMA does not count U+0085 as space, stripping does
    Field(json_schema_extra={"pattern": r"[^\s\u0085]"}),
]
Language = Annotated[str, StringConstraints(pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$")]


class Turn(Shape):
    """One turn of the conversation so far, as the client tells it.

    `citations` are the document ids and keys that an answer cited; those that the edition does not
    have are ignored.
    """

    role: Literal["user", "assistant"]
    content: Annotated[str, ComposedText(MAX_TURN)]
    citations: list[tuple[str, str]] = Field(default_factory=list, max_length=1000)


class ChatRequest(Shape):
    """A question; of a longer history only the newest 20 turns count."""

    question: QuestionText = Field(examples=["Welche Projekte zum Radverkehr sind noch Ideen?"])
    history: list[Turn] = Field(default_factory=list)
    language: Language | None = None
    style: Literal["standard", "einfach"] = "standard"
    documents: list[TypedText] | None = Field(default=None, max_length=100)

    @field_validator("documents")
    @classmethod
    def all_documents(cls, documents: list[str] | None) -> list[str] | None:
        """Take an empty list of documents as None: all documents."""
        return documents or None

    @field_validator("history")
    @classmethod
    def newest_turns(cls, turns: list[Turn]) -> list[Turn]:
        """Drop all but the newest turns."""
        return turns[-MAX_TURNS:]


class AnswerStatus(StrEnum):
    """What became of a question: `found` claims no answer, all others but `answered` are
    non-answers.
    """

    ANSWERED = "answered"
    FOUND = "found"
    NOT_IN_DOCUMENTS = "not_in_documents"
    OUT_OF_SCOPE = "out_of_scope"
    REFUSED = "refused"
    NEEDS_CLARIFICATION = "needs_clarification"
    ABOUT_SERVICE = "about_service"
    EMERGENCY = "emergency"
    UNAVAILABLE = "unavailable"


class AnswerMode(StrEnum):
    """How an answer came about; a non-answer has none."""

    COMPUTED = "computed"
    EXTRACTIVE = "extractive"
    GENERATED = "generated"
    CURATED = "curated"


class Checked(StrEnum):
    """How the quote of a language model's sentence bears it out."""

    VERBATIM = "verbatim"  # its words are those of the quote
    SUPPORTED = "supported"  # a judge says that the quote says it
    FREE = "free"  # the quote stands beside it


class Citation(Shape):
    """Proof of a sentence: item, page and a verbatim quote that holds the fact."""

    marker: int = Field(ge=1)
    document_id: str
    document_title: str
    publisher: str
    document_status: DocumentStatus | None = None
    as_of: date | None = None
    unconfirmed: list[str] = Field(
        default_factory=list,
        description="parts of the document's front matter that nobody has confirmed",
    )
    kind: ItemKind
    ref: str
    key: str
    title: str
    item_status: ItemStatus | None = None
    page: int | None = None
    page_label: str | None = None
    quote: str
    url: str
    source_url: str | None = None
    scanned: bool = omitted_if(
        False, "true: the quote was read from the picture of its page; else left out"
    )
    corrected: list[CorrectedView] = omitted_if(
        [], "what the administration corrected in the item; left out where nothing is"
    )
    verbatim: bool = omitted_if(
        True,
        "false: the quote holds a corrected passage, so it is not the paper's wording; "
        "else left out",
    )


class AnswerPassage(Shape):
    """The whole passage that a citation is from, with the page on which it begins."""

    marker: int = Field(ge=1)
    text: str
    page: int | None = None


class Step(Shape):
    """What the service does while a model works: the tool that is called, and that in words ("sucht
    nach „Rad“").
    """

    tool: str
    text: str

    @field_validator("text")
    @classmethod
    def short(cls, text: str) -> str:
        """Cut the text to one line of `MAX_STEP` characters: a model may have written it, of any
        length.
        """
        return shorten(text, MAX_STEP, placeholder=" …")


class Receipt(Shape):
    """What made the answer, so that it can be made again."""

    pipeline: str
    settings: str
    model: str | None = None
    prompts: str | None = None


class GeneratedBy(Shape):
    """That a text was made automatically, said for machines (AI Act, Art. 50): by code alone, or
    with a language model.

    `model` is the language model's name, None without one.
    """

    kind: Literal["automatic", "language_model"]
    model: str | None = None


def _generated_by(fields: dict[str, Any]) -> GeneratedBy:
    """The mark of an answer by its other fields: with a receipt that names a model, by a language
    model.
    """
    receipt = fields.get("receipt")
    if isinstance(receipt, Receipt) and receipt.model:
        return GeneratedBy(kind="language_model", model=receipt.model)
    return GeneratedBy(kind="automatic")


class DataKind(StrEnum):
    """What the rows of an answer are."""

    LIST = "list"
    COUNT = "count"
    COMPARISON = "comparison"
    FACTS = "facts"
    OVERVIEW = "overview"
    FOUND = "found"


class OverviewGroup(Shape):
    """Rows that have something in common; `title` names it, and the rows hold `id`."""

    id: str = Field(
        description="what the group's rows hold under `document_id`, `theme` or `status`"
    )
    title: str
    count: int = Field(ge=1)


class OverviewGroups(Shape):
    """The rows of an overview by document, theme and status; a row without a theme or status is in
    no such group.
    """

    document: list[OverviewGroup] = Field(default_factory=list)
    theme: list[OverviewGroup] = Field(default_factory=list)
    status: list[OverviewGroup] = Field(default_factory=list)


def group_overview(rows: Sequence[Row]) -> OverviewGroups:
    """Group rows {document_id, document, theme, status}: largest group first, statuses in the order
    of `ItemStatus`.
    """
    titles = {row["document_id"]: row["document"] for row in rows}
    by_status = {group.id: group for group in _count_groups(rows, "status")}
    return OverviewGroups(
        document=_count_groups(rows, "document_id", titles),
        theme=_count_groups(rows, "theme"),
        status=[by_status[status] for status in ItemStatus if status in by_status],
    )


def _count_groups(
    rows: Sequence[Row], name: str, titles: Mapping[str, str] | None = None
) -> list[OverviewGroup]:
    """The groups of rows by the values of the column `name`, those of most rows first.

    A group's title is that of its value in `titles`, or else the value itself. Groups of equal size
    come in the order of the rows. Rows without a value are in no group.
    """
    counts = Counter(row[name] for row in rows if row.get(name))
    named = titles or {}
    return [
        OverviewGroup(id=value, title=named.get(value, value), count=count)
        for value, count in counts.most_common()
    ]


class AnswerData(Shape):
    """The answer as rows, `MOST_ROWS` at most; each row names its `citations` by marker.

    `complete` is False where there are more than were read; then `total` is a lower bound. It is
    None, and `total` too, where a structure was not understood, so that nobody may count.
    """

    kind: DataKind
    columns: list[str]
    rows: list[dict[str, Any]]
    total: int | None = None
    complete: bool | None = Field(default=True, description=COMPLETE_RULE)
    truncated: bool = omitted_if(False, "more rows than these; left out where there are none")
    url: str | None = omitted_if(None, "the whole list, where the rows are truncated")
    lead: str = omitted_if(
        "", "what the answer says before its first entry; left out where it says nothing"
    )
    groups: OverviewGroups | None = Field(
        default=None,
        validate_default=True,
        description="the rows of an overview, counted; null for other kinds",
    )

    @field_validator("groups")
    @classmethod
    def of_the_rows(cls, _: OverviewGroups | None, known: ValidationInfo) -> OverviewGroups | None:
        """Group the rows of an overview; other kinds have no groups.

        A given value is ignored, so that groups and rows always agree. If the rows themselves are
        invalid, there are none in `known`, and nothing is grouped.
        """
        if known.data.get("kind") is not DataKind.OVERVIEW or "rows" not in known.data:
            return None
        return group_overview(known.data["rows"])


class AnswerSentence(Shape):
    """A sentence of a language model, with its markers, and how its quotes bear it out."""

    text: str
    markers: list[int]
    checked: Checked


class Answer(Shape):
    """An answer or an honest non-answer; the latter has `mode` None and no citations."""

    answer_id: str
    status: AnswerStatus
    mode: AnswerMode | None = None
    language: str
    corpus_edition: str
    answer: str
    citations: list[Citation] = Field(default_factory=list)
    passage: AnswerPassage | None = omitted_if(
        None, "the whole passage that the first citation is from; left out where there is none"
    )
    sentences: list[AnswerSentence] = omitted_if(
        [], "the sentences that a language model worded; left out without"
    )
    data: AnswerData | None = None
    contacts: list[Contact] = omitted_if(
        [], "the contacts that the answer gives, of its units or in general; left out without"
    )
    nearest: list[Record] = Field(default_factory=list)
    suggestions: list[str] = Field(default_factory=list)
    notices: list[Notice] = Field(default_factory=list)
    receipt: Receipt
    generated_by: GeneratedBy = Field(
        default_factory=_generated_by,
        description="the mark of a text that was made automatically (AI Act, Art. 50)",
    )
    timings_ms: dict[str, float] = Field(default_factory=dict)


class SearchItem(Record):
    """An entry that was found, with its score beside the others and the passage that matched."""

    score: float
    passage: str


class SearchResult(Shape):
    """The entries that fit a text best, best first."""

    query: str
    items: list[SearchItem]
    corpus_edition: str


class LookupItem(Record):
    """A record that covers the topic or stands near it, with the reasons and the passage that shows
    it.
    """

    score: float
    why: list[str]
    passage: str


class LookupResult(Shape):
    """What covers a topic; `nearest` only stands near it: it holds a part of a word, or what is
    akin to it.

    Of the `total` items these are one page.
    """

    query: str
    covered: bool
    items: list[LookupItem]
    total: int
    page: int = 1
    page_size: int = MAX_PAGE_SIZE
    nearest: list[LookupItem] = Field(default_factory=list)
    corpus_edition: str


class FieldError(Shape):
    """One wrong part of a request; `field` is its path in the body or its parameter name."""

    field: str
    message: str


class Problem(Shape):
    """An error as RFC 9457 describes it."""

    type: str
    title: str
    status: int
    detail: str
    errors: list[FieldError] | None = None
    request_id: str | None = Field(
        default=None, description="Id of the request, as in X-Request-ID and in the log"
    )


class Health(Shape):
    """Whether the service lives, and for readiness which edition it serves."""

    status: Literal["ok", "not_ready"]
    corpus_edition: str | None = None
    database: Literal["ok", "away"] | None = None
    embedding: Literal["encoder", "endpoint", "words"] | None = None
    detail: str | None = None
