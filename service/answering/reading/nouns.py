"""Nouns for records and documents (`lexicon/records.toml`): which kinds of records they mean, and what is before them.

A noun in the plural asks for several records; "Radprojekte" are projects on "Rad", "Ideen" projects of a status.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache

from service.answering import lexicon
from vectorstore.analysis import fold
from vectorstore.records import ItemKind, ItemStatus

_WORD = re.compile(r"[\w./+-]*\w")
_SHORTEST_HEAD = 3  # letters before a noun in a compound


@dataclass(frozen=True, slots=True)
class Noun:
    """What a noun for records means, kinds in the order in which they are tried; none for a noun for documents.

    `head` is what is before it in a compound: "Rad" in "Radprojekte".
    """

    kinds: tuple[ItemKind, ...]
    plural: bool
    status: ItemStatus | None
    head: str = ""


def words_of(text: str) -> list[str]:
    """The words of a text, folded, with the dots and hyphens inside them."""
    return [fold(word) for word in _WORD.findall(text)]


def noun_of(word: str) -> Noun | None:
    """The noun that a folded word is, or ends with."""
    if word in _nouns(""):
        return _nouns("")[word]
    ends = sorted((end for end in _nouns("ends_") if word.endswith(end)), key=len)
    if ends and len(word) - len(ends[-1]) >= _SHORTEST_HEAD:
        return replace(_nouns("ends_")[ends[-1]], head=word.removesuffix(ends[-1]).rstrip("-"))
    return None


@cache
def plurals() -> Mapping[str, Noun]:
    """The nouns for several records, folded."""
    return {word: noun for word, noun in _nouns("").items() if noun.plural and noun.kinds}


@cache
def _nouns(ends: str) -> Mapping[str, Noun]:
    """Words, or with "ends_" ends of them, folded; a word that is both one and several is several."""
    results: dict[str, Noun] = {}
    for form, plural in (("plural", True), ("singular", False)):
        for entry in lexicon.table("records")["noun"]:
            status = ItemStatus(entry["status"]) if "status" in entry else None
            noun = Noun(tuple(map(ItemKind, entry["kinds"])), plural, status)
            for word in entry.get(f"{ends}{form}", ()):
                results.setdefault(fold(word), noun)
    return results
