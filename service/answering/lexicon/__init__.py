"""Word lists and patterns from data files, read and compiled once; and the files of the trained
models.
"""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib import resources
from typing import Any

from vectorstore.language import fold


@cache
def table(name: str) -> dict[str, Any]:
    """The file `name`.toml as a dictionary."""
    file = resources.files(__package__).joinpath(f"{name}.toml")
    return tomllib.loads(file.read_text(encoding="utf-8"))


def matches(name: str, section: str, text: str) -> bool:
    """True if any pattern of a section of the file `name` matches somewhere in the text, in
    whatever case.
    """
    return any(pattern.search(text) for pattern in _patterns(name, section))


@cache
def _patterns(name: str, section: str) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(source, re.IGNORECASE) for source in table(name)[section]["patterns"])


@cache
def folded_words(name: str, section: str, key: str) -> frozenset[str]:
    """A word list of the file `name`, folded like index terms (case, umlauts)."""
    return frozenset(fold(word) for word in table(name)[section][key])


def trained(name: str) -> bytes:
    """The content of a file that `python -m lab train` wrote."""
    return resources.files("service.answering").joinpath("trained", name).read_bytes()
