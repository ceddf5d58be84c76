"""Headings: numbers in sequence over an outline, parts, points, and what look, contents or the file itself says."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum, IntEnum, auto
from itertools import pairwise

from ingest.readers.lexicon import is_section_label, meaning
from ingest.readers.numbers import Printed, leading_letter, printed_number
from ingest.readers.simple.lines import DocumentLines
from ingest.readers.simple.series import Member, best_chain
from ingest.readers.simple.titles import join_title, normalize_title
from vectorstore.notation import fold_ref
from vectorstore.records import ItemKind

_LONGEST, _POINT = 170, 250  # characters of a heading, and of a numbered paragraph that is one rather than a point
_PASSED_OVER = 0.15  # what each number that is no heading costs an outline
_REACH = 20  # lines below a number that count for how much it heads
_POINTS = 15  # points of a motion at most
_OVERVIEW = 150  # characters below the entries of an overview, in the middle, from which they are texts
_FORM, _KNOWN = 4, 0.4  # labels of a form, and the share of them that mean a field
_CAPTION = re.compile(
    r"^(?:Abb(?:ildung)?|Tab(?:elle)?|Bild|Foto|Grafik|Karte|Quelle|Diagramm|Anlage)\b", re.IGNORECASE
)
_INTRODUCTION = re.compile(r"^(?:Einleitung|Einführung|Vorwort|Präambel)\b")
_SIGN = re.compile(r"^(?P<ref>§+\s?\d{1,3}[a-z]?)\s+(?P<title>\S.*)$")
_ENDS = re.compile(r"[.,;]$|\.\.\.$")
_CLOSED = tuple('.!?:“")')


class Level(IntEnum):
    """Parts with letters, numbers by depth, headings without numbers, parts of a form, entries of an overview."""

    PART = 1
    NUMBERED = 2
    PLAIN = 60
    FORM = 90
    OVERVIEW = 95


class HeadingReason(Enum):
    """What says that a line is a heading."""

    NUMBER = auto()
    LEVEL = auto()
    LISTED = auto()
    LOOK = auto()
    LABEL = auto()
    ALONE = auto()
    REPEATED = auto()  # an entry of an overview whose number and title another heading has


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading: its lines, where the title begins in the first, number, level, kind, and why it is one.

    `parent` is the number of the heading above; a point is a numbered paragraph, which has no title of its own.
    """

    lines: tuple[int, ...]
    start: int
    title: str
    number: Printed | None
    level: int
    reason: HeadingReason
    ref: str = ""
    kind: ItemKind = ItemKind.SECTION
    parent: int | None = None
    is_point: bool = False

    @property
    def line(self) -> int:
        """The first line."""
        return self.lines[0]


def introduction_of(title: str) -> str | None:
    """Return the word for an introduction that a title begins with, None for others."""
    match = _INTRODUCTION.match(title)
    return match[0] if match else None


def is_caption(text: str) -> bool:
    """True for what names a picture or table by a number, or says where something is from."""
    return (_CAPTION.match(text) is not None and printed_number(text) is not None) or text.startswith(
        ("Quelle:", "Foto:")
    )


