"""The words of notation, read once from `language/notation.toml`, as the alternatives of patterns."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from importlib.resources import files
from typing import Any

TABLE: dict[str, Any] = tomllib.loads(
    files("vectorstore.language").joinpath("notation.toml").read_text(encoding="utf-8")
)
SPACE = r"(?:[ \u00a0\u202f]|\n(?!\n))"  # within a paragraph; a tab parts cells


def one_of(words: Iterable[str]) -> str:
    """Return a pattern for one of the words, the longest that fits."""
    return "(?:" + "|".join(re.escape(word) for word in sorted(words, key=lambda word: (-len(word), word))) + ")"


def turned(table: dict[str, list[str]]) -> dict[str, str]:
    """Return what each spelling stands for."""
    return {spelling: name for name, spellings in table.items() for spelling in spellings}


MONTHS: dict[str, int] = {
    **{name.lower(): place for place, name in enumerate(TABLE["dates"]["months"], start=1)},
    **{name.lower(): month for name, month in TABLE["dates"]["short"].items()},
}
MAGNITUDES: dict[str, int] = TABLE["magnitudes"]
CURRENCIES: dict[str, int] = TABLE["currencies"]
UNITS: dict[str, str] = turned(TABLE["units"])
PER: dict[str, str] = turned(TABLE["per"])
