"""Headings: what in a paper's blocks is one by its number, its words, its type or its place, and how high it stands."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from ingest.blocks import Block, BlockKind
from ingest.layout.lines import Role
from ingest.plan.numbers import Printed, leading_bare, leading_letter, leading_number
from ingest.plan.words import SECTION_WORDS

LONGEST = 90  # characters of a heading without a number
LONGEST_TITLE = 300  # characters; what is longer is a point with a number, and no title
_CHAPTER = 100  # characters of the title of a chapter
_PART_TEXT = 150  # characters that stand in a part, or in a chapter without numbers below it
_LISTED = 0.8  # of the numbers of a list that follow one another at once
_LIST_SHARE = 0.2  # of the text behind its first number that a list is at most
_ABOVE = 0.6  # points that a heading has to be larger than those with numbers to end them where they go on
_LEVELS = 7  # behind the levels that a file's own headings have
_REPEATED = 3  # prints of one heading that tell it from those that stand above it
_LARGER = 1.08  # of the body's size of type
_LARGER_CHAPTER = 1.0  # points that a chapter behind the records is larger than those
_LABEL_WORDS = 5
_PLAIN, _MANY_WORDS = 80, 10  # characters and words of a heading that nothing but its place tells
_SENTENCE = 60  # characters of a paragraph at least
_STATUTE = 3  # paragraphs with their sign that make a statute
_PICTURES = r"Abb(?:\.|ildung)|Tab(?:\.|elle)|Bild|Foto|Grafik|Karte|Diagramm"
_BACK = (
    r"Anlagen?|Anhang|Archiv|Impressum|Projektlisten?|Maßnahmenlisten?|Glossar|Literatur\w*|Quellen\w*|"
    r"Abkürzungsverzeichnis|Kontakt|Ansprechpartner\w*|Schlusswort"
)
_BACK_MATTER = re.compile(rf"^(?:{SECTION_WORDS}|{_BACK})\b(?!.*[.!?]$)")
_BEHIND_ALL = re.compile(rf"^(?:{_BACK}|Ausblick|Fazit)\b(?!.*[.!?]$)")
_WORDS = re.compile(rf"^(?:{SECTION_WORDS}):?$")
_ENDED = re.compile(r"[.!?…;,][\]'\"“”»)]*$")
_CLOSED = re.compile(r"[.!?:…;,\d][\]'\"“”»)]*$")
_TITLE_ENDED = re.compile(r"[.!…;,:][\]'\"“”»)]*$")
_TITLE_OPENS = re.compile(r"^[\"'„“»(]*[A-ZÄÖÜ0-9§]")
_RESOLVES = re.compile(r"beschlu(?:ss|ß)|beschließ|beantrag|wird gebeten", re.I)
_LABEL = re.compile(r"^[A-ZÄÖÜ][^.!?:\t]{1,48}:$")
_INNER_END = re.compile(r"[a-zäöüß)\]“]{2}[.!?]\s+[A-ZÄÖÜ„]")
_OPEN_END = re.compile(
    r"(?:,|\b(?:der|die|das|des|dem|den|ein|eine|einer|eines|einem|einen|und|oder|sowie|für|mit|in|im|von|vom|zu|zum|zur|"
    r"auf|aus|bei|beim|durch|über|unter|an|am|als|wie|dass|per|pro|je)(?:\s+[a-zäöüß-]+(?:e|er|es|en|em))?)$"
)
_CLAUSE = re.compile(r",\s(?:dass|so\s?dass|damit|weil|wenn|obwohl)\b")
_CAPTION = re.compile(rf"^(?:{_PICTURES}|Quellen?|Anlage|Seite|Stand|Hinweis)\b[^a-zäöü]*(?:\d|:|$)")
_PICTURE = re.compile(rf"^(?:{_PICTURES})\b[^a-zäöü]*\d")
_FIGURES = re.compile(r"\d[.,]*\s?%|\d{1,2}\.\s?\d{1,2}\.\s?\d{4}|\d,\d|[|=\t]")
_COLUMNS = re.compile(r"\S\s{2,}\S.*\S\s{2,}\S")

BY_SIGN = re.compile(
    r"^(?P<ref>(?:§+|Artikel|Art\.|TOP|Tagesordnungspunkt)\s?\d+[a-z]?)\s?[.:–-]?\s+(?P<title>\S.*)$", re.DOTALL
)

Rank = tuple[float, ...]


@dataclass(slots=True)
class Head:
    """A block that is a heading.

    `level` is its depth from 1; `label`: a labelled field of a sheet; `resolves`: a point of a resolution; `overview`:
    it announces a chapter that comes later; `below`: it has no number and stands in the chapter or part before it;
    `rank`: how high it stands among headings without numbers, the highest first, None where nothing tells.
    """

    level: int
    title: str
    number: Printed | None = None
    label: bool = False
    resolves: bool = False
    overview: bool = False
    below: bool = False
    rank: Rank | None = None

    @property
    def first(self) -> int:
        """The first part of its number, 0 without one."""
        return self.number.parts[0] if self.number is not None else 0


def numbered_heads(blocks: Sequence[Block], moves: bool = False) -> dict[int, Head]:
    """Return the numbered headings by their position among the blocks; `moves`: the paper moves what to resolve."""
    texts = {i: block.text for i, block in enumerate(blocks) if block.kind is BlockKind.TEXT}
    found = {i: number for i, text in texts.items() if (number := leading_number(text))}
    titled = {i: Head(n.depth, n.rest, n) for i, n in found.items() if not _is_prose(n.rest)}
    if sum(head.level > 1 for head in titled.values()) >= 3:
        return _outline(blocks, titled)
    if parts := _parts(blocks, found):
        return parts | {i: Head(2, head.title, head.number) for i, head in titled.items() if i > min(parts)}
    return _series(blocks, found, moves)


def _is_prose(text: str) -> bool:
    return len(text) > LONGEST_TITLE or (len(text) > 60 and text.endswith((".", ";", ",")))


def _outline(blocks: Sequence[Block], titled: Mapping[int, Head]) -> dict[int, Head]:
    """Decimal outline: a chapter is a single number that numbers of its own follow; others are its overview."""
    heads = {i: head for i, head in titled.items() if head.level > 1}
    chapters = {i: head for i, head in titled.items() if head.level == 1 and head.number and head.number.is_decimal}
    for index, block in enumerate(blocks):
        bare = leading_bare(block.text) if block.kind is BlockKind.TEXT and index not in titled else None
        if bare and len(bare.rest) < _CHAPTER and not _ENDED.search(bare.rest):
            chapters[index] = Head(1, bare.rest, bare)
    places = sorted({*heads, *chapters})
    heads |= {
        i: chapters[i]
        for i, j in pairwise(places)
        if i in chapters and j in heads and heads[j].first == chapters[i].first
    }
    heads |= _undivided(blocks, chapters, heads)
    numbers = {head.first for head in heads.values() if head.level == 1}
    titles = {head.title.casefold() for head in heads.values() if head.level == 1}
    for index, head in chapters.items():
        if index not in heads and head.first in numbers and head.title.casefold() in titles:
            head.overview = True
            heads[index] = head
    return heads


def _undivided(blocks: Sequence[Block], chapters: Mapping[int, Head], heads: Mapping[int, Head]) -> dict[int, Head]:
    """Chapters without numbers below: each comes next behind those before, in their type, with text of its own."""
    types = {_type(blocks[i]) for i, head in heads.items() if head.level == 1}
    known = dict(heads)
    for index in sorted(chapters.keys() - heads.keys()):
        sooner = max((i for i in known if i < index), default=None)
        later = min((i for i in known if i > index), default=len(blocks))
        own = chapters[index].first
        if sooner is None or _type(blocks[index]) not in types or known[sooner].first != own - 1:
            continue
        if later == len(blocks) or known[later].first == own + 1:
            known[index] = chapters[index]
    return {i: head for i, head in known.items() if not _ENDED.search(head.title)}


def _type(block: Block) -> tuple[bool, int, int]:
    return block.bold, block.level, round(block.size)


def _text_between(blocks: Sequence[Block], start: int, end: int) -> int:
    """Return how many characters stand behind a block up to another."""
    return sum(len(block.text) for block in blocks[start + 1 : end])


def _parts(blocks: Sequence[Block], found: Mapping[int, Printed]) -> dict[int, Head]:
    """Parts A, B, ...: letters in order, with numbered headings below them, or with text."""
    kept: dict[int, Head] = {}
    for index, block in enumerate(blocks):
        letter = leading_letter(block.text) if block.kind is BlockKind.TEXT else None
        if letter and len(letter.rest) <= _CHAPTER and letter.parts[0] == len(kept) + 1:
            kept[index] = Head(1, letter.rest, letter)
    if len(kept) >= 2 and any(i > min(kept) for i in found):
        return kept
    filled = all(_text_between(blocks, i, j) >= _PART_TEXT for i, j in pairwise([*kept, len(blocks)]))
    return kept if len(kept) > 2 and filled else {}


def _series(blocks: Sequence[Block], found: Mapping[int, Printed], moves: bool) -> dict[int, Head]:
    """One series of single numbers: the one behind a resolution, else the one with most text; others overview it."""
    runs: list[list[int]] = []
    for index in sorted(found):
        number, last = found[index], found[runs[-1][-1]] if runs else None
        if last is not None and last.parts[0] < number.parts[0]:
            runs[-1].append(index)
        else:
            runs.append([index])
    first = [run for run in runs if len(run) >= 2 and found[run[0]].parts[0] == 1]
    runs = [run for run in first or runs if len(run) >= (2 if first else 3) and not _is_list(blocks, run)]
    if not runs:
        return {}
    resolving = next((run for run in runs if _resolves(blocks, run[0])), runs[0] if moves else None)
    if resolving is not None:
        return {i: Head(2, found[i].rest, found[i], resolves=True) for i in resolving}
    ends = [*(run[0] for run in runs[1:]), len(blocks)]
    best = max(zip(runs, ends, strict=True), key=lambda one: _text_between(blocks, one[0][0] - 1, one[1]))[0]
    answered = sum(i + 1 not in found for i in best) > 0.5 * len(best)
    return {i: Head(1, found[i].rest, found[i]) for i in best if answered or len(found[i].rest) < LONGEST_TITLE}


def _is_list(blocks: Sequence[Block], run: Sequence[int]) -> bool:
    """Whether numbers only count the points of a list in running text: announced, with nothing between them."""
    if not blocks[run[0] - 1].text.rstrip().endswith(":") or _resolves(blocks, run[0]):
        return False
    at_once = sum(later == sooner + 1 for sooner, later in pairwise(run))
    own = _text_between(blocks, run[0] - 1, run[-1] + 1)
    return at_once >= _LISTED * (len(run) - 1) and own <= _LIST_SHARE * _text_between(blocks, run[0] - 1, len(blocks))


def _resolves(blocks: Sequence[Block], index: int) -> bool:
    return any(_RESOLVES.search(block.text) and len(block.text) < 80 for block in blocks[max(0, index - 2) : index])


def chapters_on_sheets(blocks: Sequence[Block], heads: Mapping[int, Head]) -> dict[int, Head]:
    """Return the headings of chapters that stand behind the text of a record and end it, by position.

    A record reaches to the next one. A chapter between them shows itself by a number that continues those of the
    chapters before (`heads`), in the same type; behind the last record also by type that stands above that of records.
    """
    numbers = {i: head.number for i, head in heads.items() if head.number and head.number.is_decimal}
    types = Counter(_type(blocks[i]) for i in numbers if blocks[i].bold)
    last = max((block.sheet for block in blocks), default=-1)
    level = min((block.level for block in blocks if block.role is Role.RECORD and block.level), default=0)
    counts, size = Counter(block.text for block in blocks), _size_on_sheets(blocks)
    ends: dict[int, Head] = {}
    before: tuple[int, ...] = ()
    for index, block in enumerate(blocks):
        before = numbers[index].parts if index in numbers else before
        if block.sheet < 0 or block.role is not None or not _may_end(block):
            continue
        found = leading_number(block.text)
        if found and types[_type(block)] > 1 and _comes_next(before, found.parts):
            ends[index] = Head(found.depth, found.rest, found)
            before = found.parts
        elif block.sheet == last and counts[block.text] == 1 and not any(blocks[i].sheet == last for i in ends):
            larger = size > 0 and block.size >= size + _LARGER_CHAPTER
            if 0 < block.level <= level or larger or _BEHIND_ALL.match(block.text):
                letter = leading_letter(block.text)
                ends[index] = Head(1, letter.rest if letter else block.text, letter)
    return ends


def _comes_next(before: tuple[int, ...], parts: tuple[int, ...]) -> bool:
    """Whether a number may follow another in an outline: 2.2 or 3 behind 2.1."""
    place = len(parts) - 1
    return place < len(before) and parts == (*before[:place], before[place] + 1)


def _size_on_sheets(blocks: Sequence[Block]) -> float:
    """Return the largest size of type of records, labels, and most of the text on sheets."""
    letters = Counter[float]()
    for block in blocks:
        letters[block.size] += len(block.text) if block.sheet >= 0 else 0
    made = [block.size for block in blocks if block.role in (Role.RECORD, Role.LABEL)]
    return max([*made, *(size for size, _ in letters.most_common(1))], default=0.0)


def _may_end(block: Block) -> bool:
    short = block.kind is BlockKind.TEXT and len(block.text) <= LONGEST
    return short and not block.text.endswith((".", ",", ";", ":")) and not is_half_sentence(block.text)


class PlainHeads:
    """Headings without numbers: by a file's own levels, by words, by type that stands out, or by their place.

    `first` is the position of the first block behind records and headings above them.
    """

    def __init__(
        self, blocks: Sequence[Block], numbered: Mapping[int, Head], titles: Collection[str], first: int
    ) -> None:
        self._blocks, self._titles, self._numbered = blocks, {title.casefold() for title in titles}, numbered
        self._first = min(first, *numbered) if numbered else first
        self._largest = max((blocks[i].size for i in numbered), default=0.0)
        self._lettered = bool(numbered) and all(one.number is None or one.number.is_letter for one in numbered.values())
        signs = sum(block.text.startswith("§") for block in blocks)
        self._signed = signs >= _STATUTE or not numbered
        self._counts = Counter(block.text for block in blocks if block.kind is BlockKind.TEXT)
        letters = Counter[tuple[float, bool]]()
        for block in blocks:
            letters[round(block.size, 1), block.bold] += len(block.text)
        (self._size, self._bold), _ = letters.most_common(1)[0] if letters else ((0.0, False), 0)
        self._typed = any(block.level or block.size for block in blocks)

    def found(self) -> dict[int, Head]:
        """Return the headings by their position among the blocks; the first block is the paper's title."""
        free = [i for i, block in enumerate(self._blocks) if block.kind is BlockKind.TEXT and i not in self._numbered]
        return {i: head for i in free if i > 0 and (head := self._head(i, self._blocks[i])) is not None}

    def _head(self, index: int, block: Block) -> Head | None:
        text, above = block.text.rstrip(": "), self._blocks[index - 1].text
        if _PICTURE.match(above) and above.endswith(":"):
            return None  # what a picture is called
        if self._signed and text.startswith("§") and BY_SIGN.match(text) and len(text) <= LONGEST:
            return Head(1, text)
        front = index < self._first
        if front and _LABEL.match(block.text) and len(text.split()) <= _LABEL_WORDS:
            return Head(1, text, label=True)
        rank = self._rank(index, block)
        if not front and not self._lettered and self._ends_numbers(index, block):
            return Head(1, text, rank=rank)
        letter = leading_letter(text)
        made = Head(1, letter.rest if letter else text, letter, below=not front, rank=rank)
        return made if rank is not None else None

    def _rank(self, index: int, block: Block) -> Rank | None:
        """Return how high a block ranks as a heading, the highest first; None where nothing makes it one."""
        front = index < self._first
        if block.level and (front or reads_like_title(block)):
            return (block.level, 0.0, 0.0)
        if not reads_like_title(block):
            return None
        if self._is_marked(block) and self._text_follows(index):
            return (_LEVELS, -round(block.size), not block.bold)
        if (front and _WORDS.match(block.text)) or ((front or not self._typed) and self._stands_alone(index, block)):
            return (_LEVELS + 1, not self._is_listed(block), self._counts[block.text] >= _REPEATED)
        return None

    def _is_marked(self, block: Block) -> bool:
        large = bool(self._size) and block.size >= _LARGER * self._size
        return block.level > 0 or large or (block.bold and not self._bold and block.size >= self._size - 0.3)

    def _text_follows(self, index: int) -> bool:
        """Whether ordinary type follows, or another heading below this one; a sentence does not go on."""
        behind = self._blocks[index + 1 :]
        following = next((one for one in behind if not (self._is_marked(one) and reads_like_title(one))), None)
        return following is not None and not self._is_marked(following) and _opens(following)

    def _stands_alone(self, index: int, block: Block) -> bool:
        """Whether a short line of plain text is a heading: none is left open before it, a sentence or list follows."""
        text, following = block.text, self._blocks[index + 1] if index + 1 < len(self._blocks) else None
        if len(text) > _PLAIN or len(text.split()) > _MANY_WORDS or text[0].isdigit():
            return False
        if following is None or not _opens(following) or following.kind in (BlockKind.CONTENTS, BlockKind.HEAD_ROW):
            return False
        if self._is_listed(block):
            return True
        before = self._blocks[index - 1]
        closed = before.kind is not BlockKind.TEXT or _CLOSED.search(before.text) or self._is_listed(before)
        if before.kind is BlockKind.BULLET:
            closed = len(before.text) > 20
        listed = following.kind is BlockKind.BULLET and self._counts[text] > 1
        prose = following.kind is BlockKind.TEXT and _is_sentence(following.text)
        return bool(closed) and (listed or prose or leading_number(following.text) is not None)

    def _is_listed(self, block: Block) -> bool:
        return block.text.rstrip(":").casefold() in self._titles

    def _ends_numbers(self, index: int, block: Block) -> bool:
        """Whether a heading behind numbered ones ends their chapters: by words, the contents, or larger type."""
        before = self._numbered.get(max((i for i in self._numbered if i < index), default=-1))
        after = self._numbered.get(min((i for i in self._numbered if i > index), default=-1))
        step = after.first - before.first if before is not None and after is not None else -1
        if step == 0 and after is not None and after.number is not None and after.number.depth > 1:
            return False  # the chapter before goes on behind it
        text = block.text.rstrip(":")
        if _PICTURE.match(text) or len(text) > LONGEST or _ENDED.search(text):
            return False
        if text.casefold() in self._titles or _BACK_MATTER.match(text):
            return True
        goes_on = step in (0, 1) and before is not None and before.number is not None and before.number.depth > 1
        least = self._largest + (_ABOVE if goes_on else -0.2)
        return block.bold and self._largest > 0 and block.size >= least and reads_like_title(block)


