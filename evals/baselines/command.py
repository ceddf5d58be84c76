"""`strategielotse eval baselines`: the service beside the usual recipe and plain BM25."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from evals.extra import require_extra
from service.cli_errors import file_sentences
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
    from evals.baselines.answering import side_by_side
    from evals.baselines.sets import SetError, open_sets
    from evals.baselines.table import MARKS, table, write_plot
    from evals.cases.errors import CaseError
    from evals.reporting.marked import MarksMissing, with_table
    from service.settings import SettingsError
    from vectorstore.errors import StoreError

    with file_sentences(MarksMissing, SetError, CaseError, SettingsError, StoreError):
        written = readme.read_text(encoding="utf-8") if readme else ""
        if readme:
            with_table(written, "", MARKS)
        with open_sets(sets) as opened, progress_bar() as show:
            results = side_by_side(opened, show)
        shown = table(results)
        if readme:
            readme.write_text(with_table(written, shown, MARKS), encoding="utf-8")
        if plot:
            write_plot(results, plot)
    print_raw(shown)
    for path in filter(None, (readme, plot)):
        out.print(f"Geschrieben: {path}")
