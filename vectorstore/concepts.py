"""The topic vocabulary's concepts, read from `vocabulary/*.toml`.

A file holds `field = "..."` and any number of `[[concept]]` with id, label, terms, everyday and english.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from importlib.resources import files
from typing import Any


@dataclass(frozen=True, slots=True)
class Concept:
    """One topic of local government: what administrations call it, what people say, and what it is in English.

    `area` is the part of its field that it belongs to: the id of the first concept of its file.
    """

    id: str
    label: str
    field: str
    terms: tuple[str, ...] = ()
    everyday: tuple[str, ...] = ()
    english: tuple[str, ...] = ()
    area: str = ""

    @property
    def administrative(self) -> tuple[str, ...]:
        """Label and terms: the words that documents use."""
        return (self.label, *self.terms)


def shipped_sources() -> list[str]:
    """The texts of the vocabulary files that come with the program, by file name."""
    folder = files("vectorstore").joinpath("vocabulary")
    if not folder.is_dir():
        return []
    found = sorted((entry for entry in folder.iterdir() if entry.name.endswith(".toml")), key=lambda entry: entry.name)
    return [entry.read_text(encoding="utf-8") for entry in found]


def sources_digest(sources: Iterable[str]) -> str:
    """A digest that changes with any letter of the vocabulary."""
    digest = sha256()
    for source in sources:
        digest.update(source.encode())
    return digest.hexdigest()[:16]


def read_concepts(source: str) -> list[Concept]:
    """The concepts of one file; raises ValueError where it is no TOML or a concept has no id or label."""
    parsed = tomllib.loads(source)
    field = str(parsed.get("field", ""))
    entries = parsed.get("concept", [])
    return [_concept(entry, field, str(entries[0].get("id", ""))) for entry in entries]


def _concept(entry: dict[str, Any], field: str, area: str) -> Concept:
    if not entry.get("id") or not entry.get("label"):
        raise ValueError(f"a concept of {field!r} has no id or no label: {entry}")
    lists: dict[str, Sequence[str]] = {name: entry.get(name, []) for name in ("terms", "everyday", "english")}
    words = {name: tuple(list_) for name, list_ in lists.items()}
    return Concept(entry["id"], entry["label"], field, area=area, **words)
