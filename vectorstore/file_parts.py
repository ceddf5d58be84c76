"""A file in parts, as a database takes it: one row each, one in memory at a time."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

PART_BYTES = 1024 * 1024


def parts_of(path: Path) -> Iterator[bytes]:
    """The content of a file in pieces of at most PART_BYTES; an empty file is one empty piece. Raises OSError."""
    with path.open("rb") as file:
        content = file.read(PART_BYTES)
        yield content
        while content := file.read(PART_BYTES):
            yield content
