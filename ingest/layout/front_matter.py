"""Front matter of Markdown files (YAML between two rules): metadata, which no reader of the page
sees.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

_MEANINGS = {
    **dict.fromkeys(("title", "titel"), "title"),
    **dict.fromkeys(("publisher", "herausgeber", "herausgeberin"), "publisher"),
    "status": "status",
    **dict.fromkeys(("as_of", "stand", "date", "datum"), "as_of"),
    **dict.fromkeys(("url", "source_url", "source", "quelle"), "source_url"),
}
_BLOCK = re.compile(r"---[ \t]*\n(?P<lines>.*?\n)(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
_FIELD = re.compile(r"(?P<key>[^\W\d][\w.-]*)[ \t]*:(?:[ \t]+(?P<value>.*))?$")
_CONTINUED = re.compile(r"\s*(?:#.*|- .*|-)?$|[ \t]+\S")  # blank, comment, list point, indented
_COMMENT = re.compile(r"\s+#.*$")


class FrontMatter(NamedTuple):
    """The metadata of a file by name (`title`, `source_url` ...), its lines, and the text
    behind it.
    """

    values: Mapping[str, str]
    lines: tuple[str, ...]
    text: str


def split_front_matter(text: str) -> FrontMatter:
    """Return the front matter at the beginning of a text, and the text behind it.

    Lines between two rules are front matter only if each looks like YAML, and at least one is a
    field ("titel: Klimaschutz"). Without front matter there are no values and no lines, and the
    text is whole. Fields with other names than those in `_MEANINGS` are no values, but stay among
    the lines. Of several fields for one value the first with a text wins.
    """
    nothing = FrontMatter({}, (), text)
    block = _BLOCK.match(text)
    if block is None:
        return nothing
    lines = block["lines"].splitlines()
    fields = list(filter(None, map(_FIELD.match, lines)))
    is_data = all(_FIELD.match(line) or _CONTINUED.match(line) for line in lines)
    if not fields or not is_data:
        return nothing
    values: dict[str, str] = {}
    for match in fields:
        name, value = _MEANINGS.get(match["key"].lower()), _plain(match["value"] or "")
        if name and value:
            values.setdefault(name, value)
    return FrontMatter(values, tuple(filter(str.strip, lines)), text[block.end() :])


def _plain(value: str) -> str:
    """Return a scalar without quotes and comment ("2025 # Stand" is "2025"). Return "" for a list,
    a block or another form of YAML, which is told by its first sign.
    """
    value = value.strip()
    if value[:1] in ("'", '"'):
        return value[1:].partition(value[0])[0].strip()
    value = _COMMENT.sub("", value)
    if value[:1] in ("[", "{", "|", ">", "&", "*", "!", "#"):
        return ""
    return value