class HeadingReader:
    """Reads the headings of one document; `inside` are lines of sheets, `taken` lines that head or label something."""

    def __init__(
        self, document: DocumentLines, taken: Collection[int], inside: Collection[int], listed: Collection[str],
        bookmarks: Sequence[tuple[int, str, int]],
    ) -> None:  # fmt: skip
        self._document, self._taken, self._inside, self._listed = document, taken, inside, listed
        self._marked = {(page, normalize_title(name)) for _, name, page in bookmarks}
        self._first = len(document)  # the first numbered heading; before it plain lines may be headings

    def read(self) -> list[Heading]:
        """Return all headings in order, with level and parent."""
        results: dict[int, Heading] = {}
        for heading in (*self._decimals(), *self._parts(), *self._romans()):
            results.setdefault(heading.line, heading)
        self._first = min(
            (line for line, heading in results.items() if heading.level < Level.OVERVIEW), default=self._first
        )
        taken = {(heading.number.word, heading.number.parts) for heading in results.values() if heading.number}
        chapters = {
            normalize_title(heading.title) for heading in results.values() if heading.level == Level.NUMBERED + 1
        }
        for place in range(len(self._document)):
            plain = self._plain(place) if place not in results and self._may_head(place) else None
            if plain is None or (plain.number and (plain.number.word, plain.number.parts) in taken):
                continue
            repeats = place < self._first and normalize_title(plain.title) in chapters
            results[place] = replace(plain, level=Level.OVERVIEW, reason=HeadingReason.REPEATED) if repeats else plain
        ordered = _without_covered([heading for _, heading in sorted(results.items())])
        return _with_parents(self._with_levels(self._without_title(_without_lone_labels(ordered))))

    def _may_head(self, place: int) -> bool:
        line = self._document.lines[place]
        distinct = place in self._document.apart or place in self._taken
        return not distinct and not line.bullet and len(line.text) <= 2 * _LONGEST

    # Numbers in sequence

    def _decimals(self) -> Iterator[Heading]:
        """Yield headings with decimal numbers that count on: 1, 1.1, 1.2, 2; and the entries of their overview."""
        members: dict[str, list[Member]] = {}
        for place in range(len(self._document)):
            number = self._document.number(place) if self._may_head(place) else None
            plain = number and number.is_decimal and not number.code and number.rest and not number.total
            if number and plain and not _CAPTION.match(self._document.text(place)):
                members.setdefault(number.word, []).append(Member(place, number))
        for word, own in members.items():
            ends = [*(member.line for member in own[1:]), len(self._document)]
            weights = {
                member.line: self._weight(member) + 3 * min(end - member.line, _REACH) / _REACH
                for member, end in zip(own, ends, strict=True)
            }
            chain = best_chain(own, weights, _outline_step, _begins_outline, _PASSED_OVER)
            retained = [member for member in chain if self._has_reason(member, chain)]
            if len(retained) >= 2 and (word or _heads_text(retained)):
                headings = [self._heading(member, Level.NUMBERED + member.number.depth) for member in retained]
                yield from headings
                yield from self._overview(own, headings)

    def _weight(self, member: Member) -> float:
        """Return how much a numbered line looks like a heading."""
        place = member.line
        listed = normalize_title(member.number.rest) in self._listed
        following = min(len(self._document), place + 1)
        heads = following < len(self._document) and self._document.opens(following)
        return 0.2 + self._document.opens(place) + self._document.is_prominent(place) + listed + 0.5 * heads

    def _has_reason(self, member: Member, chain: Sequence[Member]) -> bool:
        """True if a numbered line is set off, listed, or its lines are alone in a document without styles."""
        document, place = self._document, member.line
        text = document.text(place)
        if document.is_prominent(place) or normalize_title(member.number.rest) in self._listed or member.number.word:
            return True
        if (document.lines[place].page, normalize_title(text)) in self._marked:
            return True
        steps = [chained.number.parts for chained in chain]
        counted = 3 <= len(steps) <= _POINTS and steps == [(n + 1,) for n in range(len(steps))]
        if counted and not document.styled and document.opens(place):
            return True  # points of a motion
        lines = document.run_on(place) if not document.styled else [place]
        whole = " ".join(document.text(line) for line in lines)
        alone = document.opens(place) and (lines[-1] + 1 >= len(document) or document.opens(lines[-1] + 1))
        if len(lines) > 1 and _ENDS.search(whole):
            return False
        return alone and len(whole) <= _POINT / 2 and (not document.styled or len(chain) >= 5)

    def _overview(self, members: Sequence[Member], headings: Sequence[Heading]) -> Iterator[Heading]:
        """Yield the entries of an overview that have the number and title of a heading elsewhere, and text below."""
        names = {(fold_ref(heading.ref), normalize_title(heading.title)) for heading in headings}
        lines = {heading.line for heading in headings}
        results, lengths = [], []
        for member, following in pairwise(sorted(members, key=lambda member: member.line)):
            entry = self._heading(member, Level.OVERVIEW)
            if member.line not in lines and (fold_ref(entry.ref), normalize_title(entry.title)) in names:
                results.append(replace(entry, reason=HeadingReason.REPEATED, is_point=False))
                lengths.append(sum(len(line.text) for line in self._document.lines[member.line + 1 : following.line]))
        if lengths and sorted(lengths)[len(lengths) // 2] >= _OVERVIEW:
            yield from results

    def _parts(self) -> Iterator[Heading]:
        """Yield parts "A.", "B." in sequence."""
        retained: list[Member] = []
        for place in range(len(self._document)):
            result = leading_letter(self._document.text(place)) if self._may_head(place) else None
            if result and len(result.rest) < 100 and result.parts[0] == len(retained) + 1:
                retained.append(Member(place, result))
        if len(retained) > 1:
            yield from (self._heading(member, Level.PART) for member in retained)

    def _romans(self) -> Iterator[Heading]:
        """Yield headings and points with Roman numbers, each run from I on."""
        runs: list[list[Member]] = []
        for place in range(len(self._document)):
            number = self._document.number(place) if self._may_head(place) else None
            if number is None or number.shape != "{roman}" or number.code or not number.rest:
                continue
            if number.parts == (1,):
                runs.append([Member(place, number)])
            elif runs and number.parts == (len(runs[-1]) + 1,):
                runs[-1].append(Member(place, number))
        for run in runs:
            if len(run) > 1:
                yield from (self._heading(member, Level.NUMBERED) for member in run)

    def _heading(self, member: Member, level: int) -> Heading:
        document = self._document
        heavy = document.is_prominent(member.line)
        lines = document.run_on(member.line) if heavy or not document.styled else [member.line]
        first = document.text(member.line)
        start = len(first) - len(member.number.rest)
        title = join_title([document.text(place) for place in lines])[start:].strip()
        goes_on = lines[-1] + 1 < len(document) and not document.opens(lines[-1] + 1)
        is_point = (not heavy and goes_on) or len(title) > _POINT
        if is_point:
            lines, title = [member.line], member.number.rest
        return Heading(
            tuple(lines), start, title, member.number, level, HeadingReason.NUMBER, member.number.ref, is_point=is_point
        )  # fmt: skip

    # Headings without numbers

    def _plain(self, place: int) -> Heading | None:
        """Return a heading by look, by the contents, or by the file's own word."""
        line = self._document.lines[place]
        signed = _SIGN.match(line.text)
        if signed is not None and line.opens and len(line.text) <= _LONGEST:
            ref = " ".join(signed["ref"].split())
            return Heading(
                (place,), signed.start("title"), signed["title"], None, Level.PLAIN, HeadingReason.NUMBER, ref
            )
        if is_caption(line.text) or line.cell is not None:
            return None
        lines = self._document.run_on(place)
        title = join_title([self._document.text(n) for n in lines])
        letters = sum(map(str.isalpha, title))
        if letters < 3 or len(title) > _LONGEST or 2 * letters < len(title.replace(" ", "")) or title[:1].islower():
            return None
        reason = self._reason(lines, title)
        if reason is None or (place in self._inside and reason not in (HeadingReason.LISTED, HeadingReason.LEVEL)):
            return None
        number, start = printed_number(title), 0
        if number is not None and number.rest and not number.code and not number.word:
            start, title = len(title) - len(number.rest), number.rest
        else:
            number = None
        ref = number.ref if number else ""
        return Heading(tuple(lines), start, title.rstrip(" :"), number, Level.PLAIN, reason, ref)

    def _reason(self, lines: Sequence[int], title: str) -> HeadingReason | None:
        document = self._document
        line, following = document.lines[lines[0]], lines[-1] + 1
        if line.style.level:
            return HeadingReason.LEVEL
        after = document.lines[following] if following < len(document) else None
        heads = line.opens and after is not None and after.opens and not after.bullet
        if title.endswith(":") and len(title.split()) <= 3 and line.opens:
            return HeadingReason.LABEL if heads and self._differs(following, lines[0]) else None
        names = {(line.page, normalize_title(title))} & self._marked
        if (normalize_title(title) in self._listed or names) and line.opens:
            return HeadingReason.LISTED
        if _ENDS.search(title) or not self._differs(following, lines[0]):
            return None
        if heads and is_section_label(title.rstrip(":") + ":"):
            return HeadingReason.LABEL
        among = lines[0] and after is not None and document.lines[lines[0] - 1].style == line.style == after.style
        if document.is_prominent(lines[0]) and not among and not (line.style.size < document.body.size - 0.3):
            return HeadingReason.LOOK
        free = not document.styled or lines[0] < self._first
        return (
            HeadingReason.ALONE if free and line.opens and len(title.split()) <= 9 and self._is_alone(lines) else None
        )

    def _is_alone(self, lines: Sequence[int]) -> bool:
        """True for a short line of plain text that a closed paragraph precedes and a sentence follows."""
        document = self._document
        before = document.text(lines[0] - 1) if lines[0] else "."
        after = document.text(lines[-1] + 1) if lines[-1] + 1 < len(document) else ""
        closed = before.rstrip().endswith(_CLOSED) or lines[0] - 1 in document.apart
        return closed and (len(after) > 60 or after[:1].isdigit()) and not _ENDS.search(document.text(lines[-1]))

    def _differs(self, place: int, first: int) -> bool:
        """True if something other than the same look follows: a run of heavy lines is no heading."""
        if place >= len(self._document):
            return False
        return self._document.lines[place].style != self._document.lines[first].style or self._document.opens(place)

    # Levels

    def _without_title(self, headings: Sequence[Heading]) -> list[Heading]:
        """Return headings without the title of the document: its first line, in a look of its own."""
        first = next((place for place in range(len(self._document)) if place not in self._document.apart), 0)
        top = headings[0] if headings else None
        if top is None or top.line != first or top.number or top.reason in (HeadingReason.LISTED, HeadingReason.LABEL):
            return list(headings)
        later = [heading for heading in headings if heading.title != top.title]
        similar = any(self._look(heading) == self._look(top) for heading in later)
        return list(headings) if similar and top.reason is not HeadingReason.ALONE else later

    def _with_levels(self, headings: Sequence[Heading]) -> list[Heading]:
        """Return headings; those without numbers get a level by their look among the others."""
        looks: dict[tuple[float, bool, int], int] = {}
        for heading in headings:
            if heading.level < Level.PLAIN:
                looks[self._look(heading)] = min(looks.get(self._look(heading), Level.PLAIN), heading.level)
        plain = sorted(
            {self._look(heading) for heading in headings if heading.level == Level.PLAIN} - looks.keys(),
            key=lambda look: (look[2] or 99, -look[0], not look[1]),
        )
        resolves = any(
            heading.reason is HeadingReason.LABEL and "beschlu" in heading.title.lower() for heading in headings
        )
        return [
            replace(heading, level=self._level(heading, looks, plain, resolves))
            if heading.level == Level.PLAIN else heading for heading in headings
        ]  # fmt: skip

    def _level(
        self, heading: Heading, looks: Mapping[tuple[float, bool, int], int],
        plain: Sequence[tuple[float, bool, int]], resolves: bool,
    ) -> int:  # fmt: skip
        look = self._look(heading)
        if resolves and heading.reason is HeadingReason.LABEL:
            return Level.PART
        if look in looks:
            return looks[look]
        if look[2]:
            return look[2]
        if (word := introduction_of(heading.title)) and normalize_title(word) in self._listed:
            return Level.NUMBERED + 1
        largest = max((look[0] for look in looks), default=0.0)
        return Level.PLAIN + plain.index(look) if look[0] <= largest or not looks else Level.PART

    def _look(self, heading: Heading) -> tuple[float, bool, int]:
        style = self._document.lines[heading.line].style
        return style.size, style.bold, style.level


def _outline_step(before: Member, member: Member) -> float:
    """Return how well a number follows another in an outline: the next one of its depth, a deeper or higher one."""
    first, second = before.counts, member.counts
    place = len(second) - 1
    if len(second) == len(first) + 1 and second[:-1] == first and second[-1] <= 1:
        return 1.0
    if place >= len(first) or second[:place] != first[:place]:
        return 0.0
    gap = second[place] - first[place]
    return 1.0 / gap if 0 < gap <= 3 else 0.0


def _begins_outline(member: Member) -> bool:
    return member.counts[-1] <= 1 or len(member.counts) == 1


def _heads_text(chain: Sequence[Member]) -> bool:
    """True if there is text between most of the numbered lines: points of a list follow one another."""
    gaps = sorted(later.line - sooner.line for sooner, later in pairwise(chain))
    return not gaps or gaps[len(gaps) // 2] >= 2 or any(member.number.depth > 1 for member in chain)


def _without_covered(headings: Sequence[Heading]) -> list[Heading]:
    """Return headings without those that begin on a line of another."""
    retained: list[Heading] = []
    for heading in headings:
        if not retained or heading.line > retained[-1].lines[-1]:
            retained.append(heading)
    return retained


def _without_lone_labels(headings: Sequence[Heading]) -> list[Heading]:
    """Return headings; labels with a colon head parts of a form, or what sections of resolutions are called."""
    labels = [heading for heading in headings if heading.reason is HeadingReason.LABEL]
    known = sum(meaning(heading.title, weak=True) is not None for heading in labels)
    numbered = any(heading.number is not None for heading in headings)
    is_form = len(labels) >= _FORM and known >= _KNOWN * len(labels) and not numbered
    return [
        replace(heading, level=Level.FORM) if is_form and heading.reason is HeadingReason.LABEL else heading
        for heading in headings
        if heading.reason is not HeadingReason.LABEL or is_form or is_section_label(f"{heading.title}:")
    ]


def _with_parents(headings: Sequence[Heading]) -> list[Heading]:
    """Return headings with the nearest one of a lower level above them."""
    stack: list[int] = []
    result: list[Heading] = []
    for place, heading in enumerate(headings):
        while stack and result[stack[-1]].level >= heading.level:
            stack.pop()
        result.append(replace(heading, parent=stack[-1] if stack else None))
        stack.append(place)
    return result
