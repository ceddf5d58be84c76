"""A question that was rated "nicht hilfreich" becomes a case with one click, and `eval run` asks it."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

from starlette.testclient import TestClient

from evals.asking import asked
from evals.cases import load_cases
from evals.commands import own_cases
from evals.targets import in_process
from service.settings import load_settings
from tests.learning.conftest import ClientFor, ask, learning_of, rate

PATH = "/staff/learning"
QUESTION = "Was ist der Lastenradverleih?"


def unhelpful(client: TestClient) -> list[str]:
    rate(client, ask(client, QUESTION), helpful=False)
    return [one.id for one in learning_of(client).kept.open() if one.question == QUESTION]


def click(client: TestClient, number: str, wanted: str = "true") -> int:
    return client.post(f"{PATH}/questions/{number}/case", data={"wanted": wanted}).status_code


def test_one_click_makes_a_case_and_another_takes_it_back(client_for: ClientFor, data: Path) -> None:
    client, settings = client_for(), load_settings(data_dir=data)
    (number,) = unhelpful(client)
    page = client.get(PATH).text
    assert f'action="/staff/learning/questions/{number}/case"' in page and "Als Fall aufnehmen" in page
    assert click(client, number) == click(client, number) == 200
    (case,) = load_cases(*own_cases(settings))
    assert (case.question, case.expect.behavior, case.note[:15]) == (QUESTION, "open", "nicht hilfreich")
    with in_process(settings) as target:
        judgement = asked(target, case).judgement
    assert "misled" not in judgement.parts and "verbatim" in judgement.parts
    assert "Nicht mehr als Fall führen" in client.get(PATH).text
    assert click(client, number, "false") == click(client, number, "false") == 200
    assert own_cases(settings) == []
    assert click(client, "nirgends") == 404


def test_the_case_goes_with_the_question(client_for: ClientFor, data: Path) -> None:
    client, settings = client_for(), load_settings(data_dir=data)
    (number,) = unhelpful(client)
    assert click(client, number) == 200
    learning = learning_of(client)
    learning.sweep()
    assert len(own_cases(settings)) == 1
    learning.kept.today = lambda: date.today() + timedelta(days=settings.keep_questions_days + 1)
    learning.sweep()
    assert own_cases(settings) == [] and learning.kept.open() == []


def test_nothing_is_kept_where_the_setting_forbids_it(client_for: ClientFor) -> None:
    assert unhelpful(client_for(keep_questions=False)) == []
