"""Paragraphs, bullets and table rows in reading order, and the clean text that they make."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from enum import Enum, auto
from itertools import pairwise

from ingest.layout.furniture import LEAST_PAGES
from ingest.layout.hyphens import Vocabulary, join_lines
from ingest.layout.lines import Line, RawDocument, Role, split_dash
from ingest.plan.numbers import leading_number
from ingest.plan.words import is_section_label
from ingest.table_rows import VisualRow, find_rows
from ingest.tables import Table, TableRow, build_tables
from vectorstore.records import Page

_ENDED = re.compile(r"[.:!?…][\]'\"“”»)]*$")
_ABBREVIATED = re.compile(r"\b(?:u\. ?a|z\. ?B|i\. ?d\. ?R|d\. ?h|ggf|bzw|ca|rd|sog|inkl|Nr|Abs|Str|tlw|vgl|St)\.$")
_INNER_SENTENCE = re.compile(r"[a-zäöüß)\]“]{2}[.!?]\s+[A-ZÄÖÜ„]")
_OPEN_WORD = re.compile(
    r"(?:,|\b(?:der|die|das|des|dem|den|ein|eine|einer|eines|einem|einen|und|oder|sowie|für|mit|in|im|von|vom|zu|zum|"
    r"zur|auf|aus|bei|beim|durch|über|unter|an|am|als|wie|dass))$"
)
_POINT = re.compile(r"^(?:\d{1,2}[.)]|[a-z][.)])\s+[A-ZÄÖÜ„](?![a-zäöü]+\s(?:19|20)\d\d)")
_TICKS = re.compile(r"[☐☑☒]")  # of a form, whose lines are no sentences
_PARAGRAPH_GAP = 1.22  # of the usual line distance, above which a paragraph ends


class BlockKind(Enum):
    """What a block is on the page."""

    TEXT = auto()
    BULLET = auto()
    CONTENTS = auto()
    HEAD_ROW = auto()
    ROW = auto()
    ASIDE = auto()


@dataclass(slots=True)
class Block:
    """A piece of clean text; `marks` are (offset in the block, page from 0); `start` is its offset in the document."""

    text: str
    kind: BlockKind = BlockKind.TEXT
    bold: bool = False
    size: float = 0.0
    marks: list[tuple[int, int]] = field(default_factory=list)
    start: int = -1
    table: Table | None = None
    row: TableRow | None = None
    level: int = 0
    role: Role | None = None
    sheet: int = -1

    @property
    def end(self) -> int:
        """Offset behind the block's last character."""
        return self.start + len(self.text)


def build_blocks(raw: RawDocument) -> list[Block]:
    """Return the blocks of a document whose furniture is marked."""
    found = find_rows(raw)
    words = Vocabulary(text for item in found for text in _whole_words(item))
    gap = _usual_gap([item for item in found if isinstance(item, Line)])
    blocks: list[Block] = []
    rows: list[VisualRow] = []
    previous: Line | None = None
    for item in found:
        if isinstance(item, VisualRow):
            rows.append(item)
            continue
        if rows:
            blocks.extend(_table_blocks(rows, words))
            rows, previous = [], None
        _add_line(blocks, previous, item, gap, words)
        previous = item
    blocks.extend(_table_blocks(rows, words))
    return _with_asides(_merge_interrupted(blocks, words), raw)


def assemble(blocks: list[Block], page_count: int, labels: list[str]) -> tuple[str, tuple[Page, ...]]:
    """Join the blocks with empty lines, set their offsets, and find where pages begin."""
    parts: list[str] = []
    starts: dict[int, int] = {}
    offset = 0
    for block in blocks:
        block.start = offset
        for inner, page in block.marks:
            starts.setdefault(page, offset + inner)
        if block.row:
            block.row.start = offset
        parts.append(block.text)
        offset += len(block.text) + 2
    text = "\n\n".join(parts)
    pages: list[Page] = []
    following = len(text)
    for page in reversed(range(page_count)):
        following = min(starts.get(page, following), following)
        pages.append(Page(following, page + 1, labels[page] if page < len(labels) else ""))
    return text, tuple(reversed(pages))


def _whole_words(item: Line | VisualRow) -> list[str]:
    """Return the text of a line, or of cells what stands between the ends of their lines, where words may break."""
    if isinstance(item, Line):
        return [item.text]
    return [" ".join(text.split()[1:-1]) for cell in item.cells for text in cell.lines]


def _usual_gap(lines: list[Line]) -> dict[float, float]:
    """Return the usual line distance (points) for each size of type, led by the commonest size."""
    gaps: dict[float, Counter[float]] = {}
    for above, below in pairwise(lines):
        if above.page == below.page and abs(above.size - below.size) < 0.2 and above.y > below.y:
            gaps.setdefault(round(below.size, 1), Counter())[round(above.y - below.y, 1)] += 1
    usual = {size: counts.most_common(1)[0][0] for size, counts in gaps.items()}
    if not usual:
        return {}
    body = max(gaps, key=lambda size: sum(gaps[size].values()))
    ratio = usual[body] / body if body else 1.3
    return {size: gap if gap < 1.1 * ratio * size else ratio * size for size, gap in usual.items()}


def _add_line(
    blocks: list[Block], previous: Line | None, line: Line, gap: dict[float, float], words: Vocabulary
) -> None:
    opens = previous is None or _opens(previous, line, gap, blocks[-1])
    dash = split_dash(line.text)
    if dash is not None and (
        opens or (previous and _ENDED.search(previous.text)) or blocks[-1].kind is BlockKind.BULLET
    ):
        line.bullet, line.text = True, dash
    if not opens and not line.bullet and blocks:
        _extend(blocks[-1], line.text, [(0, line.page)], words)
        return
    kind = BlockKind.BULLET if line.bullet else BlockKind.TEXT
    text = f"- {line.text}" if line.bullet else line.text
    made = Block(text, kind, line.bold, line.size, [(0, line.page)], level=line.level, role=line.role, sheet=line.sheet)
    blocks.append(made)


