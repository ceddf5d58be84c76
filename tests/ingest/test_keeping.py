"""What ingestion keeps of originals and reports: from files, from a register with two renderings, and across runs."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

from ingest.job import IngestRequest, run_ingest
from tests.ingest.papers import PROSE, at, pdf
from tests.processes import run
from vectorstore.editions import EditionStore

REGISTER = """[[document]]
id = "leitbild"
title = "Leitbild"
publisher = "Kreis Quonau"
kind = "guiding_principles"
status = "draft"
file = "leitbild.pdf"
text = "leitbild.txt"
"""


def paper(path: Path, word: str = "Leitbild") -> Path:
    path.write_text(f"{word} des Kreises Quonau\n\nEinleitung\n\n{PROSE}\n\n1. Luft\n\n{PROSE}", "utf-8")
    return path


def kept(store: EditionStore) -> dict[str, bytes]:
    with closing(store.open()) as edition:
        return {name: path.read_bytes() for name, path in edition.originals.items()}


def reported(store: EditionStore) -> dict[str, Any]:
    with closing(store.open()) as edition:
        return {one["id"]: one for one in edition.report["files"]}


def test_every_file_that_is_read_is_kept_with_its_report_and_a_rejected_one_takes_nothing(
    store: EditionStore, tmp_path: Path
) -> None:
    papers = [paper(tmp_path / name) for name in ("eins.txt", "zwei.md")]
    contents = [path.read_bytes() for path in papers]
    run_ingest(IngestRequest(paths=tuple(papers)), store)
    before = reported(store)["eins"]
    assert kept(store) == dict(zip(("eins", "zwei"), contents, strict=True))
    papers[0].unlink()
    papers[1].write_bytes(b"")
    run_ingest(IngestRequest(paths=(papers[1], paper(tmp_path / "drei.txt", "Bericht")), add=True), store)
    assert set(kept(store)) == {"eins", "zwei", "drei"} and kept(store)["zwei"] == contents[1]
    assert reported(store)["eins"] == before and reported(store)["drei"]["state"] == "indexed"


def test_removing_removes_the_original_everywhere(store: EditionStore, tmp_path: Path) -> None:
    secret = "Gartenzwergverordnung"
    papers = (paper(tmp_path / "eins.txt", secret), paper(tmp_path / "zwei.txt"))
    run_ingest(IngestRequest(paths=papers), store)
    assert run("remove", "eins", data=store.root).returncode == 0
    assert set(kept(store)) == {"zwei"} and set(reported(store)) == {"zwei"}
    files = [path for path in store.root.rglob("*") if path.is_file()]
    assert [path for path in files if secret.encode() in path.read_bytes()] == []


def test_the_registered_file_is_the_original_whatever_is_read_and_where_it_is_lost_the_text(
    store: EditionStore, tmp_path: Path
) -> None:
    (tmp_path / "register.toml").write_text(REGISTER)
    text, request = paper(tmp_path / "leitbild.txt"), IngestRequest(manifest=tmp_path / "register.toml")
    run_ingest(replace(request, prefer_text=True), store)
    assert kept(store) == {"leitbild": text.read_bytes()}
    printed = _pdf(tmp_path / "leitbild.pdf")
    for prefer_text in (False, True):
        assert run_ingest(replace(request, prefer_text=prefer_text), store).changed
        assert kept(store) == {"leitbild": printed}


def test_another_print_of_the_same_text_is_another_edition(store: EditionStore, tmp_path: Path) -> None:
    (tmp_path / "register.toml").write_text(REGISTER)
    paper(tmp_path / "leitbild.txt")
    request = IngestRequest(manifest=tmp_path / "register.toml", prefer_text=True)
    _pdf(tmp_path / "leitbild.pdf")
    run_ingest(request, store)
    assert not run_ingest(request, store).changed
    printed = _pdf(tmp_path / "leitbild.pdf", "Zweite Auflage")
    assert run_ingest(request, store).changed
    assert kept(store) == {"leitbild": printed}


def _pdf(path: Path, title: str = "Leitbild des Kreises Quonau") -> bytes:
    texts = (title, "1. Luft", PROSE[:80], "2. Wasser", PROSE[:80])
    path.write_bytes(pdf(at(*((60, 780 - 20 * row, text, 10) for row, text in enumerate(texts)))))
    return path.read_bytes()
