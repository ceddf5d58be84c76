"""What was decided on a question is told where one means it: never expired, never unproven, never
of other papers.
"""

from __future__ import annotations

import tomllib
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from prompts import load_words
from service.answering import AnswerService
from service.people import DecidedQuestions, Decision, DecisionKind
from service.people.decided_questions import CheckedDecision
from service.records import Answer, AnswerMode, AnswerStatus, ChatRequest, Turn
from tests.ingest.cases import cases
from tests.people.conftest import REPORT, TODAY, Decide, night_bus

OTHER_WORDS = "Bis wann fährt denn der Nachtbus am Samstag?"


def asked(service: AnswerService, question: str, **fields: object) -> Answer:
    return service.answer(ChatRequest.model_validate({"question": question, **fields}))


def test_it_is_told_in_other_words_with_its_citations(
    service: AnswerService, decide: Decide
) -> None:
    assert asked(service, OTHER_WORDS).mode is not AnswerMode.CURATED
    decide(night_bus())
    answer = asked(service, OTHER_WORDS)
    assert (answer.status, answer.mode, answer.data) == (
        AnswerStatus.ANSWERED,
        AnswerMode.CURATED,
        None,
    )
    assert answer.answer.startswith(
        "Die drei Nachtlinien fahren freitags und samstags bis 3:30 Uhr [1]."
    )
    assert {(citation.document_id, citation.key) for citation in answer.citations} == {
        (REPORT, "5.1.1.1")
    }
    assert "3:30 Uhr" in answer.citations[0].quote
    assert asked(service, OTHER_WORDS, documents=[REPORT]).mode is AnswerMode.CURATED
    notice = next(item.text for item in answer.notices if item.code == "curated")
    assert (
        notice
        == "Von der Redaktion geprüfte Antwort, Stabsstelle Beteiligung, gültig bis 30.06.2027."
    )


@cases("question", "fields")
def test_it_is_not_told(
    service: AnswerService, decide: Decide, question: str, fields: dict[str, object]
) -> None:
    decide(night_bus())
    assert asked(service, question, **fields).mode is not AnswerMode.CURATED


@cases("wording")
def test_its_own_wording_always_gets_it(
    service: AnswerService, decide: Decide, wording: str
) -> None:
    assert asked(service, wording).mode is not AnswerMode.CURATED
    decide(night_bus(wordings=(wording,)))
    for question in (wording, wording.lower(), f"  {wording.rstrip('?')} "):
        answer = asked(service, question)
        assert (answer.mode, answer.language) == (AnswerMode.CURATED, "de"), question
    assert asked(service, wording, language="en").mode is AnswerMode.CURATED
    for fields in ({"style": "einfach"}, {"documents": [REPORT]}):
        assert asked(service, wording, **fields).mode is AnswerMode.CURATED, fields
    elsewhere = asked(service, wording, documents=["lauterfeld-strategische-ziele-2025"])
    assert elsewhere.mode is not AnswerMode.CURATED


@pytest.mark.parametrize("kind", [DecisionKind.GAP, DecisionKind.NOT_OURS])
@pytest.mark.parametrize("wording", ["Until when does the night bus run?", "Wer hilft mir?"])
def test_a_wording_that_nothing_answers_is_told_so(
    service: AnswerService, decide: Decide, kind: DecisionKind, wording: str
) -> None:
    status = {
        DecisionKind.GAP: AnswerStatus.NOT_IN_DOCUMENTS,
        DecisionKind.NOT_OURS: AnswerStatus.OUT_OF_SCOPE,
    }[kind]
    assert asked(service, wording).status is not status
    decide(Decision(kind=kind, wordings=(wording,)))
    assert asked(service, wording).status is status


def test_a_wording_is_no_answer_to_a_follow_up_that_means_something_else(
    service: AnswerService, decide: Decide
) -> None:
    decide(night_bus(wordings=("Und was kostet er?",)))
    assert asked(service, "Und was kostet er?").mode is AnswerMode.CURATED
    before = asked(service, "Bis wann fährt der Rufbus?")
    turns = [
        Turn(role="user", content="Bis wann fährt der Rufbus?"),
        Turn(role="assistant", content=before.answer),
    ]
    answer = asked(service, "Und was kostet er?", history=turns)
    assert answer.mode is not AnswerMode.CURATED


