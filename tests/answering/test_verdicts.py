"""Answers to questions of yes or no begin with it where records make it sure, and with neither where they do not."""

from __future__ import annotations

from decimal import Decimal

import pytest

from service.answering.query import Claim, ClaimUnit, Compared
from service.answering.understanding.claims import asks_existence, claim_of
from service.models import AnswerStatus
from tests.answering.conftest import Ask
from tests.answering.truth import project, projects

_WORDS = ("Ja", "Nein", "Noch nicht")


@pytest.mark.parametrize("status", ["idea", "planned", "in_progress", "implemented"])
def test_whether_a_project_is_done_is_told_by_its_status(ask: Ask, status: str) -> None:
    right, said = "Ja: " if status == "implemented" else "Noch nicht: ", 0
    refs = projects(status=status)
    for ref in refs:
        answer = ask(f"Ist das Projekt „{project(ref)['title']}“ schon umgesetzt?").answer
        if answer.startswith(_WORDS):
            said += 1
            assert answer.startswith(right), answer
    assert said >= 0.8 * len(refs)


@pytest.mark.parametrize(
    ("question", "begins"),
    [
        ("Stimmt es, dass es 500 Projekte gibt?", f"Nein, es sind {len(projects())}: "),
        (f"Stimmt es, dass es {len(projects())} Projekte gibt?", "Ja: "),
        ("Gibt es Projekte zur Pflege?", "Ja: "),
        ("Ist der Rollende Jugendtreff schon umgesetzt?", "Noch nicht: "),
        ("Is the Rollender Jugendtreff implemented yet?", "Not yet: "),
        ("Ist der Rollende Jugendtreff noch in Planung?", "Ja: "),
        ("Gibt es den Rollenden Jugendtreff schon?", "Noch nicht, in Planung [1]: "),
    ],
)
def test_yes_and_no_come_first(ask: Ask, question: str, begins: str) -> None:
    assert ask(question).answer.startswith(begins)


@pytest.mark.parametrize(
    "question",
    [
        "Wann beginnt der Rollende Jugendtreff?",
        "Ist der Rollende Jugendtreff in Planung oder schon umgesetzt?",
        "Wie weit ist der Rollende Jugendtreff?",
        "Mögen Jugendliche den Rollenden Jugendtreff?",
    ],
)
def test_what_is_not_sure_or_not_asked_begins_with_neither(ask: Ask, question: str) -> None:
    assert not ask(question).answer.startswith(_WORDS)


def test_nothing_found_is_no_no(ask: Ask) -> None:
    answer = ask("Gibt es einen Flughafen?")
    assert answer.status is not AnswerStatus.ANSWERED and not answer.answer.startswith(_WORDS)


@pytest.mark.parametrize(
    ("question", "claim"),
    [
        ("Kostet das mehr als eine Million Euro?", Claim(Decimal(1_000_000), ClaimUnit.EUROS, "", Compared.MORE)),
        ("Sind es höchstens 1,5 Mio. Euro?", Claim(Decimal(1_500_000), ClaimUnit.EUROS, "", Compared.MOST)),
        ("Stimmt es, dass 412.000 Euro bewilligt sind?", Claim(Decimal(412_000), ClaimUnit.EUROS)),
        ("Sollen mindestens 20 Prozent gespart werden?", Claim(Decimal(20), ClaimUnit.PERCENT, "", Compared.LEAST)),
        ("Wurden wirklich 91 Flächen gewonnen?", Claim(Decimal(91), ClaimUnit.THINGS, "Flächen")),
        ("War das 2025 Thema?", None),
        ("Gibt es eine Radroute?", None),
    ],
)
def test_numbers_of_a_question(question: str, claim: Claim | None) -> None:
    assert claim_of(question) == claim


@pytest.mark.parametrize(
    ("question", "asks"),
    [
        ("Gibt's den Bus?", True),
        ("Fährt der Bus schon?", True),
        ("Is there a bus?", True),
        ("Fährt der Bus nachts?", False),
        ("Wann fährt der Bus?", False),
    ],
)
def test_whether_something_is_there(question: str, asks: bool) -> None:
    assert asks_existence(question) is asks
