"""Lines of tables of contents, told by leaders or by page numbers that rise."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ingest.layout.lines import Line

_LEADERS = re.compile(r"(?<![.·_…])(?<![.·_…]\s)(?:[.·_…]\s?){4,}+\s*+\d{0,3}+\s*$")
_PAGE_BEHIND = re.compile(r"\s(\d{1,3})$")
_LEAST = 4  # lines with page numbers that rise
_LONGEST = 200  # characters of such a line
_LAST_PAGE = 400


def contents_lines(lines: Sequence[Line]) -> dict[int, str]:
    """Return the lines of tables of contents with the title that each lists."""
    found: dict[int, str] = {}
    run: list[int] = []
    last = 0
    for index, line in enumerate(lines):
        if line.noise:
            continue
        if _LEADERS.search(line.text):
            found[index] = _LEADERS.sub("", line.text).strip()
            continue
        page = _PAGE_BEHIND.search(line.text)
        if page and len(line.text) < _LONGEST and last <= int(page[1]) <= _LAST_PAGE and not line.tabled:
            run.append(index)
            last = int(page[1])
            continue
        found.update(_listed(run, lines))
        run, last = [], 0
    found.update(_listed(run, lines))
    return found


def _listed(run: Sequence[int], lines: Sequence[Line]) -> dict[int, str]:
    if len(run) < _LEAST:
        return {}
    return {index: _PAGE_BEHIND.sub("", lines[index].text).strip() for index in run}
