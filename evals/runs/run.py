"""A run as a folder that can be read, judged and asked again: what was asked, of what, every answer, all figures.

run.json: configuration, edition, digests, environment · cases.jsonl · answers.jsonl: every answer with its receipt ·
summary.json: figures · judgements.jsonl: each case's measures · baselines/NAME.jsonl · report.html, report.md.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from pydantic import BaseModel, ValidationError

from evals.cases import Case, load_cases, write_cases
from evals.metrics.intervals import Part
from evals.metrics.judging import Asked, Judgement
from evals.metrics.knowledge import Knowledge
from evals.runs.environment import Environment
from evals.runs.summary import Summary
from service.models import Answer, LookupResult

INFO, CASES, ANSWERS, JUDGEMENTS, SUMMARY = (
    "run.json",
    "cases.jsonl",
    "answers.jsonl",
    "judgements.jsonl",
    "summary.json",
)
FINDINGS, BASELINES = "findings.json", "baselines"
_NAME = re.compile(r"\w[\w.-]{0,79}")


class RunError(ValueError):
    """A folder holds no run; the message is one sentence for people."""


class CaseFile(BaseModel):
    """One file of cases by name, digest and number of cases."""

    name: str
    digest: str
    cases: int


class RunInfo(BaseModel):
    """What a run asked, of what, and where; `kind` is "in_process" or "http"; times in UTC and seconds.

    `measured_only` are ids of cases of files named *-held: they count, and are never shown.
    """

    name: str
    created: datetime
    seconds: float
    kind: str
    address: str | None = None
    edition: str
    case_files: list[CaseFile]
    measured_only: list[str] = []
    receipts: list[dict[str, str | None]]
    prompts: str
    environment: Environment


@dataclass(frozen=True)
class Run:
    """One run in memory; `findings` hold what finding alone brought for the cases that failed."""

    info: RunInfo
    judgements: list[Judgement]
    summary: Summary
    findings: dict[str, LookupResult] = field(default_factory=dict)
    baselines: dict[str, list[Judgement]] = field(default_factory=dict)

    @property
    def open(self) -> list[Judgement]:
        """The cases that may be looked at."""
        hidden = set(self.info.measured_only)
        return [one for one in self.judgements if one.case.id not in hidden]

    @property
    def failed(self) -> list[Judgement]:
        """The cases that are not fully right, of those that may be looked at."""
        return [one for one in self.open if not one.fully]

    @property
    def failed_unseen(self) -> int:
        """How many cases are not fully right that may not be looked at."""
        return sum(not one.fully for one in self.judgements) - len(self.failed)


def now_name() -> str:
    """A name for a run that begins now: date and time in UTC."""
    return datetime.now(UTC).strftime("%Y-%m-%d-%H%M%S")


def require_free(folder: Path, name: str) -> None:
    """Raise RunError for a name that is no plain name, or that a run in the folder has."""
    if not _NAME.fullmatch(name):
        raise RunError(f"{name} geht nicht als Name eines Laufs: Buchstaben, Ziffern, Punkt, Binde- und Unterstrich.")
    if (folder / name).exists():
        raise RunError(f"Einen Lauf mit dem Namen {name} gibt es schon.")


def write_run(run: Run, folder: Path) -> None:
    """Write a run into a new folder; raises FileExistsError where there is something already."""
    folder.mkdir(parents=True)
    (folder / INFO).write_text(run.info.model_dump_json(indent=2), encoding="utf-8")
    (folder / SUMMARY).write_text(run.summary.model_dump_json(indent=2), encoding="utf-8")
    write_cases([one.case for one in run.judgements], folder / CASES)
    _write_answers(run.judgements, folder / ANSWERS)
    _write_lines(({"case": one.case.id, "parts": one.parts} for one in run.judgements), folder / JUDGEMENTS)
    findings = {case: found.model_dump(mode="json") for case, found in run.findings.items()}
    (folder / FINDINGS).write_text(json.dumps(findings, ensure_ascii=False), encoding="utf-8")
    for name, judgements in run.baselines.items():
        (folder / BASELINES).mkdir(exist_ok=True)
        _write_lines(
            ({"case": one.case.id, "parts": one.parts} for one in judgements), folder / BASELINES / f"{name}.jsonl"
        )


def read_run(folder: Path) -> Run:
    """Read a run's folder; raises RunError where it is none or is damaged."""
    try:
        info = RunInfo.model_validate_json((folder / INFO).read_text(encoding="utf-8"))
        summary = Summary.model_validate_json((folder / SUMMARY).read_text(encoding="utf-8"))
        cases = {one.id: one for one in load_cases(folder / CASES)}
        asked = _read_answers(folder / ANSWERS, cases)
        judgements = _read_judgements(folder / JUDGEMENTS, asked)
        findings = json.loads((folder / FINDINGS).read_text(encoding="utf-8"))
        found = {case: LookupResult.model_validate(raw) for case, raw in findings.items()}
        files = sorted((folder / BASELINES).glob("*.jsonl"))
        baselines = {path.stem: _read_judgements(path, asked) for path in files}
    except (OSError, KeyError, TypeError, ValueError, ValidationError) as error:
        reason = f"{error.filename} fehlt" if isinstance(error, FileNotFoundError) else type(error).__name__
        raise RunError(f"{folder} ist kein lesbarer Lauf ({reason}).") from error
    return Run(info, judgements, summary, found, baselines)


def runs_in(folder: Path) -> list[Path]:
    """The folders of runs below `folder`, oldest first."""
    found = []
    for path in folder.glob(f"*/{INFO}"):
        try:
            info = RunInfo.model_validate_json(path.read_text(encoding="utf-8"))
        except (OSError, ValidationError):
            continue
        found.append((info.created, path.parent))
    return [path for _, path in sorted(found)]


def _write_answers(judgements: Iterable[Judgement], path: Path) -> None:
    lines = (
        {
            "case": one.case.id,
            "milliseconds": round(one.asked.milliseconds, 2),
            "answer": one.asked.answer.model_dump(mode="json"),
        }
        for one in judgements
    )
    _write_lines(lines, path)


def _write_lines(lines: Iterable[object], path: Path) -> None:
    path.write_text("".join(f"{json.dumps(line, ensure_ascii=False)}\n" for line in lines), encoding="utf-8")


def _read_lines(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line]


def _read_answers(path: Path, cases: dict[str, Case]) -> dict[str, Asked]:
    found = {}
    for raw in _read_lines(path):
        case = cases[str(raw["case"])]
        answer = Answer.model_validate(raw["answer"])
        found[case.id] = Asked(case, answer, Knowledge(), float(str(raw["milliseconds"])))
    return found


def _read_judgements(path: Path, asked: dict[str, Asked]) -> list[Judgement]:
    return [Judgement(asked[str(raw["case"])], _parts(raw["parts"])) for raw in _read_lines(path)]


def _parts(raw: object) -> dict[str, Part]:
    if not isinstance(raw, dict):
        raise TypeError("parts must be an object")
    return {name: (float(part[0]), float(part[1])) for name, part in raw.items()}


def common(before: Sequence[Judgement], after: Sequence[Judgement]) -> list[tuple[Judgement, Judgement]]:
    """Pairs of the same case in two runs; a case that was changed in between is none of them."""
    old = {one.case.id: one for one in before}
    return [(old[one.case.id], one) for one in after if one.case.id in old and _same(old[one.case.id].case, one.case)]


def _same(before: Case, after: Case) -> bool:
    """True where question and expectation are the same, whatever the notes say."""
    return all(getattr(before, name) == getattr(after, name) for name in ("type", "question", "history", "expect"))
