"""The second set of development papers: other layouts, labels and numberings; once they were held back."""

from __future__ import annotations

import tomllib
from pathlib import Path

from tests.papers.combining import Parts
from tests.papers.second import decoys, lists, numberings, sheets, tables

LAYOUTS = (*sheets.LAYOUTS, *tables.LAYOUTS, *lists.LAYOUTS, *decoys.LAYOUTS)


def parts() -> Parts:
    """Return what the papers of the second set are combined of."""
    labels = tomllib.loads((Path(__file__).parent / "labels.toml").read_text(encoding="utf-8"))["set"]
    return Parts(LAYOUTS, numberings.NUMBERINGS, tuple(labels), wanted=40, draw="True", first=60, key="papier-{n:02}")
