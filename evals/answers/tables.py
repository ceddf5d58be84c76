"""Figures of answers as tables, and which cases failed with what was expected and told."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from evals.answers.figures import FIGURES, Figures, by_type
from evals.metrics.judging import Judgement
from evals.reading.tables import row
from evals.reporting.marked import Marks
from evals.reporting.why import why

MARKS = Marks("<!-- answers -->", "<!-- /answers -->")
_TOLD = 300
_NAMED = 5


def files_table(files: Mapping[Path, Sequence[Judgement]], *, english: bool = False, types: bool = True) -> str:
    """Return the Markdown table: for each file its types of questions and all of it, then all files together."""
    total = Figures.of([one for several in files.values() for one in several])
    lines: list[tuple[str, str, Figures]] = []
    for path, judgements in files.items():
        inside = by_type(judgements) if types else {}
        lines += [(path.stem, name, figures) for name, figures in inside.items()]
        lines.append((path.stem, "all" if english else "alle", Figures.of(judgements)))
    if len(files) > 1:
        together = by_type([one for several in files.values() for one in several]) if types else {}
        word = "all sets" if english else "alle Sätze"
        lines += [(word, name, figures) for name, figures in together.items()]
        lines.append((word, "all" if english else "alle", total))
    shown = [one for one in FIGURES if one.name in total.shares]
    head = ["set", "type", "cases"] if english else ["Satz", "Art", "Fälle"]
    return "\n".join(
        [
            row([*head, *(one.name if english else one.german for one in shown)]),
            row(["---", "---", *("---:" for _ in ("cases", *shown))]),
            *(row([name, kind, f"{of.cases}", *(_cell(of, one.name) for one in shown)]) for name, kind, of in lines),
        ]
    )


def misses_lines(judgements: Sequence[Judgement]) -> Iterator[str]:
    """Yield for each case that failed its question, what was expected, what was told, and why that is wrong."""
    for one in judgements:
        if not one.fully:
            case, answer = one.case, one.asked.answer
            cited = ", ".join(f"{cited.document_id}:{cited.ref}" for cited in answer.citations[:_NAMED])
            yield f"{case.id} ({case.type}): {case.question}"
            yield f"  erwartet: {_expected(one)}"
            yield f"  gesagt ({answer.status}): {' '.join(answer.answer.split())[:_TOLD]}"
            yield f"  belegt: {cited or 'nichts'}"
            yield f"  {'; '.join(why(one))}"


def _expected(one: Judgement) -> str:
    expect = one.case.expect
    overview = expect.overview
    parts = [
        expect.behavior,
        *(f"{document}:{ref}" for document, ref in (overview.core if overview else one.case.wanted)[:_NAMED]),
        *("/".join(fact) for fact in expect.facts),
        *([f"Anzahl {expect.count}"] if expect.count is not None else []),
        *([f"mindestens {overview.at_least} zum Thema"] if overview else []),
    ]
    return ", ".join(parts)


def _cell(figures: Figures, name: str) -> str:
    """Return "45/60 .75 (.63–.85)": how many of how many, the share, its 95 % interval; a dash for nothing."""
    if name not in figures.shares:
        return "–"
    held, share = figures.shares[name]
    return f"{held}/{share.n} {_value(share.value)} ({_value(share.low)}–{_value(share.high)})"


def _value(value: float) -> str:
    return "1.00" if value > 0.995 else f"{value:.2f}"[1:]
