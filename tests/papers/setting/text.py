"""Sets a book as plain text: pages end with a form feed or with "-- n of m --", or there are none."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import zip_longest

import pyphen

from tests.papers import blocks

LENGTH, WIDTH = 58, 88
DOTS = dict.fromkeys(blocks.LIGHTS, "●") | {"grey": "○"} | blocks.BALLS


@dataclass(frozen=True, slots=True)
class Piece:
    """Lines that stay together, of a record; `kind` "page" ends the page, "head" and "note" are told to it."""

    lines: tuple[str, ...]
    owner: int | None = None
    kind: str = "text"


def set_book(book: blocks.Book) -> tuple[bytes, blocks.Placed]:
    placed, content = blocks.Placed(), ""
    for _ in range(3):
        pages, placed = paged(book, [piece for block in book.blocks for piece in of_block(block, book, placed)])
        texts = ["\n".join(page) + "\n" for page in pages]
        if book.page_marks == "marks":
            content = "".join(f"{text}\n-- {n} of {len(texts)} --\n\n" for n, text in enumerate(texts, start=1))
        else:
            content = ("\f" if book.page_marks == "form_feed" else "\n").join(texts)
    return content.encode(), placed if book.page_marks != "none" else blocks.Placed()


def paged(book: blocks.Book, parts: list[Piece]) -> tuple[list[list[str]], blocks.Placed]:
    placed, pages, page, notes, head = blocks.Placed(), list[list[str]](), list[str](), list[str](), book.head
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


def of_block(block: blocks.Block, book: blocks.Book, known: blocks.Placed) -> Iterator[Piece]:
    hyphens = "hyphens" in book.damage
    match block:
        case blocks.Para(style="bullet"):
            lines = wrapped(block.text.replace("**", ""), indent="  ", hyphens=hyphens)
            yield Piece(("• " + lines[0][2:], *lines[1:]), block.owner)
        case blocks.Para():
            yield Piece((*wrapped(block.text.replace("**", ""), hyphens=hyphens), ""), block.owner)
        case blocks.Heading():
            yield Piece(("", *wrapped(block.printed), ""), block.owner)
        case blocks.Labelled():
            for para in block.paras():
                text = para.text.replace("**", "")
                whole = {"label": [text], "bullet": [f"• {text}"]}.get(para.style)
                yield Piece(tuple(whole or wrapped(text, hyphens=hyphens)), block.owner)
        case blocks.Grid():
            yield from of_grid(block, hyphens)
        case blocks.Break():
            yield Piece((), kind="page")
        case blocks.Contents():
            for entry in block.entries:
                page = str(max(1, known.first(entry.owner) + entry.wrong))
                lines = wrapped("  " * (entry.level - 1) + entry.text, WIDTH - 10)
                dots = "." * (WIDTH - len(lines[-1]) - len(page) - 2)
                yield Piece((*lines[:-1], f"{lines[-1]} {dots} {page}"))
        case blocks.Note(kind="head"):
            yield Piece((block.text,), kind="head")
        case blocks.Note(kind="margin"):
            yield Piece(tuple(block.text.split("\n")))
        case blocks.Note(kind="foot"):
            yield Piece(tuple(wrapped(f"{block.number} {block.text}")), kind="note")
        case blocks.Figure():
            yield Piece((block.caption, "  ".join(f"{name} {value}" for name, value in block.values), ""))
        case blocks.Keep(form="page"):
            yield from (piece for inner in block.blocks for piece in of_block(inner, book, known))


@cache
def german() -> pyphen.Pyphen:
    return pyphen.Pyphen(lang="de_DE")


def wrapped(text: str, width: int = WIDTH, indent: str = "", hyphens: bool = False) -> list[str]:
    """Return the text in lines of at most `width`; long words are hyphenated at line ends where asked for."""
    lines, line = [], ""
    for word in text.split():
        while line and len(line) + 1 + len(word) > width - len(indent):
            head, tail = broken(word, width - len(indent) - len(line) - 1) if hyphens else ("", word)
            lines.append(f"{line} {head}".rstrip())
            line, word = "", tail
        line = f"{line} {word}".strip()
    return [indent + one for one in [*lines, line] if one]


def broken(word: str, room: int) -> tuple[str, str]:
    """Return the part of a word that fits with its hyphen, and the rest; ("", word) where none does."""
    if not word.isalpha() or len(word) < 8:
        return "", word
    cuts = [cut for cut in german().positions(word) if cut + 1 <= room]
    return (word[: cuts[-1]] + "-", word[cuts[-1] :]) if cuts else ("", word)


def of_grid(grid: blocks.Grid, hyphens: bool) -> Iterator[Piece]:
    """Yield each row with the record that it belongs to, columns side by side."""
    shares = [max(6, int(WIDTH * share / sum(grid.widths)) - 2) for share in grid.widths]
    for cells in grid.rows:
        owner = next((p.owner for cell in cells if cell for p in cell.paras if p.owner is not None), None)
        yield Piece((*side_by_side(cells, shares, hyphens), ""), owner)


def side_by_side(cells: Sequence[blocks.Cell | None], shares: Sequence[int], hyphens: bool) -> list[str]:
    columns, widths, index = [], [], 0
    while index < len(cells):
        cell = cells[index]
        across = cell.across if cell else 1
        width = sum(shares[index : index + across]) + 2 * (across - 1)
        columns.append(wrapped(plain(cell), width, hyphens=hyphens))
        widths.append(width)
        index += across
    lines = zip_longest(*columns, fillvalue="")
    return ["  ".join(part.ljust(width) for part, width in zip(line, widths, strict=True)).rstrip() for line in lines]


def plain(cell: blocks.Cell | None) -> str:
    if cell is None or (cell.bar and not cell.text):
        return "■" if cell else ""
    return " ".join(DOTS[p.text] if p.style == "mark" else p.text.replace("**", "") for p in cell.paras)
