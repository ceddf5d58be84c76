"""What of a paper's text can be found in its passages, and what should not stand there."""

from __future__ import annotations

import re
from collections.abc import Sequence

from evals.comparing import plain, squeezed
from evals.reading.catalogue import Catalogue
from evals.reading.figures import Share
from vectorstore.records import Item, ParsedDocument

_BORDER = "\x00"  # between passages: nothing is found across two of them
_LETTERS = 4  # furniture with fewer letters than this is too short to be told from text
_LIKE = 0.5  # the part of a look-alike that a record's title must be, or the other way round


def text_shares(parsed: ParsedDocument, catalogue: Catalogue) -> dict[str, Share]:
    """Return the figures of text: sentences, rows, furniture, hidden parts, characters lost."""
    passages = _BORDER.join(squeezed(chunk.text) for chunk in parsed.chunks)
    shown = passages + _BORDER + squeezed(parsed.document.text) + _BORDER.join(map(_said, parsed.items))
    coverage = parsed.document.coverage
    lost = coverage.lost if coverage else 0
    whole = coverage.body + coverage.furniture + coverage.contents + coverage.lost if coverage else 0
    return {
        "lost": Share(lost, whole),
        "body": Share.of(squeezed(one) in passages for one in catalogue.body),
        "rows": Share.of(all(squeezed(cell) in passages for cell in row) for row in catalogue.table_rows),
        "furniture": _furniture(parsed, catalogue),
        "hidden": Share.of(squeezed(one) in shown for one in catalogue.hidden),
    }


def decoys(texts: Sequence[str], items: Sequence[Item]) -> list[str]:
    """Return those texts that look like titles and became one of these records."""
    titles = [plain(item.title) for item in items]
    return [text for text in texts if any(_alike(plain(text), title) for title in titles)]


def _alike(text: str, title: str) -> bool:
    short, long = sorted((text, title), key=len)
    return bool(short) and short in long and len(short) >= _LIKE * len(long)


def _furniture(parsed: ParsedDocument, catalogue: Catalogue) -> Share:
    """Count passages with a line of furniture; the title page itself may print title and publisher once."""
    patterns = [_line(one) for one in catalogue.furniture if sum(map(str.isalpha, _bare(one))) >= _LETTERS]
    front = catalogue.front
    once = {squeezed(front.title), squeezed(front.publisher)} if front else set[str]()
    found = 0
    for chunk in parsed.chunks if patterns else ():
        lines = [squeezed(line) for line in chunk.text.split("\n")]
        hits = [line for line in lines if any(pattern.fullmatch(line) for pattern in patterns)]
        found += bool(set(hits) - once)
        once -= set(hits)
    return Share(found, len(parsed.chunks) if patterns else 0)


def _bare(line: str) -> str:
    return line.replace("{n}", "").replace("{m}", "")


def _line(furniture: str) -> re.Pattern[str]:
    parts = re.split(r"\{[nm]\}", furniture)
    return re.compile(r"\d+".join(re.escape(squeezed(part)) for part in parts))


def _said(item: Item) -> str:
    texts = (item.heading, item.title, item.body, item.table_row or "", *(one.text for one in item.fields))
    return squeezed(_BORDER.join(texts))
