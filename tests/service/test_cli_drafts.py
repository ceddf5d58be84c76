"""Drafts and editions side by side on the command line: what is said, done and left alone."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.processes import run
from vectorstore.editions import EditionStore

TITLES = ("Radwege bauen", "Bäume pflanzen", "Schulen dämmen", "Dächer nutzen", "Busse takten")


def plan(folder: Path, unit: int, measures: int = 4) -> Path:
    """Write a paper of measures; `unit` is responsible for the first."""
    sheets = [
        f"## M {number} {title}\n\nVerantwortlich: Amt {unit if number == 1 else 70 + number}\n\n"
        f"Beschreibung: Der Kreis will {title}.\n"
        for number, title in enumerate(TITLES[:measures], 1)
    ]
    path = folder / "klimaplan.md"
    path.write_text("# Klimaplan\n\n" + "\n".join(sheets), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with one published paper, and a draft in which a measure is gone and a unit another."""
    folder = tmp_path_factory.mktemp("drafts")
    assert run("ingest", plan(folder, 66, 5), data=folder / "data").returncode == 0
    result = run("ingest", plan(folder, 65), "--add", "--draft", data=folder / "data")
    assert (result.returncode, result.stderr) == (0, "")
    assert "liegt bereit" in result.stdout and "veröffentlicht ist er nicht" in result.stdout
    return folder / "data"


def names(data: Path) -> tuple[str, str]:
    """Return the names of the published edition and of the one draft."""
    store = EditionStore(data)
    (draft,) = store.drafts()
    return store.current_name() or "", draft


def test_two_editions_are_compared_record_by_record(published: Path) -> None:
    current, draft = names(published)
    text = run("editions", "diff", draft, data=published).stdout
    assert f"Von {current} zu {draft}: Einträge neu: 0, nicht mehr da: 1, anders: 1." in text
    assert "klimaplan M 5 Busse takten: nicht mehr da" in text
    told = json.loads(run("editions", "diff", current, draft, "--json", data=published).stdout)
    assert told["counts"] == {"new": 0, "gone": 1, "changed": 1} and told["documents"] == []
    (unit,) = [one for one in told["records"] if one["change"] == "unit"]
    assert (unit["ref"], "66" in unit["before"], "65" in unit["now"]) == ("M 1", True, True)


def test_a_draft_is_listed_published_and_gone_back_from(published: Path) -> None:
    current, draft = names(published)
    rows = json.loads(run("editions", "list", "--json", data=published).stdout)
    assert {one["name"]: one["state"] for one in rows} == {current: "current", draft: "draft"}
    assert run("editions", "publish", "gibt-es-nicht", data=published).returncode == 2
    done = run("editions", "publish", draft, data=published)
    assert (done.returncode, EditionStore(published).current_name()) == (0, draft)
    assert run("rollback", data=published).returncode == 0
    assert EditionStore(published).current_name() == current
