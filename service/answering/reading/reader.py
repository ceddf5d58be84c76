"""How a question is read: the trained classifier says what is wanted, the matcher which values are named.

What is not surely one of the other intents is a search.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from service.answering import lexicon
from service.answering.query import Asked, Conditions, Group, Intent, Query, Sort
from service.answering.reading.classifier import classifier, detect
from service.answering.reading.values import MARKS, SURELY_FRAMES, Matcher, Values
from service.answering.retrieval.terms import QueryWord
from service.changes import pairs
from vectorstore.analysis import fold
from vectorstore.records import Item, ItemKind

Probabilities = Mapping[str, Mapping[str, float]]
_LIKELY_SHARE, _LEAST_PROBABILITY = (
    0.5,
    0.2,
)  # share of the possible intents, and probability, from which one is accepted
_RESPONSIBLE_PROBABILITY = 0.2  # probability from which who is asked for is the unit that is responsible
_CERTAIN = 0.9  # probability of an intent from which words that are no nouns only frame it
_GROUPING_PROBABILITY = 0.75  # probability from which records are counted by something or ranked
_FACT_PROBABILITY, _FIELD_PROBABILITY = (
    0.35,
    0.3,
)  # probability from which a kind of fact is asked for; where a record's field surely is
_FIELD_FACTS = (Asked.STATUS, Asked.RESPONSIBLE)
_DOCUMENT_FACTS = (Asked.STATUS, Asked.DATE, Asked.PERSON, Asked.ORGANISATION)
_AGENT_FACTS = (Asked.ORGANISATION, Asked.PERSON)
_RECORD_INTENTS = (Intent.LIST, Intent.COUNT)
_ITEM_INTENTS = (Intent.SEARCH, Intent.FIELD, Intent.OVERVIEW)
_HEADING_KINDS = (ItemKind.THEME, ItemKind.GOAL)
_RECORD_KINDS = (ItemKind.PROJECT, ItemKind.MEASURE, ItemKind.GOAL)


@dataclass(frozen=True, slots=True)
class QuestionReading:
    """A question as it was read: the query, what the matcher saw, and the probabilities of each head's classes."""

    query: Query
    values: Values
    probabilities: Probabilities


@dataclass(frozen=True, slots=True)
class _Topic:
    """What a question is about: its words for that, the nouns of these, the theme or goal whose records it means.

    `phrase` are the nouns with their attributes as they are said ("alte Menschen"). `has_others` is true where there is
    a noun beside those that frame a question about a document ("Auf welchen Stichtag").
    """

    words: tuple[QueryWord, ...]
    nouns: tuple[QueryWord, ...]
    phrase: str
    head: Item | None
    has_others: bool


