"""The record nouns of a question: "Projekte", "Ziel", "Mobilitätsideen" and the kinds of record that they name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from typing import Any

from service.answering import lexicon
from service.answering.query import RecordNoun
from service.answering.understanding.document_names import words_of
from vectorstore.analysis import fold
from vectorstore.records import ItemKind, ItemStatus

STRUNG = re.compile(r"(?i)\b(?:und|oder|sowie|and|or)\b|,")
_ONE = frozenset({"ein", "einem", "eines", "das", "dem", "dieses", "diesem", "welches", "welchem", "jedes", "a"})


def record_nouns(text: str) -> list[RecordNoun]:
    """The record nouns of a text in its order."""
    words, nouns = words_of(text), list[RecordNoun]()
    for place, word in enumerate(words):
        for noun in _nouns_of(word, place):
            one = bool(place) and words[place - 1] in _ONE
            nouns.append(replace(noun, plural=False) if one else replace(noun, strung=_is_strung(noun, nouns, words)))
    return [replace(noun, written=_written(noun, text)) if noun.head else noun for noun in nouns]


def _is_strung(noun: RecordNoun, before: list[RecordNoun], words: list[str]) -> bool:
    """True for a plural that follows the plural before it in a row: the "Thesen" of "Ziele und Thesen"."""
    last = next((one for one in reversed(before) if one.plural and one.kinds), None)
    if last is None or not (noun.plural and noun.kinds):
        return False
    between = words[last.place + 1 : noun.place]
    return not between or (len(between) == 1 and STRUNG.fullmatch(between[0]) is not None)


def _written(noun: RecordNoun, text: str) -> str:
    """The head of a compound as it is written: "Pflege" of "Pflegeprojekte"."""
    word = next((one for one in text.split() if noun.word in words_of(one)), noun.word).strip('„“"?!.,:»«')
    length = next((end for end in range(1, len(word) + 1) if fold(word[:end]) == noun.head), len(word))
    return word[:length].rstrip("-")


def _nouns_of(word: str, place: int) -> Iterator[RecordNoun]:
    for entry, forms in _entries():
        for plural in (True, False):
            if word in forms["plural" if plural else "singular"]:
                yield _noun(entry, word, place, plural, "")
                return
    for entry, forms in _entries():
        for plural in (True, False):
            end = next((one for one in forms["ends_plural" if plural else "ends_singular"] if _ends(word, one)), None)
            if end is not None:
                yield _noun(entry, word, place, plural, word.removesuffix(end).rstrip("-"))
                return


def _ends(word: str, end: str) -> bool:
    return word.endswith(end) and len(word) - len(end) >= 3


def _noun(entry: dict[str, Any], word: str, place: int, plural: bool, head: str) -> RecordNoun:
    return RecordNoun(
        word=word,
        place=place,
        plural=plural,
        kinds=tuple(ItemKind(kind) for kind in entry["kinds"]),
        head=head,
        status=ItemStatus(entry["status"]) if "status" in entry else None,
        document=bool(entry.get("document")),
    )


@cache
def _entries() -> list[tuple[dict[str, Any], dict[str, frozenset[str]]]]:
    forms = ("singular", "plural", "ends_singular", "ends_plural")
    return [
        (entry, {form: frozenset(fold(word) for word in entry.get(form, ())) for form in forms})
        for entry in lexicon.table("records")["noun"]
    ]


def kinds_asked(nouns: tuple[RecordNoun, ...]) -> tuple[ItemKind, ...]:
    """The kinds that may be meant, in the order to try: those of the first noun in the plural, else the first noun."""
    named = [noun for noun in nouns if noun.plural and noun.kinds] or [noun for noun in nouns if noun.kinds]
    return (*named[0].kinds, *(kind for noun in named[1:] for kind in noun.kinds)) if named else (ItemKind.PROJECT,)
