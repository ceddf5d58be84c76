"""Web pages and Markdown files as layouts: rendered, and read as one tree; what a browser hides is hidden."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import Any

from lxml import etree
from markdown_it import MarkdownIt
from markdown_it.token import Token

from ingest.errors import Reason, Rejected
from ingest.layout.frame import BLOCKS
from ingest.layout.text import check_letters, decode_text, is_wrapped, split_pages
from ingest.layout.tree import read_tree
from ingest.limits import ReadingLimits
from ingest.stream import Layout, Line, clean_characters, count_invisible, squash
from prompts import say

_GROUND = re.compile(r"background|bgcolor|stylesheet", re.IGNORECASE)  # white letters may be seen on it
_META = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([A-Za-z0-9_:-]{2,30})""", re.IGNORECASE)
_XML = re.compile(rb"""^\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9_:-]{2,30})""", re.IGNORECASE)
_TEXTUAL = re.compile(r"utf-?8|iso-?8859-?\d{1,2}|(?:windows|cp)-?125\d|latin-?\d|koi8-[ru]|macintosh", re.IGNORECASE)
_WESTERN = re.compile(r"utf-8|iso-?8859-?1|latin-?1", re.IGNORECASE)  # what browsers take for windows-1252 at last


def read_html(data: bytes, limits: ReadingLimits) -> Layout:
    """Read a web page's bytes; it has no pages, and nothing is fetched. Raises Rejected without text or too deep."""
    source = _decode_page(data)
    root = _parse(source)
    layout = read_tree(root, bool(_GROUND.search(source)), limits)
    check_letters(layout.shown)
    return layout


def _decode_page(data: bytes) -> str:
    """Decode a page by its byte order mark or its own declaration, else as UTF-8, else as windows-1252."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16", "replace")
    if b"\x00" in data[:4096]:
        raise Rejected(say("layout.is_no_text"), Reason.DAMAGED)
    declared = _META.search(data, 0, 4096) or _XML.search(data, 0, 400)
    name = declared[1].decode() if declared and _TEXTUAL.fullmatch(declared[1].decode()) else "utf-8"
    for encoding in ("utf-8-sig", "cp1252" if _WESTERN.fullmatch(name) else name):
        try:
            return data.decode(encoding)
        except (UnicodeDecodeError, LookupError):
            continue
    return data.decode("cp1252", "replace")


def _parse(source: str) -> etree._Element:
    parser = etree.HTMLParser(encoding="utf-8", no_network=True, huge_tree=True)
    try:
        root = etree.fromstring(source.replace("\x00", "").encode("utf-8", "replace"), parser)
    except (etree.LxmlError, ValueError) as error:
        raise Rejected(say("layout.damaged", name="HTML")) from error
    if root is None:
        raise Rejected(say("reading.no_text"), Reason.NO_TEXT)
    return root


# Markdown

_INLINE = {
    "a", "abbr", "b", "bdi", "bdo", "big", "br", "cite", "code", "col", "colgroup", "del", "dfn", "em", "font", "i",
    "img", "ins", "kbd", "mark", "q", "s", "samp", "script", "small", "span", "strike", "strong", "style", "sub", "sup",
    "template", "tt", "u", "var", "wbr",
}  # fmt: skip
_KNOWN = (BLOCKS | _INLINE) - {"body", "html", "plaintext", "textarea", "xmp", "listing"}  # "<Ort>" is none of them
_AS_WRITTEN = ["code", "reference", "link", "image", "autolink"]  # what rendering would hide a part of
_COMMENT = re.compile(r"<!--(?:(?!<!--|-->).)*\f(?:(?!<!--|-->).)*-->", re.DOTALL)
_PAGE_END = re.compile(r"\s*\f\s*")  # of a comment that goes on: no empty line, which would end it
_TAG = re.compile(r"<(?!!--)(?=/?([A-Za-z][A-Za-z0-9-]*)?)")
_LABEL = re.compile(r"\[([^\[\]\n]+)\](?!:)")


def read_markdown(data: bytes, limits: ReadingLimits) -> Layout:
    """Read a Markdown file's bytes; form feeds and page marks separate pages. Raises Rejected without text."""
    printed = _COMMENT.sub(lambda found: _PAGE_END.sub("\n", found[0]) + "\f" * found[0].count("\f"), decode_text(data))
    content = clean_characters(printed)
    pages = split_pages(content)
    options = {"html": True, "breaks": not is_wrapped(content)}
    renderer = MarkdownIt("commonmark", options).enable("table").disable(_AS_WRITTEN)
    hidden = Counter({number: count_invisible(page) for number, page in enumerate(printed.split("\f"))})
    lines, furniture, shown, tables = list[Line](), list[Line](), Counter[str](), 0
    for number, page in enumerate(pages):
        source, unused = _drop_definitions(page)
        hidden[number] += unused
        if (rendered := _render(renderer, source)).strip():
            layout = read_tree(_parse(rendered), bool(_GROUND.search(rendered)), limits, number, tables)
            tables = max((line.cell.table + 1 for line in layout.lines if line.cell), default=tables)
            lines += layout.lines
            furniture += layout.furniture
            shown.update(layout.shown)
            hidden.update(layout.hidden)
    check_letters(shown)
    count = len(pages) if len(pages) > 1 else 0
    return Layout(tuple(lines), tuple(furniture), count, ("",) * count, shown=shown, hidden=+hidden)


def _drop_definitions(page: str) -> tuple[str, int]:
    """Drop definitions of links that no link uses, the usual comments without HTML; count their characters."""
    if "]:" not in page:
        return page, 0
    lines, known, count = page.split("\n"), dict[str, Any](), 0
    MarkdownIt("commonmark").disable(["inline"]).parse(page, known)
    used = {" ".join(label.upper().split()) for label in _LABEL.findall(page)}
    for label, definition in known.get("references", {}).items():
        for place in range(*definition["map"]) if label not in used else ():
            count += len(squash(lines[place]))
            lines[place] = ""
    return "\n".join(lines), count


def _render(renderer: MarkdownIt, page: str) -> str:
    """Return a page as HTML; points of lists keep their printed numbers, and what is no HTML stays as written."""
    tokens: Sequence[Token] = renderer.parse(page)
    for token in tokens:
        if token.type == "list_item_open" and token.info:
            token.attrSet("value", token.info)
        for part in (token, *(token.children or ())):
            if part.type in ("html_block", "html_inline"):
                part.content = _TAG.sub(lambda tag: "<" if (tag[1] or "").lower() in _KNOWN else "&lt;", part.content)
    return str(renderer.renderer.render(tokens, renderer.options, {}))
