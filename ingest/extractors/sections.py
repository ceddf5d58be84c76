"""The section tree: records of the plan, headings above them, and all other headings, each with the blocks below it."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import takewhile

from ingest.blocks import Block, BlockKind
from ingest.extractors.headings import Head, PlainHeads, Rank, chapters_on_sheets, is_caption, numbered_heads
from ingest.extractors.paper import Sheet, SheetLayout
from ingest.layout.lines import Role
from ingest.plan.numbers import Printed, leading_number, printed_number, same_ref
from ingest.plan.words import is_status_heading
from vectorstore.records import DocumentKind, ItemKind

_LETTERS = 3  # of a heading at least
_PRINTS, _SHARE = 3, 0.5  # of one heading, and of the headings beside those that have it, from which it is a label
_TITLE_PAGE = 60  # characters that may stand under a heading of the title page
INTRODUCES = re.compile(r"^(?:Einleitung|Einführung|Vorwort|Präambel)\b")
_GENERIC_GOAL = re.compile(r"^(?:[\w-]+\s+)?[\w-]*ziel\s*[\dIVX]*\s*:?$", re.I)
_GOAL = re.compile(r"ziel$", re.IGNORECASE)


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
    number: Printed | None = None
    label: bool = False
    blocks: list[Block] = field(default_factory=list)
    children: list[Section] = field(default_factory=list)
    parent: Section | None = None
    resolves: bool = False
    overview: bool = False
    inner: bool = False
    rank: Rank | None = None
    given: Given | None = None

    @property
    def role(self) -> Role | None:
        """What the reading plan makes of its heading."""
        return self.heading.role if self.heading is not None else None

    @property
    def name(self) -> str:
        """Its title as titles are compared."""
        return self.title.rstrip(": ").casefold()

    def line(self) -> list[Section]:
        """Return the sections that this one stands in, outermost first, and itself; the title page is left out."""
        above = self.parent.line() if self.parent is not None else []
        return [*above, self] if self.level else above

    def walk(self) -> list[Section]:
        """Return this section and all below it in reading order."""
        return [self, *(section for child in self.children for section in child.walk())]

    def dissolve(self, every: bool = False) -> None:
        """Take inner sections that hold nothing, or `every` one, back into the text above them."""
        for child in [one for one in self.children if one.inner]:
            child.dissolve(every)
            if child.heading is not None and (every or not (child.blocks or child.children)):
                self.children.remove(child)
                self.blocks = sorted([*self.blocks, child.heading, *child.blocks], key=lambda block: block.start)


def is_group(section: Section) -> bool:
    """Whether the section only groups projects by their status."""
    number = section.number
    numbered = section.given is None and number is not None and number.is_decimal and number.depth > 1
    return numbered and is_status_heading(section.title)


def is_generic_goal(title: str) -> bool:
    """Whether a heading numbers a goal without saying it ("Strategisches Ziel 2")."""
    return _GENERIC_GOAL.match(title) is not None


def build_sections(
    blocks: Sequence[Block], titles: Sequence[str], layout: SheetLayout, kind: DocumentKind = DocumentKind.OTHER
) -> Section:
    """Return the root section (title page); `titles` are those of the table of contents."""
    free = [i for i, block in enumerate(blocks) if block.sheet < 0 and block.role is None]
    found = numbered_heads([blocks[i] for i in free], kind is DocumentKind.MOTION)
    heads = {free[place]: head for place, head in found.items()}
    if not heads:  # records that the outline of the paper numbers bear out the chapters beside them
        outlined = sorted([*free, *(i for i, block in enumerate(blocks) if _is_outlined(block))])
        found = numbered_heads([blocks[i] for i in outlined])
        heads = {outlined[place]: head for place, head in found.items() if blocks[outlined[place]].role is None}
    ends = chapters_on_sheets(blocks, heads)
    heads |= ends | _plain(blocks, heads | ends, titles)
    tree = _Tree(blocks, layout.sheets, heads)
    for index in range(len(blocks)):
        tree.take(index, ends=index in ends)
    _name_headings(tree.root, blocks[0] if blocks else None, bool(layout.sheets))
    _gather_title(tree.root)
    return tree.root


def _is_outlined(block: Block) -> bool:
    number = leading_number(block.text) if block.role is Role.RECORD else None
    return number is not None and number.depth > 1


def _plain(blocks: Sequence[Block], heads: Mapping[int, Head], titles: Sequence[str]) -> dict[int, Head]:
    """Return the headings without numbers among what lies on no sheet, or behind the chapter that ends it."""
    ended = {blocks[i].sheet: i for i in sorted(heads, reverse=True)}
    free = [
        i
        for i, block in enumerate(blocks)
        if block.role is None and (block.sheet < 0 or i >= ended.get(block.sheet, len(blocks)))
    ]
    records = next((i for i, block in enumerate(blocks) if block.role in (Role.RECORD, Role.HEADING)), len(blocks))
    known = {place: heads[i] for place, i in enumerate(free) if i in heads}
    found = PlainHeads([blocks[i] for i in free], known, titles, bisect_left(free, records)).found()
    return {free[place]: head for place, head in found.items()}


class _Tree:
    """Takes blocks one after another into sections."""

    def __init__(self, blocks: Sequence[Block], sheets: Sequence[Sheet], heads: Mapping[int, Head]) -> None:
        self.root = self._current = Section(0, "Titel")
        self._blocks, self._sheets, self._heads = blocks, sheets, heads
        self._again = _starts_again(sheets)
        self._refs = _told_apart(sheets, self._again)
        self._theme: Section | None = None
        self._records: dict[str, Section] = {}
        self._ended = -1
        self._chapters = {head.title.casefold() for head in heads.values() if head.level == 1 and head.number}

    def take(self, index: int, ends: bool) -> None:
        """Take a block; one that `ends` its sheet is the heading of a chapter on it."""
        block, head = self._blocks[index], self._heads.get(index)
        self._ended = block.sheet if ends else self._ended
        free = block.sheet < 0 or block.sheet == self._ended
        if block.kind is BlockKind.CONTENTS:
            return
        if block.role is Role.RECORD:
            self._open_record(block)
        elif block.role is Role.HEADING and _says_something(self._blocks[index : index + 2]):
            self._open_heading(block)
        elif head is not None:
            following = self._blocks[index + 1] if index + 1 < len(self._blocks) else None
            lists = following is not None and leading_number(following.text) is not None
            self._open(head, block, alone=block.level > 0 or lists)
            if head.number is not None and following is not None and following.role is Role.RECORD:
                self._theme = self._current
        else:
            if free and self._current.role is Role.RECORD:
                self._current = self._theme or self.root
            self._current.blocks.append(block)

    def _open_record(self, block: Block) -> None:
        sheet = self._sheets[block.sheet]
        if self._theme is not None and not any(child.role is Role.RECORD for child in self._theme.children):
            apart = any(child.inner and child.blocks for child in self._theme.children)
            self._theme = None if apart else self._theme  # a chapter with headings of its own is about something else
        plain = same_ref(sheet.ref)
        shorter = re.sub(r"(?:[a-z]|\.\d+)$", "", plain)  # "3" for "3a" and "3.1"
        above = self._records.get(shorter) if shorter and shorter != plain else None
        parent = above or self._theme or self.root
        made = self._add(parent, Section(parent.level + 1, sheet.title, block))
        kind = ItemKind.PROJECT if is_group(parent) and sheet.kind is ItemKind.MEASURE else sheet.kind
        made.given = Given(kind, self._refs[block.sheet], sheet.title, sheet.family)
        self._records.setdefault(plain, made)

    def _open_heading(self, block: Block) -> None:
        """Add a heading above records under the chapter that its number names, else under the root."""
        number = leading_number(block.text)
        title = number.rest if number else block.text
        parent = (self._holding(Head(number.depth, title, number)) if number is not None else None) or self.root
        self._theme = self._add(parent, Section(parent.level + 1, " ".join(title.split()).rstrip(":"), block, number))
        self._records = {} if self._again else self._records

    def _open(self, head: Head, block: Block, alone: bool) -> None:
        """Add a heading; one by the file's own word, or that numbers follow, stands `alone` under no introduction."""
        if head.number is None and head.title.casefold() in self._chapters:
            head.overview = True
        parent = self._parent(head, alone)
        level = parent.level + 1 if head.below or head.rank is not None else head.level
        section = Section(level, head.title, block, head.number, head.label, rank=head.rank)
        section.resolves, section.overview, section.inner = head.resolves, head.overview, head.below
        self._add(parent, section)
        if not head.below:
            self._theme = self._theme if self._theme in section.line() else None

    def _add(self, parent: Section, section: Section) -> Section:
        section.parent = parent
        parent.children.append(section)
        self._current = section
        return section

    def _parent(self, head: Head, alone: bool) -> Section:
        """Return what a heading stands under."""
        open_ones = self._current.line()[::-1]
        above = [one for one in open_ones if one.rank and head.rank and one.rank < head.rank]
        if head.below:
            return next((one for one in open_ones if not one.inner or one in above), self.root)
        if head.number is not None:
            return self._holding(head) or self.root
        if head.label:
            return self.root
        found = next((one for one in above if not one.inner), None)
        introduction = next((one for one in open_ones if not one.inner and INTRODUCES.match(one.title)), None)
        if found is None and introduction is not None and not alone and not INTRODUCES.match(head.title):
            return introduction
        return found or self.root

    def _holding(self, head: Head) -> Section | None:
        """Return the innermost open section that a number stands in, None where none has its first parts."""
        lower = [one for one in self._current.line()[::-1] if one.level < head.level and not one.inner]
        parts = head.number.parts if head.number is not None else ()
        for one in lower:
            own = one.number.parts if one.number is not None else ()
            held = own[:-1] if is_group(one) else own  # by status: whatever the third digit says
            if own and (len(parts) == 1 or parts[: len(held)] == held):
                return one
        return lower[0] if lower and head.resolves else None


