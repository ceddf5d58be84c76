"""The tool `records`: all records that meet conditions, counted, ordered and grouped, with how complete that is.

`Conditioned` is the one engine behind every list: answers, lists over HTTP, facets, staff pages and the command line.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from prompts import say
from service import wording
from service.answering.corpus import Mask, RecordRows
from service.answering.query import Conditions, Filters, Group, Query, Sort, UnknownValue, required
from service.answering.retrieval.search import MatchReason, Retriever, SearchMatch
from service.answering.retrieval.sentences import SentenceChooser
from service.answering.tools.forms import GroupCount, ItemEntry, RecordsArguments, RecordsReply, entry_fields
from service.completeness import Completeness
from service.record_filters import end_of, fold, largest_amount, narrower_units, report_left_out, terms_of
from service.record_models import Notice
from vectorstore.catalogue import Catalogue
from vectorstore.records import Item, ItemKind, ItemStatus, RefTitle

PASSAGE = 400  # characters of a passage, by whole sentences
SHOWN = 100  # records on a topic that come with their passage; choosing it for thousands takes seconds
HEADINGS = (ItemKind.SECTION, ItemKind.THEME)  # no plans; listed where they are asked for
RECORDS = tuple(kind for kind in ItemKind if kind not in HEADINGS)
THEMELESS = tuple(kind for kind in ItemKind if kind is not ItemKind.THEME)  # what can cover a topic
_MENTIONED = (MatchReason.TEXT, MatchReason.MEANING)  # on a topic by no title


@dataclass(frozen=True, slots=True)
class Selection:
    """The records that meet conditions, in the documents' order, with a topic what is called so first.

    `complete` and `why` as in the reply of the tool; `known` are the gaps of the families looked through, `matches` how
    records come to be on the topic, best first.
    """

    items: tuple[Item, ...]
    complete: bool | None
    why: tuple[str, ...]
    notices: tuple[Notice, ...]
    known: Completeness
    matches: tuple[SearchMatch, ...]

    @property
    def reserved(self) -> list[Notice]:
        """That a topic chose, so that nobody knows whether it is all; nothing where the families say it."""
        return [Notice(code="by_words", text=self.why[0])] if self.complete != self.known.complete else []


class Conditioned:
    """The rows that meet each condition, by its name; raises `UnknownValue` for what no record has."""

    def __init__(self, retriever: Retriever, asked: Conditions) -> None:
        corpus = retriever.corpus
        self.corpus, self.asked, rows = corpus, asked, corpus.records
        lists = asked if isinstance(asked, Filters) else Filters()
        for document in asked.documents:
            required("document", document, corpus.catalogue.documents)
        self.documents = asked.documents or tuple(corpus.catalogue.documents)
        self.matches = tuple(retriever.on_topic(asked.topic, self.documents, whole=True)) if asked.topic else ()
        self.masks: dict[str, Mask] = {
            "document": rows.mask_of("document", self.documents),
            "status": rows.mask_of("status", asked.statuses)
            if asked.statuses
            else ~rows.mask_of("status", (ItemStatus.ARCHIVED,)),
        }
        if asked.kinds:
            self.masks["kind"] = rows.mask_of("kind", asked.kinds)
        if asked.topic:
            self.masks["topic"] = rows.none()
            self.masks["topic"][[corpus.row(match.item) for match in self.matches]] = True
        for name in ("theme", "goal", "unit", "place", "priority"):
            if value := getattr(asked, name):
                self.masks[name] = rows.meeting(name, value)
                if not self.masks[name].any():
                    raise UnknownValue(name, value, tuple(map(_name, rows.by(name))))
        if asked.since or asked.until:
            self.masks["date"] = rows.dated(asked.since, asked.until)
        if asked.cost_from or asked.cost_until:
            self.masks["cost"] = rows.costing(asked.cost_from, asked.cost_until)
        if lists.year:
            self.masks["year"] = rows.mask_of("year", (lists.year,))
        self._words = fold(lists.words).split()
        self._with_words = np.full(len(rows.items), -1, dtype=np.int8)  # 1 and 0 where the text was read

    def met(self, but: str = "") -> Mask:
        """The rows that meet all conditions, `but` one; the texts of no others are read for words."""
        met: Mask = np.logical_and.reduce([mask for name, mask in self.masks.items() if name != but])
        if not self._words:
            return met
        for row in np.flatnonzero(met & (self._with_words < 0)).tolist():
            item = self.corpus.catalogue.items[row]
            text = fold(" ".join(filter(None, (item.ref, item.title, item.table_title, item.heading, item.body))))
            self._with_words[row] = all(word in text for word in self._words)
        result: Mask = met & (self._with_words > 0)
        return result

    def selected(self, language: str = "de") -> Selection:
        """What meets all conditions, with how complete it is."""
        items = self.corpus.records.among(self.met(), self.documents)
        reasons = {(match.item.document_id, match.item.key): match.reason for match in self.matches}
        items.sort(key=lambda item: reasons.get((item.document_id, item.key)) in _MENTIONED)
        known = self._completeness()
        complete, why = known.complete, tuple(text for text, _ in known.sentences(language))
        if self.asked.topic and not _is_heading(self.corpus.records, self.asked.topic):
            complete, why = None, (wording.format_words(_own(language), "by_words"), *why)
        return Selection(tuple(items), complete, why, tuple(self._notices(items, known, language)), known, self.matches)

    def _completeness(self) -> Completeness:
        """How complete the families are that were looked through; a theme or a goal is in some documents only."""
        heads = [self.masks[name] for name in ("theme", "goal") if name in self.masks]
        documents: Iterable[str] = self.documents
        if heads:
            named = self.corpus.records.among(np.logical_and.reduce(heads), self.documents)
            documents = dict.fromkeys(item.document_id for item in named)
        document_files = [self.corpus.catalogue.documents[document] for document in documents]
        return Completeness.of(document_files, self.asked.kinds or ItemKind)

    def _notices(self, items: list[Item], known: Completeness, language: str) -> Iterable[Notice]:
        """Which narrower units a unit took along, and how many more records say nothing of what was asked."""
        asked, rows = self.asked, self.corpus.records
        if asked.unit and (narrower := narrower_units(items, asked.unit)):
            text = wording.format_words(_own(language), "unit_includes", unit=asked.unit, units=", ".join(narrower))
            yield Notice(code="unit_includes", text=text)
        if asked.place:
            more = int((self.met("place") & rows.all_places & ~self.masks["place"]).sum())
            yield from report_left_out(more, language, complete=known.complete)


def conditions_of(asked: RecordsArguments) -> Conditions:
    """The conditions of a call of the tool."""
    return Conditions(
        topic=asked.topic.strip(),
        kinds=asked.kinds or RECORDS,
        documents=asked.documents,
        statuses=asked.status,
        theme=asked.theme.strip(),
        goal=asked.goal.strip(),
        unit=asked.unit.strip(),
        place=asked.place.strip(),
        since=asked.since or "",
        until=asked.until or "",
    )


def list_records(retriever: Retriever, asked: RecordsArguments, language: str = "de") -> RecordsReply:
    """All records that meet the conditions, counted and grouped."""
    corpus = retriever.corpus
    chosen = Conditioned(retriever, conditions_of(asked)).selected(language)
    items = ordered(chosen.items, asked.sort)
    chooser = SentenceChooser(Query(text=asked.topic, spoken=language), corpus) if asked.topic else None
    weights = {(match.item.document_id, match.item.key): match.weight for match in chosen.matches}

    def entry(item: Item, place: int) -> ItemEntry:
        passage = chooser.passage(item, PASSAGE) if chooser and place < SHOWN else ""
        weight = weights.get((item.document_id, item.key))
        return ItemEntry.model_validate(entry_fields(corpus.catalogue, item, passage, weight))

    return RecordsReply(
        entries=tuple(entry(item, place) for place, item in enumerate(items)),
        found=len(items),
        complete=chosen.complete,
        why=chosen.why,
        groups=count_groups(items, asked.group_by, corpus.catalogue),
        notices=chosen.notices,
    )


def ordered(items: Sequence[Item], sort: Sort) -> tuple[Item, ...]:
    """The items, the most or the latest first; those that do not state it come last, in the order given."""
    if sort is Sort.PAPER:
        return tuple(items)
    stated = {id(item): value for item in items if (value := stated_by(item, sort)) is not None}
    best = sorted((item for item in items if id(item) in stated), key=lambda item: stated[id(item)], reverse=True)
    return (*best, *(item for item in items if id(item) not in stated))


def stated_by(item: Item, sort: Sort) -> Decimal | None:
    """What a record states that it can be ranked by: euros, its begin or its end as a number."""
    if sort is Sort.AMOUNT:
        largest = largest_amount(item)
        return largest[0] if largest else None
    terms = terms_of(item)
    when = terms.start if sort is Sort.START else terms.deadline
    return Decimal(end_of(when).replace("-", "")) if when else None


def count_groups(items: Iterable[Item], group: Group, catalogue: Catalogue) -> tuple[GroupCount, ...]:
    """How many records each value has, in the documents' order; one with several values counts for each of them."""
    if group is Group.NOTHING:
        return ()
    counts: dict[tuple[str, str], int] = {}
    for item in items:
        for value in dict.fromkeys(_values(item, group, catalogue)) or {("", ""): None}:
            counts[value] = counts.get(value, 0) + 1
    return tuple(GroupCount(id=id_, title=title, count=count) for (id_, title), count in counts.items())


def _values(item: Item, group: Group, catalogue: Catalogue) -> Iterable[tuple[str, str]]:
    """The id and title of each group that a record is in."""
    if group is Group.STATUS:
        return ((item.status.value, say(f"labels.status_{item.status.value}")),) if item.status else ()
    if group is Group.DOCUMENT:
        return ((item.document_id, catalogue.documents[item.document_id].title),)
    if group in (Group.UNIT, Group.PLACE):
        return ((name, name) for name in (item.responsible if group is Group.UNIT else item.municipalities))
    pointer = item.theme if group is Group.THEME else item.goal
    return ((pointer.ref, pointer.title),) if pointer else ()


def _is_heading(rows: RecordRows, topic: str) -> bool:
    """True if a topic is a theme or a goal of the documents."""
    asked, heads = fold(topic), (*rows.by("theme"), *rows.by("goal"))
    return any(asked in (fold(head.title), fold(_name(head))) for head in heads)


def _name(value: str | RefTitle) -> str:
    return value if isinstance(value, str) else f"{value.ref} {value.title}".strip()


def _own(language: str) -> str:
    """The language of the answer's own words for one that is asked in."""
    return "en" if language == "en" else "de"
