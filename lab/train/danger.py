"""The questions from which the score of danger to life is learned.

These are real dangers and harmless questions that resemble them (`dangers/`, a file for each
writer), the labelled questions of the reader, and the questions of shipped development cases.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path

from evals.case_files import load_files
from lab.train.question_scores import ScoredQuestion, TrainedScore, train_score
from lab.train.questions import load_questions, shipped_files
from service.answering import has_strong_words, has_weak_words
from vectorstore import Embedding

GROUP_SIZE = 40  # rows of a file of `dangers/` that are left out together
EVERYDAY_STEP = 10  # each tenth everyday question is learned: more change less than a fold does
# Writers who saw neither words nor score: by their questions it is measured. The others wrote
# look-alikes on purpose, which are harder than what people ask.
BLIND = ("questions-a", "questions-b")
# Share of their harmless questions that may be taken for danger. A missed danger weighs more than
# a false alarm: with .01, 41 of 289 dangers are missed, with .02 19, with .05 5.
MAX_FALSE = 0.02


def train(questions: Sequence[ScoredQuestion], embedding: Embedding) -> TrainedScore:
    """Learn the score of danger from questions.

    As in the service, questions with strong words are dangers whatever their score is, and
    questions without any words for danger never are.
    """
    return train_score(questions, embedding, MAX_FALSE, has_strong_words, has_weak_words)


def load_danger_questions() -> list[ScoredQuestion]:
    """Return the shipped questions to learn from: those of `dangers/`, then those of the reader and
    of shipped cases.

    Each GROUP_SIZE rows of a file are one group, so that neighbours, which resemble each other, are
    left out together. Only questions of blind writers are measured.
    """
    folder = Path(str(files("lab.train"))) / "dangers"
    questions = []
    for path in sorted(folder.glob("*.jsonl")):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines()):
            row, group = json.loads(line), f"{path.stem} {number // GROUP_SIZE}"
            questions.append(ScoredQuestion(row["text"], row["danger"], group, path.stem in BLIND))
    return questions + _load_everyday_questions()


def _load_everyday_questions() -> list[ScoredQuestion]:
    """Return the dangers of the reader's questions, and each tenth of all everyday questions, those
    of the reader and of shipped development cases. They are sorted before, so that it is always the
    same tenth. None of them is measured.
    """
    labelled = load_questions(shipped_files())
    dangers = [item for item in labelled if item.scope == "danger"]
    results = [ScoredQuestion(item.text, True, item.writer, False) for item in dangers]
    everyday = [(item.text, item.writer) for item in labelled if item.scope != "danger"]
    case_files = sorted(Path(str(files("evals.cases"))).glob("*-dev*.jsonl"))
    for path, cases in load_files(case_files).items():
        everyday += [(case.question, str(path)) for case in cases]
    for text, group in sorted(set(everyday))[::EVERYDAY_STEP]:
        results.append(ScoredQuestion(text, False, group, False))
    return results
