"""Every action that the code notes has a German word: nobody reads "learning.undo" in the log."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from service.audit_words import ACTIONS
from service.curated.models import Action

SERVICE = Path(__file__).resolve().parents[2] / "service"
NOTING = {"note": 2, "audited": 1, "_noted": 3}  # where the action stands among the arguments

MADE = ("f'learning.{action}'", "f'curated-{version.action.value}'")  # of constants that are looked at otherwise


def constants(said: ast.expr) -> Iterator[str]:
    """The words that an action may be; one that is made up cannot be looked for."""
    if isinstance(said, ast.IfExp):
        yield from (*constants(said.body), *constants(said.orelse))
        return
    assert isinstance(said, ast.Constant) and isinstance(said.value, str), f"no constant: {ast.unparse(said)}"
    yield said.value


def noted(tree: ast.AST) -> Iterator[str]:
    """The actions that calls of `note`, `audited` and `_noted` name, `partial(audit.note, ...)` among them."""
    for call in (one for one in ast.walk(tree) if isinstance(one, ast.Call)):
        asked = [call.func, *call.args]
        if isinstance(call.func, ast.Name) and call.func.id == "partial":
            asked = list(call.args)
        name = getattr(asked[0], "attr", getattr(asked[0], "id", "")) if asked else ""
        if ast.unparse(call.func) == "who.note":  # service.learning.deciding.Deciding
            yield from (f"learning.{one}" for one in constants(call.args[0]))
            continue
        place = NOTING.get(name)
        if place is not None and isinstance(asked[0], ast.Name) and name == "note":
            place += 1  # noting.note: the log comes first
        if place is not None and len(asked) > place + 1:
            said = asked[place + 1]
            yield from () if isinstance(said, ast.Name) or ast.unparse(said) in MADE else constants(said)


def test_an_action_that_is_made_up_is_told() -> None:
    for call in ("who.note(f'cases-{told}', name)", "audited(settings, f'a{b}', name)"):
        with pytest.raises(AssertionError, match="no constant"):
            list(noted(ast.parse(call)))


def test_every_action_has_a_word() -> None:
    found = {one for path in SERVICE.rglob("*.py") for one in noted(ast.parse(path.read_text(encoding="utf-8")))}
    assert {
        "upload",
        "correction",
        "signed out",
        "learning.undo",
        "learning.extend",
        "learning.cases-take",
        "learning.publish-worse",
        "ingested",
        "draft-front",
        "rollback",
    } <= found
    assert sorted(found - set(ACTIONS)) == []
    assert {f"curated-{one.value}" for one in Action} <= set(ACTIONS)
