"""The builder: accepted claims and the text of a document become its items, with keys, parents, bodies and chunks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from string import ascii_lowercase
from typing import Any

from ingest.chunks import cut_chunks
from ingest.families import Counts, with_families
from ingest.keys import RECORDS, Keys, compare_ref
from ingest.merging import field_of, status_from
from ingest.readers.claims import Claim, Claims, Span
from ingest.readers.simple.headings import introduction_of
from ingest.readers.simple.kinds import is_generic_goal
from ingest.readers.simple.titles import normalize_title, shorten
from ingest.row_items import add_rows
from ingest.tree import OPENING, Node, Tree, ref_title
from ingest.values.items import with_values
from vectorstore.records import Document, Item, ItemKind, ItemStatus, ParsedDocument, RefTitle

_BULLETED = 0.6  # share of the goals that have bullets, from which bullets are measures
_OPENING = 2_000  # characters that open a document


def build_document(document: Document, claims: Claims, apart: Sequence[Span] = ()) -> ParsedDocument:
    """Return the items of a document that its claims support, with their chunks.

    `apart` are spans of the text that belong to no item: tables of contents. Every other character is in one chunk.
    """
    tree, keys = Tree(document, claims, apart), Keys()
    items = _number_once(_NodeItems(tree, keys).build())
    items, listings = add_rows(tree, keys, items)
    if any(item.fields for item in items):
        items = [_described(item) for item in items]
    items = _with_bullets(tree, keys, items)
    items = [replace(item, order=place) for place, item in enumerate(sorted(items, key=_place))]
    opening = document.text[: max((span.end for span in tree.opening()[:10]), default=_OPENING)][:_OPENING]
    items = with_values(items, document.text, opening)
    items, families = with_families(items, Counts(listings, claims.totals, *tree.announced()))
    chunks = cut_chunks(document.id, document.text, tree.passages(items))
    return ParsedDocument(document=replace(document, families=families), items=tuple(items), chunks=chunks)


class _NodeItems:
    """Makes the items of the nodes of a tree, in the order of the text, and sets the keys of the nodes."""

    def __init__(self, tree: Tree, keys: Keys) -> None:
        self._tree, self._text, self._keys = tree, tree.text, keys
        self._made: dict[str, Item] = {}

    def build(self) -> list[Item]:
        items: list[Item] = []
        opening, title = self._tree.opening(), self._tree.document.title
        if opening and any(self._text[span.start : span.end].strip() for span in opening):
            items.append(self._item(OPENING, ItemKind.SECTION, title, "", opening, None))
        for node in self._tree.nodes:
            if not node.is_overview and (item := self._node_item(node)) is not None:
                items.append(item)
        titles = {normalize_title(item.title): item.key for item in reversed(items)}
        for node in self._tree.nodes:
            if node.is_overview:
                node.key = titles.get(normalize_title(node.claim.title), "")
        if not items and self._tree.blocks:
            items.append(self._item(OPENING, ItemKind.SECTION, title, "", self._tree.blocks[:1], None))
        return items

    def _node_item(self, node: Node) -> Item | None:
        claim, head = node.claim, node.claim.head
        assert head is not None
        kind = ItemKind(claim.kind)
        body_spans = [part for span in node.spans for part in _without(span, head)]
        own = [span for span in body_spans if self._text[span.start : span.end].strip()]
        if node.is_group:
            return None
        if kind is ItemKind.SECTION and not own and not node.has_children and not claim.number and claim.level < 90:
            return None
        ref = claim.number or (introduction_of(claim.title) if kind is ItemKind.SECTION else None) or claim.title
        title = claim.title
        if kind is ItemKind.GOAL and is_generic_goal(title) and own:
            title = " ".join(self._text[own[0].start : own[0].end].split())[:600]
        item = self._item(ref, kind, title, self._text[head.start : head.end], own, node)
        node.key = item.key
        return self._with_fields(item, claim)

    def _item(
        self, ref: str, kind: ItemKind, title: str, heading: str, spans: Sequence[Span], node: Node | None
    ) -> Item:
        start = node.start if node is not None else (spans[0].start if spans else 0)
        head_end = node.claim.head.end if node is not None and node.claim.head else start
        place = node.claim.head.start if node is not None and node.claim.head else start
        page, label = self._tree.page(place)
        line = list(node.line()) if node is not None else []
        parent = next((above for above in line if above.key), None)
        theme = next((above for above in line if above.claim.kind == "theme" and above.key), None)
        goal = next((above for above in line if above.claim.kind == "goal" and above.key), None)
        group = line[0] if line and line[0].is_group else None
        item = Item(
            document_id=self._tree.document.id,
            key=self._keys.make(ref),
            ref=ref,
            kind=kind,
            title=title,
            order=0,
            heading=heading,
            body="\n\n".join(text for span in spans if (text := self._text[span.start : span.end].strip())),
            start=start,
            end=max([head_end, *(span.end for span in spans)]),
            parent=parent.key if parent else None,
            path=tuple(self._heading_of(above) for above in reversed(line)),
            theme=ref_title(self._made.get(theme.key)) if theme else None,
            goal=ref_title(self._made.get(goal.key)) if goal else None,
            status=status_from(group.claim.status or group.claim.title) if group and kind in RECORDS else None,
            status_heading=self._heading_of(group) if group and kind in RECORDS else None,
            page=page,
            page_label=label,
        )
        self._made[item.key] = item
        return item

    def _heading_of(self, node: Node) -> str:
        head = node.claim.head or Span(0, 0)
        return " ".join(self._text[head.start : head.end].split())

    def _with_fields(self, item: Item, claim: Claim) -> Item:
        """Return a record with its labelled fields and what they state."""
        fields = tuple(
            field_of(claimed, self._tree.page(claimed.span.start)[0] if claimed.span else item.page)
            for claimed in claim.fields
            if claimed.text
        )
        if item.kind is ItemKind.SECTION:
            return item
        if item.kind is ItemKind.GOAL and not fields:
            return replace(item, read_by=claim.source)
        texts: dict[str, Any] = {
            name: "\n\n".join(field.text for field in fields if field.field == name) or None
            for name in ("state", "description")
        }
        theme = item.theme or (RefTitle("", claim.parent) if claim.parent and claim.where == "sheet" else None)
        return replace(
            item,
            fields=fields,
            status=item.status or status_from(claim.status),
            responsible=claim.units,
            cooperation=claim.partners,
            period=claim.period,
            cost=claim.cost,
            priority=claim.priority,
            theme=theme,
            read_by=claim.source,
            **texts,
        )


def _number_once(items: Sequence[Item]) -> list[Item]:
    """Return items; several records that follow one another under one number are its children "1.1~a", "1.1~b"."""
    counts = Counter(compare_ref(item.ref) for item in items if item.kind in RECORDS and item.ref != item.title)
    seen: Counter[str] = Counter()
    result = []
    for item in items:
        ref = compare_ref(item.ref)
        if item.kind in RECORDS and item.ref != item.title and counts[ref] > 1:
            titles = {normalize_title(other.title) for other in items if compare_ref(other.ref) == ref}
            if len(titles) > 1:
                item = replace(item, ref=f"{item.ref}~{ascii_lowercase[seen[ref] % 26]}")
                seen[ref] += 1
        result.append(item)
    return result


def _with_bullets(tree: Tree, keys: Keys, items: list[Item]) -> list[Item]:
    """Return items; bullets under goals are measures where a document has no other records."""
    goals = [item for item in items if item.kind is ItemKind.GOAL and item.heading]
    if any(item.kind in RECORDS for item in items) or not goals:
        return items
    bullets = {item.key: [part for part in item.body.split("\n\n") if part.startswith("- ")] for item in goals}
    if sum(map(bool, bullets.values())) < _BULLETED * len(goals):
        return items
    made: list[Item] = []
    for goal in goals:
        made += _bullet_items(tree, keys, goal)
    kept = [
        replace(item, body="\n\n".join(part for part in item.body.split("\n\n") if not part.startswith("- ")))
        if item in goals else item
        for item in items
    ]  # fmt: skip
    return [*kept, *made]


def _bullet_items(tree: Tree, keys: Keys, goal: Item) -> Iterator[Item]:
    node = next(node for node in tree.nodes if node.key == goal.key)
    subheading: tuple[str, ...] = ()
    count = 0
    for span in node.spans:
        text = tree.text[span.start : span.end].strip()
        if text.endswith(":") and not text.startswith("- "):
            subheading = (text,)
        if not text.startswith("- "):
            continue
        count += 1
        body = text.removeprefix("- ")
        start = tree.text.index(body, span.start)
        page, label = tree.page(start)
        ref = f"{goal.ref}.{count}"
        yield Item(
            document_id=tree.document.id, key=keys.make(ref), ref=ref, kind=ItemKind.MEASURE,
            title=shorten(body), order=0, heading="", body=body, start=start, end=start + len(body),
            parent=goal.key, path=(*goal.path, " ".join(goal.heading.split()), *subheading), theme=goal.theme,
            goal=RefTitle(goal.ref, goal.title), page=page, page_label=label, read_by=goal.read_by,
        )  # fmt: skip
        tree.owners[span.start] = tree.owners[start] = f"{goal.key}.{count}"


def _without(span: Span, head: Span) -> Iterator[Span]:
    """Yield what of a span is not in a head."""
    if head.end <= span.start or head.start >= span.end:
        yield span
        return
    if span.start < head.start:
        yield Span(span.start, head.start)
    if head.end < span.end:
        yield Span(head.end, span.end)


def _described(item: Item) -> Item:
    """Return an item; of goals and sections among records with fields the text is the description."""
    text = item.body if item.kind in (ItemKind.GOAL, ItemKind.SECTION) and item.ref != OPENING else None
    return replace(item, description=item.description or text or None)


def _place(item: Item) -> tuple[bool, int, bool]:
    return item.status is ItemStatus.ARCHIVED, item.start, item.heading == ""
