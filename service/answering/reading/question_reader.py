"""Reads a question into a query: the classifier gives intent and answer type, the matcher the
values that are named.

A question that is not with enough probability one of the other intents is a search.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from prompts import answer_language
from service.answering import lexicon
from service.answering.query import AnswerType, Conditions, Group, Intent, PrintedFact, Query, Sort
from service.answering.reading.classifier import detect_language, load_classifier
from service.answering.reading.documents import NamedDocuments
from service.answering.reading.left_over import (
    find_left_over,
    find_named_field,
    find_printed_facts,
    is_word_of_changes,
    names_contact,
    words_of_metadata,
    words_of_reaching,
)
from service.answering.reading.matcher import MARKS, SETBACK_WORDS, Matcher
from service.answering.reading.negation import NEGATIONS, find_excluded
from service.answering.reading.nouns import find_record_noun, fold_words
from service.answering.reading.probabilities import (
    FACT_PROBABILITY,
    Probabilities,
    asks_for_sum,
    choose_answer_type,
    choose_unless_default,
    most_likely,
)
from service.answering.reading.searched_words import (
    find_searched_words,
    join_linked_words,
    remove_words,
)
from service.answering.reading.values import NamedColumn, NamedHeading, Values
from service.answering.retrieval.query_words import QueryWord
from service.records.changes import document_pairs
from vectorstore.records import DocumentKind, ItemKind
from vectorstore.text_forms import fold

# share of all possible intents, and probability, that one must have
_LIKELY_SHARE, _LEAST_PROBABILITY = 0.5, 0.2
# from which a question asks for a contact, too: all 128 training questions that do reach it, and 4
# of the 3,165 others (27 November 2026)
_CONTACT_PROBABILITY = 0.3
_CERTAIN = 0.9  # probability of an intent from which words other than nouns are no topic
_FIELD_FACTS = (AnswerType.STATUS, AnswerType.RESPONSIBLE)
_DOCUMENT_FACTS = (AnswerType.STATUS, AnswerType.DATE, AnswerType.PERSON, AnswerType.ORGANISATION)
_RECORD_INTENTS = (Intent.LIST, Intent.COUNT)
_PART_WORDS = lexicon.folded_words("nouns", "follow_up", "part")
# intents whose answer claims every noun of the topic
_NOUNS_ARE_CONDITIONS = (*_RECORD_INTENTS, Intent.FIELD, Intent.OVERVIEW)
_ITEM_INTENTS = (Intent.SEARCH, Intent.FIELD, Intent.OVERVIEW)
_HEADING_KINDS = (ItemKind.THEME, ItemKind.GOAL)
_HEADS = ((ItemKind.THEME,), (ItemKind.GOAL,))
_OF_WHOLE_PAPERS = (PrintedFact.SIGNATURE, PrintedFact.VOTE)
_UNIT_NOUNS = lexicon.folded_words("asking", "unit", "nouns")
_OF_METADATA = words_of_metadata() | lexicon.folded_words("asking", "document", "bodies")
_MUNICIPALITY_NOUNS = lexicon.folded_words("asking", "unit", "municipalities")
_MUNICIPALITIES = (AnswerType.PLACE, AnswerType.ORGANISATION, AnswerType.NAMES)
_SOMEBODY = (AnswerType.PERSON, AnswerType.ORGANISATION, AnswerType.NAMES)
_PAPER_NOUNS = lexicon.folded_words("printed", "paper", "nouns")
_RECORD_KINDS = (ItemKind.PROJECT, ItemKind.MEASURE, ItemKind.GOAL)


@dataclass(frozen=True, slots=True)
class QuestionReading:
    """A reading of a question: its query, the values that it names, and the probabilities of the
    classifier by head.
    """

    query: Query
    values: Values
    probabilities: Probabilities


@dataclass(frozen=True, slots=True)
class _Topic:
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


class QuestionReader:
    """Reads questions on an edition into queries; read-only, shared between requests."""

    def __init__(self, matcher: Matcher) -> None:
        self.matcher = matcher
        self.probabilities: Callable[[str], Probabilities] = lru_cache(maxsize=512)(
            lambda question: load_classifier().probabilities(matcher.with_placeholders(question))
        )
        self._series = document_pairs(matcher.corpus.edition.catalogue)

    def read(
        self, question: str, language: str | None = None, documents: tuple[str, ...] = ()
    ) -> QuestionReading:
        """The reading of a question without its conversation; `documents` are the ids in scope, ()
        for all. Names in the question narrow them, and never widen them.
        """
        probabilities, values = (
            self.probabilities(question),
            self.matcher.values(question, documents),
        )
        spoken, named = detect_language(question), values.documents
        ids = named.ids if named.explicit else documents
        may_be_on_records = most_likely(probabilities["want"]) in _NOUNS_ARE_CONDITIONS
        topic = self._find_topic(
            question, values, spoken, ids or named.ids, is_on_records=may_be_on_records
        )
        excluded, negations = _find_excluded(question, values, topic)
        is_negated = bool(values.negations - negations)
        is_sum = asks_for_sum(question, probabilities, values)
        intent = self._choose_intent(probabilities, values, topic, is_negated=is_negated)
        intent, facts = self._refine_intent(
            intent, question, probabilities, values, topic, is_sum=is_sum
        )
        conditions = Conditions(
            topic=self._topic_condition(intent, probabilities, values, topic, spoken),
            kinds=values.kinds,
            documents=ids,
            statuses=values.statuses,
            unit=values.unit,
            place=values.place,
            excluded=excluded,
        )
        entries = (*values.numbered.items, *values.named_by_title)
        # a question without another noun is on the document itself
        is_on_document = not topic.has_others and not question.islower()
        unnamed = question if is_on_document else remove_words(question, named.words)
        asks_contact = _asks_contact(probabilities["asked"])
        names_only_contact = (
            names_contact(fold(word.text) for word in topic.nouns) and len(topic.nouns) == 1
        )
        query = Query(
            text=find_searched_words(unnamed, spoken) or unnamed,
            question=unnamed,
            intent=intent,
            answer_type=_choose_answer_type(intent, question, probabilities, values),
            facts=facts,
            yes_no=probabilities["yes_no"]["yes"] >= _LIKELY_SHARE,
            conditions=conditions,
            entries=tuple((item.document_id, item.key) for item in entries),
            numbered_count=len(values.numbered.items),
            unknown=(*values.numbered.unknown, *filter(None, [values.unknown_unit])),
            names_documents=named.explicit,
            names_titles=named.by_name,
            scope=documents,
            outside=named.outside,
            asks_for_sum=is_sum and intent in _RECORD_INTENTS,
            asks_contact=asks_contact or names_only_contact,
            claimed_number=values.claimed_number,
            language=answer_language(language or spoken),
            question_language=spoken,
        )
        if intent in _RECORD_INTENTS:
            query = self._complete_list(query, question, values, topic, probabilities)
        taken = values.taken_words | negations
        part_words = _PART_WORDS.intersection(fold_words(question))
        if part_words and query.intent is Intent.COUNT and query.conditions.statuses:
            query = replace(query, asks_whole=True)
            taken |= part_words
        if query.intent not in _RECORD_INTENTS:
            taken -= SETBACK_WORDS  # only lists and counts choose by them
        if query.intent is not Intent.DOCUMENT:  # what is known of a document is on no topic
            taken |= self._topic_texts(query, topic)
        if query.intent in _RECORD_INTENTS and topic.head is None:
            taken -= _words_for_heads(values)
        query = replace(query, left_over=find_left_over(question, query, taken))
        query = _ask_for_contact_too(query)
        query = replace(query, asks_setback=_asks_setback(query, values, probabilities))
        query = query if is_negated else self._take_column(query)
        return QuestionReading(query, values, probabilities)

    def _take_column(self, query: Query) -> Query:
        """A list or count that is chosen by a column, too, which its left-over words name in other
        words, with those of its topic if it has one.
        """
        conditions = query.conditions
        if query.intent not in _RECORD_INTENTS or conditions.column or not query.left_over:
            return query
        documents = conditions.documents or self.matcher.corpus.catalogue.documents
        words = (*conditions.topic.split(), *query.left_over)
        column = self.matcher.columns.find_in_words(words, documents)
        if column is None:
            return query
        conditions = replace(conditions, topic="", column=column.head, documents=column.documents)
        return replace(query, conditions=conditions, left_over=())

    def _topic_texts(self, query: Query, topic: _Topic) -> set[str]:
        """The folded words of a question that its topic takes: those of the condition, of a theme
        or goal in its place, and of titles that it names.
        """
        catalogue, analyzer = self.matcher.corpus.catalogue, self.matcher.corpus.analyzer
        texts = [query.conditions.topic.replace("/", " ")]
        if topic.head is not None:
            texts += [topic.head.title, *(word.text for word in topic.head_words)]
        if query.conditions.column:
            texts += [word.text for word in topic.words]
        words = set(fold_words(" ".join(texts)))
        for entry in query.entries:
            item = catalogue.item(*entry)
            terms = set(analyzer.terms(item.title)) if item else set()
            words |= {
                fold(word)
                for word in query.text.split()
                if not terms.isdisjoint(analyzer.terms(word))
            }
        return {fold(word.strip(MARKS)) for word in words}

    def _complete_list(
        self,
        query: Query,
        question: str,
        values: Values,
        topic: _Topic,
        probabilities: Probabilities,
    ) -> Query:
        """The query of a list or count with dates, sums, priority, grouping and order; a theme or
        goal takes the words of the topic that name it.
        """
        head = topic.head
        conditions, (since, until), (cost_from, cost_until) = (
            query.conditions,
            values.years,
            values.cost,
        )
        if head is not None:
            theme, goal = (head.name, "") if head.kind is ItemKind.THEME else ("", head.name)
            conditions = replace(
                conditions,
                topic=topic.beyond_head,
                documents=head.documents,
                theme=theme,
                goal=goal,
            )
        if topic.column is not None:
            conditions = replace(
                conditions,
                topic="",
                documents=topic.column.documents,
                column=topic.column.head,
            )
        conditions = replace(
            conditions, kinds=values.kinds or _RECORD_KINDS, since=since, until=until
        )
        conditions = replace(
            conditions,
            cost_from=cost_from,
            cost_until=cost_until,
            priority=values.priority,
            light=values.light,
            setback=values.setback,
        )
        group, sort = (
            Group(choose_unless_default(probabilities["group"], Group.NOTHING)),
            Sort.PAPER,
        )
        if query.asks_for_sum:
            sort = Sort.AMOUNT
        elif self.matcher.has_framing_word(question, values):
            sort = Sort(choose_unless_default(probabilities["sort"], sort))
        if query.intent is Intent.COUNT and len(values.statuses) > 1 and not values.negations:
            group = Group.STATUS  # "Wie viele sind umgesetzt, in Bearbeitung und in Planung?"
        return replace(query, conditions=conditions, group=group, sort=sort)

    def _find_topic(
        self,
        question: str,
        values: Values,
        spoken: str,
        documents: tuple[str, ...],
        *,
        is_on_records: bool,
    ) -> _Topic:
        """The topic of a question in the language `spoken`; not on records, a framing noun if there
        is no other.
        """
        matcher = self.matcher
        words = nouns = subject = matcher.find_topic_words(
            question, values, spoken, is_on_records=is_on_records
        )
        if spoken == "de":
            if not is_on_records and not any(
                matcher.is_noun(word.text, question) for word in words
            ):
                words = matcher.find_topic_words(question, values, spoken, is_on_records=True)
            nouns = tuple(word for word in words if matcher.is_noun(word.text, question))
            subject = (*matcher.attributes(question, values, nouns), *nouns)
        head, head_words = _head(values), tuple[QueryWord, ...]()
        if head is not None:
            title = set(matcher.corpus.analyzer.terms(head.title))
            head_words = tuple(word for word in words if word.terms[0] in title)
        elif words and not values.unit:
            head = matcher.find_theme(nouns or words, documents)
            head_words = (nouns or words) if head else ()
        beyond_head = [word.text for word in subject if word not in head_words]
        is_noun = matcher.corpus.analyzer.is_noun
        has_others = any(
            word is not words[0] or word.text.isupper() or is_noun(word.text)
            for word in nouns
            if fold(word.text) not in _OF_METADATA
        )
        return _Topic(
            words,
            nouns,
            join_linked_words(question, [word.text for word in subject]),
            join_linked_words(question, beyond_head),
            head,
            head_words,
            has_others,
            matcher.columns.find(words, documents) if head is None else None,
        )

    def _topic_condition(
        self,
        intent: Intent,
        probabilities: Probabilities,
        values: Values,
        topic: _Topic,
        spoken: str,
    ) -> str:
        """The topic as a condition of the query: the phrase of its nouns, else all its words.

        Without a noun it is "" for German lists and counts, and for lists, counts and overviews
        that have another condition, or certainly ask for several records.
        """
        is_on_records = intent in _RECORD_INTENTS
        if intent is Intent.CHANGES:
            return " ".join(word.text for word in topic.nouns if not is_word_of_changes(word.text))
        if not is_on_records and intent is not Intent.OVERVIEW:
            return topic.phrase or " ".join(word.text for word in topic.words)
        nouns_only = (is_on_records and spoken == "de") or values.has_conditions
        nouns_only = nouns_only or (
            probabilities["want"][intent] >= _CERTAIN and values.asks_for_several
        )
        return topic.phrase or ("" if nouns_only else " ".join(word.text for word in topic.words))

    def _choose_intent(
        self, probabilities: Probabilities, values: Values, topic: _Topic, *, is_negated: bool
    ) -> Intent:
        """The most likely of the possible intents if it is likely enough, else a search; with
        exceptions, in order.

        A list: records with a status or unit. A document: a fact about a named one, without a
        topic.
        """
        intents, facts = probabilities["want"], probabilities["asked"]
        possible = self._find_possible(probabilities, values, topic, is_negated=is_negated)
        shares = {
            name: share for name, share in intents.items() if possible.get(Intent(name), True)
        }
        intent = Intent(most_likely(shares))
        if shares[intent.value] < max(_LIKELY_SHARE * sum(shares.values()), _LEAST_PROBABILITY):
            intent = Intent.SEARCH
        asked = most_likely(facts)
        by_status = values.statuses and (topic.head or values.asks_for_several)
        if intent in _ITEM_INTENTS and (by_status or values.unit) and not is_negated:
            return Intent.LIST
        is_document_fact = asked in _DOCUMENT_FACTS and facts[asked] >= FACT_PROBABILITY
        if values.documents.by_name and not topic.nouns and is_document_fact:
            return Intent.DOCUMENT
        if intent is not Intent.SEARCH:
            return intent
        return _replace_search(
            facts, values, topic, may_be_field=possible[Intent.FIELD], is_negated=is_negated
        )

    def _refine_intent(
        self,
        intent: Intent,
        question: str,
        probabilities: Probabilities,
        values: Values,
        topic: _Topic,
        *,
        is_sum: bool,
    ) -> tuple[Intent, tuple[PrintedFact, ...]]:
        """The intent where the words for a sum, a unit or a fact of papers decide it, and the facts
        of papers that are asked for.
        """
        facts = self._find_facts(question, values, topic, probabilities["asked"])
        if facts:
            return Intent.DOCUMENT, facts
        names_item = topic.words or values.named_by_title or values.numbered.items
        if is_sum and intent is Intent.SEARCH and not names_item:
            intent = Intent.COUNT
        field = _field_of_record(question, values, probabilities["asked"])
        if intent in (Intent.SEARCH, Intent.OVERVIEW) and field is not None:
            intent = Intent.FIELD
        if is_sum and not (names_item or values.kinds or values.has_conditions):
            return intent, (PrintedFact.TOTAL,)
        return intent, ()

    def _find_possible(
        self, probabilities: Probabilities, values: Values, topic: _Topic, *, is_negated: bool
    ) -> dict[Intent, bool]:
        """Whether each intent is possible; those without an entry are.

        No list or count is a question that denies something (`is_negated`: beyond its conditions),
        or names a record other than a theme or goal by number.
        """
        intents = probabilities["want"]
        not_listed = is_negated or (values.numbered.items and topic.head is None)
        names_records = values.kinds or values.has_conditions or topic.column
        may_be_list = bool(names_records) and not not_listed
        about_document = values.documents.explicit or values.about_documents
        # "seit April 2025 umgesetzt" chooses records; "seit 2025 geändert" compares editions
        is_dated_status = values.statuses and any(values.years)
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
        if values.statuses and probabilities["yes_no"]["yes"] < _LIKELY_SHARE:
            # a status is a condition on records, unless the question names a record or a topic
            may_be_field &= bool(topic.words or values.named_by_title or values.numbered.items)
        return possible | {Intent.FIELD: may_be_field, Intent.NONE: False}

    def _find_facts(
        self, question: str, values: Values, topic: _Topic, asked: Mapping[str, float]
    ) -> tuple[PrintedFact, ...]:
        """What a question asks of papers themselves: it names some of them, and no noun but those
        for what is asked, for a paper ("Ausgabe") and for what its only motion is about. The
        author only if somebody is asked for, or by a noun: "erstellt" also asks when or how.
        """
        named = values.documents
        is_on_paper = named.explicit or values.about_documents
        asks_of_records = values.kind_words - named.words or values.numbered.items
        if not is_on_paper or asks_of_records or values.named_by_title:
            return ()
        facts = find_printed_facts(fold_words(question))
        nouns = {fold(word.text) for word in topic.nouns}
        names_author = not nouns.isdisjoint(facts.get(PrintedFact.AUTHOR, ()))
        asks_for_somebody = sum(asked[name] for name in _SOMEBODY) >= _LIKELY_SHARE
        if not (names_author or asks_for_somebody):
            facts.pop(PrintedFact.AUTHOR, None)
        names_motion = self._names_motion(named)
        if not names_motion:  # other papers say why of much that is not themselves
            facts.pop(PrintedFact.REASON, None)
        taken = _PAPER_NOUNS.union(words_of_metadata(), *facts.values())
        if nouns <= taken:
            return tuple(facts)
        if not names_motion:
            return ()
        return tuple(fact for fact in facts if fact in _OF_WHOLE_PAPERS)

    def _names_motion(self, named: NamedDocuments) -> bool:
        """True if all that a question names is one motion, which is on one subject."""
        documents = self.matcher.corpus.catalogue.documents
        if not named.by_name or len(named.ids) != 1:
            return False
        return documents[named.ids[0]].kind is DocumentKind.MOTION

    def _has_several_documents(self, values: Values) -> bool:
        """True if there are several documents to compare: named ones, those of several named
        publishers, or, where none is named, of several publishers in scope.
        """
        named = values.documents
        if named.by_name:
            return len(named.ids) > 1
        if named.publishers:
            return len(named.publishers) > 1
        documents = self.matcher.corpus.catalogue.documents
        return len({documents[id_].publisher for id_ in named.ids}) > 1


def _words_for_heads(values: Values) -> set[str]:
    """The nouns of a question for a theme or goal ("Handlungsfeld") that are not what is listed:
    without one of that name they took no condition.
    """
    words = set()
    for word in values.kind_words:
        noun = find_record_noun(word)
        is_head = noun is not None and not noun.plural and not noun.head
        if is_head and noun is not None and not set(noun.kinds[:1]).isdisjoint(_HEADING_KINDS):
            words.add(word)
    if values.asks_for_several and values.kinds[:1] not in _HEADS:
        return words
    return set()


def _replace_search(
    facts: Mapping[str, float],
    values: Values,
    topic: _Topic,
    *,
    may_be_field: bool,
    is_negated: bool,
) -> Intent:
    """The intent in place of a search: a field, if a status or unit is asked for; a list of what is
    below a theme or goal, of what a column has, or of records that are named by nothing but their
    kind or status.
    """
    names_records_only = not (
        topic.nouns or values.named_by_title or values.numbered.items or is_negated
    )
    lists_status = names_records_only and values.statuses
    asked = most_likely(facts)
    if asked in (*_FIELD_FACTS, AnswerType.CONTACT) and facts[asked] >= _LIKELY_SHARE:
        if may_be_field:
            return Intent.FIELD
        if not lists_status:
            return Intent.SEARCH
    names_group = (values.asks_for_several and topic.head) or topic.column
    share_of_names = facts["names"] + facts["none"]
    if len(topic.words) == len(topic.nouns):  # "Wie lauten die Ziele …" has no other verb
        share_of_names += facts["method"]
    if names_group and share_of_names >= _LIKELY_SHARE:
        return Intent.LIST
    if lists_status or (names_records_only and (values.asks_for_several or values.setback)):
        return Intent.LIST
    return Intent.SEARCH


def _choose_answer_type(
    intent: Intent, question: str, probabilities: Probabilities, values: Values
) -> AnswerType:
    """The fact that is asked for; of a field the one that the question's words name."""
    is_of_field = intent is Intent.FIELD and bool(values.named_by_title)
    answer_type = choose_answer_type(probabilities["asked"], of_field=is_of_field)
    if intent is not Intent.FIELD:
        return answer_type
    field = _field_of_record(question, values, probabilities["asked"])
    if field is not None:
        return field
    named_field = find_named_field(fold_words(question))
    if answer_type in _FIELD_FACTS and named_field is not None:
        return named_field
    return answer_type


