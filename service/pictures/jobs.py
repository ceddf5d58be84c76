"""What the service and its workers say to each other: a job as one line, and how far it has come as single bytes."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass

MAX_LINE = 131_072  # bytes of a job: a long path and a long quote, every character escaped
MAX_PNG = 33_554_432  # bytes of a picture: more than the largest can have, were nothing compressed
SIZE_BYTES = 4  # before a picture stands its size in bytes, big-endian

TAKEN = b"t"  # a worker has the job
OPENED = b"o"  # the document could be opened: what fails from here on is the page
PICTURE = b"p"  # size and PNG follow
NO_PICTURE = b"n"  # as NoPicture
TOO_MUCH = b"m"  # more memory was asked for than the worker may have


class NoPicture(Exception):
    """No such page, no certain place to crop, or a file that cannot be drawn: it is damaged, encrypted or no PDF."""


@dataclass(frozen=True, slots=True)
class Job:
    """Page `number` (from 1) of the PDF at `path`, `width` pixels wide, with `quote` marked.

    With `crop` only the place of the quote is drawn, with so many points around it.
    """

    path: str
    number: int
    width: int
    quote: str = ""
    crop: int | None = None

    def line(self) -> bytes:
        """Return the job as a line of JSON."""
        return json.dumps(asdict(self)).encode("ascii") + b"\n"

    @classmethod
    def read(cls, line: bytes) -> Job:
        """Return the job of a line."""
        return cls(**json.loads(line))
