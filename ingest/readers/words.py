"""Words by which the readers tell what a number, heading or status is; they are in `words.toml`."""

from __future__ import annotations

import re
import tomllib
from importlib.resources import files

_TABLES = tomllib.loads((files("ingest.readers") / "words.toml").read_text(encoding="utf-8"))
WORDS: dict[str, list[str]] = _TABLES["words"]


def any_of(name: str) -> str:
    """Return the pattern of the words with a name in the table `words`."""
    return f"(?:{'|'.join(WORDS[name])})"


def patterns(name: str) -> dict[str, re.Pattern[str]]:
    """Return the patterns of a table by what they tell, in the order of the file."""
    table = _TABLES[name].items()
    return {meaning: re.compile(pattern, re.IGNORECASE) for meaning, pattern in table}
