"""The tool `search`: the entries that fit a text best, each with its score and the passage that matched."""

from __future__ import annotations

from collections.abc import Collection

from service.answering.composing.extract import passages_of
from service.answering.context import Context
from service.models import SearchItem, SearchResult
from service.records import record_of
from vectorstore.records import ItemKind

_LENGTH = 400  # characters of a passage


def searched(context: Context, text: str, kinds: Collection[ItemKind], limit: int) -> SearchResult:
    """The entries of these kinds, all where none is said, best first, at most `limit`."""
    kept = [one for one in context.found if not kinds or one.item.kind in kinds][:limit]
    items = []
    for one in kept:
        passages = passages_of(context, one.item, _LENGTH, 1)
        record = record_of(one.item, context.corpus.document(one.item))
        passage = passages[0] if passages else one.item.heading
        items.append(SearchItem(**dict(record), score=round(one.score, 4), passage=passage))
    return SearchResult(query=text, items=items, corpus_edition=context.corpus.edition.name)
