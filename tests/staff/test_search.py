"""The search of staff: every count is what its filter gives; topics say why and which documents say
nothing.
"""

from __future__ import annotations

import re
from dataclasses import replace
from importlib.resources import files
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from starlette.testclient import TestClient

from prompts import say
from service.records import labels
from tests.replies import rows_of
from tests.service.fakes import client_over
from tests.service.two_editions import plan, second_report
from tests.staff.reading import Page, options, total
from tests.staff.signing_in import signed_in

PATH = "/staff/catalogue"
REPORT, GOALS = "lauterfeld-nachhaltigkeitsbericht-2026", "lauterfeld-strategische-ziele-2025"


def source(client: TestClient, **query: Any) -> str:
    response = client.get(PATH, params=query)
    assert response.status_code == 200
    return response.text


def rows(client: TestClient, **query: Any) -> list[dict[str, str]]:
    return rows_of(client.get(f"{PATH}.csv", params=query))


def listed(client: TestClient, **query: Any) -> list[str]:
    """The addresses of the items on a page, in its order."""
    found = re.findall(r'<a href="/staff/items/([^"?#]+)', source(client, **query))
    return list(dict.fromkeys(found))


def test_filters_count_and_headings_and_the_archive_are_shown_only_when_asked_for(
    sample: TestClient,
) -> None:
    counted = options(source(sample, status="idea"), "theme")
    assert counted and all(
        total(source(sample, status="idea", theme=item)) == counted[item] for item in counted
    )
    empty = dict.fromkeys([*counted, "document", "kind", "q", "sort", "topic", "from", "until"], "")
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
        folded = [hit.partition("\n")[0].casefold().translate(plain) for hit in found]
        given = [item for item in folded if item]
        assert len(given) > 3 and folded[: len(given)] == given == sorted(given), (
            "empty ones come last"
        )
    found = [row["Status"] for row in rows(sample, sort="status", kind="project")]
    assert found == sorted(found, key=["Idee", "in Planung", "in Bearbeitung", "umgesetzt"].index)
    records = sample.get("/api/v1/items?status=in_progress&page_size=500").json()["items"]
    dates = {
        f"{record['document_id']}/{record['key']}": min(record["dates"], default="")
        for record in records
    }
    found = [
        dates[item] for item in listed(sample, sort="date", status="in_progress", page_size=500)
    ]
    given = [hit for hit in found if hit]
    assert given == sorted(given) == found[: len(given)], "empty ones come last"
    order = list(dict.fromkeys(row["Verbindlichkeit"] for row in rows(sample)))
    assert order[0] == "beschlossen" and order[-1] == "Antrag, nicht beschlossen"


