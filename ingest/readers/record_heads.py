"""The heads of records: number and title as printed, and how far a title goes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from ingest.readers.labels import Label, labels_by_line
from ingest.readers.lines import DocumentLines
from ingest.readers.numbers import PrintedNumber
from ingest.readers.titles import join_title
from vectorstore.language import fold_ref

_MOST_LINES = 7  # of a title
_REGULAR = 0.6  # share of the titles with one label below, from which all end there
_SAME_SIZE = 0.6  # points by which the sizes of the lines of a title may differ
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
class RecordHead:
    """The head of a record: the first line of its title, its number, and where that is."""

    line: int
    number: PrintedNumber | None = None
    place: NumberPlace | None = None
    number_line: int = -1

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


@dataclass(frozen=True, slots=True)
class Title:
    """A title as printed: its line indices, the offset of its first character in the first line,
    and its text.
    """

    lines: tuple[int, ...]
    start: int
    text: str


class TitleReader:
    """Reads the titles that begin in given lines of a document."""

    def __init__(self, document: DocumentLines, labels: Sequence[Label]) -> None:
        self._document = document
        self._labels = labels_by_line(labels)

    def title_of(self, head: RecordHead, starts: Collection[int]) -> Title:
        """Return the title of a head, with all lines that continue it. `starts` are the first lines
        of all titles: none of these continues a title.

        The title begins behind the number if this is in its line ("M 3 Radwege"), and behind the
        label if one begins the line ("Titel: Radwege"). The line of the number ends it, if that
        stands below.
        """
        text = self._document.text(head.line)
        start = 0
        label = self._labels.get(head.line)
        if head.place == IN_LINE and head.number is not None:
            start = len(text) - len(head.number.text_after)
        elif label is not None and not label.is_whole:
            start = len(text) - len(text[label.end :].lstrip(" :"))
        lines = [head.line]
        for index in range(head.line + 1, min(head.line + _MOST_LINES, len(self._document))):
            if index in starts or index == head.number_line or not self._continues(lines, index):
                break
            lines.append(index)
        texts = [text[start:], *(self._document.text(index) for index in lines[1:])]
        return Title(tuple(lines), start, join_title(texts).strip(" :|–").strip())

    def titles_of(self, heads: Sequence[RecordHead]) -> list[Title]:
        """Return the titles of a family of heads, which is not empty. If most of them come right
        before the same label, titles end at this label: those that were read shorter are extended
        up to it (see `_up_to_label`).
        """
        starts = {head.line for head in heads}
        titles = [self.title_of(head, starts) for head in heads]
        following = Counter(map(self._label_below, titles))
        key, count = following.most_common(1)[0]
        if not key or count < _REGULAR * len(titles):
            return titles
        return [self._up_to_label(title, key, starts) for title in titles]

    def _label_below(self, title: Title) -> str:
        """Return the key of the label that fills the line after a title, "" without one."""
        label = self._labels.get(title.lines[-1] + 1)
        if label is not None and label.is_whole:
            return label.key
        return ""

    def _up_to_label(self, title: Title, key: str, starts: Collection[int]) -> Title:
        """Return a title with the lines between it and the label `key`. It stays as it is if there
        is no such label a few lines below, or if another title, label or size of letters comes
        first: then the lines between are no part of it.
        """
        size = self._document.lines[title.lines[0]].style.size
        last = min(len(self._document), title.lines[0] + _MOST_LINES)
        for index in range(title.lines[-1] + 1, last):
            label = self._labels.get(index)
            if label is not None and label.key == key:
                between = range(title.lines[-1] + 1, index)
                texts = [title.text, *(self._document.text(line) for line in between)]
                text = join_title(texts).strip(" :|–").strip()
                return Title((*title.lines, *between), title.start, text)
            is_other = abs(self._document.lines[index].style.size - size) > _SAME_SIZE
            if index in starts or label is not None or is_other:
                break
        return title

    def _continues(self, lines: Sequence[int], index: int) -> bool:
        """True if a line goes on with the title that the lines before it begin.

        It must be in the same place and look alike, without much white space above it, and be
        neither a list item nor a label; in files without positions it may not begin with one
        either. A line that does not begin a paragraph then continues the
        title, and so does each line of a cell. A line that begins one does so only in files with
        positions, where paragraphs are guessed: if the line above has no space left for its first
        word or breaks a word, or if it begins in lower case.
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
        if has_box and not _BESIDE < gap / max(1.0, line.style.size) < _GAP:
            return False
        if line.cell is not None or not line.opens:
            return True
        is_broken = line.text[:1].islower() or above.text.endswith("-")
        return has_box and (is_broken or not self._document.has_space(above, line.text))
