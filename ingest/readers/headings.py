"""Find headings: numbers in sequence, lettered parts, points, and lines marked by look, contents or
the file.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum, IntEnum, auto
from itertools import pairwise
from math import inf
from statistics import median_high
from typing import NamedTuple

from ingest.readers.lexicon import field_of_label, is_section_label
from ingest.readers.lines import DocumentLines
from ingest.readers.numbers import PrintedNumber, leading_letter, parse_number
from ingest.readers.sequences import Member, best_chain
from ingest.readers.titles import join_title, normalize_title
from ingest.stream import Line
from vectorstore.notation import fold_ref
from vectorstore.records import ItemKind

# Without the outlines 490 items of five documents changed (docs/decisions/005-reading.md).
# most characters of a heading, and of a numbered paragraph that is no point
_LONGEST, _POINT = 170, 250
_SKIP_COST = 0.15  # of each numbered line that an outline skips
_REACH = 20  # most lines below a number that add to its weight
_POINTS = 15  # most points of a motion
# median of characters below the entries of an overview, from which these are headings of texts
_OVERVIEW = 150
_FORM, _KNOWN = 4, 0.4  # least labels of a form, and the share of them that mean a field
_CAPTION = re.compile(
    r"(?:Abb(?:ildung)?|Tab(?:elle)?|Bild|Foto|Grafik|Karte|Quelle|Diagramm|Anlage)\b",
    re.IGNORECASE,
)
_INTRODUCTION = re.compile(r"(?:Einleitung|Einführung|Vorwort|Präambel)\b")
# "§ 12a Inkrafttreten"
_PARAGRAPH_SIGN = re.compile(r"(?P<ref>§+\s?\d{1,3}[a-z]?)\s+(?P<title>\S.*)$")
_NO_TITLE_END = (".", ",", ";")
_PARAGRAPH_ENDS = tuple('.!?:“")')


class _Look(NamedTuple):
    size: float
    bold: bool
    level: int  # the heading level that the file gives, 0 for none


class Level(IntEnum):
    """The first level of each sort of heading; a number's depth is added to NUMBERED, an order of
    looks to PLAIN.
    """

    PART = 1
    NUMBERED = 2
    PLAIN = 60
    FORM = 90
    OVERVIEW = 95


class HeadingReason(Enum):
    """Why a line is a heading."""

    NUMBER = auto()  # a number in sequence
    LEVEL = auto()  # a heading style of the file
    LISTED = auto()  # in the table of contents or bookmarks
    LOOK = auto()  # set off from the body
    LABEL = auto()  # a label with a colon
    ALONE = auto()  # a short line between paragraphs, in text without styles
    REPEATED = auto()  # an entry of an overview whose number and title another heading has


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading. `parent` is the index of the heading above it. A point (`is_point`) is a numbered
    paragraph without a title of its own.
    """

    lines: tuple[int, ...]
    start: int  # offset of the title in the first line
    title: str
    number: PrintedNumber | None
    level: int
    reason: HeadingReason
    ref: str = ""
    kind: ItemKind = ItemKind.SECTION
    parent: int | None = None
    is_point: bool = False

    @property
    def line(self) -> int:
        """The index of the first line."""
        return self.lines[0]


def introduction_of(title: str) -> str | None:
    """Return the word for an introduction that a title begins with ("Vorwort"), None for other
    titles.
    """
    match = _INTRODUCTION.match(title)
    if match:
        return match[0]
    return None


def is_caption(text: str) -> bool:
    """True for a numbered caption of a picture or table ("Abb. 3"), and a line with a source
    ("Quelle: …").
    """
    has_number = _CAPTION.match(text) is not None and parse_number(text) is not None
    return has_number or text.startswith(("Quelle:", "Foto:"))


