"""How a question refers to what was before it: by a pronoun ("Wann kommt der an der K 63?") or by
the place of an item in an answer ("das dritte").
"""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import pairwise

from service.answering import lexicon
from service.answering.reading.classifier import function_words
from service.answering.reading.left_over import words_of_fields
from service.answering.reading.matcher import FRAME
from service.answering.reading.nouns import INFLECTION, MARKS, find_record_noun
from service.answering.reading.refs import ordinal
from service.answering.retrieval.terms import frame_probability
from vectorstore.language import fold

LAST = -1  # position of the last item
_PLACE = re.compile(r"(\d{1,2})\.")  # "das 3."
IsNoun = Callable[[str, str], bool]  # whether a word of a question is a noun


def refers_back(question: str, language: str, is_noun: IsNoun) -> bool:
    """True if a question has a pronoun without a noun before it: "Wann wird er fertig?".

    In German "der", "die" and "das" are articles if a noun follows, alone or after an adjective. In
    a question without capitals nouns are hard to tell, so that a pronoun counts only at the end or
    before a word that is no topic. `is_noun` tells of a word and the question whether it is one.
    """
    words = [word.strip(MARKS) for word in question.split()]
    is_lower = question == question.lower()
    nouns: list[bool] = []
    for word in words:
        may_be_verbal = is_lower or not nouns  # without a capital, or with one as the first word
        is_verbal = may_be_verbal and _is_verbal(word, language)
        nouns.append(is_noun(word, question) and not is_verbal)
    pronouns = lexicon.folded_words("nouns", "follow_up", "pronouns")
    for place, word in enumerate(words):
        if nouns[place]:
            return False
        if fold(word) not in pronouns:
            continue
        if language != "de":
            return True
        following = next(iter(words[place + 1 :]), "")
        is_attribute = bool(INFLECTION.search(following)) or following.isdigit()
        if not any(nouns[place + 1 : place + (3 if is_attribute else 2)]):
            return not is_lower or _is_verbal(following, language)
    return False


def _is_verbal(word: str, language: str) -> bool:
    """True for a word that cannot be the topic of a question: "", a function word, or a word that
    frames questions ("zusammen").

    Words for fields of records or documents, nouns for records and words for districts are topics,
    although they frame many questions.
    """
    folded, district = fold(word), lexicon.folded_words("nouns", "publisher", "district")
    if not word or (folded in function_words(language) and folded not in district):
        return True
    is_known = folded in words_of_fields() | district or find_record_noun(folded) is not None
    return frame_probability(word) >= FRAME and not is_known


def read_ordinal(word: str) -> int:
    """The number of a folded, inflected ordinal ("zweite" is 2), `LAST` for "letzte", else 0."""
    if word in lexicon.folded_words("nouns", "follow_up", "last"):
        return LAST
    if not INFLECTION.search(word):
        return 0
    return ordinal(word)


def find_position(question: str, is_noun: IsNoun) -> int:
    """The place in a list that a question names, else 0: "das dritte" is 3, "das letzte" is `LAST`.

    An ordinal before a noun is a place only if the noun means records ("das dritte Projekt"):
    "letztes Jahr" names none.
    """
    tokens = question.split()
    for token, following in pairwise([*tokens, ""]):
        word, next_word = fold(token.strip(MARKS)), following.strip(MARKS)
        is_before_noun = bool(next_word) and is_noun(next_word, question)
        if is_before_noun and find_record_noun(fold(next_word)) is None:
            continue
        place = _PLACE.fullmatch(token.rstrip("?!"))
        number = int(place[1]) if place else read_ordinal(word)
        if number:
            return number
    return 0
