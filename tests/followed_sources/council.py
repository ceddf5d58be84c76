"""A council information system by OParl 1.0 or 1.1, with a website beside it.

`recorded/` has what servers of an invented council and its website replied that were written from
the specifications alone, by somebody who did not see the client.
"""

from __future__ import annotations

import gzip
import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha1, sha512
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlencode, urlsplit

from service.followed_sources import FollowedSource
from tests.followed_sources.server import MISSING, Reply, Request

HOST = "ratsinfo.example"
BASE = f"http://{HOST}/oparl"
PAGE_SIZE = 2
RECORDED = Path(__file__).parent / "recorded"
JSON, HTML, XML, TEXT, PDF = (
    {"content-type": media}
    for media in (
        "application/json; charset=utf-8",
        "text/html",
        "application/xml",
        "text/plain",
        "application/pdf",
    )
)
WORD = {"content-type": "application/vnd.openxmlformats-officedocument.wordprocessingml.document"}
GZIP = {"content-type": "application/gzip"}
LOGIN = Reply(200, HTML, b"<!doctype html><h1>Bitte melden Sie sich an</h1>")
# of files by their suffixes: what replies say of them, and how they begin
KINDS = {
    ".pdf": (PDF, b"%PDF-1.7 "),
    ".docx": (WORD, b"PK\x03\x04"),
    ".csv": ({"content-type": "text/csv"}, b"Titel;Euro "),
}
PAGES = {
    "/sitemap.xml": XML,
    "/sitemap-index.xml": XML,
    "/sitemap-seiten.xml": XML,
    "/rss.xml": {"content-type": "application/rss+xml"},
    "/atom.xml": {"content-type": "application/atom+xml"},
    "/strategien.html": HTML,
}
PACKED = {
    "/sitemaps/dateien.xml.gz": "sitemap-dateien.xml",
    "/sitemaps/seiten.xml.gz": "sitemap-seiten.xml",
}
WEB_FILES = (
    "/dateien/klimakonzept.pdf",
    "/dateien/radwegekonzept.pdf",
    "/dateien/sozialstrategie.docx",
    "/dateien/faltblatt.pdf",
    "/dateien/energiestrategie.pdf",
    "/dateien/pflegekonzept.pdf",
    "/dateien/jugendstrategie.docx",
    "/intern/entwurf.pdf",
)


def oparl(**more: Any) -> FollowedSource:
    given = {"name": "Kreistag", "kind": "oparl", "address": f"{BASE}/body/1", "hosts": (HOST,)}
    return FollowedSource.model_validate({**given, **more})


def web(kind: str, path: str, **more: Any) -> FollowedSource:
    given = {"name": "Website", "kind": kind, "address": f"http://{HOST}{path}", "hosts": (HOST,)}
    return FollowedSource.model_validate({**given, **more})


def of_json(found: object) -> Reply:
    return Reply(200, JSON, json.dumps(found).encode())


def now() -> str:
    return datetime.now(UTC).isoformat()


