"""A new clerk who writes a council paper: what they stumbled over once, a test for each."""

from __future__ import annotations

import re
from urllib.parse import unquote

import pytest
from starlette.testclient import TestClient

from service.amending.entering import as_kept
from tests.staff.reading import Page
from vectorstore.amending.form import Part

REPORT = "lauterfeld-nachhaltigkeitsbericht-2026"
GOALS = "lauterfeld-strategische-ziele-2025"


def counted(page: str) -> int:
    return int(re.findall(r'<h2 id="anzahl">(\d+) ', page)[0])


def test_a_topic_leads_on_to_its_filters_with_the_same_records(sample: TestClient) -> None:
    page = sample.get("/staff/topics", params={"q": "Radverkehr"}).text
    assert '<a href="/staff/catalogue?topic=Radverkehr">im Katalog filtern</a>' in page
    listed = sample.get("/staff/catalogue", params={"topic": "Radverkehr"}).text
    assert f"{counted(listed)} Einträge passen zu „Radverkehr“" in page
    assert 'name="topic" type="search" value="Radverkehr"' in listed and "Worum es geht" in listed
    narrowed = sample.get("/staff/catalogue", params={"topic": "Radverkehr", "status": "in_progress"}).text
    assert 0 < counted(narrowed) < counted(listed)


def test_a_goal_leads_to_what_belongs_to_it(sample: TestClient) -> None:
    page = sample.get("/staff/topics", params={"q": "Wohnen"}).text
    found = re.findall(r'<a href="(/staff/catalogue\?[^"]*goal=[^"]*)">Dieses Ziel und (\d+) Eint', page)
    assert found
    for address, number in found:
        assert counted(sample.get(unquote(address).replace("&amp;", "&")).text) == int(number) + 1, (
            "the goal itself is listed too"
        )


def test_no_link_leads_to_an_empty_list(sample: TestClient) -> None:
    page = sample.get("/staff/topics", params={"q": "Radverkehr"}).text
    assert "Buchstäblich steht „Radverkehr“ in keinem Eintrag des Katalogs." in page
    assert "/staff/catalogue?q=Radverkehr" not in page
    assert "/staff/catalogue?q=Wohnen" in sample.get("/staff/topics", params={"q": "Wohnen"}).text


def test_the_start_names_every_way_to_look_something_up(sample: TestClient) -> None:
    cards = Page(sample.get("/staff").text)
    for path in ("catalogue", "comparison", "changes", "basket", "documents", "open-data"):
        assert len(cards.links(f"/staff/{path}")) >= 2, "in the navigation, and explained on a card"


def test_days_are_written_as_germans_do(sample: TestClient) -> None:
    for page in (f"/staff/items/{REPORT}/5.2.2.1", f"/documents/{REPORT}/5.2.2.1"):
        shown = sample.get(page).text
        assert "<dd>27.06.2025</dd>" in shown, page
    chips = sample.get("/staff/catalogue", params={"as_of_after": "2026-01-31"}).text
    assert "Stand ab: <strong>31.01.2026</strong>" in chips


def test_comparing_a_paper_with_nothing_or_itself_is_told_on_the_page(sample: TestClient) -> None:
    page = sample.get("/staff/changes").text
    assert page.count('<option value="">Bitte wählen</option>') == 2 and "<code>" not in page
    assert "Von keinem dieser Papiere ist bekannt" in page
    for query, said in (
        ({"old": REPORT, "new": REPORT}, "Bitte wählen Sie zwei verschiedene Papiere."),
        ({"old": REPORT, "new": ""}, "Bitte wählen Sie beide Papiere."),
        ({"old": REPORT, "new": "weg"}, "Eines der Papiere steht nicht mehr in dieser Ausgabe."),
    ):
        wrong = sample.get("/staff/changes", params=query)
        assert wrong.status_code == 422 and said in wrong.text
        assert f'value="{REPORT}" selected' in wrong.text, "what was chosen stays chosen"
    fine = sample.get("/staff/changes", params={"old": GOALS, "new": REPORT})
    assert fine.status_code == 200 and "gegenüber" in fine.text


def test_papers_without_anything_in_common_are_no_versions(sample: TestClient) -> None:
    page = sample.get("/staff/changes", params={"old": GOALS, "new": REPORT}).text
    assert "haben keinen Eintrag gemeinsam" in page and '<a href="/staff/comparison">Vergleich</a>' in page


def test_the_paragraph_of_a_basket_leads_back(sample: TestClient) -> None:
    page = sample.post("/staff/basket/text", data={"id": [f"{REPORT}/5.2.2.1"]}).text
    assert '<a href="/staff/basket">Zurück zur Merkliste</a>' in page
    assert "Zurück zur Merkliste" not in sample.get("/staff/topics/text", params={"q": "Radverkehr"}).text


@pytest.mark.parametrize(
    ("part", "said", "kept"),
    [
        (Part.STATUS, "in Bearbeitung", "in_progress"),
        (Part.STATUS, "Umgesetzt", "implemented"),
        (Part.STATUS, "idea", "idea"),
        (Part.STATUS, "bald", "bald"),
        (Part.DATE, "1.5.2026", "2026-05-01"),
        (Part.DATE, "27.06.2025", "2025-06-27"),
        (Part.DATE, "5.2026", "2026-05"),
        (Part.DATE, "05/2026", "2026-05"),
        (Part.DATE, "2026-05-01", "2026-05-01"),
        (Part.DATE, "im Mai", "im Mai"),
        (Part.TITLE, "Idee", "Idee"),
    ],
)
def test_corrections_are_entered_in_german(part: Part, said: str, kept: str) -> None:
    assert as_kept(part, said) == kept
    assert as_kept(part, kept) == kept


def test_a_correction_is_asked_for_in_words(sample: TestClient) -> None:
    path = f"/staff/items/{REPORT}/5.2.2.1"
    form = sample.get(path).text
    assert "Status „in Bearbeitung“" in form and "Termine 27.06.2025" in form and "<code>" not in form
    said = {"part": "status", "value": "Umgesetzt", "instead_of": "in Bearbeitung", "reason": "Eröffnet"}
    shown = sample.post(f"{path}/correction", data=said).text
    assert 'name="value" value="implemented"' in shown and 'name="instead_of" value="in_progress"' in shown
    wrong = sample.post(f"{path}/correction", data={**said, "value": "bald"})
    assert wrong.status_code == 422
    assert "möglich sind Idee, in Planung, in Bearbeitung, umgesetzt, archiviert." in wrong.text


def test_a_paper_without_a_date_is_said_so(sample: TestClient) -> None:
    program = "lauterfeld-smart-steckbrief"
    page = sample.get("/staff/comparison").text
    assert "ohne Datum" in page and "Stand ohne" not in page
    listed = sample.get("/staff/catalogue/text", params={"document": program, "kind": "section"}).text
    assert "veröffentlicht, ohne Datum:" in listed
