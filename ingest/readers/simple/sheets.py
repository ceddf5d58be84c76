"""Sheets: a set of labels that recurs opens a record each time; its number and title are the head at its first labels.

Which of the labels opens a sheet, and which of the lines around it is the title, is put to a vote over all sheets: by
place, look, distinctness, and agreement with the contents and overviews of the document.
"""

from __future__ import annotations

import statistics
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from ingest.readers.lexicon import TELLING, is_status_heading, meaning, normalize
from ingest.readers.numbers import Printed, printed_number
from ingest.readers.simple.cards import Card
from ingest.readers.simple.labels import Label
from ingest.readers.simple.series import Series, title_start
from ingest.readers.simple.titles import normalize_title
from ingest.stream import PLAIN, Cell, Line, Style, body_style

_LEAST = 3  # sheets of one kind
_CORE = 0.45  # of the prints of the commonest labels, from which a label belongs to the set
_LABEL_WORDS = 3  # words of a label before its value
_HEAD = 8  # lines of a head between its label and the first label of a value, at most
_ZONE = 14  # lines before its first label within which the head of a sheet is
_BEHIND = 3  # labels behind which the head may still follow
_LONGEST_TITLE, _SHORTEST_TITLE = 220, 4
_ABOVE = 3  # lines above a number among which its title may be
_TITLE_LINES = 4  # lines of a title in plain text, at most
_EXPLAINED = 0.6  # share of the sheets that a series numbers, from which it is theirs
_SHORT_TITLE = 100  # characters of a title that nothing sets off
_LISTED = 0.3  # share of titles that the contents list
_MANY = 10  # numbered sheets of a document beside which others without numbers are none
_RARE = 0.3  # share of the sheets below which a place and look are an exception
_RISING = 0.7  # share of the numbers of sheets that rise
_NEARLY_ALL = 0.9  # share of the sheets that have a number, from which one without is no sheet
_OTHER = 0.04  # of the best score, below which a place and look are no title of any sheet
_DISTINCT = 0.7  # share of the titles that differ
_HEADS = ("title", "ref")  # what labels mean whose value is the head of a sheet


@dataclass(frozen=True, slots=True)
class SheetField:
    """A labelled value: the label, and the lines of its value; the first line from `start` on."""

    label: Label
    lines: tuple[int, ...]
    start: int | None


@dataclass(frozen=True, slots=True)
class Sheet:
    """A record with labelled fields: lines of number and title, from its first line up to the next sheet's.

    `number_line` is None where nothing numbers it, `title_start` the place in the first title line at which the title
    begins. `share` is the share of the core labels that it has.
    """

    number: Printed | None
    number_line: int | None
    title_lines: tuple[int, ...]
    title_start: int
    first: int
    end: int
    fields: tuple[SheetField, ...]
    share: float


@dataclass(slots=True)
class _Draft:
    """A sheet in the making: its labels, and the lines around the first of them that may be its head."""

    labels: list[Label]
    zone: list[int] = field(default_factory=list)
    number: Printed | None = None
    number_line: int | None = None
    titles: dict[object, tuple[tuple[int, ...], int, str]] = field(default_factory=dict)


