"""Find labels: they recur over a document and have a look, a colon, a cell or a
known meaning.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from ingest.readers.lexicon import (
    RECORD_FIELDS,
    field_of_label,
    is_sum_row,
    is_value,
    normalize,
)
from ingest.readers.lines import DocumentLines
from ingest.readers.titles import join_title, normalize_title
from ingest.stream import Cell, split_where

# What looks are worth: without them 5 of 210 units were lost (docs/decisions/005-reading.md).
_LEAST = 3  # prints of a label
# characters of a label on lines of its own, and before a text
_LONGEST = 160
_LONGEST_LEAD = 60
_LEAST_LETTERS = 3  # letters after a number in a line that may be a label
_STYLED = 0.6  # share of the prints that are set off
# share of the prints of a shorter text from which the longer text of a line is the label
_AS_OFTEN = 0.75
# share of the prints of the most frequent labels from which a text without a look is a label
_REGULAR = 0.6
# most words after a known label and colon that are a value, even if every sheet prints them: "Amt
# für Umwelt und Verkehr"; of 522 known records of 28 papers none is read otherwise with 2 or with 6
_VALUE_WORDS = 5
_MARKED = 0.8  # share of the known labels with a colon up to which labels may have none
# "Zeitraum: 2025", not "12:30 Uhr"
_COLON = re.compile(r"(?P<label>[^\W\d_][^:?\t]{1,58}?)\s?:(?=\s|$)")


@dataclass(frozen=True, slots=True)
class Label:
    """A label as printed in one place: the indices of its lines, and its text."""

    lines: tuple[int, ...]
    end: int  # offset in the last line at which the label ends
    is_whole: bool  # on lines of its own, not before a text in its last line
    text: str
    key: str  # the normalized text, which all prints of a label share
    meaning: str | None = None  # the field that it means (see `lexicon`), None for an unknown label

    @property
    def line(self) -> int:
        """The index of its first line."""
        return self.lines[0]


def _find_prints(document: DocumentLines, titles: Collection[str]) -> dict[str, list[_Print]]:
    """Return the texts that may be labels, each with all its prints in the document, by the
    normalized text. `titles` are normalized titles: such a text is no label, however often it is
    printed.
    """
    all_prints: dict[str, list[_Print]] = defaultdict(list)
    for index in range(len(document)):
        for candidate in _possible_labels(document, index):
            key = normalize(candidate.text)
            if key and normalize_title(candidate.text) not in titles:
                all_prints[key].append(candidate)
    return all_prints


def labels_by_line(labels: Iterable[Label]) -> dict[int, Label]:
    """Return labels by the indices of their lines, a label of two lines under both; of two on one
    line the last.
    """
    by_line: dict[int, Label] = {}
    for label in labels:
        by_line |= dict.fromkeys(label.lines, label)
    return by_line


@dataclass(frozen=True, slots=True)
class _Print:
    """A text of one line that may be a label or part of one: the whole line or its beginning."""

    line: int
    end: int
    text: str
    is_whole: bool
    is_set_off: bool
    is_second_half: bool = False  # begins with the second half of a word that a line end breaks


def find_labels(document: DocumentLines, titles: Collection[str]) -> list[Label]:
    """Return the labels of a document in order. `titles` are normalized titles, which are no
    labels.

    Labels are texts that recur (`_LEAST` prints or more). A rare text is a label too if it has a
    colon and means a field ("Kosten: 20.000 €"). It is not if the recurring labels for fields are
    set off by their look, which a label of the same sheet would share.
    """
    rare = dict[str, list[_Print]]()
    recurring = dict[str, list[_Print]]()
    for key, prints in _find_prints(document, titles).items():
        if len(prints) >= _LEAST:
            recurring[key] = prints
        elif field_of_label(key) in RECORD_FIELDS and _has_colon(document, prints):
            rare[key] = prints
    usual = _usual_count(recurring)
    unmarked = _are_unmarked(document, recurring)
    labels = {
        key: prints
        for key, prints in recurring.items()
        if _is_label(key, prints, usual, unmarked=unmarked)
    }
    labels = _without_values(document, labels)
    record_labels = [
        prints for key, prints in labels.items() if field_of_label(key) in RECORD_FIELDS
    ]
    if record_labels and not any(map(_is_styled, record_labels)):
        labels |= rare  # fields of only some sheets, printed like the others
    # line → the best label in it, with how often it is printed
    by_line: dict[int, tuple[int, _Print]] = {}
    for prints in labels.values():
        for candidate in prints:
            other = by_line.get(candidate.line)
            if other is None or _is_better((len(prints), candidate), other):
                by_line[candidate.line] = len(prints), candidate
    best = [candidate for _, (_, candidate) in sorted(by_line.items())]
    return list(_join_prints(document, best))


def _has_colon(document: DocumentLines, prints: Sequence[_Print]) -> bool:
    """True if all prints end with a colon that a value follows on the same line."""
    return all(
        not label.is_whole and document.text(label.line)[: label.end].endswith(":")
        for label in prints
    )


def _is_better(counted: tuple[int, _Print], other: tuple[int, _Print]) -> bool:
    """True if the first of two texts of a line is the label. Each text comes with the number of its
    prints. The longer text is the label ("Kosten in Euro" rather than "Kosten"), unless it is
    printed less often (`_AS_OFTEN`): then it is the label and a value that some sheets share.
    """
    (count, candidate), (other_count, other_candidate) = counted, other
    if candidate.end > other_candidate.end:
        return count >= _AS_OFTEN * other_count
    return other_count < _AS_OFTEN * count


def _possible_labels(document: DocumentLines, index: int) -> Iterator[_Print]:
    """Yield the texts of a line that may be a label: the whole line, and its bold beginning or the
    text before its colon.

    The whole line is none if it ends as a sentence does, is a row of sums, or is a known label with
    a short value ("Priorität: hoch"), which many sheets may print alike. List items without a bold
    beginning yield nothing.
    """
    line = document.lines[index]
    text = document.text(index)
    number = document.number(index)
    if index in document.excluded or (line.bullet and not line.lead):
        return
    is_styled = document.is_styled(index)
    colon = _COLON.match(text)
    has_words = number is None or sum(map(str.isalpha, number.text_after)) >= _LEAST_LETTERS
    name, value = "", list[str]()
    if colon is not None:
        name, value = colon["label"], text[colon.end() :].split()
    # "Priorität: hoch" on every sheet, but not "Kosten: Was braucht es dafür?"
    is_short_value = 0 < len(value) <= _VALUE_WORDS and not text.endswith("?")
    has_value = is_short_value and not is_styled and field_of_label(name) is not None
    may_be_whole = has_words and len(text) <= _LONGEST and not text.endswith((".", ",", ";"))
    if may_be_whole and not has_value and not is_sum_row(text):
        # the second half of a broken word is in lower case, but no clause: see `_is_clause`
        goes_on = index > 0 and not document.begins_paragraph(index)
        yield _Print(
            index,
            len(text),
            text,
            is_whole=True,
            is_set_off=is_styled,
            is_second_half=goes_on and document.text(index - 1).endswith("-"),
        )
    # a single bold letter begins no label
    if 1 < line.lead <= _LONGEST_LEAD and line.lead < len(text):
        yield _Print(index, line.lead, text[: line.lead], is_whole=False, is_set_off=True)
    # more words before a colon are a sentence
    elif colon is not None and value and len(name.split()) <= 6:
        yield _Print(index, colon.end(), name, is_whole=False, is_set_off=False)


def _usual_count(all_prints: Mapping[str, Sequence[_Print]]) -> int:
    """Return how often a usual label is printed, which is about once a sheet. It is the count of
    the third most frequent of the labels that mean a field or have a look of their own: the first
    two may be printed more than once a sheet. With fewer it is the count of the least frequent,
    without any 0.
    """
    counts = []
    for key, prints in all_prints.items():
        if field_of_label(key) or _is_styled(prints):
            counts.append(len(prints))
    counts.sort(reverse=True)
    return min(counts[:3], default=0)


def _is_styled(prints: Sequence[_Print]) -> bool:
    return sum(candidate.is_set_off for candidate in prints) >= _STYLED * len(prints)


def _is_clause(prints: Sequence[_Print]) -> bool:
    """True if most prints begin in lower case, as the middle of a sentence does. A second half of a
    broken word does not count.
    """
    whole = [candidate for candidate in prints if not candidate.is_second_half]
    return sum(candidate.text[:1].islower() for candidate in whole) > len(prints) / 2


def _is_marked(prints: Sequence[_Print]) -> bool:
    """True if most prints end with a colon or question mark."""
    marked = sum(candidate.text.rstrip().endswith((":", "?")) for candidate in prints)
    return marked >= _STYLED * len(prints)


def _are_unmarked(document: DocumentLines, all_prints: Mapping[str, Sequence[_Print]]) -> bool:
    """True if the labels of a document may have neither a look of their own nor a colon: it has one
    style, and not nearly all of the recurring texts that fill a line and mean a field (`_MARKED`)
    have a colon.
    """
    known = [prints[0] for key, prints in all_prints.items() if field_of_label(key)]
    have_colons = [label.text.endswith(":") for label in known if label.is_whole]
    return not document.styled and sum(have_colons) <= _MARKED * len(have_colons)


def _is_label(key: str, prints: Sequence[_Print], usual: int, *, unmarked: bool) -> bool:
    """True if a recurring text is a label.

    A text that may be a value ("hoch") is none, nor is a clause without look and colon. Of the
    others, a text is a label if it is set off, or has a colon on a line of its own. It also is if
    it means a field (for a regular text weak words count too), or if labels may be `unmarked` and
    it is regular: printed about as often as the `usual` label.
    """
    is_marked = _is_marked(prints)
    is_styled = _is_styled(prints)
    is_whole = prints[0].is_whole
    if not is_marked and is_value(key) and field_of_label(key) is None:
        return False
    if not (is_marked or is_styled) and _is_clause(prints):
        return False
    if is_styled or (is_marked and is_whole):
        return True
    is_regular = usual > 0 and len(prints) >= max(_LEAST, _REGULAR * usual)
    return (is_regular and unmarked) or field_of_label(key, weak=is_regular) is not None


def _without_values(
    document: DocumentLines, labels: Mapping[str, list[_Print]]
) -> dict[str, list[_Print]]:
    """Return the labels without texts that are values, such as "ja" in many tables: most of their
    prints are in the cell to the right of a label that is printed more often, or that has a colon
    while they mean no field.
    """
    counts: dict[Cell, int] = {}  # cell of a label → its prints
    with_colon = set[Cell]()
    for prints in sorted(labels.values(), key=len, reverse=True):
        for candidate in prints:
            cell = document.lines[candidate.line].cell
            if candidate.is_whole and cell is not None:
                counts[cell] = len(prints)  # in this order the least of those in one cell stays
                if candidate.text.endswith(":"):
                    with_colon.add(cell)

    def is_value_text(key: str, prints: Sequence[_Print]) -> bool:
        means_nothing = field_of_label(key) is None
        beside = 0
        for candidate in prints:
            cell = document.lines[candidate.line].cell
            if cell is not None:
                left = cell._replace(column=cell.column - 1)
                is_rarer = counts.get(left, 0) > len(prints)
                beside += is_rarer or (means_nothing and left in with_colon)
        return 2 * beside > len(prints)

    return {key: prints for key, prints in labels.items() if not is_value_text(key, prints)}


def _join_prints(document: DocumentLines, prints: Sequence[_Print]) -> Iterator[Label]:
    """Yield the labels, each made of prints on one or more lines of a paragraph."""
    for group in split_where(prints, lambda group, part: not _continues(document, group[-1], part)):
        text = join_title([part.text for part in group])
        lines = tuple(part.line for part in group)
        last = group[-1]
        yield Label(
            lines, last.end, last.is_whole, text.rstrip(" :"), normalize(text), field_of_label(text)
        )


def _continues(document: DocumentLines, above: _Print, part: _Print) -> bool:
    """True if a print goes on with the label of the line above it, which fills its line and ends
    with no colon or question mark. Both are in one paragraph.
    """
    if not above.is_whole or part.line != above.line + 1:
        return False
    return not document.begins_paragraph(part.line) and not above.text.endswith((":", "?"))
