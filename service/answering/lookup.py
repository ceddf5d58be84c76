"""Which goal covers a topic: all records on it with reasons; and apart from them what only stands near it."""

from __future__ import annotations

from service.answering.composing.extract import passages_of
from service.answering.context import Context
from service.answering.finding.topic_records import records_near, records_on
from service.answering.finding.topics import Match, MatchKind, Way
from service.models import LookupItem, LookupResult
from service.records import record_of
from vectorstore.records import ItemKind, ItemStatus

_LENGTH = 300  # characters of the passage that shows why
_SHOWN = 500  # of the best records it is chosen by the topic; of more that takes seconds, and their headings are told
_NAMES = "nennt"
_REASONS = {
    MatchKind.CALLED: f"{_NAMES} „%s“ im Titel",
    MatchKind.SAYS: f"{_NAMES} „%s“",
    MatchKind.KIN: "verwandt mit „%s“",
    MatchKind.BY_CONCEPT: "Thema „%s“",
    MatchKind.SAYS_CONCEPT: "nennt Begriffe des Themas „%s“",
    MatchKind.UNDER: "gehört zu „%s“",
    MatchKind.NEAR: "sinnverwandt",
}


def looked_up(context: Context, query: str) -> LookupResult:
    """Every goal, project and other item on the topic, best first, each with why.

    `items` cover it; `nearest` stand near it where none does.
    """
    items = covering(context)
    around = [] if items else [one for one in records_near(context) if _is_listed(one)]
    return LookupResult(
        query=query,
        covered=bool(items),
        items=items,
        nearest=[_item(one, context) for one in around],
        corpus_edition=context.corpus.edition.name,
    )


def covering(context: Context) -> list[LookupItem]:
    """Every goal, project and other item that covers the topic, best first, each with why."""
    found = [one for one in records_on(context) if _is_listed(one)]
    return [_item(one, context, shown=place < _SHOWN) for place, one in enumerate(found)]


def says_it(reason: str) -> bool:
    """Tell whether a reason says that the record itself names the topic, not only what is akin to it."""
    return reason.startswith(f"{_NAMES} „")


def _is_listed(match: Match) -> bool:
    return match.item.kind is not ItemKind.THEME and match.item.status is not ItemStatus.ARCHIVED


def _item(match: Match, context: Context, *, shown: bool = True) -> LookupItem:
    record = record_of(match.item, context.corpus.document(match.item))
    passages = passages_of(context, match.item, _LENGTH) if shown else []
    return LookupItem(
        **dict(record),
        score=round(match.weight, 4),
        why=list(dict.fromkeys(map(_reason, match.ways))) or [_REASONS[match.kind]],
        passage=passages[0] if passages else match.item.heading,
    )


def _reason(way: Way) -> str:
    return _REASONS[way.kind] % way.by
