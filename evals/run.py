"""A run as a folder: what was asked of what, a line for every case with its whole answer, all figures.

run.json: configuration, editions, digests · cases.jsonl: each case with answer and judgement ·
figures.json · report.html. Two runs of the same cases are compared: what was won and lost.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError
from scipy.stats import binomtest

from evals.cases import Case
from evals.figures import FigureRow, Measurements
from evals.metrics.judging import AnsweredCase, Judgement, SentAnswer
from prompts import say

INFO, CASES, FIGURES = "run.json", "cases.jsonl", "figures.json"
SIGNIFICANT = 0.05
_NAME = re.compile(r"\w[\w.-]{0,79}")


class RunError(ValueError):
    """A folder holds no run; the message is one sentence for people."""


class CaseFile(BaseModel):
    """One file of cases by name, digest and number of cases."""

    name: str
    digest: str
    cases: int


class RunInfo(BaseModel):
    """What a run asked, of which editions by corpus or which service; times in UTC and seconds."""

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
    rows: list[FigureRow]
    figures: Measurements

    @property
    def judgements(self) -> list[Judgement]:
        """How every answer is judged."""
        return [row.judgement for row in self.rows]


def now_name() -> str:
    """A name for a run that begins now: date and time in UTC."""
    return datetime.now(UTC).strftime("%Y-%m-%d-%H%M%S")


def require_free(folder: Path, name: str) -> None:
    """Raise RunError for a name that is no plain name, or that a run in the folder has."""
    if not _NAME.fullmatch(name):
        raise RunError(say("evaluation.bad_run_name", name=name))
    if (folder / name).exists():
        raise RunError(say("evaluation.run_exists", name=name))


def write_run(run: Run, folder: Path) -> None:
    """Write a run into a new folder; raises FileExistsError where there is something already."""
    folder.mkdir(parents=True)
    (folder / INFO).write_text(run.info.model_dump_json(indent=1), encoding="utf-8")
    (folder / FIGURES).write_text(run.figures.model_dump_json(indent=1), encoding="utf-8")
    (folder / CASES).write_text("".join(f"{_line(row)}\n" for row in run.rows), encoding="utf-8")


def read_run(folder: Path) -> Run:
    """Read a run's folder; raises RunError where it is none or is damaged."""
    try:
        info = RunInfo.model_validate_json((folder / INFO).read_text(encoding="utf-8"))
        figures = Measurements.model_validate_json((folder / FIGURES).read_text(encoding="utf-8"))
        lines = (folder / CASES).read_text(encoding="utf-8").split("\n")
        return Run(info, [_row(json.loads(line)) for line in lines if line], figures)
    except (OSError, KeyError, TypeError, ValueError, ValidationError) as error:
        missing = error.filename if isinstance(error, FileNotFoundError) else ""
        reason = say("evaluation.file_missing", filename=missing) if missing else type(error).__name__
        raise RunError(say("evaluation.no_run", folder=folder, reason=reason)) from error


def pair_cases(before: Sequence[Judgement], after: Sequence[Judgement]) -> list[tuple[Judgement, Judgement]]:
    """Pairs of the same case in two runs; a case that was changed in between is none of them."""
    asked = {"type", "question", "history", "expect"}  # whatever the notes say
    old = {judgement.case.id: judgement for judgement in before}
    pairs = [(old[judgement.case.id], judgement) for judgement in after if judgement.case.id in old]
    return [pair for pair in pairs if pair[0].case.model_dump(include=asked) == pair[1].case.model_dump(include=asked)]


def _line(row: FigureRow) -> str:
    line = {
        "case": row.case.model_dump(mode="json", exclude_defaults=True), "set": row.set, "corpus": row.corpus,
        "group": row.group, "milliseconds": round(row.judgement.asked.milliseconds, 2), "answer": row.answer,
        "ratios": row.judgement.ratios,
    }  # fmt: skip
    return json.dumps(line, ensure_ascii=False)


def _row(raw: Mapping[str, Any]) -> FigureRow:
    case, statement = Case.model_validate(raw["case"]), SentAnswer.model_validate(raw["answer"])
    ratios = {name: (float(ratio[0]), float(ratio[1])) for name, ratio in raw["ratios"].items()}
    judgement = Judgement(AnsweredCase(case, statement, milliseconds=float(raw["milliseconds"])), ratios)
    return FigureRow(raw["set"], raw["corpus"], raw["group"], judgement, raw["answer"])


@dataclass(frozen=True)
class RunComparison:
    """`won` and `lost` are ids of cases that became or ceased to be as expected, `misled` and `led` those that became
    or ceased to mislead; `p_value` is McNemar's of won and lost.
    """

    before: Run
    after: Run
    cases: int
    won: tuple[str, ...]
    lost: tuple[str, ...]
    misled: tuple[str, ...]
    led: tuple[str, ...]
    p_value: float

    @property
    def significant(self) -> bool:
        """True where winning and losing differ by more than chance (p < 0.05)."""
        return self.p_value < SIGNIFICANT


def compare_runs(before: Run, after: Run) -> RunComparison:
    """Compare two runs over the cases that are the same in both."""
    pairs = pair_cases(before.judgements, after.judgements)
    won, lost, misled, led = (
        tuple(new.case.id for old, new in pairs if (old, new)[now].has(name) > (new, old)[now].has(name))
        for name, now in (("as expected", 1), ("as expected", 0), ("misled", 1), ("misled", 0))
    )
    return RunComparison(before, after, len(pairs), won, lost, misled, led, mcnemar(len(won), len(lost)))


def mcnemar(won: int, lost: int) -> float:
    """The exact two-sided p-value of McNemar's test (1947) of cases that changed sides; 1.0 where nothing changed."""
    return float(binomtest(won, won + lost, 0.5).pvalue) if won + lost else 1.0
