"""Heads of sheets: the title by a vote over all sheets, of place, look, distinctness and agreement with contents."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from ingest.readers.lexicon import meaning
from ingest.readers.numbers import Printed, same_ref
from ingest.readers.simple.labels import Label
from ingest.readers.simple.lines import DocumentLines
from ingest.readers.simple.sheets import Sheet
from ingest.readers.simple.titles import join_title, normalize_title

_LONGEST = 220  # characters of a title
_ZONE, _MOST_LINES = 12, 4  # lines of a head among which a listed title is, and lines of a title
_BEFORE, _BEHIND = 3, 6  # paragraphs before a number and behind it that may be its title
_LISTED, _DISTINCT, _LOOK, _SECOND = 3.0, 1.0, 0.5, 0.1  # what speaks for a place of titles
_SETTLED = 0.7  # share of the sheets that have their title in one place, from which that is a reason
_OPEN_ENDS = (" und", " der", " die", " des", " für", " zur", " zum", " von", " im", " in", " mit", " an", " oder", "-", ",")

Role = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Title:
    """A title where it is printed: its lines, where it begins in the first and ends in the last, why it is one.

    `is_listed` is true where contents, overview or bookmarks have it, `is_set_off` where its look or its usual place
    says that it is one.
    """

    lines: tuple[int, ...]
    start: int
    end: int
    text: str
    is_listed: bool = False
    is_set_off: bool = False
    number: Printed | None = None

    @property
    def is_whole(self) -> bool:
        """True for a text that does not begin or end within a sentence."""
        text = self.text.strip()
        return bool(text) and not text.lower().endswith(_OPEN_ENDS) and not text.startswith((",", ")", "-"))


@dataclass(frozen=True, slots=True)
class _Candidate:
    role: Role
    title: Title


class TitleVote:
    """Chooses the titles of the sheets of a document.

    `listed` are known titles, `by_ref` those that the contents have for a number, both as they are compared.
    """

    def __init__(
        self, document: DocumentLines, labels: Sequence[Label], listed: Collection[str], by_ref: Mapping[str, Sequence[str]]
    ) -> None:
        self._document, self._listed, self._by_ref = document, listed, by_ref
        self._labels = {place: label for label in labels for place in label.lines}
        keys = {re.escape(label.text) for label in labels if label.end < len(document.text(label.lines[-1]))}
        self._inner = re.compile(rf"(?<=\S)\s+(?:{'|'.join(sorted(keys))})\s?:" if keys else r"(?!)", re.IGNORECASE)

    def choose(self, sheets: Sequence[Sheet]) -> list[Title | None]:
        """Return the title of each sheet."""
        candidates = [list(self._candidates(sheet, sheets[n - 1].end if n else 0)) for n, sheet in enumerate(sheets)]
        prints = Counter(normalize_title(found.title.text) for own in candidates for found in own)
        scores: Counter[Role] = Counter()
        roles: Counter[Role] = Counter()
        for own in candidates:
            for found in {candidate.role: candidate for candidate in reversed(own)}.values():
                scores[found.role] += self._score(found, prints)
                roles[found.role] += 1
        chosen = []
        for sheet, own in zip(sheets, candidates, strict=True):
            settled = {role for role, count in roles.items() if count >= _SETTLED * len(sheets)}
            chosen.append(self._best(sheet, own, scores, settled))
        return chosen

    def _candidates(self, sheet: Sheet, first: int) -> Iterator[_Candidate]:
        """Yield what may be the title: behind the number, below it, before it, and behind a label for titles."""
        document, member = self._document, sheet.member
        start = sheet.start
        if member is not None:
            rest = len(document.text(start)) - len(member.number.rest)
            rest_text = member.number.rest
            if rest_text and not (rest_text.startswith("(") and rest_text.rstrip(" :").endswith(")")):
                lines = self._run_on(start)
                yield from self._candidate(("behind",), lines, rest)
            place, order = (self._run_on(start)[-1] + 1 if member.number.rest else start + 1), 1
        else:
            place, order = start, 1
        while place < sheet.end and order <= _BEHIND:
            label = self._labels.get(place)
            if label is not None and label.meaning == "title" and (found := self._labelled(label)):
                yield found
            elif label is None and (document.is_head_like(place) or order == 1):
                lines = self._run_on(place)
                yield from self._candidate(("below", order, *self._document.look(place)), lines, 0)
                place, order = lines[-1], order + 1
            elif label is not None and label.end >= len(document.text(place)) and label.line > start:
                break
            elif label is None:
                break
            place += 1
        if member is not None:
            place = start - 1
            for order in range(1, _BEFORE + 1):
                while place >= first and not document.opens(place):
                    place -= 1
                if place < first or place in self._labels or not document.is_head_like(place):
                    break
                yield from self._candidate(("before", order, *self._document.look(place)), self._run_on(place), 0)
                place -= 1

    def _labelled(self, label: Label) -> _Candidate | None:
        """Return what is behind or below a label for titles."""
        last = label.lines[-1]
        text = self._document.text(last)[label.end :].lstrip(" :")
        if text:
            lines, start = self._run_on(last), len(self._document.text(last)) - len(text)
        elif last + 1 < len(self._document) and last + 1 not in self._labels:
            lines, start = self._run_on(last + 1), 0
        else:
            return None
        return next(self._candidate(("label",), lines, start), None)

    def _run_on(self, place: int) -> list[int]:
        """Return a line with those in which it goes on, all of a cell that is a title, up to the next label."""
        lines = self._document.run_on(place)
        cell = self._document.cell_lines(place)
        if cell and cell[0] == place and len({self._document.look(line) for line in cell}) == 1:
            lines = cell
        stop = next((n for n, line in enumerate(lines) if n and (line in self._labels or line in self._document.apart)), len(lines))
        return lines[:stop]

    def _is_below_number(self, role: Role, lines: Sequence[int], text: str) -> bool:
        """True for a paragraph that is the first below a number set off on a line of its own, and no sentence."""
        document, following = self._document, lines[-1] + 1
        whole = following >= len(document) or document.opens(following)
        return role[:2] == ("below", 1) and document.is_set_off(lines[0] - 1) and whole and not text.endswith((".", ":", ";"))

    def _candidate(self, role: Role, lines: Sequence[int], start: int) -> Iterator[_Candidate]:
        texts = [self._document.text(place) for place in lines]
        texts[0] = texts[0][start:]
        cut = next((n for n, text in enumerate(texts) if self._inner.search(text)), None)
        if cut is not None:  # a label within the line, as where columns are lost
            texts = [*texts[:cut], self._inner.split(texts[cut], maxsplit=1)[0]]
            lines = lines[: cut + 1]
        text = join_title(texts).strip(" |–:")
        if any(map(str.isalpha, text)) and len(text) <= _LONGEST:
            end = len(texts[-1].rstrip()) + (start if len(lines) == 1 else 0)
            is_set_off = self._document.is_set_off(lines[0]) or self._is_below_number(role, lines, text)
            yield _Candidate(role, Title(tuple(lines), start, end, text, is_set_off=is_set_off))

    def _score(self, found: _Candidate, prints: Counter[str]) -> float:
        key = normalize_title(found.title.text)
        distinct = _DISTINCT if prints[key] <= 2 else -_DISTINCT
        known = -_DISTINCT if meaning(found.title.text) == "theme" else 0.0
        look = _LOOK * found.title.is_set_off + _SECOND * (found.role[0] in ("behind", "label"))
        return _LISTED * (key in self._listed) + distinct + known + look

    def _best(self, sheet: Sheet, own: Sequence[_Candidate], scores: Counter[Role], settled: set[Role]) -> Title | None:
        entries = self._by_ref.get(same_ref(sheet.member.number.ref), ()) if sheet.member is not None else ()
        if entries and (found := self._listed_title(sheet, entries)):
            return found
        ranked = sorted(own, key=lambda found: -scores[found.role])
        for found in ranked:
            title = found.title
            is_listed = normalize_title(title.text) in self._listed
            return Title(
                title.lines, title.start, title.end, title.text, is_listed, title.is_set_off or found.role in settled
            )
        return None

    def _listed_title(self, sheet: Sheet, entries: Sequence[str]) -> Title | None:
        """Return the title that contents have for the number of a sheet, where a line of its head begins with it."""
        member = sheet.member
        for entry in sorted(entries, key=len, reverse=True):
            for place in range(sheet.start, min(sheet.start + _ZONE, sheet.end)):
                if place in self._document.apart:
                    continue
                behind = len(self._document.text(place)) - len(member.number.rest) if member else 0
                title = self._printed_at(place, behind if place == sheet.start else 0, entry)
                if title is not None:
                    return title
        return None

    def _printed_at(self, place: int, start: int, entry: str) -> Title | None:
        """Return a known title where it begins at a place of a line, over several lines where it goes on."""
        text, parts = "", list[str]()
        for last in range(place, min(place + _MOST_LINES, len(self._document))):
            line = self._document.text(last)[start if last == place else 0 :]
            whole = normalize_title(text + line)
            if whole.startswith(entry):
                end = _end_of(line, len(entry) - len(normalize_title(text)))
                parts.append(line[:end])
                lines = tuple(range(place, last + 1))
                end += start if last == place else 0
                return Title(lines, start, end, join_title(parts).strip(" |–:"), True, True)
            if not entry.startswith(whole):
                return None
            text += line
            parts.append(line)
        return None


def _end_of(line: str, letters: int) -> int:
    """Return where the first so many letters and digits of a line end, with the signs that belong to the last."""
    end = 0
    while end < len(line) and letters > 0:
        letters -= line[end].isalnum()
        end += 1
    if not any(map(str.isalnum, line[end:])):
        return len(line)
    while end < len(line) and line[end] in "“”\"')]!?®*":
        end += 1
    return end
