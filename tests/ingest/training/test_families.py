"""The command that learns which families are records: papers are measured by what others taught."""

from __future__ import annotations

import json
import tomllib
from dataclasses import asdict
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

from evals import load_papers
from ingest.readers.family_choice import FamilyModel, load_model
from ingest.readers.family_features import RECORD_FEATURES, TITLE_FEATURES
from service.cli.ingestion.families import add_families
from tests.papers import few

COUNT = 6


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Made papers with their known records: one publisher for each."""
    place = tmp_path_factory.mktemp("papers")
    (place / "catalogues").mkdir()
    for number, paper in enumerate(few(1, COUNT)):
        path = paper.write(place)
        named = path.rename(place / f"ort{number}-{path.name}")
        lines = [json.dumps(asdict(record), ensure_ascii=False) for record in paper.truth.records]
        catalogue = place / "catalogues" / f"{named.stem}.jsonl"
        catalogue.write_text("\n".join(lines), encoding="utf-8")
    return place


def learned(*arguments: object) -> Result:
    app = typer.Typer()
    add_families(app)
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def test_the_command_tells_each_paper_and_writes_what_it_learned(
    folder: Path, tmp_path: Path
) -> None:
    result = learned(folder, "--to", tmp_path, "--ablation")
    assert result.exit_code == 0, result.output
    rows = [line.split("|")[1].strip() for line in result.output.splitlines() if "|" in line]
    assert sum(row.startswith("ort") for row in rows) == COUNT
    assert {"all", "without", *RECORD_FEATURES, *TITLE_FEATURES} <= set(rows)
    values = json.loads((tmp_path / "families.json").read_text())
    model = FamilyModel(**values)
    assert len(model.record_weights) == len(RECORD_FEATURES)
    assert len(model.title_weights) == len(TITLE_FEATURES)


def test_a_paper_is_measured_by_a_model_that_had_none_of_its_publisher(
    folder: Path, tmp_path: Path
) -> None:
    """With one publisher alone nothing is left to learn from, so nothing is read of it."""
    other = tmp_path / "one"
    (other / "catalogues").mkdir(parents=True)
    for paper in load_papers(folder)[:2]:
        catalogue = f"catalogues/{paper.path.stem}.jsonl"
        name = f"ort-{paper.path.name}"
        (other / name).write_bytes(paper.path.read_bytes())
        (other / "catalogues" / f"ort-{paper.path.stem}.jsonl").write_bytes(
            (folder / catalogue).read_bytes()
        )
    assert len({paper.group for paper in load_papers(other)}) == 1
    result = learned(other)
    assert result.exit_code != 0 and "mehr als einen Herausgeber" in result.output


def test_a_folder_with_registers_is_read_by_their_ids(folder: Path, tmp_path: Path) -> None:
    (first, *_) = load_papers(folder)
    (tmp_path / "catalogues").mkdir()
    (tmp_path / first.path.name).write_bytes(first.path.read_bytes())
    entry = f'[[document]]\nid = "plan"\ntitle = "Plan"\npublisher = "Ort"\nfile = "{first.path.name}"\n'
    (tmp_path / "a.toml").write_text(entry)
    lines = [
        {"document_id": "plan", "ref": "1", "title": "Radweg", "priority": 3},
        {"document_id": "plan", "ref": "2", "title": "Lage", "kind": "section"},
    ]
    text = "\n".join(map(json.dumps, lines))
    (tmp_path / "catalogues" / "a.jsonl").write_text(text)
    (paper,) = load_papers(tmp_path)
    assert tomllib.loads(entry)["document"][0]["id"] == paper.name
    assert [(item.ref, item.kind, item.priority) for item in paper.known] == [("1", "measure", "3")]


def test_what_is_shipped_has_a_weight_for_each_feature() -> None:
    model = load_model()
    assert len(model.record_weights) == len(RECORD_FEATURES)
    assert len(model.title_weights) == len(TITLE_FEATURES)
    assert 0 < model.likely < model.sure < 1
