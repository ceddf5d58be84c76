"""verify, rollback, drafts and editions side by side: what is said, done and left alone, and exit
codes.
"""

from __future__ import annotations

import getpass
import json
import re
from contextlib import closing
from pathlib import Path

import pytest

from prompts import say
from service.people import AuditLog
from tests.disks import read_only
from tests.processes import run
from tests.service.county import motion, report
from tests.sharing import copy_of
from tests.wording import worded
from vectorstore import EditionStore
from vectorstore.storage import Database


@pytest.fixture
def data(tmp_path: Path) -> Path:
    store = EditionStore(tmp_path / "data")
    store.publish([report()])
    store.publish([report(), motion()])
    return store.root


def test_whole_editions_are_told_in_one_sentence_and_a_damaged_file_is_named(data: Path) -> None:
    with read_only(data):
        result = run("verify", data=data)
    assert (result.returncode, result.stderr) == (0, "")
    (line,) = result.stdout.splitlines()
    assert re.match(worded("commands.verify_whole"), line)
    assert all(name in line for name in EditionStore(data).names())
    name = EditionStore(data).current_name()
    path = data / "editions" / f"{name}" / "documents.jsonl"
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    result = run("verify", data=data)
    assert result.returncode == 6
    assert (
        name in result.stdout and say("store.file_changed", name="documents.jsonl") in result.stdout
    )
    (line,) = result.stderr.splitlines()
    assert line.startswith(f"Beschädigt: {name}.") and "strategielotse rollback" in line


def test_the_edition_before_is_published_once_and_there_is_none_before_it(data: Path) -> None:
    before, left = EditionStore(data).names()
    result = run("rollback", data=data)
    assert (result.returncode, result.stderr) == (0, "")
    assert " ".join(result.stdout.split()) == say(
        "commands.published_again", name=before, left=left
    )
    again = run("rollback", data=data)
    assert (again.returncode, again.stdout) == (2, "")
    assert again.stderr == say("store.none_before", current=before) + "\n"
    assert EditionStore(data).current_name() == before


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


def publish_plan(folder: Path) -> Path:
    """Return a data folder within this one, with a published plan of five measures."""

    def ingest(shared: Path) -> None:
        assert run("ingest", plan(shared, 66, 5), data=shared / "data").returncode == 0

    return copy_of("a plan of five measures", ingest, folder) / "data"


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with one published paper, and a draft in which a measure is gone and a unit
    another.
    """
    folder = tmp_path_factory.mktemp("drafts")
    data = publish_plan(folder)
    result = run("ingest", plan(folder, 65), "--add", "--draft", data=data)
    assert (result.returncode, result.stderr) == (0, "")
    assert "liegt bereit" in result.stdout and "veröffentlicht ist er nicht" in result.stdout
    return data


def names(data: Path) -> tuple[str, str]:
    """Return the names of the published edition and of the one draft."""
    store = EditionStore(data)
    (draft,) = store.drafts()
    return store.current_name() or "", draft


def test_two_editions_are_compared_record_by_record(published: Path) -> None:
    current, draft = names(published)
    text = run("editions", "diff", draft, data=published).stdout
    assert f"Von {current} zu {draft}: Einträge neu: 0, nicht mehr da: 1, anders: 1." in text
    assert f"klimaplan M 5 Busse takten: {say('progress.change_dropped')}" in text
    message = json.loads(run("editions", "diff", current, draft, "--json", data=published).stdout)
    assert message["counts"] == {"new": 0, "gone": 1, "changed": 1}
    (unit,) = [
        row for row in message["differences"] if row["word"] == say("progress.part_responsible")
    ]
    assert (unit["name"][:3], "66" in unit["before"], "65" in unit["now"]) == ("M 1", True, True)


def test_a_draft_is_listed_published_and_gone_back_from(published: Path) -> None:
    current, draft = names(published)
    rows = json.loads(run("editions", "list", "--json", data=published).stdout)
    assert {row["name"]: row["state"] for row in rows} == {current: "current", draft: "draft"}
    assert run("editions", "publish", "gibt-es-nicht", data=published).returncode == 2
    done = run("editions", "publish", draft, data=published)
    assert (done.returncode, EditionStore(published).current_name()) == (0, draft)
    assert run("rollback", data=published).returncode == 0
    assert EditionStore(published).current_name() == current


PAPER = "# Klimaplan\n\n## 1 Ziele\n\n### 1.1 Mehr Rad\n\nDer Kreis baut Radwege.\n"


def test_what_commands_change_is_noted(tmp_path: Path) -> None:
    document, data = tmp_path / "klima.md", tmp_path / "data"
    document.write_text(PAPER)
    assert run("ingest", document, data=data).returncode == 0
    assert run("ingest", document, "--replace", data=data).returncode == 0, "nothing new is no note"
    assert run("ingest", document, "--dry-run", data=data).returncode == 0
    document.write_text(PAPER.replace("Radwege", "Radwege und Brücken"))
    assert run("ingest", document, "--replace", data=data).returncode == 0
    assert run("rollback", data=data).returncode == 0
    address = {"STRATEGIELOTSE_PUBLIC_URL": "https://lotse.example.org"}
    link = run("staff-link", "--role", "editor", "--name", "Eva", data=data, **address)
    assert link.stdout.startswith("https://lotse.example.org/staff/sign-in?token=")
    with closing(Database(data)) as database:
        found = AuditLog(database).latest()
    assert [hit.action for hit in found] == ["link issued", "rolled back", "ingested", "ingested"]
    assert {(hit.person, hit.role) for hit in found} == {(getpass.getuser(), "command line")}
    assert found[0].subject == "editor: Eva" and "token" not in str(found)
