"""Small invented documents as reading would hand them over."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

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
    "2.1": ("Blühstreifen", "An Kreisstraßen entstehen Blühstreifen für Insekten und mehr Artenvielfalt."),
    "2.2": ("Starkregenkarte", "Eine Karte zeigt Gefahren durch Starkregen und Hochwasser."),
    "3.1": ("Glasfaser für Schulen", "Alle Schulen erhalten einen Glasfaseranschluss und WLAN."),
    "3.2": ("Digitales Rathaus", "Anträge nach dem OZG werden online gestellt; KI hilft beim Sortieren."),
}


def parsed_document(
    document_id: str = "beispielkreis-report",
    projects: Mapping[str, tuple[str, str]] | None = None,
    status: ItemStatus | None = ItemStatus.IDEA,
) -> ParsedDocument:
    """A report with a theme for each first digit and its projects below, one chunk for each project."""
    projects = PROJECTS if projects is None else projects
    builder = _Builder(document_id)
    for theme in dict.fromkeys(ref.split(".")[0] for ref in projects):
        builder.add(theme, ItemKind.THEME, f"Thema {theme}", "", parent=None, status=None)
        for ref, (title, body) in projects.items():
            if ref.startswith(f"{theme}."):
                builder.add(ref, ItemKind.PROJECT, title, body, parent=theme, status=status)
    return builder.finish()


class _Builder:
    def __init__(self, document_id: str) -> None:
        self.document_id = document_id
        self.text = ""
        self.items: list[Item] = []
        self.chunks: list[Chunk] = []

    def add(
        self, ref: str, kind: ItemKind, title: str, body: str, parent: str | None, status: ItemStatus | None
    ) -> None:
        heading = f"{ref} {title}"
        start = len(self.text)
        text = f"{heading}\n{body}".strip()
        self.text += text + "\n\n"
        path: Sequence[str] = (f"{parent} Thema {parent}",) if parent else ()
        self.items.append(
            Item(
                document_id=self.document_id,
                key=ref,
                ref=ref,
                kind=kind,
                title=title,
                order=len(self.items),
                heading=heading,
                body=body,
                start=start,
                end=start + len(text),
                parent=parent,
                path=tuple(path),
                status=status,
            )
        )
        if body:
            self.chunks.append(
                Chunk(
                    id=f"{self.document_id}:{ref}",
                    document_id=self.document_id,
                    key=ref,
                    text=text,
                    context="\n".join(path),
                    start=start,
                    end=start + len(text),
                )
            )

    def finish(self) -> ParsedDocument:
        document = Document(
            id=self.document_id,
            title="Nachhaltigkeitsbericht Beispielkreis",
            publisher="Beispielkreis",
            kind=DocumentKind.REPORT,
            status=DocumentStatus.PUBLISHED,
            digest="0" * 64,
            file_name=f"{self.document_id}.txt",
            text=self.text,
        )
        return ParsedDocument(document=document, items=tuple(self.items), chunks=tuple(self.chunks))
