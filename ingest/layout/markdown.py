"""Lines from Markdown files: rendered, HTML in them too, and read as a web page is; what a browser hides is hidden."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token

from ingest.errors import Reason, Rejected
from ingest.layout.html import html_lines
from ingest.layout.lines import RawDocument, clean_characters, count_invisible, letters, squash
from ingest.layout.text import decoded, is_wrapped, pages_of
from ingest.layout.web_frame import KNOWN
from ingest.limits import ReadingLimits
from prompts import say

_AS_WRITTEN = ["code", "reference", "link", "image", "autolink"]  # what rendering would hide a part of
_COMMENT = re.compile(r"<!--(?:(?!<!--|-->).)*\f(?:(?!<!--|-->).)*-->", re.DOTALL)
_PAGE_END = re.compile(r"\s*\f\s*")  # of a comment that goes on: no empty line, which would end it
_TAG = re.compile(r"<(?!!--)(?=/?([A-Za-z][A-Za-z0-9-]*)?)")
_LABEL = re.compile(r"\[([^\[\]\n]+)\](?!:)")


def read_markdown(data: bytes, limits: ReadingLimits) -> RawDocument:
    """Read a Markdown file's bytes; form feeds and page marks part pages. Raises Rejected without text."""
    printed = _COMMENT.sub(lambda one: _PAGE_END.sub("\n", one[0]) + "\f" * one[0].count("\f"), decoded(data))
    content = clean_characters(printed)
    pages = pages_of(content)
    renderer = _renderer(breaks=not is_wrapped(content))
    count = len(pages) if len(pages) > 1 else 0
    raw = RawDocument([], page_count=count, labels=[""] * count, framed=not count)
    for number, page in enumerate(printed.split("\f")):
        raw.hidden[number] += count_invisible(page)
    for number, page in enumerate(pages):
        lines, shown, hidden = html_lines(_rendered(renderer, page, raw, number), limits)
        raw.shown.update(letters(shown))
        raw.hidden[number] += hidden
        for line in lines:
            line.page = number
        raw.lines.extend(lines)
    raw.hidden = +raw.hidden
    if sum(count for char, count in raw.shown.items() if char.isalpha()) < 20:
        raise Rejected(say("reading.no_text"), Reason.NO_TEXT)
    return raw


def _renderer(*, breaks: bool) -> MarkdownIt:
    """Return what renders headings, lists, tables, type and HTML; links and indented lines are shown as written."""
    return MarkdownIt("commonmark", {"html": True, "breaks": breaks}).enable("table").disable(_AS_WRITTEN)


def _rendered(renderer: MarkdownIt, page: str, raw: RawDocument, number: int) -> str:
    """Return a page as HTML; the points of lists keep the numbers that are printed, whatever comes before them.

    Link definitions that no link uses, the usual way to write a comment where HTML is not allowed, are hidden.
    """
    lines = page.split("\n")
    known: dict[str, Any] = {}
    if "]:" in page:
        MarkdownIt("commonmark").disable(["inline"]).parse(page, known)
    used = {" ".join(label.upper().split()) for label in _LABEL.findall(page)}
    for label, definition in known.get("references", {}).items():
        for place in range(*definition["map"]) if label not in used else ():
            raw.hidden[number] += len(squash(lines[place]))
            lines[place] = ""
    tokens: Sequence[Token] = renderer.parse("\n".join(lines))
    for token in tokens:
        if token.type == "list_item_open" and token.info:
            token.attrSet("value", token.info)
        for one in (token, *(token.children or ())):
            if one.type in ("html_block", "html_inline"):
                one.content = _TAG.sub(lambda tag: "<" if (tag[1] or "").lower() in KNOWN else "&lt;", one.content)
    return str(renderer.renderer.render(tokens, renderer.options, {}))
