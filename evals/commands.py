"""The commands `strategielotse eval run|compare|gate`.

The composition root gives `ingestion`, which makes editions.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer

from evals.asking import RunRequest, run_cases
from evals.case_files import CaseError, is_held, shipped_cases
from evals.corpora import Corpora, Ingestion
from evals.gate import Shortfall, find_measures, load_gate, shortfalls
from evals.held_log import append_to_log
from evals.measurements import format_values
from evals.report.comparison import comparison_html, comparison_lines
from evals.report.page import HEADLINE, html, summary_table
from evals.run import Run, compare_runs, now_name, read_run, require_free, write_run
from evals.tables import require_marks, write_table
from prompts import say
from service import Settings
from service.terminal import (
    CommandError,
    CommandLine,
    DataDir,
    Exit,
    argument,
    console,
    fail,
    option,
    print_raw,
    progress_bar,
    settings_for,
)

LOG = "answers-held.log"
SECTION = "answers"  # of a Markdown file, for the table
LOGGED = (*HEADLINE, "right item", "as expected")
Cases = Annotated[
    list[Path] | None,
    typer.Argument(metavar=say("evaluation.cases_metavar"), help=say("evaluation.cases_help")),
]
Address = Annotated[str | None, typer.Option("--url", help="Adresse eines laufenden Dienstes")]
Gates = Annotated[list[Path] | None, option("--gate", "evaluation.gates_help")]


def make_app(ingestion: Ingestion) -> CommandLine:
    """Return the command group."""
    app = CommandLine(say("evaluation.help"))
    _add_run(app, ingestion)
    app.command(epilog="Beispiel: strategielotse eval compare runs/vorher runs/nachher")(compare)
    app.command(epilog="Beispiel: strategielotse eval gate runs/heute --gate schwellen.toml")(gate)
    return app


def _add_run(app: typer.Typer, ingestion: Ingestion) -> None:
    """Add the command `run`; `ingestion` makes the editions over which cases are asked."""

    @app.command(epilog="Beispiel: strategielotse eval run faelle.jsonl --gate schwellen.toml")
    def run(
        cases: Cases = None,
        papers: Annotated[Path | None, option("--papers", "evaluation.papers_help")] = None,
        corpus: Annotated[Path | None, option("--corpus", "evaluation.register_help")] = None,
        url: Address = None,
        name: Annotated[str, option("--name", "evaluation.name_help")] = "",
        to: Annotated[Path | None, option("--to", "evaluation.to_help")] = None,
        build: Annotated[Path | None, option("--build", "evaluation.build_help")] = None,
        gate: Gates = None,
        markdown: Annotated[Path | None, option("--markdown", "evaluation.markdown_help")] = None,
        held: Annotated[bool, option("--held", "evaluation.held_help")] = False,
        data_dir: DataDir = None,
    ) -> None:
        """Stellt alle Fragen über ihre Papiere und schreibt den Lauf mit seinem Bericht."""
        settings = settings_for(data_dir)
        files = tuple(cases or [*shipped_cases(), *own_cases(settings)])
        _require_not_held(files, held=held, shows=bool(gate or markdown or name))
        with (
            _hide_held_errors(held=held),
            nullcontext(build) if build else TemporaryDirectory() as folder,
            progress_bar() as show,
        ):
            corpora = Corpora(ingestion, Path(folder), papers, corpus, settings)
            request = RunRequest(files, corpora, url, name or now_name())
            runs = to or settings.data_dir / "runs"
            if not held:
                require_free(runs, request.name)
            gates = [(path.name, load_gate(path)) for path in gate or []]
            if markdown:  # missing marks are reported now, not after all cases were asked
                require_marks(markdown, SECTION)
            result = run_cases(request, show)
            if held:
                _log_held(result)
                return
            measures = find_measures(result)
            short = [(gate_name, shortfalls(loaded, measures)) for gate_name, loaded in gates]
            report_path = _write_report(result, short, runs)
            if markdown:
                write_table(markdown, summary_table(result), SECTION)
        print_raw(summary_table(result, german=True))
        if gates:
            _print_shortfalls(list(chain.from_iterable(missed for _, missed in short)))
        console.print(f"Bericht: {report_path}")
        if any(missed for _, missed in short):
            raise typer.Exit(Exit.HELD_BACK)


def _write_report(
    result: Run, short: Sequence[tuple[str, Sequence[Shortfall]]], runs: Path
) -> Path:
    """Write a run and its report into a new folder of `runs` with the name of the run; return the
    path of the report.

    `short` has for each gate its name and the limits that the run misses.
    """
    write_run(result, runs / result.info.name)
    path = runs / result.info.name / "report.html"
    path.write_text(html(result, short), encoding="utf-8")
    return path


def compare(
    before: Annotated[Path, argument("VORHER", "evaluation.before_help")],
    after: Annotated[Path, argument("NACHHER", "evaluation.after_help")],
    data_dir: DataDir = None,
) -> None:
    """Stellt zwei Läufe nebeneinander, als Seite: was besser und schlechter wurde, und ob das mehr
    als Zufall ist.
    """
    settings = settings_for(data_dir)
    folder = _find_folder(after, settings)
    result = compare_runs(read_run(_find_folder(before, settings)), read_run(folder))
    if not result.pairs:
        raise CommandError(say("evaluation.no_common_case"))
    page = folder / f"comparison-{result.before.info.name}.html"
    page.write_text(comparison_html(result), encoding="utf-8")
    print_raw("\n".join(comparison_lines(result)))
    console.print(f"Vergleich: {page}")


def gate(
    run: Annotated[Path, argument("LAUF", "evaluation.run_help")],
    limits: Annotated[Path, option("--gate", "evaluation.gate_help")],
    data_dir: DataDir = None,
) -> None:
    """Hält einen Lauf gegen Schwellen; Ausgangscode 3, wenn er sie nicht erreicht."""
    settings = settings_for(data_dir)
    result, loaded = read_run(_find_folder(run, settings)), load_gate(limits)
    short = shortfalls(loaded, find_measures(result))
    _print_shortfalls(short)
    raise typer.Exit(Exit.HELD_BACK if short else Exit.DONE)


def own_cases(settings: Settings) -> list[Path]:
    """Return the files of cases in a data folder. Held ones are left out, since they are only
    measured, and so are empty ones.
    """
    results = sorted((settings.data_dir / "cases").glob("*.jsonl"))
    return [path for path in results if not is_held(path) and path.stat().st_size]


def _require_not_held(files: Sequence[Path], *, held: bool, shows: bool) -> None:
    """End the command if held cases could be shown: nobody who works on answers may see them.

    This is so for held files without the option `held`, and for `held` together with an option that
    `shows` single cases.
    """
    names = [path.name for path in files if is_held(path)]
    if names and not held:
        raise fail(say("evaluation.held_needs_option", names=", ".join(names)))
    if held and shows:
        raise fail(say("evaluation.held_shows_totals"))


@contextmanager
def _hide_held_errors(*, held: bool) -> Iterator[None]:
    """End the command if the block raises CaseError for `held` files: say only how many errors
    there are, since their lines must not be shown.
    """
    try:
        yield
    except CaseError as error:
        if not held:
            raise
        raise fail(say("evaluation.held_lines_wrong", problems=len(error.problems))) from None


def _log_held(run: Run) -> None:
    """Print the totals of held cases, and append them to the log of their openings."""
    totals = {
        f"{name}.jsonl": format_values(values, LOGGED) for name, values in run.figures.sets.items()
    }
    append_to_log(LOG, totals)
    print_raw("\n".join(f"{name}: {line}" for name, line in totals.items()))


def _find_folder(run: Path, settings: Settings) -> Path:
    """Return the folder of a run, given by path or by its name in the data folder. If neither
    exists, return the path: its reader reports that it is no run.
    """
    named = settings.data_dir / "runs" / run
    if named.exists() and not run.exists():
        return named
    return run


def _print_shortfalls(short: Sequence[Shortfall]) -> None:
    """Print the shortfalls, or that all limits are met."""
    for shortfall in short:
        console.print(f"Schwelle verfehlt: {shortfall}", style="red")
    if not short:
        console.print("Alle Schwellen erreicht.", style="green")
