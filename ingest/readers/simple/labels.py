"""Labels: short texts that recur before values, by a colon, a style or a cell of their own, or a known meaning."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from ingest.readers.lexicon import guess_field, is_status_heading, is_term, meaning, normalize
from ingest.readers.numbers import printed_number
from ingest.stream import Line, Style, body_style

_LONGEST, _MOST_WORDS = 60, 8
_TOGETHER = 0.5  # share of the prints of a label that are right below another one, from which it is part of it
_TERM_WORDS = 3  # words of a term that begins lines
_BEGINNING, _DISTINCT = (
    0.8,
    0.5,
)  # of the lines that begin with a term: a value follows, and values differ
_LEAST, _OFTEN = 3, 5  # prints of a label (of a known one two), and of one that nothing sets off
_LEAD = re.compile(r"^(?P<label>[^\W\d_][^:|]{1,48}?)\s?:\s+(?=\S)")
_CELL_LEAD = re.compile(r"^(?P<label>[^:?]{2,60}[:?])\s*$")
_COLON = re.compile(r"\s?:")
_QUESTION = re.compile(r"^[^?]{2,40}\?$")


@dataclass(frozen=True, slots=True)
class Label:
    """One print of a label: its normal form, its text, its lines, and where in its last line the value begins.

    `start` is None where nothing of the value is on the label's own line.
    """

    key: str
    text: str
    lines: tuple[int, ...]
    start: int | None

    @property
    def line(self) -> int:
        """The first line of the label."""
        return self.lines[0]


def find_labels(lines: Sequence[Line], apart: Collection[int]) -> tuple[Label, ...]:
    """Return all prints of labels in order; `apart` are lines of tables and contents, where none is looked for."""
    body = body_style(line for place, line in enumerate(lines) if place not in apart)
    texts = Counter(line.text for place, line in enumerate(lines) if place not in apart and _is_short(line.text))
    recurring = {text for text, count in texts.items() if count >= (_LEAST if meaning(text) else _OFTEN)}
    leading = _leading_terms(
        line.text for place, line in enumerate(lines)
        if place not in apart and line.opens and not _is_numbered(line.text)
    )  # fmt: skip
    candidates = list(_candidates(lines, apart, body, recurring, leading))
    candidates = _without_values(candidates, lines, body)
    counts = Counter(label.key for label in candidates)
    marked = {label.key for label in candidates if _COLON.match(lines[label.lines[-1]].text[len(label.text) :])}
    accepted = {
        key for key, count in counts.items()
        if (count >= _LEAST or (count == 2 and meaning(key) is not None)) and (key in marked or not _is_value(key))
    }  # fmt: skip
    return _join_questions([label for label in candidates if label.key in accepted], lines, counts)


def _join_questions(labels: Sequence[Label], lines: Sequence[Line], counts: Counter[str]) -> tuple[Label, ...]:
    """Return labels; what is printed right below one in its look each time, a question or remark, is part of it."""
    pairs = Counter((above.key, below.key) for above, below in pairwise(labels) if _is_right_below(above, below, lines))
    joined: list[Label] = []
    last = ""
    for label in labels:
        above = joined[-1] if joined else None
        often = above is not None and pairs[last, label.key] >= _TOGETHER * counts[label.key]
        if above is not None and often and _is_right_below(above, label, lines):
            text = f"{above.text} {label.text}"
            joined[-1] = Label(above.key, text, (*above.lines, *label.lines), label.start)
        else:
            joined.append(label)
        last = label.key
    return tuple(joined)


def _is_right_below(above: Label, below: Label, lines: Sequence[Line]) -> bool:
    """True if a label is on the line after another one, in the same cell or region, set in the same colour."""
    first, second = lines[above.lines[-1]], lines[below.line]
    near = below.line == above.lines[-1] + 1 and first.page == second.page
    place = first.cell == second.cell and (first.cell is not None or first.region == second.region)
    return near and place and first.style.colour == second.style.colour != 0


def _is_value(key: str) -> bool:
    """True for what recurs as a value: a period, a status, an amount."""
    return meaning(key) is None and guess_field([key] * 3) is not None


def _candidates(
    lines: Sequence[Line], apart: Collection[int], body: Style, recurring: Collection[str], leading: Sequence[str]
) -> Iterator[Label]:
    cells = _cells(lines, apart)
    place = 0
    while place < len(lines):
        if place in apart:
            place += 1
            continue
        cell = cells.get(place)
        if cell is not None and (label := _cell_label(cell, lines, body)) is not None:
            yield label
            place = cell[-1] + 1
            continue
        if (label := _line_label(place, lines, body, recurring, leading)) is not None:
            yield label
        place += 1


def _cells(lines: Sequence[Line], apart: Collection[int]) -> dict[int, list[int]]:
    """Return the lines of each cell of laid out text by its first line."""
    found: dict[int, list[int]] = {}
    first: dict[tuple[int, int, int], int] = {}
    for place, line in enumerate(lines):
        if line.cell is not None and place not in apart:
            found.setdefault(first.setdefault((line.cell.table, line.cell.row, line.cell.column), place), []).append(
                place
            )
    return found


def _cell_label(cell: Sequence[int], lines: Sequence[Line], body: Style) -> Label | None:
    """Return the label that a cell is, None where it is something else."""
    if len(cell) > 3 or cell[-1] - cell[0] != len(cell) - 1:
        return None
    text = " ".join(lines[place].text for place in cell)
    text = re.sub(r"(?<=[a-zäöüß])- (?=[a-zäöüß])", "", text)
    if not _is_short(text) or text[0].islower() or _LEAD.match(text) or any(lines[place].bullet for place in cell):
        return None
    marked = text.endswith((":", "?")) or meaning(text, weak=True) is not None
    heavy = all(lines[place].style.is_heavier(body) or lines[place].style.colour != body.colour for place in cell)
    if not (marked or (heavy and not printed_number(text))):
        return None
    return Label(normalize(text), text.rstrip(" :"), tuple(cell), None)


def _line_label(
    place: int, lines: Sequence[Line], body: Style, recurring: Collection[str], leading: Sequence[str]
) -> Label | None:
    """Return the label that a line is or begins with."""
    line = lines[place]
    text = line.text
    if line.bullet and not text.endswith(":") and ":" not in text:
        return None
    match = _LEAD.match(text)
    if match is not None and _is_short(match["label"]) and not is_sentence_start(match["label"]):
        return Label(normalize(match["label"]), match["label"].rstrip(), (place,), match.end())
    if _is_short(text):
        own = text.endswith(":") or (_QUESTION.match(text) is not None and (line.opens or line.style.is_heavier(body)))
        heavy = line.style.is_heavier(body) or line.style.colour != 0 or line.style.level > 0
        plain = text in recurring and text[:1].isupper() and line.cell is None
        if own or (heavy and not printed_number(text)) or (is_term(text) and line.opens) or plain:
            return Label(normalize(text), text.rstrip(" :"), (place,), None)
    if line.lead and line.lead < len(text):
        lead = text[: line.lead].strip()
        if _is_short(lead) and not printed_number(lead) and not is_sentence_start(lead):
            return Label(normalize(lead), lead.rstrip(" :"), (place,), line.lead)
    first = next((term for term in leading if text.startswith(f"{term} ")), None) if line.opens else None
    if first is not None and not _is_numbered(text):
        return Label(normalize(first), first, (place,), len(first) + 1)
    return None


def _is_numbered(text: str) -> bool:
    """True if a line begins with the number of a record or heading: no date, year or sum behind another label."""
    number = printed_number(text)
    return number is not None and (not number.word or meaning(number.word) in (None, "title", "ref", "theme"))


def _leading_terms(texts: Iterable[str]) -> list[str]:
    """Return the terms with which lines begin again and again, their value behind them, the longest first.

    Text that a file was turned into often has neither a colon nor a style between the two: "Federführung Bauamt".
    """
    behind: dict[str, list[str]] = defaultdict(list)
    for text in texts:
        words = text.split()
        for length in range(1, min(_TERM_WORDS, len(words)) + 1):
            behind[" ".join(words[:length])].append(" ".join(words[length:]))
    found: list[str] = []
    for term, values in behind.items():
        if len(values) < _OFTEN or not is_term(term):
            continue
        term, values = _extended(term, values)
        begun = [value for value in values if value and (not value[0].islower() or guess_field([value] * 3))]
        if len(begun) >= _BEGINNING * len(values) and len(set(values)) >= _DISTINCT * len(values):
            found.append(term)
    return sorted(set(found), key=lambda term: (-len(term), term))


def _extended(term: str, values: list[str]) -> tuple[str, list[str]]:
    """Return a term with the words that nearly all lines go on with, and what is behind them."""
    for _ in range(_MOST_WORDS):
        word, count = Counter(value.partition(" ")[0] for value in values).most_common(1)[0]
        if not word or count < _BEGINNING * len(values):
            break
        term = f"{term} {word}"
        values = [value.partition(" ")[2] for value in values if value.partition(" ")[0] == word]
    return term, values


def _without_values(labels: Sequence[Label], lines: Sequence[Line], body: Style) -> list[Label]:
    """Return labels without values that recur: plain words of no known meaning right behind one and the same label."""
    above: dict[str, Counter[str]] = defaultdict(Counter)
    for first, second in pairwise(labels):
        near = second.line == first.lines[-1] + 1 and first.start is None
        above[second.key][first.key if near else ""] += 1
    plain = {
        label.key for label in labels
        if meaning(label.key, weak=True) is None and not lines[label.line].style.is_heavier(body)
        and not lines[label.lines[-1]].text.endswith((":", "?")) and label.start is None
    }  # fmt: skip
    values = set()
    for key in plain:
        label, count = above[key].most_common(1)[0] if above[key] else ("", 0)
        if label and meaning(label, weak=True) and count >= _BEGINNING * above[key].total():
            values.add(key)
    return [label for label in labels if label.key not in values]


def _is_short(text: str) -> bool:
    letters = sum(map(str.isalpha, text))
    short = len(text) <= _LONGEST and len(text.split()) <= _MOST_WORDS and letters >= 3
    return short and text[-1] not in ".,;" and not (" " in text and is_status_heading(text))


def is_sentence_start(text: str) -> bool:
    """True if words before a colon are running text rather than a label: they begin small, or are many."""
    return text[:1].islower() or len(text.split()) > 6
