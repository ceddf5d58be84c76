"""The list of security points names tests that exist, and every point that is not met says why."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

from tests.test_docs import rows

REPOSITORY = Path(__file__).resolve().parents[1]
POINTS = rows(
    (REPOSITORY / "docs/decisions/security-points.md").read_text(encoding="utf-8"), "point"
)


@cache
def names_in(path: str) -> set[str]:
    tree = ast.parse((REPOSITORY / path).read_text(encoding="utf-8"))
    return {
        item.name
        for item in tree.body
        if isinstance(item, ast.FunctionDef) and item.name.startswith("test_")
    }


def test_every_named_test_exists() -> None:
    named = [
        tuple(match.split("::"))
        for *_, cell in POINTS
        for match in re.findall(r"`(tests/[^`]+)`", cell)
    ]
    assert len(named) > 40
    assert [item for item in named if item[1] not in names_in(item[0])] == []


def test_what_holds_has_a_test_and_what_does_not_a_reason() -> None:
    for point, _, holds, shown in POINTS:
        assert (
            shown or ":" in holds or "documented" in holds or "by " in holds or "against" in holds
        ), point
        assert not holds.startswith("yes") or shown, point
