"""The fake council information system: OParl 1.0 and 1.1 on loopback, well-behaved or wayward.

    with CouncilServer(host="ratsinfo.auental.example", switches={"window_404"}) as server:
        server.system_url, server.body_url, server.papers_url   # where a source may begin
        server.council.change_file(1)                           # while it runs
        server.asked("file"), server.forget()                   # what was asked; the next run begins

Every switch is in `COUNCIL_SWITCHES`, `FILE_SWITCHES`, `BUSY_SWITCHES` and `ROBOTS_SWITCHES`; any of
them may be combined and turned while the server runs.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Callable, Iterable
from pathlib import Path
from urllib.parse import urlencode

from tests.followed_sources.blind.council import (
    MEETINGS,
    ORGANIZATIONS,
    Council,
    Json,
    PaperEntry,
    Writer,
)
from tests.followed_sources.blind.listening import Listener, Reply, Request
from tests.followed_sources.blind.replies import (
    BUSY_SWITCHES,
    FILE_SWITCHES,
    LOGIN,
    ROBOTS_SWITCHES,
    busy_reply,
    conditional_reply,
    file_reply,
    robots_reply,
)

COUNCIL_SWITCHES = {
    "window_404": "a list that `modified_since` leaves empty answers 404",
    "window_error": "any `modified_since` answers 500",
    "modified_ignored": "`modified_since` is ignored: the whole list comes",
    "modified_today": "`modified` and `created` of everything are now, and nothing is left out",
    "next_loops": "the last page of papers names the first as its next",
    "next_same": "the second page of papers names itself as its next",
    "next_drops_filter": "`next` names the page without `modified_since`",
    "next_leaves_host": "the first page of papers names a page of another host as its next",
    "next_empty": "the last page of papers names `null` as its next",
    "next_relative": "`next` is relative to the page",
    "html_for_json": "the second page of papers is a page for signing in, with 200",
    "html_for_json_first": "the first page of papers is a page for signing in, with 200",
    "pdf_for_json": "the second page of papers is a PDF, with 200",
    "truncated_json": "the second page of papers ends in the middle: Content-Length says more",
    "broken_json": "the second page of papers ends in the middle: Content-Length says so",
    "wrong_type_json": "lists and objects are JSON, but their Content-Type is text/html",
    "bom_json": "lists and objects begin with a byte order mark",
    "list_error": "the second page of papers answers 500, always",
    "slow_list": "each page of a list takes `slow_seconds`",
    "redirect_list_host": "the list of papers redirects to another host",
    "main_file_empty": "`mainFile` is absent, null, empty or {}; all files are in `auxiliaryFile`",
    "files_by_reference": "`mainFile` and `auxiliaryFile` are ids, not objects",
    "no_download_url": "files have an `accessUrl` only",
    "urls_unescaped": "addresses of main files have a space and an umlaut that are not escaped",
    "no_mime_type": "files have no `mimeType`",
    "references_doubled": "two papers each have the same reference",
    "ids_http": "ids begin with http:// though the server speaks https (or the reverse)",
    "licence_empty": "every licence is an empty text",
    "licence_missing": "System and Body have no licence; only the first file has one",
    "decision_contradicts": "the agenda items say that every paper was refused",
    "files_break_off": "after `files_until_break` files each further file breaks off without a word",
}

_OLD = {"bodies", "papers", "organizations", "people", "meetings"}
_NEW = {"agendaitems", "consultations", "files", "locations", "legislativeterms", "memberships"}
_LISTS = {"1.0": _OLD, "1.1": _OLD | _NEW}
UNESCAPED = "Vorlage Übersicht-"  # instead of "Vorlage-" in addresses that are not escaped


class CouncilServer(Listener):
    """The server of the council of Kreis Auental."""

    def __init__(
        self,
        version: str = "1.0",
        *,
        host: str = "127.0.0.1",
        base: str = "",
        certificate: tuple[Path, Path] | None = None,
        switches: Iterable[str] = (),
        stranger: str = "http://fremd.example",
        page_size: int = 5,
        slow_seconds: float = 0.3,
        retry_after: int = 1,
        files_until_break: int = 4,
        clock: Callable[[], datetime.datetime] = lambda: datetime.datetime.now(datetime.UTC),
    ) -> None:
        super().__init__(host, base, certificate, switches, stranger)
        self.version = version
        self.council = Council(clock)
        self.page_size = page_size
        self.slow_seconds = slow_seconds
        self.retry_after = retry_after
        self.files_until_break = files_until_break

    def known_switches(self) -> dict[str, str]:
        """Return the switches of a council."""
        return COUNCIL_SWITCHES | FILE_SWITCHES | BUSY_SWITCHES | ROBOTS_SWITCHES

    @property
    def system_url(self) -> str:
        """The address of the System."""
        return f"{self.base}/oparl/{self.version}/system"

    @property
    def body_url(self) -> str:
        """The address of the Body."""
        return f"{self.base}/oparl/{self.version}/body/1"

    @property
    def papers_url(self) -> str:
        """The address of the list of papers."""
        return f"{self.body_url}/papers"

    def classify(self, request: Request) -> str:
        """Return robots, file, list, object or other."""
        parts = request.path.strip("/").split("/")
        if parts[0] in ("dokumente", "anlagen", "umgeleitet"):
            return "file"
        if parts[0] != "oparl":
            return super().classify(request)
        is_list = parts[2:] == ["bodies"] or (len(parts) == 5 and parts[2] == "body")
        return "list" if is_list else "object"

    def reply(self, request: Request) -> Reply:
        """Return what is answered."""
        kind = self.classify(request)
        if kind == "robots":
            return robots_reply(self, "/dokumente/1/")
        busy = busy_reply(self, request, self.retry_after)
        if busy is not None:
            return busy
        if kind == "file":
            return self._reply_with_file(request)
        if kind == "other":
            return _error("Diese Adresse gibt es nicht.")
        parts = request.path.strip("/").split("/")
        if len(parts) < 3 or parts[1] not in ("1.0", "1.1"):
            return _error("Diese Version gibt es nicht.")
        if kind == "list":
            return self._reply_with_list(request, parts[1], parts[-1])
        found = self._find_object(self._writer(parts[1]), parts[2:])
        return self._reply_with_json(request, found) if found else _error("Nicht gefunden.")

    def _writer(self, version: str) -> Writer:
        ids = self.base
        if "ids_http" in self.switches:
            scheme, _, rest = ids.partition("://")
            ids = f"{'http' if scheme == 'https' else 'https'}://{rest}"
        return Writer(self.council, self.base, ids, version, self.switches)

    def _reply_with_file(self, request: Request) -> Reply:
        path = request.path.removeprefix("/umgeleitet").replace(UNESCAPED, "Vorlage-")
        for file in self.council.files.values():
            if file.path == path:
                if "files_break_off" in self.switches and self._is_over():
                    return Reply(drop=True)
                is_first = file.number == 1
                return file_reply(self, request, file.content, file.media, file.modified, is_first)
        return _error("Diese Datei gibt es nicht.")

    def _is_over(self) -> bool:
        """True once as many files were given out as there are until it breaks off."""
        with self._lock:
            given = [entry for entry in self.log if entry.kind == "file" and entry.status == 200]
        return len(given) >= self.files_until_break

    def _find_object(self, writer: Writer, parts: list[str]) -> Json | None:
        if parts == ["system"]:
            return writer.system()
        if len(parts) != 2 or not parts[1].isdigit():
            return None
        kind, number = parts[0], int(parts[1])
        paper = self.council.papers.get(number)
        is_there = paper is not None and not paper.vanished
        if kind == "body" and number == 1:
            return writer.body()
        if kind == "organization" and number in ORGANIZATIONS:
            return writer.organization(number)
        if kind == "meeting" and number in MEETINGS:
            return writer.meeting(number)
        if kind == "file":
            return self._find_file(writer, number)
        if paper is None or not is_there:
            return None
        if kind == "paper":
            return writer.paper(paper)
        if kind == "agendaitem":
            return writer.agenda_item(paper)
        return writer.consultation(paper) if kind == "consultation" else None

    def _find_file(self, writer: Writer, number: int) -> Json | None:
        for paper in self._papers_there():
            for file in paper.files:
                if file.number == number:
                    written = writer.file(file, embedded=False, paper=paper.number)
                    if not paper.deleted:
                        return written
                    kept = ("id", "type", "created")
                    dates = {"modified": writer.stamp(paper.modified), "deleted": True}
                    return {key: written[key] for key in kept} | dates
        return None

    def _papers_there(self) -> list[PaperEntry]:
        return [paper for paper in self.council.papers.values() if not paper.vanished]

    def _list_objects(self, writer: Writer, name: str, request: Request) -> list[Json]:
        """Return all objects of a list, before any window."""
        internal = not (
            request.path.startswith("/oparl/1.1/") and request.query.get("omit_internal") == "true"
        )
        papers = self._papers_there()
        shown = self.council.papers_shown()
        if name == "bodies":
            return [writer.body()]
        if name == "papers":
            return [writer.paper(paper, internal) for paper in papers]
        if name == "organizations":
            return [writer.organization(number) for number in ORGANIZATIONS]
        if name == "meetings":
            return [writer.meeting(number) for number in MEETINGS]
        if name == "agendaitems":
            return [writer.agenda_item(paper) for paper in shown]
        if name == "consultations":
            return [writer.consultation(paper) for paper in shown]
        found = []
        if name == "files":
            for paper in shown:
                found += [writer.file(file, False, paper.number) for file in paper.files]
        return found  # people, memberships, locations: there are none

    def _reply_with_list(self, request: Request, version: str, name: str) -> Reply:
        if name not in _LISTS[version]:
            return _error("Diese Liste gibt es nicht.")
        asked = dict(request.query)
        page = int(asked.pop("page", "1") or 1)
        found = self._list_objects(self._writer(version), name, request)
        since = asked.get("modified_since", "")
        if since and "window_error" in self.switches:
            return Reply(500, {"Content-Type": "text/plain"}, b"Fehler in der Abfrage")
        if since and not self.switches & {"modified_ignored", "modified_today"}:
            try:
                earliest = _read_time(since)
            except ValueError:
                return Reply(400, {"Content-Type": "text/plain"}, b"date-time erwartet")
            found = [item for item in found if _read_time(item["modified"]) >= earliest]
            if not found and "window_404" in self.switches:
                return _error("Keine Objekte gefunden.")
        elif not since and version == "1.1":
            found = [item for item in found if not item.get("deleted")]
        wrong = self._wayward_list(request, page) if name == "papers" else None
        if wrong is not None:
            return wrong
        reply = self._reply_with_json(request, self._page_of(request, found, page, asked))
        if "slow_list" in self.switches:
            reply.pause = self.slow_seconds
        if name == "papers" and page == 2 and reply.status == 200:
            whole = reply.body if isinstance(reply.body, bytes) else b""
            if "truncated_json" in self.switches:
                reply.headers["Content-Length"] = str(len(whole))
                reply.body = whole[: len(whole) // 2]
            if "broken_json" in self.switches:
                reply.body = whole[: len(whole) // 2]
        return reply

    def _wayward_list(self, request: Request, page: int) -> Reply | None:
        """Return what comes instead of a page of papers, if a switch says so."""
        if "redirect_list_host" in self.switches:
            return Reply(302, {"Location": self.stranger + request.target})
        if page == 1 and "html_for_json_first" in self.switches:
            return Reply(200, {"Content-Type": "text/html"}, LOGIN)
        if page != 2:
            return None
        if "html_for_json" in self.switches:
            return Reply(200, {"Content-Type": "text/html"}, LOGIN)
        if "pdf_for_json" in self.switches:
            content = self.council.papers[1].files[0].content
            return Reply(200, {"Content-Type": "application/pdf"}, content)
        if "list_error" in self.switches:
            return Reply(500, {"Content-Type": "text/plain"}, b"Fehler in der Abfrage")
        return None

    def _page_of(
        self, request: Request, found: list[Json], page: int, asked: dict[str, str]
    ) -> Json:
        size = self.page_size
        if asked.get("limit", "").isdigit():
            size = max(1, min(size, int(asked["limit"])))
        pages = max(1, -(-len(found) // size))
        kept = dict(asked)
        if "next_drops_filter" in self.switches:
            kept.pop("modified_since", None)
        links: Json = {
            "first": self._page_url(request, asked, 1),
            "self": self._page_url(request, asked, page),
            "last": self._page_url(request, asked, pages),
        }
        if page > 1:
            links["prev"] = self._page_url(request, asked, page - 1)
        if page < pages:
            links["next"] = self._page_url(request, kept, page + 1)
        if request.path.startswith("/oparl/1.1/"):
            links["web"] = f"{self.base}/sitzungsdienst/vorlagen"
        links |= self._wayward_next(request, kept, page, pages)
        return {
            "data": found[(page - 1) * size : page * size],
            "pagination": {
                "totalElements": len(found),
                "elementsPerPage": size,
                "currentPage": page,
                "totalPages": pages,
            },
            "links": links,
        }

    def _wayward_next(self, request: Request, kept: dict[str, str], page: int, pages: int) -> Json:
        if not request.path.endswith("/papers"):
            return {}
        if page == pages and "next_loops" in self.switches:
            return {"next": self._page_url(request, kept, 1)}
        if page == pages and "next_empty" in self.switches:
            return {"next": None}
        if page == 2 and "next_same" in self.switches:
            return {"next": self._page_url(request, kept, 2)}
        if page == 1 and "next_leaves_host" in self.switches:
            address = self._page_url(request, kept, 2)
            return {"next": self.stranger + address.removeprefix(self.base)}
        if page < pages and "next_relative" in self.switches:
            return {"next": "?" + urlencode(kept | {"page": str(page + 1)})}
        return {}

    def _page_url(self, request: Request, kept: dict[str, str], page: int) -> str:
        query = dict(kept) if page == 1 else kept | {"page": str(page)}
        address = self.base + request.path
        return f"{address}?{urlencode(query)}" if query else address

    def _reply_with_json(self, request: Request, written: Json) -> Reply:
        text = json.dumps(written, ensure_ascii=False, indent=1)
        if "bom_json" in self.switches:
            text = "\ufeff" + text
        media = "text/html" if "wrong_type_json" in self.switches else "application/json"
        return conditional_reply(self, request, text.encode(), media, None)


def _read_time(text: str) -> datetime.datetime:
    """Read a date-time with its offset; a plus that came as a space is one."""
    at = datetime.datetime.fromisoformat(text.replace(" ", "+"))
    if at.tzinfo is None:
        raise ValueError("An offset is missing.")
    return at


def _error(message: str) -> Reply:
    """Return the error object of OParl 1.1."""
    body = {"type": "https://schema.oparl.org/1.1/Error", "message": message, "debug": ""}
    headers = {"Content-Type": "application/json"}
    return Reply(404, headers, json.dumps(body, ensure_ascii=False).encode())
