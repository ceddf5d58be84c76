"""Web pages that are nested, wide, hidden, unfinished, or do not agree with themselves."""

from __future__ import annotations

import re
from random import Random

from tests.endurance.hostile.making import Made, Originals, Way
from tests.endurance.hostile.texts import PROSE

TAGS = (
    "div", "p", "b", "span", "ul", "ol", "li", "table", "tr", "td", "th", "h1", "h3", "section", "main",
    "article", "nav",
    "header", "form", "button", "a", "font", "pre", "blockquote", "dl", "dd", "details", "svg", "math",
    "template", "select",
    "textarea", "frameset", "plaintext", "xmp", "script", "style", "title", "noscript", "iframe", "object", "br", "!--",
)  # fmt: skip
ATTRIBUTES = (
    "hidden", "colspan=1000000", "rowspan=1000000", "colspan=-3", "rowspan=0", "start=999999999", "value=-5", "type=I",
    "type=a", "reversed", "style='display:none'", "style='font-size:0;color:#fff'", "aria-hidden=true", "role=main",
    "role=heading aria-level=99999999999", "href='javascript:alert(1)'", "src='http://127.0.0.1:9/x'", "onclick='x()'",
    "style='" + "list-style:" * 3_000 + "'", "class='" + "x " * 20_000 + "'", "style='" + "color:" + " " * 30_000 + "'",
)  # fmt: skip
_TAG = re.compile(r"<[^>]*>")


def nested(chance: Random, originals: Originals) -> Made:
    """Elements within elements, up to a hundred thousand deep."""
    tags = chance.sample(TAGS, chance.randrange(1, 4))
    if chance.random() < 0.4:
        tags = list(chance.choice((("table", "tr", "td"), ("ul", "li"), ("ol", "li"), ("div",), ("b", "i"), ("form",))))
    depth = chance.choice((50, 300, 900, 5_000, 100_000)) // len(tags) + 1
    text = chance.choice(("x", PROSE, ""))
    opened = "".join(f"<{tag}>" for tag in tags) + text
    closed = "".join(f"</{tag}>" for tag in reversed(tags)) * chance.choice((0, 1))
    return _page(f"<p>{PROSE}</p>{opened * depth}<p>{PROSE}</p>{closed * depth}<p>{PROSE}</p>")


def wide(chance: Random, originals: Originals) -> Made:
    """Tables whose cells span a million rows and columns, or that have very many."""
    cells = "".join(
        f"<td {chance.choice(ATTRIBUTES[:5])}>{chance.choice((PROSE, 'M-01', ''))}</td>"
        for _ in range(chance.choice((1, 30, 2_000)))
    )
    rows = f"<tr>{cells}</tr>" * chance.choice((1, 5, 60))
    return _page(f"<p>{PROSE}</p><table>{rows[:900_000]}</table>" * chance.choice((1, 3)))


def many(chance: Random, originals: Originals) -> Made:
    """Thousands of the same few elements, one behind the other, closed or not."""
    tags = chance.sample(TAGS, chance.randrange(1, 4))
    piece = "".join(f"<{tag} {_attributes(chance)}>{PROSE[: chance.randrange(30)]}" for tag in tags)
    piece += "".join(f"</{tag}>" for tag in reversed(tags)) * chance.choice((0, 1))
    return _page((PROSE + piece * chance.choice((50, 2_000, 30_000)))[:900_000])


def _attributes(chance: Random) -> str:
    return chance.choice(ATTRIBUTES[:18]) if chance.random() < 0.3 else ""


def harmed_tags(chance: Random, originals: Originals) -> Made:
    """A page with tags left out, doubled, swapped, renamed or given strange attributes."""
    page = originals.one(chance, "html").decode()
    tags = list(_TAG.finditer(page))
    chosen = {one.start() for one in chance.sample(tags, min(len(tags), chance.choice((2, 20, 300, 9_000))))}

    def harmed(match: re.Match[str]) -> str:
        if match.start() not in chosen:
            return match[0]
        name = chance.choice(TAGS)
        return chance.choice((
            "", match[0] * 2, chance.choice(tags)[0], f"<{name} {chance.choice(ATTRIBUTES)}>", f"</{name}>",
            match[0][:-1],
        ))  # fmt: skip

    return Made("html", _TAG.sub(harmed, page).encode()[:1_000_000])


def unfinished(chance: Random, originals: Originals) -> Made:
    """Comments, attributes, entities and declarations that do not end."""
    pieces = ("<!--", "<![CDATA[", "<a href='", "<", "</", "&", "&#", "&#x110000;", "&#55296;", "&#0;", "<!DOCTYPE a [",
              "<!ENTITY a '&a;'>", "<?php ", "<script>", "<style>", "<textarea>", "]]>", "-->",
              "<a " + "x=" * 9, "\x00",
              "<meta charset=utf-16>", "<base href=//127.0.0.1:9>", "<br/" , "<td", "style='display:none",
              "<svg><style>")  # fmt: skip
    page = originals.one(chance, "html").decode()
    for _ in range(chance.choice((1, 5, 40))):
        place = chance.randrange(len(page))
        page = page[:place] + chance.choice(pieces) * chance.choice((1, 1, 3, 3_000)) + page[place:]
    return Made("html", page.encode()[:1_000_000])


def _page(body: str) -> Made:
    return Made("html", f"<!DOCTYPE html><meta charset=utf-8><title>Plan</title><body>{body}".encode())


WAYS: tuple[Way, ...] = (nested, wide, many, harmed_tags, unfinished)
