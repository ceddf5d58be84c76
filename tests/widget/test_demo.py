"""The example county website says nothing that its documents do not say."""

from __future__ import annotations

import html
import json
import re
from typing import Any

import pytest

from tests.processes import Server

STATUSES = {
    "adopted": "beschlossen",
    "published": "veröffentlicht",
    "draft": "Entwurf, nicht beschlossen",
    "proposed": "Antrag, nicht beschlossen",
}
REPORT = "/api/v1/items/lauterfeld-nachhaltigkeitsbericht-2026"
NUMBER = r"\d[\d.:,]*\d|\d"


def plain(markup: str) -> str:
    """Return the text of markup, each run of whitespace as one blank."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", markup)).split())


@pytest.fixture(scope="module")
def shown(service: Server) -> str:
    return service.get("/")


@pytest.fixture(scope="module")
def documents(service: Server) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(service.get("/api/v1/documents"))["items"]
    return found


@pytest.mark.parametrize("ref", ["5.1.1.1", "2.1.2.1", "3.1.1.1"])
def test_the_news_have_their_numbers_from_the_records(service: Server, shown: str, ref: str) -> None:
    news = re.search(rf'<article data-record="{re.escape(ref)}">(.*?)</article>', shown, re.S)
    assert news
    record = json.loads(service.get(f"{REPORT}/{ref}"))
    written = f"{record['description']} {record['state']}"
    told = re.findall(NUMBER, plain(re.sub(r'<p class="date">.*?</p>', "", news[1])))
    assert told
    assert [one for one in told if one not in written] == []


def test_the_night_bus_runs_as_long_as_the_report_says(shown: str) -> None:
    assert "freitags und samstags bis 3:30 Uhr die größeren Orte mit den Bahnhöfen" in plain(shown)


def test_every_document_is_listed_with_its_status(shown: str, documents: list[dict[str, Any]]) -> None:
    papers = re.search(r'<ul class="papers">(.*?)</ul>', shown, re.S)
    assert papers
    entries = [plain(entry) for entry in re.findall(r"<li>(.*?)</li>", papers[1], re.S)]
    assert len(entries) == len(documents) == 5
    for one in documents:
        entry = next(entry for entry in entries if entry.startswith(one["title"]))
        assert STATUSES[one["status"]] in entry


def test_the_county_in_figures_is_that_of_the_documents(service: Server, shown: str) -> None:
    figures = re.search(r"Der Kreis in Zahlen(.*?)</section>", shown, re.S)
    assert figures
    said = " ".join(
        " ".join(json.loads(service.get(f"/api/v1/documents/{name}/text"))["text"].split())
        for name in ("lauterfeld-smart-steckbrief", "lauterfeld-strategische-ziele-2025")
    )
    told = re.findall(NUMBER, plain(figures[1]))
    assert len(told) == 4
    assert [one for one in told if one not in said] == []
