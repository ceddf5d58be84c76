"""Reads the headers Accept, Accept-Language and If-None-Match (RFC 9110), and makes JSON and CSV
responses.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from pydantic import BaseModel
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.types import Receive, Scope, Send

VARY = {"Vary": "Accept"}
PUBLIC_PATH = "public_path"  # key of a scope: the path below which the public reaches the service
# "text/csv; q=0.8,": value, whether it has a weight, weight
_WEIGHTED = re.compile(r"([^\s,;]+)[^,]*?(?:(;\s*q\s*=)\s*(\d+(?:\.\d*)?|\.\d+)?[^,]*)?(?:,|$)")
_ADDRESSES = re.compile(rb'(\s(?:href|src|action|data-job)=")/(?!/)')  # of this service


class PageResponse(HTMLResponse):
    """A page; its addresses are put under the path below which the service is reached."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the page.

        If the service is below a path ("/lotse"), it is put before each address of this service in
        the page: href="/about" becomes href="/lotse/about". Addresses of other hosts ("//host")
        stay.
        """
        path = scope.get(PUBLIC_PATH, "").encode()
        if path:
            self.body = _ADDRESSES.sub(rb"\1" + path + b"/", bytes(self.body))
            self.headers["content-length"] = str(len(self.body))
        await super().__call__(scope, receive, send)


def json_response(model: BaseModel, headers: Mapping[str, str] = VARY) -> Response:
    """Return a model as JSON."""
    return Response(model.model_dump_json(), media_type="application/json", headers=headers)


def csv_response(text: str, name: str) -> Response:
    """Return CSV text as a file with this name, which browsers save: "fortschritt" as
    fortschritt.csv.
    """
    disposition = f'attachment; filename="{name}.csv"'
    headers = {**VARY, "Content-Disposition": disposition}
    return Response(
        text.encode(), media_type="text/csv; charset=utf-8; header=present", headers=headers
    )


def require_changed(request: Request, headers: Mapping[str, str]) -> None:
    """Raise HTTPException (304) if the client has the content already: its header If-None-Match has
    the entity tag of these response headers.

    Weak tags (`W/"…"`) count as equal, and "*" is any (RFC 9110, 13.1.2).
    """
    tag = headers["ETag"].removeprefix("W/")
    for given in request.headers.get("if-none-match", "").split(","):
        if given.strip().removeprefix("W/") in (tag, "*"):
            raise HTTPException(304, headers=headers)


def media_type_of(header: str) -> str:
    """Return the media type in a header Content-Type, in lower case and without parameters."""
    return header.partition(";")[0].strip().lower()


def parse_weights(header: str) -> Iterator[tuple[str, float]]:
    """Yield each value of a header with its weight: "text/csv;q=0.8" as ("text/csv", 0.8).

    Values are in lower case and without parameters. Without `q` the weight is 1, with a malformed
    one 0.
    """
    for value, weighted, weight in _WEIGHTED.findall(header.lower()):
        yield value, float(weight or not weighted)  # True is 1.0, False 0.0


def weight_of(value: str, header: str) -> float:
    """Return the weight of exactly this value in a header, 0 if it is not in it."""
    return max((weight for given, weight in parse_weights(header) if given == value), default=0.0)


def language_headers(language: str) -> dict[str, str]:
    """Return the headers of a response in this language.

    They tell caches that another Accept-Language would give another response.
    """
    return {"Content-Language": language, "Vary": "Accept-Language"}


def preferred_language(headers: Headers) -> str:
    """Return "de" or "en" by the header Accept-Language (RFC 9110, 12.5.4).

    The one with the higher weight wins, with equal weights the first. German if neither is named.
    Regions do not matter: "en-GB" is "en".
    """
    best, best_weight = "de", 0.0
    for name, weight in parse_weights(headers.get("accept-language", "")):
        language = name.split("-")[0]
        if language in ("de", "en") and weight > best_weight:
            best, best_weight = language, weight
    return best