def _says_something(blocks: Sequence[Block]) -> bool:
    """Whether a heading is one: a sum or a share set large is none, nor what stands before it, nor a caption."""
    lettered = all(sum(map(str.isalpha, block.text)) >= _LETTERS for block in blocks)
    return lettered and not is_caption(blocks[0].text)


def _told_apart(sheets: Sequence[Sheet], again: bool) -> list[str]:
    """Return refs; several records printed under one number right after one another are its children "1.1~a"."""
    counts = Counter(same_ref(sheet.ref) for sheet in sheets if sheet.ref)
    seen, refs = Counter[str](), []
    for sheet in sheets:
        plain = same_ref(sheet.ref)
        several = counts[plain] > 1 and not again
        refs.append(f"{sheet.ref}~{chr(ord('a') + seen[plain] % 26)}" if several else sheet.ref)
        seen[plain] += 1
    return refs


def _starts_again(sheets: Sequence[Sheet]) -> bool:
    """Tell whether numbers begin anew from field to field, so that many are printed more than once."""
    counts = Counter(same_ref(sheet.ref) for sheet in sheets if sheet.ref)
    return sum(count > 1 for count in counts.values()) > 0.5 * len(counts)


def _name_headings(root: Section, first: Block | None, planned: bool) -> None:
    """Say what headings are beside the records of a plan: those above them themes or goals, all others sections.

    The first block of a paper is its title.
    """
    parted = [one for one in root.walk() if one.role is Role.HEADING and one.children]
    chapters = {(one.name, one.number and one.number.parts) for one in parted}
    names = {name for name, _ in chapters}
    for section in reversed(root.walk()):
        number = section.number
        announced = (section.name, number.parts) in chapters if number else section.name in names
        if section.heading is not None and not section.children and announced:
            section.overview = True
        elif planned and section.heading is not None and not (section.inner or section.given or is_group(section)):
            holds = number is not None and any(child.role is Role.RECORD for child in section.children)
            above = section.role is Role.HEADING and section.heading is not first
            section.given = _above_records(section) if above or holds else Given(ItemKind.SECTION, "", section.title)


