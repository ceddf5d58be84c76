"""The outline: headings with numbers in sequence, headings by look or by the file's own word, and what they head."""

from __future__ import annotations

import itertools
import re
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import replace

from ingest.readers.lexicon import is_section_label, meaning
from ingest.readers.numbers import Printed, leading_letter, printed_number, same_ref
from ingest.readers.simple.headings import (
    FORM,
    LABELLED,
    NUMBERED,
    OVERVIEW,
    PART,
    PLAIN,
    REPEATED,
    Heading,
    introduction_of,
    is_caption,
    join_title,
    names_picture,
)  # fmt: skip
from ingest.readers.simple.kinds import is_resolution, kind_of_word, with_kinds
from ingest.readers.simple.series import Member, Series, counts_on, rising, title_start
from ingest.readers.simple.titles import normalize_title
from ingest.stream import Line, Style, body_style

_LONGEST = 170  # characters of a heading
_PLAIN_LINES = 3  # of a title below its number in plain text, at most
_POINT = 250  # characters of a numbered paragraph that is a heading rather than a point
_POINTS = 15  # points of a motion at most
_OVERVIEW = 150  # characters below the entries of an overview, in the middle, from which they are texts
_NEAR = 40  # lines below a heading that count for how much it heads, and headings that may be left out between two
_FORM = 4  # different labels of a form
_KNOWN = 0.4  # share of the labels of a form that mean a field
_NO_CODES = ("co", "abb", "tab", "din", "iso", "en")  # letters before digits that number no record
_MOST = 60  # lines below a coded number that count for how much it heads
_SIGN = re.compile(r"^(?P<ref>§+\s?\d{1,3}[a-z]?)\s+(?P<title>\S.*)$")
_ENDS = re.compile(r"[.,;]$|\.\.\.$")


