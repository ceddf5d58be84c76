"""`model check` over real sockets: what it says of endpoints that behave well, badly or not at all."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from service.language_models.errors import Failure
from service.model_check import advice
from tests.language_models.endpoints import Reply, Script, endpoint, entries
from tests.processes import run

JSON = '{"ort": "Seedorf", "jahr": 2028}'
NUMBERS = "eins, zwei, drei, vier, fünf, sechs, sieben, acht, neun, zehn, " * 4
KEY = "sk-streng-geheim"


def good(asked: str) -> Reply:
    """A model that does what it is asked."""
    if not (shown := entries(asked)):
        return "bereit" if "bereit" in asked else NUMBERS if "vierzig" in asked else JSON
    question = asked.rpartition("| ")[2].partition("\n")[0]
    if "beantragt" in question:
        return "KEINE ANTWORT"
    said = "180.000 Euro" if "Geld" in question else "37 Meter"
    tokens = [token for token, lines in shown.items() if said in lines[-1]]
    return f"Der Wert liegt bei {said} und ist so gewollt [{tokens[0]}]." if tokens else "KEINE ANTWORT"


def check(*arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    return run("model", "check", *arguments, **settings)


def line(result: subprocess.CompletedProcess[str], title: str) -> str:
    (found,) = [one for one in result.stdout.splitlines() if one[2:].startswith(title)]
    return found


def test_a_good_model_can_be_used() -> None:
    with endpoint(good, drip=0.02) as one:
        result = check(STRATEGIELOTSE_ANSWER_MODEL=one.setting)
    assert (result.returncode, result.stderr) == (0, "")
    lines = result.stdout.splitlines()
    assert lines[0] == "Sprachmodell scripted (127.0.0.1)"
    assert [one[0] for one in lines[1:-1]] == ["✓"] * 7
    assert lines[-1] == "Das Modell taugt für Antworten."
    assert "auf Anweisung und nach JSON-Schema" in line(result, "JSON")


def test_what_is_sent_is_as_long_as_the_longest_and_differs_each_time() -> None:
    with endpoint(good) as one:
        check("--model", one.setting)
        check("--model", one.setting)
    first, second = sorted((turns[-1]["content"] for turns in one.asked), key=len)[-2:]
    assert 24_000 < len(first) < 24_500 and first[500:] != second[500:]
    assert "37 Meter" in first[:500]


def test_as_json() -> None:
    with endpoint(good, drip=0.02) as one:
        result = check("--model", one.setting, "--json")
    told = json.loads(result.stdout)
    assert result.returncode == 0 and told["usable"] and told["least_model_seconds"] is None
    assert [trial["trial"] for trial in told["trials"] if trial["needed"]] == [
        "reachable",
        "answer",
        "nothing",
        "context",
        "speed",
    ]
    assert 0 <= told["first_seconds"] <= told["seconds"] and told["characters_per_second"] > 0


@pytest.mark.long
def test_a_slow_model_says_what_to_set() -> None:
    with endpoint(good, wait=1.2) as one:
        result = check("--model", one.setting, STRATEGIELOTSE_MODEL_SECONDS="1", STRATEGIELOTSE_REQUEST_SECONDS="2.5")
    assert result.returncode == 1
    told = line(result, "Tempo")
    assert told.startswith("✗") and "STRATEGIELOTSE_MODEL_SECONDS=1 reicht nicht: mindestens 2 setzen" in told
    assert "STRATEGIELOTSE_REQUEST_SECONDS auf mehr als 3)" in told
    assert line(result, "Streamen").startswith("✗")
    assert result.stdout.splitlines()[-1].startswith("So taugt das Modell nicht")


def test_a_model_that_takes_too_long_is_left() -> None:
    with endpoint(good, wait=60) as one:
        result = check("--model", one.setting, "--wait", "1")
    assert result.returncode == 1
    assert "✗ Erreichbar: Nach 1 s war keine Antwort fertig" in result.stdout


def test_a_reply_that_takes_too_long_is_told_as_speed() -> None:
    with endpoint(lambda asked: "lang " * 400 if "Nachtbus?" in asked else good(asked), drip=0.05) as one:
        result = check("--model", one.setting, "--wait", "1")
    assert line(result, "Tempo") == f"✗ Tempo: {advice.failed(Failure.SLOW, 1)}"


def instead(part: str, said: Reply) -> Script:
    """A good model but for requests with this part."""
    return lambda asked: said if part in asked else good(asked)


@pytest.mark.parametrize(
    ("script", "title", "words", "code"),
    [
        (instead("Wie viel Geld", "Der Kreis gibt im Jahr 180.000 Euro."), "Deutsche Frage", "ohne die Kennung", 1),
        (
            instead("Wie viel Geld", "The county spends 180.000 euros [R4TN]."),
            "Deutsche Frage",
            "Deutsch kann",
            1,
        ),
        (instead("Wie viel Geld", "Es sind 18 Euro [R4TN]."), "Deutsche Frage", "den Betrag nicht", 1),
        (instead("Wie viel Geld", ""), "Deutsche Frage", "STRATEGIELOTSE_MODEL_TOKENS", 1),
        (instead("Wie viel Geld", 500), "Deutsche Frage", "Name des Modells und Adresse", 1),
        (instead("beantragt", "Die Gemeinde Seedorf [R4TN]."), "Fehlende Angabe", "größeres Modell", 1),
        (lambda asked: good(asked[-8000:]), "Kontext", "OLLAMA_CONTEXT_LENGTH=16384", 1),
        (lambda asked: 400 if len(asked) > 8000 else good(asked), "Kontext", "--max-model-len 16384", 1),
        (lambda asked: 429 if len(asked) > 8000 else good(asked), "Kontext", "Kontingent", 1),
        (instead("Seedorf.", "Nach Seedorf, 2028."), "JSON", "nicht nötig", 0),
        (instead("JSON-Objekt", f"```json\n{JSON}\n```"), "JSON", "auf Anweisung und nach JSON-Schema", 0),
        (instead("Wohin", "Nach Seedorf."), "JSON", "(auf Anweisung)", 0),
        (instead("JSON-Objekt", "Gern: {ort: Seedorf}"), "JSON", "(nach JSON-Schema)", 0),
        (instead("vierzig", "eins, zwei"), "Streamen", "proxy_buffering off", 0),
    ],
)
def test_what_a_model_cannot_do(script: Script, title: str, words: str, code: int) -> None:
    with endpoint(script, drip=0.01) as one:
        result = check("--model", one.setting)
    assert words in line(result, title)
    assert result.returncode == code


@pytest.mark.parametrize(
    ("status", "failure"),
    [(401, Failure.NO_ACCESS), (403, Failure.NO_ACCESS), (429, Failure.REFUSED_FOR_NOW), (404, Failure.BROKEN)],
)
def test_an_endpoint_that_refuses(status: int, failure: Failure, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    with endpoint(lambda _: status) as one:
        result = check("--model", one.setting, STRATEGIELOTSE_LOG_LEVEL="DEBUG")
    assert result.returncode == 1 and len(one.asked) == 1
    assert line(result, "Erreichbar") == f"✗ Erreichbar: {advice.failed(failure, 60)}"
    assert KEY not in result.stdout + result.stderr


def test_an_endpoint_that_is_not_there() -> None:
    address = "http://lotse:passwort-im-netz@127.0.0.1:1/v1"
    result = check("--model", f"openai:qwen3:8b@{address}", "--json")
    told = json.loads(result.stdout)
    assert (result.returncode, told["usable"], told["model"], told["host"]) == (1, False, "qwen3:8b", "127.0.0.1")
    assert [trial["said"] for trial in told["trials"]] == [advice.failed(Failure.UNREACHABLE, 60)]
    assert "passwort-im-netz" not in result.stdout + result.stderr


def test_what_is_missing_or_wrong_is_told_at_once(tmp_path: Path) -> None:
    package = check("--model", "mistralai:small")
    assert package.returncode == 1 and "pip install '.[model]'" in line(package, "Erreichbar")
    none = check("--data-dir", str(tmp_path))
    assert (none.returncode, none.stdout, none.stderr) == (2, "", advice.NONE + "\n")
    wrong = check("--model", "qwen3")
    assert (wrong.returncode, wrong.stdout) == (2, "")
    assert "STRATEGIELOTSE_ANSWER_MODEL=qwen3: erlaubt ist openai:NAME@ADRESSE" in wrong.stderr
    for failure in Failure:
        assert ":" in advice.failed(failure, 8) and "{" not in advice.failed(failure, 8)
