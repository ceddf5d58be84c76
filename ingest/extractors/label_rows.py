"""Several labels on one line ("Zuständig: Amt 66 | Zeitraum: 2026 | Priorität: hoch") become a line each."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import groupby

from ingest.layout.lines import Line, RawDocument, text_width

_BAR = re.compile(r"(?:(?<!\s)\s++)?[|·•;]\s+")
_LABEL = re.compile(r"[\[(]?[A-ZÄÖÜ][^:|;.?]{1,60}[:?](?:\s|$)")
_OPENED, _CLOSED = re.compile(r"^[\[(](?![^()\[\]]*[)\]])"), re.compile(r"(?<![(\[])[)\]]\s*$")
_LEAST = 3  # such rows that a document has


def part_label_rows(raw: RawDocument) -> None:
    """Part the lines of rows of labels, where a document has several; the text behind each label stays with it."""
    rows = [line for line in raw.lines if _is_row(line)]
    if len(rows) < _LEAST:
        return
    lines: list[Line] = []
    within = False
    for is_open, run in groupby(raw.lines, key=lambda line: bool(line.noise or line.tabled)):
        for line in run:
            if not is_open and (_is_row(line) or (within and _goes_on(lines[-1], line))):
                lines.extend(_parted(line))
                within = True
            else:
                within = within and is_open
                lines.append(line)
    raw.lines[:] = lines


def _is_row(line: Line) -> bool:
    """Tell whether a line has two labels with colons at least, each behind a bar."""
    if line.noise or line.tabled:
        return False
    return _LABEL.match(line.text) is not None and sum(bool(_LABEL.match(part)) for part in _parts(line.text)) >= 2


def _goes_on(above: Line, line: Line) -> bool:
    """Tell whether a line goes on a row of labels: it has another behind a bar, and stands where the row does."""
    alike = line.page == above.page and abs(line.size - above.size) < 0.3
    return alike and any(_LABEL.match(part) for part in _parts(line.text)[1:])


def _parts(text: str) -> list[str]:
    """Return the parts with the bars behind them; a bar in front of what is no label belongs to the text before."""
    parts: list[str] = []
    place = 0
    for bar in _BAR.finditer(text):
        if _LABEL.match(text, bar.end()):
            parts.append(text[place : bar.end()].rstrip())
            place = bar.end()
    return [*parts, text[place:]]


def _without_bracket(text: str) -> str:
    """Return a part without the bracket that opens before it, or closes behind it, around all of the row."""
    text = _OPENED.sub("", text)
    return _CLOSED.sub("", text) if text.count("(") + text.count("[") < text.count(")") + text.count("]") else text


def _parted(line: Line) -> list[Line]:
    lines, across = [], line.x
    for number, part in enumerate(_parts(line.text)):
        if not part.strip():
            continue
        lines.append(
            replace(line, text=_without_bracket(part.strip()), x=across, opens=line.opens or number > 0, lead=0)
        )
        across = across + text_width(part, line.size) if line.size else across
    return lines
