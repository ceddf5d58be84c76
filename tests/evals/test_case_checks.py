"""The check finds each sort of wrong case, and confirms right ones, over a real edition of the sample corpus."""

from __future__ import annotations

from typing import Any

import pytest

from evals.cases import Case, CountProof, load_cases, shipped_cases
from evals.cases.checks import Checked, check_case, check_cases, counted
from service.answering.service import AnswerService
from tests.answering.truth import DRAFT, GOALS, MOTION, REPORT, projects
from vectorstore.catalogue import Catalogue

BARE: dict[str, Any] = {"id": "c", "type": "t", "question": "Was?"}


@pytest.fixture(scope="module")
def records(measured: AnswerService) -> Catalogue:
    return measured.corpus.catalogue


def checked(records: Catalogue, proof: dict[str, Any] | None = None, **expect: Any) -> Checked:
    raw = BARE | {"expect": {"behavior": "answer", **expect}, "proof": proof}
    return check_case(Case.model_validate(raw), records)


def test_shipped_cases_of_the_sample_corpus_are_right(records: Catalogue) -> None:
    found = check_cases(load_cases(*shipped_cases()), records)
    assert [(one.case.id, one.problems) for one in found if not one.right] == []


@pytest.mark.parametrize(
    "ref", [["nirgends", "5.1"], [REPORT, "5.1.2.9"], [REPORT, "5.1.2.1.0"], [REPORT, "Tit"], [GOALS, "B.I.1x"]]
)
def test_an_item_that_is_not_there_is_found(records: Catalogue, ref: list[str]) -> None:
    found = checked(records, citations_all=[[REPORT, "5.1"], ref])
    assert found.problems == (f"{ref[0]} hat keinen Eintrag {ref[1]}",)


@pytest.mark.parametrize("ref", [[REPORT, "5.1.2.1"], [REPORT, "5.1.2"], [GOALS, "B"], [REPORT, "Archiv~1"]])
def test_an_item_and_what_has_parts_is_there(records: Catalogue, ref: list[str]) -> None:
    assert checked(records, citations_any=[ref]) == checked(records, citations_any=[ref], forbidden=[])
    assert checked(records, citations_any=[ref]).problems == ()


def test_an_alternative_that_is_not_there_is_only_noted(records: Catalogue) -> None:
    found = checked(records, citations_any=[[REPORT, "5.1"], [REPORT, "Nachwort"]])
    assert (found.problems, found.notes) == ((), (f"{REPORT} hat keinen Eintrag Nachwort",))
    assert len(checked(records, citations_any=[[REPORT, "9.9"], [REPORT, "Nachwort"]]).problems) == 2


def test_an_overview_needs_items_that_are_there(records: Catalogue) -> None:
    right = {"core": [[REPORT, "5.1"]], "topic": [[REPORT, "5.1.2.1"], [REPORT, "9.9"]], "at_least": 2}
    assert checked(records, overview=right).right
    few = checked(records, overview={"core": [[REPORT, "9.9"]], "topic": [[REPORT, "5.1.2.1"]], "at_least": 2})
    assert few.problems == (
        f"{REPORT} hat keinen Eintrag 9.9", "overview: nur 1 Einträge sind da, verlangt sind 2"
    )  # fmt: skip


@pytest.mark.parametrize(
    ("ref", "facts"),
    [
        ("1.1.1.1", [["411.000", "412.000 Euro"]]),
        ("5.1.3.1", [["in Planung"]]),  # the status in words
        ("3.1.3.1", [["in Planung"], ["in Bearbeitung"]]),  # text and table disagree
        ("3.2.2.2", [["53"]]),  # who is responsible
        ("5.1.2.1", [["Ausweitung des Rufbusses"]]),  # the row of the project list
        ("5.1", [["Nachtbus am Wochenende"], ["01.03.2026"]]),  # a project of the goal, the date of the document
    ],
)
def test_a_fact_that_stands_in_the_item_is_confirmed(records: Catalogue, ref: str, facts: list[list[str]]) -> None:
    assert checked(records, citations_any=[[REPORT, ref]], facts=facts).problems == ()


@pytest.mark.parametrize(("ref", "fact"), [("1.1.1.1", "413.000"), ("5.1.3.1", "umgesetzt"), ("5.1.3.1", "412.000")])
def test_a_fact_that_stands_elsewhere_or_nowhere_is_found(records: Catalogue, ref: str, fact: str) -> None:
    found = checked(records, citations_any=[[REPORT, ref]], facts=[[fact, "sonst nichts"]])
    assert found.problems == (f"facts: „{fact} | sonst nichts“ steht in keinem der genannten Einträge",)


def test_what_is_wanted_is_not_forbidden(records: Catalogue) -> None:
    found = checked(records, citations_any=[[REPORT, "5.1.3.1"]], facts=[["in Planung"]], forbidden=["Planung"])
    assert found.problems == ("forbidden: „in Planung“ ist zugleich verlangt",)


def proof(kind: str = "project", document: str = REPORT, **more: Any) -> dict[str, Any]:
    return {"kind": kind, "document": document, **more}


@pytest.mark.parametrize(
    ("given", "count"),
    [
        (proof(), len(projects(without="archived"))),
        (proof(status=["planned", "idea"]), len(projects(status="planned")) + len(projects(status="idea"))),
        (proof(status=["archived"]), 8),
        (proof(theme="5", status=["idea"]), len(projects(theme="5", status="idea"))),
        (proof(unit="WAL"), 7),
        (proof(municipality="Hohenquelm"), len(projects(municipality="Hohenquelm"))),
        (proof("goal", GOALS), 10),
        (proof("thesis", DRAFT), 8),
        (proof(text="Rufbusses"), 1),
    ],
)
def test_a_count_is_what_the_records_give(records: Catalogue, given: dict[str, Any], count: int) -> None:
    assert checked(records, given, count=count).problems == ()
    assert checked(records, given, count=count + 1).problems == (f"count: {count + 1}, die Einträge ergeben {count}",)


@pytest.mark.parametrize(("unit", "own"), [("36", True), ("3", False), ("6", False), ("WA", False), ("wal", True)])
def test_a_unit_is_not_the_beginning_of_another(records: Catalogue, unit: str, own: bool) -> None:
    assert bool(counted(CountProof.model_validate(proof(unit=unit)), records)) is own


def test_a_list_is_compared_with_the_records(records: Catalogue) -> None:
    refs = [[MOTION, number] for number in ("I", "II", "III", "IV")]
    given = proof("resolution", MOTION)
    assert checked(records, given, citations_all=refs).problems == ()
    assert checked(records, given, citations_all=refs[1:]).problems == (f"citations_all: {MOTION}:I fehlt",)
    long = checked(records, given, citations_all=[*refs, [MOTION, "Titel"]])
    assert long.problems == (f"citations_all: {MOTION}:Titel gehört nicht dazu",)
