"""The gate: limits, exceptions by name; and the shipped gate names faults in real answers."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

import evals
from evals.gate import CommandError, find_measures, load_gate, shortfalls
from evals.measurements import ScoredCase
from evals.metrics.measures import compute_scores
from evals.metrics.scoring import DocumentTexts, SentAnswer, SentCitation, load_knowledge
from service.answering import AnswerService
from tests.evals.fakes import COUNT, FACT, SILENT, answer, judged, refusal, row, run_of
from tests.ingest.cases import cases

SHIPPED = Path(evals.__file__).parent / "gates"
MISCOUNTED = judged(COUNT.case, answer("5 Projekte [1]", *COUNT.answer.citations))
RIGHT = [row(judged(item.case, item.answer)) for item in (FACT, COUNT, SILENT)]
GATE = """
[known.min]
count = 1.0

[all.max]
uncited = 0.0

[known.max]
misled = 0.03
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "gate.toml"
    path.write_text(GATE)
    return path


def named(path: Path, *rows: ScoredCase) -> list[str]:
    return [
        f"{shortfall.group} {shortfall.measure}"
        for shortfall in shortfalls(load_gate(path), find_measures(run_of(*rows)))
    ]


def test_right_answers_pass_and_wrong_ones_are_named(file: Path) -> None:
    assert named(file, *RIGHT) == []
    assert named(file, *RIGHT, row(judged(FACT.case, answer("Ohne Beleg.")))) == [
        "known misled",
        "all uncited",
    ]
    assert named(file, row(MISCOUNTED)) == ["known count", "known misled"]
    short = shortfalls(load_gate(file), find_measures(run_of(row(MISCOUNTED))))
    assert [str(item) for item in short] == [
        "known: count ist 0.000, verlangt sind mindestens 1.000",
        "known: misled ist 1.000, erlaubt sind höchstens 0.030",
    ]


def test_an_exception_is_named_by_its_case(file: Path) -> None:
    file.write_text(f'{GATE}\n[known.except]\ncount = ["n"]\n')
    other = judged(COUNT.case.model_copy(update={"id": "m"}), COUNT.answer)
    assert "known count" not in named(file, row(MISCOUNTED), row(other))
    assert "known count" in named(
        file, row(MISCOUNTED), row(judged(other.case, MISCOUNTED.answered_case.answer))
    )


@cases("wrong", "told")
def test_a_wrong_gate_is_told(tmp_path: Path, wrong: str, told: str) -> None:
    path = tmp_path / "gate.toml"
    path.write_text(wrong)
    with pytest.raises(CommandError, match=told):
        load_gate(path)
    with pytest.raises(CommandError, match="nicht lesbar"):
        load_gate(tmp_path / "none.toml")


@pytest.mark.parametrize("name", ["sample.toml", "left-out.toml"])
def test_the_shipped_gates_hold_what_misleads(name: str) -> None:
    assert load_gate(SHIPPED / name)[name.removesuffix(".toml")].max["misled"] < 0.2


Fault = Callable[[SentAnswer], dict[str, object]]  # what of an answer is another


def cited(item: SentAnswer, **fields: Callable[[SentCitation], object]) -> dict[str, object]:
    changed = ({name: change(each) for name, change in fields.items()} for each in item.citations)
    pairs = zip(item.citations, changed, strict=True)
    return {"citations": tuple(each.model_copy(update=update) for each, update in pairs)}


FAULTS: dict[str, tuple[Fault, set[str]]] = {
    "wrong pages": (
        lambda item: cited(item, page=lambda each: each.page + 1 if each.page else None),
        {"pages"},
    ),
    "paraphrased": (
        lambda item: cited(item, quote=lambda each: f"Sinngemäß: {each.quote}"),
        {"verbatim"},
    ),
    "counts one too many": (
        lambda item: {
            "answer": re.sub(
                r"(?<![\d.\[])\d+(?![\d.\]])", lambda told: str(int(told[0]) + 1), item.answer
            )
        },
        {"count", "misled"},
    ),
    "cut lists": (lambda item: {"citations": item.citations[:2]}, {"list complete", "misled"}),
    "no markers": (lambda item: {"answer": re.sub(r"\s*\[\d+\]", "", item.answer)}, {"uncited"}),
    "no refusals": (lambda item: {"status": "answered"}, {"misled"}),
    "decided": (
        lambda item: {
            "answer": item.answer.replace("Entwurf, nicht beschlossen", "vom Kreistag beschlossen")
        },
        {"draft as decided"},
    ),
    "signed": (
        lambda item: {"answer": f"{item.answer} Es schreibt erika@example.org. [1]"},
        {"personal"},
    ),
    "away": (lambda item: {"status": "unavailable"}, {"unavailable"}),
}


def faulty(rows: list[ScoredCase], fault: Fault, known: DocumentTexts) -> list[ScoredCase]:
    statement = (item.judgement.answered_case for item in rows)
    given = [
        replace(item, answer=item.answer.model_copy(update=fault(item.answer)), knowledge=known)
        for item in statement
    ]
    return [
        replace(item, judgement=compute_scores(asked))
        for item, asked in zip(rows, given, strict=True)
    ]


def test_the_service_as_it_is_passes_its_gate(sample_rows: list[ScoredCase]) -> None:
    assert named(SHIPPED / "sample.toml", *sample_rows) == []


@pytest.mark.parametrize("fault", FAULTS)
def test_each_fault_in_real_answers_is_named(
    sample_rows: list[ScoredCase], sample_service: AnswerService, fault: str, tmp_path: Path
) -> None:
    change, measures = FAULTS[fault]
    today, misled = (
        tmp_path / "sample.toml",
        run_of(*sample_rows).figures.groups["sample"]["misled"].value,
    )
    shipped = (SHIPPED / "sample.toml").read_text(encoding="utf-8")
    today.write_text(
        re.sub(r"misled = .*", f"misled = {misled}", shipped), encoding="utf-8"
    )  # as answers are now
    rows = faulty(sample_rows, change, load_knowledge(sample_service.corpus.catalogue))
    assert measures <= {item.split(" ", 1)[1] for item in named(today, *rows)}


def test_a_refusal_is_no_loophole(sample_rows: list[ScoredCase]) -> None:
    """Who never answers misleads nobody, and loses counts and lists."""
    silent = [replace(item, judgement=judged(item.case, refusal())) for item in sample_rows]
    assert {"sample count", "sample list complete"} <= set(named(SHIPPED / "sample.toml", *silent))
