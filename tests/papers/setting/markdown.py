"""Sets a book as Markdown: headings, bold labels, lists and pipe tables; it has no pages."""

from __future__ import annotations

from collections.abc import Iterator

from tests.papers.blocks import Block, Book, Cell, Contents, Figure, Footnote, Grid, Heading, Keep, Labelled, Para
from tests.papers.setting import Placed

DOTS = {"green": "🟢", "yellow": "🟡", "red": "🔴", "grey": "⚪"}
DOTS |= {"empty": "○", "quarter": "◔", "half": "◑", "most": "◕", "full": "●"}
STYLES = {"title": "# {}", "bullet": "- {}", "label": "**{}**", "strong": "**{}**", "hint": "*{}*", "caption": "*{}*"}


def set_book(book: Book) -> tuple[bytes, Placed]:
    text = "\n".join(line for block in book.blocks for line in of_block(block))
    while "\n\n\n" in text:
        text = text.replace("\n\n\n", "\n\n")
    return text.strip().encode() + b"\n", Placed()


def of_block(block: Block) -> Iterator[str]:
    match block:
        case Para():
            text = STYLES.get(block.style, "{}").format(block.text)
            yield from (text,) if block.style == "bullet" else ("", text, "")
        case Heading():
            text = " ".join(block.text) if block.spaced else block.text
            yield from ("", f"{'#' * (block.level + 1)} {text}", "")
        case Labelled():
            if block.form == "run_in":
                yield from (f"**{block.label.rstrip(':')}:** {', '.join(block.values)}", "")
                return
            yield from ("", f"**{block.label}**", "")
            if len(block.values) == 1 or block.values[0].endswith("."):
                yield from (" ".join(block.values), "")
            else:
                yield from (*(f"- {value}" for value in block.values), "")
        case Grid():
            yield from of_grid(block)
        case Contents():
            yield from ("", *(f"{'  ' * (entry.level - 1)}- {entry.text}" for entry in block.entries), "")
        case Figure():
            yield from ("", f"![{block.caption}](abbildung.png)", "", f"*{block.caption}*", "")
        case Footnote():
            yield from ("", f"[^{block.number}]: {block.text}", "")
        case Keep():
            for inner in block.blocks:
                yield from of_block(inner)
        case _:
            return


def of_grid(grid: Grid) -> Iterator[str]:
    if grid.look == "boxes":
        for para in (para for row in grid.rows for cell in row if cell for para in cell.paras):
            yield from of_block(para)
        return
    rows = [[in_cell(cell) for cell in row] for row in grid.rows]
    head = rows[: grid.head] or [[""] * len(grid.widths)]
    yield ""
    yield "| " + " | ".join(head[-1]) + " |"
    yield "|" + " --- |" * len(grid.widths)
    yield from ("| " + " | ".join(row) + " |" for row in rows[grid.head :])
    yield ""


def in_cell(cell: Cell | None) -> str:
    if cell is None:
        return ""
    if cell.bar and not cell.text:
        return "■"
    texts = []
    for para in cell.paras:
        text = DOTS[para.text] if para.style == "mark" else para.text.replace("|", "/")
        texts.append(
            f"**{text}**" if para.style in {"label", "strong"} else f"• {text}" if para.style == "bullet" else text
        )
    return "<br>".join(texts)
