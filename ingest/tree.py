"""The tree of a document: which head is above each claim, and to which head each paragraph of the text belongs."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain, pairwise
from typing import Any

from ingest.chunks import OwnedText
from ingest.readers.claims import Claim, Span
from ingest.readers.lexicon import is_status_heading
from vectorstore.notation import TABLE, one_of
from vectorstore.records import Document, Item, ItemKind, RefTitle

OPENING = "Titel"  # ref and key of what is before the first head
_LEVELS, _LOWEST = {"theme": 60, "goal": 70}, 80  # of heads without a level of their own, by kind
_CAPTION = 100  # characters of a table's caption
_DATELINE = re.compile(  # of a letter: "Coesfeld, 28. Januar 2021"
    r"(?<=\n\n)(?:[A-ZÄÖÜ][\w.-]+(?:\s[A-ZÄÖÜ(][\w.)-]+){0,2},\s+)?(?:den\s+)?"
    rf"\d{{1,2}}\.\s?(?:{one_of(TABLE['dates']['months'])}|\d{{1,2}}\.)\s?\d{{4}}(?=\n\n|$)"
)


@dataclass(slots=True)
class Node:
    """A head in the tree: where its text begins, the key of its item, the head above it, its spans of the text."""

    claim: Claim
    start: int
    above: Node | None = None
    key: str = ""
    is_group: bool = False  # of records by status: "Projekte in Planung"
    spans: list[Span] = field(default_factory=list)
    has_children: bool = False

    @property
    def is_overview(self) -> bool:
        """True for an entry of an overview, the text of which belongs to the heading that it repeats."""
        return self.claim.where == "contents"

    @property
    def level(self) -> int:
        """The level in the outline, from 1."""
        return self.claim.level or _LEVELS.get(self.claim.kind, _LOWEST)

    def line(self) -> Iterator[Node]:
        """Yield the heads above, the nearest first."""
        node = self.above
        while node is not None:
            yield node
            node = node.above


class Tree:
    """The heads of a document in the order of its text, its paragraphs, and its rows.

    `contents` are spans of the text that belong to nobody: tables of contents. `spans` are those of each item's text.
    """

    def __init__(self, document: Document, claims: Sequence[Claim], contents: Sequence[Span]) -> None:
        self.document, self.text = document, document.text
        placed = [claim for claim in claims if claim.head is not None and _is_placed(claim)]
        self.nodes = sorted((Node(claim, _start(claim)) for claim in placed), key=lambda node: node.start)
        self.rows = [claim for claim in claims if claim.where == "row" and claim.extent is not None]
        self.spans: dict[str, Sequence[Span]] = {}
        self._owners: dict[int, str] = {}  # start of a row, bullet or dateline → key of its item
        self._starts = [node.start for node in self.nodes]
        self._blocks = [block for block in _paragraphs(self.text) if not _is_inside(block, contents)]
        self._parts = [
            Span(start, end) for block in self._blocks
            for start, end in pairwise([block.start, *self._starts[self._within(block)], block.end]) if start < end
        ]  # fmt: skip
        self._link_nodes()
        self._share_text()

    def _within(self, block: Span) -> slice:
        return slice(bisect_right(self._starts, block.start), bisect_left(self._starts, block.end))

    def _link_nodes(self) -> None:
        stack: list[Node] = []
        for node in self.nodes:
            while stack and stack[-1].level >= node.level:
                stack.pop()
            node.above = stack[-1] if stack else None
            node.is_group = node.claim.kind == "section" and bool(stack) and is_status_heading(node.claim.title)
            if node.above is not None and not node.is_overview:
                node.above.has_children = True
            stack.append(node)

    def _share_text(self) -> None:
        """Give each head the parts of paragraphs between its start and the next one's; rows of tables are left out."""
        tables, datelines = self._table_starts(), [Span(*match.span()) for match in _DATELINE.finditer(self.text)]
        for part in self._parts:
            place = bisect_right(self._starts, part.start) - 1
            if place < 0 or part.start in tables:
                continue
            if self.nodes[place].claim.kind == "resolution" and _is_inside(part, datelines):
                self._owners[part.start] = OPENING
            else:
                self.nodes[place].spans.append(part)

    def _table_starts(self) -> set[int]:
        """Return the starts of the paragraphs that are rows of tables with records, their headers and captions."""
        rows = {claim.extent.start for claim in self.rows if claim.extent}
        remaining = {row.start for row in self.document.rows} - rows
        results: set[int] = set()
        is_above = False  # a row or a header
        for start, end in reversed(self._blocks):
            text = self.text[start:end]
            is_caption = len(text) <= _CAPTION and not text.endswith((".", ":")) and not text.startswith("- ")
            is_above = start in rows or (is_above and start not in remaining and ("\t" in text or is_caption))
            if is_above:
                results.add(start)
        return results

    @property
    def opening(self) -> list[Span]:
        """The paragraphs before the first head; without any head the first one."""
        first = self._starts[0] if self._starts else len(self.text)
        return [Span(block.start, min(block.end, first)) for block in self._blocks if block.start < first]

    def own(self, row: Claim, key: str) -> None:
        """Note the item to which the text of a row belongs."""
        if row.extent is not None:
            self._owners[row.extent.start] = key

    def key_before(self, offset: int) -> str:
        """Return the key of the item to which the text at an offset belongs."""
        place = bisect_right(self._starts, offset) - 1
        if place < 0:
            return OPENING
        node = self.nodes[place]
        before = chain((node,), node.line(), reversed(self.nodes[:place]))
        return next((other.key for other in before if other.key and (other is node or not other.is_overview)), OPENING)

    def item(
        self, key: str, ref: str, kind: ItemKind, title: str, spans: Sequence[Span], *, start: int | None = None,
        **parts: Any,
    ) -> Item:  # fmt: skip
        """Return an item with this text and the page of its first span; `start` is its own where it begins earlier."""
        page = self.document.page_at(spans[0].start)
        self.spans[key] = spans
        if kind is ItemKind.MEASURE and not parts["heading"]:
            self._owners[spans[0].start] = self._owners[spans[0].start - 2] = key  # behind "- "
        return Item(
            document_id=self.document.id, key=key, ref=ref, kind=kind, title=title, order=0,
            start=spans[0].start if start is None else start, end=max(span.end for span in spans),
            page=page.number if page else None, page_label=(page.label or None) if page else None, **parts,
        )  # fmt: skip

    def passages(self, items: Sequence[Item]) -> list[OwnedText]:
        """Return runs of text by owner: rows and bullets for themselves, everything else by the head before it."""
        known = {item.key: item for item in items}
        passages: list[OwnedText] = []
        for begin, end in self._parts:
            key = self._owners.get(begin) or self.key_before(begin)
            item = known[key] if key in known else items[0]
            begin += 2 if _is_bullet(item) and self.text.startswith("- ", begin) else 0
            last = passages[-1] if passages else None
            if last is not None and last.key == item.key and begin - last.end <= 2:
                passages[-1] = last._replace(end=end)
            elif self.text[begin:end].strip():
                passages.append(OwnedText(item.key, begin, end, _context(item)))
        return passages


