"""What the agent's calls counted, for the sentences that cite them."""

from __future__ import annotations

from collections.abc import Iterator

from service import wording
from service.answering.agent.tokens import Call, items_by_id
from service.answering.draft import Count
from service.answering.query import Group
from service.answering.tools import schemas
from service.answering.tools.records import count_groups
from service.records import CHANGE_WORDS
from vectorstore.records import Catalogue, ItemKind

_GROUPED = {
    Group.THEME: "Themenfelder, Kapitel, Handlungsfelder",  # as documents call them
    Group.GOAL: "Ziele",
    Group.UNIT: "Einheiten",
    Group.PLACE: "Orte",
}


def count_of(call: Call | None, sentence: str, catalogue: Catalogue) -> Count | None:
    """The count of a call, for a sentence that cites it; None for a call that counts nothing.

    Changes and lists of records are counted. Of a comparison, a sentence may also use the titles of
    both documents.
    """
    match call:
        case Call(reply=schemas.ChangesReply() as changes):
            counts = tuple((CHANGE_WORDS[kind], count) for kind, count in changes.counts.items())
            titles = (changes.before.title, changes.after.title)
            return Count(len(changes.changes), titles, groups=counts)
        case Call(
            arguments=schemas.RecordsArguments() as conditions,
            reply=schemas.RecordsReply() as records,
        ):
            return _count_records(conditions, records, sentence, catalogue)
    return None


def _count_records(
    arguments: schemas.RecordsArguments,
    reply: schemas.RecordsReply,
    sentence: str,
    catalogue: Catalogue,
) -> Count:
    """The count of a `records` call, with the words that a sentence may use for what was counted.

    These are the conditions and the number of groups ("3 Ziele"). The items, which prove the count,
    are those in groups that the sentence names; all if it names no group.
    """
    group_by = arguments.group_by
    items = tuple(items_by_id(reply.entries, catalogue).values())
    words = [*_conditions(arguments), *(group.id for group in reply.groups)]
    if group_by in _GROUPED:
        words.append(f"{len(reply.groups)} {_GROUPED[group_by]}")
    named = []
    for item in items:
        groups = count_groups((item,), group_by, catalogue)
        if any(group.title in sentence for group in groups):
            named.append(item)
    counts_by_group = tuple((group.title, group.count) for group in reply.groups)
    return Count(reply.found, tuple(words), reply.complete, counts_by_group, tuple(named) or items)


def _conditions(call: schemas.RecordsArguments) -> Iterator[str]:
    """Yield the wordings of a call's conditions, all of which a sentence on its count may use.

    Kinds are given in the singular and in the plural.
    """
    texts = (call.topic, call.theme, call.goal, call.unit, call.place, call.since, call.until)
    yield from filter(None, texts)
    for kind in call.kinds:
        yield wording.kind_noun(kind, "de", 1)
        yield wording.kind_noun(kind, "de", 2)
    if ItemKind.THEME in call.kinds:
        yield _GROUPED[Group.THEME]
