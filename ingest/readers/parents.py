"""Which heading is above each heading: levels tell, and numbers tell better.

A heading without a number may look heavier than the chapters around it. It is no parent of a
numbered heading that is no part of it: "2.1" belongs to "2", whatever stands between, and "6"
beside "5".
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from ingest.readers.lexicon import RECORD_FIELDS, field_of_label
from ingest.readers.numbers import ref_parts
from vectorstore.language import fold_ref

_LETTERS = re.compile(r"\D*")


class PlacedHeading(NamedTuple):
    """A heading as the outline sees it: its level, 1 for the highest, its number ("" without one)
    and its title. An entry that is `apart` (a sheet, a line of an overview) is in no sequence of
    headings.
    """

    level: int
    ref: str
    title: str
    apart: bool = False


class _Number(NamedTuple):
    letters: str
    parts: tuple[int, ...]


def find_parents(entries: Sequence[PlacedHeading]) -> list[int | None]:
    """Return for each entry the index of the one above it, None without one."""
    return _Outline(entries).find()


class _Outline:
    """Finds the parents of entries, from the first to the last."""

    def __init__(self, entries: Sequence[PlacedHeading]) -> None:
        self._entries = entries
        self._parents: list[int | None] = []
        # the last heading with a number, by the letters and the depth of the number
        self._last: dict[tuple[str, int], tuple[_Number, int]] = {}

    def find(self) -> list[int | None]:
        """Return for each entry the one above: the last of a higher level, corrected by its number.
        Labels are above no entry that is `apart`.
        """
        path: list[int] = []
        for index, entry in enumerate(self._entries):
            number = _number_of(entry)
            while path and self._entries[path[-1]].level >= entry.level:
                path.pop()
            while path and entry.apart and self._is_label(path[-1]):
                path.pop()
            if number is not None:
                path = self._correct(path, entry, number)
            self._parents.append(path[-1] if path else None)
            path.append(index)
            if number is not None and not entry.apart:
                self._last[number.letters, len(number.parts)] = number, index
        return self._parents

    def _is_label(self, index: int) -> bool:
        """True for a heading without a number whose title means a field that only records have
        ("Zuständigkeit"): no group of records is called so.
        """
        entry = self._entries[index]
        return not entry.ref and field_of_label(entry.title) in RECORD_FIELDS

    def _correct(self, path: list[int], entry: PlacedHeading, number: _Number) -> list[int]:
        """Return the path to a numbered entry; `path` is that by levels, which stays if it ends
        with a numbered heading.

        Else the entry stands below the last heading whose number is the beginning of its own ("2"
        for "2.1"). Without one it stands beside the heading whose number comes before its own,
        unless a heading without a number groups that one on the level where `path` ends.
        """
        if path and self._entries[path[-1]].ref:
            return path
        for depth in range(len(number.parts) - 1, 0, -1):
            upper, above = self._last.get((number.letters, depth), (None, -1))
            if upper is not None and upper.parts == number.parts[:depth]:
                return path if above in path else [*self._path_to(above), above]
        previous, before = self._last.get((number.letters, len(number.parts)), (None, -1))
        if not path or previous is None or entry.apart or not _follows(previous, number):
            return path
        others = self._path_to(before)
        level = self._entries[path[-1]].level
        is_group = any(
            self._entries[other].level == level and not self._entries[other].ref for other in others
        )
        return path if is_group else others

    def _path_to(self, index: int) -> list[int]:
        """Return the indices of the entries above one, the highest first."""
        path: list[int] = []
        above = self._parents[index]
        while above is not None:
            path.insert(0, above)
            above = self._parents[above]
        return path


def _number_of(entry: PlacedHeading) -> _Number | None:
    """Return the number of an entry by which it is in a sequence, None without digits."""
    ref = fold_ref(entry.ref)
    parts = ref_parts(ref)
    if not parts or not any(map(str.isdigit, ref)):
        return None
    letters = _LETTERS.match(ref)
    return _Number(letters[0] if letters else "", parts)


def _follows(before: _Number, number: _Number) -> bool:
    is_next = number.parts[-1] == before.parts[-1] + 1
    return is_next and number.parts[:-1] == before.parts[:-1]
