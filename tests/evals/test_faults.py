"""Faults injected into the real answers to the shipped sample cases: the shipped gate holds each of them back."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

import evals
from evals.cases import Case, load_cases
from evals.judging import judge
from evals.measure import SHARES, ask, gate, verbatim
from service.answering.service import AnswerService
from service.models import Answer, AnswerMode, AnswerStatus

FOLDER = Path(evals.__file__).parent
GATES = sorted((FOLDER / "gates").glob("*.toml"))
SAMPLE = FOLDER / "gates" / "sample.toml"
Fault = Callable[[Case, Answer], Answer]
Asked = list[tuple[Case, Answer]]


@pytest.fixture(scope="module")
def asked(measured: AnswerService) -> Asked:
    paths = sorted((FOLDER / "cases").glob("sample-*.jsonl"))
    return [(case, ask(measured, case)) for path in paths for case in load_cases(path)]


def held_back(asked: Asked, service: AnswerService) -> str:
    """What the gate says, in one text."""
    judgements = [judge(case, answer) for case, answer in asked]
    return "\n".join(gate(judgements, verbatim((answer for _, answer in asked), service), SAMPLE))


def changed_numbers(_: Case, answer: Answer) -> Answer:
    return answer.model_copy(
        update={"answer": re.sub(r"\d", lambda found: str((int(found[0]) + 1) % 10), answer.answer)}
    )


def wrong_totals(_: Case, answer: Answer) -> Answer:
    if answer.data is None or answer.data.total is None:
        return answer
    return answer.model_copy(update={"data": answer.data.model_copy(update={"total": answer.data.total + 1})})


def dropped_citations(_: Case, answer: Answer) -> Answer:
    return answer.model_copy(update={"citations": []})


def other_items(_: Case, answer: Answer) -> Answer:
    moved = [one.model_copy(update={"ref": f"{one.ref}x"}) for one in answer.citations]
    return answer.model_copy(update={"citations": moved})


def paraphrased_quotes(_: Case, answer: Answer) -> Answer:
    told = [one.model_copy(update={"quote": f"Sinngemäß: {one.quote}"}) for one in answer.citations]
    return answer.model_copy(update={"citations": told})


def no_refusals(_: Case, answer: Answer) -> Answer:
    return answer.model_copy(update={"status": AnswerStatus.ANSWERED, "mode": AnswerMode.GENERATED})


def only_refusals(_: Case, answer: Answer) -> Answer:
    return answer.model_copy(update={"status": AnswerStatus.NOT_IN_DOCUMENTS, "mode": None})


FAULTS: list[tuple[Fault, str]] = [
    (changed_numbers, "facts"),
    (wrong_totals, "count"),
    (dropped_citations, "right@3"),
    (other_items, "precision"),
    (paraphrased_quotes, "verbatim"),
    (no_refusals, "false answers"),
    (only_refusals, "false refusals"),
]


def test_the_service_as_it_is_passes(asked: Asked, measured: AnswerService) -> None:
    assert held_back(asked, measured) == ""


@pytest.mark.parametrize(("fault", "measure"), FAULTS)
def test_each_fault_is_named(asked: Asked, measured: AnswerService, fault: Fault, measure: str) -> None:
    faulty = [(case, fault(case, answer)) for case, answer in asked]
    assert f"{measure} is " in held_back(faulty, measured)


@pytest.mark.parametrize("path", GATES, ids=lambda path: str(path.stem))
def test_gates_name_what_is_measured(path: Path) -> None:
    limits = tomllib.loads(path.read_text(encoding="utf-8"))
    assert set(limits) == {"min", "max"}
    assert {*limits["min"], *limits["max"]} <= {*SHARES, "precision", "verbatim"}
    assert limits["min"]["verbatim"] == 1.0, "a quote stands or it is none"
    assert all(0.0 <= value <= 1.0 for table in limits.values() for value in table.values())