def _is_bullet(item: Item) -> bool:
    return item.kind is ItemKind.MEASURE and not item.heading


def _paragraphs(text: str) -> Iterator[Span]:
    start = 0
    for part in text.split("\n\n"):
        if part.strip():
            yield Span(start, start + len(part))
        start += len(part) + 2


def _is_inside(block: Span, spans: Sequence[Span]) -> bool:
    """True if a paragraph is inside one of some spans in order that do not overlap."""
    place = bisect_right(spans, block.start, key=lambda span: span.start) - 1
    return place >= 0 and block.end <= spans[place].end


def _is_placed(claim: Claim) -> bool:
    """True for heads of items, and for entries of an overview that has texts."""
    return claim.where in ("sheet", "heading") or (claim.where == "contents" and claim.level > 0)


def _start(claim: Claim) -> int:
    """Return where the text of a claim begins: at its head, or before it where its sheet does."""
    starts = [claim.head.start] if claim.head else []
    return min([*starts, claim.extent.start] if claim.where == "sheet" and claim.extent else starts)


def _context(item: Item) -> tuple[str, ...]:
    """Return the names of theme, goal and status group of an item, else the headings above it."""
    names = (item.theme and item.theme.title, item.goal and item.goal.title, item.status_heading)
    return (*(name for name in names if name), *(item.path[-1:] if _is_bullet(item) else ())) or item.path


def ref_title(item: Item | None) -> RefTitle | None:
    """Return number and title of an item, by which others name it."""
    return RefTitle(item.ref, item.title) if item is not None else None
