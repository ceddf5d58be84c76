"""Web pages and Markdown files as layouts: both are parsed as HTML; what a browser would hide is
hidden.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import count

from lxml import etree
from lxml.html import defs
from markdown_it import MarkdownIt
from markdown_it.token import Token

from ingest.errors import Reason, Rejected
from ingest.layout.front_matter import split_front_matter
from ingest.layout.html_regions import BLOCKS
from ingest.layout.markdown_notes import mark_notes, number_labels, split_notes, wrap_note
from ingest.layout.runs import RunRole, TextRun
from ingest.layout.text import check_letters, decode_text, is_wrapped, split_pages, with_pages
from ingest.layout.tree import read_tree
from ingest.limits import ReadingLimits
from ingest.stream import Layout, Line, clean_characters, count_letters, find_invisible
from prompts import say

# on which white letters may be visible
_BACKGROUND = re.compile(r"background|bgcolor|stylesheet", re.IGNORECASE)


def read_html(data: bytes, limits: ReadingLimits) -> Layout:
    """Return the layout of a web page, which is not divided into pages. Nothing is fetched. Raises
    Rejected for a file that is binary or has no text, for elements that are nested too deeply, and
    for tables beyond the limits.
    """
    source = decode_text(data)
    layout = read_tree(_parse_html(source), limits, styled=bool(_BACKGROUND.search(source)))
    check_letters(layout.shown)
    return layout


def _parse_html(source: str) -> etree._Element:
    """Return the root element of a page; nothing is fetched. Zero characters, which end the text
    for the parser, are removed. Raises Rejected if nothing can be parsed, or if there is no
    element.
    """
    parser = etree.HTMLParser(encoding="utf-8", no_network=True, huge_tree=True)
    try:
        root = etree.fromstring(source.replace("\x00", "").encode("utf-8", "replace"), parser)
    except (etree.LxmlError, ValueError) as error:
        raise Rejected(say("layout.damaged", name="HTML")) from error
    if root is None:
        raise Rejected(say("reading.no_text"), Reason.NO_TEXT)
    return root


# Markdown

# "<Ort>" is text
_TAGS = (defs.tags | BLOCKS | {"bdi", "template"}) - {
    "body",
    "html",
    "plaintext",
    "textarea",
    "title",
    "xmp",
    "listing",
}
# of the Markdown parser, beyond those of CommonMark
_ENABLED_RULES = ["table", "strikethrough"]
_DISABLED_RULES = ["code"]  # an indented line is text
_COMMENT = re.compile(r"<!--(?:(?!<!--|-->).)*\f(?:(?!<!--|-->).)*-->", re.DOTALL)
_PAGE_END = re.compile(r"\s*\f\s*")  # in a comment: an empty line instead would end it
# marks of bold text that the parser leaves, as converters set them: "**Ziel **", "**Ziel:**Mehr";
# not those of notes: "Kosten ** ohne Steuer"
_MARKED_BOLD = re.compile(r"\*\*(\w[^*<>\n]*)\*\*")
# "<", and the name of the tag that it begins, if any
_TAG = re.compile(r"<(?!!--)(?=/?([A-Za-z][A-Za-z0-9-]*)?)")


def read_markdown(data: bytes, limits: ReadingLimits) -> Layout:
    """Return the layout of a Markdown file. Form feeds separate its pages or, without form feeds,
    lines that mark pages ("Seite 2").

    The front matter becomes metadata and furniture. Definitions of links and notes that nothing
    leads to are hidden text. A comment over the end of a page is kept whole, and the page ends
    behind it. Tables are numbered through the file. Raises Rejected as `read_html` does.
    """
    front_matter = split_front_matter(decode_text(data))
    # a page that ends within a comment ends after it
    printed = _COMMENT.sub(
        lambda match: _PAGE_END.sub("\n", match[0]) + "\f" * match[0].count("\f"),
        front_matter.text,
    )
    content = clean_characters(printed)
    pages = split_pages(content)
    note_numbers = number_labels(content)
    options = {"html": True, "breaks": not is_wrapped(content)}
    renderer = MarkdownIt("commonmark", options).enable(_ENABLED_RULES).disable(_DISABLED_RULES)
    furniture = [Line(clean_characters(line)) for line in front_matter.lines]
    shown = count_letters("\n".join(front_matter.lines))
    runs = list[TextRun]()
    lines = list[Line]()
    table_numbers = count()
    for number, page in enumerate(split_pages(printed)):
        runs += find_invisible(page, number)
    for number, page in enumerate(pages):
        rendered, unused = _render_page(renderer, page, note_numbers)
        runs += (TextRun(definition, RunRole.HIDDEN, number) for definition in unused)
        if rendered.strip():
            styled = bool(_BACKGROUND.search(rendered))
            root = _parse_html(rendered)
            layout = read_tree(
                root, limits, styled=styled, page=number, table_numbers=table_numbers
            )
            lines += layout.lines
            furniture += layout.furniture
            shown.update(layout.shown)
            runs += layout.runs
    check_letters(shown)
    layout = Layout(
        tuple(lines),
        tuple(furniture),
        shown=shown,
        runs=tuple(runs),
        metadata=front_matter.values,
    )
    return with_pages(layout, len(pages))


def _render_page(
    renderer: MarkdownIt, page: str, note_numbers: Mapping[str, int]
) -> tuple[str, list[str]]:
    """Return a page as HTML with its notes at the end, and the notes that nothing leads to.

    `note_numbers` are the numbers of the notes of the file by their labels; a label without a
    number has no mark.
    """
    source, notes = split_notes(page)
    unused = list[str]()
    rendered = _render(renderer, mark_notes(source, note_numbers))
    for label, text in notes.items():
        if label in note_numbers:
            note = _render(renderer, mark_notes(text, note_numbers))
            rendered += wrap_note(note_numbers[label], note)
        else:
            unused.append(text)
    return rendered, unused


def _keep_known_tag(tag: re.Match[str]) -> str:
    if (tag[1] or "").lower() in _TAGS:
        return "<"
    return "&lt;"


def _render(renderer: MarkdownIt, page: str) -> str:
    """Return a page as HTML. List points keep the numbers that the file prints, also where these do
    not count on. Tags unknown in HTML stay text: "<Ort>".
    """
    tokens: Sequence[Token] = renderer.parse(page)
    for token in tokens:
        if token.type == "list_item_open" and token.info:
            token.attrSet("value", token.info)
        parts = [token, *(token.children or ())]
        for part in parts:
            if part.type in ("html_block", "html_inline"):
                part.content = _TAG.sub(_keep_known_tag, part.content)
    rendered = renderer.renderer.render(tokens, renderer.options, {})
    return _MARKED_BOLD.sub(r"<strong>\1</strong>", rendered)
