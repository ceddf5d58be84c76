"""Asks in a terminal for what documents do not surely say of themselves, and hands it to a register."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from service.cli_errors import errors
from service.front_values import CHOICES, READ
from service.pages.labels import DOCUMENT_KINDS, DOCUMENT_STATUSES, FRONT, shown_date

if TYPE_CHECKING:
    from ingest.front_matter import FrontPart
    from ingest.report.report import FileReport, IngestReport

Answers = dict[str, dict[str, Any]]
LEFT = "-"  # leaves a part unconfirmed
MOST_QUOTED = 160


def ask_front(report: IngestReport) -> Answers:
    """Ask for each document's unsure parts once, the guess as default; "-" leaves a part unconfirmed."""
    answers: Answers = {}
    for file in report.files:
        unsure = [one for one in file.front if not one.sure]
        if unsure:
            errors.print(f"\n{file.file}: Bitte bestätigen (Enter übernimmt den Vorschlag, {LEFT} lässt es offen).")
            given = {one.field: _asked(one) for one in unsure}
            answers[file.id] = {part: value for part, value in given.items() if value is not None}
    return {name: given for name, given in answers.items() if given}


def write_front(path: Path, report: IngestReport) -> None:
    """Write what is known of the documents of a run into a register; raises RegisterError."""
    from ingest.register_writing import Known, write_register

    known = [Known(one.id, Path(one.path), _sure(one)) for one in report.files if not one.is_rejected]
    write_register(path, known)
    errors.print(f"Die Angaben stehen in {path}.")


def unconfirmed(report: IngestReport) -> int:
    """Return how many parts of the documents nobody has confirmed."""
    return sum(not one.sure for file in report.files for one in file.front)


def _sure(file: FileReport) -> Mapping[str, str]:
    return {one.field: one.value for one in file.front if one.sure and one.value}


def _asked(part: FrontPart) -> Any:
    """Ask until what is typed can be read; return None where the part stays open."""
    if part.quote:
        quote = part.quote if len(part.quote) <= MOST_QUOTED else f"{part.quote[:MOST_QUOTED]}…"
        errors.print(f"  Beleg: „{' '.join(quote.split())}“" + (f", Seite {part.page}" if part.page else ""))
    choices = CHOICES.get(part.field, "")
    while True:
        label = f"  {FRONT[part.field]}{f' ({choices})' if choices else ''}"
        typed = typer.prompt(label, default=_proposed(part) or LEFT, err=True).strip()
        if typed in ("", LEFT):
            return None
        value = READ[part.field](typed)
        if value is not None:
            return value
        errors.print(f"  Das ist nicht zu verstehen: {typed}")


def _proposed(part: FrontPart) -> str:
    """Return the guess as people read it."""
    if part.value is None:
        return ""
    words = {"kind": DOCUMENT_KINDS, "status": DOCUMENT_STATUSES}.get(part.field, {})
    return shown_date(date.fromisoformat(part.value)) if part.field == "as_of" else words.get(part.value, part.value)