def test_follow_ups_are_taken_for_what_they_mean(service: AnswerService, decide: Decide) -> None:
    decide(night_bus())
    before = asked(service, "Was kostet der Nachtbus?")
    turns = [
        Turn(role="user", content="Was kostet der Nachtbus?"),
        Turn(role="assistant", content=before.answer),
    ]
    assert asked(service, "Und bis wann fährt er?", history=turns).mode is AnswerMode.CURATED
    text = asked(service, OTHER_WORDS)
    turns = [Turn(role="user", content=OTHER_WORDS), Turn(role="assistant", content=text.answer)]
    assert asked(service, "Und was kostet er?", history=turns).mode is not AnswerMode.CURATED
    assert (
        asked(service, "Und wer ist dafür zuständig?", history=turns).mode is not AnswerMode.CURATED
    )


def test_easy_german_says_who_wrote_it_in_easy_words(
    service: AnswerService, decide: Decide
) -> None:
    decide(night_bus())
    answer = asked(service, OTHER_WORDS, style="einfach")
    notices = {notice.code: notice.text for notice in answer.notices}
    assert answer.mode is AnswerMode.CURATED and "quotes" not in notices
    assert notices["curated"].startswith("Diese Antwort haben Menschen geschrieben")


def test_what_a_draft_says_is_named_as_undecided(service: AnswerService, decide: Decide) -> None:
    decide(
        night_bus(
            wordings=("Wie hoch ist der Zuschuss für Schallschutzfenster?",),
            value="Der Zuschuss für Schallschutzfenster beträgt 40 Prozent der Kosten, höchstens 3.000 Euro.",
            items=(("lauterfeld-antrag-laermschutz-2026", "III"),),
        )
    )
    answer = asked(service, "Wie viel Zuschuss gibt es für Schallschutzfenster?")
    assert answer.mode is AnswerMode.CURATED and "Antrag" in answer.answer


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    days=st.integers(-3, 3),
    key=st.sampled_from(["5.1.1.1", "5.1.2.1", "9.9.9.9"]),
    text=st.sampled_from(["bis 3:30 Uhr", "bis 4:30 Uhr", "nicht bis 3:30 Uhr"]),
    removed=st.booleans(),
)
def test_never_expired_never_without_proof(
    service: AnswerService, days: int, key: str, text: str, removed: bool
) -> None:
    until = TODAY + timedelta(days=days)
    decision = night_bus(
        value=f"Die Nachtlinien fahren {text}.", items=((REPORT, key),), until=until
    )
    decision = replace(decision, undone_day=TODAY) if removed else decision
    decided = service.decided = DecidedQuestions(service.parts, [decision], lambda: TODAY)
    message = asked(service, "Bis wann fährt der Nachtbus?")
    right = days >= 0 and key == "5.1.1.1" and text == "bis 3:30 Uhr" and not removed
    assert (message.mode is AnswerMode.CURATED) == right
    assert any(checked.is_answered_directly(TODAY) for checked in decided.checked) == right
    known = {(item.document_id, item.key) for item in service.corpus.catalogue.items}
    assert message.citations or not right
    assert {(citation.document_id, citation.key) for citation in message.citations} <= known


