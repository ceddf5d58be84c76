"""What picture of a page is asked for."""

from __future__ import annotations

from dataclasses import dataclass


class NoPicture(Exception):
    """No such page, a quote to crop that is not found exactly once, or a file that is damaged,
    encrypted or no PDF.
    """


@dataclass(frozen=True, slots=True)
class PictureRequest:
    """Page `number` (from 1) of the PDF at `path`, `width` pixels wide, with `quote` marked.

    The quote is marked if it is found exactly once. With `crop` only its area is drawn, with a
    margin of `crop` points and at most half a page high. `rows` are the recognized words of a
    scanned page with their boxes (see `records.Scan`), in which the quote is then searched.
    """

    path: str
    number: int
    width: int
    quote: str = ""
    crop: int | None = None
    rows: str = ""
