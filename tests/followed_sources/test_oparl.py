"""OParl 1.0 and 1.1 as it is in the wild."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from service.followed_sources.listing import SourceListing
from tests.followed_sources.council import BASE, Council, file_object, oparl
from tests.followed_sources.runs import read
from tests.followed_sources.server import FakeNetwork

LICENCE = "https://www.govdata.de/dl-de/by-2-0"
DIGESTS = {"1.0": "sha1Checksum", "1.1": "sha512Checksum"}
TOMORROW = datetime.now(UTC) + timedelta(days=1)


@pytest.fixture
def council() -> Council:
    return Council.of_strategies()


def listed(
    council: Council,
    window: datetime | None = None,
    known: Collection[str] = (),
    **more: Any,
) -> SourceListing:
    return read(oparl(**more), FakeNetwork(council.answer), window, known)


def numbers(listing: SourceListing) -> list[str]:
    return [key.rsplit("/", 1)[-1] for key in listing.files]


@pytest.mark.parametrize("version", ["1.0", "1.1"])
@pytest.mark.parametrize("path", ["/system", "/body/1", "/papers"])
def test_system_body_and_list_are_read_page_by_page(version: str, path: str) -> None:
    council = Council.recorded(version)
    listing = listed(council, address=BASE + path)
    assert numbers(listing) == [str(number) for number in range(1, 11)]
    assert (listing.is_whole, listing.problems) == (True, [])
    first, second, *_ = listing.files.values()
    assert (first.reference, first.paper_type) == ("101/2025", "Vorlage")
    assert first.title == "Mobilitätskonzept Auental 2035"
    assert first.address == "http://ratsinfo.example/dokumente/1/Vorlage-1-0.pdf?download=true"
    assert first.mark == council.papers[1]["mainFile"][DIGESTS[version]]
    assert first.licence == "https://creativecommons.org/licenses/by/4.0/"
    assert second.licence == ("" if path == "/papers" else LICENCE)


def test_the_licence_of_the_system_holds_where_the_body_has_none() -> None:
    council = Council.recorded()
    council.body["license"] = ""
    _, second, *_ = listed(council, address=f"{BASE}/system").files.values()
    assert second.licence == LICENCE


def test_an_empty_window_is_a_404_and_no_failure(council: Council) -> None:
    council.fault = "empty window"
    listing = listed(council, TOMORROW)
    assert (listing.files, listing.problems, listing.is_whole) == ({}, [], False)


def test_a_list_that_is_a_404_is_a_failure(council: Council) -> None:
    council.papers.clear()
    assert "nennt keine einzige Datei" in listed(council).problems[0]
    assert not listed(council, address=f"{BASE}/none").is_whole


@pytest.mark.parametrize(
    ("fault", "window"),
    [("ignored window", TOMORROW), ("dropped window", TOMORROW - timedelta(days=2))],
)
def test_a_window_that_is_ignored_or_dropped_gives_more_and_no_harm(
    council: Council, fault: str, window: datetime
) -> None:
    council.fault = fault
    listing = listed(council, window)
    assert len(listing.files) == 5
    assert not listing.is_whole


def test_a_paper_without_main_file_has_the_others_and_ids_are_the_keys() -> None:
    council = Council()
    others = [file_object(8, b"", name="Anlage"), "text", {"name": "ohne id"}]
    council.add(7, "Kreisentwicklung", b"%PDF-1.7", mainFile=None, auxiliaryFile=others)
    council.add(9, "Kreisentwicklung", b"%PDF-1.7", reference="7/2022")
    council.papers[9]["mainFile"]["id"] = "https://anderswo.example/9"
    files = listed(council).files
    assert list(files) == [f"{BASE}/file/8", "https://anderswo.example/9"]
    assert {file.reference for file in files.values()} == {"7/2022"}
    assert files[f"{BASE}/file/8"].title == "Kreisentwicklung: Anlage"


def test_deleted_papers_and_files_are_told_as_such(council: Council) -> None:
    council.delete(1)
    council.papers[2]["mainFile"]["deleted"] = True
    council.version = "1.0"  # whose whole list has deleted papers
    known = (f"{BASE}/paper/1", f"{BASE}/file/2", f"{BASE}/paper/2", f"{BASE}/file/3")
    listing = listed(council, known=known)
    assert listing.deleted == set(known[:2])
    assert listing.present == set(known[2:]), "the paper of a deleted file is still there"
    assert f"{BASE}/file/2" not in listing.files


def test_a_deleted_paper_without_an_id_has_no_files(council: Council) -> None:
    council.version = "1.0"
    council.papers[2]["deleted"] = True
    del council.papers[2]["id"]
    assert f"{BASE}/file/2" not in listed(council).files


def test_a_licence_that_is_not_stated_stays_empty_and_a_status_is_never_taken(
    council: Council,
) -> None:
    council.body["license"] = ""
    council.papers[1]["consultation"] = [{"meeting": "x", "authoritative": True}]
    listing = listed(council)
    assert {file.licence for file in listing.files.values()} == {""}
    assert not hasattr(listing.files[f"{BASE}/file/1"], "status")


def test_filters_are_on_title_type_path_and_date(council: Council) -> None:
    council.papers[2]["paperType"] = "Anfrage"
    council.papers[3]["date"] = "2001-01-01"
    council.papers[4]["name"] = "Haushalt"
    filters = {"title": ["strategie"], "paper_type": ["Vorlage"], "path": ["/files/*"]}
    assert numbers(listed(council, **filters, since="2020-01-01")) == ["1", "5"]


def test_titles_have_no_control_characters() -> None:
    council = Council()
    council.add(1, "\x1b]0;Titel\x07 Klima\u202eplan\n", b"%PDF-1.7", reference=["x"])
    (file,) = listed(council).files.values()
    assert (file.title, file.reference) == ("]0;Titel Klima plan", "")


def test_an_odd_paper_costs_only_itself(council: Council) -> None:
    council.papers[2] |= {"mainFile": 7, "name": {"a": 1}, "auxiliaryFile": {"id": 3}}
    council.papers[3]["date"] = 10**400
    assert numbers(listed(council)) == ["1", "3", "4", "5"]
