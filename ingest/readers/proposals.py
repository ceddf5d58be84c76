"""Propose families of records: groups of lines that look alike, from seeds that regularities give.

A seed is a group of lines with numbers of one family in one place and look, or of set-off lines
above a label that recurs. Two lines of it are taken as examples of a record (see `lookalikes`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import NamedTuple

from ingest.readers.headings import is_caption
from ingest.readers.labels import Label, labels_by_line
from ingest.readers.line_features import LineFeatures
from ingest.readers.lines import DocumentLines
from ingest.readers.lookalikes import Lookalikes
from ingest.readers.numbers import NumberFamily
from ingest.readers.record_heads import NumberPlace, RecordHead, Title, TitleReader
from ingest.readers.titles import has_words, normalize_title

_LEAST = 3  # records of a proposal
_DISTINCT = 0.8  # share of the titles that differ
# records of a proposal, and seeds that are tried, the largest first
_MOST = 400
_MOST_SEEDS = 60
# Heads of a seed that are taken as examples, with and without a number: two are few where no number
# holds them together.
_NUMBERED = 2
_UNNUMBERED = 6
_LONGEST = 160  # characters of the first line of a title
_LETTERS = 3  # least letters of a title
# lines above (-) and below a title in which its number is searched
_LINE_STEPS = (-1, -2, 1, -3, 2, 3, 4, 5)
_REACH = 6  # most lines between a title without number and the label below it


class SeedKey(NamedTuple):
    """What the lines of a seed share: family of numbers or label below, place of number, look."""

    family: NumberFamily | str
    place: NumberPlace | None
    look: tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Proposal:
    """A family of records that a document may have: heads and titles, in the order of the text."""

    heads: tuple[RecordHead, ...]
    titles: tuple[Title, ...]

    @property
    def lines(self) -> frozenset[int]:
        """The lines in which its titles begin."""
        return frozenset(head.line for head in self.heads)

    @property
    def refs(self) -> frozenset[str]:
        """The normalized numbers."""
        return frozenset(head.ref for head in self.heads if head.ref)

    @property
    def folded_titles(self) -> frozenset[str]:
        """The normalized titles."""
        return frozenset(map(self.folded_title, range(len(self.titles))))

    @property
    def names(self) -> list[tuple[str, str]]:
        """The normalized number and title of each record."""
        return [(head.ref, self.folded_title(index)) for index, head in enumerate(self.heads)]

    def folded_title(self, index: int) -> str:
        """Return the normalized title of a record by its index."""
        return normalize_title(self.titles[index].text)

    def only(self, kept: Sequence[int]) -> Proposal:
        """Return the proposal with the records at these indices alone."""
        heads = tuple(self.heads[index] for index in kept)
        return Proposal(heads, tuple(self.titles[index] for index in kept))


class ProposalFinder:
    """Finds the proposals of one document."""

    def __init__(
        self, document: DocumentLines, labels: Sequence[Label], features: LineFeatures
    ) -> None:
        """Prepare the search for lookalikes and titles, which other readers use too."""
        self._document, self._features = document, features
        self._labels = labels_by_line(labels)
        self.lookalikes = Lookalikes(document, features)
        self.titles = TitleReader(document, labels)

    def find(self) -> list[Proposal]:
        """Return the proposals of all seeds: for each, the lines that look like its examples.
        Proposals with the same heads are returned once, very small and very large ones not at all.
        """
        proposals: dict[tuple[tuple[int, str], ...], Proposal] = {}
        for examples in self._seeds():
            heads = self.lookalikes.find(examples)
            key = tuple((head.line, head.ref) for head in heads)
            if _LEAST <= len(heads) <= _MOST and key not in proposals:
                proposals[key] = self.make(heads)
        return list(proposals.values())

    def make(self, heads: Sequence[RecordHead]) -> Proposal:
        """Return the proposal with these heads and the titles that begin there."""
        return Proposal(tuple(heads), tuple(self.titles.titles_of(heads)))

    def _seeds(self) -> list[list[RecordHead]]:
        """Return examples of records for each seed, that is, for each group of lines that share
        number family, place of the number and look, or the label below and the look. Only the
        largest groups are used. A head that a group has twice, by its number or its text, counts
        once.
        """
        groups: dict[SeedKey, dict[str, RecordHead]] = defaultdict(dict)
        heads = (*self._numbered_heads(), *self._unnumbered_heads())
        for key, head in heads:
            name = head.ref or normalize_title(self._document.text(head.line))
            groups[key].setdefault(name, head)
        seeds = []
        for key in sorted(groups, key=lambda key: -len(groups[key]))[:_MOST_SEEDS]:
            count = _NUMBERED if key.place else _UNNUMBERED
            if len(groups[key]) >= _LEAST:
                seeds.append(_draw(list(groups[key].values()), count))
        return seeds

    def _numbered_heads(self) -> Iterator[tuple[SeedKey, RecordHead]]:
        """Yield the lines that may be titles with a number in the line, beside it or near it, each
        with the key of its seed. One line may be yielded for each of these places.
        """
        for index in range(len(self._document)):
            if not self._may_be_title(index):
                continue
            for head in self._heads_at(index):
                if head.number is not None:
                    family = head.number.family
                    yield SeedKey(family, head.place, self._look(index)), head

    def _may_be_title(self, index: int) -> bool:
        text = self._document.text(index)
        return index not in self._document.excluded and _count_letters(text) >= _LETTERS

    def _heads_at(self, index: int) -> Iterator[RecordHead]:
        """Yield the heads whose title may begin in a line: with a number in the line itself, in the
        nearest cell beside it and in the nearest line. Cell and line must contain nothing else. A
        number beside it counts for the first line of a cell only, one in another line for a
        prominent line only, since most lines have some number near them.
        """
        text = self._document.text(index)
        head = self.lookalikes.head_in_line(index)
        if head is not None and head.number is not None:
            after = head.number.text_after
            if len(after) < _LONGEST and _count_letters(after) >= _LETTERS:
                yield head
        if (
            self._features.is_label(index)
            or len(text) >= _LONGEST
            or self.lookalikes.continues(index)
        ):
            return
        if self._begins_cell(index):
            yield from islice(filter(_is_bare, self.lookalikes.heads_in_row(index)), 1)
        if self._is_prominent(index):
            around = self.lookalikes.heads_around(index, _LINE_STEPS)
            yield from islice(filter(_is_bare, around), 1)

    def _unnumbered_heads(self) -> Iterator[tuple[SeedKey, RecordHead]]:
        """Yield the first lines of set-off texts above labels, up to `_REACH` lines away, each with
        the key of its seed. Only the nearest such text above a label is taken, and none with a
        number before it: this is found by its number.
        """
        # each label once, though one of two lines stands under both
        for label in dict.fromkeys(self._labels.values()):
            for index in range(label.line - 1, max(-1, label.line - 1 - _REACH), -1):
                if index in self._labels:
                    break
                text = self._document.text(index)
                is_title = self._is_prominent(index) and len(text) < _LONGEST
                if is_title and self._may_be_title(index):
                    first = self._first_line(index)
                    number = self.lookalikes.number_in(first)
                    if number is None or not number.text_after:
                        yield SeedKey(label.key, None, self._look(first)), RecordHead(first)
                    break

    def _is_prominent(self, index: int) -> bool:
        """True if a line is set off; in text without styles, if it is short and begins a
        paragraph.
        """
        document = self._document
        if document.styled:
            return document.is_set_off(index)
        return document.begins_paragraph(index) and document.is_short(index)

    def _first_line(self, index: int) -> int:
        """Return the first line of the set-off text that a line belongs to. The text goes up as
        long as the lines above are of the same paragraph, region and look, and no labels.
        """
        document = self._document
        while index > 0 and not document.lines[index].opens:
            above = index - 1
            is_part = document.is_set_off(above) and self._look(above) == self._look(index)
            if above in self._labels or not is_part:
                break
            index = above
        return index

    def _begins_cell(self, index: int) -> bool:
        cell = self._document.lines[index].cell
        return cell is not None and self._features.rows[cell[:2]][cell.column][0] == index

    def _look(self, index: int) -> tuple[object, ...]:
        line = self._document.lines[index]
        return round(line.style.size), line.style.bold, line.bullet, line.cell is not None


def has_titles(proposal: Proposal) -> bool:
    """True if most titles have words beside values and are no captions of pictures or tables, and
    most differ.
    """
    texts = [title.text for title in proposal.titles]
    titled = sum(has_words(text) and not is_caption(text) for text in texts)
    is_distinct = len(proposal.folded_titles) >= _DISTINCT * len(texts)
    return is_distinct and 2 * titled >= len(texts)


def _is_bare(head: RecordHead) -> bool:
    """True if there is no text behind the number of a head."""
    return head.number is not None and not head.number.text_after


def _draw(heads: Sequence[RecordHead], count: int) -> list[RecordHead]:
    """Return up to `count` heads at about equal distances, each once. Of more than `count` + 1
    heads neither the first nor the last is taken.
    """
    if len(heads) <= count:
        return list(heads)
    step = len(heads) / (count + 1)
    return [heads[int(step * (number + 1))] for number in range(count)]


def _count_letters(text: str) -> int:
    return sum(map(str.isalpha, text))
