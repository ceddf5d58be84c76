from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from ingest.errors import RegisterError
from ingest.register import entries_for_paths, load_register, unregistered
from vectorstore.records import DocumentKind, DocumentStatus

GOOD = """# Register
[[document]]
id = "bericht"
title = "Bericht"
publisher = "Kreis Quonau"
kind = "report"
status = "published"
as_of = 2026-03-01
file = "a.txt"
text = "b.md"
source_url = "https://example.org/bericht.pdf"
sample = true

[[document]]
id = "antrag"
title = "Antrag"
publisher = "Fraktion"
kind = "motion"
status = "proposed"
file = "c.pdf"
"""


def _write(folder: Path, text: str) -> Path:
    path = folder / "corpus.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_entries(tmp_path: Path) -> None:
    first, second = load_register(_write(tmp_path, GOOD))
    assert (first.id, first.kind, first.status, first.sample) == (
        "bericht", DocumentKind.REPORT, DocumentStatus.PUBLISHED, True,
    )  # fmt: skip
    assert first.as_of == date(2026, 3, 1) and second.as_of is None and second.text is None
    assert first.file == tmp_path / "a.txt" and first.text == tmp_path / "b.md"


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ('kind = "report"', 'kind = "novel"', 6, "strategy, report"),
        ('status = "published"', 'status = "done"', 7, "adopted"),
        ("as_of = 2026-03-01", 'as_of = "2026-03-01"', 8, "ohne Anführungszeichen"),
        ('id = "antrag"', 'id = "bericht"', 15, "schon in Zeile 3"),
        ('id = "antrag"', 'id = "Der Antrag"', 15, "Kleinbuchstaben"),
        ('publisher = "Fraktion"\n', "", 14, "publisher"),
        ('title = "Antrag"', "title = 3", 16, "Anführungszeichen"),
        ('file = "c.pdf"', 'file = "c.docx"', 20, "kein PDF"),
        ('file = "c.pdf"', 'file = "c.pdf"\ncolour = "red"', 21, "colour"),
        ("sample = true", 'sample = "ja"', 12, "true oder false"),
    ],
)
def test_errors_name_the_line(tmp_path: Path, old: str, new: str, line: int, words: str) -> None:
    assert old in GOOD
    with pytest.raises(RegisterError) as caught:
        load_register(_write(tmp_path, GOOD.replace(old, new)))
    assert f"Zeile {line}:" in str(caught.value) and words in str(caught.value)


@pytest.mark.parametrize(("text", "words"), [("", "keine Einträge"), ("[[document", "Zeile 1"), ("a = 1", "„a“")])
def test_broken_registers(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(RegisterError, match=words):
        load_register(_write(tmp_path, text))


def test_missing_register(tmp_path: Path) -> None:
    with pytest.raises(RegisterError, match="nicht lesbar"):
        load_register(tmp_path / "keins.toml")


def test_unregistered_files_are_named(tmp_path: Path) -> None:
    register = _write(tmp_path, GOOD)
    for name in ("a.txt", "b.md", "rest.txt", "bild.png"):
        (tmp_path / name).write_text("x", encoding="utf-8")
    assert unregistered(register, load_register(register)) == [tmp_path / "rest.txt"]


def test_files_and_folders_without_a_register(tmp_path: Path) -> None:
    (tmp_path / "unter").mkdir()
    for name in ("Größter Plan 2030.txt", "unter/plan.pdf", "unter/plan.md", "unter/bild.png"):
        (tmp_path / name).write_text("x", encoding="utf-8")
    entries = entries_for_paths([tmp_path, tmp_path / "unter" / "plan.md"])
    assert [entry.id for entry in entries] == ["groesster-plan-2030", "plan", "plan-2"]
    assert all(entry.title is None for entry in entries)