def _field_of_record(
    question: str, values: Values, asked: Mapping[str, float]
) -> AnswerType | None:
    """The field of the one record that a question names by its title, by a noun for a unit or for
    municipalities of no name: "welche Abteilung macht …", "welche Gemeinden sind bei … dabei".
    """
    if len(values.named_by_title) != 1:
        return None
    words = set(fold_words(question))
    if words & _UNIT_NOUNS and not values.unit:
        return AnswerType.RESPONSIBLE
    asks_for_some = sum(asked[name] for name in _MUNICIPALITIES) >= _LIKELY_SHARE
    if words & _MUNICIPALITY_NOUNS and not values.place and asks_for_some:
        return AnswerType.PLACE
    return None


def _asks_contact(asked: Mapping[str, float]) -> bool:
    """True if a question asks for a contact, too, and for no other kind of fact more probably."""
    others = [share for name, share in asked.items() if name not in ("none", "contact")]
    least = max(_CONTACT_PROBABILITY, *others)
    return asked["contact"] >= least


def _asks_setback(query: Query, values: Values, probabilities: Probabilities) -> bool:
    """True if a question asks for what failed, or for why something is not so."""
    asks_why = probabilities["asked"][AnswerType.REASON] >= FACT_PROBABILITY
    is_denied = not NEGATIONS.isdisjoint(map(fold, query.left_over))
    return values.setback or (asks_why and is_denied)