class HeadingReader:
    """Reads the headings of a document. `inside` are the indices of lines of sheets, `taken` the
    indices of their heads and labels. `listed` are the normalized titles of the table of contents,
    `bookmarks` the bookmarks of the file (see `Layout`).
    """

    def __init__(
        self,
        document: DocumentLines,
        taken: Collection[int],
        inside: Collection[int],
        listed: Collection[str],
        bookmarks: Sequence[tuple[int, str, int]],
    ) -> None:
        self._document, self._taken, self._inside, self._listed = document, taken, inside, listed
        self._bookmarked = {(page, normalize_title(name)) for _, name, page in bookmarks}
        # line of the first numbered heading; before it plain lines may be some
        self._first_numbered = len(document)

    def read(self) -> list[Heading]:
        """Return all headings in order, with level and parent.

        Headings with numbers in sequence are found first. A further line whose number one of these
        has is no heading. A line before all numbers with the title of a numbered chapter is an
        entry of an overview.
        """
        by_line: dict[int, Heading] = {}
        for heading in (*self._decimals(), *self._parts(), *self._romans()):
            by_line.setdefault(heading.line, heading)
        numbered = list(by_line.values())
        lines_of_numbers = (heading.line for heading in numbered if heading.level < Level.OVERVIEW)
        self._first_numbered = min(lines_of_numbers, default=self._first_numbered)
        known_numbers = set(map(_name_of_number, numbered))
        chapters = [heading for heading in numbered if heading.level == Level.NUMBERED + 1]
        chapter_titles = {normalize_title(heading.title) for heading in chapters}
        for index in range(len(self._document)):
            if index in by_line or not self._may_head(index):
                continue
            plain = self._plain(index)
            if plain is None or (plain.number and _name_of_number(plain) in known_numbers):
                continue
            if index < self._first_numbered and normalize_title(plain.title) in chapter_titles:
                plain = replace(plain, level=Level.OVERVIEW, reason=HeadingReason.REPEATED)
            by_line[index] = plain
        ordered = _without_overlapping([heading for _, heading in sorted(by_line.items())])
        titled = self._without_document_title(_without_lone_labels(ordered))
        return with_parents(self._with_levels(titled))

    def _may_head(self, index: int) -> bool:
        line = self._document.lines[index]
        is_excluded = index in self._document.excluded or index in self._taken
        return not is_excluded and not line.bullet and len(line.text) <= 2 * _LONGEST

    # Numbers in sequence

    def _number(self, index: int) -> PrintedNumber | None:
        """Return the number with which a line begins that may be a heading."""
        if not self._may_head(index):
            return None
        return self._document.number(index)

    def _decimals(self) -> Iterator[Heading]:
        """Yield headings with decimal numbers in sequence (1, 1.1, 2), and the entries of
        overviews.

        Numbers with different words before them ("Ziel 1", "Kapitel 1") are in different sequences.
        """
        members: dict[str, list[Member]] = {}
        for index in range(len(self._document)):
            number = self._number(index)
            if number is None or not number.is_decimal or not number.text_after:
                continue
            if number.code or number.total:
                continue
            if not _CAPTION.match(self._document.text(index)):
                members.setdefault(number.word, []).append(Member(index, number))
        for word, numbered in members.items():
            ends = [*(member.line for member in numbered[1:]), len(self._document)]
            weights = {
                member.line: self._weight(member) + 3 * min(end - member.line, _REACH) / _REACH
                for member, end in zip(numbered, ends, strict=True)
            }
            chain = best_chain(numbered, weights, _outline_step, _begins_outline, _SKIP_COST)
            accepted = [member for member in chain if self._has_reason(member, chain)]
            if len(accepted) >= 2 and (word or _heads_text(accepted)):
                headings = [
                    self._heading(member, Level.NUMBERED + member.number.depth)
                    for member in accepted
                ]
                yield from headings
                yield from self._overview_entries(numbered, headings)

    def _weight(self, member: Member) -> float:
        """Return how much a numbered line looks like a heading."""
        document, index = self._document, member.line
        is_listed = normalize_title(member.number.text_after) in self._listed
        is_one_line = index + 1 < len(document) and document.begins_paragraph(index + 1)
        return (
            0.2
            + document.begins_paragraph(index)
            + document.is_prominent(index)
            + is_listed
            + 0.5 * is_one_line
        )

    def _has_reason(self, member: Member, chain: Sequence[Member]) -> bool:
        """True if a numbered line of an outline (`chain`) is a heading.

        It is if it is set off, has a word before its number, or is in the table of contents or the
        bookmarks. Otherwise it must begin a paragraph, and one of these must hold: in text without
        styles, it is one of the points 1 to n of a motion, or a short paragraph that is no sentence
        of several lines; in text with styles, it is a short paragraph and the outline has five
        headings or more.
        """
        document, index, number = self._document, member.line, member.number
        if document.is_prominent(index) or number.word:
            return True
        if normalize_title(number.text_after) in self._listed:
            return True
        if self._is_bookmarked(index, document.text(index)):
            return True
        if not document.begins_paragraph(index):
            return False
        if not document.styled and _are_points(chain):
            return True
        lines = [index]
        if not document.styled:
            lines = document.paragraph_lines(index)
        whole = " ".join(document.text(line) for line in lines)
        is_sentence = len(lines) > 1 and whole.endswith(_NO_TITLE_END)
        is_short_paragraph = document.ends_paragraph(lines[-1]) and len(whole) <= _POINT / 2
        return is_short_paragraph and not is_sentence and (not document.styled or len(chain) >= 5)

    def _is_bookmarked(self, index: int, title: str) -> bool:
        """True if the file has a bookmark with a title on the page of a line."""
        return (self._document.lines[index].page, normalize_title(title)) in self._bookmarked

    def _overview_entries(
        self, members: Sequence[Member], headings: Sequence[Heading]
    ) -> Iterator[Heading]:
        """Yield the entries of an overview. An entry has number and title of one of the `headings`,
        which is printed elsewhere. Nothing is yielded if there is hardly any text below the
        entries.
        """
        names = {(fold_ref(heading.ref), normalize_title(heading.title)) for heading in headings}
        lines = {heading.line for heading in headings}
        entries, lengths = [], []
        for member, following in pairwise(sorted(members, key=lambda member: member.line)):
            entry = self._heading(member, Level.OVERVIEW)
            name = fold_ref(entry.ref), normalize_title(entry.title)
            # the last member has none behind it, up to which its text could be measured
            if member.line not in lines and name in names:
                entries.append(replace(entry, reason=HeadingReason.REPEATED, is_point=False))
                between = self._document.lines[member.line + 1 : following.line]
                lengths.append(sum(len(line.text) for line in between))
        if lengths and median_high(lengths) >= _OVERVIEW:
            yield from entries

    def _parts(self) -> Iterator[Heading]:
        """Yield headings of lettered parts in sequence: "A.", "B."."""
        parts: list[Member] = []
        for index in range(len(self._document)):
            if not self._may_head(index):
                continue
            number = leading_letter(self._document.text(index))
            if number and len(number.text_after) < 100 and number.parts[0] == len(parts) + 1:
                parts.append(Member(index, number))
        if len(parts) > 1:
            yield from (self._heading(member, Level.PART) for member in parts)

    def _romans(self) -> Iterator[Heading]:
        """Yield headings and points with Roman numerals, in runs that begin with I."""
        runs: list[list[Member]] = []
        for index in range(len(self._document)):
            number = self._number(index)
            if number is None or number.shape != "{roman}" or number.code or not number.text_after:
                continue
            if number.parts == (1,):
                runs.append([Member(index, number)])
            elif runs and number.parts == (len(runs[-1]) + 1,):
                runs[-1].append(Member(index, number))
        for run in runs:
            if len(run) > 1:
                yield from (self._heading(member, Level.NUMBERED) for member in run)

    def _heading(self, member: Member, level: int) -> Heading:
        """Return the heading that a numbered line begins. It is a point if its title is long, or if
        it is not set off and its paragraph goes on behind the title.
        """
        document = self._document
        is_prominent = document.is_prominent(member.line)
        if is_prominent or not document.styled:
            lines = document.paragraph_lines(member.line)
        else:
            lines = [member.line]
        start = len(document.text(member.line)) - len(member.number.text_after)
        title = join_title([document.text(index) for index in lines])[start:].strip()
        goes_on = not document.ends_paragraph(lines[-1])
        is_point = len(title) > _POINT or (goes_on and not is_prominent)
        if is_point:
            lines, title = [member.line], member.number.text_after
        return Heading(
            tuple(lines),
            start,
            title,
            member.number,
            level,
            HeadingReason.NUMBER,
            member.number.ref,
            is_point=is_point,
        )

    # Headings without numbers

    def _plain(self, index: int) -> Heading | None:
        """Return the heading that a line without a number in sequence begins, None if it begins
        none.

        A line such as "§ 12a Inkrafttreten" is a heading. Captions and table cells are none. In a
        sheet only lines that the file or its table of contents marks are headings.
        """
        line = self._document.lines[index]
        paragraph = _PARAGRAPH_SIGN.match(line.text)
        if paragraph is not None and line.opens and len(line.text) <= _LONGEST:
            ref = " ".join(paragraph["ref"].split())
            return Heading(
                (index,),
                paragraph.start("title"),
                paragraph["title"],
                None,
                Level.PLAIN,
                HeadingReason.NUMBER,
                ref,
            )
        if is_caption(line.text) or line.cell is not None:
            return None
        lines = self._document.paragraph_lines(index)
        title = join_title([self._document.text(n) for n in lines])
        if not _may_be_title(title):
            return None
        reason = self._reason(lines, title)
        if reason is None:
            return None
        if index in self._inside and reason not in (HeadingReason.LISTED, HeadingReason.LEVEL):
            return None
        number = parse_number(title)
        start, ref = 0, ""
        if number is not None and number.text_after and not number.code and not number.word:
            start, title = len(title) - len(number.text_after), number.text_after
            ref = number.ref
        else:
            number = None
        return Heading(tuple(lines), start, title.rstrip(" :"), number, Level.PLAIN, reason, ref)

    def _reason(self, lines: Sequence[int], title: str) -> HeadingReason | None:
        """Return why lines without a number in sequence are a heading, None if they are none.

        The reasons are tried in turn: a heading style of the file, a label with a colon, the table
        of contents, a section word ("Begründung"), a look unlike the lines around, and, in plain
        text, a short line between paragraphs. Sentences are no headings by the last three.
        """
        document = self._document
        line, following = document.lines[lines[0]], lines[-1] + 1
        if line.style.level:
            return HeadingReason.LEVEL
        is_before_other = self._differs(following, lines[0])
        is_own_paragraph = is_before_other and self._is_paragraph(line, following)
        if title.endswith(":") and len(title.split()) <= 3 and line.opens:
            if is_own_paragraph:
                return HeadingReason.LABEL
            return None
        if line.opens and self._is_listed(lines[0], title):
            return HeadingReason.LISTED
        if title.endswith(_NO_TITLE_END) or not is_before_other:
            return None
        if is_own_paragraph and is_section_label(title.rstrip(":") + ":"):
            return HeadingReason.LABEL
        is_small = line.style.size < document.body.size - 0.3
        if document.is_prominent(lines[0]) and not is_small and not self._is_uniform(lines):
            return HeadingReason.LOOK
        may_be_plain = not document.styled or lines[0] < self._first_numbered
        is_short = line.opens and len(title.split()) <= 9
        if may_be_plain and is_short and self._is_alone(lines):
            return HeadingReason.ALONE
        return None

    def _is_paragraph(self, line: Line, following: int) -> bool:
        """True if a line begins a paragraph, and the line below its title the next one."""
        after = self._document.lines[following]
        return line.opens and after.opens and not after.bullet

    def _is_listed(self, index: int, title: str) -> bool:
        return normalize_title(title) in self._listed or self._is_bookmarked(index, title)

    def _is_uniform(self, lines: Sequence[int]) -> bool:
        """True if the lines above and below some lines have their style."""
        above = self._document.lines[max(lines[0] - 1, 0)]
        first, below = self._document.lines[lines[0]], self._document.lines[lines[-1] + 1]
        return lines[0] > 0 and above.style == first.style == below.style

    def _is_alone(self, lines: Sequence[int]) -> bool:
        """True if lines come after a complete paragraph and before a long line or a number, and end
        no sentence.
        """
        document = self._document
        if document.text(lines[-1]).endswith(_NO_TITLE_END) or lines[-1] + 1 >= len(document):
            return False
        after = document.text(lines[-1] + 1)
        if len(after) <= 60 and not after[:1].isdigit():
            return False
        if lines[0] == 0 or lines[0] - 1 in document.excluded:
            return True
        return document.text(lines[0] - 1).rstrip().endswith(_PARAGRAPH_ENDS)

    def _differs(self, index: int, first: int) -> bool:
        """True if line `index` has another style than line `first`, or begins a paragraph. It is
        false if there is no such line.
        """
        if index >= len(self._document):
            return False
        lines = self._document.lines
        return lines[index].style != lines[first].style or self._document.begins_paragraph(index)

    # Levels

    def _without_document_title(self, headings: Sequence[Heading]) -> list[Heading]:
        """Return the headings without the title of the document.

        The title is the first line of the document, without a number. No other heading looks like
        it, or it is a heading only because it stands alone.
        """
        lines = (n for n in range(len(self._document)) if n not in self._document.excluded)
        if not headings or headings[0].line != next(lines, 0):
            return list(headings)
        top = headings[0]
        if top.number or top.reason in (HeadingReason.LISTED, HeadingReason.LABEL):
            return list(headings)
        later = [heading for heading in headings if heading.title != top.title]
        has_common_look = any(self._look(heading) == self._look(top) for heading in later)
        if has_common_look and top.reason is not HeadingReason.ALONE:
            return list(headings)
        return later

    def _with_levels(self, headings: Sequence[Heading]) -> list[Heading]:
        """Return the headings with their levels. A heading without a number gets the level of the
        numbered headings with the same look; if none has it, its level follows from the rank of its
        look.
        """
        numbered_looks: dict[_Look, int] = {}
        for heading in headings:
            if heading.level < Level.PLAIN:
                look = self._look(heading)
                numbered_looks[look] = min(numbered_looks.get(look, Level.PLAIN), heading.level)
        plain_looks = {self._look(heading) for heading in headings if heading.level == Level.PLAIN}
        # the level of the file first, then large before small, bold before plain
        ranked_looks = sorted(
            plain_looks - numbered_looks.keys(),
            key=lambda look: (look.level or 99, -look.size, not look.bold),
        )
        labels = [heading for heading in headings if heading.reason is HeadingReason.LABEL]
        is_resolution = any("beschlu" in heading.title.lower() for heading in labels)
        levelled = []
        for heading in headings:
            if heading.level == Level.PLAIN:
                level = self._level(heading, numbered_looks, ranked_looks, is_resolution)
                heading = replace(heading, level=level)
            levelled.append(heading)
        return levelled

    def _level(
        self,
        heading: Heading,
        numbered_looks: Mapping[_Look, int],
        ranked_looks: Sequence[_Look],
        is_resolution: bool,
    ) -> int:
        """Return the level of a heading without a number, by the first of these rules that applies.

        A label in a resolution is a part. A look that numbered headings have (`numbered_looks`)
        gives their level. A heading style of the file gives its own level. An introduction in the
        table of contents is a chapter. A look larger than that of all numbered headings makes a
        part. Otherwise the level follows from the rank of the look in `ranked_looks`, the highest
        first.
        """
        look = self._look(heading)
        if is_resolution and heading.reason is HeadingReason.LABEL:
            return Level.PART
        if look in numbered_looks:
            return numbered_looks[look]
        if look.level:
            return look.level
        word = introduction_of(heading.title)
        if word and normalize_title(word) in self._listed:
            return Level.NUMBERED + 1
        largest = max((numbered.size for numbered in numbered_looks), default=inf)
        if look.size > largest:
            return Level.PART
        return Level.PLAIN + ranked_looks.index(look)

    def _look(self, heading: Heading) -> _Look:
        style = self._document.lines[heading.line].style
        return _Look(style.size, style.bold, style.level)


