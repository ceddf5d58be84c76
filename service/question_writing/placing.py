"""Which items still need questions of a model, and what is put beside those of people."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from service.question_writing.batches import has_text, origin_of
from service.question_writing.cache import WrittenCache
from vectorstore.questions import MOST, ItemKey, ItemQuestion
from vectorstore.records import Item


def open_items(
    items: Iterable[Item], questions: Iterable[ItemQuestion], model: str, documents: Sequence[str] = ()
) -> list[Item]:
    """The items with text (of these documents, of all without) that have no question of this model for this text.

    Those that have one stay as they are: people may have corrected or removed the others.
    """
    origins = defaultdict(set)
    for one in questions:
        origins[one.item].add(one.origin)
    chosen = (item for item in items if has_text(item) and (not documents or item.document_id in documents))
    return [item for item in chosen if origin_of(item, model) not in origins[item.document_id, item.key]]


def unwritten(items: Iterable[Item], cache: WrittenCache, model: str) -> list[Item]:
    """Those of these items that a model has to be asked about."""
    return [item for item in items if not cache.get(origin_of(item, model))]


def with_written(
    questions: Sequence[ItemQuestion], items: Iterable[Item], cache: WrittenCache, model: str
) -> tuple[ItemQuestion, ...]:
    """All questions, where what was written for these items replaces what a model had written for them earlier."""
    people: dict[ItemKey, int] = defaultdict(int)
    for one in questions:
        people[one.item] += not one.origin
    fresh = {(item.document_id, item.key): _written(item, cache, model) for item in items}
    fresh = {item: found[: MOST - people[item]] for item, found in fresh.items() if found}
    kept = [one for one in questions if not (one.origin and one.item in fresh)]
    return (*kept, *(one for found in fresh.values() for one in found))


def _written(item: Item, cache: WrittenCache, model: str) -> list[ItemQuestion]:
    origin = origin_of(item, model)
    return [ItemQuestion(item.document_id, item.key, one, origin) for one in cache.get(origin)]
