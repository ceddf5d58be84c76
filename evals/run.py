"""A run as a folder: what was asked of what, a line for every case with its whole answer, all figures.

run.json: configuration, editions, digests, environment · cases.jsonl: each case with answer and judgement ·
figures.json · report.html, report.md.
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

from evals.cases import Case
from evals.environment import Environment
from evals.figures import Figures, Row
from evals.metrics.judging import Asked, Judgement
from evals.metrics.said import Said
from prompts import say

INFO, CASES, FIGURES = "run.json", "cases.jsonl", "figures.json"
_NAME = re.compile(r"\w[\w.-]{0,79}")
__all__ = ["Row"]


class RunError(ValueError):
    """A folder holds no run; the message is one sentence for people."""


class CaseFile(BaseModel):
    """One file of cases by name, digest and number of cases."""

    name: str
    digest: str
    cases: int


class RunInfo(BaseModel):
    """What a run asked, of which editions by corpus or which service, with which settings; times in UTC and seconds."""

    name: str
    created: datetime
    seconds: float
    address: str | None = None
    variant: dict[str, str] = {}
    editions: dict[str, str]
    case_files: list[CaseFile]
    receipts: list[dict[str, str | None]]
    prompts: str
    environment: Environment


@dataclass(frozen=True)
class Run:
    """One run in memory."""

    info: RunInfo
    rows: list[Row]
    figures: Figures

    @property
    def judgements(self) -> list[Judgement]:
        """How every answer is judged."""
        return [one.judgement for one in self.rows]


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
    (folder / CASES).write_text("".join(f"{_line(one)}\n" for one in run.rows), encoding="utf-8")


def read_run(folder: Path) -> Run:
    """Read a run's folder; raises RunError where it is none or is damaged."""
    try:
        info = RunInfo.model_validate_json((folder / INFO).read_text(encoding="utf-8"))
        figures = Figures.model_validate_json((folder / FIGURES).read_text(encoding="utf-8"))
        lines = (folder / CASES).read_text(encoding="utf-8").split("\n")
        return Run(info, [_row(json.loads(line)) for line in lines if line], figures)
    except (OSError, KeyError, TypeError, ValueError, ValidationError) as error:
        reason = (
            say("evaluation.file_missing", filename=error.filename)
            if isinstance(error, FileNotFoundError)
            else type(error).__name__
        )
        raise RunError(say("evaluation.no_run", folder=folder, reason=reason)) from error


def common(before: Sequence[Judgement], after: Sequence[Judgement]) -> list[tuple[Judgement, Judgement]]:
    """Pairs of the same case in two runs; a case that was changed in between is none of them."""
    old = {one.case.id: one for one in before}
    return [(old[one.case.id], one) for one in after if one.case.id in old and _same(old[one.case.id].case, one.case)]


def _same(before: Case, after: Case) -> bool:
    """True where question and expectation are the same, whatever the notes say."""
    return all(getattr(before, name) == getattr(after, name) for name in ("type", "question", "history", "expect"))


def _line(row: Row) -> str:
    told = {
        "case": row.case.model_dump(mode="json", exclude_defaults=True),
        "set": row.set,
        "corpus": row.corpus,
        "group": row.group,
        "milliseconds": round(row.judgement.asked.milliseconds, 2),
        "answer": row.answer,
        "parts": row.judgement.parts,
    }
    return json.dumps(told, ensure_ascii=False)


def _row(raw: Mapping[str, Any]) -> Row:
    case, said = Case.model_validate(raw["case"]), Said.model_validate(raw["answer"])
    parts = {name: (float(part[0]), float(part[1])) for name, part in raw["parts"].items()}
    judgement = Judgement(Asked(case, said, milliseconds=float(raw["milliseconds"])), parts)
    return Row(raw["set"], raw["corpus"], raw["group"], judgement, raw["answer"])
