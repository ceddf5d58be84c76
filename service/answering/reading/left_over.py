"""The left-over words of a question: content words that nothing took. They forbid a computed claim.

A word is taken by a value that the question names (document, number, kind, status, unit, place,
date, sum, priority), by the topic, by a named title, by what is grouped, sorted or asked for, or
by a closed list of words of asking (`lexicon/asking.toml`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Set
from functools import cache

from service.answering import lexicon
from service.answering.query import AnswerType, Conditions, Group, Intent, Query, Sort
from service.answering.reading.classifier import function_words
from service.answering.reading.negation import NEGATIONS
from service.answering.reading.nouns import WORD
from vectorstore.language import fold

_ANSWER_WORDS = {
    AnswerType.STATUS: "status",
    AnswerType.RESPONSIBLE: "responsible",
    AnswerType.PERSON: "responsible",
    AnswerType.ORGANISATION: "responsible",
    AnswerType.DATE: "date",
    AnswerType.AMOUNT: "amount",
    AnswerType.QUANTITY: "amount",
}
_NAMED_FIELDS = {"status": AnswerType.STATUS, "responsible": AnswerType.RESPONSIBLE}


def find_left_over(question: str, query: Query, taken: Set[str]) -> tuple[str, ...]:
    """The words of a question, as written, that neither `taken` (folded words) nor the query nor a
    closed list of words of asking explains.
    """
    known = taken | words_of_asking(query.question_language) | _words_of_query(query)
    text = remove_phrases(question, query.question_language)
    left_over: dict[str, str] = {}
    for word in WORD.findall(text):
        folded = fold(word)
        if folded not in known and not _is_taken_in_parts(folded, known):
            left_over.setdefault(folded, word)
    return tuple(left_over.values())


def remove_phrases(question: str, language: str) -> str:
    """A question without phrases of asking ("Können Sie mir …").

    Some of their words would limit a question if they stood alone, so that these are in no list of
    single words.
    """
    section = "frame_en" if language == "en" else "frame"
    text = question
    for phrase in lexicon.table("asking")[section]["phrases"]:
        pattern = r"\b" + r"\s+".join(map(re.escape, phrase.split())) + r"\b"
        text = re.sub(pattern, " ", text, flags=re.IGNORECASE)
    return text


def words_of_asking(language: str) -> frozenset[str]:
    """The folded words of a language that ask and state nothing.

    German and English have lists of their own. For other languages it is the function words, but
    not the negations among them, which do state something.
    """
    if language == "de":
        return _word_list("frame", "de") | _word_list("frame", "asking")
    if language == "en":
        return _word_list("frame_en", "frame") | _word_list("frame_en", "asking")
    return function_words(language) - NEGATIONS


def find_named_field(words: Iterable[str]) -> AnswerType | None:
    """The field, status or responsible unit, that the folded words of a question name; None for
    neither or both.

    A word that any other field has, too, does not count, since it does not tell them apart.
    """
    known = {key: _word_list("field", key) for key in lexicon.table("asking")["field"]}
    named = []
    for key, answer_type in _NAMED_FIELDS.items():
        of_others = frozenset().union(*(known[other] for other in known if other != key))
        if not (known[key] - of_others).isdisjoint(words):
            named.append(answer_type)
    if len(named) != 1:
        return None
    return named[0]


def words_of_answer(answer_type: AnswerType) -> frozenset[str]:
    """The folded words by which a fact is asked for; none for types that no closed list of words
    asks for, such as a reason.
    """
    if answer_type is AnswerType.CONTACT:
        return words_of_contact()
    if answer_type is AnswerType.PLACE:
        return _word_list("group", "place")
    if answer_type not in _ANSWER_WORDS:
        return frozenset()
    words = _word_list("field", _ANSWER_WORDS[answer_type])
    is_status = answer_type is AnswerType.STATUS
    if is_status:
        return words | _word_list("beside_status", "now")
    return words


def words_of_contact() -> frozenset[str]:
    """The folded words by which one asks who is to be reached, and how."""
    return words_of_reaching() | _word_list("field", "responsible")


def words_of_reaching() -> frozenset[str]:
    """The folded words by which one asks how somebody is to be reached."""
    return _word_list("contact", "any")


def names_contact(words: Iterable[str]) -> bool:
    """True if folded words name what one reaches somebody by: "Telefonnummer"."""
    return not _word_list("contact", "nouns").isdisjoint(words)


def is_word_of_changes(word: str) -> bool:
    """True for a word that asks for changes or names the paper before: "letzten", "Fassung"."""
    return fold(word) in _word_list("changes", "any")


def words_of_earlier() -> frozenset[str]:
    """The folded words for the paper before: "seit", "letzten"."""
    return _word_list("changes", "earlier")


def names_sum(words: Iterable[str]) -> bool:
    """True if folded words ask for a sum: "zusammen"."""
    return not _word_list("sum", "any").isdisjoint(words)


@cache
def words_of_fields() -> frozenset[str]:
    """The folded words for fields, groups and orders of records, and metadata of documents."""
    words: set[str] = set()
    for section in ("field", "group", "sort", "document"):
        for key in lexicon.table("asking")[section]:
            words |= _word_list(section, key)
    return frozenset(words)


@cache
def words_of_metadata() -> frozenset[str]:
    """The folded words for status, date, publisher and length of a document."""
    keys = ("status", "date", "publisher", "pages")
    return frozenset().union(*(_word_list("document", key) for key in keys))


@cache
def words_of_adoption() -> frozenset[str]:
    """The folded words for the status of a document that say nothing of a record: "beschlossen",
    but not "Stand".
    """
    of_records = _word_list("field", "status") | _word_list("beside_status", "now")
    return _word_list("document", "status") - of_records - _word_list("beside_status", "words")


def _word_list(section: str, key: str) -> frozenset[str]:
    return lexicon.folded_words("asking", section, key)


def _words_of_query(query: Query) -> frozenset[str]:
    """The folded words that are explained by what a query groups, sorts, asks for or sets as a
    condition: "teuerste" by an order by amount.

    For a document these are the words for all metadata, since the answer tells all of them.
    """
    words: frozenset[str] = frozenset()
    if query.group is not Group.NOTHING:
        words |= _word_list("group", "any") | _word_list("group", query.group.value)
    if query.sort is not Sort.PAPER:
        words |= _word_list("sort", query.sort.value)
    if query.intent is Intent.DOCUMENT:
        for key in lexicon.table("asking")["document"]:
            words |= _word_list("document", key)
    else:
        words |= words_of_answer(query.answer_type)
    for fact in query.facts:
        words |= _word_list("printed", fact.value)
    if query.intent is Intent.COMPARISON:
        words |= _word_list("comparison", "any")
    if query.intent is Intent.CHANGES:
        words |= _word_list("changes", "any")
    if query.asks_contact:
        words |= words_of_contact()
    if query.asks_for_sum:
        words |= _word_list("sum", "any")
    return words | _words_of_conditions(query.conditions)


def _words_of_conditions(conditions: Conditions) -> frozenset[str]:
    """The folded words that name the fields of a query's conditions, such as "Kosten" beside a sum;
    the values themselves are taken elsewhere.
    """
    words: frozenset[str] = frozenset()
    if conditions.place:
        words |= _word_list("place", "any")
    if conditions.unit:
        words |= _word_list("field", "responsible")
    if conditions.cost_from or conditions.cost_until:
        words |= _word_list("field", "amount")
    if conditions.priority:
        words |= _word_list("field", "priority")
    return words


def _is_taken_in_parts(word: str, known: Set[str]) -> bool:
    """True for a word whose parts between signs are all known: "und/oder", "Soest-Bericht"."""
    parts = [part for part in re.split(r"[/+.-]", word) if part]
    return len(parts) > 1 and all(part in known for part in parts)
