"""Lines from web pages and Markdown files: rendered, and read as one tree; what a browser hides is hidden."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from lxml import etree
from markdown_it import MarkdownIt
from markdown_it.token import Token

from ingest.errors import Reason, Rejected
from ingest.layout.frame import BLOCKS
from ingest.layout.lines import RawDocument, clean_characters, count_invisible, letters, squash
from ingest.layout.text import decoded, is_wrapped, pages_of
from ingest.layout.tree import plain_text, tree_lines
from ingest.limits import ReadingLimits
from prompts import say

_LEAST_LETTERS = 20  # of a file that counts as having text
_GROUND = re.compile(r"background|bgcolor|stylesheet", re.IGNORECASE)  # white letters may be seen on it
_META = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([A-Za-z0-9_:-]{2,30})""", re.IGNORECASE)
_XML = re.compile(rb"""^\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9_:-]{2,30})""", re.IGNORECASE)
_TEXTUAL = re.compile(r"utf-?8|iso-?8859-?\d{1,2}|(?:windows|cp)-?125\d|latin-?\d|koi8-[ru]|macintosh", re.IGNORECASE)
_WESTERN = re.compile(r"utf-8|iso-?8859-?1|latin-?1", re.IGNORECASE)  # what browsers take for windows-1252 at last
_NAMES = {
    "author": ("author", "dc.creator", "dcterms.creator"),
    "date": ("date", "dc.date", "dcterms.issued", "dcterms.modified", "article:published_time", "last-modified"),
}


def read_html(data: bytes, limits: ReadingLimits) -> RawDocument:
    """Read a web page's bytes; it has no pages, and nothing is fetched. Raises Rejected without text or too deep."""
    source = _page_text(data)
    root = _parsed(source)
    lines, shown, hidden = tree_lines(root, _GROUND.search(source) is not None, limits)
    raw = RawDocument(lines, properties=_properties(root), framed=True)
    raw.shown.update(letters(shown))
    raw.hidden[0] = hidden + count_invisible(shown)
    return _with_text(raw)


def _page_text(data: bytes) -> str:
    """Decode a page as its byte order mark or itself says, else as UTF-8, else as Windows has it."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16", "replace")
    if b"\x00" in data[:4096]:
        raise Rejected(say("layout.is_no_text"), Reason.DAMAGED)
    said = _META.search(data, 0, 4096) or _XML.search(data, 0, 400)
    name = said[1].decode() if said and _TEXTUAL.fullmatch(said[1].decode()) else "utf-8"
    for encoding in ("utf-8-sig", "cp1252" if _WESTERN.fullmatch(name) else name):
        try:
            return data.decode(encoding)
        except (UnicodeDecodeError, LookupError):
            continue
    return data.decode("cp1252", "replace")


def _parsed(source: str) -> etree._Element:
    parser = etree.HTMLParser(encoding="utf-8", no_network=True, huge_tree=True)
    try:
        root = etree.fromstring(source.replace("\x00", "").encode("utf-8", "replace"), parser)
    except (etree.LxmlError, ValueError) as error:
        raise Rejected(say("layout.damaged", name="HTML")) from error
    if root is None:
        raise Rejected(say("reading.no_text"), Reason.NO_TEXT)
    return root


def _properties(root: etree._Element) -> dict[str, str]:
    """Return what the page says of itself."""
    titles = [*root.iter("title"), *root.iter("h1")]
    found = {"title": next((text for one in titles if (text := plain_text("".join(one.itertext())))), "")}
    metas = {(one.get("name") or one.get("property") or one.get("http-equiv") or "").lower(): one.get("content")
             for one in root.iter("meta")}  # fmt: skip
    for key, names in _NAMES.items():
        found[key] = next((text for name in names if (text := plain_text(metas.get(name) or ""))), "")
    found["language"] = (root.get("lang") or "").strip().lower()
    return {key: value[:500] for key, value in found.items() if value}


def _with_text(raw: RawDocument) -> RawDocument:
    if sum(count for char, count in raw.shown.items() if char.isalpha()) < _LEAST_LETTERS:
        raise Rejected(say("reading.no_text"), Reason.NO_TEXT)
    raw.hidden = +raw.hidden
    return raw


# Markdown

_INLINE = {
    "a", "abbr", "b", "bdi", "bdo", "big", "br", "cite", "code", "col", "colgroup", "del", "dfn", "em", "font", "i",
    "img", "ins", "kbd", "mark", "q", "s", "samp", "script", "small", "span", "strike", "strong", "style", "sub", "sup",
    "template", "tt", "u", "var", "wbr",
}  # fmt: skip
_KNOWN = (BLOCKS | _INLINE) - {"body", "html", "plaintext", "textarea", "xmp", "listing"}  # told apart from "<Ort>"
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
    options = {"html": True, "breaks": not is_wrapped(content)}
    renderer = MarkdownIt("commonmark", options).enable("table").disable(_AS_WRITTEN)
    count = len(pages) if len(pages) > 1 else 0
    raw = RawDocument([], page_count=count, labels=[""] * count, framed=not count)
    for number, page in enumerate(printed.split("\f")):
        raw.hidden[number] += count_invisible(page)
    for number, page in enumerate(pages):
        source = _rendered(renderer, _without_definitions(page, raw, number))
        if not source.strip():
            continue
        lines, shown, hidden = tree_lines(_parsed(source), _GROUND.search(source) is not None, limits)
        raw.shown.update(letters(shown))
        raw.hidden[number] += hidden
        for line in lines:
            line.page = number
        raw.lines.extend(lines)
    return _with_text(raw)


def _without_definitions(page: str, raw: RawDocument, number: int) -> str:
    """Leave out definitions of links that no link uses, the usual way to write a comment without HTML: hidden text."""
    if "]:" not in page:
        return page
    lines, known = page.split("\n"), dict[str, Any]()
    MarkdownIt("commonmark").disable(["inline"]).parse(page, known)
    used = {" ".join(label.upper().split()) for label in _LABEL.findall(page)}
    for label, definition in known.get("references", {}).items():
        for place in range(*definition["map"]) if label not in used else ():
            raw.hidden[number] += len(squash(lines[place]))
            lines[place] = ""
    return "\n".join(lines)


def _rendered(renderer: MarkdownIt, page: str) -> str:
    """Return a page as HTML; points of lists keep their printed numbers, and what is no HTML stays as written."""
    tokens: Sequence[Token] = renderer.parse(page)
    for token in tokens:
        if token.type == "list_item_open" and token.info:
            token.attrSet("value", token.info)
        for one in (token, *(token.children or ())):
            if one.type in ("html_block", "html_inline"):
                one.content = _TAG.sub(lambda tag: "<" if (tag[1] or "").lower() in _KNOWN else "&lt;", one.content)
    return str(renderer.renderer.render(tokens, renderer.options, {}))
