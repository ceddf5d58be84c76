"""How a question is read: the trained reader says what is wanted, the matcher which values are named.

What is not surely one of the other wants is a search. A follow-up is the query before with what the new question
changes, never a rebuilt sentence.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from service.answering.corpus import Corpus, plain_ref
from service.answering.finding.words import Word, share, words_in
from service.answering.query import Asked, Conditions, Entry, Group, Query, Sort, Want
from service.answering.reading.classifier import classifier, detect
from service.answering.reading.papers import words_of
from service.answering.reading.values import MARKS, SURELY_FRAMES, Matcher, Values, ordinal
from service.changes import pairs
from service.models import Turn
from vectorstore.analysis import fold
from vectorstore.records import Item, ItemKind

Probabilities = Mapping[str, Mapping[str, float]]
_SURE, _LEAST = 0.5, 0.2  # share of the possible wants, and probability, from which a want is believed
_RESPONSIBLE = 0.2  # probability from which who is asked for is the unit that is responsible
_SURELY = 0.9  # probability of a want from which words that are no nouns only frame it
_GROUPED = 0.75  # probability from which records are counted by something or ranked
_ASKED, _OF_FIELD = 0.35, 0.3  # probability from which a kind of fact is asked for; where a record's field surely is
_FIELDS = (Asked.STATUS, Asked.RESPONSIBLE)
_OF_PAPERS = (Asked.STATUS, Asked.DATE, Asked.PERSON, Asked.ORGANISATION)
_WHO = (Asked.ORGANISATION, Asked.PERSON)
_OF_MANY = (Want.LIST, Want.COUNT)
_ONE = (Want.SEARCH, Want.FIELD, Want.OVERVIEW)
_HEADS = (ItemKind.THEME, ItemKind.GOAL)
_RECORDS = (ItemKind.PROJECT, ItemKind.MEASURE, ItemKind.GOAL)
_FOLLOWS = 0.5  # probability from which a question leans on the conversation
_ALONE = 0.25  # below it one with a topic of its own stands alone
_TURNS, _ENTRIES, _SHORTEST_TITLE, _LONGEST = 4, 8, 8, 500
_SPOKEN_OF = 0.4  # share of a topic's words that an entry holds which is still spoken of
_NUMBER = re.compile(r"(?<![\w.])(?:[A-Z]{1,4}[ .-]?)?(?:\d+(?:\.\d+)+|[IVX]+(?:\.\d+)?|\d+)(?![\w])")
_OF_ONE = (Want.FIELD, Want.SEARCH, Want.DOCUMENT)
_TOLD_OF_MANY = (Want.LIST, Want.COUNT, Want.OVERVIEW)


@dataclass(frozen=True, slots=True)
class Reading:
    """A question as it was read: the query, what the matcher saw, and the probabilities of each head's classes."""

    query: Query
    values: Values
    sure: Probabilities


@dataclass(frozen=True, slots=True)
class _Said:
    """What a question says: its words that carry a topic, the nouns of these, the theme or goal whose records it means.

    `subject` are the nouns with their attributes ("alte Menschen"). `others` says that a noun is said beside those that
    frame a question about a paper ("Auf welchen Stichtag").
    """

    topic: tuple[Word, ...]
    nouns: tuple[Word, ...]
    subject: tuple[Word, ...]
    head: Item | None
    others: bool


