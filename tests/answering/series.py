"""Two papers of one series of the invented county, made so that every kind of change occurs."""

from __future__ import annotations

from tests.service.county import paper
from vectorstore.records import ParsedDocument

OLD, NEW = "auenland-2024", "auenland-2026"


def series() -> list[ParsedDocument]:
    """Return the earlier and the later paper; the later one replaces the earlier one."""
    return [paper("earlier"), paper("later")]
