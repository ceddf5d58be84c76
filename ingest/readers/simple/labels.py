"""Find labels: texts that recur over a document and have a look, a colon, a cell of their own or a known meaning."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from ingest.readers.lexicon import RECORD_FIELDS, field_of_label, is_sum_row, is_value, normalize
from ingest.readers.simple.lines import DocumentLines
from ingest.readers.simple.titles import join_title, normalize_title

_LEAST = 3  # prints of a label
_SPREAD, _AMONG, _MORE = 0.5, 0.7, 2  # see `_without_local_labels`
_FREQUENT = 40  # most frequent labels that others are compared with
_LONGEST, _LONGEST_LEAD = 160, 60  # characters of a label on lines of its own, and before a text
_LEAST_LETTERS = 3  # letters after a number in a line that may be a label
_STYLED = 0.6  # share of the prints that are set off
_AS_OFTEN = 0.75  # share of the prints of a shorter text from which the longer text of a line is the label
_CONTINUED = 0.8  # share of the prints of a label that have another one right below
_REGULAR = 0.6  # share of the prints of the most frequent labels from which a text without a look is a label
_VALUE_WORDS = 2  # most words after a known label and colon that are a value, even if every sheet prints them
_MARKED = 0.8  # up to this share of known labels with a look or colon, labels may have neither
_COLON = re.compile(r"^(?P<label>[^\W\d_][^:?\t]{1,58}?)\s?:(?=\s|$)")


@dataclass(frozen=True, slots=True)
class Label:
    """A label as printed in one place: the indices of its lines, and its text."""

    lines: tuple[int, ...]
    end: int  # offset in the last line at which the label ends
    text: str
    key: str  # the normalized text, which all prints of a label share
    meaning: str | None = None  # the field that it means (see `lexicon`), None for an unknown label

    @property
    def line(self) -> int:
        """The index of its first line."""
        return self.lines[0]


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
    """Return the labels of a document in order; `titles` are normalized titles, which are no labels."""
    all_prints: dict[str, list[_Print]] = defaultdict(list)
    for index in range(len(document)):
        for candidate in _possible_labels(document, index):
            key = normalize(candidate.text)
            if key and normalize_title(candidate.text) not in titles:
                all_prints[key].append(candidate)
    rare = {
        key: prints
        for key, prints in all_prints.items()
        if len(prints) < _LEAST and field_of_label(key) in RECORD_FIELDS and _has_colon(document, prints)
    }
    recurring = {key: prints for key, prints in all_prints.items() if len(prints) >= _LEAST}
    usual, unmarked = _usual_count(recurring), _are_unmarked(recurring)
    labels = {key: prints for key, prints in recurring.items() if _is_label(key, prints, usual, unmarked)}
    labels = _without_local_labels(labels)
    record_labels = [prints for key, prints in labels.items() if field_of_label(key) in RECORD_FIELDS]
    if record_labels and not any(map(_is_styled, record_labels)):
        labels |= rare  # fields of only some sheets, printed like the others
    by_line: dict[int, tuple[int, _Print]] = {}  # line → the best label in it, with how often it is printed
    for prints in labels.values():
        for candidate in prints:
            other = by_line.get(candidate.line)
            if other is None or _is_better((len(prints), candidate), other):
                by_line[candidate.line] = len(prints), candidate
    best = [by_line[index][1] for index in sorted(by_line)]
    return list(_join_prints(document, best, _first_halves(best)))


def _has_colon(document: DocumentLines, prints: Sequence[_Print]) -> bool:
    """True if all prints end with a colon that a value follows on the same line."""
    return all(not label.is_whole and document.text(label.line)[: label.end].endswith(":") for label in prints)


def _first_halves(prints: Sequence[_Print]) -> set[str]:
    """Return the keys of whole-line labels that nearly always have another right below: the first half of a label."""
    counts, followed = Counter[str](), Counter[str]()
    for candidate, following in pairwise([*prints, None]):
        if candidate is not None and candidate.is_whole:
            key = normalize(candidate.text)
            counts[key] += 1
            followed[key] += following is not None and following.line == candidate.line + 1
    return {key for key, count in counts.items() if followed[key] >= _CONTINUED * count}


def _is_better(counted: tuple[int, _Print], other: tuple[int, _Print]) -> bool:
    """True if the first of two texts of one line is the label: the longer one, if it is printed nearly as often."""
    (count, candidate), (other_count, other_candidate) = counted, other
    return count >= _AS_OFTEN * other_count if candidate.end > other_candidate.end else other_count < _AS_OFTEN * count


def _possible_labels(document: DocumentLines, index: int) -> Iterator[_Print]:
    """Yield the texts of a line that may be a label: the whole line, its bold beginning, the text before its colon."""
    line = document.lines[index]
    text = line.text
    if index in document.excluded or (line.bullet and not line.lead):
        return
    number = document.number(index)
    has_words = number is None or sum(map(str.isalpha, number.text_after)) >= _LEAST_LETTERS
    match = _COLON.match(text)
    value = text[match.end() :].split() if match is not None else []
    has_value = (
        match and 0 < len(value) <= _VALUE_WORDS and field_of_label(match["label"]) and not document.is_styled(index)
    )
    if (
        len(text) <= _LONGEST
        and not text.endswith((".", ",", ";"))
        and has_words
        and not (is_sum_row(text) or has_value)
    ):
        yield _Print(index, len(text), text, True, document.is_styled(index), _is_second_half(document, index))
    if 1 < line.lead <= _LONGEST_LEAD and line.lead < len(text):
        yield _Print(index, line.lead, text[: line.lead], False, True)
    elif match is not None and match.end() < len(text) and len(match["label"].split()) <= 6:
        yield _Print(index, match.end(), match["label"], False, False)


def _usual_count(all_prints: Mapping[str, Sequence[_Print]]) -> int:
    """Return how often the third most frequent label with a meaning or look is printed: about once a sheet."""
    counts = sorted((len(prints) for key, prints in all_prints.items() if field_of_label(key) or _is_styled(prints)))[
        ::-1
    ]
    return counts[min(2, len(counts) - 1)] if counts else 0


def _is_styled(prints: Sequence[_Print]) -> bool:
    return sum(candidate.is_set_off for candidate in prints) >= _STYLED * len(prints)


def _is_second_half(document: DocumentLines, index: int) -> bool:
    return index > 0 and not document.begins_paragraph(index) and document.text(index - 1).endswith("-")


def _is_clause(prints: Sequence[_Print]) -> bool:
    """True if most prints begin in lower case, and not because a word is broken."""
    return sum(candidate.text[:1].islower() and not candidate.is_second_half for candidate in prints) > len(prints) / 2


def _is_marked(prints: Sequence[_Print]) -> bool:
    """True if most prints end with a colon or question mark."""
    return sum(candidate.text.rstrip().endswith((":", "?")) for candidate in prints) >= _STYLED * len(prints)


def _are_unmarked(all_prints: Mapping[str, Sequence[_Print]]) -> bool:
    """True if several labels with a known meaning have neither a look nor a colon, so that others may have none."""
    known = [prints for key, prints in all_prints.items() if prints[0].is_whole and field_of_label(key)]
    return sum(prints[0].text.endswith(":") or _is_styled(prints) for prints in known) <= _MARKED * len(known)


def _is_label(key: str, prints: Sequence[_Print], usual: int, unmarked: bool) -> bool:
    """True if a recurring text is a label; `usual` is how often labels are printed, see `_are_unmarked`."""
    if is_value(key) and field_of_label(key) is None:
        return False
    marked = _is_marked(prints)
    is_whole = prints[0].is_whole
    if not (marked or _is_styled(prints)) and _is_clause(prints):
        return False
    is_regular = usual > 0 and len(prints) >= max(_LEAST, _REGULAR * usual)
    if _is_styled(prints) or (marked and is_whole):
        return True
    is_known = field_of_label(key, weak=is_regular) is not None
    return is_known or (is_regular and unmarked)


def _without_local_labels(labels: dict[str, list[_Print]]) -> dict[str, list[_Print]]:
    """Return labels without those printed on a run of sheets only (a theme, say), while other labels go on after it."""
    lines = {key: [candidate.line for candidate in prints] for key, prints in labels.items()}

    def is_local(key: str, other: str) -> bool:
        first, last = lines[key][0], lines[key][-1]
        among = bisect_right(lines[other], last) - bisect_left(lines[other], first)
        return (
            len(lines[other]) >= _MORE * len(lines[key]) and among >= _AMONG * len(lines[key])
            and last - first < _SPREAD * (lines[other][-1] - lines[other][0])
        )  # fmt: skip

    frequent = sorted(labels, key=lambda key: -len(labels[key]))[:_FREQUENT]
    return {key: prints for key, prints in labels.items() if not any(is_local(key, other) for other in frequent)}


def _join_prints(document: DocumentLines, prints: Sequence[_Print], first_halves: Collection[str]) -> Iterator[Label]:
    """Yield labels, those over several lines as one: within a paragraph, or after a first half in the same region."""
    group: list[_Print] = []
    for before, part in pairwise([None, *prints, None]):
        continues = before is not None and part is not None and before.is_whole and part.line == before.line + 1
        if continues and before is not None and part is not None:
            in_paragraph = not document.begins_paragraph(part.line) and not before.text.endswith((":", "?"))
            same_region = document.lines[part.line].region == document.lines[before.line].region
            continues = in_paragraph or (same_region and normalize(before.text) in first_halves)
        if group and not continues:
            text = join_title([part.text for part in group])
            yield Label(
                tuple(part.line for part in group),
                group[-1].end,
                text.rstrip(" :"),
                normalize(text),
                field_of_label(text),
            )
            group = []
        if part is not None:
            group.append(part)
