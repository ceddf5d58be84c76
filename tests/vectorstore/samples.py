"""Small invented documents as reading would hand them over."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from zlib import crc32

import numpy as np

from vectorstore import Edition, Embedding, Vectors
from vectorstore.records import (
    Chunk,
    Document,
    DocumentKind,
    DocumentStatus,
    Item,
    ItemKind,
    ItemStatus,
    ParsedDocument,
)

PROJECTS = {
    "1.1": ("Radschnellweg Nord", "Der Radweg zwischen Auental und Bergheim wird bis 2027 gebaut."),
    "1.2": ("Bürgerbus Auental", "Ehrenamtliche fahren einen Bürgerbus, der den ÖPNV ergänzt."),
    "2.1": (
        "Blühstreifen",
        "An Kreisstraßen entstehen Blühstreifen für Insekten und mehr Artenvielfalt.",
    ),
    "2.2": ("Starkregenkarte", "Eine Karte zeigt Gefahren durch Starkregen und Hochwasser."),
    "3.1": ("Glasfaser für Schulen", "Alle Schulen erhalten einen Glasfaseranschluss und WLAN."),
    "3.2": (
        "Digitales Rathaus",
        "Anträge nach dem OZG werden online gestellt; KI hilft beim Sortieren.",
    ),
}


class LetterEmbedding(Embedding):
    """Runs of three letters counted in so many places: quick, another one for each size; notes what
    it is given.
    """

    def __init__(self, size: int = 64) -> None:
        self.size, self.given = size, list[str]()
        self.identity = f"letters:{size}"

    def vectors(self, texts: Sequence[str]) -> Vectors:
        self.given += texts
        return np.stack([self.vector(text) for text in texts])

    def vector(self, text: str) -> Vectors:
        runs = [
            crc32(text[start : start + 3].lower().encode()) % self.size
            for start in range(len(text))
        ]
        return np.bincount(runs, minlength=self.size).astype(np.float32)


def nearest(edition: Edition, question: str) -> str:
    """The id of the chunk that is nearest to a question."""
    similarities = edition.similarities(question)
    assert similarities is not None
    return edition.catalogue.chunks[int(np.argmax(similarities))].id


def parsed_document(
    document_id: str = "beispielkreis-report",
    projects: Mapping[str, tuple[str, str]] | None = None,
    status: ItemStatus | None = ItemStatus.IDEA,
) -> ParsedDocument:
    """A report with a theme for each first digit and its projects below, one chunk for each
    project.
    """
    projects, text = PROJECTS if projects is None else projects, ""
    items: list[Item] = []
    chunks: list[Chunk] = []
    for theme in dict.fromkeys(ref.split(".")[0] for ref in projects):
        below = [
            (ref, *statement) for ref, statement in projects.items() if ref.startswith(f"{theme}.")
        ]
        for ref, title, body in [(theme, f"Thema {theme}", ""), *below]:
            own = f"{ref} {title}\n{body}".strip()
            place: dict[str, Any] = {"document_id": document_id, "key": ref, "start": len(text)}
            place["end"] = len(text) + len(own)
            above: dict[str, Any] = {
                "parent": theme,
                "path": (f"{theme} Thema {theme}",),
                "status": status,
            }
            kind = ItemKind.THEME if ref == theme else ItemKind.PROJECT
            statement: dict[str, Any] = {
                "ref": ref,
                "kind": kind,
                "title": title,
                "heading": f"{ref} {title}",
                "body": body,
            }
            items.append(
                Item(order=len(items), **place, **statement, **({} if ref == theme else above))
            )
            if body:
                chunks.append(
                    Chunk(id=f"{document_id}:{ref}", text=own, context=above["path"][0], **place)
                )
            text += f"{own}\n\n"
    document = Document(
        id=document_id,
        title="Nachhaltigkeitsbericht Beispielkreis",
        publisher="Beispielkreis",
        kind=DocumentKind.REPORT,
        status=DocumentStatus.PUBLISHED,
        digest="0" * 64,
        file_name=f"{document_id}.txt",
        text=text,
    )
    return ParsedDocument(document=document, items=tuple(items), chunks=tuple(chunks))
