"""The tree of a document: what stands above each claim, and to whom each paragraph of the text belongs."""

from __future__ import annotations

import itertools
import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from ingest.chunks import Passage
from ingest.contents import read_entries
from ingest.readers.claims import Claim, Claims, Span
from ingest.readers.lexicon import is_status_heading
from vectorstore.notation import TABLE, one_of
from vectorstore.records import Document, Item, ItemKind, RefTitle

OPENING = "Titel"  # ref and key of what stands before the first claim
_LOWEST = 80  # level of a claim that has none
_CAPTION = 100  # characters of a table's caption
_DATELINE = re.compile(  # of a letter: "Coesfeld, 28. Januar 2021"
    r"(?<=\n\n)(?:[A-ZÄÖÜ][\w.-]+(?:\s[A-ZÄÖÜ(][\w.)-]+){0,2},\s+)?(?:den\s+)?"
    rf"\d{{1,2}}\.\s?(?:{one_of(TABLE['dates']['months'])}|\d{{1,2}}\.)\s?\d{{4}}(?=\n\n|$)"
)


@dataclass(slots=True)
class Node:
    """A claim in the tree: where its text begins, the key of its item, the node above it, its spans of the text."""

    claim: Claim
    start: int
    above: Node | None = None
    key: str = ""
    is_group: bool = False
    spans: list[Span] = field(default_factory=list)
    has_children: bool = False

    @property
    def is_overview(self) -> bool:
        """True for an entry of an overview, the text of which belongs to the heading that it repeats."""
        return self.claim.where == "contents"

    def line(self) -> Iterator[Node]:
        """Yield the nodes above, the nearest first."""
        node = self.above
        while node is not None:
            yield node
            node = node.above


class Tree:
    """The nodes of a document in the order of its text, its paragraphs, and its rows.

    `apart` are spans of the text that belong to nobody: tables of contents.
    """

    def __init__(self, document: Document, claims: Claims, apart: Sequence[Span]) -> None:
        self.document, self.text, self._apart = document, document.text, apart
        left_out = _Spans(apart)
        self.blocks = [block for block in _paragraphs(self.text) if not left_out.contain(block)]
        placed = [claim for claim in claims.records if claim.head is not None and _is_placed(claim)]
        self.nodes = sorted((Node(claim, _start(claim)) for claim in placed), key=lambda node: node.start)
        self._starts = [node.start for node in self.nodes]
        self.rows = [claim for claim in claims.records if claim.where == "row" and claim.extent is not None]
        self.owners: dict[int, str] = {}  # start of a row, bullet or dateline → key of its item
        self._set_parents()
        self._share_text()

    def _set_parents(self) -> None:
        stack: list[Node] = []
        for node in self.nodes:
            level = node.claim.level or _LOWEST
            while stack and (stack[-1].claim.level or _LOWEST) >= level:
                stack.pop()
            node.above = stack[-1] if stack else None
            named = node.claim.kind == "section" and is_status_heading(node.claim.title)
            node.is_group = named and node.above is not None
            stack.append(node)
            if node.above is not None and not node.is_overview:
                node.above.has_children = True

    def _share_text(self) -> None:
        """Give each node the parts of paragraphs between its start and the next node's; rows of tables are left out."""
        tables = self._table_blocks()
        datelines = _Spans([Span(*match.span()) for match in _DATELINE.finditer(self.text)])
        for place, block in enumerate(self.blocks):
            if place in tables:
                continue
            for begin, end in self._parts(block):
                owner = bisect_right(self._starts, begin) - 1
                if owner < 0 or begin >= end:
                    continue
                if self.nodes[owner].claim.kind == "resolution" and datelines.contain(Span(begin, end)):
                    self.owners[begin] = OPENING
                else:
                    self.nodes[owner].spans.append(Span(begin, end))

    def _parts(self, block: Span) -> Iterator[tuple[int, int]]:
        """Yield a paragraph cut where nodes start in it."""
        inside = slice(bisect_right(self._starts, block.start), bisect_left(self._starts, block.end))
        return itertools.pairwise([block.start, *self._starts[inside], block.end])

    def _table_blocks(self) -> set[int]:
        """Return the numbers of the paragraphs that are rows of tables with records, their headers and captions."""
        rows = {claim.extent.start for claim in self.rows if claim.extent}
        others = {row.start for row in self.document.rows} - rows
        found: set[int] = set()
        for place in reversed(range(len(self.blocks))):
            text = self.text[self.blocks[place].start : self.blocks[place].end]
            caption = len(text) <= _CAPTION and not text.endswith((".", ":")) and not text.startswith("- ")
            above = place + 1 in found and self.blocks[place].start not in others
            if self.blocks[place].start in rows or (above and ("\t" in text or caption)):
                found.add(place)
        return found

    def opening(self) -> list[Span]:
        """Return the paragraphs before the first node."""
        first = self._starts[0] if self._starts else len(self.text)
        return [Span(block.start, min(block.end, first)) for block in self.blocks if block.start < first]

    def announced(self) -> tuple[list[tuple[str, str]], int | None]:
        """Return numbers and titles of the tables of contents, and the page on which these begin."""
        entries = [entry for span in self._apart for entry in read_entries(self.text[span.start : span.end])]
        return entries, self.page(self._apart[0].start)[0] if entries else None

    def page(self, offset: int) -> tuple[int | None, str | None]:
        """Return number and label of the page of an offset."""
        page = self.document.page_at(offset)
        return (page.number, page.label or None) if page is not None else (None, None)

    def key_before(self, start: int) -> str:
        """Return the key of the item to which the text at an offset belongs."""
        place = bisect_right(self._starts, start) - 1
        if place < 0:
            return OPENING
        node = self.nodes[place]
        before = itertools.chain((node,), node.line(), reversed(self.nodes[:place]))
        return next((other.key for other in before if other.key and (other is node or not other.is_overview)), OPENING)

    def passages(self, items: Sequence[Item]) -> list[Passage]:
        """Return runs of text by owner: rows and bullets for themselves, everything else by the node before it."""
        known = {item.key: item for item in items}
        first = items[0].key if items else OPENING
        passages: list[Passage] = []
        for block in self.blocks:
            for begin, end in self._parts(block):
                key = self.owners.get(begin) or self.key_before(begin)
                key = key if key in known else first
                own = known[key].kind is ItemKind.MEASURE and known[key].heading == ""
                begin = begin + 2 if own and self.text.startswith("- ", begin) else begin
                last = passages[-1] if passages else None
                if last is not None and last.key == key and begin - last.end <= 2:
                    passages[-1] = replace(last, end=end)
                elif self.text[begin:end].strip():
                    passages.append(Passage(key, begin, end, _context(known[key])))
        return passages


