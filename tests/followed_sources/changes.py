"""Changes of what a well-behaved host replies."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from itertools import chain, repeat
from typing import Any

from tests.followed_sources.council import HTML, JSON, PDF, TEXT, WORD, XML
from tests.followed_sources.server import Change, Reply, Wrong


def headed(headers: dict[str, str]) -> Change:
    """Give a reply these header fields instead."""
    return lambda usual: replace(usual, headers=headers)


def half(usual: Reply) -> Reply:
    return replace(usual, body=usual.content()[: len(usual.content()) // 2])


def cut(usual: Reply) -> Reply:
    """Break off in the middle of what was announced."""
    length = str(len(usual.content()))
    return replace(half(usual), headers={**usual.headers, "content-length": length})


def exchanged(pattern: str, other: str) -> Change:
    """Exchange what is like a pattern in a text."""
    return lambda usual: replace(
        usual, body=re.sub(pattern, other, usual.content().decode()).encode()
    )


def in_json(change: Callable[[dict[str, Any]], object]) -> Change:
    """Change an object."""

    def changed(usual: Reply) -> Reply:
        found = json.loads(usual.content())
        change(found)
        return replace(usual, body=json.dumps(found).encode())

    return changed


def each_paper(change: Callable[[dict[str, Any]], object]) -> Wrong:
    """Change each paper of the list."""

    def change_all(page: dict[str, Any]) -> None:
        for paper in page["data"]:
            change(paper)

    return {"/oparl/papers*": in_json(change_all)}


def endless(start: bytes, part: bytes) -> Callable[[], Iterable[bytes]]:
    """Return a body that goes on with the same part for ever."""
    return lambda: chain([start], repeat(part))


TYPES = {"json": JSON, "html": HTML, "xml": XML, "pdf": PDF, "text": TEXT, "word": WORD}


def reply_of(told: dict[str, Any]) -> Reply:
    """Return a reply as the data describes it."""
    body: Any = told.get("raw", told.get("body", "")).encode("latin-1")
    if "again" in told:
        body = endless(body, told["again"].encode() * 1000)
    headers = TYPES.get(told.get("type"), {}) | told.get("headers", {})
    return Reply(told.get("status", 200), headers, body, told.get("pause", 0.0), "raw" in told)
