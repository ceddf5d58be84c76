"""Candidates of one number and title become one record: sheet or heading, row of an overview, row of a schedule.

What stands in the text is the record; rows add their wording of the title and what the text leaves out, and where two
places differ in what they state both are kept as a conflict. Rows of a list whose records stand nowhere else are
records themselves.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from rapidfuzz import fuzz

from ingest.extractors.items import Draft, ItemBuilder, Passage
from ingest.extractors.tables import Witness, theme_of
from ingest.joining import Listing, ListRow, join, plain_ref
from ingest.layout.lines import squash
from ingest.parts import rename
from ingest.plan.numbers import printed_number
from ingest.tables import Table
from vectorstore.records import Conflict, ConflictValue, Evidence, Field, Item, ItemKind, ItemStatus, RefTitle

RECORDS = (ItemKind.PROJECT, ItemKind.MEASURE)
_ALIKE = 90  # likeness of two statements, 0 to 100, from which they say the same
_ENOUGH, _DIFFERING = 5, 0.6  # pairs, and the share that differs from which two columns mean different things
_FOUND = 0.5  # share of a list's rows that are records of the text, from which its other rows are told as missing


@dataclass(slots=True)
class Merged:
    """Records after merging, what the lists say about how many there are, and warnings in German."""

    items: list[Item]
    listings: list[Listing] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


def merge(builder: ItemBuilder, draft: Draft, items: Sequence[Item], witnesses: Sequence[Witness]) -> Merged:
    """Join the rows of every list with the records, one to one; rows of catalogues that stand alone become records."""
    merged = Merged(list(items))
    for witness in witnesses:
        _take(builder, draft, merged, witness)
    if len(merged.items) > len(items):
        merged.items.sort(key=lambda item: (item.start, item.order))
        merged.items = [replace(item, order=place) for place, item in enumerate(merged.items)]
    return merged


def _take(builder: ItemBuilder, draft: Draft, merged: Merged, witness: Witness) -> None:
    if witness.catalogue:
        merged.items = _headed(builder, draft, merged.items, witness.rows)
    kinds = (ItemKind.GOAL,) if witness.kind is ItemKind.GOAL else RECORDS
    candidates = [item for item in merged.items if item.kind in kinds and item.status is not ItemStatus.ARCHIVED]
    joined, left = join(candidates, witness.rows)
    compared = _compared([(item, joined[item.key]) for item in candidates if item.key in joined])
    for place, item in enumerate(merged.items):
        if item.key in joined:
            page = builder.page_of(joined[item.key].row.start)[0]
            merged.items[place] = with_row(item, joined[item.key], witness.source, page, compared)
    stands_alone = witness.catalogue and len(joined) < _FOUND * len(witness.rows)
    if stands_alone:
        merged.items = _as_themes(builder, merged.items, left)
        merged.items.extend(_made(builder, draft, merged.items, witness, left))
    elif joined:
        merged.warnings.extend(f"Zeile der Projektliste ohne Projekt im Text: {row.ref} {row.title}" for row in left)
        alone = [item.ref for item in candidates if item.key not in joined]
        if alone and witness is not None and witness.kind in RECORDS:
            merged.warnings.append("Projekte ohne Zeile in der Projektliste: " + ", ".join(alone))
    if witness.rows and (joined or stands_alone):
        merged.listings.append(_listing(builder, witness, len(witness.rows) if stands_alone else len(joined)))


def _headed(builder: ItemBuilder, draft: Draft, items: Sequence[Item], rows: Sequence[ListRow]) -> list[Item]:
    """Return the items; what stands under the name of a row, without a number, is its record.

    Only where most rows have such a place.
    """
    found: dict[str, list[Item]] = defaultdict(list)
    for item in items:
        if (item.kind is ItemKind.SECTION and item.body) or (item.kind in RECORDS and item.ref == item.title):
            found[_plain_name(item.title)].append(item)
    pairs = [(found[name][0], row) for row in rows if len(found.get(name := _plain_name(row.title), ())) == 1]
    if 2 * len(pairs) < len(rows):
        return list(items)
    keys = {item.key: builder.keys.make(row.ref) for item, row in pairs if row.ref}
    made = {item.key: replace(item, kind=row.kind, ref=row.ref or item.ref, family=None) for item, row in pairs}
    rename(builder, draft, keys)
    moved = [replace(made.get(one.key, one), parent=keys.get(one.parent or "", one.parent)) for one in items]
    return [replace(one, key=keys.get(one.key, one.key)) for one in moved]


def _plain_name(title: str) -> str:
    """Return a title as titles are compared, without the number before it."""
    number = printed_number(title)
    return _bare(number.rest if number is not None and number.rest else title)


def _as_themes(builder: ItemBuilder, items: Sequence[Item], rows: Sequence[ListRow]) -> list[Item]:
    """Take bare headings over the rows of a catalogue, thought to be records like its rows, for themes."""
    over = {builder.owners.get(row.row.start) for row in rows}
    return [
        replace(item, kind=ItemKind.THEME, status=None)
        if item.key in over and item.kind in RECORDS and not item.fields and item.table_start is None
        else item
        for item in items
    ]


def _listing(builder: ItemBuilder, witness: Witness, joined: int) -> Listing:
    names = {"schedule": "Zeitplan", "overview": "Übersicht", "list": "eigene Liste"}
    page = builder.page_of(witness.rows[0].row.start)[0]
    told = Evidence(f"{names[witness.source]}: {len(witness.rows)} Zeilen", page)
    refs, titles = tuple(row.ref for row in witness.rows), tuple(row.title for row in witness.rows)
    return Listing(witness.source, witness.kind, refs, titles, joined, told)


def _compared(pairs: Sequence[tuple[Item, ListRow]]) -> tuple[str, ...]:
    """Return in which fields a list can contradict the text: one that differs nearly everywhere means another thing."""
    kept = []
    for name in ("period", "cost", "priority"):
        both = [(own, other) for item, row in pairs if (own := _stated(item, name)) and (other := _stated(row, name))]
        differing = sum(not _agree(name, own, other) for own, other in both)
        if len(both) < _ENOUGH or differing <= _DIFFERING * len(both):
            kept.append(name)
    return tuple(kept)


def with_row(item: Item, row: ListRow, source: str, page: int | None, compared: Sequence[str] = ()) -> Item:
    """Return the record with what its row adds, and what the two disagree about in the fields that are `compared`."""
    conflicts = list(item.conflicts)
    printed = row.ref.partition("~")[0]
    number = printed_number(printed)
    if number is not None and not number.rest and plain_ref(printed) != plain_ref(item.ref):
        conflicts.append(_conflict(item, "ref", item.ref.partition("~")[0], printed, source, page))
    if row.status and item.status and row.status is not item.status:
        conflicts = [one for one in conflicts if one.field != "status"]
        conflicts.append(_conflict(item, "status", item.status.value, row.status.value, source, page))
    for name in compared:
        own, other = _stated(item, name), _stated(row, name)
        if own and other and not _agree(name, own, other) and name not in {one.field for one in conflicts}:
            conflicts.append(_conflict(item, name, own, other, source, page))
    return replace(
        item,
        table_title=row.title if item.table_title in (None, item.title) else item.table_title,
        table_row=item.table_row or row.row.text,
        table_start=item.table_start if item.table_start is not None else row.row.start,
        status=item.status or row.status,
        responsible=item.responsible or row.responsible,
        cooperation=item.cooperation or row.cooperation,
        period=item.period or row.period,
        cost=item.cost or row.cost,
        priority=item.priority or row.priority,
        state=item.state or row.state,
        fields=item.fields if source == "list" else (*item.fields, *_further(item, row, page)),
        conflicts=tuple(conflicts),
    )


def _further(item: Item, row: ListRow, page: int | None) -> list[Field]:
    """Return the fields of a row that the record has none of the same meaning for."""
    known = {one.field for one in item.fields if one.field} | {one.label.casefold() for one in item.fields}
    new = [one for one in _placed(row, page) if one.field not in known and one.label.casefold() not in known]
    return [one for one in new if one.field is not None]


def _placed(row: ListRow, page: int | None) -> list[Field]:
    """Return a row's fields with their page, and their places in the document's text."""
    return [replace(one, page=page, start=row.row.start + one.start if one.start >= 0 else -1) for one in row.fields]


def _stated(where: Item | ListRow, name: str) -> str:
    return getattr(where, name) or ""


def _conflict(item: Item, name: str, text: str, table: str, source: str, page: int | None) -> Conflict:
    own = "sheet" if item.fields else "text"
    return Conflict(name, text, table, (ConflictValue(text, item.page, own), ConflictValue(table, page, source)))


def _agree(name: str, first: str, second: str) -> bool:
    """Tell whether two statements say the same: in other words, in part, or the same years."""
    one, other = _bare(first), _bare(second)
    if one in other or other in one or fuzz.ratio(one, other) >= _ALIKE or fuzz.token_set_ratio(first, second) >= 99:
        return True
    if name not in ("period", "cost"):
        return False
    years, others = (re.findall(r"(?:19|20)\d\d|\d+", text) for text in (first, second))
    if not years or not others:
        return False
    return (min(years), max(years)) == (min(others), max(others)) if name == "period" else years == others


def _bare(text: str) -> str:
    return re.sub(r"[\W_]+", "", text).casefold()


def _made(
    builder: ItemBuilder, draft: Draft, items: Sequence[Item], witness: Witness, rows: Sequence[ListRow]
) -> list[Item]:
    """Return the records that rows make, under the themes of rows across, headings and grouping columns."""
    by_key = {item.key: item for item in items}
    headed = len({table.caption for table in witness.tables}) > 1
    themes = _themes(builder, draft, items, witness)
    made: list[Item] = [item for item in themes.values() if item.key not in by_key]
    keys: dict[str, str] = {}
    for row in rows:
        owner = by_key.get(builder.owners.get(row.row.start, ""))
        theme = themes.get(squash(row.theme or "").casefold())
        above = theme or owner
        parent = keys.get(_above(row.ref)) or (above.key if above is not None else None)
        heading = row.table.caption.split("\n")[-1] if headed else ""
        item = _item(builder, row, parent, _theme(row, theme, owner, heading), (row.theme or heading,))
        keys[plain_ref(row.ref)] = item.key
        made.append(item)
        context = tuple(part for part in (row.theme or heading,) if part)
        draft.passages.append(Passage(item.key, item.start, item.end, context))
    return made


def _above(ref: str) -> str:
    """Return the number that a part's number stands under: "3" for "3a", "3.1" and "3-1"; "" for others."""
    plain = plain_ref(ref)
    match = re.match(r"^(.*\d)[a-z]$", plain) or re.match(r"^(.+)[.\-/]\d{1,2}$", plain)
    return match[1] if match else "-"


