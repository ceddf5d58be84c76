"""What covers a topic, as staff read it: grouped by document and theme, with how directly each record says it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace

from service.answering.query import Filters
from service.answering.tools.lookups import says_it
from service.answering.tools.records import RECORDS
from service.answering.tools.tools import Tools
from service.models import LookupItem, LookupResult
from service.staff.themes import theme_of
from service.staff.words import NO_THEME, UNDECIDED, kinds_counted
from vectorstore.catalogue import Catalogue
from vectorstore.records import Document, Item, ItemKind, ItemStatus, RefTitle

SHOWN_REASONS = 3
MOST_SHOWN = 500  # hits on a page; the rest is counted, and listed in the catalogue
NEAREST = 8


@dataclass(frozen=True, slots=True)
class Hit:
    """A record that was found; `direct` where it names the topic, `more` counts reasons that are left out.

    `below` counts the records that belong to it where it is a goal, as the catalogue lists them below it.
    """

    record: LookupItem
    direct: bool
    reasons: list[str]
    more: int
    below: int = 0

    @property
    def passage(self) -> str:
        """The passage that shows it, "" where it only repeats the title."""
        said, title = ("".join(text.split()).casefold() for text in (self.record.passage, self.record.title))
        return "" if said in title else self.record.passage


@dataclass(frozen=True, slots=True)
class ThemeGroup:
    """The hits under one theme (or first heading) of a document, best first."""

    title: str
    hits: list[Hit]


@dataclass(frozen=True, slots=True)
class DocumentGroup:
    """The hits in one document by theme; `around` are those that only stand near the topic.

    `total` is the number of hits in this document, shown or not, without those around.
    """

    document: Document
    themes: list[ThemeGroup]
    around: list[Hit]
    total: int


@dataclass(frozen=True, slots=True)
class Coverage:
    """The answer to "which goal covers this": `direct` counts the records that name it, `around` those near it.

    `nearest` are the first of these; `statuses` counts what is an idea, planned, in progress, done. Of the `total` hits
    only the best `MOST_SHOWN` stand in `groups`, and `more` do not.
    """

    groups: list[DocumentGroup]
    total: int
    around: int
    direct: int
    undecided: int
    kinds: str
    statuses: dict[ItemStatus, int]
    nearest: list[Hit]
    more: int


def coverage(result: LookupResult, tools: Tools) -> Coverage:
    """Group what was found; documents and themes come in the order of their best hit.

    Records that only stand near the topic are told apart and never counted.
    """
    catalogue = tools.corpus.catalogue
    told = [replace(_hit(one), below=_below(tools, one)) for one in result.items]
    around = [_hit(one) for one in result.nearest]
    documents = dict.fromkeys(hit.record.document_id for hit in (*told, *around))
    groups = [_group(catalogue, one, told, around) for one in documents]
    return Coverage(
        groups=groups,
        total=len(told),
        around=len(around),
        direct=sum(hit.direct for hit in told),
        undecided=sum(group.total for group in groups if group.document.status in UNDECIDED),
        kinds=kinds_counted(Counter(hit.record.kind.value for hit in told)),
        statuses={one: n for one in ItemStatus if (n := sum(hit.record.status is one for hit in told))},
        nearest=around[:NEAREST],
        more=max(len(told) - MOST_SHOWN, 0),
    )


def _group(catalogue: Catalogue, document_id: str, told: list[Hit], around: list[Hit]) -> DocumentGroup:
    themes: dict[str, list[Hit]] = {}
    for hit in told[:MOST_SHOWN]:
        if hit.record.document_id == document_id:
            themes.setdefault(_theme(catalogue.item(document_id, hit.record.key)), []).append(hit)
    return DocumentGroup(
        document=catalogue.documents[document_id],
        themes=[ThemeGroup(title, some) for title, some in themes.items()],
        around=[hit for hit in around if hit.record.document_id == document_id],
        total=sum(hit.record.document_id == document_id for hit in told),
    )


def example_topics(catalogue: Catalogue, most: int = 6) -> list[str]:
    """Return topics to try: the themes of the documents, else titles of their first goals."""
    themes = _distinct(theme.title for theme in map(theme_of, catalogue.items) if theme)
    return (themes or _distinct(item.title for item in catalogue.items))[:most]


def literally(tools: Tools, topic: str) -> int:
    """Return how many records of the catalogue's first view hold all words of a topic letter by letter."""
    return len(tools.select(Filters(words=topic, kinds=RECORDS)).items) if topic else 0


def _hit(record: LookupItem) -> Hit:
    reasons = sorted(record.why, key=lambda reason: not says_it(reason))
    return Hit(
        record=record,
        direct=any(map(says_it, reasons)),
        reasons=reasons[:SHOWN_REASONS],
        more=max(len(reasons) - SHOWN_REASONS, 0),
    )


def _below(tools: Tools, record: LookupItem) -> int:
    if record.kind is not ItemKind.GOAL:
        return 0
    among = tools.conditioned(Filters(documents=(record.document_id,), goal=record.ref, kinds=RECORDS))
    return int(among.met().sum()) - 1


def _theme(item: Item | None) -> str:
    theme: RefTitle | None = theme_of(item) if item else None
    if theme:
        return f"{theme.ref} {theme.title}".strip()
    return item.path[0] if item and item.path else NO_THEME


def _distinct(values: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(values))
