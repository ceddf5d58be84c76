"""Hand-computed judgements: what counts as right, at which place, and what a part of an item is."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evals.cases import Case, CaseError, load_cases
from evals.judging import judge
from evals.measure import shares
from service.models import Answer, AnswerData, AnswerStatus, Citation, DataKind, Receipt
from vectorstore.records import DocumentStatus, ItemKind


def citation(ref: str, quote: str = "quote", document: str = "report") -> Citation:
    return Citation(
        marker=1,
        document_id=document,
        document_title="Report",
        publisher="Kreis",
        document_status=DocumentStatus.PUBLISHED,
        kind=ItemKind.PROJECT,
        ref=ref,
        key=ref,
        title="Title",
        quote=quote,
        url="/x",
    )


def answer(
    text: str, *citations: Citation, status: AnswerStatus = AnswerStatus.ANSWERED, total: int | None = None
) -> Answer:
    data = AnswerData(kind=DataKind.COUNT, columns=[], rows=[], total=total) if total is not None else None
    return Answer(
        answer_id="1",
        status=status,
        language="de",
        corpus_edition="e",
        answer=text,
        citations=list(citations),
        data=data,
        receipt=Receipt(pipeline="1", settings="s"),
    )


def case(**fields: Any) -> Case:
    usual: dict[str, Any] = {"id": "c", "type": "single_fact", "question": "?", "answerable": True}
    return Case(**usual | fields)


def test_right_item_at_its_place_and_parts_count() -> None:
    found = judge(case(any_of=(("report", "B.X"),)), answer("a", citation("C"), citation("B.X.3")))
    assert (found.right_at, found.right_item, found.citations_right) == (2, True, 1)
    assert judge(case(any_of=(("report", "B.X"),)), answer("a", citation("B.XI"))).right_at is None


def test_the_fourth_citation_is_too_late() -> None:
    late = answer("a", citation("1"), citation("2"), citation("3"), citation("4"))
    assert judge(case(any_of=(("report", "4"),)), late).right_item is False


def test_all_of_must_all_be_cited_anywhere() -> None:
    wanted = case(all_of=(("report", "1"), ("report", "5")))
    cited = [citation(str(number)) for number in range(1, 6)]
    assert judge(wanted, answer("a", *cited)).right_item is True
    assert judge(wanted, answer("a", *cited[:4])).right_item is False


def test_facts_in_one_of_their_spellings_white_space_aside() -> None:
    wanted = case(any_of=(("report", "1"),), facts=(("50 000", "50.000"), ("zwei",)))
    found = judge(wanted, answer("Es sind 50\u00a0000 Euro in zwei Raten.", citation("1", "50 000 Euro in zwei Raten")))
    assert (found.facts, found.fact_in_quote, found.fully) == (True, True, True)
    assert judge(wanted, answer("Es sind 50 000 Euro.", citation("1"))).fully is False


def test_a_forbidden_statement_spoils_the_answer() -> None:
    wanted = case(any_of=(("report", "1"),), forbidden=("umgesetzt",))
    assert judge(wanted, answer("Es ist umgesetzt.", citation("1"))).fully is False


def test_counts_come_from_data_before_text() -> None:
    assert judge(case(count=4), answer("Es sind 4.", total=5)).count is False
    assert judge(case(count=4), answer("Es sind 4.")).count is True
    assert judge(case(count=4), answer("Es sind 14.")).count is False


@pytest.mark.parametrize("status", [one for one in AnswerStatus if one is not AnswerStatus.ANSWERED])
def test_any_non_answer_is_right_where_none_may_be_given(status: AnswerStatus) -> None:
    assert judge(case(answerable=False), answer("", status=status)).fully is True
    assert judge(case(any_of=(("report", "1"),)), answer("", status=status)).fully is False


@given(st.lists(st.booleans(), min_size=1, max_size=20))
def test_shares_stay_within_bounds_and_do_not_depend_on_order(outcomes: list[bool]) -> None:
    judged = [
        judge(case(any_of=(("report", "1"),)), answer("a", citation("1" if right else "2"))) for right in outcomes
    ]
    values = shares(judged)
    assert values["right@3"] == pytest.approx(sum(outcomes) / len(outcomes))
    assert values == shares(judged[::-1])


def test_no_cases_have_no_shares() -> None:
    assert set(shares([]).values()) == {None}


def test_a_wrong_line_is_named(tmp_path: Path) -> None:
    good = {"id": "1", "type": "list", "question": "?", "expect": {"behavior": "answer"}}
    path = tmp_path / "cases.jsonl"
    path.write_text(json.dumps(good) + "\n\n" + json.dumps(good | {"expect": {"behavior": "maybe"}}), encoding="utf-8")
    with pytest.raises(CaseError, match=r"cases\.jsonl, line 3"):
        load_cases(path)
