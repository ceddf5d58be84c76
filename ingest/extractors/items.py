"""Sections become items: themes, goals, projects, measures, principles, theses, points, labelled sections."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from ingest.blocks import Block, BlockKind
from ingest.extractors.fields import SheetFields
from ingest.extractors.kinds import heading_and_rest, kind_of, ref_of, short, spellings, title_of
from ingest.extractors.paper import before, parting
from ingest.extractors.sections import Section, is_group, name_labels
from ingest.keys import RECORDS, Keys
from ingest.layout.lines import Role
from ingest.plan.form import ReadingPlan
from ingest.plan.words import status_of
from ingest.tables import Table
from vectorstore.notation import TABLE, one_of
from vectorstore.records import DocumentKind, Item, ItemKind, Page, RefTitle

_DATELINE = re.compile(
    rf"^(?:[A-ZÄÖÜ][\w.-]+(?:\s[A-ZÄÖÜ(][\w.)-]+){{0,2}},?\s+)?(?:den\s+|im\s+)?"
    rf"(?:\d{{1,2}}\.\s?(?:{one_of(TABLE['dates']['months'])}|\d{{1,2}}\.)\s?\d{{4}})$"
)
_ARCHIVE = re.compile(r"\barchiv", re.I)
_UPPER = (ItemKind.GOAL, ItemKind.PRINCIPLE, ItemKind.THESIS)
_BULLETED = 0.6  # of the goals that have bullets which are measures


@dataclass(slots=True)
class Passage:
    """A run of blocks that belongs to an item; chunks are cut from it. `context` holds the headings above."""

    key: str
    start: int
    end: int
    context: tuple[str, ...]


@dataclass(slots=True)
class Draft:
    """What reading a document's sections yields."""

    items: list[Item] = field(default_factory=list)
    passages: list[Passage] = field(default_factory=list)
    lists: list[Table] = field(default_factory=list)
    archives: list[Table] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Above:
    """What stands above a section: nearest item, headings, theme and goal."""

    parent: str | None = None
    path: tuple[str, ...] = ()
    theme: RefTitle | None = None
    goal: RefTitle | None = None


def _parting_of_bullets(root: Section) -> str | None:
    """Return what ends the titles of bullets under goals that are measures, "" where nothing does; None without any.

    They are measures where a plan knows goals but neither measures nor projects, and most of its goals have bullets.
    """
    given = [(one.given.kind, one) for one in root.walk() if one.given is not None]
    goals = [one for kind, one in given if kind in _UPPER]
    points = [[block.text for block in goal.blocks if block.kind is BlockKind.BULLET] for goal in goals]
    records = any(kind in RECORDS for kind, _ in given)
    if records or not goals or sum(map(bool, points)) < _BULLETED * len(goals):
        return None
    return parting([text.removeprefix("- ") for texts in points for text in texts])


