"""Runs over a source: the first, an unchanged one, what changed, what is gone, what broke off."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from io import BufferedRandom
from pathlib import Path

import pytest

from prompts import say
from service.followed_sources import FollowedFile
from tests.followed_sources.council import (
    BASE,
    LOGIN,
    PDF,
    XML,
    Council,
    now,
    of_json,
    oparl,
    web,
)
from tests.followed_sources.runs import Runs
from tests.followed_sources.server import MISSING, Reply
from tests.ingest.cases import cases
from vectorstore.storage import StoreError

NONE = (0, 0, 0)


@pytest.fixture
def council() -> Council:
    return Council.of_strategies()


@pytest.fixture
def runs(council: Council, tmp_path: Path) -> Runs:
    source = oparl(publisher="Kreis Quell", document_kind="motion", status="proposed")
    return Runs(source, council, tmp_path)


def without_digests(council: Council) -> None:
    """Let dates alone tell which files have changed."""
    for paper in council.papers.values():
        del paper["mainFile"]["sha1Checksum"]


def test_the_first_run_fetches_all_with_their_provenance(runs: Runs) -> None:
    report = runs.fetch(0)
    assert (len(report.new), report.changed, report.gone, report.problems) == (5, [], [], [])
    file = runs.known["1"]
    assert runs.files.path(file).read_bytes() == b"%PDF-1.7 1"
    assert file.document_id == "1-2022-strategie-1"
    assert file.metadata == {"publisher": "Kreis Quell", "kind": "motion", "status": "proposed"}
    provenance = file.provenance
    assert (provenance.source, provenance.reference) == ("Kreistag", "1/2022")
    assert provenance.oparl_id == f"{BASE}/file/1"
    assert provenance.fetched == runs.start.date()
    assert provenance.licence == "https://www.govdata.de/dl-de/by-2-0"
    assert provenance.etag.startswith('"')
    assert provenance.address == "http://ratsinfo.example/files/1.pdf"


def test_a_check_asks_for_no_file_and_changes_nothing(runs: Runs) -> None:
    with runs.fetcher(0) as fetcher:
        report = fetcher.check()
    assert report.new == [f"Strategie {number}" for number in range(1, 6)]
    assert runs.network.asked_files == []
    assert runs.known == {}


@pytest.mark.parametrize("has_digests", [True, False], ids=["digests", "dates"])
@pytest.mark.parametrize("fault", ["", "ignored window", "dropped window", "empty window"])
def test_an_unchanged_run_asks_for_no_file(runs: Runs, fault: str, has_digests: bool) -> None:
    runs.council.fault = fault
    runs.start += timedelta(days=3)  # long after the papers are dated
    if not has_digests:
        without_digests(runs.council)
    runs.fetch(0)
    for day in (1, 2):
        report = runs.fetch(day)
        assert runs.network.asked_files == []
        assert (report.new, report.changed, report.gone, report.problems) == ([], [], [], [])


def test_a_changed_file_is_fetched_alone_under_its_old_name(runs: Runs) -> None:
    without_digests(runs.council)
    runs.fetch(0)
    before = runs.known["2"]
    runs.council.replace(2, b"%PDF-1.7 another text")
    report = runs.fetch(1)
    assert (report.new, report.changed) == ([], ["Strategie 2"])
    assert len(runs.network.asked_files) == 1
    after = runs.known["2"]
    assert after.document_id == before.document_id
    assert after.provenance.digest != before.provenance.digest


def test_a_date_that_is_today_for_everything_changes_nothing(runs: Runs) -> None:
    without_digests(runs.council)
    runs.fetch(0)
    for paper in runs.council.papers.values():
        paper["mainFile"]["modified"] = now()
    for wrong in ({}, {"/files/*": lambda usual: Reply(200, PDF, usual.body)}):
        runs.wrong = wrong
        report = runs.fetch(1)
        assert (report.new, report.changed) == ([], [])
        assert report.unchanged == 5


Change = Callable[[Council], object]
Counts = tuple[int, int, int]
FIRST = "/dokumente/1/Vorlage-1-0.pdf"
DELETED = {"deleted": True}
ANOTHER = b"%PDF-1.7 another"
# how many files are new, changed and gone on the next day, and when the whole list is compared
CHANGES: dict[str, tuple[Change, Counts, Counts]] = {
    "a change": (lambda council: council.replace(1, ANOTHER), (0, 1, 0), NONE),
    "a silent change": (lambda council: council.files.update({FIRST: ANOTHER}), NONE, (0, 1, 0)),
    "a new date": (lambda council: council.replace(1, council.files[FIRST]), NONE, NONE),
    "a new paper": (lambda council: council.add(70, "Hafenstrategie", ANOTHER), (1, 0, 0), NONE),
    "a deleted paper": (lambda council: council.delete(1), (0, 0, 2), NONE),
    "a deleted paper with files": (
        lambda council: council.change(1, deleted=True),
        (0, 0, 2),
        NONE,
    ),
    "a lost paper": (lambda council: council.papers.pop(1), NONE, (0, 0, 2)),
    "a file taken out": (lambda council: council.change(1, auxiliaryFile=[]), (0, 0, 1), NONE),
    "a deleted file": (
        lambda council: council.change(1, mainFile={**council.papers[1]["mainFile"], **DELETED}),
        (0, 0, 1),
        NONE,
    ),
    "a file that is gone": (
        lambda council: council.pages.update({FIRST: Reply(410)}),
        NONE,
        (0, 0, 1),
    ),
    "a lost file": (lambda council: council.files.pop(FIRST), NONE, (0, 0, 1)),
}


@pytest.mark.parametrize("version", ["1.0", "1.1"])
@pytest.mark.parametrize(("make", "next_day", "in_a_week"), CHANGES.values(), ids=CHANGES)
def test_what_changes_is_told_once_and_in_time_and_kept(
    make: Change, next_day: Counts, in_a_week: Counts, version: str, tmp_path: Path
) -> None:
    runs = Runs(oparl(), Council.recorded(version), tmp_path)
    assert runs.counts(0) == (9, 0, 0)
    make(runs.council)
    assert [runs.counts(day) for day in (1, 6, 7, 14)] == [next_day, NONE, in_a_week, NONE]
    gone = [file for file in runs.files.all() if file.gone_since]
    assert len(gone) == next_day[2] + in_a_week[2]
    day = runs.start + timedelta(days=1 if next_day[2] else 7)
    for file in gone:
        assert file.gone_since == day.date()
        assert runs.files.path(file).is_file()


def test_what_comes_back_is_there_again_and_not_new(tmp_path: Path) -> None:
    runs = Runs(oparl(), Council.recorded(), tmp_path)
    runs.fetch(0)
    paper = runs.council.papers[1]
    runs.council.delete(1)
    assert runs.counts(1) == (0, 0, 2)
    runs.council.papers[1] = paper
    runs.council.change(1)
    assert runs.counts(2) == NONE
    assert {file.gone_since for file in runs.files.all()} == {None}


# the second page of the list
BROKEN = {
    "it loops": of_json({"links": {"next": f"{BASE}/papers"}}),
    "it leaves": of_json({"links": {"next": "http://fremd.example/"}}),
    "a 404": MISSING,
    "a page to sign in": LOGIN,
    "a PDF": Reply(200, PDF, b"%PDF-1.7"),
}


@pytest.mark.parametrize("reply", BROKEN.values(), ids=BROKEN)
def test_a_list_that_breaks_off_loses_nothing(runs: Runs, reply: Reply) -> None:
    runs.fetch(0)
    runs.wrong = {"/oparl/papers?page=2": reply}
    report = runs.fetch(8)
    assert report.gone == []
    assert len(report.problems) == 1
    runs.wrong = {}
    del runs.council.papers[5]
    assert runs.fetch(9).gone == ["Strategie 5"]


def test_a_busy_robots_txt_forbids_all_is_told_once_and_asked_by_the_next_run(runs: Runs) -> None:
    runs.fetch(0)
    runs.wrong = {"/robots.txt": Reply(429, {"retry-after": "86400"})}
    report = runs.fetch(8)
    address = "http://ratsinfo.example/robots.txt"
    assert report.problems == [say("sources.status", address=address, status=429)]
    assert (runs.network.asked, report.gone, report.is_complete) == ([], [], False)
    runs.wrong = {}
    assert runs.fetch(9).problems == []
    assert len(runs.network.asked_files) == 5


def test_a_run_that_is_interrupted_goes_on(runs: Runs, monkeypatch: pytest.MonkeyPatch) -> None:
    with runs.fetcher(0) as fetcher:
        put = fetcher.files.put

        def put_two(file: FollowedFile, content: BufferedRandom) -> None:
            if len(runs.known) == 2:
                raise StoreError
            put(file, content)

        monkeypatch.setattr(fetcher.files, "put", put_two)
        with pytest.raises(StoreError):
            fetcher.fetch()
    assert len(runs.known) == 2
    assert runs.counts(0) == (3, 0, 0)
    assert len(runs.network.asked_files) == 3


def test_more_files_than_a_run_may_take_are_left_for_the_next(runs: Runs) -> None:
    runs.source = oparl(most_files=2)
    assert [len(runs.fetch(0).new) for _ in range(4)] == [2, 2, 1, 0]


@pytest.mark.parametrize(
    "content", [b"<html>Bitte anmelden</html>", b"", b"PK\x03\x04 zip", b"MZ\x90\x00"]
)
def test_what_is_no_document_is_told_once(runs: Runs, content: bytes) -> None:
    runs.council.files["/files/2.pdf"] = content
    report = runs.fetch(0)
    assert (len(report.new), len(report.problems)) == (4, 1)
    assert runs.fetch(1).problems == []
    assert runs.network.asked_files == []


def test_what_is_ignored_is_never_asked_for_again(runs: Runs) -> None:
    runs.fetch(0)
    runs.files.update(runs.known["2"].id, ignored=True)
    runs.council.replace(2, b"%PDF-1.7 another text")
    for day in (1, 9, 20):
        assert runs.fetch(day).changed == []
        assert not [path for path in runs.network.asked_files if path.endswith("/2.pdf")]


def test_a_file_that_somebody_uploaded_is_that_document(runs: Runs) -> None:
    runs.fetch(0)
    runs.originals[runs.known["3"].provenance.digest] = "mein-plan"
    for file in runs.files.all():
        runs.files.remove(file)
    runs.fetch(8)
    assert runs.known["3"].document_id == "mein-plan"


def test_content_that_was_lost_is_fetched_again(runs: Runs) -> None:
    runs.fetch(0)
    file = runs.known["2"]
    runs.files.path(file).unlink()
    runs.fetch(1)
    assert runs.files.path(file).is_file()
    assert len(runs.network.asked_files) == 1


def test_two_papers_of_one_name_have_two_ids(runs: Runs) -> None:
    runs.council.change(2, name="Strategie 1", reference="1/2022")
    runs.fetch(0)
    assert runs.known["1"].document_id == "1-2022-strategie-1"
    assert runs.known["2"].document_id == "1-2022-strategie-1-2"


@cases("kind", "path", "counts")
def test_a_website_is_followed_alike_and_what_has_left_a_feed_is_not_gone(
    kind: str, path: str, counts: Counts, tmp_path: Path
) -> None:
    council = Council.recorded()
    runs = Runs(web(kind, path), council, tmp_path)
    assert runs.counts(0) == (4, 0, 0)
    council.files["/dateien/klimakonzept.pdf"] = ANOTHER
    council.files["/dateien/neues.pdf"] = ANOTHER
    listed = council.pages[path].content().replace(b"faltblatt", b"neues")
    council.pages[path] = Reply(200, XML, listed.replace(b"2026", b"2027", 1))
    assert runs.counts(1) == counts
    assert len(runs.network.asked_files) == 2


def test_a_page_without_dates_is_asked_for_its_files_every_seven_days(tmp_path: Path) -> None:
    runs = Runs(web("page", "/strategien.html"), Council.recorded(), tmp_path)
    assert runs.counts(0) == (3, 0, 0)
    runs.council.files["/dateien/pflegekonzept.pdf"] = ANOTHER
    assert runs.counts(6) == NONE
    assert runs.fetch(7).changed == ["Pflegekonzept Auental"]


def test_no_more_is_fetched_while_too_much_waits(runs: Runs) -> None:
    with runs.fetcher(0) as fetcher:
        fetcher.most_bytes = 15
        report = fetcher.fetch()
    assert len(report.new) == 2
    assert report.problems == [say("sources.full", gigabytes=0)]
    assert not report.is_complete
    assert len(runs.fetch(1).new) == 3


def test_a_file_that_cannot_be_processed_costs_only_itself(runs: Runs, council: Council) -> None:
    council.papers[2]["mainFile"]["accessUrl"] = "http://["
    council.papers[3]["reference"] = "\ud800" + "x" * 5000
    report = runs.fetch(0)
    assert (len(report.new), len(report.problems)) == (4, 1)