def _outline_step(before: Member, member: Member) -> float:
    """Return how well a number follows another, from 0 for not at all to 1.

    It is 1 for 1.1 after 1, and for 1.2 after 1.1 or 1.1.3. Over a gap it is less: 1/2 for 1.3
    after 1.1.
    """
    first, (*upper, last) = before.number.counts, member.number.counts
    depth = len(upper)
    if tuple(upper) == first and last <= 1:  # the first number below the one before
        return 1.0
    if depth >= len(first) or tuple(upper) != first[:depth]:
        return 0.0
    gap = last - first[depth]
    if 0 < gap <= 3:
        return 1.0 / gap
    return 0.0


def _name_of_number(heading: Heading) -> tuple[str, str] | None:
    """Return word and ref of the number of a heading, None without one."""
    if heading.number is None:
        return None
    return heading.number.word, heading.number.ref


def _are_points(chain: Sequence[Member]) -> bool:
    """True for the few points 1 to n of a motion."""
    parts = [member.number.parts for member in chain]
    return 3 <= len(parts) <= _POINTS and parts == [(n + 1,) for n in range(len(parts))]


def _may_be_title(title: str) -> bool:
    """True for a text that is not long, consists of letters and does not begin in lower case."""
    letters = sum(map(str.isalpha, title))
    if letters < 3 or 2 * letters < len(title.replace(" ", "")):
        return False
    return len(title) <= _LONGEST and not title[:1].islower()


