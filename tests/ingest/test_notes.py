"""Footnotes in every format that has them: marks are no text, and notes belong to their place."""

from __future__ import annotations

import io
import zipfile

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from ingest import ReadingLimits
from ingest.layout.html import read_html, read_markdown
from ingest.layout.runs import RunRole
from tests.ingest.cases import cases
from tests.ingest.papers import PROSE, read_bytes, records
from tests.ingest.streams import count_lost
from vectorstore.records import ParsedDocument

RELATED = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
KIND = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"


def sup(number: int) -> str:
    return f"<sup>{number}</sup>"


def page(first: str, second: str, cost: str, notes: str) -> bytes:
    """Return a page with a mark behind a number, a word and a sum, and notes at its end."""
    return (
        f"<meta charset=utf-8><h1>Klimaplan</h1><h2>Gase</h2><p>{PROSE} Die Stadt stieß 48{first} Kilotonnen "
        f"CO<sub>2</sub> aus, auf 12 km<sup>2</sup> und 3 m<sup>3</sup>, bis 2035{second} sinkt das.</p>"
        f"<h2>M 1 Solar</h2><p>Kosten: 85.000 Euro{cost}</p><p>Zuständig: Bauamt</p>"
        f"<h2>M 2 Wind</h2><p>Zuständig: Forstamt</p><h2>M 3 Wasser</h2><p>Zuständig: Amt 66</p>{notes}"
    ).encode()


def linked(number: int) -> str:
    return f'<sup><a href="#fn{number}" id="r{number}">[{number}]</a></sup>'


def word_link(number: int) -> str:
    return f'<a href="#_ftn{number}" name="_ftnref{number}">[{number}]</a>'


NOTES = ("ohne Landwirtschaft", "Ratsbeschluss", "netto")
PLAIN = "".join(f"<p><sup>{n}</sup> {text}</p>" for n, text in enumerate(NOTES, 1))
LISTED = "".join(
    f'<li id="fn{n}">{text} <a href="#r{n}" class="footnote-backref">↩︎</a></li>'
    for n, text in enumerate(NOTES, 1)
)
WORD = "".join(
    f'<div id="ftn{n}"><p><a href="#_ftnref{n}" name="_ftn{n}">[{n}]</a> {text}</p></div>'
    for n, text in enumerate(NOTES, 1)
)
MARKDOWN = f"""# Klimaplan

## Gase

{PROSE} Die Stadt stieß 48[^1] Kilotonnen CO2 aus, auf 12 km2 und 3 m3, bis 2035[^rat] sinkt das.

## M 1 Solar

Kosten: 85.000 Euro[^3]

Zuständig: Bauamt

## M 2 Wind

Zuständig: Forstamt

## M 3 Wasser

Zuständig: Amt 66

[^1]: ohne Landwirtschaft
[^rat]: Ratsbeschluss

[^3]: netto
[^nie]: ungenannt
"""


def word_file(*, automatic: bool) -> bytes:
    """Return a Word file with automatic notes, or with marks that somebody typed."""

    def mark(number: int) -> str:
        if automatic:
            return f'<w:r><w:footnoteReference w:id="{number}"/></w:r>'
        return f"{raised}<w:t>{number}</w:t></w:r>"

    def add(*parts: str, level: int = 0) -> None:
        number = f'<w:pPr><w:outlineLvl w:val="{level - 1}"/></w:pPr>' if level else ""
        runs = "".join(
            part if part.startswith("<") else f'<w:r><w:t xml:space="preserve">{part}</w:t></w:r>'
            for part in parts
        )
        xml = f"<w:p {nsdecls('w')}>{number}{runs}</w:p>"
        document.element.body.insert(-1, parse_xml(xml))

    raised = '<w:r><w:rPr><w:vertAlign w:val="superscript"/></w:rPr>'
    two, three = f"{raised}<w:t>2</w:t></w:r>", f"{raised}<w:t>3</w:t></w:r>"
    document = docx.Document()
    add("Klimaplan", level=1)
    add("Gase", level=2)
    add(
        f"{PROSE} Die Stadt stieß 48", mark(1), " Kilotonnen CO2 aus, auf 12 km", two, " und 3 m", three,
        ", bis 2035", mark(2), " sinkt das.",
    )  # fmt: skip
    add("M 1 Solar", level=2)
    add("Kosten: 85.000 Euro", mark(3))
    add("Zuständig: Bauamt")
    add("M 2 Wind", level=2)
    add("Zuständig: Forstamt")
    add("M 3 Wasser", level=2)
    add("Zuständig: Amt 66")
    for number, text in enumerate(NOTES if not automatic else (), 1):
        add(mark(number), f" {text}")
    saved = io.BytesIO()
    document.save(saved)
    return with_notes(saved.getvalue()) if automatic else saved.getvalue()


