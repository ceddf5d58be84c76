"""A council information system by OParl 1.0 or 1.1, with the faults of those in the wild, and a
website beside it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha1
from typing import Any
from urllib.parse import parse_qs, urlsplit

from followed_sources import FollowedSource
from tests.followed_sources.fake_network import PUBLIC, Answer, FakeNetwork, answering

RATS, WEB = "ratsinfo.example", "www.kreis.example"
BASE = f"http://{RATS}/oparl"
OPARL = {"name": "Kreistag", "kind": "oparl", "address": f"{BASE}/body/1", "hosts": (RATS,)}
JSON = {"content-type": "application/json; charset=utf-8"}


def oparl(**more: Any) -> FollowedSource:
    return FollowedSource.model_validate({**OPARL, **more})


def web(kind: str, path: str, **more: Any) -> FollowedSource:
    given = {"name": "Website", "kind": kind, "address": f"http://{WEB}{path}", "hosts": (WEB,)}
    return FollowedSource.model_validate({**given, **more})


@dataclass
class Council:
    """Its papers by number, its files by address; `faults` are names of what it does wrong."""

    version: str = "1.1"
    faults: set[str] = field(default_factory=set)
    papers: dict[int, dict[str, Any]] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)
    pages: dict[str, tuple[Mapping[str, str], bytes]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def add(self, number: int, name: str, content: bytes, **more: Any) -> None:
        """Add a paper with a main file."""
        self.files[f"/files/{number}.pdf"] = content
        paper = {
            "id": f"{BASE}/paper/{number}",
            "type": f"https://schema.oparl.org/{self.version}/Paper",
            "name": name,
            "reference": f"{number}/2022",
            "paperType": "Vorlage",
            "date": "2022-05-01",
            "mainFile": self.file(number, content),
            **more,
        }
        self.papers[number] = paper

    def file(self, number: int, content: bytes, **more: Any) -> dict[str, Any]:
        stamp = "2026-01-01T00:00:00+01:00"
        digest = {"sha1Checksum": sha1(content).hexdigest()}
        return {
            "id": f"{BASE}/file/{number}",
            "accessUrl": f"http://{RATS}/files/{number}.pdf",
            "mimeType": "application/pdf",
            "modified": stamp,
            **({} if "no digests" in self.faults else digest),
            **more,
        }

    def answer(self, path: str, headers: Mapping[str, str]) -> Answer | None:
        """Answer a request to "host/path"."""
        if not path.endswith("/robots.txt"):
            self.asked.append(path)
        parts = urlsplit("//" + path)
        if parts.path in self.files:
            return self._file(parts.path, headers)
        if parts.path in self.pages:
            fields, content = self.pages[parts.path]
            return 200, fields, content
        if parts.path == "/oparl/system":
            return self._object("System", body=f"{BASE}/bodies")
        if parts.path == "/oparl/bodies":
            return 200, JSON, json.dumps({"data": [self._body()], "links": {}}).encode()
        if parts.path == "/oparl/body/1":
            return 200, JSON, json.dumps(self._body()).encode()
        if parts.path == "/oparl/papers":
            return self._papers(parse_qs(parts.query))
        return None

    @property
    def asked_files(self) -> list[str]:
        """The paths of files that were asked for."""
        return [path for path in self.asked if "/files/" in path]

    def _file(self, path: str, headers: Mapping[str, str]) -> Answer:
        content = self.files[path]
        tag = f'"{sha1(content).hexdigest()}"'
        if "no etags" in self.faults:
            return 200, {}, content
        if headers.get("if-none-match") == tag:
            return 304, {"etag": tag}, b""
        return 200, {"etag": tag, "content-type": "application/pdf"}, content

    def _object(self, kind: str, **more: Any) -> Answer:
        found = {"id": f"{BASE}/{kind.lower()}", **more}
        found["type"] = f"https://schema.oparl.org/{self.version}/{kind}"
        return 200, JSON, json.dumps(found).encode()

    def _body(self) -> dict[str, Any]:
        kind = f"https://schema.oparl.org/{self.version}/Body"
        return {"id": f"{BASE}/body/1", "type": kind, "paper": f"{BASE}/papers",
                "license": "" if "no licence" in self.faults else "dl-de/by-2-0"}  # fmt: skip

    def _papers(self, query: Mapping[str, list[str]]) -> Answer | None:
        page = int(query.get("page", ["1"])[0])
        if "html" in self.faults and page == 2:
            return 200, {"content-type": "text/html"}, b"<h1>Wartung</h1>"
        if "html as json" in self.faults and page == 2:
            return 200, JSON, b"<h1>Wartung</h1>"
        if "pdf" in self.faults and page == 2:
            return 200, {"content-type": "application/pdf"}, b"%PDF-1.7"
        papers = list(self.papers.values())
        is_window = "modified_since" in query
        if is_window and "window ignored" not in self.faults:
            papers = [paper for paper in papers if paper.get("recent")]
        if is_window and not papers and "empty window is 404" in self.faults:
            return None
        size = 2
        links = {}
        if page * size < len(papers):
            kept = f"&modified_since={query['modified_since'][0]}" if is_window else ""
            kept = "" if "next drops the filter" in self.faults else kept
            links["next"] = f"{BASE}/papers?page={page + 1}{kept}"
        if "next loops" in self.faults and page == 2:
            links["next"] = f"{BASE}/papers?page=1"
        if "next leaves" in self.faults:
            links["next"] = "http://intern.example/papers?page=2"
        data = papers[(page - 1) * size : page * size]
        return 200, JSON, json.dumps({"data": data, "links": links, "pagination": {}}).encode()


@contextmanager
def following(council: Council) -> Iterator[FakeNetwork]:
    """Serve a council and its website; yield the network in which they are public hosts."""
    with answering(council.answer) as port:
        names = {RATS: [PUBLIC], WEB: [PUBLIC], "intern.example": ["10.0.0.5"]}
        yield FakeNetwork(names, {80: port})
