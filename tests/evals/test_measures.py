"""Hand-computed judgements: every outcome of the contract, what a part of an item is, and what must
always hold.
"""

from __future__ import annotations

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
    SentNotice,
    SentPassage,
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
from tests.ingest.cases import cases

OUTCOMES = ("misled", "direct", "useful", "shown")
ITEM = {"citations_any": (("report", "1.1.1.1"),)}


def value(found: Judgement, name: str) -> float | None:
    ratio = found.ratios.get(name)
    return None if ratio is None else ratio[0] / ratio[1]


def values(given: SentAnswer, *names: str, **fields: Any) -> tuple[float | None, ...]:
    found = judged(case(**fields), given)
    return tuple(value(found, name) for name in names)


@pytest.mark.parametrize("right", RIGHT, ids=lambda item: str(item.case.id))
def test_a_right_answer_is_right_in_everything_that_is_asked(right: Any) -> None:
    found = judged(right.case, right.answer)
    assert found.is_fully_right and not found.misled
    for measure in MEASURES:
        if measure.name in found.ratios:
            assert value(found, measure.name) == float(bool(measure.more_is_better)), measure.name


def test_a_wrong_answer_misleads_and_a_refusal_does_not() -> None:
    wrong = answer("Es kostete 413.000 Euro. [1]", citation())
    expect = {**ITEM, "facts": (("412.000",),)}
    assert values(wrong, *OUTCOMES, expect=expect) == (1.0, 0.0, 0.0, 1.0)
    assert values(answer("412.000 [1]", citation("9")), *OUTCOMES, expect=expect) == (
        1.0,
        0.0,
        0.0,
        0.0,
    )
    assert values(refusal(), *OUTCOMES, "wrong refusal", expect=expect) == (0.0, 0.0, 0.0, 0.0, 1.0)


def test_what_is_found_shows_and_is_useful_and_never_misleads() -> None:
    expect = {**ITEM, "facts": (("412.000",),)}
    found = answer("Dazu passt Ziel 1: 412.000 Euro. [1]", citation(), status="found")
    names = (*OUTCOMES, "wrong refusal", "as expected")
    assert values(found, *names, expect=expect) == (0.0, 0.0, 1.0, 1.0, 0.0, 0.0)
    late = found.model_copy(update={"answer": f"Dazu passen drei. {'x' * 2_700} 412.000 [1]"})
    assert values(late, "useful", "shown", expect=expect) == (0.0, 1.0)
    assert values(
        late.model_copy(update={"status": "answered"}), "useful", "direct", expect=expect
    ) == (1.0, 1.0)
    below = SentPassage(text="Es waren 412.000 Euro.")
    folded = answer("Ja. [1]", citation()).model_copy(update={"passage": below})
    assert values(folded, "useful", "direct", expect=expect) == (1.0, 0.0)
    off = found.model_copy(update={"citations": cited("9", "8", "7", "1.1.1.1")})
    assert values(off, *OUTCOMES, expect=expect) == (0.0, 0.0, 0.0, 0.0)
    quiet = judged(silent_case(), found)
    assert (value(quiet, "right non-answer"), value(quiet, "misled"), value(quiet, "found")) == (
        1.0,
        0.0,
        1.0,
    )


def test_where_a_case_names_no_item_none_is_measured() -> None:
    expect = {"facts": (("412.000",),)}
    names = ("shown", "right item", "useful", "direct")
    assert values(FACT.answer, *names, expect=expect) == (None, None, 1.0, 1.0)
    assert values(refusal(), *names, expect=expect) == (None, None, 0.0, 0.0)


def test_a_case_without_expectation_counts_as_no_outcome() -> None:
    found = judged(case(expect={"behavior": "open"}), answer("Ja [1]", citation(), status="found"))
    assert found.ratios.keys().isdisjoint({"found", *OUTCOMES, "as expected"})
    assert found.outcome is CaseOutcome.OPEN


def test_outcomes_are_ranked_from_misled_to_as_expected() -> None:
    expect = {**ITEM, "facts": (("412.000",),)}
    shown = answer("Dazu passt Ziel 1. [1]", citation(), status="found")
    given = (
        answer("Es kostete 413.000 Euro. [1]", citation()),
        refusal(),
        shown,
        shown.model_copy(update={"answer": "Dazu passt: 412.000 Euro. [1]"}),
        FACT.answer,
    )
    ranked = [judged(case(expect=expect), item).outcome for item in given]
    assert ranked == [outcome for outcome in CaseOutcome if outcome is not CaseOutcome.OPEN]


def test_where_the_documents_do_not_say_it_any_status_but_answered_is_right() -> None:
    names = ("misled", "right non-answer", "as expected", "direct", "wrong refusal")
    for status in (
        "not_in_documents",
        "found",
        "out_of_scope",
        "needs_clarification",
        "about_service",
        "refused",
    ):
        found = judged(silent_case(), refusal(status=status))
        assert [value(found, name) for name in names] == [0.0, 1.0, 1.0, None, None]
    wrong = judged(silent_case(), FACT.answer)
    assert [value(wrong, name) for name in names] == [1.0, 0.0, 0.0, None, None]


