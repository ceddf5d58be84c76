"""The job against the real edition store: states, exit codes, adding, replacing, registers, and
nothing lost.
"""

from __future__ import annotations

import json
import os
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from rich.console import Console

from ingest import IngestRequest, WouldRemove, WouldReplace, run_ingest
from ingest.errors import Reason, RegisterError
from ingest.report import FileState, counts_in_words
from prompts import say
from tests.ingest.papers import PROSE, at, pdf
from tests.ingest.runs import documents, ingest, originals, reported, write_paper, write_register
from tests.processes import run
from vectorstore import EditionStore
from vectorstore.records import DocumentStatus
from vectorstore.storage import NotPublishable, WriterBusy


def test_files_and_states(store: EditionStore, tmp_path: Path) -> None:
    document_files = tmp_path / "papers"
    write_paper(document_files / "eins.txt")
    write_paper(document_files / "zwei.md", "Wegeplan")
    (document_files / "leer.pdf").write_bytes(b"")
    shares: list[float] = []
    report = run_ingest(
        IngestRequest(paths=(document_files,)), store, lambda step, share: shares.append(share)
    )
    assert shares == sorted(shares) and shares[-1] == 1.0
    assert [(file.id, file.state) for file in report.files] == [
        ("eins", FileState.INDEXED), ("leer", FileState.REJECTED), ("zwei", FileState.INDEXED),
    ]  # fmt: skip
    assert report.exit_code == 1 and report.changed and report.edition == store.current_name()
    assert list(documents(store)) == ["eins", "zwei"]
    assert json.loads(json.dumps(report.to_json()))["files"][1]["reason"] == say("files.empty")
    with (tmp_path / "out").open("w") as file:
        console = Console(width=120, record=True, file=file)
        console.print(report.table())
    printed = console.export_text()
    assert "eingelesen" in printed and "abgelehnt" in printed and say("files.empty") in printed


def test_the_same_again_changes_nothing_and_is_not_read_anew(
    store: EditionStore, tmp_path: Path
) -> None:
    path = write_paper(tmp_path / "eins.txt")
    first, second = ingest(store, path), ingest(store, path)
    assert (first.changed, second.changed) == (True, False) and first.edition == second.edition
    assert (first.files[0].cached, second.files[0].cached) == (False, True)
    assert ingest(store, write_paper(tmp_path / "anderswo" / "eins.txt")).files[0].cached
    assert not ingest(store, write_paper(path, "Bericht"), replace=True).files[0].cached
    assert not ingest(store, again=True).files[0].cached


def test_adding_keeps_and_replacing_drops(store: EditionStore, tmp_path: Path) -> None:
    ingest(store, write_paper(tmp_path / "eins.txt"))
    ingest(store, write_paper(tmp_path / "zwei.txt"), add=True)
    ingest(store, write_paper(tmp_path / "eins.txt", "Bericht"), add=True, replace=True)
    titles = [document.title for document in documents(store).values()]
    assert titles == ["Bericht des Kreises Quonau", "Leitbild des Kreises Quonau"]
    three = write_paper(tmp_path / "drei.txt")
    with pytest.raises(WouldRemove) as question:
        ingest(store, three)
    assert question.value.ids == ("eins", "zwei") and list(documents(store)) == ["eins", "zwei"]
    assert ingest(store, three, replace=True).going == ("eins", "zwei")
    assert list(documents(store)) == ["drei"] and not (store.root / "incoming").exists()


def test_a_dry_run_a_second_writer_and_unreadable_files_change_nothing(
    store: EditionStore, tmp_path: Path
) -> None:
    ingest(store, write_paper(tmp_path / "eins.txt"))
    before, two = store.current_name(), write_paper(tmp_path / "zwei.txt")
    report = ingest(store, two, dry_run=True)
    assert (report.going, report.edition, report.changed) == (("eins",), before, False)
    assert (
        report.files[0].counts
        and store.current_name() == before
        and list(documents(store)) == ["eins"]
    )
    with store.writing(), pytest.raises(WriterBusy):
        ingest(EditionStore(store.root), two)
    report = ingest(store, tmp_path / "fehlt.pdf", replace=True)
    assert report.exit_code == 1 and report.edition == before == store.current_name()