class Reader:
    """Reads questions over an edition; read-only, shared between requests."""

    def __init__(self, matcher: Matcher) -> None:
        self.matcher = matcher
        self.probabilities: Callable[[str], Probabilities] = lru_cache(maxsize=512)(
            lambda question: classifier().probabilities(matcher.with_placeholders(question))
        )
        self._series = pairs(matcher.corpus.edition.catalogue)

    def read(self, question: str, language: str | None = None, documents: tuple[str, ...] = ()) -> Reading:
        """The question alone, without its conversation; `documents` are those that may be asked, all where none."""
        sure, values = self.probabilities(question), self.matcher.values(question, documents)
        spoken, named = detect(question), values.named
        ids = tuple(one for one in named.ids if not documents or one in documents) if named.explicit else documents
        said = self._said(question, values, spoken, ids or named.ids, many=likeliest(sure["want"]) in _OF_MANY)
        want = self._want(sure, values, said)
        many, text = want in _OF_MANY, " ".join(word.text for word in said.topic)
        head = said.head if many else None
        if head is not None:
            text, ids = "", (head.document_id,)
        elif many or want is Want.OVERVIEW:
            bare = (many and spoken == "de") or _conditions(values) or (sure["want"][want] >= _SURELY and values.plural)
            text = " ".join(word.text for word in said.subject or (() if bare else said.topic))
        conditions = Conditions(
            topic=text,
            kinds=(values.kinds or _RECORDS) if many else values.kinds if want is Want.CHANGES else (),
            documents=ids,
            statuses=values.statuses,
            theme=head.ref if head and head.kind is ItemKind.THEME else "",
            goal=head.ref if head and head.kind is not ItemKind.THEME else "",
            unit=values.unit,
            place=values.place,
            since=values.since if many else "",
            until=values.until if many else "",
            cost_from=values.cost_from if many else "",
            cost_until=values.cost_until if many else "",
            priority=values.priority if many else "",
        )
        group = Group(_surely(sure["group"], Group.NOTHING)) if many else Group.NOTHING
        ordering = many and self.matcher.says_more(question, values)
        sort = Sort(_surely(sure["sort"], Sort.PAPER)) if ordering else Sort.PAPER
        unread: tuple[str, ...] = ()
        if many and spoken == "de" and group is Group.NOTHING:
            bound = conditions.narrow or named.by_name or sort is not Sort.PAPER
            unread = self.matcher.unread(question, values, (text, head.title if head else ""), bound=bound)
        query = Query(
            text=_without(question, named.words) if said.others or question.islower() else question,
            want=want,
            asked=_asked(sure["asked"], of_field=want is Want.FIELD and bool(values.titled)),
            conditions=conditions,
            entries=tuple((one.document_id, one.key) for one in (*values.numbered.items, *values.titled)),
            named=named.explicit,
            yes_no=sure["yes_no"]["yes"] >= _SURE,
            unread=unread,
            group=group,
            sort=sort,
            language="en" if (language or spoken).split("-")[0].lower() == "en" else "de",
            spoken=spoken,
            sure=sure["want"][want.value],
        )
        return Reading(query, values, sure)

    def _said(self, question: str, values: Values, spoken: str, documents: tuple[str, ...], *, many: bool) -> _Said:
        """What a question says; where it has no other noun and is not about `many`, one that may frame it counts."""
        matcher = self.matcher
        topic = matcher.topic(question, values, spoken)
        nouns, subject = topic, topic
        if spoken == "de":
            if not many and not any(matcher.is_noun(one.text, question) for one in topic):
                topic = matcher.topic(question, values, spoken, SURELY_FRAMES)
            nouns = tuple(one for one in topic if matcher.is_noun(one.text, question))
            attributes = self.matcher.attributes(question, values, nouns)
            subject = tuple(sorted((*attributes, *nouns), key=lambda one: question.find(one.text)))
        head = _head(values)
        if head is None and topic and not values.unit:
            head = self.matcher.theme_of(nouns or topic, documents)
        noun = self.matcher.corpus.analyzer.is_noun
        return _Said(topic, nouns, subject, head, any(one is not topic[0] or noun(one.text) for one in nouns))

    def _want(self, sure: Probabilities, values: Values, said: _Said) -> Want:
        """The likeliest want that has what it needs, where it is believed; else a search.

        What names nothing but records, or only a condition on them, asks for them; not where it denies something of
        them, or says a number that none of them stands under: a list would leave that out.
        """
        unread = values.negated or (values.numbered.items and said.head is None)
        records = (bool(values.kinds) or _conditions(values)) and not unread
        possible = {
            Want.LIST: records,
            Want.COUNT: records,
            Want.DOCUMENT: (values.named.explicit or values.papers) and not values.titled and not said.others,
            Want.COMPARISON: bool(said.topic) and self._several(values),
            Want.CHANGES: bool(self._series),
            Want.OVERVIEW: bool(said.nouns),
        }
        borne = sum(share for name, share in sure["want"].items() if possible.get(Want(name), True))
        of_record = sure["want"][Want.FIELD] >= _ASKED * borne
        if values.statuses and sure["yes_no"]["yes"] < _SURE:  # a status that no record is named for chooses records
            of_record &= bool(said.topic or values.titled or values.numbered.items)
        possible |= {Want.FIELD: of_record, Want.NONE: False}
        left = {name: share for name, share in sure["want"].items() if possible.get(Want(name), True)}
        want, total = Want(likeliest(left)), sum(left.values())
        if left[want.value] < max(_SURE * total, _LEAST):
            want = Want.SEARCH
        asked = likeliest(sure["asked"])
        by_status = values.statuses and (said.head or values.plural)
        if want in _ONE and (by_status or values.unit) and not values.negated:
            return Want.LIST
        if values.named.by_name and not said.nouns and asked in _OF_PAPERS and sure["asked"][asked] >= _ASKED:
            return Want.DOCUMENT
        if want is not Want.SEARCH:
            return want
        if asked in _FIELDS and sure["asked"][asked] >= _SURE:
            return Want.FIELD if possible[Want.FIELD] else want
        if values.plural and said.head and sure["asked"]["names"] + sure["asked"]["none"] >= _SURE:
            return Want.LIST
        nothing = not (said.topic or values.titled or values.numbered.items or values.negated)
        return Want.LIST if nothing and (values.plural or values.statuses) else want

    def _several(self, values: Values) -> bool:
        """Whether more than one paper may be compared: those named, or those of several publishers."""
        if values.named.by_name or len(values.named.publishers) == 1:
            return len(values.named.ids) > 1
        return len(self.matcher.papers.publishers) > 1


