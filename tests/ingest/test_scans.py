"""Pages that are read from their picture: what is read, what is not believed, and what the program
may not do.
"""

from __future__ import annotations

import os
import shlex
import time
import zlib
from contextlib import closing
from pathlib import Path

import pytest
from pypdf import PdfReader, PdfWriter
from rapidfuzz.distance import Levenshtein
from reportlab.pdfgen.canvas import Canvas

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
from ingest.layout import tesseract
from ingest.layout.scanned_pages import is_readable, mark_doubtful
from ingest.layout.tesseract import PictureToken, find_program
from ingest.register import RegisterEntry
from ingest.sources import Source
from prompts import say
from service import load_settings
from service.answering import AnswerService
from service.records import ChatRequest
from service.records.labels import format_citation
from service.web.pictures import PictureRequest
from service.web.pictures.drawing import page_picture
from tests.ingest.cases import cases
from tests.ingest.papers import (
    is_whole,
    layout_of,
    pdf,
    read_bytes,
    records,
    text_of,
)
from tests.ingest.pdf_objects import pdf_object, rewritten
from tests.ingest.real import OTHER, needs_other
from tests.ingest.scanned import lines, program, scan, tsv
from tests.ingest.test_typed_remarks import remark
from tests.service.printed_papers import TEXT, stream
from tests.service.printed_papers import pdf as drawn_pdf
from vectorstore import EditionStore
from vectorstore.records import ItemKind, ParsedDocument

MARK = say("reading.illegible")
BEFORE_PAGES = say("reading.scanned").partition("{")[0]
PROSE = (
    "Der Kreis Quonau baut die Radwege im Norden bis zum Herbst aus.",
    "Die Kosten trägt der Haushalt; zuständig ist das Tiefbauamt.",
    "Über den Fortgang wird im Ausschuss für Verkehr berichtet.",
)
LETTER = (
    "Sachstand zum Radverkehr im Kreis Quonau",
    "",
    *PROSE,
    "Im Jahr 2027 sollen 14 Kilometer zwischen Auental und Bergheim fertig",
    "werden. Dafür sind 1.250.000 Euro eingeplant; das Land fördert den Ausbau",
    "mit 60 Prozent. Die Brücke über die Quon wird erst danach erneuert, weil",
    "die Prüfung des Tragwerks noch nicht abgeschlossen ist. Anlieger werden",
    "vor Beginn der Arbeiten schriftlich benachrichtigt. Auf der Strecke gilt",
    "während der Bauzeit eine Umleitung über den Mühlenweg.",
    "Für die Abstellanlagen am Bahnhof liegen Angebote von drei Firmen vor. Der",
    "Zuschlag soll am 15. September 2026 erteilt werden. Überdachte Plätze für",
    "Lastenräder und Ladesäulen kommen hinzu, sobald der Netzbetreiber den",
    "Anschluss bestätigt hat.",
)


def word_error(expected: str, found: str) -> float:
    """Return how many words must be changed, left out or put in, as a share of those expected."""
    return Levenshtein.distance(expected.split(), found.split()) / len(expected.split())


def test_a_scan_is_read_with_the_places_of_its_words_and_the_report_says_so() -> None:
    read = read_bytes(scan(lines(*PROSE), lines(*PROSE[:2])))
    document = read.document
    assert all(line in document.text for line in PROSE)
    assert all(warning.startswith(BEFORE_PAGES) for warning in document.warnings)
    assert [scan.page for scan in document.scans] == [1, 2]
    rows = [row.split("\t") for row in document.scans[0].rows.splitlines()]
    first = next(tuple(map(float, box)) for word, *box in rows if word == "Kreis")
    assert first == pytest.approx((70 + 22, 842 - 768, 70 + 46, 842 - 760), abs=4)
    assert is_whole(document) and document.coverage.hidden == 0


@cases("skew", "turned", "dpi")
def test_words_of_a_known_text(skew: float, turned: int, dpi: int) -> None:
    """Of 134 words none is wrong at 200 and 150 dpi, one at 100 (Tesseract 5.3); docs/documents.md
    says so.
    """
    read = read_bytes(scan(lines(*LETTER), skew=skew, turned=turned, dpi=dpi, high=370))
    wrong = word_error(" ".join(LETTER), read.document.text)
    assert wrong <= 0.03, read.document.text
    assert MARK not in read.document.text


