"""Sets a book as a web page as content systems make them: navigation, scripts and hidden parts around the content."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape

from tests.papers import blocks

NAVIGATION = ("Startseite", "Bürgerservice", "Kreistag", "Themen", "Karriere", "Kontakt und Anfahrt")
STYLES = {
    "title": "<h1>{}</h1>",
    "subtitle": '<p class="lead">{}</p>',
    "label": "<p><strong>{}</strong></p>",
    "strong": "<p><strong>{}</strong></p>",
    "small": "<p><small>{}</small></p>",
    "hint": "<p><em>{}</em></p>",
    "bullet": "<li>{}</li>",
}
NOTES = {
    "foot": "<p><small><sup>{number}</sup> {text}</small></p>",
    "margin": "<aside>{text}</aside>",
    "hidden": '<div class="weg" hidden aria-hidden="true" style="display:none"><p>{text}</p></div>',
}
KEPT = {
    "page": ("<section>", "</section>"),
    "details": (
        '<details class="akkordeon"><summary>{badge}{title}</summary><div class="inhalt">', "</div></details>",
    ),
    "card": (
        '<article class="karte"><div class="kopf">{badge}</div><p class="karte-titel">{title}</p><div>',
        "</div></article>",
    ),
}  # fmt: skip
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


def set_book(book: blocks.Book) -> tuple[bytes, blocks.Placed]:
    items = "".join(f'<li><a href="/{name.lower()}">{name}</a></li>' for name in NAVIGATION)
    content = "\n".join(grouped(line for block in book.blocks for line in of_block(block)))
    page = PAGE.format(title=escape(book.title), navigation=items, content=content, foot=escape(book.head))
    return page.encode(), blocks.Placed()


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


def of_block(block: blocks.Block) -> Iterator[str]:
    match block:
        case blocks.Para():
            yield STYLES.get(block.style, "<p>{}</p>").format(markup(block.text))
        case blocks.Heading():
            yield f"<h{block.level + 1}>{markup(block.text)}</h{block.level + 1}>"
        case blocks.Labelled(own_line=True):
            values = [markup(value) for value in block.values]
            said = values[0] if len(values) == 1 else "".join(f"<p>{value}</p>" for value in values)
            yield f"<dt>{markup(block.label)}</dt><dd>{said}</dd>"
        case blocks.Labelled():
            yield f"<p><b>{markup(block.label)}:</b> {markup(', '.join(block.values))}</p>"
        case blocks.Grid():
            yield from of_grid(block)
        case blocks.Contents():
            yield from (f'<li><a href="#{entry.owner}">{markup(entry.text)}</a></li>' for entry in block.entries)
        case blocks.Figure():
            yield f'<figure><img src="bild.svg" alt=""><figcaption>{markup(block.caption)}</figcaption></figure>'
        case blocks.Note() if block.kind in NOTES:
            yield NOTES[block.kind].format(number=block.number, text=markup(block.text))
        case blocks.Keep():
            badge = f'<span class="badge">{markup(block.number)}</span> ' if block.number else ""
            opened, closed = KEPT[block.form]
            yield opened.replace("{badge}", badge).replace("{title}", markup(block.title))
            yield from (line for inner in block.blocks for line in of_block(inner))
            yield closed


def of_grid(grid: blocks.Grid) -> Iterator[str]:
    yield "<table>"
    for number, row in enumerate(grid.rows):
        name = "th" if number < grid.head else "td"
        cells = "".join(of_cell(cell, name) for cell in row if cell)
        before = "<thead>" if number == 0 and grid.head else "<tbody>" if number == grid.head else ""
        after = "</thead>" if number == grid.head - 1 else ""
        yield f"{before}<tr>{cells}</tr>{after}"
    yield "</tbody></table>"


def of_cell(cell: blocks.Cell, name: str) -> str:
    across, down = (f' colspan="{cell.across}"', f' rowspan="{cell.down}"')
    spans = across * (cell.across > 1) + down * (cell.down > 1)
    if cell.bar and not cell.text:
        return f'<{name}{spans} class="balken">■</{name}>'
    forms = {"mark": '<span class="ampel ampel-{}"></span>'}
    if name == "td":
        forms |= {"label": "<strong>{}</strong>", "strong": "<strong>{}</strong>"}
    texts = (forms.get(para.style, "{}").format(markup(para.text)) for para in cell.paras)
    return f"<{name}{spans}>{'<br>'.join(texts)}</{name}>"
