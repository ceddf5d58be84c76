"""All layouts of the development papers."""

from __future__ import annotations

from tests.papers.layouts import council, lists, outlines, progress, sheets, tables
from tests.papers.layouts.parts import Layout

LAYOUTS: tuple[Layout, ...] = (
    *sheets.LAYOUTS,
    *tables.LAYOUTS,
    *outlines.LAYOUTS,
    *lists.LAYOUTS,
    *progress.LAYOUTS,
    *council.LAYOUTS,
)