class OutlineReader:
    """Reads the outline of one document; `apart` are lines in tables, contents and labels, `inside` those of sheets."""

    def __init__(
        self, lines: Sequence[Line], apart: Collection[int], inside: Collection[int], series: Sequence[Series],
        listed: Collection[str], bookmarks: Sequence[tuple[int, str, int]], title: str,
    ) -> None:  # fmt: skip
        self._lines, self._apart, self._inside = lines, apart, inside
        self._series, self._listed, self._title = series, listed, title
        self._marked = {(page, normalize_title(name)): level for level, name, page in bookmarks}
        self._body = body_style(line for place, line in enumerate(lines) if place not in apart)
        self._styled = any(line.style.size or line.style.level or line.style.bold for line in lines)
        self._first = len(lines)  # the first numbered heading; before it plain lines may be headings

    def read(self, sheets: Collection[tuple[str, str]] = ()) -> list[Heading]:
        """Return all headings in order, with level, kind and parent; `sheets` are codes and numbers of sheets."""
        found: dict[int, Heading] = {}
        for heading in (*self._decimals(), *self._parts(), *self._coded()):
            found.setdefault(heading.line, heading)
        self._first = min((line for line, heading in found.items() if heading.level < OVERVIEW), default=self._first)
        taken = {(heading.number.word, heading.number.parts) for heading in found.values() if heading.number}
        chapters = {normalize_title(heading.title) for heading in found.values() if heading.level == NUMBERED + 1}
        for place in range(len(self._lines)):
            plain = self._plain(place) if place not in found and place not in self._apart else None
            if plain is None or (plain.number and (plain.number.word, plain.number.parts) in taken):
                continue
            repeats = place < self._first and normalize_title(plain.title) in chapters
            found[place] = replace(plain, level=OVERVIEW, reason=REPEATED) if repeats else plain
        ordered = _without_covered([
            heading for _, heading in sorted(found.items())
            if heading.number is None or (heading.number.code, same_ref(heading.ref)) not in sheets
        ])  # fmt: skip
        ordered = self._with_levels(self._without_title(_without_lone_labels(ordered)))
        return with_kinds(_with_parents(ordered), self._lines, self._title)

    # Numbers in sequence

    def _decimals(self) -> list[Heading]:
        """Return headings with decimal numbers that count on: 1, 1.1, 1.2, 2."""
        members = [
            member
            for series in self._series
            if not series.form[1] and "{roman}" not in series.form[3] and "{letters}" not in series.form[3]
            for member in series.members
            if member.number.rest and not member.number.total and self._may_head(member.line)
            and not names_picture(self._lines[member.line].text)
        ]  # fmt: skip
        by_word: dict[str, list[Member]] = defaultdict(list)
        for member in members:
            by_word[member.number.word].append(member)
        headings: list[Heading] = []
        for word, own in by_word.items():
            chain = self._chain(sorted(own, key=lambda member: member.line))
            chain = [member for member in chain if self._has_reason(member, chain)]
            if len(chain) >= 2 and (word or self._heads_text(chain)):
                headings += [self._heading(member, NUMBERED + member.number.depth) for member in chain]
                headings += self._overview(own, headings)
        return headings

    def _overview(self, members: Sequence[Member], headings: Sequence[Heading]) -> list[Heading]:
        """Return the entries of an overview that have the number and title of a heading elsewhere, and text below."""
        names = {(same_ref(heading.ref), normalize_title(heading.title)) for heading in headings}
        lines = {heading.line for heading in headings}
        ordered = sorted(members, key=lambda member: member.line)
        found: list[Heading] = []
        lengths: list[int] = []
        for member, following in itertools.pairwise(ordered):
            entry = self._heading(member, OVERVIEW)
            if member.line not in lines and (same_ref(entry.ref), normalize_title(entry.title)) in names:
                found.append(replace(entry, reason=REPEATED, is_point=False))
                lengths.append(sum(len(line.text) for line in self._lines[member.line + 1 : following.line]))
        return found if lengths and sorted(lengths)[len(lengths) // 2] >= _OVERVIEW else []

    def _chain(self, members: Sequence[Member]) -> list[Member]:
        """Return the longest way through members on which each number follows the one before in an outline."""
        best: list[tuple[int, int, int, int]] = []  # length, numbers left out (negative), lines headed, predecessor
        ends = [*(member.line for member in members[1:]), len(self._lines)]
        for place, member in enumerate(members):
            begins = member.parts[-1] <= 1 or len(member.parts) == 1
            length, left_out, headed, link = (1, 0, 0, -1) if begins else (0, 0, 0, -1)
            for before in range(max(0, place - _NEAR), place):
                own, out, lines, _ = best[before]
                out -= place - before - 1
                better = own and (own + 1, out, lines) > (length, left_out, headed)
                if better and _follows(members[before].parts, member.parts):
                    length, left_out, headed, link = own + 1, out, lines, before
            best.append((length, left_out, headed + min(ends[place] - member.line, _NEAR), link))
        if not best:
            return []
        place = max(range(len(best)), key=lambda end: best[end][:3])
        chain: list[Member] = []
        while place >= 0:
            chain.append(members[place])
            place = best[place][3]
        return chain[::-1]

    def _has_reason(self, member: Member, chain: Sequence[Member]) -> bool:
        """True if a numbered line is set off, listed, or the document has no styles and its lines stand alone."""
        line = self._lines[member.line]
        if line.style.is_heavier(self._body) or normalize_title(member.number.rest) in self._listed:
            return True
        if (line.page, normalize_title(line.text)) in self._marked or member.number.word:
            return True
        steps = [chained.parts for chained in chain]
        if (
            not self._styled
            and line.opens
            and 3 <= len(steps) <= _POINTS
            and steps == [(n + 1,) for n in range(len(steps))]
        ):
            return True  # points of a motion
        lines = self._group(member.line) if not self._styled else [member.line]
        text = " ".join(self._lines[place].text for place in lines)
        following = self._lines[lines[-1] + 1] if lines[-1] + 1 < len(self._lines) else None
        alone = line.opens and (following is None or following.opens) and not (len(lines) > 1 and _ENDS.search(text))
        return alone and len(text) <= _POINT / 2 and (not self._styled or len(chain) >= 5)

    def _heads_text(self, chain: Sequence[Member]) -> bool:
        """True if there is text between most of the numbered lines: points of a list follow one another."""
        gaps = sorted(later.line - sooner.line for sooner, later in itertools.pairwise(chain))
        return not gaps or gaps[len(gaps) // 2] >= 2 or any(member.number.depth > 1 for member in chain)

    def _parts(self) -> list[Heading]:
        """Return parts "A.", "B." and points with Roman numbers, each in sequence."""
        letters = [
            (place, found) for place, line in enumerate(self._lines)
            if self._may_head(place) and (found := leading_letter(line.text)) and len(found.rest) < 100
        ]  # fmt: skip
        kept: list[tuple[int, Printed]] = []
        for place, found in letters:
            if found.parts[0] == len(kept) + 1:
                kept.append((place, found))
        headings = [self._heading(Member(found, place), PART) for place, found in kept] if len(kept) > 1 else []
        roman = [
            member for series in self._series if series.form[3] == "{roman}" and not series.form[1]
            for member in series.members if self._may_head(member.line)
        ]  # fmt: skip
        expected = 1
        runs: list[list[Member]] = []
        for member in sorted(roman, key=lambda member: member.line):
            if member.parts == (1,):
                runs.append([member])
                expected = 2
            elif runs and member.parts == (expected,):
                runs[-1].append(member)
                expected += 1
        for run in runs:
            if len(run) > 1:
                headings += [self._heading(member, NUMBERED) for member in run]
        return headings

    def _coded(self) -> list[Heading]:
        """Return headings with codes ("M 12", "HW-1") of series that count on, with a reason and text below them."""
        headings: list[Heading] = []
        for series in self._series:
            coded = series.form[1] or (series.word and kind_of_word(series.word) is not None)
            if not coded or names_picture(series.word):
                continue
            members = [
                member for member in series.members
                if self._may_head(member.line) and member.number.code.lower().rstrip(".") not in _NO_CODES
            ]  # fmt: skip
            chain = rising(_heading_most([member for member in members if self._is_set_off(member)]))
            if len(chain) < 3 or len({member.number.ref for member in chain}) < len(chain):
                continue
            titled = [heading for member in chain if (heading := self._titled(member)) is not None]
            distinct = {normalize_title(heading.title) for heading in titled}
            if len(titled) >= 3 and len(distinct) >= 0.8 * len(titled) and self._counts_up(chain):
                headings += titled
        return headings

    def _is_set_off(self, member: Member) -> bool:
        """True if a coded number begins a heading by its look, is listed, or fills the first cell of a row."""
        line = self._lines[member.line]
        if line.bullet or not (line.opens or line.cell):
            return False
        if line.style.is_heavier(self._body) or normalize_title(member.number.rest) in self._listed:
            return True
        if line.cell is not None or (not self._styled and member.number.code and line.opens and not member.number.rest):
            return not member.number.rest
        following = self._lines[member.line + 1] if member.line + 1 < len(self._lines) else None
        alone = following is None or following.opens
        return alone and not self._styled and 3 < len(member.number.rest) <= _LONGEST

    def _counts_up(self, chain: Sequence[Member]) -> bool:
        """True if most numbers are right behind the one before, in their code."""
        steps = [
            later.parts[-1] - sooner.parts[-1] == 1 or later.parts[-1] == 1
            for sooner, later in itertools.pairwise(chain)
        ]
        return sum(steps) >= 0.6 * len(steps)

    def _titled(self, member: Member) -> Heading | None:
        """Return the heading of a coded number; its title stands behind it, in the next cell, or on the next line."""
        kind_level = NUMBERED + 3
        remark = member.number.rest.startswith("(") and member.number.rest.rstrip(":").endswith(")")
        if member.number.rest and not remark:
            return self._heading(member, kind_level)
        place = member.line + 1
        if place >= len(self._lines):
            return None
        own, following = self._lines[member.line], self._lines[place]
        beside = own.cell is not None and following.cell is not None and own.cell[:2] == following.cell[:2]
        set_off = own.style.is_heavier(self._body) or own.style.level > 0
        below = (
            own.cell is None
            and following.page == own.page
            and (following.style.is_heavier(self._body) or set_off or not self._styled)
        )
        if not (beside or below) or printed_number(following.text):
            return None
        lines = self._group(place)
        title = join_title([self._lines[line].text for line in lines])
        plain = not (beside or following.style.is_heavier(self._body))
        if plain and (len(lines) > _PLAIN_LINES or len(title) > _LONGEST or _ENDS.search(title)):
            lines, title = [place], following.text  # the first line of a paragraph
        if not 3 < len(title) <= _LONGEST:
            return None
        return Heading((member.line, *lines), -1, title, member.number, member.number.ref, kind_level, "number")

    # Headings without numbers

    def _plain(self, place: int) -> Heading | None:
        """Return a heading by look, by the contents, or by the file's own word."""
        line = self._lines[place]
        signed = _SIGN.match(line.text)
        if signed is not None and line.opens and len(line.text) <= _LONGEST:
            ref = " ".join(signed["ref"].split())
            return Heading((place,), signed.start("title"), signed["title"], None, ref, PLAIN, "number")
        if not self._may_head(place) or is_caption(line.text) or line.cell is not None:
            return None
        lines = self._group(place)
        title = join_title([self._lines[line].text for line in lines])
        letters = sum(map(str.isalpha, title))
        if letters < 3 or len(title) > _LONGEST or 2 * letters < len(title.replace(" ", "")) or title[:1].islower():
            return None
        reason = self._reason(lines, title)
        if reason is None or (place in self._inside and reason not in ("listed", "level")):
            return None
        number = printed_number(title)
        start = 0
        if number is not None and number.rest and not number.code and not number.word:
            start, title = len(title) - len(number.rest), number.rest
        else:
            number = None
        return Heading(tuple(lines), start, title.rstrip(" :"), number, number.ref if number else "", PLAIN, reason)

    def _reason(self, lines: Sequence[int], title: str) -> str | None:
        line, following = self._lines[lines[0]], lines[-1] + 1
        if line.style.level:
            return "level"
        after = self._lines[following] if following < len(self._lines) else None
        heads = line.opens and after is not None and after.opens and not after.bullet
        if title.endswith(":") and len(title.split()) <= 3 and line.opens:
            return LABELLED if heads and self._text_follows(following, line.style) else None
        listed = normalize_title(title) in self._listed
        marked = (line.page, normalize_title(title)) in self._marked
        if (listed or marked) and line.opens:
            return "listed"
        if _ENDS.search(title) or not self._text_follows(following, line.style):
            return None
        if heads and is_section_label(title.rstrip(":") + ":"):
            return LABELLED
        if line.style.is_heavier(self._body) and not (line.style.size < self._body.size - 0.3):
            return "look"
        free = not self._styled or lines[0] < self._first
        if free and line.opens and len(title.split()) <= 9 and self._stands_alone(lines):
            return "alone"
        return None

    def _stands_alone(self, lines: Sequence[int]) -> bool:
        """True for a short line of plain text that a closed paragraph precedes and a sentence follows."""
        before = self._lines[lines[0] - 1].text if lines[0] else "."
        after = self._lines[lines[-1] + 1].text if lines[-1] + 1 < len(self._lines) else ""
        closed = before.rstrip()[-1:] in '.!?:“")' or lines[0] - 1 in self._apart
        return closed and (len(after) > 60 or after[:1].isdigit()) and not _ENDS.search(self._lines[lines[-1]].text)

    def _text_follows(self, place: int, style: Style) -> bool:
        """True if something other than the same look follows: a run of heavy lines is no heading."""
        following = self._lines[place] if place < len(self._lines) else None
        return following is not None and (following.style != style or following.opens)

    def _may_head(self, place: int) -> bool:
        line = self._lines[place]
        return place not in self._apart and not line.bullet and len(line.text) <= 2 * _LONGEST

    def _group(self, place: int) -> list[int]:
        """Return a line with those that go on in its look and paragraph."""
        own = self._lines[place]
        group = [place]
        while group[-1] + 1 < len(self._lines) and len(group) < 4:
            following = self._lines[group[-1] + 1]
            same = following.style == own.style and following.cell == own.cell and following.page == own.page
            if group[-1] + 1 in self._apart or not same or following.opens or printed_number(following.text):
                break
            group.append(group[-1] + 1)
        return group

    def _heading(self, member: Member, level: int) -> Heading:
        line = self._lines[member.line]
        heavy = line.style.is_heavier(self._body)
        lines = self._group(member.line) if heavy or not self._styled else [member.line]
        start = title_start(line.text, member.number)
        title = join_title([self._lines[place].text for place in lines])[start:].strip()
        following = self._lines[lines[-1] + 1] if lines[-1] + 1 < len(self._lines) else None
        goes_on = following is not None and not following.opens and following.page == line.page
        is_point = (not heavy and goes_on and not line.style.level) or len(title) > _POINT
        if is_point:
            lines, title = [member.line], member.number.rest
        return Heading(tuple(lines), start, title, member.number, member.number.ref, level, "number", is_point=is_point)

    # Levels

    def _without_title(self, headings: Sequence[Heading]) -> list[Heading]:
        """Return headings without the title of the document: its first line, in a look of its own."""
        first = next((place for place in range(len(self._lines)) if place not in self._apart), 0)
        if (
            not headings
            or headings[0].line != first
            or headings[0].number
            or headings[0].reason in ("listed", LABELLED)
        ):
            return list(headings)
        later = [heading for heading in headings if heading.title != headings[0].title]
        alike = any(self._look(heading) == self._look(headings[0]) for heading in later)
        return list(headings) if alike and headings[0].reason != "alone" else later

    def _with_levels(self, headings: Sequence[Heading]) -> list[Heading]:
        """Return headings without numbers with a level by their look among the others."""
        looks: dict[tuple[float, bool, int], int] = {}
        for heading in headings:
            if heading.level < PLAIN:
                looks[self._look(heading)] = min(looks.get(self._look(heading), PLAIN), heading.level)
        plain = sorted(
            {self._look(heading) for heading in headings if heading.level == PLAIN} - looks.keys(),
            key=lambda look: (look[2] or 99, -look[0], not look[1]),
        )
        largest = max((look[0] for look in looks), default=0.0)
        resolves = any(heading.reason == LABELLED and is_resolution(heading.title) for heading in headings)
        result = []
        for heading in headings:
            if heading.level == PLAIN:
                look = self._look(heading)
                word = introduction_of(heading.title)
                if resolves and heading.reason == LABELLED:
                    level = PART
                elif look in looks:
                    level = looks[look]
                elif look[2]:
                    level = look[2]
                elif word and normalize_title(word) in self._listed:
                    level = NUMBERED + 1
                else:
                    level = PLAIN + plain.index(look) if look[0] <= largest or not looks else PART
                heading = replace(heading, level=level)
            result.append(heading)
        return result

    def _look(self, heading: Heading) -> tuple[float, bool, int]:
        style = self._lines[heading.line].style
        return style.size, style.bold, style.level


def _without_covered(headings: Sequence[Heading]) -> list[Heading]:
    """Return headings without those that begin on a line of another."""
    kept: list[Heading] = []
    for heading in headings:
        if not kept or heading.line > kept[-1].lines[-1]:
            kept.append(heading)
    return kept


def _without_lone_labels(headings: Sequence[Heading]) -> list[Heading]:
    """Return headings; labels with a colon head parts of a form, or what sections of resolutions are called."""
    labels = [heading for heading in headings if heading.reason == LABELLED]
    known = sum(meaning(heading.title, weak=True) is not None for heading in labels)
    numbered = any(heading.number is not None for heading in headings)
    is_form = len(labels) >= _FORM and known >= _KNOWN * len(labels) and not numbered
    return [
        replace(heading, level=FORM) if is_form and heading.reason == LABELLED else heading for heading in headings
        if heading.reason != LABELLED or is_form or is_section_label(f"{heading.title}:")
    ]  # fmt: skip


def _heading_most(members: Sequence[Member]) -> list[Member]:
    """Return of several prints of a number the one that heads most lines: a list names it, a sheet describes it."""
    best: dict[tuple[str, str], tuple[int, Member]] = {}
    for place, member in enumerate(members):
        following = members[place + 1] if place + 1 < len(members) else None
        headed = min(following.line - member.line, _MOST) if following is not None else _MOST
        name = (member.number.code, member.number.ref)
        if name not in best or headed > best[name][0]:
            best[name] = (headed, member)
    return sorted((member for _, member in best.values()), key=lambda member: member.line)


def _follows(first: tuple[int, ...], second: tuple[int, ...]) -> bool:
    """True if a number may come after another: right behind it, or with one or two missing between."""
    if counts_on(first, second):
        return True
    place = len(second) - 1
    if place >= len(first) or second[:place] != first[:place]:
        return False
    return 0 < second[place] - first[place] <= 3


def _with_parents(headings: Sequence[Heading]) -> list[Heading]:
    """Return headings with the nearest one above them: of a lower level, and by number where both have one."""
    stack: list[int] = []
    result: list[Heading] = []
    for place, heading in enumerate(headings):
        while stack and result[stack[-1]].level >= heading.level:
            stack.pop()
        result.append(replace(heading, parent=stack[-1] if stack else None))
        stack.append(place)
    return result
