"""What is wrong with a case, in one German sentence with its line and field."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

_SENTENCES = {
    "missing": "fehlt",
    "extra_forbidden": "gibt es nicht",
    "string_type": "muss Text sein",
    "string_too_short": "ist leer",
    "string_too_long": "ist zu lang (höchstens {max_length} Zeichen)",
    "string_pattern_mismatch": "hat nicht die Form {pattern}",
    "int_type": "muss eine ganze Zahl sein",
    "int_parsing": "muss eine ganze Zahl sein",
    "int_from_float": "muss eine ganze Zahl sein",
    "greater_than_equal": "muss mindestens {ge} sein",
    "less_than_equal": "muss höchstens {le} sein",
    "literal_error": "muss {expected} sein",
    "tuple_type": "muss eine Liste sein",
    "too_short": "hat zu wenige Einträge (mindestens {min_length})",
    "too_long": "hat zu viele Einträge (höchstens {max_length})",
    "model_type": "muss ein Objekt sein",
    "model_attributes_type": "muss ein Objekt sein",
    "dict_type": "muss ein Objekt sein",
}


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
    return _SENTENCES.get(str(one["type"]), str(one["msg"])).format_map(_Known(values)).replace(" or ", " oder ")


def _one(one: Mapping[str, Any]) -> str:
    field, said = ".".join(map(str, one["loc"])), message(one)
    if field:
        return f"{field}: {said}"
    return said if one["type"] == "value_error" else f"Die Zeile {said}"


class _Known(dict[str, object]):
    def __missing__(self, key: str) -> str:
        return f"({key})"
