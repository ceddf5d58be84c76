"""Pictures of the pages on which the examples stand, each drawn by a confined worker that may be killed."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from pathlib import Path

from service.ingest_page.paper import Paper
from service.pictures.jobs import Job, NoPicture
from service.pictures.painter import Limits, NoPainter, PageFailed, draw
from vectorstore.records import Item

WIDTH = 640  # pixels: what is printed can be read, and a page takes about 100 kB
MOST_BYTES = 24_000_000  # of all pictures of a page; a mail takes it, and a browser opens it at once
NOT_PDF = "Das Original ist kein PDF; von seinen Seiten gibt es keine Bilder."
_NO_PAGE = "Auf welcher Seite das steht, ist nicht bekannt; daher kein Bild."
_NO_PICTURE = "Die Seite lässt sich nicht zeichnen: Die Datei ist beschädigt oder verschlüsselt, oder die Seite fehlt."
_NO_PAINTER = "Auf diesem Rechner lassen sich zurzeit keine Seiten zeichnen."
_ENOUGH = "Kein Bild: Dieser Bericht wäre sonst zu groß."

Pictures = Mapping[tuple[str, str], bytes | str]  # by document id and item key: a PNG, or a sentence why there is none


def drawn(papers: Iterable[Paper], limits: Limits) -> Pictures:
    """Draw the page of every example, or say why it cannot be drawn; never raises for what a file holds."""
    return asyncio.run(_drawn(papers, limits))


async def _drawn(papers: Iterable[Paper], limits: Limits) -> Pictures:
    made, size = dict[tuple[str, str], bytes | str](), 0
    for paper in papers:
        for item in paper.examples():
            picture = _ENOUGH if size > MOST_BYTES else await _picture(limits, paper.original, item)
            size += len(picture) if isinstance(picture, bytes) else 0
            made[paper.document.id, item.key] = picture
    return made


async def _picture(limits: Limits, original: Path | None, item: Item) -> bytes | str:
    if original is None or original.suffix.lower() != ".pdf":
        return NOT_PDF
    if item.page is None:
        return _NO_PAGE
    try:
        return await draw(Job(str(original), item.page, WIDTH, item.heading), limits)
    except NoPicture:
        return _NO_PICTURE
    except PageFailed as failed:
        return f"Das Zeichnen der Seite wurde abgebrochen ({failed})."
    except NoPainter:
        return _NO_PAINTER