def test_paraphrases_are_told_and_near_misses_are_not(service: AnswerService) -> None:
    """Invented answers, questions that mean them and others that only seem to: the figures of
    docs/staff.md.
    """
    written = tomllib.loads(Path(__file__).with_name("asked.toml").read_text(encoding="utf-8"))[
        "answer"
    ]
    decisions, text, wrong = list[Decision](), 0, []
    for number, item in enumerate(written, start=1):
        cited = tuple((REPORT, key) for key in item["cite"])
        wordings = (item["question"], *item["wordings"])
        decisions.append(night_bus(id=number, wordings=wordings, value=item["text"], items=cited))
    decided = service.decided = DecidedQuestions(service.parts, decisions, lambda: TODAY)
    assert (
        sum(checked.is_answered_directly(TODAY) for checked in decided.checked)
        == len(written)
        == 15
    )
    for item in written:
        for question in (*item["same"], *item["near"]):
            answer = asked(service, question)
            if answer.mode is AnswerMode.CURATED:
                right = question in item["same"] and {
                    cited.key for cited in answer.citations
                } <= set(item["cite"])
                text += right
                wrong += [] if right else [question]
    assert (text, len(wrong)) == (29, 5), wrong


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        (DecisionKind.GAP, AnswerStatus.NOT_IN_DOCUMENTS),
        (DecisionKind.NOT_OURS, AnswerStatus.OUT_OF_SCOPE),
    ],
)
def test_a_gap_and_what_is_not_ours_are_said_so_and_near_questions_are_answered(
    service: AnswerService, decide: Decide, kind: DecisionKind, status: AnswerStatus
) -> None:
    question = "Was kostet eine Fahrt mit dem Rufbus?"
    assert asked(service, question).status in (AnswerStatus.ANSWERED, AnswerStatus.FOUND)
    decide(Decision(kind=kind, wordings=(question,)))
    assert asked(service, question).status is status
    assert asked(service, "was kostet eine fahrt im rufbus?").status is status
    for other in (
        "Wer ist für den Rufbus zuständig?",
        "Was kostet das Sozialticket?",
        "Seit wann gibt es den Rufbus?",
    ):
        assert asked(service, other).status is not status, other


def check(service: AnswerService, decision: Decision) -> CheckedDecision:
    (checked,) = DecidedQuestions(service.parts, [decision]).checked
    return checked


def test_sentences_are_proven_by_the_item_that_proves_them_alone(service: AnswerService) -> None:
    decision = night_bus(
        value="Der Nachtbus fährt freitags und samstags bis 3:30 Uhr. Der Rufbus fährt täglich von 5 bis 23 Uhr.",
        items=((REPORT, "5.1.1.1"), (REPORT, "5.1.2.1"), (REPORT, "6.1.1.1")),
    )
    checked = check(service, decision)
    assert checked.problems == ()
    assert [{proof.item.key for proof in sentence.proofs} for sentence in checked.sentences] == [
        {"5.1.1.1"},
        {"5.1.2.1"},
    ]


@cases("text", "fault", "named")
def test_what_is_not_proven_is_told_with_its_reason(
    service: AnswerService, text: str, fault: str, named: str
) -> None:
    checked = check(
        service, night_bus(value=f"Die drei Nachtlinien fahren freitags und samstags. {text}")
    )
    assert len(checked.problems) == len(checked.sentences) == 1
    table = load_words("de/people")
    reason = table.get(f"fault_{fault}", table.get(fault, "")).partition(":")[0]
    assert (
        text in checked.problems[0]
        and reason in checked.problems[0]
        and named in checked.problems[0]
    )


@pytest.mark.parametrize("cited", [(REPORT, "9.9.9.9"), ("nix", "1")])
def test_a_citation_that_is_not_there_keeps_the_answer_back(
    service: AnswerService, cited: tuple[str, str]
) -> None:
    alone, both = (
        check(service, night_bus(items=items)) for items in ((cited,), ((REPORT, "5.1.1.1"), cited))
    )
    assert not alone.is_answered_directly(TODAY) and not both.is_answered_directly(TODAY)
    assert len(both.sentences) == 2 and len(both.problems) == 1 and cited[0] in both.problems[0]


def test_of_two_that_were_imported_on_one_wording_the_newer_answers(service: AnswerService) -> None:
    """A table that was exported, changed and imported again adds decisions, and undoes none."""
    newest_first = [night_bus(id=2), night_bus(id=1, value="Eine Reservierung ist nicht nötig.")]
    service.decided = DecidedQuestions(service.parts, newest_first, lambda: TODAY)
    assert "3:30 Uhr" in asked(service, "Bis wann fährt der Nachtbus?").answer
