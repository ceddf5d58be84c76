"""What a question wants: the intent, the fact that it asks for, and facts of papers themselves.

The classifier's probabilities decide among the intents that are possible with what a question
names; words for a sum, a unit or a fact of papers overrule them.
"""

from __future__ import annotations

from service.answering import lexicon
from service.answering.corpus import Corpus
from service.answering.query import AnswerType, Intent, PrintedFact
from service.answering.reading.left_over import find_named_field
from service.answering.reading.paper_facts import find_paper_facts
from service.answering.reading.probabilities import (
    FACT_PROBABILITY,
    LIKELY_SHARE,
    choose_answer_type,
    most_likely,
)
from service.answering.reading.values import Analysis, Values
from service.records import document_pairs

_LEAST_PROBABILITY = 0.2  # of an intent, beside its share of all possible ones
_FIELD_FACTS = (AnswerType.STATUS, AnswerType.RESPONSIBLE)
_DOCUMENT_FACTS = (AnswerType.STATUS, AnswerType.DATE, AnswerType.PERSON, AnswerType.ORGANISATION)
_ITEM_INTENTS = (Intent.SEARCH, Intent.FIELD, Intent.OVERVIEW)
_UNIT_NOUNS = lexicon.folded_words("asking", "unit", "nouns")
_MUNICIPALITY_NOUNS = lexicon.folded_words("asking", "unit", "municipalities")
_MUNICIPALITIES = (AnswerType.PLACE, AnswerType.ORGANISATION, AnswerType.NAMES)


class IntentChooser:
    """Chooses the intents of questions on an edition; read-only."""

    def __init__(self, corpus: Corpus) -> None:
        self._corpus = corpus
        self._series = document_pairs(corpus.edition.catalogue)

    def choose(self, analysis: Analysis) -> tuple[Intent, tuple[PrintedFact, ...]]:
        """The intent of a question, and the facts that it asks of papers themselves.

        If there are such facts, or it asks who made or adopted a paper, it is a question on a
        document, whatever the classifier says. A search or overview for a field of the one named
        record becomes a field. If no topic or record is named, a search for a sum becomes a count.
        If no kind or condition of records is named either, the sum may be printed in the paper, so
        that `TOTAL` is asked for, too.
        """
        intent = self._choose(analysis)
        facts = find_paper_facts(analysis, self._corpus.catalogue)
        if facts:
            return Intent.DOCUMENT, facts
        asks_for_any_sum = analysis.asks_for_sum and not analysis.names_item
        if asks_for_any_sum and intent is Intent.SEARCH:
            intent = Intent.COUNT
        field = _field_of_record(analysis)
        if intent in (Intent.SEARCH, Intent.OVERVIEW) and field is not None:
            intent = Intent.FIELD
        values = analysis.values
        if asks_for_any_sum and not (values.conditions.kinds or values.has_conditions):
            return intent, (PrintedFact.TOTAL,)
        return intent, ()

    def _choose(self, analysis: Analysis) -> Intent:
        """The most likely of the possible intents if it is likely enough, else a search.

        Two rules overrule it, in this order. A search, field or overview of records with a status
        or of a unit is a list, since these conditions are exact, unless something else is denied. A
        question for a fact on a document named by title or kind, without another topic, is on the
        document. In place of a search, `_replace_search` may find an intent by what is named.
        """
        values, topic = analysis.values, analysis.topic
        intents, facts = analysis.probabilities["want"], analysis.asked
        possible = self._find_possible(analysis)
        shares = {
            name: share for name, share in intents.items() if possible.get(Intent(name), True)
        }
        intent = Intent(most_likely(shares))
        if shares[intent.value] < max(LIKELY_SHARE * sum(shares.values()), _LEAST_PROBABILITY):
            intent = Intent.SEARCH
        asked = most_likely(facts)
        by_status = values.conditions.statuses and (topic.head or values.asks_for_several)
        is_on_records = by_status or values.conditions.unit
        if intent in _ITEM_INTENTS and is_on_records and not analysis.is_negated:
            return Intent.LIST
        is_document_fact = asked in _DOCUMENT_FACTS and facts[asked] >= FACT_PROBABILITY
        if values.documents.by_name and not topic.has_others and is_document_fact:
            return Intent.DOCUMENT
        if intent is not Intent.SEARCH:
            return intent
        return _replace_search(analysis, may_be_field=possible[Intent.FIELD])

    def _find_possible(self, analysis: Analysis) -> dict[Intent, bool]:
        """Whether each intent is possible with what a question names. One that is not in the result
        is possible.

        A list or count needs a kind of record, a condition or a column. It is not possible if the
        question denies something beyond its conditions, which nothing could compute, or names
        records by number, except a theme or goal if it means the records below it.
        """
        values, topic, probabilities = analysis.values, analysis.topic, analysis.probabilities
        intents = probabilities["want"]
        not_listed = analysis.is_negated or (values.numbered.items and topic.head is None)
        names_records = values.conditions.kinds or values.has_conditions or topic.column
        may_be_list = bool(names_records) and not not_listed
        about_document = values.documents.explicit or values.about_documents
        # "seit April 2025 umgesetzt" chooses records; "seit 2025 geändert" compares editions
        is_dated_status = values.conditions.statuses and (
            values.conditions.since or values.conditions.until
        )
        possible = {
            Intent.LIST: may_be_list,
            Intent.COUNT: may_be_list,
            Intent.DOCUMENT: about_document and not values.named_by_title and not topic.has_others,
            Intent.CHANGES: bool(self._series) or (values.names_earlier and not is_dated_status),
            Intent.COMPARISON: bool(topic.words) and self._has_several_documents(values),
            Intent.OVERVIEW: bool(topic.nouns),
        }
        total = sum(share for name, share in intents.items() if possible.get(Intent(name), True))
        may_be_field = intents[Intent.FIELD] >= FACT_PROBABILITY * total
        if values.conditions.statuses and probabilities["yes_no"]["yes"] < LIKELY_SHARE:
            # a status is a condition on records, unless the question names a record or a topic
            may_be_field &= analysis.names_item
        return possible | {Intent.FIELD: may_be_field, Intent.NONE: False}

    def _has_several_documents(self, values: Values) -> bool:
        """True if there are several documents to compare: named ones, those of several named
        publishers, or, where none is named, of several publishers in scope.
        """
        named = values.documents
        if named.by_name:
            return len(named.ids) > 1
        if named.publishers:
            return len(named.publishers) > 1
        documents = self._corpus.catalogue.documents
        return len({documents[id_].publisher for id_ in named.ids}) > 1