class ItemBuilder:
    """Builds the items of one document from its section tree."""

    def __init__(
        self, document_id: str, title: str, kind: DocumentKind, root: Section, blocks: Sequence[Block],
        pages: Sequence[Page], titles: Sequence[str], plan: ReadingPlan,
    ) -> None:  # fmt: skip
        self.document_id, self._title, self._kind = document_id, title, kind
        self._root, self._pages = root, pages
        for section in [one for one in root.walk() if not one.inner]:
            section.dissolve(every=not self._may_be_parted(section))
        name_labels(root)
        self._starts = [page.start for page in pages]
        self.sheet_fields = SheetFields(plan, self.page_of, list(root.walk()))
        self._spelled = spellings(root, titles)
        self._parting = _parting_of_bullets(root)
        self.keys = Keys()
        self.draft = Draft()
        self.owners: dict[int, str] = {}  # where a block starts: the item that it stands under

    def build(self) -> Draft:
        """Return items in reading order, their passages, and the tables found."""
        self._visit(self._root, _Above())
        blocks = [block for section in self._root.walk() for block in section.blocks]
        if blocks and not self.draft.items:  # a paper that has nothing but tables is one item
            self.draft.items.append(self._item(self._root, ItemKind.SECTION, blocks, _Above()))
        self._add_overviews()
        return self.draft

    def _may_be_parted(self, section: Section) -> bool:
        """Whether headings without numbers inside a section stand by themselves: in neither records nor points."""
        apart = section.label or section.overview or is_group(section)
        return not apart and kind_of(section, self._title, self._kind) in (ItemKind.SECTION, ItemKind.THEME)

    def page_of(self, offset: int) -> tuple[int | None, str | None]:
        """Return PDF page and printed page of an offset, None where there are none."""
        if not self._pages:
            return None, None
        page = self._pages[max(0, bisect_right(self._starts, offset) - 1)]
        return page.number, page.label or None

    def _visit(self, section: Section, above: _Above) -> None:
        if not section.inner:
            self._note_tables(section)
        below = above
        if section.heading is not None:
            below = replace(above, path=(*above.path, section.heading.text))
        if not _is_no_item(section):
            item = self._add(section, above)
            if section.level:
                below = replace(below, parent=item.key)
            if item.kind is ItemKind.THEME:
                below = replace(below, theme=RefTitle(item.ref, item.title))
            if item.kind is ItemKind.GOAL:
                below = replace(below, goal=RefTitle(item.ref, item.title))
            mark = self._mark_of(section, item.kind)
            if mark is not None:
                self._add_measures(section, item, below, mark)
        for block in (section.heading, *section.blocks) if below.parent or not section.level else ():
            if block is not None:
                self.owners[block.start] = below.parent or "Titel"
        for child in section.children:
            self._visit(child, below)

    def _mark_of(self, section: Section, kind: ItemKind) -> str | None:
        """Return what ends the titles of the measures among a goal's bullets, None where its bullets are none."""
        if section.given is not None:
            return self._parting if kind in _UPPER and section.role is Role.RECORD else None
        return "" if kind is ItemKind.GOAL else None

    def _note_tables(self, section: Section) -> None:
        blocks = _with_inner(section)
        tables = {id(block.table): block.table for block in blocks if block.table is not None}
        prose = " ".join([section.title, *(block.text for block in blocks if block.table is None)])
        for table in tables.values():
            table.caption = "\n".join(above.title for above in section.line())
            marked = any(role.startswith("is:") for role in table.roles)
            if "title" in table.roles:
                archived = not marked and _ARCHIVE.search(prose)
                (self.draft.archives if archived else self.draft.lists).append(table)

    def _add(self, section: Section, above: _Above) -> Item:
        kind = kind_of(section, self._title, self._kind)
        datelines = [block for block in section.blocks if self._is_dateline(section, block)]
        own = [block for block in _own_text(section) if block not in datelines]
        if self._mark_of(section, kind) is not None:
            own = [block for block in own if block.kind is not BlockKind.BULLET]
        item = self._with_fields(self._item(section, kind, own, above), section)
        self.draft.items.append(item)
        names = (above.theme and above.theme.title, above.goal and above.goal.title, item.status_heading)
        context = tuple(name for name in names if name)
        self._add_passages(item.key, [*([section.heading] if section.heading else []), *own], context or above.path)
        self._add_passages("Titel", datelines, ())
        return item

    def _item(self, section: Section, kind: ItemKind, own: Sequence[Block], above: _Above) -> Item:
        """Return the item that a section makes of its own blocks."""
        heading, rest = heading_and_rest(section)
        blocks = [section.heading, *own] if section.heading else list(own)
        body = "\n\n".join(part for part in (rest, *(block.text for block in own)) if part)
        title = title_of(section, kind, own, self._spelled) if section.level else self._title
        span = (blocks[0].start, max(block.end for block in blocks))
        family = section.given.family if section.given is not None else None
        return replace(self._made(ref_of(section), kind, title, body, span, above), heading=heading, family=family)

    def _made(self, ref: str, kind: ItemKind, title: str, body: str, span: tuple[int, int], above: _Above) -> Item:
        page, label = self.page_of(span[0])
        return Item(
            document_id=self.document_id,
            key=self.keys.make(ref),
            ref=ref,
            kind=kind,
            title=title,
            order=len(self.draft.items),
            heading="",
            body=body,
            start=span[0],
            end=span[1],
            parent=above.parent,
            path=above.path,
            theme=above.theme,
            goal=above.goal,
            page=page,
            page_label=label,
        )

    def _with_fields(self, item: Item, section: Section) -> Item:
        """Add status and labelled fields to a record; other items have neither."""
        if section.given is not None and section.heading is not None:
            item = self.sheet_fields.given_to(item, section)
        elif item.kind is ItemKind.PROJECT:
            item = self.sheet_fields.told_of(item, section.blocks)
        group = section.parent if section.parent and is_group(section.parent) else None
        if group is None or group.heading is None:
            return item
        state = item.state or next((one.text for one in item.fields if one.field == "status"), None)  # "Stand: Läuft."
        return replace(item, status=status_of(group.title), status_heading=group.heading.text, state=state)

    def _add_measures(self, section: Section, goal: Item, above: _Above, mark: str) -> None:
        """Make every bullet of a goal a measure, counted through the whole section; `mark` ends its title."""
        subheading: tuple[str, ...] = ()
        count = 0
        for block in section.blocks:
            if block.text.endswith(":") and block.kind is BlockKind.TEXT:
                subheading = (block.text,)
            if block.kind is BlockKind.BULLET:
                count += 1
                text = block.text.removeprefix("- ")
                title, span = before(text, mark) if mark else short(text), (block.end - len(text), block.end)
                under = replace(above, parent=goal.key, path=(*above.path, *subheading))
                item = self._made(f"{goal.ref}.{count}", ItemKind.MEASURE, title, text, span, under)
                self.draft.items.append(item)
                self.draft.passages.append(Passage(item.key, *span, (goal.title, *subheading)))

    def _add_passages(self, key: str, blocks: Sequence[Block], context: tuple[str, ...]) -> None:
        """Add runs of blocks that follow one another in the text."""
        runs: list[list[Block]] = []
        for block in blocks:
            if runs and block.start == runs[-1][-1].end + 2:
                runs[-1].append(block)
            else:
                runs.append([block])
        self.draft.passages.extend(Passage(key, run[0].start, run[-1].end, context) for run in runs)

    def _add_overviews(self) -> None:
        """Give what an introduction says of a chapter to that chapter's item."""
        kinds = (ItemKind.THEME, ItemKind.GOAL, ItemKind.SECTION)
        chapters = {item.title.casefold(): item for item in reversed(self.draft.items) if item.kind in kinds}
        for section in self._root.walk():
            item = chapters.get(section.title.casefold()) if section.overview else None
            if item is not None and section.heading is not None:
                self._add_passages(item.key, [section.heading, *_own_text(section)], (item.title,))

    def _is_dateline(self, section: Section, block: Block) -> bool:
        """Whether a letter's place and date stand between the points of a resolution: they belong to its title page."""
        is_date = section.resolves and block.kind is BlockKind.TEXT and _DATELINE.match(block.text) is not None
        return is_date and bool(self._root.blocks)


def _is_no_item(section: Section) -> bool:
    """Overviews, status groups, lists and empty headings without anything below make no item."""
    if section.overview or is_group(section):
        return True
    if section.level == 0:
        return not _own_text(section)
    if section.given is not None and section.given.kind is not ItemKind.SECTION:
        return False
    if section.number is not None or section.label:
        return False
    holds = bool(_own_text(section)) or not all(map(_is_no_item, section.children))
    return not holds or (not section.inner and any(block.table for block in section.blocks))


def _with_inner(section: Section) -> list[Block]:
    """Return a section's blocks with those under its inner headings, in reading order."""
    inner = [child for child in section.children if child.inner]
    below = [block for one in inner for block in ([one.heading] if one.heading else []) + _with_inner(one)]
    return sorted([*section.blocks, *below], key=lambda block: block.start) if inner else section.blocks


def _own_text(section: Section) -> list[Block]:
    return [block for block in section.blocks if block.kind in (BlockKind.TEXT, BlockKind.BULLET)]
