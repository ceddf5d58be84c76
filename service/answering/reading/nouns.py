"""The nouns for records: which kinds a word means and whether it is several (`lexicon/records.toml`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache

from service.answering import lexicon
from vectorstore.analysis import fold
from vectorstore.records import ItemKind, ItemStatus

_SHORTEST_HEAD = 3


@dataclass(frozen=True, slots=True)
class Noun:
    """What a noun for records means, kinds in the order in which they are tried; none for a noun for papers.

    `head` is what stands before it in a compound: "Rad" in "Radprojekte".
    """

    kinds: tuple[ItemKind, ...]
    plural: bool
    status: ItemStatus | None
    head: str = ""


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
    """Words, or ends of them, folded; a word that is both one and several is several."""
    found: dict[str, Noun] = {}
    for form, plural in (("plural", True), ("singular", False)):
        for entry in lexicon.table("records")["noun"]:
            status = ItemStatus(entry["status"]) if "status" in entry else None
            noun = Noun(tuple(map(ItemKind, entry["kinds"])), plural, status)
            for word in entry.get(f"{ends}{form}", ()):
                found.setdefault(fold(word), noun)
    return found
