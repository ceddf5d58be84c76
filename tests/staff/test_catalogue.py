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


def dated(client: TestClient) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = client.get("/api/v1/items?status=in_progress&page_size=500").json()["items"]
    return found


@pytest.mark.parametrize("others", SOME)
def test_a_count_is_what_the_filter_gives(sample: TestClient, others: dict[str, str]) -> None:
    for facet in FACETS:
        counted = options(source(sample, **others), facet)
        assert counted or others or facet in ("status", "kind")
        for value, count in list(counted.items())[:6]:
            assert total(source(sample, **{**others, facet: value})) == count, value


def test_headings_and_the_archive_are_shown_only_when_asked_for(sample: TestClient) -> None:
    kinds = {row["Art"] for row in rows(sample)}
    assert {"Ziel", "Projekt", "Maßnahme"} <= kinds and not kinds & {"Abschnitt", "Thema"}
    assert {row["Art"] for row in rows(sample, kind="theme")} == {"Thema"}
    assert options(source(sample), "kind").keys() >= {"section", "theme"}
    assert "archiviert" not in {row["Status"] for row in rows(sample)}
    assert {row["Status"] for row in rows(sample, status="archived")} == {"archiviert"}


def test_full_text_and_filters_add_up(sample: TestClient) -> None:
    both = rows(sample, status="idea", theme="Mobilität")
    assert {(row["Status"], row["Thema"]) for row in both} == {("Idee", "5 Mobilität")}
    word = rows(sample, q="Ostermarn")
    assert word and len(word) < len(rows(sample))
    empty = {name: "" for name in [*FACETS, "q", "sort"]}
    assert total(source(sample, **empty)) == total(source(sample)), "empty fields filter nothing"


def test_lists_are_sorted(sample: TestClient) -> None:
    plain = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})
    for sort, column in (("title", "Titel"), ("unit", "Zuständig")):
        found = [row[column] for row in rows(sample, sort=sort, status="in_progress")]
        folded = [one.partition("\n")[0].casefold().translate(plain) for one in found]
        given = [one for one in folded if one]
        assert len(given) > 3 and folded[: len(given)] == given == sorted(given), "empty ones come last"
    found = [row["Status"] for row in rows(sample, sort="status", kind="project")]
    assert found == sorted(found, key=["Idee", "in Planung", "in Bearbeitung", "umgesetzt"].index)
    query = {"sort": "date", "status": "in_progress", "page_size": 500}
    pages = Page(source(sample, **query)).links("/staff/items/")
    dates = {f"/staff/items/{one['document_id']}/{one['key']}": min(one["dates"], default="") for one in dated(sample)}
    given = [dates[one] for one in pages if dates[one]]
    assert given == sorted(given) and given == [dates[one] for one in pages][: len(given)], "empty ones come last"
    order = list(dict.fromkeys(row["Verbindlichkeit"] for row in rows(sample)))
    assert order[0] == "beschlossen" and order[-1] == "Antrag, nicht beschlossen"


def test_pages_hold_every_record_once_and_keep_the_filters(sample: TestClient) -> None:
    everything = rows(sample)
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


def test_one_status_has_one_name_everywhere(client: TestClient) -> None:
    for path in ("/documents/auenland-report/2.1.4.1", "/staff/items/auenland-report/2.1.4.1"):
        assert "Idee (Ideenspeicher)" in Page(client.get(path).text).text
    for path in ("/documents/auenland-report", "/staff/catalogue"):
        assert "Ideenspeicher" not in Page(client.get(path).text).text.replace("Idee (Ideenspeicher)", "")
    widget = (files("service.widget") / "languages" / "de.js").read_text(encoding="utf-8")
    assert f'itemStatuses: {{ idea: "{labels.STATUSES["idea"]}"' in widget
