"""What can be read, what is rejected and why, and what a document says of itself."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest import Rejected, load_source, read_source
from ingest.register import RegisterEntry
from prompts import say
from tests.ingest.papers import PROSE, at, pdf, read_bytes, read_document, read_text
from tests.ingest.real import OTHER, needs_other
from vectorstore.records import DocumentKind, ItemKind

NAMES = ("Nord", "Süd", "Ost", "West")
MARKS = ("\t●", "●\t")


def _printed(*pages: str) -> bytes:
    """Return a PDF with a text on each page, or a picture where there is none."""
    return pdf(
        *(
            at((60, 700, text, 12)) if text else lambda canvas: canvas.rect(50, 50, 200, 300)
            for text in pages
        )
    )


def _reason(path: Path) -> str:
    with pytest.raises(Rejected) as caught:
        read_document(RegisterEntry("x", path))
    return caught.value.reason


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("leer.pdf", b"", "leer"),
        ("kaputt.pdf", b"%PDF-1.7\nnichts weiter", "beschädigt"),
        ("leer.txt", b" \n\n", "keinen Text"),
        ("bild.txt", b"\x89PNG\x00\x00\x00" * 40, "kein Text"),
        ("tabelle.xlsx", b"x", "PDF-, Word- (DOCX-), OpenDocument- (ODT-), HTML-"),
    ],
)
def test_rejections_say_why(tmp_path: Path, name: str, content: bytes, words: str) -> None:
    (tmp_path / name).write_bytes(content)
    assert words in _reason(tmp_path / name)
    assert "fehlt" in _reason(tmp_path / "keine.pdf")


@pytest.mark.xfail(
    strict=True,
    reason="entries of contents are torn between title and dots; the first title is a section",
)
def test_a_file_of_which_nothing_could_be_cited_is_rejected(tmp_path: Path) -> None:
    entries = (
        f"{chapter}.{part} Mobilität {'.' * 60} {2 * chapter + part}"
        for chapter in range(1, 9)
        for part in (1, 2)
    )
    (tmp_path / "inhalt.txt").write_text("\n".join(entries), encoding="utf-8")
    assert "außer Verzeichnissen" in _reason(tmp_path / "inhalt.txt")


def test_scans_are_rejected_and_a_single_picture_page_is_a_warning(tmp_path: Path) -> None:
    (tmp_path / "scan.pdf").write_bytes(_printed(f"Der Plan des Kreises {PROSE}", "", "", ""))
    assert "3 von 4 Seiten" in _reason(tmp_path / "scan.pdf")
    document = read_bytes(_printed(PROSE, "", PROSE)).document
    assert document.warnings == (say("reading.without_text", pages=2),)
    assert [page.number for page in document.pages] == [1, 2, 3]


def test_a_missing_file_is_never_replaced_by_its_text(tmp_path: Path) -> None:
    text = tmp_path / "text.txt"
    text.write_text(PROSE, encoding="utf-8")
    entry = RegisterEntry("x", tmp_path / "fehlt.pdf", text=text)
    with pytest.raises(Rejected, match="fehlt"):
        read_document(entry, prefer_text=False)
    assert read_document(entry, prefer_text=True).document.file_name == "text.txt"


@pytest.mark.parametrize("encoding", ("utf-8", "utf-8-sig", "cp1252", "utf-16"))
def test_encodings(encoding: str) -> None:
    document = read_bytes(
        f"Größere Übersicht\r\n\r\n{PROSE}".encode(encoding), "umlaute.txt"
    ).document
    assert document.title == "Größere Übersicht" and PROSE in document.text


def test_ligatures_soft_hyphens_and_special_spaces() -> None:
    document = read_text(
        f"Plan\n\nEinleitung\n\nDie ﬁnanzielle Of\u00adfen\u00adheit kostet 5\u00a0€. {PROSE}",
    )
    assert "Die finanzielle Offenheit kostet 5 €." in document.document.text


def test_marks_that_look_like_bullets_stay_in_table_columns() -> None:
    refs = ("1.1.1.1", "1.1.1.2", "2.1.1.1", "2.1.1.2")
    text = "Bericht"
    for chapter in (1, 2):
        text += f"\n\n{chapter}. Feld {chapter}\n\n{chapter}.1 Strategisches Ziel 1\n\nWege werden kürzer."
        text += f"\n\n{chapter}.1.1 Ideenspeicher"
        for ref, name in list(zip(refs, NAMES, strict=True))[2 * chapter - 2 : 2 * chapter]:
            text += f"\n\n{ref} Weg {name}\n\n{PROSE}"
    rows = "\n".join(
        f"{ref}\tWeg {name}\t{MARKS[n % 2]}\t66"
        for n, (ref, name) in enumerate(zip(refs, NAMES, strict=True))
    )
    text += f"\n\nProjektlisten\n\nNr.\tProjekt\tIdee\tPlanung\tVerantwortlich\n{rows}\n"
    items = read_text(text, DocumentKind.REPORT).items
    projects = {item.ref: item for item in items if item.kind is ItemKind.PROJECT}
    assert [len(projects[ref].conflicts) for ref in refs] == [1, 0, 1, 0]
    assert all(item.responsible == ("66",) for item in projects.values())


@pytest.mark.corpus
@needs_other[1]
@pytest.mark.parametrize(
    "name", ("bild-massnahmenplan-2035.pdf", "scan-vorentwurf-stadtteilhaus.pdf")
)
def test_real_pictures_are_rejected_where_nothing_reads_them(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))  # no Tesseract there
    assert "keinen lesbaren Text" in _reason(OTHER / name)


def test_a_title_that_repeats_as_running_header_is_found() -> None:
    title = "Ordnung des Kreises Quonau über die Beiräte"
    text = [(60, 700 - 14 * row, f"{PROSE[:80]} {row}", 11) for row in range(5)]
    headed = read_bytes(
        pdf(*(at((60, 800, title, 16), *text) for _ in range(3))), "ordnung-2026.pdf"
    )
    assert headed.document.title == title
    assert (
        read_bytes(pdf(*(at(*text) for _ in range(3))), "ordnung-2026.pdf").document.title
        == "ordnung 2026"
    )


def test_chapters_among_other_headings_are_not_the_goals_of_the_title(tmp_path: Path) -> None:
    parts = ("# Verkehr", "## 1. Lage", "## 2. Leitlinien", "### Wege am Bach", "## 3. Vorhaben")
    path = tmp_path / "papier.md"
    path.write_text("\n\n".join(f"{part}\n\n{PROSE}" for part in parts), encoding="utf-8")
    entry = RegisterEntry("papier", path, title="Strategie Quonau: Handlungsfeld Verkehr")
    assert {item.kind for item in read_source(entry, load_source(path)).items} == {ItemKind.SECTION}
