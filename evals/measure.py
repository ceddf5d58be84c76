"""Measure answer quality: `python -m evals.measure CASES... --data-dir DIR [--failures] [--gate FILE]`.

Prints, by type and in all: right item among the first 1 and 3 citations, facts, fully right, false answers, false
refusals, citations to right items, facts inside quotes, verbatim quotes, milliseconds.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tomllib
from collections import defaultdict
from collections.abc import Callable, Iterable
from pathlib import Path

from rich.console import Console
from rich.table import Table

from evals.cases import Case, load_cases
from evals.judging import Judgement, judge
from service.answering.service import AnswerService
from service.answering.verbatim import squash
from service.models import Answer, ChatRequest, Turn
from service.settings import load_settings
from vectorstore.editions import EditionStore

Share = Callable[[Judgement], bool | None]
SHARES: dict[str, Share] = {
    "right@1": lambda one: one.right_at == 1 if one.case.any_of else None,
    "right@3": lambda one: one.right_item,
    "facts": lambda one: one.facts,
    "in quote": lambda one: one.fact_in_quote,
    "count": lambda one: one.count,
    "fully": lambda one: one.fully,
    "false answers": lambda one: one.answered if not one.case.answerable else None,
    "false refusals": lambda one: not one.answered if one.case.answerable else None,
}


def ask(service: AnswerService, case: Case) -> Answer:
    """The service's answer to a case."""
    history = [Turn.model_validate(turn) for turn in case.history]
    return service.answer(ChatRequest(question=case.question, history=history))


def shares(judgements: Iterable[Judgement]) -> dict[str, float | None]:
    """Each share in 0..1, None where no case asks for it; and the share of citations to right items."""
    found = list(judgements)
    values: dict[str, float | None] = {}
    for name, share in SHARES.items():
        asked = [value for one in found if (value := share(one)) is not None]
        values[name] = sum(asked) / len(asked) if asked else None
    cited = [one for one in found if one.case.answerable and (one.case.any_of or one.case.all_of) and one.answered]
    total = sum(one.citations for one in cited)
    values["precision"] = sum(one.citations_right for one in cited) / total if total else None
    return values


def verbatim(answers: Iterable[Answer], service: AnswerService) -> float:
    """The share of quotes that stand in their document."""
    texts = {key: squash(document.text) for key, document in service.corpus.catalogue.documents.items()}
    quotes = [squash(one.quote) in texts[one.document_id] for answer in answers for one in answer.citations]
    return sum(quotes) / len(quotes) if quotes else 1.0


def table(judgements: list[Judgement]) -> Table:
    """The shares by type of question."""
    groups: dict[str, list[Judgement]] = defaultdict(list)
    for one in judgements:
        groups[one.case.type].append(one)
    shown = Table("type", "n", *SHARES, "precision", "ms")
    for name, group in [*groups.items(), ("all", judgements)]:
        values = shares(group)
        milliseconds = statistics.median(one.milliseconds for one in group)
        shown.add_row(
            name,
            str(len(group)),
            *("" if value is None else f"{value:.2f}" for value in values.values()),
            f"{milliseconds:.1f}",
        )
    return shown


def failures(judgements: list[Judgement], answers: list[Answer], console: Console) -> None:
    """Every case that is not fully right, with what was answered."""
    for one, answer in zip(judgements, answers, strict=True):
        if not one.fully:
            cited = [f"{citation.document_id.split('-')[0]}:{citation.ref}" for citation in answer.citations[:6]]
            wanted = list(one.case.any_of or one.case.all_of)[:3]
            console.print(f"[bold]{one.case.id}[/] {one.case.type} | {one.case.question}", highlight=False)
            console.print(
                f"   wants {wanted} {one.case.facts} {one.case.count}; {answer.status.value} {cited}",
                markup=False,
                highlight=False,
            )
            console.print(f"   {answer.answer[:300]}", markup=False, highlight=False)


def gate(judgements: list[Judgement], quotes: float, path: Path) -> list[str]:
    """What falls short of the file's thresholds: `min` and `max` tables of share to value."""
    limits = tomllib.loads(path.read_text(encoding="utf-8"))
    values = {**shares(judgements), "verbatim": quotes}
    below = [
        f"{name} is {values[name] or 0:.3f}, must be at least {limit}"
        for name, limit in limits["min"].items()
        if (values[name] or 0) < limit
    ]
    return below + [
        f"{name} is {values[name] or 0:.3f}, must be at most {limit}"
        for name, limit in limits["max"].items()
        if (values[name] or 0) > limit
    ]


def main() -> int:
    """Run from the command line; exit code 3 where the gate holds back."""
    parser = argparse.ArgumentParser(prog="python -m evals.measure", description=__doc__)
    parser.add_argument("cases", nargs="+", type=Path)
    parser.add_argument("--data-dir", type=Path)
    parser.add_argument("--failures", action="store_true")
    parser.add_argument("--gate", type=Path)
    options = parser.parse_args()
    settings = load_settings(data_dir=options.data_dir)
    service = AnswerService(EditionStore(settings.data_dir).open(), settings)
    cases = [case for path in options.cases for case in load_cases(path)]
    answers = [ask(service, case) for case in cases]
    judgements = [judge(case, answer) for case, answer in zip(cases, answers, strict=True)]
    console = Console(width=180)
    if options.failures:
        failures(judgements, answers, console)
    quotes = verbatim(answers, service)
    console.print(table(judgements), f"verbatim quotes {quotes:.3f}")
    short = gate(judgements, quotes, options.gate) if options.gate else []
    for line in short:
        console.print(f"gate: {line}", style="red")
    return 3 if short else 0


if __name__ == "__main__":
    sys.exit(main())
