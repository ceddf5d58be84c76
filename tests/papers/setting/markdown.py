"""Sets a book as Markdown: headings, bold labels, lists and pipe tables; it has no pages."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tests.papers import blocks

DOTS = {"green": "🟢", "yellow": "🟡", "red": "🔴", "grey": "⚪"} | blocks.BALLS
STYLES = {"title": "# {}", "bullet": "- {}", "label": "**{}**", "strong": "**{}**", "hint": "*{}*", "caption": "*{}*"}


def set_book(book: blocks.Book) -> tuple[bytes, blocks.Placed]:
    text = "\n".join(line for block in book.blocks for line in of_block(block))
    return re.sub(r"\n{3,}", "\n\n", text).strip().encode() + b"\n", blocks.Placed()


def of_block(block: blocks.Block) -> Iterator[str]:
    match block:
        case blocks.Para():
            text = STYLES.get(block.style, "{}").format(block.text)
            yield from (text,) if block.style == "bullet" else ("", text, "")
        case blocks.Heading():
            yield from ("", f"{'#' * (block.level + 1)} {block.printed}", "")
        case blocks.Labelled():
            yield from (line for para in block.paras() for line in of_block(para))
            yield ""
        case blocks.Grid():
            yield from of_grid(block)
        case blocks.Contents():
            yield from ("", *(f"{'  ' * (entry.level - 1)}- {entry.text}" for entry in block.entries), "")
        case blocks.Figure():
            yield from ("", f"![{block.caption}](abbildung.png)", "", f"*{block.caption}*", "")
        case blocks.Note(kind="foot"):
            yield from ("", f"[^{block.number}]: {block.text}", "")
        case blocks.Keep(form="page"):
            yield from (line for inner in block.blocks for line in of_block(inner))


def of_grid(grid: blocks.Grid) -> Iterator[str]:
    if grid.look == "boxes":
        cells = (cell for row in grid.rows for cell in row if cell)
        yield from (line for cell in cells for para in cell.paras for line in of_block(para))
        return
    rows = [[in_cell(cell) for cell in row] for row in grid.rows]
    head = rows[: grid.head] or [[""] * len(grid.widths)]
    yield ""
    yield "| " + " | ".join(head[-1]) + " |"
    yield "|" + " --- |" * len(grid.widths)
    yield from ("| " + " | ".join(row) + " |" for row in rows[grid.head :])
    yield ""


def in_cell(cell: blocks.Cell | None) -> str:
    if cell is None:
        return ""
    if cell.bar and not cell.text:
        return "■"
    forms = {"label": "**{}**", "strong": "**{}**", "bullet": "• {}"}
    return "<br>".join(
        DOTS[para.text] if para.style == "mark" else forms.get(para.style, "{}").format(para.text.replace("|", "/"))
        for para in cell.paras
    )
