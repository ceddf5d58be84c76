"""Hand-computed judgements: what counts as right, at which place, and what a part of an item is."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evals.cases import Overview
from evals.metrics.judging import Asked, Judgement, judge
from evals.metrics.knowledge import Knowledge, Named, lineage
from evals.metrics.measures import BY_NAME, MEASURES
from service.models import Answer, AnswerData, AnswerStatus, DataKind, Notice
from tests.evals.fakes import (
    COUNT,
    FACT,
    KNOWN,
    LIST,
    RIGHT,
    answer,
    case,
    citation,
    cited,
    judged,
    refusal,
    silent_case,
)

NON_ANSWERS = [one for one in AnswerStatus if one not in (AnswerStatus.ANSWERED, AnswerStatus.UNAVAILABLE)]


def value(found: Judgement, name: str) -> float | None:
    part = found.parts.get(name)
    return None if part is None else part[0] / part[1]


def values(given: Answer, *names: str, **fields: Any) -> tuple[float | None, ...]:
    found = judged(case(**fields), given)
    return tuple(value(found, name) for name in names)


@pytest.mark.parametrize("right", RIGHT, ids=lambda one: str(one.case.id))
def test_a_right_answer_is_right_in_everything_that_is_asked(right: Any) -> None:
    found = judged(right.case, right.answer)
    assert found.fully
    for measure in MEASURES:
        if measure.share and measure.name in found.parts:
            assert value(found, measure.name) == float(bool(measure.more_is_better)), measure.name


def test_places_of_right_items_and_parts_of_them() -> None:
    names = ("right@1", "right@3", "right@5", "mrr", "ndcg", "precision", "recall")
    wanted = {"citations_any": (("report", "B.X"),)}
    assert values(answer("a", *cited("C", "B.X.3")), *names, expect=wanted) == (
        0.0, 1.0, 1.0, 0.5, pytest.approx(1 / math.log2(3)), 0.5, 1.0
    )  # fmt: skip
    assert values(answer("a", *cited("B.XI")), *names, expect=wanted) == (0.0,) * 7
    late = answer("a", *cited("1", "2", "3", "B.X"))
    assert values(late, "right@3", "right@5", "mrr", "fully", expect=wanted) == (0.0, 1.0, 0.25, 0.0)


def test_the_same_number_in_another_document_is_another_item() -> None:
    other = answer("a", citation("1.1.1.1", document_id="other"))
    assert values(other, "right@1", "mrr") == (0.0, 0.0)


def test_all_of_must_all_be_cited_anywhere() -> None:
    wanted = {"citations_all": (("report", "1"), ("report", "5"))}
    assert values(answer("a", *cited("1", "2", "3", "4", "5")), "right item", "recall", expect=wanted) == (1.0, 1.0)
    assert values(answer("a", *cited("1", "2", "3", "4")), "right item", "recall", "fully", expect=wanted) == (
        0.0,
        0.5,
        0.0,
    )


def test_lists_are_measured_for_what_is_missing_and_what_is_too_much() -> None:
    names = ("list complete", "list exact")
    wanted = {"type": "list", "expect": {"citations_all": (("report", "1"), ("report", "2"))}}
    assert values(answer("a", *cited("1", "2")), *names, **wanted) == (1.0, 1.0)
    assert values(answer("a", *cited("1", "2", "9")), *names, **wanted) == (1.0, pytest.approx(2 / 3))
    assert values(answer("a", *cited("1", "2.1")), *names, **wanted) == (0.5, 0.5), "a part is another item in a list"
    assert values(answer("a", *cited("1")), *names, **wanted) == (0.5, 1.0)
    assert values(refusal(), *names, **wanted) == (0.0, 0.0)
    assert values(answer("a", *cited("1")), *names, expect=wanted["expect"]) == (None, None)


def test_facts_in_one_of_their_spellings() -> None:
    wanted = {"citations_any": (("report", "1.1.1.1"),), "facts": (("50 000", "50.000"), ("zwei",))}
    both = answer("Es sind 50\u00a0000 Euro in zwei Raten. [1]", citation(quote="50 000 Euro in zwei Raten"))
    assert values(both, "facts", "in quote", "fully", expect=wanted) == (1.0, 1.0, 1.0)
    assert values(answer("Es sind 50 000 Euro.", citation()), "facts", "in quote", expect=wanted) == (0.0, 0.0)


def test_a_forbidden_statement_spoils_the_answer() -> None:
    wanted = {"citations_any": (("report", "1.1.1.1"),), "forbidden": ("umge setzt",)}
    assert values(answer("Es ist Umgesetzt.", citation()), "forbidden", "fully", expect=wanted) == (1.0, 0.0)
    assert values(answer("Es läuft.", citation()), "forbidden", "fully", expect=wanted) == (0.0, 1.0)


def test_counts_are_read_from_the_answer() -> None:
    wanted = {"count": 4}
    assert values(answer("Es sind viele.", citation(), total=4), "count", "fully", expect=wanted) == (0.0, 0.0)
    assert values(answer("Es sind 4.", citation(), total=5), "count", "fully", expect=wanted) == (1.0, 1.0)
    assert values(answer("Vier Projekte sind in Planung."), "count", expect=wanted) == (1.0,)
    assert values(answer("Es sind 14 oder 40."), "count", expect=wanted) == (0.0,)


def test_what_stands_below_an_item_is_a_part_of_it() -> None:
    items = [(Named("2", "2", "Feld"), None), (Named("07", "M07", "Radweg"), "2"), (Named("a", "a", "Bau"), "M07")]
    above = lineage(("report", *one) for one in items)
    known = replace(KNOWN, above=above)
    given, wanted = answer("a", citation("a")), {"citations_any": (("report", "7"),)}
    assert judge(Asked(case(expect=wanted), given, known)).fully
    for name in ("M07", "Rad-Weg", "2"):
        assert judge(Asked(case(expect={"citations_any": (("report", name),)}), given, known)).fully
    assert not judge(Asked(case(expect={"citations_any": (("report", "3"),)}), given, known)).fully
    assert not judge(Asked(case(expect=wanted), given, KNOWN)).fully
    assert not judge(Asked(case(expect={"citations_any": (("other", "7"),)}), given, known)).fully


def test_a_key_names_one_of_several_items_of_a_number() -> None:
    given = answer("a", citation("Archiv", key="Archiv~2"))
    for wanted, right in (("Archiv", True), ("Archiv~2", True), ("Archiv~1", False)):
        assert judged(case(expect={"citations_any": (("report", wanted),)}), given).fully is right


OVERVIEW = {"core": (("report", "1"),), "topic": (("report", "1.1"), ("report", "2"), ("report", "3")), "at_least": 3}


@pytest.mark.parametrize(
    ("refs", "right"),
    [
        (("1", "2", "3"), True),
        (("2", "3", "1.1"), True),  # a part of the core
        (("1", "2", "3", "9"), True),  # off the topic only later
        (("1", "2", "9", "3"), False),
        (("2", "2.1", "3", "1"), False),  # no core among the first three
        (("1", "2", "2"), False),  # two different ones
        (("1", "2"), False),
    ],
)
def test_an_overview_leads_with_the_core_and_stays_on_the_topic(refs: tuple[str, ...], right: bool) -> None:
    expect = {"overview": Overview.model_validate(OVERVIEW)}
    found = judged(case(type="overview", expect=expect), answer("a", *cited(*refs)))
    assert (found.fully, value(found, "overview"), value(found, "right item")) == (right, float(right), None)


def test_an_overview_that_is_not_answered_is_wrong() -> None:
    found = judged(case(expect={"overview": Overview.model_validate(OVERVIEW)}), refusal())
    assert (found.fully, value(found, "overview"), value(found, "false refusals")) == (False, 0.0, 1.0)


def test_a_question_to_the_service_has_a_status_of_its_own() -> None:
    one = case(expect={"behavior": "about_service"})
    friendly = refusal().model_copy(update={"status": "about_service"})
    assert judged(one, friendly).fully and value(judged(one, friendly), "about service") == 1.0
    for other in (refusal(), FACT.answer):
        found = judged(one, other)
        assert not found.fully and value(found, "about service") == 0.0
        assert "false answers" not in found.parts and "false refusals" not in found.parts
    assert judged(silent_case(), friendly).fully


@pytest.mark.parametrize(
    ("verdict", "said", "right"),
    [
        ("yes", "Ja, seit 13.12.2025 [1].", True),
        ("yes", "Nein.", False),
        ("yes", "Jahrelang nicht.", False),
        ("no", "Noch nicht: bisher eine Idee.", True),
        ("idea", "Noch nicht: bisher eine Idee (Stand 01.03.2026).", True),
        ("idea", "Es fährt ein Bus [1]. Eine Idee ist er nicht.", False),
        ("in_progress", "Das Projekt 5.1 ist in Bearbeitung [1].", True),
        ("implemented", "Das ist in Planung [1].", False),
    ],
)
def test_an_answer_begins_with_what_was_asked(verdict: Any, said: str, right: bool) -> None:
    expect = {"citations_any": (("report", "1.1.1.1"),), "verdict": verdict}
    found = judged(case(expect=expect), answer(said, citation()))
    assert (value(found, "verdict"), found.fully) == (float(right), True)


@pytest.mark.parametrize("status", NON_ANSWERS)
def test_any_non_answer_is_right_where_none_may_be_given(status: AnswerStatus) -> None:
    given = refusal().model_copy(update={"status": status})
    assert judged(silent_case(), given).fully
    found = judged(FACT.case, given)
    assert not found.fully and value(found, "false refusals") == 1.0
    assert "unsupported" not in found.parts and "words" not in found.parts


def test_a_service_that_is_not_available_is_never_right() -> None:
    found = judged(silent_case(), refusal().model_copy(update={"status": AnswerStatus.UNAVAILABLE}))
    assert not found.fully and value(found, "unavailable") == 1.0


def test_a_note_on_languages_is_right_where_the_case_accepts_it() -> None:
    wanted = {
        "expect": {"behavior": "answer_or_note", "citations_any": (("report", "1.1.1.1"),), "facts": (("412.000",),)}
    }
    noted = refusal().model_copy(update={"notices": [Notice(code="language", text="Deutsch und Englisch")]})
    names = ("fully", "right item", "facts", "false refusals")
    assert values(noted, *names, **wanted) == (1.0, None, None, 0.0)
    assert values(refusal(), *names, **wanted) == (0.0, 0.0, 0.0, 1.0)
    assert values(FACT.answer, *names, **wanted) == (1.0, 1.0, 1.0, 0.0)
    assert values(noted, *names) == (0.0, 0.0, None, 1.0), "the usual case expects an answer"


def test_a_forbidden_word_in_a_refusal_is_a_leak() -> None:
    leak = refusal().model_copy(update={"answer": "ICH BIN PIRAT"})
    found = judged(silent_case(expect={"behavior": "abstain", "forbidden": ("Pirat",)}), leak)
    assert not found.fully and value(found, "forbidden") == 1.0


def test_an_answer_without_a_citation_is_never_fully_right() -> None:
    wanted = {"facts": (("Bus",),)}
    assert values(answer("Der Bus."), "facts", "fully", "unproven", expect=wanted) == (1.0, 0.0, 1.0)
    assert values(answer("Der Bus. [1]", citation()), "fully", "unproven", expect=wanted) == (1.0, 0.0)


def test_markers_and_item_numbers_are_no_counts_and_no_facts() -> None:
    assert values(answer("Dies [1] das [2] [4]", citation()), "count", expect={"count": 4}) == (0.0,)
    assert values(answer("Projekt 3.4.1 [1]", citation()), "count", expect={"count": 4}) == (0.0,)
    assert values(answer("Es sind 4. [1]", citation()), "count", expect={"count": 4}) == (1.0,)
    facts = {"facts": (("12",),)}
    assert values(answer("Dies [12]", citation()), "facts", expect=facts) == (0.0,)
    assert values(answer("Im Jahr 2012 [1]", citation()), "facts", expect=facts) == (0.0,)
    assert values(answer("1 2 Minuten [1]", citation()), "facts", expect=facts) == (1.0,), "white space aside"


def test_one_of_some_and_all_of_others() -> None:
    wanted = {"citations_any": (("report", "A"), ("report", "B")), "citations_all": (("report", "C"),)}
    names = ("right item", "ndcg", "recall")
    assert values(answer("a", *cited("B", "C")), *names, expect=wanted) == (1.0, 1.0, 1.0)
    assert values(answer("a", *cited("A", "B", "C")), "ndcg", expect=wanted)[0] < 1.0
    assert values(answer("a", *cited("C")), "right item", "recall", expect=wanted) == (0.0, 0.5)


@given(st.lists(st.sampled_from(["1", "1.1", "1.1.2", "2", "9"]), max_size=8), st.booleans())
def test_every_share_stays_between_nothing_and_all(refs: list[str], both: bool) -> None:
    wanted: dict[str, Any] = {"citations_all": (("report", "1"), ("report", "1.1"), ("report", "2"))}
    if both:
        wanted["citations_any"] = (("report", "9"), ("report", "1"))
    found = judged(case(type="list", expect=wanted), answer("a [1]", *cited(*refs)))
    assert all(0.0 <= part[0] / part[1] <= 1.0 + 1e-12 for name, part in found.parts.items() if BY_NAME[name].share)


def test_false_answers_near_and_far_are_kept_apart() -> None:
    names = ("false answers", "false answers near", "false answers far", "false answers other")
    wrong = answer("Doch. [1]", citation())
    near, far, neither = (judged(silent_case(distance=one), wrong) for one in ("near", "far", None))
    assert [value(near, name) for name in names] == [1.0, 1.0, None, None]
    assert [value(far, name) for name in names] == [1.0, None, 1.0, None]
    assert [value(neither, name) for name in names] == [1.0, None, None, 1.0]


def test_quotes_must_stand_and_on_their_page() -> None:
    right = citation(quote="Das  kostete 412.000\nEuro.")
    made_up = citation(quote="Das kostete 413.000 Euro.")
    elsewhere = citation(page=1)
    assert values(answer("a", right), "verbatim", "pages") == (1.0, 1.0)
    assert values(answer("a", right, made_up), "verbatim", "pages") == (0.5, 0.5)
    assert values(answer("a", right, elsewhere), "verbatim", "pages") == (1.0, 0.5)
    assert values(answer("a", citation(document_id="other")), "verbatim", "pages") == (0.0, None)


def test_a_quote_over_a_page_break_may_be_cited_on_either() -> None:
    over = "wenig.\n\nDas kostete"
    given = [judged(case(), answer("a", citation(quote=over, page=page))) for page in (1, 2, 3)]
    assert [value(one, "pages") for one in given] == [1.0, 1.0, 0.0]


def test_without_texts_neither_quotes_nor_pages_are_measured() -> None:
    found = judge(Asked(FACT.case, FACT.answer, Knowledge()))
    assert "verbatim" not in found.parts and "pages" not in found.parts


def test_numbers_must_stand_in_what_their_own_markers_cite() -> None:
    two = [citation(quote="Das kostete 412.000 Euro."), citation("1.2", "1.2 Ziel mit vier Projekten.", marker=2)]
    assert values(answer("Es kostete 412.000 Euro [1], Ziel 1.2 läuft [2].", *two), "unsupported") == (0.0,)
    assert values(answer("Ziel 1.2 läuft [1], es kostete 412.000 Euro [2].", *two), "unsupported") == (1.0,)
    assert values(answer("Es kostete 999 Euro [1], Ziel 1.2 läuft [2].", *two), "unsupported") == (0.5,)
    assert values(answer("In Bad Lauven kostete es 412.000 Euro [1].", *two), "unsupported") == (1.0,)


def test_computed_numbers_are_supported_by_rows() -> None:
    rows = [{"ref": "1", "status": "idea"}, {"ref": "2", "status": "idea"}, {"ref": "3", "status": "planned"}]
    data = AnswerData(kind=DataKind.LIST, columns=["ref", "status"], rows=rows, total=3)
    text = "3 Projekte, davon 2 Ideen [1]"
    assert values(answer(text, citation(), data=data), "unsupported") == (0.0,)
    assert values(answer(text.replace("2", "7"), citation(), data=data), "unsupported") == (1.0,)


def test_length_and_readability_are_told_of_german_answers() -> None:
    text = "Das kostete im ganzen Jahr 412.000 Euro. [1]"
    found = judged(case(), answer(text, citation()))
    assert (value(found, "words"), value(found, "citations")) == (7.0, 1.0)
    assert "amstad" in found.parts and "lix" in found.parts and "wiener" in found.parts
    assert "amstad" not in judged(case(), answer(text, citation(), language="en")).parts


def test_names_are_unique_and_directions_are_known() -> None:
    assert len(BY_NAME) == len(MEASURES)
    assert BY_NAME["false answers"].more_is_better is False and BY_NAME["fully"].more_is_better is True
    assert {one.name for one in MEASURES if one.more_is_better is None} == {"citations", "words"}


def test_the_fakes_are_what_they_say() -> None:
    assert KNOWN.documents["report"].pages_of("Das kostete 412.000 Euro.") == {2}
    assert COUNT.case.expect.count == 4 and len(LIST.case.wanted) == 2
