"""Numbers of records that run at the edge of the pages: where nothing else heads a record, its running number does.

A programme may print the number of a sheet, or number and title, in the head or foot of each of its pages and nowhere
else. By repetition that looks like furniture. What tells it apart is that it names one thing after the other, each on
pages that follow one another, and that the pages themselves do not begin with what it names.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from itertools import takewhile

from ingest.layout.furniture import EDGE, tells_page
from ingest.layout.lines import Line, RawDocument
from ingest.plan.numbers import Printed, printed_number, same_ref

_LEAST = 3  # numbers that run
_SLOT = 6.0  # points within which lines stand at one height
_TITLE = 4  # lines of a page's beginning that may repeat with the number: a title under it
_FOLLOWS = 0.7  # share of the pages from which on a number is that of the page
_OWN = 0.5  # share of the numbers that have to run so, and that no other line of their pages begins with
Prints = list[tuple[Line, Printed]]  # of one number, on pages that follow one another


def lift_running_numbers(raw: RawDocument) -> None:
    """Put the first print of each running number before the text of its page, and mark the others as furniture."""
    if not raw.positioned:
        return
    pages: dict[int, list[Line]] = defaultdict(list)
    for line in raw.lines:
        if not line.doubled:
            pages[line.page].append(line)
    heads: dict[int, Line] = {}
    for runs in _running(raw, pages):
        for (first, _), *others in runs:
            heads.setdefault(first.page, first)
            _mark_repeated(pages, first, [line for line, _ in others])
    for head in heads.values():
        head.noise = head.aside = False
        raw.lines.remove(head)
        place = next((at for at, line in enumerate(raw.lines) if line.page == head.page), len(raw.lines))
        raw.lines.insert(place, head)


def _running(raw: RawDocument, pages: dict[int, list[Line]]) -> Iterator[list[Prints]]:
    """Yield the series of numbers that run at one height of the pages and are nowhere else."""
    slots: dict[tuple[object, ...], Prints] = defaultdict(list)
    for page, lines in pages.items():
        height = raw.height_of(page)
        for line in lines:
            below, above = line.y, height - line.y
            at_edge = min(below, above) <= EDGE * height and not tells_page(line)
            number = printed_number(line.text) if at_edge else None
            if number is not None and (number.word or number.code or number.rest) and not number.total:
                edge = ("top", round(above / _SLOT)) if above < below else ("bottom", round(below / _SLOT))
                slots[edge, number.word, bool(number.code), number.shape].append((line, number))
    for prints in slots.values():
        runs = _runs(prints)
        running = [run for run in runs if _runs_on(run, pages, raw)] if len(runs) >= _LEAST else []
        if len(running) > _OWN * len(runs) and not _follows_pages(prints) and _is_own(runs, pages):
            yield running


def _runs(prints: Prints) -> list[Prints]:
    """Return the runs of one height; none where a page has two numbers there, or a number comes again otherwise."""
    runs: list[Prints] = []
    for line, number in prints:
        last, known = runs[-1][-1] if runs else (None, number)
        if last and last.page == line.page:
            return []
        if last and same_ref(known.ref) == same_ref(number.ref) and last.page == line.page - 1:
            if line.text != last.text:
                return []  # several records under one number
            runs[-1].append((line, number))
        else:
            runs.append([(line, number)])
    return runs if len({same_ref(run[0][1].ref) for run in runs}) == len(runs) else []


def _runs_on(run: Prints, pages: dict[int, list[Line]], raw: RawDocument) -> bool:
    """Tell whether a number is at the edge as furniture is, and no heading that a page happens to begin with."""
    first = run[0][0]
    if len(run) > 1 or first.noise or first.aside:
        return True
    height = raw.height_of(first.page)
    text = [line for line in pages[first.page] if not (line.noise or line.aside or line is first)]
    before = takewhile(lambda line: line is not first, pages[first.page])
    drawn_late = any(EDGE * height < line.y < first.y for line in before)
    return drawn_late or all(line.y >= first.y for line in text)


def _follows_pages(prints: Prints) -> bool:
    """Tell whether the numbers count the pages."""
    if any(number.word or number.code or not number.parts for _, number in prints):
        return False
    offsets = Counter(number.parts[-1] - line.page for line, number in prints)
    return offsets.most_common(1)[0][1] >= _FOLLOWS * len(prints)


def _is_own(runs: Sequence[Prints], pages: dict[int, list[Line]]) -> bool:
    """Tell whether (most of) the numbers head no other line of the page they first run on, or of the one before."""
    alone = 0
    for run in runs:
        first, number = run[0]
        own = {id(line) for line, _ in run}
        near = (line for page in (first.page, first.page - 1) for line in pages.get(page, ()) if id(line) not in own)
        others = (printed_number(line.text) for line in near)
        alone += all(other is None or same_ref(other.ref) != same_ref(number.ref) for other in others)
    return alone > _OWN * len(runs)


def _mark_repeated(pages: dict[int, list[Line]], first: Line, prints: Sequence[Line]) -> None:
    """Mark what further pages of a record print of its head again: its number, and the title under it."""
    for line in prints:
        line.noise = True
    title = {line.text for line in [one for one in pages[first.page] if not one.noise][:_TITLE]}
    for print_ in prints:
        for line in [one for one in pages[print_.page] if not one.noise][:_TITLE]:
            if line.text not in title:
                break
            line.noise = True
