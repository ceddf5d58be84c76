"""Selections of a topic and of a filtered list; pages and files all show these."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from urllib.parse import urlencode

from service.answering.tools.records import RECORDS, selected
from service.completeness import Completeness
from service.edition_holder import Served
from service.models import LookupResult
from service.pages.labels import shown, shown_moment
from service.settings import Settings
from service.staff.addresses import STAFF
from service.staff.catalogue import chosen, ordered
from service.staff.open_data import license_of
from service.staff.queries import FILTERS, MOMENTS, SORTS, CatalogueQuery, Sort
from service.staff.taking.selection import Origin, Selection, taken_of
from vectorstore.catalogue import Catalogue
from vectorstore.records import Item

LIST_HEADING = "Ziele, Projekte und Maßnahmen"


def of_topic(served: Served, settings: Settings, base: str, topic: str, result: LookupResult) -> Selection:
    """Return the records that cover a topic, by document as the topic's page shows them."""
    catalogue = served.edition.catalogue
    items = [one for record in result.items if (one := catalogue.item(record.document_id, record.key))]
    documents = {item.document_id: catalogue.documents[item.document_id] for item in items}
    return Selection(
        heading=f"{topic}: {LIST_HEADING}",
        origin=Origin(f"Thema „{topic}“", f"{STAFF}/topics?{urlencode({'q': topic})}", topic),
        taken=taken_of(_by_document(items), catalogue),
        edition=served.edition.name,
        base=base,
        made=date.today(),
        known=Completeness.of(documents.values(), RECORDS),
        license=license_of(settings),
    )


def of_list(served: Served, settings: Settings, base: str, query: CatalogueQuery) -> Selection:
    """Return all records of a filtered list, in its order."""
    catalogue = served.edition.catalogue
    found = chosen(served, query)
    selection = selected(found)
    given = dict(_chosen(catalogue, query))
    words = _worded(given) or "ohne Filter"
    order = "" if query.sort is Sort.DOCUMENT else f"; sortiert nach {SORTS[query.sort]}"
    topic = given.pop("topic", "")
    filters = _worded(given)
    return Selection(
        heading=f"{topic and topic + ': '}{LIST_HEADING}{filters and f' ({filters})'}",
        origin=Origin(f"Katalog, {words}{order}", query.address(), topic, filters),
        taken=taken_of(ordered(found, selection.items, query), catalogue),
        edition=served.edition.name,
        base=base,
        made=date.today(),
        known=selection.known,
        license=license_of(settings),
    )


def _by_document(items: Sequence[Item]) -> list[Item]:
    """Items of one document one behind the other, in the order of each document's best."""
    documents = list(dict.fromkeys(item.document_id for item in items))
    return sorted(items, key=lambda item: documents.index(item.document_id))


def _chosen(catalogue: Catalogue, query: CatalogueQuery) -> Iterator[tuple[str, str]]:
    for name, value in query.chosen().items():
        document = catalogue.documents.get(value) if name == "document" else None
        yield name, document.title if document else shown_moment(shown(value)) if name in MOMENTS else shown(value)


def _worded(chosen: Mapping[str, str]) -> str:
    return "; ".join(f"{FILTERS[name]}: {value}" for name, value in chosen.items())
