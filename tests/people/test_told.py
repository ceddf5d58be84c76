"""What was decided on a question is told where one means it: never expired, never unproven, never of other papers."""

from __future__ import annotations

import copy
import tomllib
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from service.answering.service import AnswerService
from service.models import Answer, AnswerMode, AnswerStatus, ChatRequest, Turn
from service.people.decisions import Decision, Decisions, Outcome
from service.people.told import Decided
from tests.people.conftest import REPORT, TODAY, night_bus

OTHER_WORDS = "Bis wann fährt denn der Nachtbus am Samstag?"


def asked(service: AnswerService, question: str, **fields: object) -> Answer:
    return service.answer(ChatRequest.model_validate({"question": question, **fields}))


def test_it_is_told_in_other_words_with_its_citations(service: AnswerService, kept: Decisions) -> None:
    assert asked(service, OTHER_WORDS).mode is not AnswerMode.CURATED
    kept.decide(night_bus(), "Ada")
    answer = asked(service, OTHER_WORDS)
    assert (answer.status, answer.mode, answer.data) == (AnswerStatus.ANSWERED, AnswerMode.CURATED, None)
    assert answer.answer.startswith("Die drei Nachtlinien fahren freitags und samstags bis 3:30 Uhr [1].")
    assert {(one.document_id, one.key) for one in answer.citations} == {(REPORT, "5.1.1.1")}
    assert "3:30 Uhr" in answer.citations[0].quote
    notice = next(one.text for one in answer.notices if one.code == "curated")
    assert notice == "Von der Redaktion geprüfte Antwort, Stabsstelle Beteiligung, gültig bis 30.06.2027."


@pytest.mark.parametrize(
    ("question", "fields"),
    [
        (OTHER_WORDS, {"documents": ["lauterfeld-strategische-ziele-2025"]}),
        (OTHER_WORDS, {"language": "en"}),
        ("Until when does the night bus run?", {}),
        ("Bis wann fährt der Nachtbus in Hamburg?", {}),
        ("Bis wann fährt der Nachtbus in Ostermarn?", {}),
        ("Bis wann fährt der Nachtbus nicht?", {}),
        ("Was kostet der Nachtbus?", {}),
        ("Hilfe, ich werde im Nachtbus überfallen und bin verletzt!", {}),
    ],
)
def test_it_is_not_told(service: AnswerService, kept: Decisions, question: str, fields: dict[str, object]) -> None:
    kept.decide(night_bus(), "Ada")
    assert asked(service, question, **fields).mode is not AnswerMode.CURATED


def test_it_is_told_among_the_documents_that_are_asked(service: AnswerService, kept: Decisions) -> None:
    kept.decide(night_bus(), "Ada")
    assert asked(service, OTHER_WORDS, documents=[REPORT]).mode is AnswerMode.CURATED


def test_follow_ups_are_taken_for_what_they_mean(service: AnswerService, kept: Decisions) -> None:
    kept.decide(night_bus(), "Ada")
    before = asked(service, "Was kostet der Nachtbus?")
    turns = [Turn(role="user", content="Was kostet der Nachtbus?"), Turn(role="assistant", content=before.answer)]
    assert asked(service, "Und bis wann fährt er?", history=turns).mode is AnswerMode.CURATED
    told = asked(service, OTHER_WORDS)
    turns = [Turn(role="user", content=OTHER_WORDS), Turn(role="assistant", content=told.answer)]
    assert asked(service, "Und was kostet er?", history=turns).mode is not AnswerMode.CURATED
    assert asked(service, "Und wer ist dafür zuständig?", history=turns).mode is not AnswerMode.CURATED


def test_easy_german_says_who_wrote_it_in_easy_words(service: AnswerService, kept: Decisions) -> None:
    kept.decide(night_bus(), "Ada")
    answer = asked(service, OTHER_WORDS, style="einfach")
    notices = {one.code: one.text for one in answer.notices}
    assert answer.mode is AnswerMode.CURATED and "quotes" not in notices
    assert notices["curated"].startswith("Diese Antwort haben Menschen geschrieben")


