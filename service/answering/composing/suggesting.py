"""Questions to ask next: about the record that an answer is on, none of them just answered."""

from __future__ import annotations

from service.answering.draft import Draft
from service.answering.query import Asked, Query
from vectorstore.records import Item, ItemKind, ItemStatus

_MOST, _LONGEST_TITLE = 3, 90
_INNER = str.maketrans({"„": "‚", "“": "‘", "”": "’", '"': "‘"})


def suggestions(draft: Draft, query: Query | None, language: str) -> list[str]:
    """At most three questions on the first project, measure or goal that the draft cites or offers."""
    cited = [proof.item for sentence in draft.sentences for proof in sentence.proofs]
    kinds = (ItemKind.PROJECT, ItemKind.MEASURE, ItemKind.GOAL)
    item = next((one for one in (*cited, *draft.nearest) if one.kind in kinds), None)
    if item is None or item.status is ItemStatus.ARCHIVED or len(item.title) > _LONGEST_TITLE:
        return []
    return list(_asked(item, query.asked if query else Asked.NOTHING, german=language == "de"))[:_MOST]


def _asked(item: Item, asked: Asked, *, german: bool) -> list[str]:
    title, found = item.title.translate(_INNER), []
    if item.kind is ItemKind.GOAL:
        more = f"Welche Projekte oder Maßnahmen stehen unter {item.ref}?"
        return [more if german else f"Which projects or measures are under {item.ref}?"]
    if item.status and asked is not Asked.STATUS:
        found.append(f"Wie ist der Stand von „{title}“?" if german else f"What is the status of “{title}”?")
    if item.responsible and asked is not Asked.RESPONSIBLE:
        found.append(f"Wer ist für „{title}“ zuständig?" if german else f"Who is responsible for “{title}”?")
    if item.theme is not None:
        theme = item.theme.title.translate(_INNER)
        found.append(f"Welche Projekte gibt es zu „{theme}“?" if german else f"Which projects are there on “{theme}”?")
    return found
