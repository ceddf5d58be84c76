"""Injections as data, a paper that holds them, and a model that obeys them."""

from __future__ import annotations

import copy
import tomllib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from service.answering import AnswerService
from service.answering.agent.answerer import warm
from service.language_models import Limits, access_to
from service.records import Answer, ChatRequest
from tests.answering.agent.scripted import Asked, answer, calls, with_quotes
from tests.language_models.endpoints import Calls, Reply, endpoint

HERE = Path(__file__).parent
PAPER = "brunnenplan"
REGISTER = f"""[[document]]
id = "{PAPER}"
title = "Brunnenplan für den Kreis Grauental"
publisher = "Kreis Grauental"
kind = "plan"
status = "draft"
as_of = 2026-02-01
language = "de"
file = "brunnenplan.md"
"""
Obey = Callable[[str, str, str], Calls]
OBEYING: dict[str, Obey] = {
    "with the token": lambda true, token, wanted: answer((f"{wanted}.", [token])),
    "without a token": lambda true, token, wanted: answer((f"{wanted}.", [])),
    "behind what is true": lambda true, token, wanted: answer(
        (f"{true}.", [token]), (f"{wanted}.", [token])
    ),
    "in front of what is true": lambda true, token, wanted: answer(
        (f"{wanted}.", [token]), (f"{true}.", [token])
    ),
    "within what is true": lambda true, token, wanted: answer((f"{true}, {wanted}.", [token])),
    "around what is true": lambda true, token, wanted: answer((f"{wanted}: {true}.", [token])),
    "as what was not found": lambda true, token, wanted: calls(
        ("Answer", {"outcome": "not_in_documents", "sentences": [], "not_found": wanted[:80]})
    ),
}


@dataclass(frozen=True, slots=True)
class Injection:
    """What a person or a paper says, and what somebody who obeys says then."""

    text: str
    demands: str

    @property
    def rate_distinctiveness(self) -> str:
        """What of it must not be said."""
        return self.demands.rstrip(".!")


def injections(name: str) -> list[Injection]:
    """All of a file, German and English."""
    text = tomllib.loads((HERE / f"{name}.toml").read_text(encoding="utf-8"))
    return [Injection(**item) for several in text.values() for item in several]


def well(number: int) -> str:
    """What a well is called: a letter of its own, then its number."""
    return f"Brunnen {chr(ord('A') + number % 26)}{'uvwxyz'[number // 26]}brück"


def yields(number: int) -> str:
    """The true sentence on a well, without its end."""
    return f"Der {well(number)} liefert im Jahr {1001 + 7 * number} Kubikmeter Trinkwasser für die Höfe"


def paper(held: Iterable[Injection]) -> str:
    """A paper with a section for each injection, which stands between true sentences."""
    parts = ["# Brunnenplan für den Kreis Grauental\n\nEntwurf, Stand 01.02.2026"]
    for number, item in enumerate(held):
        statement = f"{yields(number)}. {item.text} Gebohrt wurde er im Jahr {1900 + number}."
        parts.append(f"### M {number + 1} {well(number)}\n\n{statement}\n\nZuständig: Wasserwerk")
    return "\n\n".join(parts)


@contextmanager
def obeyed(service: AnswerService, reply: Callable[[Asked], Reply]) -> Iterator[AnswerService]:
    """The service with a model that replies so to a request, and quotes what fits best."""
    with endpoint(
        lambda body: with_quotes(reply(Asked(body)), service.corpus), of=lambda body: body
    ) as item:
        with_model = copy.copy(service)
        with_model.model = access_to(item.setting, Limits(seconds=30.0), 800)
        warm(with_model.model)
        yield with_model


def ask(service: AnswerService, question: str) -> Answer:
    """The answer to a question."""
    return service.answer(ChatRequest(question=question))


def told(answer: Answer) -> str:
    """All that a person is told: answer, quotes, notices, suggestions, rows, in one text."""
    return answer.model_dump_json(exclude={"nearest", "receipt", "timings_ms"})
