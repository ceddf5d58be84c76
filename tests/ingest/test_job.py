"""The job against the real edition store: states, exit codes, cache, adding, and nothing lost on failure."""

from __future__ import annotations

import json
import os
from contextlib import closing
from pathlib import Path

import pytest
from rich.console import Console

from ingest.errors import Reason, RegisterError, WouldRemove
from ingest.job import IngestRequest, run_ingest
from ingest.report import FileState, counts_in_words
from tests.ingest.papers import PROSE
from vectorstore.editions import EditionStore
from vectorstore.errors import WriterBusy
from vectorstore.records import DocumentStatus


def _paper(folder: Path, name: str, title: str = "Leitbild") -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(
        f"{title} des Kreises Quonau\n\nEinleitung\n\n{PROSE}\n\n1. Luft\n\n{PROSE}\n\n2. Wasser\n\n{PROSE}", "utf-8"
    )
    return path


def _documents(store: EditionStore) -> list[str]:
    with closing(store.open()) as edition:
        return list(edition.catalogue.documents)


def test_files_and_states(store: EditionStore, tmp_path: Path) -> None:
    papers = tmp_path / "papers"
    _paper(papers, "eins.txt")
    _paper(papers, "zwei.md")
    (papers / "leer.pdf").write_bytes(b"")
    shares: list[float] = []
    report = run_ingest(IngestRequest(paths=(papers,)), store, lambda step, share: shares.append(share))
    assert shares == sorted(shares) and shares[-1] == 1.0
    assert [(file.id, file.state) for file in report.files] == [
        ("eins", FileState.INDEXED), ("leer", FileState.REJECTED), ("zwei", FileState.INDEXED),
    ]  # fmt: skip
    assert report.exit_code == 1 and report.changed and report.edition == store.current_name()
    assert _documents(store) == ["eins", "zwei"]
    assert json.loads(json.dumps(report.as_dict()))["files"][1]["reason"] == "Die Datei ist leer."
    with (tmp_path / "out").open("w") as file:
        console = Console(width=120, record=True, file=file)
        console.print(report.table())
    printed = console.export_text()
    assert "eingelesen" in printed and "abgelehnt" in printed and "Die Datei ist leer." in printed


def test_the_same_again_changes_nothing_and_is_not_read_anew(store: EditionStore, tmp_path: Path) -> None:
    request = IngestRequest(paths=(_paper(tmp_path, "eins.txt"),))
    first, second = run_ingest(request, store), run_ingest(request, store)
    assert (first.changed, second.changed) == (True, False) and first.edition == second.edition
    assert (first.files[0].cached, second.files[0].cached) == (False, True)
    moved = _paper(tmp_path / "anderswo", "eins.txt")
    assert run_ingest(IngestRequest(paths=(moved,)), store).files[0].cached
    for changed in ({"paths": (_paper(tmp_path, "eins.txt", "Bericht"),)}, {"again": True}):
        assert not run_ingest(IngestRequest(**changed), store).files[0].cached


def test_adding_keeps_and_replacing_drops(store: EditionStore, tmp_path: Path) -> None:
    run_ingest(IngestRequest(paths=(_paper(tmp_path, "eins.txt"),)), store)
    run_ingest(IngestRequest(paths=(_paper(tmp_path, "zwei.txt"),), add=True), store)
    run_ingest(IngestRequest(paths=(_paper(tmp_path, "eins.txt", "Bericht"),), add=True), store)
    with closing(store.open()) as edition:
        titles = [document.title for document in edition.catalogue.documents.values()]
    assert titles == ["Bericht des Kreises Quonau", "Leitbild des Kreises Quonau"]
    with pytest.raises(WouldRemove) as question:
        run_ingest(IngestRequest(paths=(_paper(tmp_path, "drei.txt"),)), store)
    assert question.value.ids == ("eins", "zwei") and _documents(store) == ["eins", "zwei"]
    report = run_ingest(IngestRequest(paths=(tmp_path / "drei.txt",), replace=True), store)
    assert report.going == ("eins", "zwei")
    assert _documents(store) == ["drei"]
    assert not (store.root / "incoming").exists()


