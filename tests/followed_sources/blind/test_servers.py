"""The fake servers answer as EXPECTED.md says: what is well-formed is so by the specification, what is
wayward is wayward.
"""

from __future__ import annotations

import datetime
import gzip
import http.client
import io
import json
import socket
import ssl
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import feedparser
import pytest
from lxml import etree
from pypdf import PdfReader

from tests.followed_sources.blind.council_server import COUNCIL_SWITCHES, CouncilServer
from tests.followed_sources.blind.hostile import CASES
from tests.followed_sources.blind.listening import make_certificate
from tests.followed_sources.blind.web_server import FEEDS, SITEMAPS, WebServer

START = "2026-03-01T08:00:00+00:00"
LATER = "2026-06-01T00:00:00+00:00"


class _Stay(urllib.request.HTTPRedirectHandler):
    """Follows no redirect."""

    def redirect_request(self, *_: Any) -> None:
        return None


def get(url: str, **headers: str) -> tuple[int, Any, bytes]:
    """Return status, headers and body, whatever the status is."""
    asked = {name.replace("_", "-"): value for name, value in headers.items()}
    request = urllib.request.Request(url, headers=asked)
    try:
        with urllib.request.build_opener(_Stay).open(request, timeout=10) as response:
            return response.status, response.headers, response.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.headers, error.read()


def get_json(url: str) -> Any:
    return json.loads(get(url)[2])


def all_papers(url: str) -> list[Any]:
    """Follow `next` as the specification says, at most twenty pages."""
    found: list[Any] = []
    for _ in range(20):
        page = get_json(url)
        found += page["data"]
        if not page["links"].get("next"):
            break
        url = page["links"]["next"]
    return found


def since(url: str, at: str) -> str:
    return f"{url}?{urlencode({'modified_since': at})}"


@pytest.mark.parametrize("version", ["1.0", "1.1"])
def test_a_council_has_what_the_specification_demands(version: str) -> None:
    with CouncilServer(version) as server:
        system = get_json(server.system_url)
        assert system["type"] == f"https://schema.oparl.org/{version}/System"
        assert system["oparlVersion"] == f"https://schema.oparl.org/{version}/"
        [body] = get_json(system["body"])["data"]
        assert body["id"] == server.body_url and get_json(body["id"]) == body
        assert {"organization", "person", "meeting", "paper", "legislativeTerm"} <= set(body)
        assert ("agendaItem" in body, "file" in body) == ((version == "1.1"),) * 2
        papers = all_papers(body["paper"])
        assert [paper["id"].rpartition("/")[2] for paper in papers] == [
            str(n) for n in range(1, 13)
        ]
        for paper in papers:
            assert get_json(paper["id"]) == paper
            assert {"id", "type", "body", "name", "reference", "date", "paperType"} <= set(paper)
            for file in [paper["mainFile"], *paper["auxiliaryFile"]]:
                assert {"accessUrl", "fileName", "mimeType", "created", "modified"} <= set(file)
                assert ("sha1Checksum" in file) == (version == "1.0")
                assert ("sha512Checksum" in file) == (version == "1.1")
                assert get_json(file["id"])["paper"] == [paper["id"]]
                assert len(get(file["accessUrl"])[2]) == file["size"]
            [consultation] = paper["consultation"]
            assert get_json(consultation["agendaItem"])["consultation"] == consultation["id"]
            assert get_json(consultation["meeting"])["agendaItem"]
            assert ("modified" in consultation) == (version == "1.1")
        for name in ("organization", "person", "meeting"):
            assert set(get_json(body[name])) == {"data", "pagination", "links"}
        assert "web" in get_json(body["paper"])["links"] or version == "1.0"


def count_files(papers: list[Any]) -> int:
    """Return how many files of these papers can be taken: all but the table."""
    count = 0
    for paper in papers:
        files = [paper["mainFile"], *paper["auxiliaryFile"]]
        count += sum(file["mimeType"] != "text/csv" for file in files)
    return count


def test_there_are_as_many_papers_and_files_as_the_table_says() -> None:
    with CouncilServer() as server:
        papers = all_papers(server.papers_url)
        names = [file.file_name for file in server.council.files.values()]
        endings = [name.rpartition(".")[2] for name in names]
        assert (len(papers), len(names)) == (12, 17)
        assert [endings.count(ending) for ending in ("pdf", "docx", "csv")] == [15, 1, 1]
        matching = [
            paper
            for paper in papers
            if any(word in paper["name"].lower() for word in ("strategie", "konzept"))
        ]
        assert (len(matching), count_files(matching)) == (9, 13)
        proposals = [paper for paper in matching if paper["paperType"] == "Vorlage"]
        assert (len(proposals), count_files(proposals)) == (6, 10)
        recent = [paper for paper in proposals if paper["date"] >= "2022-01-01"]
        assert (len(recent), count_files(recent)) == (5, 9)


