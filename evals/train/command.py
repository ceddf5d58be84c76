"""The command `strategielotse eval train`: trains the small models."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated

import typer

from evals.case_files import is_held
from evals.corpora import Corpora, Ingestion
from prompts import say
from service.terminal import (
    DataDir,
    errors_as_sentences,
    fail,
    file_errors_as_sentences,
    option,
    print_raw,
    progress_bar,
    settings_for,
)

Build = Annotated[Path, option("--build", "training.build_help")]
FROM_QUESTIONS = ("reader", "danger", "identity")
FROM_CASES = ("relevance",)
LEARNED = (*FROM_QUESTIONS, *FROM_CASES)


def add_train(app: typer.Typer, ingestion: Ingestion) -> None:
    """Add the command `train`; `ingestion` makes the editions over which cases are asked."""

    @app.command(
        epilog="Beispiel: strategielotse eval train --cases eigene-faelle.jsonl --to trainiert"
    )
    def train(
        to: Annotated[Path, option("--to", "training.to_help")],
        cases: Annotated[list[Path] | None, option("--cases", "training.cases_help")] = None,
        questions: Annotated[
            list[Path] | None, option("--questions", "training.questions_help")
        ] = None,
        only: Annotated[list[str] | None, option("--only", "training.only_help")] = None,
        papers: Annotated[Path | None, option("--papers", "training.papers_help")] = None,
        corpus: Annotated[Path | None, option("--corpus", "training.register_help")] = None,
        build: Build = Path("build/answers"),
        data_dir: DataDir = None,
    ) -> None:
        """Lernt aus Fällen und Fragen mit Merkmalen und sagt, wie gut es an nicht Gelerntem ist."""
        if find_spec("sklearn") is None:
            raise fail(
                say("evaluation.packages_missing", missing="sklearn", command="make install-eval")
            )
        # imported here: only the extra `eval` brings what training needs
        from evals.train.trainings import (
            train_danger,
            train_identity,
            train_reader,
            train_relevance,
        )

        settings = settings_for(data_dir)
        needed = _choose_needed(only or [], cases or [])
        corpora = Corpora(ingestion, build, papers, corpus, settings)
        with (
            errors_as_sentences(settings),
            file_errors_as_sentences(ValueError),
            progress_bar() as show,
        ):
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
        raise fail(say("training.held_not_learned", names=", ".join(held)))
    needed = only or (LEARNED if cases else FROM_QUESTIONS)
    unknown = sorted(set(needed).difference(LEARNED))
    if unknown:
        raise fail(
            say("training.not_learned", unknown=", ".join(unknown), learned=", ".join(LEARNED))
        )
    if not cases and not set(needed).isdisjoint(FROM_CASES):
        raise fail(say("training.cases_needed"))
    return needed
