"""How far projects and measures have come: per document and field of action the records by status, each number a list.

A count and its list are one selection, so they are equal. A field of action is a record's theme, or its goal where the
document has no themes. Rows of an archive are outside, as in every list.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from prompts import reworded
from service.answering.query import Filters, UnknownValue
from service.answering.tools.records import Selection
from service.completeness import Completeness
from service.list_queries import PageQuery
from service.record_filters import fold
from service.record_models import COMPLETE, Notice, RefTitleView, Shape
from service.routes import API
from service.staff.addresses import with_query
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
FACTS: Mapping[str, Fact] = {
    "unchanged_since_edition": "unchanged", "older_than_months": "older", "corrected": "corrected"
}  # fmt: skip


Text = Annotated[Annotated[str, Field(max_length=500)] | None, BeforeValidator(lambda value: value or None)]


class ProgressQuery(PageQuery):
    """Which documents and field of action are counted, all in force without."""

    document: Text = Field(default=None, description="Id of a document")
    theme: Text = Field(default=None, description="Number or title of a field of action; `none` for records under none")


class PlanQuery(ProgressQuery):
    """The records behind one number."""

    status: ItemStatus | Literal["none"] | None = Field(
        default=None, description="`none` for records of which the document says none"
    )
    fact: Fact | None = Field(
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
    """How a document was before the edition that it last changed with, and where records are that changed since."""

    edition: str
    before: DocumentState
    changed: frozenset[Address]


@dataclass(frozen=True)
class Register:
    """The projects and measures of an edition on one day."""

    served: Served
    day: date

    @cached_property
    def compared(self) -> dict[str, Compared]:
        """What each document is compared with, by id; documents that nothing came before are left out."""
        return compared_documents(self.served.edition.history.editions)

    def select(self, query: ProgressQuery) -> Selection:
        """The records of a document and a field of action; raises UnknownValue."""
        filters = Filters(kinds=PLANS, documents=(query.document,) if query.document else ())
        found = self.served.answers.tools(filters.documents).select(filters)
        if not query.theme:
            return found
        wanted = "" if query.theme == NONE else fold(query.theme)
        items = tuple(item for item in found.items if wanted in _theme_names(item))
        if not items:
            known = dict.fromkeys(f"{theme.ref} {theme.title}" for item in found.items if (theme := theme_of(item)))
            raise UnknownValue("theme", query.theme, tuple(known))
        return replace(found, items=items, known=self._known(items))

    def listed(self, query: PlanQuery) -> Selection:
        """The records behind one number; raises UnknownValue."""
        found, status = self.select(query), None if query.status == NONE else query.status
        items = [item for item in found.items if not query.status or item.status == status]
        return replace(found, items=tuple(item for item in items if not query.fact or self.has_fact(item, query.fact)))

    def has_fact(self, item: Item, fact: Fact) -> bool | None:
        """True if a fact holds of a record; None where nobody can tell."""
        if fact == "corrected":
            return bool(item.corrected)
        if fact == "unchanged":
            compared = self.compared.get(item.document_id)
            return None if compared is None else (item.document_id, item.key) not in compared.changed
        return is_old(self._document(item), self.day)

    def report(self, query: ProgressQuery, license_: License | None, language: str = "de") -> ProgressReport:
        """The numbers of each document, in the order of its records; raises UnknownValue."""
        documents = [
            self._progress(self._document(items[0]), items, query.theme, language)
            for items in _grouped(self.select(query).items, lambda item: item.document_id).values()
        ]
        name = self.served.edition.name
        return ProgressReport(items=documents, total=len(documents), license=license_, corpus_edition=name)

    def _progress(self, document: Document, items: list[Item], theme: str | None, language: str) -> DocumentProgress:
        known, compared = self._known(items), self.compared.get(document.id)
        themes = _grouped(items, theme_key).items()
        return DocumentProgress(
            **{name: getattr(document, name) for name in ("id", "title", "publisher", "kind", "status", "as_of")},
            **self._counts(items, document, theme),
            unconfirmed=list(document.unconfirmed),
            complete=known.complete,
            notices=known.notices(language),
            compared_with=_earlier(compared) if compared else None,
            themes=[
                ThemeProgress(theme=theme_of(some[0]), **self._counts(some, document, key or NONE))
                for key, some in themes
            ],
        )

    def _counts(self, items: list[Item], document: Document, theme: str | None) -> dict[str, Any]:
        """The fields of `ProgressCounts`."""
        statuses, scope = Counter(item.status for item in items), {"document": document.id, "theme": theme}
        holds = {field: [self.has_fact(item, fact) for item in items] for field, fact in FACTS.items()}
        lists = {"total": scope, "without_status": scope | {"status": NONE}}
        lists |= {status: scope | {"status": status} for status in STATUSES}
        lists |= {field: scope | {"fact": fact} for field, fact in FACTS.items()}
        return {
            "counts": {status: statuses[status] for status in STATUSES},
            "without_status": statuses[None],
            "total": len(items),
            "lists": {name: with_query(LIST_PATH, **values) for name, values in lists.items()},
            **{field: None if None in values else sum(map(bool, values)) for field, values in holds.items()},
        }

    def _document(self, item: Item) -> Document:
        return self.served.edition.catalogue.documents[item.document_id]

    def _known(self, items: Iterable[Item]) -> Completeness:
        return Completeness.of({item.document_id: self._document(item) for item in items}.values(), PLANS)


def compared_documents(editions: Sequence[EditionChanges]) -> dict[str, Compared]:
    """For each document id how it was before its file last changed; what was only read otherwise is no change."""
    found: dict[str, Compared] = {}
    for edition in reversed(editions):
        for change in edition.documents:
            if change.after is None or change.before is None:
                continue
            records = [(record.before, record.after) for record in change.records if record.after]
            earlier = found.get(change.after.id)
            if not change.reread:
                changed = frozenset(after.address for _, after in records)
                found[change.after.id] = Compared(edition.edition, change.before, changed)
            elif earlier:  # a record that changed may have another address since
                moved = {after.address for before, after in records if before and before.address in earlier.changed}
                found[change.after.id] = replace(earlier, changed=earlier.changed | moved)
    return found


def is_old(document: Document, day: date) -> bool | None:
    """True if the date of a document's contents is more than twelve months ago; None where it has none."""
    when = document.as_of
    return None if when is None else (when.year + 1, when.month, when.day) < (day.year, day.month, day.day)


