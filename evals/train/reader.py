"""Training of the reader of questions, and how well it reads questions of writers that it has not seen.

Every question is learned three times: as typed, with places as placeholders as the matcher puts them in, and with
units, numbers, papers, titles and topics as placeholders too.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from evals.train.linear import Labels, Seen, fitted
from evals.train.questions import HEADS, OF_CONTENT, Question
from service.answering.reading.classifier import Classifier, Head, chosen, packed
from service.answering.reading.features import with_placeholders

VALUES = ("place",)  # kinds of values that the matcher makes placeholders of
NAMES = (*VALUES, "unit", "ref", "document", "title", "topic")
PARTS = 6  # parts that the writers are left out in
FALSE_REFUSALS = 0.0125  # share of questions to the documents that may be taken for others, of writers not seen
BELIEVED = 0.85  # precision from which a class is believed, of writers not seen
TEMPERATURES = np.geomspace(0.4, 2.5, 40)
USUAL = frozenset(("search", "none", "paper", "no", "de"))  # believed where nothing else is
Rows = list[tuple[str, dict[str, float]]]
Show = Callable[[str, float], None]


@dataclass(frozen=True, slots=True)
class Trained:
    """The reader, and per head the right class and the probabilities of questions by readers not knowing the writer."""

    reader: Classifier
    unseen: Mapping[str, Rows]
    writers: Sequence[str]

    @property
    def content(self) -> bytes:
        """The reader as a file."""
        return packed(self.reader)

    @property
    def told(self) -> dict[str, tuple[int, float]]:
        """Per head how many questions it is judged by, and the share that it reads right."""
        right = {
            name: sum(one == max(said, key=said.__getitem__) for one, said in rows)
            for name, rows in self.unseen.items()
        }
        return {name: (len(rows), right[name] / max(1, len(rows))) for name, rows in self.unseen.items()}

    @property
    def figures(self) -> str:
        """What it is worth on writers not seen, as a file."""
        heads = {name: head_told(head, self.unseen[name]) for name, head in self.reader.heads.items()}
        return json.dumps({"writers": list(self.writers), "heads": heads}, ensure_ascii=False, indent=1) + "\n"


def versions(question: Question) -> tuple[str, str, str]:
    """The texts of a question that are learned; the second is what the reader is given when it is asked."""
    values, names = ([one for one in question.spans if one.kind in kinds] for kinds in (VALUES, NAMES))
    return question.text, with_placeholders(question.text, values), with_placeholders(question.text, names)


def train(questions: Sequence[Question], show: Show = lambda step, share: None) -> Trained:
    """Learn from all questions; judge, calibrate and choose what is believed with writers left out."""
    seen = Seen([versions(one) for one in questions])
    labels = {head: [one.label(head) for one in questions] for head in HEADS}
    writers = sorted({one.writer for one in questions})
    found: dict[str, Rows] = {head: [] for head in HEADS}
    for part in range(PARTS):
        show("Urheber auslassen", part / (PARTS + 1))
        out = set(writers[part::PARTS])
        _judge(seen, labels, questions, out, found)
    temperatures = {head: temperature(rows) for head, rows in found.items()}
    rows = {head: [(right, _warmed(said, temperatures[head])) for right, said in found[head]] for head in found}
    least = {head: least_of(head, rows[head]) for head in rows}
    return Trained(fitted(seen, labels, temperatures, least), rows, writers)


def _judge(seen: Seen, labels: Labels, questions: Sequence[Question], out: set[str], found: Mapping[str, Rows]) -> None:
    """Learn without these writers and add what is said of their questions; a class that is not learned has 0."""
    others = [place for place, one in enumerate(questions) if one.writer not in out]
    reader = fitted(seen.of(others), {head: [told[place] for place in others] for head, told in labels.items()})
    classes = {head: dict.fromkeys(sorted({one for one in told if one}), 0.0) for head, told in labels.items()}
    for place, one in enumerate(questions):
        said = reader.probabilities(versions(one)[1]) if one.writer in out else {}
        for head in said:
            if (right := labels[head][place]) is not None:
                found[head].append((right, classes[head] | said[head]))


def temperature(rows: Rows) -> float:
    """The divisor of what a head says with which the right classes are likeliest; 1 is as learned."""
    rights = np.array([list(said).index(right) for right, said in rows])
    logs = np.log(np.maximum([list(said.values()) for _, said in rows], 1e-12))

    def loss(divisor: float) -> float:
        scaled = logs / divisor
        right = scaled[np.arange(len(rights)), rights]
        return float(np.mean(np.logaddexp.reduce(scaled, axis=1) - right))

    return float(min(TEMPERATURES, key=loss))


def _warmed(said: Mapping[str, float], divisor: float) -> dict[str, float]:
    powers = {name: max(share, 1e-12) ** (1 / divisor) for name, share in said.items()}
    return {name: power / sum(powers.values()) for name, power in powers.items()}


def least_of(head: str, rows: Rows) -> dict[str, float]:
    """The probability from which each class is believed.

    Of scopes that are none of documents one for all, with which few questions to the documents are refused; of others
    the lowest from which BELIEVED of those that are taken for the class are of it, but for the usual ones.
    """
    if head != "scope":
        return {name: _precise(name, rows) for name in rows[0][1] if head != "service" and name not in USUAL}
    ends = sorted(set(rows[0][1]) - set(OF_CONTENT))
    content = [said for right, said in rows if right in OF_CONTENT]
    for step in range(20, 100):
        least = dict.fromkeys(ends, step / 100)
        scope = Head("scope", tuple(rows[0][1]), 0, least)
        if sum(chosen(scope, said) not in OF_CONTENT for said in content) <= FALSE_REFUSALS * len(content):
            break
    return least


def _precise(name: str, rows: Rows) -> float:
    taken = [(said[name], right == name) for right, said in rows if max(said, key=said.__getitem__) == name]
    for least in sorted({share for share, _ in taken}):
        believed = [right for share, right in taken if share >= least]
        if sum(believed) >= BELIEVED * len(believed):
            return math.floor(1000 * least) / 1000
    return 1.0


def head_told(head: Head, rows: Rows) -> dict[str, object]:
    """A head's figures: accuracy, calibration, and per class questions, recall, precision, and what is believed."""
    likeliest = [(right, max(said, key=said.__getitem__), max(said.values())) for right, said in rows]
    sure = [(share, right == said) for right, said, share in likeliest]
    classes: dict[str, object] = {}
    for name in head.classes:
        both = sum(right == said == name for right, said, _ in likeliest)
        are, taken = sum(one[0] == name for one in likeliest), sum(one[1] == name for one in likeliest)
        believed = [one for one in likeliest if one[1] == name and one[2] >= head.least.get(name, 0.0)]
        classes[name] = {
            "questions": are,
            "recall": _share(both, are),
            "precision": _share(both, taken),
            "believed from": head.least.get(name, 0.0),
            "recall believed": _share(sum(one[0] == name for one in believed), are),
        }
    return {
        "questions": len(rows),
        "accuracy": _share(sum(right for _, right in sure), len(rows)),
        "calibration error": calibration_error(sure),
        "classes": classes,
    }


def _share(part: int, whole: int) -> float:
    return round(part / max(1, whole), 3)


def calibration_error(sure: Sequence[tuple[float, bool]], bins: int = 10) -> float:
    """How far sureness and share of right answers are apart, over bins of sureness (Naeini 2015)."""
    apart = [0.0] * bins
    for share, right in sure:
        apart[min(int(share * bins), bins - 1)] += share - right
    return round(sum(map(abs, apart)) / max(1, len(sure)), 3)
