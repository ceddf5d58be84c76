"""Numbers of records that run at the edge of the pages: where nothing else heads a record, its running number does.

A programme may print the number of a sheet, or number and title, in the head or foot of each of its pages and nowhere
else. By repetition that looks like furniture. What tells it apart is that it names one thing after the other, each on
pages that follow one another, and that the pages themselves do not begin with what it names.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import takewhile

from ingest.layout.furniture import tells_page
from ingest.layout.lines import Line, RawDocument
from ingest.plan.numbers import Printed, printed_number, same_ref

_EDGE = 0.15  # share of the page's height, at top and bottom
_LEAST = 3  # numbers that run
_SLOT = 6.0  # points within which lines stand at one height
_SAME_ROW = 3.0  # points between the base lines of one row
_TITLE = 4  # lines of a page's beginning that may repeat with the number: a title under it
_FOLLOWS = 0.7  # share of the pages from which on a number is that of the page
_OWN = 0.5  # share of the numbers that have to run so, and that no other line of their pages begins with


@dataclass(slots=True)
class _Run:
    """A number at the edge of pages that follow one another: a line for each of them."""

    ref: str
    lines: list[Line]


def lift_running_numbers(raw: RawDocument) -> None:
    """Put the first print of each running number before the text of its page, and mark the others as furniture."""
    if not raw.positioned:
        return
    pages: dict[int, list[Line]] = defaultdict(list)
    for line in raw.lines:
        if not line.doubled:
            pages[line.page].append(line)
    heads: dict[int, list[Line]] = {}
    for runs in _running(raw, pages):
        common = _in_common(runs, pages)
        for run in runs:
            first, *others = run.lines
            heads.setdefault(first.page, _row(first, pages[first.page], common))
            _mark_repeated(pages[first.page], [pages[one.page] for one in others], others)
    if heads:
        raw.lines = list(_lifted(raw.lines, heads))


def _running(raw: RawDocument, pages: dict[int, list[Line]]) -> Iterator[list[_Run]]:
    """Yield the series of numbers that run at one height of the pages and are nowhere else."""
    slots: dict[tuple[object, ...], list[tuple[Line, Printed]]] = defaultdict(list)
    for page, lines in pages.items():
        height = raw.height_of(page)
        for line in lines:
            below, above = line.y, height - line.y
            at_edge = min(below, above) <= _EDGE * height and not tells_page(line)
            number = printed_number(line.text) if at_edge else None
            if number is not None and (number.word or number.code or number.rest) and not number.total:
                edge = ("top", round(above / _SLOT)) if above < below else ("bottom", round(below / _SLOT))
                slots[edge, number.word, bool(number.code), number.shape].append((line, number))
    for prints in slots.values():
        runs = _runs(prints)
        running = [run for run in runs if _runs_on(run, pages, raw)] if len(runs) >= _LEAST else []
        if len(running) > _OWN * len(runs) and not _follows_pages(prints) and _is_own(runs, pages):
            yield running


def _runs(prints: Sequence[tuple[Line, Printed]]) -> list[_Run]:
    """Return the runs of one height; none where a page has two numbers there, or a number comes again otherwise."""
    runs: list[_Run] = []
    for line, number in prints:
        ref = same_ref(number.ref)
        if runs and runs[-1].lines[-1].page == line.page:
            return []
        if runs and runs[-1].ref == ref and runs[-1].lines[-1].page == line.page - 1:
            if line.text != runs[-1].lines[-1].text:
                return []  # several records under one number
            runs[-1].lines.append(line)
        else:
            runs.append(_Run(ref, [line]))
    return runs if len({run.ref for run in runs}) == len(runs) else []


def _runs_on(run: _Run, pages: dict[int, list[Line]], raw: RawDocument) -> bool:
    """Tell whether a number is at the edge as furniture is, and no heading that a page happens to begin with."""
    first = run.lines[0]
    if len(run.lines) > 1 or first.noise or first.aside:
        return True
    height = raw.height_of(first.page)
    text = [line for line in pages[first.page] if not (line.noise or line.aside or line is first)]
    before = takewhile(lambda line: line is not first, pages[first.page])
    drawn_late = any(_EDGE * height < line.y < first.y for line in before)
    return drawn_late or all(line.y >= first.y for line in text)


def _follows_pages(prints: Sequence[tuple[Line, Printed]]) -> bool:
    """Tell whether the numbers count the pages."""
    if not all(number.parts for _, number in prints):
        return False
    offsets = Counter(number.parts[-1] - line.page for line, number in prints)
    paged = offsets.most_common(1)[0][1] >= _FOLLOWS * len(prints)
    return paged and not any(number.word or number.code for _, number in prints)


def _is_own(runs: Sequence[_Run], pages: dict[int, list[Line]]) -> bool:
    """Tell whether (most of) the numbers head no other line of the page they first run on, or of the one before."""
    alone = 0
    for run in runs:
        first = run.lines[0]
        near = [*pages[first.page], *pages.get(first.page - 1, ())]
        others = (printed_number(line.text) for line in near if line not in run.lines)
        alone += all(other is None or same_ref(other.ref) != run.ref for other in others)
    return alone > _OWN * len(runs)


def _row(line: Line, page: Sequence[Line], common: Collection[str]) -> list[Line]:
    """Return the line and what stands beside it, a title in a cell of its own: nothing that pages have in common."""
    beside = [one for one in page if abs(one.y - line.y) <= _SAME_ROW and one is not line and one.x > line.x]
    titles = [one for one in beside if one.noise and one.text not in common and any(map(str.isalpha, one.text))]
    return [line, *titles]


def _in_common(runs: Sequence[_Run], pages: dict[int, list[Line]]) -> set[str]:
    """Return the texts that stand on the first pages of several runs."""
    first = Counter(text for run in runs for text in {line.text for line in pages[run.lines[0].page]})
    return {text for text, count in first.items() if count > 1}


def _mark_repeated(first: Sequence[Line], others: Sequence[Sequence[Line]], prints: Sequence[Line]) -> None:
    """Mark what further pages of a record print of its head again: its number, and the title under it."""
    for line in prints:
        line.noise = True
    title = {line.text for line in [one for one in first if not one.noise][:_TITLE]}
    for page in others:
        for line in [one for one in page if not one.noise][:_TITLE]:
            if line.text not in title:
                break
            line.noise = True


def _lifted(lines: Sequence[Line], heads: dict[int, list[Line]]) -> Iterator[Line]:
    """Yield the lines with the heads of pages before the text of these pages, and no longer as furniture."""
    taken = {id(line) for head in heads.values() for line in head}
    waiting = dict(heads)
    for line in lines:
        head = waiting.pop(line.page, None)
        for one in head or ():
            one.noise = one.aside = False
            yield one
        if id(line) not in taken:
            yield line
