"""A new clerk who writes a council paper: what they stumbled over once, a test for each."""

from __future__ import annotations

import re
from urllib.parse import unquote

from starlette.testclient import TestClient

from tests.staff.reading import total

REPORT = "lauterfeld-nachhaltigkeitsbericht-2026"
GOALS = "lauterfeld-strategische-ziele-2025"


def test_a_topic_leads_on_to_its_filters_with_the_same_records(sample: TestClient) -> None:
    page = sample.get("/staff/topics", params={"q": "Radwege"}).text
    assert '<a href="/staff/catalogue?topic=Radwege">im Katalog filtern</a>' in page
    listed = sample.get("/staff/catalogue", params={"topic": "Radwege"}).text
    assert f"{total(listed)} Einträge passen zu „Radwege“" in page
    assert 'name="topic" type="search" value="Radwege"' in listed and "Worum es geht" in listed
    narrowed = sample.get("/staff/catalogue", params={"topic": "Radwege", "status": "in_progress"}).text
    assert 0 < total(narrowed) < total(listed)


def test_a_goal_leads_to_what_belongs_to_it(sample: TestClient) -> None:
    page = sample.get("/staff/topics", params={"q": "Wohnen"}).text
    found = re.findall(r'<a href="(/staff/catalogue\?[^"]*goal=[^"]*)">Dieses Ziel und was dazu gehört', page)
    assert found
    for address in found:
        assert total(sample.get(unquote(address).replace("&amp;", "&")).text) > 1, "the goal itself is listed too"


def test_days_are_written_as_germans_do_and_none_is_said_so(sample: TestClient) -> None:
    assert "<dd>27.06.2025</dd>" in sample.get(f"/staff/items/{REPORT}/5.2.2.1").text
    assert (
        "<dt>Termine</dt>" not in sample.get(f"/documents/{REPORT}/5.2.2.1").text
    )  # which says nothing of what they mean
    chips = sample.get("/staff/catalogue", params={"from": "2026-01-31"}).text
    assert "Termin ab: <strong>31.01.2026</strong>" in chips
    query = {"document": "lauterfeld-smart-steckbrief", "kind": "section"}
    assert "veröffentlicht, ohne Datum:" in sample.get("/staff/catalogue/text", params=query).text


def test_comparing_a_paper_with_nothing_itself_or_a_stranger_is_told_on_the_page(sample: TestClient) -> None:
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
    assert "haben keinen Eintrag gemeinsam" in fine.text and '<a href="/staff/topics">Thema</a>' in fine.text
