"""The example county website says nothing that its documents do not say."""

from __future__ import annotations

import html
import json
import re
from typing import Any

from service.pages.labels import DOCUMENT_STATUSES
from tests.browsing import Served

REPORT = "/api/v1/items/lauterfeld-nachhaltigkeitsbericht-2026"
NUMBER = r"\d[\d.:,]*\d|\d"


def plain(markup: str) -> str:
    """Return the text of markup, each run of whitespace as one blank."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", markup)).split())


def test_the_example_website_says_what_its_documents_say(service: Served) -> None:
    shown = service.get("/")
    for ref in ("5.1.1.1", "2.1.2.1", "3.1.1.1"):
        (news,) = re.findall(rf'<article data-record="{re.escape(ref)}">(.*?)</article>', shown, re.S)
        record = json.loads(service.get(f"{REPORT}/{ref}"))
        told = re.findall(NUMBER, plain(re.sub(r'<p class="date">.*?</p>', "", news)))
        assert told and [one for one in told if one not in f"{record['description']} {record['state']}"] == []
    assert "freitags und samstags bis 3:30 Uhr die größeren Orte mit den Bahnhöfen" in plain(shown)
    documents: list[dict[str, Any]] = json.loads(service.get("/api/v1/documents"))["items"]
    (papers,) = re.findall(r'<ul class="papers">(.*?)</ul>', shown, re.S)
    entries = [plain(entry) for entry in re.findall(r"<li>(.*?)</li>", papers, re.S)]
    assert len(entries) == len(documents) == 5
    for one in documents:
        (entry,) = [entry for entry in entries if entry.startswith(one["title"])]
        assert DOCUMENT_STATUSES[one["status"]] in entry
    (figures,) = re.findall(r"Der Kreis in Zahlen(.*?)</section>", shown, re.S)
    names = ("lauterfeld-smart-steckbrief", "lauterfeld-strategische-ziele-2025")
    said = " ".join(plain(json.loads(service.get(f"/api/v1/documents/{name}/text"))["text"]) for name in names)
    told = re.findall(NUMBER, plain(figures))
    assert len(told) == 4 and [one for one in told if one not in said] == []
