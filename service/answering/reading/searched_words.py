"""The words of a question that are searched for, put together as the question has them."""

from __future__ import annotations

from collections.abc import Iterable

from service.answering import lexicon
from service.answering.reading.left_over import (
    remove_phrases,
    words_of_asking,
)
from service.answering.reading.nouns import MARKS
from vectorstore.language import fold


def join_linked_words(question: str, words: Iterable[str]) -> str:
    """The given words in the order of the question, with the linking words between them.

    Links are kept only where nothing else stands between two of the words: "Bus und Bahn". An
    inflected form in the question counts as the word from three letters on, and is put down as the
    given word.
    """
    needed = sorted(set(words), key=len, reverse=True)
    links = lexicon.folded_words("nouns", "topic", "links")
    results: list[str] = []
    # the links behind the last word; None if there is another word
    between: list[str] | None = None
    for token in question.replace("/", " / ").split():
        bare = token.strip(MARKS)
        matched = (
            word for word in needed if bare == word or (bare.startswith(word) and len(word) > 2)
        )
        own = next(matched, "")
        if own:
            results += [*(between or ()), own]
            between = []
        elif between is not None:
            between = [*between, bare or token] if fold(bare) in links or token == "/" else None
    return " ".join(results)


def find_searched_words(question: str, language: str) -> str:
    """The words of a question that are searched: all but phrases and words of asking; "" if nothing
    remains.
    """
    asking, words = words_of_asking(language), remove_phrases(question, language).split()
    return " ".join(word for word in words if fold(word.strip(MARKS)) not in asking)


def remove_words(question: str, document_words: frozenset[str]) -> str:
    """The question without the words that name documents.

    It stays unchanged if no word of more than three letters would remain: then the name itself is
    what is searched.
    """
    remaining = [word for word in question.split() if fold(word.strip(MARKS)) not in document_words]
    if any(len(word) > 3 for word in remaining):
        return " ".join(remaining)
    return question
