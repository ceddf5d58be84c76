"""Headings with numbers in sequence: decimals, lettered parts, Roman numerals and points."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from statistics import median_high

from ingest.readers.heading_lines import HeadingLines
from ingest.readers.headings import Heading, HeadingReason, Level, is_caption
from ingest.readers.kinds import kind_of_word
from ingest.readers.numbers import leading_letter
from ingest.readers.sequences import Member, best_chain
from ingest.readers.titles import join_title, normalize_title
from vectorstore.language import fold_ref

# Without the outlines 490 items of five documents changed (docs/decisions/005-reading.md).
_POINT = 250  # most characters of a numbered paragraph that is no point
_REACH = 20  # most lines below a number that add to its weight
_POINTS = 15  # most points of a motion
# median of characters below the entries of an overview, from which these are headings of texts
_OVERVIEW = 150


class OutlineReader:
    """Reads the headings of a document that have numbers in sequence."""

    def __init__(self, lines: HeadingLines) -> None:
        self._lines, self._document = lines, lines.document

    def read(self) -> list[Heading]:
        """Return the headings and points. A line whose number belongs to two sorts gives one
        heading: decimals count before lettered parts, and these before Roman numerals.
        """
        by_line: dict[int, Heading] = {}
        for heading in (*self._decimals(), *self._parts(), *self._romans()):
            by_line.setdefault(heading.line, heading)
        return list(by_line.values())

    def _numbers(self) -> Iterator[Member]:
        """Yield the numbers with which lines begin that may be headings. A text must be behind the
        number, or a word for a kind before it ("Operatives Ziel 1.1"), and no letters before its
        digits: numbers such as "M 3" are those of records.
        """
        for index in range(len(self._document)):
            if self._lines.may_head(index):
                number = self._document.number(index)
                if number is None or number.code:
                    continue
                if number.text_after or kind_of_word(number.word):
                    yield Member(index, number)

    def _decimals(self) -> Iterator[Heading]:
        """Yield headings with decimal numbers in sequence (1, 1.1, 2), and the entries of
        overviews.

        Numbers with different words before them ("Ziel 1", "Kapitel 1") are in different sequences.
        Of each sequence the best chain is taken, so that a number that is only mentioned is
        skipped. Lines that look like headings and have much text below them weigh most. Without a
        word before the numbers, the chain must be more than a list.
        """
        members: dict[str, list[Member]] = {}  # by kind or word
        for member in self._numbers():
            number = member.number
            if number.is_decimal and not is_caption(self._document.text(member.line)):
                kind = kind_of_word(number.word)
                members.setdefault(kind or number.word, []).append(member)
        for word, numbered in members.items():
            ends = [*(member.line for member in numbered[1:]), len(self._document)]
            weights = {
                member.line: self._weight(member) + 3 * min(end - member.line, _REACH) / _REACH
                for member, end in zip(numbered, ends, strict=True)
            }
            chain = best_chain(numbered, weights)
            accepted = [member for member in chain if self._has_reason(member, chain)]
            if len(accepted) >= 2 and (word or _heads_text(accepted)):
                headings = [
                    self._heading(member, Level.NUMBERED + member.number.depth)
                    for member in accepted
                ]
                yield from headings
                yield from self._overview_entries(numbered, headings)

    def _weight(self, member: Member) -> float:
        """Return how much a numbered line looks like a heading, from 0.2 to 3.2: it begins a
        paragraph, is prominent, and is in the table of contents.
        """
        document, index = self._document, member.line
        is_listed = self._lines.is_listed(member.number.text_after)
        return 0.2 + document.begins_paragraph(index) + document.is_prominent(index) + is_listed

    def _has_reason(self, member: Member, chain: Sequence[Member]) -> bool:
        """True if a numbered line of an outline (`chain`) is a heading.

        It is if it is set off or has a word before its number. Otherwise it must begin a paragraph,
        and one of these must hold: in text without styles, it is one of the points 1 to n of a
        motion, or a short paragraph; in text with styles, it is a short paragraph and the outline
        has five headings or more.
        """
        document, index, number = self._document, member.line, member.number
        if document.is_prominent(index) or number.word:
            return True
        if not document.begins_paragraph(index):
            return False
        if not document.styled and _are_points(chain):
            return True
        lines = [index]
        if not document.styled:
            lines = document.paragraph_lines(index)
        whole = " ".join(document.text(line) for line in lines)
        is_short_paragraph = document.ends_paragraph(lines[-1]) and len(whole) <= _POINT / 2
        return is_short_paragraph and (not document.styled or len(chain) >= 5)

    def _overview_entries(
        self, members: Sequence[Member], headings: Sequence[Heading]
    ) -> Iterator[Heading]:
        """Yield the entries of an overview: lines with number and title of one of the `headings`,
        which is printed elsewhere. `members` are all lines of the sequence.

        If there is hardly any text below the entries, they are a mere list of contents, and nothing
        is yielded.
        """
        names = {(fold_ref(heading.ref), normalize_title(heading.title)) for heading in headings}
        lines = {heading.line for heading in headings}
        entries, lengths = [], []
        # the last member has none behind it, up to which its text could be measured
        for member, following in pairwise(sorted(members, key=lambda member: member.line)):
            entry = self._heading(member, Level.OVERVIEW)
            name = fold_ref(entry.ref), normalize_title(entry.title)
            if member.line not in lines and name in names:
                entries.append(replace(entry, reason=HeadingReason.REPEATED, is_point=False))
                between = self._document.lines[member.line + 1 : following.line]
                lengths.append(sum(len(line.text) for line in between))
        if lengths and median_high(lengths) >= _OVERVIEW:
            yield from entries

    def _parts(self) -> Iterator[Heading]:
        """Yield headings of lettered parts in sequence: "A.", "B.". Each letter is taken where it
        is first printed behind the letter before it. A single part is no sequence.
        """
        parts: list[Member] = []
        for index in range(len(self._document)):
            if not self._lines.may_head(index):
                continue
            number = leading_letter(self._document.text(index))
            if number and number.parts[0] == len(parts) + 1:
                parts.append(Member(index, number))
        if len(parts) > 1:
            yield from (self._heading(member, Level.PART) for member in parts)

    def _romans(self) -> Iterator[Heading]:
        """Yield headings and points with Roman numerals, in runs that begin with I and have at
        least a II. A number that does not come next in the last run is skipped.
        """
        runs: list[list[Member]] = []
        for member in self._numbers():
            if member.number.shape != "{roman}":
                continue
            if member.number.parts == (1,):
                runs.append([member])
            elif runs and member.number.parts == (len(runs[-1]) + 1,):
                runs[-1].append(member)
        for run in runs:
            if len(run) > 1:
                yield from (self._heading(member, Level.NUMBERED) for member in run)

    def _heading(self, member: Member, level: int) -> Heading:
        """Return the heading that a numbered line begins. It is a point if its title is long, or if
        its paragraph goes on behind the title.

        In text with styles, only a prominent title may go on in further lines: elsewhere the next
        line is text. A point has the text of its first line as title.
        """
        document = self._document
        if not member.number.text_after and member.line + 1 < len(document):
            lines = [member.line, *document.paragraph_lines(member.line + 1)]
        elif document.is_prominent(member.line) or not document.styled:
            lines = document.paragraph_lines(member.line)
        else:
            lines = [member.line]
        start = len(document.text(member.line)) - len(member.number.text_after)
        title = join_title([document.text(index) for index in lines])[start:].strip()
        goes_on = not document.ends_paragraph(lines[-1])
        is_point = len(title) > _POINT or goes_on
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


def _are_points(chain: Sequence[Member]) -> bool:
    """True for the points of a motion: a chain with the numbers 1 to n and no others, three at
    least and not many.
    """
    parts = [member.number.parts for member in chain]
    return 3 <= len(parts) <= _POINTS and parts == [(n + 1,) for n in range(len(parts))]


def _heads_text(chain: Sequence[Member]) -> bool:
    """True if a chain of two members or more is one of headings and no mere list: a number has
    several parts ("1.1"), or at least half of the numbers have lines between them and the next one.
    """
    gaps = [later.line - sooner.line for sooner, later in pairwise(chain)]
    return median_high(gaps) >= 2 or any(member.number.depth > 1 for member in chain)