def _extend(block: Block, text: str, marks: list[tuple[int, int]], words: Vocabulary) -> None:
    """Append running text to a block and note the pages that begin in it."""
    block.text = join_lines(block.text, text, words)
    shift = len(block.text) - len(text)
    for inner, page in marks:
        if page != block.marks[-1][1]:
            block.marks.append((shift + inner, page))


def _opens(previous: Line, line: Line, gap: dict[float, float], block: Block) -> bool:
    """Whether a paragraph begins with `line`."""
    if line.role is not None or previous.role is not None or line.sheet != previous.sheet:
        return _opens_by_role(previous, line)
    if not line.size:
        return line.opens or line.bullet or _counts_on(previous, line)
    if line.bold != previous.bold or abs(line.size - previous.size) > 0.3 or line.bullet:
        return True
    if line.page != previous.page:
        return not (block.kind is BlockKind.BULLET and abs(line.x - previous.x) < 1.5)
    if line.bold and leading_number(line.text):
        return True
    drop = previous.y - line.y
    usual = gap.get(round(line.size, 1), 1.3 * line.size)
    return drop > _PARAGRAPH_GAP * usual or drop < -2 * line.size


def _counts_on(previous: Line, line: Line) -> bool:
    """Whether a line of plain text is a point of a list: a sentence ended before it, and a number or letter begins."""
    return _ENDED.search(previous.text) is not None and _POINT.match(line.text) is not None


def _opens_by_role(previous: Line, line: Line) -> bool:
    """Whether a paragraph begins where the reading plan has given one of two lines a role."""
    if line.role is Role.TITLE:
        return previous.role not in (Role.RECORD, Role.TITLE, Role.HEADING)
    if line.role is None and previous.role is Role.ENTRY and line.sheet == previous.sheet:
        return line.bullet
    if line.role is not None or previous.role is not Role.LABEL or line.sheet != previous.sheet:
        return True
    return line.bullet or not line.text[:1].islower() or _ENDED.search(previous.text) is not None


def _table_blocks(rows: list[VisualRow], words: Vocabulary) -> list[Block]:
    blocks = []
    for table in build_tables(rows, words) if rows else []:
        if table.header:
            blocks.append(Block(table.header, BlockKind.HEAD_ROW, marks=[(0, table.page)], table=table))
        again = [] if _is_furniture(table) else list(zip(table.resumes, table.heads[1:], strict=True))
        for number, row in enumerate([*table.rows, None]):
            heads = [head for place, head in again if place == number]
            blocks += [
                Block(table.header, BlockKind.HEAD_ROW, marks=[(0, head[0].page)], table=table) for head in heads
            ]
            if row is not None:
                blocks.append(Block(row.text, BlockKind.ROW, marks=[(0, row.page)], table=table, row=row))
    return blocks


def _is_furniture(table: Table) -> bool:
    """Tell whether a table's head repeats on as many pages as furniture does; its repetitions are marked then."""
    if len({head[0].page for head in table.heads}) < LEAST_PAGES:
        return False
    for head in table.heads[1:]:
        for line in (line for row in head for line in row.source):
            line.noise = True
    return True


def _with_asides(blocks: list[Block], raw: RawDocument) -> list[Block]:
    """Put what stands at a page's edge behind the last block that begins on the page: it interrupts no sentence."""
    asides: dict[int, list[Block]] = {}
    for line in raw.lines:
        if line.aside:
            made = Block(line.text, BlockKind.ASIDE, line.bold, line.size, [(0, line.page)])
            asides.setdefault(line.page, []).append(made)
    result: list[Block] = []
    for block in blocks:
        for page in sorted(page for page in asides if page < block.marks[0][1]):
            result.extend(asides.pop(page))
        result.append(block)
    return result + [block for page in sorted(asides) for block in asides[page]]


def _merge_interrupted(blocks: list[Block], words: Vocabulary) -> list[Block]:
    """Rejoin sentences that a page break or furniture has cut."""
    merged: list[Block] = []
    for block in blocks:
        if merged and _goes_on(merged[-1], block):
            _extend(merged[-1], block.text, block.marks, words)
        else:
            merged.append(block)
    return merged


def _goes_on(first: Block, second: Block) -> bool:
    if second.kind is not BlockKind.TEXT or first.kind not in (BlockKind.TEXT, BlockKind.BULLET):
        return False
    if first.role is not None or second.role is not None or first.sheet != second.sheet:
        return False
    if first.level or second.level or is_section_label(second.text) or _TICKS.search(first.text):
        return False
    if first.bold != second.bold or abs(first.size - second.size) > 0.3:
        return False
    lower = second.text[:1].islower()
    if leading_number(second.text) or (_ENDED.search(first.text) and not (lower and _ABBREVIATED.search(first.text))):
        return False
    if first.kind is BlockKind.TEXT and leading_number(first.text) and not _INNER_SENTENCE.search(first.text):
        return False
    if first.text.endswith("-") and len(first.text) > 25:
        return True
    if _INNER_SENTENCE.search(first.text) and len(first.text) > 60:
        return lower or not _ends_like_heading(second)
    return bool(_OPEN_WORD.search(first.text)) or (lower and len(first.text) >= 40)


def _ends_like_heading(block: Block) -> bool:
    return block.text.endswith(":") and len(block.text) < 60
