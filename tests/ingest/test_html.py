"""Web pages: what is text, what is frame, what is hidden; their headings, lists, tables and
encodings.
"""

from __future__ import annotations

import pytest

from ingest import ReadingLimits, Rejected
from ingest.errors import Reason
from ingest.layout.html import read_html
from ingest.stream import Layout
from tests.ingest.cases import cases
from tests.ingest.streams import count_lost, render

LIMITS = ReadingLimits()
PROSE = "<p>Der Kreis Quonau baut bis 2030 ein Netz von Radwegen aus.</p>"


def read(body: str, head: str = "") -> Layout:
    page = f"<!DOCTYPE html><html lang='de'><head>{head}</head><body>{body}</body></html>"
    layout = read_html(page.encode(), LIMITS)
    assert count_lost(layout) == 0
    return layout


def rendered(body: str, head: str = "") -> list[str | tuple[str, ...]]:
    """Return the lines of a page's text, without the sentence that every page has."""
    return render(read(f"{body}{PROSE}", head).lines[:-1])


PAGES: dict[str, tuple[str, list[str | tuple[str, ...]]]] = {
    "headings keep their level": (
        "<h1>Klima<br>plan</h1><h2>1 <span>Rad</span>verkehr</h2><h6>Ziel</h6><div role=heading aria-level=3>M 1</div>",
        ["# Klima plan", "## 1 Radverkehr", "###### Ziel", "### M 1"],
    ),
    "paragraphs and breaks make lines": (
        "<p>Ein\n  Satz, <i>schief</i>\tund\xa0weiter.<br/>Zweite<wbr>Zeile</p>lose<div>Block</div>Schluss",
        ["Ein Satz, schief und weiter.", "ZweiteZeile", "lose", "Block", "Schluss"],
    ),
    "lines are bold throughout or at their beginning": (
        "<p><strong>Zuständig</strong>:</p><p><b>Zuständig:</b> Amt 66</p><p><b>Status</b>: läuft</p>"
        "<p>das <b>Amt</b></p>",
        ["**Zuständig:**", "**Zuständig:** Amt 66", "**Status:** läuft", "das Amt"],
    ),
    "preformatted lines stay apart": (
        "<pre>erste   Zeile\nzweite Zeile\n</pre>",
        ["erste Zeile", "zweite Zeile"],
    ),
    "nested lists are bullets": (
        "<ul><li>Rad<ul><li>Wege<li>Brücken</ul>danach<li><p>Bus</p><p>Takt</p></ul>– Bahn<br>– 5 %",
        ["• Rad", "• Wege", "• Brücken", "danach", "• Bus", "Takt", "• Bahn", "– 5 %"],
    ),
    "ordered lists have the numbers that browsers print": (
        "<ol start=3><li>a<li>b<li value=9>c</ol><ol type=A><li>x<li>y</ol><ol reversed type=i><li>p<li>q</ol>",
        ["3. a", "4. b", "9. c", "A. x", "B. y", "ii. p", "i. q"],
    ),
    "letters of ordered lists count on behind z as browsers print them": (
        "<ol type=a start=26><li>x<li>y<li>z</ol><ol type=A start=702><li>p<li>q</ol>",
        ["z. x", "aa. y", "ab. z", "ZZ. p", "AAA. q"],
    ),
    "definitions are label and text": (
        "<dl><dt>Zuständig</dt><dd>Amt 66</dd><dd><p>Amt 67</p></dd><dt>Status</dt><dd>läuft</dd></dl>",
        ["**Zuständig**", "Amt 66", "Amt 67", "**Status**", "läuft"],
    ),
    "rows of tables keep their columns and repeated heads": (
        "<table><caption>Tabelle 1</caption><thead><tr><th>Nr.<th>Titel<th>Amt</thead><tr><td>1<td>Rad<br>weg<td>"
        "<tr><td>Nr.<td>Titel<td>Amt<tr><td>2<td><ul><li>Bus<li>Bahn</ul><td>66</table>",
        ["Tabelle 1", ("**Nr.**", "**Titel**", "**Amt**"), ("1", "Rad/weg"), ("Nr.", "Titel", "Amt"),
         ("2", "• Bus/• Bahn", "66")],
    ),
    "merged cells keep the columns": (
        "<table><tr><td rowspan=2>Feld<td colspan=2>Vorhaben<tr><td>Nr.<td>Titel<tr><td rowspan=0>Klima<td>1<td>Solar"
        "<tr><td>2<td>Wind<tr><td colspan=2>Summe</table>",
        [("Feld", "Vorhaben"), ("", "Nr.", "Titel"), ("Klima", "1", "Solar"), ("", "2", "Wind"), ("", "Summe")],
    ),
    "lights stay in their column beside merged cells": (
        "<table><tr><td>Feld<td>Nr.<td>Ampel<td>Plan<tr><td rowspan=2>Klima<td>1<td class=red><td class=green>"
        "<tr><td>2<td class=green><td></table>",
        [("Feld", "Nr.", "Ampel", "Plan"), ("Klima", "1", "🔴"), ("", "2", "🟢")],
    ),
    "a cell over two rows is their light": (
        "<table><tr><td>Nr.<td>Ampel<td>Amt<tr><td>1<td rowspan=2 class=red><td>66<tr><td>2<td>67"
        "<tr><td>3<td class=green><td>68</table>",
        [("Nr.", "Ampel", "Amt"), ("1", "🔴", "66"), ("2", "", "67"), ("3", "🟢", "68")],
    ),
    "cells over several columns hold no light of one": (
        "<table><tr><td>Nr.<td>Ampel<td>Amt<tr><td>1<td class=red><td>66<tr><td colspan=2>Summe<td class=green>"
        "<tr><td>2<td class=green><td>67</table>",
        [("Nr.", "Ampel", "Amt"), ("1", "🔴", "66"), ("Summe",), ("2", "🟢", "67")],
    ),
    "bars of a time plan are no lights": (
        "<table><tr><td>Titel<td>1<td>2<td>3<td>4<tr><td>Rad<td colspan=2><td colspan=2 class=green>"
        "<tr><td>Bus<td colspan=2><td colspan=2 class=red><tr><td>Bahn<td class=red><td colspan=3></table>",
        [("Titel", "1", "2", "3", "4"), ("Rad",), ("Bus",), ("Bahn",)],
    ),
    "head cells of rows show lights": (
        "<table><tr><th>Ampel<th>Titel<tr><th class=red><td>Rad<tr><th class=green><td>Bus</table>",
        [("**Ampel**", "**Titel**"), ("🔴", "Rad"), ("🟢", "Bus")],
    ),
    "columns in which no cell begins are left out": (
        "<table><tr><td colspan=3>a<td>b<tr><td colspan=3>c<td>d</table>", [("a", "b"), ("c", "d")],
    ),
    "a cell over the whole row is text where it has paragraphs or a heading": (
        "<table><tr><td>a<td>b<tr><td colspan=2><p>eins<p>zwei<tr><td colspan=2><h3>M</h3><tr><td colspan=2>c</table>",
        [("a", "b"), "eins", "zwei", "### M", ("c",)],
    ),
    "tables for layout are text and tables in them stay": (
        "<table><tr><td><h2>Links</h2><p>Text</p><td><table><tr><td>1<td>Rad<td>66<tr><td>2<td>Bus<td>67</table></table>"
        "<table><tr><td>allein<tr><td>einzeln</table>",
        ["## Links", "Text", ("1", "Rad", "66"), ("2", "Bus", "67"), "allein", "einzeln"],
    ),
    "what is beside the text or its furniture is in no cell": (
        "<table><tr><td>a<aside>Notiz</aside><td>b<td role=navigation>Menü<tr><td>c<td>d</table>",
        [("a", "b"), ("c", "d"), PROSE[3:-4]],
    ),
    "one article does not make what is around it furniture": (
        f"<article>Teaser</article>{PROSE * 3}", ["Teaser", *[PROSE[3:-4]] * 3],
    ),
    "the only title is text": (
        f"<header><a href=/>Logo</a><h1>Klimaplan</h1></header><main>{PROSE}</main>", ["# Klimaplan"],
    ),
    "a form may be around the whole page": (
        "<form><h1>Plan</h1><p>Text im Formular</p></form>", ["# Plan", "Text im Formular"],
    ),
    "what unfolds is text": (
        "<h3><button>Ziele</button></h3><details><summary>Mehr</summary>Inhalt</details>"
        "<button aria-expanded=false>Auf</button>",
        ["### Ziele", "Mehr", "Inhalt", "Auf"],
    ),
    "asides come behind the text": (
        "<aside>Randnotiz</aside><p>davor</p><div role=note>Fußnote</div>", ["davor", PROSE[3:-4], "Randnotiz"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", PAGES)
def test_lines_of_a_page(name: str) -> None:
    body, expected = PAGES[name]
    assert rendered(body) == expected


def test_tables_and_rows_are_numbered_over_the_document() -> None:
    table = "<table><tr><td>a<td>b<tr><td>c<td><td>d</table>"
    found = [line.cell for line in read(f"{table}<aside>{table}</aside>{PROSE}").lines]
    first = [(0, 0, 0), (0, 0, 1), (0, 1, 0), (0, 1, 2)]
    assert found == [*first, None, *((1, row, column) for _, row, column in first)]


FRAMES = (
    "<nav>Menü</nav>", "<header>Kopf</header>", "<footer>Fuß</footer>", "<form>Suche <input></form>",
    "<div role=navigation>Menü</div>", "<button>Teilen</button>",
    "<select><option>de<option>en</select>", "<ul role=menu><li>Menü</ul>",
)  # fmt: skip


@cases("frame")
def test_the_frame_of_a_page_is_furniture(frame: str) -> None:
    layout = read(frame + PROSE)
    assert [line.text for line in layout.lines] == [
        "Der Kreis Quonau baut bis 2030 ein Netz von Radwegen aus."
    ]
    assert layout.furniture and not layout.hidden


@pytest.mark.parametrize("tag", ["main", "article", "div role=main"])
def test_the_main_content_is_the_text(tag: str) -> None:
    layout = read(
        f"<div>Werbung</div><{tag}><header><h1>Plan</h1></header>{PROSE}</{tag.split()[0]}><p>Rahmen</p>"
    )
    assert [line.text for line in layout.furniture] == ["Werbung", "Rahmen"]
    assert layout.lines[0].text == "Plan"


HIDDEN = (
    "<p hidden>geheim</p>", "<p aria-hidden=true>geheim</p>", "<p style='display: none'>geheim</p>",
    "<p style='Visibility:hidden'>geheim</p>", "<span style='opacity:0'>geheim</span>", "<!-- geheim -->",
    "<template>geheim</template>", "<noscript>geheim</noscript>", "<div hidden><div><p>ge<b>heim</b></p></div></div>",
    "<font color=white>geheim</font>", "<span style='font-size:1px'>geheim</span>", "<dialog>geheim</dialog>",
    "<iframe>geheim</iframe>", "<?geheim?>", "<datalist><option>geheim</datalist>", "<canvas>geheim</canvas>",
)  # fmt: skip


@cases("part")
def test_what_is_not_to_be_seen_is_counted_and_no_text(part: str) -> None:
    layout = read(f"{PROSE}<p>davor {part} danach</p>")
    assert not any("geheim" in line.text for line in layout.lines)
    assert " ".join(line.text for line in layout.lines[1:]) == "davor danach"
    assert layout.hidden[0] >= len("geheim")


OPENED = (
    "<button aria-expanded=false aria-controls=p1>Wald</button><div id=p1 hidden>Bäume</div>",
    "<h2><button aria-controls='p0 p1'>Wald</button></h2><div id=p1 style='display:none'>Bäume</div>",
    "<div role=tablist><a role=tab href='#p1'>Wald</a></div><div id=p1 aria-hidden=true>Bäume</div>",
    "<div role=tab id=t1>Wald</div><div role=tabpanel aria-labelledby=t1 hidden>Bäume</div>",
    "<a data-bs-target='#p1' href='#'>Wald</a><div id=p1 style='visibility:hidden'>Bäume</div>",
    "<p>Wald</p><div hidden=until-found>Bäume</div>",
    "<button aria-controls=p0>Wald</button><div id=p0 hidden><button aria-controls=p1>+</button>"
    "<div id=p1 hidden>Bäume</div></div>",
)  # fmt: skip


@cases("part")
def test_panels_that_a_control_opens_are_text(part: str) -> None:
    layout = read(part + PROSE)
    texts = [line.text for line in layout.lines]
    assert texts[0] == "Wald" and texts[-2] == "Bäume" and not layout.hidden


UNOPENED = (
    "<button aria-controls=p2>Wald</button><div id=p1 hidden>geheim</div>",
    "<div hidden><button aria-controls=p1>Wald</button></div><div id=p1 hidden>geheim</div>",
    "<button aria-controls=p1>Wald</button><div id=p1 style='opacity:0'>geheim</div>",
    "<button aria-controls=p1>Wald</button><div id=p1 hidden>Text<p hidden>geheim</p></div>",
    "<div role=tabpanel aria-labelledby=t1 hidden>geheim</div>",
)  # fmt: skip


@cases("part")
def test_panels_that_no_control_opens_are_hidden(part: str) -> None:
    layout = read(part + PROSE)
    assert not any("geheim" in line.text for line in layout.lines) and layout.hidden


BARE = (
    "<!doctype html><html lang=de><meta charset=utf-8><title>Plan</title><main><h1>Radplan</h1>{}</main></html>",
    "<meta charset=utf-8><title>Plan</title><style>p{{}}</style><section><h1>Radplan</h1>{}",
    "<!doctype html><html><head><title>Plan</title></head><plan-page><h1>Radplan</h1>{}</plan-page></html>",
)  # fmt: skip


@cases("page")
def test_pages_without_body_are_read(page: str) -> None:
    layout = read_html(page.format(PROSE).encode(), LIMITS)
    assert [line.text for line in layout.lines] == ["Radplan", PROSE[3:-4]]
    assert not layout.hidden and count_lost(layout) == 0


def test_white_letters_are_text_where_the_page_has_colours() -> None:
    assert "Titel" in rendered(
        "<p style='color:#fff'>Titel</p>", "<style>p{background:#000}</style>"
    )


@pytest.mark.parametrize("code", ["<script>if (a<b) geheim()</script>", "<style>.geheim{}</style>"])
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
        read_html(data, LIMITS).lines[0].text == "Grüße aus Lüneburg – „gut“, überall schöne Wege"
    )


def rejected(data: bytes, limits: ReadingLimits = LIMITS) -> Reason:
    with pytest.raises(Rejected) as caught:
        read_html(data, limits)
    assert caught.value.reason.endswith(".")
    return caught.value.code


@pytest.mark.parametrize(
    "tag", ["div", "table><tr><td", "ul><li", "b", "h1", "aside", "button", "details"]
)
def test_a_page_of_enormous_depth_is_refused(tag: str) -> None:
    assert rejected((f"<{tag}>" * 100_000 + "Der Kreis plant mehr Radwege." + PROSE).encode()) in (
        Reason.TOO_DEEP, Reason.TOO_MANY_CHARACTERS,
    )  # fmt: skip


@pytest.mark.parametrize("tag", ["div", "section", "ul><li"])
def test_a_page_deeper_than_any_real_one_is_read_whole(tag: str) -> None:
    layout = read_html((f"<{tag}>" * 300 + PROSE).encode(), LIMITS)
    assert layout.lines[0].text == "Der Kreis Quonau baut bis 2030 ein Netz von Radwegen aus."


LATE = ("form", "aside", "header", "article", "button")


@pytest.mark.parametrize(
    "tag", ["table", "p", *(pytest.param(tag, marks=pytest.mark.long) for tag in LATE)]
)
def test_a_page_of_enormous_width_is_read(tag: str) -> None:
    page = (f"<{tag}>a</{tag}>" * 20_000 + PROSE * 20).encode()
    layout = read_html(page, LIMITS)
    assert PROSE[3:-4] in {line.text for line in (*layout.lines, *layout.furniture)}


def test_merged_cells_without_end_are_refused() -> None:
    wide = b"<table>" + b"<tr><td colspan=1000>Der Kreis plant mehr Radwege" * 1_000
    assert rejected(wide) is Reason.TOO_MANY_CELLS
    assert (
        rejected(b"<table><tr>" + b"<td colspan=1000>Der Kreis plant" * 1_000)
        is Reason.TOO_MANY_CELLS
    )
    high = b"<table><tr>" + b"<td rowspan=65000>Der Kreis plant" * 1_000 + b"<tr><td>b" * 1_000
    assert rejected(high) is Reason.TOO_MANY_CELLS


def test_entities_open_no_files() -> None:
    page = b"<!DOCTYPE html [<!ENTITY x SYSTEM 'file:///etc/hostname'>]><p>Der Kreis plant mehr Radwege: &x;</p>"
    assert read_html(page, LIMITS).lines[-1].text.endswith("Der Kreis plant mehr Radwege: &x;")


@pytest.mark.parametrize(
    "data", [b"<html></html>", b"   ", b"<p>kurz</p>", b"<frameset><frame src=a></frameset>"]
)
def test_a_page_without_text_is_refused(data: bytes) -> None:
    assert rejected(data) is Reason.NO_TEXT


@pytest.mark.parametrize("data", [b"\x00\x01\x02" * 99, b"\x89PNG\r\n\x1a\n\x00\x00"])
def test_what_is_no_page_is_refused(data: bytes) -> None:
    assert rejected(data) is Reason.DAMAGED
