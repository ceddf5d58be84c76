"""Decisions as a table that people keep: CSV in UTF-8 with semicolons; wordings and items divided by " | ".

Tables of corrections and of curated answers as earlier versions wrote them are read too. A wrong row costs only itself.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from urllib.parse import unquote, urlsplit

from prompts import say
from service.csv_export import BOM, cell
from service.people.form import Decision, Outcome, Wrong, distinct, of_correction, wrong_in
from vectorstore.amending.form import Correction, Part
from vectorstore.csv_tables import RejectedRow
from vectorstore.questions import ItemKey

COLUMNS = (
    "outcome", "wordings", "items", "value", "owner", "valid_until", "field", "instead_of", "reason", "person", "date",
)  # fmt: skip
MOST_BYTES = 20_000_000
_DIVIDED = " | "
_GERMAN_DAY = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")
_ADDRESS = re.compile(r"/(?:documents|staff/items)/([^/]+)/([^/]+)/?\Z")


def table(decisions: Iterable[Decision]) -> str:
    """The decisions that stand as CSV with BOM, oldest first."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for one in sorted((one for one in decisions if one.stands), key=lambda one: one.id):
        items, words = _DIVIDED.join(map(";".join, one.items)), _DIVIDED.join(one.wordings)
        days = [day.isoformat() if day else "" for day in (one.valid_until, one.day)]
        said = (one.outcome.value, words, items, one.value, one.owner, days[0], one.part, one.instead_of, one.reason)
        writer.writerow([_cell(value) for value in (*said, one.person, days[1])])
    return BOM + out.getvalue()


def read_table(path: Path) -> tuple[list[Decision], list[RejectedRow]]:
    """The decisions of a table and its rejected rows; raises Wrong for a file that is none."""
    found: list[Decision] = []
    rejected: list[RejectedRow] = []
    try:
        if path.stat().st_size > MOST_BYTES:
            raise Wrong(f"{path}: Die Datei ist größer als {MOST_BYTES // 1_000_000} MB.")
        reader = csv.DictReader(
            io.StringIO(path.read_text("utf-8-sig"), newline=""), delimiter=";", strict=True, restval=""
        )
        known = {"outcome", "field", "text"} & set(reader.fieldnames or ())
        if not known:
            raise Wrong(say("people.csv_head", path=path, columns=";".join(COLUMNS)))
        for row in reader:
            try:
                found.append(_decision({name: value.strip().removeprefix("'") for name, value in row.items() if name}))
            except (Wrong, AttributeError) as error:
                rejected.append(RejectedRow(reader.line_num, str(error) or say("people.csv_columns")))
    except UnicodeDecodeError:
        raise Wrong(say("people.csv_utf8", path=path)) from None
    except csv.Error as error:
        raise Wrong(say("people.csv_broken", path=path, error=error)) from None
    except OSError as error:
        raise Wrong(say("people.csv_unreadable", path=path, strerror=error.strerror)) from None
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


def _cell(value: str) -> str:
    return f"'{value}" if value.startswith("'") else str(cell(value))


def _decision(row: Mapping[str, str]) -> Decision:
    said = row.get
    document, key = said("document_id", ""), said("key", "")
    items = [item_of(one) for one in (said("items") or said("citations") or "").split(_DIVIDED.strip()) if one.strip()]
    who = {"person": said("person", ""), "day": day_of(said("date", ""))}
    if field := said("field"):
        if field not in {one.value for one in Part}:
            raise Wrong(say("people.no_field", field=field, part=", ".join(one.value for one in Part)))
        item = items[0] if items else (document, key)
        made = of_correction(
            Correction(*item, Part(field), said("value", ""), said("instead_of", ""), said("reason", ""), **who)  # type: ignore[arg-type]
        )
    else:
        words = [said("question", ""), *said("wordings", "").split(_DIVIDED.strip())]
        made = Decision(
            outcome=_outcome(said("outcome") or Outcome.TEXT.value),
            wordings=distinct(words),
            items=tuple(items),
            value=said("value") or said("text", ""),
            owner=said("owner", ""),
            valid_until=day_of(said("valid_until", "")),
            reason=said("reason", ""),
            **who,  # type: ignore[arg-type]
        )
    if wrong := wrong_in(made):
        raise Wrong(" ".join(wrong))
    return made


def _outcome(said: str) -> Outcome:
    if said not in {one.value for one in Outcome}:
        raise Wrong(say("people.no_outcome", said=said, outcome=", ".join(one.value for one in Outcome)))
    return Outcome(said)
