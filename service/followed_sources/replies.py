"""What other hosts answer, and its parsing in a limited process: a list or page that anybody may
have written costs at most that process.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ValidationError

from prompts import say
from service.followed_sources.listing import ListedFile
from vectorstore import LimitedProcess, ProcessLimits, processes

MEMORY_BYTES = 400_000_000
_MOST_PARSED = 30_000_000  # bytes of what a page of a list says
_READERS = ("service.followed_sources.readers.oparl", "service.followed_sources.readers.web")


class SourceFailed(Exception):
    """A source cannot be read; the message is one German sentence."""


class PageMissing(SourceFailed):
    """A page is not there (404)."""


@dataclass(frozen=True, slots=True)
class SourceReply:
    """A reply: status, address in the end, header fields by their names in lower case, content."""

    status: int
    address: str
    headers: dict[str, str]
    content: bytes = b""

    @property
    def media_type(self) -> str:
        """The media type, without parameters; "" if none is stated."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()


class ListPage(BaseModel):
    """The `files` of a page of a list, `further` pages by address, and `problems` as sentences.

    Of a council information system also the `type` of the object, its licence, the address of its
    list of bodies, and the `bodies` with id, list of papers and licence.
    """

    files: list[ListedFile] = []
    further: list[str] = []
    problems: list[str] = []
    type: str = ""
    licence: str = ""
    body_list: str = ""
    bodies: list[dict[str, str]] = []

    def add_entries(
        self, entries: Iterable[Any], read: Callable[[Any], Iterable[ListedFile]]
    ) -> None:
        """Add the files of entries; one that cannot be read costs only itself and is a problem."""
        for number, entry in enumerate(entries, 1):
            try:
                self.files.extend(read(entry))
            except Exception as error:  # whatever another host writes
                kind = type(error).__name__
                self.problems.append(say("sources.bad_entry", number=number, error=kind))


Parser = Callable[[SourceReply], ListPage | None]


def parse_limited(parse: Parser, reply: SourceReply, seconds: float) -> ListPage:
    """Return what `parse` makes of a reply, in a process with limits of time and memory.

    `parse` returns None for a reply of another form. Raises SourceFailed for such a reply, for one
    that exceeds the limits, and for one that breaks the parser.
    """
    processes.prepare(_READERS)
    limits = ProcessLimits(seconds, MEMORY_BYTES)
    result = LimitedProcess(_parse, (parse, reply), limits).result()
    try:
        if isinstance(result, bytes) and len(result) <= _MOST_PARSED:
            return ListPage.model_validate_json(result)
    except ValidationError:
        pass
    raise SourceFailed(say("sources.no_list", address=reply.address[:120]))


def _parse(task: tuple[Parser, SourceReply], _channel: object) -> bytes:
    """Return as JSON what a parser makes of a reply, b"" for None; runs in a limited process."""
    parse, reply = task
    page = parse(reply)
    return b"" if page is None else page.model_dump_json().encode()
