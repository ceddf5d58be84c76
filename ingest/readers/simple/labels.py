"""Labels: texts that recur over a document with one look, a colon, a cell of their own or a known meaning."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from ingest.readers.lexicon import TELLING, is_sum, is_value, meaning, normalize
from ingest.readers.simple.lines import DocumentLines
from ingest.readers.simple.titles import join_title, normalize_title

_LEAST = 3  # prints of a label
_SPREAD, _AMONG, _MORE = 0.5, 0.7, 2  # see `_without_themes`
_FREQUENT = 40  # labels that others are compared with
_LONGEST, _LONGEST_LEAD = 160, 60  # characters of a label on lines of its own, and before a text
_NAMED = 3  # letters behind a number of what may be a label
_STYLED = 0.6  # share of the prints that are set off
_AS_OFTEN = 0.75  # of the prints of a part of a line, from which the whole line is the label
_CONTINUED = 0.8  # share of the prints of a label that have another one right below
_REGULAR = 0.6  # of the prints of the most frequent labels, from which a text without look is one
_NAME = 2  # words behind a colon that are a value, though every sheet prints them
_MARKED = 0.8  # share of the labels with a known meaning that have a look or a colon, from which all have
_COLON = re.compile(r"^(?P<label>[^\W\d_][^:?\t]{1,58}?)\s?:(?=\s|$)")


@dataclass(frozen=True, slots=True)
class Label:
    """A label where it is printed: its lines, where its value begins in the last of them, its text."""

    lines: tuple[int, ...]
    end: int  # of characters of the last line that are the label
    text: str
    key: str
    meaning: str | None = None

    @property
    def line(self) -> int:
        """Its first line."""
        return self.lines[0]


@dataclass(frozen=True, slots=True)
class _Print:
    line: int
    end: int
    text: str
    is_whole: bool
    is_set_off: bool
    is_second_half: bool = False  # of a word that a line end breaks


def find_labels(document: DocumentLines, titles: Collection[str]) -> list[Label]:
    """Return the labels of a document in order; `titles` are known ones, as they are compared, and no labels."""
    prints: dict[str, list[_Print]] = defaultdict(list)
    for place in range(len(document)):
        for result in _prints(document, place):
            key = normalize(result.text)
            if key and normalize_title(result.text) not in titles:
                prints[key].append(result)
    rare = {
        key: own
        for key, own in prints.items()
        if len(own) < _LEAST and meaning(key) in TELLING and _has_colon(document, own)
    }
    prints = {key: own for key, own in prints.items() if len(own) >= _LEAST}
    usual, unmarked = _usual_count(prints), _are_unmarked(prints)
    chosen = {key: own for key, own in prints.items() if _is_label(key, own, usual, unmarked)}
    chosen = _without_themes(chosen)
    distinctive = [own for key, own in chosen.items() if meaning(key) in TELLING]
    if distinctive and not any(map(_is_styled, distinctive)):
        chosen |= rare  # what only some sheets print
    by_line: dict[int, tuple[int, _Print]] = {}
    for own in chosen.values():
        for result in own:
            other = by_line.get(result.line)
            if other is None or _is_better((len(own), result), other):
                by_line[result.line] = len(own), result
    best = [by_line[place][1] for place in sorted(by_line)]
    return list(_join_prints(document, best, _continued(best)))


def _has_colon(document: DocumentLines, prints: Sequence[_Print]) -> bool:
    """True if all prints are before a colon and a value on their line."""
    return all(not result.is_whole and document.text(result.line)[: result.end].endswith(":") for result in prints)


def _continued(prints: Sequence[_Print]) -> set[str]:
    """Return the labels that have another one right below them nearly always: they are the first half of it."""
    counts, followed = Counter[str](), Counter[str]()
    for result, following in pairwise([*prints, None]):
        if result is not None and result.is_whole:
            key = normalize(result.text)
            counts[key] += 1
            followed[key] += following is not None and following.line == result.line + 1
    return {key for key, count in counts.items() if followed[key] >= _CONTINUED * count}


def _is_better(hits: tuple[int, _Print], other: tuple[int, _Print]) -> bool:
    """True if a text is rather the label than another on its line: the longer one, if it is printed nearly as often."""
    (count, own), (other_count, that) = hits, other
    return count >= _AS_OFTEN * other_count if own.end > that.end else other_count < _AS_OFTEN * count


def _prints(document: DocumentLines, place: int) -> Iterator[_Print]:
    """Yield what of a line may be a label: all of it, its bold beginning, what is before its colon."""
    line = document.lines[place]
    text = line.text
    if place in document.apart or (line.bullet and not line.lead):
        return
    number = document.number(place)
    named = number is None or sum(map(str.isalpha, number.rest)) >= _NAMED
    match = _COLON.match(text)
    value = text[match.end() :].split() if match is not None else []
    field = match and 0 < len(value) <= _NAME and meaning(match["label"]) and not document.is_styled(place)
    if len(text) <= _LONGEST and not text.endswith((".", ",", ";")) and named and not (is_sum(text) or field):
        yield _Print(place, len(text), text, True, document.is_styled(place), _is_second_half(document, place))
    if 1 < line.lead <= _LONGEST_LEAD and line.lead < len(text):
        yield _Print(place, line.lead, text[: line.lead], False, True)
    elif match is not None and match.end() < len(text) and len(match["label"].split()) <= 6:
        yield _Print(place, match.end(), match["label"], False, False)


def _usual_count(prints: dict[str, list[_Print]]) -> int:
    """Return how often the labels are printed that a document has on most of its sheets."""
    counts = sorted((len(own) for key, own in prints.items() if meaning(key) or _is_styled(own)), reverse=True)
    return counts[min(2, len(counts) - 1)] if counts else 0


def _is_styled(prints: Sequence[_Print]) -> bool:
    return sum(result.is_set_off for result in prints) >= _STYLED * len(prints)


def _is_second_half(document: DocumentLines, place: int) -> bool:
    return place > 0 and not document.opens(place) and document.text(place - 1).endswith("-")


def _is_clause(prints: Sequence[_Print]) -> bool:
    """True if most prints begin in lower case, and not because a word is broken."""
    return sum(result.text[:1].islower() and not result.is_second_half for result in prints) > len(prints) / 2


def _is_marked(prints: Sequence[_Print]) -> bool:
    return sum(result.text.rstrip().endswith((":", "?")) for result in prints) >= _STYLED * len(prints)


def _are_unmarked(prints: Mapping[str, Sequence[_Print]]) -> bool:
    """True if most labels with a known meaning have neither a look nor a colon, so that others may have none."""
    known = [own for key, own in prints.items() if own[0].is_whole and meaning(key)]
    return sum(own[0].text.endswith(":") or _is_styled(own) for own in known) <= _MARKED * len(known)


def _is_label(key: str, prints: Sequence[_Print], usual: int, unmarked: bool) -> bool:
    if is_value(key) and meaning(key) is None:
        return False
    marked = _is_marked(prints)
    is_whole = prints[0].is_whole
    if not (marked or _is_styled(prints)) and _is_clause(prints):
        return False
    regular = usual > 0 and len(prints) >= max(_LEAST, _REGULAR * usual)
    if _is_styled(prints) or (marked and is_whole):
        return True
    known = meaning(key, weak=regular) is not None
    return known or (regular and unmarked)


def _without_themes(prints: dict[str, list[_Print]]) -> dict[str, list[_Print]]:
    """Return labels without what is printed on some successive sheets only, among labels that go on without it."""
    ranges = {key: (own[0].line, own[-1].line) for key, own in prints.items()}
    lines = {key: [result.line for result in own] for key, own in prints.items()}

    def is_continuation(key: str, other: str) -> bool:
        (first, last), (start, end) = ranges[key], ranges[other]
        among = bisect_right(lines[other], last) - bisect_left(lines[other], first)
        return (
            len(lines[other]) >= _MORE * len(lines[key]) and last - first < _SPREAD * (end - start)
            and among >= _AMONG * len(lines[key])
        )  # fmt: skip

    frequent = sorted(prints, key=lambda key: -len(prints[key]))[:_FREQUENT]
    return {key: own for key, own in prints.items() if not any(is_continuation(key, other) for other in frequent)}


def _join_prints(document: DocumentLines, prints: Sequence[_Print], continued: Collection[str]) -> Iterator[Label]:
    """Yield labels; those over several lines of one look as one, and with what always follows."""
    group: list[_Print] = []
    for before, result in pairwise([None, *prints, None]):
        goes_on = before is not None and result is not None and before.is_whole and result.line == before.line + 1
        if goes_on and before is not None and result is not None:
            in_paragraph = not document.opens(result.line) and not before.text.endswith((":", "?"))
            same = document.lines[result.line].region == document.lines[before.line].region
            goes_on = in_paragraph or (same and normalize(before.text) in continued)
        if group and not goes_on:
            text = join_title([part.text for part in group])
            yield Label(
                tuple(part.line for part in group), group[-1].end, text.rstrip(" :"), normalize(text), meaning(text)
            )
            group = []
        if result is not None:
            group.append(result)
