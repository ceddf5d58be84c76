"""Minutes and statutes: what headings of their own notation number, items of an agenda, paragraphs and articles.

Minutes list their agenda first and treat it then, point by point; what was resolved stands under a label.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from ingest.blocks import Block, BlockKind
from ingest.extractors.headings import Head

_POINT = re.compile(
    r"^(?:Zu\s+)?(?P<ref>(?:TOP|Tagesordnungspunkt|Punkt)\s?(?:[ÖN]\s?)?\d{1,3}(?:\.\d{1,2})*)"
    r"\s?[.:)–-]?\s+(?P<title>\S.*)$",
    re.DOTALL,
)
_PARAGRAPH = re.compile(r"^(?P<ref>(?:§+|Artikel|Art\.)\s?\d+[a-z]?)\s?[.:–-]?\s+(?P<title>\S.*)$")
_RESOLVED = re.compile(
    r"^(?:[A-ZÄÖÜ][^.:]{3,80}\s(?:fasst|fasste)\s[^.:]{0,40})?(?:Beschlu(?:ss|ß)(?:fassung)?|Beschlossen)\s?:\s*"
)
_LEAST = 2  # points of an agenda
_LONGEST = 200  # characters of one


def agenda_heads(blocks: Sequence[Block]) -> dict[int, Head]:
    """Return the headings of minutes by their position among the blocks; none where no agenda is treated.

    What only lists the agenda is no heading: points that follow one another at once and come again later.
    """
    points = {i: match for i, block in enumerate(blocks) if (match := _point(block)) is not None}
    last = {_plain(match["ref"]): i for i, match in points.items()}
    treated = {i: match for i, match in points.items() if i == last[_plain(match["ref"])]}
    texts = [i for i in treated if i + 1 < len(blocks) and i + 1 not in points]
    if len(treated) < _LEAST or len(texts) < 0.5 * len(treated):
        return {}
    heads = {i: Head(1, " ".join(blocks[i].text.split())) for i in treated}
    first = min(heads)
    for index, block in enumerate(blocks):
        match = _RESOLVED.match(block.text) if index > first and block.kind is BlockKind.TEXT else None
        if match is not None:
            heads[index] = Head(2, block.text[match.end() :] or block.text, resolves=True)
    return heads


def named_by_notation(heading: str) -> tuple[str, str] | None:
    """Split "§ 3 Zusammensetzung" or "TOP 5: Radwege" into number and title; None for every other heading."""
    match = _PARAGRAPH.match(heading) or _POINT.match(heading)
    return (" ".join(match["ref"].split()), match["title"]) if match else None


def _point(block: Block) -> re.Match[str] | None:
    if block.kind is not BlockKind.TEXT or len(block.text) > _LONGEST:
        return None
    return _POINT.match(block.text)


def _plain(ref: str) -> str:
    return ref.rsplit(maxsplit=1)[-1].removeprefix("TOP")