def _begins_outline(member: Member) -> bool:
    counts = member.number.counts
    return counts[-1] <= 1 or len(counts) == 1


def _heads_text(chain: Sequence[Member]) -> bool:
    """True if a number has several parts, or there is text between most of them, as there is not in
    a list.
    """
    gaps = [later.line - sooner.line for sooner, later in pairwise(chain)]
    return not gaps or median_high(gaps) >= 2 or any(member.number.depth > 1 for member in chain)


def _without_overlapping(headings: Sequence[Heading]) -> list[Heading]:
    """Return headings without those that begin on a line of another."""
    result: list[Heading] = []
    for heading in headings:
        if not result or heading.line > result[-1].lines[-1]:
            result.append(heading)
    return result


def _without_lone_labels(headings: Sequence[Heading]) -> list[Heading]:
    """Return the headings without labels ("Name:"), except for section words ("Begründung:") and
    the labels of a form. A form has many labels, some of which mean a known field, and no numbered
    heading.
    """
    labels = [heading for heading in headings if heading.reason is HeadingReason.LABEL]
    known = sum(field_of_label(heading.title, weak=True) is not None for heading in labels)
    has_numbers = any(heading.number is not None for heading in headings)
    is_form = len(labels) >= _FORM and known >= _KNOWN * len(labels) and not has_numbers
    result = []
    for heading in headings:
        if heading.reason is not HeadingReason.LABEL:
            result.append(heading)
        elif is_form:
            result.append(replace(heading, level=Level.FORM))
        elif is_section_label(f"{heading.title}:"):
            result.append(heading)
    return result


def with_parents(headings: Sequence[Heading]) -> list[Heading]:
    """Return headings with their parent: the nearest heading before them with a lower level."""
    stack: list[int] = []
    result: list[Heading] = []
    for index, heading in enumerate(headings):
        while stack and result[stack[-1]].level >= heading.level:
            stack.pop()
        if stack:
            result.append(replace(heading, parent=stack[-1]))
        else:
            result.append(replace(heading, parent=None))
        stack.append(index)
    return result
