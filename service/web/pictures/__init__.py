"""Pictures of PDF pages with a quote marked; drawn in a limited process."""

from __future__ import annotations

from dataclasses import dataclass

from vectorstore.processes import Channel


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


def draw_page(request: PictureRequest, _channel: Channel) -> bytes:
    """The picture as PNG, b"" for NoPicture; runs in a limited process, which alone imports PDFium
    and PIL.
    """
    from service.web.pictures.drawing import page_picture

    try:
        return page_picture(request)
    except NoPicture:
        return b""
