"""Train each of the small models, write its files, and report its quality line by line."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

from evals.asking import Show
from evals.case_files import load_files
from evals.corpora import Corpora
from lab.train import danger, identity, question_reader, relevance
from lab.train.cases import Example, make_examples
from lab.train.question_scores import TrainedScore, train_score
from lab.train.questions import (
    FRAME,
    find_frame_words,
    format_frame_words,
    load_questions,
    shipped_files,
)
from service.answering import CLASSIFIER_FILE, DANGER_FILE, IDENTITY_FILE
from service.backup import make_store
from vectorstore import embedding_for


def train_reader(files: Sequence[Path], to: Path, show: Show) -> Iterator[str]:
    """Train the question reader and write its files: the words that frame questions, the model, and
    its figures. `files` are further labelled questions beside the shipped ones.

    Yields lines on its quality, measured on questions whose writers were left out of the training.
    """
    questions = load_questions([*shipped_files(), *files])
    shares = find_frame_words(questions)
    (to / FRAME).write_text(format_frame_words(shares), encoding="utf-8")
    result = question_reader.train(questions, show)
    (to / CLASSIFIER_FILE).write_bytes(result.content)
    (to / "reader.json").write_text(result.figures, encoding="utf-8")
    yield f"{len(shares)} Wörter rahmen Fragen."
    yield (
        f"{len(questions)} Fragen von {len(result.writers)} Urhebern; gemessen an jedem, der beim"
        " Lernen fehlte:"
    )
    for name, head in result.heads.items():
        yield f"{name:10} {head['accuracy']:.3f} richtig von {head['questions']} Fragen"


def train_danger(to: Path) -> Iterator[str]:
    """Train the score that recognizes dangers and write its file; yields a line on its quality.

    Raises EmbeddingUnavailable.
    """
    trained = danger.train(danger.load_danger_questions(), embedding_for(None))
    yield _write_score(to / DANGER_FILE, trained, "Gefahr")


def train_identity(to: Path) -> Iterator[str]:
    """Train the score that recognizes questions to the service about itself ("Sind Sie ein
    Mensch?") and write its file.

    Yields a line on its quality. Raises EmbeddingUnavailable.
    """
    questions = identity.load_identity_questions()
    trained = train_score(questions, embedding_for(None), identity.MAX_FALSE)
    yield _write_score(to / IDENTITY_FILE, trained, "Wer antwortet")


def _write_score(file: Path, trained: TrainedScore, name: str) -> str:
    """Write a score to its file and return a German line on its quality."""
    file.write_text(trained.content, encoding="utf-8")
    return (
        f"{name}: von {trained.positive} übersehen {trained.missed}, von {trained.negative} anderen"
        f" dafür gehalten {trained.false} (Gruppen, die beim Lernen fehlten)"
    )


def train_relevance(files: Sequence[Path], corpora: Corpora, to: Path, show: Show) -> Iterator[str]:
    """Train the models of relevance on cases and write them; yields lines on their quality. The
    line of the chosen threshold has a "*".

    Raises CaseError, CommandError, StoreError, and ValueError for cases of only one corpus: then
    none can be left out.
    """
    examples = _gather_examples(files, corpora, show)
    if len({example.corpus for example in examples}) < 2:
        raise ValueError(
            "Sätze und Urteil brauchen Fälle über mindestens zwei Ausgaben: eine fehlt beim Lernen."
        )
    yield f"{len(examples)} Fälle; gemessen an Papieren, die beim Lernen fehlten:"
    labelled = relevance.label_questions(load_questions(shipped_files()), embedding_for(None))
    trained = relevance.train(examples, labelled)
    (to / relevance.NAME).write_text(trained.content, encoding="utf-8")
    (to / relevance.QUESTION).write_text(trained.question, encoding="utf-8")
    for treated in trained.treated:
        yield (
            f"Passt ({treated['kind']}): Fläche unter der Kurve {treated['area']:.3f}; von Fragen,"
            f" die nichts behandelt, bleiben {treated['refused']:.2f} ohne Eintrag"
            f" ({treated['cases']} Fälle)"
        )
    yield (
        f"Fläche unter der Kurve {trained.area:.3f}, Kalibrierungsfehler {trained.calibration:.3f}"
    )
    for point in trained.points:
        mark = "*" if point.threshold == trained.regressions["answers"].least else " "
        yield (
            f"{mark} ab {point.threshold:.2f}: richtig {point.direct:.3f},"
            f" irreführend {point.misled:.3f}"
        )


def _gather_examples(files: Sequence[Path], corpora: Corpora, show: Show) -> list[Example]:
    """Return the examples of all cases, asked over the editions of their corpora, one edition after
    the other.
    """
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
