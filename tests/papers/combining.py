"""What the papers of a suite are combined of, and how a suite turns through it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.papers.layouts.parts import Layout
from tests.papers.numbers import Numbering
from tests.papers.words import HERE

DAMAGE_SETS = tuple(
    frozenset(names.split())
    for names in (
        "",
        "missing",
        "hyphens missing",
        "",
        "split_letters hyphens",
        "fake_bold spaced",
        "ligatures hyphens",
        "blank missing",
        "twins",
        "misprints reworded",
        "typo wrong_contents",
        "footnotes hyphens",
        "reworded missing typo",
    )
)


@dataclass(frozen=True, slots=True)
class Parts:
    """What papers are combined of, and how a suite of `wanted` papers turns through it.

    `draw` seeds the suite; the name of its first paper bears the number `first`; `key` stands for the name in the
    seeds of the papers, so that they stay the same under other names. One paper in a while has `big` measures, the
    others one of `counts`. The words are those of the folder `words`.
    """

    layouts: tuple[Layout, ...]
    numberings: tuple[Numbering, ...]
    labels: tuple[dict[str, Any], ...]
    damages: tuple[frozenset[str], ...] = DAMAGE_SETS
    wanted: int = 60
    draw: str = "False"
    first: int = 0
    key: str = ""
    counts: tuple[int, ...] = (6, 9, 12, 16, 24, 33, 48, 60)
    big: int = 120
    wished: tuple[str, ...] = ("pdf", "txt", "pdf", "md", "pdf", "html", "pdf", "docx", "txt", "md")
    words: Path = HERE
