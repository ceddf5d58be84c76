"""The command `python -m lab train`: trains the small models."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from evals.case_files import is_held
from evals.corpora import Corpora, Ingestion
from lab.train.trainings import train_danger, train_identity, train_reader, train_relevance
from service.terminal import (
    DataDir,
    fail,
    print_raw,
    progress_bar,
    settings_for,
)

Build = Annotated[Path, typer.Option("--build", help="Ordner für deren Ausgaben")]
FROM_QUESTIONS = ("reader", "danger", "identity")
FROM_CASES = ("relevance",)
LEARNED = (*FROM_QUESTIONS, *FROM_CASES)


def add_train(app: typer.Typer, ingestion: Ingestion) -> None:
    """Add the command `train`; `ingestion` makes the editions over which cases are asked."""

    @app.command(epilog="Beispiel: python -m lab train --cases eigene-faelle.jsonl --to trainiert")
    def train(
        to: Annotated[Path, typer.Option("--to", help="Ordner für das Gelernte")],
        cases: Annotated[
            list[Path] | None, typer.Option("--cases", help="Fälle (JSONL) für Sätze und Urteil")
        ] = None,
        questions: Annotated[
            list[Path] | None,
            typer.Option("--questions", help="Fragen mit Merkmalen (JSONL), zusätzlich"),
        ] = None,
        only: Annotated[
            list[str] | None, typer.Option("--only", help="Nur das lernen; mehrere möglich")
        ] = None,
        papers: Annotated[
            Path | None, typer.Option("--papers", help="Ordner der Papiere, die Fälle nennen")
        ] = None,
        corpus: Annotated[
            Path | None, typer.Option("--corpus", help="Register für Fälle ohne corpus")
        ] = None,
        build: Build = Path("build/answers"),
        data_dir: DataDir = None,
    ) -> None:
        """Lernt aus Fällen und Fragen mit Merkmalen und sagt, wie gut es an nicht Gelerntem ist."""
        settings = settings_for(data_dir)
        needed = _choose_needed(only or [], cases or [])
        corpora = Corpora(ingestion, build, papers, corpus, settings)
        try:
            with progress_bar() as show:
                to.mkdir(parents=True, exist_ok=True)
                trainings = {  # nothing is trained before its lines are taken
                    "reader": train_reader(questions or [], to, show),
                    "danger": train_danger(to),
                    "identity": train_identity(to),
                    "relevance": train_relevance(cases or [], corpora, to, show),
                }
                for name in filter(needed.__contains__, LEARNED):
                    for line in trainings[name]:
                        print_raw(line)
        except ValueError as error:
            raise fail(str(error)) from None
        print_raw(f"Geschrieben nach {to}.")


def _choose_needed(only: Sequence[str], cases: Sequence[Path]) -> Sequence[str]:
    """Return the names of what is trained: `only` these or, if `only` is empty, all that the given
    files allow. Without cases that is what is learned from labelled questions alone, which are
    shipped.

    Ends the command for held cases, which nothing may learn from, for an unknown name, and if cases
    are needed but none are given.
    """
    held = [path.name for path in filter(is_held, cases)]
    if held:
        raise fail(f"Aus zurückgehaltenen Fällen wird nicht gelernt: {', '.join(held)}.")
    needed = only or (LEARNED if cases else FROM_QUESTIONS)
    unknown = sorted(set(needed).difference(LEARNED))
    if unknown:
        raise fail(f"Das wird nicht gelernt: {', '.join(unknown)} (sondern {', '.join(LEARNED)}).")
    if not cases and not set(needed).isdisjoint(FROM_CASES):
        raise fail("Sätze und Urteil werden aus Fällen gelernt: --cases DATEI.")
    return needed