class SheetFinder:
    """Finds the sheets of one document; `known` are titles that its contents and overviews list, normalized."""

    def __init__(
        self, lines: Sequence[Line], labels: Sequence[Label], series: Sequence[Series], apart: Collection[int],
        known: Collection[str],
    ) -> None:  # fmt: skip
        self._lines, self._apart, self._known = lines, apart, known
        self._labels, self._series = labels, series
        self._keys = {label.key for label in labels}
        self._label_lines = {place for label in labels for place in label.lines}
        self._body = body_style(line for place, line in enumerate(lines) if place not in apart)

    def find(self, cards: Sequence[Card] = ()) -> list[Sheet]:
        """Return all sheets in order; a document may have several kinds of them. `cards` are sheets already."""
        found = [self._card_sheet(card) for card in cards]
        inside = {place for card in cards for place in range(card.number_line, card.end)}
        free = [label for label in self._labels if label.line not in inside]
        for _ in range(4):
            drafts = self._drafts(free) or self._drafts([label for label in free if meaning(label.key, weak=True)])
            sheets = self._sheets(drafts) if len(drafts) >= _LEAST else []
            if not drafts:
                break
            used = {id(label) for draft in drafts for label in draft.labels}
            numbered = sum(sheet.number is not None for sheet in found)
            if numbered < _MANY or sum(sheet.number is not None for sheet in sheets) >= _EXPLAINED * len(sheets):
                found += sheets
            keys = {label.key for draft in drafts for label in draft.labels}
            covered = [(sheet.first, sheet.end) for sheet in sheets]
            free = [
                label for label in free
                if id(label) not in used and label.key not in keys
                and not any(first <= label.line < end for first, end in covered)
            ]  # fmt: skip
        return sorted(found, key=lambda sheet: sheet.first)

    def _card_sheet(self, card: Card) -> Sheet:
        taken = {card.number_line, *card.title_lines}
        fields = tuple(self._fields(card.number_line, card.end, taken))
        return Sheet(
            card.number, card.number_line, card.title_lines, card.title_start, card.number_line, card.end, fields, 1.0
        )

    # Which labels recur together

    def _drafts(self, labels: Sequence[Label]) -> list[_Draft]:
        counts = Counter(label.key for label in labels)
        if not counts or max(counts.values()) < _LEAST:
            return []
        usual = counts.most_common(2)[-1][1]
        core = {key for key, count in counts.items() if count >= max(_LEAST, _CORE * usual)}
        core = self._without_strays(core, labels)
        if len(core) < 2 and not any(meaning(key) for key in core):
            return []
        marks = [label for label in labels if label.key in core]
        opener = self._opener(marks, counts)
        order = self._order(marks, opener)
        drafts: list[_Draft] = []
        seen: set[str] = set()
        for label in marks:
            wraps = label.key in seen and order[label.key] <= order[opener] + 1
            if not drafts or label.key == opener or wraps:
                drafts.append(_Draft([]))
                seen = set()
            drafts[-1].labels.append(label)
            seen.add(label.key)
        numbered = {member.line for series in self._series if series.is_distinct for member in series.members}
        for draft, following in pairwise(drafts):
            while draft.labels and self._heads_next(draft.labels, following.labels[0], numbered):
                following.labels.insert(0, draft.labels.pop())
        drafts = [draft for draft in drafts if draft.labels]
        least = max(1, 0.34 * statistics.median(len({label.key for label in draft.labels}) for draft in drafts))
        return [draft for draft in drafts if len({label.key for label in draft.labels}) >= least]

    def _heads_next(self, labels: Sequence[Label], opener: Label, numbered: Collection[int]) -> bool:
        """True if the last of some labels belongs to the next sheet's head: a number is right before or behind it."""
        last = labels[-1]
        near = opener.line - last.lines[-1] <= _HEAD and self._lines[opener.line].page == self._lines[last.line].page
        behind = opener.line if self._has_head(last) else last.line
        start = max(labels[-2].line + 1 if len(labels) > 1 else 0, last.line - 3)
        return near and any(place in numbered for place in range(start, behind))

    def _without_strays(self, core: set[str], labels: Sequence[Label]) -> set[str]:
        """Return the labels that occur among the others, about once between two prints of one of them."""
        counts = Counter(label.key for label in labels if label.key in core)
        most = statistics.median(sorted(counts.values())[-3:])
        kept = {key for key, count in counts.items() if count <= 2.2 * most}
        fields = {meaning(key, weak=True) for key in kept} - {None, "ref", "title", "theme"}
        return kept if fields & TELLING or len(fields) > 1 else set()

    def _opener(self, marks: Sequence[Label], counts: Counter[str]) -> str:
        """Return the label that opens most sheets: numbers, larger type and new pages stand right before it."""
        numbers = {
            member.line: (series.form, member.number.ref) for series in self._series for member in series.members
        }
        seen: dict[str, dict[object, set[str]]] = defaultdict(lambda: defaultdict(set))
        heavy: Counter[str] = Counter()
        paged: Counter[str] = Counter()
        for before, label in zip([None, *marks], marks, strict=False):
            start = before.lines[-1] + 1 if before is not None else max(0, label.line - _ZONE)
            between = [
                place for place in range(max(start, label.line - _ZONE), label.line) if place not in self._label_lines
            ]
            for place in between:
                if place in numbers:
                    form, ref = numbers[place]
                    seen[label.key][form].add(ref)
            heavy[label.key] += any(self._lines[place].style.is_heavier(self._body) for place in between)
            paged[label.key] += before is None or self._lines[before.line].page != self._lines[label.line].page
        most = max(counts[label.key] for label in marks)

        def score(key: str) -> float:
            numbered = max((len(refs) for refs in seen[key].values()), default=0)
            return max(float(numbered), 0.8 * heavy[key]) + 0.2 * heavy[key] + 0.3 * paged[key]

        return max((key for key in {label.key for label in marks} if counts[key] >= 0.5 * most), key=score)

    def _order(self, marks: Sequence[Label], opener: str) -> dict[str, float]:
        """Return the usual place of each label behind the opener."""
        places: dict[str, list[int]] = defaultdict(list)
        place = 0
        for label in marks:
            place = 0 if label.key == opener else place + 1
            places[label.key].append(place)
        return {key: statistics.median(own) for key, own in places.items()}

    # Number and title

    def _sheets(self, drafts: list[_Draft]) -> list[Sheet]:
        self._set_zones(drafts)
        self._set_numbers(drafts)
        drafts = self._with_missing(_join_parts(drafts))
        for draft in drafts:
            draft.titles = dict(self._title_candidates(draft))
        chosen = self._vote(drafts)
        if sum(draft.number is not None for draft in drafts) < _EXPLAINED * len(drafts):
            chosen = [sign for sign in chosen if self._names_records(sign, drafts)]
        firsts = []
        heads: list[tuple[tuple[int, ...], int, str] | None] = []
        for draft in drafts:
            head = next((draft.titles[sign] for sign in chosen if sign in draft.titles), None)
            heads.append(head)
            marks = [*(head[0][:1] if head else ()), *((draft.number_line,) if draft.number_line is not None else ())]
            labels = [label.line for label in draft.labels[:1]]
            numbered = draft.number_line is not None and draft.number_line < min(labels, default=len(self._lines))
            firsts.append(min(marks) if marks and (numbered or not labels) else min([*marks, *labels]))
        core = {label.key for draft in drafts for label in draft.labels}
        sheets = []
        for place, (draft, head) in enumerate(zip(drafts, heads, strict=True)):
            end = firsts[place + 1] if place + 1 < len(drafts) else len(self._lines)
            if head is None:
                continue
            taken = {*head[0], *((draft.number_line,) if draft.number_line is not None else ())}
            fields = tuple(self._fields(firsts[place], end, taken))
            share = len({label.key for label in draft.labels}) / max(len(core), 1)
            sheets.append(
                Sheet(draft.number, draft.number_line, head[0], head[1], firsts[place], end, fields, min(1.0, share))
            )
        return sheets

    def _set_zones(self, drafts: Sequence[_Draft]) -> None:
        """Note the lines at which each head may be: before the first label, and between the first labels."""
        for place, draft in enumerate(drafts):
            first = draft.labels[0]
            before = drafts[place - 1].labels[-1].lines[-1] + 1 if place else 0
            zone = [
                line for line in range(max(before, first.line - _ZONE), first.line)
                if self._lines[first.line].page - self._lines[line].page <= 1
            ]  # fmt: skip
            later = draft.labels[: _BEHIND + 1]
            last = later[-1].line if len(later) > _BEHIND else min(first.lines[-1] + _ZONE, len(self._lines))
            zone += [line for line in range(first.lines[-1] + 1, last)]
            zone += [label.lines[-1] for label in later if self._has_head(label)]
            draft.zone = sorted({line for line in zone if line not in self._apart})

    def _has_head(self, label: Label) -> bool:
        """True if number or title are the value of a label on its own line: "Maßnahme: EE-2", "Titel: Radwege"."""
        return label.start is not None and meaning(label.key) in _HEADS

    def _set_numbers(self, drafts: Sequence[_Draft]) -> None:
        """Give each sheet the number of the series that numbers most of them, by the member nearest to its labels."""
        best: tuple[float, dict[int, tuple[Printed, int]]] = (0.0, {})
        for series in self._series:
            if series.counts_pages:
                continue
            by_line = {member.line: member.number for member in series.members}
            picks = [self._pick_numbers(drafts, by_line, side, last) for side in (-1, 1) for last in (True, False)]
            own = max(picks, key=lambda pick: len({(number.word, number.ref) for number, _ in pick.values()}))
            distinct = len({(number.word, number.ref) for number, _ in own.values()})
            again = _repeated(own)  # the head of a sheet is printed anew on each of its pages
            share = distinct / (len(drafts) - len(again))
            look = sum(self._lines[line].style.is_heavier(self._body) for _, line in own.values())
            score = share + 0.2 * look / max(len(own), 1) + 0.05 * bool(series.form[1])
            if share >= _EXPLAINED and distinct >= 0.8 * (len(own) - len(again)) and _rises(own) and score > best[0]:
                best = (score, own)
        for place, (number, line) in best[1].items():
            drafts[place].number, drafts[place].number_line = number, line

    def _pick_numbers(
        self, drafts: Sequence[_Draft], numbers: Mapping[int, Printed], side: int, last: bool
    ) -> dict[int, tuple[Printed, int]]:
        """Return the number of each sheet: the last or first one before (`side` -1) or behind its first label."""
        picked: dict[int, tuple[Printed, int]] = {}
        for place, draft in enumerate(drafts):
            first = draft.labels[0].line
            hits = [line for line in draft.zone if line in numbers and (line < first) == (side < 0)]
            if hits:
                line = hits[-1] if last and side < 0 else hits[0]
                picked[place] = (numbers[line], line)
        return picked

    def _with_missing(self, drafts: list[_Draft]) -> list[_Draft]:
        """Return drafts with one for each number that is missing between two, where a line of their look has it."""
        known = [(draft, draft.number, draft.number_line) for draft in drafts if draft.number and draft.number_line]
        if len(known) < _EXPLAINED * len(drafts):
            return drafts
        form = Counter(number.form for _, number, _ in known).most_common(1)[0][0]
        look = Counter(self._lines[line].style for _, _, line in known).most_common(1)[0][0]
        series = next((series for series in self._series if series.form == form), None)
        taken = {(number.code, number.parts) for _, number, _ in known}
        made: list[_Draft] = []
        for (_, first, start), (_, second, end) in pairwise(known):
            place = start
            for member in series.members if series else ():
                number = member.number
                between = first.parts < number.parts < second.parts or (
                    first.code != second.code and number.code in (first.code, second.code)
                )
                fits = place < member.line < end and (number.code, number.parts) not in taken and between
                if fits and self._lines[member.line].style == look and member.line not in self._apart:
                    place = member.line
                    taken.add((number.code, number.parts))
                    zone = list(range(member.line, min(member.line + _ZONE, end)))
                    made.append(_Draft([], zone, number, member.line))
        if made:
            drafts = sorted([*drafts, *made], key=lambda draft: draft.number_line or draft.labels[0].line)
            for draft in made:
                before = drafts[drafts.index(draft) - 1]
                draft.labels = [label for label in before.labels if label.line > (draft.number_line or 0)]
                before.labels = [label for label in before.labels if label not in draft.labels]
        return drafts

    def _title_candidates(self, draft: _Draft) -> Iterator[tuple[object, tuple[tuple[int, ...], int, str]]]:
        """Yield what may be the title of a sheet, by a sign of its place and look."""
        first = draft.labels[0].line if draft.labels else len(self._lines)
        used: set[int] = set()
        counts: Counter[object] = Counter()
        values = {label.lines[-1]: label.start for label in draft.labels if self._has_head(label)}
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

    def _begins_with_label(self, text: str) -> bool:
        """True if a text without style begins with one of the labels and its value: "Federführung Bauamt"."""
        words = text.split()
        return any(
            normalize(" ".join(words[:length])) in self._keys and not words[length].islower()
            for length in range(1, min(_LABEL_WORDS, len(words) - 1) + 1)
        )

    def _title_lines(self, line: int, draft: _Draft) -> list[int]:
        """Return a line with those that go on in its look, cell and region."""
        own = self._lines[line]
        group = [line]
        if printed_number(own.text) and line != draft.number_line and own.style.is_heavier(self._body):
            return group  # the heading of a chapter
        if line == draft.number_line and draft.labels and not own.style.size and not own.style.level:
            first = draft.labels[0].line
            return list(range(line, first)) if line < first <= line + _TITLE_LINES else group
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

    def _vote(self, drafts: Sequence[_Draft]) -> list[object]:
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

    def _names_records(self, sign: object, drafts: Sequence[_Draft]) -> bool:
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
        place = {"number": 1.25, "value": 1.25, "below": 1.2, "above": 0.8, "before": 1.1, "behind": 0.95}[side]
        length = statistics.median(map(len, texts))
        short = 1.0 if length <= 110 else 0.6
        begun = sum(not text[0].islower() for text in texts) / len(texts)  # the others begin within a sentence
        return filled * distinct * look * place * short * begun * (1.0 + agreeing)

    # Fields

    def _fields(self, first: int, end: int, taken: Collection[int]) -> Iterator[SheetField]:
        """Yield the labelled values between two lines; `taken` are lines of number and title."""
        labels = [label for label in self._labels if first <= label.line < end and label.line not in taken]
        for place, label in enumerate(labels):
            following = labels[place + 1].line if place + 1 < len(labels) else end
            lines = self._value(label, following, end, taken)
            if lines or label.start is not None:
                whole = (label.lines[-1], *lines) if label.start is not None else lines
                yield SheetField(label, tuple(whole), label.start)

    def _value(self, label: Label, following: int, end: int, taken: Collection[int]) -> list[int]:
        """Return the lines of a label's value: beside it in its row, below it in its column, else behind it."""
        last = label.lines[-1]
        cell = self._lines[last].cell
        behind = [place for place in range(last + 1, min(following, end)) if place not in taken]
        if cell is not None and label.start is not None:
            return [place for place in behind if self._lines[place].cell == cell]
        if cell is None:
            return self._until_break(behind, label)
        inside = [place for place in behind if self._lines[place].cell == cell]
        if inside:
            return inside
        beside = [
            place for place in behind
            if (own := self._lines[place].cell) is not None and own[:2] == cell[:2] and own.column > cell.column
        ]  # fmt: skip
        if beside:
            return [*beside, *self._rows_on(behind, beside[-1], cell)]
        alone = not any(
            (own := line.cell) is not None and own[:2] == cell[:2] and own.column != cell.column
            for line in self._lines[max(0, label.line - 12) : last + 12]
        )
        below = self._below(cell, end, last, alone)
        return below if below else self._until_break(behind, label)

    def _rows_on(self, behind: Sequence[int], last: int, cell: Cell) -> list[int]:
        """Return the lines of the rows that go on with the value beside a label: nothing is in the label's column."""
        found: list[int] = []
        for place in behind[behind.index(last) + 1 :]:
            own = self._lines[place].cell
            if own is None or own.table != cell.table or own.column <= cell.column:
                break
            found.append(place)
        return found

    def _below(self, cell: Cell, end: int, last: int, whole: bool) -> list[int]:
        """Return the lines of the cell below one, of the `whole` row below a label that is alone in its row."""
        table, row, column = cell
        found: list[int] = []
        for place in range(last + 1, end):
            own = self._lines[place].cell
            if own is None or own.table != table or own.row > row + 1:
                break
            if own.row == row + 1 and (own.column == column or (whole and own.column > column)):
                if place in self._label_lines and not found:
                    return []
                if place in self._label_lines:
                    break
                found.append(place)
        return found

    def _until_break(self, behind: Sequence[int], label: Label) -> list[int]:
        """Return the lines behind a label up to a heading: type that is heavier than the label's own."""
        own = self._lines[label.lines[-1]].style
        lines = []
        for place in behind:
            line = self._lines[place]
            if place in self._apart or is_status_heading(line.text):
                break
            if line.style.size > max(own.size, self._body.size) + 0.4 or (
                line.style.level and own.level >= line.style.level
            ):
                break
            lines.append(place)
        return lines