def test_pdf_have_two_pages_and_editions_differ() -> None:
    with CouncilServer() as server:
        address = server.base + server.council.files[1].path
        first = PdfReader(io.BytesIO(get(address)[2]))
        assert len(first.pages) == 2
        assert "Ziel 1" in first.pages[0].extract_text()
        assert "Maßnahme 1" in first.pages[1].extract_text()
        server.council.change_file(1)
        second = PdfReader(io.BytesIO(get(address)[2]))
        assert first.pages[0].extract_text() != second.pages[0].extract_text()


def test_conditional_requests_and_the_log() -> None:
    with CouncilServer() as server:
        address = server.base + server.council.files[1].path
        _, headers, _ = get(address)
        tag, dated = headers["ETag"], headers["Last-Modified"]
        assert get(address, If_None_Match=tag)[0] == 304
        assert get(address, If_Modified_Since=dated)[0] == 304
        assert get(address, If_None_Match='"anders"', If_Modified_Since=dated)[0] == 200
        server.council.change_file(1)
        assert get(address, If_None_Match=tag)[0] == 200
        assert get(address, If_Modified_Since=dated)[0] == 200
        assert [entry.status for entry in server.log] == [200, 304, 304, 200, 200, 200]
        asked = server.asked("file")[1]
        assert (asked.method, asked.headers["if-none-match"]) == ("GET", tag)
        server.forget()
        assert server.asked() == []


def test_a_window_has_what_changed_and_deleted_papers_only_there_in_1_1() -> None:
    with CouncilServer("1.1", page_size=1) as server:
        url = since(server.papers_url, LATER)
        assert get_json(url)["data"] == []
        server.council.change_file(4)
        server.council.remove_paper(7)
        server.council.remove_paper(9, silently=True)
        server.council.add_paper("Hafenstrategie Auental")
        assert [paper.get("name", "gelöscht") for paper in all_papers(url)] == [
            "Klimaschutzstrategie des Kreises Auental",
            "gelöscht",
            "Hafenstrategie Auental",
        ]
        deleted = get_json(f"{server.base}/oparl/1.1/paper/7")
        assert deleted["deleted"] is True and deleted["modified"] > LATER
        assert get(f"{server.base}/oparl/1.1/paper/9")[0] == 404
        ids = [paper["id"].rpartition("/")[2] for paper in all_papers(server.papers_url)]
        assert "7" not in ids and "9" not in ids and "13" in ids


def first_next(server: CouncilServer, page: int = 1, window: str = "") -> Any:
    query = {"page": str(page)} | ({"modified_since": window} if window else {})
    return get_json(f"{server.papers_url}?{urlencode(query)}")["links"].get("next")


def test_wayward_pages() -> None:
    with CouncilServer() as server:
        for name in (
            "next_loops",
            "next_same",
            "next_drops_filter",
            "next_leaves_host",
            "next_empty",
        ):
            server.switches.clear()
            server.switch(name)
            found = {page: first_next(server, page, START) for page in (1, 2, 3)}
            kept = f"{urlencode({'modified_since': START})}"
            if name == "next_loops":
                assert found[3] == f"{server.papers_url}?{kept}"
            if name == "next_same":
                assert found[2] == f"{server.papers_url}?{kept}&page=2"
            if name == "next_drops_filter":
                assert found[1] == f"{server.papers_url}?page=2"
            if name == "next_leaves_host":
                assert str(found[1]).startswith("http://fremd.example/oparl/")
            if name == "next_empty":
                assert found[3] is None
    with CouncilServer(switches={"next_relative"}) as server:
        assert first_next(server) == "?page=2"


@pytest.mark.parametrize(
    ("switch", "status", "media", "start"),
    [
        ("html_for_json", 200, "text/html", b"<!doctype"),
        ("pdf_for_json", 200, "application/pdf", b"%PDF"),
        ("wrong_type_json", 200, "text/html", b"{"),
        ("bom_json", 200, "application/json", b"\xef\xbb\xbf{"),
        ("list_error", 500, "text/plain", b"Fehler"),
        ("broken_json", 200, "application/json", b"{"),
    ],
)
def test_the_second_page_is_something_else(
    switch: str, status: int, media: str, start: bytes
) -> None:
    with CouncilServer(switches={switch}) as server:
        assert get(server.papers_url)[0] == 200
        found = get(f"{server.papers_url}?page=2")
        assert (found[0], found[1]["Content-Type"]) == (status, media)
        assert found[2].startswith(start)


