"""Learns which questions ask what changed from one paper to the next, and for which changes.

Examples are questions that were written for it with near misses (`changes-*.jsonl`), and as ordinary ones all other
labelled questions and all cases. They are judged with whole sets (a writer, a file of cases) left out; from which
probability a question is believed to ask for changes is chosen there, so that hardly an ordinary one is taken for one.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import get_args

from evals.asking import Show, silent
from evals.cases import load_cases
from evals.present.classifier import Seen, Texts, fitted, texts
from evals.present.material import is_labelled
from evals.present.questions import Change, load_item_questions, load_questions, unmarked
from evals.train import NothingToLearn
from service.answering.understanding.changing import ASKS, KINDS
from service.answering.understanding.classifier import Classifier, packed

KEPT = 8_000  # features, those with the largest weights
STRENGTH = (
    3.0  # C of the regression: of sets left out .84 are recognised with 1 and 3, .81 with 10, by 30, 21, 15 near misses
)
WRONG = 0.001  # share of ordinary questions that may be taken for ones on changes, of sets left out
HELD = "changes-held.jsonl"
_WRITTEN = "changes-*.jsonl"
_ANSWERS = ("no", "yes")


@dataclass(frozen=True, slots=True)
class Example:
    """A question in its three texts, the kinds of changes that it asks for (none, or "any" alone), and its set.

    `ordinary` are those that were not written as near misses of questions on changes.
    """

    text: Texts
    changes: tuple[str, ...]
    set: str
    ordinary: bool


def written() -> tuple[Path, ...]:
    """The files of questions on changes and near misses that are learned from."""
    found = Path(str(files("evals.present"))).glob(_WRITTEN)
    return tuple(sorted(one for one in found if one.name != HELD))


def load_examples(others: Iterable[Path]) -> list[Example]:
    """Read what was written for it, and other files of labelled questions, questions for items and cases.

    Raises ValueError naming file and line for what is none of these, OSError for a file that cannot be read.
    """
    found = [one for path in written() for one in read_written(path)]
    return found + [one for path in others for one in _ordinary(path)]


def read_written(path: Path) -> list[Example]:
    """Read questions with the changes that they ask for: {"q": with marks, "changes": [...]}; raises ValueError."""
    found = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        try:
            found.append(_example(json.loads(line), path.stem))
        except (KeyError, TypeError, ValueError) as error:
            raise ValueError(f"{path.name}, line {number}: {error}") from None
    return found


def _example(raw: dict[str, object], name: str) -> Example:
    kinds = raw["changes"]
    if not isinstance(kinds, list) or not set(kinds) <= set(get_args(Change)) or set(raw) != {"q", "changes"}:
        raise ValueError(f"no question with its changes ({', '.join(get_args(Change))})")
    text, spans = unmarked(str(raw["q"]))
    return Example(texts(text, spans), tuple(kinds), name, ordinary=False)


def _ordinary(path: Path) -> Iterator[Example]:
    """Questions of a file that was written for something else; a few labelled ones ask for changes all the same."""
    if path.suffix == ".csv" or is_labelled(path):
        load = load_item_questions if path.suffix == ".csv" else load_questions
        for one in load(path):
            yield Example(texts(one.text, one.spans), one.changes, path.stem, ordinary=not one.changes)
    else:
        for case in load_cases(path):
            yield Example(texts(case.question, ()), (), path.stem, ordinary=True)


@dataclass(frozen=True, slots=True)
class Judged:
    """A question with the probabilities that a reader gave it which had not seen its set."""

    example: Example
    asks: float
    kinds: dict[str, float]


@dataclass(frozen=True, slots=True)
class Result:
    """The reader that was learned from all, with its figures on sets left out: numbers of questions.

    `least` is the probability from which a question is believed; `exact` of the `recognised` are read with just the
    kinds that they ask for.
    """

    reader: Classifier
    least: float
    sets: tuple[str, ...]
    asking: int
    recognised: int
    exact: int
    ordinary: int
    wrong: int
    near: int
    wrong_near: int

    @property
    def content(self) -> bytes:
        """The reader as a file."""
        return packed(self.reader)

    def as_figures(self) -> str:
        """The figures as a file, the same text for the same examples."""
        told = {
            "sets": list(self.sets),
            "judged": "each set by a reader that has not seen it",
            "least": self.least,
            "on changes": {"questions": self.asking, "recognised": self.recognised, "kinds exact": self.exact},
            "ordinary": {"questions": self.ordinary, "taken for one": self.wrong},
            "near misses": {"questions": self.near, "taken for one": self.wrong_near},
        }
        return json.dumps(told, ensure_ascii=False, indent=1) + "\n"


def learned(examples: Sequence[Example], show: Show = silent) -> Result:
    """Learn from all examples, and judge it set by set; raises NothingToLearn for questions of fewer than two sets."""
    sets = sorted({one.set for one in examples})
    if len({one.set for one in examples if one.changes}) < 2:
        raise NothingToLearn("Das braucht Fragen nach Änderungen von mindestens zwei Urhebern, je Urheber eine Datei.")
    seen = Seen([one.text for one in examples])
    found: list[Judged] = []
    for place, left_out in enumerate(sets):
        show("Datei für Datei auslassen", place / (len(sets) + 1))
        found += unseen(examples, left_out, seen)
    least = least_of([one.asks for one in found if one.example.ordinary])
    result = _result(trained(examples, least, seen), least, tuple(sets), found)
    show("Trainieren", 1.0)
    return result


def trained(examples: Sequence[Example], least: float = 0.5, seen: Seen | None = None) -> Classifier:
    """Learn the heads: whether a question asks for changes, and of those that do which kinds, each by itself.

    `seen` is what is seen in the examples, where that was counted before.
    """
    labels: dict[str, list[str | None]] = {ASKS: [_ANSWERS[bool(one.changes)] for one in examples]}
    for kind in KINDS:
        labels[kind] = [_ANSWERS[kind in one.changes] if one.changes else None for one in examples]
    return fitted(
        seen or Seen([one.text for one in examples]), labels, {ASKS: {"yes": least}}, most=KEPT, strength=STRENGTH
    )


def unseen(examples: Sequence[Example], left_out: str, seen: Seen | None = None) -> Iterator[Judged]:
    """Judge the questions of a set by a reader that learned from the others."""
    others = [place for place, one in enumerate(examples) if one.set != left_out]
    reader = trained([examples[place] for place in others], seen=seen.of(others) if seen else None)
    for one in (one for one in examples if one.set == left_out):
        told = reader.probabilities(one.text[1])
        yield Judged(one, told[ASKS]["yes"], {kind: told[kind]["yes"] for kind in KINDS})


def least_of(ordinary: Sequence[float]) -> float:
    """The lowest probability, in thousandths, that at most `WRONG` of the ordinary questions reach."""
    allowed = int(WRONG * len(ordinary))
    highest = sorted(ordinary, reverse=True)[allowed : allowed + 1] or [0.0]
    return math.floor(1000 * highest[0] + 1) / 1000


def _result(reader: Classifier, least: float, sets: tuple[str, ...], found: Sequence[Judged]) -> Result:
    asking = [one for one in found if one.example.changes]
    recognised = [one for one in asking if one.asks >= least]
    exact = [one for one in recognised if _kinds(one) == set(one.example.changes) - {"any"}]
    ordinary = [one for one in found if one.example.ordinary]
    near = [one for one in found if not one.example.changes and not one.example.ordinary]
    return Result(
        reader, least, sets,
        asking=len(asking), recognised=len(recognised), exact=len(exact),
        ordinary=len(ordinary), wrong=sum(one.asks >= least for one in ordinary),
        near=len(near), wrong_near=sum(one.asks >= least for one in near),
    )  # fmt: skip


def _kinds(one: Judged) -> set[str]:
    return {kind for kind, sure in one.kinds.items() if sure >= 0.5}
