"""Sets a book as plain text: pages end with a form feed or with "-- n of m --", or there are none."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tests.papers.blocks import (
    Block,
    Book,
    Break,
    Contents,
    Figure,
    Footnote,
    Grid,
    Heading,
    Keep,
    Labelled,
    MarginNote,
    Para,
    RunningHead,
)
from tests.papers.setting import Placed
from tests.papers.setting.lines import WIDTH, table_lines, wrapped

LENGTH = 58


@dataclass(frozen=True, slots=True)
class Piece:
    """Lines that stay together, of a record; `kind` "page" ends the page, "head" and "note" are told to it."""

    lines: tuple[str, ...]
    owner: int | None = None
    kind: str = "text"


def set_book(book: Book) -> tuple[bytes, Placed]:
    placed, content = Placed(), ""
    for _ in range(3):
        pages, placed = paged(book, list(pieces(book, placed)))
        content = bound(book, pages)
    if book.page_marks == "none":
        return content.encode(), Placed()
    return content.encode(), placed


def bound(book: Book, pages: list[list[str]]) -> str:
    texts = ["\n".join(page) + "\n" for page in pages]
    match book.page_marks:
        case "form_feed":
            return "\f".join(texts)
        case "marks":
            return "".join(f"{text}\n-- {n} of {len(texts)} --\n\n" for n, text in enumerate(texts, start=1))
        case "none":
            return "\n".join(texts)


def paged(book: Book, parts: list[Piece]) -> tuple[list[list[str]], Placed]:
    placed, pages, page, notes, head = Placed(), list[list[str]](), list[str](), list[str](), book.head
    total = 1 + sum(part.kind == "page" for part in parts)

    def finish() -> None:
        number = len(pages) + 1
        feet = [book.foot.format(n=number, m=total)] if book.page_marks != "none" else []
        heads = [head, ""] if head and book.page_marks != "none" else []
        pages.append([*heads, *page, *(["", *notes] if notes else []), "", *feet])
        page.clear()
        notes.clear()

    for part in parts:
        if part.kind == "head":
            head = part.lines[0]
        elif part.kind == "note":
            notes.extend(part.lines)
        elif part.kind == "page" or (page and len(page) + len(part.lines) > LENGTH):
            finish()
        if part.kind == "text":
            page.extend(part.lines)
            placed.put(part.owner, len(pages) + 1)
    finish()
    placed.last = len(pages)
    return pages, placed


def pieces(book: Book, known: Placed) -> Iterator[Piece]:
    hyphens = "hyphens" in book.damage
    for block in book.blocks:
        yield from of_block(block, book, known, hyphens)


def of_block(block: Block, book: Book, known: Placed, hyphens: bool) -> Iterator[Piece]:
    match block:
        case Para():
            indent = "  " if block.style == "bullet" else ""
            lines = wrapped(block.text.replace("**", ""), indent=indent, hyphens=hyphens)
            if block.style == "bullet":
                lines[0] = "• " + lines[0][2:]
            gap = () if block.style == "bullet" else ("",)
            yield Piece((*lines, *gap), block.owner)
        case Heading():
            text = " ".join(block.text) if block.spaced else block.text
            yield Piece(("", *wrapped(text), ""), block.owner)
        case Labelled():
            yield from of_field(block, hyphens)
        case Grid():
            yield from (Piece((*lines, ""), owner) for owner, lines in table_lines(block, hyphens))
        case Break():
            yield Piece((), kind="page")
        case Contents():
            for entry in block.entries:
                page = str(max(1, known.first(entry.owner) + entry.wrong))
                lines = wrapped("  " * (entry.level - 1) + entry.text, WIDTH - 10)
                dots = "." * (WIDTH - len(lines[-1]) - len(page) - 2)
                yield Piece((*lines[:-1], f"{lines[-1]} {dots} {page}"))
        case RunningHead():
            yield Piece((block.text,), kind="head")
        case MarginNote():
            yield Piece(tuple(block.text.split("\n")))
        case Footnote():
            yield Piece(tuple(wrapped(f"{block.number} {block.text}")), kind="note")
        case Figure():
            yield Piece((block.caption, "  ".join(f"{name} {value}" for name, value in block.values), ""))
        case Keep():
            for inner in block.blocks:
                yield from of_block(inner, book, known, hyphens)
        case _:
            return


def of_field(block: Labelled, hyphens: bool) -> Iterator[Piece]:
    if block.form == "run_in":
        text = f"{block.label.rstrip(':')}: {', '.join(block.values)}"
        yield Piece(tuple(wrapped(text, hyphens=hyphens)), block.owner)
        return
    yield Piece((block.label,), block.owner)
    if len(block.values) == 1 or block.values[0].endswith("."):
        yield Piece(tuple(wrapped(" ".join(block.values), hyphens=hyphens)), block.owner)
        return
    for value in block.values:
        yield Piece((f"• {value}",), block.owner)