def test_pages_hold_every_record_once_and_keep_the_filters(sample: TestClient) -> None:
    everything, seen = rows(sample), list[str]()
    for number in range(1, len(everything) // 50 + 2):
        seen += listed(sample, page=number)
    assert len(seen) == len(everything) == len(set(seen))
    past = Page(source(sample, page=999))
    assert f"von {len(everything)}" in past.text and past.links("/staff/items/")
    remaining = [
        link
        for link in Page(source(sample, q="e", sort="title")).links(f"{PATH}?")
        if "page=" in link
    ]
    assert remaining and all("q=e" in link and "sort=title" in link for link in remaining)


def test_each_set_filter_can_be_taken_away_and_nothing_found_offers_a_way_on(
    sample: TestClient,
) -> None:
    asked = {"status": "idea", "theme": "Mobilität", "q": "a"}
    page, without = Page(source(sample, **asked)), f"{PATH}?q=a&theme=Mobilit%C3%A4t"
    assert "Status: Idee (Ideenspeicher)" in page.text and "Thema: 5 Mobilität" in page.text
    assert without in page.links() and total(sample.get(without).text) >= total(
        source(sample, **asked)
    )
    page = Page(source(sample, q="Quantencomputer", status="idea"))
    assert "0 Einträge" in page.text and f"{PATH}?topic=Quantencomputer" in page.links()
    assert not page.links(f"{PATH}.csv")


def test_dates_are_filtered_by_their_beginning_and_end(sample: TestClient) -> None:
    def items(**query: Any) -> Any:
        return sample.get("/api/v1/items", params={"page_size": 500, **query}).json()

    dated = [item for item in items()["items"] if item["dates"]]
    due = {
        item["key"] for item in dated if any("2027" <= day[:4] <= "2030" for day in item["dates"])
    }
    span = {"from": "2027", "until": "2030"}
    found = items(**span)
    assert {hit["key"] for hit in found["items"]} == due and 0 < len(due) < len(dated)
    counts = sample.get("/api/v1/facets", params=span).json()
    assert (
        counts["total"]
        == found["total"]
        == sum(count["count"] for count in counts["facets"]["document"])
    )
    for count in counts["facets"]["year"]:  # what the list would have with this year too
        assert items(**span, year=count["value"])["total"] == count["count"]
    page = source(sample, until="2030", document=GOALS, **{"from": "2026-01-31"})
    assert 'name="until" value="2030"' in page and "Termin ab: <strong>31.01.2026</strong>" in page


def test_what_is_no_day_is_refused_in_words(sample: TestClient) -> None:
    for value in ("x", "2027-13", "2027-02-30", "27"):
        assert sample.get("/api/v1/projects", params={"until": value}).status_code == 422
        page = sample.get(PATH, params={"until": value}, headers={"Accept": "text/html"})
        assert page.status_code == 422 and f"<dt>{say('staff.filter_until')}</dt>" in page.text


def test_one_status_has_one_name_everywhere(client: TestClient) -> None:
    for path in ("/documents/auenland-report/2.1.4.1", "/staff/items/auenland-report/2.1.4.1"):
        assert "Idee (Ideenspeicher)" in Page(client.get(path).text).text
    for path in ("/documents/auenland-report", PATH):
        assert "Ideenspeicher" not in Page(client.get(path).text).text.replace(
            "Idee (Ideenspeicher)", ""
        )
    widget = (files("service.web.widget") / "languages" / "de.js").read_text(encoding="utf-8")
    assert f'itemStatuses: {{ idea: "{labels.STATUSES["idea"]}"' in widget


def test_a_topic_lists_what_the_look_up_gives_best_first_and_narrows_by_filters(
    sample: TestClient,
) -> None:
    found = sample.get("/api/v1/lookup", params={"q": "Radwege"}).json()["items"]
    shown = [f"{hit['document_id']}/{hit['key']}" for hit in found if hit["kind"] != "section"]
    page = source(sample, topic="Radwege", page_size=500)
    assert (
        listed(sample, topic="Radwege", page_size=500)[: len(shown)] == shown
        and total(page) == len(shown) > 2
    )
    assert 0 < page.count("passage-of") < total(page), "no title is said twice"
    documents, text = (
        sample.get("/api/v1/documents").json()["items"],
        {item["document_id"] for item in found},
    )
    silent = page.partition("<summary>Dazu nichts")[2].partition("</details>")[0]
    assert silent and all(
        (document["title"] in silent) is (document["id"] not in text) for document in documents
    )
    assert 0 < total(source(sample, topic="Radwege", status="in_progress")) < total(page)
    assert "mark" in {
        tag for tag, _ in Page(sample.get(Page(page).links("/staff/items/")[0]).text).tags
    }


@pytest.mark.parametrize(
    ("topic", "said"),
    [
        ("Rufbus", ["Zuständig", "Kommunen", "Stand 01.03.2026", "Seite", "nennt „Rufbus"]),
        ("Hochwasserschutz", ["Kein Eintrag nennt das Thema „Hochwasserschutz“", "Am ähnlichsten"]),
        ("Schallschutzfenster", ["Antrag, nicht beschlossen", "in einem Papier, das nicht beschlossen ist"]),
        ("Raumfahrt", ["Kein Eintrag nennt das Thema „Raumfahrt“", "Am ähnlichsten"]),
        ("Quantencomputer", ["Kein Eintrag nennt das Thema „Quantencomputer“"]),
        ("Wohnen", [say("lookup.title", by="Wohnen"), "gehört zu „"]),
        ("Fahrradwege", [say("lookup.related_title"), say("lookup.related_text")]),
    ],
)  # fmt: skip
def test_what_the_page_says_of_a_topic(sample: TestClient, topic: str, said: list[str]) -> None:
    page = Page(source(sample, topic=topic)).text
    assert [item for item in said if item not in page] == []


def test_sentences_above_a_list_are_true_of_it(sample: TestClient) -> None:
    for topic in ("Fahrradwege", "Radwege", "Rufbus", "Raumfahrt", "Quantencomputer"):
        page = Page(source(sample, topic=topic)).text
        reply = sample.get("/api/v1/lookup", params={"q": topic}).json()
        similar = reply["nearest"]
        assert "„“" not in page
        has_nothing = not (reply["items"] or similar)
        assert ("Auch nicht über verwandte Begriffe" in page) is has_nothing
        assert ("Am ähnlichsten" in page) is bool(similar)
    listed_all = Page(source(sample, topic="Fahrradwege")).text
    assert f"{total(source(sample, topic='Fahrradwege'))} Einträge" in listed_all
    assert "Keiner davon nennt es wörtlich" in listed_all


def test_a_filter_makes_no_claim_of_absence(sample: TestClient) -> None:
    matches = sample.get("/api/v1/lookup", params={"q": "Rufbus"}).json()
    page = Page(source(sample, topic="Rufbus", status="idea")).text
    assert "In dieser Auswahl nennt kein Eintrag das Thema „Rufbus“" in page
    assert f"{matches['total']} Einträge" in page and matches["items"][0]["title"] in page
    assert "Auch nicht" not in page and "Dazu nichts gefunden" not in page
    narrowed = source(sample, topic="Rufbus", document=REPORT)
    assert total(narrowed) and "Dazu nichts gefunden" not in narrowed


def test_what_failed_by_its_text_is_filtered_with_its_sentence_and_is_no_status(
    tmp_path: Path,
) -> None:
    sentence = "Der Brunnen kann wegen des Bodens nicht realisiert werden."
    items = [
        replace(item, body=f"{item.body} {sentence}") if item.key == "M 3" else item
        for item in second_report().items
    ]
    with client_over(tmp_path, [replace(second_report(), items=tuple(items))]) as client:
        signed_in(client)
        everything = source(client)
        assert options(everything, "setback") == {"true": 1}
        assert "setback" not in options(everything, "status") and sentence not in everything
        page = source(client, setback="true")
        text = Page(page).text
        assert "mindestens 1 Eintrag" in text and sentence in text
        assert "nicht nach einem Status" in text and "Laut Text: gescheitert" in text
        (row,) = rows(client, setback="true")
        assert (row["Nr."], row["Status"]) == ("M 3", "Idee")
        printed = Page(client.get(f"{PATH}/print", params={"setback": "true"}).text).text
        assert "Laut Text: gescheitert, aufgegeben oder verzögert (kein Status)" in printed
        assert options(source(client, setback="true", status="planned"), "setback") == {"true": 0}
        assert client.get(PATH, params={"setback": "x"}).status_code == 422


def test_what_failed_by_its_text_is_no_exact_number_in_a_file_either(tmp_path: Path) -> None:
    body = "Der Brunnen kann wegen des Bodens nicht realisiert werden."
    items = tuple(replace(item, body=body) for item in plan().items)
    with client_over(tmp_path, [replace(plan(), items=items)]) as client:
        signed_in(client)
        whole, chosen = (
            Page(client.get(f"{PATH}/print", params=query).text).text
            for query in ({}, {"setback": "true"})
        )
    assert "mindestens 1" in chosen and "mindestens 1" not in whole


def test_without_any_that_failed_by_its_text_there_is_no_such_filter(client: TestClient) -> None:
    assert 'name="setback"' not in source(client)


def test_any_topic_gives_an_orderly_page_whose_links_lead_somewhere(sample: TestClient) -> None:
    for topic in ("?", "und", "🚲", "%00", "asdf qwer blubb"):
        assert source(sample, topic=topic)
    long = sample.get(PATH, params={"topic": "x" * 501}, headers={"Accept": "text/html"})
    assert long.status_code == 422 and say("staff.filter_topic") in long.text
    page = Page(source(sample, topic="Mobilität"))
    for link in (*page.links("/staff/items/")[:5], *page.links(PATH)):
        assert sample.get(link).status_code == 200


def test_a_goal_leads_to_what_belongs_to_it(sample: TestClient) -> None:
    page = source(sample, topic="Wohnen")
    found = re.findall(
        rf'<a href="({PATH}\?[^"]*goal=[^"]*)">dieses Ziel und was dazu gehört', page
    )
    assert found
    for address in found:
        assert total(sample.get(unquote(address).replace("&amp;", "&")).text) > 1, (
            "the goal itself is listed too"
        )
