"""The check finds each sort of wrong case, and confirms right ones, over a real edition of the sample corpus."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import evals
from evals.cases import Case, CountProof, load_cases
from evals.cases.checks import NOT_COUNTABLE, Checked, Proven, check_case, check_cases
from evals.cases.records import Records
from tests.answering.truth import DRAFT, GOALS, MOTION, REPORT, projects
from vectorstore.editions import EditionStore

CASES = Path(evals.__file__).parent / "cases"
WITHOUT_TEXT: dict[str, Any] = {"id": "c", "type": "t", "question": "Was?"}


@pytest.fixture(scope="module")
def records(data_dir: Path) -> Iterator[Records]:
    edition = EditionStore(data_dir).open()
    yield Records(edition.catalogue)
    edition.close()


def checked(records: Records, proof: dict[str, Any] | None = None, **expect: Any) -> Checked:
    raw = WITHOUT_TEXT | {"expect": {"behavior": "answer", **expect}, "proof": proof}
    return check_case(Case.model_validate(raw), records)


def test_shipped_cases_of_the_sample_corpus_are_right(records: Records) -> None:
    found = check_cases(load_cases(CASES / "sample-dev.jsonl"), records.catalogue)
    assert [(one.case.id, one.problems) for one in found if not one.right] == []
    assert {one.proven for one in found} == {Proven.COUNT, Proven.FACT, Proven.ITEM, Proven.NOTHING}
    assert all(one.proven is Proven.COUNT for one in found if one.case.type == "count")


def test_progress_is_shown_by_case(records: Records) -> None:
    seen: list[tuple[str, float]] = []
    cases = [Case.model_validate(WITHOUT_TEXT | {"id": name, "expect": {"behavior": "abstain"}}) for name in "ab"]
    check_cases(cases, records.catalogue, lambda step, share: seen.append((step, share)))
    assert seen == [("a", 0.5), ("b", 1.0)]


def test_a_non_answer_has_nothing_to_prove(records: Records) -> None:
    case = Case.model_validate(WITHOUT_TEXT | {"expect": {"behavior": "abstain"}})
    assert check_case(case, records) == Checked(case, (), (), Proven.NOTHING)


ABSENT = {
    "a document": (["nirgends", "5.1"], "citations_all: das Dokument nirgends gibt es in dieser Ausgabe nicht"),
    "a number": ([REPORT, "5.1.2.9"], f"citations_all: {REPORT} hat keinen Eintrag 5.1.2.9"),
    "half a number": ([REPORT, "5.1.2.1.0"], f"citations_all: {REPORT} hat keinen Eintrag 5.1.2.1.0"),
    "the beginning of a word": ([REPORT, "Tit"], f"citations_all: {REPORT} hat keinen Eintrag Tit"),
    "more than a number": ([GOALS, "B.I.1x"], f"citations_all: {GOALS} hat keinen Eintrag B.I.1x"),
    "a key that is none": ([REPORT, "Archiv~99"], f"citations_all: {REPORT} hat keinen Eintrag Archiv~99"),
}


@pytest.mark.parametrize("name", ABSENT)
def test_an_item_that_is_not_there_is_found(records: Records, name: str) -> None:
    ref, message = ABSENT[name]
    found = checked(records, citations_all=[[REPORT, "5.1"], ref])
    assert (found.problems, found.proven) == ((message,), Proven.FAILED)


@pytest.mark.parametrize(
    "ref", [[REPORT, "5.1.2.1"], [REPORT, "5.1.2"], [GOALS, "B"], [REPORT, "Archiv"], [REPORT, "Archiv~1"]]
)
def test_an_item_and_what_has_parts_is_there(records: Records, ref: list[str]) -> None:
    found = checked(records, citations_any=[ref])
    assert (found.problems, found.notes, found.proven) == ((), (), Proven.ITEM)


def test_an_alternative_that_is_not_there_is_only_noted(records: Records) -> None:
    found = checked(records, citations_any=[[REPORT, "5.1"], [REPORT, "Nachwort"]])
    assert found.problems == ()
    assert found.notes == (f"citations_any: {REPORT} hat keinen Eintrag Nachwort",)
    both = checked(records, citations_any=[[REPORT, "9.9"], [REPORT, "Nachwort"]])
    assert len(both.problems) == 2


def test_an_overview_needs_items_that_are_there(records: Records) -> None:
    right = {"core": [[REPORT, "5.1"]], "topic": [[REPORT, "5.1.2.1"], [REPORT, "9.9"]], "at_least": 2}
    found = checked(records, overview=right)
    assert (found.problems, found.proven) == ((), Proven.ITEM)
    assert found.notes == (f"overview: {REPORT} hat keinen Eintrag 9.9",)
    few = checked(records, overview={"core": [[REPORT, "9.9"]], "topic": [[REPORT, "5.1.2.1"]], "at_least": 2})
    assert few.problems == (
        "overview: kein Eintrag von core ist da",
        "overview: nur 1 Einträge sind da, verlangt sind 2",
    )


FACTS = {
    "in the body": ("1.1.1.1", [["412.000"]]),
    "one of two spellings": ("1.1.1.1", [["411.000", "412.000 Euro"]]),
    "the status in words": ("5.1.3.1", [["in Planung"]]),
    "text and table disagree": ("3.1.3.1", [["in Planung"], ["in Bearbeitung"]]),
    "who is responsible": ("3.2.2.2", [["53"]]),
    "the row of the project list": ("5.1.2.1", [["Ausweitung des Rufbusses"]]),
    "a project of the goal": ("5.1", [["Nachtbus am Wochenende"]]),
    "the date of the document": ("5.1", [["01.03.2026"]]),
}


@pytest.mark.parametrize("name", FACTS)
def test_a_fact_that_stands_in_the_item_is_confirmed(records: Records, name: str) -> None:
    ref, facts = FACTS[name]
    found = checked(records, citations_any=[[REPORT, ref]], facts=facts)
    assert (found.problems, found.proven) == ((), Proven.FACT)


@pytest.mark.parametrize(("ref", "fact"), [("1.1.1.1", "413.000"), ("5.1.3.1", "umgesetzt"), ("5.1.3.1", "412.000")])
def test_a_fact_that_stands_elsewhere_or_nowhere_is_found(records: Records, ref: str, fact: str) -> None:
    found = checked(records, citations_any=[[REPORT, ref]], facts=[[fact, "sonst nichts"]])
    assert found.problems == (f"facts: „{fact} | sonst nichts“ steht in keinem der genannten Einträge",)
    assert found.proven is Proven.ITEM


def test_a_fact_without_items_stands_in_some_document(records: Records) -> None:
    assert checked(records, facts=[["412.000"]]).right
    assert not checked(records, facts=[["413.000"]]).right


def test_what_is_wanted_is_not_forbidden(records: Records) -> None:
    found = checked(records, citations_any=[[REPORT, "5.1.3.1"]], facts=[["in Planung"]], forbidden=["Planung"])
    assert found.problems == ("forbidden: „Planung“ ist zugleich verlangt („in Planung“)",)


def proof(kind: str = "project", document: str = REPORT, **more: Any) -> dict[str, Any]:
    return {"kind": kind, "document": document, **more}


COUNTS = {
    "all": (proof(), len(projects(without="archived"))),
    "of a status": (proof(status=["planned"]), len(projects(status="planned"))),
    "of two": (proof(status=["planned", "idea"]), len(projects(status="planned")) + len(projects(status="idea"))),
    "of the archive": (proof(status=["archived"]), 8),
    "of a theme": (proof(theme="5", status=["idea"]), len(projects(theme="5", status="idea"))),
    "of a goal": (proof(goal="1.1", status=["planned"]), 0),
    "of a unit": (proof(unit="WAL"), 7),
    "of a unit and those below it": (proof(unit="70"), len(projects(unit="70"))),
    "of a municipality": (proof(municipality="Hohenquelm"), len(projects(municipality="Hohenquelm"))),
    "goals": (proof("goal", GOALS), 10),
    "theses": (proof("thesis", DRAFT), 8),
    "with a word": (proof(text="Rufbusses"), 1),
}


@pytest.mark.parametrize("name", COUNTS)
def test_a_count_is_what_the_records_give(records: Records, name: str) -> None:
    given, count = COUNTS[name]
    right, wrong = (checked(records, given, count=number) for number in (count, count + 1))
    assert (right.problems, right.notes, right.proven) == ((), (), Proven.COUNT)
    assert wrong.problems == (f"count: {count + 1}, die Einträge ergeben {count}",)
    assert wrong.proven is Proven.FAILED


@pytest.mark.parametrize(("unit", "own"), [("36", True), ("3", False), ("6", False), ("WA", False), ("wal", True)])
def test_a_unit_is_not_the_beginning_of_another(records: Records, unit: str, own: bool) -> None:
    assert bool(records.counted(CountProof.model_validate(proof(unit=unit)))) is own


def test_a_count_without_proof_is_said_to_be_undecided(records: Records) -> None:
    found = checked(records, citations_any=[[REPORT, "5"]], count=4711, facts=[["4711"]])
    assert (found.problems, found.notes) == ((), (NOT_COUNTABLE,))


def test_a_list_is_compared_with_the_records(records: Records) -> None:
    refs = [[MOTION, number] for number in ("I", "II", "III", "IV")]
    given = proof("resolution", MOTION)
    assert checked(records, given, citations_all=refs).proven is Proven.COUNT
    short = checked(records, given, citations_all=refs[1:])
    assert short.problems == (f"citations_all: {MOTION}:I fehlt",)
    long = checked(records, given, citations_all=[*refs, [MOTION, "Titel"]])
    assert long.problems == (f"citations_all: {MOTION}:Titel gehört nicht dazu",)


def test_a_proof_needs_something_to_prove() -> None:
    with pytest.raises(ValueError, match="proof braucht count oder citations_all"):
        Case.model_validate(WITHOUT_TEXT | {"expect": {"behavior": "abstain"}, "proof": {"kind": "goal"}})