def likeliest(probabilities: Mapping[str, float]) -> str:
    """The class with the highest probability."""
    return max(probabilities, key=lambda one: probabilities[one])


def _asked(sure: Mapping[str, float], *, of_field: bool) -> Asked:
    """The kind of fact that is asked for, surely one where a record's field is.

    Who is asked for is the unit that is responsible where that is nearly as likely.
    """
    asked = Asked(likeliest({one: share for one, share in sure.items() if not of_field or one != Asked.NOTHING}))
    if asked in _WHO and sure[Asked.RESPONSIBLE] >= _RESPONSIBLE:
        return Asked.RESPONSIBLE
    return asked if sure[asked] >= (_OF_FIELD if of_field else _ASKED) else Asked.NOTHING


def _surely(probabilities: Mapping[str, float], otherwise: str) -> str:
    """The likeliest of the other classes where one of them surely is meant, else the one that says nothing."""
    others = {one: share for one, share in probabilities.items() if one != otherwise}
    return likeliest(others) if sum(others.values()) >= _GROUPED else otherwise


def _without(question: str, naming: frozenset[str]) -> str:
    """The question without the words that only name papers; as it is where nothing else is left."""
    left = [word for word in question.split() if fold(word.strip(MARKS)) not in naming]
    return " ".join(left) if any(len(word) > 3 for word in left) else question


def _conditions(values: Values) -> bool:
    """Whether a question names conditions that records can meet."""
    said = (values.statuses, values.unit, values.unknown_unit, values.place, values.since, values.until)
    return any((*said, values.cost_from, values.cost_until, values.priority))


def _head(values: Values) -> Item | None:
    """The one theme or goal that a question names by number or title: its records are meant."""
    heads = [item for item in (*values.numbered.items, *values.titled) if item.kind in _HEADS]
    others = any(item.kind not in _HEADS for item in values.numbered.items)
    return heads[0] if len(heads) == 1 and not others and heads[0].kind not in values.kinds else None


