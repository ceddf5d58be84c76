"""Items of rows: a row of an overview completes the record that it names, rows of other lists become records."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from ingest.families import Listing, without_entry
from ingest.keys import RECORDS, Keys, compare_ref
from ingest.merging import complete_with_rows, match_rows, row_fields, row_values
from ingest.readers.claims import Claim, Span
from ingest.readers.simple.titles import normalize_title
from ingest.tree import OPENING, Tree, ref_title
from prompts import say
from vectorstore.records import BY_STAFF, Evidence, Item, ItemKind, ItemStatus, RefTitle

_MATCHED = 0.5  # share of the rows of a list that are records elsewhere, from which its other rows are told as missing


def add_rows(tree: Tree, keys: Keys, items: Sequence[Item]) -> tuple[list[Item], list[Listing]]:
    """Join rows with the records that they name; rows of lists whose records are nowhere else become records.

    Returns the items with those of rows at their end, and what the lists say of how many records there are.
    """
    items = list(items)
    listings: list[Listing] = []
    by_kind: dict[str, list[Claim]] = defaultdict(list)
    for row in tree.rows:
        if row.status == ItemStatus.ARCHIVED.value:
            items.append(_row_item(tree, keys, row, "Archiv", items))
        elif row.source == BY_STAFF:
            items.append(_row_item(tree, keys, row, None, items))
        else:
            by_kind[row.kind].append(row)
    for kind, rows in by_kind.items():
        kinds = RECORDS if ItemKind(kind) in RECORDS else (ItemKind(kind),)
        records = [item for item in items if item.kind in kinds and item.status is not ItemStatus.ARCHIVED]
        matched, left = match_rows(records, rows)
        source = "list" if any(_has_marks(row) for row in rows) else "overview"
        complete_with_rows(items, matched, tree.text, source)
        for key, row in matched.items():
            if row.extent is not None:
                tree.owners[row.extent.start] = key
        overview = len(matched) >= _MATCHED * len(rows)
        if not overview:
            left = _without_repeated(left)
            for row in left:
                items.append(_row_item(tree, keys, row, None, items))
        elif left:
            _give_to_parents(tree, left)
        if matched or not overview:
            listings.append(_listing(kind, rows, left if overview else (), source))
    return items, listings


def _give_to_parents(tree: Tree, rows: Sequence[Claim]) -> None:
    for row in rows:
        if row.extent is not None:
            tree.owners[row.extent.start] = tree.key_before(row.extent.start)


def _row_item(tree: Tree, keys: Keys, row: Claim, archive: str | None, items: Sequence[Item]) -> Item:
    extent = row.extent or Span(0, 0)
    page, label = tree.page(extent.start)
    ref = archive or row.number or row.title
    key = keys.make(ref, first_suffix=archive is not None)
    tree.owners[extent.start] = key
    before = tree.key_before(extent.start)
    above = next((item for item in reversed(items) if item.start <= extent.start and item.key == before), None)
    theme = _named_theme(row.parent, items) if row.parent else None
    if theme is None and above is not None and above.kind is ItemKind.THEME:
        theme = above
    parent = theme or above
    values = row_values(row)
    text = tree.text[extent.start : extent.end]
    return Item(
        document_id=tree.document.id,
        key=key,
        ref=ref,
        kind=ItemKind.PROJECT if archive else ItemKind(row.kind),
        title=row.title,
        order=0,
        heading=row.title,
        body=text,
        start=extent.start,
        end=extent.end,
        parent=None if archive or parent is None or parent.key == OPENING else parent.key,
        path=("Archiv",) if archive else tuple(filter(None, (row.parent,))),
        theme=ref_title(theme) if theme else (RefTitle("", row.parent) if row.parent else None),
        goal=above.goal if above is not None and not archive else None,
        fields=() if archive else row_fields(row),
        table_row=text,
        table_start=extent.start,
        read_by=row.source,
        former_ref=row.number if archive else None,
        page=page,
        page_label=label,
        **({"status": ItemStatus.ARCHIVED} if archive else values),
    )


def _named_theme(name: str, items: Sequence[Item]) -> Item | None:
    """Return the theme that a row names, by its title or its number."""
    plain = normalize_title(name)
    themes = [item for item in items if item.kind is ItemKind.THEME]
    return next((item for item in themes if normalize_title(item.title) == plain or item.ref == name), None)


def _has_marks(row: Claim) -> bool:
    return any(field.meaning == "status" and len(field.text) <= 3 for field in row.fields)


def _without_repeated(rows: Sequence[Claim]) -> list[Claim]:
    """Return rows, each number and title once: a list may be printed twice."""
    seen: set[tuple[str, str]] = set()
    kept = []
    for row in rows:
        name = compare_ref(row.number or ""), normalize_title(row.title)
        if name not in seen:
            seen.add(name)
            kept.append(row)
    return kept


def _listing(kind: str, rows: Sequence[Claim], left: Sequence[Claim], source: str) -> Listing:
    names = [f"{row.number or ''} {row.title}".strip() for row in left]
    text = without_entry(say(f"evidence.{source}", count=len(rows)), names)
    refs, titles = tuple(row.number or "" for row in rows), tuple(row.title for row in rows)
    return Listing(ItemKind(kind), refs, titles, Evidence(text, rows[0].page))
