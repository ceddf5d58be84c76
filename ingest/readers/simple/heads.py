"""Titles of sheets by a vote over all sheets of a kind: of place, look, distinctness, and agreement with contents."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace

from ingest.readers.simple.candidates import Candidate, HeadReader, Position, Title
from ingest.readers.simple.labels import Label
from ingest.readers.simple.lines import DocumentLines
from ingest.readers.simple.sheets import Sheet
from ingest.readers.simple.titles import join_title, normalize_title
from vectorstore.notation import fold_ref

_HEAD_LINES, _MOST_LINES = 12, 4  # lines of a head among which a listed title is, and lines of a title
_SECOND = 0.1  # what a place beside or behind the number adds to a vote
_PRINTS = 2  # of one text in heads that may be a title
_SIMILAR, _SHARED = 5, 0.5  # titles with one ending, and share of them that run into something
_SETTLED = 0.7  # share of the sheets that have their title in one place, from which that is a reason


class TitleVote:
    """Chooses the titles of the sheets of a document.

    `listed` are known titles, `by_ref` those that the contents have for a number, both as they are compared.
    """

    def __init__(
        self, document: DocumentLines, labels: Sequence[Label], listed: Collection[str],
        by_ref: Mapping[str, Sequence[str]],
    ) -> None:  # fmt: skip
        self._document, self._listed, self._by_ref = document, listed, by_ref
        self._heads = HeadReader(document, labels)

    def choose(self, sheets: Sequence[Sheet]) -> list[Title | None]:
        """Return the title of each sheet."""
        groups: dict[object, dict[int, list[Candidate]]] = defaultdict(dict)
        for place, sheet in enumerate(sheets):
            groups[sheet.series and sheet.series.form][place] = list(self._heads.candidates(sheet))
        titles: dict[int, Title | None] = {}
        for group in groups.values():
            chosen = dict(self._vote(group))
            is_glued = _share_endings([title for title in chosen.values() if title is not None])
            for place, title in chosen.items():
                listed = self._title_in_contents(sheets[place]) or (title if title is None or title.is_listed else None)
                titles[place] = listed if listed is not None or is_glued else title
        return [titles[place] for place in range(len(sheets))]

    def _vote(self, group: Mapping[int, Sequence[Candidate]]) -> Iterator[tuple[int, Title | None]]:
        """Yield the title of each sheet of a kind: the candidate in the place that has most of the votes."""
        keys = {id(found): normalize_title(found.title.text) for own in group.values() for found in own}
        prints = Counter(keys[id(found)] for own in group.values() for found in own)
        scores: dict[tuple[Position, object], float] = defaultdict(float)
        places: Counter[Position] = Counter()
        candidates: dict[int, list[Candidate]] = {}
        for place, own in group.items():
            candidates[place] = [c for c in own if prints[keys[id(c)]] <= _PRINTS]
            for position in {found.position for found in candidates[place]}:
                places[position] += 1
            for found in {(c.position, c.look): c for c in reversed(candidates[place])}.values():
                scores[found.position, found.look] += 1.0 + _SECOND * (found.position[0] in ("behind", "label"))
        usual = max(scores, key=scores.__getitem__)[0] if scores else ()
        settled = places[usual] >= _SETTLED * len(group)
        for place, own in candidates.items():
            best = max(own, key=lambda found: scores[found.position, found.look], default=None)
            yield place, None if best is None else self._title(best, usual, settled)

    def _title(self, hits: Candidate, usual: Position, settled: bool) -> Title:
        """Return a candidate as a title, set off where it is in the usual place, or prominent in another."""
        is_usual = hits.position in (usual, ("behind",))
        is_set_off = hits.title.is_set_off and (is_usual or hits.is_prominent)
        is_listed = normalize_title(hits.title.text) in self._listed
        return replace(hits.title, is_listed=is_listed, is_set_off=is_set_off or (is_usual and settled))

    def _title_in_contents(self, sheet: Sheet) -> Title | None:
        """Return the title that contents give for the number of a sheet, if a line of its head begins with it."""
        if sheet.member is None:
            return None
        after_number = len(self._document.text(sheet.start)) - len(sheet.member.number.rest)
        entries = self._by_ref.get(fold_ref(sheet.member.number.ref), ())
        head = range(sheet.start, min(sheet.start + _HEAD_LINES, sheet.end))
        titles = (
            self._title_at(place, after_number if place == sheet.start else 0, entry)
            for entry in sorted(entries, key=len, reverse=True) for place in head if place not in self._document.apart
        )  # fmt: skip
        return next(filter(None, titles), None)

    def _title_at(self, place: int, start: int, entry: str) -> Title | None:
        """Return a known title where it begins at a place of a line, over several lines where it goes on."""
        text, parts = "", list[str]()
        for last in range(place, min(place + _MOST_LINES, len(self._document))):
            line = self._document.text(last)[start if last == place else 0 :]
            whole = normalize_title(text + line)
            if whole.startswith(entry):
                end = _end_of(line, len(entry) - len(normalize_title(text)))
                title = join_title([*parts, line[:end]]).strip(" |–:")
                end += start if last == place else 0
                return Title(tuple(range(place, last + 1)), start, end, title, is_listed=True, is_set_off=True)
            if not entry.startswith(whole):
                return None
            text += line
            parts.append(line)
        return None


def _share_endings(titles: Sequence[Title]) -> bool:
    """True if most titles of a kind end with words that others end with: they run into a column beside them."""
    endings = Counter(title.text.split()[-1] for title in titles)
    shared = sum(count for count in endings.values() if count >= _SIMILAR)
    return shared >= max(1, _SHARED * len(titles))


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