class QuestionReader:
    """Reads questions over an edition; read-only, shared between requests."""

    def __init__(self, matcher: Matcher) -> None:
        self.matcher = matcher
        self.probabilities: Callable[[str], Probabilities] = lru_cache(maxsize=512)(
            lambda question: classifier().probabilities(matcher.with_placeholders(question))
        )
        self._series = pairs(matcher.corpus.edition.catalogue)

    def read(self, question: str, language: str | None = None, documents: tuple[str, ...] = ()) -> QuestionReading:
        """The question alone, without its conversation; `documents` are those that may be asked, all where none."""
        probabilities, values = self.probabilities(question), self.matcher.values(question, documents)
        spoken, named = detect(question), values.named
        ids = (
            tuple(value for value in named.ids if not documents or value in documents) if named.explicit else documents
        )
        topic = self._find_topic(
            question, values, spoken, ids or named.ids, many=likeliest(probabilities["want"]) in _RECORD_INTENTS
        )
        intent = self._choose_intent(probabilities, values, topic)
        many, head = intent in _RECORD_INTENTS, topic.head if intent in _RECORD_INTENTS else None
        if head is not None:
            ids = (head.document_id,)
        conditions = Conditions(
            topic="" if head else self._topic_condition(intent, probabilities, values, topic, spoken),
            kinds=(values.kinds or _RECORD_KINDS) if many else values.kinds,
            documents=ids,
            statuses=values.statuses,
            theme=head.ref if head and head.kind is ItemKind.THEME else "",
            goal=head.ref if head and head.kind is not ItemKind.THEME else "",
            unit=values.unit,
            place=values.place,
            since=values.dated[0] if many else "",
            until=values.dated[1] if many else "",
            cost_from=values.cost[0] if many else "",
            cost_until=values.cost[1] if many else "",
            priority=values.priority if many else "",
        )
        group = Group(_choose_unless_default(probabilities["group"], Group.NOTHING)) if many else Group.NOTHING
        sort = (
            Sort(_choose_unless_default(probabilities["sort"], Sort.PAPER))
            if many and self.matcher.asks_more(question, values)
            else Sort.PAPER
        )
        missed: tuple[str, ...] = ()
        if many and spoken == "de" and group is Group.NOTHING:
            bound = conditions.narrow or named.by_name or sort is not Sort.PAPER
            taken = (conditions.topic, head.title if head else "")
            missed = self.matcher.not_understood(question, values, taken, bound=bound)
        entries = (*values.numbered.items, *values.titled)
        query = Query(
            text=_remove_words(question, named.words) if topic.has_others or question.islower() else question,
            intent=intent,
            asked=_asked_fact(probabilities["asked"], of_field=intent is Intent.FIELD and bool(values.titled)),
            yes_no=probabilities["yes_no"]["yes"] >= _LIKELY_SHARE,
            conditions=conditions,
            group=group,
            sort=sort,
            entries=tuple((item.document_id, item.key) for item in entries),
            numbered=len(values.numbered.items),
            unknown=(*values.numbered.unknown, *filter(None, [values.unknown_unit])),
            named=named.explicit,
            not_understood=missed,
            language="en" if (language or spoken).split("-")[0].lower() == "en" else "de",
            spoken=spoken,
            confidence=probabilities["want"][intent.value],
        )
        return QuestionReading(query, values, probabilities)

    def _find_topic(
        self, question: str, values: Values, spoken: str, documents: tuple[str, ...], *, many: bool
    ) -> _Topic:
        """What a question is about; without another noun one that may frame it counts, unless `many` are asked for."""
        matcher = self.matcher
        words = nouns = subject = matcher.topic(question, values, spoken)
        if spoken == "de":
            if not many and not any(matcher.is_noun(word.text, question) for word in words):
                words = matcher.topic(question, values, spoken, SURELY_FRAMES)
            nouns = tuple(word for word in words if matcher.is_noun(word.text, question))
            subject = (*matcher.attributes(question, values, nouns), *nouns)
        head = _head(values)
        if head is None and words and not values.unit:
            head = matcher.theme_of(nouns or words, documents)
        is_noun = matcher.corpus.analyzer.is_noun
        remaining = any(word is not words[0] or word.text.isupper() or is_noun(word.text) for word in nouns)
        return _Topic(words, nouns, phrase_of(question, [word.text for word in subject]), head, remaining)

    def _topic_condition(
        self, intent: Intent, probabilities: Probabilities, values: Values, topic: _Topic, spoken: str
    ) -> str:
        """The topic as a condition: of many records, or of an overview, only what surely is one."""
        many = intent in _RECORD_INTENTS
        if not many and intent is not Intent.OVERVIEW:
            return topic.phrase or " ".join(word.text for word in topic.words)
        bare = (many and spoken == "de") or values.are_conditions
        bare = bare or (probabilities["want"][intent] >= _CERTAIN and values.plural)
        return topic.phrase or ("" if bare else " ".join(word.text for word in topic.words))

    def _choose_intent(self, probabilities: Probabilities, values: Values, topic: _Topic) -> Intent:
        """The likeliest intent that has what it needs, where it is accepted; else a search.

        What names nothing but records, or only a condition on them, asks for them; not where it denies something of
        them, or has a number that none of them is under: a list would leave that out.
        """
        not_listed = values.negated or (values.numbered.items and topic.head is None)
        records = (bool(values.kinds) or values.are_conditions) and not not_listed
        possible = {
            Intent.LIST: records,
            Intent.COUNT: records,
            Intent.DOCUMENT: (values.named.explicit or values.about_documents)
            and not values.titled
            and not topic.has_others,
            Intent.COMPARISON: bool(topic.words) and self._has_several_documents(values),
            Intent.CHANGES: bool(self._series),
            Intent.OVERVIEW: bool(topic.nouns),
        }
        total = sum(share for name, share in probabilities["want"].items() if possible.get(Intent(name), True))
        of_record = probabilities["want"][Intent.FIELD] >= _FACT_PROBABILITY * total
        if (
            values.statuses and probabilities["yes_no"]["yes"] < _LIKELY_SHARE
        ):  # a status that no record is named for chooses records
            of_record &= bool(topic.words or values.titled or values.numbered.items)
        possible |= {Intent.FIELD: of_record, Intent.NONE: False}
        left = {name: share for name, share in probabilities["want"].items() if possible.get(Intent(name), True)}
        intent = Intent(likeliest(left))
        if left[intent.value] < max(_LIKELY_SHARE * sum(left.values()), _LEAST_PROBABILITY):
            intent = Intent.SEARCH
        asked = likeliest(probabilities["asked"])
        by_status = values.statuses and (topic.head or values.plural)
        if intent in _ITEM_INTENTS and (by_status or values.unit) and not values.negated:
            return Intent.LIST
        if (
            values.named.by_name
            and not topic.nouns
            and asked in _DOCUMENT_FACTS
            and probabilities["asked"][asked] >= _FACT_PROBABILITY
        ):
            return Intent.DOCUMENT
        if intent is not Intent.SEARCH:
            return intent
        if asked in _FIELD_FACTS and probabilities["asked"][asked] >= _LIKELY_SHARE:
            return Intent.FIELD if possible[Intent.FIELD] else intent
        if (
            values.plural
            and topic.head
            and probabilities["asked"]["names"] + probabilities["asked"]["none"] >= _LIKELY_SHARE
        ):
            return Intent.LIST
        nothing = not (topic.words or values.titled or values.numbered.items or values.negated)
        return Intent.LIST if nothing and (values.plural or values.statuses) else intent

    def _has_several_documents(self, values: Values) -> bool:
        """True if more than one document may be compared: those named, or those of several publishers."""
        if values.named.by_name or len(values.named.publishers) == 1:
            return len(values.named.ids) > 1
        return len(self.matcher.documents.publishers) > 1


