"""Which records a list or a count is over: computed over all records of the meant documents, never over the top k."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from itertools import takewhile

import numpy as np

from service.answering.composing.filter_check import FilterCheck
from service.answering.composing.reserved import completeness
from service.answering.context import Context
from service.answering.corpus import Corpus
from service.answering.finding.topic_records import records_on
from service.answering.finding.topics import SAID_ONLY
from service.answering.query import Filters, Query, Word
from service.answering.record_rows import Rows
from service.answering.understanding.document_names import words_of
from service.answering.understanding.nouns import kinds_asked
from service.completeness import Completeness
from vectorstore.records import Item, ItemKind

_BELOW = (ItemKind.PROJECT, ItemKind.MEASURE)  # what stands below the goal that a question names
_DEMANDED = (ItemKind.RESOLUTION, ItemKind.MEASURE, ItemKind.GOAL)
_PLANS = tuple(kind for kind in ItemKind if kind not in (ItemKind.SECTION, ItemKind.THEME))
_LONG_ENOUGH_IN_FRONT = 6
_LONG_ENOUGH_ANYWHERE = 8
_ENOUGH_TITLED = 3

_PLACES = re.compile(r"(?i)kommunen|gemeinden|städten?|municipalities|betreffen")
_LIST_ITSELF = re.compile(r"(?i)projektlisten?|projektübersicht|tabellen?|project|list|table")


@dataclass(frozen=True, slots=True)
class Selection:
    """The records that meet a query; `kind` is what is listed, `said` the topic words that chose among them.

    `kinds` are all that were looked through for them, `known` tells how complete these are.
    """

    kind: ItemKind
    items: tuple[Item, ...]
    said: tuple[Word, ...] = ()
    unmatched: bool = False
    kinds: tuple[ItemKind, ...] = ()
    known: Completeness = field(default_factory=Completeness)


def select(context: Context) -> Selection:
    """The records that the query asks for; `unmatched` where a topic was asked that no record mentions."""
    query, corpus = context.query, context.corpus
    kinds, kind, kept = _kinds_and_pool(context)
    chosen = Selection(kind, (), kinds=kinds, known=completeness(context, kinds))
    if query.filters.without_unit:
        kept = kept[~corpus.records.with_unit[kept]]
    if not query.topic or all(_is_condition(word, query.filters) for word in query.topic):
        return replace(chosen, items=_items(kept, corpus))
    known = False
    if query.occurs:
        matching = mentioning(list(_items(kept, corpus)), query.topic, corpus, query.any_of)
    else:
        matching, known = _on_topic(context, kept)
    if context.among_focus and not matching:
        return replace(chosen, items=_items(kept, corpus))
    return replace(chosen, items=tuple(matching), said=query.topic, unmatched=not matching and not known)


def _items(rows: Rows, corpus: Corpus) -> tuple[Item, ...]:
    return tuple(corpus.catalogue.items[row] for row in rows.tolist())


def _on_topic(context: Context, rows: Rows) -> tuple[list[Item], bool]:
    """Those of the records that are on the query's topic, what is called so first; and whether any item at all is."""
    words = tuple(word for word in context.query.topic if not _is_condition(word, context.query.filters))
    matches = records_on(replace(context, query=replace(context.query, topic=words)))
    kinds = {context.corpus.row(one.item): one.kind for one in matches}
    on_topic = sorted((row for row in rows.tolist() if row in kinds), key=lambda row: kinds[row] in SAID_ONLY)
    return [context.corpus.catalogue.items[row] for row in on_topic], bool(matches)


def _kinds_and_pool(context: Context) -> tuple[tuple[ItemKind, ...], ItemKind, Rows]:
    """The kinds that were looked through, the one that is listed, and the rows of its records that meet the filters."""
    query, records = context.query, context.corpus.records
    check = FilterCheck(query.filters, context.corpus)
    if context.among_focus and context.focus:
        kinds = tuple(dict.fromkeys(item.kind for item in context.focus))
        met = [context.corpus.row(item) for item in context.focus if check.met_by(item)]
        return kinds, kinds[0], np.array(met, dtype=np.int32)
    if query.occurs and not any(noun.plural for noun in query.nouns):
        return _PLANS, ItemKind.SECTION, records.rows_among(check.met & records.of_kinds(_PLANS), query.documents)
    below = bool(query.filters.parents) and not any(noun.plural for noun in query.nouns)
    kinds = _DEMANDED if query.demands and not query.nouns else _BELOW if below else kinds_asked(query.nouns)
    joined = () if query.demands else _joined(query, context.corpus)
    if joined:
        rows = [records.rows_among(check.met_as_listed & records.of_kinds((kind,)), query.documents) for kind in joined]
        return joined, joined[0], np.concatenate(rows)
    kinds, known = tuple(dict.fromkeys(kinds)), None
    pool = records.are_of(query.documents)
    for place, kind in enumerate(kinds, start=1):
        of_kind = pool & records.of_kinds((kind,))
        known = kind if known is None and of_kind.any() else known
        kept = records.rows_among(check.met_as_listed & of_kind, query.documents)
        if len(kept):
            return kinds[:place], kind, kept
    return kinds, known or ItemKind.PROJECT, np.zeros(0, dtype=np.int32)