@pytest.mark.parametrize("add", [False, True])
def test_a_document_whose_new_file_is_rejected_stays_as_it_was(
    store: EditionStore, tmp_path: Path, add: bool
) -> None:
    paths = [write_paper(tmp_path / name) for name in ("eins.txt", "zwei.txt")]
    ingest(store, *paths)
    paths[0].write_bytes(b"")
    write_paper(paths[1], "Bericht")
    report = ingest(store, *paths, add=add, replace=True)
    assert report.changed and list(documents(store)) == ["eins", "zwei"]
    assert report.files[0].kept and report.files[0].reason_code is Reason.EMPTY
    assert report.files[0].summary == say("report.kept", reason=say("files.empty"))


def test_answers_of_people_are_read_again_with_the_paper(
    store: EditionStore, tmp_path: Path
) -> None:
    path = write_paper(tmp_path / "eins.txt")
    before = ingest(store, path, dry_run=True)
    assert not any(fact.sure for fact in before.files[0].front)
    parts = "Titel, Herausgeber, Art, Verbindlichkeit, Stand"
    assert f"unbestätigt: {parts}" in before.files[0].summary
    assert store.current_name() is None
    ingest(store, path, answers={"eins": {"status": DocumentStatus.DRAFT, "title": "Neuer Titel"}})
    document = documents(store)["eins"]
    assert (document.title, document.status) == ("Neuer Titel", DocumentStatus.DRAFT)
    assert document.unconfirmed == ("publisher", "kind", "as_of")


# Files with one name


