"""Decisions as CSV: UTF-8 with semicolons, " | " between wordings or items; rows that cannot be
read are rejected.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from operator import attrgetter
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from prompts import say
from service.people.decisions import (
    Decision,
    DecisionKind,
    InvalidDecision,
    distinct_wordings,
    find_problems,
)
from service.records import table_csv
from vectorstore import InvalidRow, RejectedRow, Row, csv_tables
from vectorstore.language import collapse_spaces
from vectorstore.records import CorrectableField, ItemAddress

COLUMNS = (
    "kind",
    "wordings",
    "items",
    "field",
    "value",
    "read",
    "owner",
    "until",
    "reason",
    "person",
    "date",
)
# "1.5.2026", "5/2026"
_GERMAN_DATE = re.compile(r"(?:(?P<day>\d{1,2})\.\s?)?(?P<month>\d{1,2})[./]\s?(?P<year>\d{4})")
# "/documents/klima-2026/5.1", "https://kreis.de/staff/items/klima-2026/5.1?edition=3#text"
_ADDRESS = re.compile(r"/(?:documents|staff/items)/([^/?#]+)/([^/?#]+)/?(?:[?#].*)?\Z")


def decisions_csv(decisions: Iterable[Decision]) -> str:
    """Return decisions as CSV with BOM, oldest first, as `read_decisions` reads it."""
    rows = []
    for row in map(decision_row, sorted(decisions, key=attrgetter("id"))):
        # Reading drops an apostrophe at the beginning of a cell, so one is put before it.
        quoted = {name: f"'{text}" for name, text in row.items() if text.startswith("'")}
        rows.append(row | quoted)
    return table_csv(COLUMNS, rows)


def decision_row(decision: Decision, divider: str = " | ") -> dict[str, str]:
    """Return the cells of a decision by COLUMNS; `divider` separates wordings and items.

    An item is "document_id;key". Days are in ISO form. What a decision does not have is "".
    """
    return {
        "kind": decision.kind.value,
        "wordings": divider.join(decision.wordings),
        "items": divider.join(map(";".join, decision.items)),
        "field": decision.field,
        "value": decision.value,
        "read": decision.read or "",
        "owner": decision.owner,
        "until": decision.until.isoformat() if decision.until else "",
        "reason": decision.reason,
        "person": decision.person,
        "date": decision.day.isoformat() if decision.day else "",
    }


def read_decisions(path: Path) -> tuple[list[Decision], list[RejectedRow]]:
    """Return the decisions of a CSV file, and the rows that are rejected.

    Raises TableError for a file that is no such table.
    """
    # the first four columns are required
    rows = csv_tables.read_table(path, COLUMNS, 4, _checked_decision)
    return [row.value for row in rows if isinstance(row, Row)], [
        row for row in rows if isinstance(row, RejectedRow)
    ]


def _checked_decision(cells: Sequence[str]) -> Decision:
    """Return the decision of a row's cells, which are in the order of COLUMNS.

    Raises InvalidRow with its problems, so that the row is rejected and the others are read.
    """
    try:
        decision = parse_decision(dict(zip(COLUMNS, cells, strict=True)))
    except InvalidDecision as error:
        raise InvalidRow(str(error)) from None
    problems = find_problems(decision)
    if problems:
        raise InvalidRow(" ".join(problems))
    return decision


def parse_item(line: str) -> ItemAddress:
    """Return document and key of an item.

    `line` is "klima-2026;5.1", or the address of the item's page, public or for staff. Raises
    InvalidDecision.
    """
    address = _ADDRESS.search(line.strip())
    if address:
        return unquote(address[1]), unquote(address[2])
    document, _, key = (part.strip() for part in line.partition(";"))
    if not (document and key):
        raise InvalidDecision(say("people.csv_no_item", line=line.strip()[:80]))
    return document, key


def parse_day(text: str) -> date | None:
    """Return a day from "1.5.2026" or "2026-05-01", None for an empty text; raises
    InvalidDecision.
    """
    stripped = text.strip()
    if not stripped:
        return None
    try:
        return date.fromisoformat(parse_moment(stripped))
    except ValueError:
        raise InvalidDecision(say("people.no_day", text=stripped[:40])) from None


def parse_moment(text: str) -> str:
    """Return a German day or month in ISO form: "1.5.2026" as "2026-05-01", "5/2026" as "2026-05".

    Any other text is unchanged, such as a day in ISO form.
    """
    match = _GERMAN_DATE.fullmatch(text)
    if match is None:
        return text
    month = f"{match['year']}-{match['month'].zfill(2)}"
    return f"{month}-{match['day'].zfill(2)}" if match["day"] else month


def parse_decision(row: Mapping[str, str], divider: str = "|") -> Decision:
    """Return the decision that a row or a form states; `row` has the cells by COLUMNS.

    `divider` separates wordings and items: "|" in CSV, a line break in a form. Cells that this kind
    of decision does not use are left out. An empty cell `read` is None: it is unknown what was
    read. Raises InvalidDecision; the problems of `find_problems` are not looked for.
    """
    cell = {name: row.get(name, "") for name in COLUMNS}
    if cell["kind"] not in list(DecisionKind):
        raise InvalidDecision(
            say("people.no_kind", said=cell["kind"], kinds=", ".join(DecisionKind))
        )
    kind = DecisionKind(cell["kind"])
    lines = filter(str.strip, cell["items"].split(divider))
    items = tuple(dict.fromkeys(map(parse_item, lines)))  # each once
    values: dict[str, Any] = {
        "kind": kind,
        "reason": collapse_spaces(cell["reason"]),
        "person": cell["person"],
        "until": parse_day(cell["until"]),
        "day": parse_day(cell["date"]),
    }
    if kind is DecisionKind.VALUE:
        if cell["field"] not in list(CorrectableField):
            raise InvalidDecision(
                say("people.no_field", field=cell["field"], fields=", ".join(CorrectableField))
            )
        values["field"] = cell["field"]
        values["value"] = cell["value"].replace("\r\n", "\n")
        values["read"] = cell["read"].replace("\r\n", "\n") or None
    else:
        values["wordings"] = distinct_wordings(cell["wordings"].split(divider))
    if kind is DecisionKind.TEXT:
        paragraphs = (collapse_spaces(line) for line in cell["value"].splitlines())
        values["value"] = "\n".join(filter(None, paragraphs))
        values["owner"] = collapse_spaces(cell["owner"])
    if kind in (DecisionKind.VALUE, DecisionKind.ITEM, DecisionKind.TEXT):
        values["items"] = items
    return Decision(**values)
