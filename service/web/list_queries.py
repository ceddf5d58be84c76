"""Lists of records: their query parameters (page, format, filters) and their pages; of the HTTP
API and of the command line.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, BeforeValidator, Field
from starlette.datastructures import Headers

from service import MAX_QUESTION, TypedText
from service.answering import Filters
from service.records import MAX_PAGE_SIZE, MOMENT_PATTERN, RecordList, records_of, slice_page
from service.web.http import weight_of
from vectorstore.records import ItemKind, ItemStatus

if TYPE_CHECKING:
    from service.answering import Selection
    from vectorstore import Edition

DEFAULT_PAGE_SIZE = 50
# what `str.strip` removes; `\s` in JSON Schema (ECMA 262) is less and more: no separators U+001C to
# 1F, but U+FEFF
_BLANK = r"^[\t-\r\x1c- \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]*$"


def _blank_to_none(value: object) -> object:
    """Return a text without white space at its ends; a blank one becomes None, since a form sends
    its empty fields too.

    A value that is no text stays as it is, and so does a text that is too long: validation, which
    comes next, refuses it.
    """
    if not isinstance(value, str) or (len(value) > MAX_QUESTION and value.strip()):
        return value
    return value.strip() or None


def _allow_blank(schema: dict[str, Any]) -> None:
    """Add blank texts to a parameter's JSON schema: a form sends its empty fields too."""
    schema["anyOf"].append({"type": "string", "pattern": _BLANK})


def _optional(**constraints: Any) -> Any:
    """A field with default None that may also be blank."""
    return Field(None, json_schema_extra=_allow_blank, **constraints)


T = TypeVar("T")
MaybeBlank = Annotated[T | None, BeforeValidator(_blank_to_none)]
Text = MaybeBlank[TypedText]
Year = MaybeBlank[Annotated[int, Field(ge=1000, le=9999)]]
Moment = MaybeBlank[Annotated[str, Field(pattern=f"^{MOMENT_PATTERN}$")]]


class PageQuery(BaseModel):
    """Which part of a list, and as what; CSV without `page` and `page_size` gives everything."""

    page: MaybeBlank[int] = _optional(ge=1, description="1 unless given")
    page_size: MaybeBlank[int] = _optional(ge=1, le=MAX_PAGE_SIZE, description="50 unless given")
    format: MaybeBlank[Literal["json", "csv"]] = _optional()

    def as_csv(self, headers: Headers) -> bool:
        """True if the client asks for CSV.

        The parameter `format` says so; without it, an Accept header that prefers CSV to JSON.
        """
        if self.format is not None:
            return self.format == "csv"
        accept = headers.get("accept", "")
        return weight_of("text/csv", accept) > weight_of("application/json", accept)

    def size(self, *, everything: bool) -> int | None:
        """Return the number of items on a page, None for all items.

        All items are given where `everything` is allowed (for CSV) and the query names neither
        `page` nor `page_size`.
        """
        if everything and self.page is None and self.page_size is None:
            return None
        return self.page_size or DEFAULT_PAGE_SIZE


class FilterQuery(BaseModel):
    """The filters of records, of all kinds without `kind`; archive rows only with
    `status=archived`.
    """

    document: Text = _optional(description="Id of a document")
    theme: Text = _optional(description="Number or title of a theme")
    goal: Text = _optional(description="Number or title of a goal")
    status: MaybeBlank[ItemStatus] = _optional()
    unit: Text = _optional(description="Responsible unit; 66 also matches 66.01")
    municipality: Text = _optional(description="A municipality that the record names")
    year: Year = _optional(description="A year in the record's dates")
    q: Text = _optional(description="Words that all stand in the record")
    since: Moment = _optional(
        alias="from", description="A date of the record is this day, month or year, or later"
    )
    until: Moment = _optional(
        description="A date of the record is this day, month or year, or earlier"
    )
    topic: Text = _optional(
        description="A topic, as for /lookup: what is called so, stands under it or says it"
    )
    kind: MaybeBlank[ItemKind] = _optional()

    @property
    def kinds(self) -> tuple[ItemKind, ...]:
        """The requested kind as a tuple, () for all kinds."""
        return (self.kind,) if self.kind else ()

    def filters(self, kinds: tuple[ItemKind, ...]) -> Filters:
        """Return the filters as conditions on records of these kinds, () for all kinds."""
        return Filters(
            topic=self.topic or "",
            kinds=kinds,
            documents=(self.document,) if self.document else (),
            statuses=(self.status,) if self.status else (),
            theme=self.theme or "",
            goal=self.goal or "",
            unit=self.unit or "",
            place=self.municipality or "",
            since=self.since or "",
            until=self.until or "",
            words=self.q or "",
            year=str(self.year or ""),
        )


class ItemQuery(FilterQuery, PageQuery):
    """A page of a list of records."""


def record_list(
    hits: Selection, edition: Edition, page: int = 1, page_size: int | None = None
) -> RecordList:
    """Return page `page` (from 1) of the selected records; `page_size` None returns all.

    Then the page size that is told is the number of records, and 1 for none. The notices are on the
    filters, then on gaps in the documents, then on the topic and on fields that few records state.
    """
    size = page_size or max(len(hits.items), 1)
    return RecordList(
        items=records_of(slice_page(hits.items, page, size), edition.catalogue),
        total=len(hits.items),
        complete=hits.complete,
        page=page,
        page_size=size,
        corpus_edition=edition.name,
        notices=[*hits.notices, *hits.completeness.notices(), *hits.limits],
    )
