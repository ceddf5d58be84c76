"""The open data described after DCAT-AP.de 3.0 as JSON-LD: a catalogue, a data set per document, CSV and JSON of each.

Only what is known is said. Where no licence is set none is stated; DCAT-AP.de then misses `dcterms:license`, and the
open-data page says so. https://www.dcat-ap.de/def/dcatde/3.0/spec/
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date
from typing import Any

from service.licenses import License
from service.pages.labels import DOCUMENT_KINDS, document_counted, document_status
from service.records import document_view
from service.staff.addresses import STAFF
from service.staff.themes import theme_of
from vectorstore.catalogue import Catalogue
from vectorstore.records import Document

Node = dict[str, Any]
CONTEXT: Mapping[str, str] = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dcterms": "http://purl.org/dc/terms/",
    "dcatde": "http://dcat-ap.de/def/dcatde/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
EU = "http://publications.europa.eu/resource/authority/"
THEMES = f"{EU}data-theme"
GOVERNMENT = f"{EU}data-theme/GOVE"
LANGUAGES = {"de": f"{EU}language/DEU", "en": f"{EU}language/ENG"}
FORMATS = {"csv": ("CSV", "text/csv"), "json": ("JSON", "application/json")}
MEDIA = "https://www.iana.org/assignments/media-types/"


def data_path(document_id: str, extension: str) -> str:
    """Return the path of a document's records as "csv" or "json"."""
    return f"{STAFF}/open-data/{document_id}.{extension}"


def publisher_of(catalogue: Catalogue) -> str:
    """Return who published most of the documents, the first of equals."""
    counts = Counter(document.publisher for document in catalogue.documents.values())
    return counts.most_common(1)[0][0] if counts else ""


def catalog(catalogue: Catalogue, edition: str, base: str, license_: License | None, *, public: bool) -> Node:
    """Return the catalogue; `base` is the service's address without a slash, `edition` begins with its ISO date."""
    node: Node = {
        "@context": dict(CONTEXT),
        "@id": f"{base}{STAFF}/open-data/catalog.jsonld",
        "@type": "dcat:Catalog",
        "dcterms:title": german(f"Ziele und Projekte: {publisher_of(catalogue)}"),
        "dcterms:description": german(
            "Ziele, Projekte und Maßnahmen aus Strategien und Berichten, als Datensätze aus den Dokumenten gelesen."
        ),
        "dcterms:publisher": agent(publisher_of(catalogue)),
        "dcterms:language": reference(LANGUAGES["de"]),
        "dcterms:modified": day(date.fromisoformat(edition[:10])),
        "foaf:homepage": {"@id": f"{base}{STAFF}/open-data", "@type": "foaf:Document"},
        "dcat:themeTaxonomy": reference(THEMES),
        "dcat:dataset": [
            dataset(catalogue, one, base, license_, public=public) for one in catalogue.documents.values()
        ],
    }
    if license_:
        node["dcterms:license"] = reference(license_.uri)
    return node


def dataset(catalogue: Catalogue, document: Document, base: str, license_: License | None, *, public: bool) -> Node:
    """Return one document's records as a data set."""
    counts = document_counted(document_view(catalogue, document))
    node: Node = {
        "@id": f"{base}{STAFF}/open-data/{document.id}",
        "@type": "dcat:Dataset",
        "dcterms:identifier": document.id,
        "dcterms:title": german(f"{document.title}: Einträge als Daten"),
        "dcterms:description": german(
            f"Aus dem Dokument „{document.title}“ ({document_status(document.status)}) gelesene Einträge: {counts}."
        ),
        "dcterms:publisher": agent(document.publisher),
        "dcat:theme": reference(GOVERNMENT),
        "dcat:keyword": [german(word) for word in keywords(catalogue, document)],
        "dcat:landingPage": {"@id": f"{base}{STAFF}/documents/{document.id}", "@type": "foaf:Document"},
        "dcat:distribution": [distribution(document, kind, base, license_) for kind in FORMATS],
    }
    if document.language in LANGUAGES:
        node["dcterms:language"] = reference(LANGUAGES[document.language])
    if document.as_of:
        node["dcterms:modified"] = day(document.as_of)
    if document.source_url:
        node["foaf:page"] = {"@id": document.source_url, "@type": "foaf:Document"}
    if public:
        node["dcterms:accessRights"] = reference(f"{EU}access-right/PUBLIC")
    return node


def distribution(document: Document, extension: str, base: str, license_: License | None) -> Node:
    """Return one file of a data set; its address is access and download at once, as the conventions ask."""
    name, media_type = FORMATS[extension]
    address = base + data_path(document.id, extension)
    node: Node = {
        "@id": f"{address}#distribution",
        "@type": "dcat:Distribution",
        "dcterms:title": german(f"{document.title} ({name})"),
        "dcat:accessURL": reference(address),
        "dcat:downloadURL": reference(address),
        "dcterms:format": reference(f"{EU}file-type/{name}"),
        "dcat:mediaType": reference(MEDIA + media_type),
    }
    if license_:
        node["dcterms:license"] = reference(license_.uri)
        if license_.attribution:
            node["dcatde:licenseAttributionByText"] = german(document.publisher)
    return node


def keywords(catalogue: Catalogue, document: Document) -> list[str]:
    """Return what a document is about: its kind and the titles of its themes."""
    themes = [theme.title for theme in map(theme_of, catalogue.items_of(document.id)) if theme]
    return list(dict.fromkeys([DOCUMENT_KINDS[document.kind], *themes]))


def agent(name: str) -> Node:
    """Return a publisher."""
    return {"@type": "foaf:Agent", "foaf:name": name}


def reference(uri: str) -> Node:
    """Return a pointer to what a URI names."""
    return {"@id": uri}


def german(text: str) -> Node:
    """Return a German text."""
    return {"@value": text, "@language": "de"}


def day(when: date) -> Node:
    """Return a date as xsd:date."""
    return {"@value": when.isoformat(), "@type": "xsd:date"}
