"""The catalogue's items and documents as they go out: one record each, lists in pages, neighbours."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING
from urllib.parse import quote

from service.models import (
    Citation,
    ConflictValueView,
    ConflictView,
    CorrectedView,
    CoverageView,
    DocumentList,
    DocumentView,
    EvidenceView,
    FamilyView,
    FieldView,
    ItemDetail,
    Neighbours,
    Passage,
    Record,
    RecordList,
    RefTitleView,
    ValueView,
)
from vectorstore.catalogue import Catalogue
from vectorstore.records import Conflict, Coverage, Document, Family, Item, ItemStatus, Page, RefTitle

if TYPE_CHECKING:
    from service.answering.tools.records import Selection


def item_url(document_id: str, key: str) -> str:
    """Return the path of an item's page."""
    return f"/documents/{quote(document_id, safe='')}/{quote(key, safe='~')}"


def record_of(item: Item, document: Document) -> Record:
    """Return an item as the contract prints it."""
    return Record(
        document_id=item.document_id,
        kind=item.kind,
        ref=item.ref,
        key=item.key,
        title=item.title,
        table_title=item.table_title,
        status=item.status,
        theme=_pointer(item.theme),
        goal=_pointer(item.goal),
        responsible=list(item.responsible),
        cooperation=item.cooperation,
        municipalities=list(item.municipalities),
        all_municipalities=item.all_municipalities,
        description=item.description,
        state=item.state,
        dates=list(item.dates),
        amounts=list(item.amounts),
        conflicts=[_conflict(one) for one in item.conflicts],
        fields=[FieldView(label=one.label, field=one.field, text=one.text, page=one.page) for one in item.fields],
        parent=item.parent,
        period=item.period,
        cost=item.cost,
        priority=item.priority,
        former_ref=item.former_ref,
        family=item.family,
        page=item.page,
        page_label=item.page_label,
        url=item_url(item.document_id, item.key),
        source_url=document.source_url,
        corrected=corrected_views(item),
    )


def corrected_views(item: Item) -> list[CorrectedView]:
    """Return what people corrected in an item."""
    return [
        CorrectedView(field=one.field, read=one.read, value=one.value, reason=one.reason, day=one.day)
        for one in item.corrected
    ]


def records_of(items: Iterable[Item], catalogue: Catalogue) -> list[Record]:
    """Return items as records, in the given order."""
    return [record_of(item, catalogue.documents[item.document_id]) for item in items]


def all_records(found: Selection, catalogue: Catalogue) -> Iterator[Record]:
    """Make every record that was selected, one by one: all at once are kilobytes each."""
    return (record_of(item, catalogue.documents[item.document_id]) for item in found.items)


def record_list(found: Selection, catalogue: Catalogue, edition: str, page: int, page_size: int | None) -> RecordList:
    """Return page `page` (from 1) of what was selected; `page_size` None gives all."""
    size = page_size or max(len(found.items), 1)
    return RecordList(
        items=records_of(found.items[(page - 1) * size : page * size], catalogue),
        total=len(found.items),
        complete=found.complete,
        page=page,
        page_size=size,
        corpus_edition=edition,
        notices=[*found.notices, *found.known.notices(), *found.reserved],
    )


def item_detail(catalogue: Catalogue, edition: str, item: Item) -> ItemDetail:
    """Return a record with its passages and neighbours."""
    record = record_of(item, catalogue.documents[item.document_id])
    return ItemDetail(
        **dict(record),
        values=[
            ValueView(kind=one.kind, text=one.text, value=one.value, unit=one.unit, thing=one.thing)
            for one in item.values
        ],
        passages=[Passage(id=chunk.id, text=chunk.text) for chunk in catalogue.chunks_of(item)],
        neighbours=_neighbours(catalogue, item),
        corpus_edition=edition,
    )


def siblings(catalogue: Catalogue, item: Item) -> tuple[Item | None, Item | None]:
    """Return the items before and after one in its document's reading order."""
    items = catalogue.items_of(item.document_id)
    place = items.index(item)
    return (items[place - 1] if place else None), (items[place + 1] if place + 1 < len(items) else None)


