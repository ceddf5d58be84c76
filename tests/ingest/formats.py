"""One paper in every format: blocks are headings ("# Wege"), paragraphs, tables (their rows), and
ends of pages.
"""

from __future__ import annotations

import io
import textwrap
from collections.abc import Callable, Sequence
from typing import Any

import docx

from tests.ingest.papers import at, pdf

PAGE_END = "\f"
COLUMNS = (40.0, 80.0, 200.0, 290.0, 370.0, 450.0)
Block = str | Sequence[Sequence[str]]


def paper(name: str, *blocks: Block) -> bytes:
    """Return the paper in the format of a file of this name; only a PDF has pages."""
    if name != "a.pdf":
        blocks = tuple(block for block in blocks if block != PAGE_END)
    return FORMATS[name](blocks)


def save_docx(document: Any) -> bytes:
    saved = io.BytesIO()
    document.save(saved)
    return saved.getvalue()


def _split_heading(block: str) -> tuple[int, str]:
    text = block.lstrip("#")
    return len(block) - len(text), text.strip()


def _as_markdown(blocks: Sequence[Block]) -> bytes:
    parts = []
    for block in blocks:
        if isinstance(block, str):
            parts.append(block)
        else:
            head, *rows = ("|" + "|".join(row) + "|" for row in block)
            parts.append("\n".join([head, "|-" * len(block[0]) + "|", *rows]))
    return "\n\n".join(parts).encode()


def _as_html(blocks: Sequence[Block]) -> bytes:
    page = "<meta charset=utf-8>"
    for block in blocks:
        if isinstance(block, str):
            level, text = _split_heading(block)
            tag = f"h{level}" if level else "p"
            page += f"<{tag}>{text}</{tag}>"
        else:
            rows = ("<tr>" + "".join(f"<td>{cell}" for cell in row) for row in block)
            page += f"<table>{''.join(rows)}</table>"
    return page.encode()


def _as_docx(blocks: Sequence[Block]) -> bytes:
    document = docx.Document()
    for block in blocks:
        if isinstance(block, str):
            level, text = _split_heading(block)
            document.add_paragraph(text, f"Heading {level}" if level else None)
        else:
            table = document.add_table(len(block), len(block[0]))
            for number, row in enumerate(block):
                for cell, text in zip(table.rows[number].cells, row, strict=True):
                    cell.text = text
    return save_docx(document)


def _as_pdf(blocks: Sequence[Block]) -> bytes:
    pages: list[list[tuple[float, float, str, float]]] = [[]]
    top = 780.0
    for block in blocks:
        if block == PAGE_END:
            pages.append([])
            top = 780.0
        elif isinstance(block, str):
            level, text = _split_heading(block)
            size = 2.0 * level - 18 if level else 10.0
            for line in textwrap.wrap(text, 95):
                pages[-1].append((60.0, top, line, size))
                top -= 14
            top -= 16
        else:
            for number, row in enumerate(block):
                size = 8.0 if number else -8.0
                pages[-1] += [(x, top, text, size) for x, text in zip(COLUMNS, row, strict=False)]
                top -= 20
    return pdf(*(at(*texts) for texts in pages))


FORMATS: dict[str, Callable[[Sequence[Block]], bytes]] = {
    "a.md": _as_markdown,
    "a.html": _as_html,
    "a.docx": _as_docx,
    "a.pdf": _as_pdf,
}
