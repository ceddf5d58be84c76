"""Sets a book as a web page as content systems make them: navigation, scripts and hidden parts around the content."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape

from tests.papers.blocks import (
    Block,
    Book,
    Cell,
    Contents,
    Figure,
    Folded,
    Footnote,
    Grid,
    Heading,
    Hidden,
    Keep,
    Labelled,
    MarginNote,
    Para,
)
from tests.papers.setting import Placed

NAVIGATION = ("Startseite", "Bürgerservice", "Kreistag", "Themen", "Karriere", "Kontakt und Anfahrt")
STYLES = {
    "title": "<h1>{}</h1>",
    "subtitle": '<p class="lead">{}</p>',
    "label": "<p><strong>{}</strong></p>",
    "strong": "<p><strong>{}</strong></p>",
    "small": "<p><small>{}</small></p>",
    "hint": "<p><em>{}</em></p>",
}
PAGE = """<!DOCTYPE html>
<html lang="de">
<head><meta charset="utf-8"><title>{title}</title>
<style>body{{font-family:sans-serif;margin:auto}} td,th{{border:1px solid #999}} .weg{{display:none}}</style>
<script>var seite = {{"titel": "Kein Text für Menschen", "zaehler": 12}}; window.dataLayer = [];</script>
</head>
<body>
<header><nav><ul>{navigation}</ul></nav></header>
<main>
{content}
</main>
<footer><p>{foot}</p><p>Impressum · Datenschutz · Barrierefreiheit</p></footer>
<noscript>Bitte schalten Sie Skripte ein.</noscript>
</body>
</html>
"""


def set_book(book: Book) -> tuple[bytes, Placed]:
    items = "".join(f'<li><a href="/{name.lower()}">{name}</a></li>' for name in NAVIGATION)
    content = "\n".join(grouped(line for block in book.blocks for line in of_block(block)))
    page = PAGE.format(title=escape(book.title), navigation=items, content=content, foot=escape(book.head))
    return page.encode(), Placed()


def grouped(lines: Iterator[str]) -> Iterator[str]:
    """Put list items and pairs of label and value that follow each other into one list."""
    within: str | None = None
    for line in lines:
        needed = "ul" if line.startswith("<li>") else "dl" if line.startswith("<dt>") else None
        if within and needed != within:
            yield f"</{within}>"
        if needed and needed != within:
            yield f"<{needed}>"
        within = needed
        yield line
    if within:
        yield f"</{within}>"


def markup(text: str) -> str:
    return re.sub(r"\*\*(.+?)\*\*", r"<b>\1</b>", escape(text, quote=False))


def of_block(block: Block) -> Iterator[str]:
    match block:
        case Para():
            yield STYLES.get(block.style, "<li>{}</li>" if block.style == "bullet" else "<p>{}</p>").format(
                markup(block.text)
            )
        case Heading():
            yield f"<h{block.level + 1}>{markup(block.text)}</h{block.level + 1}>"
        case Labelled():
            values = (
                "".join(f"<p>{markup(value)}</p>" for value in block.values)
                if len(block.values) > 1
                else markup(block.values[0])
            )
            label = markup(block.label)
            yield (
                f"<dt>{label}</dt><dd>{values}</dd>"
                if block.form == "own_line"
                else f"<p><b>{label}:</b> {markup(', '.join(block.values))}</p>"
            )
        case Grid():
            yield from of_grid(block)
        case Contents():
            yield from (f'<li><a href="#{entry.owner}">{markup(entry.text)}</a></li>' for entry in block.entries)
        case Figure():
            yield f'<figure><img src="bild.svg" alt=""><figcaption>{markup(block.caption)}</figcaption></figure>'
        case Footnote():
            yield f"<p><small><sup>{block.number}</sup> {markup(block.text)}</small></p>"
        case MarginNote():
            yield f"<aside>{markup(block.text)}</aside>"
        case Hidden():
            yield f'<div class="weg" hidden aria-hidden="true" style="display:none"><p>{markup(block.text)}</p></div>'
        case Folded():
            yield from of_folded(block)
        case Keep():
            yield "<section>"
            for inner in block.blocks:
                yield from of_block(inner)
            yield "</section>"
        case _:
            return


def of_folded(block: Folded) -> Iterator[str]:
    """Yield what is folded away below its title, or a card whose number is a badge."""
    badge = f'<span class="badge">{markup(block.number)}</span> ' if block.number else ""
    title = markup(block.title)
    if block.form == "details":
        yield f'<details class="akkordeon"><summary>{badge}{title}</summary><div class="inhalt">'
    else:
        yield f'<article class="karte"><div class="kopf">{badge}</div><p class="karte-titel">{title}</p><div>'
    for inner in block.blocks:
        yield from of_block(inner)
    yield "</div></details>" if block.form == "details" else "</div></article>"


def of_grid(grid: Grid) -> Iterator[str]:
    yield "<table>"
    for number, row in enumerate(grid.rows):
        name = "th" if number < grid.head else "td"
        cells = "".join(of_cell(cell, name) for cell in row if cell)
        before = "<thead>" if number == 0 and grid.head else "<tbody>" if number == grid.head else ""
        after = "</thead>" if number == grid.head - 1 else ""
        yield f"{before}<tr>{cells}</tr>{after}"
    yield "</tbody></table>"


def of_cell(cell: Cell, name: str) -> str:
    spans = (f' colspan="{cell.across}"' if cell.across > 1 else "") + (
        f' rowspan="{cell.down}"' if cell.down > 1 else ""
    )
    if cell.bar and not cell.text:
        return f'<{name}{spans} class="balken">■</{name}>'
    texts = []
    for para in cell.paras:
        if para.style == "mark":
            texts.append(f'<span class="ampel ampel-{para.text}"></span>')
            continue
        text = markup(para.text)
        texts.append(f"<strong>{text}</strong>" if para.style in {"label", "strong"} and name == "td" else text)
    return f"<{name}{spans}>{'<br>'.join(texts)}</{name}>"