def test_a_dry_run_a_second_writer_and_unreadable_files_change_nothing(store: EditionStore, tmp_path: Path) -> None:
    run_ingest(IngestRequest(paths=(_paper(tmp_path, "eins.txt"),)), store)
    before = store.current_name()
    report = run_ingest(IngestRequest(paths=(_paper(tmp_path, "zwei.txt"),), dry_run=True), store)
    assert (report.going, report.edition, report.changed) == (("eins",), before, False)
    assert report.files[0].counts and store.current_name() == before and _documents(store) == ["eins"]
    with store.writing(), pytest.raises(WriterBusy):
        run_ingest(IngestRequest(paths=(tmp_path / "zwei.txt",)), EditionStore(store.root))
    report = run_ingest(IngestRequest(paths=(tmp_path / "fehlt.pdf",), replace=True), store)
    assert report.exit_code == 1 and report.edition == before == store.current_name()


@pytest.mark.parametrize("add", [False, True])
def test_a_document_whose_new_file_is_rejected_stays_as_it_was(store: EditionStore, tmp_path: Path, add: bool) -> None:
    eins, zwei = _paper(tmp_path, "eins.txt"), _paper(tmp_path, "zwei.txt")
    run_ingest(IngestRequest(paths=(eins, zwei)), store)
    eins.write_bytes(b"")
    zwei.write_text(zwei.read_text(encoding="utf-8") + PROSE, encoding="utf-8")
    report = run_ingest(IngestRequest(paths=(eins, zwei), add=add), store)
    assert report.changed and _documents(store) == ["eins", "zwei"]
    assert report.files[0].kept and report.files[0].reason_code is Reason.EMPTY
    assert report.files[0].summary == "Die Datei ist leer. Die bisherige Fassung bleibt."


def test_register_and_unregistered_files(store: EditionStore, tmp_path: Path) -> None:
    _paper(tmp_path / "korpus", "eins.txt")
    _paper(tmp_path / "korpus", "rest.txt")
    register = tmp_path / "korpus" / "corpus.toml"
    register.write_text(
        '[[document]]\nid = "leitbild"\ntitle = "Leitbild"\npublisher = "Kreis Quonau"\n'
        'kind = "guiding_principles"\nstatus = "draft"\nfile = "eins.txt"\n',
        encoding="utf-8",
    )
    report = run_ingest(IngestRequest(manifest=register), store)
    assert [file.id for file in report.files] == ["leitbild"] and report.exit_code == 0
    assert [one.path.name for one in report.left] == ["rest.txt"]
    good = register.read_text(encoding="utf-8")
    second = good.replace('"leitbild"', '"rest"').replace("eins.txt", "rest.txt")
    register.write_text(good.replace("guiding_principles", "leitbild") + second, encoding="utf-8")
    report = run_ingest(IngestRequest(manifest=register), store)
    wrong = next(file for file in report.files if file.id == "leitbild")
    assert (wrong.reason_code, wrong.kept, report.exit_code) == (Reason.REGISTER, True, 1)
    assert _documents(store) == ["leitbild", "rest"]
    register.write_text(good + good, encoding="utf-8")
    with pytest.raises(RegisterError, match="Zeile 9"):
        run_ingest(IngestRequest(manifest=register), store)


def test_what_is_no_document_in_a_folder_is_told_and_left(store: EditionStore, tmp_path: Path) -> None:
    _paper(tmp_path / "papers", "eins.txt")
    for name in ("brief.xyz", ".DS_Store", "README.md", "license.txt", "Lizenzplan.txt", ".notiz.txt"):
        (tmp_path / "papers" / name).write_text(f"Plan\n\n{PROSE}", encoding="utf-8")
    (tmp_path / "anderswo").mkdir()
    _paper(tmp_path / "anderswo", "fremd.txt")
    (tmp_path / "papers" / "verweis.txt").symlink_to(tmp_path / "anderswo" / "fremd.txt")
    (tmp_path / "papers" / "ordner").symlink_to(tmp_path / "anderswo")
    os.mkfifo(tmp_path / "papers" / "rohr.txt")
    report = run_ingest(IngestRequest(paths=(tmp_path / "papers",)), store)
    assert report.exit_code == 0 and {file.id for file in report.files} == {"eins", "lizenzplan"}
    assert {one.path.name: one.reason for one in report.left} == {
        "brief.xyz": "kein PDF-, Word- (DOCX-), HTML-, Text- oder Markdown-Dokument",
        "README.md": "beschreibt den Ordner, kein Dokument",
        "license.txt": "beschreibt den Ordner, kein Dokument",
        ".notiz.txt": "eine versteckte Datei",
        "verweis.txt": "eine Verknüpfung; ihr wird nicht gefolgt",
        "ordner": "eine Verknüpfung; ihr wird nicht gefolgt",
        "rohr.txt": "keine gewöhnliche Datei",
    }
    named = run_ingest(IngestRequest(paths=(tmp_path / "papers" / "README.md",), replace=True), store)
    assert [file.id for file in named.files] == ["readme"] and named.exit_code == 0


