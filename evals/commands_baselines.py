"""`strategielotse eval baselines`: the service beside the usual recipe and plain BM25."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from evals.extra import require_extra
from service.cli_errors import fail
from service.cli_output import out, print_raw, progress_bar


def baselines(
    sets: Annotated[
        list[str], typer.Option("--set", metavar="FÄLLE=ORDNER", help="Falldatei und Datenordner; mehrmals möglich")
    ],
    readme: Annotated[
        Path | None, typer.Option("--readme", help="Markdown-Datei, in der die Tabelle zwischen ihren Marken steht")
    ] = None,
    plot: Annotated[Path | None, typer.Option("--plot", help="SVG-Datei für das Bild")] = None,
) -> None:
    """Stellt den Dienst neben das übliche LangChain-Rezept und einfaches BM25, über dieselben Dokumente und Fälle."""
    require_extra()
    from evals import baseline_table
    from evals.baselines import side_by_side
    from evals.case_errors import CaseError
    from evals.case_sets import SetError, open_sets
    from service.settings import SettingsError
    from vectorstore.errors import StoreError

    try:
        written = readme.read_text(encoding="utf-8") if readme else ""
        if readme:
            baseline_table.with_table(written, "")
        with open_sets(sets) as opened, progress_bar() as show:
            results = side_by_side(opened, show)
        table = baseline_table.table(results)
        if readme:
            readme.write_text(baseline_table.with_table(written, table), encoding="utf-8")
        if plot:
            baseline_table.write_plot(results, plot)
    except (baseline_table.MarksMissing, SetError, CaseError, SettingsError, StoreError) as error:
        raise fail(str(error)) from None
    except OSError as error:
        raise fail(f"{error.filename} ist nicht zu lesen oder zu schreiben ({error.strerror}).") from None
    print_raw(table)
    for path in filter(None, (readme, plot)):
        out.print(f"Geschrieben: {path}")
