"""What is to be drawn, and that there is nothing to draw."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass

DRAWN, NO_PICTURE, TOO_MUCH = 0, 3, 4  # exit codes; a page that ends its process has a negative one


class NoPicture(Exception):
    """No such page, no certain place to crop, or a file that cannot be drawn: it is damaged, encrypted or no PDF."""


@dataclass(frozen=True, slots=True)
class PageId:
    """A page of a document in one state of the documents: the edition's digest, the document's id, a number from 1."""

    edition: str
    document: str
    number: int


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
