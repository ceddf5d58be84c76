"""Brings lines into forms that are known before a plan is induced: one label with its text on a line of its own.

Several labels on one line become a line each, a label that a narrow column breaks becomes one line, and a title in bold
that runs into its text is parted from it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise, zip_longest

from ingest.layout.contents_lines import contents_lines
from ingest.layout.hyphens import Vocabulary, join_lines
from ingest.layout.lines import Line, RawDocument, text_width
from ingest.plan.form import ReadingPlan
from ingest.plan.numbers import matches, printed_number
from vectorstore.records import ItemKind

_BAR = re.compile(r"(?:(?<!\s)\s++)?[|·•;]\s+")
_LABEL = re.compile(r"[\[(]?[A-ZÄÖÜ][^:|;.?]{1,60}[:?](?:\s|$)")
_OPENED, _CLOSED = re.compile(r"^[\[(](?![^()\[\]]*[)\]])"), re.compile(r"(?<![(\[])[)\]]\s*$")
_LEAST = 3  # rows of labels that a document has, and times that the two lines of a broken label follow one another
_OFTEN = 0.8  # of the places of the first part of a label at which the same second part follows
_LONGEST_PART = 40  # characters of a line that is a part of a label
_LEADING = 1.6  # sizes between the lines of one label or title
_SAME_ROW = 4.0  # points between the base lines of a number at the margin and its title
_MOST = 0.6  # of a family's numbered lines that begin in bold and go on plain


def part_label_rows(raw: RawDocument) -> None:
    """Part the lines of rows of labels, where a document has several; the text behind each label stays with it."""
    if sum(map(_is_row, raw.lines)) < _LEAST:
        return
    lines: list[Line] = []
    within = False
    for line in raw.lines:
        if line.noise or line.tabled:
            lines.append(line)
            continue
        within = _is_row(line) or (within and _goes_on(lines[-1], line))
        lines.extend(_labels_of(line) if within else [line])
    raw.lines[:] = lines


def _is_row(line: Line) -> bool:
    """Tell whether a line has two labels with colons at least, each behind a bar."""
    if line.noise or line.tabled or not _LABEL.match(line.text):
        return False
    return sum(bool(_LABEL.match(part)) for part in _parts(line.text)) >= 2


def _goes_on(above: Line, line: Line) -> bool:
    """Tell whether a line goes on a row of labels: it has another behind a bar, and stands where the row does."""
    return line.page == above.page and any(_LABEL.match(part) for part in _parts(line.text)[1:])


def _parts(text: str) -> list[str]:
    """Return the parts with the bars behind them; a bar in front of what is no label belongs to the text before."""
    places = [0, *(bar.end() for bar in _BAR.finditer(text) if _LABEL.match(text, bar.end())), len(text)]
    return [text[start:end].rstrip() for start, end in pairwise(places)]


def _labels_of(line: Line) -> list[Line]:
    lines, across = [], line.x
    for number, part in enumerate(filter(None, _parts(line.text))):
        text = _OPENED.sub("", part)
        if text.count("(") + text.count("[") < text.count(")") + text.count("]"):
            text = _CLOSED.sub("", text)
        lines.append(replace(line, text=text, x=across, opens=line.opens or number > 0, lead=0))
        across += text_width(part, line.size) if line.size else 0
    return lines


def join_split_labels(raw: RawDocument) -> None:
    """Join lines in bold that stand below one another and recur together."""
    pairs = list(pairwise(raw.lines)) if raw.positioned else []
    firsts = Counter(line.text for line in raw.lines if _may_be_part(line))
    counts = Counter((above.text, below.text) for above, below in pairs if _is_split(above, below))
    often = {pair for pair, count in counts.items() if count >= max(_LEAST, _OFTEN * firsts[pair[0]])}
    words = Vocabulary(line.text for line in raw.lines) if often else None
    gone: set[int] = set()
    for above, below in pairs:
        if (
            words is not None
            and id(above) not in gone
            and (above.text, below.text) in often
            and _is_split(above, below)
        ):
            above.text = join_lines(above.text, below.text, words)
            above.right = max(above.right, below.right)
            gone.add(id(below))
    raw.lines[:] = [line for line in raw.lines if id(line) not in gone]


def _may_be_part(line: Line) -> bool:
    return line.bold and not (line.noise or line.tabled or line.bullet or line.lead) and len(line.text) <= _LONGEST_PART


def _is_split(above: Line, below: Line) -> bool:
    """Tell whether a line goes on the label above it: just below it, flush with it, set alike."""
    if not (_may_be_part(above) and _may_be_part(below)) or above.text.endswith((":", "?", ".")):
        return False
    alike = above.page == below.page and abs(above.size - below.size) <= 0.3 and abs(above.x - below.x) <= 3
    return alike and 0 < above.y - below.y <= _LEADING * above.size


def part_run_in(raw: RawDocument, plan: ReadingPlan) -> None:
    """Part the lines of a document where the bold title of a numbered record ends and its text begins."""
    contents = contents_lines(raw.lines)
    bold = [
        i
        for i, (line, below) in enumerate(zip_longest(raw.lines, raw.lines[1:]))
        if not (line.noise or line.tabled or i in contents) and (line.bold or line.lead or (below and below.lead))
    ]
    parted: dict[int, str] = {}
    for family in plan.families:
        if family.label and family.kind is not ItemKind.THEME:
            places = [i for i in bold if (one := printed_number(raw.lines[i].text)) and matches(family.label, one)]
            titles = [found for i in places if (found := _title_in(raw.lines, i)) is not None]
            parted.update(titles if len(titles) >= _MOST * len(places) else [])
    lines: list[Line] = []
    for index, line in enumerate(raw.lines):
        lines.extend(_parted(line, parted[index]) if index in parted else [line])
    raw.lines[:] = lines


def _title_in(lines: Sequence[Line], index: int) -> tuple[int, str] | None:
    """Return the line on which the bold title that begins at a line ends, and what of it is bold; None where none."""
    first, number = lines[index], printed_number(lines[index].lead_text)
    if number is not None and number.rest:
        return index, first.lead_text
    below, whole = lines[index + 1] if index + 1 < len(lines) else None, printed_number(first.text)
    if below is None or not below.lead or whole is None or whole.rest:
        return None
    beside = abs(first.y - below.y) <= _SAME_ROW and first.x < below.x
    return (index + 1, below.lead_text) if beside else None


def _parted(line: Line, title: str) -> tuple[Line, Line]:
    rest = line.text[len(title) :].lstrip()
    across = line.x + text_width(f"{title} ", line.size) if line.size else 0.0
    head = replace(line, text=title.rstrip(" :."), bold=True, lead=0)
    return head, replace(line, text=rest, bold=False, lead=0, opens=True, x=across, bullet=False, level=0)
