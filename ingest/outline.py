"""The section tree: headings by their numbers and labels, each with the blocks below it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from ingest.blocks import Block, BlockKind
from ingest.numbering import Number, Style, leading_bare, leading_letter, leading_number
from ingest.statuses import is_status_heading
from ingest.unfuse import SECTION_WORDS

_LABEL = re.compile(r"^[A-ZÄÖÜ][^.!?:\t]{1,48}:$")
_ENDED = re.compile(r"[.!?…;,]['\"“”»)]*$")
_WORDS = re.compile(rf"^(?:{SECTION_WORDS}):?$")
_BACK_MATTER = re.compile(
    rf"^(?:{SECTION_WORDS}|Anlagen?|Anhang|Archiv|Impressum|Projektlisten?|Maßnahmenlisten?|Glossar|Literatur\w*|"
    r"Quellen\w*|Abkürzungsverzeichnis|Kontakt|Ansprechpartner\w*|Schlusswort)\b(?!.*[.!?]$)"
)
_RESOLVES = re.compile(r"beschlu(?:ss|ß)|beschließ|beantrag|wird gebeten", re.I)
_INTRODUCES = re.compile(r"^(?:Einleitung|Einführung|Vorwort|Präambel)\b")


@dataclass(slots=True)
class Section:
    """A heading with its own blocks; `level` 0 is the title page, numbered chapters start at 1.

    `resolves` marks points of a resolution; `overview` sections repeat a chapter's heading before it.
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

    def walk(self) -> list[Section]:
        """Return this section and all below it in reading order."""
        return [self, *(section for child in self.children for section in child.walk())]


@dataclass(slots=True)
class _Head:
    level: int
    title: str
    number: Number | None = None
    label: bool = False
    resolves: bool = False
    overview: bool = False
    lists: bool = False  # numbers follow at once: the heading opens a part of its own


def build_outline(blocks: Sequence[Block], titles: Sequence[str]) -> Section:
    """Return the root section (title page) of a document; `titles` are those of its table of contents."""
    heads = _numbered_heads(blocks)
    _add_plain_heads(blocks, heads, {title.casefold() for title in titles})
    chapters = {head.title.casefold() for head in heads.values() if head.level == 1 and head.number and not head.overview}
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
        parent = _parent(current, head, root)
        current = Section(head.level, head.title, block, head.number, head.label, parent=parent)
        current.resolves, current.overview = head.resolves, head.overview
        parent.children.append(current)
    return root


def _parent(current: Section, head: _Head, root: Section) -> Section:
    """Return the innermost open section that the heading belongs to; decimal numbers name it themselves."""
    if head.number is None and not head.label and _INTRODUCES.match(head.title) is None:
        first = root.children[0] if root.children else None
        only_front = all(child.number is None for child in root.children)
        return first if first and only_front and not head.lists and _INTRODUCES.match(first.title) else root
    nearest: Section | None = None
    node: Section | None = current
    while node is not None and node is not root:
        if node.level < head.level and not node.overview and (node.number or not head.number or head.resolves):
            nearest = nearest or node
            if _contains(node, head):
                return node
        node = node.parent
    return nearest or root


def _contains(node: Section, head: _Head) -> bool:
    """Whether the numbers agree; a status group holds what stands below it whatever its third digit says."""
    if head.number is None or head.number.depth == 1 or not node.number or node.number.style is not Style.DECIMAL:
        return True
    prefix = node.number.parts[:-1] if is_status_heading(node.title) else node.number.parts
    return head.number.parts[: len(prefix)] == prefix


def _numbered_heads(blocks: Sequence[Block]) -> dict[int, _Head]:
    found: dict[int, tuple[Number, str]] = {}
    for index, block in enumerate(blocks):
        if block.kind is BlockKind.TEXT:
            number = leading_number(block.text)
            if number:
                found[index] = number
    deep = {i: n for i, n in found.items() if n[0].depth > 1 and not _is_prose(n[1])}
    parts = _part_letters(blocks, found)
    if len(deep) >= 3:
        return _outline_heads(blocks, found, deep)
    if parts:
        heads = {i: _Head(1, title, number) for i, (number, title) in parts.items()}
        heads |= {i: _Head(2, n[1], n[0]) for i, n in found.items() if i > min(parts) and not _is_prose(n[1])}
        return heads
    return _series_heads(blocks, found)


def _is_prose(text: str) -> bool:
    return len(text) > 300 or bool(re.search(r"[.;,]$", text)) and len(text) > 60


def _outline_heads(
    blocks: Sequence[Block], found: dict[int, tuple[Number, str]], deep: dict[int, tuple[Number, str]]
) -> dict[int, _Head]:
    """Decimal outline: a chapter is a single number that numbers of its own follow; others are its overview."""
    heads = {i: _Head(n[0].depth, n[1], n[0]) for i, n in deep.items()}
    chapters = {i: n for i, n in found.items() if n[0].depth == 1 and n[0].style is Style.DECIMAL and len(n[1]) < 160}
    for index, block in enumerate(blocks):
        bare = leading_bare(block.text) if block.kind is BlockKind.TEXT and index not in found else None
        if bare and len(bare[1]) < 100 and not _ENDED.search(bare[1]):
            chapters[index] = bare
    order = sorted(deep)
    opened: set[int] = set()
    for index in sorted(chapters, reverse=True):
        number, title = chapters[index]
        following = next((i for i in order if i > index), None)
        between = any(index < i < (following or index) for i in chapters)
        if following is not None and not between and deep[following][0].parts[0] == number.parts[0]:
            heads[index] = _Head(1, title, number)
            opened.add(number.parts[0])
    names = {heads[i].title.casefold() for i in heads if heads[i].level == 1}
    for index, (number, title) in chapters.items():
        if index not in heads and number.parts[0] in opened and title.casefold() in names:
            heads[index] = _Head(1, title, number, overview=True)
    return heads


