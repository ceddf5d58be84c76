"""The tree of a document's headings: what is above each heading, and to which one each paragraph
belongs.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain, pairwise
from typing import Any

from ingest.chunks import OwnedText
from ingest.keys import Keys
from ingest.readers.claims import Claim, Span
from ingest.readers.lexicon import is_status_heading
from ingest.readers.parents import PlacedHeading, find_parents
from ingest.rendering import BULLET
from vectorstore.language import NOTATION, pattern_of_any
from vectorstore.records import Document, Item, ItemKind, RefTitle

OPENING = "Titel"  # ref and key of the text before the first heading
# outline levels of headings without one, by kind; of all other kinds
_LEVELS = {"theme": 60, "goal": 70}
_LOWEST = 80
_MAX_CAPTION = 100  # characters of a table's caption
_DATELINE = re.compile(  # of a letter: "Coesfeld, 28. Januar 2021"
    r"(?<=\n\n)(?:[A-ZÄÖÜ][\w.-]+(?:\s[A-ZÄÖÜ(][\w.)-]+){0,2},\s+)?(?:den\s+)?"
    rf"\d{{1,2}}\.\s?(?:{pattern_of_any(NOTATION['dates']['months'])}|\d{{1,2}}\.)\s?\d{{4}}(?=\n\n|$)"
)


@dataclass(slots=True)
class Node:
    """A heading in the tree: the start of its text, the key of its item, the node above, its spans
    of the text.
    """

    claim: Claim
    start: int
    above: Node | None = None
    key: str = ""
    spans: list[Span] = field(default_factory=list)
    children: list[Node] = field(default_factory=list)

    @property
    def is_contents_entry(self) -> bool:
        """True for an entry of a table of contents with texts; that below it belongs to the item of
        the same title.
        """
        return self.claim.where == "contents"

    @property
    def is_group(self) -> bool:
        """True for a heading of records by status, below another heading: "Projekte in Planung"."""
        is_section = self.above is not None and self.claim.kind == "section"
        return is_section and is_status_heading(self.claim.title)

    @property
    def level(self) -> int:
        """The level in the outline; 1 is the highest."""
        return self.claim.level or _LEVELS.get(self.claim.kind, _LOWEST)

    def ancestors(self) -> Iterator[Node]:
        """Yield the ancestors, the nearest first."""
        node = self.above
        while node is not None:
            yield node
            node = node.above


class Tree:
    """The headings of a document (`nodes`, in text order), its paragraphs, and the claims that are
    table rows (`rows`).

    `contents` are spans of the text that belong to no item: tables of contents. `spans` has each
    item's text by key.
    """

    def __init__(
        self, document: Document, claims: Sequence[Claim], contents: Sequence[Span]
    ) -> None:
        self.document, self.text = document, document.text
        # Rows are no headings. An entry of a table of contents is a heading only if it has a level,
        # which means that texts stand below it.
        with_heads = [claim for claim in claims if claim.head]
        headings = [
            claim for claim in with_heads if claim.is_head or (claim.level and claim.where != "row")
        ]
        nodes = (Node(claim, claim_start(claim)) for claim in headings)
        self.nodes = sorted(nodes, key=lambda node: node.start)
        self.rows = [claim for claim in claims if claim.where == "row" and claim.extent is not None]
        self.spans: dict[str, Sequence[Span]] = {}
        self._owners: dict[int, str] = {}  # start of a row, bullet or dateline → key of its item
        self._starts = [node.start for node in self.nodes]
        self._blocks = [
            block for block in _paragraphs(self.text) if not _is_inside(block, contents)
        ]
        self._parts: list[Span] = []  # paragraphs, cut where a heading begins inside
        for block in self._blocks:
            first = bisect_right(self._starts, block.start)
            end = bisect_left(self._starts, block.end)
            cuts = pairwise([block.start, *self._starts[first:end], block.end])
            self._parts += (Span(*cut) for cut in cuts if cut[0] < cut[1])
        self._tables = self._table_starts()
        self._link_nodes()
        self._assign_text()

    def _link_nodes(self) -> None:
        """Link each node with the node above it (see `find_parents`).

        An entry of a table of contents is linked too, but is no child: it is no content of the node
        above it.
        """
        entries = [
            PlacedHeading(
                node.level,
                node.claim.number or "",
                node.claim.title,
                apart=node.claim.where != "heading",
            )
            for node in self.nodes
        ]
        for node, parent in zip(self.nodes, find_parents(entries), strict=True):
            if parent is not None:
                node.above = self.nodes[parent]
                if not node.is_contents_entry:
                    node.above.children.append(node)

    def _assign_text(self) -> None:
        """Add to each node the parts of paragraphs from its heading up to the next node.

        Tables of records (see `_table_starts`) are left out, and so is the text before the first
        heading (see `opening`). The dateline of a motion is printed below it, but dates the whole
        document: it belongs to the opening.
        """
        datelines = [Span(*match.span()) for match in _DATELINE.finditer(self.text)]
        for part in self._parts:
            index = bisect_right(self._starts, part.start) - 1
            if index < 0 or part.start in self._tables:
                continue
            if self.nodes[index].claim.kind == "resolution" and _is_inside(part, datelines):
                self._owners[part.start] = OPENING
            else:
                self.nodes[index].spans.append(part)

    def _table_starts(self) -> set[int]:
        """Return the starts of the paragraphs that belong to tables of records.

        They are the rows of records, and the headers and captions directly above such rows. A
        caption is a short text that is no sentence. Paragraphs are looked at from the last one
        upwards, so that a header or caption is known by what is below it.
        """
        record_rows = {extent_of(row).start for row in self.rows}
        other_rows = {row.start for row in self.document.rows} - record_rows
        starts: set[int] = set()
        is_part = False  # the paragraph looked at last, which is the one below, is in `starts`
        for start, end in reversed(self._blocks):
            text = self.text[start:end]
            is_sentence = text.endswith((".", ":")) or text.startswith(BULLET)
            is_caption = len(text) <= _MAX_CAPTION and not is_sentence
            may_be_above = start not in other_rows and ("\t" in text or is_caption)
            is_part = start in record_rows or (is_part and may_be_above)
            if is_part:
                starts.add(start)
        return starts

    @property
    def opening(self) -> list[Span]:
        """The paragraphs before the first heading, or all paragraphs if there is no heading."""
        first = min(self._starts, default=len(self.text))
        return [
            Span(block.start, min(block.end, first))
            for block in self._blocks
            if block.start < first
        ]

    def assign_row(self, row: Claim, key: str) -> None:
        """Assign the text of a row to the item with this key."""
        self._owners[extent_of(row).start] = key

    def find_owner_key(self, offset: int) -> str:
        """Return the key of the item that the text at an offset belongs to.

        That is the item of the last heading before the offset. If this heading has no item, it is
        the item of the nearest heading above it in the tree, else of an earlier heading; entries of
        a table of contents are passed over among these. Without any item it is `OPENING`.
        """
        index = bisect_right(self._starts, offset) - 1
        if index < 0:
            return OPENING
        node = self.nodes[index]
        candidates = chain((node,), node.ancestors(), reversed(self.nodes[:index]))
        keys = (
            candidate.key
            for candidate in candidates
            if candidate is node or not candidate.is_contents_entry
        )
        return next(filter(None, keys), OPENING)

    def make_item(
        self,
        key: str,
        ref: str,
        kind: ItemKind,
        title: str,
        spans: Sequence[Span],
        *,
        start: int | None = None,
        **values: Any,
    ) -> Item:
        """Return an item with the text of `spans`, and store these spans under its key.

        The item begins at `start` (None: at the first span). `values` are its further attributes by
        name. A measure without a heading is a bullet of a list. Its paragraph then belongs to the
        bullet, not to the heading above, whether the paragraph begins at the bullet's sign or
        behind the sign.
        """
        first = spans[0].start
        page = self.document.page_at(first)
        self.spans[key] = spans
        if kind is ItemKind.MEASURE and not values["heading"]:
            self._owners[first] = key
            self._owners[first - len(BULLET)] = key
        if page is not None:
            values |= {"page": page.number, "page_label": page.label or None}
        return Item(
            document_id=self.document.id,
            key=key,
            ref=ref,
            kind=kind,
            title=title,
            order=0,
            start=first if start is None else start,
            end=max(span.end for span in spans),
            **values,
        )

    def place_text(self, items: Sequence[Item], keys: Keys) -> tuple[list[Item], list[OwnedText]]:
        """Return the items with further sections, and the text as passages, each inside its item.

        A row or bullet is a passage of its own item, any other paragraph of the item before it (see
        `find_owner_key`). A text whose item is not among `items` belongs to the first item. A
        passage of an item that is printed in another place (an entry of a table of contents with
        its text, a group heading) becomes a section below this item, with the same number: "1~2".
        """
        if not items:  # a text of nothing but headings
            items = [
                self.make_item(
                    keys.make(OPENING),
                    OPENING,
                    ItemKind.SECTION,
                    self.document.title,
                    [Span(0, len(self.text))],
                    heading="",
                    body=self.text,
                )
            ]
        placed: list[Item] = list(items)
        passages: list[OwnedText] = []
        for item, span in self._find_passages(items):
            holder = item
            if not item.contains(*span):
                holder = self._make_continuation(item, span, keys)
                placed.append(holder)
            passages.append(OwnedText(holder.key, *span, _context(holder)))
        return placed, passages

    def _find_passages(self, items: Sequence[Item]) -> list[tuple[Item, Span]]:
        """Return the spans of the passages, each with the item that it is text of.

        Adjacent paragraphs of one item are one passage, which ends where the item ends. The sign
        before a bullet is in no passage.
        """
        known = {item.key: item for item in items}
        passages: list[tuple[Item, Span]] = []
        for part in self._parts:
            text = self.text[slice(*part)].strip()
            if not text:
                continue
            key = self._owners.get(part.start) or self.find_owner_key(part.start)
            item = known.get(key, items[0])
            if _is_bullet(item):
                text = text.removeprefix(BULLET)
            start = self.text.index(text, part.start)
            span = Span(start, start + len(text))
            before, last = passages[-1] if passages else (None, span)
            is_next = before is item and span.start - last.end <= 2  # characters: an empty line
            if is_next and item.contains(*last) == item.contains(*span):
                span = Span(last.start, span.end)
                passages.pop()
            passages.append((item, span))
        return passages

    def _make_continuation(self, item: Item, span: Span, keys: Keys) -> Item:
        """Return a section for text of an item that is printed in another place.

        Its heading and title are those that the text begins with, if any. The header or caption of
        a table of records is all heading.
        """
        heading_end, title = span.start, item.title
        claims = [node.claim for node in self.nodes if node.start == span.start]
        if claims and claims[0].head:
            heading_end, title = claims[0].head.end, claims[0].title
        elif span.start in self._tables and span.start not in self._owners:
            heading_end = span.end
        return self.make_item(
            keys.make(item.key.partition("~")[0]),
            item.ref,
            ItemKind.SECTION,
            title,
            [span],
            heading=self.text[span.start : heading_end],
            body=self.text[heading_end : span.end].strip(),
            parent=item.key,
            path=item.path,
            theme=item.theme,
            goal=item.goal,
        )


def _is_bullet(item: Item) -> bool:
    return item.kind is ItemKind.MEASURE and not item.heading


def _paragraphs(text: str) -> Iterator[Span]:
    """Yield the spans of the paragraphs of a text, which empty lines separate.

    Paragraphs of white space alone are left out.
    """
    start = 0
    for part in text.split("\n\n"):
        if part.strip():
            yield Span(start, start + len(part))
        start += len(part) + 2


def _is_inside(block: Span, spans: Sequence[Span]) -> bool:
    """True if a paragraph is inside one of `spans`, which are sorted and do not overlap."""
    index = bisect_right(spans, block.start, key=lambda span: span.start) - 1
    return index >= 0 and block.end <= spans[index].end


def extent_of(row: Claim) -> Span:
    """Return the span of a row of a `Tree`."""
    return row.extent or Span(0, 0)


def claim_start(claim: Claim) -> int:
    """Return the offset where the text of a claim begins: at its heading, or at the beginning of
    its sheet, if the sheet begins before the heading.
    """
    starts = [claim.head.start] if claim.head else []
    if claim.where == "sheet" and claim.extent:
        starts.append(claim.extent.start)
    return min(starts)


def _context(item: Item) -> tuple[str, ...]:
    """Return the context that is indexed with the chunks of an item, so that they are found by it
    too.

    It consists of the titles of the item's theme, goal and status group ("Projekte in Planung"),
    and for a bullet the line above it. Without any of these it is the item's path.
    """
    context = [above.title for above in (item.theme, item.goal) if above]
    if item.status_heading:
        context.append(item.status_heading)
    if _is_bullet(item):
        context += item.path[-1:]
    return tuple(filter(None, context)) or item.path


def ref_title(item: Item | None) -> RefTitle | None:
    """Return number and title of an item, None without an item."""
    if item is None:
        return None
    return RefTitle(item.ref, item.title)
