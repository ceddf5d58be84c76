"""`strategielotse eval cases`: check, exchange as tables, and propose cases.

What reads and writes tables is imported when it is needed: that takes a third of a second, and `--help` does without.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from evals.cases import Case, case_schema
from evals.cases.checks import Checked, check_cases
from evals.cases.errors import CaseError, LineError
from evals.cases.proposals import propose
from service.cli_errors import DataDir, Exit, errors, fail, sentences, settings_for
from service.cli_output import out, print_raw, print_table, progress_bar
from service.composition import make_store

cases_app = typer.Typer(
    name="cases",
    help="Testfragen prüfen, als Tabelle austauschen und vorschlagen lassen.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
TABLES = (".csv", ".xlsx")
Files = Annotated[list[Path], typer.Argument(metavar="FILES...", help="Dateien mit Fällen (.jsonl, .csv, .xlsx)")]


@cases_app.command(epilog="Beispiel: strategielotse eval cases check faelle.jsonl")
def check(files: Files, data_dir: DataDir = None) -> None:
    """Prüft jeden Fall an der Ausgabe: Gibt es die Einträge, stehen die Fakten darin, stimmt die Anzahl?"""
    settings = settings_for(data_dir)
    with _told():
        cases = _read(files)
    with sentences(settings), closing(make_store(settings).open()) as edition, progress_bar() as show:
        checked = check_cases(cases, edition.catalogue, show)
    wrong = sum(not one.right for one in checked)
    if any(one.problems or one.notes for one in checked):
        print_table(_table(checked))
    out.print(f"{_counted(len(checked))} geprüft, {wrong} falsch.")
    raise typer.Exit(Exit.REJECTED if wrong else Exit.DONE)


@cases_app.command("import", epilog="Beispiel: strategielotse eval cases import faelle.xlsx --to faelle.jsonl")
def import_table(
    table: Annotated[Path, typer.Argument(metavar="TABLE", help="Tabelle mit Fällen (.csv oder .xlsx)")],
    to: Annotated[Path, typer.Option("--to", help="Datei, in die geschrieben wird (.jsonl)")],
) -> None:
    """Liest Fälle aus einer Tabelle und schreibt sie als JSONL."""
    if table.suffix.lower() not in TABLES:
        raise fail(f"{table.name} muss auf .csv oder .xlsx enden.")
    _require_suffix(to, ".jsonl")
    from evals.cases.tables import read_any

    with _told():
        _write(read_any(table), to)


@cases_app.command("export", epilog="Beispiel: strategielotse eval cases export faelle.jsonl --to faelle.xlsx")
def export_table(
    files: Files, to: Annotated[Path, typer.Option("--to", help="Tabelle, die geschrieben wird (.csv oder .xlsx)")]
) -> None:
    """Schreibt Fälle als Tabelle, eine Zeile je Fall."""
    _require_suffix(to, *TABLES)
    with _told():
        _write(_read(files), to)


@cases_app.command("propose", epilog="Beispiel: strategielotse eval cases propose --amount 50 --to vorschlaege.xlsx")
def propose_cases(
    to: Annotated[Path, typer.Option("--to", help="Datei für die Vorschläge (.jsonl, .csv oder .xlsx)")],
    amount: Annotated[int, typer.Option("--amount", min=1, max=10_000, help="Wie viele höchstens")] = 30,
    seed: Annotated[int, typer.Option("--seed", help="Dieselbe Zahl gibt dieselben Vorschläge")] = 1,
    beside: Annotated[
        list[Path] | None, typer.Option("--beside", help="Vorhandene Fälle, deren Fragen nicht wiederkehren sollen")
    ] = None,
    data_dir: DataDir = None,
) -> None:
    """Schlägt Fälle aus den Einträgen der Ausgabe vor; ein Mensch nimmt sie an, ändert oder verwirft sie."""
    _require_suffix(to, ".jsonl", *TABLES)
    settings = settings_for(data_dir)
    with _told():
        existing = _read(beside or [])
    with sentences(settings), closing(make_store(settings).open()) as edition:
        found = propose(edition.catalogue, amount, seed, existing)
    with _told():
        _write(found, to)
    if len(found) < amount:
        out.print("Mehr geben die Einträge nicht her.")


@cases_app.command(epilog="Beispiel: strategielotse eval cases schema > case.schema.json")
def schema() -> None:
    """Zeigt die Form eines Falls als JSON Schema."""
    print_raw(json.dumps(case_schema(), ensure_ascii=False, indent=2))


@contextmanager
def _told() -> Iterator[None]:
    """Turn wrong case files and files that cannot be written into sentences and exit code 2."""
    try:
        yield
    except CaseError as error:
        for problem in error.problems[:-1]:
            errors.print(str(problem))
        raise fail(str(error.problems[-1])) from None
    except OSError as error:
        raise fail(f"{error.filename} ist nicht beschreibbar ({error.strerror}).") from None


def _read(files: list[Path]) -> list[Case]:
    """The cases of all files; raises CaseError for an id that two of them have."""
    from evals.cases.tables import read_any

    problems: list[LineError] = []
    cases: dict[str, Case] = {}
    for path in files:
        try:
            found = read_any(path)
        except CaseError as error:
            problems.extend(error.problems)
            continue
        problems.extend(LineError(path.name, f"id: {one.id} gibt es schon") for one in found if one.id in cases)
        cases.update((one.id, one) for one in found)
    if problems:
        raise CaseError(problems)
    return list(cases.values())


def _write(cases: list[Case], to: Path) -> None:
    from evals.cases.tables import write_any

    write_any(cases, to)
    out.print(f"{_counted(len(cases))} in {to} geschrieben.")


def _require_suffix(to: Path, *suffixes: str) -> None:
    if to.suffix.lower() not in suffixes:
        raise fail(f"--to: {to.name} muss auf {' oder '.join(suffixes)} enden.")


def _counted(number: int) -> str:
    return f"{number} {'Fall' if number == 1 else 'Fälle'}"


def _table(checked: list[Checked]) -> Table:
    table = Table("Fall", "", "Befund")
    for one in checked:
        for kind, said in (*(("falsch", text) for text in one.problems), *(("Hinweis", text) for text in one.notes)):
            table.add_row(one.case.id, kind, said)
    return table
