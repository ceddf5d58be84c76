"""A county's own examples of how questions are read, learned on top of those that are shipped."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from evals.present.classifier import HEADS, label, trained
from evals.present.material import load_material
from evals.present.questions import Question, load_questions, shipped
from service.answering.understanding.classifier import NAME, Classifier, classifier, packed

OFTEN = 3  # how often an example of a county counts beside one that is shipped
MOST = 2_000  # examples of a county: with `OFTEN` they count as much as all that is shipped, and one third more


def train_reader(
    examples: Path,
    folder: Path,
    base: Sequence[Path] | None = None,
    show: Callable[[str, float], None] = lambda step, share: None,
) -> None:
    """Learn the reader from `base` (all that is shipped) and these examples, and write it into a folder.

    From which probability a class is believed stays as it is shipped: telling it anew takes a training for each writer.
    Raises ValueError for lines that are no examples and for more than `MOST`, OSError.
    """
    own = load_questions(examples)
    if len(own) > MOST:
        raise ValueError(f"{len(own)} Beispiele sind mehr, als gelernt werden: höchstens {MOST}.")
    material = load_material(shipped() if base is None else base)
    least = {name: dict(head.least) for name, head in classifier().heads.items()}
    folder.mkdir(parents=True, exist_ok=True)
    (folder / NAME).write_bytes(packed(trained([*material.questions, *OFTEN * own], least, show)))


def read_as_labelled(examples: Path, reader: Classifier) -> tuple[int, int]:
    """How many examples a reader reads as they are labelled, and how many there are."""
    own = load_questions(examples)
    return sum(_is_read(one, reader) for one in own), len(own)


def _is_read(question: Question, reader: Classifier) -> bool:
    chosen = reader.chosen(reader.probabilities(question.text))
    wanted = {name: found for name in HEADS if (found := label(name, question)) is not None}
    return all(chosen[name] == found for name, found in wanted.items())