def _theme(row: ListRow, theme: Item | None, owner: Item | None, heading: str) -> RefTitle | None:
    if theme is not None:
        return RefTitle(theme.ref, theme.title)
    if owner is not None and owner.kind is ItemKind.THEME:
        return RefTitle(owner.ref, owner.title)
    if owner is not None and owner.theme is not None:
        return owner.theme
    said = row.theme or heading
    if owner is not None and squash(owner.title) == squash(said):
        return RefTitle(owner.ref, owner.title)
    return RefTitle(*theme_of(said)) if said else None


def _item(
    builder: ItemBuilder, row: ListRow, parent: str | None, theme: RefTitle | None, path: tuple[str, ...]
) -> Item:
    page, label = builder.page_of(row.row.start)
    above = tuple(row.table.caption.split("\n")) if row.table.caption else ()
    return Item(
        document_id=builder.document_id,
        key=builder.keys.make(row.ref or row.title),
        ref=row.ref or row.title,
        kind=row.kind,
        title=row.title,
        order=0,
        heading=row.title,
        body=row.row.text,
        start=row.row.start,
        end=row.row.start + len(row.row.text),
        parent=parent,
        path=tuple(dict.fromkeys(part for part in (*above, *path) if part)),
        theme=theme,
        status=row.status,
        fields=tuple(_placed(row, page)),
        description=row.description,
        state=row.state,
        table_row=row.row.text,
        table_start=row.row.start,
        responsible=row.responsible,
        cooperation=row.cooperation,
        period=row.period,
        cost=row.cost,
        priority=row.priority,
        page=page,
        page_label=label,
    )


