"""The command line as a process: exit codes, one sentence for each error, never a traceback."""

from __future__ import annotations

import json
import re
import socket
import subprocess
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from prompts import say
from service import Settings
from service.cli.ingestion.reading import read_sample
from service.people import AuditLog
from service.terminal import report_unexpected
from tests.ingest.cases import cases
from tests.processes import Server, imported_by, run, serving, until
from vectorstore import EditionStore
from vectorstore.storage import Database

GROUPS = ("editions", "model", "questions", "eval")


def said(result: subprocess.CompletedProcess[str]) -> str:
    """Return the one sentence of a command that failed."""
    assert "Traceback" not in result.stderr
    assert result.stdout == ""
    (line,) = result.stderr.splitlines()
    return line


@pytest.fixture
def data(store: EditionStore) -> Path:
    return store.root


@pytest.fixture
def papers(tmp_path: Path) -> Path:
    folder = tmp_path / "papers"
    folder.mkdir()
    (folder / "leitbild.md").write_text(
        "# Leitbild\n\n## Wohnen\n\nWir bauen bezahlbare Wohnungen für alle.\n"
    )
    (folder / "klima.txt").write_text("Klimaziel\n\nDer Kreis wird bis 2040 klimaneutral.\n")
    return folder


def test_ingest_add_remove(papers: Path, tmp_path: Path) -> None:
    data = tmp_path / "data"
    first = run("ingest", papers / "leitbild.md", data=data)
    assert first.returncode == 0, first.stderr
    again = run("ingest", papers / "leitbild.md", data=data)
    assert (again.returncode, "unverändert" in again.stdout) == (0, True)
    assert run("ingest", papers / "klima.txt", "--add", data=data).returncode == 0
    assert EditionStore(data).open().catalogue.documents.keys() == {"klima", "leitbild"}
    text = run("ask", "Welche Wohnungen werden gebaut?", data=data).stdout
    assert re.search(r"^\[1\] Wohnen$", text, re.MULTILINE), "a heading is named once"
    assert run("remove", "leitbild", data=data).returncode == 0
    assert EditionStore(data).open().catalogue.documents.keys() == {"klima"}
    left = [
        path
        for path in data.rglob("*")
        if path.is_file() and b"bezahlbare Wohnungen" in path.read_bytes()
    ]
    assert left == []


def test_what_was_removed_is_noted_even_where_another_id_is_unknown(
    papers: Path, tmp_path: Path
) -> None:
    data = tmp_path / "data"
    assert run("ingest", papers, data=data).returncode == 0
    assert run("remove", "klima", "gibt-es-nicht", data=data).returncode == 2
    note, *_ = AuditLog(Database(data)).latest()
    assert note.action == "removed" and note.subject.endswith(": klima")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["ingest"], say("ingesting.nothing_named")),
        (["ingest", "/gibt/es/nicht"], say("ingesting.not_there", paths="/gibt/es/nicht")),
        (
            ["ingest", "--manifest", "/gibt/es/nicht.toml"],
            say("ingesting.not_there", paths="/gibt/es/nicht.toml"),
        ),
        (["remove", "gibt-es-nicht"], "gibt-es-nicht"),
        (["ask", "x" * 501], "1 bis 500 Zeichen"),
        (
            ["projects", "--status", "fertig"],
            "Diesen Status gibt es nicht: fertig. Es gibt: idea (Idee)",
        ),
        (["projects", "--document", "nix"], "document: „nix“ unbekannt. Bekannt: "),
    ],
)
def test_bad_input(arguments: list[str], sentence: str, data: Path) -> None:
    result = run(*arguments, data=data)
    assert result.returncode == 2
    assert sentence in said(result)


def test_a_wrong_register_is_named_with_its_lines(tmp_path: Path) -> None:
    (tmp_path / "register.toml").write_text('farbe = 1\n[[document]]\nid = "x"\n')
    result = run("ingest", "--manifest", tmp_path / "register.toml", data=tmp_path / "data")
    assert (result.returncode, result.stdout) == (2, "")
    lines = result.stderr.splitlines()
    assert len(lines) == 6 and all(
        f"register.toml, Zeile {1 if item == 0 else 2}:" in lines[item] for item in range(6)
    )


def test_help_and_faults_of_use_are_german() -> None:
    english = re.compile(
        r"Usage|Options|Arguments:|Commands|Show this|default:|required|Missing|Invalid|No such|Try "
    )
    for call in (*GROUPS, "ingest", "projects", "model check", "eval run", "staff-link"):
        text = run(*call.split(), "--help")
        assert "Aufruf: " in text.stdout, call
        assert not english.search(text.stdout + text.stderr), call
    missing = say("serving.missing", hint="'FRAGE'")
    assert run("ask").stderr == f"{missing} Hilfe: python -m service ask --help\n"
    assert (
        run("nix").stderr
        == f"{say('serving.not_here', named='nix')} Hilfe: python -m service --help\n"
    )
    assert run("ask", "a", "b").stderr.startswith(say("serving.not_here", named="b"))
    assert run("serve", "--port", "x").stderr.startswith(say("serving.bad_value", hint="'--port'"))


