"""Figures as tables: all of several groups in Markdown, a line for each paper, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from evals.marked import Marks
from evals.reading.figures import FIGURES, ReadingFigures, Share
from evals.reading.judging import Judged
from evals.reading.papers import JudgedPaper
from prompts import say

MARKS = Marks("<!-- reading -->", "<!-- /reading -->")
_TOLD = ("right", "false", "responsible", "counts", "confident wrong", "body", "rows", "lost")


def groups_table(groups: Mapping[str, ReadingFigures]) -> str:
    """A Markdown table: a row for each figure, a column for each group."""
    shown = [one for one in FIGURES if any(figures[one.name].whole for figures in groups.values())]
    rows = [_row([one.english, *(_cell(figures[one.name]) for figures in groups.values())]) for one in shown]
    return "\n".join([_row(["", *groups]), _row(["---", *("---:" for _ in groups)]), *rows])


def papers_table(papers: Sequence[JudgedPaper]) -> str:
    """A Markdown table: a row for each paper, those that could not be read with the reason."""
    lines = [_row(["", *_TOLD]), _row(["---", *("---:" for _ in _TOLD)])]
    for one in papers:
        name = f"{one.paper.path.name}: {one.rejected}" if one.rejected else one.paper.path.name
        lines.append(_row([name, *(_cell(one.judged.figures[figure]) for figure in _TOLD)]))
    return "\n".join(lines)


def misses_lines(papers: Sequence[JudgedPaper]) -> Iterator[str]:
    """What is wrong with every paper that may be looked at."""
    for one in papers:
        if not one.paper.held:
            yield from (f"{one.paper.path.name}: {line}" for line in _wrong(one.judged))


def _wrong(judged: Judged) -> Iterator[str]:
    for miss in judged.missed:
        known, pair = miss.known, miss.instead
        read = (
            say("reading_figures.read_instead", ref=pair.item.ref, title=pair.item.title, page=pair.item.page)
            if pair
            else ""
        )
        pages = say("reading_figures.on_pages", pages=", ".join(map(str, known.pages))) if known.pages else ""
        yield say("reading_figures.missing", ref=known.ref or "–", title=known.title, pages=pages, read=read)
    for item in judged.false:
        yield say("reading_figures.false", kind=item.kind, ref=item.ref, title=item.title, page=item.page)
    yield from (say("reading_figures.look_alike", text=text) for text in judged.decoys)
    for count in judged.counts:
        if count.confident_wrong or (count.exact and count.told and count.complete is not True):
            what = (
                say("reading_figures.sure_and_wrong")
                if count.confident_wrong
                else say("reading_figures.complete_but_doubted")
            )
            yield f"Anzahl {count.kind}: {count.told} statt {count.least}: {what}"


def _cell(share: Share) -> str:
    value = share.value
    if value is None:
        return "–"
    return f"{share.part} of {share.whole} ({'1.00' if value == 1 else f'{min(value, 0.99949):.3f}'[1:]})"


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cell.replace('|', '/') for cell in cells)} |"
