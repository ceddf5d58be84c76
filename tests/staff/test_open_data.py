"""Open data: complete files, and a description that DCAT-AP.de 3.0 would take, as far as its rules can be told here.

The rules are those of the specification (required properties, what must be an IRI) and its conventions 30, 32, 35, 39.
"""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from pydantic import ValidationError
from starlette.testclient import TestClient

from service.licenses import LICENSES
from service.settings import Settings
from tests.staff.conftest import ClientFor
from tests.staff.signing_in import signed_in

Node = dict[str, Any]
REQUIRED = {
    "dcat:Catalog": {"dcterms:title", "dcterms:description", "dcterms:publisher"},
    "dcat:Dataset": {"dcterms:title", "dcterms:description", "dcterms:publisher"},
    "dcat:Distribution": {"dcat:accessURL", "dcterms:license"},
}
ALLOWED = {
    "dcat:Catalog": {"dcterms:language", "dcterms:modified", "foaf:homepage", "dcat:themeTaxonomy", "dcat:dataset",
                     "dcterms:license"},
    "dcat:Dataset": {"dcterms:identifier", "dcat:theme", "dcat:keyword", "dcat:landingPage", "dcat:distribution",
                     "dcterms:language", "dcterms:modified", "foaf:page", "dcterms:accessRights"},
    "dcat:Distribution": {"dcterms:title", "dcat:downloadURL", "dcterms:format", "dcat:mediaType",
                          "dcatde:licenseAttributionByText"},
}  # fmt: skip
IRIS = {"dcterms:license", "dcat:accessURL", "dcat:downloadURL", "dcterms:format", "dcat:mediaType", "dcat:theme",
        "dcat:themeTaxonomy", "dcterms:language", "foaf:homepage", "foaf:page", "dcat:landingPage",
        "dcterms:accessRights"}  # fmt: skip
CLASSES = {"dcterms:publisher": "foaf:Agent", "dcat:dataset": "dcat:Dataset", "dcat:distribution": "dcat:Distribution"}


def catalog(client: TestClient) -> Node:
    response = client.get("/staff/open-data/catalog.jsonld")
    assert response.headers["content-type"] == "application/ld+json"
    node: Node = response.json()
    return node


def distributions(dataset: Node) -> list[Node]:
    return list(dataset["dcat:distribution"])


def faults(node: Node) -> list[str]:
    """What DCAT-AP.de would complain of in a catalogue, a data set, a distribution and all below."""
    kind = node["@type"]
    found = [f"{kind} lacks {name}" for name in sorted(REQUIRED.get(kind, ())) if not node.get(name)]
    for name, value in node.items():
        if not name.startswith("@") and name not in REQUIRED[kind] | ALLOWED[kind]:
            found.append(f"{kind} knows no {name}")
        for one in value if isinstance(value, list) else [value]:
            if name in IRIS and not str(one.get("@id", "")).startswith(("http://", "https://")):
                found.append(f"{name} is no IRI")
            if name in CLASSES and one.get("@type") != CLASSES[name]:
                found.append(f"{name} is no {CLASSES[name]}")
            if CLASSES.get(name, "").startswith("dcat:"):
                found += faults(one)
    return found


def names(value: Any) -> set[str]:
    """The names of all properties and classes in a description."""
    if isinstance(value, list):
        return set().union(*map(names, value))
    if not isinstance(value, dict):
        return set()
    own = {key for key in value if not key.startswith("@")} | {value["@type"] for _ in "x" if "@type" in value}
    return own.union(*(names(one) for key, one in value.items() if key != "@context"))


@pytest.mark.parametrize("license_", sorted(LICENSES))
def test_the_description_has_what_dcat_ap_de_requires(client_for: ClientFor, license_: str) -> None:
    node = catalog(client_for(staff_access="public", data_license=license_))
    assert faults(node) == []
    assert {name.partition(":")[0] for name in names(node)} <= set(node["@context"]), "every prefix is declared"
    identifiers = [one["dcterms:identifier"] for one in node["dcat:dataset"]]
    assert identifiers == ["auenland-antrag", "auenland-report", "boeser-bericht"]
    for dataset in node["dcat:dataset"]:
        formats = {one["dcterms:format"]["@id"].rpartition("/")[2] for one in distributions(dataset)}
        assert formats == {"CSV", "JSON"}


