"""`model check` over real sockets: what it says of endpoints that behave well, badly or not at
all.
"""

from __future__ import annotations

import subprocess
from contextlib import AbstractContextManager, closing
from pathlib import Path
from typing import Any

import pytest

from prompts import say
from service import NO_JUDGE, Settings, follow_advice, make_database
from service.answering import MOST_MATERIAL
from service.language_models import Failure, failure_text
from tests.answering.agent.scripted import verdicts
from tests.language_models.endpoints import Calls, Endpoint, Reply, Script, endpoint
from tests.processes import run

KEY = "sk-streng-geheim"


def put(body: dict[str, Any]) -> str:
    """What is asked."""
    return str(body["messages"][-1]["content"])


def said(text: str, *tokens: str, outcome: str = "answered") -> Calls:
    sentences = [{"text": text, "tokens": list(tokens)}] if text else []
    return Calls((("Answer", {"outcome": outcome, "sentences": sentences}),))


def good(body: dict[str, Any]) -> Reply:
    """A model that does what it is asked."""
    asked = put(body)
    if "bereit" in asked:
        return "bereit"
    if JUDGING in asked:
        return verdicts("belegt", "widerspricht", "widerspricht", *["daneben"] * 3)
    if "Wie viele" in asked:
        return Calls((("records", {"kinds": ["project"]}),))
    if "beantragt" in asked:
        return said("", outcome="not_in_documents")
    if "Geld" in asked:
        return said("Der Kreis gibt im Jahr 180.000 Euro für den Nachtbus.", "R4TN")
    return (
        said("Der Turm ist 37 Meter hoch.", "T0WR")
        if "37 Meter" in asked
        else said("", outcome="not_in_documents")
    )


def instead(part: str, reply: Reply, otherwise: Script = good) -> Script:
    """A model, good by itself, but for requests with this part."""
    return lambda body: reply if part in put(body) else otherwise(body)


JUDGING = '"satz":'
bad = instead("beantragt", said("Wir waren es.", "R4TN"))  # makes up what is not there


def trying(script: Script, **how: Any) -> AbstractContextManager[Endpoint]:
    return endpoint(script, of=lambda body: body, **how)


