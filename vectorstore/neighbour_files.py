"""The files of Chroma's neighbour index (hnswlib), freed of what they hold by accident.

They are written with room for 100 vectors at least, and the unused room is memory as the process had it: words of
documents that were just removed have been found in it.
"""

from __future__ import annotations

import struct
from pathlib import Path

HEADER = struct.Struct("<i4Q")  # version, offset, room, number of elements, bytes of each
VERSION = 1
LENGTH_BYTES = 4


def blank_unused(folder: Path) -> None:
    """Overwrite the unused room of every neighbour index below a finished folder with zeros."""
    for header in folder.rglob("header.bin"):
        content = header.read_bytes()
        if len(content) < HEADER.size:
            continue
        version, _, room, used, size = HEADER.unpack_from(content)
        if version == VERSION:
            _blank(header.with_name("data_level0.bin"), used * size, room * size)
            _blank(header.with_name("length.bin"), used * LENGTH_BYTES, room * LENGTH_BYTES)


def _blank(path: Path, used: int, room: int) -> None:
    """Blank a file behind its first bytes, where its size is as the header says and so its form is known."""
    if path.is_file() and path.stat().st_size == room > used:
        with path.open("r+b") as file:
            file.seek(used)
            file.write(b"\0" * (room - used))
