"""A document's whole text in sections with anchors: one for each item, page marks where pages begin, nothing lost."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from service.pages.highlight import find_quote
from vectorstore.catalogue import Catalogue
from vectorstore.records import Document, Item, Page

DEEPEST = 3
HIGHEST, LOWEST = 3, 6


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, or the mark of a page that begins here."""

    text: str = ""
    page: Page | None = None


@dataclass(frozen=True, slots=True)
class TextSection:
    """The text from one item's beginning to the next; `item` is None before the first. `depth` is 0 to 3.

    `level` is that of its HTML heading, 3 to 6: never more than one below the heading before.
    `repeated` tells that the heading also stands in the blocks: a table's row does not begin with it.
    """

    item: Item | None
    heading: str
    depth: int
    blocks: list[Block]
    repeated: bool = False
    level: int = HIGHEST


def text_sections(catalogue: Catalogue, document: Document) -> list[TextSection]:
    """Cut a document's text at the beginnings of its items."""
    items = sorted(catalogue.items_of(document.id), key=lambda item: (item.start, item.order))
    ends = [*(item.start for item in items[1:]), len(document.text)][: len(items)]
    sections = [_section(document, item, item.start, end) for item, end in zip(items, ends, strict=True)]
    lead = document.text[: items[0].start if items else len(document.text)]
    if lead.strip():
        sections.insert(0, TextSection(None, "", 0, list(_blocks(document, 0, len(lead)))))
    return list(_levelled(sections))


def _levelled(sections: list[TextSection]) -> Iterator[TextSection]:
    before = HIGHEST - 1
    for section in sections:
        if section.item:
            before = min(section.depth + HIGHEST, before + 1, LOWEST)
        yield replace(section, level=before)


def _section(document: Document, item: Item, start: int, end: int) -> TextSection:
    depth = min(len(item.path), DEEPEST)
    span = find_quote(document.text[start:end], item.heading) if item.heading else None
    if span is None or document.text[start : start + span[0]].strip():
        return TextSection(item, item.heading or item.title, depth, list(_blocks(document, start, end)), repeated=True)
    begin = start + span[1]
    heading = " ".join(document.text[start:begin].split())
    marks = [Block(page=page) for page in document.pages if start <= page.start < begin]
    return TextSection(item, heading, depth, [*marks, *_blocks(document, begin, end)])


def _blocks(document: Document, start: int, end: int) -> Iterator[Block]:
    place = start
    for page in document.pages:
        if start <= page.start < end:
            yield from _paragraphs(document.text[place : page.start])
            yield Block(page=page)
            place = page.start
    yield from _paragraphs(document.text[place:end])


def _paragraphs(text: str) -> Iterator[Block]:
    for paragraph in re.split(r"\n\s*\n", text):
        if paragraph.strip():
            yield Block(text=paragraph.strip("\n"))
