"""A transport whose end the client can follow: where it is still sending, it can read its answer first."""

from __future__ import annotations

import asyncio
from typing import Any, Protocol


class Parting(Protocol):
    """Who reads from a transport."""

    def all_read(self) -> bool:
        """Tell whether nothing more is expected from the client."""

    def part(self) -> None:
        """Read on for a while, so that the client can read its answer."""


class PartingTransport(asyncio.Transport):
    """Closes at once where all is read; else ends its own side only, and its reader reads on for a while.

    A socket that is closed with bytes unread resets the connection, and the client loses the answer that it was sent.
    """

    def __init__(self, transport: asyncio.Transport, reader: Parting) -> None:
        super().__init__()
        self._transport = transport
        self._reader: Parting | None = reader
        self._parted = False

    def forget(self) -> None:
        """Let go of the reader, so that neither keeps the other in memory."""
        self._reader = None

    def close(self) -> None:
        """End the connection when everything is sent."""
        if self.is_closing():
            return
        if self._reader is None or self._reader.all_read():
            self._transport.close()
            return
        self._parted = True
        self._transport.write_eof()
        self._reader.part()

    def end(self) -> None:
        """End the connection when everything is sent, whatever the client still sends."""
        self._transport.close()

    def is_closing(self) -> bool:
        """Tell whether nothing more can be written."""
        return self._parted or self._transport.is_closing()

    def abort(self) -> None:
        """End the connection now; what is not sent is lost."""
        self._transport.abort()

    def write(self, data: bytes | bytearray | memoryview) -> None:
        """Send data, now or when the client takes it."""
        self._transport.write(data)

    def get_write_buffer_size(self) -> int:
        """Return how many bytes wait for the client to take them."""
        return self._transport.get_write_buffer_size()

    def pause_reading(self) -> None:
        """Read nothing for now."""
        self._transport.pause_reading()

    def resume_reading(self) -> None:
        """Read again."""
        self._transport.resume_reading()

    def get_extra_info(self, name: str, default: Any = None) -> Any:
        """Return what is known of the socket."""
        return self._transport.get_extra_info(name, default)