def _above_records(section: Section) -> Given:
    """Return what a heading above records is: a goal by its word, a theme where it holds goals or records."""
    number = printed_number(section.heading.text) if section.heading is not None else None
    named = number if number is not None and number.rest else None
    kinds = [child.given.kind for child in section.children if child.given is not None]
    kind = ItemKind.SECTION
    if is_generic_goal(section.title) or (named is not None and _GOAL.search(named.word)):
        kind = ItemKind.GOAL
    elif ItemKind.GOAL in kinds or any(map(_holds_records, section.children)):
        kind = ItemKind.THEME
    title = section.title if section.number is not None or named is None else " ".join(named.rest.split())
    ref = named.ref if named is not None else title if kind is ItemKind.THEME else ""
    return Given(kind, ref, title.rstrip(":"))


def _holds_records(section: Section) -> bool:
    return section.role is not Role.HEADING and any(one.role is Role.RECORD for one in section.walk())


def _gather_title(root: Section) -> None:
    """Give the lines of a title page back to it: headings in front of all text that nothing stands under."""
    gathered = list(takewhile(_is_of_title, root.children))
    own = [block for one in gathered for block in (one.heading, *one.blocks) if block is not None]
    if own and not (root.blocks and root.blocks[0].start < own[0].start):
        root.children = root.children[len(gathered) :]
        root.blocks = [*own, *root.blocks]


def _is_of_title(section: Section) -> bool:
    text = sum(len(block.text) for block in section.blocks)
    plain = not section.children and INTRODUCES.match(section.title) is None
    return plain and section.role is Role.HEADING and text < _TITLE_PAGE


def name_labels(root: Section) -> None:
    """Call headings that stand again and again under others by what is above them: "Bürgerservice: Ziele".

    Such a heading names a part of what is above it, not a thing of its own: cited alone, nobody knew whose it is.
    """
    labels = [one for one in root.walk() if one.parent is not None and one.parent.level and _may_be_label(one)]
    counts = Counter(one.name for one in labels)
    owners = Counter(name for name, _ in {(one.name, id(one.parent)) for one in labels})
    for label in labels:
        name, above = label.name, label.parent
        if above is None or above.parent is None or counts[name] < _PRINTS or owners[name] < counts[name]:
            continue
        beside = above.parent.children
        if sum(any(child.name == name for child in one.children) for one in beside) >= _SHARE * len(beside):
            title, own = above.given.title if above.given is not None else above.title, label.title.rstrip(": ")
            label.inner = True
            label.given = Given(ItemKind.SECTION, own, f"{' '.join(title.split())}: {own}")


def _may_be_label(section: Section) -> bool:
    return section.given is None and section.number is None
