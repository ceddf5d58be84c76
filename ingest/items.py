"""The builder: accepted claims and the text of a document become its items, with keys, parents, bodies and chunks."""

from __future__ import annotations

import itertools
import re
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from string import ascii_lowercase
from typing import Any

from ingest.chunks import Passage, cut_chunks
from ingest.contents import read_entries
from ingest.families import Counts, Listing, with_families, without_entry
from ingest.keys import RECORDS, Keys, compare_ref
from ingest.merging import complete_with_rows, field_of, match_rows, row_fields, row_values, status_from
from ingest.readers.claims import Claim, Claims, Span
from ingest.readers.lexicon import is_status_heading
from ingest.readers.simple.headings import introduction_of
from ingest.readers.simple.kinds import is_generic_goal
from ingest.readers.simple.titles import normalize_title
from ingest.values.items import with_values
from prompts import say
from vectorstore.notation import TABLE, one_of
from vectorstore.records import (
    BY_STAFF,
    Document,
    Evidence,
    Item,
    ItemKind,
    ItemStatus,
    ParsedDocument,
    RefTitle,
)  # fmt: skip

_UPPER = (ItemKind.GOAL, ItemKind.PRINCIPLE, ItemKind.THESIS)
_BULLETED = 0.6  # share of the goals that have bullets, from which bullets are measures
_OPENING = 2_000  # characters that open a document
_MATCHED = 0.5  # share of the rows of a list that are records elsewhere, from which its other rows are told as missing
_TITLE = 140  # characters of a title that is made of a sentence
_CAPTION = 100  # characters of a table's caption
_DATELINE = re.compile(  # of a letter: "Coesfeld, 28. Januar 2021"
    r"(?<=\n\n)(?:[A-ZÄÖÜ][\w.-]+(?:\s[A-ZÄÖÜ(][\w.)-]+){0,2},\s+)?(?:den\s+)?"
    rf"\d{{1,2}}\.\s?(?:{one_of(TABLE['dates']['months'])}|\d{{1,2}}\.)\s?\d{{4}}(?=\n\n|$)"
)
_SENTENCE_END = re.compile(r"(?<=[a-zäöüß)“]{2}[.!?])\s+(?=[A-ZÄÖÜ„])")


@dataclass(slots=True)
class _Node:
    """A claim in the tree: where its text begins, the item that it becomes, the nodes above it."""

    claim: Claim
    start: int
    above: _Node | None = None
    key: str = ""
    is_group: bool = False
    spans: list[Span] = field(default_factory=list)
    has_children: bool = False

    @property
    def is_overview(self) -> bool:
        """True for an entry of an overview, the text of which belongs to the heading that it repeats."""
        return self.claim.where == "contents"

    def line(self) -> Iterator[_Node]:
        """Yield the nodes above, the nearest first."""
        node = self.above
        while node is not None:
            yield node
            node = node.above


def build_document(document: Document, claims: Claims, apart: Sequence[Span] = ()) -> ParsedDocument:
    """Return the items of a document that its claims support, with their chunks.

    `apart` are spans of the text that belong to no item: tables of contents. Every other character is in one chunk.
    """
    return _Builder(document, claims, apart).build()


