"""What a question wants: its intent and the kind of fact that it asks for, by what the classifier
says of it and what it names.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from service.answering.query import AnswerType, Intent
from service.answering.reading.asking_words import asked_field, words_of_answer
from service.answering.reading.documents import NamedDocuments
from service.answering.reading.edition_values import AskedKind, NamedValues
from service.answering.reading.refs import NumberedItems
from vectorstore.records import Item

Probabilities = Mapping[str, Mapping[str, float]]  # of the classifier: by head and class
LIKELY = 0.5  # probability from which a list, a field, yes or no, a follow-up is meant
_FACT = 0.35  # of an answer type
_FIELD = 0.3  # the same where a record is named
# of a field of a record without a word for it: "Wie heißt das Projekt 2.1?" has .52 for who does it
_SURE_FIELD = 0.6
_RESPONSIBLE = 0.2  # from which a question about persons or bodies is one about responsibility
_AGENT_FACTS = (AnswerType.ORGANISATION, AnswerType.PERSON, AnswerType.CONTACT)
FIELDS = (AnswerType.STATUS, AnswerType.RESPONSIBLE, AnswerType.PLACE)  # fields of records


@dataclass(frozen=True, slots=True)
class Named:
    """What a question names: documents, records, the kind of records, values."""

    documents: NamedDocuments
    numbered: NumberedItems
    kind: AskedKind
    values: NamedValues
    words: frozenset[str]  # folded, that name any of these
    asks_changes: bool

    @property
    def compares(self) -> bool:
        """True if several publishers, or two documents by their titles, are named."""
        documents = self.documents
        has_two = documents.by_name and len(documents.ids) == 2
        return has_two or len(documents.publishers) > 1


def choose_intent(
    probabilities: Probabilities,
    named: Named,
    has_topic: bool,
    items: Sequence[Item],
    answer_type: AnswerType,
) -> Intent:
    """A list or count of records, a field of one record, changes, a comparison of publishers,
    metadata of a document, else a search.

    What a question cannot want does not count: a comparison without several publishers, changes
    without a word for them. One that names a theme or goal, and asks no fact of it, is for a list.
    """
    want = dict(probabilities["want"])
    if not named.compares:
        want.pop("comparison")
    if not named.asks_changes:
        want.pop("changes")
    least = LIKELY * sum(want.values())
    conditions = named.values.conditions
    if want.get("changes", 0.0) >= least:
        return Intent.CHANGES
    if named.compares and want["comparison"] >= least:
        return Intent.COMPARISON
    if items and not (conditions.has_field_conditions and named.kind.is_plural):
        return Intent.FIELD if answer_type in FIELDS else Intent.SEARCH
    names_heading = conditions.theme or conditions.goal
    is_below = names_heading and not has_topic and answer_type is AnswerType.NOTHING
    if is_below or _is_list(want, named, has_topic, least):
        return Intent.COUNT if want["count"] >= want["list"] else Intent.LIST
    if named.compares:
        return Intent.COMPARISON
    if not has_topic and (named.documents.by_name or want["document"] >= least):
        return Intent.DOCUMENT
    if answer_type in FIELDS and want["field"] >= least:
        return Intent.FIELD
    return Intent.SEARCH


def _is_list(want: Mapping[str, float], named: Named, has_topic: bool, least: float) -> bool:
    """True if a question with a noun for records, or a value of their fields, is for a list: by its
    likely intent, or as it has nothing but the noun.
    """
    kinds, conditions = named.kind.kinds, named.values.conditions
    if not (kinds or conditions.has_field_conditions):
        return False
    listed = want["count"] + want["list"] + want["overview"]
    is_of_unit = conditions.unit and listed + want["field"] >= least
    is_whole = kinds and (conditions.statuses or not has_topic)
    return bool(listed >= least or is_of_unit or is_whole)


def choose_answer_type(probabilities: Mapping[str, float], *, is_field: bool) -> AnswerType:
    """The most likely answer type of a question; NOTHING if none is likely enough.

    If it names a record (`is_field`), NOTHING itself is no candidate. A question about a person, an
    organisation or a contact is read as one about the responsible unit if that is likely enough.
    """
    possible = dict(probabilities)
    if is_field:
        possible.pop(AnswerType.NOTHING)
    asked = AnswerType(max(possible, key=lambda name: possible[name]))
    if asked in _AGENT_FACTS and probabilities[AnswerType.RESPONSIBLE] >= _RESPONSIBLE:
        return AnswerType.RESPONSIBLE
    if probabilities[asked] >= (_FIELD if is_field else _FACT):
        return asked
    return AnswerType.NOTHING


def choose_field(
    answer_type: AnswerType,
    probabilities: Probabilities,
    words: Sequence[str],
    *,
    asks_status: bool,
) -> AnswerType:
    """What a question asks of a record that it names, by its likely type and its folded words;
    NOTHING for a field that has no word in it and is not likely ("Was ist der Rufbus?").
    """
    if asks_status:
        return AnswerType.STATUS
    field = asked_field(words, answer_type)
    has_word = not words_of_answer(field).isdisjoint(words)
    probability = min(probabilities["want"]["field"], probabilities["asked"][field])
    if field in FIELDS and probability < _SURE_FIELD and not has_word:
        return AnswerType.NOTHING
    return field
