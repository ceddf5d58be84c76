"""What is wrong with a case, in one German sentence with its line and field."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from prompts import reworded, say


@dataclass(frozen=True, slots=True)
class LineError:
    """One thing that is wrong; `place` names file and line ("faelle.jsonl, Zeile 3")."""

    place: str
    message: str

    def __str__(self) -> str:
        return f"{self.place}: {self.message}"


class CaseError(ValueError):
    """Case files are not in form; says every line that is wrong."""

    def __init__(self, problems: Sequence[LineError]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = tuple(problems)


def sentence(error: ValidationError) -> str:
    """All that is wrong with one line: "expect.count: muss eine ganze Zahl sein; ..."."""
    return "; ".join(_one(dict(one)) for one in error.errors(include_url=False))


def message(one: Mapping[str, Any]) -> str:
    """One of pydantic's errors in German, without its field."""
    values = one.get("ctx") or {}
    if one["type"] == "value_error":
        return str(values.get("error", one["msg"]))
    return (
        reworded("de/case_problems")
        .get(str(one["type"]), str(one["msg"]))
        .format_map(_Known(values))
        .replace(" or ", " oder ")
    )


def _one(one: Mapping[str, Any]) -> str:
    field, said = ".".join(map(str, one["loc"])), message(one)
    if field:
        return f"{field}: {said}"
    return said if one["type"] == "value_error" else say("cases.the_line", said=said)


class _Known(dict[str, object]):
    def __missing__(self, key: str) -> str:
        return f"({key})"
