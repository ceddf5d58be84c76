"""A question reaches the search however it is dressed: polite, with the county's name, in capitals,
in small letters without umlauts.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path

from evals.case_files import load_cases
from service.answering import AnswerService
from service.records import Answer, AnswerStatus, ChatRequest
from tests.answering.conftest import Ask, Over

HERE = Path(__file__).parent
CASES = HERE.parents[1] / "evals/cases/sample-dev.jsonl"
WITHOUT_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})
LEAST = 0.97  # share of dressed questions whose status and first item stay
DRESSES: tuple[Callable[[str], str], ...] = (
    lambda text: f"Guten Tag, ich habe eine Frage: {text} Vielen Dank!",
    lambda text: f"Hallo! {text} Danke im Voraus und viele Grüße, K. Muster",
    lambda text: f"Bitte, {text}",
    lambda text: re.sub(r"\?$", " im Kreis Lauterfeld?", text),
    str.upper,
    lambda text: text.lower().translate(WITHOUT_UMLAUTS),
)


def _questions() -> Iterator[tuple[str, set[str]]]:
    """The development questions over the sample that stand alone, with the numbers of right items."""
    for case in load_cases(CASES):
        if not case.history:
            items = case.expect.citations_any or case.expect.citations_all or ()
            yield case.question, {ref for _, ref in items}
    for path in sorted((HERE / "cases").glob("*.jsonl")):
        for written in map(json.loads, path.read_text(encoding="utf-8").splitlines()):
            if written.keys().isdisjoint(("after", "over", "with")) and written["ask"].endswith(
                "?"
            ):
                yield written["ask"], set(written.get("shows", ()))


def _outcome(answer: Answer, right: set[str]) -> tuple[str, bool]:
    """The status, and whether a right item is among the first three cited."""
    return answer.status, any(citation.ref in right for citation in answer.citations[:3])


def test_dressed_questions_get_what_bare_ones_get(service: AnswerService) -> None:
    same = asked = 0
    for place, (question, right) in enumerate(_questions()):
        bare = _outcome(service.answer(ChatRequest(question=question)), right)
        for dress in (DRESSES[place % 6], DRESSES[(place + 3) % 6]):
            dressed = service.answer(ChatRequest(question=dress(question)))
            asked += 1
            same += _outcome(dressed, right) == bare
    assert asked >= 600 and same >= LEAST * asked, (same, asked)


def test_danger_in_general_shows_the_documents_below_the_numbers(over: Over) -> None:
    ask = over("wiesental").ask
    answer = ask("Wann kommt die Feuerwehr, wenn es brennt?", documents=["brandschutz"])
    assert answer.status is AnswerStatus.EMERGENCY and "112" in answer.answer
    assert "neun Minuten" in answer.answer
    assert answer.citations[0].document_id == "brandschutz"


def test_a_topic_in_another_language_makes_no_complete_list(ask: Ask) -> None:
    answer = ask("Which projects are there on cycling?")
    assert answer.status is not AnswerStatus.ANSWERED or answer.mode != "computed"
