"""Reads a question into a query by what the edition itself names, and nothing else.

Documents, numbers and values are found by their own words. A question that wants a list or a count
and whose every word was taken gets a computed answer; any other gets the passages that are found
with all its words. A follow-up is read behind the question before it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import chain

from prompts import answer_language
from service.answering import lexicon
from service.answering.corpus import Corpus
from service.answering.query import RECORD_KINDS, AnswerType, Conditions, Intent, Query
from service.answering.reading.asking_words import (
    SURE_OF_CONTACT,
    asked_metadata,
    find_left_over,
    names_changes,
    words_of_answer,
    words_of_asking,
    words_of_contact,
    words_of_documents,
    words_of_fields,
)
from service.answering.reading.classifier import detect_language, load_classifier, with_placeholders
from service.answering.reading.documents import GENERIC, DocumentNames, NamedDocuments
from service.answering.reading.edition_values import AskedKind, EditionValues
from service.answering.reading.intent import (
    FIELDS,
    LIKELY,
    Named,
    Probabilities,
    choose_answer_type,
    choose_field,
    choose_intent,
)
from service.answering.reading.nouns import MARKS, WORD, fold_words
from service.answering.reading.refs import NumberedItems, find_numbered_items, ordinal
from service.answering.reading.stated_values import find_claimed_number
from service.answering.retrieval.query_words import QueryWord
from service.answering.retrieval.terms import frame_probability, words_in
from service.records import Turn
from vectorstore.language import fold
from vectorstore.records import Item, ItemKind

# from which a question asks for a contact, too: all 128 training questions that do reach it, and 4
# of the 3,165 others (27 November 2026)
_CONTACT = 0.3
_FRAME = 0.5  # share of questions in which a word frames and is no topic
_LONGEST_BEFORE = 300  # characters of the question before
_DISTRICT = lexicon.folded_words("nouns", "publisher", "district")
_RECORD_INTENTS = (Intent.LIST, Intent.COUNT)
# fields of conditions, of which a follow-up that states any of a group replaces all of it
_GROUPS = ("statuses", "theme goal", "unit", "place", "since until", "cost_from cost_until")


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionReading:
    """A reading of a question: its query, the documents, records and conditions that it names, and
    the probabilities of the classifier by head.
    """

    query: Query
    probabilities: Probabilities
    documents: NamedDocuments
    numbered: NumberedItems
    titled: tuple[Item, ...] = ()
    stated: Conditions = field(default_factory=Conditions)

    @property
    def names_record(self) -> bool:
        """True if the question names a record by number or title."""
        return bool(self.numbered.items or self.titled)


class QuestionReader:
    """Reads questions on one corpus; read-only but for its cache, shared between requests.

    `probabilities` gives what the classifier says of a question, by head and class.
    """

    def __init__(self, corpus: Corpus) -> None:
        self.corpus = corpus
        self.names = DocumentNames(corpus.catalogue)
        self.probabilities: Callable[[str], Probabilities] = lru_cache(maxsize=512)(self._classify)
        self._values = EditionValues(corpus)

    def read(
        self,
        question: str,
        history: Sequence[Turn] = (),
        language: str | None = None,
        scope: tuple[str, ...] = (),
    ) -> QuestionReading:
        """The reading of a question; `scope` are the ids that the request allows, () for all.

        A question that cannot be answered without the one before is read behind it, and behind
        those before until one has a topic, over the documents that it or they name. If it has no
        topic, it is on the item that the answer before told, where that is a single one ("Wer ist
        dafür zuständig?") or the question says which ("das zweite").
        """
        own = self._read(question, language, scope)
        before = [turn.content for turn in history if turn.role == "user"]
        if not before or not self._follows(question, own):
            return own
        query = own.query
        allowed = query.conditions.documents if query.names_documents else scope
        parts = lexicon.folded_words("nouns", "follow_up", "part")
        earlier_item = self._find_earlier_item(question, history, allowed)
        lists = query.intent in _RECORD_INTENTS
        if earlier_item is not None and not (lists or _has_noun(query)):
            return self._on_item(own, earlier_item)
        whole, readings = _without(question, parts), [own]
        for asked in reversed(before):
            earlier = asked
            if query.names_documents:  # instead of those that were asked before
                earlier = _without(asked, self.names.find_documents(asked, ()).words)
            whole = f"{earlier[:_LONGEST_BEFORE]}, {whole}"
            readings.insert(0, self._read(earlier, language, allowed))
            if not self._follows(earlier, readings[0]):
                break
        together = self._read(whole, language, allowed)
        topics = " ".join(reading.query.conditions.topic for reading in readings)
        conditions = _with_own_values(together.query.conditions, own.stated, topics)
        # what a question explains by itself is not left over: "66" before "Und von 70?"
        unexplained = set(chain.from_iterable(reading.query.left_over for reading in readings))
        left_over = [word for word in together.query.left_over if word in unexplained]
        query_of_both = replace(
            together.query, conditions=conditions, left_over=tuple(left_over), is_follow_up=True
        )
        if query.intent is Intent.COUNT and query_of_both.intent in _RECORD_INTENTS:
            query_of_both = replace(query_of_both, intent=Intent.COUNT)
        if query.answer_type is not AnswerType.NOTHING:
            query_of_both = replace(
                query_of_both, answer_type=query.answer_type, yes_no=query.yes_no
            )
        return replace(together, query=query_of_both, probabilities=own.probabilities)

    def _find_earlier_item(
        self, question: str, history: Sequence[Turn], scope: tuple[str, ...]
    ) -> Item | None:
        """The item of the answer before that a follow-up means: the one that its ordinal says, or
        the only one; None for several. Items are known by the turn's citations, else by numbers in
        its text.
        """
        answers = [turn for turn in history if turn.role == "assistant"]
        if not answers:
            return None
        catalogue = self.corpus.catalogue
        documents = scope or tuple(catalogue.documents)
        cited = (catalogue.item(*address) for address in answers[-1].citations)
        items = [item for item in cited if item is not None and item.document_id in documents]
        if not items:
            items = list(find_numbered_items(answers[-1].content, self.corpus, documents).items)
        heads = {item.parent for item in items} | {item.goal.ref for item in items if item.goal}
        items = [item for item in dict.fromkeys(items) if item.ref not in heads]
        position = max(map(ordinal, fold_words(question)), default=0)
        if not position and len(items) == 1:
            position = 1
        return dict(enumerate(items, start=1)).get(position)

    def _on_item(self, reading: QuestionReading, item: Item) -> QuestionReading:
        """A reading of a question on one item."""
        query = reading.query
        intent = Intent.FIELD if query.answer_type in FIELDS else Intent.SEARCH
        conditions = Conditions(documents=(item.document_id,), statuses=query.conditions.statuses)
        asked = words_of_answer(query.answer_type)
        left_over = [
            word for word in query.left_over if fold(word) not in asked and not ordinal(fold(word))
        ]
        on_item = replace(
            query,
            left_over=tuple(left_over),
            text=f"{item.title} {query.text}",
            question=f"{item.title} {query.question}",
            intent=intent,
            conditions=conditions,
            entries=(item.address,),
            numbered_count=1,
            is_follow_up=True,
        )
        return replace(reading, query=on_item)

    def _follows(self, question: str, reading: QuestionReading) -> bool:
        """True if a question cannot be answered without the one before it: it has a word for a part
        ("davon") or an ordinal ("das dritte"), no topic, or is likely to go on and names no record
        or paper itself.
        """
        text = f" {' '.join(fold_words(question))} "
        parts = lexicon.folded_words("nouns", "follow_up", "part")
        if any(f" {part} " in text for part in parts):
            return True
        query = reading.query
        has_ordinal = any(map(ordinal, fold_words(question)))
        if has_ordinal and not (_has_noun(query) or reading.names_record):
            return True
        has_capitals = query.question_language == "de" and not question.islower()
        has_topic = _has_noun(query) if has_capitals else bool(query.conditions.topic)
        names_kind = query.intent in _RECORD_INTENTS and query.conditions.kinds != RECORD_KINDS
        has_topic = has_topic or names_kind or bool(reading.stated.theme or reading.stated.goal)
        if reading.names_record or (query.names_titles and has_topic):
            return False
        is_likely = reading.probabilities["followup"]["yes"] >= LIKELY
        return is_likely or not (has_topic or query.names_titles)

    def _read(self, question: str, language: str | None, scope: tuple[str, ...]) -> QuestionReading:
        """The reading of a question by itself."""
        spoken = detect_language(question)
        probabilities = self.probabilities(question)
        named = self._find_named(question, scope)
        documents = named.documents
        words = self._topic_words(question, spoken, named)
        find_titled = self._values.find_titled
        titled = [] if named.numbered.items else find_titled(words, documents.ids)
        answer_type = choose_answer_type(probabilities["asked"], is_field=bool(titled))
        items = (*named.numbered.items, *titled)
        yes_no = probabilities["yes_no"]["yes"] >= LIKELY
        folded = fold_words(question)
        if items:
            asks_status = yes_no and bool(named.values.conditions.statuses)
            answer_type = choose_field(answer_type, probabilities, folded, asks_status=asks_status)
        if answer_type not in FIELDS and (named.kind.is_plural or named.compares):
            items = named.numbered.items
        nouns = [word for word in words if self.corpus.is_noun(word.text, question)]
        has_capitals = spoken == "de" and not question.islower()
        listed = nouns if has_capitals else nouns or words
        head = self._find_head(listed, named)
        intent = choose_intent(
            probabilities, named, bool(listed), () if head else items, answer_type
        )
        is_on_document = intent is Intent.DOCUMENT
        if is_on_document and self._asks_for_points(named, folded, answer_type):
            intent = Intent.LIST
            named = replace(named, kind=AskedKind((ItemKind.RESOLUTION,)))
        conditions = _conditions_of(intent, named, head, listed, nouns or words)
        conditions = replace(conditions, documents=documents.ids if documents.explicit else scope)
        taken = set(named.words)
        if intent in _RECORD_INTENTS:
            taken.update(fold(word.text) for word in listed)
        if intent is Intent.FIELD:
            taken |= words_of_answer(answer_type) | self._words_of_titles(question, items)
        if is_on_document:
            taken |= words_of_documents()
        has_word = not SURE_OF_CONTACT.isdisjoint(folded)
        asks_contact = has_word or probabilities["asked"]["contact"] >= _CONTACT
        if asks_contact:
            taken |= words_of_contact()
        left_over = find_left_over(question, spoken, taken, conditions)
        if intent is Intent.DOCUMENT and not left_over:
            answer_type = asked_metadata(set(folded) - named.words, answer_type)
        query = Query(
            text=_searched_text(question, documents, spoken),
            question=_without(question, documents.words) if words else question,
            intent=intent,
            answer_type=answer_type,
            yes_no=yes_no,
            conditions=conditions,
            entries=tuple(item.address for item in items),
            numbered_count=len(named.numbered.items),
            unknown=(*named.numbered.unknown, *filter(None, [named.values.unknown_unit])),
            names_documents=documents.explicit,
            names_titles=documents.by_name,
            groups=self._groups(documents),
            scope=scope,
            outside=documents.outside,
            left_over=left_over,
            asks_contact=asks_contact,
            language=answer_language(language or spoken),
            question_language=spoken,
        )
        return QuestionReading(
            query=query,
            probabilities=probabilities,
            documents=documents,
            numbered=named.numbered,
            titled=tuple(titled),
            stated=named.values.conditions,
        )

    def _asks_for_points(
        self, named: Named, folded: Sequence[str], answer_type: AnswerType
    ) -> bool:
        """True if a question names one motion and asks nothing else of it, such as its date: what a
        motion is about are its points.
        """
        ids = named.documents.ids
        asked = asked_metadata(set(folded) - named.words, answer_type)
        if asked is not AnswerType.NOTHING or len(ids) != 1:
            return False
        points = self.corpus.records.mask_of("kind", (ItemKind.RESOLUTION,))
        return bool((points & self.corpus.records.mask_of("document", ids)).any())

    def _classify(self, question: str) -> Probabilities:
        """What the classifier says of a question without the names of publishers."""
        places = [
            (match.start(), match.end(), "place")
            for match in WORD.finditer(question)
            if self.names.publishers_in(fold(match[0]))
        ]
        return load_classifier().probabilities(with_placeholders(question, places))

    def _find_named(self, question: str, scope: tuple[str, ...]) -> Named:
        """What a question names, and its words for it."""
        documents = self.names.find_documents(question, scope)
        numbered = find_numbered_items(question, self.corpus, documents.ids)
        kind = self._values.find_kind(question, documents)
        values = self._values.find_values(question, documents)
        claimed = find_claimed_number(question)
        words = documents.words.union(_DISTRICT, numbered.words, kind.words, values.words, claimed)
        if documents.publishers:
            words |= GENERIC
        if kind.statuses and not values.conditions.statuses:
            conditions = replace(values.conditions, statuses=kind.statuses)
            values = replace(values, conditions=conditions)
        changes = names_changes(fold_words(question))
        return Named(documents, numbered, kind, values, words, changes)

    def _topic_words(self, question: str, spoken: str, named: Named) -> list[QueryWord]:
        """The content words of a question that name nothing, and the first parts of compounds with
        a noun for records ("Mobilitätsprojekte").
        """
        skipped = named.words | words_of_asking("de") | GENERIC | words_of_fields()
        if named.documents.explicit:
            skipped |= words_of_documents()
        words = [
            word
            for word in words_in(question, self.corpus, spoken)
            if fold(word.text) not in skipped and not _frames(word)
        ]
        for head in named.kind.heads:
            words += words_in(head, self.corpus)
        return words

    def _find_head(self, topic: Sequence[QueryWord], named: Named) -> Conditions | None:
        """The theme or goal whose records a question means, as a condition; None for none.

        It is the heading that the question names by number ("Welche Projekte stehen unter 5.7?"),
        or the theme whose title has all words of the topic. A question with a value of another
        field keeps its topic.
        """
        for item in named.numbered.items:
            is_other = bool(named.kind.kinds) and item.kind not in named.kind.kinds
            if is_other and item.kind is ItemKind.THEME:
                return Conditions(theme=item.ref)
            if is_other and item.kind is ItemKind.GOAL:
                return Conditions(goal=item.ref)
        conditions = replace(named.values.conditions, statuses=())
        if conditions.has_field_conditions or named.numbered.items:
            return None
        theme = self._values.find_theme(topic, named.documents.ids)
        return Conditions(theme=theme) if theme else None

    def _words_of_titles(self, question: str, items: Sequence[Item]) -> set[str]:
        """The folded words of a question that titles of records have."""
        analyzer = self.corpus.analyzer
        terms = set[str]().union(*(analyzer.terms(item.title) for item in items))
        words = fold_words(question)
        return {word for word in words if not terms.isdisjoint(analyzer.terms(word))}

    def _groups(self, documents: NamedDocuments) -> tuple[tuple[str, ...], ...]:
        """The ids of the documents of each publisher that a question names, or of each document
        that it names by its title.
        """
        if len(documents.publishers) < 2 and documents.by_name:
            return tuple((id_,) for id_ in documents.ids)
        groups: list[tuple[str, ...]] = []
        for name in documents.publishers:
            of_publisher = self.names.publishers[name]
            groups.append(tuple(id_ for id_ in of_publisher if id_ in documents.ids))
        return tuple(groups)


def _conditions_of(
    intent: Intent,
    named: Named,
    head: Conditions | None,
    listed: Sequence[QueryWord],
    words: Sequence[QueryWord],
) -> Conditions:
    """The conditions on records that a question states, without its documents.

    A list has all of them; its topic are the words `listed`, or the theme or goal of `head`, which
    they name. Anything else has topic (`words`), status, unit, theme and goal.
    """
    stated = named.values.conditions
    if intent not in _RECORD_INTENTS:
        kept = Conditions(topic=_join(words), statuses=stated.statuses, unit=stated.unit)
        return replace(kept, theme=stated.theme, goal=stated.goal)
    conditions = replace(stated, kinds=named.kind.kinds or RECORD_KINDS)
    if head is not None:
        conditions = replace(conditions, theme=head.theme, goal=head.goal)
    if head is None or named.numbered.items:
        conditions = replace(conditions, topic=_join(listed))
    return conditions


def _with_own_values(conditions: Conditions, own: Conditions, topics: str) -> Conditions:
    """Conditions in which each field that the follow-up itself states has its value alone.

    If it states a theme or goal, the topic are the `topics` of the questions, each read by itself:
    read together, the words of the other theme count as one.
    """
    for group in _GROUPS:
        values = {name: getattr(own, name) for name in group.split()}
        if any(values.values()):
            conditions = replace(conditions, **values)
    if own.theme or own.goal:
        return replace(conditions, topic=topics.strip())
    return conditions


def _frames(word: QueryWord) -> bool:
    """True for a word that frames a question and is no topic; of a compound the parts have to be no
    words of asking themselves ("Hochwasser").
    """
    if frame_probability(word.text) >= _FRAME:
        return True
    asks = words_of_asking("de") | words_of_fields()
    return word.frame >= _FRAME and asks.isdisjoint(word.terms[1:])


def _has_noun(query: Query) -> bool:
    """True if the topic of a query has a word with a capital."""
    topic = query.conditions.topic
    return topic != topic.lower()


def _join(words: Sequence[QueryWord]) -> str:
    return " ".join(word.text for word in words)


def _searched_text(question: str, documents: NamedDocuments, spoken: str) -> str:
    """The words of a question that are searched: all but those that name documents or only ask."""
    return _without(question, documents.words | words_of_asking(spoken)) or question


def _without(question: str, words: frozenset[str]) -> str:
    """A question without some folded words; the mark that ends a sentence stays."""
    kept = []
    for token in question.split():
        if fold(token.strip(MARKS)) not in words:
            kept.append(token)
        elif kept and token[-1] in ".!?":
            kept.append(token[-1])
    return " ".join(kept)
