"""Hand-computed judgements: what counts as right, at which place, and what a part of an item is."""

from __future__ import annotations

import math
from typing import Any

import pytest

from evals.judging import Asked, Judgement, judge
from evals.knowledge import Knowledge
from evals.measures import BY_NAME, MEASURES
from service.models import Answer, AnswerData, AnswerStatus, DataKind
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

NON_ANSWERS = [one for one in AnswerStatus if one is not AnswerStatus.ANSWERED]


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
    assert values(answer("a", *cited("1", "2", "3", "4", "5")), "right@3", "recall", expect=wanted) == (1.0, 1.0)
    assert values(answer("a", *cited("1", "2", "3", "4")), "right@3", "recall", "fully", expect=wanted) == (
        0.0,
        0.5,
        0.0,
    )


def test_lists_are_measured_for_what_is_missing_and_what_is_too_much() -> None:
    names = ("list complete", "list exact")
    wanted = {"type": "list", "expect": {"citations_all": (("report", "1"), ("report", "2"))}}
    assert values(answer("a", *cited("1", "2")), *names, **wanted) == (1.0, 1.0)
    assert values(answer("a", *cited("1", "1.1", "2", "9")), *names, **wanted) == (1.0, pytest.approx(2 / 3))
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


def test_counts_come_from_data_before_text() -> None:
    wanted = {"count": 4}
    assert values(answer("Es sind 4.", total=5), "count", "fully", expect=wanted) == (0.0, 0.0)
    assert values(answer("Es sind 4."), "count", expect=wanted) == (1.0,)
    assert values(answer("Es sind 14 oder 40."), "count", expect=wanted) == (0.0,)


@pytest.mark.parametrize("status", NON_ANSWERS)
def test_any_non_answer_is_right_where_none_may_be_given(status: AnswerStatus) -> None:
    given = refusal().model_copy(update={"status": status})
    assert judged(silent_case(), given).fully
    found = judged(FACT.case, given)
    assert not found.fully and value(found, "false refusals") == 1.0
    assert "unsupported" not in found.parts and "words" not in found.parts


def test_false_answers_near_and_far_are_kept_apart() -> None:
    names = ("false answers", "false answers near", "false answers far", "false refusals")
    wrong = answer("Doch. [1]", citation())
    near, far, neither = (judged(silent_case(distance=one), wrong) for one in ("near", "far", None))
    assert [value(near, name) for name in names] == [1.0, 1.0, None, None]
    assert [value(far, name) for name in names] == [1.0, None, 1.0, None]
    assert [value(neither, name) for name in names] == [1.0, None, None, None]


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
