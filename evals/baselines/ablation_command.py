"""`strategielotse eval ablate`: what each part of finding is worth."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from evals.extra import require_extra
from service.cli_errors import file_sentences
from service.cli_output import out, print_table, progress_bar

if TYPE_CHECKING:
    from evals.baselines import ablation


class Changed(StrEnum):
    """What is changed, one at a time."""

    ALL = "all"
    PARTS = "parts"
    CHUNKS = "chunks"


def ablate(
    sets: Annotated[
        list[str], typer.Option("--set", metavar="FÄLLE=ORDNER", help="Falldatei und Datenordner; mehrmals möglich")
    ],
    vary: Annotated[
        list[str] | None,
        typer.Option(
            "--vary", metavar="NAME=W1,W2", help="Ein Gewicht des Findens mit diesen Werten; mehrmals möglich"
        ),
    ] = None,
    only: Annotated[
        Changed, typer.Option("--only", help="Nur Teile abschalten (parts) oder nur anders zerlegen (chunks)")
    ] = Changed.ALL,
    markdown: Annotated[Path | None, typer.Option("--markdown", help="Die Tabelle auch als Markdown-Datei")] = None,
    json: Annotated[Path | None, typer.Option("--json", help="Alle Werte auch als JSON-Datei")] = None,
) -> None:
    """Misst die Fälle mit abgeschalteten Teilen, anderen Gewichten und anders zerlegten Dokumenten."""
    require_extra()
    from evals.baselines import ablation
    from evals.baselines.sets import SetError, open_sets
    from evals.cases.errors import CaseError
    from service.settings import SettingsError
    from vectorstore.errors import StoreError

    with file_sentences(ablation.UnknownWeight, SetError, CaseError, SettingsError, StoreError):
        variants = ablation.varied(vary) if vary else _chosen(only)
        with open_sets(sets) as opened, progress_bar() as show:
            rows = ablation.ablated(opened, variants, show)
        if markdown:
            markdown.write_text(ablation.markdown(rows), encoding="utf-8")
        if json:
            json.write_text(ablation.as_json(rows), encoding="utf-8")
    print_table(ablation.table(rows))
    for path in filter(None, (markdown, json)):
        out.print(f"Geschrieben: {path}")


def _chosen(only: Changed) -> list[ablation.Variant]:
    from evals.baselines import ablation

    parts = ablation.switches()
    if only is Changed.PARTS:
        return parts
    chunks = ablation.chunk_variants()
    return [parts[0], *chunks] if only is Changed.CHUNKS else [*parts, *chunks]
