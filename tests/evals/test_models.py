"""`eval models` over real sockets: four settings, their figures, replies that are kept, endpoints that fail."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest
from typer.testing import CliRunner, Result

from evals.cases import Case, Expectation
from evals.metrics.judging import Asked, judge
from evals.models.kept import KeptReplies
from evals.models.measuring import ANSWERS, BOTH, QUESTIONS, WITHOUT, Measured
from evals.models.table import CHARACTERS, MARKS, of, plot, table
from service.cli import app
from service.language_models.building import Heard, Reply
from service.language_models.errors import Failure, ModelUnavailable
from service.model_check import advice
from service.models import Answer, AnswerMode, AnswerStatus, Receipt
from tests.answering.truth import REPORT
from tests.language_models.endpoints import Reply as Said
from tests.language_models.endpoints import endpoint, entries

LIGHT = {
    "id": "licht",
    "type": "single_fact",
    "question": "Was hat die neue Beleuchtung in den Schulsporthallen gekostet?",
    "expect": {"behavior": "answer", "citations_any": [[REPORT, "1.1.1.1"]], "facts": [["412.000"]]},
}
UNSAID = {
    "id": "flug",
    "type": "unanswerable",
    "question": "Welche Farbe hat der Nachtbus am Wochenende?",
    "expect": {"behavior": "abstain"},
}


def good(asked: str) -> Said:
    """A model that writes questions, reads the question as one to the papers, and answers about the lights alone."""
    shown = entries(asked)
    if "KENNUNG | Frage" in asked:
        return "\n".join(f"{token} | Was steht unter {token} dazu?" for token in shown)
    if not shown:
        return json.dumps({"scope": "documents", "searched": ["Kosten"]})
    lights = [token for token, lines in shown.items() if "Neue Beleuchtung" in lines[1]]
    if "Farbe" in asked.rpartition("Frage (Material)")[2] or not lights:
        return "KEINE ANTWORT"
    return f"Die Kosten der Beleuchtung lagen bei 412.000 Euro [{lights[0]}]. Das Licht ist sehr schön [{lights[0]}]."


def call(folder: Path, data_dir: Path, *more: object, cases: Path | None = None) -> Result:
    told = cases or folder / "faelle.jsonl"
    arguments = ("models", told, "--data-dir", data_dir, "--build", folder / "build", "--wait", 20, *more)
    return CliRunner().invoke(app, ["eval", *map(str, arguments)])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "faelle.jsonl").write_text("".join(f"{json.dumps(one)}\n" for one in (LIGHT, UNSAID)))
    return tmp_path


def row(shown: str, label: str) -> list[str]:
    (line,) = [one for one in shown.splitlines() if one.startswith(f"| {label}")]
    return [cell.strip() for cell in line.strip("|").split("|")][1:]


def test_four_settings_side_by_side_and_nothing_is_asked_twice(folder: Path, data_dir: Path) -> None:
    page, drawn = folder / "seite.md", folder / "bilder" / "modell.svg"
    page.write_text("Vorher\n" + "\n".join(MARKS) + "\nNachher\n")
    with endpoint(good) as one:
        first = call(folder, data_dir, "--model", one.setting, "--markdown", page, "--plot", drawn)
        asked = len(one.asked)
        again = call(folder, data_dir, "--model", one.setting)
    assert first.exit_code == again.exit_code == 0, first.output
    assert asked == len(one.asked) > 20
    shown = page.read_text()
    assert row(shown, " | ") == [WITHOUT, QUESTIONS, ANSWERS, BOTH]
    assert [cell[:4] for cell in row(shown, "fully right")][2:] == ["1.00", "1.00"]
    assert row(shown, "sentences of the model") == ["–", "–", "1 of 2", "1 of 2"]
    assert "2 cases, model: scripted (127.0.0.1)" in shown and shown.endswith("Nachher\n")
    assert [row(again.output, "fully right"), row(again.output, "characters")] == [
        row(shown, "fully right"),
        row(shown, "characters"),
    ]
    assert "fully right: without a model" in (
        ElementTree.parse(drawn).findtext("{http://www.w3.org/2000/svg}desc") or ""
    )


def test_an_endpoint_that_dies_ends_it_and_what_was_asked_is_kept(folder: Path, data_dir: Path) -> None:
    with endpoint(good) as one:
        call(folder, data_dir, "--model", one.setting)
        asked = len(one.asked)
        dead = call(folder, data_dir, "--model", "openai:tot@http://127.0.0.1:1/v1", "--writer", one.setting)
        call(folder, data_dir, "--model", one.setting)
        assert len(one.asked) == asked
    told = " ".join(dead.output.split())
    assert dead.exit_code == 2 and advice.failed(Failure.UNREACHABLE, 20) in told and "tot (127.0.0.1)" in told


def test_single_failures_are_counted(folder: Path, data_dir: Path) -> None:
    with endpoint(lambda asked: 500 if "oder KEINE ANTWORT" in asked else good(asked)) as one:
        result = call(folder, data_dir, "--model", one.setting)
    assert result.exit_code == 0 and f"{BOTH}: 2 of 4 requests failed." in result.output


@pytest.mark.parametrize(("said", "failure"), [(401, Failure.NO_ACCESS), ("Gern, hier sind Fragen.", None)])
def test_a_model_that_writes_no_questions_ends_it(folder: Path, data_dir: Path, said: Said, failure: Failure) -> None:
    with endpoint(lambda _: said) as one:
        result = call(folder, data_dir, "--model", one.setting)
    assert result.exit_code == 2 and "scripted (127.0.0.1)" in result.output
    wanted = advice.failed(failure, 180) if failure else "nicht in der verlangten Form"
    assert wanted in " ".join(result.output.split())


def test_a_model_that_is_not_asked_any_more_ends_it(folder: Path, data_dir: Path) -> None:
    with endpoint(lambda asked: good(asked) if "KENNUNG | Frage" in asked else 401) as one:
        result = call(folder, data_dir, "--model", one.setting)
    assert result.exit_code == 2 and advice.failed(Failure.NO_ACCESS, 20) in " ".join(result.output.split())


def test_held_cases_and_no_model_are_refused(folder: Path, data_dir: Path) -> None:
    held = folder / "faelle-held.jsonl"
    held.write_text(json.dumps(LIGHT))
    refused = call(folder, data_dir, "--model", "openai:x@http://127.0.0.1:1/v1", cases=held)
    assert refused.exit_code == 2 and "faelle-held.jsonl" in refused.output
    without = call(folder, data_dir)
    assert without.exit_code == 2 and "STRATEGIELOTSE_ANSWER_MODEL" in without.output


class Scripted:
    """A model that counts how often it is asked, and fails at first."""

    def __init__(self, failures: int = 0) -> None:
        self.asked, self.failures = 0, failures

    def reply(self, instruction: str, asked: str, seconds: float, heard: Heard | None = None) -> Reply:
        self.asked += 1
        if self.asked <= self.failures:
            raise ModelUnavailable(Failure.BROKEN)
        return Reply(f"Zu {asked}", 7, 3)


def test_replies_are_kept_by_model_and_what_was_asked_and_failures_are_not(tmp_path: Path) -> None:
    path, model = tmp_path / "replies.jsonl", Scripted(failures=1)
    kept = KeptReplies(lambda: model, "a:b", path)
    with pytest.raises(ModelUnavailable):
        kept.reply("Anweisung", "eins", 5)
    assert kept.reply("Anweisung", "eins", 5) == Reply("Zu eins", 7, 3)
    path.write_text(path.read_text() + '{"name": "abgebro')
    heard: list[str] = []
    again = KeptReplies(lambda: model, "a:b", path)
    assert again.reply("Anweisung", "eins", 5, heard.append) == Reply("Zu eins", 7, 3) and heard == ["Zu eins"]
    assert model.asked == 2
    again.reply("Andere", "eins", 5)
    KeptReplies(lambda: model, "a:c", path).reply("Anweisung", "eins", 5)
    assert model.asked == 4


def test_a_kept_reply_takes_the_time_that_it_took(tmp_path: Path) -> None:
    path = tmp_path / "replies.jsonl"
    KeptReplies(Scripted, "a:b", path).reply("", "eins", 5)
    path.write_text(re.sub(r'"seconds": [^}]+', '"seconds": 8.0', path.read_text()))
    kept = KeptReplies(Scripted, "a:b", path)
    with pytest.raises(ModelUnavailable) as error:
        kept.reply("", "eins", 5)
    assert error.value.failure is Failure.SLOW and kept.spared == 5
    assert kept.reply("", "eins", 9).text == "Zu eins" and kept.spared == 13


def answer(text: str, status: AnswerStatus = AnswerStatus.ANSWERED) -> Answer:
    receipt = Receipt(pipeline="1", settings="s", model=None, prompts=None)
    return Answer(
        answer_id="1", status=status, mode=AnswerMode.EXTRACTIVE, language="de", corpus_edition="e", answer=text,
        citations=[], data=None, nearest=[], suggestions=[], notices=[], receipt=receipt, timings_ms={},
    )  # fmt: skip


def test_figures_of_a_setting() -> None:
    case = Case(id="1", type="unanswerable", question="?", expect=Expectation(behavior="abstain"))
    told = judge(Asked(case, answer("Zwölf Wörter [1]."), milliseconds=2000.0))
    silent = judge(Asked(case, answer("Nichts.", AnswerStatus.NOT_IN_DOCUMENTS), milliseconds=1000.0))
    one = Measured([told, silent], sentences=8, dropped=2, asked=4, failed=1)
    characters, false = of(one, CHARACTERS), of(one, "false answers")
    assert characters is not None and characters.value == len("Zwölf Wörter.") and characters.n == 1
    assert false is not None and false.value == 0.5
    shown = table({WITHOUT: replace(one, asked=0, failed=0), BOTH: one}, "ein Modell")
    assert row(shown, "sentences of the model") == ["–", "2 of 8"] and row(shown, "seconds") == ["1.50, 2.00"] * 2
    assert "2 cases, model: ein Modell" in shown and shown.endswith("both: 1 of 4 requests failed.")
    assert plot({WITHOUT: one}) == plot({WITHOUT: one})
