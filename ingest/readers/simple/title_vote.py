"""Choose the titles of sheets by a vote over all sheets of one family: most have the title in one
position and look.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace

from ingest.readers.simple.labels import Label
from ingest.readers.simple.lines import DocumentLines
from ingest.readers.simple.sheets import Sheet
from ingest.readers.simple.title_candidates import Candidate, HeadReader, Position, Title
from ingest.readers.simple.titles import join_title, normalize_title
from vectorstore.notation import fold_ref

_HEAD_LINES, _MOST_LINES = (
    12,
    4,
)  # lines of a head that are searched for a listed title, and lines of a title
_POSITION_BONUS = (
    0.1  # added to the vote of a candidate after the number or after a label for titles
)
_PRINTS = 2  # heads in which a title may be printed: a text in more of them is a label
_SIMILAR, _SHARED = (
    5,
    0.5,
)  # titles with the same last word, and share of such titles that shows a glued column
# share of the sheets with a candidate in one position, from which titles there count as set off
_SETTLED = 0.7


class TitleVote:
    """Chooses the titles of sheets; `listed` are known ones, `by_ref` those of the contents by
    number; normalized.
    """

    def __init__(
        self,
        document: DocumentLines,
        labels: Sequence[Label],
        listed: Collection[str],
        by_ref: Mapping[str, Sequence[str]],
    ) -> None:
        self._document, self._listed, self._by_ref = document, listed, by_ref
        self._heads = HeadReader(document, labels)

    def choose(self, sheets: Sequence[Sheet]) -> list[Title | None]:
        """Return the title of each sheet or None: that of the contents, else by vote, if no column
        is glued to most.
        """
        families: dict[object, dict[int, list[Candidate]]] = defaultdict(
            dict
        )  # form of number → by index of sheet
        for index, sheet in enumerate(sheets):
            families[sheet.series and sheet.series.form][index] = list(
                self._heads.candidates(sheet)
            )
        titles: dict[int, Title | None] = {}
        for family in families.values():
            chosen = dict(self._vote(family))
            is_glued = _share_endings([title for title in chosen.values() if title is not None])
            for index, title in chosen.items():
                is_doubtful = is_glued and title is not None and not title.is_listed
                titles[index] = self._title_in_contents(sheets[index]) or (
                    None if is_doubtful else title
                )
        return [titles[index] for index in range(len(sheets))]

    def _vote(
        self, family: Mapping[int, Sequence[Candidate]]
    ) -> Iterator[tuple[int, Title | None]]:
        """Yield the index and title of each sheet: its candidate whose position and look has the
        highest score.
        """
        prints = Counter(
            normalize_title(candidate.title.text) for own in family.values() for candidate in own
        )
        distinct: dict[
            int, list[Candidate]
        ] = {}  # by index of a sheet, without texts that are labels
        scores: dict[tuple[Position, object], float] = defaultdict(float)  # by position and look
        position_counts: Counter[Position] = Counter()
        for index, candidates in family.items():
            own = [
                candidate
                for candidate in candidates
                if prints[normalize_title(candidate.title.text)] <= _PRINTS
            ]
            distinct[index] = own
            position_counts.update({candidate.position for candidate in own})
            for position, look in dict.fromkeys(
                (candidate.position, candidate.look) for candidate in reversed(own)
            ):
                scores[position, look] += 1.0 + _POSITION_BONUS * (
                    position[0] in ("behind", "label")
                )
        usual = max(scores, key=scores.__getitem__)[0] if scores else ()
        is_settled = position_counts[usual] >= _SETTLED * len(family)
        for index, candidates in distinct.items():
            best = max(
                candidates,
                key=lambda candidate: scores[candidate.position, candidate.look],
                default=None,
            )
            yield index, None if best is None else self._title(best, usual, is_settled)

    def _title(self, candidate: Candidate, usual: Position, is_settled: bool) -> Title:
        """Return a candidate's title with `is_listed` and `is_set_off`.

        It is set off if its line is, and is prominent or in the `usual` position; or if it is in
        that position and most sheets have a candidate there (`is_settled`). Right after the number
        is usual as well.
        """
        is_usual = candidate.position in (usual, ("behind",))
        is_set_off = candidate.title.is_set_off and (is_usual or candidate.is_prominent)
        is_listed = normalize_title(candidate.title.text) in self._listed
        return replace(
            candidate.title, is_listed=is_listed, is_set_off=is_set_off or (is_usual and is_settled)
        )

    def _title_in_contents(self, sheet: Sheet) -> Title | None:
        """Return the title that the contents list for the number of a sheet, if a line of its head
        begins with it.
        """
        if sheet.member is None:
            return None
        after_number = len(self._document.text(sheet.start)) - len(sheet.member.number.text_after)
        entries = self._by_ref.get(fold_ref(sheet.member.number.ref), ())
        lines = range(sheet.start, min(sheet.start + _HEAD_LINES, sheet.end))
        head = [index for index in lines if index not in self._document.excluded]
        for entry in sorted(entries, key=len, reverse=True):
            for index in head:
                title = self._title_at(index, after_number if index == sheet.start else 0, entry)
                if title is not None:
                    return title
        return None

    def _title_at(self, first_line: int, start: int, entry: str) -> Title | None:
        """Return a listed title if it begins at character `start` of the first line and may go on
        in later lines.
        """
        text, parts = "", list[str]()
        for last in range(first_line, min(first_line + _MOST_LINES, len(self._document))):
            line = self._document.text(last)[start if last == first_line else 0 :]
            normalized = normalize_title(text + line)
            if normalized.startswith(entry):
                length = _end_of(line, len(entry) - len(normalize_title(text)))
                title = join_title([*parts, line[:length]]).strip(" |–:")
                end = length + (start if last == first_line else 0)
                return Title(
                    tuple(range(first_line, last + 1)),
                    start,
                    end,
                    title,
                    is_listed=True,
                    is_set_off=True,
                )
            if not entry.startswith(normalized):
                return None
            text += line
            parts.append(line)
        return None


def _share_endings(titles: Sequence[Title]) -> bool:
    """True if most titles end with a word that others end with too: the text of a column beside
    them.
    """
    endings = Counter(title.text.split()[-1] for title in titles)
    shared = sum(count for count in endings.values() if count >= _SIMILAR)
    return shared >= max(1, _SHARED * len(titles))


def _end_of(line: str, letters: int) -> int:
    """Return the offset after the first `letters` letters and digits of a line, and closing signs
    after them.
    """
    end = 0
    while end < len(line) and letters > 0:
        letters -= line[end].isalnum()
        end += 1
    if not any(map(str.isalnum, line[end:])):
        return len(line)
    while end < len(line) and line[end] in "“”\"')]!?®*":
        end += 1
    return end
