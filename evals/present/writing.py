"""What was trained as files with their figures: readers, rankings, judgements, choices of sentences and of answers."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from evals.asking import Show
from evals.present import changes, judgement, ranking, sentences
from evals.present.classifier import HeadFigures, figures, least_of, trained, unseen
from evals.present.examples import Example
from evals.present.questions import Question
from evals.train import NothingToLearn
from service.answering.trained.judgement import NAME as JUDGEMENT
from service.answering.trained.ranking import NAME as RANKING
from service.answering.trained.sentences import NAME as SENTENCES
from service.answering.understanding.classifier import CHANGES, NAME, packed

FIGURES = "questions.json"
CHANGES_FIGURES = "changes.json"


def write_reader(questions: Sequence[Question], folder: Path, show: Show) -> dict[str, HeadFigures]:
    """Train the reader, write it and its figures into a folder, and return the figures of writers left out.

    The same questions give the same files. Raises OSError where the folder cannot be written, NothingToLearn where
    the questions are of fewer than two writers, ValueError where a head has fewer than two classes.
    """
    if len({one.writer for one in questions}) < 2:
        raise NothingToLearn("Das braucht Fragen von mindestens zwei Urhebern, je Urheber eine Datei.")
    show("Urheber für Urheber auslassen", 0.0)
    found = unseen(questions)
    least = least_of(found)
    told = figures(found, least)
    show("Trainieren", 0.8)
    content = packed(trained(questions, least))
    _write(folder, FIGURES, _as_json(questions, told, least))
    (folder / NAME).write_bytes(content)
    show("Trainieren", 1.0)
    return told


def _as_json(
    questions: Sequence[Question],
    told: dict[str, HeadFigures],
    least: dict[str, dict[str, float]],
) -> str:
    content = {
        "questions": len(questions),
        "writers": sorted({one.writer for one in questions}),
        "judged": "each writer by a reader that has not seen them",
        "least": {name: max(found.values()) for name, found in least.items()},
        "heads": {
            name: {
                "questions": head.questions,
                "accuracy": round(head.accuracy, 4),
                "mean recall": round(head.mean_recall, 4),
                "calibration error": round(head.calibration, 4),
                "recall": {one: round(value, 4) for one, value in head.recall.items()},
            }
            for name, head in told.items()
        },
    }
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


def write_teller(learned: Sequence[Example], folder: Path) -> sentences.Figures:
    """Train the choice of sentences, write its weights into a folder, and return the figures of documents left out.

    The same examples give the same file. Raises OSError where the folder cannot be written, NothingToLearn where the
    cases are of fewer than two documents.
    """
    told = sentences.unseen(learned)
    content = sentences.as_file(learned, told)
    _write(folder, SENTENCES, content)
    return told


def write_ranking(learned: Sequence[ranking.Example], folder: Path) -> ranking.Result:
    """Train the weights of ranking, write those that win into a folder, and return them with the figures of both.

    The same examples give the same file. Raises OSError where the folder cannot be written, NothingToLearn where the
    examples are of fewer than two documents.
    """
    found = ranking.learned(learned)
    _write(folder, RANKING, found.as_file())
    return found


def write_judgement(learned: Sequence[judgement.Example], folder: Path) -> judgement.Result:
    """Train the judgement, write it into a folder, and return it with its figures on documents left out.

    The same examples give the same file. Raises OSError where the folder cannot be written, NothingToLearn where the
    examples are of fewer than two documents.
    """
    found = judgement.learned(learned)
    _write(folder, JUDGEMENT, found.as_file())
    return found


def write_changes(learned: Sequence[changes.Example], folder: Path, show: Show) -> changes.Result:
    """Train which questions ask what changed, write it and its figures into a folder, and return it with them.

    The same examples give the same files. Raises OSError where the folder cannot be written, NothingToLearn where the
    questions on changes are of fewer than two sets.
    """
    found = changes.learned(learned, show)
    _write(folder, CHANGES_FIGURES, found.as_figures())
    (folder / CHANGES).write_bytes(found.content)
    return found


def _write(folder: Path, name: str, content: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(content, encoding="utf-8")
