"""Files that take too much, or break the reader down: one state and one plain reason each, and the
others are read.
"""

from __future__ import annotations

import multiprocessing
import os
import resource
import zlib
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import cast

import pytest

from ingest import (
    IngestRequest,
    ReadingLimits,
    ReadingTask,
    Rejected,
    load_source,
    read_all,
    read_source,
    run_ingest,
    store_copy,
)
from ingest.errors import Reason
from ingest.register import RegisterEntry
from ingest.sources import Source
from tests.ingest.papers import PROSE
from tests.vectorstore.samples import LetterEmbedding
from vectorstore import EditionStore, Vectors
from vectorstore.records import ParsedDocument
from vectorstore.storage import NoMemory, NothingIngested

SMALL = ReadingLimits(
    file_bytes=2_000_000,
    memory_bytes=80_000_000,
    seconds=60,
    pages=50,
    characters=100_000,
    rows=1_000,
    cells=5_000,
)
LINE = "BT /F1 12 Tf 50 700 Td (Der Kreis Quonau baut ein Netz von Radwegen aus.) Tj ET\n"


def pdf(kids: int, stream: bytes, dictionary: bytes = b"") -> bytes:
    """Return a PDF whose page tree names its one page `kids` times."""
    font = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>"
    tree = b"<</Type/Pages/Count %d/Kids[%s]>>" % (kids, b"3 0 R " * kids)
    content = b"<</Length %d%s>>stream\n%s\nendstream" % (len(stream), dictionary, stream)
    parts = [b"%PDF-1.4\n"]
    places = []
    for number, body in enumerate((b"<</Type/Catalog/Pages 2 0 R>>", tree, page, content, font), 1):
        places.append(sum(map(len, parts)))
        parts.append(b"%d 0 obj\n%s\nendobj\n" % (number, body))
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    start = sum(map(len, parts))
    parts.append(
        b"xref\n0 6\n0000000000 65535 f \n%strailer<</Size 6/Root 1 0 R>>\nstartxref\n" % table
    )
    return b"".join((*parts, b"%d\n%%%%EOF" % start))


def packed(content: bytes) -> bytes:
    return pdf(1, zlib.compress(content, 9), b"/Filter/FlateDecode")


def wide() -> bytes:
    row = "|".join(f"Wert {number}" for number in range(6_000))
    return f"# Plan des Kreises\n\n|{row}|\n|{'---|' * 6_000}\n".encode()


HOSTILE: dict[str, tuple[Callable[[], bytes], Reason]] = {
    "seiten.pdf": (lambda: pdf(51, LINE.encode()), Reason.TOO_MANY_PAGES),
    "bombe.pdf": (lambda: packed(LINE.encode() * 200_000), Reason.OUT_OF_MEMORY),
    # harmless to read, takes a gigabyte to draw, which ends the process
    "striche.pdf": (
        lambda: packed(LINE.encode() + b"0 0 m 9 9 l S\n" * 1_500_000),
        Reason.OUT_OF_MEMORY,
    ),
    "zeichen.txt": (lambda: b"Der Kreis plant viel. " * 5_000, Reason.TOO_MANY_CHARACTERS),
    "zeilen.md": (lambda: b"# Ziel\n\nText dazu.\n\n" * 600, Reason.TOO_MANY_ROWS),
    "zellen.md": (wide, Reason.TOO_MANY_CELLS),
    "bytes.txt": (lambda: b"a" * 2_000_001, Reason.TOO_LARGE),
}


def test_each_limit_is_a_reason_of_its_own(store: EditionStore, tmp_path: Path) -> None:
    folder = tmp_path / "papiere"
    folder.mkdir()
    for name, (make, _) in HOSTILE.items():
        (folder / name).write_bytes(make())
    (folder / "gut.txt").write_text(f"Leitbild\n\n1. Luft\n\n{PROSE}", encoding="utf-8")
    report = run_ingest(IngestRequest(paths=(folder,), limits=SMALL), store)
    found = {file.file: file.reason_code for file in report.files}
    assert found == {"gut.txt": None} | {name: code for name, (_, code) in HOSTILE.items()}
    for file in report.rejected:
        assert file.reason and "Error" not in file.reason and str(tmp_path) not in file.reason
        assert file.seconds < SMALL.seconds + 10
    with closing(store.open()) as edition:
        assert list(edition.catalogue.documents) == ["gut"]


def test_the_shipped_limits_let_ordinary_papers_pass() -> None:
    limits = ReadingLimits()
    assert limits.pages >= 1_000 and limits.characters >= 2_000_000 and limits.seconds >= 30


def tasks(folder: Path, *names: str) -> list[ReadingTask]:
    made = []
    for name in names:
        path = folder / name
        path.write_text(f"Leitbild\n\n1. Luft\n\n{PROSE}", encoding="utf-8")
        made.append(
            ReadingTask(
                RegisterEntry(path.stem, path),
                store_copy(load_source(path), folder, f"kopie-{path.stem}"),
            )
        )
    return made