class _Builder:
    def __init__(self, document: Document, claims: Claims, apart: Sequence[Span]) -> None:
        self._document, self._text, self._claims = document, document.text, claims
        self._keys, self._apart = Keys(), apart
        self._blocks = [block for block in _blocks(self._text) if not _inside(block, apart)]
        placed = [claim for claim in claims.records if claim.head is not None and _is_placed(claim)]
        self._nodes = sorted((_Node(claim, _start(claim)) for claim in placed), key=lambda node: node.start)
        self._rows = [claim for claim in claims.records if claim.where == "row" and claim.extent is not None]
        self._owners: dict[int, str] = {}  # start of a row, bullet or dateline → key of its item
        self._datelines = [Span(*match.span()) for match in _DATELINE.finditer(self._text)]
        self._made: dict[str, Item] = {}

    def build(self) -> ParsedDocument:
        """Return the document with its items and chunks."""
        self._set_parents()
        self._share_text()
        items = self._items()
        items = self._numbered_once(items)
        items, listings = self._with_rows(items)
        if any(item.fields for item in items):
            items = [_described(item) for item in items]
        items = self._with_bullets(items)
        items = [replace(item, order=place) for place, item in enumerate(sorted(items, key=_place))]
        opening = self._text[: max((span.end for span in self._opening()[:10]), default=_OPENING)][:_OPENING]
        items = with_values(items, self._text, opening)
        said = Counts(listings, self._claims.totals, *self._announced())
        items, families = with_families(items, said)
        chunks = cut_chunks(self._document.id, self._text, self._passages(items))
        return ParsedDocument(document=replace(self._document, families=families), items=tuple(items), chunks=chunks)

    def _announced(self) -> tuple[list[tuple[str, str]], int | None]:
        """Return numbers and titles of the tables of contents, and the page on which these begin."""
        entries = [entry for span in self._apart for entry in read_entries(self._text[span.start : span.end])]
        return entries, self._page(self._apart[0].start)[0] if entries else None

    # The tree, and whose text is whose

    def _set_parents(self) -> None:
        stack: list[_Node] = []
        for node in self._nodes:
            level = node.claim.level or 80
            while stack and (stack[-1].claim.level or 80) >= level:
                stack.pop()
            node.above = stack[-1] if stack else None
            named = node.claim.kind == "section" and is_status_heading(node.claim.title)
            node.is_group = named and node.above is not None
            stack.append(node)
            if node.above is not None and not node.is_overview:
                node.above.has_children = True

    def _opening(self) -> list[Span]:
        first = self._nodes[0].start if self._nodes else len(self._text)
        return [Span(block.start, min(block.end, first)) for block in self._blocks if block.start < first]

    def _share_text(self) -> None:
        """Give each node the parts of blocks between its start and the next node's, its head left out."""
        starts = [node.start for node in self._nodes]
        tables = self._table_blocks()
        for place, block in enumerate(self._blocks):
            if place in tables:
                continue
            first = bisect_right(starts, block.start)
            cuts = [block.start, *(start for start in starts[first:] if start < block.end), block.end]
            for begin, end in itertools.pairwise(cuts):
                owner = bisect_right(starts, begin) - 1
                if owner < 0 or begin >= end:
                    continue
                if self._nodes[owner].claim.kind == "resolution" and _inside(Span(begin, end), self._datelines):
                    self._owners[begin] = "Titel"
                else:
                    self._nodes[owner].spans.append(Span(begin, end))

    def _table_blocks(self) -> set[int]:
        """Return the numbers of the blocks that are rows of tables with records, their headers and captions."""
        rows = {claim.extent.start for claim in self._rows if claim.extent}
        others = {row.start for row in self._document.rows} - rows
        found: set[int] = set()
        for place in reversed(range(len(self._blocks))):
            text = self._text[self._blocks[place].start : self._blocks[place].end]
            caption = len(text) <= _CAPTION and not text.endswith((".", ":")) and not text.startswith("- ")
            above = place + 1 in found and self._blocks[place].start not in others
            if self._blocks[place].start in rows or (above and ("\t" in text or caption)):
                found.add(place)
        return found

    # Items

    def _items(self) -> list[Item]:
        items: list[Item] = []
        opening = self._opening()
        if opening and any(self._text[span.start : span.end].strip() for span in opening):
            items.append(self._item("Titel", ItemKind.SECTION, self._document.title, "", opening, None))
        for node in self._nodes:
            if not node.is_overview and (item := self._node_item(node)) is not None:
                items.append(item)
        titles = {normalize_title(item.title): item.key for item in reversed(items)}
        for node in self._nodes:
            if node.is_overview:
                node.key = titles.get(normalize_title(node.claim.title), "")
        if not items and self._blocks:
            items.append(self._item("Titel", ItemKind.SECTION, self._document.title, "", self._blocks[:1], None))
        return items

    def _node_item(self, node: _Node) -> Item | None:
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
        self, ref: str, kind: ItemKind, title: str, heading: str, spans: Sequence[Span], node: _Node | None
    ) -> Item:
        start = node.start if node is not None else (spans[0].start if spans else 0)
        head_end = node.claim.head.end if node is not None and node.claim.head else start
        place = node.claim.head.start if node is not None and node.claim.head else start
        page, label = self._page(place)
        line = list(node.line()) if node is not None else []
        parent = next((above for above in line if above.key), None)
        theme = next((above for above in line if above.claim.kind == "theme" and above.key), None)
        goal = next((above for above in line if above.claim.kind == "goal" and above.key), None)
        group = line[0] if line and line[0].is_group else None
        item = Item(
            document_id=self._document.id,
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
            theme=_ref_title(self._made.get(theme.key)) if theme else None,
            goal=_ref_title(self._made.get(goal.key)) if goal else None,
            status=status_from(group.claim.status or group.claim.title) if group and kind in RECORDS else None,
            status_heading=self._heading_of(group) if group and kind in RECORDS else None,
            page=page,
            page_label=label,
        )
        self._made[item.key] = item
        return item

    def _heading_of(self, node: _Node) -> str:
        head = node.claim.head or Span(0, 0)
        return " ".join(self._text[head.start : head.end].split())

    def _with_fields(self, item: Item, claim: Claim) -> Item:
        """Return a record with its labelled fields and what they state."""
        fields = tuple(
            field_of(claimed, self._page(claimed.span.start)[0] if claimed.span else item.page)
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

    def _numbered_once(self, items: Sequence[Item]) -> list[Item]:
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

    # Rows

    def _with_rows(self, items: list[Item]) -> tuple[list[Item], list[Listing]]:
        """Join rows with the records that they name; rows of lists whose records are nowhere else become records."""
        items = list(items)
        listings: list[Listing] = []
        by_kind: dict[str, list[Claim]] = defaultdict(list)
        for row in self._rows:
            if row.status == ItemStatus.ARCHIVED.value:
                items.append(self._row_item(row, "Archiv", items))
            elif row.source == BY_STAFF:
                items.append(self._row_item(row, None, items))
            else:
                by_kind[row.kind].append(row)
        for kind, rows in by_kind.items():
            kinds = RECORDS if ItemKind(kind) in RECORDS else (ItemKind(kind),)
            records = [item for item in items if item.kind in kinds and item.status is not ItemStatus.ARCHIVED]
            matched, left = match_rows(records, rows)
            source = "list" if any(_has_marks(row) for row in rows) else "overview"
            complete_with_rows(items, matched, self._text, source)
            for key, row in matched.items():
                if row.extent is not None:
                    self._owners[row.extent.start] = key
            overview = len(matched) >= _MATCHED * len(rows)
            if not overview:
                left = _without_repeated(left)
                for row in left:
                    items.append(self._row_item(row, None, items))
            elif left:
                self._give_to_parents(left)
            if matched or not overview:
                listings.append(_listing(kind, rows, left if overview else (), source))
        return items, listings

    def _give_to_parents(self, rows: Sequence[Claim]) -> None:
        for row in rows:
            if row.extent is not None:
                self._owners[row.extent.start] = self._key_before(row.extent.start)

    def _key_before(self, start: int) -> str:
        place = bisect_right([node.start for node in self._nodes], start) - 1
        if place < 0:
            return "Titel"
        node = self._nodes[place]
        before = (node, *node.line(), *reversed(self._nodes[:place]))
        return next((other.key for other in before if other.key and (other is node or not other.is_overview)), "Titel")

    def _row_item(self, row: Claim, archive: str | None, items: Sequence[Item]) -> Item:
        extent = row.extent or Span(0, 0)
        page, label = self._page(extent.start)
        ref = archive or row.number or row.title
        key = self._keys.make(ref, first_suffix=archive is not None)
        self._owners[extent.start] = key
        above = next(
            (
                item
                for item in reversed(items)
                if item.start <= extent.start and item.key == self._key_before(extent.start)
            ),
            None,
        )
        theme = self._named(row.parent, items) if row.parent else None
        if theme is None and above is not None and above.kind is ItemKind.THEME:
            theme = above
        parent = theme or above
        values = row_values(row)
        text = self._text[extent.start : extent.end]
        return Item(
            document_id=self._document.id,
            key=key,
            ref=ref,
            kind=ItemKind.PROJECT if archive else ItemKind(row.kind),
            title=row.title,
            order=0,
            heading=row.title,
            body=text,
            start=extent.start,
            end=extent.end,
            parent=None if archive or parent is None or parent.key == "Titel" else parent.key,
            path=("Archiv",) if archive else tuple(filter(None, (row.parent,))),
            theme=_ref_title(theme) if theme else (RefTitle("", row.parent) if row.parent else None),
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

    def _named(self, name: str, items: Sequence[Item]) -> Item | None:
        """Return the theme that a row names, by its title or its number."""
        plain = normalize_title(name)
        themes = [item for item in items if item.kind is ItemKind.THEME]
        return next((item for item in themes if normalize_title(item.title) == plain or item.ref == name), None)

    # Bullets under goals

    def _with_bullets(self, items: list[Item]) -> list[Item]:
        """Return items; bullets under goals are measures where a document has no other records."""
        goals = [item for item in items if item.kind is ItemKind.GOAL and item.heading]
        if any(item.kind in RECORDS for item in items) or not goals:
            return items
        bullets = {item.key: [part for part in item.body.split("\n\n") if part.startswith("- ")] for item in goals}
        if sum(map(bool, bullets.values())) < _BULLETED * len(goals):
            return items
        made: list[Item] = []
        for goal in goals:
            made += self._bullet_items(goal)
        kept = [
            replace(item, body="\n\n".join(part for part in item.body.split("\n\n") if not part.startswith("- ")))
            if item in goals else item
            for item in items
        ]  # fmt: skip
        return [*kept, *made]

    def _bullet_items(self, goal: Item) -> Iterator[Item]:
        node = next(node for node in self._nodes if node.key == goal.key)
        subheading: tuple[str, ...] = ()
        count = 0
        for span in node.spans:
            text = self._text[span.start : span.end].strip()
            if text.endswith(":") and not text.startswith("- "):
                subheading = (text,)
            if not text.startswith("- "):
                continue
            count += 1
            body = text.removeprefix("- ")
            start = self._text.index(body, span.start)
            page, label = self._page(start)
            ref = f"{goal.ref}.{count}"
            yield Item(
                document_id=self._document.id, key=self._keys.make(ref), ref=ref, kind=ItemKind.MEASURE,
                title=shorten(body), order=0, heading="", body=body, start=start, end=start + len(body),
                parent=goal.key, path=(*goal.path, " ".join(goal.heading.split()), *subheading), theme=goal.theme,
                goal=RefTitle(goal.ref, goal.title), page=page, page_label=label, read_by=goal.read_by,
            )  # fmt: skip
            self._owners[span.start] = self._owners[start] = f"{goal.key}.{count}"

    # Passages

    def _passages(self, items: Sequence[Item]) -> list[Passage]:
        """Return runs of text by owner: rows and bullets for themselves, everything else by the node before it."""
        known = {item.key: item for item in items}
        first = items[0].key if items else "Titel"
        starts = [node.start for node in self._nodes]
        passages: list[Passage] = []
        for block in self._blocks:
            cuts = [block.start, *(start for start in starts if block.start < start < block.end), block.end]
            for begin, end in itertools.pairwise(cuts):
                key = self._owners.get(begin) or self._key_before(begin)
                key = key if key in known else first
                own = known[key].kind is ItemKind.MEASURE and known[key].heading == ""
                begin = begin + 2 if own and self._text.startswith("- ", begin) else begin
                last = passages[-1] if passages else None
                if last is not None and last.key == key and begin - last.end <= 2:
                    passages[-1] = replace(last, end=end)
                elif self._text[begin:end].strip():
                    passages.append(Passage(key, begin, end, _context(known[key])))
        return passages

    def _page(self, offset: int) -> tuple[int | None, str | None]:
        page = self._document.page_at(offset)
        return (page.number, page.label or None) if page is not None else (None, None)


def _blocks(text: str) -> list[Span]:
    """Return the spans of the paragraphs of a text."""
    spans = []
    start = 0
    for part in text.split("\n\n"):
        if part.strip():
            spans.append(Span(start, start + len(part)))
        start += len(part) + 2
    return spans


def _inside(span: Span, apart: Sequence[Span]) -> bool:
    return any(other.start <= span.start and span.end <= other.end for other in apart)


def _is_placed(claim: Claim) -> bool:
    """True for heads of items, and for entries of an overview that has texts."""
    return claim.where in ("sheet", "heading") or (claim.where == "contents" and claim.level > 0)


def _start(claim: Claim) -> int:
    """Return where the text of a claim begins: at its head, or before it where its sheet does."""
    assert claim.head is not None
    if claim.where == "sheet" and claim.extent is not None:
        return min(claim.extent.start, claim.head.start)
    return claim.head.start


def _without(span: Span, head: Span) -> Iterator[Span]:
    """Yield what of a span is not in a head."""
    if head.end <= span.start or head.start >= span.end:
        yield span
        return
    if span.start < head.start:
        yield Span(span.start, head.start)
    if head.end < span.end:
        yield Span(head.end, span.end)


def _ref_title(item: Item | None) -> RefTitle | None:
    return RefTitle(item.ref, item.title) if item is not None else None


def _described(item: Item) -> Item:
    """Return an item; of goals and sections among records with fields the text is the description."""
    text = item.body if item.kind in (ItemKind.GOAL, ItemKind.SECTION) and item.ref != "Titel" else None
    return replace(item, description=item.description or text or None)


def _context(item: Item) -> tuple[str, ...]:
    """Return the names of theme, goal and status group of an item, else the headings above it."""
    names = (item.theme and item.theme.title, item.goal and item.goal.title, item.status_heading)
    subheading = item.path[-1:] if item.heading == "" and item.kind is ItemKind.MEASURE else ()
    return (*(name for name in names if name), *subheading) or item.path


def _place(item: Item) -> tuple[bool, int, bool]:
    return item.status is ItemStatus.ARCHIVED, item.start, item.heading == ""


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


def shorten(text: str) -> str:
    """Return the first sentence of a text as a title, cut at a word where it is long."""
    sentence = _SENTENCE_END.split(" ".join(text.split()), maxsplit=1)[0]
    return sentence if len(sentence) <= _TITLE else sentence[:_TITLE].rsplit(" ", 1)[0].rstrip(",;") + " …"
