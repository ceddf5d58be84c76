"""HTTP/1.1 on one connection: uvicorn's protocol within limits of size and time."""

from __future__ import annotations

import asyncio
from typing import Any

import httptools
from uvicorn._types import ASGI3Application
from uvicorn.config import Config
from uvicorn.protocols.http.flow_control import HIGH_WATER_LIMIT
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle
from uvicorn.server import ServerState

from service.connections.book import ConnectionBook
from service.connections.parting import PartingTransport
from service.connections.refusals import Refusal

LAST_WORD_SECONDS = 2.0  # for what is said to one that gives way to get out
OF_THE_SILENT = frozenset({Refusal.GAVE_WAY, Refusal.SLOW_REQUEST})  # these clients have nothing on the way


class LimitedProtocol(HttpToolsProtocol):
    """Ends connections whose requests are too large or too late, whose clients do not stop sending or do not read.

    Never more than `head_bytes` (and one piece as it came from the socket) are kept without the parser having made
    something of them: this holds for heads, for the extensions of chunks and for trailers. A request is handed to the
    application when its body is there, unless that is too large to be held or the client waits for a word.
    """

    def __init__(
        self, config: Config, server_state: ServerState, app_state: dict[str, Any], book: ConnectionBook
    ) -> None:
        super().__init__(config, server_state, app_state)
        self.access_log = False  # uvicorn's lines would name address and path
        self._book = book
        self._limits = book.limits
        self._line: PartingTransport | None = None
        self._in_head = True
        self._unparsed = 0  # bytes since the parser last made something of them
        self._crumbs = 0  # bytes by which chunks may still be too small
        self._fault = Refusal.NOT_HTTP
        self._deaf = False  # nothing that comes is looked at any more
        self._surplus = 0  # how much may still come that nobody wants
        self._due: float | None = None  # when the client must have done its part
        self._answering: RequestResponseCycle | None = None
        self._held: ASGI3Application | None = None  # what will answer when the body is there
        self._unread: tuple[float, int] | None = None  # when the client was last seen to read, bytes unsent then

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin: the first head is due."""
        self._line = PartingTransport(transport, self)
        super().connection_made(self._line)
        self._expect(self._limits.head_seconds)
        if self._deaf:  # it had to give way before it began
            self._abort()

    def connection_lost(self, exc: Exception | None) -> None:
        """End: nobody works on for a client that has left."""
        super().connection_lost(exc)
        for cycle in (self._answering, *(queued for queued, _ in self.pipeline)):
            _give_up(cycle)
        self.pipeline.clear()
        self._held = self._answering = None
        self._book.leave(self)
        if self._line is not None:
            self._line.forget()

    def data_received(self, data: bytes) -> None:
        """Parse what came; in a head, or where the parser makes nothing of it, only so much."""
        if self._deaf:
            self._discard(len(data))
            return
        self._unset_keepalive_if_required()
        if self._in_head and self._due is None:
            self._expect(self._limits.head_seconds)
        self._unparsed += len(data)
        try:
            self.parser.feed_data(data)
        except httptools.HttpParserUpgrade:
            self.cycle.keep_alive = False  # answered as if nothing else had been offered, and the last
        except httptools.HttpParserError:
            self._refuse(self._fault)
            return
        if self._unparsed > self._limits.head_bytes:
            self._refuse(Refusal.HEAD_TOO_LARGE)

    def on_url(self, url: bytes) -> None:
        """Take a part of the address."""
        super().on_url(url)
        if len(self.url) > self._limits.address_bytes:
            raise self._fail(Refusal.ADDRESS_TOO_LONG)

    def on_header(self, name: bytes, value: bytes) -> None:
        """Take a header; a trailer is none, or it could change what was decided by the headers."""
        if self._in_head:
            super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """Begin the request, where its head is within the limits."""
        size = len(self.url) + sum(len(name) + len(value) for name, value in self.headers)
        if size > self._limits.head_bytes or len(self.headers) > self._limits.headers:
            raise self._fail(Refusal.HEAD_TOO_LARGE)
        if len(self.pipeline) >= self._limits.queued_requests:
            raise self._fail(Refusal.NO_PLACE)
        super().on_headers_complete()
        self._in_head, self._unparsed, self._surplus = False, 0, self._limits.surplus_bytes
        self._crumbs = self._limits.chunks * self._limits.chunk_bytes
        if self._held is None:
            self._expect(None)

    def on_chunk_header(self) -> None:
        """Begin a chunk of a body; each costs as much time, however little it holds."""
        self._unparsed = 0
        self._crumbs -= self._limits.chunk_bytes
        if self._crumbs < 0:
            raise self._fail(Refusal.TOO_MANY_CHUNKS)

    def on_body(self, body: bytes) -> None:
        """Take a part of the body; what comes after the answer is thrown away."""
        self._unparsed = 0
        self._crumbs += len(body)
        if self.cycle.response_complete:
            self._discard(len(body))
        else:
            self._surplus -= len(body)  # what is read before a refusal and after it has one bound
        super().on_body(body)
        if len(self.cycle.body) > HIGH_WATER_LIMIT:
            self._release()

    def on_message_complete(self) -> None:
        """End the request: it is answered, or the next head is due where it has been already."""
        super().on_message_complete()
        self._in_head, self._unparsed = True, 0
        self._expect(self._limits.head_seconds if self.cycle.response_complete else None)
        self._release()
        self._settle()

    def on_response_complete(self) -> None:
        """End an answer; a body that nobody asked for may still come, but not for long."""
        done, self._answering = self._answering, None
        if done is not None and done.more_body and not self.transport.is_closing():
            self._expect(self._limits.parting_seconds)
        super().on_response_complete()
        self._settle()

    def resume_writing(self) -> None:
        """Go on: the client has read most of what was sent."""
        self._unread = None
        super().resume_writing()

    def give_way(self) -> None:
        """End at once, for somebody else."""
        self._refuse(Refusal.GAVE_WAY)
        self._expect(LAST_WORD_SECONDS)

    def check(self, now: float) -> None:
        """End where the client is too slow; `now` in seconds of the event loop's clock."""
        if self._due is not None and now >= self._due:
            if self._deaf:
                self._abort()
            else:
                self._refuse(Refusal.SLOW_REQUEST)
        elif not self._reads(now):
            self._book.refusals.count(Refusal.SLOW_READER)
            self._abort()

    def shutdown(self) -> None:
        """End as soon as what was asked is answered."""
        if self._held or (self._deaf and self._answering is None):
            self._abort()
        else:
            super().shutdown()

    def all_read(self) -> bool:
        """Tell whether nothing more is expected from the client."""
        return not self._deaf and (self._answering is None or not self._answering.more_body)

    def part(self) -> None:
        """Read on for a while, so that the client can read its answer."""
        self._deaf = True
        self._expect(self._limits.parting_seconds)
        self.flow.resume_reading()

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: ASGI3Application) -> None:
        self._answering = cycle
        self._held = app
        if not cycle.more_body or cycle.waiting_for_100_continue or _announced(cycle) > HIGH_WATER_LIMIT:
            self._release()
        else:
            self._expect(self._limits.body_seconds)

    def _release(self) -> None:
        """Hand a request to the application that waited for its body."""
        if self._held is not None and self._answering is not None:
            app, self._held = self._held, None
            super()._start_asgi_task(self._answering, app)

    def _expect(self, seconds: float | None) -> None:
        self._due = None if seconds is None else self.loop.time() + seconds

    def _fail(self, fault: Refusal) -> Exception:
        """Return what a callback of the parser raises; `data_received` then refuses with this fault."""
        self._fault = fault
        return ValueError(fault)

    def _settle(self) -> None:
        """Tell the book whose turn it is."""
        if self._answering is not None and not self._answering.more_body and self._unread is None:
            self._book.works(self)
        else:
            self._book.waits(self)

    def _refuse(self, refusal: Refusal) -> None:
        """End with a refusal; where whole requests are being answered, these answers come first and are the last."""
        self._book.refusals.count(refusal)
        cycle, self._deaf, self._due = self._answering, True, None
        if self._line is None:
            return
        if self._line.is_closing() or self._line.get_write_buffer_size():
            self._abort()
        elif cycle is None:
            self._say(self._line, refusal, heard=self._in_head and self._unparsed > 0)
        elif cycle.more_body and not cycle.response_started:
            _give_up(cycle)
            self._say(self._line, refusal, heard=True)
        elif not self.cycle.more_body and refusal is not Refusal.GAVE_WAY:
            self.cycle.keep_alive = False
            self.flow.pause_reading()
        else:
            self._abort()

    def _say(self, line: PartingTransport, refusal: Refusal, heard: bool) -> None:
        """Tell the client, where it asked for something, and close."""
        if heard:
            line.write(self._book.refusals.answer(refusal, self.server_state.default_headers))
        if refusal in OF_THE_SILENT:
            line.end()
        else:
            self._surplus = self._limits.refused_bytes
            line.close()

    def _reads(self, now: float) -> bool:
        """Tell whether the client reads what it is sent; while it is slow to, it waits."""
        unsent = self._line.get_write_buffer_size() if self._line else 0
        if not unsent:
            self._unread = None
        elif self._unread is None or unsent <= self._unread[1] - self._limits.unread_bytes:
            self._unread = (now, unsent)
        self._settle()
        return self._unread is None or now - self._unread[0] < self._limits.unread_seconds

    def _discard(self, count: int) -> None:
        """Throw away what nobody wants; whoever sends too much of it is not read any more."""
        self._surplus -= count
        if self._surplus < 0:
            self._deaf = True
            self.flow.pause_reading()

    def _abort(self) -> None:
        self._due = None
        if self._line is not None:
            self._line.abort()


def _give_up(cycle: RequestResponseCycle | None) -> None:
    """Let the application find that its client has left."""
    if cycle is not None and not cycle.response_complete:
        cycle.disconnected = True
        cycle.message_event.set()


def _announced(cycle: RequestResponseCycle) -> int:
    """Return the size of a body as its client gives it, 0 where it does not."""
    given = next((value for name, value in cycle.scope["headers"] if name == b"content-length"), b"0")
    return int(given)
