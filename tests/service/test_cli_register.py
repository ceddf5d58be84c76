"""What staff decided of pairs of documents, written into the register by a command."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest import IngestRequest, decide_relation, run_ingest
from prompts import say
from tests.ingest.test_relations import superseded, write_plan, yearly
from tests.processes import run
from tests.sharing import copy_of
from vectorstore import EditionStore

FILES = ("a.docx", "b.pdf", "alt.md", "neu.md")
FOUND = {"a": "b", "alt": "neu"}


def entry(file: str) -> str:
    """Return the register entry of a file of the series, or of the one text in two files."""
    title = f"Bericht {2023 if file == 'alt.md' else 2025}" if file.endswith("md") else file
    day = "as_of = 2023-01-01\n" if file == "alt.md" else ""
    return (
        f'[[document]]\nid = "{file.partition(".")[0]}"  # staff\ntitle = "{title}"\n'
        f'publisher = "Moorau"\nkind = "report"\nstatus = "published"\nfile = "{file}"\n{day}\n'
    )


def ingest(folder: Path) -> None:
    """Publish the documents of a register, of which nobody decided anything."""
    write_plan(folder / "a.docx")
    write_plan(folder / "b.pdf")
    yearly(folder / "alt.md", 2023, 3)
    yearly(folder / "neu.md", 2025, 5)
    register = folder / "corpus.toml"
    register.write_text("".join(map(entry, FILES)), encoding="utf-8")
    assert build(folder / "data", register) == FOUND


@pytest.fixture
def register(tmp_path: Path) -> Path:
    return copy_of("a register", ingest, tmp_path) / "corpus.toml"


def decide(data: Path, first: str, second: str, kind: str, counts: str) -> None:
    decide_relation(EditionStore(data).texts, (first, second), kind, counts, None)


def build(data: Path, register: Path) -> dict[str, str | None]:
    store = EditionStore(data)
    run_ingest(IngestRequest(manifest=register, replace=True), store)
    return superseded(store)


@pytest.mark.parametrize(
    ("same", "series", "expected"),
    [
        ("", "", {}),
        ("a", "alt", {"b": "a", "neu": "alt"}),
        ("b", "neu", FOUND),
    ],
)
def test_a_build_without_people_is_the_same(
    register: Path, tmp_path: Path, same: str, series: str, expected: dict[str, str]
) -> None:
    data = tmp_path / "data"
    decide(data, "a", "b", "same_as", same)
    decide(data, "alt", "neu", "followed_by", series)
    assert build(data, register) == expected
    for _ in range(2):
        assert run("decisions", "register", str(register), data=data).returncode == 0
    text = register.read_text(encoding="utf-8")
    assert text.count("distinct = true") == (0 if expected == FOUND else 2)
    assert build(tmp_path / "alone", register) == build(data, register) == expected


def test_a_document_without_an_entry_is_named(register: Path, tmp_path: Path) -> None:
    decide(tmp_path / "data", "a", "b", "same_as", "")
    register.write_text("".join(map(entry, FILES[1:])), encoding="utf-8")
    before = register.read_bytes()
    result = run("decisions", "register", str(register), data=tmp_path / "data")
    assert result.returncode == 1 and say("commands.decisions_left", ids="a") in result.stdout
    assert register.read_bytes() == before


def test_what_is_no_register_is_told(register: Path, tmp_path: Path) -> None:
    register.write_text("kein Verzeichnis", encoding="utf-8")
    result = run("decisions", "register", str(register), data=tmp_path / "data")
    assert result.returncode != 0 and "Traceback" not in result.stderr
    assert register.read_text(encoding="utf-8") == "kein Verzeichnis"
