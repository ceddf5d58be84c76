"""The catalogue: every count is what its filter gives, by status or date; lists sort, page and go out complete."""

from __future__ import annotations

import csv
import io
from importlib.resources import files
from typing import Any

from starlette.testclient import TestClient

from service.pages import labels
from tests.staff.reading import Page, options, total

FACETS = ["document", "kind", "theme", "status", "unit", "municipality", "year"]


def source(client: TestClient, **query: Any) -> str:
    return client.get("/staff/catalogue", params=query).text


def rows(client: TestClient, **query: Any) -> list[dict[str, str]]:
    text = client.get("/staff/catalogue.csv", params=query).content.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text), delimiter=";"))


def test_filters_count_and_headings_and_the_archive_are_shown_only_when_asked_for(sample: TestClient) -> None:
    counted = options(source(sample, status="idea"), "theme")
    assert counted and all(total(source(sample, status="idea", theme=one)) == counted[one] for one in counted)
    empty = {name: "" for name in [*FACETS, "q", "sort"]}
    assert total(source(sample, **empty)) == total(source(sample)), "empty fields filter nothing"
    kinds = {row["Art"] for row in rows(sample)}
    assert {"Ziel", "Projekt", "Maßnahme"} <= kinds and not kinds & {"Abschnitt", "Thema"}
    assert {row["Art"] for row in rows(sample, kind="theme")} == {"Thema"}
    assert options(source(sample), "kind").keys() >= {"section", "theme"}
    assert "archiviert" not in {row["Status"] for row in rows(sample)}
    assert {row["Status"] for row in rows(sample, status="archived")} == {"archiviert"}


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
    listed = sample.get("/api/v1/items?status=in_progress&page_size=500").json()["items"]
    dates = {f"/staff/items/{one['document_id']}/{one['key']}": min(one["dates"], default="") for one in listed}
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


def test_one_status_has_one_name_everywhere(client: TestClient) -> None:
    for path in ("/documents/auenland-report/2.1.4.1", "/staff/items/auenland-report/2.1.4.1"):
        assert "Idee (Ideenspeicher)" in Page(client.get(path).text).text
    for path in ("/documents/auenland-report", "/staff/catalogue"):
        assert "Ideenspeicher" not in Page(client.get(path).text).text.replace("Idee (Ideenspeicher)", "")
    widget = (files("service.widget") / "languages" / "de.js").read_text(encoding="utf-8")
    assert f'itemStatuses: {{ idea: "{labels.STATUSES["idea"]}"' in widget


GOALS = "lauterfeld-strategische-ziele-2025"


def listed(client: TestClient, **query: Any) -> dict[str, Any]:
    response = client.get("/api/v1/items", params={"page_size": 500, **query})
    assert response.status_code == 200
    found: dict[str, Any] = response.json()
    return found


def test_dates_are_filtered_by_their_beginning_and_end(sample: TestClient) -> None:
    dated = [one for one in listed(sample)["items"] if one["dates"]]
    due = {one["key"] for one in dated if any("2027" <= day[:4] <= "2030" for day in one["dates"])}
    found = listed(sample, **{"from": "2027", "until": "2030"})
    assert {one["key"] for one in found["items"]} == due and 0 < len(due) < len(dated)
    counts = sample.get("/api/v1/facets", params={"from": "2027", "until": "2030"}).json()
    assert counts["total"] == found["total"]
    assert sum(one["count"] for one in counts["facets"]["document"]) == found["total"]
    for one in counts["facets"]["year"]:  # what the list would have with this year too
        assert listed(sample, **{"from": "2027", "until": "2030", "year": one["value"]})["total"] == one["count"]
    number = listed(sample, until="2030", kind="measure")["total"]
    query = {"until": "2030", "kind": "measure"}
    assert f"{number} Maßnahmen" in sample.get("/staff/catalogue/text", params=query).text


def test_the_catalogue_keeps_the_filter(sample: TestClient) -> None:
    page = sample.get("/staff/catalogue", params={"until": "2030", "document": GOALS}).text
    assert 'name="until" value="2030"' in page and "Termin bis: <strong>2030</strong>" in page
    blank = sample.get("/staff/catalogue", params={"until": "", "from": "", "deadline_after": ""})
    assert blank.status_code == 200 and "Termin bis: <strong>" not in blank.text


def test_what_is_no_day_and_what_is_gone_is_refused_in_words(sample: TestClient) -> None:
    for value in ("x", "2027-13", "2027-02-30", "27"):
        assert sample.get("/api/v1/projects", params={"until": value}).status_code == 422
        page = sample.get("/staff/catalogue", params={"until": value}, headers={"Accept": "text/html"})
        assert page.status_code == 422 and "<dt>Termin bis</dt>" in page.text
    for name in ("deadline_after", "start_before", "as_of_after"):
        gone = sample.get("/api/v1/items", params={name: "2027"})
        assert gone.status_code == 422 and name in gone.text and "until" in gone.text
