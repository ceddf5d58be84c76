"""How a question is read: the trained reader says what is wanted, the matcher which values are named.

What is not surely one of the other wants is a search.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from service.answer.query import Asked, Conditions, Group, Query, Sort, Want
from service.answer.reading.classifier import classifier
from service.answer.reading.language import detect
from service.answer.reading.values import Matcher, Values
from vectorstore.records import ItemKind

Probabilities = Mapping[str, Mapping[str, float]]
_SURE = 0.5  # probability from which a want is believed
_WORDS_LEFT = 2  # topic words beside which a field is asked of the record that they name
_RECORDS = (ItemKind.PROJECT, ItemKind.MEASURE, ItemKind.GOAL)


@dataclass(frozen=True, slots=True)
class Reading:
    """A question as it was read: the query, what the matcher saw, and the probabilities of each head's classes."""

    query: Query
    values: Values
    sure: Probabilities

    def scope(self, name: str) -> float:
        """The probability, 0 to 1, that the question is put to something: "documents", "service", "live" and so on."""
        return self.sure["scope"][name]

    @property
    def service(self) -> str:
        """What is asked of the service itself, the likeliest."""
        return likeliest(self.sure["service"])


class Reader:
    """Reads questions over an edition; read-only, shared between requests."""

    def __init__(self, matcher: Matcher) -> None:
        self.matcher = matcher
        self.probabilities = lru_cache(maxsize=512)(self._probabilities)

    def _probabilities(self, question: str) -> Probabilities:
        return classifier().probabilities(self.matcher.with_placeholders(question))

    def read(self, question: str, language: str | None = None, documents: tuple[str, ...] = ()) -> Reading:
        """The question alone, without its conversation; `documents` are those that may be asked, all where none."""
        sure, values = self.probabilities(question), self.matcher.values(question, documents)
        spoken = detect(question)
        wanted = (language or spoken).split("-")[0].lower()
        named = values.named
        ids = tuple(one for one in named.ids if not documents or one in documents) if named.explicit else documents
        topic = self.matcher.topic(question, values, spoken)
        text = " ".join(word.text for word in topic)
        want = self._want(sure, values, text)
        theme = self.matcher.theme_of(topic, ids or named.ids) if want in (Want.LIST, Want.COUNT) and topic else None
        kinds = values.kinds if want in (Want.LIST, Want.COUNT, Want.CHANGES) else ()
        conditions = Conditions(
            topic="" if theme else text,
            kinds=kinds or (self._kinds(ids or named.ids) if want in (Want.LIST, Want.COUNT) else ()),
            documents=ids,
            statuses=values.statuses,
            theme=theme.title if theme else "",
            unit=values.unit,
            place=values.place,
            since=values.since if want in (Want.LIST, Want.COUNT) else "",
            until=values.until if want in (Want.LIST, Want.COUNT) else "",
        )
        asked = Asked(likeliest(sure["asked"]))
        query = Query(
            text=question,
            want=want,
            asked=asked if sure["asked"][asked.value] >= _SURE else Asked.NOTHING,
            conditions=conditions,
            entries=tuple((one.document_id, one.key) for one in (*values.numbered.items, *values.titled)),
            named=named.explicit,
            yes_no=sure["yes_no"]["yes"] >= _SURE,
            group=Group(likeliest(sure["group"])) if want in (Want.LIST, Want.COUNT) else Group.NOTHING,
            sort=Sort(likeliest(sure["sort"])) if want in (Want.LIST, Want.COUNT) else Sort.PAPER,
            language="en" if wanted == "en" else "de",
            spoken=spoken,
            sure=sure["want"][want.value],
        )
        return Reading(query, values, sure)

    def _want(self, sure: Probabilities, values: Values, topic: str) -> Want:
        """The likeliest want where it is believed and has what it needs, else a search."""
        want = Want(likeliest(sure["want"]))
        if want is Want.NONE or sure["want"][want.value] < _SURE:
            return Want.SEARCH
        chosen = values.statuses or values.unit or values.unknown_unit or values.place or values.since or values.until
        if want in (Want.LIST, Want.COUNT) and not (values.kinds or chosen):
            return Want.SEARCH
        if want is Want.DOCUMENT and not values.named.by_name and topic:
            return Want.SEARCH
        if want is Want.COMPARISON and not topic:
            return Want.SEARCH
        return want

    def _kinds(self, documents: tuple[str, ...]) -> tuple[ItemKind, ...]:
        """The kind of records that the papers have most of, where a question names none."""
        items = self.matcher.corpus.catalogue.items
        here = [item.kind for item in items if item.document_id in set(documents) and item.kind in _RECORDS]
        return (max(_RECORDS, key=here.count),) if here else ()


def likeliest(probabilities: Mapping[str, float]) -> str:
    """The class with the highest probability."""
    return max(probabilities, key=lambda one: probabilities[one])


def narrowed(query: Query, **conditions: object) -> Query:
    """The query with other conditions."""
    return replace(query, conditions=replace(query.conditions, **conditions))  # type: ignore[arg-type]
