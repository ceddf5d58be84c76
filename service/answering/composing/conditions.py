"""The wordings of a list's conditions: "mit Status in Planung, zum Thema Radwege"."""

from __future__ import annotations

from collections.abc import Iterator

from service import wording
from service.answering.context import Context
from vectorstore.records import Item, ItemKind

LONGEST_TITLE = 120  # characters of a title in a sentence


def describe_conditions(context: Context, head: Item | None) -> Iterator[str]:
    """Yield the wordings of the conditions, such as "mit Status in Planung".

    `head` is the item of the theme or goal in the conditions, None if it was not found: its title
    is added to its number unless that is too long.
    """
    conditions = context.query.conditions
    if conditions.statuses:
        words = (wording.status_word(status, context.language) for status in conditions.statuses)
        yield context.say("with_status", statuses=f" {context.say('or')} ".join(words))
    number = conditions.theme or conditions.goal
    if number:
        is_excluded = not {"theme", "goal"}.isdisjoint(conditions.excluded)
        heading = number
        if head and head.title != number and len(head.title) <= LONGEST_TITLE:
            heading = f"{number} {head.title}"
        yield context.say("not_under" if is_excluded else "under", head=heading)
    if conditions.topic:
        yield context.say("on_topic", topic=conditions.topic)
    for name, key in (("unit", "of_unit"), ("place", "with_place")):
        value = getattr(conditions, name)
        if value:
            is_excluded = name in conditions.excluded
            yield context.say(f"not_{key}" if is_excluded else key, **{name: value})
    yield from _further_conditions(context)
    if conditions.since or conditions.until:
        period = _key_of_period(conditions.since, conditions.until)
        since = wording.format_moment(conditions.since)
        yield context.say(period, since=since, until=wording.format_moment(conditions.until))


def _further_conditions(context: Context) -> Iterator[str]:
    """Yield the wordings of the conditions on costs, priority and light."""
    conditions = context.query.conditions
    for bound in ("cost_from", "cost_until"):
        value = getattr(conditions, bound)
        if value:
            yield context.say(bound, euros=wording.euros(value, context.language))
    if conditions.priority:
        yield context.say("with_priority", priority=context.say(f"priority_{conditions.priority}"))
    if conditions.light:
        yield context.say("with_light", light=context.say(f"light_{conditions.light}"))


def _key_of_period(since: str, until: str) -> str:
    """The key of the wording for a period from `since` to `until`, of which "" is an open end."""
    if not since:
        return "dated_until"
    if not until:
        return "dated_from"
    if since == until:
        return "dated"
    return "dated_between"


def find_head(context: Context) -> Item | None:
    """The item of the theme or goal in the conditions, found by its number in the searched
    documents; None if there is none.
    """
    conditions = context.query.conditions
    number = conditions.theme or conditions.goal
    if not number:
        return None
    kind = ItemKind.THEME if conditions.theme else ItemKind.GOAL
    ids = {document.id for document in context.documents}
    heads = (
        item
        for item in context.corpus.catalogue.items
        if (item.kind, item.ref) == (kind, number) and item.document_id in ids
    )
    return next(heads, None)
