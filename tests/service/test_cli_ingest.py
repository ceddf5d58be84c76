"""`ingest` drops nothing unasked: what it says and asks, with and without a terminal, as a table
and as JSON.
"""

from __future__ import annotations

import json
import os
import pty
import subprocess
from contextlib import closing
from pathlib import Path

import pytest

from prompts import say
from tests.processes import COMMAND, REPOSITORY, environment, run
from tests.sharing import copy_of
from vectorstore import EditionStore

TEXT = "# Leitbild\n\n## Wohnen\n\nWir bauen bezahlbare Wohnungen für alle Menschen im Kreis.\n"


def write(folder: Path) -> Path:
    """Write two papers into a new folder."""
    folder.mkdir()
    for name in ("eins.md", "zwei.md"):
        (folder / name).write_text(TEXT, encoding="utf-8")
    return folder


def ingest(folder: Path) -> None:
    assert run("ingest", write(folder / "papers"), data=folder / "data").returncode == 0


@pytest.fixture
def papers(tmp_path: Path) -> Path:
    return write(tmp_path / "papers")


@pytest.fixture
def data(tmp_path: Path, papers: Path) -> Path:
    return copy_of("two papers", ingest, tmp_path) / "data"


def documents(data: Path) -> list[str]:
    with closing(EditionStore(data).open()) as edition:
        return list(edition.catalogue.documents)


def in_a_terminal(typed: str, *arguments: str | Path, data: Path) -> tuple[int, str]:
    """Run a command with a terminal, type something, and return its exit code and what it printed
    there.
    """
    ours, theirs = pty.openpty()
    command, env = [*COMMAND, *map(str, arguments)], environment(data) | {"TERM": "dumb"}
    process = subprocess.Popen(
        command, cwd=REPOSITORY, env=env, stdin=theirs, stdout=theirs, stderr=theirs
    )
    os.close(theirs)
    os.write(ours, typed.encode())
    shown = b""
    while True:
        try:
            shown += os.read(ours, 4096)
        except OSError:  # the terminal's other end is closed
            break
    os.close(ours)
    return process.wait(timeout=60), shown.decode().replace("\r\n", "\n")


def test_without_a_terminal_nothing_goes_unasked(papers: Path, data: Path) -> None:
    result = run("ingest", papers / "eins.md", data=data)
    assert result.returncode == 2 and result.stdout == ""
    assert "zwei" in result.stderr and "--replace" in result.stderr and "--add" in result.stderr
    assert documents(data) == ["eins", "zwei"]


def test_without_a_terminal_no_version_replaces_another_unasked(
    tmp_path: Path, papers: Path, data: Path
) -> None:
    newer = tmp_path / "newer" / "eins.md"
    newer.parent.mkdir()
    newer.write_text(f"{TEXT}\n\nDas Ried bleibt.", encoding="utf-8")
    result = run("ingest", newer, "--add", data=data)
    assert result.returncode == 2 and result.stdout == ""
    assert "eins" in result.stderr and "--add --replace" in result.stderr
    assert run("ingest", papers, data=data).returncode == 0, "nothing is another version"
    assert run("ingest", newer, "--add", "--replace", data=data).returncode == 0
    assert documents(data) == ["eins", "zwei"]


def test_replace_lets_the_others_go_and_says_so(papers: Path, data: Path) -> None:
    result = run("ingest", papers / "eins.md", "--replace", data=data)
    assert result.returncode == 0 and say("ingesting.gone", ids="zwei") in result.stdout
    assert documents(data) == ["eins"]


@pytest.mark.parametrize(
    ("typed", "code", "left"),
    [("n\n", 2, ["eins", "zwei"]), pytest.param("y\n", 0, ["eins"], marks=pytest.mark.long)],
)
def test_in_a_terminal_it_asks(
    papers: Path, data: Path, typed: str, code: int, left: list[str]
) -> None:
    returned, shown = in_a_terminal(typed, "ingest", papers / "eins.md", data=data)
    assert returned == code and "zwei" in shown and say("ingesting.may_go") in shown
    assert documents(data) == left