def test_what_a_draft_says_is_named_as_undecided(service: AnswerService, kept: Decisions) -> None:
    kept.decide(
        night_bus(
            wordings=("Wie hoch ist der Zuschuss für Schallschutzfenster?",),
            value="Der Zuschuss für Schallschutzfenster beträgt 40 Prozent der Kosten, höchstens 3.000 Euro.",
            items=(("lauterfeld-antrag-laermschutz-2026", "III"),),
        ),
        "Ada",
    )
    answer = asked(service, "Wie viel Zuschuss gibt es für Schallschutzfenster?")
    assert answer.mode is AnswerMode.CURATED and "Antrag" in answer.answer


def test_what_cannot_be_read_leaves_what_was_read(service: AnswerService, kept: Decisions) -> None:
    kept.decide(night_bus(), "Ada")
    assert service.decided.known()[0]
    broken = kept._database.path
    assert broken is not None
    broken.write_bytes(b"no database" * 100)
    assert asked(service, OTHER_WORDS).mode is AnswerMode.CURATED


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    days=st.integers(-3, 3),
    key=st.sampled_from(["5.1.1.1", "5.1.2.1", "9.9.9.9"]),
    text=st.sampled_from(["bis 3:30 Uhr", "bis 4:30 Uhr", "nicht bis 3:30 Uhr"]),
    removed=st.booleans(),
)
def test_never_expired_never_without_proof(
    service: AnswerService, tmp_path_factory: pytest.TempPathFactory, make_kept: Callable[[], Decisions],
    days: int, key: str, text: str, removed: bool,
) -> None:  # fmt: skip
    kept = make_kept()
    until: date = TODAY + timedelta(days=days)
    answer = night_bus(value=f"Die Nachtlinien fahren {text}.", items=((REPORT, key),), valid_until=until)
    one = kept.decide(answer, "Ada")
    if removed:
        kept.undo(one.id, "Ada")
    service.decided = Decided(service.parts, kept)
    told = asked(service, "Bis wann fährt der Nachtbus?")
    right = days >= 0 and key == "5.1.1.1" and text == "bis 3:30 Uhr" and not removed
    assert (told.mode is AnswerMode.CURATED) == right
    assert any(one.holds(TODAY) for one in service.decided.known()[0]) == right
    known = {(item.document_id, item.key) for item in service.corpus.catalogue.items}
    assert told.citations or not right
    assert {(one.document_id, one.key) for one in told.citations} <= known


def test_paraphrases_are_told_and_near_misses_are_not(bare: AnswerService, make_kept: Callable[[], Decisions]) -> None:
    """Invented answers, questions that mean them and others that only seem to: the figures of docs/staff.md."""
    written = tomllib.loads(Path(__file__).with_name("asked.toml").read_text(encoding="utf-8"))["answer"]
    kept, told, wrong = make_kept(), 0, []
    for one in written:
        cited = tuple((REPORT, key) for key in one["cite"])
        kept.decide(night_bus(wordings=(one["question"], *one["wordings"]), value=one["text"], items=cited), "")
    bare = copy.copy(bare)
    bare.decided = Decided(bare.parts, kept)
    assert sum(one.holds(TODAY) for one in bare.decided.known()[0]) == len(written) == 15
    for one in written:
        for question in (*one["same"], *one["near"]):
            answer = asked(bare, question)
            if answer.mode is AnswerMode.CURATED:
                right = question in one["same"] and {cited.key for cited in answer.citations} <= set(one["cite"])
                told += right
                wrong += [] if right else [question]
    assert (told, len(wrong)) == (30, 5), wrong


@pytest.mark.parametrize(
    ("outcome", "status"),
    [(Outcome.GAP, AnswerStatus.NOT_IN_DOCUMENTS), (Outcome.NOT_OURS, AnswerStatus.OUT_OF_SCOPE)],
)
def test_a_gap_and_what_is_not_ours_are_said_so_and_near_questions_are_answered(
    service: AnswerService, kept: Decisions, outcome: Outcome, status: AnswerStatus
) -> None:
    question = "Was kostet eine Fahrt mit dem Rufbus?"
    assert asked(service, question).status in (AnswerStatus.ANSWERED, AnswerStatus.FOUND)
    kept.decide(Decision(outcome=outcome, wordings=(question,)), "Ada")
    assert asked(service, question).status is status
    assert asked(service, "was kostet eine fahrt im rufbus?").status is status
    for other in ("Wer ist für den Rufbus zuständig?", "Was kostet das Sozialticket?", "Seit wann gibt es den Rufbus?"):
        assert asked(service, other).status is not status, other
