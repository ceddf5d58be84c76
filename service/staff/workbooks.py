"""What the second sheet of a workbook says about its list."""

from __future__ import annotations

from service.completeness import Completeness, figure
from service.staff.queries import FILTERS, SORTS, CatalogueQuery


def about_list(
    edition: str, query: CatalogueQuery, total: int, known: Completeness, base: str
) -> list[tuple[str, str]]:
    """Return words and values: where the list comes from, its filters, its order, how many records."""
    filters = [(f"Filter: {FILTERS[name]}", value) for name, value in query.chosen().items()]
    return [
        ("Liste", "Ziele, Projekte und Maßnahmen aus den eingelesenen Dokumenten"),
        ("Ausgabe", edition),
        ("Einträge", figure(total, known.complete, "de")),
        *(("Unvollständig", notice.text) for notice in known.notices()),
        *(filters or [("Filter", "keine")]),
        ("Sortiert nach", SORTS[query.sort]),
        ("Adresse", base + query.address()),
    ]
