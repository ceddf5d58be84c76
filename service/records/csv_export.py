"""Lists as CSV for spreadsheets: UTF-8 with BOM, semicolons; no cell can become a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence

from service.records.labels import format_family_count
from service.records.models import DocumentView, Record

BOM = "\ufeff"
FORMULA_STARTS = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
LIST_SEPARATOR = " | "
RECORD_COLUMNS = (
    "document_id",
    "kind",
    "ref",
    "key",
    "title",
    "table_title",
    "status",
    "theme_ref",
    "theme_title",
    "goal_ref",
    "goal_title",
    "responsible",
    "cooperation",
    "municipalities",
    "all_municipalities",
    "description",
    "state",
    "dates",
    "amounts",
    "conflicts",
    "former_ref",
    "page",
    "page_label",
    "url",
    "source_url",
    "family",
    "parent",
    "period",
    "cost",
    "priority",
    "corrected",
)
DOCUMENT_COLUMNS = (
    "id",
    "title",
    "publisher",
    "kind",
    "status",
    "as_of",
    "language",
    "pages",
    "counts",
    "state",
    "warnings",
    "source_url",
    "families",
    "coverage",
    "unconfirmed",
    "series",
    "replaces",
    "valid_until",
    "superseded",
    "source",
    "source_reference",
    "source_fetched",
    "source_licence",
)


def records_csv(records: Iterable[Record]) -> str:
    """Return records as CSV text, one row each below a header."""
    return table_csv(RECORD_COLUMNS, (_record_row(record) for record in records))


def documents_csv(documents: Iterable[DocumentView]) -> str:
    """Return documents as CSV text, one row each below a header."""
    return table_csv(DOCUMENT_COLUMNS, (_document_row(document) for document in documents))


def table_csv(
    columns: Sequence[str], rows: Iterable[Mapping[str, object]], heads: Sequence[str] = ()
) -> str:
    """Return rows as CSV text, with only these columns.

    The header has the names `heads`, by default those of the columns.
    """
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(heads or columns)
    for row in rows:
        writer.writerow([cell(row.get(column)) for column in columns])
    return BOM + out.getvalue()


def cell(value: object) -> str:
    """Return a value as the text of a cell.

    A spreadsheet would run a text that begins like a formula ("=", "+", "@"), also behind white
    space. Such a text gets an apostrophe before it, so that it stays text; so does one that begins
    with a tab or carriage return.
    """
    text = _text(value)
    is_formula = text.lstrip(" \t\r\n\u00a0").startswith(FORMULA_STARTS) or text[:1] in ("\t", "\r")
    return f"'{text}" if is_formula else text


def _text(value: object) -> str:
    """A value as text: "" for None, "ja" or "nein", the parts of a list or dict between " | "."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "ja" if value else "nein"
    if isinstance(value, dict):
        return LIST_SEPARATOR.join(f"{key}: {content}" for key, content in value.items())
    if isinstance(value, list):
        return LIST_SEPARATOR.join(_text(part) for part in value)
    return str(value)


def _document_row(document: DocumentView) -> dict[str, object]:
    """The cells of a document: its families as counts, and its source in four columns, empty
    without one.
    """
    families = [f"{family.label}: {format_family_count(family)}" for family in document.families]
    row = {**document.model_dump(mode="json"), "families": families}
    provenance = document.provenance
    if provenance is not None:
        row |= {
            "source": provenance.source,
            "source_reference": provenance.reference,
            "source_fetched": provenance.fetched,
            "source_licence": provenance.licence,
        }
    return row


def _record_row(record: Record) -> dict[str, object]:
    """Return the cells of a record.

    A theme or goal is an object, so its number and title get columns of their own. Corrections are
    texts ("status: geplant → umgesetzt"). Conflicts are without `values`, of which `text` and
    `table` are the first two.
    """
    row = record.model_dump(mode="json")
    for name in ("theme", "goal"):
        heading = row[name] or {}
        row[f"{name}_ref"] = heading.get("ref")
        row[f"{name}_title"] = heading.get("title")
    row["corrected"] = [
        f"{correction['field']}: {correction['read']} → {correction['value']}"
        for correction in row.get("corrected", ())
    ]
    for conflict in row["conflicts"]:
        conflict.pop("values", None)
    return row
