"""Replies that both servers give: files and lists with their validators, and how they go wrong."""

from __future__ import annotations

import datetime
import hashlib
import uuid
from collections.abc import Callable
from email.utils import format_datetime, parsedate_to_datetime

from tests.followed_sources.blind.listening import Listener, Reply, Request

LOGIN = (
    b"<!doctype html><html lang='de'><head><title>Anmelden</title></head>"
    b"<body><h1>Bitte melden Sie sich an</h1><form><input name='kennung'></form></body></html>"
)

# What may be wrong with a file. Each is about every file, unless it says otherwise.
FILE_SWITCHES = {
    "no_validators": "neither ETag nor Last-Modified on files, lists and feeds",
    "weak_etag": "ETags are weak (W/)",
    "etag_new": "each answer has another ETag and no Last-Modified; If-None-Match never matches",
    "conditional_ignored": "If-None-Match and If-Modified-Since are ignored: always 200",
    "html_for_file": "the first file answers 200 with a page for signing in",
    "empty_file": "the first file answers 200 with nothing",
    "truncated_file": "the first file ends in the middle: Content-Length says more",
    "wrong_type_file": "files are PDF, but their Content-Type is application/octet-stream",
    "wrong_type_file_html": "files are PDF, but their Content-Type is text/html",
    "unnamed_type_file": "files have no Content-Type",
    "redirect_file": "files redirect (302) to another path of the same host",
    "redirect_file_loop": "files redirect to themselves",
    "redirect_file_host": "files redirect to another host",
    "file_gone": "the first file answers 410",
    "file_error": "the first file answers 500, always",
}
# What may be wrong with anything but robots.txt.
BUSY_SWITCHES = {
    "too_many": "429 with Retry-After at the first request for each address, the second is answered",
    "unavailable": "503 with Retry-After at the first request for each address, the second is answered",
    "unavailable_always": "503 with Retry-After, always",
    "retry_long": "Retry-After is a day, with too_many and unavailable",
    "retry_date": "Retry-After is an HTTP date, with too_many and unavailable",
    "retry_missing": "no Retry-After, with too_many and unavailable",
}
ROBOTS_SWITCHES = {
    "robots_missing": "robots.txt answers 404: all is allowed",
    "robots_forbid": "robots.txt forbids the folder of the first file",
    "robots_forbid_all": "robots.txt forbids everything",
    "robots_other_agent": "robots.txt forbids everything to an agent of another name alone",
    "robots_error": "robots.txt answers 500: all is forbidden (RFC 9309)",
    "robots_html": "robots.txt answers 200 with a page for signing in",
    "robots_redirect_host": "robots.txt redirects to another host",
    "robots_delay": "robots.txt asks for a delay of two seconds",
}


def busy_reply(server: Listener, request: Request, seconds: int) -> Reply | None:
    """Return 429 or 503 if a switch says so, else nothing."""
    always = "unavailable_always" in server.switches
    if not always and not server.switches & {"too_many", "unavailable"}:
        return None
    if not always and not server.is_first(f"busy {request.target}"):
        return None
    headers = {"Retry-After": str(seconds), "Content-Type": "text/plain"}
    if "retry_long" in server.switches:
        headers["Retry-After"] = "86400"
    elif "retry_date" in server.switches:
        later = datetime.datetime.now(datetime.UTC) + datetime.timedelta(seconds=seconds)
        headers["Retry-After"] = format_datetime(later, usegmt=True)
    elif "retry_missing" in server.switches:
        del headers["Retry-After"]
    status = 429 if "too_many" in server.switches else 503
    return Reply(status, headers, b"Zu viele Anfragen.")


