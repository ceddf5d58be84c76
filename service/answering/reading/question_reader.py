"""Reads a question into a query: the classifier gives intent and answer type, the matcher the
values that are named.

A question that is not with enough probability one of the other intents is a search.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache

from prompts import answer_language
from service.answering import lexicon
from service.answering.query import RECORD_KINDS, AnswerType, Conditions, Group, Intent, Query, Sort
from service.answering.reading.classifier import detect_language, load_classifier
from service.answering.reading.intents import IntentChooser, find_answer_type
from service.answering.reading.left_over import (
    find_left_over,
    is_word_of_changes,
    names_contact,
    words_of_metadata,
    words_of_reaching,
)
from service.answering.reading.matcher import SETBACK_WORDS, Matcher
from service.answering.reading.negation import NEGATIONS, find_excluded
from service.answering.reading.nouns import MARKS, find_record_noun, fold_words
from service.answering.reading.probabilities import (
    FACT_PROBABILITY,
    LIKELY_SHARE,
    asks_for_sum,
    choose_unless_default,
    most_likely,
)
from service.answering.reading.searched_words import (
    find_searched_words,
    join_linked_words,
    remove_words,
)
from service.answering.reading.values import Analysis, NamedHeading, Probabilities, Topic, Values
from service.answering.retrieval.query_words import QueryWord
from vectorstore.language import fold
from vectorstore.records import ItemKind

# from which a question asks for a contact, too: all 128 training questions that do reach it, and 4
# of the 3,165 others (27 November 2026)
_CONTACT_PROBABILITY = 0.3
_CERTAIN = 0.9  # probability of an intent from which words other than nouns are no topic
_RECORD_INTENTS = (Intent.LIST, Intent.COUNT)
_PART_WORDS = lexicon.folded_words("nouns", "follow_up", "part")
# intents whose answer claims every noun of the topic
_NOUNS_ARE_CONDITIONS = (*_RECORD_INTENTS, Intent.FIELD, Intent.OVERVIEW)
_HEADING_KINDS = (ItemKind.THEME, ItemKind.GOAL)
_HEADS = ((ItemKind.THEME,), (ItemKind.GOAL,))
_OF_METADATA = words_of_metadata() | lexicon.folded_words("asking", "document", "bodies")


@dataclass(frozen=True, slots=True)
class QuestionReading:
    """A reading of a question: its query, the values that it names, the probabilities of the
    classifier by head, and whether it means something only after the question before it.
    """

    query: Query
    values: Values
    probabilities: Probabilities
    is_follow_up: bool = False


class QuestionReader:
    """Reads questions on an edition into queries; read-only, shared between requests."""

    def __init__(self, matcher: Matcher) -> None:
        self.matcher = matcher
        self.probabilities: Callable[[str], Probabilities] = lru_cache(maxsize=512)(
            lambda question: load_classifier().probabilities(matcher.with_placeholders(question))
        )
        self._intents = IntentChooser(matcher.corpus)

    def read(
        self, question: str, language: str | None = None, documents: tuple[str, ...] = ()
    ) -> QuestionReading:
        """The reading of a question without its conversation; `documents` are the ids in scope, ()
        for all. Names in the question narrow them, and never widen them.

        The names of documents are taken out of what is searched, unless the question has capitals
        and no other noun: then the document itself is searched for. `language` is that of the
        answer, None for the language of the question.
        """
        analysis = self._analyze(question, documents)
        values, topic, spoken = analysis.values, analysis.topic, analysis.language
        named, probabilities = values.documents, analysis.probabilities
        intent, facts = self._intents.choose(analysis)
        conditions = replace(
            _choose_stated(values.conditions, intent),
            topic=_topic_condition(intent, analysis),
            documents=named.ids if named.explicit else documents,
            excluded=analysis.excluded,
        )
        entries = (*values.numbered.items, *values.named_by_title)
        is_on_document = not topic.has_others and not question.islower()
        unnamed = question if is_on_document else remove_words(question, named.words)
        query = Query(
            text=find_searched_words(unnamed, spoken) or unnamed,
            question=unnamed,
            intent=intent,
            answer_type=find_answer_type(intent, analysis),
            facts=facts,
            yes_no=probabilities["yes_no"]["yes"] >= LIKELY_SHARE,
            conditions=conditions,
            entries=tuple((item.document_id, item.key) for item in entries),
            numbered_count=len(values.numbered.items),
            unknown=(*values.numbered.unknown, *filter(None, [values.unknown_unit])),
            names_documents=named.explicit,
            names_titles=named.by_name,
            scope=documents,
            outside=named.outside,
            asks_for_sum=analysis.asks_for_sum and intent in _RECORD_INTENTS,
            asks_contact=_asks_contact(analysis),
            claimed_number=values.claimed_number,
            language=answer_language(language or spoken),
            question_language=spoken,
        )
        if intent in _RECORD_INTENTS:
            query = self._complete_list(query, analysis)
        query = self._find_left_over(query, analysis)
        query = _ask_for_contact_too(query)
        query = replace(query, asks_setback=_asks_setback(query, analysis))
        return QuestionReading(query, values, probabilities)

    def _analyze(self, question: str, documents: tuple[str, ...]) -> Analysis:
        """What is known of a question on documents (ids, () for all) before its intent."""
        probabilities = self.probabilities(question)
        values = self.matcher.values(question, documents)
        language, named = detect_language(question), values.documents
        ids = named.ids if named.explicit else documents
        may_be_on_records = most_likely(probabilities["want"]) in _NOUNS_ARE_CONDITIONS
        topic = self._find_topic(
            question, values, language, ids or named.ids, is_on_records=may_be_on_records
        )
        excluded, negations = _find_excluded(question, values, topic)
        return Analysis(
            question=question,
            language=language,
            values=values,
            topic=topic,
            probabilities=probabilities,
            excluded=excluded,
            negations=negations,
            asks_for_sum=asks_for_sum(question, probabilities, values),
        )

    def _find_left_over(self, query: Query, analysis: Analysis) -> Query:
        """A query with the words of its question that nothing took: they forbid a computed claim.

        Words for a part in a count ("und wie viele davon sind fertig?") ask for the number of the
        whole, too. Words for failure are taken only by lists and counts, which choose records by
        them, and a noun such as "Handlungsfeld" only if the list has a theme or goal.
        """
        values, topic = analysis.values, analysis.topic
        taken = values.taken_words | analysis.negations
        part_words = _PART_WORDS.intersection(analysis.words)
        if part_words and query.intent is Intent.COUNT and query.conditions.statuses:
            query = replace(query, asks_whole=True)
            taken |= part_words
        if query.intent not in _RECORD_INTENTS:
            taken -= SETBACK_WORDS  # only lists and counts choose by them
        if query.intent is not Intent.DOCUMENT:  # what is known of a document is on no topic
            taken |= self._topic_texts(query, topic)
        if query.intent in _RECORD_INTENTS and topic.head is None:
            taken -= _words_for_heads(values)
        return replace(query, left_over=find_left_over(analysis.question, query, taken))

    def _topic_texts(self, query: Query, topic: Topic) -> set[str]:
        """The folded words of a question that its topic takes: those of the condition, of a theme,
        goal or column in its place, and of titles that it names.

        A word belongs to a named title if both share an index term, so that "Radwegs" belongs to
        the title "Radweg".
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

    def _complete_list(self, query: Query, analysis: Analysis) -> Query:
        """The query of a list or count with its theme, goal or column, its grouping and its order.

        Words of the topic that name a theme, goal or column are no topic any more: a condition on
        the field is exact. Records whose costs are to be summed are sorted by amount. A count for
        several statuses is grouped by status, unless the question denies something.
        """
        values, topic, probabilities = analysis.values, analysis.topic, analysis.probabilities
        head, conditions = topic.head, query.conditions
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
        group = Group(choose_unless_default(probabilities["group"], Group.NOTHING))
        sort = Sort.PAPER
        if query.asks_for_sum:
            sort = Sort.AMOUNT
        # only a word such as "teuerste" asks for an order
        elif self.matcher.has_framing_word(analysis.question, values):
            sort = Sort(choose_unless_default(probabilities["sort"], sort))
        if query.intent is Intent.COUNT and len(conditions.statuses) > 1 and not values.negations:
            # "Wie viele sind umgesetzt, in Bearbeitung und in Planung?"
            group = Group.STATUS
        return replace(query, conditions=conditions, group=group, sort=sort)

    def _find_topic(
        self,
        question: str,
        values: Values,
        spoken: str,
        documents: tuple[str, ...],
        *,
        is_on_records: bool,
    ) -> Topic:
        """The topic of a question in the language `spoken`; `documents` are the ids in scope.

        On records every noun is a condition, so that none but those for fields may be dropped. Else
        nouns that frame questions are left out, but taken if there is no other. In German the topic
        is nouns with their attributes, in other languages all words. If the question names no theme
        or goal, a theme whose title has all words of the topic takes their place, unless a unit is
        named.
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
        elif words and not values.conditions.unit:
            head = matcher.find_theme(nouns or words, documents)
            head_words = (nouns or words) if head else ()
        beyond_head = [word.text for word in subject if word not in head_words]
        is_noun = matcher.corpus.analyzer.is_noun
        has_others = any(
            word is not words[0] or word.text.isupper() or is_noun(word.text)
            for word in nouns
            if fold(word.text) not in _OF_METADATA
        )
        return Topic(
            words,
            nouns,
            join_linked_words(question, [word.text for word in subject]),
            join_linked_words(question, beyond_head),
            head,
            head_words,
            has_others,
            matcher.columns.find(words, documents) if head is None else None,
        )


def _topic_condition(intent: Intent, analysis: Analysis) -> str:
    """The topic as a condition of the query: the phrase of its nouns, else all its words.

    Words other than nouns are often verbs of asking, which would wrongly narrow a list. So without
    a noun there is no topic ("") for German lists and counts, and for any list, count or overview
    that has another condition, or certainly asks for several records. For changes, nouns for the
    change itself are no topic.
    """
    values, topic = analysis.values, analysis.topic
    is_on_records = intent in _RECORD_INTENTS
    words = " ".join(word.text for word in topic.words)
    if intent is Intent.CHANGES:
        return " ".join(word.text for word in topic.nouns if not is_word_of_changes(word.text))
    if not is_on_records and intent is not Intent.OVERVIEW:
        return topic.phrase or words
    is_certain = analysis.probabilities["want"][intent] >= _CERTAIN and values.asks_for_several
    is_on_german_records = is_on_records and analysis.language == "de"
    if is_on_german_records or values.has_conditions or is_certain:
        return topic.phrase
    return topic.phrase or words


def _choose_stated(stated: Conditions, intent: Intent) -> Conditions:
    """Those of the stated conditions that an intent takes.

    A list or count takes all, and is of all records if no kind is named. Other intents do not list
    or count by conditions, so that they take only kinds, statuses, unit and place.
    """
    if intent in _RECORD_INTENTS:
        return replace(stated, kinds=stated.kinds or RECORD_KINDS)
    return Conditions(
        kinds=stated.kinds, statuses=stated.statuses, unit=stated.unit, place=stated.place
    )


def _words_for_heads(values: Values) -> set[str]:
    """The nouns for a theme or goal ("Handlungsfeld") that stay left over in a list without one.

    In "Projekte im Handlungsfeld X" the noun stands for a condition. Where no theme X was found,
    this condition was not understood, and nothing may take its noun. A plural is what is asked for
    ("Ziele"). The result is empty unless the question asks for several records, and these are no
    themes or goals.
    """
    words = set()
    for word in values.kind_words:
        noun = find_record_noun(word)
        is_head = noun is not None and not noun.plural and not noun.head
        if is_head and noun is not None and not set(noun.kinds[:1]).isdisjoint(_HEADING_KINDS):
            words.add(word)
    if values.asks_for_several and values.conditions.kinds[:1] not in _HEADS:
        return words
    return set()


def _asks_contact(analysis: Analysis) -> bool:
    """True if a question asks how to reach somebody, alone or besides something else.

    Its only noun names a means ("Telefonnummer"), or a contact is probable enough and no other kind
    of fact is more probable.
    """
    asked, nouns = analysis.asked, analysis.topic.nouns
    if len(nouns) == 1 and names_contact([fold(nouns[0].text)]):
        return True
    others = [share for name, share in asked.items() if name not in ("none", "contact")]
    least = max(_CONTACT_PROBABILITY, *others)
    return asked["contact"] >= least


def _asks_setback(query: Query, analysis: Analysis) -> bool:
    """True if a question asks for what failed, or for why something is not so.

    The second needs a negation that no condition took: "Warum wird der Radweg nicht gebaut?".
    """
    asks_why = analysis.asked[AnswerType.REASON] >= FACT_PROBABILITY
    is_denied = not NEGATIONS.isdisjoint(map(fold, query.left_over))
    return analysis.values.conditions.setback or (asks_why and is_denied)


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
    question: str, values: Values, topic: Topic
) -> tuple[tuple[str, ...], frozenset[str]]:
    """The names of the conditions that a question excludes, and the words of negation for them.

    A theme, goal or column that the topic names can be excluded, too: "außer Mobilität".
    """
    conditions = dict(values.condition_words)
    if topic.head is not None:
        name = "theme" if topic.head.kind is ItemKind.THEME else "goal"
        words = [topic.head.title, *(word.text for word in topic.head_words)]
        conditions[name] = set(fold_words(" ".join(words)))
    if topic.column is not None:
        conditions["column"] = {fold(word.text) for word in topic.words}
    return find_excluded(fold_words(question), conditions, values.kind_words)


def _head(values: Values) -> NamedHeading | None:
    """The only theme or goal that a question names by number or title, if it means the records
    below it; else None.
    """
    heads = [
        item
        for item in (*values.numbered.items, *values.named_by_title)
        if item.kind in _HEADING_KINDS
    ]
    has_other_numbers = any(item.kind not in _HEADING_KINDS for item in values.numbered.items)
    # "Ziel 2" means the goal itself, not what is below it
    if len(heads) != 1 or has_other_numbers or heads[0].kind in values.conditions.kinds:
        return None
    item = heads[0]
    return NamedHeading(item.kind, item.ref, item.title, (item.document_id,))