def test_what_covers_words_of_a_turned_scan_is_in_their_place() -> None:
    cover = pdf_object(remark("/FreeText", "Stadt Auental", (70, 71, 88, 150)) | {"/C": [1, 1, 1]})
    made = rewritten(scan(lines(*PROSE), turned=90), lambda w: w.add_annotation(0, cover))
    assert text_of(layout_of(made)).startswith("Stadt Auental baut die Radwege im Norden")


def token(text: str, confidence: float = 96.0) -> PictureToken:
    return PictureToken(text, tesseract.Box(0, 0, 10, 10), confidence)


@cases("line", "kept")
def test_numbers_in_doubt_are_left_out(line: str, kept: str) -> None:
    """A question mark makes a word less sure than 90, two make it less than 30."""
    words = [token(word.rstrip("?"), (96.0, 89.9, 20.0)[word.count("?")]) for word in line.split()]
    assert " ".join(word.text for word in mark_doubtful(words)).replace(MARK, "#") == kept


NAMES = (
    *("Radwege im Norden bauen", "Brücken prüfen", "Ampeln vernetzen"),
    *("Busspuren markieren", "Fähren fördern"),
)


def words(text: str, confidence: float = 95.0) -> list[tuple[str, float]]:
    return [(word, confidence) for word in text.split()]


def catalogue() -> str:
    """Return a reading of five measures; the number of the fourth and the year of the fifth are in
    doubt.
    """
    printed = []
    for number, name in enumerate(NAMES, 1):
        head = [("M", 96.0), (str(number), 71.0 if number == 4 else 96.0), *words(name)]
        printed.append((56, head))
        for line in ("Der Kreis baut sie aus.", "Zuständig: Tiefbauamt", "Kosten: 20.000 Euro"):
            printed.append((34, words(line)))
        year = ("2020", 62.0) if number == 5 else ("2026", 95.0)
        printed.append((34, [*words("Beginn: 12. März"), year]))
    return tsv(*printed)


def read_with(
    folder: Path, reading: str, monkeypatch: pytest.MonkeyPatch, content: bytes = b""
) -> ParsedDocument:
    monkeypatch.setenv("PATH", f"{program(folder, reading).parent}{os.pathsep}{os.environ['PATH']}")
    return read_bytes(content or scan(lines(*PROSE)))


