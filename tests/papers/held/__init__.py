"""Papers held back: other layouts, labels and numberings. Whoever writes a reader looks at their totals only."""

from __future__ import annotations

import tomllib
from pathlib import Path

from tests.papers.held import decoys, lists, numberings, sheets, tables
from tests.papers.suite import DAMAGE_SETS, Parts

LAYOUTS = (*sheets.LAYOUTS, *tables.LAYOUTS, *lists.LAYOUTS, *decoys.LAYOUTS)


def parts() -> Parts:
    """Return what the held papers are combined of."""
    labels = tomllib.loads((Path(__file__).parent / "labels.toml").read_text(encoding="utf-8"))["set"]
    return Parts(LAYOUTS, numberings.NUMBERINGS, tuple(labels), DAMAGE_SETS)