@dataclass
class Council:
    """Its papers by number, its files and pages by path, and a `fault` of its lists of changes: an
    "ignored window" gives the whole list, a "dropped window" a next page of the whole list, and an
    "empty window" is a 404.
    """

    version: str = "1.1"
    papers: dict[int, dict[str, Any]] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)
    pages: dict[str, Reply] = field(default_factory=dict)
    fault: str = ""

    def __post_init__(self) -> None:
        """Begin with the recorded system and body."""
        recorded = self._recorded()
        self.body = recorded["body"]
        self.objects = {
            "/oparl/system": recorded["system"],
            "/oparl/bodies": {"data": [self.body], "links": {}},
            "/oparl/body/1": self.body,
        }

    @classmethod
    def recorded(cls, version: str = "1.1") -> Self:
        """Return the recorded council: 6 papers on 3 pages, with 9 documents and a table; and its
        website.
        """
        council = cls(version)
        council.papers = dict(enumerate(council._recorded()["papers"], 1))
        for paper in council.papers.values():
            for file in files_of(paper):
                council._fill(path_of(file))
        for path in WEB_FILES:
            council._fill(path)
        for path, headers in PAGES.items():
            council.pages[path] = Reply(200, headers, (RECORDED / path[1:]).read_bytes())
        for path, name in PACKED.items():
            packed = gzip.compress((RECORDED / name).read_bytes())
            council.pages[path] = Reply(200, GZIP, packed)
        return council

    @classmethod
    def of_strategies(cls) -> Self:
        """Return a council of five papers, each with a file that ends with its number."""
        council = cls()
        for number in range(1, 6):
            council.add(number, f"Strategie {number}", f"%PDF-1.7 {number}".encode())
        return council

    def _recorded(self) -> dict[str, Any]:
        text = (RECORDED / f"oparl-{self.version}.json").read_text(encoding="utf-8")
        found: dict[str, Any] = json.loads(text)
        return found

    def _fill(self, path: str) -> None:
        _, start = KINDS[Path(path).suffix]
        self.files[path] = start + path.encode()

    def add(self, number: int, name: str, content: bytes, **more: Any) -> None:
        """Add a paper of today with a main file."""
        self.files[f"/files/{number}.pdf"] = content
        self.papers[number] = {
            "id": f"{BASE}/paper/{number}",
            "type": f"https://schema.oparl.org/{self.version}/Paper",
            "name": name,
            "reference": f"{number}/2022",
            "paperType": "Vorlage",
            "date": "2022-05-01",
            "modified": now(),
            "mainFile": file_object(number, content),
            **more,
        }

    def change(self, number: int, **values: Any) -> None:
        """Change a paper, which is dated anew."""
        self.papers[number].update(values, modified=now())

    def delete(self, number: int) -> None:
        """Leave nothing of a paper but that it was deleted."""
        self.papers[number] = {"id": self.papers[number]["id"], "modified": now(), "deleted": True}

    def replace(self, number: int, content: bytes) -> None:
        """Give the main file of a paper another content; both are dated anew."""
        file = self.papers[number]["mainFile"]
        self.files[path_of(file)] = content
        file["modified"] = now()
        for digest in ("sha1Checksum", "sha512Checksum"):
            if digest in file:
                file[digest] = sha512(content).hexdigest()
        self.change(number)

    def answer(self, request: Request) -> Reply | None:
        """Answer a request as a well-behaved host."""
        path = request.path
        if path == "/robots.txt":
            return Reply(200, TEXT, b"User-agent: *\nDisallow: /intern/\n")
        if path in self.pages:
            return self.pages[path]
        if path in self.files:
            return self._file(path)
        if path in self.objects:
            return of_json(self.objects[path])
        return self._papers(request.query) if path == "/oparl/papers" else None

    def _file(self, path: str) -> Reply:
        headers, _ = KINDS[Path(path).suffix]
        content = self.files[path]
        return Reply(200, {**headers, "etag": f'"{sha1(content).hexdigest()}"'}, content)

    def _papers(self, query: dict[str, str]) -> Reply:
        papers = list(self.papers.values())
        since = query.get("modified_since", "")
        if since and self.fault != "ignored window":
            earliest = datetime.fromisoformat(since)
            papers = [
                paper for paper in papers if datetime.fromisoformat(paper["modified"]) >= earliest
            ]
        elif self.version == "1.1":
            papers = [paper for paper in papers if not paper.get("deleted")]
        if since and not papers and self.fault == "empty window":
            return MISSING
        page = int(query.get("page", "1"))
        links = {}
        if page * PAGE_SIZE < len(papers):
            following = {"page": str(page + 1)}
            if since and self.fault != "dropped window":
                following["modified_since"] = since
            links["next"] = f"{BASE}/papers?{urlencode(following)}"
        found = papers[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]
        return of_json({"data": found, "links": links, "pagination": {}})


def file_object(number: int, content: bytes, **more: Any) -> dict[str, Any]:
    return {
        "id": f"{BASE}/file/{number}",
        "accessUrl": f"http://{HOST}/files/{number}.pdf",
        "mimeType": "application/pdf",
        "modified": now(),
        "sha1Checksum": sha1(content).hexdigest(),
        **more,
    }


def files_of(paper: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the files of a paper, the main one first."""
    return [paper["mainFile"], *paper["auxiliaryFile"]]


def path_of(file: dict[str, Any]) -> str:
    return urlsplit(file["accessUrl"]).path
