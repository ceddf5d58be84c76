"""What people get where a model answers: the whole answer, in their language, and the one without it where it fails."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest

from service.answering.service import AnswerService
from service.language_models.access import Limits, access_to
from service.models import Answer, AnswerMode, AnswerStatus, ChatRequest, Step
from service.settings import load_settings
from tests.answering.agent.scripted import LIMITS, NIGHT_BUS, Asked, Script, answer, calls
from tests.language_models.endpoints import Broken, Calls, endpoint
from vectorstore.editions import EditionStore

BUS = "5.1.1.1"
REPORT = "lauterfeld-nachhaltigkeitsbericht-2026"


@pytest.fixture(scope="module")
def plain(sample_data: Path) -> Iterator[AnswerService]:
    with closing(EditionStore(sample_data).open()) as edition:
        service = AnswerService(edition, load_settings(data_dir=sample_data))
        service.warm()
        yield service


@contextmanager
def modelled(
    plain: AnswerService, script: Script, limits: Limits = LIMITS, wait: float = 0.0
) -> Iterator[AnswerService]:
    """The same service with a model that behaves so."""
    with endpoint(lambda body: script(Asked(body)), of=lambda body: body, wait=wait) as item:
        plain.model = access_to(item.setting, limits, 800)
        try:
            yield plain
        finally:
            plain.model = None


def put(plain: AnswerService, script: Script, question: str = NIGHT_BUS, **fields: Any) -> Answer:
    with modelled(plain, script) as service:
        return service.answer(ChatRequest.model_validate({"question": question, **fields}))


def right(asked: Asked) -> Calls:
    return answer(("Der Nachtbus fährt bis 3:30 Uhr.", [asked.entry(BUS)]))


def test_a_whole_answer_and_its_steps(plain: AnswerService) -> None:
    steps: list[Step] = []

    def works(asked: Asked) -> Calls:
        return calls(("read", {"tokens": [asked.entry(BUS)]})) if asked.turn == 1 else right(asked)

    with modelled(plain, works) as service:
        text = service.answer(ChatRequest(question=NIGHT_BUS), steps.append)
    assert [(step.tool, step.text) for step in steps] == [("read", "liest Projekt 5.1.1.1 Nachtbus am Wochenende")]
    assert (text.status, text.mode, text.language) == (AnswerStatus.ANSWERED, AnswerMode.GENERATED, "de")
    assert text.answer.startswith("Der Nachtbus fährt bis 3:30 Uhr [1].")
    assert text.citations[0].key == BUS and "3:30 Uhr" in text.citations[0].quote
    assert (text.receipt.model, text.generated_by.kind) == ("scripted", "language_model")
    assert text.receipt.prompts and "model_words" in [notice.code for notice in text.notices]


def obedient(asked: Asked) -> Calls:
    return answer(("Der Nachtbus ist abgeschafft und kostet 99 Euro.", [asked.entry(BUS)]))


ENDPOINTS: dict[str, tuple[Script, str]] = {
    "nonsense": (lambda _: "Unsinn", "model_given_up"),
    "unknown tools": (lambda _: calls(("kaufen", {"what": "Bus"})), "model_given_up"),
    "endless calls": (lambda asked: calls(("search", {"text": f"Bus {asked.turn}"})), "model_given_up"),
    "wrong counts": (lambda _: answer(("Es gibt 999 Nachtbusse.", ["A0"])), "model_given_up"),
    "obedient": (obedient, "model_given_up"),
    "dying": (lambda _: Broken("Es fährt"), "model_unavailable"),
    "slow": (lambda _: "Unsinn", "model_unavailable"),
    "too many requests": (lambda _: 429, "model_unavailable"),
    "failing": (lambda _: 500, "model_unavailable"),
}


@pytest.mark.parametrize("name", ENDPOINTS)
def test_where_it_fails_the_answer_is_the_one_without_it(plain: AnswerService, name: str) -> None:
    script, notice = ENDPOINTS[name]
    without = plain.answer(ChatRequest(question=NIGHT_BUS))
    slow: dict[str, Any] = {"limits": Limits(seconds=1.0), "wait": 60.0} if name == "slow" else {}
    with modelled(plain, script, **slow) as service:
        text = service.answer(ChatRequest(question=NIGHT_BUS))
    assert (text.answer, text.status, text.receipt.model) == (without.answer, without.status, None)
    assert [item.code for item in text.notices if item.code.startswith("model")] == [notice] * bool(notice)


def test_of_persons_it_is_said_that_no_model_was_asked(plain: AnswerService) -> None:
    text = put(plain, right, f"{NIGHT_BUS} Ruft mich an: 02921 301234")
    assert text.receipt.model is None and "model_not_asked" in [notice.code for notice in text.notices]


def test_danger_and_talk_are_not_put_to_a_model(plain: AnswerService) -> None:
    asked: list[Asked] = []

    def heard(item: Asked) -> Calls:
        asked.append(item)
        return answer(outcome="unclear")

    text = [put(plain, heard, item).status for item in ("Ich will mich umbringen", "Was kannst du?")]
    assert text == [AnswerStatus.EMERGENCY, AnswerStatus.ABOUT_SERVICE] and not asked


def test_a_count_is_the_tools(plain: AnswerService) -> None:
    found: list[int] = []

    def counts(more: int) -> Script:
        def script(asked: Asked) -> Calls:
            if asked.turn == 1:
                return calls(("records", {"kinds": ["project"], "status": ["idea"]}))
            found.append(asked.replies[0]["reply"]["found"])
            return answer((f"Es gibt {found[-1] + more} Projekte mit dem Status Idee.", ["A1"]))

        return script

    text = put(plain, counts(0), "Wie viele Projekte sind Ideen?")
    assert text.mode is AnswerMode.GENERATED and text.answer.startswith(f"Es gibt {found[0]} Projekte")
    assert text.data is not None and text.data.total == found[0] == len(text.data.rows)
    wrong = put(plain, counts(1), "Wie viele Projekte sind Ideen?")
    assert wrong.mode is not AnswerMode.GENERATED and f"{found[0] + 1} Projekte" not in wrong.answer


def test_records_are_listed_below_what_it_says(plain: AnswerService) -> None:
    def lists(asked: Asked) -> Calls:
        if asked.turn == 1:
            return calls(("records", {"kinds": ["project"], "status": ["idea"]}))
        return answer(("Der Nachtbus ist umgesetzt.", [asked.entry(BUS)]), rows_of="A1")

    text = put(plain, lists, "Ist der Nachtbus noch eine Idee, und welche Projekte sind Ideen?")
    assert text.answer.startswith("Der Nachtbus ist umgesetzt [1].")
    assert text.data is not None and all(row["status"] == "idea" for row in text.data.rows)
    assert all(row["citations"] for row in text.data.rows)


@pytest.mark.parametrize(
    ("language", "other"),
    [
        ("en", "The county pays 275,000 euros a year."),
        ("nl", "De bijdrage van de Kreis bedraagt 275.000 euro per jaar."),
        ("pl", "Dotacja wynosi 275.000 euro rocznie."),
        ("tr", "Katkı yılda 275.000 avrodur."),
        ("uk", "Внесок становить 275.000 євро на рік."),
    ],
)
def test_another_language_stands_beside_the_proven_german(plain: AnswerService, language: str, other: str) -> None:
    german = "Der Zuschuss des Kreises beträgt 275.000 Euro im Jahr."

    def script(said: str) -> Script:
        return lambda asked: answer((german, [asked.entry(BUS)], said))

    text = put(plain, script(other), "Was kostet der Nachtbus den Kreis?", language=language)
    assert (text.mode, text.language) == (AnswerMode.GENERATED, language)
    assert text.answer.startswith(other.rstrip("."))
    assert german in next(notice.text for notice in text.notices if notice.code == "translated")
    for wrong in (other.replace("275", "257"), ""):
        again = put(plain, script(wrong), "Was kostet der Nachtbus den Kreis?", language=language)
        assert again.mode is not AnswerMode.GENERATED and "257" not in again.answer


def test_the_language_of_the_question_is_answered(plain: AnswerService) -> None:
    def script(asked: Asked) -> Calls:
        assert "Niederländisch" in asked.messages[0]["content"]
        german = "Der Zuschuss des Kreises beträgt 275.000 Euro im Jahr."
        return answer((german, [asked.entry(BUS)], "De bijdrage bedraagt 275.000 euro per jaar."))

    text = put(plain, script, "Hoeveel geld kost de nachtbus (Nachtbus) per jaar?")
    assert (text.language, text.answer.split(" [")[0]) == ("nl", "De bijdrage bedraagt 275.000 euro per jaar")


def test_a_follow_up_is_put_with_its_conversation(plain: AnswerService) -> None:
    heard: list[Asked] = []

    def script(asked: Asked) -> Calls:
        heard.append(asked)
        return answer(("Der Zuschuss beträgt 275.000 Euro im Jahr.", [asked.entry(BUS)]))

    history = [
        {"role": "user", "content": NIGHT_BUS},
        {"role": "assistant", "content": "Der Nachtbus fährt bis 3:30 Uhr [1].", "citations": [[REPORT, BUS]]},
    ]
    text = put(plain, script, "Und was kostet er den Kreis?", history=history)
    assert NIGHT_BUS in heard[0].last and text.mode is AnswerMode.GENERATED and "275.000 Euro" in text.answer