def citation_of(
    item: Item, document: Document, page: Page | None, *, marker: int, quote: str, verbatim: bool = True
) -> Citation:
    """Return the citation of an item's passage `quote`, which begins on `page`; corrected ones are not `verbatim`."""
    return Citation(
        marker=marker,
        document_id=document.id,
        document_title=document.title,
        publisher=document.publisher,
        document_status=document.status,
        as_of=document.as_of,
        unconfirmed=list(document.unconfirmed),
        kind=item.kind,
        ref=item.ref,
        key=item.key,
        title=item.title,
        item_status=item.status,
        page=page.number if page else item.page,
        page_label=page.label if page else item.page_label,
        quote=quote,
        url=item_url(item.document_id, item.key),
        source_url=document.source_url,
        corrected=corrected_views(item),
        verbatim=verbatim,
    )


def document_view(catalogue: Catalogue, document: Document) -> DocumentView:
    """Return a document with the numbers of its items."""
    items = catalogue.items_of(document.id)
    counts = Counter(item.kind.value for item in items if item.status is not ItemStatus.ARCHIVED)
    return DocumentView(
        id=document.id,
        title=document.title,
        publisher=document.publisher,
        kind=document.kind,
        status=document.status,
        as_of=document.as_of,
        unconfirmed=list(document.unconfirmed),
        series=document.series,
        replaces=document.replaces,
        valid_until=document.valid_until,
        superseded=document.id in catalogue.superseded,
        replaced_by=_replaced_by(catalogue, document.id),
        language=document.language,
        pages=len({page.number for page in document.pages}) or None,
        counts=dict(counts),
        families=[_family(one) for one in document.families],
        coverage=_coverage(document.coverage),
        state="indexed_with_warnings" if document.warnings else "indexed",
        warnings=list(document.warnings),
        source_url=document.source_url,
    )


def document_list(catalogue: Catalogue, edition: str, page: int, page_size: int | None) -> DocumentList:
    """Return page `page` (from 1) of the documents; `page_size` None gives all."""
    documents = list(catalogue.documents.values())
    size = page_size or max(len(documents), 1)
    return DocumentList(
        items=[document_view(catalogue, one) for one in documents[(page - 1) * size : page * size]],
        total=len(documents),
        page=page,
        page_size=size,
        corpus_edition=edition,
    )


def _replaced_by(catalogue: Catalogue, document_id: str) -> RefTitleView | None:
    other = catalogue.superseded.get(document_id)
    return RefTitleView(ref=other, title=catalogue.documents[other].title) if other else None


def _family(family: Family) -> FamilyView:
    return FamilyView(
        label=family.label,
        kind=family.kind,
        found=family.found,
        expected=family.expected,
        complete=family.complete,
        evidence=[EvidenceView(what=one.what, page=one.page) for one in family.evidence],
    )


def _coverage(coverage: Coverage | None) -> CoverageView | None:
    if coverage is None:
        return None
    return CoverageView(
        body=coverage.body,
        furniture=coverage.furniture,
        contents=coverage.contents,
        hidden=coverage.hidden,
        lost=coverage.lost,
    )


def _conflict(conflict: Conflict) -> ConflictView:
    values = [
        ConflictValueView.model_validate({"text": one.text, "page": one.page, "from": one.source})
        for one in conflict.values
    ]
    return ConflictView(field=conflict.field, text=conflict.text, table=conflict.table, values=values or None)


def _pointer(pointer: RefTitle | None) -> RefTitleView | None:
    return RefTitleView(ref=pointer.ref, title=pointer.title) if pointer else None


def _neighbours(catalogue: Catalogue, item: Item) -> Neighbours:
    document = catalogue.documents[item.document_id]
    parent, (before, after) = catalogue.parent(item), siblings(catalogue, item)
    return Neighbours(
        parent=record_of(parent, document) if parent else None,
        previous=record_of(before, document) if before else None,
        next=record_of(after, document) if after else None,
        children=records_of(catalogue.children(item), catalogue),
    )
