"""What the README shows is what the sample corpus answers."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from service.answering.service import AnswerService
from service.cli_output import print_answer
from service.models import AnswerStatus
from tests.answering.conftest import Ask

README = (Path(__file__).resolve().parents[2] / "README.md").read_text(encoding="utf-8")
ASKED = README.partition("## Ask\n")[2].partition("\n## ")[0]


def test_the_questions_of_the_introduction_are_answered(ask: Ask) -> None:
    (questions,) = re.findall(r"\*([^*]+\?)\*", README.partition("\n## ")[0])
    for question in re.findall(r"\S[^?]*\?", questions.replace("\n", " ")):
        assert ask(question).status is AnswerStatus.ANSWERED, question


def test_the_sources_are_shown_as_they_are_printed(ask: Ask, capsys: pytest.CaptureFixture[str]) -> None:
    calls, sources = re.findall(r"```\n(.*?)```", ASKED, re.S)
    print_answer(ask(shlex.split(calls.splitlines()[0])[2]))
    assert sources in capsys.readouterr().out


def test_the_topic_is_covered(service: AnswerService) -> None:
    calls, _ = re.findall(r"```\n(.*?)```", ASKED, re.S)
    assert service.lookup(shlex.split(calls.splitlines()[1])[2]).covered
