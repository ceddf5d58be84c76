"""Verbatim comparison: what two texts share apart from white space and soft hyphens."""

from __future__ import annotations

import re

_SPACE = re.compile(r"[\s\u00ad]+")


def squash(text: str) -> str:
    """A text without white space and soft hyphens: what verbatim comparison looks at."""
    return _SPACE.sub("", text)
