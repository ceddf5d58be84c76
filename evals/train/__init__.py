"""`strategielotse eval train`: one command for all that is learned, whatever it is and whoever trains it.

A learner is a name and one function: it learns from files and corpora, writes its small file into a folder, and says
how well it does on what it did not see. Which learners there are today says `evals.present.learners`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from evals.cases import held_back
from evals.corpora import Corpora, CorpusError, Ingestion
from evals.extra import require_extra
from service.cli_errors import DataDir, fail, file_sentences, sentences, settings_for
from service.cli_output import print_raw, progress_bar
from vectorstore.errors import StoreError

Show = Callable[[str, float], None]


class NothingToLearn(ValueError):
    """The examples are too few; the message is one sentence for people."""


@dataclass(frozen=True, slots=True)
class Source:
    """What is learned from and where to: files of cases and labelled questions, the papers, the folder."""

    files: Sequence[Path]
    corpora: Corpora
    folder: Path
    show: Show = lambda step, share: None


@dataclass(frozen=True, slots=True)
class Learner:
    """One thing that is learned; `learn` writes it and returns lines that say how good it is on what it never saw."""

    name: str
    stays: str
    learn: Callable[[Source], Iterable[str]]


def add_train(app: typer.Typer, ingestion: Ingestion) -> None:
    """Add the command; `ingestion` makes the editions that cases are over."""

    @app.command(epilog="Beispiel: strategielotse eval train --cases eigene-faelle.jsonl --to trainiert")
    def train(
        cases: Annotated[
            list[Path] | None, typer.Option("--cases", help="Fälle oder Fragen mit Merkmalen (JSONL), zusätzlich")
        ] = None,
        to: Annotated[
            Path | None, typer.Option("--to", help="Ordner für das Gelernte (sonst STRATEGIELOTSE_TRAINED_DIR)")
        ] = None,
        only: Annotated[list[str] | None, typer.Option("--only", help="Nur das lernen; mehrere möglich")] = None,
        papers: Annotated[Path | None, typer.Option("--papers", help="Ordner der Papiere, die Fälle nennen")] = None,
        corpus: Annotated[Path | None, typer.Option("--corpus", help="Register für Fälle ohne corpus")] = None,
        build: Annotated[Path, typer.Option("--build", help="Ordner für deren Ausgaben")] = Path("build/answers"),
        data_dir: DataDir = None,
    ) -> None:
        """Lernt aus Fällen und Fragen mit Merkmalen und sagt, wie gut es an nicht Gelerntem ist."""
        require_extra()
        from evals.present.learners import learners

        settings = settings_for(data_dir)
        if names := held_back(cases or []):
            raise fail(f"Aus zurückgehaltenen Fällen wird nicht gelernt: {', '.join(names)}.")
        known = {one.name: one for one in learners()}
        if unknown := sorted(set(only or []) - known.keys()):
            raise fail(f"Das wird nicht gelernt: {', '.join(unknown)} (sondern {', '.join(known)}).")
        folder = to or settings.trained_dir
        if folder is None:
            raise fail("Wohin? Nennen Sie einen Ordner mit --to oder in STRATEGIELOTSE_TRAINED_DIR.")
        corpora = Corpora(ingestion, build, papers, corpus, settings)
        with sentences(settings), file_sentences(ValueError), progress_bar() as show:
            source = Source(cases or [], corpora, folder, show)
            for name in only or known:
                for line in learned(known[name], source, required=bool(only)):
                    print_raw(line)
        print_raw(f"Geschrieben nach {folder}.")


def learned(learner: Learner, source: Source, *, required: bool = True) -> list[str]:
    """Learn one thing; where nothing can be learned say why it stays, or raise if `required`."""
    try:
        return list(learner.learn(source))
    except (CorpusError, NothingToLearn, StoreError) as error:
        if required:
            raise
        return [f"{learner.stays}, bleibt, wie es ist: {error}"]
