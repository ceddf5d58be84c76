"""The gate lets right answers pass and names what a fault has broken."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from evals.measure import gate, shares
from service.models import Answer
from tests.evals.fakes import COUNT, FACT, RIGHT, SILENT, Asked, answer, citation, judged, refusal

LIMITS = """
[min]
"right@3" = 1.0
facts = 1.0
"in quote" = 1.0
count = 1.0
fully = 1.0
precision = 1.0
verbatim = 1.0
[max]
"false answers" = 0.0
"false refusals" = 0.0
"""


@pytest.fixture
def limits(tmp_path: Path) -> Path:
    path = tmp_path / "gate.toml"
    path.write_text(LIMITS, encoding="utf-8")
    return path


def broken(asked: Asked, change: Callable[[Answer], Answer]) -> list[Asked]:
    """All right answers, but this one changed."""
    return [Asked(one.case, change(one.answer)) if one is asked else one for one in RIGHT]


def named(short: list[str]) -> set[str]:
    """The measures that the gate names."""
    return {line.split(" is ")[0] for line in short}


def changed_number(right: Answer) -> Answer:
    return right.model_copy(update={"answer": right.answer.replace("412.000", "413.000")})


def dropped_citations(right: Answer) -> Answer:
    return right.model_copy(update={"citations": []})


def wrong_citation(right: Answer) -> Answer:
    return right.model_copy(update={"citations": [citation("9.9.9.9", "Anderes.")]})


def quote_without_fact(right: Answer) -> Answer:
    return right.model_copy(update={"citations": [citation(quote="Das kostete etwas.")]})


def wrong_total(right: Answer) -> Answer:
    return answer("5 Projekte [1]", *right.citations, total=5)


def answered_anyway(_: Answer) -> Answer:
    return answer("Das ist so. [1]", citation())


def refused(_: Answer) -> Answer:
    return refusal()


FAULTS = [
    (FACT, changed_number, {"facts", "fully"}),
    (FACT, dropped_citations, {"right@3", "in quote", "fully"}),
    (FACT, wrong_citation, {"right@3", "in quote", "fully", "precision"}),
    (FACT, quote_without_fact, {"in quote"}),
    (COUNT, wrong_total, {"count", "fully"}),
    (SILENT, answered_anyway, {"false answers", "fully"}),
    (FACT, refused, {"right@3", "facts", "in quote", "fully", "false refusals"}),
]


def test_right_answers_pass(limits: Path) -> None:
    assert gate(judged(*RIGHT), 1.0, limits) == []


@pytest.mark.parametrize(("asked", "change", "measures"), FAULTS, ids=lambda one: getattr(one, "__name__", ""))
def test_a_fault_is_held_back_and_named(
    limits: Path, asked: Asked, change: Callable[[Answer], Answer], measures: set[str]
) -> None:
    short = gate(judged(*broken(asked, change)), 1.0, limits)
    assert named(short) == measures
    assert all("must be at" in line for line in short)


def test_a_quote_that_does_not_stand_is_held_back(limits: Path) -> None:
    assert named(gate(judged(*RIGHT), 0.999, limits)) == {"verbatim"}


def test_the_limit_itself_passes(tmp_path: Path) -> None:
    path = tmp_path / "gate.toml"
    path.write_text('[min]\nfully = 0.5\n[max]\n"false answers" = 1.0\n', encoding="utf-8")
    half = [FACT, Asked(SILENT.case, answered_anyway(SILENT.answer))]
    assert gate(judged(*half), 1.0, path) == []


def test_a_share_that_nothing_measures_does_not_reach_a_minimum(limits: Path) -> None:
    assert "count" in named(gate(judged(FACT, SILENT), 1.0, limits))


def test_shares_of_right_answers() -> None:
    values = shares(judged(*RIGHT))
    assert values["right@1"] == values["right@3"] == values["facts"] == values["fully"] == values["precision"] == 1.0
    assert values["false answers"] == values["false refusals"] == 0.0


def test_shares_count_only_what_is_asked_for() -> None:
    values = shares(judged(SILENT))
    assert values["fully"] == 1.0 and values["false answers"] == 0.0
    assert values["right@3"] is None and values["facts"] is None and values["precision"] is None
    assert values["false refusals"] is None


def test_shares_of_nothing_are_unknown() -> None:
    assert set(shares([]).values()) == {None}


def test_shares_are_shares() -> None:
    values = shares(judged(FACT, Asked(FACT.case, changed_number(FACT.answer)), Asked(FACT.case, refusal())))
    assert values["facts"] == pytest.approx(1 / 3)
    assert values["right@3"] == pytest.approx(2 / 3)
    assert values["false refusals"] == pytest.approx(1 / 3)


def test_precision_is_over_the_citations_of_answers() -> None:
    both = answer("Das kostete 412.000 Euro. [1]", citation(), citation("9.9.9.9"), citation("1.1.1.1"), citation("8"))
    assert shares(judged(Asked(FACT.case, both)))["precision"] == pytest.approx(0.5)
