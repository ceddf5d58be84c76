"""What people get where a model answers: the whole answer, in their language, and the one without
it where it fails.
"""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from prompts import text as prompt_text
from service.answering import AnswerService
from service.answering.service import ReportProgress
from service.language_models import access_to
from service.records import Answer, AnswerMode, AnswerStatus, ChatRequest
from service.web import stream
from tests.answering.agent.scripted import (
    BUS,
    LIMITS,
    NIGHT_BUS,
    RIGHT,
    Asked,
    Script,
    answer,
    approve,
    call_records,
    in_turns,
    judging,
    of_bus,
    read_bus,
    right,
    with_quotes,
)
from tests.ingest.cases import cases
from tests.language_models.endpoints import Calls, Reply, endpoint

REPORT = "lauterfeld-nachhaltigkeitsbericht-2026"
IDEAS = call_records(kinds=["project"], status=["idea"])


def put(
    service: AnswerService,
    script: Script,
    question: str = NIGHT_BUS,
    tell: ReportProgress | None = None,
    **fields: Any,
) -> Answer:
    """Ask the service with a model that behaves so."""

    def reply(body: Any) -> Reply:
        return with_quotes(script(Asked(body)), service.corpus)

    with endpoint(reply, of=lambda body: body) as item, judging(approve) as judge:
        service.model, service.judge = access_to(item.setting, LIMITS, 800), judge
        try:
            return service.answer(
                ChatRequest.model_validate({"question": question, **fields}), tell
            )
        finally:
            service.model = service.judge = None


def test_a_whole_answer_and_its_steps(service: AnswerService) -> None:
    steps = list[Any]()

    text = put(service, in_turns(read_bus, right), tell=steps.append)
    assert [(step.tool, step.text) for step in steps] == [
        ("read", "liest Projekt 5.1.1.1 Nachtbus am Wochenende")
    ]
    assert (text.status, text.mode, text.language) == (
        AnswerStatus.ANSWERED,
        AnswerMode.GENERATED,
        "de",
    )
    assert text.answer.startswith("Der Nachtbus fährt bis 3:30 Uhr [1].")
    assert text.citations[0].key == BUS and "3:30 Uhr" in text.citations[0].quote
    assert (text.receipt.model, text.generated_by.kind) == ("scripted", "language_model")
    assert [part.checked for part in text.sentences] == ["supported"]
    assert text.receipt.prompts and "model_words" in [notice.code for notice in text.notices]


def test_sentences_are_sent_one_by_one_once_the_draft_is_judged(service: AnswerService) -> None:
    tells = of_bus(RIGHT, "Der Zuschuss beträgt 275.000 Euro im Jahr.")
    works = in_turns(read_bus, tells)

    async def collect() -> list[str]:
        sent = stream.events(
            lambda report: asyncio.to_thread(put, service, works, tell=report),
            lambda error: pytest.fail(str(error)),
        )
        return [part.decode() async for part in sent]

    parts = asyncio.run(collect())
    names = [part.partition("\n")[0].removeprefix("event: ") for part in parts]
    assert names == ["step", "citation", "sentence", "citation", "sentence", "done"]
    for part in (parts[2], parts[4]):
        assert '"checked": "supported"' in part


@cases("key", "own", "verdict", "language")
def test_a_verdict_is_that_of_the_rule_and_cites_the_status(
    service: AnswerService, key: str, own: str, verdict: str, language: str
) -> None:
    def script(asked: Asked) -> Calls:
        return answer((own, [asked.entry(key)], "Hayır, Nachtbus uygulandı."))

    name = "Nachtbus" if key == BUS else "rollende Jugendtreff"
    told = put(service, script, f"Ist der {name} umgesetzt?", language=language)
    assert told.answer.startswith(f"{verdict} [1]: ")
    assert own.partition(" ist ")[2].rstrip(".") in told.answer
    assert told.mode is AnswerMode.GENERATED and told.citations[0].key == key


def obedient(asked: Asked) -> Calls:
    return answer(("Der Nachtbus ist abgeschafft und kostet 99 Euro.", []))


ENDPOINTS: dict[str, tuple[Script, str]] = {
    "nonsense": (lambda _: "Unsinn", "model_given_up"),
    "obedient": (obedient, "model_given_up"),
    "failing": (lambda _: 500, "model_unavailable"),
}


@pytest.mark.parametrize("name", ENDPOINTS)
def test_where_it_fails_the_answer_is_the_one_without_it(service: AnswerService, name: str) -> None:
    script, notice = ENDPOINTS[name]
    without, text = service.answer(ChatRequest(question=NIGHT_BUS)), put(service, script)
    assert (text.answer, text.status, text.receipt.model) == (without.answer, without.status, None)
    assert [item.code for item in text.notices if item.code.startswith("model")] == [notice]


