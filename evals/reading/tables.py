"""Figures as tables: all of several groups in Markdown, and a line for each paper in the terminal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from evals.reading.figures import FIGURES, ReadingFigures, Share
from evals.reading.judging import Judged
from evals.reading.papers import JudgedPaper
from evals.reporting.marked import Marks

MARKS = Marks("<!-- reading -->", "<!-- /reading -->")
_HEAD = ("Papier", "Einträge", "richtig", "falsch", "zuständig", "Anzahl", "Sätze", "Zeilen", "verloren")


def groups_table(groups: Mapping[str, ReadingFigures]) -> str:
    """Return the Markdown table for the documentation: a row for each figure, a column for each group."""
    shown = [one for one in FIGURES if any(figures[one.name].whole for figures in groups.values())]
    rows = [row([one.english, *(_exact(figures[one.name]) for figures in groups.values())]) for one in shown]
    return "\n".join([row(["", *groups]), row(["---", *("---:" for _ in groups)]), *rows])


def papers_lines(papers: Sequence[JudgedPaper]) -> Iterator[str]:
    """Yield a Markdown table with a line for each paper, those that could not be read with the reason."""
    yield row(_HEAD)
    yield row(["---"] * len(_HEAD))
    for one in papers:
        name = f"{one.paper.path.name}: {one.rejected}" if one.rejected else one.paper.path.name
        yield row([name, *_cells(one.judged)])


def totals_lines(figures: ReadingFigures) -> Iterator[str]:
    """Yield a line for every figure that something was measured of."""
    width = max(len(one.german) for one in FIGURES)
    for one in FIGURES:
        share = figures[one.name]
        if share.whole:
            yield f"{one.german:<{width}}  {share.part} von {share.whole} ({_value(share)})"


def misses_lines(papers: Sequence[JudgedPaper]) -> Iterator[str]:
    """Yield what is wrong with every paper that may be looked at."""
    for one in papers:
        if not one.paper.held:
            yield from (f"{one.paper.path.name}: {line}" for line in _wrong(one.judged))


def _wrong(judged: Judged) -> Iterator[str]:
    for miss in judged.missed:
        known, pair = miss.known, miss.instead
        read = f"; gelesen: {pair.item.ref} | {pair.item.title} | Seite {pair.item.page}" if pair else ""
        pages = f" | Seite {', '.join(map(str, known.pages))}" if known.pages else ""
        yield f"fehlt {known.ref or '–'} | {known.title}{pages}{read}"
    for item in judged.false:
        yield f"falsch {item.kind} {item.ref} | {item.title} | Seite {item.page}"
    yield from (f"Scheintitel als Eintrag: {text}" for text in judged.decoys)
    for count in judged.counts:
        if count.confident_wrong or (count.exact and count.told and count.complete is not True):
            what = "sicher und falsch" if count.confident_wrong else "vollständig, aber bezweifelt"
            yield f"Anzahl {count.kind}: {count.told} statt {count.least}: {what}"


def _cells(judged: Judged) -> Iterator[str]:
    figures = judged.figures
    yield str(figures["right"].whole)
    for name in ("right", "false", "responsible"):
        yield _counted(figures[name])
    yield _count_word(figures)
    for name in ("body", "rows"):
        yield _counted(figures[name])
    yield str(figures["lost"].part)


def _count_word(figures: ReadingFigures) -> str:
    if figures["confident wrong"].part:
        return "falsch"
    if figures["doubted"].part:
        return "zu Unrecht bezweifelt"
    return ("richtig" if figures["doubted"].whole else "bezweifelt") if figures["counts"].whole else "–"


def _counted(share: Share) -> str:
    return f"{share.part} ({_value(share)})" if share.whole else "–"


def _exact(share: Share) -> str:
    return f"{share.part} of {share.whole} ({_value(share)})" if share.whole else "–"


def _value(share: Share) -> str:
    value = share.value
    return "–" if value is None else "1.00" if value == 1 else f"{min(value, 0.99949):.3f}"[1:]


def row(cells: Sequence[str] | Iterator[str]) -> str:
    """Return cells as a row of a Markdown table."""
    return f"| {' | '.join(cell.replace('|', '/') for cell in cells)} |"