def with_notes(content: bytes) -> bytes:
    notes = "".join(
        f'<w:footnote w:id="{n}"><w:p><w:r><w:footnoteRef/></w:r><w:r><w:t>{text}</w:t></w:r></w:p></w:footnote>'
        for n, text in enumerate(NOTES, 1)
    )
    relation = f'<Relationship Id="rId99" Type="{RELATED}/footnotes" Target="footnotes.xml"/></Relationships>'
    override = f'<Override PartName="/word/footnotes.xml" ContentType="{KIND}"/></Types>'
    ends = {
        "word/_rels/document.xml.rels": (b"</Relationships>", relation.encode()),
        "[Content_Types].xml": (b"</Types>", override.encode()),
    }
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(made, "w") as new:
        for name in old.namelist():
            end, more = ends.get(name, (b"", b""))
            part = old.read(name)
            new.writestr(name, part.replace(end, more) if end else part)
        new.writestr("word/footnotes.xml", f"<w:footnotes {nsdecls('w')}>{notes}</w:footnotes>")
    return made.getvalue()


FILES: dict[str, tuple[str, bytes]] = {
    "digits": ("a.html", page(sup(1), sup(2), sup(3), PLAIN)),
    "links": ("a.html", page(linked(1), linked(2), linked(3), f"<ol>{LISTED}</ol>")),
    "links of Word": ("a.html", page(word_link(1), word_link(2), word_link(3), WORD)),
    "markdown": ("a.md", MARKDOWN.encode()),
    "automatic": ("a.docx", word_file(automatic=True)),
    "typed": ("a.docx", word_file(automatic=False)),
}
MOVED = ("links", "links of Word", "markdown", "automatic")  # the mark leads to its note


def read(name: str) -> ParsedDocument:
    file, content = FILES[name]
    return read_bytes(content, file)


@pytest.mark.parametrize("name", FILES)
def test_marks_are_no_text_and_exponents_are(name: str) -> None:
    document = read(name).document
    sentence = "Die Stadt stieß 48 Kilotonnen CO2 aus, auf 12 km2 und 3 m3, bis 2035 sinkt das."
    assert sentence in document.text and "85.000 Euro\n" in document.text
    assert document.coverage is not None and document.coverage.lost == 0
    assert document.coverage.notes >= 3 and document.coverage.struck == 0
    paragraphs = document.text.split("\n\n")
    assert [paragraphs.count(note) for note in NOTES] == [1, 1, 1]


@pytest.mark.parametrize("name", MOVED)
def test_notes_belong_to_the_place_of_their_mark(name: str) -> None:
    parsed = read(name)
    paragraphs = parsed.document.text.split("\n\n")
    gases = paragraphs.index("Gase")
    assert paragraphs[gases + 2 : gases + 4] == list(NOTES[:2])
    assert paragraphs[paragraphs.index("Kosten: 85.000 Euro") + 1] == "netto"


@pytest.mark.parametrize("name", FILES)
def test_notes_are_no_part_of_fields(name: str) -> None:
    found = {item.ref: item for item in records(read(name))}
    assert list(found) == ["M 1", "M 2", "M 3"]
    assert (found["M 1"].cost, found["M 1"].responsible) == ("85.000 Euro", ("Bauamt",))
    assert found["M 3"].responsible == ("Amt 66",)


def test_notes_without_mark_are_hidden_and_marks_without_note_are_text() -> None:
    layout = read_markdown((MARKDOWN + "\nSiehe [^9].\n").encode(), ReadingLimits())
    texts = [line.text for line in layout.lines]
    assert "ungenannt" not in texts and layout.hidden == {0: len("ungenannt")}
    assert "Siehe [^9]." in texts


def test_notes_of_a_table_follow_it() -> None:
    cells = "<tr><th>Nr.<th>Was<tr><td>1<td>Rad<sup><a href=#n1>a</a></sup><tr><td>2<td>Bus"
    html = f"<table>{cells}</table><p>Schluss</p><p id=n1><sup>a</sup> nur innen</p><p>{PROSE}</p>"
    layout = read_html(f"<meta charset=utf-8>{html}".encode(), ReadingLimits())
    texts = [line.text for line in layout.lines]
    assert texts[texts.index("Bus") + 1 :] == ["nur innen", "Schluss", PROSE]
    assert [line.text for line in layout.lines if line.note] == ["nur innen"]
    assert count_lost(layout) == 0


TEXT = (
    "auf 12 km<sup>2</sup>", "1,5 · 10<sup>6</sup> Euro", "der 1<sup>te</sup> Weg", "H<sub>2</sub>O",
    "x<sup>2</sup>", "m<sup>-1</sup>", "30 µg/m<sup>3</sup>", "<a href='#teil-2'>2</a> Wege",
)  # fmt: skip


@cases("part")
def test_what_is_raised_and_no_mark_stays(part: str) -> None:
    layout = read_html(f"<meta charset=utf-8><p>{part}</p><p>{PROSE}</p>".encode(), ReadingLimits())
    assert not any(run.role is RunRole.NOTE_MARK for run in layout.runs)


@cases("part", "text")
def test_exponents_behind_a_digit_are_no_digits_of_it(part: str, text: str) -> None:
    layout = read_html(f"<meta charset=utf-8><p>{part}</p><p>{PROSE}</p>".encode(), ReadingLimits())
    assert layout.lines[0].text == text and count_lost(layout) == 0


@cases("mark")
def test_marks_behind_words(mark: str) -> None:
    page = f"<meta charset=utf-8><p>27{mark} Kilometer Weg{mark}</p><p>{PROSE}</p>"
    layout = read_html(page.encode(), ReadingLimits())
    assert layout.lines[0].text == "27 Kilometer Weg"
