"""OParl 1.0 and 1.1 as it is in the wild."""

from __future__ import annotations

import json
from collections.abc import Collection
from datetime import UTC, datetime
from typing import Any

import pytest

from followed_sources import SourceClient
from followed_sources.listing import SourceListing
from followed_sources.readers.lists import read_listing
from tests.followed_sources.council import BASE, JSON, RATS, Council, following, oparl

LATELY = datetime(2026, 11, 20, tzinfo=UTC)


def council_of(*faults: str, version: str = "1.1") -> Council:
    council = Council(version, set(faults))
    for number in range(1, 6):
        council.add(number, f"Strategie {number}", b"%PDF-1.7 " + bytes([48 + number]))
    return council


def listed(
    council: Council, window: datetime | None = None, known: Collection[str] = (), **more: Any
) -> SourceListing:
    source = oparl(**more)
    with following(council) as network:
        client = SourceClient(source.hosts, "mailto:a@b.example", network)
        return read_listing(source, client, window, known)


@pytest.mark.parametrize("version", ["1.0", "1.1"])
@pytest.mark.parametrize("path", ["/system", "/body/1", "/papers"])
def test_system_body_and_list_are_read_page_by_page(version: str, path: str) -> None:
    listing = listed(council_of(version=version), address=BASE + path)
    assert list(listing.files) == [f"{BASE}/file/{number}" for number in range(1, 6)]
    assert (listing.is_whole, listing.problems) == (True, [])
    first = listing.files[f"{BASE}/file/1"]
    assert (first.reference, first.paper_type, first.title) == ("1/2022", "Vorlage", "Strategie 1")
    assert first.licence == ("" if path == "/papers" else "dl-de/by-2-0")


def test_an_empty_window_is_a_404_and_no_failure() -> None:
    listing = listed(council_of("empty window is 404"), LATELY)
    assert (listing.files, listing.problems, listing.is_whole) == ({}, [], False)


def test_a_list_that_is_a_404_is_a_failure() -> None:
    council = council_of("empty window is 404")
    council.papers.clear()
    assert "nennt keine einzige Datei" in listed(council).problems[0]
    assert not listed(council, address=f"{BASE}/none").is_whole


@pytest.mark.parametrize("fault", ["window ignored", "next drops the filter"])
def test_a_window_that_is_ignored_or_dropped_gives_more_and_no_harm(fault: str) -> None:
    council = council_of(fault)
    for paper in council.papers.values():
        paper["recent"] = True
    listing = listed(council, LATELY)
    assert len(listing.files) == 5
    assert not listing.is_whole


PARTS = {
    "next loops": 4,
    "next leaves": 2,
    "html": 2,
    "html as json": 2,
    "pdf": 2,
}


@pytest.mark.parametrize(("fault", "files"), PARTS.items())
def test_a_list_that_breaks_off_is_told_and_never_whole(fault: str, files: int) -> None:
    listing = listed(council_of(fault))
    assert (len(listing.files), len(listing.problems), listing.is_whole) == (files, 1, False)


def test_nothing_but_the_host_is_asked_where_next_leaves() -> None:
    council = council_of("next leaves")
    listed(council)
    assert {path.partition("/")[0] for path in council.asked} == {RATS}


def test_a_paper_without_main_file_has_the_others_and_ids_are_the_keys() -> None:
    council = Council()
    council.add(7, "Kreisentwicklung", b"%PDF-1.7", mainFile=None,
                auxiliaryFile=[council.file(8, b"", name="Anlage"), "text", {"name": "ohne id"}])  # fmt: skip
    council.add(9, "Kreisentwicklung", b"%PDF-1.7", reference="7/2022")
    files = listed(council).files
    assert list(files) == [f"{BASE}/file/8", f"{BASE}/file/9"]
    assert {file.reference for file in files.values()} == {"7/2022"}
    assert files[f"{BASE}/file/8"].title == "Kreisentwicklung: Anlage"


def test_deleted_papers_and_files_are_told_as_such() -> None:
    council = council_of()
    council.papers[1] = {"id": f"{BASE}/paper/1", "deleted": True}
    council.papers[2]["mainFile"]["deleted"] = True
    known = (f"{BASE}/paper/1", f"{BASE}/file/2", f"{BASE}/paper/2", f"{BASE}/file/3")
    listing = listed(council, known=known)
    assert listing.deleted == set(known[:2])
    assert listing.present == set(known[2:]), "the paper of a deleted file is still there"
    assert f"{BASE}/file/2" not in listing.files


def test_a_deleted_paper_without_an_id_has_no_files() -> None:
    council = council_of()
    council.papers[2]["deleted"] = True
    del council.papers[2]["id"]
    assert f"{BASE}/file/2" not in listed(council).files


def test_a_licence_that_is_not_stated_stays_empty_and_a_status_is_never_taken() -> None:
    council = council_of("no licence")
    council.papers[1]["consultation"] = [{"meeting": "x", "authoritative": True}]
    listing = listed(council)
    assert {file.licence for file in listing.files.values()} == {""}
    assert not hasattr(listing.files[f"{BASE}/file/1"], "status")


def test_filters_are_on_title_type_path_and_date() -> None:
    council = council_of()
    council.papers[2]["paperType"] = "Anfrage"
    council.papers[3]["date"] = "2001-01-01"
    council.papers[4]["name"] = "Haushalt"
    filters = {"title": ["strategie"], "paper_type": ["Vorlage"], "path": ["/files/*"]}
    files = listed(council, **filters, since="2020-01-01").files
    assert [key.rsplit("/", 1)[-1] for key in files] == ["1", "5"]


def test_titles_have_no_control_characters() -> None:
    council = Council()
    council.add(1, "\x1b]0;Titel\x07 Klima\u202eplan\n", b"%PDF-1.7", reference=["x"])
    (file,) = listed(council).files.values()
    assert (file.title, file.reference) == ("]0;Titel Klima plan", "")


ODD_LISTS = {
    "a number for its data": {"data": 5},
    "a text for its data": {"data": "http://["},
    "a next page that is no address": {"data": [], "links": {"next": "http://["}},
}


@pytest.mark.parametrize("page", ODD_LISTS.values(), ids=ODD_LISTS)
def test_a_list_of_another_form_is_a_problem_and_never_whole(page: dict[str, object]) -> None:
    council = council_of()
    council.pages["/oparl/papers"] = (JSON, json.dumps(page).encode())
    listing = listed(council)
    assert (listing.files, len(listing.problems), listing.is_whole) == ({}, 1, False)


def test_an_odd_paper_costs_only_itself() -> None:
    council = council_of()
    council.papers[2] |= {"mainFile": 7, "name": {"a": 1}, "auxiliaryFile": {"id": 3}}
    council.papers[3]["date"] = 10**400
    files = listed(council).files
    assert [key.rsplit("/", 1)[-1] for key in files] == ["1", "3", "4", "5"]
