"""Reads a question in its conversation: a follow-up is the previous query with what it changes.

It asks for records, which meet the conditions before and those that it adds ("davon", "nur die");
for one that an answer cited, by its place ("das dritte"); or for what the last answer cited.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from functools import cache

from service.answering import lexicon
from service.answering.corpus import Corpus
from service.answering.query import AnswerType, Conditions, Group, Intent, Query, Sort
from service.answering.reading.cited_items import cited_items
from service.answering.reading.left_over import find_left_over, words_of_adoption, words_of_metadata
from service.answering.reading.matcher import FRAME, Matcher
from service.answering.reading.nouns import fold_words
from service.answering.reading.probabilities import most_likely
from service.answering.reading.question_reader import QuestionReader, QuestionReading
from service.answering.reading.references import LAST, find_position, read_ordinal, refers_back
from service.answering.reading.searched_words import find_searched_words
from service.answering.retrieval.terms import coverage, words_in
from service.records import MOST_FITTING, Turn
from vectorstore.language import fold
from vectorstore.records import ItemAddress

_FOLLOW_UP = 0.5  # probability from which a question with a topic of its own is a follow-up
_FOLLOW_UP_WITHOUT_TOPIC = 0.25  # the same for a question without one
_SURE = 0.5  # probability of an intent below which the one before stays
# turns that are read, and letters of each question
_MOST_TURNS = 8
_MOST_LETTERS = 500
# share of a topic in the cited item from which a question refers to that item
_LEAST_COVERAGE = 0.4
_ITEM_INTENTS = (Intent.FIELD, Intent.SEARCH, Intent.DOCUMENT)
_RECORD_INTENTS = (Intent.LIST, Intent.COUNT, Intent.OVERVIEW)
_FIELD_TYPES = (AnswerType.STATUS, AnswerType.RESPONSIBLE)
_OPEN_TYPES = (AnswerType.NOTHING, AnswerType.NAMES)
# by what a list shows the fact that is asked for of all its records
_SORTS = {AnswerType.AMOUNT: Sort.AMOUNT, AnswerType.DATE: Sort.END}
_GROUPS = {AnswerType.STATUS: Group.STATUS, AnswerType.RESPONSIBLE: Group.UNIT}


def read_in_conversation(
    question: str,
    history: Sequence[Turn],
    reader: QuestionReader,
    language: str | None,
    documents: tuple[str, ...],
) -> QuestionReading:
    """The reading of a question, merged with the previous query of the user if it is a follow-up.

    The history adds no document to `documents`, if there are any.
    """
    reading = reader.read(question, language, documents)
    turns = history[-_MOST_TURNS:]
    places = [place for place, turn in enumerate(turns) if turn.role == "user"]
    if not places or not _is_follow_up(question, reading, reader.matcher):
        return reading
    last = places[-1]
    before = turns[last].content[:_MOST_LETTERS]
    previous = read_in_conversation(before, turns[:last], reader, language, documents).query
    answers = tuple(cited_items(turns, reader.matcher.corpus, documents))
    follow_up = _FollowUp(question, reading, previous, answers, reader.matcher)
    query = follow_up.merge()
    query = replace(query, left_over=follow_up.find_left_over(query), asks_whole=False)
    return replace(reading, query=_restrict(query, documents), is_follow_up=True)


def _is_follow_up(question: str, reading: QuestionReading, matcher: Matcher) -> bool:
    """True if a question is a follow-up: it cannot be answered without the question before it.

    The first rule that applies decides. The last ones also need the probability that a question is
    a follow-up.
    """
    query = reading.query
    # a word for a part: "Welche davon sind umgesetzt?"
    if _has_words(question, "part"):
        return True
    names_something = bool(query.entries) or query.names_documents
    # a pronoun for what was named before: "Wann wird er fertig?"
    if not names_something and refers_back(question, query.question_language, matcher.is_noun):
        return True
    own_topic = _own_topic(question, reading, matcher)
    values, conditions = reading.values, query.conditions
    has_own = own_topic or query.entries or conditions.has_conditions or conditions.kinds
    # a publisher and nothing else: "Was ist mit dem Kreis Neuhaus?"
    if query.names_documents and not values.documents.by_name and not has_own:
        return True
    probability = reading.probabilities["followup"]["yes"]
    # a topic or name of its own: "Und der Radweg?" is a follow-up only if that is likely
    if own_topic or names_something:
        return probability >= _FOLLOW_UP
    # nothing to ask about ("Und warum?"), or a place in a list ("Wer macht das dritte?")
    is_open = not query.conditions.has_conditions or find_position(question, matcher.is_noun) != 0
    # else conditions alone: "Was ist geplant?" is a follow-up from a low probability on
    return is_open or probability >= _FOLLOW_UP_WITHOUT_TOPIC


@dataclass(frozen=True, slots=True)
class _FollowUp:
    """A follow-up, the query before it, and the items that each answer cited, the newest first."""

    question: str
    reading: QuestionReading
    previous: Query
    answers: Sequence[Sequence[ItemAddress]]
    matcher: Matcher

    def merge(self) -> Query:
        """The query of the follow-up: on the item at a place in a list ("das dritte"), on records,
        on the document before, or on what the last answer cited. The first that fits is taken.
        """
        position = find_position(self.question, self.matcher.is_noun)
        if position and self.answers:
            return self._at(position)
        intent = self._choose_intent()
        if intent in _RECORD_INTENTS:
            return self._of_records(intent)
        if self._is_on_document:
            return self._of_document()
        return self._of_what_was_cited(intent)

    def find_left_over(self, query: Query) -> tuple[str, ...]:
        """The words of the follow-up that nothing takes: they forbid a computed claim.

        Taken are words of its query and topic, ordinals, and words by which one refers back. A word
        counts as left over only if it already was when the follow-up was read alone.
        """
        words = fold_words(self.question)
        topic = set(fold_words(self._topic))
        taken = self.reading.values.taken_words | topic | _words_for_follow_ups()
        taken |= {word for word in words if read_ordinal(word)}
        left_over = find_left_over(self.question, query, taken)
        own = set(map(fold, self.reading.query.left_over))
        return tuple(word for word in left_over if fold(word) in own)

    def _choose_intent(self) -> Intent:
        """The intent of the follow-up: mostly the one that was read.

        It changes where the follow-up was read as a search (or an overview of a part) and the
        question before was for records. Then it is the most likely intent if that is for records,
        and the intent before if none is likely. A list is also what has no noun of its own after a
        count, or after more items than are shown as cards: "Welche sind das?", "Was kosten die?".
        """
        new, wants = self.reading.query, self.reading.probabilities["want"]
        may_change = new.intent in (Intent.SEARCH, Intent.FIELD) or (
            new.intent is Intent.OVERVIEW and self._is_part
        )
        if not may_change or new.entries or self.previous.intent not in _RECORD_INTENTS:
            return new.intent
        wanted, is_open = Intent(most_likely(wants)), new.answer_type in _OPEN_TYPES
        if wants[wanted] < _SURE and is_open:
            wanted = self.previous.intent
        if wanted is Intent.OVERVIEW and self._is_part:
            return Intent.LIST
        if wanted in _RECORD_INTENTS:
            return wanted
        were_counted = self.previous.intent is Intent.COUNT and is_open
        are_many = bool(self.answers) and len(self.answers[0]) > MOST_FITTING
        is_on_all = (were_counted or are_many) and not self._has_noun
        if is_on_all:
            return Intent.LIST
        return new.intent

    @property
    def _topic(self) -> str:
        """The topic of the follow-up; "" if it has none.

        A follow-up that refers back without a noun of its own ("Wann wird er fertig?") has no
        topic. In one that asks for a part ("davon"), all nouns that name no value are the topic if
        there is no other.
        """
        if self._refers_back and not self._is_part:
            if not self._has_noun:
                return ""
            return self.reading.query.conditions.topic
        topic = _own_topic(self.question, self.reading, self.matcher)
        if topic or not self._is_part:
            return topic
        words = self.matcher.find_topic_words(self.question, self.reading.values)
        is_noun = self.matcher.is_noun
        return " ".join(word.text for word in words if is_noun(word.text, self.question))

    @property
    def _is_part(self) -> bool:
        """True if the follow-up asks for a part of the records before."""
        return _has_words(self.question, "part") or _has_words(self.question, "only")

    @property
    def _refers_back(self) -> bool:
        """True if the follow-up has a pronoun for what was before."""
        language = self.reading.query.question_language
        return refers_back(self.question, language, self.matcher.is_noun)

    @property
    def _is_on_document(self) -> bool:
        """True if the follow-up asks about the one document that the question before named.

        The question before must not name a record. The follow-up may have only words for the
        metadata of documents. If the question before had a topic, it needs a word for what becomes
        of documents ("beschlossen").
        """
        previous, new, values = self.previous, self.reading.query, self.reading.values
        if previous.entries or new.entries or self._were_records:
            return False
        if not previous.names_documents or len(self._documents) != 1 or values.has_conditions:
            return False
        words = words_of_adoption() if previous.conditions.topic else words_of_metadata()
        if words.isdisjoint(fold_words(self.question)):
            return False
        about_document = replace(new, intent=Intent.DOCUMENT)
        return not find_left_over(self.question, about_document, values.taken_words)

    @property
    def _was_on_document(self) -> bool:
        """True if the question before was on a document as a whole, without topic or record."""
        previous = self.previous
        is_specific = bool(previous.conditions.topic or previous.entries)
        return previous.names_documents and not is_specific and not self._were_records

    @property
    def _were_records(self) -> bool:
        """True if the question before asked for records."""
        return self.previous.intent in _RECORD_INTENTS

    @property
    def _documents(self) -> tuple[str, ...]:
        """The documents that the follow-up names, else those before."""
        new, old = self.reading.query, self.previous.conditions.documents
        own = new.conditions.documents
        if new.names_documents:
            return own
        return old or own

    def _at(self, position: int) -> Query:
        """The query for the item at a position in the newest answer that has so many items. If no
        answer has so many, it is the query for an unknown number.

        `position` counts from 1; `LAST` is the last item. Without a fact of its own the follow-up
        asks for the fact before: after "Wann beginnt das erste?" "Und das zweite?" asks when.
        """
        new, previous = self.reading.query, self.previous
        # an answer on one item is no list in which a place is counted
        least = max(position, 1 if previous.intent in _RECORD_INTENTS else 2)
        cited = next((items for items in self.answers if len(items) >= least), self.answers[0])
        entries = tuple(cited[LAST:] if position == LAST else cited[position - 1 : position])
        answer_type = AnswerType.STATUS if new.conditions.statuses else new.answer_type
        if answer_type is AnswerType.NOTHING and previous.intent is Intent.FIELD:
            answer_type = previous.answer_type
        corpus = self.matcher.corpus
        titles = [corpus.catalogue.items[corpus.row_of_item[entry]].title for entry in entries]
        documents = tuple(document_id for document_id, _ in entries)
        return replace(
            new,
            text=" ".join((*titles, new.text)),
            question=" ".join((*titles, new.question)),
            intent=Intent.FIELD if answer_type in _FIELD_TYPES else Intent.SEARCH,
            answer_type=answer_type,
            conditions=replace(new.conditions, topic=self._topic, documents=documents),
            entries=entries,
            numbered_count=len(entries),
            unknown=() if entries else (str(position),),
        )

    def _of_document(self) -> Query:
        """The query for the metadata of the document before."""
        conditions = Conditions(documents=self._documents)
        new = self.reading.query
        return replace(new, intent=Intent.DOCUMENT, conditions=conditions, names_documents=True)

    def _of_what_was_cited(self, intent: Intent) -> Query:
        """The query for what the last answer cited: one of its items, or the first few of its
        records. If none of these is meant, it is a query with the topic before.

        No item is meant if the follow-up compares, asks for a part, names other documents, or asks
        something after a question on a document as a whole. The items count as named by number if
        they are several or the follow-up has no noun of its own: then the answer keeps to them.
        """
        new, previous, topic = self.reading.query, self.previous, self._topic
        if topic and self._refers_back and topic not in previous.conditions.topic:
            topic = f"{previous.conditions.topic} {topic}".strip()
        old, entries, numbered = previous.conditions, new.entries, new.numbered_count
        wanted = most_likely(self.reading.probabilities["want"])
        may_refer = intent in _ITEM_INTENTS and wanted != Intent.COMPARISON
        is_on_whole = self._was_on_document and bool(self._searched)
        may_refer &= not (self._is_part or self._changes_documents or is_on_whole)
        if not entries and may_refer:
            entries = self._choose_entries()
            if len(entries) > 1 or not self._has_noun:
                numbered = len(entries)
        if intent in _ITEM_INTENTS and new.answer_type in _FIELD_TYPES and entries:
            intent = Intent.FIELD if len(entries) == 1 else Intent.SEARCH
        return replace(
            self._continue(intent),
            conditions=replace(
                new.conditions,
                topic=topic or old.topic,
                documents=self._documents,
                theme=new.conditions.theme or ("" if topic else old.theme),
            ),
            entries=entries,
            numbered_count=numbered,
        )

    def _continue(self, intent: Intent) -> Query:
        """The query of the follow-up with this intent.

        What is searched stands behind the topic of the question before (`_after_topic`), since the
        follow-up's own words ("Was kostet das?") do not tell what it is on.
        """
        new, previous = self.reading.query, self.previous
        return replace(
            new,
            text=self._after_topic(self._searched, previous.text),
            question=self._after_topic(new.question, previous.question),
            intent=intent,
            names_documents=new.names_documents or previous.names_documents,
        )

    def _choose_entries(self) -> tuple[ItemAddress, ...]:
        """The items that the follow-up means: the first that the last answer cited.

        If the question before was for records, it means as many as an answer shows as cards. () if
        the first item has too little of the topic of the follow-up. If this topic is the title of
        some item, that item is meant, so the first one must have all of the topic.
        """
        corpus = self.matcher.corpus
        cited = self.answers[0] if self.answers else ()
        words = words_in(self._topic, corpus)
        if cited and words:
            covered = coverage(words, corpus.terms[corpus.row_of_item[cited[0]]], corpus)
            least = 1.0 if _is_title(self._topic, corpus) else _LEAST_COVERAGE
            if covered < least:
                return ()
        several = self.previous.intent in _RECORD_INTENTS
        return tuple(cited[: MOST_FITTING if several else 1])

    @property
    def _has_noun(self) -> bool:
        """True if the follow-up has a noun that does not frame a question, or a number ("K 63")."""
        words = words_in(self.question, self.matcher.corpus)
        content = [word.text for word in words if word.frame < FRAME]
        is_noun = self.matcher.is_noun
        return any(is_noun(text, self.question) or text.isdigit() for text in content)

    def _of_records(self, intent: Intent) -> Query:
        """The query for records that meet the conditions before and those of the follow-up.

        A condition that both have is that of the follow-up. Only if it asks for a part ("davon"),
        its topic does not replace the one before, which is kept as `within`. A fact that was asked
        for as of one record ("Was kosten die?") becomes the order or groups of the list.
        """
        new = self.reading.query
        stated = self._read_conditions(is_overview=intent is Intent.OVERVIEW)
        old = self._keep_conditions(stated)
        own = {name: value for name, value in asdict(stated).items() if value}
        conditions = replace(old, **own)
        if stated.topic and old.topic:
            conditions = replace(conditions, within=(*old.within, old.topic))
        sort, group = new.sort, new.group
        if intent is not new.intent:  # it was not read as one for records
            sort = _SORTS.get(new.answer_type, sort)
            group = _GROUPS.get(new.answer_type, group)
        return replace(self._continue(intent), conditions=conditions, sort=sort, group=group)

    def _read_conditions(self, *, is_overview: bool) -> Conditions:
        """The conditions that the follow-up states.

        In a list or count, a topic that is the name of a theme becomes the condition on this theme:
        "Und für Mobilität?". It stays a topic if a part of the records of another theme is asked
        for, which the new theme would replace.
        """
        own, old = self.reading.query.conditions, self.previous.conditions
        stated = replace(own, topic=self._topic, kinds=self.reading.values.conditions.kinds)
        if own.theme or own.goal:
            return stated
        stated = replace(stated, documents=self._documents)
        if is_overview or not stated.topic or (self._is_part and old.theme):
            return stated
        words = words_in(stated.topic, self.matcher.corpus)
        all_documents = self.matcher.corpus.catalogue.documents
        theme = self.matcher.find_theme(words, stated.documents or all_documents)
        if theme is None:
            return stated
        return replace(stated, topic="", theme=theme.name, documents=theme.documents)

    def _keep_conditions(self, stated: Conditions) -> Conditions:
        """The conditions before, without those that the follow-up replaces.

        A topic, theme or goal of the follow-up replaces all of these, unless it asks for a part.
        Dates replace dates, and costs replace costs. If the follow-up is on other documents, theme,
        goal and unit of the ones before are dropped.
        """
        old = self.previous.conditions
        if self._changes_documents:
            old = replace(old, theme="", goal="", unit="")
        if not self._is_part and (stated.topic or stated.theme or stated.goal):
            old = replace(old, topic="", within=(), theme="", goal="")
        if stated.since or stated.until:
            old = replace(old, since="", until="")
        if stated.cost_from or stated.cost_until:
            old = replace(old, cost_from="", cost_until="")
        return old

    @property
    def _changes_documents(self) -> bool:
        """True if the follow-up names other documents than were searched before."""
        new, old = self.reading.query, self.previous.conditions.documents
        return new.names_documents and bool(old) and new.conditions.documents != old

    @property
    def _searched(self) -> str:
        """The words of the follow-up that are searched; "" if it has only words of asking."""
        query = self.reading.query
        return find_searched_words(query.question, query.question_language)

    def _after_topic(self, text: str, previous_text: str) -> str:
        """A text of the follow-up, behind the topic of the question before.

        It stays alone if its own topic is a whole one (several words, or the title of an item) and
        the follow-up does not refer back. `text` and `previous_text` are what is searched or asked
        now and before; the second is taken if the question before had no topic.
        """
        topic = self._topic
        is_whole = len(topic.split()) > 1 or _is_title(topic, self.matcher.corpus)
        if is_whole and not self._refers_back:
            return text
        # the name of the document is a condition, and searched only where nothing else is
        before = "" if self._was_on_document and text else previous_text
        return f"{self.previous.conditions.topic or before} {text}".strip()


@cache
def _words_for_follow_ups() -> frozenset[str]:
    """The folded words by which a follow-up refers to the answer before."""
    lists = lexicon.table("nouns")["follow_up"]
    phrases: list[str] = []
    for name in lists:
        phrases += lexicon.folded_words("nouns", "follow_up", name)
    return frozenset(" ".join(phrases).split())


def _has_words(question: str, name: str) -> bool:
    """True if a question has one of the words for follow-ups that are listed under a name."""
    text = f" {' '.join(fold_words(question))} "
    return any(f" {words} " in text for words in lexicon.folded_words("nouns", "follow_up", name))


def _own_topic(question: str, reading: QuestionReading, matcher: Matcher) -> str:
    """The topic of a question, without ordinals ("dritte"); "" if only verbs are left ("losgeht").
    Verbs are told from nouns only in a German question with capitals.
    """
    query = reading.query
    texts = [text for text in query.conditions.topic.split() if not read_ordinal(fold(text))]
    has_capitals = query.question_language == "de" and not question.islower()
    has_noun = any(matcher.is_noun(text, question) for text in texts)
    if has_noun or not has_capitals:
        return " ".join(texts)
    return ""


def _is_title(topic: str, corpus: Corpus) -> bool:
    """True if any item's title contains all words of a topic."""
    words = words_in(topic, corpus)
    return bool(words) and any(
        coverage(words, title, corpus) == 1.0 for title in corpus.title_terms
    )


def _restrict(query: Query, documents: tuple[str, ...]) -> Query:
    """The query, about no other documents than these, unless there are none."""
    if not documents:
        return query
    searched = tuple(id_ for id_ in query.conditions.documents if id_ in documents)
    conditions = replace(query.conditions, documents=searched or documents)
    entries = tuple(entry for entry in query.entries if entry[0] in documents)
    return replace(query, conditions=conditions, entries=entries)
