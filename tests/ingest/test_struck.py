"""Struck-through text in every format that has it: never text, but to be looked at."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from tests.ingest.archives import parts_of, with_parts
from tests.ingest.cases import values
from tests.ingest.formats import paper
from tests.ingest.papers import PROSE, is_whole, read_bytes, records
from vectorstore.language import remove_spaces
from vectorstore.records import ParsedDocument

# What stands between tildes is struck.
PLAN = f"""# Wegeplan der Stadt Moorau

{PROSE} Bis 2030 baut sie ~~sieben~~ elf Wege.

## M 1 Bus zum Bahnhof

Zuständig: ~~Amt für Tiefbau~~ Stadtwerke Moorau

Kosten: ~~120.000 Euro~~ 85.000 Euro

## M 2 Parken am Markt

Zuständig: Ordnungsamt

## ~~M 3 Kostenloses Parken~~

~~Alle Anwohner parken in der Altstadt kostenlos.~~

## M 4 Radstation

Zuständig: Bauhof"""
STRUCK = re.findall("~~(.+)~~", PLAN)


def strike(text: str, opening: str, closing: str) -> str:
    return re.sub("~~(.+?)~~", rf"{opening}\1{closing}", text)


def as_html(opening: str, closing: str, head: str = "") -> bytes:
    page = paper("a.html", *PLAN.split("\n\n")).decode()
    return (head + strike(page, opening, closing)).encode()


def as_docx(opening: str, closing: str) -> bytes:
    """Return a Word file whose struck texts are runs of their own between two pieces of XML."""
    content = paper("a.docx", *PLAN.split("\n\n"))
    parts = parts_of(content)
    text = '<w:t xml:space="preserve">'
    main = parts["word/document.xml"].decode().replace("<w:t>", text)
    before, behind = f"</w:t></w:r>{opening}{text}", f"</w:t>{closing}<w:r>{text}"
    style = '<w:style w:type="character" w:styleId="Weg"><w:name w:val="Weg"/>'
    style += "<w:rPr><w:strike/></w:rPr></w:style></w:styles>"
    styles = parts["word/styles.xml"].decode().replace("</w:styles>", style)
    changed = {"word/document.xml": strike(main, before, behind), "word/styles.xml": styles}
    return with_parts(content, {name: part.encode() for name, part in changed.items()})


FORMATS = values(__file__, "marks")
MAKERS: dict[str, Callable[..., bytes]] = {".md": PLAN.encode, ".docx": as_docx}


@cache
def read(name: str) -> ParsedDocument:
    file, *marks = FORMATS[name]
    return read_bytes(MAKERS.get(Path(file).suffix, as_html)(*marks), file)


@pytest.mark.parametrize("name", FORMATS)
def test_struck_text_is_no_text(name: str) -> None:
    parsed = read(name)
    text = " ".join([parsed.document.text, *(chunk.text for chunk in parsed.chunks)])
    assert not any(part in text for part in STRUCK) and "Bis 2030 baut sie elf Wege." in text
    looked_at = " ".join(part.text for part in parsed.document.struck)
    assert all(part in looked_at for part in STRUCK)
    coverage = parsed.document.coverage
    assert is_whole(parsed.document) and coverage is not None
    assert (coverage.struck, coverage.hidden) == (len(remove_spaces("".join(STRUCK))), 0)


@pytest.mark.parametrize("name", FORMATS)
def test_records_have_what_is_not_struck(name: str) -> None:
    found = {item.ref: item for item in records(read(name))}
    assert list(found) == ["M 1", "M 2", "M 4"]
    assert found["M 1"].responsible == ("Stadtwerke Moorau",)
    assert (found["M 1"].cost, found["M 1"].amounts) == ("85.000 Euro", ("85.000 Euro",))


def test_struck_rows_and_points_leave_numbers_and_columns() -> None:
    page = (
        f"<meta charset=utf-8><h1>Plan</h1><p>{PROSE}</p><ol><li>Wald<li><del>Moor</del><li>See</ol>"
        "<table><tr><th>Was<th>Wer<th>Bis<tr><td>Rad<td>Amt 3<td>2029<tr><td>Bus<td><s>Amt 1</s><td>2030<tr style='text-decoration:line-through'><td>Bahn"
        "<td>Amt 2<td>2031</table>"
    )
    text = read_bytes(page.encode(), "a.html").document.text
    assert "1. Wald" in text and "3. See" in text and "Moor" not in text
    assert "Bus\t2030" in text and "Bahn" not in text
