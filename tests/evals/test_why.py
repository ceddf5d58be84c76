"""Each failure is told in words that name the thing."""

from __future__ import annotations

import pytest

from evals.cases import Overview
from evals.metrics.judging import Asked, Judgement
from evals.reporting.why import besides, why
from service.models import AnswerStatus
from tests.evals.fakes import COUNT, FACT, LIST, RIGHT, answer, case, citation, cited, judged, refusal, silent_case
from tests.evals.reported import ANSWERED, LATE, LOST, MISCOUNTED, SHORT_LIST

FALSE_FRIEND = case(expect={"facts": (("412.000", "412 Tausend"), ("2026",))})
BOTH_REPORTS = case(type="comparison", expect={"citations_all": (("report", "1.1"), ("plan", "2"), ("plan", "3"))})
TOPIC = case(expect={"overview": Overview(core=(("report", "1"),), topic=(("report", "2"),), at_least=2)})
GREETING = case(expect={"behavior": "about_service"})
WHY: list[tuple[Judgement, list[str]]] = [
    (LOST, ["Fakt fehlt: 412.000"]),
    (MISCOUNTED, ["Anzahl falsch: 5 statt 4"]),
    (judged(COUNT.case, answer("Mehrere [1]", citation("1.2"))), ["Anzahl falsch: 4 nicht genannt"]),
    (SHORT_LIST, ["Eintrag fehlt: 1.2"]),
    (
        LATE,
        ["richtiger Eintrag erst an Stelle 4", "Fakt fehlt: 412.000 / 412 Tausend", "Verbotenes gesagt: gratis"],
    ),
    (ANSWERED, ["beantwortet, obwohl keine Antwort erwartet ist"]),
    (judged(FACT.case, refusal()), ["nicht beantwortet (not_in_documents)"]),
    (
        judged(FACT.case, answer("Bitte genauer.", status=AnswerStatus.NEEDS_CLARIFICATION, mode=None)),
        ["nicht beantwortet (needs_clarification)"],
    ),
    (judged(FACT.case, answer("412.000 Euro [1]", *cited("9.1"))), ["kein Beleg aus einem richtigen Eintrag"]),
    (judged(FACT.case, answer("412.000 Euro")), ["kein Beleg aus einem richtigen Eintrag"]),
    (judged(FALSE_FRIEND, answer("Nichts davon")), ["Fakt fehlt: 412.000 / 412 Tausend", "Fakt fehlt: 2026"]),
    (
        judged(BOTH_REPORTS, answer("Eins [1]", citation("1.1.4"))),
        ["Eintrag fehlt: 2 (plan)", "Eintrag fehlt: 3 (plan)"],
    ),
    (
        judged(TOPIC, answer("Dreierlei", *cited("2", "9", "2"))),
        [
            "vorn am Thema vorbei: 9",
            "nichts vom Kern des Themas unter den ersten drei Belegen",
            "1 Einträge zum Thema, verlangt sind 2",
        ],
    ),
    (judged(GREETING, refusal()), ["nicht als Frage an den Dienst erkannt (not_in_documents)"]),
]


@pytest.mark.parametrize(("judgement", "told"), WHY)
def test_why_an_answer_is_not_fully_right(judgement: Judgement, told: list[str]) -> None:
    assert not judgement.fully
    assert why(judgement) == told


@pytest.mark.parametrize("right", RIGHT, ids=lambda one: one.case.id)
def test_of_a_right_answer_there_is_nothing_to_say(right: object) -> None:
    judgement = judged(right.case, right.answer)  # type: ignore[attr-defined]
    assert why(judgement) == [] and besides(judgement) == []


def test_a_right_non_answer_needs_no_reason() -> None:
    assert why(judged(silent_case(), refusal())) == []


def test_quotes_and_pages_are_counted() -> None:
    given = answer("412.000 Euro [1] [2]", citation(quote="412.000"), citation(quote="Erfunden", page=1, marker=2))
    assert besides(judged(FACT.case, given)) == [
        "nicht wörtlich: 1 von 2 Zitaten",
        "nicht auf der genannten Seite: 1 von 2 Zitaten",
    ]


def test_what_nothing_cited_holds_is_named_once() -> None:
    given = answer("412.000 Euro, davon 14 [1] und noch 14 für Bad Lauven [1]", citation())
    assert besides(judged(FACT.case, given)) == ["unbelegt: 14, Bad Lauven"]


def test_a_run_that_was_read_again_knows_how_many_statements() -> None:
    """Without the documents it is not known that Bad Lauven is a name."""
    told = judged(FACT.case, answer("412.000 Euro für Bad Lauven [1]", citation()))
    again = Judgement(Asked(told.case, told.asked.answer), told.parts)
    assert besides(told) == ["unbelegt: Bad Lauven"]
    assert besides(again) == ["unbelegt: Zahl oder Name in 1 Aussage"]


def test_the_whole_list_missing_names_every_item() -> None:
    assert why(judged(LIST.case, answer("Nichts"))) == ["Eintrag fehlt: 1.1", "Eintrag fehlt: 1.2"]
