"""Struck-through text in every format that has it: never text, but to be looked at."""

from __future__ import annotations

import io
from collections.abc import Callable

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from tests.ingest.papers import PROSE, read_bytes, records
from vectorstore.records import ParsedDocument

# Lines as (text, struck text, further text); "# " begins a heading.
Lines = tuple[tuple[str, str, str], ...]
PLAN: Lines = (
    ("# Wegeplan der Stadt Moorau", "", ""),
    (f"{PROSE} Bis 2030 baut sie ", "sieben", " elf Wege."),
    ("## M 1 Bus zum Bahnhof", "", ""),
    ("Zuständig: ", "Amt für Tiefbau", " Stadtwerke Moorau"),
    ("Kosten: ", "120.000 Euro", " 85.000 Euro"),
    ("## M 2 Parken am Markt", "", ""),
    ("Zuständig: Ordnungsamt", "", ""),
    ("## ", "M 3 Kostenloses Parken", ""),
    ("", "Alle Anwohner parken in der Altstadt kostenlos.", ""),
    ("## M 4 Radstation", "", ""),
    ("Zuständig: Bauhof", "", ""),
)


def as_html(opening: str, closing: str, head: str = "") -> Callable[[Lines], bytes]:
    def make(lines: Lines) -> bytes:
        page = f"<meta charset=utf-8>{head}"
        for before, struck, behind in lines:
            level = before.count("#")
            text = before.lstrip("# ") if level else before
            tag = f"h{level}" if level else "p"
            middle = f"{opening}{struck}{closing}" if struck else ""
            page += f"<{tag}>{text}{middle}{behind}</{tag}>"
        return page.encode()

    return make


def as_markdown(lines: Lines) -> bytes:
    return "\n\n".join(f"{a}{f'~~{b}~~' if b else ''}{c}" for a, b, c in lines).encode()


def as_docx(opening: str, closing: str) -> Callable[[Lines], bytes]:
    def make(lines: Lines) -> bytes:
        document = docx.Document()
        style = document.styles.add_style("Weg", 2)
        style.font.strike = True
        for before, struck, behind in lines:
            level = before.count("#")
            number = f'<w:pPr><w:outlineLvl w:val="{level - 1}"/></w:pPr>' if level else ""
            text = before.lstrip("# ") if level else before
            middle = f"{opening}{_text(struck)}{closing}" if struck else ""
            runs = f"<w:r>{_text(text)}</w:r>{middle}<w:r>{_text(behind)}</w:r>"
            paragraph = parse_xml(f"<w:p {nsdecls('w')}>{number}{runs}</w:p>")
            document.element.body.insert(-1, paragraph)
        saved = io.BytesIO()
        document.save(saved)
        return saved.getvalue()

    return make


def _text(text: str) -> str:
    return f'<w:t xml:space="preserve">{text}</w:t>'


SHEET = (
    "<style>p { margin: 0 } /* neu */ span.weg, .alt { text-decoration-line: line-through }</style>"
)
FORMATS: dict[str, tuple[str, Callable[[Lines], bytes]]] = {
    "del": ("a.html", as_html("<del>", "</del>")),
    "s": ("a.html", as_html("<s><b>", "</b></s>")),
    "strike": ("a.htm", as_html("<strike>", "</strike>")),
    "style": ("a.html", as_html("<span style='text-decoration: red line-through'>", "</span>")),
    "sheet": ("a.html", as_html("<span class='rot weg'>", "</span>", SHEET)),
    "class": ("a.html", as_html("<span class='text-decoration-line-through'>", "</span>")),
    "markdown": ("a.md", as_markdown),
    "strike run": ("a.docx", as_docx("<w:r><w:rPr><w:strike/></w:rPr>", "</w:r>")),
    "double": ("a.docx", as_docx("<w:r><w:rPr><w:dstrike/></w:rPr>", "</w:r>")),
    "style of a run": (
        "a.docx", as_docx('<w:r><w:rPr><w:rStyle w:val="Weg"/></w:rPr>', "</w:r>"),
    ),
    "deletion": ("a.docx", as_docx("<w:del><w:r>", "</w:r></w:del>")),
    "moved": ("a.docx", as_docx("<w:moveFrom><w:r>", "</w:r></w:moveFrom>")),
}  # fmt: skip


def read(name: str) -> ParsedDocument:
    file, make = FORMATS[name]
    return read_bytes(make(PLAN), file)


@pytest.mark.parametrize("name", FORMATS)
def test_struck_text_is_no_text(name: str) -> None:
    parsed = read(name)
    text = " ".join([parsed.document.text, *(chunk.text for chunk in parsed.chunks)])
    struck = [part for _, part, _ in PLAN if part]
    assert not any(part in text for part in struck) and "Bis 2030 baut sie elf Wege." in text
    looked_at = " ".join(part.text for part in parsed.document.struck)
    assert all(part in looked_at for part in struck)
    assert parsed.document.coverage is not None and parsed.document.coverage.lost == 0
    assert parsed.document.coverage.struck == len("".join("".join(struck).split()))
    assert parsed.document.coverage.hidden == 0


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
