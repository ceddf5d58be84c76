"""Sections become items: themes, goals, projects, measures, principles, theses, points, labelled sections."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field

from ingest import fields as labelled
from ingest.blocks import Block, BlockKind
from ingest.fields import FieldReader
from ingest.joining import split_units
from ingest.kinds import is_generic_goal, is_group, kind_of
from ingest.outline import Section
from ingest.statuses import status_of
from ingest.tables import Table
from vectorstore.records import DocumentKind, Item, ItemKind, Page, RefTitle

_INTRODUCTION = re.compile(r"^(?:Einleitung|Einführung|Vorwort|Präambel)\b")
_MONTHS = "Januar|Februar|März|April|Mai|Juni|Juli|August|September|Oktober|November|Dezember"
_DATELINE = re.compile(
    rf"^(?:[A-ZÄÖÜ][\w.-]+(?:\s[A-ZÄÖÜ(][\w.)-]+){{0,2}},?\s+)?(?:den\s+|im\s+)?"
    rf"(?:\d{{1,2}}\.\s?(?:{_MONTHS}|\d{{1,2}}\.)\s?\d{{4}})$"
)
_TITLE_LENGTH = 140  # characters of a measure's title before it is cut
_TRANSLITERATION = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "ß": "ss"})


@dataclass(slots=True)
class Passage:
    """A run of blocks that belongs to an item; chunks are cut from it."""

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


class Keys:
    """Makes refs URL-safe and unique: the second "Umsetzung" becomes "Umsetzung~2"."""

    def __init__(self) -> None:
        self._used: set[str] = set()

    def make(self, ref: str, first_suffix: bool = False) -> str:
        """Return the key of a ref; with `first_suffix` numbering starts at "~1"."""
        base = url_safe(ref)
        count = 1
        key = f"{base}~1" if first_suffix else base
        while key in self._used:
            count += 1
            key = f"{base}~{count}"
        self._used.add(key)
        return key


def url_safe(ref: str) -> str:
    """Return a ref with letters, digits, dots and hyphens only."""
    plain = unicodedata.normalize("NFKD", ref.translate(_TRANSLITERATION)).encode("ascii", "ignore").decode()
    return re.sub(r"[^A-Za-z0-9.]+", "-", plain).strip("-.") or "Abschnitt"


class ItemBuilder:
    """Builds the items of one document from its section tree."""

    def __init__(
        self, document_id: str, title: str, kind: DocumentKind, root: Section, blocks: Sequence[Block],
        pages: Sequence[Page], titles: Sequence[str],
    ) -> None:  # fmt: skip
        self.document_id, self._title, self._kind = document_id, title, kind
        self._root, self._pages = root, pages
        self._starts = [page.start for page in pages]
        self._fields = FieldReader(blocks)
        self._printed = {t.casefold(): t for t in (*titles, *_other_wordings(root))}
        self.keys = Keys()
        self.draft = Draft()

    def build(self) -> Draft:
        """Return items in reading order, their passages, and the tables found."""
        self._visit(self._root, None, (), None, None)
        self._add_overviews()
        return self.draft

    def _visit(
        self, section: Section, parent: Item | None, path: tuple[str, ...], theme: RefTitle | None,
        goal: RefTitle | None,
    ) -> None:  # fmt: skip
        self._note_tables(section)
        item = None if self._is_no_item(section) else self._add(section, parent, path, theme, goal)
        below = path if section.level == 0 or section.heading is None else (*path, section.heading.text)
        if item is not None and item.kind is ItemKind.THEME:
            theme = RefTitle(item.ref, item.title)
        if item is not None and item.kind is ItemKind.GOAL:
            goal = RefTitle(item.ref, item.title)
            self._add_measures(section, item, below, theme, goal)
        above = parent if item is None or section.level == 0 else item
        for child in section.children:
            self._visit(child, above, below, theme, goal)

    def _note_tables(self, section: Section) -> None:
        seen: list[Table] = []
        for block in section.blocks:
            if block.table is not None and not any(block.table is table for table in seen):
                seen.append(block.table)
        prose = " ".join([section.title, *(b.text for b in section.blocks if b.table is None)])
        for table in seen:
            marked = any(role.startswith("is:") for role in table.roles)
            archive = not marked and re.search(r"\barchiv|nicht mehr (?:im|in|enthalten|geführt)", prose, re.I)
            if "title" in table.roles:
                (self.draft.archives if archive else self.draft.lists).append(table)

    def _is_no_item(self, section: Section) -> bool:
        if section.overview or is_group(section):
            return True
        if section.level == 0:
            return not _own_text(section)
        if section.number is not None or section.label:
            return False
        tables = any(block.table for block in section.blocks)
        return tables or not (_own_text(section) or section.children)

    def _add(
        self, section: Section, parent: Item | None, path: tuple[str, ...], theme: RefTitle | None,
        goal: RefTitle | None,
    ) -> Item:  # fmt: skip
        kind = kind_of(section, self._title, self._kind)
        ref = self._ref(section)
        own = [block for block in _own_text(section) if not _is_dateline(section, block)]
        if kind is ItemKind.GOAL:
            own = [block for block in own if block.kind is not BlockKind.BULLET] or own[:0]
        first = section.heading or own[0]
        found = self._fields.read(own) if kind is ItemKind.PROJECT else ()
        group = section.parent if section.parent and is_group(section.parent) else None
        named = labelled.status(found)
        page, label = self.page_of(first.start)
        heading, rest = _heading_and_rest(section)
        item = Item(
            document_id=self.document_id, key=self.keys.make(ref), ref=ref, kind=kind,
            title=self._title_of(section, kind, own), order=len(self.draft.items),
            heading=heading, body="\n\n".join(part for part in (rest, *(block.text for block in own)) if part),
            start=first.start,
            end=max([first.end, *(block.end for block in own)]), parent=parent.key if parent else None, path=path,
            theme=theme, goal=goal, status=status_of(group.title if group else named or ""),
            status_heading=group.heading.text if group and group.heading else None, fields=found,
            description=labelled.description(found), state=labelled.state(found),
            responsible=split_units(labelled.responsible(found) or ""), cooperation=labelled.cooperation(found),
            page=page, page_label=label,
        )  # fmt: skip
        self.draft.items.append(item)
        context = tuple(text for text in (theme and theme.title, goal and goal.title, item.status_heading) if text)
        head = [section.heading] if section.heading else []
        self._add_passages(item.key, [*head, *own], context or path)
        for block in section.blocks:
            if _is_dateline(section, block):
                self._add_passages("Titel", [block], ())
        return item

    def _title_of(self, section: Section, kind: ItemKind, own: Sequence[Block]) -> str:
        title = " ".join(section.title.split())
        if section.level == 0:
            return self._title
        if kind is ItemKind.GOAL and is_generic_goal(title) and own:
            return own[0].text
        if kind is ItemKind.RESOLUTION:
            return _short(title)
        if title.isupper() and len(title) > 4:
            return self._printed.get(title.casefold(), title)
        return title

    def _ref(self, section: Section) -> str:
        if section.level == 0:
            return "Titel"
        if section.number is None:
            match = _INTRODUCTION.match(section.title)
            return match[0] if match else section.title
        parent = section.parent
        printed = section.number.printed.lstrip("0")
        lettered = parent is not None and parent.number is not None and parent.number.printed.isalpha()
        if lettered and parent is not None and parent.number is not None and not section.resolves:
            return f"{parent.number.printed}.{printed}"
        return printed

    def _add_measures(
        self, section: Section, goal_item: Item, path: tuple[str, ...], theme: RefTitle | None, goal: RefTitle
    ) -> None:
        subheading: tuple[str, ...] = ()
        count = 0
        for block in section.blocks:
            if block.kind is BlockKind.TEXT and block.text.endswith(":") and len(block.text) < 60:
                subheading = (block.text,)
            if block.kind is not BlockKind.BULLET:
                continue
            count += 1
            text = block.text.removeprefix("- ")
            start = block.end - len(text)
            ref = f"{goal_item.ref}.{count}"
            page, label = self.page_of(start)
            item = Item(
                document_id=self.document_id, key=self.keys.make(ref), ref=ref, kind=ItemKind.MEASURE,
                title=_short(text), order=len(self.draft.items), heading="", body=text, start=start, end=block.end,
                parent=goal_item.key, path=(*path, *subheading), theme=theme, goal=goal, page=page, page_label=label,
            )  # fmt: skip
            self.draft.items.append(item)
            self.draft.passages.append(Passage(item.key, start, block.end, (goal_item.title, *subheading)))

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
        chapters = {item.title.casefold(): item for item in self.draft.items if item.kind is ItemKind.THEME}
        for section in self._root.walk():
            item = chapters.get(section.title.casefold()) if section.overview else None
            if item is not None and section.heading is not None:
                self._add_passages(item.key, [section.heading, *_own_text(section)], (item.title,))

    def page_of(self, offset: int) -> tuple[int | None, str | None]:
        """Return PDF page and printed page of an offset, None where there are none."""
        if not self._pages:
            return None, None
        page = self._pages[max(0, bisect_right(self._starts, offset) - 1)]
        return page.number, page.label or None


def _heading_and_rest(section: Section) -> tuple[str, str]:
    """Return the printed heading, and what of its block is text: a point of a resolution has only a number."""
    if section.heading is None:
        return "", ""
    text = section.heading.text
    if section.resolves:
        start = len(text) - len(section.title)
        return text[:start].strip(), text[start:]
    return text, ""


def _own_text(section: Section) -> list[Block]:
    return [block for block in section.blocks if block.kind in (BlockKind.TEXT, BlockKind.BULLET)]


def _is_dateline(section: Section, block: Block) -> bool:
    """Whether a place and date of the letter stand between the points of a resolution."""
    return section.resolves and block.kind is BlockKind.TEXT and _DATELINE.match(block.text) is not None


def _short(text: str) -> str:
    """Return the first sentence, cut at a word where it is long."""
    sentence = re.split(r"(?<=[a-zäöüß)“]{2}[.!?])\s+(?=[A-ZÄÖÜ„])", text, maxsplit=1)[0]
    if len(sentence) <= _TITLE_LENGTH:
        return sentence
    return sentence[:_TITLE_LENGTH].rsplit(" ", 1)[0].rstrip(",;") + " …"


def _other_wordings(root: Section) -> list[str]:
    """Return headings in mixed case, by which headings in capitals are spelled."""
    return [section.title for section in root.walk() if not section.title.isupper()]
