"""Labels that a narrow column breaks over two lines ("Maßnahmenverantwor-", "tung") become one line again."""

from __future__ import annotations

from collections import Counter

from ingest.layout.hyphens import Vocabulary, join_lines
from ingest.layout.lines import Line, RawDocument

_LONGEST = 40  # characters of a line that is a part of a label
_OFTEN = 0.8  # of the places of a first part at which the same second part follows
_LEAST = 3  # times that two lines follow one another
_LEADING = 1.6  # sizes between the lines of one label


def join_split_labels(raw: RawDocument) -> None:
    """Join lines in bold that stand below one another and recur together."""
    if not raw.positioned:
        return
    following = [(above, _below(raw.lines, place)) for place, above in enumerate(raw.lines)]
    firsts = Counter(above.text for above, _ in following if _may_be_part(above))
    pairs = Counter((above.text, below.text) for above, below in following if below is not None)
    words = Vocabulary(line.text for line in raw.lines)
    gone: set[int] = set()
    for above, below in following:
        if below is None or id(above) in gone:
            continue
        count = pairs[above.text, below.text]
        if count >= _LEAST and count >= _OFTEN * firsts[above.text]:
            above.text = join_lines(above.text, below.text, words)
            above.right = max(above.right, below.right)
            gone.add(id(below))
    raw.lines[:] = [line for line in raw.lines if id(line) not in gone]


def _may_be_part(line: Line) -> bool:
    return line.bold and not (line.noise or line.tabled or line.bullet or line.lead) and len(line.text) <= _LONGEST


def _below(lines: list[Line], place: int) -> Line | None:
    """Return the line that goes on a label: just below it, flush with it, set alike."""
    above = lines[place]
    below = lines[place + 1] if place + 1 < len(lines) else None
    if below is None or not (_may_be_part(above) and _may_be_part(below)) or above.page != below.page:
        return None
    if above.text.endswith((":", "?", ".")) or abs(above.size - below.size) > 0.3 or abs(above.x - below.x) > 3:
        return None
    return below if 0 < above.y - below.y <= _LEADING * above.size else None