def _part_letters(blocks: Sequence[Block], found: dict[int, tuple[Number, str]]) -> dict[int, tuple[Number, str]]:
    """Parts A, B, ...: letters in order, each with numbered headings below it."""
    letters = {}
    for index, block in enumerate(blocks):
        letter = leading_letter(block.text) if block.kind is BlockKind.TEXT else None
        if letter and len(letter[1]) < 120 and not _ENDED.search(letter[1]):
            letters[index] = letter
    kept: dict[int, tuple[Number, str]] = {}
    for index, letter in letters.items():
        if letter[0].parts[0] == len(kept) + 1:
            kept[index] = letter
    return kept if len(kept) >= 2 and any(i > min(kept) for i in found) else {}


def _series_heads(blocks: Sequence[Block], found: dict[int, tuple[Number, str]]) -> dict[int, _Head]:
    """One series of single numbers: the one behind a resolution, else the one with most text; others overview it."""
    runs: list[list[int]] = []
    for index in sorted(found):
        number = found[index][0]
        same = [run for run in runs[-1:] if found[run[-1]][0].style is number.style]
        if same and found[same[0][-1]][0].parts[0] < number.parts[0]:
            same[0].append(index)
        else:
            runs.append([index])
    runs = [run for run in runs if len(run) >= 2 and found[run[0]][0].parts[0] == 1] or [r for r in runs if len(r) >= 3]
    if not runs:
        return {}
    resolving = [run for run in runs if _resolves(blocks, run[0])]
    best = resolving[0] if resolving else max(runs, key=lambda run: _weight(blocks, run, runs))
    heads = {i: _Head(2 if resolving else 1, found[i][1], found[i][0], resolves=bool(resolving)) for i in best}
    return {i: head for i, head in heads.items() if resolving or len(head.title) < 300}


def _weight(blocks: Sequence[Block], run: list[int], runs: list[list[int]]) -> int:
    after = min((other[0] for other in runs if other[0] > run[-1]), default=len(blocks))
    return sum(len(block.text) for block in blocks[run[0] : after])


def _resolves(blocks: Sequence[Block], index: int) -> bool:
    before = [block.text for block in blocks[max(0, index - 2) : index]]
    return any(_RESOLVES.search(text) and (len(text) < 80 or text.endswith(":")) for text in before)


def _add_plain_heads(blocks: Sequence[Block], heads: dict[int, _Head], titles: set[str]) -> None:
    """Add unnumbered headings: in front of the first number, and behind it only where it is certain."""
    first = min(heads, default=len(blocks))
    largest = max((blocks[i].size for i in heads if blocks[i].size), default=0.0)
    for index, block in enumerate(blocks):
        if block.kind is not BlockKind.TEXT or index in heads:
            continue
        if not heads_allow(blocks, heads, index, first):
            continue
        if _is_label_section(block, index, first):
            heads[index] = _Head(1, block.text.rstrip(":"), label=True)
        elif index < first:
            if _is_plain_heading(blocks, index):
                opens_list = index + 1 < len(blocks) and leading_number(blocks[index + 1].text) is not None
                heads[index] = _Head(1, block.text.rstrip(":"), lists=opens_list and index + 1 not in heads)
        elif _ends_numbers(block, titles, largest):
            heads[index] = _Head(1, block.text.rstrip(":"))


def heads_allow(blocks: Sequence[Block], heads: dict[int, _Head], index: int, first: int) -> bool:
    """Whether an unnumbered heading may stand here: never as the very first block of a document."""
    return index > 0 or (bool(_WORDS.match(blocks[0].text)) and first > 0)


def _is_label_section(block: Block, index: int, first: int) -> bool:
    return index < first and bool(_LABEL.match(block.text)) and len(block.text.split()) <= 5


def _is_plain_heading(blocks: Sequence[Block], index: int) -> bool:
    text = blocks[index].text
    if _WORDS.match(text):
        return True
    if len(text) > 90 or len(text) < 3 or _ENDED.search(text) or text.endswith(":") or not (text[0].isupper() or text[0] in "„“\""):
        return False
    following = next((b for b in blocks[index + 1 : index + 2]), None)
    previous = blocks[index - 1].text
    if following is None or following.kind is BlockKind.CONTENTS or following.kind is BlockKind.HEAD_ROW:
        return False
    opens_list = leading_number(following.text) is not None
    prose = len(following.text) > 150 or bool(re.search(r"[.!?:]$", following.text)) and len(following.text) > 40
    after_end = bool(re.search(r"[.!?:\d]['\"“”»)]*$", previous)) or blocks[index - 1].kind is not BlockKind.TEXT
    return (prose and (after_end or len(text) < 40)) or (opens_list and after_end)


def _ends_numbers(block: Block, titles: set[str], largest: float) -> bool:
    if len(block.text) > 90 or _ENDED.search(block.text):
        return False
    bare = block.text.rstrip(":")
    if bare.casefold() in titles or _BACK_MATTER.match(block.text):
        return True
    return block.bold and bool(largest) and block.size >= largest - 0.2 and not block.text.endswith(":")
