"""Cases of tests that are plain rows of words and what is to be made of them, kept as data."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any


@cache
def tables() -> dict[str, dict[str, list[Any]]]:
    return tomllib.loads((Path(__file__).parent / "phrases.toml").read_text(encoding="utf-8"))


def phrases(file: str, test: str) -> list[Any]:
    return [as_tuple(row) for row in tables()[file][test]]


def as_tuple(value: Any) -> Any:
    return tuple(as_tuple(item) for item in value) if isinstance(value, list) else value
