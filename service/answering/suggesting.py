"""Questions to ask next: about the record that an answer is on, none of them just answered."""

from __future__ import annotations

from service.answering.draft import Draft
from service.answering.query import Intent
from vectorstore.records import Item, ItemKind, ItemStatus

_MOST = 3
_LONGEST_TITLE = 90
_INNER = str.maketrans({"„": "‚", "“": "‘", "”": "’", '"': "‘"})


def suggestions(draft: Draft, intent: Intent | None, language: str) -> list[str]:
    """At most three questions on the first project or goal that the draft cites or offers."""
    cited = [proof.item for sentence in draft.sentences for proof in sentence.proofs]
    item = next((one for one in (*cited, *draft.nearest) if one.kind in (ItemKind.PROJECT, ItemKind.GOAL)), None)
    if item is None or item.status is ItemStatus.ARCHIVED or len(item.title) > _LONGEST_TITLE:
        return []
    asked = _on_project(item, intent, language) if item.kind is ItemKind.PROJECT else _on_goal(item, language)
    return asked[:_MOST]


def _on_project(item: Item, intent: Intent | None, language: str) -> list[str]:
    german, title = language == "de", item.title.translate(_INNER)
    asked = []
    if intent is not Intent.STATUS:
        asked.append(f"Wie ist der Stand von „{title}“?" if german else f"What is the status of “{title}”?")
    if intent is not Intent.RESPONSIBLE and item.responsible:
        asked.append(f"Wer ist für „{title}“ zuständig?" if german else f"Who is responsible for “{title}”?")
    if item.theme is not None and intent is not Intent.LIST:
        theme = item.theme.title.translate(_INNER)
        asked.append(
            f"Welche Projekte gibt es im Themenfeld „{theme}“?" if german else f"Which projects are in “{theme}”?"
        )
    return asked


def _on_goal(item: Item, language: str) -> list[str]:
    if language == "de":
        return [f"Welche Projekte oder Maßnahmen stehen unter {item.ref}?"]
    return [f"Which projects or measures are under {item.ref}?"]
