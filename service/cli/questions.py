"""Commands about questions for items: written by a model, out as a table that people correct, in as a new edition."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from prompts import say
from service.cli.ingestion.editions import made_anew
from service.composition import make_store
from service.terminal.errors import CommandError, DataDir, Exit, sentences, settings_for
from service.terminal.notes import audited
from service.terminal.output import out, print_lines

if TYPE_CHECKING:
    from vectorstore.csv_tables import RejectedRow
    from vectorstore.questions import ItemQuestion, Joined

app = typer.Typer(help=say("commands.questions_help"), no_args_is_help=True)


@app.command("export", epilog="Beispiel: strategielotse questions export fragen.csv")
def export(
    file: Annotated[Path, typer.Argument(metavar="DATEI", help=say("commands.csv_written"))],
    lost: Annotated[bool, typer.Option("--lost", help=say("commands.questions_lost"))] = False,
    origin: Annotated[bool, typer.Option("--origin", help=say("commands.questions_origin"))] = False,
    data_dir: DataDir = None,
) -> None:
    """Schreibt die Fragen der Ausgabe als CSV: document_id;key;question, mit Kopfzeile, in UTF-8."""
    from vectorstore.questions import ItemQuestion

    settings = settings_for(data_dir)
    with sentences(settings), closing(make_store(settings).open()) as edition:
        lost_ones = (ItemQuestion(**one) for one in edition.report.get("questions_lost", ()))
        questions = list(lost_ones if lost else edition.questions.all)
        file.write_text(_table(questions, origin=origin), encoding="utf-8", newline="")
    out.print(say("commands.questions_exported", questions=counted(len(questions)), file=file))


@app.command("import", epilog="Beispiel: strategielotse questions import fragen.csv --replace")
def import_(
    file: Annotated[Path, typer.Argument(metavar="DATEI", help=say("commands.csv_taken"))],
    replace: Annotated[bool, typer.Option("--replace", help=say("commands.questions_replace"))] = False,
    data_dir: DataDir = None,
) -> None:
    """Nimmt Fragen zu Einträgen auf und veröffentlicht eine Ausgabe mit ihnen; Ende mit 1, wo Zeilen abgelehnt sind."""
    from vectorstore.questions import joined, read_table, with_origins

    settings = settings_for(data_dir)
    with sentences(settings):
        table = read_table(file)
        store = make_store(settings)
        with store.writing(), closing(store.open()) as edition:
            items = [(item.document_id, item.key) for item in edition.catalogue.items]
            result = joined(table, () if replace else edition.questions.all, items)
            tell_rejected(result.rejected, "Zeile", "Zeilen")
            if table and not result.added and not result.doubled:
                raise CommandError(say("commands.no_line", file=file))
            published = made_anew(store, edition, with_origins(result.questions, edition.questions.all))
        if published.changed:
            audited(settings, "questions imported", f"{published.name}: {counted(len(result.questions))}")
    out.print(_told(result, published.name, published.changed))
    if result.rejected:
        raise typer.Exit(Exit.REJECTED)


def tell_rejected(rejected: Sequence[RejectedRow], one: str, many: str) -> None:
    """Print the lines that were not taken, the first of them each with its reason."""
    if rejected:
        what = one if len(rejected) == 1 else many
        out.print(say("commands.rejected", number=len(rejected), what=what))
    print_lines(rejected)


def _told(result: Joined, name: str, changed: bool) -> str:
    known = say("commands.doubled", number=result.doubled) if result.doubled else ""
    change = say("model_work.published" if changed else "model_work.unchanged")
    return say(
        "commands.questions_read",
        read=counted(result.added + result.doubled),
        known=known,
        name=name,
        change=change,
        questions=counted(len(result.questions)),
        items=len({one.item for one in result.questions}),
    )


def counted(number: int) -> str:
    """Return a number of questions in words."""
    return f"{number} {'Frage' if number == 1 else 'Fragen'}"


def _table(questions: Iterable[ItemQuestion], *, origin: bool) -> str:
    from service.csv_export import BOM, cell
    from vectorstore.questions import COLUMNS, ORIGIN

    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    columns = (*COLUMNS, ORIGIN) if origin else COLUMNS
    writer.writerow(columns)
    writer.writerows([cell(getattr(one, name)) for name in columns] for one in questions)
    return BOM + text.getvalue()
