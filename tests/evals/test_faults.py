"""Faults injected into the service or its real answers to the sample cases: the shipped gate names each of them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

import evals
from evals.cases import load_cases
from evals.metrics.judging import Asked, judge_all
from evals.runs.asking import shipped_cases
from evals.runs.gate import load_limits, shortfalls
from evals.runs.running import asked_all
from evals.runs.summary import summarised
from evals.runs.targets import InProcess
from service.answering.service import AnswerService
from service.models import Answer, AnswerMode, AnswerStatus
from service.settings import load_settings
from tests.answering.truth import REPORT
from tests.evals.cases_judged import JUDGED
from vectorstore.editions import EditionStore
from vectorstore.records import ParsedDocument

SAMPLE = Path(evals.__file__).parent / "gates" / "sample.toml"
GATES = [SAMPLE, SAMPLE.with_name("real.toml")]  # of answers; reading has its own
CASES = load_cases(*shipped_cases())
DROPPED = "1.1.1.1"
Fault = Callable[[Answer], Answer]


@pytest.fixture(scope="module")
def target(measured: AnswerService) -> InProcess:
    return InProcess(measured)


@pytest.fixture(scope="module")
def asked(target: InProcess) -> list[Asked]:
    return asked_all(target, CASES)


@pytest.fixture(scope="module")
def without_a_project(measured: AnswerService, tmp_path_factory: pytest.TempPathFactory) -> Iterator[InProcess]:
    """The service over an edition that lacks one project."""
    folder = tmp_path_factory.mktemp("lacking")
    EditionStore(folder).publish([_without(one) for one in measured.corpus.catalogue.parsed()], report={})
    edition = EditionStore(folder).open()
    yield InProcess(AnswerService(edition, load_settings(data_dir=folder)))
    edition.close()


def _without(parsed: ParsedDocument) -> ParsedDocument:
    if parsed.document.id != REPORT:
        return parsed
    items = tuple(one for one in parsed.items if one.key != DROPPED)
    chunks = tuple(one for one in parsed.chunks if one.key != DROPPED)
    assert len(items) == len(parsed.items) - 1
    return replace(parsed, items=items, chunks=chunks)


def held_back(asked: list[Asked]) -> set[str]:
    """The measures that the shipped gate names."""
    return {one.measure for one in shortfalls(summarised(judge_all(asked)), load_limits(SAMPLE))}


def faulty(asked: list[Asked], fault: Fault) -> list[Asked]:
    return [replace(one, answer=fault(one.answer)) for one in asked]


def wrong_pages(answer: Answer) -> Answer:
    moved = [one.model_copy(update={"page": one.page + 1 if one.page else None}) for one in answer.citations]
    return answer.model_copy(update={"citations": moved})


def changed_numbers(answer: Answer) -> Answer:
    changed = re.sub(r"(?<!\[)\b\d+", lambda found: str(int(found[0]) + 1), answer.answer)
    return answer.model_copy(update={"answer": changed})


def wrong_totals(answer: Answer) -> Answer:
    """Every count is one too many, in what is told and in the data."""
    if answer.data is None or answer.data.total is None:
        return answer
    total = answer.data.total
    told = re.sub(rf"(?<![\d.\[]){total}(?![\d.\]])", str(total + 1), answer.answer)
    return answer.model_copy(update={"answer": told, "data": answer.data.model_copy(update={"total": total + 1})})


def shuffled_citations(answer: Answer) -> Answer:
    """Every marker proves what another one stood for."""
    moved = [*answer.citations[1:], *answer.citations[:1]]
    renamed = [one.model_copy(update={"marker": place}) for place, one in enumerate(moved, start=1)]
    return answer.model_copy(update={"citations": renamed})


def dropped_citations(answer: Answer) -> Answer:
    return answer.model_copy(update={"citations": []})


def paraphrased_quotes(answer: Answer) -> Answer:
    told = [one.model_copy(update={"quote": f"Sinngemäß: {one.quote}"}) for one in answer.citations]
    return answer.model_copy(update={"citations": told})


def no_refusals(answer: Answer) -> Answer:
    return answer.model_copy(update={"status": AnswerStatus.ANSWERED, "mode": AnswerMode.GENERATED})


def only_refusals(answer: Answer) -> Answer:
    return answer.model_copy(update={"status": AnswerStatus.NOT_IN_DOCUMENTS, "mode": None})


def cut_lists(answer: Answer) -> Answer:
    return answer.model_copy(update={"citations": answer.citations[:2]})


FAULTS: list[tuple[Fault, set[str]]] = [
    (wrong_pages, {"pages"}),
    (changed_numbers, {"facts", "unsupported"}),
    (wrong_totals, {"count"}),
    (shuffled_citations, {"unsupported"}),
    (dropped_citations, {"right item", "in quote"}),
    (cut_lists, {"list complete"}),
    (paraphrased_quotes, {"verbatim"}),
    (no_refusals, {"false answers", "false answers near", "false answers far"}),
    (only_refusals, {"false refusals"}),
]


def test_the_service_as_it_is_passes(asked: list[Asked]) -> None:
    assert held_back(asked) == set()


@pytest.mark.parametrize(("fault", "measures"), FAULTS, ids=lambda one: getattr(one, "__name__", ""))
def test_each_fault_is_named(asked: list[Asked], fault: Fault, measures: set[str]) -> None:
    assert measures <= held_back(faulty(asked, fault))


def test_answers_to_other_questions_are_named(asked: list[Asked]) -> None:
    others = [replace(one, answer=asked[place - 1].answer) for place, one in enumerate(asked)]
    assert {"right item", "facts", "count", "fully"} <= held_back(others)


def test_a_dropped_project_is_named(without_a_project: InProcess) -> None:
    assert "count" in held_back(asked_all(without_a_project, CASES))


def test_a_refusal_that_is_switched_off_is_named(target: InProcess) -> None:
    limits = replace(load_limits(SAMPLE), loss={}, cases="")

    def named() -> set[str]:
        return {one.measure for one in shortfalls(summarised(judge_all(asked_all(target, JUDGED))), limits)}

    assert "false answers" not in named()
    with target.strict(0.0):
        assert "false answers" in named()


@pytest.mark.parametrize("path", GATES, ids=lambda path: str(path.stem))
def test_shipped_gates_ask_for_what_must_never_slip(path: Path) -> None:
    limits = load_limits(path)
    assert limits.least["verbatim"] == limits.least["pages"] == 1.0, "a quote stands on its page or it is none"
    assert {"false answers", "false refusals", "unsupported"} <= limits.greatest.keys()
    assert limits.loss.keys() <= limits.reference.keys()