def test_a_question_to_the_service_is_no_abstention() -> None:
    item = case(expect={"behavior": "about_service"})
    right = judged(item, refusal(status="about_service"))
    assert (
        right.is_fully_right
        and value(right, "about service") == 1.0
        and value(right, "misled") == 0.0
    )
    assert "right non-answer" not in right.ratios and "direct" not in right.ratios
    for wrong, misled in ((refusal(), 0.0), (FACT.answer, 1.0)):
        found = judged(item, wrong)
        assert (found.is_fully_right, value(found, "about service"), value(found, "misled")) == (
            False,
            0.0,
            misled,
        )


def test_the_first_three_citations_count_and_parts_of_an_item() -> None:
    expect = {"citations_any": (("report", "B.X"),)}
    assert values(
        answer("a", *cited("C", "D", "B.X.3")), "right item", "direct", expect=expect
    ) == (1.0, 1.0)
    assert values(
        answer("a", *cited("1", "2", "3", "B.X")), "right item", "shown", expect=expect
    ) == (0.0, 0.0)
    assert values(answer("a", *cited("B.XI")), "right item", expect=expect) == (0.0,)
    assert values(answer("a", citation("1.1.1.1", document_id="other")), "right item") == (0.0,)


def test_a_citation_of_a_page_that_proves_it_counts_as_the_right_item() -> None:
    proven = {"pages_by_document": {"report": (4,)}}
    on_it, before_it = (answer("a", citation("9", page=page)) for page in (4, 3))
    elsewhere = answer("a", citation("9", document_id="plan", page=4))
    assert values(on_it, "right item", **proven) == (1.0,)
    assert values(before_it, "right item", **proven) == (0.0,)
    assert values(elsewhere, "right item", **proven) == (0.0,)


def test_all_of_must_all_be_cited_anywhere() -> None:
    expect = {
        "citations_any": (("report", "A"), ("report", "B")),
        "citations_all": (("report", "C"),),
    }
    assert values(answer("a", *cited("1", "2", "B", "4", "C")), "right item", expect=expect) == (
        1.0,
    )
    assert values(answer("a", *cited("B")), "right item", "shown", "misled", expect=expect) == (
        0.0,
        0.0,
        1.0,
    )


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


def test_a_forbidden_statement_spoils_the_answer() -> None:
    expect = {**ITEM, "forbidden": ("umge setzt",)}
    statement = answer("Es ist Umgesetzt.", citation())
    assert values(statement, "forbidden", *OUTCOMES, expect=expect) == (1.0, 1.0, 0.0, 0.0, 1.0)
    assert values(answer("Es läuft.", citation()), "forbidden", "direct", expect=expect) == (
        0.0,
        1.0,
    )


