"""Headings: what in a paper's blocks is one by its number, its words, its type or its place, and how high it stands."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from ingest.blocks import Block, BlockKind
from ingest.plan.numbering import Number, Style, leading_bare, leading_letter, leading_number
from ingest.plan.section_words import SECTION_WORDS, is_section_label

LONGEST = 90  # characters of a heading without a number
LONGEST_TITLE = 300  # characters; what is longer is a point with a number, and no title
_CHAPTER = 160  # characters of the title of a chapter
_LETTERED = 3  # parts with letters, without any numbers below them
_PART_TEXT = 150  # characters that stand in each
_LISTED = 0.8  # of the numbers of a list that follow one another at once
_LIST_SHARE = 0.2  # of the text behind its first number that a list is at most
_ABOVE = 0.6  # points that a heading has to be larger than those with numbers to end them where they go on
_LEVELS = 7  # behind the levels that a file's own headings have
_REPEATED = 3  # prints of one heading that tell it from those that stand above it
_LARGER = 1.08  # of the body's size of type
_LABEL_WORDS = 5
_PLAIN, _MANY_WORDS = 80, 10  # characters and words of a heading that nothing but its place tells
_SENTENCE = 60  # characters of a paragraph at least
_STATUTE = 3  # paragraphs with their sign that make a statute
_PICTURES = r"Abb(?:\.|ildung)|Tab(?:\.|elle)|Bild|Foto|Grafik|Karte|Diagramm"
_QUOTES = (("„", '“”"'), ("(", ")"))
_SIGNS = " •·"  # bullets of the next line that stuck to this one

Rank = tuple[float, ...]
_ENDED = re.compile(r"[.!?…;,][\]'\"“”»)]*$")
_CLOSED = re.compile(r"[.!?:…;,\d][\]'\"“”»)]*$")
_RESOLVES = re.compile(r"beschlu(?:ss|ß)|beschließ|beantrag|wird gebeten", re.I)
_LABEL = re.compile(r"^[A-ZÄÖÜ][^.!?:\t]{1,48}:$")
_WORDS = re.compile(rf"^(?:{SECTION_WORDS}):?$")
_PARAGRAPH_SIGN = re.compile(r"^§+\s?\d+[a-z]?\s+\S")
_BACK = (
    r"Anlagen?|Anhang|Archiv|Impressum|Projektlisten?|Maßnahmenlisten?|Glossar|Literatur\w*|Quellen\w*|"
    r"Abkürzungsverzeichnis|Kontakt|Ansprechpartner\w*|Schlusswort"
)
_BACK_MATTER = re.compile(rf"^(?:{SECTION_WORDS}|{_BACK})\b(?!.*[.!?]$)")
_BEHIND_ALL = re.compile(rf"^(?:{_BACK}|Ausblick|Fazit)\b(?!.*[.!?]$)")
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
_TITLE_ENDED = re.compile(r"[.!…;,:][\]'\"“”»)]*$")
_TITLE_OPENS = re.compile(r"^[\"'„“»(]*[A-ZÄÖÜ0-9§]")


@dataclass(slots=True)
class Head:
    """A block that is a heading.

    `level` is its depth from 1; `label`: a labelled field of a sheet; `resolves`: a point of a resolution;
    `overview`: it announces a chapter that comes later;
    `below`: it has no number and stands in the chapter or part before it; `rank`: how high it stands among headings
    without numbers, the highest first, None where nothing tells.
    """

    level: int
    title: str
    number: Number | None = None
    label: bool = False
    resolves: bool = False
    overview: bool = False
    below: bool = False
    rank: Rank | None = None


def numbered_heads(blocks: Sequence[Block], moves: bool = False) -> dict[int, Head]:
    """Return the numbered headings by their position among the blocks; `moves`: the paper moves what to resolve."""
    texts = {i: block.text for i, block in enumerate(blocks) if block.kind is BlockKind.TEXT}
    found = {i: number for i, text in texts.items() if (number := leading_number(text))}
    titled = {i: Head(n.depth, title, n) for i, (n, title) in found.items() if not _is_prose(title)}
    if sum(head.level > 1 for head in titled.values()) >= 3:
        return _outline(blocks, titled)
    if parts := _parts(blocks, found):
        below = {i: Head(2, head.title, head.number) for i, head in titled.items() if i > min(parts)}
        return parts | below
    return _series(blocks, found, moves)


def _is_prose(text: str) -> bool:
    return len(text) > LONGEST_TITLE or (len(text) > 60 and text.endswith((".", ";", ",")))


def _outline(blocks: Sequence[Block], titled: Mapping[int, Head]) -> dict[int, Head]:
    """Decimal outline: a chapter is a single number that numbers of its own follow; others are its overview."""
    heads = {i: head for i, head in titled.items() if head.level > 1}
    chapters = {
        i: head for i, head in titled.items() if head.level == 1 and head.number and head.number.style is Style.DECIMAL
    }
    for index, block in enumerate(blocks):
        bare = leading_bare(block.text) if block.kind is BlockKind.TEXT and index not in titled else None
        if bare and len(bare[1]) < 100 and not _ENDED.search(bare[1]):
            chapters[index] = Head(1, bare[1], bare[0])
    chapters = {i: head for i, head in chapters.items() if len(head.title) < _CHAPTER}
    places = sorted({*heads, *chapters})
    divided = {
        i for i, j in pairwise(places) if i in chapters and j in heads and _first(heads[j]) == _first(chapters[i])
    }
    heads |= {i: chapters[i] for i in divided}
    heads |= _undivided(blocks, chapters, heads)
    opened = {(_first(head), head.title.casefold()) for head in heads.values() if head.level == 1}
    numbers, titles = {number for number, _ in opened}, {title for _, title in opened}
    for index, head in chapters.items():
        if index not in heads and _first(head) in numbers and head.title.casefold() in titles:
            head.overview = True
            heads[index] = head
    return heads


def _first(head: Head) -> int:
    return head.number.parts[0] if head.number is not None else 0


def _undivided(blocks: Sequence[Block], chapters: Mapping[int, Head], heads: Mapping[int, Head]) -> dict[int, Head]:
    """Chapters without numbers below: each comes next behind those before, in their type, with text of its own."""
    types = {(blocks[i].bold, round(blocks[i].size)) for i, head in heads.items() if head.level == 1}
    known = dict(heads)
    for index in sorted(chapters.keys() - heads.keys()):
        sooner = max((i for i in known if i < index), default=None)
        later = min((i for i in known if i > index), default=len(blocks))
        if sooner is None or (blocks[index].bold, round(blocks[index].size)) not in types:
            continue
        own = _first(chapters[index])
        alone = _first(known[sooner]) == own - 1 and not any(sooner < i < index for i in chapters)
        goes_on = later == len(blocks) or _first(known[later]) == own + 1 or later in chapters
        if alone and goes_on and _text_between(blocks, index, later) >= _PART_TEXT:
            known[index] = chapters[index]
    return {i: head for i, head in known.items() if not _ENDED.search(head.title)}


def _text_between(blocks: Sequence[Block], start: int, end: int) -> int:
    """Return how many characters stand behind a block up to another."""
    return sum(len(block.text) for block in blocks[start + 1 : end])


def _parts(blocks: Sequence[Block], found: Mapping[int, tuple[Number, str]]) -> dict[int, Head]:
    """Parts A, B, ...: letters in order, each with numbered headings below it, or with text."""
    kept: dict[int, Head] = {}
    for index, block in enumerate(blocks):
        letter = leading_letter(block.text) if block.kind is BlockKind.TEXT else None
        if letter and len(letter[1]) < 120 and not _ENDED.search(letter[1]) and letter[0].parts[0] == len(kept) + 1:
            kept[index] = Head(1, letter[1], letter[0])
    if len(kept) >= 2 and any(i > min(kept) for i in found):
        return kept
    filled = all(_text_between(blocks, i, j) >= _PART_TEXT for i, j in pairwise([*kept, len(blocks)]))
    return kept if len(kept) >= _LETTERED and filled else {}


def _series(blocks: Sequence[Block], found: Mapping[int, tuple[Number, str]], moves: bool) -> dict[int, Head]:
    """One series of single numbers: the one behind a resolution, else the one with most text; others overview it."""
    runs: list[list[int]] = []
    for index in sorted(found):
        number, last = found[index][0], found[runs[-1][-1]][0] if runs else None
        if last is not None and last.style is number.style and last.parts[0] < number.parts[0]:
            runs[-1].append(index)
        else:
            runs.append([index])
    first = [run for run in runs if len(run) >= 2 and found[run[0]][0].parts[0] == 1]
    runs = [run for run in first or runs if (first or len(run) >= 3) and not _is_list(blocks, run)]
    if not runs:
        return {}
    resolving = [run for run in runs if _resolves(blocks, run[0])] or (runs[:1] if moves else [])
    ends = [*(run[0] for run in runs[1:]), len(blocks)]
    best = resolving[0] if resolving else max(zip(runs, ends, strict=True), key=lambda one: _weight(blocks, *one))[0]
    heads = {i: Head(2 if resolving else 1, found[i][1], found[i][0], resolves=bool(resolving)) for i in best}
    answered = sum(i + 1 not in found for i in best) > 0.5 * len(best)
    return {i: head for i, head in heads.items() if resolving or answered or len(head.title) < LONGEST_TITLE}


def _weight(blocks: Sequence[Block], run: Sequence[int], end: int) -> int:
    return _text_between(blocks, run[0] - 1, end)


def _is_list(blocks: Sequence[Block], run: Sequence[int]) -> bool:
    """Whether numbers only count the points of a list in running text: announced, with nothing between them."""
    announced = run[0] > 0 and blocks[run[0] - 1].text.rstrip().endswith(":")
    if not announced or _resolves(blocks, run[0]):
        return False
    at_once = sum(later == sooner + 1 for sooner, later in pairwise(run))
    own = _text_between(blocks, run[0] - 1, run[-1] + 1)
    return at_once >= _LISTED * (len(run) - 1) and own <= _LIST_SHARE * _text_between(blocks, run[0] - 1, len(blocks))


def _resolves(blocks: Sequence[Block], index: int) -> bool:
    before = [block.text for block in blocks[max(0, index - 2) : index]]
    return any(_RESOLVES.search(text) and (len(text) < 80 or text.endswith(":")) for text in before)


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
        self._lettered = bool(numbered) and all(
            one.number is None or one.number.style is Style.LETTER for one in numbered.values()
        )
        signs = sum(_PARAGRAPH_SIGN.match(block.text) is not None for block in blocks)
        self._statute = signs >= _STATUTE or not numbered
        self._counts = Counter(block.text for block in blocks if block.kind is BlockKind.TEXT)
        letters = Counter[tuple[float, bool]]()
        for block in blocks:
            letters[round(block.size, 1), block.bold] += len(block.text)
        (self._size, self._bold), _ = letters.most_common(1)[0] if letters else ((0.0, False), 0)
        self._typed = any(block.level or block.size for block in blocks)

    def found(self) -> dict[int, Head]:
        """Return the headings by their position among the blocks; the first block is the paper's title."""
        free = [i for i, block in enumerate(self._blocks) if block.kind is BlockKind.TEXT and i not in self._numbered]
        heads = {i: head for i in free if (head := self._head(i, self._blocks[i])) is not None}
        return {i: head for i, head in heads.items() if i > 0 or _WORDS.match(self._blocks[i].text)}

    def _head(self, index: int, block: Block) -> Head | None:
        text = block.text.rstrip(": ")
        if index and _PICTURE.match(self._blocks[index - 1].text) and self._blocks[index - 1].text.endswith(":"):
            return None  # what a picture is called
        if self._statute and _PARAGRAPH_SIGN.match(text) and len(text) <= LONGEST:
            return Head(1, text)
        front = index < self._first
        if front and _LABEL.match(block.text) and len(text.split()) <= _LABEL_WORDS:
            return Head(1, text, label=True)
        rank = self._rank(index, block)
        if not front and not self._lettered and self._ends_numbers(index, block):
            return Head(1, text, rank=rank)
        number, title = leading_letter(text) or (None, text)
        return Head(1, title, number, below=not front, rank=rank) if rank is not None else None

    def _rank(self, index: int, block: Block) -> Rank | None:
        """Return how high a block ranks as a heading, the highest first; None where nothing makes it one."""
        if block.level and (index < self._first or reads_like_title(block)):
            return (block.level, 0.0, 0.0)
        if not reads_like_title(block):
            return None
        if self._is_marked(block) and self._text_follows(index):
            return (_LEVELS, -round(block.size), not block.bold)
        front = index < self._first
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
        if len(text) > _PLAIN or len(text.split()) > _MANY_WORDS or text[0].isdigit() or text.endswith(":"):
            return False
        if following is None or not _opens(following) or following.kind in (BlockKind.CONTENTS, BlockKind.HEAD_ROW):
            return False
        if self._is_listed(block):
            return True
        before = self._blocks[index - 1]
        closed = before.kind is not BlockKind.TEXT or _CLOSED.search(before.text) or self._is_listed(before)
        if before.kind is BlockKind.BULLET:
            closed = len(before.text) > 20 and not is_half_sentence(before.text)
        listed = following.kind is BlockKind.BULLET and self._counts[text] > 1
        prose = following.kind is BlockKind.TEXT and _is_sentence(following.text)
        return bool(closed) and (listed or prose or leading_number(following.text) is not None)

    def _is_listed(self, block: Block) -> bool:
        lettered = leading_letter(block.text)
        return (lettered[1] if lettered else block.text).rstrip(":").casefold() in self._titles

    def _ends_numbers(self, index: int, block: Block) -> bool:
        """Whether a heading behind numbered ones ends their chapters: by level, words, the contents, or larger type."""
        before = self._numbered.get(max((i for i in self._numbered if i < index), default=-1))
        after = self._numbered.get(min((i for i in self._numbered if i > index), default=-1))
        if _PICTURE.match(block.text) or _goes_on_inside(before, after):
            return False
        if block.level == 1:
            return True
        text = block.text.rstrip(":")
        if len(text) > LONGEST or _ENDED.search(text):
            return False
        if text.casefold() in self._titles or _BACK_MATTER.match(text) or is_section_label(block.text):
            return True
        least = self._largest + (_ABOVE if _counts_on(before, after) else -0.2)
        return block.bold and self._largest > 0 and block.size >= least and reads_like_title(block)


