"""A made document of sheets, and stand-ins for a model that reads it."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, get_args

from ingest import WindowRequest
from ingest.readers.claims import RecordKind
from ingest.readers.folding import fold_quote
from ingest.register import RegisterEntry
from tests.ingest.papers import read_document
from tests.papers import Truth, TruthRecord
from vectorstore.records import ParsedDocument

Reply = dict[str, Any]
MODEL = "capable"
_PAGE = re.compile(r"=== Seite (\d+) ===\n((?:\| .*\n?)*)")
SHEET = "{number} {title}\n\nWorum es geht: {text}\n\nZuständig: {unit}\n\nLaufzeit: {period}\n"
SHEETS = [
    (
        "M 01",
        "Jobticket",
        "Beschäftigte fahren günstiger mit dem Bus zur Arbeit.",
        "Hauptamt",
        "2026",
    ),
    (
        "M 02",
        "Radwege im Moor",
        "Drei Wege werden befestigt und ausgeschildert.",
        "Tiefbauamt",
        "ab 2027",
    ),
    ("M 03", "Solardächer", "Auf acht Schulen entstehen Anlagen.", "Gebäudewirtschaft", "bis 2030"),
    ("M 04", "Mehrweg", "Feste kommen ohne Wegwerfgeschirr aus.", "Umweltamt", "laufend"),
]


def sheet(place: int) -> str:
    return SHEET.format(
        **dict(zip(("number", "title", "text", "unit", "period"), SHEETS[place], strict=True))
    )


def reply_of(place: int, page: int, **other: Any) -> Reply:
    """Return a sheet as a capable model replies it."""
    number, title, text, unit, period = SHEETS[place]
    fields = [{"label": "Worum es geht", "text": text}, {"label": "Zuständig", "text": unit}]
    record = {
        "kind": "measure",
        "number": number,
        "title": title,
        "page": page,
        "where": "sheet",
        "period": period,
    }
    return {**record, "fields": fields, "units": [unit], **other}


def row_of(place: int, **other: Any) -> Reply:
    """Return a row of an overview on the first page as a capable model replies it."""
    return {
        **reply_of(place, 1),
        "where": "row",
        "fields": [],
        "units": [],
        "period": None,
        **other,
    }


def shown_pages(request: WindowRequest) -> dict[int, str]:
    return {
        int(number): re.sub(r"(?m)^\| ", "", page)
        for number, page in _PAGE.findall(request.question)
    }


def made_document(folder: Path, *pages: str, **given: Any) -> ParsedDocument:
    """Return a document of these pages as the simple reader reads it, or by a `reading` and
    `choices`.
    """
    path = folder / "moorau.txt"
    path.write_text("\f".join(pages), encoding="utf-8")
    return read_document(RegisterEntry("moorau", path, **given))


class Scripted:
    """Replies the records of the pages that it is shown, and other parts as they are."""

    name = MODEL

    def __init__(self, *records: Reply, **other: Any) -> None:
        self.records, self.other, self.asked = records, other, list[WindowRequest]()

    def say(self, request: WindowRequest) -> Any:
        self.asked.append(request)
        pages = shown_pages(request)
        return {
            "records": [record for record in self.records if record["page"] in pages],
            **self.other,
        }


class Capable:
    """Replies the true records of a generated document; `spoil` changes its replies."""

    name = MODEL

    def __init__(
        self,
        truth: Truth,
        spoil: Callable[[Reply, dict[int, str]], Any] = lambda reply, pages: reply,
    ) -> None:
        self._truth, self._spoil = truth, spoil

    def say(self, request: WindowRequest) -> Any:
        """Return every record whose sheet begins on a page that is shown."""
        pages = shown_pages(request)
        known = [record for record in self._truth.records if record.kind in get_args(RecordKind)]
        records = [
            _reply(record, page, pages[page])
            for record in known
            for page in record.pages[:1]
            if page in pages
        ]
        return self._spoil({"records": records}, pages)


def _reply(record: TruthRecord, page: int, shown: str) -> Reply:
    """Return a record with those fields whose text the page prints in one piece."""
    printed = fold_quote(shown)
    fields = [field for field in record.fields if fold_quote(field.text) in printed]
    first = printed.count(fold_quote(record.ref or " ")[:1])
    rows = any(printed.count(fold_quote(field.label)) <= 1 < first for field in fields)
    return {
        "kind": record.kind,
        "number": record.ref and record.ref.partition("~")[0],
        "title": record.title,
        "page": page,
        "where": "row" if rows and shown.count("\t") > 20 else "sheet",
        "parent": record.parent,
        "fields": [{"label": field.label, "text": field.text} for field in fields],
        "units": list(record.responsible),
        "period": record.period,
        "cost": record.cost,
        "priority": record.priority,
        "status": record.status,
    }
