"""questions export and import as processes: the round trip, what is told of wrong rows, exit codes."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from tests.processes import run
from tests.service.county import FORMULA_TITLE, report
from vectorstore.editions import EditionStore
from vectorstore.questions import ItemQuestion

HEADER = "document_id;key;question"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    store = EditionStore(tmp_path / "data")
    store.publish([report()], report={"files": [], "note": "kept"}, questions=asked())
    return store.root


def asked() -> list[ItemQuestion]:
    first, second = [item for item in report().items if item.body][:2]
    document = first.document_id
    return [
        ItemQuestion(document, first.key, "Wie komme ich; ohne Auto; zum „Arzt“?"),
        ItemQuestion(document, first.key, FORMULA_TITLE),
        ItemQuestion(document, second.key, "Wer zahlt das?"),
    ]


def table(path: Path, *rows: str) -> Path:
    path.write_text("\n".join((HEADER, *rows)), "utf-8")
    return path


def test_what_goes_out_comes_in_again(data: Path, tmp_path: Path) -> None:
    store, file = EditionStore(data), tmp_path / "fragen.csv"
    before = store.questions()
    assert {one.question for one in before} == {one.question for one in asked()}
    assert run("questions", "export", file, data=data).returncode == 0
    content = file.read_bytes()
    assert content.startswith(b"\xef\xbb\xbfdocument_id;key;question\r\n") and b";=" not in content
    again = run("questions", "import", file, data=data)
    assert (again.returncode, "3 davon waren schon da" in again.stdout, "unverändert" in again.stdout) == (
        0,
        True,
        True,
    )
    store.publish([report()], questions=())
    result = run("questions", "import", file, "--replace", data=data)
    assert (result.returncode, result.stderr) == (0, "")
    assert "3 Fragen gelesen" in result.stdout and "3 Fragen zu 2 Einträgen" in result.stdout
    assert store.questions() == before


def test_an_import_adds_and_keeps_documents_and_report(data: Path, tmp_path: Path) -> None:
    store, first = EditionStore(data), asked()[0]
    result = run(
        "questions", "import", table(tmp_path / "f.csv", f"{first.document_id};{first.key};Und am Abend?"), data=data
    )
    assert result.returncode == 0 and "veröffentlicht: 4 Fragen" in result.stdout
    with closing(store.open()) as edition:
        assert edition.catalogue.parsed() == [report()]
        assert edition.report["note"] == "kept" and len(edition.questions.all) == 4


def test_replacing_leaves_only_what_the_table_says(data: Path, tmp_path: Path) -> None:
    first = asked()[0]
    file = tmp_path / "f.tsv"
    file.write_text(f"{first.document_id}\t{first.key}\tUnd am Abend?\n", "utf-8")
    assert run("questions", "import", file, "--replace", data=data).returncode == 0
    assert [one.question for one in EditionStore(data).questions()] == ["Und am Abend?"]


def test_wrong_rows_are_told_and_the_others_taken(data: Path, tmp_path: Path) -> None:
    first = asked()[0]
    good = f"{first.document_id};{first.key};Und am Abend?"
    file = table(tmp_path / "f.csv", "haushalt;1;Wer?", good, f"{first.document_id};9.9.9;Wer?", "nur;zwei")
    result = run("questions", "import", file, data=data)
    assert result.returncode == 1
    lines = result.stdout.splitlines()
    assert lines[0] == "3 Zeilen abgelehnt:"
    assert [line.split(":")[0].strip() for line in lines[1:4]] == ["Zeile 2", "Zeile 4", "Zeile 5"]
    assert len(EditionStore(data).questions()) == 4


@pytest.mark.parametrize("rows", [["haushalt;1;Wer?"], ["x"]])
def test_nothing_but_wrong_rows_changes_nothing(data: Path, tmp_path: Path, rows: list[str]) -> None:
    before = EditionStore(data).current_name()
    result = run("questions", "import", table(tmp_path / "f.csv", *rows), "--replace", data=data)
    assert result.returncode == 2 and "nichts geändert" in result.stderr
    assert EditionStore(data).current_name() == before


def test_what_is_no_table_and_no_edition_is_one_sentence(data: Path, tmp_path: Path) -> None:
    (tmp_path / "f.csv").write_text("irgendwas")
    for file, where in (
        (tmp_path / "f.csv", data),
        (tmp_path / "fehlt.csv", data),
        (table(tmp_path / "g.csv"), tmp_path),
    ):
        result = run("questions", "import", file, data=where)
        assert result.returncode == 2 and "Traceback" not in result.stderr
        assert len(result.stderr.splitlines()) == 1
    assert run("questions", "export", tmp_path / "nirgends" / "f.csv", data=data).returncode == 2


def test_lost_questions_can_be_written_out(data: Path, tmp_path: Path) -> None:
    paper = tmp_path / "neu.txt"
    paper.write_text("Leitbild\n\n1. Luft\n\nDie Luft im Kreis soll sauber sein und sauber bleiben.\n")
    result = run("ingest", paper, "--replace", data=data)
    assert result.returncode == 0, result.stderr
    assert "3 Fragen ohne Eintrag" in result.stdout and "--lost" in result.stdout
    assert run("questions", "export", tmp_path / "lost.csv", "--lost", data=data).returncode == 0
    lines = (tmp_path / "lost.csv").read_text("utf-8-sig").splitlines()
    assert lines[0] == HEADER and len(lines) == 4
    assert EditionStore(data).questions() == ()


def test_who_wrote_a_question_stays_known_while_its_words_stay(data: Path, tmp_path: Path) -> None:
    store, file = EditionStore(data), tmp_path / "fragen.csv"
    first, second, third = (replace(one, origin="qwen3 sha256:1 sha256:2") for one in store.questions())
    store.publish([report()], questions=[first, second, third])
    assert run("questions", "export", file, data=data).returncode == 0
    assert file.read_text("utf-8-sig").splitlines()[0] == HEADER
    assert run("questions", "export", file, "--origin", data=data).returncode == 0
    lines = file.read_text("utf-8-sig").splitlines()
    assert lines[0] == f"{HEADER};origin" and all(line.endswith(";qwen3 sha256:1 sha256:2") for line in lines[1:])
    file.write_text("\n".join([lines[0], lines[1], lines[3].replace(third.question, "Und wer zahlt das?")]), "utf-8")
    assert run("questions", "import", file, "--replace", data=data).returncode == 0
    assert store.questions() == (first, replace(third, question="Und wer zahlt das?", origin=""))
