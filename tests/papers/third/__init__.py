"""The third set of development papers: other layouts, labels, numberings and words; once they were held back."""

from __future__ import annotations

import tomllib
from pathlib import Path

from tests.papers.combining import Parts
from tests.papers.third import decoys, lists, numberings, reports, sheets, tables
from tests.papers.third.frame import WORDS_FOLDER

LAYOUTS = (*sheets.LAYOUTS, *tables.LAYOUTS, *lists.LAYOUTS, *reports.LAYOUTS, *decoys.LAYOUTS)
WISHED = ("md", "docx", "html", "txt", "html", *["pdf"] * 7)


def parts() -> Parts:
    """Return what the papers of the third set are combined of."""
    labels = tomllib.loads((Path(__file__).parent / "labels.toml").read_text(encoding="utf-8"))["set"]
    return Parts(
        LAYOUTS,
        numberings.NUMBERINGS,
        tuple(labels),
        wanted=2 * len(LAYOUTS),
        draw="third",
        first=100,
        key="third/{n:02}",
        counts=(5, 8, 11, 14, 18, 23, 30, 40),
        big=80,
        wished=WISHED,
        words=WORDS_FOLDER,
    )
