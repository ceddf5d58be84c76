"""Text and Markdown files, whose repeated lines at the edges of pages are told apart."""

from __future__ import annotations

from ingest.layout.furniture import drop_furniture
from ingest.layout.html import read_markdown
from ingest.layout.text import read_text
from ingest.limits import ReadingLimits
from ingest.stream import Layout


def read_text_file(data: bytes, _limits: ReadingLimits) -> Layout:
    """Return the layout of a text file; raises Rejected without text."""
    return drop_furniture(read_text(data))


def read_markdown_file(data: bytes, limits: ReadingLimits) -> Layout:
    """Return the layout of a Markdown file; raises Rejected without text."""
    return drop_furniture(read_markdown(data, limits))
