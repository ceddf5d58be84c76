"""Takes in the rest of a refused body: who is still sending when the connection closes never reads the answer."""

from __future__ import annotations

import asyncio

from starlette.types import Receive

MAX_BYTES = 64 * 1024 * 1024
MAX_SECONDS = 30.0


async def drain(receive: Receive) -> None:
    """Read and forget what is left of a body, up to `MAX_BYTES` and for `MAX_SECONDS`."""
    left = MAX_BYTES
    try:
        async with asyncio.timeout(MAX_SECONDS):
            while left > 0:
                message = await receive()
                left -= len(message.get("body", b""))
                if message["type"] == "http.disconnect" or not message.get("more_body"):
                    return
    except TimeoutError:
        return
