"""Lists, documents, facets, pages and commands say how complete they are; nothing is said where all
is.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from service.records import Completeness
from tests.processes import run
from tests.service.county import report
from tests.service.fakes import client_over
from tests.service.partly_read import (
    CLIMATE,
    CYCLING,
    SHORT,
    UNKNOWN,
    climate,
    cycling,
    partly_read_report,
)
from vectorstore import EditionStore


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("partly")
    EditionStore(root).publish([report(), climate(), cycling()])
    return root


@pytest.fixture(scope="module")
def partly(root: Path) -> Iterator[TestClient]:
    with client_over(root) as client:
        yield client


def test_documents_tell_their_families_and_their_coverage(partly: TestClient) -> None:
    documents = {item["id"]: item for item in partly.get("/api/v1/documents").json()["items"]}
    (family,) = documents["auenland-klima"]["families"]
    evidence = [{"what": "Verzeichnis der Maßnahmen: 7 Einträge", "page": 3}]
    counted = {"label": "M {n}", "kind": "measure", "found": 5, "expected": 7}
    assert family == counted | {"complete": False, "evidence": evidence}
    assert documents["auenland-klima"]["coverage"] == {
        "body": 900, "furniture": 40, "contents": 120, "hidden": 0, "lost": 30, "struck": 23, "notes": 4, "forms": 17}  # fmt: skip
    assert documents["auenland-rad"]["families"][0]["complete"] is None
    assert (documents["auenland-report"]["families"], documents["auenland-report"]["coverage"]) == (
        [],
        None,
    )


@pytest.mark.parametrize(
    ("query", "complete", "notices"),
    [
        ("kind=measure", None, [UNKNOWN, f"Von „{CLIMATE}“ wurden nicht alle Maßnahmen gelesen."]),
        ("kind=measure&document=auenland-klima", False, [SHORT]),
        ("kind=measure&document=auenland-rad", None, [UNKNOWN]),
        ("kind=project", True, []),
    ],
)
def test_lists_and_facets_tell_how_complete_they_are(
    partly: TestClient, query: str, complete: bool | None, notices: list[str]
) -> None:
    found = partly.get(f"/api/v1/items?{query}").json()
    assert (found["complete"], [hit["text"] for hit in found["notices"]]) == (complete, notices)
    assert {hit["code"] for hit in found["notices"]} <= {"incomplete", "not_understood"}
    facets = partly.get(f"/api/v1/facets?{query}").json()
    assert (facets["complete"], facets["total"]) == (complete, found["total"])


@pytest.mark.parametrize(
    ("complete", "said"), [(False, "mindestens 1 weiterer"), (None, ": weitere Einträge")]
)
def test_what_is_left_out_is_counted_no_surer_than_the_rest(
    tmp_path: Path, complete: bool | None, said: str
) -> None:
    with client_over(tmp_path, [partly_read_report(complete)]) as client:
        first = client.get("/api/v1/projects?municipality=Auental").json()["notices"][0]
    assert first["code"] == "all_municipalities"
    assert said in first["text"]


def test_pages_of_documents_tell_it(partly: TestClient) -> None:
    cards = partly.get("/documents").text
    assert "mindestens 5 von 7 Maßnahmen" in cards
    assert "Maßnahmen (Anzahl unsicher)" in cards
    assert "1 Thema, 1 Ziel, 5 Projekte" in cards
    page = partly.get("/documents/auenland-klima").text
    assert SHORT in page
    assert "Inhalt (mindestens 6 Einträge)" in page
    assert UNKNOWN in partly.get("/documents/auenland-rad").text
    assert "notice" not in partly.get("/documents/auenland-report").text.partition("<main")[2]


def test_the_question_page_tells_it(partly: TestClient) -> None:
    page = partly.get("/ask", params={"q": f"Welche Maßnahmen hat das {CLIMATE}?"}).text
    assert "Als Tabelle (5 Zeilen, unvollständig)" in page
    page = partly.get("/ask", params={"q": f"Welche Maßnahmen hat das {CYCLING}?"}).text
    assert "Als Tabelle (Anzahl unsicher)" in page


def test_commands_tell_it(root: Path, tmp_path: Path) -> None:
    text = run("documents", data=root).stdout
    assert "mindestens 5 von 7 Maßnahmen" in text
    assert SHORT in text
    assert UNKNOWN in text
    EditionStore(tmp_path).publish([partly_read_report(False)])
    assert "mindestens 5 von 8 Projekten" in run("documents", data=tmp_path).stdout
    listed = run("projects", data=tmp_path)
    assert "mindestens 5 Einträge" in listed.stdout
    assert "selbst nennt 8 Projekte" in listed.stderr
    asked = json.loads(run("ask", "--json", "Wie viele Projekte gibt es?", data=tmp_path).stdout)
    assert (asked["data"]["total"], asked["data"]["complete"]) == (5, False)


def test_two_families_with_one_sentence_are_told_once() -> None:
    document = climate().document
    gap = (document, document.families[0])
    assert len(Completeness((gap, gap)).sentences("de")) == 1


@pytest.mark.parametrize(("expected", "said"), [(7, "Den Nummern in"), (5, "nicht alle")])
def test_a_paper_without_evidence_names_no_number_itself(expected: int, said: str) -> None:
    document = climate().document
    family = replace(document.families[0], expected=expected, evidence=())
    ((sentence, _),) = Completeness(((document, family),)).sentences("de")
    assert said in sentence and "selbst nennt" not in sentence
