"""Lines from Markdown files: what it hides is cut out, the rest rendered and read as a web page is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from markdown_it import MarkdownIt
from markdown_it.token import Token

from ingest.errors import Reason, Rejected
from ingest.layout.html import html_lines
from ingest.layout.lines import Line, RawDocument, clean_characters, count_invisible, letters, squash
from ingest.layout.markup import hidden_spans
from ingest.layout.text import decoded, is_wrapped, pages_of
from ingest.limits import ReadingLimits

_AS_WRITTEN = ["code", "reference", "link", "image"]  # what rendering would hide a part of


def read_markdown(data: bytes, limits: ReadingLimits) -> RawDocument:
    """Read a Markdown file's bytes; form feeds and page marks part pages. Raises Rejected without text."""
    hidden: Counter[int] = Counter()
    printed = _without_hidden(decoded(data), hidden)
    for number, page in enumerate(printed.split("\f")):
        if invisible := count_invisible(page):
            hidden[number] += invisible
    content = clean_characters(printed)
    pages = pages_of(content)
    renderer = _renderer(breaks=not is_wrapped(content))
    count = len(pages) if len(pages) > 1 else 0
    raw = RawDocument([], page_count=count, labels=[""] * count, hidden=hidden, framed=not count)
    for number, page in enumerate(pages):
        lines, shown = html_lines(_rendered(renderer, page), limits)
        raw.shown.update(letters(shown))
        raw.lines.extend(_on_page(lines, number))
    if sum(count for char, count in raw.shown.items() if char.isalpha()) < 20:
        raise Rejected("Die Datei enthält keinen Text.", Reason.NO_TEXT)
    return raw


def _renderer(*, breaks: bool) -> MarkdownIt:
    """Return what renders headings, lists, tables and type; HTML, links and indented lines are shown as written."""
    return MarkdownIt("commonmark", {"html": False, "breaks": breaks}).enable("table").disable(_AS_WRITTEN)


def _rendered(renderer: MarkdownIt, page: str) -> str:
    """Return a page as HTML; the points of lists keep the numbers that are printed, whatever comes before them."""
    tokens: Sequence[Token] = renderer.parse(page)
    for token in tokens:
        if token.type == "list_item_open" and token.info:
            token.attrSet("value", token.info)
    return str(renderer.renderer.render(tokens, renderer.options, {}))


def _on_page(lines: Sequence[Line], page: int) -> Iterator[Line]:
    for line in lines:
        line.page = page
        yield line


def _without_hidden(content: str, hidden: Counter[int]) -> str:
    """Cut out what Markdown does not show, but for the ends of its lines and pages; count it by page."""
    parts, position, page = [], 0, 0
    for start, end in hidden_spans(content):
        parts.append(content[position:start])
        page += parts[-1].count("\f")
        for number, cut in enumerate(content[start:end].split("\f")):
            hidden[page + number] += len(squash(cut))
        breaks = "".join(char for char in content[start:end] if char in "\n\f")
        parts.append(breaks)
        page += breaks.count("\f")
        position = end
    return "".join([*parts, content[position:]])
