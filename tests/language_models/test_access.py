from __future__ import annotations

import gc
import threading
from collections import Counter
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from service.language_models import (
    Failure,
    LangChainModel,
    Limits,
    ModelAccess,
    ModelReply,
    ModelUnavailable,
    access_to,
    model_name,
    translate_failures,
)
from tests.language_models.endpoints import Broken, endpoint
from tests.language_models.endpoints import Reply as Said
from tests.processes import imported_by, until

SOON, BRIEF = Limits(seconds=5.0), Limits(seconds=0.2)


def warm(setting: str, limits: Limits = SOON) -> ModelAccess:
    access = access_to(setting, limits, 100)
    access.warm()
    return access


class Scripted:
    """A model that replies or fails as told."""

    def __init__(self, *outcomes: Failure | None) -> None:
        self.outcomes = list(outcomes)
        self.asked = 0

    def reply(self) -> ModelReply:
        self.asked += 1
        outcome = self.outcomes.pop(0) if self.outcomes else None
        if outcome is not None:
            raise ModelUnavailable(outcome)
        return ModelReply("Gut.", 1_000_000, 500_000)


def ask(access: ModelAccess) -> str:
    """Ask the model of an endpoint; returns its text."""

    def use(model: LangChainModel) -> str:
        with translate_failures():
            return str(model.chat.invoke("Wie geht es?").content)

    return access.run_with_model(use)


def ask_scripted(access: ModelAccess) -> str:
    """Ask a scripted model, and count its reply; returns its text."""
    use: Any = Scripted.reply
    reply: ModelReply = access.run_with_model(use)
    access.count_reply(reply)
    return reply.text


class Clock:
    def __init__(self) -> None:
        self.now, self.day = 0.0, date(2026, 11, 21)

    def __call__(self) -> float:
        return self.now

    def today(self) -> date:
        return self.day


def failure_of(ask: Callable[[], object]) -> Failure:
    with pytest.raises(ModelUnavailable) as error:
        ask()
    return error.value.failure


def test_a_reply_over_a_socket() -> None:
    with endpoint(lambda asked: f"Gehört: {asked}") as item:
        assert ask(warm(item.setting)) == "Gehört: Wie geht es?"
    assert item.asked == [[{"content": "Wie geht es?", "role": "user"}]]


@pytest.mark.parametrize(
    ("said", "failure"),
    [
        (429, Failure.REFUSED_FOR_NOW),
        (401, Failure.NO_ACCESS),
        (500, Failure.BROKEN),
        (404, Failure.BROKEN),
        (Broken("Es fährt der"), Failure.UNREACHABLE),
        (Broken(""), Failure.UNREACHABLE),
    ],
)
def test_what_an_endpoint_refuses(said: Said, failure: Failure) -> None:
    with endpoint(lambda _: said) as item:
        assert failure_of(lambda: ask(warm(item.setting))) is failure


def test_an_endpoint_that_is_not_there() -> None:
    access = warm("openai:x@http://127.0.0.1:1/v1")
    assert failure_of(lambda: ask(access)) is Failure.UNREACHABLE


@pytest.mark.parametrize(("wait", "drip"), [(60.0, 0.0), (0.0, 0.15)])
def test_a_slow_endpoint_is_left_in_time(wait: float, drip: float) -> None:
    with endpoint(lambda _: "lang " * 100, wait=wait, drip=drip) as item:
        assert failure_of(lambda: ask(warm(item.setting, BRIEF))) is Failure.SLOW


def test_no_more_at_a_time_than_allowed() -> None:
    go_on = threading.Event()
    with endpoint(lambda _: "Ja.", hold=go_on) as item:
        access = warm(item.setting, Limits(seconds=30, at_a_time=1))
        first = threading.Thread(target=ask, args=(access,))
        first.start()
        until(lambda: bool(item.asked))
        assert failure_of(lambda: ask(access)) is Failure.BUSY
        go_on.set()
        first.join()
        assert ask(access) == "Ja."


def test_after_failures_in_a_row_nothing_is_asked_for_a_while() -> None:
    broken, clock = Failure.BROKEN, Clock()
    model = Scripted(broken, broken, broken, broken, None)
    access = ModelAccess(lambda: model, SOON, clock=clock)
    outcomes = Counter[str]()
    access.report_reply = lambda outcome, *_: outcomes.update([outcome])
    assert [failure_of(lambda: ask_scripted(access)) for _ in range(5)] == [broken] * 3 + [
        Failure.RESTING
    ] * 2
    clock.now = 11
    assert failure_of(lambda: ask_scripted(access)) is broken  # one tries again
    assert failure_of(lambda: ask_scripted(access)) is Failure.RESTING
    clock.now = 11 + 19
    assert failure_of(lambda: ask_scripted(access)) is Failure.RESTING  # twice as long
    clock.now = 11 + 21
    assert ask_scripted(access) == "Gut."
    assert ask_scripted(access) == "Gut." and model.asked == 6
    assert outcomes == {"broken": 4, "resting": 4, "replied": 2}


def test_cost_per_day() -> None:
    clock = Clock()
    limits = Limits(cost_per_day=2.5, price_read=1.0, price_written=2.0)  # a reply costs 2
    access = ModelAccess(Scripted, limits, clock=clock, today=clock.today)
    ask_scripted(access)
    ask_scripted(access)
    assert access.spent == 4.0
    assert failure_of(lambda: ask_scripted(access)) is Failure.BUDGET
    clock.day = date(2026, 11, 22)
    assert ask_scripted(access) and access.spent == 2.0


def test_settings_taken_apart() -> None:
    item = model_name("openai:qwen3:8b@http://gpu.intern:11434/v1")
    assert (item.maker, item.name, item.host) == ("openai", "qwen3:8b", "gpu.intern")
    assert model_name("mistralai:small").host == "mistralai"
    with pytest.raises(ValueError, match="no model"):
        model_name("qwen")


@pytest.mark.parametrize(
    "code",
    [
        "import service.answering.agent.agent",
        "from service.language_models.access import Limits, access_to;"
        "access_to('openai:x@http://127.0.0.1:1/v1', Limits(), 100)",
    ],
)
def test_without_a_question_no_package_is_loaded(code: str) -> None:
    packages = {"langchain", "langchain_openai", "langgraph", "openai"}
    assert packages.isdisjoint(imported_by(code))


def test_failures_are_logged_without_the_question(caplog: pytest.LogCaptureFixture) -> None:
    access = ModelAccess(lambda: Scripted(*[Failure.SLOW] * 9), SOON, clock=Clock())
    for _ in range(9):
        failure_of(lambda: ask_scripted(access))
    lines = [record.getMessage() for record in caplog.records]
    failed = "language model: slow"
    assert lines == [failed, failed, failed, "language model: asked again in 10 s"]


def test_no_connection_stays_open_once_the_model_is_gone() -> None:
    with endpoint(lambda asked: "Gut.") as item:
        model = LangChainModel(item.setting, tokens=100, seconds=5.0)
        client = model.chat.root_client
        asked = model.chat.invoke("Wie geht es?")
        del model
        gc.collect()
    assert asked.content == "Gut."
    assert client.is_closed()


def test_who_got_a_reply_may_ask_again_at_once() -> None:
    access = ModelAccess(lambda: Scripted(), Limits(seconds=5.0, at_a_time=1))
    for _ in range(200):
        assert ask_scripted(access) == "Gut."