def test_of_persons_it_is_said_that_no_model_was_asked(service: AnswerService) -> None:
    text = put(service, right, f"{NIGHT_BUS} Ruft mich an: 02921 301234")
    assert text.receipt.model is None and "model_not_asked" in [
        notice.code for notice in text.notices
    ]


def test_danger_and_talk_are_not_put_to_a_model(service: AnswerService) -> None:
    asked: list[Asked] = []

    def heard(item: Asked) -> Calls:
        asked.append(item)
        return answer(outcome="unclear")

    text = [
        put(service, heard, item).status for item in ("Ich will mich umbringen", "Was kannst du?")
    ]
    assert text == [AnswerStatus.EMERGENCY, AnswerStatus.ABOUT_SERVICE] and not asked


def test_a_count_is_the_tools(service: AnswerService) -> None:
    found: list[int] = []

    def counts(more: int) -> Script:
        def count(asked: Asked) -> Calls:
            found.append(asked.replies[0]["reply"]["found"])
            return answer((f"Es gibt {found[-1] + more} Projekte mit dem Status Idee.", ["A1"]))

        return in_turns(IDEAS, count)

    text = put(service, counts(0), "Wie viele Projekte sind Ideen?")
    assert text.mode is AnswerMode.GENERATED and text.answer.startswith(
        f"Es gibt {found[0]} Projekte"
    )
    assert text.data is not None and text.data.total == found[0] == len(text.data.rows)
    wrong = put(service, counts(1), "Wie viele Projekte sind Ideen?")
    assert wrong.mode is not AnswerMode.GENERATED and f"{found[0] + 1} Projekte" not in wrong.answer


def test_records_are_listed_below_what_it_says(service: AnswerService) -> None:
    lists = in_turns(IDEAS, of_bus("Der Nachtbus ist umgesetzt.", rows_of="A1"))
    text = put(service, lists, "Ist der Nachtbus noch eine Idee, und welche Projekte sind Ideen?")
    assert text.answer.startswith("Der Nachtbus ist umgesetzt [1]")
    assert text.data is not None and all(row["status"] == "idea" for row in text.data.rows)
    assert all(row["citations"] for row in text.data.rows)


@pytest.mark.parametrize(
    ("language", "other"),
    [
        ("en", "The county pays 275,000 euros a year."),
        ("uk", "Внесок становить 275.000 євро на рік."),
    ],
)
def test_another_language_stands_beside_the_proven_german(
    service: AnswerService, language: str, other: str
) -> None:
    german = "Der Zuschuss des Kreises beträgt 275.000 Euro im Jahr."

    def script(said: str) -> Script:
        return lambda asked: answer((german, [asked.entry(BUS)], said))

    text = put(service, script(other), "Was kostet der Nachtbus den Kreis?", language=language)
    assert (text.mode, text.language) == (AnswerMode.GENERATED, language)
    mark = prompt_text(f"{language}/original")
    assert text.answer.startswith(f"{other.rstrip('.')} – {mark} „{german.rstrip('.')}“ [1].")
    assert [notice.code for notice in text.notices].count("translated") == 1
    for wrong in (other.replace("275", "257"), ""):
        again = put(service, script(wrong), "Was kostet der Nachtbus den Kreis?", language=language)
        assert again.mode is not AnswerMode.GENERATED and "257" not in again.answer


def test_the_language_of_the_question_is_answered(service: AnswerService) -> None:
    def script(asked: Asked) -> Calls:
        assert "Niederländisch" in asked.messages[0]["content"]
        german = "Der Zuschuss des Kreises beträgt 275.000 Euro im Jahr."
        return answer((german, [asked.entry(BUS)], "De bijdrage bedraagt 275.000 euro per jaar."))

    text = put(service, script, "Hoeveel geld kost de nachtbus (Nachtbus) per jaar?")
    assert (text.language, text.answer.split(" – ")[0]) == (
        "nl",
        "De bijdrage bedraagt 275.000 euro per jaar",
    )


def test_a_follow_up_is_put_with_its_conversation(service: AnswerService) -> None:
    heard: list[Asked] = []

    def script(asked: Asked) -> Calls:
        heard.append(asked)
        return answer(("Der Zuschuss beträgt 275.000 Euro im Jahr.", [asked.entry(BUS)]))

    history = [
        {"role": "user", "content": NIGHT_BUS},
        {
            "role": "assistant",
            "content": "Der Nachtbus fährt bis 3:30 Uhr [1].",
            "citations": [[REPORT, BUS]],
        },
    ]
    text = put(service, script, "Und was kostet er den Kreis?", history=history)
    assert (
        NIGHT_BUS in heard[0].last
        and text.mode is AnswerMode.GENERATED
        and "275.000 Euro" in text.answer
    )
