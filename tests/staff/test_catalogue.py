"""The catalogue: every count is what its filter gives, filters add up, lists sort, page and go out complete."""

from __future__ import annotations

import csv
import io
from importlib.resources import files
from typing import Any

import pytest
from starlette.testclient import TestClient

from service.pages import labels
from service.staff.chart import chart_of
from service.staff.queries import CatalogueQuery
from service.staff.words import PLAN_STATUSES
from tests.staff.reading import Page, options, total
from vectorstore.editions import EditionStore
from vectorstore.records import ItemStatus

FACETS = ["document", "kind", "theme", "status", "unit", "municipality", "year"]
SOME = [{}, {"status": "in_progress"}, {"theme": "Mobilität"}, {"q": "Kreis"}, {"kind": "goal"}, {"status": "archived"}]


def rows(client: TestClient, **query: Any) -> list[dict[str, str]]:
    text = client.get("/staff/catalogue.csv", params=query).content.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text), delimiter=";"))


@pytest.mark.parametrize("facet", FACETS)
@pytest.mark.parametrize("others", SOME)
def test_a_count_is_what_the_filter_gives(sample: TestClient, facet: str, others: dict[str, str]) -> None:
    counted = options(sample.get("/staff/catalogue", params=others).text, facet)
    if facet not in ("status", "kind") and not others:
        assert counted
    for value, count in list(counted.items())[:6]:
        assert total(sample.get("/staff/catalogue", params={**others, facet: value}).text) == count, value


def test_headings_are_left_out_unless_asked_for(sample: TestClient) -> None:
    kinds = {row["kind"] for row in rows(sample)}
    assert {"goal", "project", "measure"} <= kinds and not kinds & {"section", "theme"}
    assert {row["kind"] for row in rows(sample, kind="theme")} == {"theme"}
    assert options(sample.get("/staff/catalogue").text, "kind").keys() >= {"section", "theme"}


def test_the_archive_is_shown_only_when_asked_for(sample: TestClient) -> None:
    assert "archived" not in {row["status"] for row in rows(sample)}
    assert {row["status"] for row in rows(sample, status="archived")} == {"archived"}


def test_full_text_and_filters_add_up(sample: TestClient) -> None:
    both = rows(sample, status="idea", theme="Mobilität")
    assert (
        both and {row["status"] for row in both} == {"idea"} and {row["theme_title"] for row in both} == {"Mobilität"}
    )
    word = rows(sample, q="Ostermarn")
    assert word and len(word) < len(rows(sample))


@pytest.mark.parametrize(("sort", "column"), [("title", "title"), ("unit", "responsible"), ("date", "dates")])
def test_lists_are_sorted(sample: TestClient, sort: str, column: str) -> None:
    first = min if sort == "date" else next
    values = [first(iter(row[column].split(" | "))).casefold() for row in rows(sample, sort=sort, status="in_progress")]
    given = [value for value in values if value]
    assert len(given) > 3 and values[: len(given)] == given, "empty ones come last"
    if sort != "title":
        assert given == sorted(given)
    else:
        plain = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})
        assert [value.translate(plain) for value in given] == sorted(value.translate(plain) for value in given)


def test_status_order_is_that_of_a_project_s_life(sample: TestClient) -> None:
    found = [row["status"] for row in rows(sample, sort="status", kind="project")]
    assert found == sorted(found, key=["idea", "planned", "in_progress", "implemented"].index)


def test_what_is_decided_comes_first(sample: TestClient) -> None:
    order = list(dict.fromkeys(row["document_id"] for row in rows(sample)))
    assert order[0] == "lauterfeld-strategische-ziele-2025" and order[-1] == "lauterfeld-antrag-laermschutz-2026"


