"""Pictures of PDF pages with the cited place marked."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from vectorstore.processes import Channel


class NoPicture(Exception):
    """No such page, no certain place to crop, or a file that cannot be drawn: it is damaged, encrypted or no PDF."""


@dataclass(frozen=True, slots=True)
class PictureRequest:
    """Page `number` (from 1) of the PDF at `path`, `width` pixels wide, with `quote` marked.

    With `crop` only the place of the quote is drawn, with so many points around it. `rows` are the words of a page that
    was read from its picture (see `records.Scan`); the quote is looked for in them.
    """

    path: str
    number: int
    width: int
    quote: str = ""
    crop: int | None = None
    rows: str = ""


def draw_page(request: PictureRequest, channel: Channel) -> bytes:
    """The picture as PNG, b"" where there is none; runs in a limited process, which alone imports what draws."""
    from service.pictures.drawing import page_picture

    try:
        return page_picture(
            Path(request.path), request.number, request.width, request.quote, request.crop, request.rows
        )
    except NoPicture:
        return b""