def write_note(folder: Path, text: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "Anlage 1.md"
    path.write_text(f"# Anlage 1\n\nStand: 1. Januar 2031\n\n{text}\n", encoding="utf-8")
    return path


FEES = "Die Fähre kostet für Kinder nichts, für alle anderen zwei Euro und mit Rad drei Euro."
TREES = "Am Ried stehen vierzig Weiden. Im Herbst kommen zehn Erlen dazu, die der Bauhof pflanzt."
BOATS = "Neun Boote liegen am Steg. Wer eines leiht, gibt es vor Sonnenuntergang wieder zurück."


def first_words(store: EditionStore) -> dict[str, str]:
    return {name: read.text.split("\n\n")[2][:10] for name, read in documents(store).items()}


def test_a_file_with_a_documents_name_and_another_text_is_a_new_document(
    store: EditionStore, tmp_path: Path
) -> None:
    ingest(store, write_note(tmp_path / "papers" / "2031", FEES))
    report = ingest(store, write_note(tmp_path / "papers" / "2032", TREES), add=True)
    assert report.files[0].id == "anlage-1-2"
    assert say("reading.same_name", id="anlage-1") in report.files[0].warnings
    both = {"anlage-1": FEES[:10], "anlage-1-2": TREES[:10]}
    assert first_words(store) == both
    assert not ingest(store, tmp_path / "papers" / "2032" / "Anlage 1.md", add=True).changed
    write_note(tmp_path / "papers" / "2030", BOATS)  # the first of the folder
    assert ingest(store, tmp_path / "papers").changed
    assert first_words(store) == both | {"anlage-1-3": BOATS[:10]}


def test_an_id_stays_with_its_document_where_all_files_of_a_name_change(
    store: EditionStore, tmp_path: Path
) -> None:
    ingest(
        store,
        write_note(tmp_path / "papers" / "2031", FEES),
        write_note(tmp_path / "papers" / "2032", TREES),
    )
    write_note(tmp_path / "papers" / "2031", f"{FEES} Hunde sind frei.")
    write_note(tmp_path / "papers" / "2032", f"{TREES} Eschen fehlen.")
    write_note(tmp_path / "papers" / "2030", BOATS)
    report = ingest(store, tmp_path / "papers", replace=True)
    assert [file.id for file in report.files] == ["anlage-1-3", "anlage-1", "anlage-1-2"]
    assert first_words(store) == {
        "anlage-1": FEES[:10], "anlage-1-2": TREES[:10], "anlage-1-3": BOATS[:10],
    }  # fmt: skip


@pytest.mark.parametrize("add", [False, True])
def test_another_version_of_a_document_replaces_it_only_if_allowed(
    store: EditionStore, tmp_path: Path, add: bool
) -> None:
    ingest(store, write_note(tmp_path / "papers" / "2031", FEES))
    before = store.current_name()
    newer = write_note(tmp_path / "papers" / "2032", f"{FEES} Hunde sind frei.")
    with pytest.raises(WouldReplace) as question:
        ingest(store, newer, add=add)
    assert question.value.ids == ("anlage-1",) and store.current_name() == before
    assert ingest(store, newer, add=add, dry_run=True).files[0].id == "anlage-1"
    assert ingest(store, newer, add=add, draft=True).draft, "people look at it first"
    assert ingest(store, newer, add=add, replace=True).changed
    assert "Hunde" in documents(store)["anlage-1"].text and len(documents(store)) == 1


def test_a_document_that_would_go_for_one_of_its_name_is_asked_about(
    store: EditionStore, tmp_path: Path
) -> None:
    ingest(store, write_note(tmp_path / "papers" / "2031", FEES))
    before = store.current_name()
    with pytest.raises(WouldRemove) as question:
        ingest(store, write_note(tmp_path / "papers" / "2032", TREES))
    assert question.value.ids == ("anlage-1",) and store.current_name() == before


# Registers


def test_register_and_unregistered_files(store: EditionStore, tmp_path: Path) -> None:
    for name in ("eins.txt", "rest.txt"):
        write_paper(tmp_path / name)
    report = ingest(store, manifest=write_register(tmp_path, {"file": "eins.txt"}))
    assert [file.id for file in report.files] == ["leitbild"] and report.exit_code == 0
    assert [left.path.name for left in report.left] == ["rest.txt"]
    wrong = write_register(
        tmp_path, {"file": "eins.txt", "kind": "leitbild"}, {"id": "rest", "file": "rest.txt"}
    )
    report = ingest(store, manifest=wrong)
    rejected = next(file for file in report.files if file.id == "leitbild")
    assert (rejected.reason_code, rejected.kept, report.exit_code) == (Reason.REGISTER, True, 1)
    assert list(documents(store)) == ["leitbild", "rest"]
    with pytest.raises(RegisterError, match="Zeile 10"):
        ingest(store, manifest=write_register(tmp_path, {}, {}))


def test_replacing_what_there_is_not_is_a_warning_of_that_entry(
    store: EditionStore, tmp_path: Path
) -> None:
    old, new, other = ({"id": name, "file": f"{name}.txt"} for name in ("alt", "neu", "rest"))
    for entry in (old, new, other):
        write_paper(tmp_path / entry["file"])
    register = write_register(
        tmp_path, old, {**new, "replaces": "alt"}, {**other, "title": "Wegeplan", "replaces": "nie"}
    )
    report = ingest(store, manifest=register)
    assert [file.state for file in report.files] == [FileState.INDEXED] * 2 + [
        FileState.INDEXED_WITH_WARNINGS
    ]
    assert (
        report.files[2].warnings == (say("reading.replaces_nothing", id="nie"),)
        and report.exit_code == 0
    )
    with closing(store.open()) as edition:
        assert edition.catalogue.superseded == {"alt": "neu"}
    report = ingest(store, manifest=write_register(tmp_path, {**new, "replaces": "alt"}), add=True)
    assert report.files[0].warnings == (), "the edition still has it"


def test_an_edition_with_a_chunk_outside_of_its_item_is_refused(
    store: EditionStore, tmp_path: Path
) -> None:
    path = write_paper(tmp_path / "eins.txt")
    ingest(store, path)
    with closing(store.open()) as edition:
        (parsed,), report = edition.catalogue.parsed, edition.report
    first, *others = parsed.chunks
    moved = replace(first, key=others[-1].key)
    store.publish([replace(parsed, chunks=(moved, *others))], report)
    before = store.current_name()
    with pytest.raises(NotPublishable, match=moved.id):
        ingest(store, path)  # an unchanged file is not read again
    assert store.current_name() == before
    assert ingest(store, write_paper(tmp_path / "zwei.txt"), add=True).changed, "it stays as it was"


# Names of files


def test_what_is_no_document_in_a_folder_is_told_and_left(
    store: EditionStore, tmp_path: Path
) -> None:
    documents = tmp_path / "papers"
    write_paper(documents / "eins.txt")
    for name in (
        "brief.xyz",
        ".DS_Store",
        "README.md",
        "license.txt",
        "Lizenzplan.txt",
        ".notiz.txt",
    ):
        (documents / name).write_text(f"Plan\n\n{PROSE}", encoding="utf-8")
    (documents / "verweis.txt").symlink_to(write_paper(tmp_path / "anderswo" / "fremd.txt"))
    (documents / "ordner").symlink_to(tmp_path / "anderswo")
    os.mkfifo(documents / "rohr.txt")
    report = ingest(store, documents)
    assert report.exit_code == 0 and {file.id for file in report.files} == {"eins", "lizenzplan"}
    assert {left.path.name: left.reason for left in report.left} == {
        "brief.xyz": say("files.other"),
        "README.md": say("files.about"),
        "license.txt": say("files.about"),
        ".notiz.txt": say("files.hidden_file"),
        "verweis.txt": say("files.link"),
        "ordner": say("files.link"),
        "rohr.txt": say("files.no_file"),
    }
    named = ingest(store, documents / "README.md", replace=True)
    assert [file.id for file in named.files] == ["readme"] and named.exit_code == 0


def test_odd_and_long_names_make_ids_and_are_told_without_harm(
    store: EditionStore, tmp_path: Path
) -> None:
    documents = tmp_path / "papers"
    odd = (os.fsdecode(b"\xff\xfe.txt"), "zwei\nZeilen.txt", "\x1b[31mrot.txt", "\u202et.txt")
    for path in (place / name for place in (documents, documents / "daneben") for name in odd):
        write_paper(path)
    for name in odd:
        (documents / name).with_suffix(".png").write_bytes(b"x")
    for name in ("-.txt", "a" * 250 + ".txt", "a" * 249 + ".md"):
        write_paper(documents / name)
    report = ingest(store, documents)
    assert report.exit_code == 0 and len(report.files) == 11 and len(report.left) == 4
    assert "dokument" in {file.id.rpartition("-")[0] or file.id for file in report.files}
    assert {100, 102} <= {len(file.id) for file in report.files}
    names = [
        *(file.file for file in report.files),
        *(left["path"] for left in report.to_json()["left"]),
    ]
    assert all(map(str.isprintable, names))


def test_counts_are_told_in_words() -> None:
    counts = {"section": 1, "project": 99, "goal": 33, "archived": 9, "thesis": 1}
    assert counts_in_words(counts) == "33 Ziele, 99 Projekte, 9 Archivzeilen, 1 These, 1 Abschnitt"


# Originals


def test_every_file_that_is_read_is_kept_with_its_report_and_a_rejected_one_takes_nothing(
    store: EditionStore, tmp_path: Path
) -> None:
    documents = [write_paper(tmp_path / name) for name in ("eins.txt", "zwei.md")]
    contents = [path.read_bytes() for path in documents]
    ingest(store, *documents)
    before = reported(store)["eins"]
    assert originals(store) == dict(zip(("eins", "zwei"), contents, strict=True))
    documents[0].unlink()
    documents[1].write_bytes(b"")
    ingest(store, documents[1], write_paper(tmp_path / "drei.txt", "Bericht"), add=True)
    assert (
        set(originals(store)) == {"eins", "zwei", "drei"}
        and originals(store)["zwei"] == contents[1]
    )
    assert reported(store)["eins"] == before and reported(store)["drei"]["state"] == "indexed"


def test_removing_removes_the_original_everywhere(store: EditionStore, tmp_path: Path) -> None:
    secret = "Gartenzwergverordnung"
    ingest(store, write_paper(tmp_path / "eins.txt", secret), write_paper(tmp_path / "zwei.txt"))
    assert run("remove", "eins", data=store.root).returncode == 0
    assert set(originals(store)) == {"zwei"} and set(reported(store)) == {"zwei"}
    files = [path for path in store.root.rglob("*") if path.is_file()]
    assert [path for path in files if secret.encode() in path.read_bytes()] == []


def _print(path: Path, title: str = "Leitbild des Kreises Quonau") -> bytes:
    texts = (title, "1. Luft", PROSE[:80], "2. Wasser", PROSE[:80])
    path.write_bytes(pdf(at(*((60, 780 - 20 * row, text, 10) for row, text in enumerate(texts)))))
    return path.read_bytes()


def test_the_registered_file_is_the_original_whatever_is_read_and_where_it_is_lost_the_text(
    store: EditionStore, tmp_path: Path
) -> None:
    register = write_register(tmp_path, {"file": "leitbild.pdf", "text": "leitbild.txt"})
    text = write_paper(tmp_path / "leitbild.txt")
    ingest(store, manifest=register, prefer_text=True)
    assert originals(store) == {"leitbild": text.read_bytes()}
    printed = _print(tmp_path / "leitbild.pdf")
    for prefer_text in (False, True):
        assert ingest(store, manifest=register, prefer_text=prefer_text).changed
        assert originals(store) == {"leitbild": printed}
    assert not ingest(store, manifest=register, prefer_text=True).changed
    printed = _print(tmp_path / "leitbild.pdf", "Zweite Auflage")
    assert ingest(store, manifest=register, prefer_text=True).changed, (
        "another print of the same text"
    )
    assert originals(store) == {"leitbild": printed}
