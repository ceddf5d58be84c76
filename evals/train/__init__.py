"""The command `strategielotse eval train`: trains the small models."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import asdict
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from evals.asking import Show
from evals.cases import is_held, load_files
from evals.corpora import Corpora, Ingestion
from prompts import say
from service.backup.opening import make_store
from service.terminal.errors import (
    DataDir,
    errors_as_sentences,
    fail,
    file_errors_as_sentences,
    settings_for,
)
from service.terminal.output import print_raw, progress_bar

FROM_QUESTIONS, FROM_CASES = ("reader", "danger", "identity"), ("relevance",)
LEARNED = (*FROM_QUESTIONS, *FROM_CASES)

if TYPE_CHECKING:
    from evals.train.cases import Example


def add_train(app: typer.Typer, ingestion: Ingestion) -> None:
    """Add the command `train`; `ingestion` makes the editions over which cases are asked."""

    @app.command(
        epilog="Beispiel: strategielotse eval train --cases eigene-faelle.jsonl --to trainiert"
    )
    def train(
        to: Annotated[Path, typer.Option("--to", help=say("training.to_help"))],
        cases: Annotated[
            list[Path] | None, typer.Option("--cases", help=say("training.cases_help"))
        ] = None,
        questions: Annotated[
            list[Path] | None, typer.Option("--questions", help=say("training.questions_help"))
        ] = None,
        only: Annotated[
            list[str] | None, typer.Option("--only", help=say("training.only_help"))
        ] = None,
        papers: Annotated[
            Path | None, typer.Option("--papers", help=say("training.papers_help"))
        ] = None,
        corpus: Annotated[
            Path | None, typer.Option("--corpus", help=say("training.register_help"))
        ] = None,
        build: Annotated[Path, typer.Option("--build", help=say("training.build_help"))] = Path(
            "build/answers"
        ),
        data_dir: DataDir = None,
    ) -> None:
        """Lernt aus Fällen und Fragen mit Merkmalen und sagt, wie gut es an nicht Gelerntem ist."""
        if find_spec("sklearn") is None:
            raise fail(
                say("evaluation.packages_missing", missing="sklearn", command="make install-eval")
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
                "reader": _train_reader(questions or [], to, show),
                "danger": _train_danger(to),
                "identity": _train_identity(to),
                "relevance": _train_relevance(cases or [], corpora, to, show),
            }
            for name in filter(needed.__contains__, LEARNED):
                for line in trainings[name]:
                    print_raw(line)
        print_raw(f"Geschrieben nach {to}.")


def _choose_needed(only: Sequence[str], cases: Sequence[Path]) -> Sequence[str]:
    """Return the names of what is trained: `only` these or, if `only` is empty, all that the given
    files allow.

    Ends the command for held cases, for an unknown name, and if cases are needed but none are
    given.
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


def _train_reader(files: Sequence[Path], to: Path, show: Show) -> Iterator[str]:
    """Train the question reader and write its files.

    Yields lines on its quality, measured on questions whose writers were left out of the training.
    """
    from evals.train.question_reader import train
    from evals.train.questions import (
        FRAME,
        find_frame_words,
        format_frame_words,
        load_questions,
        shipped_files,
    )
    from service.answering.reading.classifier import MODEL_FILE

    questions = load_questions([*shipped_files(), *files])
    shares = find_frame_words(questions)
    (to / FRAME).write_text(format_frame_words(shares), encoding="utf-8")
    result = train(questions, show)
    (to / MODEL_FILE).write_bytes(result.content)
    (to / "reader.json").write_text(result.figures, encoding="utf-8")
    yield say("training.frame_words", shares=len(shares))
    yield say("training.questions_told", questions=len(questions), writers=len(result.writers))
    for name, head in result.heads.items():
        yield say("training.head_told", name=name, right=head["accuracy"], asked=head["questions"])


def _train_danger(to: Path) -> Iterator[str]:
    """Train the score that recognizes dangers and write its file; yields a line on its quality.

    Raises EmbeddingUnavailable.
    """
    from evals.train.danger import load_danger_questions, train
    from service.answering.reading.question_score import DANGER
    from vectorstore.embedding_setting import embedding_for

    trained = train(load_danger_questions(), embedding_for(None))
    (to / DANGER).write_text(trained.content, encoding="utf-8")
    yield say(
        "training.danger_told",
        missed=trained.missed,
        dangers=trained.dangers,
        false=trained.false,
        harmless=trained.harmless,
    )


def _train_identity(to: Path) -> Iterator[str]:
    """Train the score that recognizes questions about the service and write its file.

    Yields a line on its quality. Raises EmbeddingUnavailable.
    """
    from evals.train.identity import load_identity_questions, train
    from service.answering.reading.question_score import IDENTITY
    from vectorstore.embedding_setting import embedding_for

    trained = train(load_identity_questions(), embedding_for(None))
    (to / IDENTITY).write_text(trained.content_of_file, encoding="utf-8")
    yield say(
        "training.identity_told",
        missed=trained.missed,
        asked=trained.asked,
        false=trained.false,
        content=trained.content,
    )


def _train_relevance(
    files: Sequence[Path], corpora: Corpora, to: Path, show: Show
) -> Iterator[str]:
    """Train the models of relevance on cases and write them; yields lines on their quality.

    Raises CaseError, CorpusError, StoreError, and ValueError for cases of only one corpus.
    """
    from evals.train import relevance
    from evals.train.questions import load_questions, shipped_files
    from vectorstore.embedding_setting import embedding_for

    examples = _gather_examples(files, corpora, show)
    if len({example.corpus for example in examples}) < 2:
        raise ValueError(say("training.two_editions"))
    yield say("training.cases_told", examples=len(examples))
    labelled = relevance.label_questions(load_questions(shipped_files()), embedding_for(None))
    trained = relevance.train(examples, labelled)
    (to / relevance.NAME).write_text(trained.content, encoding="utf-8")
    (to / relevance.QUESTION).write_text(trained.question, encoding="utf-8")
    for treated in trained.treated:
        yield say("training.fits_told", **treated)
    yield say("training.judge_told", area=trained.area, calibration=trained.calibration)
    for point in trained.points:
        mark = "*" if point.threshold == trained.regressions["answers"].least else " "
        yield say("training.threshold_told", mark=mark, **asdict(point))


def _gather_examples(files: Sequence[Path], corpora: Corpora, show: Show) -> list[Example]:
    """Return the examples of all cases, asked over the editions of their corpora."""
    from evals.train.cases import make_examples

    cases = load_files(files)
    corpus_cases = [
        (corpora.corpus_of(item, file), item) for file, items in cases.items() for item in items
    ]
    results: list[Example] = []
    for name, settings in corpora.editions([name for name, _ in corpus_cases]).items():
        show(name, len(results) / len(corpus_cases))
        with closing(make_store(settings).open()) as edition:
            results += make_examples(
                [item for corpus, item in corpus_cases if corpus == name], edition, name, settings
            )
    return results