def test_wayward_windows() -> None:
    with CouncilServer(switches={"window_404"}) as server:
        assert get(since(server.papers_url, LATER))[0] == 404
        assert get(since(server.papers_url, START))[0] == 200
    with CouncilServer(switches={"window_error"}) as server:
        assert get(since(server.papers_url, START))[0] == 500
    for name in ("modified_ignored", "modified_today"):
        with CouncilServer(switches={name}) as server:
            papers = all_papers(since(server.papers_url, LATER))
            assert len(papers) == 12
            assert (papers[0]["modified"] > LATER) == (name == "modified_today")


def test_wayward_papers() -> None:
    with CouncilServer(switches={"main_file_empty", "references_doubled"}) as server:
        papers = all_papers(server.papers_url)
        assert not any(paper.get("mainFile") for paper in papers)
        assert sum(len(paper["auxiliaryFile"]) for paper in papers) == 17
        assert len({paper["reference"] for paper in papers}) == 6
    with CouncilServer(switches={"files_by_reference"}) as server:
        paper = all_papers(server.papers_url)[1]
        assert get_json(paper["auxiliaryFile"][0])["fileName"] == "Anlage-2-1.pdf"
    with CouncilServer(switches={"licence_empty", "ids_http"}) as server:
        assert get_json(server.body_url)["license"] == ""
        paper = all_papers(server.papers_url)[0]
        assert paper["license"] == "" and paper["id"].startswith("https://")
    with CouncilServer(switches={"decision_contradicts"}) as server:
        assert get_json(f"{server.base}/oparl/1.0/agendaitem/2")["result"] == "Abgelehnt"
    with CouncilServer(switches={"urls_unescaped"}) as server:
        access = all_papers(server.papers_url)[0]["mainFile"]["accessUrl"]
        assert " Übersicht" in access
        assert get(access.replace(" ", "%20").replace("Ü", "%C3%9C"))[0] == 200


def test_wayward_files() -> None:
    with CouncilServer() as server:
        address = server.base + server.council.files[1].path
        expected = {
            "html_for_file": (200, "text/html"),
            "empty_file": (200, "application/pdf"),
            "wrong_type_file": (200, "application/octet-stream"),
            "unnamed_type_file": (200, None),
            "file_gone": (410, "text/plain"),
            "file_error": (500, "text/plain"),
            "redirect_file": (302, None),
            "redirect_file_host": (302, None),
        }
        for name, (status, media) in expected.items():
            server.switches = {name}
            found = get(address)
            assert (found[0], found[1]["Content-Type"]) == (status, media), name
        server.switches = {"redirect_file"}
        assert get(server.base + get(address)[1]["Location"])[2].startswith(b"%PDF")
        server.switches = {"truncated_file"}
        with pytest.raises(http.client.IncompleteRead):
            get(address)
        server.switches = {"no_validators"}
        assert get(address)[1]["ETag"] is None
        server.switches = {"etag_new"}
        assert get(address)[1]["ETag"] != get(address)[1]["ETag"]
        server.switches = {"conditional_ignored"}
        assert get(address, If_None_Match=get(address)[1]["ETag"])[0] == 200


def test_an_interrupted_run_and_one_that_goes_on() -> None:
    with CouncilServer(switches={"files_break_off"}, files_until_break=2) as server:
        files = list(server.council.files.values())
        for file in files[:2]:
            assert get(server.base + file.path)[0] == 200
        with pytest.raises((http.client.RemoteDisconnected, ConnectionResetError)):
            get(server.base + files[2].path)
        server.switch("files_break_off", on=False)
        assert get(server.base + files[2].path)[0] == 200


def test_busy_and_slow_servers() -> None:
    with CouncilServer(switches={"too_many"}, retry_after=2) as server:
        status, headers, _ = get(server.papers_url)
        assert (status, headers["Retry-After"]) == (429, "2")
        assert get(server.papers_url)[0] == 200
    with CouncilServer(switches={"unavailable_always", "retry_date"}) as server:
        assert get(server.papers_url)[1]["Retry-After"].endswith("GMT")
        assert get(server.papers_url)[0] == 503
        assert get(f"{server.base}/robots.txt")[0] == 200
    with CouncilServer(switches={"slow_list"}, slow_seconds=0.2) as server:
        started = time.monotonic()
        assert get(server.papers_url)[0] == 200
        assert time.monotonic() - started >= 0.2


