"""Decisions are checked for what they say, go out as a table, and come in again the same."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from typer.testing import CliRunner

from prompts import say
from service import Role, Settings
from service.cli.commands import app
from service.office.uploads import split_lines
from service.people import (
    AuditLog,
    Author,
    Decision,
    DecisionKind,
    Decisions,
    InvalidDecision,
    PeopleStore,
    corrections_of,
    decisions_csv,
    read_decisions,
)
from service.people.decisions import PlannedChange, find_problems
from service.people.decisions_table import parse_item, parse_moment
from tests.ingest.cases import cases
from tests.people.conftest import REPORT, TODAY, night_bus
from tests.service.county import document, parsed
from vectorstore import TableError
from vectorstore.language import collapse_spaces
from vectorstore.records import DocumentKind, ItemKind
from vectorstore.storage import Database

CITED = ((REPORT, "5.1.1.1"),)


def fix(field: str, value: str = "", **more: object) -> Decision:
    text = {
        "kind": DecisionKind.VALUE,
        "items": CITED,
        "reason": "x",
        "field": field,
        "value": value,
        **more,
    }
    return Decision(**text)  # type: ignore[arg-type]


ALL = [
    night_bus(value="=SUMME(A1)\n„so“; und", person="Ada", day=date(2026, 11, 20)),
    Decision(kind=DecisionKind.ITEM, wordings=("Was?", "Wie?"), items=CITED),
    Decision(kind=DecisionKind.GAP, wordings=("Ein Freibad?",), reason="fehlt"),
    fix("unit", "'neu\nund mehr", read="-alt", until=TODAY),
    fix("cost"),
]


def test_a_table_comes_in_as_it_went_out(tmp_path: Path) -> None:
    stored = Decisions(Database(tmp_path)).add(ALL)
    file = tmp_path / "alle.csv"
    file.write_text(decisions_csv(stored), encoding="utf-8", newline="")
    found, rejected = read_decisions(file)
    assert rejected == [] and [hit.content for hit in found] == [item.content for item in ALL]
    assert [(hit.person, hit.reason, hit.read) for hit in found] == [
        (item.person, item.reason, item.read) for item in ALL
    ]


SIMPLE = {
    "value": fix("cost"),
    "gap": Decision(kind=DecisionKind.GAP),
    "item": Decision(kind=DecisionKind.ITEM),
    "text": night_bus(),
}
MEANT = {"LONG": "x" * 5000, "NONE": None}


@cases("kind", "changes", "key")
def test_what_can_be_no_decision_says_why(kind: str, changes: dict[str, Any], key: str) -> None:
    meant = {
        name: tuple(MEANT.get(item, item) for item in value)
        if isinstance(value, list)
        else MEANT.get(value, value)
        for name, value in changes.items()
    }
    decision = replace(SIMPLE[kind], **meant)
    (problem,) = find_problems(decision, TODAY)
    beginning = say(key).partition("{")[0]
    assert problem.startswith(beginning) and len(problem) > 10


@cases("typed", "stored")
def test_days_are_typed_as_germans_write_them(typed: str, stored: str) -> None:
    assert parse_moment(typed) == stored == parse_moment(stored)


def test_a_correction_holds_until_its_last_day_and_while_nobody_takes_it_back(
    tmp_path: Path,
) -> None:
    decisions = Decisions(Database(tmp_path), lambda: TODAY)
    first, second, third = decisions.add(
        [fix("cost", "1", until=TODAY), fix("cost", "2"), fix("title", "x")]
    )
    before = decisions.version()
    assert decisions.undo(third.id, "Ada") and not decisions.undo(third.id, "Ada")
    assert decisions.version() != before
    decisions.publish([third.id])
    assert corrections_of(decisions.all(), TODAY) == [first.correction, second.correction]
    assert corrections_of(decisions.all(), TODAY + timedelta(days=1)) == [second.correction]


def decide(decisions: Decisions, decision: Decision, person: str, replaced: int = 0) -> Decision:
    """Store a decision, in place of the one with the id `replaced`, and return it with its id."""
    (stored,) = decisions.change([PlannedChange(decision, replaced)], person)
    return stored


def test_of_two_who_replace_one_decision_the_second_is_told(tmp_path: Path) -> None:
    decisions = Decisions(Database(tmp_path), lambda: TODAY)
    (before,) = decisions.add([fix("cost", "1")])
    after = decide(decisions, fix("cost", "2"), "Ada", before.id)
    with pytest.raises(InvalidDecision, match="inzwischen jemand anderes"):
        decide(decisions, fix("cost", "3"), "Eva", before.id)
    assert decisions.standing() == [after]
    assert next(each.undone_by for each in decisions.all() if each.id == before.id) == "Ada"


def test_a_correction_is_in_effect_from_publishing_to_publishing(tmp_path: Path) -> None:
    decisions = Decisions(Database(tmp_path), lambda: TODAY)

    def effective() -> list[str]:
        return [decision.value for decision in decisions.published()]

    first = decide(decisions, fix("cost", "1"), "Ada")
    assert first.day is None and first.is_drafted and effective() == []
    decisions.publish([first.id])
    (published,) = decisions.published()
    assert (published.day, published.is_drafted) == (TODAY, False)
    second = decide(decisions, fix("cost", "2"), "Eva", first.id)
    assert effective() == ["1"] and [each.value for each in decisions.standing()] == ["2"]
    third = decide(decisions, fix("cost", "3"), "Ada", second.id)
    decisions.publish([first.id, second.id])  # of what was reviewed, the second is gone since
    assert effective() == []
    decisions.publish([third.id])
    assert effective() == ["3"]
    undone = {each.id: (each.undone_by, each.undone_day) for each in decisions.all()}
    assert undone == {1: ("Eva", TODAY), 2: ("Ada", TODAY), 3: ("", None)}


def test_changes_of_a_record_are_stored_all_or_none(tmp_path: Path) -> None:
    decisions = Decisions(Database(tmp_path), lambda: TODAY)
    cost, title = decisions.add([fix("cost", "1"), fix("title", "x")])
    decisions.undo(title.id, "Ada")
    for late in (PlannedChange(None, title.id), PlannedChange(fix("title", "y"), title.id)):
        with pytest.raises(InvalidDecision, match="inzwischen jemand anderes"):
            decisions.change([PlannedChange(fix("cost", "2"), cost.id), late], "Eva")
        assert decisions.standing() == [cost]
    (stored,) = decisions.change([PlannedChange(fix("cost", "2"), cost.id)], "Eva")
    assert decisions.standing() == [stored]


def test_a_wrong_row_costs_only_itself(tmp_path: Path) -> None:
    file = tmp_path / "falsch.csv"
    file.write_text(
        "kind;wordings;items;field;value\ngap;Was?;;\nbald;Wie?;;\ngap;;;\nvalue;;a;b\nvalue;;a;1;colour;x\n"
        "item;Wie?;https://[x];;\n"
    )
    found, rejected = read_decisions(file)
    assert [hit.wordings for hit in found] == [("Was?",)] and [item.line for item in rejected] == [
        3,
        4,
        5,
        6,
        7,
    ]
    for content in (b"a;b\n1;2\n", b"\xff\xfe", b'kind;wordings;items;field\n"gap;x'):
        file.write_bytes(content)
        with pytest.raises(TableError):
            read_decisions(file)


@cases("line")
def test_an_item_is_named_by_id_and_key_or_by_the_address_of_its_page(line: str) -> None:
    assert parse_item(line) == ("a-2026", "5.1")


def test_the_commands_take_each_decision_once(tmp_path: Path) -> None:
    data, file = tmp_path / "data", tmp_path / "alle.csv"
    file.write_text(
        decisions_csv(Decisions(Database(tmp_path)).add(ALL)), encoding="utf-8", newline=""
    )

    def call(*words: str) -> str:
        done = CliRunner().invoke(app, ["decisions", *words, str(file), "--data-dir", str(data)])
        assert done.exit_code == 0, done.output
        return done.output

    assert "5 Entscheidungen übernommen, 0 schon da" in call("import")
    assert "0 Entscheidungen übernommen, 5 schon da" in call("import")
    file.unlink()
    assert "5 Entscheidungen geschrieben" in call("export")
    assert len(read_decisions(file)[0]) == 5


@pytest.mark.parametrize(
    "decision",
    [Decision(kind=DecisionKind.GAP, wordings=("Ein Freibad?",)), fix("unit", "70 Umwelt")],
)
def test_of_many_who_decide_the_same_at_once_one_does(tmp_path: Path, decision: Decision) -> None:
    decisions = Decisions(Database(tmp_path), lambda: TODAY)
    decisions.add([Decision(kind=DecisionKind.GAP, wordings=("Ein Hallenbad?",))])
    at_once = Barrier(8)

    def has_decided(number: int) -> bool:
        at_once.wait()
        try:
            decide(decisions, decision, f"Person {number}")
        except InvalidDecision:
            return False
        return True

    with ThreadPoolExecutor(8) as people:
        assert sorted(people.map(has_decided, range(8))) == [False] * 7 + [True]
    assert len(decisions.standing()) == 2


def test_a_line_of_a_plain_text_splits_a_record_whatever_spaces_it_has(tmp_path: Path) -> None:
    """A browser sends the line with single spaces; a text may have columns of them."""
    database, body = Database(tmp_path), "Er wird gebaut.\n\n2.   Rastplatz  am See\n\nMit Bänken."
    measure = {"kind": ItemKind.MEASURE, "ref": "1", "title": "Radweg", "body": body}
    paper = parsed(document("plan", "Plan", DocumentKind.PLAN, None), [measure])
    offered = split_lines(paper.document, paper.items[0])[0]
    typed = {"record": collapse_spaces(offered), "reason": "Zwei Vorhaben"}
    people = PeopleStore(database, Settings(data_dir=tmp_path), lambda: None)
    ada = Author("Ada", Role.EDITOR, AuditLog(database))
    people.correct(paper.items[0], paper.document, typed, ada)
    assert [each.value for each in people.decisions.on_fields()] == [offered]
    assert offered != typed["record"]
