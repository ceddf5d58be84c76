"""What the makers of hostile files are given: chance, ordinary files to harm, and lines that tempt a reader."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from random import Random

from tests.papers import Paper

FORMATS = ("pdf", "txt", "md", "html", "docx")


@dataclass(frozen=True)
class Originals:
    """Ordinary papers to harm: their files by format."""

    papers: Sequence[Paper]

    @cached_property
    def files(self) -> Mapping[str, list[bytes]]:
        return {form: [one.content for one in self.papers if one.format == form] for form in FORMATS}

    def one(self, chance: Random, form: str) -> bytes:
        return chance.choice(self.files[form])

    def text(self, chance: Random, form: str = "txt") -> list[str]:
        """Return the lines of one paper that is text, with their ends."""
        return self.one(chance, form).decode().splitlines(keepends=True)


@dataclass(frozen=True)
class Made:
    """The format that a hostile file pretends to have, and its bytes."""

    form: str
    content: bytes


Way = Callable[[Random, Originals], Made]