@pytest.mark.parametrize(
    "call", ["ask Was?", "lookup Rad", "projects", "documents", "remove x", "verify", "rollback"]
)
def test_nothing_ingested(call: str, tmp_path: Path) -> None:
    result = run(*call.split(), data=tmp_path / "leer")
    assert (result.returncode, "strategielotse ingest" in said(result)) == (2, True)


def test_a_wrong_setting(tmp_path: Path) -> None:
    result = run("documents", data=tmp_path, STRATEGIELOTSE_PORT="viel")
    wrong = f"STRATEGIELOTSE_PORT=viel: erlaubt ist {say('settings.allowed_port')}."
    assert (result.returncode, said(result)) == (2, wrong)


def test_an_unknown_setting_is_a_hint_and_no_end(data: Path) -> None:
    result = run("documents", data=data, STRATEGIELOTSE_PROT="81", STRATEGIELOTSE_CONTACT="Rathaus")
    assert (result.returncode, "auenland-report" in result.stdout) == (0, True)
    assert result.stderr == (
        "Hinweis: Die Einstellung STRATEGIELOTSE_PROT gibt es nicht, sie wird übergangen. "
        "Gemeint ist wohl STRATEGIELOTSE_PORT.\n"
    )


def test_a_fault_is_told_without_a_traceback(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert report_unexpected(ValueError("geheim")) == 70
    assert capsys.readouterr().err.startswith("Unerwarteter Fehler (ValueError);")
    monkeypatch.setenv("STRATEGIELOTSE_LOG_LEVEL", "DEBUG")
    report_unexpected(ValueError("offen"))
    assert "offen" in capsys.readouterr().err


def test_another_writer(tmp_path: Path, papers: Path) -> None:
    data = tmp_path / "data"
    with EditionStore(data).writing():
        result = run("ingest", papers, data=data)
    assert result.returncode == 4
    assert "schreibt gerade" in said(result)


def test_a_taken_port(data: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        result = run("serve", "--port", str(taken.getsockname()[1]), data=data)
    assert result.returncode == 2
    assert "schon belegt" in said(result)


def test_serve_answers_and_logs_no_question(served_county: Server) -> None:
    assert "Lastenradverleih" in served_county.get("/?frage=Was+ist+der+Lastenradverleih%3F")
    assert json.loads(served_county.get("/readyz"))["status"] == "ok"
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(served_county.url + "/nix", timeout=20)
    name = refused.value.headers["X-Request-ID"]
    refused.value.close()
    until(
        lambda: name in served_county.log.read_text()
    )  # the line is written once the answer has gone out
    text = served_county.log.read_text()
    assert "Strategielotse läuft auf http://127.0.0.1:" in text
    assert "GET / 200" in text
    assert "Lastenrad" not in text
    assert "Traceback" not in text
    assert re.search(rf"INFO strategielotse\.access {name} GET - 404 ", text)
    assert re.search(r"INFO strategielotse - Höchstens \d+ Verbindungen zugleich", text)


def test_a_link_leads_to_the_port_that_is_served(served_county: Server) -> None:
    result = run("staff-link", data=served_county.data)
    assert result.returncode == 0 and f"{served_county.url}/staff/sign-in" in result.stdout


def test_the_link_at_the_start_begins_with_the_public_address(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("service.app.server.serve", lambda _, listener, reader: listener.close())
    address = "https://kreis.example/lotse"
    result = run("serve", "--port", "0", data=data, STRATEGIELOTSE_PUBLIC_URL=address)
    assert f"{address}/staff/sign-in?token=" in result.stdout


@cases("settings", "reason")
def test_a_link_that_would_open_nothing_is_not_made(
    data: Path, settings: dict[str, str], reason: str
) -> None:
    given = {"DATA_DIR": str(data), **settings}
    result = run("staff-link", **{f"STRATEGIELOTSE_{name}": value for name, value in given.items()})
    assert result.returncode == 2 and reason in said(result)


@pytest.mark.long
def test_demo_ingests_the_sample_corpus_once(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with serving(data, "--demo", STRATEGIELOTSE_STAFF_ACCESS="public") as server:
        assert json.loads(server.get("/api/v1/documents"))["total"] >= 4
        assert "Beispieldaten" in server.get("/")
        assert "Beschäftigte" not in server.log.read_text(), "an open staff page needs no link"
    read_sample(Settings(data_dir=data))
    assert len(EditionStore(data).names()) == 1


def test_the_command_line_starts_without_the_heavy_parts() -> None:
    heavy = {"fastapi", "chromadb", "sqlalchemy", "langchain_core", "numpy", "pypdf", "scipy"}
    assert heavy.isdisjoint(imported_by("import service.cli.commands"))
