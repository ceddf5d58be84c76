"""Sets a book as a file: one module per format, each telling on which pages every record stands."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from importlib import import_module

from tests.papers.blocks import Book


@dataclass(slots=True)
class Placed:
    """Where things came to stand: record → pages from 1 in order; `last` is None where the format has no pages."""

    pages: dict[int, set[int]] = field(default_factory=dict)
    last: int | None = None

    def put(self, owner: int | None, page: int) -> None:
        if owner is not None:
            self.pages.setdefault(owner, set()).add(page)

    def first(self, owner: int) -> int:
        return min(self.pages.get(owner, {0}))

    def sorted(self) -> dict[int, tuple[int, ...]]:
        return {owner: tuple(sorted(pages)) for owner, pages in self.pages.items()}


MODULES = {"pdf": "pdf", "txt": "text", "md": "markdown", "html": "html", "docx": "docx"}
FORMATS = tuple(MODULES)


def setter(form: str) -> Callable[[Book], tuple[bytes, Placed]]:
    module = import_module(f"tests.papers.setting.{MODULES[form]}")
    made: Callable[[Book], tuple[bytes, Placed]] = module.set_book
    return made
