"""Nouns for records and documents (`lexicon/records.toml`): the kinds of records that they mean, in
compounds too.

A noun in the plural asks for several records; "Radprojekte" are projects on "Rad", "Ideen" projects
of a status.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache

from service.answering import lexicon
from vectorstore.language import fold, sentence_spans
from vectorstore.records import ItemKind, ItemStatus

WORD = re.compile(r"[\w./+-]*\w")  # with the dots and hyphens inside it
MARKS = "„“”\"'?!.,;:()"  # stripped from the words of a question
INFLECTION = re.compile(r"(?:e|en|er|es|em)$")  # of adjectives and ordinals
_SHORTEST_HEAD = 3  # letters before a noun in a compound


@dataclass(frozen=True, slots=True)
class Noun:
    """What a noun for records means: `kinds` in the order in which they are tried; () for a noun
    for documents.

    `status` is the one that the noun implies ("Ideen"); `head` precedes it in a compound: "Rad" in
    "Radprojekte".
    """

    kinds: tuple[ItemKind, ...]
    plural: bool
    status: ItemStatus | None
    head: str = ""


def asking_sentence(question: str) -> str:
    """The last sentence of a text that ends with a question mark; the whole text without one. What
    people tell of themselves before it restricts nothing.

    Sentences are told apart with a capital in front of each word: people may write all in lower
    case.
    """
    sentences = (question[start:end] for start, end in sentence_spans(question.title()))
    asking = [sentence for sentence in sentences if sentence.endswith("?")]
    return asking[-1] if asking else question


def fold_words(text: str) -> list[str]:
    """The words of a text, folded, with the dots and hyphens inside them."""
    return [fold(word) for word in WORD.findall(text)]


def find_record_noun(word: str) -> Noun | None:
    """The noun that a folded word is, or that ends it as a compound; None for other words.

    Of "radprojekte" it is the noun "projekte" with the head "rad", which must have at least three
    letters, so that fewer other words that happen to end so are taken apart.
    """
    if word in _nouns(""):
        return _nouns("")[word]
    longest = max((end for end in _nouns("ends_") if word.endswith(end)), key=len, default=None)
    if longest is None or len(word) - len(longest) < _SHORTEST_HEAD:
        return None
    return replace(_nouns("ends_")[longest], head=word.removesuffix(longest).rstrip("-"))


@cache
def plurals() -> Mapping[str, Noun]:
    """The nouns for several records, folded."""
    return {word: noun for word, noun in _nouns("").items() if noun.plural and noun.kinds}


@cache
def _nouns(prefix: str) -> Mapping[str, Noun]:
    """The nouns for records by folded word; with `prefix` "ends_" those by the end of a compound,
    else `prefix` is "".

    A noun with the same form in singular and plural is read as plural.
    """
    results: dict[str, Noun] = {}
    for form, plural in (("plural", True), ("singular", False)):
        for listed in lexicon.table("records")["noun"]:
            status = ItemStatus(listed["status"]) if "status" in listed else None
            noun = Noun(tuple(map(ItemKind, listed["kinds"])), plural, status)
            for word in listed.get(f"{prefix}{form}", ()):
                results.setdefault(fold(word), noun)
    return results
