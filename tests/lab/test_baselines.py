"""The answers beside plain pipelines: a real run over papers of the sample, and what stands where."""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from evals import Ingestion
from lab.__main__ import make_app
from lab.baselines.pipelines import split_files
from lab.baselines.places import Places, ShownPassage, shares_text
from service import Settings
from service.cli.ingestion.reading import documents_in, read_documents
from tests.conftest import SAMPLE
from tests.ingest.cases import values

GOALS, MOTION, VISION = (
    "lauterfeld-strategische-ziele-2025",
    "lauterfeld-antrag-laermschutz-2026",
    "lauterfeld-leitbild-entwurf",
)
RESCUE = "Wie schnell soll der Rettungsdienst in 95 von 100 Notfällen da sein?"


def question(name: str, asked: str, fact: str = "", **fields: Any) -> dict[str, Any]:
    right = fields.pop("right")
    expect = {"behavior": "answer", "citations_any": [right], "facts": [[fact]] if fact else []}
    return {"id": name, "type": "single_fact", "question": asked, "expect": expect, **fields}


CASES = (
    question("of-a-page", RESCUE, "zwölf Minuten", right=(GOALS, "B.II.1")),
    question(
        "of-a-file-without-pages",
        "Ab welchem Alter sollen junge Leute laut Leitbild-Entwurf bei Befragungen mitstimmen?",
        "16",
        right=(VISION, "3"),
    ),
    question(
        "of-a-motion",
        "Welche Summe möchte die Fraktion Grüne Mitte 2027 für lärmmindernden Asphalt?",
        right=(MOTION, "II"),
    ),
    # its place is a page on which it does not stand, and its fact is stated nowhere
    question(
        "nowhere",
        RESCUE,
        "siebzehn Minuten",
        right=(GOALS, "B.II.1"),
        pages_by_document={GOALS: [99]},
    ),
    {
        "id": "silent",
        "type": "unanswerable",
        "question": "Wie wird das Wetter morgen?",
        "expect": {"behavior": "abstain"},
    },
)


class Reading:
    """Real ingestion that counts how often it is asked for."""

    def __init__(self) -> None:
        self.made = 0

    def ingest(self, settings: Settings, papers: Sequence[Path], register: Path | None) -> None:
        self.made += 1
        read_documents(settings, papers, register)

    def run(self, *arguments: object) -> Result:
        app = make_app(Ingestion(documents_in, self.ingest, lambda _: None))
        return CliRunner().invoke(app, ["baselines", *map(str, arguments)])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three papers of the sample with a register, and cases on them."""
    entries = SAMPLE.read_text(encoding="utf-8").split("[[document]]")[1:]
    kept = [
        entry for entry in entries if any(f'"{name}"' in entry for name in (GOALS, MOTION, VISION))
    ]
    register = "[[document]]".join(["", *kept])
    folder = tmp_path / "papers"
    (folder / "questions").mkdir(parents=True)
    (folder / "kreis.toml").write_text(register, encoding="utf-8")
    for path in SAMPLE.parent.glob("lauterfeld-*"):
        shutil.copy(path, folder)
    lines = "".join(f"{json.dumps(case)}\n" for case in CASES)
    (folder / "questions" / "kreis.jsonl").write_text(lines, encoding="utf-8")
    return folder


def cells(table: str) -> dict[str, list[str]]:
    """The first word of each cell ("3/4") by pipeline."""
    rows = [
        line.strip("| ").split(" | ") for line in table.splitlines() if line.startswith("| kreis")
    ]
    return {row[1]: [cell.split()[0] for cell in row[2:]] for row in rows}


def test_all_pipelines_are_asked_and_judged_alike(folder: Path, tmp_path: Path) -> None:
    figures, reading = tmp_path / "figures.md", Reading()
    figures.write_text("# Figures\n\n<!-- baselines -->\n\nold\n\n<!-- /baselines -->\n\nend\n")
    done = reading.run(folder, "--build", tmp_path / "build", "--markdown", figures)
    assert done.exit_code == 0, done.output
    expected = values(__file__, "right")
    assert cells(done.output) == expected
    written = figures.read_text(encoding="utf-8")
    assert cells(written) == expected and "old" not in written and written.endswith("\nend\n")
    again = reading.run(folder, "--build", tmp_path / "build")
    assert cells(again.output) == expected and reading.made == 1


def test_a_folder_without_register_or_cases_is_told(folder: Path, tmp_path: Path) -> None:
    (folder / "questions" / "kreis.jsonl").rename(folder / "questions" / "other.jsonl")
    done = Reading().run(folder, "--build", tmp_path / "build")
    assert done.exit_code == 2 and "kein Register" in done.output


def test_a_text_file_is_parted_at_form_feeds(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text(f"Erste Seite.\f{'Wort ' * 300}")
    pages = [piece.metadata["page"] for piece in split_files({"a": path})]
    assert pages == [1, 2, 2]


def test_a_passage_stands_where_its_page_or_its_words_are() -> None:
    line = "Die **Quote** beträgt seit 2020 mindestens 30 Prozent der neuen Wohnungen."
    places = Places(frozenset({("plan", 4)}), (("chapter", line),))
    rendered = "Die Quote beträgt seit 2020 mindestens 30\nProzent der neuen Wohnungen. Mehr dazu."
    assert places.has(ShownPassage("plan", frozenset({3, 4}), ""))
    assert not places.has(ShownPassage("plan", frozenset({5}), rendered))
    assert places.has(ShownPassage("chapter", frozenset(), rendered))
    assert not places.has(ShownPassage("chapter", frozenset(), "Die Quote beträgt viel."))


@pytest.mark.parametrize(
    ("text", "other", "shares"),
    [
        ("Die Quote", "# Die *Quote* steigt", True),
        ("", "Die Quote steigt", False),
        ("x" * 39 + "yz", "x" * 39 + "zz", False),
        ("a" + "x" * 40, "b" + "x" * 40, True),
    ],
)
def test_texts_share_enough_letters_in_a_row(text: str, other: str, shares: bool) -> None:
    assert shares_text(text, other) is shares
