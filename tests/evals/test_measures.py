"""Hand-computed judgements: every outcome of the contract, what a part of an item is, and what must
always hold.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evals.case_files import Overview
from evals.metrics.measures import MEASURES, compute_scores
from evals.metrics.scoring import (
    CaseOutcome,
    DocumentTexts,
    ItemNames,
    Judgement,
    SentAnswer,
    find_ancestors,
)
from evals.metrics.statements import (
    ScoredStatement,
    first_sentence,
    has_spelling,
    split_statements,
    states_number,
)
from tests.evals.fakes import (
    FACT,
    KNOWN,
    RIGHT,
    answer,
    case,
    citation,
    cited,
    judged,
    refusal,
    silent_case,
)
from tests.ingest.cases import as_tuple, cases, values

ITEM = {"citations_any": (("report", "1.1.1.1"),)}
FACT_OF_ITEM = {**ITEM, "facts": (("412.000",),)}
Given = dict[str, Any]


def value(found: Judgement, name: str) -> float | None:
    ratio = found.ratios.get(name)
    return None if ratio is None else ratio[0] / ratio[1]


def measures(given: SentAnswer, *names: str, **fields: Any) -> tuple[float | None, ...]:
    found = judged(case(**fields), given)
    return tuple(value(found, name) for name in names)


@pytest.mark.parametrize("right", RIGHT, ids=lambda item: str(item.case.id))
def test_a_right_answer_is_right_in_everything_that_is_asked(right: Any) -> None:
    found = judged(right.case, right.answer)
    assert found.is_fully_right and not found.misled
    for measure in MEASURES:
        if measure.name in found.ratios:
            assert value(found, measure.name) == float(bool(measure.more_is_better)), measure.name


def sent(given: Given) -> SentAnswer:
    """Return an answer of a table: `cites` are references, `citations` have other fields."""
    citations = [citation(**fields) for fields in given.get("citations", ())]
    text = given.get("answer", "a").replace("LONG", "x" * 2_700)
    cites = cited(*given.get("cites", ()))
    usual = {"status": "answered", "answer": text, "citations": (*cites, *citations)}
    fields = {name: given[name] for name in ("status", "passage", "notices") if name in given}
    return SentAnswer(**{**usual, **fields})


def asked_cases() -> Iterator[Any]:
    """Cases of `asked`, each with the answers and measures of its name."""
    for name, asked in values(__file__, "asked").items():
        for row, told in values(__file__, "answers")[name].items():
            yield pytest.param(asked, *told, id=f"{name}: {row}")


@pytest.mark.parametrize(("asked", "given", "measured"), list(asked_cases()))
def test_an_answer_has_its_measures(asked: Given, given: Given, measured: Given) -> None:
    """As they are in the data, "none" of those that do not apply."""
    more = {name: given[name] for name in ("behavior",) if name in given}
    expect = {name: as_tuple(item) for name, item in {**asked.get("expect", {}), **more}.items()}
    fields = {name: given.get(name, asked[name]) for name in asked if name != "expect"}
    found = judged(case(**fields, expect=expect) if expect else case(**fields), sent(given))
    told: Given = {"fully right": float(found.is_fully_right)}
    for name in measured:
        if name in found.ratios:
            held, whole = found.ratios[name]
            told[name] = round(held / whole, 6)
    assert {name: told.get(name, "none") for name in measured} == measured


def test_where_no_text_is_known_quotes_are_not_measured() -> None:
    asked = judged(FACT.case, FACT.answer).answered_case
    found = compute_scores(replace(asked, knowledge=DocumentTexts()))
    assert found.ratios.keys().isdisjoint({"verbatim", "pages"})


def test_outcomes_are_ranked_from_misled_to_as_expected() -> None:
    shown = answer("Dazu passt Ziel 1. [1]", citation(), status="found")
    given = (
        answer("Es kostete 413.000 Euro. [1]", citation()),
        refusal(),
        shown,
        shown.model_copy(update={"answer": "Dazu passt: 412.000 Euro. [1]"}),
        FACT.answer,
    )
    ranked = [judged(case(expect=FACT_OF_ITEM), item).outcome for item in given]
    assert ranked == [outcome for outcome in CaseOutcome if outcome is not CaseOutcome.OPEN]
    assert judged(case(expect={"behavior": "open"}), shown).outcome is CaseOutcome.OPEN


def test_what_stands_below_an_item_is_a_part_of_it() -> None:
    items = [
        (ItemNames("2", "2", "Feld"), None),
        (ItemNames("07", "M07", "Radweg"), "2"),
        (ItemNames("a", "a", "Bau"), "M07"),
    ]
    known = replace(KNOWN, ancestors=find_ancestors(("report", *item) for item in items))
    given = answer("a", citation("a"))
    for name in ("7", "M07", "Rad-Weg", "2"):
        assert judged(
            case(expect={"citations_any": (("report", name),)}), given, known
        ).is_fully_right
    assert not judged(
        case(expect={"citations_any": (("report", "3"),)}), given, known
    ).is_fully_right
    assert not judged(case(expect={"citations_any": (("report", "7"),)}), given).is_fully_right


def test_a_key_names_one_of_several_items_of_a_number() -> None:
    given = answer("a", citation("Archiv", key="Archiv~2"))
    for needed, right in (("Archiv", True), ("Archiv~2", True), ("Archiv~1", False)):
        assert (
            judged(case(expect={"citations_any": (("report", needed),)}), given).is_fully_right
            is right
        )


OVERVIEW = {
    "core": (("report", "1"),),
    "topic": (("report", "1.1"), ("report", "2"), ("report", "3")),
    "at_least": 3,
}


@cases("refs", "right", "shown")
def test_an_overview_leads_with_the_core_and_stays_on_the_topic(
    refs: tuple[str, ...], right: float, shown: float
) -> None:
    expect = {"overview": Overview.model_validate(OVERVIEW)}
    names = ("overview", "direct", "shown", "misled", "right item")
    assert measures(answer("a", *cited(*refs)), *names, expect=expect) == (
        right,
        right,
        shown,
        1 - right,
        None,
    )


@cases("verdict", "said", "right")
def test_an_answer_begins_with_its_verdict(verdict: Any, said: str, right: bool) -> None:
    names = ("verdict", "first sentence", "direct")
    expect = {**ITEM, "verdict": verdict}
    assert measures(answer(said, citation()), *names, expect=expect) == (
        float(right),
        float(right),
        1.0,
    )


@cases("said", "expected")
def test_the_first_sentence_answers_by_its_fact(said: str, expected: float) -> None:
    expect = {**ITEM, "facts": (("412.000",), ("anderes",))}
    assert measures(answer(said, citation()), "first sentence", expect=expect) == (expected,)


def test_padding_is_what_is_cited_off_the_right_entry() -> None:
    found = judged(case(), answer("a", *cited("1.1.1.1", "2", "1.1.1.1.1", "3")))
    assert found.ratios["padding"] == (2.0, 4.0)
    assert "padding" not in judged(silent_case(), answer("a", *cited("2"))).ratios
    over = judged(
        case(expect={"overview": Overview.model_validate(OVERVIEW)}), answer("a", *cited("1", "9"))
    )
    assert over.ratios["padding"] == (1.0, 2.0)


@cases("said", "personal")
def test_answers_hold_nobodys_data(said: str, personal: float) -> None:
    assert measures(answer(said, citation()), "personal") == (personal,)


@settings(deadline=None)  # no test measures seconds
@given(
    st.lists(st.sampled_from(["1", "1.1", "1.1.2", "2", "9"]), max_size=8),
    st.sampled_from(["answered", "found"]),
)
def test_direct_is_useful_is_shown_and_shares_stay_between_nothing_and_all(
    refs: list[str], status: str
) -> None:
    expect: dict[str, Any] = {
        "citations_any": (("report", "9"), ("report", "1")),
        "facts": (("1",),),
    }
    found = judged(
        case(type="list", expect=expect), answer("a 1 [1]", *cited(*refs), status=status)
    )
    assert found.has("direct") <= found.has("useful") <= found.has("shown")
    assert found.misled == (status == "answered" and not found.has("direct"))
    assert all(0.0 <= ratio[0] / ratio[1] <= 1.0 for ratio in found.ratios.values())


def test_an_answer_is_cut_behind_its_markers() -> None:
    assert split_statements("Drei Projekte: A [1], B [2] [3]. Stand 2026.") == [
        ScoredStatement("Drei Projekte: A", (1,)),
        ScoredStatement(", B", (2, 3)),
        ScoredStatement("Stand 2026", (2, 3)),
    ]


@cases("number", "text", "told")
def test_a_number_is_told_as_digits_or_as_a_word(number: int, text: str, told: bool) -> None:
    assert states_number(number, text) is told


@cases("spellings", "text", "said")
def test_a_fact_is_said_in_any_spelling_white_space_and_case_aside(
    spellings: tuple[str, ...], text: str, said: bool
) -> None:
    assert has_spelling(spellings, text) is said


@cases("text", "first")
def test_the_first_sentence_ends_where_a_reader_ends_it(text: str, first: str) -> None:
    assert first_sentence(text) == first