class _Spans:
    """Spans, asked whether one of them contains another: by the furthest end of those that begin before it."""

    def __init__(self, spans: Iterable[Span]) -> None:
        in_order = sorted(spans)
        self._starts = [span.start for span in in_order]
        self._ends = list(itertools.accumulate((span.end for span in in_order), max))

    def contain(self, span: Span) -> bool:
        place = bisect_right(self._starts, span.start)
        return place > 0 and span.end <= self._ends[place - 1]


def _paragraphs(text: str) -> list[Span]:
    """Return the spans of the paragraphs of a text."""
    spans = []
    start = 0
    for part in text.split("\n\n"):
        if part.strip():
            spans.append(Span(start, start + len(part)))
        start += len(part) + 2
    return spans


def _is_placed(claim: Claim) -> bool:
    """True for heads of items, and for entries of an overview that has texts."""
    return claim.where in ("sheet", "heading") or (claim.where == "contents" and claim.level > 0)


def _start(claim: Claim) -> int:
    """Return where the text of a claim begins: at its head, or before it where its sheet does."""
    assert claim.head is not None
    if claim.where == "sheet" and claim.extent is not None:
        return min(claim.extent.start, claim.head.start)
    return claim.head.start


def _context(item: Item) -> tuple[str, ...]:
    """Return the names of theme, goal and status group of an item, else the headings above it."""
    names = (item.theme and item.theme.title, item.goal and item.goal.title, item.status_heading)
    subheading = item.path[-1:] if item.heading == "" and item.kind is ItemKind.MEASURE else ()
    return (*(name for name in names if name), *subheading) or item.path


def ref_title(item: Item | None) -> RefTitle | None:
    """Return number and title of an item, by which others name it."""
    return RefTitle(item.ref, item.title) if item is not None else None
