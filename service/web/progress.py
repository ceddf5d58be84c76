"""Progress of projects and measures: records by status for each document and field of action, each
count with its list.

A count and its list are made by the same selection, so they are equal. The field of action of a
record is its theme, else its goal, else its chapter. Archived records are left out, as in every
list.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from itertools import chain
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from pydantic import Field

from service.answering import Filters, Selection, UnknownValue, find_setback
from service.records import (
    COMPLETE_RULE,
    Completeness,
    Notice,
    OptionalText,
    Shape,
    labels,
    theme_names,
)
from service.web.http import API, with_query
from service.web.list_queries import PageQuery
from vectorstore.language import fold_umlauts
from vectorstore.records import (
    PLANS,
    Document,
    DocumentKind,
    DocumentState,
    DocumentStatus,
    EditionChanges,
    Item,
    ItemAddress,
    ItemStatus,
    RefTitle,
)

if TYPE_CHECKING:
    from service.web.edition_holder import OpenEdition

NONE = "none"  # value of `status` and `theme` for records without status or field of action
PROGRESS_LIST_PATH = f"{API}/progress/items"
PROGRESS_COLUMNS = (
    "document_id",
    "document_title",
    "publisher",
    "document_status",
    "as_of",
    "theme_ref",
    "theme_title",
    *labels.PLAN_STATUSES,
    "without_status",
    "total",
    "complete",
    "unchanged_since_edition",
    "older_than_months",
    "corrected",
    "list",
    "corpus_edition",
    "license",
)
Fact = Literal["unchanged", "older", "corrected", "setback"]
FACTS: Mapping[str, Fact] = {  # by the field of `ProgressCounts` that counts it
    "unchanged_since_edition": "unchanged",
    "older_than_months": "older",
    "corrected": "corrected",
    "set_back": "setback",
}


class ProgressQuery(PageQuery):
    """Which documents and field of action are counted; without them all in force."""

    document: OptionalText = Field(None, description="Id of a document")
    theme: OptionalText = Field(
        None, description="A field of action by number or title; `none`: under none"
    )
    language: Literal["de", "en"] | None = Field(
        None, description="Of notices, else as Accept-Language says"
    )


class PlanQuery(ProgressQuery):
    """The records behind one number."""

    status: ItemStatus | Literal["none"] | None = Field(
        None, description="`none`: the document says none"
    )
    fact: Fact | None = Field(
        None,
        description="unchanged since the document before, in a document older than a year, "
        "corrected, or failed, given up or late by its text",
    )


class ProgressCounts(Shape):
    """Numbers of records; `lists` has the address of the list behind each of them."""

    counts: dict[ItemStatus, int] = Field(
        description="Records by status, every status but that of archives"
    )
    without_status: int = Field(description="Records of which the document says no status")
    total: int
    unchanged_since_edition: int | None = Field(
        description="Records as in `compared_with`; null where that is null"
    )
    older_than_months: int | None = Field(
        description="Records whose document is dated more than 12 months ago; null where it "
        "has no date"
    )
    corrected: int = Field(description="Records of which the administration corrected something")
    set_back: int = Field(
        description="Records whose text says that they failed, were given up or are late; no status"
    )
    lists: dict[str, str]


class ThemeProgress(ProgressCounts):
    """The records of one field of action; null: records under none."""

    theme: RefTitle | None


class DocumentProgress(ProgressCounts):
    """The records of one document; with the status draft or proposed it is not decided yet."""

    id: str
    title: str
    publisher: str
    kind: DocumentKind
    status: DocumentStatus | None
    as_of: date | None
    unconfirmed: list[str]
    complete: bool | None = Field(description=COMPLETE_RULE)
    notices: list[Notice]
    compared_with: DocumentState | None = Field(
        description="The document as it was before, null where none is known"
    )
    themes: list[ThemeProgress]


class License(Shape):
    """The terms under which the data may be used."""

    id: str
    title: str
    url: str


class ProgressReport(Shape):
    """How far the documents in force, or one that is named, have come; documents without
    projects and measures are left out.
    """

    items: list[DocumentProgress]
    total: int = Field(description="Number of documents")
    license: License | None
    corpus_edition: str


class EarlierState(NamedTuple):
    """A document as it was before its file last changed, and the addresses of its records that
    changed then.
    """

    document: DocumentState
    changed: frozenset[ItemAddress]


@dataclass(frozen=True)
class ProgressRegister:
    """The projects and measures of an edition; `day` is today, for facts that depend on it."""

    served: OpenEdition
    day: date

    @cached_property
    def earlier_states(self) -> dict[str, EarlierState]:
        """The earlier states of documents by id, for those that have one."""
        return find_earlier_states(self.served.edition.history.editions)

    def select(self, query: ProgressQuery) -> Selection:
        """Return the records of the document and field of action that a query names; of all that it
        does not name.

        The field of action is looked for in each document on its own, since documents number them
        differently. Raises UnknownValue for an unknown document or field of action; the error names
        the known ones.
        """
        filters = Filters(kinds=PLANS, documents=(query.document,) if query.document else ())
        result = self.served.answers.tools(filters.documents).select(filters)
        if not query.theme:
            return result
        by_document = _group(result.items, lambda item: item.document_id).values()
        items = tuple(
            chain.from_iterable(
                _of_theme(records, fold_umlauts(query.theme)) for records in by_document
            )
        )
        if not items:
            themes = filter(None, map(theme_of, result.items))
            known = dict.fromkeys(map(labels.name_of, themes))
            raise UnknownValue("theme", query.theme, tuple(known))
        return replace(result, items=items, completeness=self._completeness_of(items))

    def list_records(self, query: PlanQuery) -> Selection:
        """Return the records that are behind one number of the report.

        The status "none" selects those without a status, unlike None, which selects all. Raises
        UnknownValue for an unknown document or field of action.
        """
        result = self.select(query)
        items = result.items
        if query.status:
            wanted = None if query.status == NONE else query.status
            items = tuple(item for item in items if item.status == wanted)
        if query.fact:
            items = tuple(item for item in items if self.facts_of(item)[query.fact])
        return replace(result, items=items)

    def facts_of(self, item: Item) -> dict[Fact, bool | None]:
        """Return which facts apply to a record.

        None where this cannot be known: "older", since the document has no date, and "unchanged",
        since no earlier state of it is known.
        """
        earlier = self.earlier_states.get(item.document_id)
        return {
            "unchanged": None if earlier is None else item.address not in earlier.changed,
            "older": is_old(self.document_of(item), self.day),
            "corrected": bool(item.corrected),
            "setback": bool(find_setback(item)),
        }

    def report(
        self, query: ProgressQuery, license_: License | None, language: str = "de"
    ) -> ProgressReport:
        """Return the counts of each document that the query selects.

        Documents that state no status of any record are last, for they show no progress; otherwise
        the order is that of the records. Raises UnknownValue.
        """
        by_document = _group(self.select(query).items, lambda item: item.document_id)
        items = [self._progress(records, query.theme, language) for records in by_document.values()]
        items.sort(key=lambda document: document.without_status == document.total)
        name = self.served.edition.name
        return ProgressReport(items=items, total=len(items), license=license_, corpus_edition=name)

    def document_of(self, item: Item) -> Document:
        """The document of a record."""
        return self.served.edition.catalogue.documents[item.document_id]

    def _progress(self, items: list[Item], asked: str | None, language: str) -> DocumentProgress:
        """Return the counts of the records of one document: of all, and by field of action.

        The `items` are already those of the field of action that is `asked` for (None: all), and
        the lists of the document are of that field; those of each field of action are of its own.
        Fields whose number or title differ only in case or umlauts are one.
        """
        document = self.document_of(items[0])
        completeness = self._completeness_of(items)
        earlier = self.earlier_states.get(document.id)
        groups = _group(items, lambda item: fold_umlauts(_theme_key(item))).values()
        return DocumentProgress(
            **{
                name: getattr(document, name)
                for name in ("id", "title", "publisher", "kind", "status", "as_of")
            },
            **self._counts(items, asked),
            unconfirmed=list(document.unconfirmed),
            complete=completeness.complete,
            notices=completeness.notices(language),
            compared_with=earlier and earlier.document,
            themes=[
                ThemeProgress(
                    theme=theme_of(records[0]), **self._counts(records, _theme_key(records[0]))
                )
                for records in groups
            ],
        )

    def _counts(self, items: list[Item], theme: str | None) -> dict[str, Any]:
        """Return the fields of `ProgressCounts` for records of one document.

        Each number has in `lists` the address of the list with exactly these records. `theme` is
        the value of its parameter, None for all fields of action. The count of a fact is None if
        the fact is not known of each record.
        """
        statuses = Counter(item.status for item in items)
        scope = {"document": items[0].document_id, "theme": theme}  # parameters of every list
        flags = [self.facts_of(item) for item in items]
        facts = {}
        for field, fact in FACTS.items():
            facts[field] = _count([flag[fact] for flag in flags])
        lists: dict[str, dict[str, str]] = {"total": {}, "without_status": {"status": NONE}}
        lists |= {status: {"status": status} for status in labels.PLAN_STATUSES}
        lists |= {field: {"fact": fact} for field, fact in FACTS.items()}
        return {
            "counts": {status: statuses[status] for status in labels.PLAN_STATUSES},
            "without_status": statuses[None],
            "total": len(items),
            "lists": {
                name: with_query(PROGRESS_LIST_PATH, **scope, **parameters)
                for name, parameters in lists.items()
            },
            **facts,
        }

    def _completeness_of(self, items: Iterable[Item]) -> Completeness:
        return Completeness.of(
            {item.document_id: self.document_of(item) for item in items}.values(), PLANS
        )


def _count(flags: Sequence[bool | None]) -> int | None:
    """Return the number of true flags; None if any is not known."""
    return None if None in flags else sum(map(bool, flags))


def find_earlier_states(editions: Sequence[EditionChanges]) -> dict[str, EarlierState]:
    """Return the state of each document before its file changed last, by document id.

    `editions` are newest first; they are gone through from the oldest, so that the last change
    wins. New documents have no earlier state. A document that was only read again, by a newer
    reader, counts as unchanged. If a changed record got another address by this, the new address is
    added to the changed ones, so that the record still counts as changed.
    """
    states: dict[str, EarlierState] = {}
    for change in chain.from_iterable(edition.documents for edition in reversed(editions)):
        if change.after is None or change.before is None:
            continue
        document_id = change.after.id
        news = [record for record in change.records if record.after and record.is_news]
        if not change.reread:
            changed = frozenset(record.state.address for record in news)
            states[document_id] = EarlierState(change.before, changed)
        elif document_id in states:
            earlier = states[document_id]
            moved = {
                record.state.address
                for record in news
                if record.before and record.before.address in earlier.changed
            }
            states[document_id] = EarlierState(earlier.document, earlier.changed | moved)
    return states


def is_old(document: Document, day: date) -> bool | None:
    """True if the date of a document's contents is more than twelve months before `day`.

    None if the document has no date.
    """
    when = document.as_of
    if when is None:
        return None
    # compared as numbers: 29 February of the next year is no date
    return (when.year + 1, when.month, when.day) < (day.year, day.month, day.day)


def progress_rows(report: ProgressReport, base: str) -> Iterator[dict[str, object]]:
    """Yield a row for each field of action of each document; see `PROGRESS_COLUMNS`.

    `base` is the service's base URL: in a file that is saved, the addresses of lists must be
    absolute. Records without a field of action have a row with an empty number and title.
    """
    for document in report.items:
        of_document = {
            "document_id": document.id,
            "document_title": document.title,
            "publisher": document.publisher,
            "document_status": document.status,
            "as_of": document.as_of,
            "complete": document.complete,
            "corpus_edition": report.corpus_edition,
            "license": report.license and report.license.url,
        }
        for progress in document.themes:
            fields, theme = progress.model_dump(), progress.theme or RefTitle("", "")
            of_theme = {
                "theme_ref": theme.ref,
                "theme_title": theme.title,
                "list": base + progress.lists["total"],
            }
            yield {**fields, **fields["counts"], **of_document, **of_theme}


def theme_of(item: Item) -> RefTitle | None:
    """Return the field of action that a record is counted under.

    It is its theme; without one its goal; without one its chapter, which has a title but no number.
    None if it has none of them.
    """
    chapter = RefTitle("", item.path[-1]) if item.path else None
    return item.theme or item.goal or chapter


def _theme_key(item: Item) -> str:
    """Return the value of the parameter `theme` for a record's field of action.

    It is its number, without a number its title ("Verkehr"), and "none" if the record is under
    none.
    """
    theme = theme_of(item)
    if theme is None:
        return NONE
    return theme.ref or theme.title


def _of_theme(items: Sequence[Item], theme: str) -> list[Item]:
    """Return the records of one document under a field of action, whose name is given in folded
    form.

    Those whose parameter value is this name win, so that the list behind a count has exactly its
    records. Only if there are none, the name may be any name of the field, such as its title though
    it has a number.
    """
    exact = [item for item in items if fold_umlauts(_theme_key(item)) == theme]
    return exact or [item for item in items if theme in theme_names(theme_of(item))]


def _group(items: Iterable[Item], key: Callable[[Item], str]) -> dict[str, list[Item]]:
    groups: dict[str, list[Item]] = {}
    for item in items:
        groups.setdefault(key(item), []).append(item)
    return groups
