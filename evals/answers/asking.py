"""Every case asked over the papers that it names, and judged."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import closing
from functools import partial
from pathlib import Path

from evals.answers.corpora import REAL, Corpora
from evals.cases import Case
from evals.cases.checks import Checked, check_cases
from evals.metrics.judging import Judgement, judge_all
from evals.runs.running import Show, asked_all, silent
from evals.runs.targets import in_process
from service.composition import make_store
from service.settings import Settings

Judged = dict[Path, list[Judgement]]


def editions(corpora: Corpora, cases: Sequence[Case]) -> dict[str, Settings]:
    """Return the data folder of every corpus that the cases name; raises CorpusError before anything is read."""
    files = corpora.files_of([corpus_of(one) for one in cases])
    return {name: corpora.edition_of(name, papers) for name, papers in files.items()}


def judged_files(files: Mapping[Path, Sequence[Case]], made: Mapping[str, Settings], show: Show = silent) -> Judged:
    """Ask all cases, corpus by corpus, and return the judgements of each file in the order of its cases."""
    total, done = sum(map(len, files.values())), 0
    found: dict[str, Judgement] = {}
    for name, settings in made.items():
        cases = [one for several in files.values() for one in several if corpus_of(one) == name]
        with in_process(settings) as target:
            part = partial(_part_of, show, done / total, len(cases) / total)
            found |= {one.case.id: one for one in judge_all(asked_all(target, cases, part))}
        done += len(cases)
    return {path: [found[one.id] for one in cases] for path, cases in files.items()}


def checked_files(
    files: Mapping[Path, Sequence[Case]], made: Mapping[str, Settings], show: Show = silent
) -> dict[Path, list[Checked]]:
    """Check the cases of each file against the editions that they are asked over, in order."""
    found: dict[str, Checked] = {}
    for name, settings in made.items():
        cases = [one for several in files.values() for one in several if corpus_of(one) == name]
        with closing(make_store(settings).open()) as edition:
            found |= {one.case.id: one for one in check_cases(cases, edition.catalogue)}
        show("Fälle prüfen", len(found) / sum(map(len, files.values())))
    return {path: [found[one.id] for one in cases] for path, cases in files.items()}


def _part_of(show: Show, before: float, share: float, step: str, done: float) -> None:
    show(step, before + share * done)


def corpus_of(case: Case) -> str:
    """The corpus that a case is over: the one it names, or the register's."""
    return case.corpus or REAL