def _opens(block: Block) -> bool:
    """Whether a block may follow a heading: it does not go on in the middle of a sentence."""
    return block.kind is not BlockKind.TEXT or not block.text[:1].islower()


def _is_sentence(text: str) -> bool:
    return len(text) >= _SENTENCE and (_CLOSED.search(text) is not None or len(text) >= 2 * _SENTENCE)


def is_caption(text: str) -> bool:
    """Whether a line names a picture or table, or says where something is from."""
    return _CAPTION.match(text) is not None


def reads_like_title(block: Block) -> bool:
    """Whether a line may be a heading by its words: letters, no figures, no sentence, no caption."""
    text = block.text
    letters = sum(map(str.isalpha, text))
    if letters < 3 or len(text) > LONGEST or 2 * letters < len("".join(text.split())) or not _TITLE_OPENS.match(text):
        return False
    if block.level:
        return True
    if leading_number(text) is not None or is_half_sentence(text) or _TITLE_ENDED.search(text.rstrip(" •·")):
        return False
    return not (is_caption(text) or _FIGURES.search(text) or _COLUMNS.search(text))


def is_half_sentence(text: str) -> bool:
    """Whether a line breaks off: a sentence ends inside it, a word waits for its noun, a quotation is not closed."""
    if _INNER_END.search(text) or _OPEN_END.search(text) or _CLAUSE.search(text):
        return True
    return text.count("„") > sum(map(text.count, '“”"')) or text.count("(") > text.count(")")
