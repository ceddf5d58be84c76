"""Candidates for the title of a sheet: the texts after its number, below it, and after a label for
titles.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import takewhile

from ingest.readers.lexicon import is_value
from ingest.readers.numbers import PrintedNumber, parse_number
from ingest.readers.simple.labels import Label
from ingest.readers.simple.lines import DocumentLines
from ingest.readers.simple.sheets import Sheet
from ingest.readers.simple.titles import join_title

_LONGEST = 220  # characters of a title
_MOST_BELOW = 6  # paragraphs below a number that may be its title
_RECURRING, _LONGEST_TAIL, _TAIL_WORDS = (
    5,
    40,
    4,
)  # prints, most characters and words of the text of a column beside
_OPEN_END = re.compile(  # "Ausbau der", "Wärme-"
    r"(?:[-,–:]|(?<!\w)(?:und|oder|der|die|des|das|für|zur|zum|von|vom|im|in|mit|an|am|auf|bei))$",
    re.I,
)

# Where a title is: ("behind",) the number, ("below", 1) in the first paragraph below it, ("label",)
# at a title label.
Position = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Title:
    """A title as printed: its line indices, its first character in the first line and its end in
    the last.

    `is_listed` is true if contents, tables or bookmarks have it, `is_set_off` if it differs from
    the body or is where most titles are, `is_whole` if it does not begin or end within a sentence.
    """

    lines: tuple[int, ...]
    start: int
    end: int
    text: str
    is_listed: bool = False
    is_set_off: bool = False
    is_whole: bool = True


@dataclass(frozen=True, slots=True)
class Candidate:
    """A text that may be a title, its position in the head of the sheet, and its look."""

    position: Position
    look: tuple[object, ...]
    title: Title
    is_prominent: bool


class HeadReader:
    """Finds title candidates in the heads of the sheets of a document."""

    def __init__(self, document: DocumentLines, labels: Sequence[Label]) -> None:
        self._document = document
        self._label_at: Mapping[int, Label] = {
            index: label for label in labels for index in label.lines
        }
        inline = {re.escape(label.text) for label in labels if not label.is_whole}
        inner_label = rf"(?<=\S)\s+(?:{'|'.join(sorted(inline))})\s?:" if inline else r"(?!)"
        self._inner_label = re.compile(
            inner_label, re.IGNORECASE
        )  # a label for a text beside it, within a line
        counts = Counter(line.text for line in document.lines if len(line.text) <= _LONGEST_TAIL)
        recurring = (text for text, count in counts.items() if count >= _RECURRING)
        self._column_texts = {text for text in recurring if " " in text or text.isupper()}

    def candidates(self, sheet: Sheet) -> Iterator[Candidate]:
        """Yield the title candidates of a sheet, without those that are only the number of another
        sheet.
        """
        if sheet.member is None:
            yield from self._candidates_below(sheet, sheet.start)
            return
        number = sheet.member.number
        for candidate in self._candidates_by_number(sheet, number):
            other = parse_number(candidate.title.text.strip("[]"))
            if (
                other is None
                or other.text_after
                or (other.code, other.form) != (number.code, number.form)
            ):
                yield candidate

    def _candidates_by_number(self, sheet: Sheet, number: PrintedNumber) -> Iterator[Candidate]:
        """Yield the text after the number of a sheet, unless that is a remark ("M 3 (neu)"), and
        those below it.
        """
        if not number.text_after:
            yield from self._candidates_below(sheet, sheet.start + 1)
            return
        paragraph = self._paragraph(sheet.start)
        is_remark = number.text_after.startswith("(") and number.text_after.rstrip(" :").endswith(
            ")"
        )
        if not is_remark:
            start = len(self._document.text(sheet.start)) - len(number.text_after)
            yield from self._make_candidate(("behind",), paragraph, start)
        yield from self._candidates_below(sheet, paragraph[-1] + 1)

    def _candidates_below(self, sheet: Sheet, index: int) -> Iterator[Candidate]:
        """Yield the paragraphs from line `index` up to a label on lines of its own, neither for
        titles nor a remark.

        For a label for titles its text is yielded. After the first paragraph, a line that is no
        head ends them too.
        """
        paragraph = 1
        while index < sheet.end and paragraph <= _MOST_BELOW:
            label = self._label_at.get(index)
            if label is None:
                if paragraph > 1 and not self._document.is_head_like(index):
                    return
                lines = self._paragraph(index)
                yield from self._make_candidate(("below", paragraph), lines, 0)
                index, paragraph = lines[-1], paragraph + 1
            elif label.meaning == "title":
                yield from self._candidates_at_label(label)
            elif label.line > sheet.start and label.is_whole and not self._is_remark(label):
                return
            index += 1

    def _is_remark(self, label: Label) -> bool:
        """True for a plain label above a prominent line: a remark within the head."""
        return not self._document.is_set_off(label.line) and self._document.is_prominent(
            label.lines[-1] + 1
        )

    def _candidates_at_label(self, label: Label) -> Iterator[Candidate]:
        """Yield the text after a label for titles in its line, else the text below it."""
        position, last = ("label",), label.lines[-1]
        text = self._document.text(last)[label.end :].lstrip(" :")
        if text:
            yield from self._make_candidate(
                position, self._paragraph(last), len(self._document.text(last)) - len(text)
            )
        elif last + 1 < len(self._document) and last + 1 not in self._label_at:
            yield from self._make_candidate(position, self._paragraph(last + 1), 0)

    def _paragraph(self, index: int) -> list[int]:
        """Return a line and those that continue it up to the next label; a cell of one look is
        taken whole.
        """
        lines = self._document.paragraph_lines(index)
        cell = self._document.cell_lines(index)
        if cell and cell[0] == index and len({self._document.look(line) for line in cell}) == 1:
            lines = cell
        further = takewhile(
            lambda n: n not in self._label_at and n not in self._document.excluded, lines[1:]
        )
        return [lines[0], *further]

    def _make_candidate(
        self, position: Position, lines: Sequence[int], start: int
    ) -> Iterator[Candidate]:
        """Yield the candidate from character `start` of the first line on, up to a label; none if
        it is no title.
        """
        document = self._document
        texts = [document.text(index) for index in lines]
        texts[0] = texts[0][start:]
        cut_line = next(
            (number for number, text in enumerate(texts) if self._inner_label.search(text)), None
        )
        if cut_line is not None:  # a label within the line, where columns were read as one line
            texts = [*texts[:cut_line], self._inner_label.split(texts[cut_line], maxsplit=1)[0]]
            lines = lines[: cut_line + 1]
        printed = join_title(texts).strip()
        text = printed.strip(" |–:")
        if not any(map(str.isalpha, text)) or len(text) > _LONGEST:
            return
        if position != ("behind",) and (text[0].islower() or is_value(text, ("period", "cost"))):
            return
        end = len(texts[-1].rstrip()) + (start if len(lines) == 1 else 0)
        is_set_off = document.is_set_off(lines[0])
        is_whole = cut_line is not None or (
            self._is_whole(printed, lines[-1]) and not self._has_column_text(texts)
        )
        title = Title(tuple(lines), start, end, text, is_set_off=is_set_off, is_whole=is_whole)
        yield Candidate(position, document.look(lines[0]), title, document.is_prominent(lines[0]))

    def _is_whole(self, text: str, last: int) -> bool:
        """True if a text neither ends within a sentence or bracket nor continues in the line after
        line `last`.
        """
        if _OPEN_END.search(text) or text.count(")") > text.count("("):
            return False
        following = last + 1
        if (
            self._document.same_region(last, following)
            and self._document.text(following)[:1].islower()
        ):
            return False
        is_end = following in self._label_at or self._document.ends_paragraph(last)
        return is_end or self._document.is_short(last)

    def _has_column_text(self, texts: Sequence[str]) -> bool:
        """True if a line ends with a recurring text of a column beside it; the first line may be
        only that text.
        """
        for index, text in enumerate(texts):
            words = text.split()
            most = _TAIL_WORDS if index else min(_TAIL_WORDS, len(words) - 1)
            if any(" ".join(words[-count:]) in self._column_texts for count in range(1, most + 1)):
                return True
        return False