def _themes(builder: ItemBuilder, draft: Draft, items: Sequence[Item], witness: Witness) -> dict[str, Item]:
    """Return the themes that rows across name, by their text without white space: known ones, and new items."""
    known = {squash(item.title).casefold(): item for item in items if item.kind is ItemKind.THEME}
    named = {row.theme for row in witness.rows}
    themes: dict[str, Item] = {}
    for table in witness.tables:
        for row in (row for row in table.rows if row.across and row.text in named):
            name = squash(row.text).casefold()
            ref, title = theme_of(row.text)
            if name not in themes:
                themes[name] = known.get(squash(title).casefold()) or _across(
                    builder, draft, table, row.start, ref, title
                )
    for text in filter(None, named):
        theme = known.get(squash(theme_of(text)[1]).casefold())
        if theme is not None:
            themes.setdefault(squash(text).casefold(), theme)
    return themes


def _across(builder: ItemBuilder, draft: Draft, table: Table, start: int, ref: str, title: str) -> Item:
    """Return the theme that a row across names; a row that says the same again adds a passage to it."""
    row = next(row for row in table.rows if row.start == start)
    page, label = builder.page_of(start)
    key = builder.keys.make(ref or title)
    draft.passages.append(Passage(key, start, start + len(row.text), ()))
    return Item(
        document_id=builder.document_id,
        key=key,
        ref=ref or title,
        kind=ItemKind.THEME,
        title=title,
        order=0,
        heading=row.text,
        body="",
        start=start,
        end=start + len(row.text),
        path=tuple(table.caption.split("\n")) if table.caption else (),
        page=page,
        page_label=label,
    )
