"""The heads of records: number and title as printed, and how far a title goes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from ingest.readers.labels import Label, labels_by_line
from ingest.readers.lines import DocumentLines
from ingest.readers.numbers import PrintedNumber
from ingest.readers.titles import join_title, normalize_title
from vectorstore.language import fold_ref

_MOST_LINES = 7  # of a title
_REGULAR = 0.8  # share of the titles with a mark near below, from which all end there
_GAP = 0.9  # of a line of white space, more of which ends a title
_BESIDE = -0.5  # of a line, by which a line that is no longer below another overlaps it


class NumberPlace(NamedTuple):
    """Where the number of a record is: in the line of its title ("line"), so many cells beside it
    ("row") or lines below it ("near", negative: above).
    """

    kind: str
    step: int = 0


IN_LINE = NumberPlace("line")


@dataclass(frozen=True, slots=True)
class Title:
    """A title as printed: its line indices, the offset of its first character in the first line,
    and its text.
    """

    lines: tuple[int, ...]
    start: int
    text: str


@dataclass(frozen=True, slots=True)
class RecordHead:
    """The head of a record: the first line of its title, its number, and where that is. `title` is
    its title as far as a person named it, None if nobody did. `first_label` is the line of a label
    above with which its sheet begins, -1 without one.
    """

    line: int
    number: PrintedNumber | None = None
    place: NumberPlace | None = None
    number_line: int = -1
    title: Title | None = None
    first_label: int = -1

    @property
    def printed_ref(self) -> str:
        """The number as printed, "" without one."""
        if self.number:
            return self.number.ref
        return ""

    @property
    def ref(self) -> str:
        """The number normalized for comparison, "" without one."""
        return fold_ref(self.printed_ref)


class TitleReader:
    """Reads the titles that begin in given lines of a document."""

    def __init__(self, document: DocumentLines, labels: Sequence[Label]) -> None:
        self._document = document
        self._labels = labels_by_line(labels)

    def title_of(self, head: RecordHead, starts: Collection[int]) -> Title:
        """Return the title of a head, with all lines that continue it. `starts` are the first lines
        of all titles: none of these continues a title.

        The title begins behind the number if this is in its line ("M 3 Radwege"), and behind the
        label if one begins the line ("Titel: Radwege").
        """
        lines = [head.line]
        for index in range(head.line + 1, min(head.line + _MOST_LINES, len(self._document))):
            if index in starts or not self._continues(lines, index):
                break
            lines.append(index)
        return self._make(lines, self._start_of(head))

    def named_title_of(self, head: RecordHead, name: str) -> Title | None:
        """Return the title of a head whose normalized text is `name`; None if the lines from there
        on print another one.
        """
        start = self._start_of(head)
        for end in range(head.line + 1, min(head.line + _MOST_LINES, len(self._document)) + 1):
            title = self._make(range(head.line, end), start)
            if normalize_title(title.text) == name:
                return title
        return None

    def _start_of(self, head: RecordHead) -> int:
        """Return the offset of the first character of a title in its first line."""
        text = self._document.text(head.line)
        label = self._labels.get(head.line)
        if head.place == IN_LINE and head.number is not None:
            return len(text) - len(head.number.text_after)
        if label is not None and not label.is_whole:
            return len(text) - len(text[label.end :].lstrip(" :"))
        return 0

    def _make(self, lines: Sequence[int], start: int) -> Title:
        texts = [self._document.text(index) for index in lines]
        texts[0] = texts[0][start:]
        return Title(tuple(lines), start, join_title(texts).strip(" :|–"))

    def titles_of(self, heads: Sequence[RecordHead]) -> list[Title]:
        """Return the titles of a family of heads, which is not empty.

        There are three ways to tell where they end: where the look of their lines changes, at a
        blank line (or a label, if half of them have a blank line), and at the label that follows
        most of them. The last two count if they end nearly all titles. The way is taken that ends
        most of the titles that somebody named as they were named, of equally good ones the last.
        """
        ends = {head.line for head in heads} | {head.number_line for head in heads}
        titles = [self.title_of(head, ends) for head in heads]
        readings = [titles]
        labels = Counter(map(self._label_at, (title.lines[-1] + 1 for title in titles)))
        usual_label, _ = labels.most_common(1)[0]
        blanks = {index for index, line in enumerate(self._document.lines) if line.apart}
        if 2 * sum(bool(self._up_to(title, blanks, ends)) for title in titles) >= len(titles):
            blanks.update(filter(self._label_at, self._labels))
        usual = {
            index for index in self._labels if usual_label and self._label_at(index) == usual_label
        }
        for marks in (blanks, usual):
            longer = [self._up_to(title, marks, ends) for title in titles]
            if sum(map(bool, longer)) >= _REGULAR * len(titles):
                readings.append([new or old for new, old in zip(longer, titles, strict=True)])

        def count_named(titles: Sequence[Title]) -> int:
            return sum(title == head.title for title, head in zip(titles, heads, strict=True))

        titles = max(reversed(readings), key=count_named)
        return [head.title or title for title, head in zip(titles, heads, strict=True)]

    def _label_at(self, index: int) -> str:
        """Return the key of the label that fills a line, "" without one."""
        label = self._labels.get(index)
        if label is not None and label.is_whole:
            return label.key
        return ""

    def _up_to(self, title: Title, marks: Collection[int], ends: Collection[int]) -> Title | None:
        """Return a title with the lines up to the next one of `marks`. None if there is none a few
        lines below, or if something else comes first: a line of `ends`, a label, the title again,
        another style, or the end of a sentence.
        """
        first = title.lines[-1] + 1
        head = self._document.lines[title.lines[0]]
        for index in range(first, min(title.lines[0] + _MOST_LINES, len(self._document))):
            if index in marks:
                return self._make((*title.lines, *range(first, index)), title.start)
            line = self._document.lines[index]
            is_other = line.text.endswith(".") or not line.style.is_like(head.style)
            if index in ends or index in self._labels or is_other or title.text in line.text:
                return None
        return None

    def _continues(self, lines: Sequence[int], index: int) -> bool:
        """True if a line goes on with the title that the lines before it begin.

        It must be in the same place and look alike, without much white space above it, and be
        neither a list item nor a label; in files without positions it may not begin with one
        either. A line that does not begin a paragraph then continues the title, and so does each
        line of a cell. A line that begins one does so only in files with positions, where
        paragraphs are guessed: if the line above has no space left for its first word.
        """
        line, first = self._document.lines[index], self._document.lines[lines[0]]
        above = self._document.lines[lines[-1]]
        label = self._labels.get(index)
        has_box = line.box.right > 0
        is_label = label is not None and (not has_box or (label.is_whole and line.opens))
        is_same_place = line.page == first.page and line.region == first.region
        if not is_same_place or line.cell != first.cell or line.bullet or is_label:
            return False
        if not line.style.is_like(first.style):
            return False
        gap = line.box.top - above.box.bottom
        if not _BESIDE < gap / max(1.0, line.style.size) < _GAP:
            return False
        if line.cell is not None or not line.opens:
            return True
        return has_box and not self._document.has_space(above, line.text)
