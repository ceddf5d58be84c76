"""A file that changes while it is ingested: text, digest, original and cache are of one and the
same state of it.
"""

from __future__ import annotations

import hashlib
import os
import threading
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

import pytest

from ingest import IngestRequest, Rejected, load_source, run_ingest, store_copy
from ingest.errors import Reason
from ingest.sources import find_files
from tests.ingest.papers import PROSE, at, pdf
from tests.processes import run
from vectorstore import EditionStore


def content(word: str) -> str:
    return f"Leitbild {word}\n\nEinleitung\n\n{PROSE}\n\n1. {word}\n\nDer Kreis schützt {word}. {PROSE}\n"


def printed(word: str) -> bytes:
    """A PDF of three pages that speaks of nothing but `word`."""
    statement = f"Der Kreis Quonau schützt {word} auf jeder Seite."
    return pdf(
        *(at((72, 760, f"{number}. {word}", 12), (72, 700, statement, 12)) for number in (1, 2, 3))
    )


def swap(path: Path, made: bytes) -> None:
    """Put another file under the same name, as an upload does."""
    other = path.with_name("neu")
    other.write_bytes(made)
    other.replace(path)


def identity(store: EditionStore) -> tuple[set[str], bool]:
    """Return which words the one document's text speaks of, and whether its digest is its
    original's.
    """
    with closing(store.open()) as edition:
        (document,) = edition.catalogue.documents.values()
        (original,) = edition.originals.values()
        words = {word for word in ("Moore", "Wälder") if word in document.text}
        return words, hashlib.sha256(original.read_bytes()).hexdigest() == document.digest


@pytest.mark.parametrize(
    "moments", [(1,), pytest.param(range(4), marks=pytest.mark.long)], ids=["once", "each"]
)
def test_a_file_that_is_swapped_while_it_is_read_stays_itself(
    tmp_path: Path, moments: Iterable[int]
) -> None:
    store, path = EditionStore(tmp_path / "data"), tmp_path / "bericht.pdf"
    first, second = printed("Moore"), printed("Wälder")
    for moment in moments:
        path.write_bytes(first)
        seen: list[str] = []

        def exchange(step: str, share: float, seen: list[str] = seen, moment: int = moment) -> None:
            seen.append(step)
            if len(seen) == moment + 1:
                swap(path, second)

        run_ingest(IngestRequest((path,), replace=True), store, exchange)
        words, same = identity(store)
        assert len(words) == 1 and same, f"swapped at step {moment}"
        run_ingest(IngestRequest((path,), replace=True), store)
        assert identity(store) == ({"Wälder"}, True), f"swapped at step {moment}, then read again"


def test_a_file_that_is_being_written_is_rejected_or_whole(tmp_path: Path) -> None:
    path = tmp_path / "bericht.txt"
    whole = {content(word).encode() * 400 for word in ("Moore", "Wälder")}
    path.write_bytes(min(whole))
    stop = threading.Event()

    def rewrite() -> None:
        while not stop.is_set():
            for state in whole:
                path.write_bytes(state)

    writer = threading.Thread(target=rewrite)
    writer.start()
    codes = set()
    try:
        for _ in range(300):
            try:
                load_source(path)
            except Rejected as rejection:
                codes.add(rejection.code)
    finally:
        stop.set()
        writer.join()
    assert codes <= {Reason.CHANGING, Reason.EMPTY}
    assert load_source(path).content in whole


def test_what_is_no_file_is_rejected_at_once(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "rohr.txt")
    (tmp_path / "ordner.txt").mkdir()
    (tmp_path / "leer.txt").write_bytes(b"")
    (tmp_path / "groß.txt").write_bytes(b"x" * 11)
    reasons = {
        "rohr.txt": Reason.UNREADABLE, "ordner.txt": Reason.UNREADABLE, "leer.txt": Reason.EMPTY,
        "groß.txt": Reason.TOO_LARGE, "fehlt.txt": Reason.MISSING, "brief.xlsx": Reason.UNSUPPORTED,
        "brief.docm": Reason.MACROS,
    }  # fmt: skip
    for name, reason in reasons.items():
        with pytest.raises(Rejected) as caught:
            load_source(tmp_path / name, most=10)
        assert caught.value.code is reason and str(tmp_path) not in caught.value.reason


def test_a_copy_is_private_and_has_the_digest_of_its_bytes(tmp_path: Path) -> None:
    path = tmp_path / "Bericht.TXT"
    path.write_text(content("Moore"), encoding="utf-8")
    copy = store_copy(load_source(path), tmp_path, "7")
    path.write_text("anderes", encoding="utf-8")
    assert copy.path.stat().st_mode & 0o777 == 0o600
    assert copy.load().content == content("Moore").encode()
    assert copy.digest == hashlib.sha256(copy.path.read_bytes()).hexdigest()


def test_a_lock_file_of_word_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / "Plan.md").write_text("# Plan\n\nText.", encoding="utf-8")
    (tmp_path / "~$Plan.docx").write_bytes(b"lock")
    found = find_files((tmp_path,))
    assert [file.name for file in found.files] == ["Plan.md"]
    assert [file.path.name for file in found.left] == ["~$Plan.docx"]


def test_a_data_folder_among_the_documents_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / "Plan.md").write_text(content("Moore"), encoding="utf-8")
    command = ("ingest", str(tmp_path), "--replace")
    for _ in range(2):
        assert run(*command, data=tmp_path / "data").returncode == 0
    assert run("documents", data=tmp_path / "data").stdout.count("plan") == 1
