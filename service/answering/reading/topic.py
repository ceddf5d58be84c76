"""What a question is about: the topic that its reader finds in its words."""

from __future__ import annotations

from dataclasses import dataclass

from service.answering.reading.values import NamedColumn, NamedHeading
from service.answering.retrieval.query_words import QueryWord


@dataclass(frozen=True, slots=True)
class Topic:
    """The topic of a question: its words, the nouns among them, and the theme or goal (`head`)
    whose records it means.

    `column` is that of a list which the topic names.
    `phrase` are the nouns with their attributes, as in the question ("alte Menschen"), and
    `beyond_head` those of them that do not name `head`, as `head_words` do. `has_others`
    is false without nouns, and if the only one is the first word and not known: it frames a
    question ("Auf welchen Stichtag").
    """

    words: tuple[QueryWord, ...]
    nouns: tuple[QueryWord, ...]
    phrase: str
    beyond_head: str
    head: NamedHeading | None
    head_words: tuple[QueryWord, ...]
    has_others: bool
    column: NamedColumn | None
