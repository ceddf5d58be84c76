"""Questions to begin with that the edition answers: on everyday topics first, else made from its records."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from itertools import islice

from vectorstore.catalogue import Catalogue
from vectorstore.records import Document, DocumentStatus, Item, ItemKind, ItemStatus

MAX_QUESTIONS = 4
MAX_EVERYDAY = 3  # the last is on a record, to show that one can ask for details too
MAX_TITLE = 60
WORDS = {
    "de": {
        "overview": "Was tut der Kreis beim Thema {}?",
        "in_progress": "Welche Projekte zum Thema {} werden gerade bearbeitet?",
        "idea": "Welche Projekte zum Thema {} sind noch Ideen?",
        "implemented": "Welche Projekte zum Thema {} sind schon umgesetzt?",
        "state": "Wie weit ist „{}“?",
        "responsible": "Wer ist für „{}“ zuständig?",
        "decided": "Ist „{}“ schon beschlossen?",
        "about": "Worum geht es in „{}“?",
    },
    "en": {
        "overview": "What is the county doing about {}?",
        "in_progress": "Which projects on {} are in progress?",
        "idea": "Which projects on {} are still ideas?",
        "implemented": "Which projects on {} are implemented?",
        "state": "What is the status of “{}”?",
        "responsible": "Who is responsible for “{}”?",
        "decided": "Has “{}” been decided?",
        "about": "Who published “{}”?",
    },
}
LISTED = (ItemStatus.IN_PROGRESS, ItemStatus.IDEA, ItemStatus.IMPLEMENTED)
PLANS = (ItemKind.PROJECT, ItemKind.MEASURE)
DONE_OR_DOING = (ItemStatus.IMPLEMENTED, ItemStatus.IN_PROGRESS)


def start_questions(
    catalogue: Catalogue, language: str, everyday: Sequence[str], is_answered: Callable[[str], bool]
) -> list[str]:
    """Return up to four questions in "de" or "en": of `everyday` the first ones, and such on the records.

    The latter are those that `is_answered` tells to be answered. Questions that were written for items are none of
    them: these are for finding and are shown to nobody.
    """
    words = WORDS[language]
    first = list(everyday[:MAX_EVERYDAY])
    made = _details(catalogue) if first else _questions(catalogue)
    asked = (words[name].format(title) for name, title in made)
    return [*first, *islice(filter(is_answered, asked), MAX_QUESTIONS - len(first))]


def _questions(catalogue: Catalogue) -> Iterator[tuple[str, str]]:
    """Yield what can be asked, each with the title that it asks about: an overview, a list, a record, a paper."""
    broad, listed = _broadest(catalogue), _list(catalogue)
    if broad:
        yield "overview", broad
    yield from listed
    yield from _record(catalogue, {broad, *(theme for _, theme in listed)})
    yield from _paper(list(catalogue.documents.values()))


def _details(catalogue: Catalogue) -> Iterator[tuple[str, str]]:
    """Yield what can be asked beside everyday topics: on a record, a list, a paper."""
    listed = _list(catalogue)
    yield from _record(catalogue, {theme for _, theme in listed})
    yield from listed
    yield from _paper(list(catalogue.documents.values()))


def _broadest(catalogue: Catalogue) -> str:
    """The theme with most records, else the goal with most below it; "" where there is neither."""
    themes = Counter(_theme(item) for item in catalogue.items if item.kind is not ItemKind.SECTION and _theme(item))
    goals = [item for item in catalogue.items if item.kind is ItemKind.GOAL and _is_name(item)]
    below = Counter({goal.title: len(catalogue.children(goal)) for goal in goals})
    return next((title for title, _ in (themes or below).most_common(1)), "")


def _list(catalogue: Catalogue) -> list[tuple[str, str]]:
    """The longest list of projects on one theme with one status; of another theme than the broadest where possible."""
    projects = [item for item in catalogue.items if item.kind is ItemKind.PROJECT and _theme(item)]
    others = [item for item in projects if _theme(item) != _broadest(catalogue)] or projects
    counts = (Counter(_theme(item) for item in others if item.status is status) for status in LISTED)
    lists = (
        (status.value, counted.most_common(1)[0][0]) for status, counted in zip(LISTED, counts, strict=True) if counted
    )
    return list(islice(lists, 1))


def _record(catalogue: Catalogue, used: set[str]) -> Iterator[tuple[str, str]]:
    """How far a record is, of a theme that is not `used` where possible; else who is responsible for one."""
    named = [item for item in catalogue.items if item.kind in PLANS and _is_name(item)]
    ordered = sorted(named, key=lambda item: _theme(item) in used)
    for name, fitting in (
        ("state", [item for item in ordered if item.status in DONE_OR_DOING]),
        ("responsible", [item for item in ordered if item.responsible]),
    ):
        if fitting:
            yield name, fitting[0].title
            return


def _paper(documents: list[Document]) -> Iterator[tuple[str, str]]:
    """Whether a draft is decided, else what the first paper is about; of motions nobody says what became of them."""
    drafts = [one for one in documents if one.status is DocumentStatus.DRAFT]
    others = [one for one in documents if one.status is not DocumentStatus.PROPOSED]
    if drafts:
        yield "decided", drafts[0].title
    elif others:
        yield "about", others[0].title


def _is_name(item: Item) -> bool:
    """True for a title that can stand in a question: short, and no sentence."""
    return len(item.title) <= MAX_TITLE and not item.title.endswith((".", "!", "?"))


def _theme(item: Item) -> str:
    return item.theme.title if item.theme else ""