def test_robots() -> None:
    with CouncilServer(switches={"robots_forbid"}) as server:
        assert b"Disallow: /dokumente/1/" in get(f"{server.base}/robots.txt")[2]
        server.switches = {"robots_error"}
        assert get(f"{server.base}/robots.txt")[0] == 500
        assert [request.path for request in server.asked("robots")] == ["/robots.txt"] * 2


def test_a_switch_that_is_none_is_refused_and_every_switch_is_used() -> None:
    with pytest.raises(ValueError, match="windo_404"):
        CouncilServer(switches={"windo_404"})
    with CouncilServer() as server:
        folder = Path(__file__).parent
        code = "".join(path.read_text(encoding="utf-8") for path in folder.glob("[c-r]*.py"))
        for name in server.known_switches():
            assert code.count(f'"{name}"') >= 2, name


def test_the_server_speaks_https_and_of_itself_by_name(tmp_path: Path) -> None:
    certificate = make_certificate(tmp_path, ["ratsinfo.auental.example"])
    context = ssl.create_default_context(cafile=str(certificate[0]))
    host = "ratsinfo.auental.example"
    with CouncilServer(host=host, certificate=certificate, switches={"ids_http"}) as server:
        plain = socket.create_connection(("127.0.0.1", server.port))
        with plain, context.wrap_socket(plain, server_hostname=host) as secret:
            path = urlsplit(server.papers_url).path
            secret.sendall(f"GET {path} HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
            reply = http.client.HTTPResponse(secret)
            reply.begin()
            page = json.loads(reply.read())
        assert page["links"]["next"].startswith(f"https://{host}:{server.port}/")
        assert page["data"][0]["id"].startswith(f"http://{host}:{server.port}/")


def locations(content: bytes) -> list[str]:
    return [str(name) for name in etree.fromstring(content).xpath("//*[local-name()='loc']/text()")]


def test_three_sitemaps_a_page_and_two_feeds() -> None:
    with WebServer() as site:
        plain = locations(get(site.url("/sitemap.xml"))[2])
        assert len(plain) == 7 and plain[0] == site.url("/dateien/klimakonzept.pdf")
        packed = locations(get(site.url("/sitemap-index.xml"))[2])
        inner = [locations(gzip.decompress(get(address)[2])) for address in packed]
        assert [*inner[0], *inner[1]] == plain
        assert locations(get(site.url("/sitemap-seiten.xml"))[2]) == plain[4:]
        page = etree.HTML(get(site.url("/strategien.html"))[2])
        links = [str(link) for link in page.xpath("//main//a/@href")]
        assert site.url("/dateien/energiestrategie.pdf") in links and "/natur/moor.html" in links
        for path in FEEDS:
            feed = feedparser.parse(get(site.url(path))[2])
            assert not feed.bozo
            assert [entry.enclosures[0].href for entry in feed.entries] == plain[:4]
        assert {get(address)[0] for address in plain} == {200}


def test_the_website_changes_and_is_wayward() -> None:
    with WebServer() as site:
        site.change_file("/dateien/klimakonzept.pdf")
        site.remove_file("/dateien/faltblatt.pdf")
        site.add_file("/dateien/neu.pdf", "Hafenstrategie Auental")
        plain = get(site.url("/sitemap.xml"))[2]
        assert b"faltblatt" not in plain and b"neu.pdf" in plain
        assert f"<lastmod>{datetime.date.today().year}".encode() in plain
        assert get(site.url("/dateien/faltblatt.pdf"))[0] == 404
        for name in ("foreign_file", "doubled_links", "list_empty"):
            site.switches = {name}
            for path in (*SITEMAPS[::2], *FEEDS, "/strategien.html"):
                body = get(site.url(path))[2]
                assert (b"fremd.example" in body) == (name == "foreign_file"), path
                assert (b"#seite=2" in body) == (name == "doubled_links"), path
        for name, start in (("html_for_xml", b"<!doctype"), ("pdf_for_xml", b"%PDF")):
            site.switches = {name}
            assert get(site.url("/rss.xml"))[2].startswith(start)
        site.switches = {"sitemap_loops", "sitemap_leaves_host"}
        names = locations(get(site.url("/sitemap-index.xml"))[2])
        assert names[2:] == [site.url("/sitemap-index.xml"), "http://fremd.example/sitemap.xml"]


def test_every_case_and_switch_is_in_the_table_of_expectations() -> None:
    expected = (Path(__file__).parent / "EXPECTED.md").read_text(encoding="utf-8")
    with CouncilServer() as server, WebServer() as site:
        known = {*server.known_switches(), *site.known_switches(), *CASES}
    assert [name for name in sorted(known) if f"`{name}`" not in expected] == []
    assert COUNCIL_SWITCHES
