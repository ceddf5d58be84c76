"""Refusals below HTTP: what a client is told, and how many there were, in one line a minute."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterable
from enum import StrEnum
from http import HTTPStatus

from service.problems import MEDIA_TYPE, ProblemError, problem_of

LOG_SECONDS = 60.0
Headers = Iterable[tuple[bytes, bytes]]
log = logging.getLogger("strategielotse.connections")


class Refusal(StrEnum):
    """Why a connection ends against the client's will; the values are names of problems."""

    NOT_HTTP = "not-http"
    ADDRESS_TOO_LONG = "address-too-long"
    HEAD_TOO_LARGE = "head-too-large"
    TOO_MANY_CHUNKS = "too-many-chunks"
    SLOW_REQUEST = "slow-request"
    SLOW_READER = "slow-reader"
    GAVE_WAY = "too-many-connections"
    NO_PLACE = "no-place"


WORDS = {
    Refusal.NOT_HTTP: "unverständlich",
    Refusal.ADDRESS_TOO_LONG: "Adresse zu lang",
    Refusal.HEAD_TOO_LARGE: "Kopf zu groß",
    Refusal.TOO_MANY_CHUNKS: "Inhalt in zu vielen Stücken",
    Refusal.SLOW_REQUEST: "Anfrage zu langsam",
    Refusal.SLOW_READER: "Antwort nicht abgenommen",
    Refusal.GAVE_WAY: "wartend, gab seinen Platz ab",
    Refusal.NO_PLACE: "kein Platz frei",
}
PROBLEMS = {Refusal.NO_PLACE: "too-many-connections"}
SILENT = frozenset({Refusal.SLOW_READER})  # whoever does not read need not be told


class Refusals:
    """Counts refusals and words them; logs the counts at most once in `LOG_SECONDS`, never what a client sent."""

    def __init__(self, headers: dict[str, str]) -> None:
        self._answers = {one: _answer(PROBLEMS.get(one, one.value), headers) for one in set(Refusal) - SILENT}
        self._counts: Counter[Refusal] = Counter()
        self._told_at = -LOG_SECONDS

    def count(self, refusal: Refusal) -> None:
        """Count a refusal; `tell` will log it."""
        self._counts[refusal] += 1

    def answer(self, refusal: Refusal, headers: Headers = ()) -> bytes:
        """Return the whole answer as it goes over the wire, with more headers (the date)."""
        status, rest = self._answers[refusal]
        return b"".join([status, *(b"%b: %b\r\n" % header for header in headers), rest])

    def tell(self, now: float) -> None:
        """Log what was counted since the last line; `now` in seconds of any steady clock."""
        if not self._counts or now - self._told_at < LOG_SECONDS:
            return
        counts = ", ".join(f"{WORDS[one]}: {count}" for one, count in self._counts.most_common())
        log.warning("Verbindungen abgewiesen: %s", counts)
        self._counts.clear()
        self._told_at = now


def _answer(name: str, headers: dict[str, str]) -> tuple[bytes, bytes]:
    problem = problem_of(ProblemError(name), "de")
    body = problem.model_dump_json(exclude_none=True).encode()
    lines = {
        "content-type": MEDIA_TYPE,
        "content-language": "de",
        "content-length": str(len(body)),
        "connection": "close",
        "cache-control": "no-store",
        **({"retry-after": "5"} if problem.status == HTTPStatus.SERVICE_UNAVAILABLE else {}),
        **headers,
    }
    status = f"HTTP/1.1 {problem.status} {HTTPStatus(problem.status).phrase}\r\n"
    rest = "".join(f"{key}: {value}\r\n" for key, value in lines.items())
    return status.encode(), f"{rest}\r\n".encode() + body
