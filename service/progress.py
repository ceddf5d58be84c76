"""How far projects and measures have come: per document and field of action the records by status, each number a list.

A count and its list are one selection, so they are equal. A field of action is a record's theme, or its goal where the
document has no themes. Rows of an archive are outside, as in every list.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Annotated, Literal
from urllib.parse import urlencode

from pydantic import BaseModel, BeforeValidator, Field

from prompts import reworded
from service.answering.query import Filters, UnknownValue
from service.answering.tools.records import Selection
from service.completeness import Completeness
from service.list_queries import PageQuery
from service.record_filters import fold
from service.record_models import COMPLETE, Notice, RefTitleView, Shape
from service.routes import API
from vectorstore.changes import PLANS
from vectorstore.history import Address, DocumentState, EditionChanges
from vectorstore.records import Document, DocumentKind, DocumentStatus, Item, ItemStatus

if TYPE_CHECKING:
    from service.edition_holder import Served

MONTHS = 12  # after which a document's state is called old
NONE = "none"  # the status of records that have none, the field of action of records under none
STATUSES = (ItemStatus.IDEA, ItemStatus.PLANNED, ItemStatus.IN_PROGRESS, ItemStatus.IMPLEMENTED)
LIST_PATH = f"{API}/progress/items"
CSV_COLUMNS = (
    "document_id", "document_title", "publisher", "document_status", "as_of", "theme_ref", "theme_title",
    *STATUSES, "without_status", "total", "complete", "unchanged_since_edition", "older_than_months", "corrected",
    "list", "corpus_edition", "license",
)  # fmt: skip
Fact = Literal["unchanged", "older", "corrected"]
FACT_FIELDS: Mapping[Fact, str] = {
    "unchanged": "unchanged_since_edition", "older": "older_than_months", "corrected": "corrected"
}  # fmt: skip


def _blank_to_none(value: object) -> object:
    return value or None


Text = Annotated[Annotated[str, Field(max_length=500)] | None, BeforeValidator(_blank_to_none)]


class ProgressQuery(BaseModel):
    """Which documents and field of action are counted, all in force without."""

    document: Text = Field(default=None, description="Id of a document")
    theme: Text = Field(default=None, description="Number or title of a field of action; `none` for records under none")


class PlanQuery(ProgressQuery, PageQuery):
    """The records behind one number."""

    status: Annotated[ItemStatus | Literal["none"] | None, BeforeValidator(_blank_to_none)] = Field(
        default=None, description="`none` for records of which the document says none"
    )
    fact: Annotated[Fact | None, BeforeValidator(_blank_to_none)] = Field(
        default=None,
        description="`unchanged` since the document before, `older`: its document is older than twelve months, "
        "`corrected` by the administration",
    )


class ProgressCounts(Shape):
    """Numbers of records; `lists` has the address of the list behind each of them."""

    counts: dict[ItemStatus, int] = Field(description="Records by status, every status but that of archives")
    without_status: int = Field(description="Records of which the document says no status")
    total: int
    unchanged_since_edition: int | None = Field(
        description="Records that are as in the edition before the document last changed; null where there is none"
    )
    older_than_months: int | None = Field(
        description=f"Records whose document is older than {MONTHS} months; null where it has no date"
    )
    corrected: int = Field(description="Records of which the administration corrected something")
    lists: dict[str, str]


class ThemeProgress(ProgressCounts):
    """The records of one field of action; null: records under none."""

    theme: RefTitleView | None


class EarlierState(Shape):
    """What a document is compared with: the document as it was before the edition `edition`."""

    edition: str
    document_id: str
    title: str
    as_of: date | None


class DocumentProgress(ProgressCounts):
    """The records of one document."""

    id: str
    title: str
    publisher: str
    kind: DocumentKind
    status: DocumentStatus | None = Field(description="draft and proposed are not decided")
    as_of: date | None
    unconfirmed: list[str]
    complete: bool | None = Field(description=COMPLETE)
    notices: list[Notice]
    compared_with: EarlierState | None
    themes: list[ThemeProgress]


class License(Shape):
    """The terms under which the data may be used."""

    id: str
    title: str
    url: str


class ProgressReport(Shape):
    """How far the documents in force, or one that is named, have come; documents without such records are left out."""

    items: list[DocumentProgress]
    total: int = Field(description="Number of documents")
    months: int = MONTHS
    license: License | None
    corpus_edition: str


@dataclass(frozen=True, slots=True)
class Compared:
    """How a document was before the edition it last changed with, and the addresses of records that changed since."""

    edition: EditionChanges
    before: DocumentState
    changed: frozenset[Address]


@dataclass(frozen=True)
class Register:
    """The projects and measures of an edition on one day."""

    served: Served
    day: date

    @cached_property
    def _compared(self) -> dict[str, Compared]:
        return compared_documents(self.served.edition.history.editions)

    def compared(self, document_id: str) -> Compared | None:
        """What a document is compared with, None where nothing came before it."""
        return self._compared.get(document_id)

    def select(self, query: ProgressQuery) -> Selection:
        """The records of a document and a field of action; raises UnknownValue."""
        filters = Filters(kinds=PLANS, documents=(query.document,) if query.document else ())
        found = self.served.answers.tools(filters.documents).select(filters)
        if not query.theme:
            return found
        wanted = "" if query.theme == NONE else fold(query.theme)
        items = tuple(item for item in found.items if wanted in _names(item))
        if not items:
            known = dict.fromkeys(f"{theme.ref} {theme.title}" for item in found.items if (theme := theme_of(item)))
            raise UnknownValue("theme", query.theme, tuple(known))
        return replace(found, items=items, known=self._known(items))

    def listed(self, query: PlanQuery) -> Selection:
        """The records behind one number; raises UnknownValue."""
        found = self.select(query)
        status = None if query.status in (None, NONE) else query.status
        items = [item for item in found.items if query.status is None or item.status == status]
        kept = tuple(item for item in items if query.fact is None or self.has_fact(item, query.fact))
        return replace(found, items=kept)

    def has_fact(self, item: Item, fact: Fact) -> bool | None:
        """True if a fact holds of a record; None where nobody can tell."""
        if fact == "corrected":
            return bool(item.corrected)
        if fact == "unchanged":
            compared = self.compared(item.document_id)
            return None if compared is None else (item.document_id, item.key) not in compared.changed
        return is_old(self.served.edition.catalogue.documents[item.document_id], self.day)

    def report(self, query: ProgressQuery, license_: License | None, language: str = "de") -> ProgressReport:
        """The numbers of each document; raises UnknownValue."""
        by_document: dict[str, list[Item]] = {}
        for item in self.select(query).items:
            by_document.setdefault(item.document_id, []).append(item)
        documents = [self._document(items, query, language) for items in by_document.values()]
        name = self.served.edition.name
        return ProgressReport(items=documents, total=len(documents), license=license_, corpus_edition=name)

    def _document(self, items: list[Item], query: ProgressQuery, language: str) -> DocumentProgress:
        document = self.served.edition.catalogue.documents[items[0].document_id]
        themes: dict[str, list[Item]] = {}
        for item in items:
            themes.setdefault(_key(item), []).append(item)
        known, compared = self._known(items), self.compared(document.id)
        names = ("id", "title", "publisher", "kind", "status", "as_of")
        return DocumentProgress(
            **{name: getattr(document, name) for name in names},
            **self._counts(items, document, query.theme),
            unconfirmed=list(document.unconfirmed),
            complete=known.complete,
            notices=known.notices(language),
            compared_with=_earlier(compared) if compared else None,
            themes=[
                ThemeProgress(theme=_view(some[0]), **self._counts(some, document, key or NONE))
                for key, some in themes.items()
            ],
        )

    def _counts(self, items: list[Item], document: Document, theme: str | None) -> dict[str, object]:
        """The fields of `ProgressCounts`."""
        statuses = Counter(item.status for item in items)
        scope = {"document": document.id, **({"theme": theme} if theme else {})}
        lists = {"total": _address(scope), "without_status": _address(scope | {"status": NONE})}
        lists |= {status: _address(scope | {"status": status}) for status in STATUSES}
        facts: dict[str, int | None] = {}
        for fact, field in FACT_FIELDS.items():
            holds = [self.has_fact(item, fact) for item in items]
            facts[field] = None if None in holds else sum(map(bool, holds))
            lists[field] = _address(scope | {"fact": fact})
        counts = {status: statuses[status] for status in STATUSES}
        return {"counts": counts, "without_status": statuses[None], "total": len(items), "lists": lists, **facts}

    def _known(self, items: Iterable[Item]) -> Completeness:
        documents = dict.fromkeys(item.document_id for item in items)
        return Completeness.of((self.served.edition.catalogue.documents[name] for name in documents), PLANS)


def compared_documents(editions: Iterable[EditionChanges]) -> dict[str, Compared]:
    """For each document id what it was before its file last changed; what was only read otherwise is no change."""
    found: dict[str, Compared] = {}
    for edition in reversed(tuple(editions)):
        for change in edition.documents:
            if change.after is None or change.before is None:
                continue
            earlier = found.get(change.after.id)
            moved = earlier.changed if earlier and change.reread else frozenset[Address]()
            changed = {
                record.after.address
                for record in change.records
                if record.after and (not change.reread or (record.before and record.before.address in moved))
            }
            if not change.reread:
                found[change.after.id] = Compared(edition, change.before, frozenset(changed))
            elif earlier:
                found[change.after.id] = replace(earlier, changed=moved | changed)
    return found


def is_old(document: Document, day: date) -> bool | None:
    """True if the date of a document's contents is more than a year ago; None where it has none."""
    when = document.as_of
    return when and (when.year + MONTHS // 12, when.month, when.day) < (day.year, day.month, day.day)


def theme_of(item: Item) -> RefTitleView | None:
    """The field of action that a record is counted under."""
    return _view(item)


def license_named(name: str | None) -> License | None:
    """The licence of the setting `data_license`."""
    return License(id=name, **reworded("licenses")[name]) if name else None  # type: ignore[arg-type]


def csv_rows(report: ProgressReport, base: str) -> Iterator[dict[str, object]]:
    """A row for each field of action of each document; `base` is the service's address."""
    for document in report.items:
        for theme in document.themes:
            own = theme.model_dump(mode="json")
            yield {
                **own, **own["counts"], "list": base + theme.lists["total"],
                "document_id": document.id, "document_title": document.title, "publisher": document.publisher,
                "document_status": document.status, "as_of": document.as_of, "complete": document.complete,
                "theme_ref": theme.theme and theme.theme.ref, "theme_title": theme.theme and theme.theme.title,
                "corpus_edition": report.corpus_edition, "license": report.license and report.license.url,
            }  # fmt: skip


def _address(values: Mapping[str, str]) -> str:
    return f"{LIST_PATH}?{urlencode(values)}"


def _view(item: Item) -> RefTitleView | None:
    theme = item.theme or item.goal
    return RefTitleView(ref=theme.ref, title=theme.title) if theme else None


def _key(item: Item) -> str:
    """What the field of action of a record is addressed by, "" for none."""
    theme = _view(item)
    return (theme.ref or theme.title) if theme else ""


def _names(item: Item) -> tuple[str, ...]:
    theme = _view(item)
    return tuple(map(fold, (theme.ref or theme.title, theme.title, f"{theme.ref} {theme.title}"))) if theme else ("",)


def _earlier(compared: Compared) -> EarlierState:
    before = compared.before
    return EarlierState(edition=compared.edition.edition, document_id=before.id, title=before.title, as_of=before.as_of)