def check(*arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    return run("model", "check", *arguments, **settings)


def line(result: subprocess.CompletedProcess[str], title: str) -> str:
    (found,) = [item for item in result.stdout.splitlines() if item[2:].startswith(title)]
    return found


def test_a_good_model_can_be_used() -> None:
    with trying(good) as item:
        result = check(STRATEGIELOTSE_ANSWER_MODEL=item.setting)
    assert (result.returncode, result.stderr) == (0, "")
    lines = result.stdout.splitlines()
    assert lines[0] == "Sprachmodell scripted (127.0.0.1)"
    assert [item[0] for item in lines[1:-1]] == ["✓"] * 7
    assert lines[-1] == say("model_check.usable")


@pytest.mark.parametrize(
    "reply", [verdicts(*["belegt"] * 6), verdicts(*["daneben"] * 6), "Alles gut.", verdicts()]
)
def test_a_model_that_judges_badly_shows_the_papers_words_only(reply: str) -> None:
    with trying(instead(JUDGING, reply)) as item:
        result = check(STRATEGIELOTSE_ANSWER_MODEL=item.setting)
    assert result.returncode == 0
    assert line(result, "Prüfen").startswith("✗")
    assert result.stdout.replace("\n", " ").strip().endswith(say("model_check.verbatim"))


def asked_models(data: Path, **settings: str) -> tuple[str | None, str | None]:
    """The models for answers and for judging that a service over a data folder uses."""
    used = Settings(data_dir=data, **settings)
    with closing(make_database(used)) as database:
        used = follow_advice(used, database)
    return used.answer_model, used.judge_model


def test_a_model_that_failed_is_not_used_unless_one_insists(tmp_path: Path) -> None:
    with trying(bad) as item:
        assert asked_models(tmp_path, answer_model=item.setting) == (item.setting, None)
        assert run("model", "check", "--model", item.setting, data=tmp_path).returncode == 1
        assert asked_models(tmp_path, answer_model=item.setting) == (None, None)
        insisted = run("model", "check", "--model", item.setting, "--anyway", data=tmp_path)
        assert insisted.returncode == 1
        assert say("model_check.insisted") in insisted.stdout.replace("\n", " ")
        assert asked_models(tmp_path, answer_model=item.setting) == (item.setting, None)


def test_a_model_that_judges_badly_is_no_judge_unless_another_is_set(tmp_path: Path) -> None:
    with trying(instead(JUDGING, "Alles gut.")) as item:
        run("model", "check", "--model", item.setting, data=tmp_path)
    model = {"answer_model": item.setting}
    assert asked_models(tmp_path, **model) == (item.setting, NO_JUDGE)
    judge = "openai:judge@http://127.0.0.1:1/v1"
    assert asked_models(tmp_path, **model, judge_model=judge) == (item.setting, judge)


def test_of_a_server_that_refuses_for_now_nothing_is_kept(tmp_path: Path) -> None:
    with trying(instead("Geld", 429)) as item:
        checked = run("model", "check", "--model", item.setting, data=tmp_path)
        assert checked.returncode == 1 and say("model_check.not_used")[:20] not in checked.stdout
        assert asked_models(tmp_path, answer_model=item.setting) == (item.setting, None)


def test_who_insists_on_a_model_that_cannot_judge_gets_the_papers_words(tmp_path: Path) -> None:
    with trying(instead(JUDGING, "Alles gut.", bad)) as item:
        run("model", "check", "--model", item.setting, "--anyway", data=tmp_path)
        assert asked_models(tmp_path, answer_model=item.setting) == (item.setting, NO_JUDGE)


def test_of_a_model_that_is_not_there_nothing_is_kept(tmp_path: Path) -> None:
    model = "openai:x@http://127.0.0.1:1/v1"
    assert run("model", "check", "--model", model, data=tmp_path).returncode == 1
    assert asked_models(tmp_path, answer_model=model) == (model, None)


def test_what_is_sent_is_as_long_as_the_longest_and_differs_each_time() -> None:
    with trying(good) as item:
        check("--model", item.setting)
        check("--model", item.setting)
    first, second = sorted((turns[-1]["content"] for turns in item.asked), key=len)[-2:]
    assert MOST_MATERIAL < len(first) < MOST_MATERIAL + 1000 and first[1000:] != second[1000:]
    assert "37 Meter" in first[:1000]


@pytest.mark.long
def test_a_slow_model_says_what_to_set() -> None:
    with trying(good, wait=1.2) as item:
        result = check(
            "--model",
            item.setting,
            STRATEGIELOTSE_MODEL_SECONDS="1",
            STRATEGIELOTSE_REQUEST_SECONDS="2.5",
        )
    assert result.returncode == 1
    text = line(result, "Tempo")
    assert (
        text.startswith("✗") and "STRATEGIELOTSE_MODEL_SECONDS=1 reicht nicht: mindestens" in text
    )
    assert "STRATEGIELOTSE_REQUEST_SECONDS auf mehr als" in text
    assert result.stdout.splitlines()[-1].startswith("Besser ohne")


def test_a_model_that_takes_too_long_is_left() -> None:
    with trying(good, wait=60) as item:
        result = check("--model", item.setting, "--wait", "1")
    assert result.returncode == 1
    assert "✗ Erreichbar: Nach 1 s war keine Antwort fertig" in result.stdout


def short(status: int) -> Script:
    """A good model that takes no long requests."""
    return lambda body: status if len(put(body)) > 8000 else good(body)


WRITTEN = '{"outcome": "answered", "sentences": [{"text": "Der Kreis gibt 180.000 Euro im Jahr.", "tokens": ["R4TN"]}]}'


@pytest.mark.parametrize(
    ("script", "title", "words", "code"),
    [
        (
            instead("Geld", said("Der Kreis gibt im Jahr 180.000 Euro.")),
            "Deutsche Frage",
            "ohne die Kennung",
            1,
        ),
        (
            instead("Geld", said("The county spends 180.000 euros.", "R4TN")),
            "Deutsche Frage",
            "Deutsch kann",
            1,
        ),
        (
            instead("Geld", said("Es sind 18 Euro.", "R4TN")),
            "Deutsche Frage",
            "den Betrag nicht",
            1,
        ),
        (
            instead("Geld", "Es sind 180.000 Euro."),
            "Deutsche Frage",
            "das Nachdenken des Modells",
            1,
        ),
        (instead("Geld", WRITTEN), "Deutsche Frage", "in der verlangten Form", 0),
        (instead("Geld", 500), "Deutsche Frage", "Name des Modells und Adresse", 1),
        (instead("Wie viele", "Es sind 41."), "Werkzeuge", "--enable-auto-tool-choice", 1),
        (
            instead("Wie viele", Calls((("records", {"art": "alle"}),))),
            "Werkzeuge",
            "--enable-auto-tool-choice",
            1,
        ),
        (
            instead("beantragt", said("Die Gemeinde Seedorf.", "R4TN")),
            "Fehlende Angabe",
            "größeres Modell",
            1,
        ),
        (
            instead("37 Meter", said("", outcome="unclear")),
            "Kontext",
            "OLLAMA_CONTEXT_LENGTH=32768",
            1,
        ),
        (short(400), "Kontext", "--max-model-len 32768", 1),
        (short(429), "Kontext", "Kontingent", 1),
    ],
)
def test_what_a_model_cannot_do(script: Script, title: str, words: str, code: int) -> None:
    with trying(script) as item:
        result = check("--model", item.setting)
    assert words in line(result, title)
    assert result.returncode == code


@pytest.mark.parametrize(
    ("status", "failure"),
    [
        (401, Failure.NO_ACCESS),
        (403, Failure.NO_ACCESS),
        (429, Failure.REFUSED_FOR_NOW),
        (404, Failure.BROKEN),
    ],
)
def test_an_endpoint_that_refuses(
    status: int, failure: Failure, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    with trying(lambda _: status) as item:
        result = check("--model", item.setting, STRATEGIELOTSE_LOG_LEVEL="DEBUG")
    assert result.returncode == 1 and len(item.asked) == 1
    assert line(result, "Erreichbar") == f"✗ Erreichbar: {failure_text(failure, 60)}"
    assert KEY not in result.stdout + result.stderr


def test_an_endpoint_that_is_not_there() -> None:
    address = "http://lotse:passwort-im-netz@127.0.0.1:1/v1"
    result = check("--model", f"openai:qwen3:8b@{address}")
    first, *tried, _ = result.stdout.splitlines()
    assert (result.returncode, first) == (1, "Sprachmodell qwen3:8b (127.0.0.1)")
    assert tried == [f"✗ Erreichbar: {failure_text(Failure.UNREACHABLE, 60)}"]
    assert "passwort-im-netz" not in result.stdout + result.stderr


def test_what_is_missing_or_wrong_is_told_at_once(tmp_path: Path) -> None:
    package = check("--model", "mistralai:small")
    assert package.returncode == 1 and "pip install '.[model]'" in line(package, "Erreichbar")
    none = check("--data-dir", str(tmp_path))
    assert (none.returncode, none.stdout, none.stderr) == (2, "", say("model_check.none") + "\n")
    wrong = check("--model", "qwen3")
    assert (wrong.returncode, wrong.stdout) == (2, "")
    assert "STRATEGIELOTSE_ANSWER_MODEL=qwen3: erlaubt ist openai:NAME@ADRESSE" in wrong.stderr
    for failure in Failure:
        assert ":" in failure_text(failure, 8) and "{" not in failure_text(failure, 8)
