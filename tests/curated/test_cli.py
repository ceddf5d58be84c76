"""curated list, show, add, edit, remove, restore, check, export and import over a real edition."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from service.audit import AuditLog
from service.cli import app
from service.curated.store import CuratedStore
from tests.curated.conftest import REPORT
from vectorstore.database import Database

PROVEN = "Die drei Nachtlinien fahren freitags und samstags bis 3:30 Uhr."


@pytest.fixture(scope="module")
def data(sample_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return Path(shutil.copytree(sample_data, tmp_path_factory.mktemp("curated-cli") / "data"))


def run(data: Path, *arguments: str) -> Result:
    return CliRunner().invoke(app, ["curated", *arguments, "--data-dir", str(data)])


def adding(data: Path, text: str = PROVEN, cite: str = f"{REPORT};5.1.1.1", until: str = "30.06.2099") -> Result:
    return run(
        data, "add", "--question", "Bis wann fährt der Nachtbus?", "--wording", "Wann fährt nachts ein Bus?",
        "--text", text, "--cite", cite, "--owner", "Nahverkehr", "--until", until, "--person", "Ada",
    )  # fmt: skip


def test_a_life_on_the_command_line(data: Path, tmp_path: Path) -> None:
    assert "0 geprüfte Antworten" in run(data, "list").stdout
    added = adding(data)
    assert (added.exit_code, "Sie wird gegeben" in added.stdout) == (0, True)
    entry = added.stdout.split()[0]
    edited = run(data, "edit", entry, "--text", "Der Nachtbus fährt bis 4:30 Uhr.", "--person", "Bo")
    assert edited.exit_code == 1 and "nicht gegeben" in edited.stdout and "4:30" in edited.stdout
    checked = run(data, "check")
    assert checked.exit_code == 1 and "nicht mehr belegt" in checked.stdout and "4:30" in checked.stdout
    shown = run(data, "show", entry)
    assert "auch: Wann fährt nachts ein Bus?" in shown.stdout and "angelegt von Ada" in shown.stdout
    first = next(line.split(":")[0].strip() for line in shown.stdout.splitlines() if "angelegt" in line)
    assert run(data, "restore", entry, "--version", first, "--person", "Cem").exit_code == 0
    assert run(data, "check").exit_code == 0
    assert run(data, "remove", entry, "--person", "Cem").exit_code == 0
    assert "entfernt" in run(data, "list").stdout
    assert run(data, "restore", entry).exit_code == 0
    file = tmp_path / "antworten.csv"
    assert "1 geschrieben" in run(data, "export", str(file)).stdout
    assert "0 übernommen, 1 unverändert" in run(data, "import", str(file)).stdout
    notes = AuditLog(Database(data)).latest()
    assert [one.action for one in notes][::-1][:4] == [
        "curated-added", "curated-edited", "curated-restored", "curated-removed",
    ]  # fmt: skip
    assert {one.subject for one in notes} == {entry} and {one.role for one in notes} == {"console"}


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"cite": "nix"}, "document_id;key"),
        ({"cite": f"{REPORT};9.9.9"}, "keinen Eintrag „9.9.9“"),
        ({"until": "bald"}, "kein Tag"),
        ({"until": "2020-01-01"}, "Dieser Tag ist vorbei"),
        ({"text": " "}, "Die Antwort fehlt"),
    ],
)
def test_what_is_wrong_is_told_and_nothing_is_kept(data: Path, changes: dict[str, str], said: str) -> None:
    before = CuratedStore(Database(data)).version()
    result = adding(data, **changes)
    assert result.exit_code == 2 and said in result.stderr
    assert CuratedStore(Database(data)).version() == before


def test_unknown_ids_and_files_are_told(data: Path, tmp_path: Path) -> None:
    assert "gibt es nicht" in run(data, "show", "nix").stderr
    assert "nicht lesbar" in run(data, "import", str(tmp_path / "fehlt.csv")).stderr
    (tmp_path / "falsch.csv").write_text("a;b\n1;2\n")
    assert "Kopfzeile" in run(data, "import", str(tmp_path / "falsch.csv")).stderr


def test_a_wrong_row_costs_only_itself(data: Path, tmp_path: Path) -> None:
    file = tmp_path / "antworten.csv"
    head = "id;question;wordings;text;citations;owner;valid_until;language"
    rows = [
        f'abc123;Wann fährt der Rufbus?;;Er fährt täglich von 5 bis 23 Uhr.;"{REPORT};5.1.2.1";Amt 80;2099-01-01;de',
        f'falsch!;Frage?;;Text.;"{REPORT};5.1.2.1";Amt 80;2099-01-01;de',
        f';Frage?;;Text.;"{REPORT};5.1.2.1";Amt 80;irgendwann;de',
        ";zu;wenig",
        f';\'=1+1 ist die Frage?;Eins | Zwei;Er fährt nie.;"{REPORT};5.1.2.1 | {REPORT};5.1.1.1";Amt;2099-01-01;',
    ]
    file.write_text("\n".join((head, *rows)), "utf-8")
    result = run(data, "import", str(file), "--person", "Ada")
    assert result.exit_code == 1 and "2 übernommen, 0 unverändert, 3 abgelehnt" in result.stdout
    assert all(f"Zeile {line}: " in result.stdout for line in (3, 4, 5))
    assert "1 davon nicht belegt" in result.stdout
    kept = {one.answer.question: one for one in CuratedStore(Database(data)).current()}
    assert kept["Wann fährt der Rufbus?"].entry == "abc123"
    odd = kept["=1+1 ist die Frage?"].answer
    assert odd.wordings == ("Eins", "Zwei") and odd.citations == ((REPORT, "5.1.2.1"), (REPORT, "5.1.1.1"))
    assert run(data, "export", str(file)).exit_code == 0 and "'=1+1" in file.read_text("utf-8")
    assert "3 unverändert" in run(data, "import", str(file)).stdout