def likeliest(probabilities: Mapping[str, float]) -> str:
    """The class with the highest probability."""
    return max(probabilities, key=lambda name: probabilities[name])


def phrase_of(question: str, words: Iterable[str]) -> str:
    """These words in the order of the question, with what links neighbours there: "Bus und Bahn"."""
    needed, links = set(words), lexicon.folded_words("nouns", "topic", "links")
    results: list[str] = []
    between: list[str] | None = None  # None where what is between two of them links nothing
    for token in question.replace("/", " / ").split():
        bare = token.strip(MARKS)
        if own := next((word for word in needed if bare == word or (bare.startswith(word) and len(word) > 2)), ""):
            results += [*(between or ()), own]
            between = []
        elif between is not None:
            between = [*between, bare or token] if fold(bare) in links or token == "/" else None
    return " ".join(results)


def _asked_fact(probabilities: Mapping[str, float], *, of_field: bool) -> Asked:
    """The kind of fact that is asked for, surely one where a record's field is.

    Who is asked for is the unit that is responsible where that is nearly as likely.
    """
    asked = Asked(
        likeliest({name: share for name, share in probabilities.items() if not of_field or name != Asked.NOTHING})
    )
    if asked in _AGENT_FACTS and probabilities[Asked.RESPONSIBLE] >= _RESPONSIBLE_PROBABILITY:
        return Asked.RESPONSIBLE
    return asked if probabilities[asked] >= (_FIELD_PROBABILITY if of_field else _FACT_PROBABILITY) else Asked.NOTHING


def _choose_unless_default(probabilities: Mapping[str, float], otherwise: str) -> str:
    """The likeliest of the other classes where one of them surely is meant, else the one that says nothing."""
    remaining = {name: share for name, share in probabilities.items() if name != otherwise}
    return likeliest(remaining) if sum(remaining.values()) >= _GROUPING_PROBABILITY else otherwise


def _remove_words(question: str, naming: frozenset[str]) -> str:
    """The question without the words that only name documents; as it is where nothing else is left."""
    left = [word for word in question.split() if fold(word.strip(MARKS)) not in naming]
    return " ".join(left) if any(len(word) > 3 for word in left) else question


def _head(values: Values) -> Item | None:
    """The one theme or goal that a question names by number or title: its records are meant."""
    heads = [item for item in (*values.numbered.items, *values.titled) if item.kind in _HEADING_KINDS]
    remaining = any(item.kind not in _HEADING_KINDS for item in values.numbered.items)
    return heads[0] if len(heads) == 1 and not remaining and heads[0].kind not in values.kinds else None
