"""A council and a website as they are in the wild: what is wrong costs only what cannot be read,
nobody else is asked, and the next run without it is complete.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from followed_sources import FollowedSource
from tests.followed_sources.changes import cut, each_paper, exchanged, half, headed, in_json
from tests.followed_sources.council import (
    BASE,
    HOST,
    HTML,
    LOGIN,
    PDF,
    TEXT,
    WORD,
    XML,
    Council,
    files_of,
    now,
    oparl,
    web,
)
from tests.followed_sources.runs import Runs
from tests.followed_sources.server import DROPPED, MISSING, Change, Reply, Wrong, moved
from tests.ingest.cases import cases

ELSEWHERE = "http://fremd.example"
SOON = {"retry-after": "1"}
ERROR = Reply(500)


def slow(usual: Reply) -> Reply:
    return replace(usual, pause=0.3)


def marked(usual: Reply) -> Reply:
    """Begin with a byte order mark."""
    return replace(usual, body=b"\xef\xbb\xbf" + usual.content())


def leads_on_to(address: str | None) -> Change:
    """Name another next page."""
    return in_json(lambda page: page["links"].update(next=address))


def without_main_file(paper: dict[str, Any]) -> None:
    """Name all files as further ones, beside four ways to have no main file."""
    number = int(paper["id"].rsplit("/", 1)[-1])
    paper["auxiliaryFile"] = files_of(paper)
    paper["mainFile"] = [None, "", {}, 7][number % 4]


def with_ids(paper: dict[str, Any]) -> None:
    paper["mainFile"] = paper["mainFile"]["id"]
    paper["auxiliaryFile"] = [file["id"] for file in paper["auxiliaryFile"]]


FIRST_FILE = "/dokumente/1/*"
FILES = "*download=true"
OPARL = "/oparl/*"
LIST = "/oparl/papers*"
SECOND_PAGE = "/oparl/papers?page=2"
# what the council serves instead, while all its nine documents are taken, or some
WHOLE: dict[str, Wrong] = {
    "nothing": {},
    "the last page leads to the first": {"*page=3": leads_on_to(f"{BASE}/papers")},
    "the last page leads to null": {"*page=3": leads_on_to(None)},
    "a page leads to a relative address": {"/oparl/papers": leads_on_to("?page=2")},
    "changes are an error": {"*modified_since*": ERROR},
    "all JSON has a byte order mark": {OPARL: marked},
    "the list is slow": {LIST: slow},
    "no paper has a main file": each_paper(without_main_file),
    "files can be looked at alone": {LIST: exchanged('"downloadUrl"', '"x"')},
    "addresses are not escaped": {
        LIST: exchanged("/Vorlage-1", "/Vorlage Übersicht-1"),
        "*/Vorlage%20%C3%9Cbersicht-1*": Reply(200, PDF, b"%PDF-1.7 1"),
    },
    "files have no media type in the list": {LIST: exchanged('"mimeType"', '"x"')},
    "papers have the same reference": each_paper(lambda paper: paper.update(reference="1")),
    "licences are empty": {OPARL: exchanged('icense": "[^"]*', 'icense": "')},
    "there are no licences": {OPARL: exchanged('icense":', 'x":')},
    "files are of any type": {FILES: headed({"content-type": "application/octet-stream"})},
    "files are told to be HTML": {FILES: headed(HTML)},
    "files have no media type": {FILES: headed({})},
    "a file is at another address": {
        FIRST_FILE: moved("/umgeleitet"),
        "/umgeleitet": Reply(200, WORD, b"PK\x03\x04"),
    },
    "each address is busy once": {OPARL: [Reply(429, SOON)], FILES: [Reply(503, SOON)]},
    "each address is busy, who knows how long": {OPARL: [Reply(503)], FILES: [Reply(429)]},
}
IN_PART: dict[str, tuple[Wrong, int]] = {
    "a page leads to itself": ({SECOND_PAGE: leads_on_to(f"{BASE}/papers?page=2")}, 6),
    "a page leads elsewhere": ({"/oparl/papers": leads_on_to(f"{ELSEWHERE}/papers")}, 4),
    "the first page is one to sign in": ({"/oparl/papers": LOGIN}, 0),
    "the second page is one to sign in": ({SECOND_PAGE: LOGIN}, 4),
    "the second page is half of it": ({SECOND_PAGE: half}, 4),
    "the second page breaks off": ({SECOND_PAGE: cut}, 4),
    "the second page is an error": ({SECOND_PAGE: ERROR}, 4),
    "all JSON is told to be HTML": ({OPARL: headed(HTML)}, 0),
    "the list leads elsewhere": ({LIST: moved(f"{ELSEWHERE}/papers")}, 0),
    "papers name ids of files": (each_paper(with_ids), 0),
    "a file is a page to sign in": ({FIRST_FILE: LOGIN}, 8),
    "a file is empty": ({FIRST_FILE: Reply(200, PDF)}, 8),
    "a file breaks off": ({FIRST_FILE: cut}, 8),
    "files break off without a word": ({"/dokumente/[6-9]*": DROPPED}, 6),
    "files lead to themselves": ({FILES: moved("")}, 0),
    "files lead elsewhere": ({FILES: moved(f"{ELSEWHERE}/1.pdf")}, 0),
    "a file is gone": ({FIRST_FILE: Reply(410)}, 8),
    "a file is an error": ({FIRST_FILE: ERROR}, 8),
    "robots.txt forbids a folder": (
        {"/robots.txt": Reply(200, TEXT, b"User-agent: *\nDisallow: /dokumente/1/")},
        8,
    ),
    "all is busy for ever": ({OPARL: Reply(503, SOON)}, 0),
    "all is busy for a day": ({OPARL: [Reply(429, {"retry-after": "86400"})]}, 0),
}
MAP, INDEX = "/sitemap.xml", "/sitemap-index.xml"


def naming(kind: str, address: str) -> Change:
    """Name an address more, of a file ("url") or a further list ("sitemap")."""
    return exchanged("</(urlset|sitemapindex)>", rf"<{kind}><loc>{address}</loc></{kind}></\1>")


def dated_now(usual: Reply) -> Reply:
    return exchanged("<lastmod>[^<]*", f"<lastmod>{now()}")(usual)


# what is served instead of a sitemap or an index, and how many of four documents are taken
WEBSITES: dict[str, tuple[Reply | Change, int]] = {
    "a page to sign in": (LOGIN, 0),
    "a PDF": (Reply(200, PDF, b"%PDF-1.7"), 0),
    "half of it": (half, 0),
    "it breaks off": (cut, 0),
    "told to be plain text": (headed(TEXT), 4),
    "missing": (MISSING, 0),
    "empty": (Reply(200, XML, b"<urlset/>"), 0),
    "slow": (slow, 4),
    "elsewhere": (moved(ELSEWHERE), 0),
    "no dates": (exchanged("<lastmod>.*?</lastmod>", ""), 4),
    "today's dates": (dated_now, 4),
    "a file elsewhere": (naming("url", f"{ELSEWHERE}/a.pdf"), 4),
    "all twice, with a fragment": (
        exchanged("(<url><loc>(.*?)</loc>)", r"<url><loc>\2#seite=2</loc></url>\1"),
        4,
    ),
    "an index of itself": (naming("sitemap", f"http://{HOST}{INDEX}"), 4),
    "an index that leads elsewhere": (naming("sitemap", f"{ELSEWHERE}/sitemap.xml"), 4),
}


def follow(source: FollowedSource, wrong: Wrong, taken: int, of: int, folder: Path) -> list[str]:
    """Follow a source with what is wrong and then without it; return which files were asked for
    when nothing was new.
    """
    runs = Runs(source, Council.recorded("1.0"), folder, wrong)
    first = runs.fetch(0)
    assert len(first.new) == taken
    assert taken == of or first.problems
    assert runs.counts(1) == (0, 0, 0)
    assert all(address.startswith(f"{HOST}/") for address in runs.network.asked)
    asked_files = runs.network.asked_files
    runs.wrong = {}
    last = runs.fetch(8)
    assert len({*first.new, *last.new, *last.changed}) == of
    assert last.gone == []
    return asked_files


@pytest.mark.parametrize("wrong", WHOLE.values(), ids=WHOLE)
def test_a_wayward_council_is_read_and_unchanged_asks_for_no_file(
    wrong: Wrong, tmp_path: Path
) -> None:
    assert follow(oparl(), wrong, 9, 9, tmp_path) == []


@pytest.mark.parametrize(("wrong", "taken"), IN_PART.values(), ids=IN_PART)
def test_what_of_a_council_cannot_be_read_is_told_and_read_later(
    wrong: Wrong, taken: int, tmp_path: Path
) -> None:
    follow(oparl(), wrong, taken, 9, tmp_path)


@pytest.mark.parametrize(("served", "taken"), WEBSITES.values(), ids=WEBSITES)
@pytest.mark.parametrize("path", [MAP, INDEX])
def test_a_wayward_website_asks_nobody_else_and_loses_nothing(
    path: str, served: Reply | Change, taken: int, tmp_path: Path
) -> None:
    follow(web("sitemap", path), {path: served}, taken, 4, tmp_path)


# header fields by which files can be known again, and how many of ten are not sent again
VALIDATORS: dict[str, tuple[Change, int]] = {
    "none": (headed(PDF), 0),
    "weak tags": (headed({**PDF, "etag": 'W/"1"'}), 10),
    "new tags each time": (lambda usual: headed({**PDF, "etag": uuid4().hex})(usual), 0),
    "dates alone": (headed({**PDF, "last-modified": "Sun, 01 Mar 2026 08:00:00 GMT"}), 10),
}


@pytest.mark.parametrize(("change", "kept"), VALIDATORS.values(), ids=VALIDATORS)
def test_files_that_have_not_changed_are_known_again(
    change: Change, kept: int, tmp_path: Path
) -> None:
    runs = Runs(oparl(), Council.recorded(), tmp_path, {FILES: change})
    assert runs.counts(0) == (9, 0, 0)
    assert runs.counts(8) == (0, 0, 0)
    assert len(runs.network.asked_files) == 10
    assert runs.network.kept == kept


@cases("path", "kind", "number")
def test_the_files_of_a_website_are_taken_once(
    path: str, kind: str, number: int, tmp_path: Path
) -> None:
    runs = Runs(web(kind, path), Council.recorded(), tmp_path)
    report = runs.fetch(0)
    assert (len(report.new), report.changed, report.gone) == (number, [], [])
    assert number or report.problems
    asked = " ".join(runs.network.asked)
    assert "/intern/" not in asked and "/moor.html" not in asked
    assert runs.counts(1) == (0, 0, 0)
    assert kind == "page" or runs.network.asked_files == []
