"""The gate lets right answers pass, names what a fault has broken, and counts losses from its reference."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from evals.metrics.judging import Judgement
from evals.runs.gate import GateError, accept_as_reference, load_limits, shortfalls
from evals.runs.summary import Summary, summarised
from service.models import Answer
from tests.evals.fakes import COUNT, FACT, LIST, RIGHT, SILENT, Right, answer, citation, judged, refusal

STRICT = """
[min]
"right item" = 1.0
facts = 1.0
"in quote" = 1.0
count = 1.0
fully = 1.0
precision = 1.0
"list complete" = 1.0
verbatim = 1.0
pages = 1.0
[max]
"false answers" = 0.0
"false answers near" = 0.0
"false refusals" = 0.0
unsupported = 0.0
"""
LOSS = 'reference = "before.json"\n[loss]\nfully = 0.25\n"false answers" = 0.1\n'


@pytest.fixture
def strict(tmp_path: Path) -> Path:
    return written(tmp_path, STRICT)


def written(folder: Path, text: str) -> Path:
    path = folder / "gate.toml"
    path.write_text(text, encoding="utf-8")
    return path


def summary(*judgements: Judgement) -> Summary:
    return summarised(judgements)


def given(*rights: Right) -> Summary:
    return summarised([judged(one.case, one.answer) for one in rights])


def broken(right: Right, change: Callable[[Answer], Answer]) -> Summary:
    """All right answers, but this one changed."""
    return given(*(Right(one.case, change(one.answer)) if one is right else one for one in RIGHT))


def names(found: Summary, path: Path) -> set[str]:
    """The measures that the gate names."""
    return {one.measure for one in shortfalls(found, load_limits(path))}


def changed_number(right: Answer) -> Answer:
    return right.model_copy(update={"answer": right.answer.replace("412.000", "413.000")})


def dropped_citations(right: Answer) -> Answer:
    return right.model_copy(update={"citations": []})


def dropped_row(right: Answer) -> Answer:
    return right.model_copy(update={"citations": right.citations[:1], "answer": "Zwei [1]"})


def wrong_citation(right: Answer) -> Answer:
    return right.model_copy(update={"citations": [citation("9.9.9.9")]})


def wrong_page(right: Answer) -> Answer:
    return right.model_copy(update={"citations": [one.model_copy(update={"page": 1}) for one in right.citations]})


def made_up_quote(right: Answer) -> Answer:
    return right.model_copy(update={"citations": [citation(quote="Es waren 412.000 Euro.")]})


def wrong_total(right: Answer) -> Answer:
    return answer("5 Projekte [1]", *right.citations, total=5)


def answered_anyway(_: Answer) -> Answer:
    return answer("Das ist so. [1]", citation())


def refused(_: Answer) -> Answer:
    return refusal()


FAULTS = [
    (FACT, changed_number, {"facts", "fully", "unsupported"}),
    (FACT, dropped_citations, {"right item", "in quote", "fully", "unsupported"}),
    (FACT, wrong_citation, {"right item", "fully", "precision"}),
    (FACT, wrong_page, {"pages"}),
    (FACT, made_up_quote, {"verbatim", "pages"}),
    (LIST, dropped_row, {"right item", "fully", "list complete"}),
    (COUNT, wrong_total, {"count", "fully"}),
    (SILENT, answered_anyway, {"false answers", "false answers near", "fully"}),
    (FACT, refused, {"right item", "facts", "in quote", "fully", "false refusals"}),
]


def test_right_answers_pass(strict: Path) -> None:
    assert names(given(*RIGHT), strict) == set()


@pytest.mark.parametrize(("right", "change", "measures"), FAULTS, ids=lambda one: getattr(one, "__name__", ""))
def test_a_fault_is_held_back_and_named(
    strict: Path, right: Right, change: Callable[[Answer], Answer], measures: set[str]
) -> None:
    assert names(broken(right, change), strict) == measures


def test_what_is_said_names_measure_value_and_limit(strict: Path) -> None:
    found = shortfalls(broken(COUNT, wrong_total), load_limits(strict))
    assert [str(one) for one in found if one.measure == "count"] == ["count ist 0.000, verlangt sind mindestens 1.000"]


def test_the_limit_itself_passes(tmp_path: Path) -> None:
    path = written(tmp_path, '[min]\nfully = 0.75\n[max]\n"false answers" = 1.0\n')
    assert names(broken(SILENT, answered_anyway), path) == set()


def test_what_nothing_measures_does_not_reach_a_minimum(strict: Path) -> None:
    found = shortfalls(given(FACT, LIST, SILENT), load_limits(strict))
    assert [str(one) for one in found] == ["count ist nicht gemessen, verlangt sind mindestens 1.000"]


def test_losses_count_from_the_accepted_reference(tmp_path: Path) -> None:
    path = written(tmp_path, LOSS)
    with pytest.raises(GateError, match=r"before\.json ist nicht lesbar"):
        load_limits(path)
    assert accept_as_reference(given(*RIGHT), path) == tmp_path / "before.json"
    assert json.loads((tmp_path / "before.json").read_text())["measures"]["fully"] == 1.0
    assert names(given(*RIGHT), path) == set()
    assert names(broken(FACT, refused), path) == set(), "a quarter may be lost"
    assert names(broken(SILENT, answered_anyway), path) == {"false answers"}
    assert names(given(Right(FACT.case, refusal()), Right(COUNT.case, refusal()), LIST, SILENT), path) == {"fully"}


def test_a_reference_of_other_cases_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path, LOSS)
    accept_as_reference(given(*RIGHT), path)
    with pytest.raises(GateError, match="von anderen Fällen"):
        shortfalls(given(FACT, SILENT), load_limits(path))


def test_a_loss_without_a_reference_value_is_refused(tmp_path: Path) -> None:
    accept_as_reference(given(FACT, SILENT), written(tmp_path, LOSS))
    with pytest.raises(GateError, match="keinen Wert für count"):
        load_limits(written(tmp_path, LOSS + "count = 0.1\n"))


def test_what_nothing_measures_is_not_below_a_maximum_either(tmp_path: Path) -> None:
    path = written(tmp_path, '[max]\n"false answers far" = 0.5\n')
    assert names(given(*RIGHT), path) == {"false answers far"}


def test_floors_are_the_stricter_of_limit_and_reference(tmp_path: Path) -> None:
    path = written(
        tmp_path, 'reference = "before.json"\n[min]\nfully = 0.6\n[loss]\nfully = 0.25\n"false answers" = 0.1\n'
    )
    accept_as_reference(given(*RIGHT), path)
    limits = load_limits(path)
    assert (limits.floor("fully"), limits.floor("false answers"), limits.floor("mrr")) == (0.75, 0.1, None)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[min]\nfuly = 1.0\n", "unbekanntes Maß: fuly"),
        ("[least]\nfully = 1.0\n", "least"),
        ('[min]\nfully = "viel"\n', "min.fully"),
        ("[min\n", "kein TOML"),
        ("[loss]\nfully = 0.1\n", "nennt aber keine reference"),
        ("[min]\nfully = 85\n", "0.85 statt 85"),
        ('[min]\n"false refusals" = 0.1\n', "gehört in die andere Tabelle"),
        ("[max]\nfully = 0.1\n", "gehört in die andere Tabelle"),
    ],
)
def test_a_gate_file_that_is_not_in_form_is_refused(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(GateError, match=told):
        load_limits(written(tmp_path, text))


def test_a_reference_can_only_be_written_where_one_is_named(strict: Path) -> None:
    with pytest.raises(GateError, match="keine reference"):
        accept_as_reference(given(*RIGHT), strict)


def test_no_file_is_no_gate(tmp_path: Path) -> None:
    with pytest.raises(GateError, match="nicht lesbar"):
        load_limits(tmp_path / "none.toml")