def _replace_search(analysis: Analysis, *, may_be_field: bool) -> Intent:
    """The intent of a question that would else be a search.

    If a status, unit or contact is asked for, it is a field if that is possible; else it stays a
    search, unless nothing but kind and status names the records. If no single fact is asked for, it
    is a list of what is below a theme or goal ("Ziele im Handlungsfeld Mobilität") or in a column.
    And it is a list if nothing but kind, status or setback names the records.
    """
    values, topic, facts = analysis.values, analysis.topic, analysis.asked
    names_records_only = not (
        topic.nouns or values.named_by_title or values.numbered.items or analysis.is_negated
    )
    lists_status = names_records_only and values.conditions.statuses
    asked = most_likely(facts)
    if asked in (*_FIELD_FACTS, AnswerType.CONTACT) and facts[asked] >= LIKELY_SHARE:
        if may_be_field:
            return Intent.FIELD
        if not lists_status:
            return Intent.SEARCH
    names_group = (values.asks_for_several and topic.head) or topic.column
    if names_group and facts["names"] + facts["none"] >= LIKELY_SHARE:
        return Intent.LIST
    if lists_status or (
        names_records_only and (values.asks_for_several or values.conditions.setback)
    ):
        return Intent.LIST
    return Intent.SEARCH


def find_answer_type(intent: Intent, analysis: Analysis) -> AnswerType:
    """The fact that a question with this intent asks for.

    For a field of a record, a noun such as "Abteilung" counts more than the classifier. If
    the classifier says status or unit, words for only one of the two ("zuständig") decide.
    """
    is_of_field = intent is Intent.FIELD and bool(analysis.values.named_by_title)
    answer_type = choose_answer_type(analysis.asked, of_field=is_of_field)
    if intent is not Intent.FIELD:
        return answer_type
    field = _field_of_record(analysis)
    if field is not None:
        return field
    named_field = find_named_field(analysis.words)
    if answer_type in _FIELD_FACTS and named_field is not None:
        return named_field
    return answer_type


def _field_of_record(analysis: Analysis) -> AnswerType | None:
    """The field that a question asks for by a noun; None unless it names exactly one record by
    title.

    A noun for a unit asks who is responsible ("welche Abteilung macht …"). One for municipalities
    asks which take part ("welche Gemeinden sind bei … dabei"), if the classifier finds that likely,
    too. If the question names a unit or place itself, the noun belongs to that name.
    """
    values, words = analysis.values, set(analysis.words)
    if len(values.named_by_title) != 1:
        return None
    if words & _UNIT_NOUNS and not values.conditions.unit:
        return AnswerType.RESPONSIBLE
    asks_for_some = sum(analysis.asked[name] for name in _MUNICIPALITIES) >= LIKELY_SHARE
    if words & _MUNICIPALITY_NOUNS and not values.conditions.place and asks_for_some:
        return AnswerType.PLACE
    return None