def _goes_on_inside(before: Head | None, after: Head | None) -> bool:
    """Whether the chapter before a place goes on behind it."""
    if before is None or after is None or before.number is None or after.number is None or before.resolves:
        return False
    return after.number.depth > 1 and _first(before) == _first(after)


def _counts_on(before: Head | None, after: Head | None) -> bool:
    """Whether decimal chapters go on behind a place as if nothing had ended them."""
    if before is None or after is None or before.number is None or after.number is None:
        return False
    decimal = before.number.depth > 1 and after.number.style is Style.DECIMAL
    return decimal and _first(after) - _first(before) in (0, 1)


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
    if leading_number(text) is not None or is_half_sentence(text) or _TITLE_ENDED.search(text.rstrip(_SIGNS)):
        return False
    return not (is_caption(text) or _FIGURES.search(text) or _COLUMNS.search(text))


def stands_behind_all(text: str) -> bool:
    """Whether a heading is one of those behind the chapters of a paper: "Anhang", "Glossar"."""
    return _BEHIND_ALL.match(text) is not None


def is_half_sentence(text: str) -> bool:
    """Whether a line breaks off: a sentence ends inside it, a word waits for its noun, a quotation is not closed."""
    if _INNER_END.search(text) or _OPEN_END.search(text) or _CLAUSE.search(text):
        return True
    return any(text.count(opened) > sum(map(text.count, closed)) for opened, closed in _QUOTES)
