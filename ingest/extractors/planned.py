"""The section tree of a document whose reading plan found records on sheets or under headings."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from ingest.blocks import Block, BlockKind
from ingest.extractors.naming import ref_of
from ingest.extractors.numbered_headings import Head, numbered_heads
from ingest.extractors.outline import Given, Section
from ingest.extractors.plain_headings import add_plain_heads
from ingest.extractors.sheets import Sheet, SheetLayout
from ingest.layout.lines import Role
from ingest.plan.numbers import printed_number, same_ref
from vectorstore.records import ItemKind

_GOAL = re.compile(r"ziel$", re.IGNORECASE)


def build_planned(blocks: Sequence[Block], titles: Sequence[str], layout: SheetLayout) -> Section:
    """Return the root section: headings above records, records, and other headings where no record lies."""
    heads = _other_heads(blocks, titles)
    refs = _told_apart(layout.sheets)
    root = current = Section(0, "Titel")
    theme: Section | None = None
    records: dict[str, Section] = {}
    for index, block in enumerate(blocks):
        if block.kind is BlockKind.CONTENTS:
            continue
        if block.role is Role.RECORD:
            sheet = layout.sheets[block.sheet]
            parent = _record_above(sheet.ref, records) or theme or root
            current = _record(sheet, refs[block.sheet], block, parent)
            records.setdefault(same_ref(sheet.ref), current)
        elif block.role is Role.HEADING:
            theme = current = _heading(block, root)
            records = {} if _starts_again(layout.sheets) else records
        elif index in heads and block.sheet < 0:
            current = _plain(heads[index], block, theme, root)
            theme = None if current.parent is root else theme
        elif block.sheet < 0 and current.given is not None and current.given.kind is not ItemKind.THEME:
            current = theme or root
            current.blocks.append(block)
        else:
            current.blocks.append(block)
    _name_themes(root, blocks[0] if blocks else None)
    return root


def _record(sheet: Sheet, ref: str, block: Block, parent: Section) -> Section:
    section = Section(parent.level + 1, sheet.title, block, parent=parent)
    section.given = Given(sheet.kind, ref, sheet.title, sheet.family)
    parent.children.append(section)
    return section


def _heading(block: Block, root: Section) -> Section:
    number = printed_number(block.text)
    title = number.rest if number is not None and number.rest else block.text
    section = Section(1, " ".join(title.split()).rstrip(":"), block, parent=root)
    named = number if number is not None and number.rest else None
    kind = ItemKind.GOAL if named is not None and _GOAL.search(named.word) else ItemKind.SECTION
    section.given = Given(kind, named.ref if named is not None else "", section.title)
    root.children.append(section)
    return section


def _plain(head: Head, block: Block, theme: Section | None, root: Section) -> Section:
    parent = theme if theme is not None and head.level > 1 else root
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
    for section in root.children:
        given = section.given
        if section.heading is first:
            continue
        if given is not None and given.kind is ItemKind.SECTION and any(child.given for child in section.children):
            section.given = Given(ItemKind.THEME, given.ref or given.title, given.title, given.family)
