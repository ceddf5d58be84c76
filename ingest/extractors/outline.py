"""The section tree: headings by their numbers and labels, each with the blocks below it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from ingest.blocks import Block, BlockKind
from ingest.extractors.agenda import agenda_heads
from ingest.extractors.numbered_headings import Head, numbered_heads
from ingest.extractors.plain_headings import add_plain_heads
from ingest.plan.numbering import Number, Style
from ingest.plan.statuses import is_status_heading
from vectorstore.records import DocumentKind, ItemKind

_INTRODUCES = re.compile(r"^(?:Einleitung|Einführung|Vorwort|Präambel)\b")


@dataclass(frozen=True, slots=True)
class Given:
    """What the reading plan says a section is: its kind, the number and title of its record, and their family."""

    kind: ItemKind
    ref: str
    title: str
    family: str | None = None


@dataclass(slots=True)
class Section:
    """A heading with its own blocks; `level` 0 is the title page, numbered chapters start at 1.

    `resolves` marks points of a resolution; `overview` sections repeat a chapter's heading before it; `inner` ones have
    a heading without number inside a section.
    """

    level: int
    title: str
    heading: Block | None = None
    number: Number | None = None
    label: bool = False
    blocks: list[Block] = field(default_factory=list)
    children: list[Section] = field(default_factory=list)
    parent: Section | None = None
    resolves: bool = False
    overview: bool = False
    inner: bool = False
    rank: tuple[float, ...] | None = None
    given: Given | None = None

    def line(self) -> list[Section]:
        """Return the sections that this one stands in, outermost first, and itself; the title page is left out."""
        above = self.parent.line() if self.parent is not None else []
        return [*above, self] if self.level else above

    def walk(self) -> list[Section]:
        """Return this section and all below it in reading order."""
        return [self, *(section for child in self.children for section in child.walk())]


def build_outline(blocks: Sequence[Block], titles: Sequence[str], kind: DocumentKind = DocumentKind.OTHER) -> Section:
    """Return the root section (title page) of a document of a kind; `titles` are those of its table of contents."""
    heads = agenda_heads(blocks) or numbered_heads(blocks, moves=kind is DocumentKind.MOTION)
    add_plain_heads(blocks, heads, {title.casefold() for title in titles})
    chapters = {
        head.title.casefold() for head in heads.values() if head.level == 1 and head.number and not head.overview
    }
    root = Section(0, "Titel")
    current = root
    for index, block in enumerate(blocks):
        head = heads.get(index)
        if block.kind is BlockKind.CONTENTS:
            continue
        if head is None:
            current.blocks.append(block)
            continue
        if head.number is None and head.title.casefold() in chapters:
            head.overview = True
        parent = _parent(current, head, root, marked=block.level > 0)
        level = head.level if head.rank is None else parent.level + 1
        current = Section(level, head.title, block, head.number, head.label, parent=parent, rank=head.rank)
        current.resolves, current.overview, current.inner = head.resolves, head.overview, head.below
        parent.children.append(current)
    return root


def _parent(current: Section, head: Head, root: Section, *, marked: bool) -> Section:
    """Return the innermost open section that the heading belongs to; decimal numbers name it themselves.

    `marked`: the file says that it is a heading.
    """
    if head.resolves and head.number is None:
        return next((one for one in reversed(current.line()) if one.level < head.level), root)
    if head.below:
        return next((one for one in reversed(current.line()) if one.level < head.level), root)
    ranked = [one for one in current.line() if one.rank is not None] if head.rank is not None else []
    if ranked and head.rank is not None:
        above = next((one for one in reversed(ranked) if one.rank and one.rank < head.rank), None)
        beside = ranked[0].rank == head.rank and marked  # a size alone does not tell that an introduction has ended
        if above is not None or beside:
            return above or root
    if head.number is None and not head.label and _INTRODUCES.match(head.title) is None:
        first = root.children[0] if root.children else None
        introduces = first is not None and not head.lists and _INTRODUCES.match(first.title)
        only_front = introduces and all(child.number is None for child in root.children)
        return first if first and only_front else root
    nearest: Section | None = None
    node: Section | None = current
    while node is not None and node is not root:
        if node.level < head.level and not node.overview and (node.number or not head.number or head.resolves):
            nearest = nearest or node
            if _contains(node, head):
                return node
        node = node.parent
    return nearest or root


def _contains(node: Section, head: Head) -> bool:
    """Whether the numbers agree; a status group holds what stands below it whatever its third digit says."""
    if head.number is None or head.number.depth == 1 or not node.number or node.number.style is not Style.DECIMAL:
        return True
    prefix = node.number.parts[:-1] if is_status_heading(node.title) else node.number.parts
    return head.number.parts[: len(prefix)] == prefix