def test_a_dry_run_publishes_nothing(papers: Path, data: Path) -> None:
    before = EditionStore(data).current_name()
    new = (papers / "eins.md").rename(papers / "drei.md")  # no edition has it
    result = run("ingest", new, "--dry-run", data=data)
    assert result.returncode == 0 and "Es wurde nichts veröffentlicht" in result.stdout
    assert "Es verschwänden: eins, zwei." in result.stdout
    assert EditionStore(data).current_name() == before and documents(data) == ["eins", "zwei"]


def test_a_document_that_goes_takes_its_questions_along_without_a_list(
    papers: Path, tmp_path: Path
) -> None:
    data, table = tmp_path / "data", tmp_path / "fragen.csv"
    paragraphs = "".join(f"\n## Teil {number}\n\nText.\n" for number in range(1, 4))
    (papers / "zwei.md").write_text(TEXT + paragraphs, encoding="utf-8")
    assert run("ingest", papers, data=data).returncode == 0
    with closing(EditionStore(data).open()) as edition:
        rows = [f"{item.document_id};{item.key};Was?" for item in edition.catalogue.items]
    table.write_text("\n".join(["document_id;key;question", *rows]), encoding="utf-8")
    assert run("questions", "import", table, data=data).returncode == 0
    result = run("ingest", papers / "eins.md", "--replace", "--dry-run", data=data)
    number = sum(row.startswith("zwei;") for row in rows)
    assert result.stdout.startswith("Dokument ") and number > 3
    assert f"Es verschwänden: zwei (mit {number} Fragen)." in result.stdout
    assert "zwei Teil" not in result.stdout
    (papers / "zwei.md").write_text(TEXT, encoding="utf-8")
    result = run("ingest", papers, "--dry-run", data=data)
    assert say("ingesting.questions_lost", number=3) in result.stdout
    assert all(f"\n  zwei Teil-{number}\n" in result.stdout for number in range(1, 4))


def test_a_rejected_file_does_not_stop_the_others_and_the_report_says_so(
    papers: Path, tmp_path: Path
) -> None:
    (papers / "kaputt.pdf").write_bytes(b"das ist kein PDF")
    (papers / "README.md").write_text(TEXT, encoding="utf-8")
    result = run("ingest", papers, "--json", data=tmp_path / "data")
    report = json.loads(result.stdout)
    assert result.returncode == report["exit_code"] == 1 and "Traceback" not in result.stderr
    by_id = {item["id"]: item for item in report["files"]}
    assert by_id.keys() == {"eins", "zwei", "kaputt"}
    assert {"path", "id", "state", "reason_code", "reason"} <= by_id["eins"].keys()
    assert (by_id["eins"]["state"], by_id["eins"]["reason_code"]) == ("indexed", None)
    assert (by_id["kaputt"]["state"], by_id["kaputt"]["reason_code"]) == ("rejected", "damaged")
    assert by_id["kaputt"]["path"] == str(papers / "kaputt.pdf")
    assert [Path(item["path"]).name for item in report["left"]] == ["README.md"]
    assert documents(tmp_path / "data") == ["eins", "zwei"]
    again = run("ingest", papers, data=tmp_path / "data")
    assert (again.returncode, "kaputt" in again.stdout) == (1, True)
    stored = EditionStore(tmp_path / "data").open().report
    assert str(tmp_path) not in json.dumps(stored), "no path of this machine in an edition"


PLAN = """# Maßnahmenplan Klima

Kreis Quonau

## Ziele

Wir bauen bezahlbare Wohnungen für alle Menschen im Kreis.
"""


def test_without_a_terminal_unsure_parts_stay_unconfirmed(tmp_path: Path) -> None:
    plan = tmp_path / "plan.md"
    plan.write_text(PLAN, encoding="utf-8")
    result = run("ingest", plan, data=tmp_path / "data")
    assert result.returncode == 0
    assert "unbestätigt: Herausgeber, Verbindlichkeit, Stand" in " ".join(result.stdout.split())
    assert "3 Angaben zu Dokumenten sind unbestätigt" in result.stdout
    with closing(EditionStore(tmp_path / "data").open()) as edition:
        read = edition.catalogue.documents["plan"]
    unconfirmed = ("publisher", "status", "as_of")
    assert (read.publisher, read.status, read.as_of, read.unconfirmed) == (
        "Kreis Quonau",
        None,
        None,
        unconfirmed,
    )
