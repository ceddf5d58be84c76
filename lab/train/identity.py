"""The questions from which the score of questions to the service about itself ("Sind Sie ein
Mensch?") is learned.

These are such questions and questions on topics that resemble them, in ten languages (`self/`), and
the labelled questions of the reader.
"""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path

from lab.train.question_scores import ScoredQuestion
from lab.train.questions import OF_CONTENT, load_questions, shipped_files

SERVICES = ("identity", "abilities", "languages")
# small talk may be answered with who answers, so they teach nothing
_OPEN = ("smalltalk", "unclear")
# share of questions to the documents taken for one to the service; of those to it .88 are found
# with .0025, .92 with .005, .94 with .01
MAX_FALSE = 0.005


def load_identity_questions() -> list[ScoredQuestion]:
    """Return the shipped questions to learn from; those of one language (`self/`) or of one writer
    are left out together.

    Of the reader's questions those are skipped whose class is open: small talk, unclear ones, and
    questions to the service without a kind. Questions written for items of the sample are skipped
    too. Of the others only questions to the service about itself and those on content
    (`OF_CONTENT`) are measured.
    """
    folder = Path(str(files("lab.train"))) / "self"
    questions = []
    for path in sorted(folder.glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            questions.append(ScoredQuestion(row["text"], row["self"], row["language"], True))
    for item in load_questions(shipped_files()):
        is_undecided = item.scope in _OPEN or (item.scope == "service" and item.service is None)
        if item.writer != "items" and not is_undecided:
            is_to_service = item.service in SERVICES
            is_measured = is_to_service or item.scope in OF_CONTENT
            questions.append(ScoredQuestion(item.text, is_to_service, item.writer, is_measured))
    return questions
