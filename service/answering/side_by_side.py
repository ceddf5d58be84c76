"""A topic in several groups of documents: the records of the lookup, each group for itself."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from service.answering.context import Context
from service.answering.lookup import covering
from service.models import LookupItem


def side_by_side(context: Context, groups: Sequence[Collection[str]]) -> list[list[LookupItem]]:
    """Return the records on the topic in each group of document ids, best first; none where a group is silent."""
    return [covering(_within(context, group)) for group in groups]


def _within(context: Context, group: Collection[str]) -> Context:
    """The same question asked of these documents alone."""
    documents = tuple(one for one in context.query.documents if one in group)
    found = tuple(one for one in context.found if one.item.document_id in group)
    return replace(context, query=replace(context.query, documents=documents), found=found)
