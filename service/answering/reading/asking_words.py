"""Closed lists of words that ask and state nothing (`lexicon/asking.toml`), and the words of a
question that nothing took: these forbid a computed claim.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Set
from functools import cache

from service.answering import lexicon
from service.answering.query import AnswerType, Conditions
from service.answering.reading.classifier import function_words
from service.answering.reading.nouns import WORD
from vectorstore.language import fold

_NEGATIONS = lexicon.folded_words("nouns", "status", "negation")
_ANSWER_WORDS = {  # section and key of the list of words for a kind of fact
    AnswerType.STATUS: ("field", "status"),
    AnswerType.RESPONSIBLE: ("field", "responsible"),
    AnswerType.PERSON: ("field", "responsible"),
    AnswerType.ORGANISATION: ("field", "responsible"),
    AnswerType.PLACE: ("unit", "municipalities"),
    AnswerType.DATE: ("field", "date"),
    AnswerType.AMOUNT: ("field", "amount"),
    AnswerType.QUANTITY: ("field", "amount"),
}

_OTHER_FIELD = {
    AnswerType.RESPONSIBLE: AnswerType.STATUS,
    AnswerType.STATUS: AnswerType.RESPONSIBLE,
}
_METADATA = {
    AnswerType.DATE: "date",
    AnswerType.STATUS: "status",
    AnswerType.ORGANISATION: "publisher",
}


def words_of_asking(language: str) -> frozenset[str]:
    """The folded words of a language that ask and state nothing.

    German and English have lists of their own: two tables of `asking.toml` each. For other
    languages it is the function words, but not the negations among them, which do state something.
    """
    if language == "de":
        return _word_list("frame", "de") | _word_list("frame", "asking")
    if language == "en":
        return _word_list("frame_en", "frame") | _word_list("frame_en", "asking")
    return function_words(language) - _NEGATIONS


@cache
def words_of_fields() -> frozenset[str]:
    """The folded words for fields of records, and by which they are grouped."""
    words: set[str] = set()
    for section in ("field", "group"):
        for key in lexicon.table("asking")[section]:
            words |= _word_list(section, key)
    return frozenset(words)


def words_of_answer(answer_type: AnswerType) -> frozenset[str]:
    """The folded words by which a kind of fact is asked for; none for kinds without a list."""
    if answer_type not in _ANSWER_WORDS:
        return frozenset()
    return _word_list(*_ANSWER_WORDS[answer_type])


def asked_field(words: Collection[str], likely: AnswerType) -> AnswerType:
    """The field of a record that folded words ask for: the likely one, unless they have only words
    for the other ("Who is responsible …?").
    """
    other = _OTHER_FIELD.get(likely, likely)
    has_other = not words_of_answer(other).isdisjoint(words)
    if has_other and words_of_answer(likely).isdisjoint(words):
        return other
    return likely


def asked_metadata(words: Collection[str], likely: AnswerType) -> AnswerType:
    """The metadata of a document that most folded words ask for, where the likely kind is none."""
    if likely in _METADATA or likely is AnswerType.PERSON:
        return likely
    number_of = {
        kind: len(_word_list("document", key).intersection(words))
        for kind, key in _METADATA.items()
    }
    most = max(number_of, key=lambda kind: number_of[kind])
    return most if number_of[most] else likely


SURE_OF_CONTACT = lexicon.folded_words("asking", "contact", "sure")  # that ask nothing else


def words_of_contact() -> frozenset[str]:
    """The folded words by which one asks who is to be reached, and how."""
    return _word_list("contact", "any") | SURE_OF_CONTACT | words_of_answer(AnswerType.RESPONSIBLE)


def names_changes(words: Iterable[str]) -> bool:
    """True if folded words ask for changes: "geändert", "dazugekommen"."""
    return not _word_list("changes", "any").isdisjoint(words)


def words_of_documents() -> frozenset[str]:
    """The folded words for the metadata of documents."""
    keys = lexicon.table("asking")["document"]
    return frozenset().union(*(_word_list("document", key) for key in keys))


def find_left_over(
    question: str, language: str, taken: Set[str], conditions: Conditions
) -> tuple[str, ...]:
    """The words of a question, as written, that neither `taken` (folded words) nor the fields of
    its conditions nor a word of asking explains.
    """
    known = taken | words_of_asking(language) | _words_of_conditions(conditions)
    left_over: dict[str, str] = {}
    for word in WORD.findall(question):
        folded = fold(word)
        parts = folded.replace("-", "/").split("/")
        if folded not in known and not all(part in known for part in parts):
            left_over.setdefault(folded, word)
    return tuple(left_over.values())


def _words_of_conditions(conditions: Conditions) -> frozenset[str]:
    """The folded words that name the fields of conditions, such as "Kosten" beside a sum; the
    values themselves are taken elsewhere.
    """
    words: frozenset[str] = frozenset()
    if conditions.statuses:
        words |= _word_list("beside_status", "words") | _word_list("beside_status", "now")
    if conditions.unit:
        words |= _word_list("field", "responsible")
    if conditions.theme or conditions.goal:
        words |= _word_list("group", "theme") | _word_list("group", "goal")
    if conditions.place:
        words |= _word_list("place", "any")
    if conditions.cost_from or conditions.cost_until:
        words |= _word_list("field", "amount")
    if conditions.priority:
        words |= _word_list("field", "priority")
    return words


def _word_list(section: str, key: str) -> frozenset[str]:
    return lexicon.folded_words("asking", section, key)
