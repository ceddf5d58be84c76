"""Questions to begin with, made from what the edition's records can answer, and only those that are answered.

On a topic, in everyday words, on a list, on a record, on a paper; where the edition has none of one sort, more of the
others. Wordings lie in `prompts`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from itertools import islice

from prompts import wordings
from service.answering import wording
from vectorstore.catalogue import Catalogue
from vectorstore.records import Document, DocumentStatus, Item, ItemKind, ItemStatus

MAX_QUESTIONS = 4
MAX_TITLE = 60
TRIED = 4  # questions of one sort that are tried: a start must not take long
LISTED = (ItemStatus.IN_PROGRESS, ItemStatus.IDEA, ItemStatus.IMPLEMENTED, ItemStatus.PLANNED)
PLANS = (ItemKind.PROJECT, ItemKind.MEASURE)
DONE_OR_DOING = (ItemStatus.IMPLEMENTED, ItemStatus.IN_PROGRESS)


def start_questions(catalogue: Catalogue, language: str, is_answered: Callable[[str], bool]) -> list[str]:
    """Return up to four questions in "de" or "en" that `is_answered` says to be answered.

    Questions that were written for items are none of them: these are for finding and are shown to nobody.
    """
    said = _Said(language)
    sorts = [islice(one, TRIED) for one in _sorts(catalogue, said)]
    found: dict[str, int] = {}
    while len(found) < MAX_QUESTIONS and sorts:
        left = []
        for one in sorts:
            new = next((question for question in one if question not in found and is_answered(question)), None)
            if new is not None and len(found) < MAX_QUESTIONS:
                found[new] = len(found)
                left.append(one)
        sorts = left
    return list(found)


class _Said:
    """Questions in a language: the wordings with what is put in."""

    def __init__(self, language: str) -> None:
        self._language = language
        self._wordings = wordings(f"{language}/first_questions")

    def __call__(self, name: str, *, kind: ItemKind = ItemKind.PROJECT, **values: str) -> str:
        return self._wordings[name].format(records=wording.kind(kind, self._language, 2), **values)


def _sorts(catalogue: Catalogue, said: _Said) -> list[Iterator[str]]:
    """The questions of each sort, the best of it first."""
    themes = _themes(catalogue)
    listed = list(_lists(catalogue, themes[:1]))
    used = {*themes[:1], *(theme for theme, _, _ in listed[:1])}
    return [
        (said("overview", topic=one) for one in themes or _goals(catalogue)),
        (said(status.value, topic=theme, kind=kind) for theme, status, kind in listed),
        _records(catalogue, used, said),
        _papers(list(catalogue.documents.values()), said),
        _counted(catalogue, said),
    ]


def _themes(catalogue: Catalogue) -> list[str]:
    """The themes, those with most records first."""
    counted = Counter(_theme(item) for item in catalogue.items if item.kind is not ItemKind.SECTION and _theme(item))
    return [title for title, _ in counted.most_common()]


def _goals(catalogue: Catalogue) -> list[str]:
    """The titles of goals that are no sentences, those with most records below them first."""
    goals = [item for item in catalogue.items if item.kind is ItemKind.GOAL and _is_name(item)]
    below = Counter({goal.title: len(catalogue.children(goal)) for goal in goals})
    return [title for title, _ in below.most_common()]


def _lists(catalogue: Catalogue, broadest: Sequence[str]) -> Iterator[tuple[str, ItemStatus, ItemKind]]:
    """Themes with a status and a kind of records, the longest list of each status; of other themes if possible."""
    plans = [item for item in catalogue.items if item.kind in PLANS and _theme(item)]
    others = [item for item in plans if _theme(item) not in broadest] or plans
    for status in LISTED:
        counted = Counter((_theme(item), item.kind) for item in others if item.status is status)
        for (theme, kind), _ in counted.most_common(1):
            yield theme, status, kind


def _records(catalogue: Catalogue, used: set[str], said: _Said) -> Iterator[str]:
    """How far records are, of a theme that is not `used` where possible; else who is responsible for them."""
    named = [item for item in catalogue.items if item.kind in PLANS and _is_name(item)]
    ordered = sorted(named, key=lambda item: _theme(item) in used)
    yield from (said("state", title=item.title) for item in ordered if item.status in DONE_OR_DOING)
    yield from (said("responsible", title=item.title) for item in ordered if item.responsible)


def _papers(documents: list[Document], said: _Said) -> Iterator[str]:
    """Whether a draft is decided, else what a paper is about; of motions nobody says what became of them."""
    drafts = [one for one in documents if one.status is DocumentStatus.DRAFT]
    others = [one for one in documents if one.status not in (DocumentStatus.PROPOSED, DocumentStatus.DRAFT)]
    yield from (said("decided", title=one.title) for one in drafts)
    yield from (said("about", title=one.title) for one in others)


def _counted(catalogue: Catalogue, said: _Said) -> Iterator[str]:
    """What the busiest unit answers for, what there is in the place that most records name, how many there are."""
    plans = [item for item in catalogue.items if item.kind in PLANS and item.status is not ItemStatus.ARCHIVED]
    units = Counter((unit, item.kind) for item in plans for unit in item.responsible)
    places = Counter((place, item.kind) for item in plans for place in item.municipalities)
    kinds = Counter(item.kind for item in plans)
    yield from (said("unit", unit=unit, kind=kind) for (unit, kind), _ in units.most_common(1))
    yield from (said("place", place=place, kind=kind) for (place, kind), _ in places.most_common(1))
    yield from (said("count", kind=kind) for kind, _ in kinds.most_common())


def _is_name(item: Item) -> bool:
    """True for a title that can stand in a question: short, and no sentence."""
    return len(item.title) <= MAX_TITLE and not item.title.endswith((".", "!", "?"))


def _theme(item: Item) -> str:
    return item.theme.title if item.theme else ""