def test_the_rules_find_faults(client_for: ClientFor) -> None:
    node = catalog(client_for(staff_access="public", data_license="cc-zero"))
    del node["dcterms:publisher"]
    distributions(node["dcat:dataset"][0])[0]["dcat:accessURL"] = {"@id": "/relativ"}
    node["dcat:dataset"][1]["dcterms:titel"] = "verschrieben"
    assert faults(node) == [
        "dcat:Catalog lacks dcterms:publisher", "dcat:accessURL is no IRI", "dcat:Dataset knows no dcterms:titel",
    ]  # fmt: skip


def test_without_a_licence_none_is_claimed(client: TestClient) -> None:
    node = catalog(client)
    assert "license" not in str(node) and [fault for fault in faults(node) if "license" not in fault] == []
    assert "keine Lizenz festgelegt" in client.get("/staff/open-data").text
    assert client.get("/staff/open-data/auenland-report.json").json()["license"] is None
    with pytest.raises(ValidationError):
        Settings(data_license="gemeinfrei")
    assert Settings(data_license="").data_license is None


def test_the_licence_that_is_set_stands_everywhere(client_for: ClientFor) -> None:
    client = signed_in(client_for(data_license="dl-by-de/2.0"))
    uri = "http://dcat-ap.de/def/licenses/dl-by-de/2.0"
    node = catalog(client)
    assert node["dcterms:license"] == {"@id": uri}
    for dataset in node["dcat:dataset"]:
        for one in distributions(dataset):
            assert one["dcterms:license"] == {"@id": uri}
            assert one["dcatde:licenseAttributionByText"]["@value"] == dataset["dcterms:publisher"]["foaf:name"]
    assert "Datenlizenz Deutschland – Namensnennung" in client.get("/staff/open-data").text
    assert client.get("/staff/open-data/auenland-report.json").json()["license"] == uri


def test_only_what_is_known_is_said(client_for: ClientFor) -> None:
    closed, public = catalog(signed_in(client_for())), catalog(client_for(staff_access="public"))
    motion, report, _ = closed["dcat:dataset"]
    assert "dcterms:modified" not in motion and "foaf:page" not in motion
    assert report["dcterms:modified"] == {"@value": "2026-03-01", "@type": "xsd:date"}
    assert report["foaf:page"]["@id"] == "https://www.auenland.example/report.pdf"
    assert [word["@value"] for word in report["dcat:keyword"]] == ["Bericht", "Mobilität"]
    for name in ("dcterms:spatial", "dcterms:issued", "dcatde:contributorID", "dcterms:accessRights"):
        assert name not in str(closed)
    assert "dcterms:accessRights" in str(public)
    assert "nicht beschlossen" in motion["dcterms:description"]["@value"]


def test_every_address_of_the_description_answers(client: TestClient) -> None:
    for dataset in catalog(client)["dcat:dataset"]:
        assert client.get(dataset["dcat:landingPage"]["@id"]).status_code == 200
        for one in distributions(dataset):
            media_type = one["dcat:mediaType"]["@id"].partition("media-types/")[2]
            assert client.get(one["dcat:downloadURL"]["@id"]).headers["content-type"].startswith(media_type)


def test_files_are_complete(sample: TestClient) -> None:
    for document in sample.get("/api/v1/documents").json()["items"]:
        as_json = sample.get(f"/staff/open-data/{document['id']}.json").json()
        text = sample.get(f"/staff/open-data/{document['id']}.csv").content.decode("utf-8-sig")
        as_csv = list(csv.DictReader(io.StringIO(text), delimiter=";"))
        assert [one["key"] for one in as_json["records"]] == [one["key"] for one in as_csv]
        current = [one for one in as_json["records"] if one["status"] != "archived"]
        assert len(current) == sum(document["counts"].values())
        assert as_json["publisher"] == document["publisher"] and as_json["as_of"] == document["as_of"]
