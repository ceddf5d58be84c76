"""What is learned from: labelled questions, and cases, which a county has written down for its evaluation.

A case is a question too, though it says less than a label: that an answer is expected, and by its type what is wanted.
What it does not say stays unknown; of questions that must not be answered nothing is learned, since a case does not say
why. Its facts say which sentences answer.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from evals.cases import Case, load_cases
from evals.present.questions import Question, Want, load_item_questions, load_questions

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


@dataclass(frozen=True, slots=True)
class Material:
    """Questions with labels, those that cases make among them, and the cases themselves."""

    questions: tuple[Question, ...]
    cases: tuple[Case, ...]


def load_material(paths: Iterable[Path]) -> Material:
    """Read files of labelled questions, of cases (told apart by their first line) or of questions for items (CSV).

    One file is one writer.

    Raises ValueError naming file and line for what is neither, OSError for a file that cannot be read.
    """
    questions: list[Question] = []
    cases: list[Case] = []
    for path in paths:
        if path.suffix == ".csv":
            questions += load_item_questions(path)
        elif is_labelled(path):
            questions += load_questions(path)
        else:
            found = load_cases(path)
            cases += found
            questions += (made for case in found if (made := _made(case, path.stem)) is not None)
    return Material(tuple(questions), tuple(cases))


def is_labelled(path: Path) -> bool:
    """True for labelled questions, false for cases; raises ValueError where the first line is neither."""
    first = next((line for line in path.read_text(encoding="utf-8").splitlines() if line.strip()), "{}")
    try:
        return "q" in json.loads(first)
    except ValueError as error:
        raise ValueError(f"{path.name}, line 1: {error}") from None


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
