"""A model that errs on purpose: malformed forms, falsehoods, huge replies; what is published is
counted.
"""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest

from tests.answering import verification
from tests.answering.agent.scripted import (
    BUS,
    RIGHT,
    Asked,
    ScriptedModel,
    answer,
    calls,
    in_turns,
    of_bus,
    right,
)
from tests.language_models.endpoints import Calls


@pytest.mark.parametrize(
    "form",
    [
        {"outcome": "beantwortet", "sentences": RIGHT},
        {"outcome": "answered", "sentences": [RIGHT]},
        {"sentences": [{"text": RIGHT}], "not_found": "x" * 500},
        {"outcome": "answered", "sentences": {"text": RIGHT}, "rows_of": []},
    ],
)
def test_forms_of_small_models_are_understood(desk: ScriptedModel, form: dict[str, object]) -> None:
    def script(asked: Asked) -> Calls:
        text = form["sentences"]
        sentences = text if isinstance(text, list) else [text]
        with_tokens = [{"text": RIGHT, "tokens": asked.entry(BUS)} for _ in sentences]
        return calls(
            (
                "Answer",
                {**form, "sentences": with_tokens if len(with_tokens) > 1 else with_tokens[0]},
            )
        )

    ran = desk.run(script)
    assert ran.said == RIGHT and ran.took[0] == 1


def test_two_malformed_answers_end_with_a_notice(desk: ScriptedModel) -> None:
    ran = desk.run(lambda _: calls(("Answer", {"outcome": "vielleicht", "sentences": 7})))
    assert ran.made is None and ran.agent.failure_code == "model_given_up" and len(ran.asked) <= 3


@pytest.mark.parametrize(
    "sentences",
    [
        (RIGHT, "Elefanten singen.", "Zebras tanzen."),  # a third of it has no place
        ("Der Nachtbus fährt bis 5:15 Uhr.", "Der Nachtbus ist eine Idee.", "Er kostet 12 Euro."),
    ],
)
def test_a_draft_that_is_wrong_in_many_sentences_is_given_up(
    desk: ScriptedModel, sentences: tuple[str, ...]
) -> None:
    ran = desk.run(of_bus(*sentences))
    assert ran.made is None and ran.agent.failure_code == "model_given_up"


def claims_by_sort() -> list[tuple[str, str]]:
    """Two false sentences of each sort, with the keys of what they cite."""
    path = Path(verification.__path__[0]) / "claims.jsonl"
    claims = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    chosen = list[tuple[str, str]]()
    for sort in dict.fromkeys(claim["sort"] for claim in claims):
        of_sort = [(claim["key"], claim["text"]) for claim in claims if claim["sort"] == sort]
        chosen += of_sort[1::3][:2] if sort != "true" else []
    return chosen


def test_a_model_that_errs_once_is_held_back(desk: ScriptedModel) -> None:
    """One false sentence among true ones, in each sort: the true ones stay."""
    true = (
        "Der Zuschuss des Kreises beträgt 275.000 Euro im Jahr.",
        "Reservierungen sind nicht nötig.",
    )
    published = []
    claims = claims_by_sort()
    for key, text in claims:

        def script(asked: Asked, key: str = key, text: str = text) -> Calls:
            if asked.turn == 1:
                report = "lauterfeld-nachhaltigkeitsbericht-2026"
                return calls(("read", {"document": report, "keys": [key]}))
            bus = [asked.entry(BUS)]
            return answer(*((sentence, bus) for sentence in true), (text, [asked.entry(key)]))

        ran = desk.run(script, judge=None)
        assert all(sentence in ran.said for sentence in true), ran.said
        if text in ran.said:
            published.append(text)
    assert len(claims) > 25 and len(published) <= 0.12 * len(claims), published


def test_tokens_name_entries_for_every_tool(desk: ScriptedModel) -> None:
    def script(asked: Asked) -> Calls:
        return calls(
            ("read", {"keys": asked.entry(BUS)}),
            ("records", {"status": "in Planung", "kinds": "project"}),
        )

    ran = desk.run(in_turns(script, right))
    assert not any("error" in reply for reply in ran.asked[1].replies) and ran.said == RIGHT


def test_a_huge_reply_costs_little(desk: ScriptedModel) -> None:
    huge = calls(*(("search", {"text": f"Bus {place} " + "x" * 300}) for place in range(8_000)))
    begun = time.process_time()
    ran = desk.run(in_turns(huge, right))
    assert len(ran.steps) <= 12 and time.process_time() - begun < 20
