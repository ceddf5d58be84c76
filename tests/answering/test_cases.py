"""Cases: what is asked, and what must be true of the answer; each asked once, with what holds for
every answer.

`cases/*.jsonl` holds a file for each topic. Of a case, `ask` is the question, `after` the turns
before it (null: our own answer to the one before), `over` another paper of `papers/` than the
sample, `with` other fields of the request. Told of the answer: `status` ("unanswered" is any but
answered: what was found may be shown), `one_of` (the status is one of these), `never_status` (none
of these), `mode`, `language`, `kind`, `total` and `complete` of its data, `least` rows, `rows` (numbers of the
records in any order, or what chooses them from the builder's own list), `ranked` (in this order),
`columns` (values of the rows), `shows` (these are among the first three cited), `only` (these are
cited), `papers` (exactly these), `begins`, `says`, `never`, `never_begins`, `order` (of two texts
the first is before the other), `notices`, `no_notices`, `notes` (what notices say), `alone` (as
without the turns before it). `of` is what the case is for.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from service.records import Answer
from tests.answering.conftest import Ask, Over
from tests.answering.invariants import check, rows
from tests.answering.truth import projects

Case = dict[str, Any]
HERE = Path(__file__).parent


def read(path: Path) -> list[Case]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def cases() -> Iterator[Any]:
    for path in sorted((HERE / "cases").glob("*.jsonl")):
        for number, case in enumerate(read(path), start=1):
            known = (
                [pytest.mark.xfail(strict=True, reason=case["xfail"])] if "xfail" in case else []
            )
            yield pytest.param(case, id=f"{path.stem}:{number}", marks=known)


def asked(case: Case, ask: Ask) -> Answer:
    """The answer to a case, after a conversation that our own answers may be part of."""
    turns: list[str] = []
    for turn in case.get("after", []):
        turns.append(ask(turns[-1], *turns[:-1]).answer if turn is None else turn)
    return ask(case["ask"], *turns, **case.get("with", {}))


def _rows(wanted: list[str] | dict[str, str]) -> list[str]:
    return projects(**wanted) if isinstance(wanted, dict) else wanted


def _refs(answer: Answer) -> list[str]:
    return [str(row.get("ref")) for row in answer.data.rows] if answer.data else []


def _in_data(name: str) -> Callable[[Answer, Any], bool]:
    return lambda answer, item: getattr(answer.data, name, None) == item


CHECKS: dict[str, Callable[[Answer, Any], bool]] = {
    "status": lambda answer, item: (
        answer.status == item or (item == "unanswered" and answer.status != "answered")
    ),
    "one_of": lambda answer, item: answer.status in item,
    "never_status": lambda answer, item: answer.status not in item,
    "mode": lambda answer, item: answer.mode == item,
    "language": lambda answer, item: answer.language == item,
    "kind": _in_data("kind"),
    "total": _in_data("total"),
    "complete": _in_data("complete"),
    "least": lambda answer, item: len(_refs(answer)) >= item,
    "rows": lambda answer, item: sorted(_refs(answer)) == sorted(_rows(item)),
    "ranked": lambda answer, item: _refs(answer) == item,
    "columns": lambda answer, item: all(
        [row[name] for row in rows(answer)] == values for name, values in item.items()
    ),
    "shows": lambda answer, item: set(item) <= {each.ref for each in answer.citations[:3]},
    "only": lambda answer, item: {each.ref for each in answer.citations} == set(item),
    "papers": lambda answer, item: {each.document_id for each in answer.citations} == set(item),
    "begins": lambda answer, item: answer.answer.startswith(
        (item,) if isinstance(item, str) else tuple(item)
    ),
    "says": lambda answer, item: all(each in answer.answer for each in item),
    "never": lambda answer, item: not any(each in answer.answer for each in item),
    "never_begins": lambda answer, item: not answer.answer.startswith(tuple(item)),
    "order": lambda answer, item: all(
        -1 < answer.answer.find(first) < answer.answer.find(second) for first, second in item
    ),
    "notices": lambda answer, item: set(item) <= {each.code for each in answer.notices},
    "no_notices": lambda answer, item: not set(item) & {each.code for each in answer.notices},
    "notes": lambda answer, item: all(
        any(each.code == code and text in each.text for each in answer.notices)
        for code, text in item.items()
    ),
}
NO_CHECK = {"ask", "after", "alone", "over", "with", "of", "xfail"}


@pytest.mark.parametrize("case", list(cases()))
def test_a_case_is_answered_as_it_must_be(case: Case, over: Over) -> None:
    service = over(case.get("over", "sample"))
    answer = asked(case, service.ask)
    check(answer, service.corpus)
    wrong = {
        name: case[name] for name in case.keys() - NO_CHECK if not CHECKS[name](answer, case[name])
    }
    if "alone" in case:
        assert answer.answer == service.ask(case["ask"]).answer
    shown = [citation.ref for citation in answer.citations]
    assert not wrong, (case["of"], answer.status, answer.answer, _refs(answer), shown)