def test_records_and_dates_in_doubt_are_neither_counted_nor_dated(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = read_with(tmp_path, f"printf '%s' {shlex.quote(catalogue())}", monkeypatch)
    dated = [(f"M {number}", ("2026-03-12",)) for number in (1, 2, 3)]
    assert [(item.ref, item.dates) for item in records(read)] == [*dated, ("M 5", ())]
    last = records(read)[-1]
    assert last.period is None and {field.label for field in last.fields} == {"Zuständig", "Kosten"}
    third, fourth = (next(item for item in read.items if name in item.title) for name in NAMES[2:4])
    # what is below it is no other record's
    assert fourth.kind is ItemKind.SECTION and NAMES[3] not in third.body
    families = [family for family in read.document.families if family.kind is ItemKind.MEASURE]
    assert [(family.found, family.complete) for family in families] == [(4, False)]
    assert (
        f"M {MARK} Busspuren markieren" in read.document.text and "2020" not in read.document.text
    )


def test_without_the_program_all_is_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mixed = pdf(lines(*PROSE), lines(*PROSE), lambda canvas: canvas.rect(50, 50, 400, 400, fill=1))
    before = read_bytes(mixed)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert find_program() is None
    assert read_bytes(mixed) == before and before.document.scans == ()
    assert before.document.warnings == (say("reading.without_text", pages="3"),)
    with pytest.raises(Rejected) as rejected:
        read_bytes(scan(lines(*PROSE)))
    assert rejected.value.code is Reason.NO_TEXT


@pytest.mark.parametrize("answer", ["echo eng", "sleep 15\necho deu"], ids=["other", "hangs"])
def test_a_program_that_does_not_tell_of_german_is_none(
    answer: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program(tmp_path, "").write_text(f"#!/bin/sh\n{answer}\n", encoding="utf-8")
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    assert find_program() is None


@cases("text", "readable")
def test_which_words_are_text(text: str, readable: bool) -> None:
    assert is_readable(text.split()) is readable


def test_a_text_layer_of_symbols_gives_way_to_the_picture() -> None:
    """As programmes leave it that lost the table of a font: the page shows one text and says
    another.
    """
    nonsense = "'HU .UH4LV ED}XW 5DG=HJH LP 1R$GHQ X(Q% ]Xu*q q{}w §4;x"

    def page(canvas: Canvas) -> None:
        text = canvas.beginText(70, 760)
        text.setTextRenderMode(3)
        for _ in range(4):
            text.textLine(nonsense)
        canvas.drawText(text)

    document = read_bytes(scan(lines(*PROSE), under=page)).document
    assert PROSE[0] in document.text and "ED}XW" not in document.text
    assert [scan.page for scan in document.scans] == [1]


NO_NUMBER = "printf '5\\t1\\t1\\t1\\t1\\t1\\tx\\t1\\t1\\t1\\t96\\tRadwege'"


@pytest.mark.parametrize(
    "reading",
    ["exit 3", "printf 'nothing of the kind'", "exec yes", "exec sleep 600", NO_NUMBER],
    ids=("fails", "no table", "endless", "too long", "no number"),
)
def test_a_program_that_fails_costs_a_page(
    reading: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tesseract, "SECONDS", 2.0)
    began = time.monotonic()
    with pytest.raises(Rejected) as rejected:
        read_with(tmp_path, reading, monkeypatch)
    assert rejected.value.code is Reason.NO_TEXT and time.monotonic() - began < 20


def test_only_so_many_pages_are_read_and_each_asks_for_time() -> None:
    asked = list[tuple[int, int]]()
    source = Source("a.pdf", scan(lines(*PROSE), lines(*PROSE)))
    limits = ReadingLimits(scans=1)
    entry = RegisterEntry("x", Path("a.pdf"))
    read = read_source(entry, source, None, limits, lambda *counts: asked.append(counts))
    assert asked == [(2, 0), (2, 1)] and [scan.page for scan in read.document.scans] == [1]
    assert say("reading.without_text", pages="2") in read.document.warnings
    assert limits.seconds_for(2, 1) > limits.seconds_for(2)


def picture(wide: int, high: int, size: tuple[float, float]) -> bytes:
    """Return a PDF of one page that only shows a picture of so many pixels, some of them black."""
    packer = zlib.compressobj(9)
    row = b"\xc8" * (wide - 9) + bytes(9)
    content = b"".join([*(packer.compress(row) for _ in range(high)), packer.flush()])
    kind = b"/Type /XObject /Subtype /Image /ColorSpace /DeviceGray /BitsPerComponent 8 /Filter /FlateDecode"
    image = stream(kind + b" /Width %d /Height %d" % (wide, high), content)
    page = drawn_pdf(
        b"q %d 0 0 %d 0 0 cm /I Do Q" % size, b"/XObject << /I 5 0 R >>", [image], size
    )
    return page.replace(TEXT, b" " * len(TEXT))


@cases("wide", "high", "size")
def test_hostile_pictures_stay_within_the_limits(
    wide: int, high: int, size: tuple[int, int], tmp_path: Path
) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(picture(wide, high, size))
    task = ReadingTask(RegisterEntry("x", path), store_copy(load_source(path), tmp_path, "copy"))
    (outcome,) = read_all([task], ReadingLimits(memory_bytes=300_000_000), 1)
    assert isinstance(outcome.result, Rejected) and outcome.seconds < 60
    assert outcome.result.code in (Reason.NO_TEXT, Reason.OUT_OF_MEMORY)


@needs_other[0]
@needs_other[1]
def test_a_real_scan_answers_with_its_place_marked(tmp_path: Path) -> None:
    writer = PdfWriter()
    for number in (
        1,
        6,
    ):  # of eight pages: one with text, and one of those without, which take three seconds each
        writer.add_page(PdfReader(OTHER / "scan-vorentwurf-stadtteilhaus.pdf").pages[number])
    writer.write(tmp_path / "plan.pdf")
    store = EditionStore(tmp_path / "data")
    run_ingest(IngestRequest((tmp_path / "plan.pdf",)), store)
    with closing(store.open()) as edition:
        service = AnswerService(edition, load_settings(data_dir=tmp_path / "data"))
        answer = service.answer(ChatRequest(question="Wer sind die Architekten?"))
        cited = answer.citations[0]
        assert (
            cited.scanned
            and "Waldmann" in cited.quote
            and say("labels.scanned") in format_citation(cited)
        )
        scan = edition.catalogue.documents["plan"].scan_of(cited.page)
        assert scan is not None and cited.page is not None
        plain, marked = (
            page_picture(
                PictureRequest(
                    str(edition.originals["plan"]), cited.page, 900, quote, None, scan.rows
                )
            )
            for quote in ("", cited.quote)
        )
    assert plain != marked
