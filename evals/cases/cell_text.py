r"""How a text stands in a table cell, and back without loss.

A backslash makes the next sign plain text: `\;` `\|` `\:` `\=` `\\`; `\n` is a line break inside one entry, `\u0007`
a sign that tables cannot hold. What a spreadsheet would take for a formula stands behind an apostrophe.
"""

from __future__ import annotations

import re

_FORMULA = r"(?:[\s\u00a0]*[=+\-@＝＋－＠]|[\t\r])"
_GUARDED = re.compile(rf"'*{_FORMULA}")
_UNSAFE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ufffe\uffff]|x(?=[0-9A-Fa-f]{4}_)")
_ESCAPED = re.compile(r"\\(?:u((?![dD][89a-fA-F])[0-9a-fA-F]{4})|(n)|([\\;|:=]))")


def guarded(text: str) -> str:
    """Put an apostrophe before what a spreadsheet would take for a formula."""
    return f"'{text}" if _GUARDED.match(text) else text


def unguarded(text: str) -> str:
    """Take that apostrophe away."""
    return text[1:] if text.startswith("'") and _GUARDED.match(text) else text


def escaped(text: str, special: str = "") -> str:
    """A text with backslashes before the special signs, and without what a table cannot hold."""
    text = re.sub(rf"[\\{re.escape(special)}]", lambda found: f"\\{found[0]}", text)
    return _UNSAFE.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def one_line(text: str, special: str = "") -> str:
    """One entry among others in a cell: on one line."""
    return escaped(text, special).replace("\n", "\\n")


def plain(text: str) -> str:
    """The text that `escaped` was given."""
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)) if found[1] else "\n" if found[2] else found[3], text)


def bare(text: str) -> str:
    """The plain text without white space around."""
    return plain(text.strip())


def split(text: str, sign: str) -> list[str]:
    """The parts between signs that no backslash stands before, bare of white space around."""
    parts = [""]
    for token in re.findall(r"\\.|.", text, re.DOTALL):
        if token == sign:
            parts.append("")
        else:
            parts[-1] += token
    return [part.strip() for part in parts]


def entries(text: str) -> list[str]:
    """The entries of a cell; a semicolon at the end starts no empty one."""
    found = split(text, ";")
    return found[:-1] if len(found) > 1 and not found[-1] else found
