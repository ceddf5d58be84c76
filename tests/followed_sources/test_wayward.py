"""A council and a website as they are in the wild: what is wrong costs only what cannot be read,
nobody else is asked, and the next run without it is complete.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from service.followed_sources import FollowedSource
from tests.followed_sources.changes import (
    cut,
    each_paper,
    exchanged,
    half,
    headed,
    in_json,
    reply_of,
)
from tests.followed_sources.council import (
    BASE,
    HOST,
    HTML,
    PDF,
    TEXT,
    Council,
    files_of,
    now,
    oparl,
    web,
)
from tests.followed_sources.runs import Runs
from tests.followed_sources.server import Change, Reply, Wrong
from tests.ingest.cases import cases, values

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


def wrong_of(told: dict[str, Any]) -> Wrong:
    """Return what is served instead, as the data describes it."""
    return {
        pattern: [reply_of(each) for each in reply] if isinstance(reply, list) else reply_of(reply)
        for pattern, reply in told.items()
    }


# what the council serves instead, while all its nine documents are taken, or some
WHOLE: dict[str, Wrong] = {
    **{name: wrong_of(told) for name, told in values(__file__, "whole").items()},
    "the last page leads to the first": {"*page=3": leads_on_to(f"{BASE}/papers")},
    "the last page leads to null": {"*page=3": leads_on_to(None)},
    "a page leads to a relative address": {"/oparl/papers": leads_on_to("?page=2")},
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
}
IN_PART: dict[str, tuple[Wrong, int]] = {
    **{
        name: (wrong_of(told), taken) for name, (told, taken) in values(__file__, "in_part").items()
    },
    "a page leads to itself": ({SECOND_PAGE: leads_on_to(f"{BASE}/papers?page=2")}, 6),
    "a page leads elsewhere": ({"/oparl/papers": leads_on_to(f"{ELSEWHERE}/papers")}, 4),
    "the second page is half of it": ({SECOND_PAGE: half}, 4),
    "the second page breaks off": ({SECOND_PAGE: cut}, 4),
    "all JSON is told to be HTML": ({OPARL: headed(HTML)}, 0),
    "papers name ids of files": (each_paper(with_ids), 0),
    "a file breaks off": ({FIRST_FILE: cut}, 8),
}
MAP, INDEX = "/sitemap.xml", "/sitemap-index.xml"


def naming(kind: str, address: str) -> Change:
    """Name an address more, of a file ("url") or a further list ("sitemap")."""
    return exchanged("</(urlset|sitemapindex)>", rf"<{kind}><loc>{address}</loc></{kind}></\1>")


def dated_now(usual: Reply) -> Reply:
    return exchanged("<lastmod>[^<]*", f"<lastmod>{now()}")(usual)


# what is served instead of a sitemap or an index, and how many of four documents are taken
WEBSITES: dict[str, tuple[Reply | Change, int]] = {
    **{
        name: (reply_of(told), taken)
        for name, (told, taken) in values(__file__, "websites").items()
    },
    "half of it": (half, 0),
    "it breaks off": (cut, 0),
    "told to be plain text": (headed(TEXT), 4),
    "slow": (slow, 4),
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