def license_named(name: str | None) -> License | None:
    """The licence of the setting `data_license`."""
    licenses: Any = reworded("licenses")
    return License(id=name, **licenses[name]) if name else None


def csv_rows(report: ProgressReport, base: str) -> Iterator[dict[str, object]]:
    """A row for each field of action of each document; `base` is the service's address."""
    for document in report.items:
        own = document.model_dump(include={"publisher", "as_of", "complete"})
        own |= {"document_id": document.id, "document_title": document.title, "document_status": document.status}
        own |= {"corpus_edition": report.corpus_edition, "license": report.license and report.license.url}
        for theme in document.themes:
            names = {"theme_ref": theme.theme and theme.theme.ref, "theme_title": theme.theme and theme.theme.title}
            yield {
                **theme.model_dump(),
                **theme.model_dump()["counts"],
                **own,
                **names,
                "list": base + theme.lists["total"],
            }


def theme_of(item: Item) -> RefTitleView | None:
    """The field of action that a record is counted under: its theme, or its goal where it has none."""
    theme = item.theme or item.goal
    return RefTitleView(ref=theme.ref, title=theme.title) if theme else None


def theme_key(item: Item) -> str:
    """What the field of action of a record is addressed by, "" for none."""
    theme = theme_of(item)
    return (theme.ref or theme.title) if theme else ""


def _theme_names(item: Item) -> tuple[str, ...]:
    theme = theme_of(item)
    return tuple(map(fold, (theme_key(item), theme.title, f"{theme.ref} {theme.title}"))) if theme else ("",)


def _grouped(items: Iterable[Item], key: Callable[[Item], str]) -> dict[str, list[Item]]:
    groups: dict[str, list[Item]] = {}
    for item in items:
        groups.setdefault(key(item), []).append(item)
    return groups


def _earlier(compared: Compared) -> EarlierState:
    before = compared.before
    return EarlierState(edition=compared.edition, document_id=before.id, title=before.title, as_of=before.as_of)
