"""Runs over time, and websites, of the servers that were written without a look at the client
(`blind/EXPECTED.md`).
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from followed_sources import FollowedSource, SourceReport
from tests.followed_sources.blind.council_server import CouncilServer
from tests.followed_sources.blind.listening import Stranger
from tests.followed_sources.blind.web_server import WebServer
from tests.followed_sources.test_blind_servers import (
    BASE,
    HOST,
    BlindNetwork,
    council_source,
    run,
)

WHOLE = 8  # days until the whole list is compared again


def changed(server: CouncilServer) -> None:
    server.council.change_file(1)


def changed_quietly(server: CouncilServer) -> None:
    server.council.change_file(1, quietly=True)


def touched(server: CouncilServer) -> None:
    server.council.touch(1)


def new_paper(server: CouncilServer) -> None:
    server.council.add_paper("Hafenstrategie Auental")


def deleted_paper(server: CouncilServer) -> None:
    server.council.remove_paper(1)


def vanished_paper(server: CouncilServer) -> None:
    server.council.remove_paper(1, silently=True)


def file_gone(server: CouncilServer) -> None:
    server.council.remove_file(2)


def counts(report: SourceReport) -> tuple[int, int, int]:
    return len(report.new), len(report.changed), len(report.gone)


@pytest.mark.parametrize("version", ["1.0", "1.1"])
@pytest.mark.parametrize("address", ["system_url", "body_url", "papers_url"])
def test_each_entry_point_of_both_versions_gives_the_same(
    version: str, address: str, tmp_path: Path
) -> None:
    with CouncilServer(version, base=BASE) as server:
        source = council_source(server, address=getattr(server, address))
        assert counts(run(source, BlindNetwork(server.port), tmp_path)) == (16, 0, 0)


@pytest.mark.parametrize(
    ("change", "next_day", "after_a_week"),
    [
        (changed, (0, 1, 0), (0, 0, 0)),
        (changed_quietly, (0, 0, 0), (0, 1, 0)),
        (touched, (0, 0, 0), (0, 0, 0)),
        (new_paper, (1, 0, 0), (0, 0, 0)),
        (deleted_paper, (0, 0, 2), (0, 0, 0)),
        (vanished_paper, (0, 0, 0), (0, 0, 2)),
        (file_gone, (0, 0, 1), (0, 0, 0)),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
@pytest.mark.parametrize("version", ["1.0", "1.1"])
def test_what_changes_is_told_once_and_in_time(
    change: Callable[[CouncilServer], None],
    next_day: tuple[int, int, int],
    after_a_week: tuple[int, int, int],
    version: str,
    tmp_path: Path,
) -> None:
    with CouncilServer(version, base=BASE) as server:
        network, source = BlindNetwork(server.port), council_source(server)
        assert counts(run(source, network, tmp_path)) == (16, 0, 0)
        change(server)
        assert counts(run(source, network, tmp_path, 1)) == next_day
        assert counts(run(source, network, tmp_path, WHOLE)) == after_a_week


def test_a_paper_that_comes_back_is_no_second_file(tmp_path: Path) -> None:
    with CouncilServer(base=BASE) as server:
        network, source = BlindNetwork(server.port), council_source(server)
        run(source, network, tmp_path)
        server.council.remove_paper(1)
        assert counts(run(source, network, tmp_path, 1)) == (0, 0, 2)
        server.council.restore_paper(1)
        report = run(source, network, tmp_path, 2)
        assert (len(report.new), len(report.gone)) == (0, 0)


def test_an_interrupted_run_goes_on_and_takes_no_file_twice(tmp_path: Path) -> None:
    with CouncilServer(base=BASE, switches=["files_break_off"]) as server:
        network, source = BlindNetwork(server.port), council_source(server)
        first = run(source, network, tmp_path)
        assert len(first.new) == 4 and first.problems
        server.switch("files_break_off", on=False)
        server.forget()
        second = run(source, network, tmp_path, 1)
        assert len(second.new) == 12
        # the table of a spreadsheet, which is no document, is asked for in each run
        assert len(server.asked("file")) == 12 + 1


WAYWARD = {
    "window_error": 16,
    "next_same": 14,
    "next_drops_filter": 16,
    "next_leaves_host": 8,
    "html_for_json": 8,
    "pdf_for_json": 8,
    "broken_json": 8,
    "truncated_json": 8,
    "list_error": 8,
    "wrong_type_json": 16,
    "modified_today": 16,
    "slow_list": 16,
    "wrong_type_file_html": 16,
    "unavailable_always": 0,
    "robots_redirect_host": 16,
}


@pytest.mark.parametrize(("switch", "most"), WAYWARD.items(), ids=WAYWARD)
def test_a_list_that_breaks_takes_no_more_than_it_names_and_nothing_is_gone(
    switch: str, most: int, tmp_path: Path
) -> None:
    with (
        Stranger() as stranger,
        CouncilServer(base=BASE, switches=[switch], stranger=stranger.base) as server,
    ):
        network, source = BlindNetwork(server.port), council_source(server)
        first = run(source, network, tmp_path)
        assert len(first.new) <= most and stranger.log == []
        assert first.new or first.problems
        second = run(source, network, tmp_path, 1)
        assert (second.changed, second.gone) == ([], [])
        server.switch(switch, on=False)
        third = run(source, network, tmp_path, WHOLE)
        assert len({*first.new, *second.new, *third.new}) == 16
        assert third.gone == []


@pytest.mark.parametrize(("switch", "taken"), [("retry_long", 0), ("retry_date", 16)])
def test_a_busy_host_is_not_asked_sooner_than_it_says(
    switch: str, taken: int, tmp_path: Path
) -> None:
    """One that asks for a day is asked again by a later run."""
    with CouncilServer(base=BASE, switches=["too_many", switch], retry_after=3) as server:
        network = BlindNetwork(server.port)
        report = run(council_source(server), network, tmp_path)
        assert len(report.new) == taken
        assert report.problems if taken == 0 else max(network.waits) > 1.5


def test_a_filter_leaves_what_it_says(tmp_path: Path) -> None:
    with CouncilServer(base=BASE) as server:
        source = council_source(server, most_files=4)
        network = BlindNetwork(server.port)
        taken = [len(run(source, network, tmp_path, day).new) for day in range(5)]
        assert taken == [4, 4, 4, 4, 0]


def web_source(server: WebServer, path: str, kind: str) -> FollowedSource:
    given = {"name": "Website", "kind": kind, "address": server.url(path), "hosts": [HOST]}
    return FollowedSource.model_validate({**given, "most_files": 200})


LISTS = {
    "/sitemap.xml": ("sitemap", 4),
    "/sitemap-index.xml": ("sitemap", 4),
    "/strategien.html": ("page", 3),
    "/rss.xml": ("feed", 4),
    "/atom.xml": ("feed", 4),
}
CLIMATE = "/dateien/klimakonzept.pdf"


@pytest.mark.parametrize(("path", "expected"), LISTS.items(), ids=LISTS)
def test_a_website_s_files_are_taken_once(
    path: str, expected: tuple[str, int], tmp_path: Path
) -> None:
    kind, number = expected
    with WebServer(base=BASE) as server:
        network, source = BlindNetwork(server.port), web_source(server, path, kind)
        assert counts(run(source, network, tmp_path)) == (number, 0, 0)
        assert not any("/intern/" in entry.request.path for entry in server.log)
        server.forget()
        assert counts(run(source, network, tmp_path, 1)) == (0, 0, 0)
        assert path.startswith("/strategien") or server.asked("file") == []


def test_a_sitemap_of_pages_alone_says_that_it_names_no_file(tmp_path: Path) -> None:
    with WebServer(base=BASE) as server:
        source = web_source(server, "/sitemap-seiten.xml", "sitemap")
        report = run(source, BlindNetwork(server.port), tmp_path)
        assert report.new or report.problems


def test_what_changes_on_a_website_is_told(tmp_path: Path) -> None:
    with WebServer(base=BASE) as server:
        network, source = BlindNetwork(server.port), web_source(server, "/sitemap.xml", "sitemap")
        run(source, network, tmp_path)
        server.change_file(CLIMATE)
        assert counts(run(source, network, tmp_path, 1)) == (0, 1, 0)
        server.remove_file(CLIMATE)
        server.add_file("/dateien/hafenkonzept.pdf", "Hafenkonzept")
        assert counts(run(source, network, tmp_path, 2)) == (1, 0, 1)


WEBSITES = {
    "html_for_xml": 0,
    "pdf_for_xml": 0,
    "broken_xml": 0,
    "truncated_xml": 0,
    "wrong_type_xml": 4,
    "list_404": 0,
    "list_empty": 0,
    "slow_list": 4,
    "redirect_list_host": 0,
    "sitemap_leaves_host": 4,
    "foreign_file": 4,
    "lastmod_missing": 4,
    "lastmod_frozen": 4,
    "lastmod_today": 4,
    "sitemap_loops": 4,
    "doubled_links": 4,
}


@pytest.mark.parametrize(("switch", "most"), WEBSITES.items(), ids=WEBSITES)
def test_a_wayward_website_asks_nobody_else_and_loses_nothing(
    switch: str, most: int, tmp_path: Path
) -> None:
    with (
        Stranger() as stranger,
        WebServer(base=BASE, switches=[switch], stranger=stranger.base) as server,
    ):
        path = "/sitemap-index.xml" if switch.startswith("sitemap") else "/sitemap.xml"
        network, source = BlindNetwork(server.port), web_source(server, path, "sitemap")
        first = run(source, network, tmp_path)
        assert len(first.new) <= most and stranger.log == []
        assert first.new or first.problems
        second = run(source, network, tmp_path, 1)
        assert (second.new, second.changed, second.gone) == ([], [], [])
        server.switch(switch, on=False)
        third = run(source, network, tmp_path, WHOLE)
        assert len(first.new) + len(third.new) == 4
        assert third.gone == []