def test_a_file_over_its_time_is_ended_and_the_others_are_read(tmp_path: Path) -> None:
    slow, good = tasks(tmp_path, "langsam.txt", "gut.txt")
    slow.copy.path.unlink()
    os.mkfifo(slow.copy.path)  # whoever opens it waits for ever
    outcomes = {
        outcome.task: outcome for outcome in read_all([slow, good], ReadingLimits(seconds=1), 2)
    }
    assert isinstance(outcomes[good].result, bytes)
    late = outcomes[slow].result
    assert (
        not isinstance(late, bytes)
        and late.code is Reason.OUT_OF_TIME
        and "1 Sekunden" in late.reason
    )
    assert 10 <= outcomes[slow].seconds < 20  # ten times as long by the clock


def test_a_reader_that_breaks_down_costs_one_file(tmp_path: Path) -> None:
    lost, good = tasks(tmp_path, "weg.txt", "gut.txt")
    lost.copy.path.unlink()
    outcomes = {
        outcome.task: outcome.result for outcome in read_all([lost, good], ReadingLimits(), 1)
    }
    failed = outcomes[lost]
    assert not isinstance(failed, bytes) and failed.code is Reason.READER_FAILED
    assert "Error" not in failed.reason and str(tmp_path) not in failed.reason
    assert isinstance(outcomes[good], bytes)


class LackingPath:
    """The path of a copy, whose reading fails for want of memory in the middle of something
    else.
    """

    def read_bytes(self) -> bytes:
        try:
            raise MemoryError
        except MemoryError:
            raise Rejected("Die PDF-Datei ist beschädigt.") from None


def test_want_of_memory_is_never_called_damage(tmp_path: Path) -> None:
    (task,) = tasks(tmp_path, "eng.txt")
    task = replace(task, copy=task.copy._replace(path=cast(Path, LackingPath())))
    (outcome,) = read_all([task], ReadingLimits(), 1)
    assert not isinstance(outcome.result, bytes) and outcome.result.code is Reason.OUT_OF_MEMORY


def test_whoever_stops_early_leaves_no_process_behind(tmp_path: Path) -> None:
    slow = tasks(tmp_path, "langsam.txt")[0]
    slow.copy.path.unlink()
    os.mkfifo(slow.copy.path)
    good = tasks(tmp_path, "gut.txt")[0]
    reading = read_all([slow, good], ReadingLimits(), 2)
    assert next(reading).task == good
    reading.close()
    assert multiprocessing.active_children() == []


def test_entries_are_limited() -> None:
    def read(rows: int) -> ParsedDocument:
        begun = (
            "<html><body><h1>Maßnahmen des Kreises</h1><table><tr><th>Nr.<th>Maßnahme<th>Amt</tr>"
        )
        table = "".join(
            f"<tr><td>M {number}<td>Radweg {number}<td>66</tr>" for number in range(1, rows + 1)
        )
        source = Source("katalog.html", (begun + table).encode())
        return read_source(
            RegisterEntry("katalog", Path(source.name)), source, limits=ReadingLimits(items=200)
        )

    assert len(read(150).items) > 150
    with pytest.raises(
        Rejected, match=r"^Die Datei hat 301 Einträge; gelesen werden höchstens 200\.$"
    ) as text:
        read(300)
    assert text.value.code is Reason.TOO_MANY_ITEMS


class Hungry(LetterEmbedding):
    """Takes three gigabytes while an edition is built."""

    def vectors(self, texts: Sequence[str]) -> Vectors:
        bytearray(3_000_000_000)
        return super().vectors(texts)


def test_a_run_as_a_whole_takes_no_more_memory_than_it_may(tmp_path: Path) -> None:
    store, before = (
        EditionStore(tmp_path / "data", Hungry()),
        resource.getrlimit(resource.RLIMIT_DATA),
    )
    (tmp_path / "plan.txt").write_text(f"Radwegeplan\n\n{PROSE}\n", encoding="utf-8")
    with pytest.raises(NoMemory, match=r"^Das Einlesen brauchte mehr als 528 MB Arbeitsspeicher\."):
        run_ingest(IngestRequest((tmp_path / "plan.txt",)), store)
    assert resource.getrlimit(resource.RLIMIT_DATA) == before
    with pytest.raises(NothingIngested):
        store.open()
    assert run_ingest(
        IngestRequest((tmp_path / "plan.txt",)), EditionStore(tmp_path / "data")
    ).changed


def test_a_page_beyond_forty_may_take_a_second_more() -> None:
    limits = ReadingLimits(seconds=45)
    assert [limits.seconds_for(pages) for pages in (0, 40, 41, 317)] == [45, 45, 46, 322]


def test_the_setting_of_a_limit_is_told_in_the_terminal_alone(tmp_path: Path) -> None:
    path = tmp_path / "plan.md"
    path.write_text(f"# Plan\n\n{PROSE * 500}", encoding="utf-8")
    request = IngestRequest((path,), limits=replace(SMALL, seconds=0.01))
    report = run_ingest(request, EditionStore(tmp_path / "data"))
    (file,) = report.files
    assert file.reason_code is Reason.OUT_OF_TIME
    assert "0.01 Sekunden Rechenzeit" in file.summary and "_" not in file.summary
    assert (
        file.terminal_summary
        == f"{file.summary} Die Einstellung heißt STRATEGIELOTSE_READ_SECONDS."
    )
    cells = [str(cell) for column in report.table().columns for cell in column.cells]
    assert file.terminal_summary in cells
