"""The catalogue: every count is what its filter gives, filters add up, lists sort, page and go out complete."""

from __future__ import annotations

import csv
import io
from importlib.resources import files
from typing import Any

import pytest
from starlette.testclient import TestClient

from service.pages import labels
from tests.staff.reading import Page, options, total

FACETS = ["document", "kind", "theme", "status", "unit", "municipality", "year"]
SOME = [{}, {"status": "in_progress"}, {"theme": "Mobilität"}, {"q": "Kreis"}, {"kind": "goal"}, {"status": "archived"}]


def source(client: TestClient, **query: Any) -> str:
    return client.get("/staff/catalogue", params=query).text


def rows(client: TestClient, **query: Any) -> list[dict[str, str]]:
    text = client.get("/staff/catalogue.csv", params=query).content.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text), delimiter=";"))


@pytest.mark.parametrize("others", SOME)
def test_a_count_is_what_the_filter_gives(sample: TestClient, others: dict[str, str]) -> None:
    for facet in FACETS:
        counted = options(source(sample, **others), facet)
        assert counted or others or facet in ("status", "kind")
        for value, count in list(counted.items())[:6]:
            assert total(source(sample, **{**others, facet: value})) == count, value


def test_headings_and_the_archive_are_shown_only_when_asked_for(sample: TestClient) -> None:
    kinds = {row["kind"] for row in rows(sample)}
    assert {"goal", "project", "measure"} <= kinds and not kinds & {"section", "theme"}
    assert {row["kind"] for row in rows(sample, kind="theme")} == {"theme"}
    assert options(source(sample), "kind").keys() >= {"section", "theme"}
    assert "archived" not in {row["status"] for row in rows(sample)}
    assert {row["status"] for row in rows(sample, status="archived")} == {"archived"}


def test_full_text_and_filters_add_up(sample: TestClient) -> None:
    both = rows(sample, status="idea", theme="Mobilität")
    assert {(row["status"], row["theme_title"]) for row in both} == {("idea", "Mobilität")}
    word = rows(sample, q="Ostermarn")
    assert word and len(word) < len(rows(sample))
    empty = {name: "" for name in [*FACETS, "q", "sort"]}
    assert total(source(sample, **empty)) == total(source(sample)), "empty fields filter nothing"


def test_lists_are_sorted(sample: TestClient) -> None:
    plain = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})
    for sort, column, first in (("title", "title", None), ("unit", "responsible", next), ("date", "dates", min)):
        found = [row[column] for row in rows(sample, sort=sort, status="in_progress")]
        values = [first(iter(one.split(" | "))) if first else one for one in found]
        folded = [one.casefold().translate(plain) if sort == "title" else one.casefold() for one in values]
        given = [one for one in folded if one]
        assert len(given) > 3 and folded[: len(given)] == given == sorted(given), "empty ones come last"
    found = [row["status"] for row in rows(sample, sort="status", kind="project")]
    assert found == sorted(found, key=["idea", "planned", "in_progress", "implemented"].index)
    order = list(dict.fromkeys(row["document_id"] for row in rows(sample)))
    assert order[0] == "lauterfeld-strategische-ziele-2025" and order[-1] == "lauterfeld-antrag-laermschutz-2026"


def test_pages_hold_every_record_once_and_keep_the_filters(sample: TestClient) -> None:
    everything = [f"{row['document_id']}/{row['key']}" for row in rows(sample)]
    seen: list[str] = []
    for number in range(1, len(everything) // 50 + 2):
        links = Page(source(sample, page=number)).links("/staff/items/")
        seen += [link.removeprefix("/staff/items/") for link in links]
    assert len(seen) == len(everything) == len(set(seen))
    past = Page(source(sample, page=999))
    assert f"von {len(everything)}" in past.text and past.links("/staff/items/")
    others = [link for link in Page(source(sample, q="e", sort="title")).links("/staff/catalogue?") if "page=" in link]
    assert others and all("q=e" in link and "sort=title" in link for link in others)


def test_each_set_filter_can_be_taken_away_and_nothing_found_offers_a_way_on(sample: TestClient) -> None:
    asked = {"status": "idea", "theme": "Mobilität", "q": "a"}
    page, without = Page(source(sample, **asked)), "/staff/catalogue?q=a&theme=Mobilit%C3%A4t"
    assert "Status: Idee (Ideenspeicher)" in page.text and "Thema: 5 Mobilität" in page.text
    assert without in page.links()
    assert total(sample.get(without).text) >= total(source(sample, **asked))
    page = Page(source(sample, q="Quantencomputer", status="idea"))
    assert "0 Einträge" in page.text and "Kein Eintrag passt zu diesen Filtern" in page.text
    assert "/staff/topics?q=Quantencomputer" in page.links() and not page.links("/staff/catalogue.csv")


def test_other_municipalities_are_told_of(client: TestClient) -> None:
    text = Page(source(client, municipality="Auental")).text
    assert "Nicht mitgezählt: 1 weiterer Eintrag, der alle Kommunen betrifft" in text


@pytest.mark.parametrize("query", ["status=fertig", "kind=foo", "year=x", "page=0", "sort=foo", "page=x"])
def test_a_wrong_filter_is_refused_on_a_page(sample: TestClient, query: str) -> None:
    response = sample.get(f"/staff/catalogue?{query}", headers={"Accept": "text/html"})
    assert response.status_code == 422 and "<h1>Ungültige Eingabe</h1>" in response.text


def test_one_status_has_one_name_everywhere(client: TestClient) -> None:
    for path in ("/documents/auenland-report/2.1.4.1", "/staff/items/auenland-report/2.1.4.1"):
        assert "Idee (Ideenspeicher)" in Page(client.get(path).text).text
    for path in ("/documents/auenland-report", "/staff/catalogue"):
        assert "Ideenspeicher" not in Page(client.get(path).text).text.replace("Idee (Ideenspeicher)", "")
    widget = (files("service.widget") / "languages" / "de.js").read_text(encoding="utf-8")
    assert f'itemStatuses: {{ idea: "{labels.STATUSES["idea"]}"' in widget
