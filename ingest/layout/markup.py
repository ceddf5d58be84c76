"""Parts of a Markdown file that are not to be seen once it is rendered: comments, hidden HTML, notes to nobody.

Code is shown as it is written, so nothing in it is hidden. Where it is not certain how a part is shown, it is shown.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator

Span = tuple[int, int]
_FENCE = re.compile(r"^[ ]{0,3}(`{3,}|~{3,})[^\n]*$", re.MULTILINE)
_TICKS = re.compile(r"`+")
_COMMENT = re.compile(r"(?<!\\)<!--")
_TAG = re.compile(r"(?<!\\)<(/?)([a-zA-Z][a-zA-Z0-9-]*)(\s[^<>]*)?(?<!/)>")
_BREAK = re.compile(r"\n[ \t]*\n")
_NO_CONTENT = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
_NEVER_SHOWN = {"script", "style", "template", "title", "head"}
_HIDDEN = re.compile(r"(?:^|\s)hidden(?=[\s=]|$)", re.IGNORECASE)
_STYLE = re.compile(r"(?:^|\s)style\s*=\s*(\"[^\"]*\"|'[^']*'|[^\s>]+)", re.IGNORECASE)
_INVISIBLE = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)|opacity\s*:\s*(?:0++(?:\.0++)?|\.0++)\s*(?:[;!]|$)"
    r"|(?<![-\w])color\s*:\s*transparent",
    re.IGNORECASE,
)
_SIZE = re.compile(r"font-size\s*:\s*(\d*\.?\d+)(px|pt|em|rem|%)?", re.IGNORECASE)
_POINTS = {"px": 0.75, "pt": 1.0, "em": 12.0, "rem": 12.0, "%": 0.12, "": 0.75}
_WHITE = re.compile(
    r"(?<![-\w])color\s*[:=]\s*+(?:[\"']\s*+)?"
    r"(?:white\b|#fff(?:fff)?\b|rgb\(\s*255\s*,\s*255\s*,\s*255\s*\))",
    re.IGNORECASE,
)
_GROUND = re.compile(r"background|bgcolor", re.IGNORECASE)
_DEFINITION = re.compile(r"^[ ]{0,3}\[(?!\^)([^\]\n]+)\]:[ \t]*\S[^\n]*$", re.MULTILINE)
MIN_POINTS = 3.0


def hidden_spans(text: str) -> list[Span]:
    """Return the parts that are not to be seen, in order and without overlaps."""
    code = _merged([*_fenced(text), *_ticked(text)])
    starts = [start for start, _ in code]
    found = (*_comments(text), *_elements(text), *_unused_definitions(text))
    return _merged([span for span in found if not _within(span[0], code, bisect_right(starts, span[0]) - 1)])


def _within(place: int, spans: list[Span], number: int) -> bool:
    return number >= 0 and place < spans[number][1]


def _merged(spans: list[Span]) -> list[Span]:
    merged: list[Span] = []
    for start, end in sorted(spans):
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        elif end > start:
            merged.append((start, end))
    return merged


def _fenced(text: str) -> Iterator[Span]:
    """Yield blocks of code; one that is never closed runs to the end."""
    opened: re.Match[str] | None = None
    for fence in _FENCE.finditer(text):
        if opened is None:
            opened = fence
        elif fence[1].startswith(opened[1]) and not fence[0].strip().strip(fence[1][0]):
            yield opened.start(), fence.end()
            opened = None
    if opened is not None:
        yield opened.start(), len(text)


def _ticked(text: str) -> Iterator[Span]:
    """Yield code within a paragraph: between two equally long runs of backticks."""
    runs = [match.span() for match in _TICKS.finditer(text)]
    breaks = [match.start() for match in _BREAK.finditer(text)]
    by_length: dict[int, list[int]] = {}
    for start, end in runs:
        by_length.setdefault(end - start, []).append(start)
    position = 0
    for start, end in runs:
        alike = by_length[end - start]
        following = bisect_right(alike, start)
        if start < position or following == len(alike):
            continue
        closing = alike[following]
        if bisect_right(breaks, start) == bisect_right(breaks, closing):
            position = closing + end - start
            yield start, position


def _comments(text: str) -> Iterator[Span]:
    """Yield comments; one that is never closed is a comment only where it begins a line, and runs to the end."""
    position = 0
    while opening := _COMMENT.search(text, position):
        closing = text.find("-->", opening.end())
        if closing < 0:
            if not text[text.rfind("\n", 0, opening.start()) + 1 : opening.start()].strip():
                yield opening.start(), len(text)
            return
        position = closing + 3
        yield opening.start(), position


def _elements(text: str) -> Iterator[Span]:
    """Yield HTML elements that are never shown or are styled not to be seen; one never closed ends its paragraph."""
    plain_ground = not has_ground(text)  # white letters are lost only where nothing has a colour of its own
    breaks = [match.start() for match in _BREAK.finditer(text)]
    opened: dict[str, list[re.Match[str]]] = {}
    for tag in _TAG.finditer(text):
        name = tag[2].lower()
        if name in _NO_CONTENT:
            continue
        if not tag[1]:
            opened.setdefault(name, []).append(tag)
        elif opened.get(name) and _is_hidden(opening := opened[name].pop(), plain_ground):
            yield opening.start(), tag.end()
    for opening in (one for left in opened.values() for one in left):
        if _unseen(opening[3] or "", plain_ground):
            following = bisect_right(breaks, opening.end() - 1)
            yield opening.start(), breaks[following] if following < len(breaks) else len(text)


def _is_hidden(opening: re.Match[str], plain_ground: bool) -> bool:
    return opening[2].lower() in _NEVER_SHOWN or _unseen(opening[3] or "", plain_ground)


def _unseen(attributes: str, plain_ground: bool) -> bool:
    style = match[1].strip("\"'") if (match := _STYLE.search(attributes)) else ""
    white = plain_ground and _WHITE.search(attributes) is not None
    return white or unseen_style(style) or bool(_HIDDEN.search(_STYLE.sub(" ", attributes)))


def unseen_style(style: str) -> bool:
    """Whether an element of this CSS style is not to be seen: not displayed, transparent, or too small to read."""
    size = _SIZE.search(style)
    small = size is not None and float(size[1]) * _POINTS[(size[2] or "").lower()] < MIN_POINTS
    return small or _INVISIBLE.search(style) is not None


def white_style(style: str) -> bool:
    """Whether a CSS style, or `color=...`, sets white letters."""
    return _WHITE.search(style) is not None


def has_ground(text: str) -> bool:
    """Whether anything in a markup has a ground of its own, so that white letters may be seen on it."""
    return _GROUND.search(text) is not None


def _unused_definitions(text: str) -> Iterator[Span]:
    """Yield link definitions that no link uses: the usual way to write a comment where HTML is not allowed."""
    labels = [" ".join(match[1].lower().split()) for match in re.finditer(r"\[([^\[\]\n]+)\](?!:)", text)]
    used = set(labels)
    for match in _DEFINITION.finditer(text):
        if " ".join(match[1].lower().split()) not in used:
            yield match.span()
