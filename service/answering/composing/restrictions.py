"""The words of a question that an answer repeats: those that restrict it to a year, a place or a
person and that no shown passage has, and of a list those that nothing took.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import chain, pairwise

from service.answering import lexicon
from service.answering.context import Context
from service.answering.reading.nouns import WORD, asking_sentence
from service.answering.retrieval.passages import WholePassage
from service.answering.verification.verbatim import is_prompt_injection
from vectorstore.language import fold

# "Rad-Weg", "2027", but not "iPhone", "a_b"
_PLAIN = re.compile(r"[^\W\d_][a-zäöüß]*(?:-[^\W\d_][a-zäöüß]*)*|\d{1,4}")
_YEAR = re.compile(r"(?:19|20)\d{2}")


def find_missing(context: Context, passages: Sequence[WholePassage]) -> list[str]:
    """The restricting words of the question that neither a passage nor its record or document has:
    years, and names right behind a preposition of place or a form of address ("in Kassel"). [] if
    the answer must not repeat them.
    """
    words = WORD.findall(asking_sentence(context.query.question))
    before = lexicon.folded_words("nouns", "restriction", "before")
    asked = [word for word in words if _YEAR.fullmatch(word)]
    for first, second in pairwise(words):
        if fold(first) in before and second[:1].isupper():
            asked.append(second)
    known = set(chain.from_iterable(_terms_of(context, passage) for passage in passages))
    terms = context.corpus.analyzer.terms
    missing = [word for word in dict.fromkeys(asked) if known.isdisjoint(terms(word))]
    return missing if may_repeat_words(context, missing) else []


def _terms_of(context: Context, passage: WholePassage) -> set[str]:
    """The stems of a passage, and of what its record and document print of place and time."""
    item = passage.item
    document = context.corpus.document(item)
    text = " ".join((passage.text, item.title, *item.path, document.title, document.publisher))
    values = " ".join((*item.municipalities, *item.responsible, *item.dates, item.period or ""))
    return set(context.corpus.analyzer.terms(f"{text} {values}"))


def may_repeat_words(context: Context, words: Sequence[str]) -> bool:
    """True if an answer may repeat words of the question.

    Each must look like a plain word or number, or occur in documents, and the question must not
    look like a prompt injection: else people could let the service say anything.
    """
    are_words = all(_PLAIN.fullmatch(word) or context.corpus.has_term(fold(word)) for word in words)
    question = context.query.question or context.query.text
    return are_words and not is_prompt_injection(question)
