"""Negations and exceptions of a question, and the condition that each of them turns round.

"nicht das Bauamt", "außer Mobilität": the words of the condition follow the negation, with nothing
but words of the frame between. A negation that belongs to no condition stays left over, so that
nothing is computed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set

from service.answering import lexicon

NEGATIONS = lexicon.folded_words("nouns", "status", "negation")
_FRAME = lexicon.folded_words("asking", "frame", "de") | lexicon.folded_words(
    "asking", "frame_en", "frame"
)
_REACH = 4  # words from a negation to the condition: "nicht von der Abteilung 66"


def find_excluded(
    words: Sequence[str], conditions: Mapping[str, Set[str]], kind_words: Set[str]
) -> tuple[tuple[str, ...], frozenset[str]]:
    """The names of the conditions that a question excludes, and its words of negation for them.

    `words` are the folded words of the question, `conditions` the folded words of each condition
    by its name, `kind_words` nouns for records, which may stand between ("außer dem Handlungsfeld
    Mobilität").
    """
    excluded: dict[str, None] = {}
    used: set[str] = set()
    for position, word in enumerate(words):
        if word not in NEGATIONS:
            continue
        name = _condition_behind(
            words[position + 1 : position + 1 + _REACH], conditions, kind_words
        )
        if name:
            excluded[name] = None
            used.add(word)
    return tuple(excluded), frozenset(used)


def _condition_behind(
    following: Sequence[str], conditions: Mapping[str, Set[str]], kind_words: Set[str]
) -> str:
    """The name of the condition that a negation denies: the one of the first words behind it, ""
    for none.

    Words that frame a question ("von der") and those for records ("Projekte") may stand between.
    Any other word is what is denied, and so ends the search: "nicht das Radnetz in Planung".
    """
    for word in following:
        if word in _FRAME:
            continue
        for name, condition_words in conditions.items():
            if word in condition_words:
                return name
        if word not in kind_words:
            return ""
    return ""
