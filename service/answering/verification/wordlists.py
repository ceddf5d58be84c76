"""The words that decide what a clause says (`vectorstore/language/deciding.toml`), its figures and
its statuses.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

from german_clauses import Clause, Stage, matches, normalize_formulas
from service import wording
from vectorstore.language import Quantities, extract_quantities
from vectorstore.records import ItemStatus

_STATUS_WORDS = "|".join(map(re.escape, sorted(wording.STATUS_WORDS, key=len, reverse=True)))
# "geplant" in "geplanten"
_STATUS = re.compile(rf"(?i)(?<![\w-])({_STATUS_WORDS})(?:e[nrsm]?|n)?(?![\w-])")
_AFFIRMING_WORDS = {"nur", "nicht"}  # "nicht nur"


@cache
def word_lists() -> dict[str, Any]:
    """The word lists with which sentences are compared with their sources, by table and name."""
    return tomllib.loads(
        files("vectorstore.language").joinpath("deciding.toml").read_text(encoding="utf-8")
    )


@lru_cache(maxsize=65536)
def is_listed(word: str, table: str, name: str = "words") -> bool:
    """True if a list of a table contains a lower-case word or pair of words."""
    return matches(word, word_lists()[table][name])


@lru_cache(maxsize=65536)
def _classes_of(word: str) -> frozenset[str]:
    classes = word_lists()["deciding"].items()
    return frozenset(name for name, lists in classes if matches(word, lists["says"]))


def deciding_words(clause: Clause) -> dict[str, str]:
    """The deciding words of a clause by class: {"only": "lediglich"}; one for each class.

    "nicht nur" excludes and denies nothing, so its words do not count where a clause has it.
    """
    is_affirmed = clause.includes_word_of("affirmed")
    words = clause.words - _AFFIRMING_WORDS if is_affirmed else clause.words
    found = {}
    for word in sorted(words):
        for class_ in _classes_of(word):
            found[class_] = word
    return found


@lru_cache(maxsize=65536)
def synonym_groups(word: str) -> frozenset[int]:
    """The numbers of the synonym groups that contain a lower-case word."""
    groups = word_lists()["synonyms"]["groups"]
    return frozenset(number for number, group in enumerate(groups) if matches(word, group))


@lru_cache(maxsize=65536)
def figures_of(text: str) -> Quantities:
    """The numbers, dates and codes of a text, in German notation, those of its formulas too."""
    return extract_quantities(normalize_formulas(text))


def statuses_in(clause: Clause) -> Iterator[tuple[str, frozenset[ItemStatus]]]:
    """Yield the status words of a clause, each with the statuses that it may mean.

    A word may be used for what is still going on: "wird umgesetzt" means in progress. A clause on
    work that is only wished for ("soll umgesetzt werden") states no status.
    """
    is_going_on = clause.is_passive and clause.stage is Stage.NOW
    running = clause.includes_word_of("running") or is_going_on
    if running and (clause.includes_word_of("wish") or clause.is_wished):  # "soll umgesetzt werden"
        return
    for match in _STATUS.finditer(clause.text):
        possible = wording.STATUS_WORDS[match[1].lower()]
        is_unfinished = running and ItemStatus.IMPLEMENTED in possible  # "wird umgesetzt"
        meant = frozenset((ItemStatus.IN_PROGRESS,)) if is_unfinished else possible
        yield match[0].lower(), meant
