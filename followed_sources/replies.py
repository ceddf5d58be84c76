"""What other hosts answer, and its parsing in a limited process: a list or page that anybody may
have written costs at most that process.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import TypeAdapter, ValidationError

from prompts import say
from vectorstore import LimitedProcess, ProcessLimits, processes

if TYPE_CHECKING:
    from vectorstore import Channel

MEMORY_BYTES = 400_000_000
_MOST_PARSED = 30_000_000  # bytes of what a page of a list says
_READERS = ("followed_sources.readers.oparl", "followed_sources.readers.web")
Parsed = TypeVar("Parsed")


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


def parse_limited(
    parse: Callable[[SourceReply], Parsed | None],
    form: type[Parsed],
    reply: SourceReply,
    seconds: float,
) -> Parsed:
    """Return what `parse` makes of a reply, in a process with limits of time and memory.

    `parse` returns None for a reply of another form. Raises SourceFailed for such a reply, for one
    that exceeds the limits, and for one that breaks the parser.
    """
    processes.prepare(_READERS)
    limits = ProcessLimits(seconds, MEMORY_BYTES)
    result = LimitedProcess(_parse, (parse, form, reply), limits).result()
    failure = SourceFailed(say("sources.no_list", address=reply.address[:120]))
    if not isinstance(result, bytes) or not result or len(result) > _MOST_PARSED:
        raise failure
    try:
        return TypeAdapter(form).validate_json(result)
    except ValidationError:
        raise failure from None


def _parse(task: tuple[Callable[[SourceReply], Any], Any, SourceReply], _channel: Channel) -> bytes:
    """Return as JSON what a parser makes of a reply, b"" for None; runs in a limited process."""
    parse, form, reply = task
    parsed = parse(reply)
    return b"" if parsed is None else TypeAdapter(form).dump_json(parsed)
