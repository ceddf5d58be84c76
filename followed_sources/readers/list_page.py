"""A page of a list as it was parsed, whatever kind of list it is of."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

from pydantic import BaseModel

from followed_sources.listing import ListedFile
from prompts import say

Entry = TypeVar("Entry")


class ListPage(BaseModel):
    """The `files` of a page of a list, `further` pages by address, and `problems` as sentences."""

    files: list[ListedFile] = []
    further: list[str] = []
    problems: list[str] = []

    def add_entries(
        self, entries: Iterable[Entry], read: Callable[[Entry], Iterable[ListedFile]]
    ) -> None:
        """Add the files of entries; one that cannot be read costs only itself and is a problem."""
        for number, entry in enumerate(entries, 1):
            try:
                self.files.extend(read(entry))
            except Exception as error:  # whatever another host writes
                kind = type(error).__name__
                self.problems.append(say("sources.bad_entry", number=number, error=kind))