def test_odd_and_long_names_make_ids_and_are_told_without_harm(store: EditionStore, tmp_path: Path) -> None:
    odd = (os.fsdecode(b"\xff\xfe.txt"), "zwei\nZeilen.txt", "\x1b[31mrot.txt", "\u202etxt.txt")
    for place in (tmp_path / "papers", tmp_path / "papers" / "daneben"):
        for name in odd:
            _paper(place, name)
    for name in odd:
        (tmp_path / "papers" / name).with_suffix(".png").write_bytes(b"x")
    for name in ("-.txt", "a" * 250 + ".txt", "a" * 249 + ".md"):
        _paper(tmp_path / "papers", name)
    report = run_ingest(IngestRequest(paths=(tmp_path / "papers",)), store)
    assert report.exit_code == 0 and len(report.files) == 11 and len(report.left) == 4
    assert "dokument" in {file.id.rpartition("-")[0] or file.id for file in report.files}
    assert {100, 102} <= {len(file.id) for file in report.files}
    assert all(
        told.isprintable()
        for told in (*(file.file for file in report.files), *(one["path"] for one in report.as_dict()["left"]))
    )


def test_counts_are_told_in_words() -> None:
    counts = {"section": 1, "project": 99, "goal": 33, "archived": 9, "thesis": 1}
    assert counts_in_words(counts) == "33 Ziele, 99 Projekte, 9 Archivzeilen, 1 These, 1 Abschnitt"


def _registered(folder: Path, *entries: tuple[str, str]) -> Path:
    given = 'title = "Plan"\npublisher = "Kreis"\nkind = "plan"\nstatus = "adopted"'
    told = (f'[[document]]\nid = "{name}"\n{given}\nfile = "{name}.txt"\n{more}\n' for name, more in entries)
    (folder / "corpus.toml").write_text("".join(told), encoding="utf-8")
    return folder / "corpus.toml"


def test_replacing_what_there_is_not_is_a_warning_of_that_entry(store: EditionStore, tmp_path: Path) -> None:
    for name in ("alt", "neu", "rest"):
        _paper(tmp_path, f"{name}.txt")
    register = _registered(tmp_path, ("alt", ""), ("neu", 'replaces = "alt"'), ("rest", 'replaces = "nie"'))
    report = run_ingest(IngestRequest(manifest=register), store)
    assert [one.state for one in report.files] == [FileState.INDEXED] * 2 + [FileState.INDEXED_WITH_WARNINGS]
    assert report.files[2].warnings == ("Soll „nie“ ersetzen, das es nicht gibt.",) and report.exit_code == 0
    with closing(store.open()) as edition:
        assert edition.catalogue.superseded == {"alt": "neu"}
    register = _registered(tmp_path, ("neu", 'replaces = "alt"'))
    report = run_ingest(IngestRequest(manifest=register, add=True), store)
    assert report.files[0].warnings == (), "the edition still has it"


def test_answers_of_people_are_read_again_with_the_paper(store: EditionStore, tmp_path: Path) -> None:
    paths = (_paper(tmp_path, "eins.txt"),)
    before = run_ingest(IngestRequest(paths=paths, dry_run=True), store)
    assert {one.field for one in before.files[0].front if not one.sure} == {"publisher", "status", "as_of"}
    assert (
        "unbestätigt: Herausgeber, Verbindlichkeit, Stand" in before.files[0].summary and store.current_name() is None
    )
    answers = {"eins": {"status": DocumentStatus.DRAFT, "title": "Neuer Titel"}}
    run_ingest(IngestRequest(paths=paths, answers=answers), store)
    with closing(store.open()) as edition:
        document = edition.catalogue.documents["eins"]
    assert (document.title, document.status) == ("Neuer Titel", DocumentStatus.DRAFT)
    assert document.unconfirmed == ("publisher", "as_of")
