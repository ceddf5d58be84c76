"""Papers held back: other layouts, labels, numberings and words. Who writes a reader looks at their totals only."""

from __future__ import annotations

import tomllib
from pathlib import Path

from tests.papers.combining import Parts
from tests.papers.unseen import decoys, numberings, sheets, tables
from tests.papers.unseen.frame import WORDS_FOLDER

# Each layout with the formats of its papers; papers without measures come once.
PLANNED = (
    (sheets.TEMPLATE, "pdf", "docx"),
    (tables.ACTIONS, "pdf", "html"),
    (sheets.PARTED, "pdf", "html"),
    (tables.PROJECTS, "pdf", "pdf"),
    (sheets.YEARLY, "pdf", "docx"),
    (tables.REMARKS, "pdf", "pdf"),
    (tables.OPERATIVE, "pdf", "docx"),
    (sheets.BOXES, "pdf", "pdf"),
    (sheets.BULLETS, "txt", "html"),
    (tables.REGISTER, "pdf", "pdf"),
    (sheets.RESOLUTION, "pdf", "md"),
    (decoys.FIGURES, "pdf"),
    (decoys.RULES, "pdf"),
)
DAMAGES = tuple(
    frozenset(names.split())
    for names in (
        "hyphens wrong_contents",
        "",
        "hyphens reworded typo",
        "missing",
        "hyphens footnotes blank",
        "missing hyphens",
        "",
        "hyphens ligatures",
        "misprints",
        "twins",
        "spaced fake_bold",
        "hyphens",
        "hyphens split_letters",
        "missing hyphens",
    )
)


def parts() -> Parts:
    """Return what the papers held back are combined of."""
    labels = tomllib.loads((Path(__file__).parent / "labels.toml").read_text(encoding="utf-8"))["set"]
    return Parts(
        tuple(layout for layout, *_ in PLANNED),
        numberings.NUMBERINGS,
        tuple(labels),
        DAMAGES,
        wanted=sum(len(forms) for _, *forms in PLANNED),
        draw="fifth",
        key="fifth/{n:02}",
        counts=(6, 9, 12, 15, 18, 21, 10, 26),
        big=42,
        wished=(*(forms[0] for _, *forms in PLANNED), *(forms[1] for _, *forms in PLANNED if len(forms) > 1)),
        words=WORDS_FOLDER,
    )