def _repeated(numbers: Mapping[int, tuple[Printed, int]]) -> list[int]:
    """Return the places whose number is that of the place before."""
    return [after for before, after in pairwise(sorted(numbers)) if numbers[before][0].ref == numbers[after][0].ref]


def _rises(numbers: Mapping[int, tuple[Printed, int]]) -> bool:
    """True if most numbers are higher than the one before, or of another code."""
    ordered = [numbers[place][0] for place in sorted(numbers)]
    rising = sum(first.code != second.code or first.parts <= second.parts for first, second in pairwise(ordered))
    return rising >= _RISING * (len(ordered) - 1)


def _join_parts(drafts: list[_Draft]) -> list[_Draft]:
    """Return drafts; one with the number of the one before, or without where nearly all have one, is part of that."""
    numbered = sum(draft.number is not None for draft in drafts)
    parted = _NEARLY_ALL * len(drafts) <= numbered < len(drafts)
    joined: list[_Draft] = []
    for draft in drafts:
        before = joined[-1].number if joined else None
        again = draft.number is not None and before is not None and draft.number.ref == before.ref
        if joined and (again or (parted and draft.number is None)):
            joined[-1].labels += draft.labels
        elif draft.number is not None or not parted:
            joined.append(draft)
    return joined


def _same_look(first: Style, second: Style) -> bool:
    return abs(first.size - second.size) <= 0.3 and first.bold == second.bold and first.level == second.level


def _is_title(text: str) -> bool:
    """True if a text may be a title: letters, not too long, no sentence in the middle of which it begins."""
    letters = sum(map(str.isalpha, text))
    return (
        _SHORTEST_TITLE <= len(text) <= _LONGEST_TITLE and letters >= 0.5 * len(text.replace(" ", ""))
        and not text.endswith((":", ",", ";"))
    )  # fmt: skip
