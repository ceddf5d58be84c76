"""The words of a question that restrict it to a year, a place or a person, and that no shown
passage has: these are always told, and no other words are.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import chain, pairwise

from service.answering import lexicon
from service.answering.context import Context
from service.answering.reading.nouns import WORD, asking_sentence
from service.answering.retrieval.passages import WholePassage
from vectorstore.language import fold

_YEAR = re.compile(r"(?:19|20)\d{2}")


def find_missing(context: Context, passages: Sequence[WholePassage]) -> list[str]:
    """The restricting words of the question that neither a passage nor its record or document has:
    years, and names right behind a preposition of place or a form of address ("in Kassel").
    """
    words = WORD.findall(asking_sentence(context.query.question))
    before = lexicon.folded_words("nouns", "restriction", "before")
    asked = [word for word in words if _YEAR.fullmatch(word)]
    for first, second in pairwise(words):
        if fold(first) in before and second[:1].isupper():
            asked.append(second)
    known = set(chain.from_iterable(_terms_of(context, passage) for passage in passages))
    terms = context.corpus.analyzer.terms
    return [word for word in dict.fromkeys(asked) if known.isdisjoint(terms(word))]


def _terms_of(context: Context, passage: WholePassage) -> set[str]:
    """The stems of a passage, and of what its record and document print of place and time."""
    item = passage.item
    document = context.corpus.document(item)
    text = " ".join((passage.text, item.title, *item.path, document.title, document.publisher))
    values = " ".join((*item.municipalities, *item.responsible, *item.dates, item.period or ""))
    return set(context.corpus.analyzer.terms(f"{text} {values}"))
