"""Learning from examples runs to its end, on little material: what a county labelled is read as it said."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest

from evals.present.own import read_as_labelled, train_reader
from evals.present.questions import shipped
from service.answering.understanding.classifier import NAME, classifier, unpacked

EXAMPLES = (
    ("Darf ich meinen Hamster bei der Kreisverwaltung abgeben?", "personal"),
    ("Läuft heute Abend der Hamsterfilm im Kreishaus?", "live"),
    ("Was frisst ein Hamster in Neuseeland?", "elsewhere"),
)


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Every seventh of the questions of one shipped file."""
    lines = max(shipped(), key=lambda path: path.stat().st_size).read_text(encoding="utf-8").splitlines()
    file = tmp_path_factory.mktemp("base") / "questions-a.jsonl"
    file.write_text("\n".join(random.Random(1).sample(lines, len(lines) // 7)) + "\n", encoding="utf-8")
    return file


def examples(folder: Path) -> Path:
    rows = [
        {
            "q": text, "scope": scope, "service": None, "want": "passage" if scope == "elsewhere" else "none",
            "fact": "none", "yesno": False, "followup": False, "lang": "de",
            "known": ["scope", "want"] if scope == "elsewhere" else ["scope"],
        }
        for text, scope in EXAMPLES
    ]  # fmt: skip
    file = folder / "examples.jsonl"
    file.write_text("".join(f"{json.dumps(one, ensure_ascii=False)}\n" for one in rows), encoding="utf-8")
    return file


def test_examples_are_learned_to_the_end(base: Path, tmp_path: Path) -> None:
    file = examples(tmp_path)
    before, number = read_as_labelled(file, classifier())
    steps: list[float] = []
    train_reader(file, tmp_path / "new", [base], lambda step, share: steps.append(share))
    learned = unpacked((tmp_path / "new" / NAME).read_bytes())
    after, _ = read_as_labelled(file, learned)
    assert (before < after, after, number) == (True, 3, 3)
    assert steps == sorted(steps) and steps[-1] == 1.0 and len(steps) >= 7
    assert {name: dict(head.least) for name, head in learned.heads.items()} == {
        name: dict(head.least) for name, head in classifier().heads.items()
    }


def test_too_many_examples_are_refused_before_anything_is_learned(base: Path, tmp_path: Path) -> None:
    file = examples(tmp_path)
    file.write_text(file.read_text(encoding="utf-8") * 700, encoding="utf-8")
    with pytest.raises(ValueError, match="2100 Beispiele"):
        train_reader(file, tmp_path / "new", [base])
    assert not (tmp_path / "new").exists()
