"""Cases as labelled questions: what a county has written down for its evaluation also trains its reader of questions.

A case says less than a label: that an answer is expected, and by its type what is wanted. What it does not say stays
unknown; of questions that must not be answered nothing is learned, since a case does not say why.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from evals.cases import Case, load_cases
from evals.training.questions import Question, Want, load_questions

_WANTS: dict[str, Want] = {
    "status": "status",
    "responsibility": "responsible",
    "list": "list",
    "count": "count",
    "comparison": "comparison",
    "document": "document",
    "overview": "overview",
    "definition": "definition",
    "ranking": "ranking",
    "single_fact": "passage",
}


def load_training(paths: Sequence[Path]) -> list[Question]:
    """Read files of labelled questions or of cases, told apart by their first line; one file is one writer.

    Raises ValueError naming file and line for what is neither, OSError for a file that cannot be read.
    """
    return [one for path in paths for one in _read(path)]


def _read(path: Path) -> list[Question]:
    first = next((line for line in path.read_text(encoding="utf-8").splitlines() if line.strip()), "{}")
    try:
        labelled = "q" in json.loads(first)
    except ValueError as error:
        raise ValueError(f"{path.name}, line 1: {error}") from None
    if labelled:
        return load_questions(path)
    return [made for case in load_cases(path) if (made := _made(case, path.stem)) is not None]


def _made(case: Case, writer: str) -> Question | None:
    """A case as a question; None where it says nothing of what a question is."""
    if case.expect.behavior != "answer" or case.history:
        return None
    want = "overview" if case.expect.overview else _WANTS.get(case.type)
    return Question(
        q=case.question,
        text=case.question,
        spans=(),
        scope="documents",
        service=None,
        want=want or "passage",
        fact="none",
        yesno=False,
        followup=False,
        lang="de",
        writer=writer,
        known=frozenset({"scope", "want"} if want else {"scope"}),
    )
