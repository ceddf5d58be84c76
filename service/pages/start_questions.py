"""Questions to begin with that the edition answers: on everyday topics first, else made from its records."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from itertools import islice

from prompts import in_languages
from vectorstore.catalogue import Catalogue
from vectorstore.records import DocumentStatus, Item, ItemKind, ItemStatus

MAX_QUESTIONS = 4
MAX_EVERYDAY = 3  # the last is on a record, to show that one can ask for details too
MAX_TITLE = 60
PLANS = (ItemKind.PROJECT, ItemKind.MEASURE)
DONE_OR_DOING = (ItemStatus.IMPLEMENTED, ItemStatus.IN_PROGRESS)
LISTED = (ItemStatus.IN_PROGRESS, ItemStatus.IDEA, ItemStatus.IMPLEMENTED)


def start_questions(
    catalogue: Catalogue, language: str, everyday: Sequence[str], is_answered: Callable[[str], bool]
) -> list[str]:
    """Return up to four questions in "de" or "en": of `everyday` the first ones, and such on the records.

    The latter are those that `is_answered` tells to be answered. Questions that were written for items are none of
    them: these are for finding and are shown to nobody.
    """
    words = {one["about"]: one[language] for one in in_languages("record_questions")}
    first = list(everyday[:MAX_EVERYDAY])
    made = [*([] if first else _overview(catalogue)), *_details(catalogue)]
    asked = (words[about].format(title=title) for about, title in made)
    return [*first, *islice(filter(is_answered, asked), MAX_QUESTIONS - len(first))]


def _overview(catalogue: Catalogue) -> list[tuple[str, str]]:
    """What can be asked of the theme with most records, else of a goal."""
    themes = Counter(_theme(item) for item in catalogue.items if item.kind is not ItemKind.SECTION and _theme(item))
    goals = Counter(item.title for item in catalogue.items if item.kind is ItemKind.GOAL and _is_name(item.title))
    return [("overview", title) for title, _ in (themes or goals).most_common(1)]


def _details(catalogue: Catalogue) -> Iterator[tuple[str, str]]:
    """Yield what can be asked of a record, a list and a paper, each with the title that it asks about."""
    named = [item for item in catalogue.items if item.kind in PLANS and _is_name(item.title)]
    known = [item for item in named if item.status in DONE_OR_DOING]
    responsible = [item for item in named if item.responsible]
    if known or responsible:
        yield ("state", known[0].title) if known else ("responsible", responsible[0].title)
    plans = [item for item in catalogue.items if item.kind in PLANS and _theme(item)]
    lists = ((status, Counter(_theme(item) for item in plans if item.status is status)) for status in LISTED)
    for status, themes in islice(((status, themes) for status, themes in lists if themes), 1):
        yield status.value, themes.most_common(1)[0][0]
    papers = [one for one in catalogue.documents.values() if one.status is not DocumentStatus.PROPOSED]
    drafts = [one for one in papers if one.status is DocumentStatus.DRAFT]
    for document in (drafts or papers)[:1]:  # of motions nobody says what became of them
        yield "decided" if drafts else "about", document.title


def _is_name(title: str) -> bool:
    """True for a title that can stand in a question: short, and no sentence."""
    return len(title) <= MAX_TITLE and not title.endswith((".", "!", "?"))


def _theme(item: Item) -> str:
    return item.theme.title if item.theme else ""
