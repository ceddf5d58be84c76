"""The command that counts what people thought of answers."""

from __future__ import annotations

import csv
import io
import json
from typing import Annotated

import typer
from rich.table import Table

from service.cli_errors import CommandError, DataDir, sentences, settings_for
from service.cli_output import out, print_raw, print_table
from service.cli_queries import Format
from service.composition import make_database
from service.feedback.models import DayCounts, FeedbackReason
from service.pages.labels import shown_date
from service.settings import Settings

REASONS = {
    FeedbackReason.WRONG: "falsch",
    FeedbackReason.INCOMPLETE: "unvollständig",
    FeedbackReason.NOT_UNDERSTOOD: "nicht verstanden",
    FeedbackReason.OUTDATED: "veraltet",
    FeedbackReason.OTHER: "anderes",
}


def feedback(
    form: Annotated[Format, typer.Option("--format", help="Ausgabeform")] = Format.TABLE,
    data_dir: DataDir = None,
) -> None:
    """Zählt die Bewertungen von Antworten nach Tag und Grund."""
    settings = settings_for(data_dir)
    with sentences(settings):
        days = _days(settings)
    if form is Format.JSON:
        print_raw(json.dumps([day.model_dump(mode="json") for day in days], indent=1))
    elif form is Format.CSV:
        print_raw(_csv(days))
    elif days:
        print_table(_table(days))
    else:
        out.print("Es gibt noch keine Bewertungen.")


def _days(settings: Settings) -> list[DayCounts]:
    from sqlalchemy.exc import SQLAlchemyError

    from service.feedback.store import FILE, FeedbackStore

    database = make_database(settings)
    try:
        return FeedbackStore(settings.data_dir, database).counts()
    except SQLAlchemyError:
        place = "gemeinsame Datenbank" if settings.database_url else f"Datei {settings.data_dir / FILE}"
        raise CommandError(f"Die {place} ist nicht lesbar.") from None
    finally:
        database.close()


def _csv(days: list[DayCounts]) -> str:
    target = io.StringIO()
    writer = csv.writer(target, delimiter=";", lineterminator="\r\n")
    writer.writerow(["day", "helpful", "not_helpful", *REASONS])
    for day in days:
        writer.writerow([day.day, day.helpful, day.not_helpful, *(day.reasons.get(one, 0) for one in REASONS)])
    return "\ufeff" + target.getvalue()


def _table(days: list[DayCounts]) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column("Tag", no_wrap=True)
    for name in ("hilfreich", "nicht hilfreich", *REASONS.values()):
        table.add_column(name, justify="right")
    for day in days:
        numbers = (day.helpful, day.not_helpful, *(day.reasons.get(one, 0) for one in REASONS))
        table.add_row(shown_date(day.day), *map(str, numbers))
    return table
