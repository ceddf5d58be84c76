"""What may be the title of a sheet: behind its number, below it, before it, or behind a label for titles."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from ingest.readers.lexicon import is_value
from ingest.readers.numbers import Printed, printed_number
from ingest.readers.simple.labels import Label
from ingest.readers.simple.lines import DocumentLines
from ingest.readers.simple.sheets import Sheet
from ingest.readers.simple.titles import join_title

_LONGEST = 220  # characters of a title
_BEHIND = 6  # paragraphs behind a number that may be its title
_RECURRING, _LONGEST_TAIL, _TAIL_WORDS = 5, 40, 4  # prints, characters and words of a text beside titles
_OPEN_END = re.compile(
    r"(?:[-,–:]|(?<!\w)(?:und|oder|der|die|des|das|für|zur|zum|von|vom|im|in|mit|an|am|auf|bei))$", re.I
)

Position = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Title:
    """A title where it is printed: its lines, where it begins in the first and ends in the last, why it is one.

    `is_listed` is true where contents, overview or bookmarks have it, `is_set_off` where its look or its usual place
    says that it is one, `is_whole` where it does not begin or end within a sentence.
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
    """A text that may be a title, its position in the head, and its look."""

    position: Position
    look: tuple[object, ...]
    title: Title
    is_prominent: bool


class HeadReader:
    """Reads the heads of the sheets of a document."""

    def __init__(self, document: DocumentLines, labels: Sequence[Label]) -> None:
        self._document = document
        self._labels: Mapping[int, Label] = {place: label for label in labels for place in label.lines}
        inner = {re.escape(label.text) for label in labels if label.end < len(document.text(label.lines[-1]))}
        lines = Counter(line.text for line in document.lines if len(line.text) <= _LONGEST_TAIL)
        self._tails = {text for text, count in lines.items() if count >= _RECURRING and (" " in text or text.isupper())}
        self._inner = re.compile(rf"(?<=\S)\s+(?:{'|'.join(sorted(inner))})\s?:" if inner else r"(?!)", re.IGNORECASE)

    def candidates(self, sheet: Sheet) -> Iterator[Candidate]:
        """Yield what may be the title of a sheet; the number of another sheet is none."""
        number = sheet.member.number if sheet.member is not None else None
        for candidate in self._candidates(sheet):
            own = printed_number(candidate.title.text.strip("[]"))
            if own is None or number is None or own.rest or (own.code, own.form) != (number.code, number.form):
                yield candidate

    def _candidates(self, sheet: Sheet) -> Iterator[Candidate]:
        number, start = sheet.member.number if sheet.member is not None else None, sheet.start
        behind = self._run_on(start)
        if number is not None and number.rest and not _is_remark(number):
            yield from self._candidate(("behind",), behind, len(self._document.text(start)) - len(number.rest))
        below = start if number is None else behind[-1] + 1 if number.rest else start + 1
        yield from self._below(sheet, below)

    def _below(self, sheet: Sheet, place: int) -> Iterator[Candidate]:
        """Yield the paragraphs from a line on up to the first label on lines of its own."""
        order = 1
        while place < sheet.end and order <= _BEHIND:
            label = self._labels.get(place)
            if label is None:
                if not (self._document.is_head_like(place) or order == 1):
                    return
                lines = self._run_on(place)
                yield from self._candidate(("below", order), lines, 0)
                place, order = lines[-1], order + 1
            elif label.meaning == "title":
                yield from self._labelled(label)
            elif label.line > sheet.start and self._ends_head(label):
                return
            place += 1

    def _ends_head(self, label: Label) -> bool:
        """True for a label on lines of its own, unless a prominent line below it makes it a remark in the head."""
        document, last = self._document, label.lines[-1]
        is_remark = not document.is_set_off(label.line) and document.is_prominent(last + 1)
        return label.end >= len(document.text(last)) and not is_remark

    def _labelled(self, label: Label, position: Position = ("label",)) -> Iterator[Candidate]:
        """Yield what is behind or below a label for titles."""
        last = label.lines[-1]
        text = self._document.text(last)[label.end :].lstrip(" :")
        if text:
            yield from self._candidate(position, self._run_on(last), len(self._document.text(last)) - len(text))
        elif last + 1 < len(self._document) and last + 1 not in self._labels:
            yield from self._candidate(position, self._run_on(last + 1), 0)

    def _run_on(self, place: int) -> list[int]:
        """Return a line with those in which it goes on, all of a cell that is a title, up to the next label."""
        lines = self._document.run_on(place)
        cell = self._document.cell_lines(place)
        if cell and cell[0] == place and len({self._document.look(line) for line in cell}) == 1:
            lines = cell
        stops = (n for n, line in enumerate(lines) if n and (line in self._labels or line in self._document.apart))
        return lines[: next(stops, len(lines))]

    def _candidate(self, position: Position, lines: Sequence[int], start: int) -> Iterator[Candidate]:
        document = self._document
        texts = [document.text(place) for place in lines]
        texts[0] = texts[0][start:]
        cut = next((n for n, text in enumerate(texts) if self._inner.search(text)), None)
        if cut is not None:  # a label within the line, as where columns are lost
            texts = [*texts[:cut], self._inner.split(texts[cut], maxsplit=1)[0]]
            lines = lines[: cut + 1]
        printed = join_title(texts).strip()
        text = printed.strip(" |–:")
        named = any(map(str.isalpha, text)) and len(text) <= _LONGEST
        if not named or (position != ("behind",) and (text[:1].islower() or is_value(text, ("period", "cost")))):
            return
        end = len(texts[-1].rstrip()) + (start if len(lines) == 1 else 0)
        is_set_off = document.is_set_off(lines[0]) or self._is_title_below_number(position, lines, text)
        is_whole = cut is not None or (self._is_whole(printed, lines[-1]) and not self._has_tail(texts))
        title = Title(tuple(lines), start, end, text, is_set_off=is_set_off, is_whole=is_whole)
        yield Candidate(position, document.look(lines[0]), title, document.is_prominent(lines[0]))

    def _is_whole(self, text: str, last: int) -> bool:
        """True if a text does not begin or end within a sentence, nor fill its line and go on in the next."""
        if _OPEN_END.search(text) or text.count(")") > text.count("("):
            return False
        following = last + 1
        if self._document.same_region(last, following) and self._document.text(following)[:1].islower():
            return False
        ends = following >= len(self._document) or following in self._labels or self._document.opens(following)
        return ends or self._document.is_short(last)

    def _has_tail(self, texts: Sequence[str]) -> bool:
        """True if a line ends with a text of the column beside it; the first line may be such a text itself."""
        return any(
            " ".join(words[-count:]) in self._tails
            for place, words in enumerate(map(str.split, texts))
            for count in range(1, _TAIL_WORDS + 1)
            if place or count < len(words)
        )

    def _is_title_below_number(self, position: Position, lines: Sequence[int], text: str) -> bool:
        """True for a whole paragraph directly below a number on a line of its own that does not end like a sentence."""
        document, following = self._document, lines[-1] + 1
        ends_there = following >= len(document) or document.opens(following)
        is_below = lines[0] > 0 and document.is_set_off(lines[0] - 1)
        return position == ("below", 1) and is_below and ends_there and not text.endswith((".", ":", ";"))


def _is_remark(number: Printed) -> bool:
    return number.rest.startswith("(") and number.rest.rstrip(" :").endswith(")")
