"""How a document is called: the words of its title, publisher and kind, and whether a question says them."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from functools import cache, lru_cache

from rapidfuzz import fuzz

from service.answering import lexicon
from vectorstore.analysis import fold
from vectorstore.records import Document

_WORD = re.compile(r"[\w./+-]*\w")
ENDINGS = ("er", "ern", "ers", "erin", "s", "es", "'s", "ens", "ischen", "ische", "isches")
TYPING_ERROR = 84  # least likeness of a mistyped name, 0 to 100
LEAST_MISTYPED, MOST_LETTERS_APART = 6, 3
_SHORTEST_NAME = 4
_SHORTEST_BEGINNING = 3
GOAL_WORDS = frozenset({"ziele", "zielen", "zielpapier", "zielfeld", "zielfelder", "zielfeldern", "goals"})
GENERIC = frozenset(lexicon.folded("words", "filler", "names"))
SaidBy = Callable[[str], Collection[str]]  # the names of counties that a folded word says


def parted(words: list[str]) -> list[str]:
    """The words and the parts of those with hyphens."""
    return [*words, *(part for word in words if "-" in word for part in word.split("-"))]


def printed_in(text: str) -> list[str]:
    """The words of a text, with the dots and hyphens inside them."""
    return _WORD.findall(text)


def words_of(text: str) -> list[str]:
    """The words of a text, folded, with the dots and hyphens inside them."""
    return [fold(word) for word in _WORD.findall(text)]


@lru_cache(maxsize=20_000)
def says_name(word: str, name: str) -> bool:
    """True where a word is a name, an ending or a typing error aside: "Soester", "Coesfelds"."""
    stem = name.removesuffix("e")
    if word == name or any(word == stem + ending or word == name + ending for ending in ENDINGS):
        return True
    if len(name) < LEAST_MISTYPED or abs(len(word) - len(name)) > MOST_LETTERS_APART:
        return False
    return word[0] == name[0] and max(fuzz.ratio(word, name), fuzz.ratio(word, name + "er")) >= TYPING_ERROR


@cache
def kind_cues() -> frozenset[str]:
    """The words that name kinds of document, folded."""
    return frozenset(
        fold(cue).removeprefix("-") for cues in lexicon.words("nouns", "document_kind").values() for cue in cues
    )


def county_names(document: Document) -> list[str]:
    """The name of a publisher, folded: "Kreis Soest" gives "soest", "Landkreis Bad Dürkheim" gives "duerkheim"."""
    names = []
    for word in _WORD.findall(document.publisher):
        folded = fold(word.split("/")[0])
        generic = folded in GENERIC or folded.endswith("-fraktion") or len(folded) < _SHORTEST_NAME
        if not generic and word[0].isupper() and not word.isupper():
            names.append(folded)
    return names[-1:]


def title_words(document: Document, counties: SaidBy) -> set[str]:
    """The words of a title that tell it from others: no county, no filler."""
    common = GENERIC | kind_cues() | GOAL_WORDS
    return {
        word
        for word in words_of(document.title)
        if len(word) > 3 and word not in common and not word.startswith("strategisch") and not counties(word)
    }


def short_names(document: Document, counties: SaidBy) -> list[str]:
    """The parts of a title that people use as its name: "Coesfeld 12.0" before the dash, what stands in quotes."""
    parts = [" ".join(words_of(part)) for part in re.split(r"\s[–—-]\s|[:(„“\"|]", document.title)]
    return [part for part in parts if len(part) > 6 and len(part.split()) > 1 and not _only_county(part, counties)]


def _only_county(part: str, counties: SaidBy) -> bool:
    return all(word in GENERIC or counties(word) for word in part.split())


def says_kind(document: Document, words: list[str], text: str) -> bool:
    """True where a kind of document is said: as a word, or as a compound that the document's own title bears out."""
    for cue in lexicon.words("nouns", "document_kind").get(document.kind.value, ()):
        if not cue.startswith("-") and f" {fold(cue)} " in f" {text} ":
            return True
        if cue.startswith("-") and any(is_own_compound(word, cue[1:], document) for word in words):
            return True
    return False


def is_own_compound(word: str, end: str, document: Document) -> bool:
    """True for "Lärmschutzantrag" where the motion is on Lärmschutz; a "Bauantrag" is another one."""
    if not word.endswith(end):
        return False
    head = word.removesuffix(end).rstrip("-")
    own = parted(words_of(f"{document.title} {document.publisher} {document.id.replace('-', ' ')}"))
    begins = [part for part in own if len(part) >= _SHORTEST_BEGINNING]
    return (
        not head
        or head in GENERIC
        or any(part[:6].startswith(head[:6]) or head.startswith(part[:6]) for part in begins)
    )
