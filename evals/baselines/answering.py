"""All baselines asked all cases, and judged by the measures that the service is judged by."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import closing

from evals.baselines.bm25 import PlainBm25
from evals.baselines.passages import Baseline, as_answer, cut_passages, searched
from evals.baselines.recipe import Recipe
from evals.baselines.sets import CaseSet
from evals.cases import Case
from evals.metrics.judging import Asked, Judgement, judge
from evals.metrics.knowledge import knowledge_of
from evals.runs.running import Show, silent
from evals.runs.targets import request_of
from service.answering.service import AnswerService
from service.models import Answer
from vectorstore.edition import Edition

SERVICE = "Strategielotse"
RECIPE = "LangChain"
BM25 = "BM25"


def baseline_answers(edition: Edition, cases: Sequence[Case], show: Show = silent) -> dict[str, list[Answer]]:
    """What each baseline answers to each case, in order; `show` takes a step's name and the share done, 0..1."""
    passages = cut_passages(edition.catalogue)
    show(RECIPE, 0.0)
    with closing(Recipe(edition, passages)) as recipe:
        found = {RECIPE: _answers(recipe, edition, cases, lambda share: show(RECIPE, share / 2))}
    found[BM25] = _answers(PlainBm25(passages), edition, cases, lambda share: show(BM25, 0.5 + share / 2))
    return found


def baseline_judgements(edition: Edition, cases: Sequence[Case], show: Show = silent) -> dict[str, list[Judgement]]:
    """The answers of each baseline, judged."""
    knowledge = knowledge_of(edition.catalogue)
    return {
        name: [judge(Asked(case, answer, knowledge)) for case, answer in zip(cases, answers, strict=True)]
        for name, answers in baseline_answers(edition, cases, show).items()
    }


def side_by_side(sets: Sequence[CaseSet], show: Show = silent) -> dict[str, list[Judgement]]:
    """The service and each baseline over all sets together, judged alike; the service first."""
    found: dict[str, list[Judgement]] = {SERVICE: []}
    for place, one in enumerate(sets):
        first, second = _part_of(show, 2 * place, 2 * len(sets)), _part_of(show, 2 * place + 1, 2 * len(sets))
        found[SERVICE] += _service_judgements(one, first)
        others = baseline_judgements(one.edition, one.cases, second)
        for name, judgements in others.items():
            found.setdefault(name, []).extend(judgements)
    return found


def _part_of(show: Show, place: int, parts: int) -> Show:
    return lambda step, share: show(step, (place + share) / parts)


def _service_judgements(one: CaseSet, show: Show) -> list[Judgement]:
    service, knowledge = AnswerService(one.edition, one.settings), knowledge_of(one.edition.catalogue)
    found = []
    for place, case in enumerate(one.cases):
        show(SERVICE, place / len(one.cases))
        found.append(judge(Asked(case, service.answer(request_of(case)), knowledge)))
    return found


def _answers(
    baseline: Baseline, edition: Edition, cases: Sequence[Case], show: Callable[[float], None]
) -> list[Answer]:
    found = []
    for place, case in enumerate(cases):
        show(place / len(cases))
        found.append(as_answer(baseline.rank(searched(case)), edition.catalogue, edition.name))
    return found
