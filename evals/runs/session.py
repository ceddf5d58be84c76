"""One run from start to end: ask, judge, look into what failed, measure baselines and thresholds beside it."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

from evals.cases import Case, is_held, unique
from evals.cases.tables import read_any
from evals.metrics.judging import Asked, Judgement, judge
from evals.runs.environment import environment, prompts_digest
from evals.runs.run import CaseFile, Run, RunInfo, now_name
from evals.runs.running import Show, asked_all, judged_all, silent, tradeoff
from evals.runs.summary import summarised, values_of
from evals.runs.targets import InProcess, Target, TargetError
from service.models import LookupResult


@dataclass(frozen=True)
class RunRequest:
    """What a run shall ask; `quick` leaves out baselines and thresholds, which take as long as the run itself."""

    case_files: tuple[Path, ...]
    name: str = ""
    address: str | None = None
    quick: bool = False

    def cases(self) -> dict[Path, list[Case]]:
        """The cases of each file; raises CaseError with everything that is wrong."""
        found = {path: read_any(path) for path in self.case_files}
        unique(found)
        return found


def executed(request: RunRequest, target: Target, show: Show = silent) -> Run:
    """Run all cases against a target; raises CaseError, TargetError."""
    started, start = datetime.now(UTC), time.perf_counter()
    files = request.cases()
    cases = unique(files)
    if not cases:
        raise TargetError("In den Dateien steht kein Fall.")
    judgements = judged_all(asked_all(target, cases, show), show)
    summary = summarised(judgements)
    measured_only = [case.id for path, found in files.items() if is_held(path) for case in found]
    findings = _findings(target, judgements, set(measured_only))
    beside: dict[str, list[Judgement]] = {}
    if isinstance(target, InProcess) and not request.quick:
        beside = _baselines(target, cases, show)
        points = tradeoff(target, cases, show)
        values = {name: values_of([one.parts for one in found]) for name, found in beside.items()}
        summary = summary.model_copy(update={"tradeoff": points, "baselines": values})
    info = RunInfo(
        name=request.name or now_name(),
        created=started,
        seconds=time.perf_counter() - start,
        kind=target.kind,
        address=request.address,
        edition=target.edition,
        case_files=[_case_file(path, len(found)) for path, found in files.items()],
        measured_only=measured_only,
        receipts=_receipts(judgements),
        prompts=prompts_digest(),
        environment=environment(),
    )
    return Run(info, judgements, summary, findings, beside)


def _findings(target: Target, judgements: Sequence[Judgement], hidden: set[str]) -> dict[str, LookupResult]:
    """What finding brings for the cases that failed and may be looked at; for a follow-up, its bare words."""
    found = {}
    for one in judgements:
        looked_up = None if one.fully or one.case.id in hidden else target.looked_up(one.case.question)
        if looked_up is not None:
            found[one.case.id] = looked_up
    return found


def _baselines(target: InProcess, cases: Sequence[Case], show: Show) -> dict[str, list[Judgement]]:
    from evals.baselines.answering import baseline_answers

    answers = baseline_answers(target.service.corpus.edition, cases, show)
    return {
        name: [judge(Asked(case, answer, target.knowledge)) for case, answer in zip(cases, found, strict=True)]
        for name, found in answers.items()
    }


def _case_file(path: Path, cases: int) -> CaseFile:
    content = path.read_bytes()
    return CaseFile(name=path.name, digest=f"sha256:{sha256(content).hexdigest()[:16]}", cases=cases)


def _receipts(judgements: Sequence[Judgement]) -> list[dict[str, str | None]]:
    """The different receipts of the answers: one, unless the service was changed meanwhile."""
    found = {one.asked.answer.receipt.model_dump_json(): one.asked.answer.receipt for one in judgements}
    return [one.model_dump(mode="json") for one in found.values()]
