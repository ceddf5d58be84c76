"""Verbatim comparison: what two texts share apart from white space and soft hyphens."""

from __future__ import annotations


def squash(text: str) -> str:
    """A text without white space and soft hyphens: what verbatim comparison looks at."""
    return "".join(text.replace("\u00ad", "").split())
