"""What the words of a text say of a document: its kind, status and date, the administration that
publishes it; the words are in metadata_words.toml.
"""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from vectorstore.language import MONTHS, collapse_spaces, pattern_of_any, word_list
from vectorstore.records import DocumentKind

WORD = re.compile(r"[^\W\d_]+")
_HYPHENATED = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")


@cache
def cue_words() -> dict[str, dict[str, list[str]]]:
    """Return the cue words of kinds, statuses, dates and publishers by table and key; see
    metadata_words.toml.
    """
    return tomllib.loads(
        files("ingest").joinpath("metadata_words.toml").read_text(encoding="utf-8")
    )


@cache
def _cue(table: str, key: str) -> re.Pattern[str]:
    """Return the pattern that finds the cues of a table and key.

    A word matches with endings, and at the end of a compound: "konzept" in "Klimaschutzkonzepts".
    "strategisch*" matches each word that begins so. Any other cue is matched as it is. Without cues
    the pattern finds nothing.
    """
    patterns = []
    for cue in cue_words()[table].get(key, ()):
        if cue.endswith("*"):
            patterns.append(rf"\b{re.escape(cue[:-1])}")
        elif cue.isalpha():
            patterns.append(rf"{re.escape(cue)}(?:e?s|en?|n)?\b")
        else:
            patterns.append(re.escape(cue))
    return re.compile("|".join(patterns) or r"(?!)", re.IGNORECASE)


def has_cue(text: str, table: str, key: str) -> bool:
    """True if a text contains a cue of this table and key."""
    return _cue(table, key).search(collapse_spaces(text)) is not None


class NamedKind(NamedTuple):
    """A document kind that a text names; `is_own` is false for a topic ("zum Haushaltsplan")."""

    kind: DocumentKind
    is_own: bool


def kind_in(text: str) -> NamedKind | None:
    """Return the first document kind named in a text, None without one.

    A word that only ends like a kind is passed over ("Tagesordnung" is no "Ordnung"). A kind behind
    a word such as "zum" is what the document is about, and not what it is.
    """
    words = WORD.findall(text)
    for previous, word in zip(["", *words], words, strict=False):
        kind = _kind_of_word(word)
        if kind is not None and not has_cue(word, "no_kind", "words"):
            is_topic = previous.casefold() in cue_words()["no_kind"]["about"]
            return NamedKind(kind, not is_topic)
    return None


def _kind_of_word(word: str) -> DocumentKind | None:
    """Return the document kind whose cue begins first in a word, None without a cue.

    As most cues match at the end of a word, this is the longest of them: "Haushaltsplan" is a
    budget, and no plan.
    """
    starts = {}
    for kind in cue_words()["kinds"]:
        match = _cue("kinds", kind).search(word)
        if match:
            starts[kind] = match.start()
    if not starts:
        return None
    return DocumentKind(min(starts, key=starts.__getitem__))


def names_matter(title: str) -> bool:
    """True if a title names what the document is about.

    False for a title that names only its form, such as "Stellungnahme zum Antrag 12/2025".
    Administrations, political groups, months and stopwords do not count as a matter either.
    """
    for body in bodies_in(title):
        title = title.replace(body, " ")
    known = {*cue_words()["subject"]["described"], *cue_words()["subject"]["forms"], *MONTHS}
    for word in _HYPHENATED.findall(title.casefold()):
        stems = {word.removesuffix(ending) for ending in ("", "s", "es", "e", "en", "er", "n")}
        is_formal = known & stems or word in word_list("stopwords") or len(word) < 2
        if not is_formal and not has_cue(word, "publisher", "groups"):
            return True
    return False


def bodies_in(text: str) -> list[str]:
    """Return the administrations that a text names, in the nominative.

    "des Landkreises Quonau" gives "Landkreis Quonau".
    """
    return [
        match["circle"] or f"{match['body']} {match['name']}"
        for match in _body_pattern().finditer(text)
    ]


@cache
def _body_pattern() -> re.Pattern[str]:
    """Return the pattern of an administration: "Stadt Bad Quellstadt", "Landkreises Quonau",
    "Rhein-Lahn-Kreis".

    Its groups are `body` ("Landkreis", without an ending) and `name` ("Quonau"), or `circle` for a
    name that ends with "-Kreis".
    """
    words = cue_words()["publisher"]
    bodies = pattern_of_any(words["bodies"])
    part = r"[A-ZÄÖÜ][\wäöüß]+(?:-[A-ZÄÖÜ]?[\wäöüß]+)*"
    name = (
        rf"(?!{pattern_of_any(words['no_name'])}\b)(?:(?:Bad|Sankt|St\.|Groß|Klein|Neu)\s)?{part}"
    )
    more = r"(?:\s(?:am|an der|im|in der|ob der|vor der)\s[A-ZÄÖÜ][\wäöüß]+)?"
    circle = r"[A-ZÄÖÜ]\w+(?:-[A-ZÄÖÜ]\w+)*-Kreis"
    return re.compile(
        rf"\b(?P<body>{bodies})(?:e?s)?\s(?P<name>{name}{more})|\b(?P<circle>{circle})(?:es)?\b"
    )