def _ask_for_contact_too(query: Query) -> Query:
    """A question for who is responsible that asks for a contact, too, if one of its words says so
    that nothing else took: "... und wo kann ich da anrufen?"
    """
    words = words_of_reaching().intersection(map(fold, query.left_over))
    if query.answer_type is not AnswerType.RESPONSIBLE or not words:
        return query
    left_over = tuple(word for word in query.left_over if fold(word) not in words)
    return replace(query, asks_contact=True, left_over=left_over)


def _find_excluded(
    question: str, values: Values, topic: _Topic
) -> tuple[tuple[str, ...], frozenset[str]]:
    """The names of the conditions that a question excludes, and the words of negation for them."""
    conditions = dict(values.condition_words)
    if topic.head is not None:
        name = "theme" if topic.head.kind is ItemKind.THEME else "goal"
        words = [topic.head.title, *(word.text for word in topic.head_words)]
        conditions[name] = set(fold_words(" ".join(words)))
    if topic.column is not None:
        conditions["column"] = {fold(word.text) for word in topic.words}
    return find_excluded(fold_words(question), conditions, values.kind_words)


def _head(values: Values) -> NamedHeading | None:
    """The only theme or goal that a question names by number or title, whose records it means; else
    None.
    """
    heads = [
        item
        for item in (*values.numbered.items, *values.named_by_title)
        if item.kind in _HEADING_KINDS
    ]
    has_other_numbers = any(item.kind not in _HEADING_KINDS for item in values.numbered.items)
    # "Ziel 2" means the goal itself, not what is below it
    if len(heads) != 1 or has_other_numbers or heads[0].kind in values.kinds:
        return None
    item = heads[0]
    return NamedHeading(item.kind, item.ref, item.title, (item.document_id,))
