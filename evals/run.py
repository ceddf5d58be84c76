"""A run and its folder: its configuration, every case with its whole answer, and all measurements.

run.json: configuration, editions, digests · cases.jsonl: each case with answer and judgement ·
figures.json · report.html. Two runs of the same cases can be compared: cases won and lost.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from math import comb
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from evals.case_files import Case
from evals.measurements import Measurements, ScoredCase
from evals.metrics.scoring import AnsweredCase, CaseOutcome, Judgement, SentAnswer
from prompts import say
from service.terminal import CommandError

INFO = "run.json"
CASES = "cases.jsonl"
FIGURES = "figures.json"
SIGNIFICANT = 0.05  # p-value below which won and lost cases differ by more than chance
_NAME = re.compile(r"\w[\w.-]{0,79}")


class CaseFile(BaseModel):
    """One file of cases by name, digest and number of cases."""

    name: str
    digest: str
    cases: int


class RunInfo(BaseModel):
    """The configuration of a run: files of cases, editions by corpus or the service's address;
    seconds it took.
    """

    name: str
    created: datetime
    seconds: float
    address: str | None = None
    editions: dict[str, str]
    case_files: list[CaseFile]
    receipts: list[dict[str, str | None]]


@dataclass(frozen=True)
class Run:
    """One run in memory."""

    info: RunInfo
    rows: list[ScoredCase]
    figures: Measurements


def now_name() -> str:
    """Return a name for a run that begins now: date and time in UTC."""
    return datetime.now(UTC).strftime("%Y-%m-%d-%H%M%S")


def require_free(folder: Path, name: str) -> None:
    """Raise CommandError for an invalid name, or one that exists in the folder."""
    if not _NAME.fullmatch(name):
        raise CommandError(say("evaluation.bad_run_name", name=name))
    if (folder / name).exists():
        raise CommandError(say("evaluation.run_exists", name=name))


def write_run(run: Run, folder: Path) -> None:
    """Write a run into a new folder; raises FileExistsError if it exists."""
    folder.mkdir(parents=True)
    (folder / INFO).write_text(run.info.model_dump_json(indent=1), encoding="utf-8")
    (folder / FIGURES).write_text(run.figures.model_dump_json(indent=1), encoding="utf-8")
    (folder / CASES).write_text(
        "".join(f"{_format_row(row)}\n" for row in run.rows), encoding="utf-8"
    )


def read_run(folder: Path) -> Run:
    """Read a run from its folder. Raises CommandError if it is none or damaged, with the file that
    is missing, or with the kind of error.
    """
    try:
        info = RunInfo.model_validate_json((folder / INFO).read_text(encoding="utf-8"))
        figures = Measurements.model_validate_json((folder / FIGURES).read_text(encoding="utf-8"))
        lines = (folder / CASES).read_text(encoding="utf-8").split("\n")
        return Run(info, [_parse_row(json.loads(line)) for line in lines if line], figures)
    except (OSError, KeyError, TypeError, ValueError) as error:
        reason = type(error).__name__
        if isinstance(error, FileNotFoundError):
            reason = say("evaluation.file_missing", filename=error.filename)
        raise CommandError(say("evaluation.no_run", folder=folder, reason=reason)) from error


def _format_row(row: ScoredCase) -> str:
    """Return a case with its answer and judgement as a line of JSON, which `_parse_row` reads."""
    line = {
        "case": row.case.model_dump(mode="json", exclude_defaults=True),
        "set": row.set,
        "corpus": row.corpus,
        "group": row.group,
        "milliseconds": round(row.judgement.answered_case.milliseconds, 2),
        "answer": row.answer,
        "ratios": row.judgement.ratios,
    }
    return json.dumps(line, ensure_ascii=False)


def _parse_row(raw: Mapping[str, Any]) -> ScoredCase:
    """Return a case with its answer and judgement from the JSON of `_format_row`. The texts of
    documents are not stored, so the judgement is taken over and not computed anew.
    """
    case, answer = Case.model_validate(raw["case"]), SentAnswer.model_validate(raw["answer"])
    ratios = {name: (float(ratio[0]), float(ratio[1])) for name, ratio in raw["ratios"].items()}
    judgement = Judgement(
        AnsweredCase(case, answer, milliseconds=float(raw["milliseconds"])), ratios
    )
    return ScoredCase(raw["set"], raw["corpus"], raw["group"], judgement, raw["answer"])


class OutcomeChange(StrEnum):
    """How the outcome of a case changed from one run to the next."""

    WORSE = "worse"
    BETTER = "better"
    SAME = "same"


@dataclass(frozen=True)
class CasePair:
    """The judgements of one case in two runs."""

    before: Judgement
    after: Judgement

    @property
    def change(self) -> OutcomeChange:
        """Whether the outcome became better or worse. `CaseOutcome` has the outcomes in their
        order, the worst first.
        """
        ranks = list(CaseOutcome)
        before, after = ranks.index(self.before.outcome), ranks.index(self.after.outcome)
        if before == after:
            return OutcomeChange.SAME
        return OutcomeChange.WORSE if after < before else OutcomeChange.BETTER

    @property
    def is_reworded(self) -> bool:
        """True if the text of the answer is another."""
        return self.before.answered_case.answer.answer != self.after.answered_case.answer.answer


@dataclass(frozen=True)
class RunComparison:
    """Two runs with their judgements of each case that is the same in both."""

    before: Run
    after: Run
    pairs: tuple[CasePair, ...]

    def gained(self, outcome: CaseOutcome) -> tuple[str, ...]:
        """Return the ids of cases that have an outcome since the second run."""
        return self._ids(lambda pair: pair.before.outcome != outcome == pair.after.outcome)

    def lost(self, outcome: CaseOutcome) -> tuple[str, ...]:
        """Return the ids of cases that had an outcome only in the first run."""
        return self._ids(lambda pair: pair.before.outcome == outcome != pair.after.outcome)

    @property
    def p_value(self) -> float | None:
        """McNemar's of the cases that became or ceased to be as expected; None if none did."""
        return mcnemar(len(self.gained(CaseOutcome.EXPECTED)), len(self.lost(CaseOutcome.EXPECTED)))

    def _ids(self, holds: Callable[[CasePair], bool]) -> tuple[str, ...]:
        return tuple(pair.after.case.id for pair in self.pairs if holds(pair))


def compare_runs(before: Run, after: Run) -> RunComparison:
    """Compare two runs over the cases that are the same in both: with the same id, type, question,
    history and expectation. All others are left out, for their answers cannot be compared.
    """
    compared = {"type", "question", "history", "expect"}  # changes of other fields do not matter
    before_by_id = {row.case.id: row.judgement for row in before.rows}
    pairs = []
    for row in after.rows:
        earlier = before_by_id.get(row.case.id)
        now = row.case.model_dump(include=compared)
        if earlier is not None and earlier.case.model_dump(include=compared) == now:
            pairs.append(CasePair(earlier, row.judgement))
    return RunComparison(before, after, tuple(pairs))


def mcnemar(won: int, lost: int) -> float | None:
    """Return the exact two-sided p-value of McNemar's test (1947): how likely it is that the
    changed cases are split as unevenly as this, or more, if each change for better and for worse is
    as likely.

    `won` and `lost` are the numbers of cases that changed for better and for worse. None if no case
    changed.
    """
    changed = won + lost
    if changed == 0:
        return None
    tail = sum(comb(changed, count) for count in range(min(won, lost) + 1))
    return min(1.0, 2 * tail / (1 << changed))
