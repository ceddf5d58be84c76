"""`strategielotse eval models`: the same cases without a language model, with its questions, its answers, with both."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Annotated

import typer

from evals.cases import Case, held_back, load_cases
from evals.cases.errors import CaseError
from evals.extra import require_extra
from evals.models.editions import ModelError
from evals.models.measuring import Measured, measured
from evals.reporting.marked import MarksMissing, with_table
from evals.runs.asking import Prepare, sample_target, shipped_cases
from evals.runs.targets import InProcess, TargetError, in_process
from service.cli_errors import DataDir, fail, file_sentences, sentences, settings_for
from service.cli_output import out, print_raw, progress_bar
from service.language_models.naming import model_name
from service.model_check import advice
from service.settings import Settings


def add_models(app: typer.Typer, prepare_sample: Prepare) -> None:
    """Add the command; `prepare_sample` ingests the sample corpus into the data folder of the settings it gets."""

    @app.command(epilog="Beispiel: strategielotse eval models --model openai:qwen3:8b@http://127.0.0.1:11434/v1")
    def models(
        cases: Annotated[
            list[Path] | None,
            typer.Argument(metavar="FÄLLE...", help="Dateien über die Ausgabe; ohne sie die Fälle der Beispieldaten"),
        ] = None,
        model: Annotated[
            str | None, typer.Option("--model", metavar="MODELL", help="Dieses statt STRATEGIELOTSE_ANSWER_MODEL")
        ] = None,
        writer: Annotated[
            str | None,
            typer.Option(
                "--writer", metavar="MODELL", help="Schreibt die Fragen (STRATEGIELOTSE_INGEST_MODEL, sonst es)"
            ),
        ] = None,
        wait: Annotated[
            float | None, typer.Option("--wait", min=1, help="Sekunden je Antwort statt STRATEGIELOTSE_MODEL_SECONDS")
        ] = None,
        called: Annotated[str | None, typer.Option("--called", help="Wie das Modell in der Tabelle heißt")] = None,
        build: Annotated[
            Path, typer.Option("--build", help="Ordner für Ausgaben, geschriebene Fragen und Antworten des Modells")
        ] = Path("build/models"),
        markdown: Annotated[
            Path | None, typer.Option("--markdown", help="Markdown-Datei, in der die Tabelle zwischen Marken steht")
        ] = None,
        plot: Annotated[Path | None, typer.Option("--plot", help="SVG-Datei für das Bild")] = None,
        data_dir: DataDir = None,
    ) -> None:
        """Stellt dieselben Fragen ohne Sprachmodell, mit seinen Fragen zu Einträgen, seinen Antworten und beidem."""
        require_extra()
        if names := held_back(cases or ()):
            raise fail(f"Zurückgehaltene Fälle werden hier nicht gefragt: {', '.join(names)}.")
        settings = _settings(data_dir, model, writer)
        settings = settings.model_copy(update={"model_seconds": wait or settings.model_seconds})
        with file_sentences(MarksMissing, CaseError):
            _require_place(markdown)
            asked = load_cases(*(cases or shipped_cases()))
            results = _results(asked, settings, build, _source(settings, prepare_sample, sample=not cases))
            _show(results, called or _name(settings), markdown, plot)


def _settings(data_dir: Path | None, model: str | None, writer: str | None) -> Settings:
    """The settings with both models named; ends the command where there is none."""
    settings = settings_for(data_dir, answer_model=model, ingest_model=writer)
    if settings.answer_model is None:
        raise fail(advice.NONE)
    own = writer or (None if model else settings.ingest_model)
    return settings.model_copy(update={"ingest_model": own or settings.answer_model})


def _source(settings: Settings, prepare: Prepare, *, sample: bool) -> AbstractContextManager[InProcess]:
    """The edition that is copied: the sample corpus, or the current one."""
    quiet = settings.model_copy(update={"answer_model": None})
    return sample_target(quiet, prepare) if sample else in_process(quiet)


def _name(settings: Settings) -> str:
    name = model_name(settings.answer_model or "")
    return f"{name.name} ({name.host})"


def _results(
    asked: Sequence[Case], settings: Settings, build: Path, source: AbstractContextManager[InProcess]
) -> dict[str, Measured]:
    """The cases asked in each setting; ends the command with a sentence where that cannot be."""
    with sentences(settings, ModelError, TargetError), progress_bar() as show, source as target:
        edition = target.service.corpus.edition
        return measured(edition, settings, asked, build, settings.model_seconds, show)


def _require_place(markdown: Path | None) -> None:
    """Raise MarksMissing now, not after all was asked, where a file has no place for the table."""
    from evals.models.table import MARKS

    if markdown:
        with_table(markdown.read_text(encoding="utf-8"), "", MARKS)


def _show(results: dict[str, Measured], called: str, markdown: Path | None, plot: Path | None) -> None:
    """Print the table, and write table and plot where they are wanted."""
    from evals.models.table import MARKS, table, write_plot

    shown = table(results, called)
    if markdown:
        markdown.write_text(with_table(markdown.read_text(encoding="utf-8"), shown, MARKS), encoding="utf-8")
    if plot:
        write_plot(results, plot)
    print_raw(shown)
    for path in filter(None, (markdown, plot)):
        out.print(f"Geschrieben: {path}")