def test_pages_hold_every_record_once(sample: TestClient) -> None:
    everything = [f"{row['document_id']}/{row['key']}" for row in rows(sample)]
    seen: list[str] = []
    for number in range(1, len(everything) // 50 + 2):
        links = Page(sample.get("/staff/catalogue", params={"page": number}).text).links("/staff/items/")
        seen += [link.removeprefix("/staff/items/") for link in links]
    assert len(seen) == len(everything) == len(set(seen))


def test_a_page_past_the_end_is_the_last(sample: TestClient) -> None:
    page = Page(sample.get("/staff/catalogue", params={"page": 999}).text)
    assert f"von {len(rows(sample))}" in page.text
    assert page.links("/staff/items/")


def test_links_of_pages_keep_the_filters(sample: TestClient) -> None:
    page = Page(sample.get("/staff/catalogue", params={"q": "e", "sort": "title"}).text)
    others = [link for link in page.links("/staff/catalogue?") if "page=" in link]
    assert others and all("q=e" in link and "sort=title" in link for link in others)


def test_each_set_filter_can_be_taken_away(sample: TestClient) -> None:
    asked = {"status": "idea", "theme": "Mobilität", "q": "a"}
    page = Page(sample.get("/staff/catalogue", params=asked).text)
    assert "Status: Idee (Ideenspeicher)" in page.text and "Thema: 5 Mobilität" in page.text
    without = "/staff/catalogue?q=a&theme=Mobilit%C3%A4t"
    assert without in page.links()
    assert total(sample.get(without).text) >= total(sample.get("/staff/catalogue", params=asked).text)


def test_nothing_found_is_said_and_offers_a_way_on(sample: TestClient) -> None:
    page = Page(sample.get("/staff/catalogue", params={"q": "Quantencomputer", "status": "idea"}).text)
    assert "0 Einträge" in page.text and "Kein Eintrag passt zu diesen Filtern" in page.text
    assert "/staff/topics?q=Quantencomputer" in page.links()
    assert not page.links("/staff/catalogue.csv")


def test_the_plot_says_what_its_table_says(sample_store: EditionStore) -> None:
    edition = sample_store.open()
    items = edition.catalogue.items
    edition.close()
    chart = chart_of(items, CatalogueQuery())
    with_status = [item for item in items if item.status in PLAN_STATUSES]
    assert chart.total == len(with_status) == sum(bar.total for bar in chart.bars) == 61
    for bar in chart.bars:
        assert {part.status: part.count for part in bar.parts} == {one: n for one, n in bar.counts.items() if n}
        widths = sum(part.width for part in bar.parts)
        assert widths <= 100.01
        assert widths / bar.total == pytest.approx(100 / max(one.total for one in chart.bars), rel=0.01)
    assert chart.totals[ItemStatus.IDEA] == sum(item.status is ItemStatus.IDEA for item in with_status)


def test_a_number_of_the_plot_leads_to_exactly_these_records(sample: TestClient) -> None:
    page = Page(sample.get("/staff/catalogue").text)
    numbers = [(attrs["aria-label"], attrs["href"]) for tag, attrs in page.tags if tag == "a" and "aria-label" in attrs]
    led = [(label, href) for label, href in numbers if "status=" in href]
    assert len(led) > 15
    for label, href in led[::4]:
        assert total(sample.get(href).text) == int(label.split()[0])


def test_the_plot_has_title_and_description(sample: TestClient) -> None:
    source = sample.get("/staff/catalogue").text
    assert 'role="img" aria-labelledby="plot-title plot-desc"' in source
    assert "5 Mobilität: 2 Idee, 3 in Planung, 6 in Bearbeitung, 2 umgesetzt." in Page(source).text


def test_other_municipalities_are_told_of(client: TestClient) -> None:
    text = Page(client.get("/staff/catalogue?municipality=Auental").text).text
    assert "Nicht mitgezählt: 1 weiterer Eintrag, der alle Kommunen betrifft" in text


@pytest.mark.parametrize("query", ["status=fertig", "kind=foo", "year=x", "page=0", "sort=foo", "page=x"])
def test_a_wrong_filter_is_refused_on_a_page(sample: TestClient, query: str) -> None:
    response = sample.get(f"/staff/catalogue?{query}", headers={"Accept": "text/html"})
    assert response.status_code == 422
    assert "<h1>Ungültige Eingabe</h1>" in response.text


def test_empty_form_fields_filter_nothing(sample: TestClient) -> None:
    empty = "&".join(f"{name}=" for name in [*FACETS, "q", "sort"])
    assert total(sample.get(f"/staff/catalogue?{empty}").text) == total(sample.get("/staff/catalogue").text)


def test_one_status_has_one_name_everywhere(client: TestClient) -> None:
    page = client.get("/documents/auenland-report/2.1.4.1").text
    staff = client.get("/staff/items/auenland-report/2.1.4.1").text
    for source in (page, staff):
        assert "Idee (Ideenspeicher)" in Page(source).text
    for source in (client.get("/documents/auenland-report").text, client.get("/staff/catalogue").text):
        assert "Ideenspeicher" not in Page(source).text.replace("Idee (Ideenspeicher)", "")
    widget = (files("service.widget") / "languages" / "de.js").read_text(encoding="utf-8")
    assert f'itemStatuses: {{ idea: "{labels.STATUSES["idea"]}"' in widget
