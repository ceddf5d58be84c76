"""The section tree of a document whose reading plan found records on sheets or under headings."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import takewhile

from ingest.blocks import Block, BlockKind
from ingest.extractors.naming import ref_of
from ingest.extractors.numbered_headings import Head, numbered_heads
from ingest.extractors.outline import Given, Section
from ingest.extractors.plain_headings import add_plain_heads, is_caption
from ingest.extractors.sheet_ends import sheet_ends
from ingest.extractors.sheet_layout import Sheet, SheetLayout
from ingest.layout.lines import Role
from ingest.plan.numbering import leading_number
from ingest.plan.numbers import printed_number, same_ref
from vectorstore.records import ItemKind

_LETTERS = 3  # of a heading at least
_GOAL = re.compile(r"ziel$", re.IGNORECASE)


def build_planned(blocks: Sequence[Block], titles: Sequence[str], layout: SheetLayout) -> Section:
    """Return the root section: headings above records, records, and other headings where no record lies."""
    heads = _other_heads(blocks, titles)
    ends = sheet_ends(blocks, heads)
    refs = _told_apart(layout.sheets)
    root = current = Section(0, "Titel")
    theme: Section | None = None
    chapter: Section | None = None
    records: dict[str, Section] = {}
    chapters: dict[tuple[int, ...], Section] = {}
    ended = -1
    for index, block in enumerate(blocks):
        if block.kind is BlockKind.CONTENTS:
            continue
        ended = block.sheet if index in ends else ended
        free = block.sheet < 0 or block.sheet == ended
        if block.role is Role.RECORD:
            sheet = layout.sheets[block.sheet]
            parent = _record_above(sheet.ref, records) or theme or root
            current = _record(sheet, refs[block.sheet], block, parent)
            records.setdefault(same_ref(sheet.ref), current)
        elif block.role is Role.HEADING and _says_something(blocks, index):
            theme = current = _heading(block, chapters, root)
            chapter = None
            records = {} if _starts_again(layout.sheets) else records
        elif (head := ends.get(index) or heads.get(index)) is not None and free:
            parent = chapter if head.below and chapter is not None else _plain_parent(head, theme, chapters, root)
            current = _plain(head, block, parent)
            theme = theme if parent is theme else None
            if head.number is not None:
                chapters[head.number.parts] = chapter = current
                theme = current if _opens_record(blocks, index) else theme
        elif free and current.heading is not None and current.heading.role is Role.RECORD:
            current = theme or root
            current.blocks.append(block)
        else:
            current.blocks.append(block)
    _name_themes(root, blocks[0] if blocks else None)
    _gather_title(root)
    return root


def _says_something(blocks: Sequence[Block], index: int) -> bool:
    """Whether a heading is one: a sum or a share set large is none, nor what stands before it, nor a caption."""
    here = blocks[index : index + 2]
    lettered = all(sum(map(str.isalpha, block.text)) >= _LETTERS for block in here)
    return lettered and not is_caption(blocks[index].text)


def _opens_record(blocks: Sequence[Block], index: int) -> bool:
    """Whether a record begins right behind a heading."""
    return index + 1 < len(blocks) and blocks[index + 1].role is Role.RECORD


def _gather_title(root: Section) -> None:
    """Give the lines of a title page back to it: headings in front of all text that nothing stands under."""
    gathered = list(takewhile(_is_empty_heading, root.children))
    if gathered and not (root.blocks and root.blocks[0].start < _start(gathered[0])):
        root.children = root.children[len(gathered) :]
        root.blocks = [*(one.heading for one in gathered if one.heading is not None), *root.blocks]


def _is_empty_heading(section: Section) -> bool:
    is_heading = section.heading is not None and section.heading.role is Role.HEADING
    return is_heading and not section.blocks and not section.children


def _start(section: Section) -> int:
    return section.heading.start if section.heading is not None else 0


def _record(sheet: Sheet, ref: str, block: Block, parent: Section) -> Section:
    section = Section(parent.level + 1, sheet.title, block, parent=parent)
    section.given = Given(sheet.kind, ref, sheet.title, sheet.family)
    parent.children.append(section)
    return section


def _heading(block: Block, chapters: dict[tuple[int, ...], Section], root: Section) -> Section:
    """Add a heading under the chapter that its number names, else under the root."""
    number = printed_number(block.text)
    title = number.rest if number is not None and number.rest else block.text
    led = leading_number(block.text)
    parent = _named_chapter(led[0].parts, chapters, root) if led is not None else None
    parent = parent or root
    section = Section(parent.level + 1, " ".join(title.split()).rstrip(":"), block, parent=parent)
    named = number if number is not None and number.rest else None
    kind = ItemKind.GOAL if named is not None and _GOAL.search(named.word) else ItemKind.SECTION
    section.given = Given(kind, named.ref if named is not None else "", section.title)
    parent.children.append(section)
    if led is not None:
        chapters[led[0].parts] = section
    return section


def _named_chapter(
    parts: tuple[int, ...], chapters: Mapping[tuple[int, ...], Section], root: Section
) -> Section | None:
    """Return the chapter that a number stands in, where that is the one which is open."""
    named = chapters.get(parts[:-1])
    return named if named is not None and named.line()[0] is root.children[-1] else None


def _plain_parent(
    head: Head, theme: Section | None, chapters: Mapping[tuple[int, ...], Section], root: Section
) -> Section:
    """Return what a heading outside of records stands under: the chapter that its number names, else the theme."""
    named = chapters.get(head.number.parts[:-1]) if head.number is not None else None
    if named is not None:
        return named if named.line()[0] is root.children[-1] else root
    if theme is None or head.level == 1:
        return root
    own = leading_number(f"{theme.given.ref} {theme.title}") if theme.given is not None and head.number else None
    agrees = own is None or head.number is None or head.number.parts[: own[0].depth] == own[0].parts
    return theme if agrees else root


def _plain(head: Head, block: Block, parent: Section) -> Section:
    section = Section(parent.level + 1, head.title, block, head.number, head.label, parent=parent)
    section.given = Given(ItemKind.SECTION, ref_of(section), " ".join(head.title.split()))
    parent.children.append(section)
    return section


def _other_heads(blocks: Sequence[Block], titles: Sequence[str]) -> dict[int, Head]:
    """Return the headings among what lies on no sheet, by position among all blocks."""
    places = [i for i, block in enumerate(blocks) if block.sheet < 0 and block.role is None]
    free = [blocks[i] for i in places]
    heads = numbered_heads(free)
    add_plain_heads(free, heads, {title.casefold() for title in titles})
    return {places[i]: head for i, head in heads.items()}


def _record_above(ref: str, records: dict[str, Section]) -> Section | None:
    """Return the record that a sub-measure belongs to: "3" for "3a" and "3.1"."""
    plain = same_ref(ref)
    shorter = re.sub(r"(?:[a-z]|\.\d+)$", "", plain)
    return records.get(shorter) if shorter and shorter != plain else None


def _told_apart(sheets: Sequence[Sheet]) -> list[str]:
    """Return refs; several records printed under one number right after one another are its children "1.1~a"."""
    again = _starts_again(sheets)
    counts = Counter(same_ref(sheet.ref) for sheet in sheets if sheet.ref)
    seen: Counter[str] = Counter()
    refs = []
    for sheet in sheets:
        plain = same_ref(sheet.ref)
        if not sheet.ref or counts[plain] == 1 or again:
            refs.append(sheet.ref)
            continue
        refs.append(f"{sheet.ref}~{chr(ord('a') + seen[plain] % 26)}")
        seen[plain] += 1
    return refs


def _starts_again(sheets: Sequence[Sheet]) -> bool:
    """Tell whether numbers begin anew from field to field, so that many are printed more than once."""
    counts = Counter(same_ref(sheet.ref) for sheet in sheets if sheet.ref)
    return sum(count > 1 for count in counts.values()) > 0.5 * len(counts)


def _name_themes(root: Section, first: Block | None) -> None:
    """Call headings that records stand under directly themes; the first block of a paper is its title."""
    for section in root.walk():
        given = section.given
        if given is None or section.heading is None or section.heading is first or given.kind is not ItemKind.SECTION:
            continue
        above = section.heading.role is Role.HEADING
        if any(_stands_under(child) if above else _is_record(child) for child in section.children):
            section.given = Given(ItemKind.THEME, given.ref or given.title, given.title, given.family)


def _stands_under(section: Section) -> bool:
    """Whether a section was planned and is no heading of the same sort as the one above it."""
    return section.given is not None and (section.heading is None or section.heading.role is not Role.HEADING)


def _is_record(section: Section) -> bool:
    return section.heading is not None and section.heading.role is Role.RECORD
