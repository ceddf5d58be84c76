"""The tool `records`: all records that meet conditions, counted and grouped, with how complete that is.

`Conditioned` is the one engine behind every list: answers, lists over HTTP, facets, staff's pages and the command line.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from service.answering.corpus import Corpus
from service.answering.finding.record_rows import Mask, RecordRows
from service.answering.finding.topics import SAID_ONLY, Match, TopicResolver
from service.answering.query import Conditions, Filters, UnknownValue
from service.completeness import Completeness, figure
from service.record_filters import fold, left_out, narrower_units
from service.record_models import Notice
from service.record_terms import Range
from vectorstore.records import Item, ItemKind, ItemStatus, RefTitle

ARCHIVED = ItemStatus.ARCHIVED
HEADINGS = (ItemKind.SECTION, ItemKind.THEME)  # no plans; listed where they are asked for
RECORDS = tuple(kind for kind in ItemKind if kind not in HEADINGS)
THEMELESS = tuple(kind for kind in ItemKind if kind is not ItemKind.THEME)  # what can cover a topic
_BY_WORDS = {
    "de": "Nach den Wörtern des Themas ausgewählt; ob es alle Einträge dazu sind, ist nicht sicher.",
    "en": "Chosen by the words of the topic; whether these are all entries on it is not certain.",
}
_UNSAID = {"deadline": "einer Frist", "start": "eines Beginns"}


@dataclass(frozen=True, slots=True)
class Selection:
    """The records that meet conditions, in the papers' order, with a topic what is called so first.

    `complete` and `why` as in the reply of the tool; `known` are the gaps of the families looked through, `matches` how
    records come to be on the topic, the surest first.
    """

    items: tuple[Item, ...]
    complete: bool | None
    why: tuple[str, ...]
    notices: tuple[Notice, ...]
    known: Completeness
    matches: tuple[Match, ...]

    @property
    def reserved(self) -> list[Notice]:
        """That a topic chose, so that nobody knows whether it is all; nothing where the families say it."""
        return [Notice(code="by_words", text=self.why[0])] if self.complete != self.known.complete else []


class Conditioned:
    """The rows that meet each condition, by its name; raises `UnknownValue` for what no record has."""

    def __init__(self, corpus: Corpus, resolver: TopicResolver, asked: Conditions) -> None:
        self.corpus, self.asked, rows = corpus, asked, corpus.records
        lists = asked if isinstance(asked, Filters) else Filters()
        self.documents = _documents(corpus, asked)
        self.matches = tuple(resolver.on_topic(asked.topic, self.documents)) if asked.topic else ()
        archived = rows.marked("status", (ARCHIVED,))
        self.masks: dict[str, Mask] = {
            "document": rows.marked("document", self.documents),
            "status": rows.marked("status", asked.statuses) if asked.statuses else ~archived,
        }
        if asked.kinds:
            self.masks["kind"] = rows.marked("kind", asked.kinds)
        if asked.topic:
            self.masks["topic"] = rows.none()
            self.masks["topic"][[corpus.row(one.item) for one in self.matches]] = True
        for name in ("theme", "goal", "unit", "place"):
            if value := getattr(asked, name):
                self.masks[name] = rows.meeting(name, value)
                if not self.masks[name].any():
                    raise UnknownValue(name, value, tuple(_named(one) for one in rows.by(name)))
        if asked.since or asked.until:
            self.masks["date"] = rows.dated(Range(asked.since or None, asked.until or None))
        for name, time in (("start", lists.start), ("deadline", lists.deadline)):
            if time:
                self.masks[name] = rows.timed(name, time.holds)
        if lists.as_of:
            dates = {one.id: one.as_of.isoformat() for one in corpus.catalogue.documents.values() if one.as_of}
            self.masks["as_of"] = rows.marked("document", (id_ for id_, day in dates.items() if lists.as_of.holds(day)))
        self._words = fold(lists.words).split()
        self._says = np.full(len(rows.items), -1, dtype=np.int8)

    def met(self, but: str = "") -> Mask:
        """The rows that meet all conditions, `but` one; the texts of no others are read for words."""
        met: Mask = np.logical_and.reduce([mask for name, mask in self.masks.items() if name != but])
        if not self._words:
            return met
        for row in np.flatnonzero(met & (self._says < 0)).tolist():
            item = self.corpus.catalogue.items[row]
            text = fold(" ".join(filter(None, (item.ref, item.title, item.table_title, item.heading, item.body))))
            self._says[row] = all(word in text for word in self._words)
        said: Mask = met & (self._says > 0)
        return said

    def selected(self, language: str = "de") -> Selection:
        """What meets all conditions, with how complete it is."""
        records, asked = self.corpus.records, self.asked
        items = records.among(self.met(), self.documents)
        kinds = {(one.item.document_id, one.item.key): one.kind for one in self.matches}
        items.sort(key=lambda item: kinds.get((item.document_id, item.key)) in SAID_ONLY)
        known = self._known()
        complete, why = known.complete, tuple(text for text, _ in known.said(language))
        if asked.topic and not _is_heading(records, asked.topic):
            complete, why = None, (_BY_WORDS["en" if language == "en" else "de"], *why)
        return Selection(tuple(items), complete, why, tuple(self._notices(items, known, language)), known, self.matches)

    def _known(self) -> Completeness:
        """How complete the families are that were looked through; a theme or a goal stands in some documents only."""
        scope = [self.masks[name] for name in ("theme", "goal") if name in self.masks]
        documents = self.documents
        if scope:
            named = self.corpus.records.among(np.logical_and.reduce(scope), documents)
            documents = tuple(dict.fromkeys(one.document_id for one in named))
        papers = [self.corpus.catalogue.documents[one] for one in documents]
        return Completeness.of(papers, self.asked.kinds or ItemKind)

    def _notices(self, items: list[Item], known: Completeness, language: str) -> Iterable[Notice]:
        """Which narrower units a unit took along, and how many more records say nothing of what was asked."""
        asked, rows = self.asked, self.corpus.records
        if asked.unit and (narrower := narrower_units(items, asked.unit)):
            yield Notice(code="unit_includes", text=f"Einheit {asked.unit} umfasst hier auch: {', '.join(narrower)}.")
        if asked.place:
            more = int((self.met("place") & rows.all_places & ~self.masks["place"]).sum())
            yield from left_out(more, language, complete=known.complete)
        for name, words in _UNSAID.items():
            if name in self.masks:
                without = rows.timed(name, lambda moment: moment is None)
                if number := int((self.met(name) & without).sum()):
                    noun = "Eintrag" if number == 1 else "Einträge"
                    counted = "Einträge" if known.complete is None else f"{figure(number, known.complete, 'de')} {noun}"
                    yield Notice(code=f"no_{name}", text=f"Nicht mitgezählt: {counted} ohne Angabe {words}.")


def _documents(corpus: Corpus, asked: Conditions) -> tuple[str, ...]:
    documents = corpus.catalogue.documents
    for one in asked.documents:
        if one not in documents:
            raise UnknownValue("document", one, tuple(documents))
    return asked.documents or tuple(documents)


def _is_heading(rows: RecordRows, topic: str) -> bool:
    """Whether a topic is a theme or a goal of the papers."""
    said, heads = fold(topic), (*rows.by("theme"), *rows.by("goal"))
    return any(said in (fold(one.title), fold(_named(one))) for one in heads)


def _named(value: str | RefTitle) -> str:
    return value if isinstance(value, str) else f"{value.ref} {value.title}".strip()
