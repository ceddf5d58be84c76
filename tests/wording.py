"""Our wordings as patterns, whatever values they are filled with: tests name the key, not the
sentence.
"""

from __future__ import annotations

import html
import re
from string import Formatter

from prompts import load_words


def worded(key: str, **known: object) -> str:
    """Return a pattern for the wording of `key` ("store.disk_full"), with these values."""
    table, _, name = key.partition(".")
    found = ""
    for literal, field, _, _ in Formatter().parse(load_words(f"de/{table}")[name]):
        found += re.escape(literal)
        if field is not None:
            found += re.escape(str(known[field])) if field in known else "(?s:.*?)"
    return found


def words_of(markup: str) -> str:
    """Return what markup says, in one line."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", markup)).split())
