"""The gate: limits, exceptions by name; and the shipped gate names faults in real answers."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import pytest

import evals
from evals.figures import Row
from evals.gate import GateError, load_gate, measured_in, shortfalls
from evals.metrics.judging import Said, judge
from evals.metrics.knowledge import Knowledge, knowledge_of
from service.answering.service import AnswerService
from tests.evals.fakes import COUNT, FACT, SILENT, answer, judged, refusal, row, run_of

SHIPPED = Path(evals.__file__).parent / "gates"
MISCOUNTED = judged(COUNT.case, answer("5 Projekte [1]", *COUNT.answer.citations))
RIGHT = [row(judged(one.case, one.answer)) for one in (FACT, COUNT, SILENT)]
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


def named(path: Path, *rows: Row) -> list[str]:
    return [f"{one.group} {one.measure}" for one in shortfalls(load_gate(path), measured_in(run_of(*rows)))]


def test_right_answers_pass_and_wrong_ones_are_named(file: Path) -> None:
    assert named(file, *RIGHT) == []
    assert named(file, *RIGHT, row(judged(FACT.case, answer("Ohne Beleg.")))) == ["known misled", "all uncited"]
    assert named(file, row(MISCOUNTED)) == ["known count", "known misled"]
    short = shortfalls(load_gate(file), measured_in(run_of(row(MISCOUNTED))))
    assert [str(one) for one in short] == [
        "known: count ist 0.000, verlangt sind mindestens 1.000",
        "known: misled ist 1.000, erlaubt sind höchstens 0.030",
    ]


def test_an_exception_is_named_by_its_case(file: Path) -> None:
    file.write_text(f'{GATE}\n[known.except]\ncount = ["n"]\n')
    other = judged(COUNT.case.model_copy(update={"id": "m"}), COUNT.answer)
    assert "known count" not in named(file, row(MISCOUNTED), row(other))
    assert "known count" in named(file, row(MISCOUNTED), row(judged(other.case, MISCOUNTED.asked.answer)))


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ("[", "kein TOML"),
        ("[all.min]\nmisled = 0.1", "falschen Tabelle"),
        ("[all.max]\ndirect = 0.1", "falschen Tabelle"),
        ("[all.min]\nnichts = 0.1", "unbekanntes Maß: nichts"),
        ("[all.min]\ndirect = 85", "zwischen 0 und 1"),
        ("[all]\nother = 1", "nicht in Form"),
        ('start = "start.json"\n[all.rise]\nmisled = 0.03', "nicht in Form"),  # of earlier versions
    ],
)
def test_a_wrong_gate_is_told(tmp_path: Path, wrong: str, told: str) -> None:
    path = tmp_path / "gate.toml"
    path.write_text(wrong)
    with pytest.raises(GateError, match=told):
        load_gate(path)
    with pytest.raises(GateError, match="nicht lesbar"):
        load_gate(tmp_path / "none.toml")


@pytest.mark.parametrize("name", ["sample.toml", "left-out.toml"])
def test_the_shipped_gates_hold_what_misleads(name: str) -> None:
    assert load_gate(SHIPPED / name).limits[name.removesuffix(".toml")].max["misled"] < 0.2


Fault = Callable[[Said], Said]


def wrong_pages(one: Said) -> Said:
    return _cited(one, lambda cited: {"page": cited["page"] + 1 if cited["page"] else None})


def paraphrased(one: Said) -> Said:
    return _cited(one, lambda cited: {"quote": f"Sinngemäß: {cited['quote']}"})


def wrong_totals(one: Said) -> Said:
    """Every count is one too many."""
    return _changed(one, answer=re.sub(r"(?<![\d.\[])\d+(?![\d.\]])", lambda told: str(int(told[0]) + 1), one.answer))


def cut_lists(one: Said) -> Said:
    return _changed(one, citations=one.citations[:2])


def no_markers(one: Said) -> Said:
    return _changed(one, answer=re.sub(r"\s*\[\d+\]", "", one.answer))


def no_refusals(one: Said) -> Said:
    return _changed(one, status="answered")


def decided(one: Said) -> Said:
    return _changed(one, answer=one.answer.replace("Entwurf, nicht beschlossen", "vom Kreistag beschlossen"))


def signed(one: Said) -> Said:
    return _changed(one, answer=f"{one.answer} Es schreibt erika@example.org. [1]")


def away(one: Said) -> Said:
    return _changed(one, status="unavailable")


FAULTS: list[tuple[Fault, set[str]]] = [
    (wrong_pages, {"pages"}),
    (paraphrased, {"verbatim"}),
    (wrong_totals, {"count", "misled"}),
    (cut_lists, {"list complete", "misled"}),
    (no_markers, {"uncited"}),
    (no_refusals, {"misled"}),
    (decided, {"draft as decided"}),
    (signed, {"personal"}),
    (away, {"unavailable"}),
]


def _changed(one: Said, **fields: object) -> Said:
    return one.model_copy(update=fields)


def _cited(one: Said, change: Callable[[Mapping[str, object]], dict[str, object]]) -> Said:
    return _changed(one, citations=tuple(_with(cited, change(cited.model_dump())) for cited in one.citations))


def _with(cited: object, fields: dict[str, object]) -> object:
    return cited.model_copy(update=fields)  # type: ignore[attr-defined]


def faulty(rows: list[Row], fault: Fault, known: Knowledge) -> list[Row]:
    given = [replace(one.judgement.asked, answer=fault(one.judgement.asked.answer), knowledge=known) for one in rows]
    return [replace(one, judgement=judge(asked)) for one, asked in zip(rows, given, strict=True)]


def test_the_service_as_it_is_passes_its_gate(sample_rows: list[Row]) -> None:
    assert named(SHIPPED / "sample.toml", *sample_rows) == []


@pytest.mark.parametrize(("fault", "measures"), FAULTS, ids=lambda one: getattr(one, "__name__", ""))
def test_each_fault_in_real_answers_is_named(
    sample_rows: list[Row], measured: AnswerService, fault: Fault, measures: set[str], tmp_path: Path
) -> None:
    today, misled = tmp_path / "sample.toml", run_of(*sample_rows).figures.groups["sample"]["misled"].value
    shipped = (SHIPPED / "sample.toml").read_text(encoding="utf-8")
    today.write_text(re.sub(r"misled = .*", f"misled = {misled}", shipped), encoding="utf-8")  # as answers are now
    rows = faulty(sample_rows, fault, knowledge_of(measured.corpus.catalogue))
    assert measures <= {one.split(" ", 1)[1] for one in named(today, *rows)}


def test_a_refusal_is_no_loophole(sample_rows: list[Row]) -> None:
    """Who never answers misleads nobody, and loses counts and lists."""
    silent = [replace(one, judgement=judged(one.case, refusal())) for one in sample_rows]
    assert {"sample count", "sample list complete"} <= set(named(SHIPPED / "sample.toml", *silent))
