"""Decisions as a table that people keep: CSV in UTF-8 with semicolons; wordings and items divided by " | ".

Tables of corrections as earlier versions wrote them are read too. A wrong row costs only itself.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from prompts import say
from service.csv_export import BOM, cell
from service.people.decisions import Decision, Outcome, Wrong, distinct, of_correction, wrong_in
from vectorstore.amending.form import Correction, Part
from vectorstore.csv_tables import RejectedRow
from vectorstore.questions import ItemKey

COLUMNS = (
    "outcome", "wordings", "items", "value", "owner", "valid_until", "field", "instead_of", "reason", "person", "date",
)  # fmt: skip
MOST_MEGABYTES = 20
_GERMAN_DAY = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")
_ADDRESS = re.compile(r"/(?:documents|staff/items)/([^/]+)/([^/]+)/?\Z")


def table(decisions: Iterable[Decision]) -> str:
    """The decisions that stand as CSV with BOM, oldest first."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for one in sorted((one for one in decisions if one.stands), key=lambda one: one.id):
        writer.writerow(f"'{said}" if said.startswith("'") else cell(said) for said in written(one).values())
    return BOM + out.getvalue()


def written(one: Decision, between: str = " | ") -> dict[str, str]:
    """A decision as people write it, by COLUMNS; `between` stands between wordings and between items."""
    until, day = (day.isoformat() if day else "" for day in (one.valid_until, one.day))
    items, wordings = between.join(map(";".join, one.items)), between.join(one.wordings)
    said = (wordings, items, one.value, one.owner, until, one.part, one.instead_of, one.reason, one.person, day)
    return dict(zip(COLUMNS, (one.outcome.value, *said), strict=True))


def read_file(path: Path) -> tuple[list[Decision], list[RejectedRow]]:
    """The decisions of a table and its rejected rows; raises Wrong for a file that is none."""
    try:
        if path.stat().st_size > MOST_MEGABYTES * 1_000_000:
            raise Wrong(say("people.csv_large", path=path, most=MOST_MEGABYTES))
        return read_table(path.read_bytes(), path)
    except OSError as error:
        raise Wrong(say("people.csv_unreadable", path=path, strerror=error.strerror)) from None


def read_table(content: bytes, name: object) -> tuple[list[Decision], list[RejectedRow]]:
    """The decisions of a table that is called `name`, and its rejected rows; raises Wrong where it is none."""
    found, rejected = list[Decision](), list[RejectedRow]()
    try:
        text = io.StringIO(content.decode("utf-8-sig"), newline="")
        reader = csv.DictReader(text, delimiter=";", strict=True, restval="")
        reader.fieldnames = [name.strip().lower() for name in reader.fieldnames or ()]
        if not {"outcome", "field"} & set(reader.fieldnames):
            raise Wrong(say("people.csv_head", path=name, columns=";".join(COLUMNS)))
        for row in reader:
            try:
                if None in row:
                    raise Wrong(say("people.csv_columns"))
                one = decision_of({column: said.strip().removeprefix("'") for column, said in row.items()})
                if wrong := wrong_in(one):
                    raise Wrong(" ".join(wrong))
                found.append(one)
            except Wrong as error:
                rejected.append(RejectedRow(reader.line_num, str(error)))
    except UnicodeDecodeError:
        raise Wrong(say("people.csv_utf8", path=name)) from None
    except csv.Error as error:
        raise Wrong(say("people.csv_broken", path=name, error=error)) from None
    return found, rejected


def item_of(line: str) -> ItemKey:
    """A record from "document_id;key" or from its address; raises Wrong."""
    if address := _ADDRESS.search(urlsplit(line.strip()).path):
        return unquote(address[1]), unquote(address[2])
    document, _, key = (part.strip() for part in line.partition(";"))
    if not (document and key):
        raise Wrong(say("people.csv_no_entry", line=line.strip()[:80]))
    return document, key


def day_of(text: str) -> date | None:
    """A day as people write it, None for nothing; raises Wrong."""
    match = _GERMAN_DAY.fullmatch(text.strip())
    try:
        if match:
            return date(int(match[3]), int(match[2]), int(match[1]))
        return date.fromisoformat(text.strip()) if text.strip() else None
    except ValueError:
        raise Wrong(say("people.no_day", text=text.strip()[:40])) from None


def decision_of(row: Mapping[str, str], between: str = "|") -> Decision:
    """What somebody wrote, by COLUMNS or those of earlier versions; raises Wrong where it cannot be read."""
    said = {name: row.get(name, "") for name in (*COLUMNS, "document_id", "key")}
    items = [item_of(one) for one in said["items"].split(between) if one.strip()]
    if field := said["field"]:
        if field not in list(Part):
            raise Wrong(say("people.no_field", field=field, part=", ".join(Part)))
        document, key = items[0] if items else (said["document_id"], said["key"])
        told = (said["value"], said["instead_of"], said["reason"], said["person"], day_of(said["date"]))
        return of_correction(Correction(document, key, Part(field), *told))
    outcome = said["outcome"] or Outcome.TEXT.value
    if outcome not in list(Outcome):
        raise Wrong(say("people.no_outcome", said=outcome, outcome=", ".join(Outcome)))
    paragraphs = (" ".join(line.split()) for line in said["value"].splitlines())
    text: dict[str, Any] = {
        "value": "\n".join(filter(None, paragraphs)),
        "owner": " ".join(said["owner"].split()),
        "valid_until": day_of(said["valid_until"]),
    }
    return Decision(
        outcome=Outcome(outcome),
        wordings=distinct(said["wordings"].split(between)),
        items=tuple(items) if outcome in (Outcome.ENTRY, Outcome.TEXT) else (),
        reason=" ".join(said["reason"].split()),
        person=said["person"],
        day=day_of(said["date"]),
        **(text if outcome == Outcome.TEXT else {}),
    )
