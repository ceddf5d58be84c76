"""One run from start to end: every case asked over its papers, judged, and summed up."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

from evals.cases import Case, load_files
from evals.corpora import Corpora
from evals.environment import environment, prompts_digest
from evals.figures import figures_of
from evals.metrics.judging import Asked, judge
from evals.metrics.said import Said
from evals.run import CaseFile, Row, Run, RunInfo, now_name
from evals.targets import Target, TargetError, in_process, over_http
from prompts import say

Show = Callable[[str, float], None]
URL = "service"


def silent(step: str, done: float) -> None:
    """Show nothing."""


@dataclass(frozen=True)
class Request:
    """What a run shall ask: files of cases, over which papers or which running service, with which settings."""

    files: Sequence[Path]
    corpora: Corpora
    url: str | None = None
    name: str = ""
    variant: Mapping[str, str] = field(default_factory=dict)

    def cases(self) -> dict[Path, list[Case]]:
        """The cases of each file; raises CaseError with everything that is wrong, TargetError for none."""
        found = load_files(self.files)
        if not any(found.values()):
            raise TargetError(say("evaluation.no_case"))
        return found


@dataclass(frozen=True, slots=True)
class _Place:
    """A case with the set that it is of and the corpus that it is over."""

    case: Case
    set: str
    corpus: str


def executed(request: Request, show: Show = silent) -> Run:
    """Ask all cases and judge the answers; raises CaseError, CorpusError, TargetError, StoreError."""
    started, start = datetime.now(UTC), time.perf_counter()
    files = request.cases()
    places = _places(request, files)
    rows: dict[str, Row] = {}
    editions: dict[str, str] = {}
    for corpus, target in _targets(request, places):
        editions[corpus] = target.edition
        for one in [one for one in places if request.url or one.corpus == corpus]:
            show(one.case.id, len(rows) / len(places))
            group = request.corpora.sets.group_of(one.corpus)
            rows[one.case.id] = asked(target, one.case, set_name=one.set, corpus=one.corpus, group=group)
    found = [rows[one.case.id] for one in places]
    info = RunInfo(
        name=request.name or now_name(),
        created=started,
        seconds=time.perf_counter() - start,
        address=request.url,
        variant=dict(request.variant),
        editions=editions,
        case_files=[_case_file(path, len(cases)) for path, cases in files.items()],
        receipts=list({str(one): dict(one) for one in (row.judgement.asked.answer.receipt for row in found)}.values()),
        prompts=prompts_digest(),
        environment=environment(),
    )
    return Run(info, found, figures_of(found))


def asked(target: Target, case: Case, *, set_name: str = "", corpus: str = "", group: str = "") -> Row:
    """One case asked and judged; raises TargetError."""
    start = time.perf_counter()
    raw = target.ask(case)
    milliseconds = 1000 * (time.perf_counter() - start)
    judgement = judge(Asked(case, Said.model_validate(raw), target.knowledge, milliseconds))
    return Row(set_name, corpus, group, judgement, raw)


def _places(request: Request, files: Mapping[Path, Sequence[Case]]) -> list[_Place]:
    return [
        _Place(case, path.stem, request.corpora.corpus_of(case, path))
        for path, cases in files.items()
        for case in cases
    ]


def _targets(request: Request, places: Sequence[_Place]) -> Iterator[tuple[str, Target]]:
    if request.url:
        with over_http(request.url) as running:
            yield URL, running
        return
    for corpus, settings in request.corpora.editions([one.corpus for one in places]).items():
        with in_process(settings.model_copy(update=dict(request.corpora.variant))) as here:
            yield corpus, here


def _case_file(path: Path, cases: int) -> CaseFile:
    return CaseFile(name=path.name, digest=f"sha256:{sha256(path.read_bytes()).hexdigest()[:16]}", cases=cases)
