"""The difference between two readings of a paper: records that came and went, titles and statuses that changed."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

from prompts import say
from service.pages import labels
from vectorstore.records import Document, Item, ItemKind, ItemStatus

PARTS = {"title": "Titel", "status": "Status", "kind": "Art", "unit": "Zuständig", "date": "Zeitraum"}


def records(items: Iterable[Item]) -> list[Item]:
    """Return the items that are more than sections of text."""
    return [one for one in items if one.kind is not ItemKind.SECTION]


def paired(old: Sequence[Item], new: Sequence[Item]) -> tuple[list[tuple[Item, Item]], list[Item], list[Item]]:
    """Pair records of the same number and title, then those whose number is left once on each side."""
    pairs: list[tuple[Item, Item]] = []
    for name in (_named, _numbered):
        waiting: dict[tuple[str, ...], list[Item]] = defaultdict(list)
        for one in old:
            waiting[name(one)].append(one)
        often = Counter(map(_numbered, new))
        left = []
        for one in new:
            same = waiting[name(one)]
            sure = name is _named or (len(same) == 1 and often[name(one)] == 1)
            if same and sure:
                pairs.append((same.pop(0), one))
            else:
                left.append(one)
        taken = {id(first) for first, _ in pairs}
        old, new = [one for one in old if id(one) not in taken], left
    return pairs, list(old), list(new)


def _numbered(item: Item) -> tuple[str, ...]:
    return ("".join(item.ref.split()).casefold(),)


def _named(item: Item) -> tuple[str, ...]:
    return (*_numbered(item), " ".join(item.title.split()).casefold())


def told_otherwise(old: Item, new: Item) -> list[tuple[str, str, str]]:
    """Return what of a record is another now: title, status, kind, unit or date, with both in words."""
    told = [
        ("title", old.title, new.title),
        ("status", _status(old.status), _status(new.status)),
        ("kind", labels.KINDS[old.kind], labels.KINDS[new.kind]),
        ("unit", ", ".join(old.responsible), ", ".join(new.responsible)),
        ("date", _dates(old), _dates(new)),
    ]
    return [
        (what, before or say("drafts.not_told"), now or "keine Angabe") for what, before, now in told if before != now
    ]


def _dates(item: Item) -> str:
    return item.period or ", ".join(item.dates)


def _status(status: ItemStatus | None) -> str:
    return labels.STATUSES[status] if status else "keiner"


def front_changes(old: Document, new: Document) -> list[tuple[str, str, str]]:
    """Return which parts of the front matter are others now, with both in words."""
    before, now = front_words(old), front_words(new)
    return [(part, before[part], now[part]) for part in labels.FRONT if before[part] != now[part]]


def front_words(document: Document) -> dict[str, str]:
    """Return a document's title, publisher, kind, status and date as people read them."""
    return {
        "title": document.title,
        "publisher": document.publisher or say("drafts.not_known"),
        "kind": labels.DOCUMENT_KINDS[document.kind],
        "status": labels.document_status(document.status),
        "as_of": labels.shown_date(document.as_of),
    }
