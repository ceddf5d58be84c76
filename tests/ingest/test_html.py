"""Web pages: what is text, what is frame, what is hidden; their headings, lists, tables and
encodings.
"""

from __future__ import annotations

import pytest

from ingest.errors import Reason
from ingest.stream import Layout
from tests.ingest.cases import cases
from tests.ingest.papers import layout_of, lines_of, reason_of
from tests.ingest.streams import count_lost, render

TEXT = "Der Kreis Quonau baut bis 2030 ein Netz von Radwegen aus."
PROSE = f"<p>{TEXT}</p>"


def read(body: str, head: str = "") -> Layout:
    page = f"<!DOCTYPE html><html lang='de'><head>{head}</head><body>{body}</body></html>"
    layout = layout_of(page.encode(), "a.html")
    assert count_lost(layout) == 0
    return layout


def rendered(body: str, head: str = "") -> list[str | tuple[str, ...]]:
    """Return the lines of a page's text, without the sentence that every page has."""
    return render(read(f"{body}{PROSE}", head).lines[:-1])


@cases("page", "lines")
def test_lines_of_a_page(page: str, lines: tuple[str | tuple[str, ...], ...]) -> None:
    assert rendered(page) == list(lines)


def test_tables_and_rows_are_numbered_over_the_document() -> None:
    table = "<table><tr><td>a<td>b<tr><td>c<td><td>d</table>"
    found = [line.cell for line in read(f"{table}<aside>{table}</aside>{PROSE}").lines]
    first = [(0, 0, 0), (0, 0, 1), (0, 1, 0), (0, 1, 2)]
    assert found == [*first, None, *((1, row, column) for _, row, column in first)]


@cases("frame")
def test_the_frame_of_a_page_is_furniture(frame: str) -> None:
    layout = read(frame + PROSE)
    assert lines_of(layout) == [TEXT]
    assert layout.furniture and not layout.hidden


@cases("tag")
def test_the_main_content_is_the_text(tag: str) -> None:
    layout = read(
        f"<div>Werbung</div><{tag}><header><h1>Plan</h1></header>{PROSE}</{tag.split()[0]}><p>Rahmen</p>"
    )
    assert [line.text for line in layout.furniture] == ["Werbung", "Rahmen"]
    assert layout.lines[0].text == "Plan"


@cases("part")
def test_what_is_not_to_be_seen_is_counted_and_no_text(part: str) -> None:
    layout = read(f"{PROSE}<p>davor {part} danach</p>")
    assert not any("geheim" in line.text for line in layout.lines)
    assert " ".join(line.text for line in layout.lines[1:]) == "davor danach"
    assert layout.hidden[0] >= len("geheim")


@cases("part")
def test_panels_that_a_control_opens_are_text(part: str) -> None:
    layout = read(part + PROSE)
    texts = lines_of(layout)
    assert texts[0] == "Wald" and texts[-2] == "Bäume" and not layout.hidden


@cases("part")
def test_panels_that_no_control_opens_are_hidden(part: str) -> None:
    layout = read(part + PROSE)
    assert not any("geheim" in line.text for line in layout.lines) and layout.hidden


@cases("page")
def test_pages_without_body_are_read(page: str) -> None:
    layout = layout_of(page.format(PROSE).encode(), "a.html")
    assert lines_of(layout) == ["Radplan", TEXT]
    assert not layout.hidden and count_lost(layout) == 0


def test_white_letters_are_text_where_the_page_has_colours() -> None:
    assert "Titel" in rendered(
        "<p style='color:#fff'>Titel</p>", "<style>p{background:#000}</style>"
    )


@cases("code")
def test_programs_are_no_text_and_nothing_hidden(code: str) -> None:
    layout = read(code + PROSE, code)
    assert not any("geheim" in line.text for line in layout.lines) and not layout.hidden


def test_letters_without_width_are_hidden() -> None:
    layout = read("<p>Rad\u200bweg &shy;und Weiteres</p>" + PROSE)
    assert layout.lines[0].text == "Radweg und Weiteres" and layout.hidden[0] == 1


BODY = "<p>Grüße aus Lüneburg – „gut“, überall schöne Wege</p>"
ENCODED = (
    ("\ufeff" + BODY).encode("utf-16"), ("\ufeff" + BODY).encode(), BODY.encode(), BODY.encode("cp1252"),
    b"<meta charset='windows-1252'>" + BODY.encode("cp1252"),
    b"<meta http-equiv=content-type content='text/html; charset=ISO-8859-1'>" + BODY.encode("cp1252"),
    b"<?xml version='1.0' encoding='windows-1252'?><html><body>" + BODY.encode("cp1252"),
    b"<meta charset=windows-1252>" + BODY.encode(), b"<meta charset=zip>" + BODY.encode(),
    b"<meta charset=windows-1250>" + BODY.encode("cp1250"),
)  # fmt: skip


@pytest.mark.parametrize("data", ENCODED)
def test_encodings(data: bytes) -> None:
    assert (
        layout_of(data, "a.html").lines[0].text == "Grüße aus Lüneburg – „gut“, überall schöne Wege"
    )


@cases("tag")
def test_a_page_of_enormous_depth_is_refused(tag: str) -> None:
    assert reason_of((f"<{tag}>" * 100_000 + "Der Kreis plant mehr Radwege." + PROSE).encode(), "a.html") in (
        Reason.TOO_DEEP, Reason.TOO_MANY_CHARACTERS,
    )  # fmt: skip


@cases("tag")
def test_a_page_deeper_than_any_real_one_is_read_whole(tag: str) -> None:
    layout = layout_of((f"<{tag}>" * 300 + PROSE).encode(), "a.html")
    assert layout.lines[0].text == TEXT


LATE = ("form", "aside", "header", "article", "button")


@pytest.mark.parametrize(
    "tag", ["table", "p", *(pytest.param(tag, marks=pytest.mark.long) for tag in LATE)]
)
def test_a_page_of_enormous_width_is_read(tag: str) -> None:
    page = (f"<{tag}>a</{tag}>" * 20_000 + PROSE * 20).encode()
    layout = layout_of(page, "a.html")
    assert TEXT in {line.text for line in (*layout.lines, *layout.furniture)}


CELL = b"colspan=1000>Der Kreis plant mehr Radwege"


@pytest.mark.parametrize(
    "table",
    [
        b"<table>" + (b"<tr><td " + CELL) * 1_000,
        b"<table><tr>" + (b"<td " + CELL) * 1_000,
        b"<table><tr>" + b"<td rowspan=65000>Der Kreis plant" * 1_000 + b"<tr><td>b" * 1_000,
    ],
    ids=["rows", "cells", "over rows"],
)
def test_merged_cells_without_end_are_refused(table: bytes) -> None:
    assert reason_of(table, "a.html") is Reason.TOO_MANY_CELLS


def test_entities_open_no_files() -> None:
    page = b"<!DOCTYPE html [<!ENTITY x SYSTEM 'file:///etc/hostname'>]><p>Der Kreis plant mehr Radwege: &x;</p>"
    assert layout_of(page, "a.html").lines[-1].text.endswith("Der Kreis plant mehr Radwege: &x;")


@cases("data")
def test_a_page_without_text_is_refused(data: str) -> None:
    assert reason_of(data.encode(), "a.html") is Reason.NO_TEXT


@pytest.mark.parametrize("data", [b"\x00\x01\x02" * 99, b"\x89PNG\r\n\x1a\n\x00\x00"])
def test_what_is_no_page_is_refused(data: bytes) -> None:
    assert reason_of(data, "a.html") is Reason.DAMAGED
