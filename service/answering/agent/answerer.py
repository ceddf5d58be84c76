"""What answers a question with a model: the agent with its graph, or the draft without a model."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from importlib import import_module

from prompts import text
from service.answering.agent.agent import Agent, ReportStep
from service.answering.draft import Draft
from service.answering.pipeline import without_model
from service.answering.question_run import QuestionRun
from service.language_models import LangChainModel, ModelAccess, translate_failures
from service.records import AnswerStatus

_LIMITS = "service.answering.agent.limits"  # imports LangChain's agents, which takes seconds


def run_graph(agent: Agent, model: LangChainModel) -> None:
    """Have a model answer, within the limits; every error is raised as ModelUnavailable.

    The limits are imported only here, as they import LangChain's agents, which takes seconds.
    """
    with translate_failures():
        from service.answering.agent.limits import LimitMiddleware

        LimitMiddleware(agent).run(model)


def make_answerer(
    access: ModelAccess, judge: ModelAccess | None, report: ReportStep | None
) -> Callable[[QuestionRun], Draft | None]:
    """Return a function that lets the model answer a question, and `judge` judge the answer.

    `report`, if given, is called with each tool call.

    If the model fails, the function returns the draft made without a model, with a notice that says
    why. If the model rejects a question that the pipeline had rejected before, the text of the
    pipeline is taken.
    """

    def answer(question_run: QuestionRun) -> Draft | None:
        agent = Agent(access, question_run, run_graph, report, judge)
        draft = agent.answer()
        if agent.failure_code:
            explanation = text(f"{question_run.language}/{agent.failure_code}")
            return without_model(question_run).with_notice(agent.failure_code, explanation)
        if (
            draft is not None
            and draft.status is AnswerStatus.OUT_OF_SCOPE
            and question_run.rejection is not None
        ):
            # the text of this rejection is more specific than the agent's
            return replace(question_run.rejection, prompts=draft.prompts)
        return draft

    return answer


def warm(access: ModelAccess) -> None:
    """Load the libraries for the model in advance, which takes seconds; no request is sent."""
    access.warm()
    with suppress(ImportError):
        import_module(_LIMITS)
