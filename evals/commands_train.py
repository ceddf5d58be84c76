"""`strategielotse eval train`: learns from labelled questions and cases, says how well, and writes small files."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from evals.extra import require_extra
from service.cli_errors import fail
from service.cli_output import print_raw, progress_bar
from service.settings import Settings


def add_train(app: typer.Typer) -> None:
    """Add the command."""

    @app.command(epilog="Beispiel: strategielotse eval train --cases eigene-fragen.jsonl --to trainiert")
    def train(
        cases: Annotated[
            list[Path] | None,
            typer.Option("--cases", help="Fragen mit Merkmalen oder Fälle (JSONL) zu den mitgelieferten dazu"),
        ] = None,
        to: Annotated[
            Path | None, typer.Option("--to", help="Ordner für das Gelernte (sonst STRATEGIELOTSE_TRAINED_DIR)")
        ] = None,
        curve: Annotated[bool, typer.Option("--curve", help="Auch eine Lernkurve; dauert vier Mal so lange")] = False,
    ) -> None:
        """Trainiert, was Fragen versteht, und misst es an Urhebern, die ausgelassen werden."""
        require_extra()
        from evals.training.cases import load_training
        from evals.training.questions import shipped
        from evals.training.writing import write_reader

        folder = to or Settings().trained_dir
        if folder is None:
            raise fail("Wohin? Nennen Sie einen Ordner mit --to oder in STRATEGIELOTSE_TRAINED_DIR.")
        try:
            questions = load_training([*shipped(), *(cases or [])])
            with progress_bar() as show:
                told = write_reader(questions, folder, show, curve=curve)
        except ValueError as error:
            raise fail(str(error)) from None
        except OSError as error:
            raise fail(f"{error.filename} ist nicht zu lesen oder zu schreiben ({error.strerror}).") from None
        print_raw(f"{len(questions)} Fragen; gemessen an Urhebern, die beim Lernen fehlten:")
        for name, head in told.items():
            print_raw(
                f"{name:10} richtig {head.accuracy:.3f}, je Klasse {head.mean_recall:.3f},"
                f" Kalibrierungsfehler {head.calibration:.3f} ({head.questions} Fragen)"
            )
        print_raw(f"Geschrieben nach {folder}.")
