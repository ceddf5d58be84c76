"""The command: catalogues in both forms, what is shown of whom, the log of openings, the table, the
gate's file.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from lab.reading.catalogue import CatalogueError, KnownRecord, load_catalogue
from lab.reading.command import add_reading
from service.terminal import CommandLine
from tests.lab.reading.made import item, parsed
from tests.papers import few
from tests.papers.__main__ import main
from vectorstore.records import ParsedDocument

LINE = '{"ref": "M 1", "title": "Jobticket", "kind": "measure", "pages": [1], "responsible": "Bauamt", "uncertain": true}'


def readable(paths: Sequence[Path]) -> Iterator[tuple[Path, ParsedDocument | str]]:
    """Read files of one word as a record of that title, and no empty file."""
    for path in reversed(paths):
        word = path.read_text()
        yield path, parsed(item("M 1", word)) if word else "Die Datei ist leer."


def called(*arguments: object) -> Result:
    app = CommandLine("")
    add_reading(app, readable)
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    place = tmp_path / "plans"
    (place / "catalogues").mkdir(parents=True)
    for name, word in (("a", "Jobticket"), ("b", "Moorschutz"), ("c", "Unbekannt")):
        (place / f"{name}.txt").write_text(word)
    for name in "ab":
        (place / "catalogues" / f"{name}.jsonl").write_text(
            '{"ref": "1", "title": "Jobticket", "kind": "measure"}\n'
        )
    return place


def test_a_catalogue_is_read_line_by_line(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(f"{LINE}\n\n")
    record = KnownRecord(
        kind="measure",
        ref="M 1",
        title="Jobticket",
        pages=(1,),
        responsible=("Bauamt",),
        uncertain=True,
    )
    assert load_catalogue(path).records == (record,)


@pytest.mark.parametrize(
    "wrong", ["{", "[]", '{"ref": null}', '{"ref": 1, "title": "a", "kind": "goal", "pages": 3}']
)
def test_a_wrong_catalogue_is_told_with_its_line(tmp_path: Path, wrong: str) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(f"{LINE}\n{wrong}\n")
    with pytest.raises(CatalogueError, match=r"a\.jsonl, Zeile 2: Kein Katalog"):
        load_catalogue(path)


def test_the_truth_of_made_papers_is_read_whole(tmp_path: Path) -> None:
    main([str(tmp_path)])
    for paper in few(1):
        known = load_catalogue(tmp_path / f"{paper.file_name}.truth.json")
        assert known == replace(paper.truth, themes=True)


def test_papers_of_a_folder_are_told_one_by_one(folder: Path) -> None:
    result = called("--papers", folder)
    assert result.exit_code == 0 and "| records right: number, title and page | " in result.stdout
    assert (
        "| a.txt |" in result.stdout
        and "| b.txt |" in result.stdout
        and "c.txt" not in result.stdout
    )


def test_misses_are_named(folder: Path) -> None:
    text = called("--papers", folder, "--misses").stdout
    assert "a.txt: fehlt 1 | Jobticket; gelesen: M 1 | Jobticket | Seite 1" in text
    assert "a.txt: falsch measure M 1 | Jobticket | Seite 1" in text
    assert "a.txt: Anzahl measure: 0 statt 1: sicher und falsch" in text


def test_held_papers_are_totals_only_and_every_opening_is_noted(folder: Path) -> None:
    content = folder.with_name("held")
    (content / "catalogues").mkdir(parents=True)
    for name, other in (("b.txt", "z.txt"), ("catalogues/b.jsonl", "catalogues/z.jsonl")):
        (content / other).write_bytes((folder / name).read_bytes())
    text = called("--papers", folder, "--held-papers", content, "--misses").stdout
    assert "| a.txt |" in text and "z.txt" not in text and "| held (held) |" in text
    alone = called("--held-papers", folder, "--misses")
    assert "a.txt" not in alone.stdout and "Jobticket" not in alone.stdout
    assert "held (held): right 0 of 1, false 1 of 1" in Path("reading-held.log").read_text()
    assert "plans (held): right 0 of 2, false 2 of 2" in Path("reading-held.log").read_text()


def test_a_file_that_cannot_be_read_is_told_and_counted(folder: Path) -> None:
    (folder / "a.txt").write_text("")
    result = called("--papers", folder)
    assert result.exit_code == 1
    assert "a.txt: Die Datei ist leer." in result.stdout
    assert "| records right: number, title and page | 0 of 2" in result.stdout
    assert "| papers read | 1 of 2" in result.stdout


def test_the_table_is_written_between_its_marks(folder: Path) -> None:
    place = Path("reading.md")
    place.write_text("before\n<!-- reading -->\nstale\n<!-- /reading -->\nafter\n")
    assert called("--papers", folder, "--markdown", place).exit_code == 0
    text = place.read_text()
    assert text.startswith("before\n<!-- reading -->\n\n|  | plans |\n") and text.endswith(
        "<!-- /reading -->\nafter\n"
    )
    assert "| title right | 1 of 2 (.500) |" in text and "stale" not in text
    place.write_text("no marks")
    assert called("--papers", folder, "--markdown", place).exit_code == 2
    assert place.read_text() == "no marks"


def test_a_gate_holds_back_what_is_below_above_or_not_measured(folder: Path) -> None:
    gate = folder / "gate.toml"
    gate.write_text(
        "[plans.min]\nright = 0.9\ntitle = 0.5\nbody = 0.5\n[plans.max]\nfalse = 0.1\nlost = 0.0\n"
    )
    result = called("--papers", folder, "--gate", gate)
    assert result.exit_code == 3
    text = [line for line in result.output.splitlines() if line.startswith("Schwelle verfehlt")]
    assert [line.split(": ")[2].split(" ist ")[0] for line in text] == [
        "right",
        "body",
        "false",
        "lost",
    ]
    assert "plans: body ist nicht gemessen" in result.output
    gate.write_text("[plans.min]\ntitle = 0.5\n")
    assert called("--papers", folder, "--gate", gate).exit_code == 0
    gate.write_text("[plans.min]\nfalse = 0.5\n")
    assert called("--papers", folder, "--gate", gate).exit_code == 2
