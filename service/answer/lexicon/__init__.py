"""Cue words and patterns as data files, read once and compiled."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib import resources
from typing import Any

from vectorstore.analysis import fold


@cache
def table(name: str) -> dict[str, Any]:
    """The file `name`.toml as a dictionary; raises FileNotFoundError where there is none."""
    return tomllib.loads(resources.files(__package__).joinpath(f"{name}.toml").read_text(encoding="utf-8"))


@cache
def patterns(name: str, path: str) -> tuple[re.Pattern[str], ...]:
    """The compiled regular expressions under the dotted `path` of a file ("asked.date" or "count")."""
    entry = table(name)
    for part in path.split("."):
        entry = entry[part]
    return tuple(re.compile(source, re.IGNORECASE) for source in entry.get("cues") or entry["patterns"])


def matches(name: str, path: str, text: str) -> bool:
    """True where any pattern under `path` occurs in the text."""
    return any(pattern.search(text) for pattern in patterns(name, path))


@cache
def words(name: str, section: str) -> dict[str, tuple[str, ...]]:
    """The word lists of a section, by key."""
    return {key: tuple(values) for key, values in table(name)[section].items()}


@cache
def folded(name: str, section: str, key: str) -> frozenset[str]:
    """One word list, folded as index terms are."""
    return frozenset(fold(word) for word in words(name, section)[key])


@cache
def lines(file_name: str, section: int = 0) -> frozenset[str]:
    """The lines of a text file in lower case; sections are divided by lines that begin with "#"."""
    sections: list[set[str]] = [set()]
    for line in resources.files(__package__).joinpath(file_name).read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            sections.append(set())
        elif line.strip():
            sections[-1].add(line.strip().lower())
    filled = [one for one in sections if one]
    return frozenset(filled[section]) if section < len(filled) else frozenset()
