"""The difference between two readings of a paper: records that came and went, titles and statuses that changed."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from service.pages import labels
from vectorstore.records import Document, Item, ItemKind, ItemStatus, ParsedDocument

PARTS = {"title": "Titel", "status": "Status", "kind": "Art", "unit": "Zuständig", "date": "Zeitraum"}


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that is told otherwise than before."""

    of: str
    before: str
    now: str


@dataclass(frozen=True, slots=True)
class Changes:
    """All differences; `counts` are the kinds of items whose number is another."""

    added: tuple[Item, ...]
    gone: tuple[Item, ...]
    changed: tuple[Change, ...]
    counts: tuple[Change, ...]
    front: tuple[Change, ...]

    def __bool__(self) -> bool:
        """Whether anything differs."""
        return any((self.added, self.gone, self.changed, self.counts, self.front))


def changes(before: ParsedDocument, now: ParsedDocument) -> Changes:
    """Compare two readings of the same paper."""
    pairs, gone, added = paired(records(before.items), records(now.items))
    changed = [one for old, new in pairs for one in _changed(old, new)]
    return Changes(
        tuple(added),
        tuple(gone),
        tuple(changed),
        tuple(_counted(before.items, now.items)),
        tuple(_front(before.document, now.document)),
    )


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
    return [(what, before or "keine Angabe", now or "keine Angabe") for what, before, now in told if before != now]


def _changed(old: Item, new: Item) -> list[Change]:
    name = " ".join(filter(None, (labels.number_of(new.ref, new.title), new.title)))
    return [Change(f"{name}: {PARTS[what]}", before, now) for what, before, now in told_otherwise(old, new)]


def _dates(item: Item) -> str:
    return item.period or ", ".join(item.dates)


def _status(status: ItemStatus | None) -> str:
    return labels.STATUSES[status] if status else "keiner"


def _counted(old: Iterable[Item], new: Iterable[Item]) -> list[Change]:
    before, now = Counter(one.kind for one in old), Counter(one.kind for one in new)
    return [
        Change(labels.KINDS_MANY[kind], str(before[kind]), str(now[kind]))
        for kind in ItemKind
        if before[kind] != now[kind]
    ]


def front_changes(old: Document, new: Document) -> list[tuple[str, str, str]]:
    """Return which parts of the front matter are others now, with both in words."""
    both = zip(labels.FRONT, _front_words(old), _front_words(new), strict=True)
    return [(part, before, now) for part, before, now in both if before != now]


def _front(old: Document, new: Document) -> list[Change]:
    return [Change(labels.FRONT[part], before, now) for part, before, now in front_changes(old, new)]


def _front_words(document: Document) -> tuple[str, ...]:
    return tuple(front_words(document).values())


def front_words(document: Document) -> dict[str, str]:
    """Return a document's title, publisher, kind, status and date as people read them."""
    return {
        "title": document.title,
        "publisher": document.publisher or "nicht bekannt",
        "kind": labels.DOCUMENT_KINDS[document.kind],
        "status": labels.document_status(document.status),
        "as_of": labels.shown_date(document.as_of),
    }
