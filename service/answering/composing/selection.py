"""Which records a list or a count is over: computed over all records of the meant documents, never over the top k."""

from __future__ import annotations

from dataclasses import dataclass

from service.answering.context import Context
from service.answering.corpus import Corpus
from service.answering.names import kinds_in, words_of
from service.answering.query import Filters, Word
from service.record_filters import unit_matches
from vectorstore.analysis import fold
from vectorstore.records import Item, ItemKind, ItemStatus

_INSTEAD = {
    ItemKind.MEASURE: (ItemKind.PROJECT, ItemKind.RESOLUTION),
    ItemKind.PROJECT: (ItemKind.MEASURE,),
    ItemKind.THESIS: (ItemKind.PRINCIPLE, ItemKind.GOAL),
    ItemKind.GOAL: (ItemKind.THESIS, ItemKind.PRINCIPLE),
    ItemKind.RESOLUTION: (ItemKind.MEASURE,),
    ItemKind.THEME: (ItemKind.GOAL, ItemKind.THESIS),
    ItemKind.PRINCIPLE: (ItemKind.THESIS,),
}
_COMMON = 0.35
_SHORTEST_PART = 5


@dataclass(frozen=True, slots=True)
class Selection:
    """The records that meet a query; `kind` is what is listed, `said` the topic words that chose among them."""

    kind: ItemKind
    items: tuple[Item, ...]
    said: tuple[Word, ...] = ()
    unmatched: bool = False


def select(context: Context) -> Selection:
    """The records that the query asks for; `unmatched` where a topic was asked that no record mentions."""
    query, corpus = context.query, context.corpus
    pool = list(context.focus) if context.among_focus and context.focus else _pool(context)
    kind = counted_kind(context)
    kept = [item for item in pool if item.kind is kind or (context.among_focus and context.focus)]
    kept = [item for item in kept if meets(item, query.filters, corpus)]
    words = tuple(word for word in query.topic if _tells(word, corpus))
    if not words:
        return Selection(kind, tuple(kept))
    matching = mentioning(kept, words, corpus)
    return Selection(kind, tuple(matching), words, not matching)


def _pool(context: Context) -> list[Item]:
    return [item for one in context.query.documents for item in context.corpus.catalogue.items_of(one)]


def counted_kind(context: Context) -> ItemKind:
    """The kind of record that is listed: the first record noun that is not just the container, as the documents have it."""
    query = context.query
    kinds = [kind for kind, _ in kinds_in(words_of(query.plain)) if kind is not None]
    if len(kinds) > 1 and kinds[0] is ItemKind.THEME and (query.filters.themes or query.filters.refs):
        kinds = [kind for kind in kinds if kind is not ItemKind.THEME] or kinds
    wanted = kinds[0] if kinds else ItemKind.PROJECT
    there = {item.kind for item in _pool(context)}
    return next((kind for kind in (wanted, *_INSTEAD.get(wanted, ())) if kind in there), wanted)


def meets(item: Item, filters: Filters, corpus: Corpus) -> bool:
    """True where a record meets every filter; archive rows only where they are asked for."""
    archived = ItemStatus.ARCHIVED in filters.statuses
    return (
        (item.status is ItemStatus.ARCHIVED) == archived
        and (not filters.statuses or item.status in filters.statuses)
        and (item.status not in filters.without_statuses or item.status is None)
        and (not filters.refs or any(_under(item, ref) for ref in filters.refs))
        and (not filters.themes or _in_theme(item, filters, corpus))
        and (not filters.parents or any(_below(item, key, corpus) for key in filters.parents))
        and (not filters.units or any(unit_matches(unit, one) for unit in item.responsible for one in filters.units))
        and (not filters.municipalities or all(name in item.municipalities for name in filters.municipalities))
    )


def _under(item: Item, ref: str) -> bool:
    return item.ref == ref or item.ref.startswith(f"{ref}.") or item.ref.endswith(f".{ref}") and not ref[0].isdigit()


def _in_theme(item: Item, filters: Filters, corpus: Corpus) -> bool:
    for document_id, key in filters.themes:
        theme = corpus.catalogue.item(document_id, key)
        if (
            theme
            and item.document_id == document_id
            and (item.key == key or (item.theme and item.theme.ref == theme.ref) or _archived_under(item, theme))
        ):
            return True
    return False


def _archived_under(item: Item, theme: Item) -> bool:
    return item.status is ItemStatus.ARCHIVED and item.theme is not None and fold(item.theme.title) == fold(theme.title)


def _below(item: Item, key: tuple[str, str], corpus: Corpus) -> bool:
    return item.document_id == key[0] and any(above.key == key[1] for above in corpus.ancestors(item))


def _tells(word: Word, corpus: Corpus) -> bool:
    """False for a word that so many records have that it chooses none."""
    share = sum(word.terms[0] in terms for terms in corpus.terms) / max(len(corpus.terms), 1)
    return share < _COMMON


def mentioning(items: list[Item], words: tuple[Word, ...], corpus: Corpus) -> list[Item]:
    """The items that mention all the words, title mentions first; then by reading order."""
    found = [item for item in items if all(mentions(item, word, corpus) for word in words)]
    return sorted(found, key=lambda item: not all(_in_title(item, word, corpus) for word in words))


def mentions(item: Item, word: Word, corpus: Corpus) -> bool:
    """True where an item's own text has the word, also inside a compound."""
    row = corpus.row(item)
    if word.terms[0] in corpus.terms[row]:
        return True
    stem = word.terms[0]
    if len(stem) >= _SHORTEST_PART and stem in corpus.folded[row]:
        return True
    parts = word.terms[1:]
    return bool(parts) and all(part in corpus.terms[row] for part in parts)


def _in_title(item: Item, word: Word, corpus: Corpus) -> bool:
    return word.terms[0] in corpus.title_terms[corpus.row(item)] or (
        len(word.terms[0]) >= _SHORTEST_PART and word.terms[0] in " ".join(words_of(item.title))
    )