def robots_reply(server: Listener, first_file_folder: str) -> Reply:
    """Return robots.txt; without a switch it forbids /intern/ alone."""
    switches = server.switches
    if "robots_missing" in switches:
        return Reply(404, {"Content-Type": "text/plain"}, b"")
    if "robots_error" in switches:
        return Reply(500, {"Content-Type": "text/plain"}, b"")
    if "robots_html" in switches:
        return Reply(200, {"Content-Type": "text/html"}, LOGIN)
    if "robots_redirect_host" in switches:
        return Reply(302, {"Location": f"{server.stranger}/robots.txt"}, b"")
    rules = ["User-agent: *", "Disallow: /intern/"]
    if "robots_delay" in switches:
        rules.append("Crawl-delay: 2")
    if "robots_forbid" in switches:
        rules.append(f"Disallow: {first_file_folder}")
    if "robots_forbid_all" in switches:
        rules.append("Disallow: /")
    if "robots_other_agent" in switches:
        rules += ["", "User-agent: Sammelhamster", "Disallow: /"]
    return Reply(200, {"Content-Type": "text/plain"}, "\n".join(rules).encode())


def conditional_reply(
    server: Listener,
    request: Request,
    body: bytes,
    media: str,
    modified: datetime.datetime | None,
) -> Reply:
    """Return 200 with validators, or 304 where the client has this body already."""
    headers = {"Content-Type": media}
    if "no_validators" in server.switches:
        return Reply(200, headers, body)
    if "etag_new" in server.switches:
        return Reply(200, headers | {"ETag": f'"{uuid.uuid4().hex}"'}, body)
    etag = f'"{hashlib.sha256(body).hexdigest()[:20]}"'
    headers["ETag"] = f"W/{etag}" if "weak_etag" in server.switches else etag
    if modified is not None:
        headers["Last-Modified"] = format_datetime(modified, usegmt=True)
    known = "conditional_ignored" not in server.switches
    if known and _has_it(request, etag, modified):
        del headers["Content-Type"]
        return Reply(304, headers, b"")
    return Reply(200, headers, body)


def _has_it(request: Request, etag: str, modified: datetime.datetime | None) -> bool:
    """True if the client has the current version; an ETag decides before a date (RFC 9110)."""
    tags = request.headers.get("if-none-match", "")
    if tags:
        given = [tag.strip().removeprefix("W/") for tag in tags.split(",")]
        return etag in given or "*" in given
    since = request.headers.get("if-modified-since", "")
    if not since or modified is None:
        return False
    try:
        return modified.replace(microsecond=0) <= parsedate_to_datetime(since)
    except (TypeError, ValueError):
        return False


def file_reply(
    server: Listener,
    request: Request,
    content: bytes,
    media: str,
    modified: datetime.datetime,
    is_first_file: bool,
) -> Reply:
    """Return a file, or what the switches make of it."""
    if is_first_file:
        for name, make in _FIRST_FILE.items():
            if name in server.switches:
                return make(content)
    if "redirect_file_host" in server.switches:
        return Reply(302, {"Location": server.stranger + request.path}, b"")
    if "redirect_file_loop" in server.switches:
        return Reply(302, {"Location": request.target}, b"")
    if "redirect_file" in server.switches and not request.path.startswith("/umgeleitet/"):
        return Reply(302, {"Location": f"/umgeleitet{request.target}"}, b"")
    reply = conditional_reply(server, request, content, media, modified)
    if reply.status == 200:
        if "wrong_type_file" in server.switches:
            reply.headers["Content-Type"] = "application/octet-stream"
        if "wrong_type_file_html" in server.switches:
            reply.headers["Content-Type"] = "text/html"
        if "unnamed_type_file" in server.switches:
            del reply.headers["Content-Type"]
    return reply


def _truncate(content: bytes) -> Reply:
    headers = {"Content-Type": "application/pdf", "Content-Length": str(len(content))}
    return Reply(200, headers, content[: len(content) // 2])


_FIRST_FILE: dict[str, Callable[[bytes], Reply]] = {
    "html_for_file": lambda content: Reply(200, {"Content-Type": "text/html"}, LOGIN),
    "empty_file": lambda content: Reply(200, {"Content-Type": "application/pdf"}, b""),
    "truncated_file": _truncate,
    "file_gone": lambda content: Reply(410, {"Content-Type": "text/plain"}, b"Fort."),
    "file_error": lambda content: Reply(500, {"Content-Type": "text/plain"}, b"Fehler."),
}