def read_in_conversation(
    question: str, history: Sequence[Turn], reader: Reader, language: str | None, documents: tuple[str, ...]
) -> Reading:
    """The question as it is meant behind the turns before it."""
    reading = reader.read(question, language, documents)
    asked = [turn for turn in history if turn.role == "user"][-_TURNS:]
    if not asked or not _leans(reading):
        return reading
    before = read_in_conversation(asked[-1].content[:_LONGEST], asked[:-1], reader, language, documents)
    corpus = reader.matcher.corpus
    return replace(reading, query=_merged(before.query, reading.query, _cited(history, corpus), corpus))


def _leans(reading: Reading) -> bool:
    """Whether a question is about what was said before: it sounds so, or has no topic and names nothing."""
    sure, query = reading.sure["followup"]["yes"], reading.query
    own = bool(query.conditions.topic or query.entries or query.named)
    return sure >= _FOLLOWS if own else sure >= _ALONE or not query.conditions.narrow


def _merged(before: Query, new: Query, cited: Sequence[Entry], corpus: Corpus) -> Query:
    """The query before, changed by what the new question says: its want, its field, the conditions that it names."""
    old, said, want, entries = before.conditions, new.conditions, new.want, new.entries
    moved = new.named and bool(old.documents) and said.documents != old.documents
    if not entries and not moved and want in _OF_ONE:
        entries = _pointed(new.text, cited, said.topic, corpus)
    topic = said.topic or old.topic
    valued = bool(said.statuses or said.place or said.unit)
    if want is Want.SEARCH and before.want in _TOLD_OF_MANY and not said.topic and (valued or not (topic or entries)):
        want = before.want
    if want is Want.SEARCH and new.asked in (Asked.STATUS, Asked.RESPONSIBLE) and entries:
        want = Want.FIELD
    many = want in _TOLD_OF_MANY
    conditions = replace(
        said,
        topic=topic,
        kinds=said.kinds or (old.kinds if many else ()),
        documents=said.documents if new.named else old.documents or said.documents,
        theme=said.theme or (old.theme if not said.topic else ""),
        unit=said.unit or (old.unit if many else ""),
        place=said.place or (old.place if many else ""),
        statuses=said.statuses or (old.statuses if want is Want.COUNT else ()),
    )
    text = new.text if len(said.topic.split()) > 1 else f"{old.topic or before.text} {new.text}"
    return replace(new, text=text, want=want, conditions=conditions, entries=entries, named=new.named or before.named)


def _pointed(question: str, cited: Sequence[Entry], topic: str, corpus: Corpus) -> tuple[Entry, ...]:
    """The entry of the last answer that a question points to: by its place in it ("das zweite"), else the first.

    A topic of its own must be one that the entry speaks of.
    """
    if place := next((number for word in words_of(question) if (number := ordinal(word))), 0):
        return tuple(cited[place - 1 : place])
    words = words_in(topic, corpus)
    for entry in cited[:1]:
        terms = corpus.terms[corpus.row_of_item[entry]]
        if sum(share(word, terms, corpus) for word in words) >= _SPOKEN_OF * len(words):
            return (entry,)
    return ()


def _cited(history: Sequence[Turn], corpus: Corpus) -> list[Entry]:
    """The entries that the last answer with any cited, in its order: as told, else named in its text."""
    for turn in reversed(history):
        if turn.role == "assistant":
            told = [one for one in turn.citations if one in corpus.row_of_item]
            if found := list(dict.fromkeys(told or _named(turn.content, corpus))):
                return found[:_ENTRIES]
    return []


def _named(answer: str, corpus: Corpus) -> list[Entry]:
    """The entries that an answer names by their number or their title, in its order."""
    items = [one for one in corpus.catalogue.items if one.kind is not ItemKind.SECTION]
    titled = ((answer.find(one.title), one) for one in items if len(one.title) >= _SHORTEST_TITLE)
    found = [(place, -len(one.title), (one.document_id, one.key)) for place, one in titled if place >= 0]
    for match in _NUMBER.finditer(answer):
        numbered = (corpus.catalogue.items[row] for row in corpus.rows_by_ref.get(plain_ref(match[0]), ()))
        found += [
            (match.start(), 0, (one.document_id, one.key)) for one in numbered if one.kind is not ItemKind.SECTION
        ]
    return [entry for _, _, entry in sorted(found)]