def _joined(query: Query, corpus: Corpus) -> tuple[ItemKind, ...]:
    """The kinds of nouns strung together, "Ziele und Thesen", as the documents have them; none for a single kind."""
    plural = [noun for noun in query.nouns if noun.plural and noun.kinds]
    strung = [*plural[:1], *takewhile(lambda noun: noun.strung, plural[1:])]
    if len(strung) < 2:
        return ()
    pool, of_kinds = corpus.records.are_of(query.documents), corpus.records.of_kinds
    found = [next((kind for kind in noun.kinds if (pool & of_kinds((kind,))).any()), None) for noun in strung]
    kinds = tuple(dict.fromkeys(kind for kind in found if kind is not None))
    return kinds if len(kinds) > 1 else ()


def _is_condition(word: Word, filters: Filters) -> bool:
    """True for a word that a filter has taken: "alle Kommunen", "laut Tabelle", the number of an unknown unit."""
    taken = (filters.all_municipalities and _PLACES.fullmatch(word.text)) or (
        filters.by_table and _LIST_ITSELF.fullmatch(word.text)
    )
    return bool(taken) or word.text in filters.unknown_units


def mentioning(items: list[Item], words: tuple[Word, ...], corpus: Corpus, any_of: bool = False) -> list[Item]:
    """The items that mention all the words, else, where words are strung together, any; title mentions first."""
    found = [item for item in items if all(mentions(item, word, corpus) for word in words)]
    if any_of and len(words) > 1:
        found = [item for item in items if any(mentions(item, word, corpus) for word in words)]
    said = [word for word in words if not word.foreign]
    titled = sum(any(in_title(item, word, corpus) for word in said) for item in found)
    enough = titled >= _ENOUGH_TITLED
    found = [item for item in found if any(_means(item, word, corpus, enough) for word in said)] or found
    return sorted(found, key=lambda item: not any(in_title(item, word, corpus) for word in words))


def mentions(item: Item, word: Word, corpus: Corpus) -> bool:
    """True where an item's own text has the word, also inside a compound."""
    row = corpus.row(item)
    whole, *parts = word.terms
    if whole in corpus.terms[row] or _inside(whole, corpus.folded[row]):
        return True
    if word.front and f" {whole}" in f" {corpus.folded[row]}":
        return True
    if word.foreign and any(all(term in corpus.terms[row] for term in entry) for entry in word.others):
        return True
    return bool(parts) and all(part in corpus.terms[row] for part in parts)


def _means(item: Item, word: Word, corpus: Corpus, alone: bool) -> bool:
    """True where an item says the word itself, not only a body at the end of another: "Bücherbus" is no "Bus";

    `alone` takes no other compounds of a body either, where enough titles have the word."""
    stem, row = word.terms[0], corpus.row(item)
    if word.front or in_title(item, word, corpus):
        return True
    if not alone and f" {stem}" in f" {corpus.folded[row]}":
        return True
    if len(stem) >= _LONG_ENOUGH_ANYWHERE and stem in corpus.folded[row]:
        return True
    stems = [one.terms[0] for one in corpus.analyzer.words(corpus.own_text(item))]
    return stem in stems or (not alone and any(one.startswith(stem) for one in stems))


def in_title(item: Item, word: Word, corpus: Corpus) -> bool:
    """True where an item's title has the word, also inside a compound."""
    whole = word.terms[0]
    if whole in corpus.title_terms[corpus.row(item)]:
        return True
    return _inside(whole, " ".join(words_of(item.title)))


def _inside(stem: str, text: str) -> bool:
    """True where words of a folded text begin with the stem, or hold a long one anywhere: "Kreisstarkregenkarte"."""
    if len(stem) >= _LONG_ENOUGH_ANYWHERE:
        return stem in text
    return len(stem) >= _LONG_ENOUGH_IN_FRONT and f" {stem}" in f" {text}"
