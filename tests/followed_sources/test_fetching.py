"""Runs over a source: the first, an unchanged one, what changed, what is gone, what broke off."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from io import BufferedRandom
from pathlib import Path

import pytest

from followed_sources import (
    FollowedFile,
    FollowedFiles,
    FollowedSource,
    SourceClient,
    SourceFetcher,
    SourceReport,
)
from prompts import say
from tests.followed_sources.council import BASE, WEB, Council, following, oparl, web
from tests.followed_sources.fake_network import Answer
from vectorstore import Texts
from vectorstore.storage import Database, StoreError

START = datetime(2026, 11, 2, 6, tzinfo=UTC)
ETAGS, DATED = "no digests", "dated today"


@dataclass
class Runs:
    """Runs of one source over a council, days apart."""

    source: FollowedSource
    council: Council
    folder: Path
    originals: dict[str, str]

    @property
    def files(self) -> FollowedFiles:
        return FollowedFiles(Texts(Database(self.folder)), self.folder)

    @property
    def known(self) -> dict[str, FollowedFile]:
        return {file.listed.key.rsplit("/", 1)[-1]: file for file in self.files.all()}

    @contextmanager
    def fetcher(self, day: int) -> Iterator[SourceFetcher]:
        self.council.asked.clear()
        with following(self.council) as network:
            client = SourceClient(self.source.hosts, "mailto:a@b.example", network)
            now = START + timedelta(days=day)
            yield SourceFetcher(self.source, client, self.files, set(), self.originals, now)

    def fetch(self, day: int) -> SourceReport:
        with self.fetcher(day) as fetcher:
            return fetcher.fetch()


@pytest.fixture
def council() -> Council:
    council = Council()
    for number in range(1, 6):
        council.add(number, f"Strategie {number}", b"%PDF-1.7 text " + bytes([48 + number]))
    return council


@pytest.fixture
def runs(council: Council, tmp_path: Path) -> Runs:
    source = oparl(publisher="Kreis Quell", document_kind="motion", status="proposed")
    return Runs(source, council, tmp_path, {})


def test_the_first_run_fetches_all_with_their_provenance(runs: Runs) -> None:
    report = runs.fetch(0)
    assert (len(report.new), report.changed, report.gone, report.problems) == (5, [], [], [])
    file = runs.known["1"]
    assert runs.files.path(file).read_bytes() == b"%PDF-1.7 text 1"
    assert file.document_id == "1-2022-strategie-1"
    assert file.metadata == {"publisher": "Kreis Quell", "kind": "motion", "status": "proposed"}
    provenance = file.provenance
    assert (provenance.source, provenance.reference) == ("Kreistag", "1/2022")
    assert provenance.oparl_id == f"{BASE}/file/1"
    assert str(provenance.fetched) == "2026-11-02"
    assert provenance.licence == "dl-de/by-2-0"
    assert provenance.etag.startswith('"')
    assert provenance.address == "http://ratsinfo.example/files/1.pdf"


def test_a_check_asks_for_no_file_and_changes_nothing(runs: Runs) -> None:
    with runs.fetcher(0) as fetcher:
        report = fetcher.check()
    assert report.new == [f"Strategie {number}" for number in range(1, 6)]
    assert runs.council.asked_files == []
    assert runs.known == {}


@pytest.mark.parametrize("faults", [set(), {"no digests"}, {"window ignored"}, {"empty window is 404"}],
                         ids=["digests", "dates", "window ignored", "window empty"])  # fmt: skip
def test_an_unchanged_run_asks_for_no_file(runs: Runs, faults: set[str]) -> None:
    runs.council.faults |= faults
    runs.fetch(0)
    for day in (1, 2):
        report = runs.fetch(day)
        assert runs.council.asked_files == []
        assert (report.new, report.changed, report.gone, report.problems) == ([], [], [], [])


def change(council: Council) -> None:
    council.faults.add("no digests")
    content = b"%PDF-1.7 another text"
    council.files["/files/2.pdf"] = content
    council.papers[2]["recent"] = True
    council.papers[2]["mainFile"] = council.file(2, content, modified="2026-11-03T08:00:00Z")


def test_a_changed_file_is_fetched_alone_under_its_old_name(runs: Runs) -> None:
    runs.fetch(0)
    before = runs.known["2"]
    change(runs.council)
    report = runs.fetch(1)
    assert (report.new, report.changed) == ([], ["Strategie 2"])
    assert len(runs.council.asked_files) == 1
    after = runs.known["2"]
    assert after.document_id == before.document_id
    assert after.provenance.digest != before.provenance.digest


def test_a_date_that_is_today_for_everything_changes_nothing(runs: Runs) -> None:
    runs.council.faults |= {"no digests", "window ignored"}
    runs.fetch(0)
    for paper in runs.council.papers.values():
        paper["mainFile"]["modified"] = "2026-11-03T00:00:00Z"
    for faults in (set[str](), {"no etags"}):
        runs.council.faults |= faults
        report = runs.fetch(1)
        assert (report.new, report.changed) == ([], [])
        assert report.unchanged == 5


def test_a_silent_change_is_found_within_seven_days(runs: Runs) -> None:
    runs.fetch(0)
    runs.council.files["/files/3.pdf"] = b"%PDF-1.7 silently another"
    assert runs.fetch(6).changed == []
    assert runs.fetch(7).changed == ["Strategie 3"]


GONE: dict[str, Callable[[Council], object]] = {
    "lost": lambda council: council.papers.pop(4),
    "the paper is deleted": lambda council: council.papers[4].update(deleted=True),
    "the file is deleted": lambda council: council.papers[4]["mainFile"].update(deleted=True),
    "a 404": lambda council: council.files.pop("/files/4.pdf"),
}


@pytest.mark.parametrize("lose", GONE.values(), ids=GONE)
def test_what_is_gone_is_told_once_and_kept(runs: Runs, lose: Callable[[Council], object]) -> None:
    runs.fetch(0)
    lose(runs.council)
    report = runs.fetch(8)
    assert report.gone == ["Strategie 4"]
    assert str(runs.known["4"].gone_since) == "2026-11-10"
    assert runs.files.path(runs.known["4"]).is_file()
    assert runs.fetch(16).gone == []


def test_a_deletion_shows_in_a_window_and_what_is_not_in_it_is_not_gone(runs: Runs) -> None:
    runs.fetch(0)
    runs.council.papers[4].update(deleted=True, recent=True)
    assert runs.fetch(1).gone == ["Strategie 4"]


def test_what_comes_back_is_there_again(runs: Runs) -> None:
    runs.fetch(0)
    paper = runs.council.papers.pop(4)
    runs.fetch(8)
    runs.council.papers[4] = paper
    runs.fetch(16)
    assert runs.known["4"].gone_since is None


@pytest.mark.parametrize("fault", ["next loops", "next leaves", "html", "pdf"])
def test_a_list_that_breaks_off_loses_nothing(runs: Runs, fault: str) -> None:
    runs.fetch(0)
    runs.council.faults.add(fault)
    report = runs.fetch(8)
    assert report.gone == []
    assert len(report.problems) == 1
    runs.council.faults.clear()
    runs.council.papers.pop(5)
    assert runs.fetch(9).gone == ["Strategie 5"]


class Busy(Council):
    """A council that answers 429 to whoever asks for its robots.txt."""

    def answer(self, path: str, headers: Mapping[str, str]) -> Answer | None:
        if path.endswith("/robots.txt"):
            return 429, {"retry-after": "86400"}, b""
        return super().answer(path, headers)


def test_a_busy_robots_txt_forbids_all_is_told_once_and_asked_by_the_next_run(runs: Runs) -> None:
    runs.fetch(0)
    runs.council.__class__ = Busy
    report = runs.fetch(8)
    address = "http://ratsinfo.example/robots.txt"
    assert report.problems == [say("sources.status", address=address, status=429)]
    assert (runs.council.asked, report.gone, report.is_complete) == ([], [], False)
    runs.council.__class__ = Council
    assert runs.fetch(9).problems == []
    assert len(runs.council.asked_files) == 5


class BrokenOff(StoreError):
    """The run is killed."""


def test_a_run_that_is_interrupted_goes_on(runs: Runs) -> None:
    with runs.fetcher(0) as fetcher:
        put, stored = fetcher.files.put, list[str]()

        class Killed(FollowedFiles):
            def put(self, file: FollowedFile, content: BufferedRandom | None = None) -> None:
                if len(stored) == 2:
                    raise BrokenOff
                put(file, content)
                stored.append(file.id)

        fetcher.files = Killed(Texts(Database(runs.folder)), runs.folder)
        with pytest.raises(BrokenOff):
            fetcher.fetch()
    assert len(runs.known) == 2
    report = runs.fetch(0)
    assert len(report.new) == 3
    assert len(runs.council.asked_files) == 3


def test_more_files_than_a_run_may_take_are_left_for_the_next(runs: Runs) -> None:
    runs.source = oparl(most_files=2)
    assert [len(runs.fetch(0).new) for _ in range(4)] == [2, 2, 1, 0]


def test_a_busy_file_is_asked_for_again_in_the_next_run(runs: Runs) -> None:
    content = runs.council.files.pop("/files/2.pdf")
    runs.council.pages["/files/2.pdf"] = ({"content-encoding": "gzip"}, b"x")
    assert len(runs.fetch(0).problems) == 1
    runs.council.pages.clear()
    runs.council.files["/files/2.pdf"] = content
    assert runs.fetch(1).new == ["Strategie 2"]


@pytest.mark.parametrize("content", [b"<html>Bitte anmelden</html>", b"", b"PK\x03\x04 zip"])
def test_what_is_no_document_is_told_once(runs: Runs, content: bytes) -> None:
    runs.council.files["/files/2.pdf"] = content
    report = runs.fetch(0)
    assert (len(report.new), len(report.problems)) == (4, 1)
    assert runs.fetch(1).problems == []
    assert runs.council.asked_files == []


def test_what_is_ignored_is_never_asked_for_again(runs: Runs) -> None:
    runs.fetch(0)
    runs.files.update(runs.known["2"].id, ignored=True)
    change(runs.council)
    for day in (1, 9, 20):
        assert runs.fetch(day).changed == []
        assert not [path for path in runs.council.asked_files if path.endswith("/2.pdf")]


def test_a_file_that_somebody_uploaded_is_that_document(runs: Runs) -> None:
    runs.fetch(0)
    runs.originals[runs.known["3"].provenance.digest] = "mein-plan"
    for name in list(runs.known):
        runs.files._texts.remove(f"followed-files/{runs.known[name].id}")
    runs.fetch(8)
    assert runs.known["3"].document_id == "mein-plan"


def test_content_that_was_lost_is_fetched_again(runs: Runs) -> None:
    runs.fetch(0)
    file = runs.known["2"]
    runs.files.path(file).unlink()
    runs.council.papers[2]["recent"] = True
    runs.fetch(1)
    assert runs.files.path(file).is_file()
    assert len(runs.council.asked_files) == 1


def test_two_papers_of_one_name_have_two_ids(runs: Runs) -> None:
    runs.council.papers[2].update(name="Strategie 1", reference="1/2022")
    runs.fetch(0)
    assert runs.known["1"].document_id == "1-2022-strategie-1"
    assert runs.known["2"].document_id == "1-2022-strategie-1-2"


SITEMAP = '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{}</urlset>'
ENTRY = "<url><loc>http://%s/files/%d.pdf</loc><lastmod>%s</lastmod></url>"


def test_a_sitemap_is_followed_alike(council: Council, tmp_path: Path) -> None:
    def listed(*numbers: int, changed: int = 0) -> None:
        days = {changed: "2026-11-03"}
        entries = [ENTRY % (WEB, number, days.get(number, "2026-01-01")) for number in numbers]
        content = SITEMAP.format("".join(entries)).encode()
        council.pages["/sitemap.xml"] = ({"content-type": "text/xml"}, content)

    runs = Runs(web("sitemap", "/sitemap.xml"), council, tmp_path, {})
    listed(1, 2, 3)
    assert len(runs.fetch(0).new) == 3
    runs.fetch(1)
    assert council.asked_files == []
    council.files["/files/2.pdf"] = b"%PDF-1.7 new"
    listed(1, 2, changed=2)
    report = runs.fetch(2)
    assert (report.changed, report.gone) == (["2"], ["3"])
    assert len(council.asked_files) == 1


def test_what_has_left_a_feed_is_not_gone(council: Council, tmp_path: Path) -> None:
    def listed(*numbers: int) -> None:
        entry = "<entry><title>Plan</title><link href='http://%s/files/%d.pdf'/></entry>"
        entries = "".join(entry % (WEB, number) for number in numbers)
        content = f"<feed xmlns='http://www.w3.org/2005/Atom'>{entries}</feed>".encode()
        council.pages["/feed"] = ({"content-type": "application/atom+xml"}, content)

    runs = Runs(web("feed", "/feed"), council, tmp_path, {})
    listed(1, 2)
    assert len(runs.fetch(0).new) == 2
    listed(2, 3)
    report = runs.fetch(1)
    assert (len(report.new), report.gone) == (1, [])
    assert runs.known["1.pdf"].gone_since is None


def test_a_page_without_dates_is_asked_for_its_files_every_seven_days(
    council: Council, tmp_path: Path
) -> None:
    links = "".join(f"<a href='/files/{number}.pdf'>Plan {number}</a>" for number in (1, 2))
    council.pages["/plaene"] = ({"content-type": "text/html"}, links.encode())
    runs = Runs(web("page", "/plaene"), council, tmp_path, {})
    assert runs.fetch(0).new == ["Plan 1", "Plan 2"]
    council.files["/files/1.pdf"] = b"%PDF-1.7 new"
    assert (runs.fetch(6).changed, runs.fetch(7).changed) == ([], ["Plan 1"])


def test_no_more_is_fetched_while_too_much_waits(runs: Runs) -> None:
    with runs.fetcher(0) as fetcher:
        fetcher.most_bytes = 20
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
