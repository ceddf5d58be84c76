"""The fourth set of development papers: other layouts, labels, numberings and words; once they were held back."""

from __future__ import annotations

import tomllib
from pathlib import Path

from tests.papers.combining import Parts
from tests.papers.fourth import decoys, numberings, sheets, sites, tables
from tests.papers.fourth.frame import WORDS_FOLDER

# Each layout with the formats of its two papers.
PLANNED = (
    (sheets.BAND, "pdf", "docx"),
    (sheets.TURNED, "pdf", "pdf"),
    (sheets.HEADS, "pdf", "pdf"),
    (sheets.CELLS, "docx", "pdf"),
    (tables.WIDE, "pdf", "pdf"),
    (tables.MARGIN, "pdf", "pdf"),
    (tables.COUNCIL, "pdf", "txt"),
    (sites.SCAN, "md", "md"),
    (sites.FOLDS, "html", "html"),
    (sheets.CONTINUED, "pdf", "pdf"),
    (sites.CARDS, "html", "html"),
    (sites.WORD, "docx", "docx"),
    (sheets.LINES, "txt", "pdf"),
    (tables.HORIZON, "pdf", "md"),
    (tables.ACROSS, "pdf", "pdf"),
    (tables.COLUMN, "txt", "txt"),
    (sheets.AFTER, "pdf", "pdf"),
    (sheets.ASKED, "pdf", "pdf"),
    (decoys.BUILDINGS, "pdf", "pdf"),
    (decoys.ANSWERS, "html", "pdf"),
    (decoys.RISKS, "pdf", "docx"),
)


def parts() -> Parts:
    """Return what the papers of the fourth set are combined of."""
    labels = tomllib.loads((Path(__file__).parent / "labels.toml").read_text(encoding="utf-8"))["set"]
    return Parts(
        tuple(layout for layout, *_ in PLANNED),
        numberings.NUMBERINGS,
        tuple(labels),
        wanted=2 * len(PLANNED),
        draw="fourth",
        first=158,
        key="fourth/{n:02}",
        counts=(5, 8, 11, 14, 18, 12, 9, 24),
        big=40,
        wished=(*(first for _, first, _ in PLANNED), *(second for _, _, second in PLANNED)),
        words=WORDS_FOLDER,
    )