def test_counts_are_read_from_the_answer() -> None:
    expect = {"count": 4}
    assert values(answer("Es sind viele.", citation()), "count", *OUTCOMES, expect=expect) == (
        0,
        1,
        0,
        1,
        None,
    )
    assert values(answer("Es sind 4.", citation()), "count", *OUTCOMES, expect=expect) == (
        1,
        0,
        1,
        1,
        None,
    )
    assert values(answer("Vier Projekte sind in Planung."), "count", expect=expect) == (1.0,)
    assert values(
        answer("Dies [1] das [4], Projekt 3.4.1, 14 oder 40."), "count", expect=expect
    ) == (0.0,)


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
    assert values(answer("a", *cited(*refs)), *names, expect=expect) == (
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
    assert values(answer(said, citation()), *names, expect=expect) == (
        float(right),
        float(right),
        1.0,
    )


@cases("said", "expected")
def test_the_first_sentence_answers_by_its_fact(said: str, expected: float) -> None:
    expect = {**ITEM, "facts": (("412.000",), ("anderes",))}
    assert values(answer(said, citation()), "first sentence", expect=expect) == (expected,)


def test_padding_is_what_is_cited_off_the_right_entry() -> None:
    found = judged(case(), answer("a", *cited("1.1.1.1", "2", "1.1.1.1.1", "3")))
    assert found.ratios["padding"] == (2.0, 4.0)
    assert "padding" not in judged(silent_case(), answer("a", *cited("2"))).ratios
    over = judged(
        case(expect={"overview": Overview.model_validate(OVERVIEW)}), answer("a", *cited("1", "9"))
    )
    assert over.ratios["padding"] == (1.0, 2.0)


def test_lists_are_measured_for_what_is_missing_and_what_is_too_much() -> None:
    names = ("list complete", "list exact")
    needed: dict[str, Any] = {
        "type": "list",
        "expect": {"citations_all": (("report", "1"), ("report", "2"))},
    }
    assert values(answer("a", *cited("1", "2")), *names, **needed) == (1.0, 1.0)
    assert values(answer("a", *cited("1", "2", "9")), *names, **needed) == (
        1.0,
        pytest.approx(2 / 3),
    )
    assert values(answer("a", *cited("1", "2.1")), *names, **needed) == (0.5, 0.5), (
        "a part is another item in a list"
    )
    assert values(refusal(), *names, **needed) == (0.0, 0.0)
    assert values(answer("a", *cited("1")), *names, expect=needed["expect"]) == (None, None)


def test_a_note_on_languages_is_right_where_the_case_accepts_it() -> None:
    needed = {"expect": {"behavior": "answer_or_note", **ITEM, "facts": (("412.000",),)}}
    noted = refusal(notices=(SentNotice(code="language"),))
    names = ("as expected", "misled", "direct", "right item", "wrong refusal")
    assert values(noted, *names, **needed) == (1.0, 0.0, None, None, None)
    assert values(refusal(), *names, **needed) == (0.0, 0.0, 0.0, 0.0, 1.0)
    assert values(FACT.answer, *names, **needed) == (1.0, 0.0, 1.0, 1.0, 0.0)
    assert values(noted, "as expected") == (0.0,), "the usual case expects an answer"


def test_a_case_without_an_expectation_counts_in_no_outcome() -> None:
    found = judged(case(expect={"behavior": "open"}), FACT.answer)
    assert not found.ratios.keys() & {
        *OUTCOMES,
        "as expected",
        "right non-answer",
        "wrong refusal",
        "about service",
    }
    assert found.ratios["verbatim"] == (1.0, 1.0) and not found.misled


def test_quotes_must_stand_and_on_their_page() -> None:
    right, made_up = (
        citation(quote="Das  kostete 412.000\nEuro."),
        citation(quote="Das kostete 413.000 Euro."),
    )
    assert values(answer("a", right, made_up), "verbatim", "pages") == (0.5, 0.5)
    assert values(answer("a", right, citation(page=1)), "verbatim", "pages") == (1.0, 0.5)
    assert values(answer("a", citation(document_id="other")), "verbatim", "pages") == (0.0, None)
    over = citation(quote="wenig.\n\nDas kostete")
    pages = [
        values(answer("a", over.model_copy(update={"page": page})), "pages") for page in (1, 2, 3)
    ]
    assert pages == [(1.0,), (1.0,), (0.0,)]
    found = compute_scores(
        replace(judged(FACT.case, FACT.answer).answered_case, knowledge=DocumentTexts())
    )
    assert "verbatim" not in found.ratios and "pages" not in found.ratios


@pytest.mark.parametrize(
    ("said", "status", "expected"),
    [
        ("Der Kreis hat beschlossen, einen Radweg zu bauen. [1]", "draft", 1.0),
        ("Der Kreis hat beschlossen, einen Radweg zu bauen. [1]", "proposed", 1.0),
        ("Der Kreis hat beschlossen, einen Radweg zu bauen. [1]", "adopted", None),
        ("Thesen (Entwurf, nicht beschlossen): ein Radweg. [1]", "draft", 0.0),
        (
            "Der Kreistag hat 2019 beschlossen, Bäume zu pflanzen. [1]",
            "draft",
            0.0,
        ),  # the draft says so itself
    ],
)
def test_no_draft_is_told_as_decided(said: str, status: str, expected: float | None) -> None:
    quoted = citation(
        quote="Der Kreistag hat 2019 beschlossen, Bäume zu pflanzen.", document_status=status
    )
    assert values(answer(said, quoted), "draft as decided") == (expected,)


@cases("said", "personal")
def test_answers_hold_nobodys_data(said: str, personal: float) -> None:
    assert values(answer(said, citation()), "personal") == (personal,)


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


def test_a_number_is_told_as_digits_or_as_a_word() -> None:
    assert states_number(0, "Keine Projekte sind archiviert.") and not states_number(
        0, "Es sind 10."
    )
    assert states_number(1, "Ein Projekt ist eine Idee [1].") and not states_number(
        1, "Es gibt ein Konzept mit 21 Zielen."
    )
    assert (
        states_number(12, "Zwölf Ziele.")
        and states_number(13, "13 Ziele.")
        and not states_number(13, "Vierzehn Ziele.")
    )
    assert not states_number(3, "5.3 Dreizack [3]")


def test_a_fact_is_said_in_any_spelling_white_space_and_case_aside() -> None:
    assert has_spelling(("50.000", "50 000"), "rund 50\u00a0000 Euro")
    assert has_spelling(("IN PLANUNG",), "Es ist in\nPlanung.")
    assert not has_spelling(("51.000",), "rund 50.000 Euro")
    assert not has_spelling(("250.000",), "1.250.000 Euro") and has_spelling(
        ("12.06.2025",), "am 12. Juni 2025"
    )
    assert not has_spelling((), "alles")


@cases("text", "first")
def test_the_first_sentence_ends_where_a_reader_ends_it(text: str, first: str) -> None:
    assert first_sentence(text) == first
