"""Changes as rows: for the staff page, for CSV, and below answers."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from service.changes.matching import WORDS, Change, ChangeKind, Comparison
from service.pages.labels import corrected_line


def row_of(change: Change) -> dict[str, Any]:
    """A change as a row; what a paper does not have is None."""
    old, new = change.old, change.new
    return {
        "change": WORDS[change.kind],
        "ref": new.ref if new else None,
        "title": new.title if new else None,
        "status": new.status.value if new and new.status else None,
        "ref_before": old.ref if old else None,
        "title_before": old.title if old else None,
        "status_before": old.status.value if old and old.status else None,
        "document_id": new.document_id if new else None,
        "key": new.key if new else None,
        "document_id_before": old.document_id if old else None,
        "key_before": old.key if old else None,
    }


def corrected_lines(change: Change) -> list[str]:
    """What the administration corrected in the records of both papers, the later one's first; a line each."""
    told = ((item, one) for item in (change.new, change.old) if item is not None for one in item.corrected)
    return [line if item is change.new else f"Bisher: {line}" for item, one in told for line in [corrected_line(one)]]


def counted(comparison: Comparison, kinds: Iterable[ChangeKind] = ChangeKind) -> str:
    """How many records each kind has: "3 neu, 1 umgesetzt, 40 unverändert"."""
    counts = comparison.counts
    return ", ".join(f"{counts[kind]} {WORDS[kind]}" for kind in kinds if counts[kind])
