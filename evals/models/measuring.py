"""Asks the same cases in four settings: without a model, with its questions, with its answers, with both."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from evals.cases import Case
from evals.metrics.judging import Asked, Judgement, judge_all
from evals.models.editions import ModelError, with_questions, without_questions
from evals.models.kept import KeptReplies
from evals.runs.running import Show, asked_all
from evals.runs.targets import InProcess
from service.answering.service import AnswerService
from service.composition import make_store
from service.language_models.access import Limits, ModelAccess
from service.language_models.building import LangChainModel
from service.language_models.errors import Failure
from service.language_models.naming import model_name
from service.model_check.advice import failed
from service.models import Answer
from service.settings import Settings
from vectorstore.edition import Edition

WITHOUT, QUESTIONS, ANSWERS, BOTH = "without a model", "its questions", "its answers", "both"
_REPLIES = "replies.jsonl"
_ENDS = (Failure.RESTING, Failure.BUDGET, Failure.NOT_INSTALLED, Failure.MISCONFIGURED, Failure.NO_ACCESS)
_STEPS = 4


@dataclass(frozen=True, slots=True)
class Measured:
    """What came of one setting: judgements, sentences of the model and how many were dropped, requests that failed."""

    judgements: Sequence[Judgement]
    sentences: int = 0
    dropped: int = 0
    asked: int = 0
    failed: int = 0


class WithModel(InProcess):
    """The service with a model whose replies are kept; `seconds` are those that kept replies once took, by case."""

    def __init__(self, service: AnswerService, access: ModelAccess, kept: KeptReplies) -> None:
        super().__init__(service)
        self.access, self.seconds = access, dict[str, float]()
        self._kept = kept

    def ask(self, case: Case) -> Answer:
        """Answer in this process; raises ModelError where the model is not asked any more."""
        before = self._kept.spared
        answer = super().ask(case)
        self.seconds[case.id] = self._kept.spared - before
        self._require_asked()
        return answer

    def _require_asked(self) -> None:
        access = self.access
        if any(access.counts[failure.value] for failure in _ENDS):
            often = max(
                (one for one in Failure if one is not Failure.RESTING), key=lambda one: access.counts[one.value]
            )
            told = failed(often, access.limits.seconds)
            raise ModelError(f"{access.name} ({access.host}): {told} Was geantwortet ist, bleibt aufgehoben.")


def measured(
    edition: Edition, settings: Settings, cases: Sequence[Case], build: Path, seconds: float, show: Show
) -> dict[str, Measured]:
    """What comes of each setting; `settings` name both models, `seconds` is the time for a reply.

    Editions and replies are kept below `build`. Raises ModelError, StoreError, OSError.
    """
    bare = without_questions(edition, settings, build)
    asked = with_questions(edition, settings, build, partial(_step, show, 0, QUESTIONS))
    found = {}
    for place, (name, made, model) in enumerate(
        ((WITHOUT, bare, False), (QUESTIONS, asked, False), (ANSWERS, bare, True), (BOTH, asked, True))
    ):
        found[name] = _of(made, cases, build, seconds if model else None, partial(_step, show, place, name))
    return found


def _of(settings: Settings, cases: Sequence[Case], build: Path, seconds: float | None, show: Show) -> Measured:
    with closing(make_store(settings).open()) as edition:
        if seconds is None:
            service = AnswerService(edition, settings)
            service.warm()
            return Measured(judge_all(asked_all(InProcess(service), cases, show)))
        kept, access = _access(settings, build, seconds)
        service = AnswerService(edition, settings, model=access)
        service.warm()
        target = WithModel(service, access, kept)
        judgements = judge_all(
            _slower(one, 1000 * target.seconds[one.case.id]) for one in asked_all(target, cases, show)
        )
    counts = access.counts
    failures = sum(counts[failure.value] for failure in Failure)
    return Measured(judgements, counts["sentences"], counts["dropped"], counts["replied"] + failures, failures)


def _slower(asked: Asked, more: float) -> Asked:
    """The same answer, which took so many milliseconds more when its replies were first asked for."""
    return replace(asked, milliseconds=asked.milliseconds + more)


def _access(settings: Settings, build: Path, seconds: float) -> tuple[KeptReplies, ModelAccess]:
    setting = settings.answer_model
    assert setting is not None
    name = model_name(setting)
    model = partial(LangChainModel, setting, tokens=settings.model_tokens, seconds=seconds)
    kept = KeptReplies(model, f"{setting} {settings.model_tokens}", build / _REPLIES)
    limits = Limits(
        seconds=seconds,
        cost_per_day=settings.model_cost_per_day,
        price_read=settings.model_price_read,
        price_written=settings.model_price_written,
    )
    return kept, ModelAccess(lambda: kept, limits, name.name, name.host)


def _step(show: Show, place: int, name: str, step: str, done: float) -> None:
    show(f"{name}: {step}", (place + done) / _STEPS)
