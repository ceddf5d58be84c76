"""Titles of sheets: what around the first labels may be one, put to a vote over all sheets by place and look."""

from __future__ import annotations

import statistics
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Sequence

from ingest.readers.lexicon import normalize
from ingest.readers.numbers import printed_number
from ingest.readers.simple.drafts import Draft, has_head
from ingest.readers.simple.labels import Label
from ingest.readers.simple.series import title_start
from ingest.readers.simple.titles import normalize_title
from ingest.stream import PLAIN, Line, Style

_LABEL_WORDS = 3  # words of a label before its value
_LONGEST_TITLE, _SHORTEST_TITLE = 220, 4
_ABOVE = 3  # lines above a number among which its title may be
_TITLE_LINES = 4  # lines of a title in plain text, at most
_SHORT_TITLE = 100  # characters of a title that nothing sets off
_LISTED = 0.3  # share of titles that the contents list
_RARE = 0.3  # share of the sheets below which a place and look are an exception
_NEARLY_ALL = 0.9  # share of the sheets that have a number, from which one without is no sheet
_OTHER = 0.04  # of the best score, below which a place and look are no title of any sheet
_DISTINCT = 0.7  # share of the titles that differ


class TitleVote:
    """Chooses the titles of the sheets of one document; `known` are titles that its contents and overviews list."""

    def __init__(self, lines: Sequence[Line], labels: Sequence[Label], known: Collection[str], body: Style) -> None:
        self._lines, self._known, self._body = lines, known, body
        self._keys = {label.key for label in labels}
        self._label_lines = {place for label in labels for place in label.lines}

    def candidates(self, draft: Draft) -> Iterator[tuple[object, tuple[tuple[int, ...], int, str]]]:
        """Yield what may be the title of a sheet, by a sign of its place and look."""
        first = draft.labels[0].line if draft.labels else len(self._lines)
        used: set[int] = set()
        counts: Counter[object] = Counter()
        values = {label.lines[-1]: label.start for label in draft.labels if has_head(label)}
        for line in draft.zone:
            if line in used or (line in self._label_lines and line not in values):
                continue
            is_number = line == draft.number_line and draft.number is not None
            if is_number and draft.number is not None and not draft.number.rest:
                continue
            group = self._title_lines(line, draft)
            used.update(group)
            start = values.get(line) or 0
            if is_number and draft.number is not None:
                start = title_start(self._lines[line].text, draft.number)
            text = " ".join(self._lines[place].text for place in group)[start:].strip()
            own = self._lines[line]
            if not _is_title(text) or (own.style == PLAIN and self._begins_with_label(text)):
                continue
            number_line = draft.number_line if draft.number_line is not None else -1
            if is_number:
                side = "number"
            elif line in values:
                side = "value"
            elif line == number_line + 1:
                side = "below"
            elif line < number_line:
                side = "above"
                if number_line - line > _ABOVE or self._lines[line].page != self._lines[number_line].page:
                    continue  # the end of the sheet before
            else:
                side = "before" if line < first else "behind"
            sign = (side, own.style.size, own.style.bold, own.style.level, own.cell.column if own.cell else -1)
            counts[sign] += 1
            if side == "before" or counts[sign] == 1:  # the last one of its look is the nearest to the labels
                yield sign, (tuple(group), start, text)
                if len(group) > 1 and _is_title(rest := " ".join(self._lines[place].text for place in group[1:])):
                    yield ("next", *sign[1:]), (tuple(group[1:]), 0, rest)  # the first line may name the theme

    def _begins_with_label(self, text: str) -> bool:
        """True if a text without style begins with one of the labels and its value: "Federführung Bauamt"."""
        words = text.split()
        return any(
            normalize(" ".join(words[:length])) in self._keys and not words[length].islower()
            for length in range(1, min(_LABEL_WORDS, len(words) - 1) + 1)
        )

    def _title_lines(self, line: int, draft: Draft) -> list[int]:
        """Return a line with those that go on in its look, cell and region."""
        own = self._lines[line]
        group = [line]
        if printed_number(own.text) and line != draft.number_line and own.style.is_heavier(self._body):
            return group  # the heading of a chapter
        if line == draft.number_line and draft.labels and not own.style.size and not own.style.level:
            first = draft.labels[0].line
            if line < first <= line + _TITLE_LINES:
                return list(range(line, first))
        while group[-1] + 1 in draft.zone and group[-1] + 1 < len(self._lines):
            following = self._lines[group[-1] + 1]
            same = (
                _same_look(following.style, own.style) and following.cell == own.cell
                and following.region == own.region and following.page == own.page and not following.bullet
            )  # fmt: skip
            near = following.box.top - self._lines[group[-1]].box.bottom <= 0.9 * max(own.style.size, 1.0)
            if not same or group[-1] + 1 in self._label_lines or group[-1] + 1 == draft.number_line or not near:
                break
            if following.opens and not own.style.is_heavier(self._body) and own.cell is None:
                break
            if printed_number(following.text) and own.style.is_heavier(self._body) and following.opens:
                break
            group.append(group[-1] + 1)
        return group

    def vote(self, drafts: Sequence[Draft]) -> list[object]:
        """Return the signs of titles, the best first."""
        texts: dict[object, list[str]] = defaultdict(list)
        for draft in drafts:
            for sign, (_, _, text) in draft.titles.items():
                texts[sign].append(text)
        scores = {sign: self._score(sign, own, len(drafts)) for sign, own in texts.items()}
        best: dict[tuple[str, bool], float] = defaultdict(float)
        for sign, score in scores.items():
            best[self._kind_of_sign(sign)] = max(best[self._kind_of_sign(sign)], score)
        for sign in scores:
            if len(texts[sign]) < _RARE * len(drafts):  # a title that is set a little larger than the others
                scores[sign] = max(scores[sign], 0.9 * best[self._kind_of_sign(sign)])
        least = _OTHER * max(scores.values(), default=0.0)
        return sorted((sign for sign, score in scores.items() if score > least), key=lambda sign: -scores[sign])

    def names_records(self, sign: object, drafts: Sequence[Draft]) -> bool:
        """True if texts of a place and look are titles by themselves: set off, listed, or short plain lines."""
        texts = [draft.titles[sign][2] for draft in drafts if sign in draft.titles]
        if self._kind_of_sign(sign)[1]:
            return True
        if sum(normalize_title(text) in self._known for text in texts) >= _LISTED * len(texts):
            return True
        plain = [
            text for text in texts
            if len(text) <= _SHORT_TITLE and not any(mark in text for mark in ".;?!") and text[0].isupper()
        ]  # fmt: skip
        return len(plain) >= _NEARLY_ALL * len(texts)

    def _kind_of_sign(self, sign: object) -> tuple[str, bool]:
        """Return the side of a sign, and whether its look is heavier than the text."""
        assert isinstance(sign, tuple)
        side, size, bold, level, _ = sign
        return side, Style(size, bold, 0, level).is_heavier(self._body)

    def _score(self, sign: object, texts: Sequence[str], sheets: int) -> float:
        assert isinstance(sign, tuple)
        side, size, bold, level, _ = sign
        distinct = len({normalize_title(text) for text in texts}) / len(texts)
        if distinct < _DISTINCT and len(texts) > 1:
            return 0.0
        filled = len(texts) / sheets
        agreeing = sum(normalize_title(text) in self._known for text in texts) / len(texts)
        style = Style(size, bold, 0, level)
        look = 1.3 if style.is_heavier(self._body) else 1.0
        place = {"number": 1.25, "value": 1.25, "below": 1.2, "above": 0.8, "before": 1.1, "behind": 0.95, "next": 0.7}[
            side
        ]
        length = statistics.median(map(len, texts))
        short = 1.0 if length <= 110 else 0.6
        begun = sum(not text[0].islower() for text in texts) / len(texts)  # the others begin within a sentence
        return filled * distinct * look * place * short * begun * (1.0 + agreeing)


def _same_look(first: Style, second: Style) -> bool:
    return abs(first.size - second.size) <= 0.3 and first.bold == second.bold and first.level == second.level


def _is_title(text: str) -> bool:
    """True if a text may be a title: letters, not too long, no sentence in the middle of which it begins."""
    letters = sum(map(str.isalpha, text))
    return (
        _SHORTEST_TITLE <= len(text) <= _LONGEST_TITLE and letters >= 0.5 * len(text.replace(" ", ""))
        and not text.endswith((":", ",", ";"))
    )  # fmt: skip
