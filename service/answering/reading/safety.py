"""Detects danger to life: by strong words alone, by weak words together with a trained score."""

from __future__ import annotations

from service.answering import lexicon
from service.answering.reading.nouns import fold_words
from service.answering.reading.politeness import asks_something
from service.answering.reading.question_score import DANGER_FILE, is_accepted


def is_danger(question: str) -> bool:
    """True if a question says that somebody is in danger; the score alone never does."""
    if has_strong_words(question):
        return True
    return has_weak_words(question) and is_accepted(DANGER_FILE, question)


def is_person_in_danger(question: str) -> bool:
    """True if a question that says danger may be of a person in danger now: it has a word of the
    first person or, with strong words, an exclamation mark or nothing that is asked.
    """
    if not lexicon.folded_words("safety", "danger", "first_person").isdisjoint(
        fold_words(question)
    ):
        return True
    return has_strong_words(question) and ("!" in question or not asks_something(question))


def has_strong_words(question: str) -> bool:
    """True if the question has words that are danger by themselves."""
    return lexicon.matches("safety", "danger", question)


def has_weak_words(question: str) -> bool:
    """True if the question has words that are danger if the score says so, too."""
    return lexicon.matches("safety", "danger_sign", question)
