"""Footnotes in every format that has them: marks are no text, and notes belong to their place."""

from __future__ import annotations

import re
from functools import cache

import pytest
from docx.oxml.ns import nsdecls

from ingest.layout.notes import place_notes
from ingest.layout.runs import RunRole
from ingest.stream import Layout
from tests.ingest.archives import parts_of, with_footnotes, with_parts
from tests.ingest.cases import cases
from tests.ingest.formats import paper
from tests.ingest.pages import line
from tests.ingest.papers import PROSE, is_whole, layout_of, lines_of, read_bytes, records, runs_of
from tests.ingest.streams import count_lost
from vectorstore.records import ParsedDocument

# [^1] is the mark of a note.
PLAN = f"""# Klimaplan

## Gase

{PROSE} Die Stadt stieß 48[^1] Kilotonnen CO2 aus, auf 12 km2 und 3 m3, bis 2035[^2] sinkt das.

## M 1 Solar

Kosten: 85.000 Euro[^3]

Zuständig: Bauamt

## M 2 Wind

Zuständig: Forstamt

## M 3 Wasser

Zuständig: Amt 66"""
NOTES = ("ohne Landwirtschaft", "Ratsbeschluss", "netto")
MARKDOWN = f"""{PLAN.replace("[^2]", "[^rat]")}

[^1]: ohne Landwirtschaft
[^rat]: Ratsbeschluss

[^3]: netto
[^nie]: ungenannt
"""


def noted(mark: str) -> str:
    """Return the notes, each as HTML with {n} for its number and {text} for its text."""
    return "".join(mark.format(n=n, text=text) for n, text in enumerate(NOTES, 1))


def page(mark: str, notes: str) -> bytes:
    """Return a web page with marks, \\1 for their numbers, and notes at its end."""
    html = paper("a.html", *PLAN.split("\n\n")).decode()
    html = re.sub(r"\[\^(.)\]", mark, html).replace("CO2", "CO<sub>2</sub>")
    return (re.sub(r"(km|\bm)(\d)", r"\1<sup>\2</sup>", html) + notes).encode()


RAISED = '<w:r><w:rPr><w:vertAlign w:val="superscript"/></w:rPr><w:t>{}</w:t></w:r>'


def word_file(mark: str, *further: str) -> bytes:
    """Return a Word file with runs as marks, \\1 for their numbers, and further paragraphs."""
    content = paper("a.docx", *PLAN.split("\n\n"), *further)
    text = '<w:t xml:space="preserve">'
    main = parts_of(content)["word/document.xml"].decode().replace("<w:t>", text)
    around = rf"</w:t></w:r>{{}}<w:r>{text}"
    main = re.sub(r"\[\^(.)\]", around.format(mark), main)
    main = re.sub(r"(km|\bm)(\d)", r"\1" + around.format(RAISED.format(r"\2")), main)
    return with_parts(content, {"word/document.xml": main.encode()})


def automatic() -> bytes:
    """Return a Word file with footnotes."""
    notes = noted(
        '<w:footnote w:id="{n}"><w:p><w:r><w:footnoteRef/></w:r><w:r><w:t>{text}</w:t></w:r></w:p></w:footnote>'
    )
    content = word_file(r'<w:r><w:footnoteReference w:id="\1"/></w:r>')
    return with_footnotes(content, f"<w:footnotes {nsdecls('w')}>{notes}</w:footnotes>")


def typed() -> bytes:
    """Return a Word file with marks that somebody typed, also before its notes."""
    notes = (f"[^{number}] {text}" for number, text in enumerate(NOTES, 1))
    return word_file(RAISED.format(r"\1"), *notes)


FILES: dict[str, tuple[str, bytes]] = {
    "digits": ("a.html", page(r"<sup>\1</sup>", noted("<p><sup>{n}</sup> {text}</p>"))),
    "links": (
        "a.html",
        page(
            r'<sup><a href="#fn\1" id="r\1">[\1]</a></sup>',
            noted('<li id="fn{n}">{text} <a href="#r{n}" class="footnote-backref">↩︎</a></li>'),
        ),
    ),
    "links of Word": (
        "a.html",
        page(
            r'<a href="#_ftn\1" name="_ftnref\1">[\1]</a>',
            noted(
                '<div id="ftn{n}"><p><a href="#_ftnref{n}" name="_ftn{n}">[{n}]</a> {text}</p></div>'
            ),
        ),
    ),
    "markdown": ("a.md", MARKDOWN.encode()),
    "automatic": ("a.docx", automatic()),
    "typed": ("a.docx", typed()),
}
MOVED = ("links", "links of Word", "markdown", "automatic")  # the mark leads to its note


@cache
def read(name: str) -> ParsedDocument:
    file, content = FILES[name]
    return read_bytes(content, file)


@pytest.mark.parametrize("name", FILES)
def test_marks_are_no_text_and_exponents_are(name: str) -> None:
    document = read(name).document
    sentence = "Die Stadt stieß 48 Kilotonnen CO2 aus, auf 12 km2 und 3 m3, bis 2035 sinkt das."
    assert sentence in document.text and "85.000 Euro\n" in document.text
    assert is_whole(document) and document.coverage is not None
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
    layout = layout_of((MARKDOWN + "\nSiehe [^9].\n").encode(), "a.md")
    texts = lines_of(layout)
    assert "ungenannt" not in texts and layout.hidden == {0: len("ungenannt")}
    assert "Siehe [^9]." in texts


def read_page(body: str) -> Layout:
    return layout_of(f"<meta charset=utf-8>{body}".encode(), "a.html")


def test_a_note_before_its_mark_goes_behind_it() -> None:
    note, text = line("netto", note="1"), line("Kosten", marks=("1",))
    assert place_notes((note, text)) == (text, note)


def test_notes_of_a_table_follow_it() -> None:
    cells = "<tr><th>Nr.<th>Was<tr><td>1<td>Rad<sup><a href=#n1>a</a></sup><tr><td>2<td>Bus"
    html = f"<table>{cells}</table><p>Schluss</p><p id=n1><sup>a</sup> nur innen</p><p>{PROSE}</p>"
    layout = read_page(html)
    texts = lines_of(layout)
    assert texts[texts.index("Bus") + 1 :] == ["nur innen", "Schluss", PROSE]
    assert [line.text for line in layout.lines if line.note] == ["nur innen"]
    assert count_lost(layout) == 0


@cases("part")
def test_what_is_raised_and_no_mark_stays(part: str) -> None:
    layout = read_page(f"<p>{part}</p><p>{PROSE}</p>")
    assert runs_of(layout, RunRole.NOTE_MARK) == []


@cases("part", "text")
def test_exponents_behind_a_digit_are_no_digits_of_it(part: str, text: str) -> None:
    layout = read_page(f"<p>{part}</p><p>{PROSE}</p>")
    assert layout.lines[0].text == text and count_lost(layout) == 0


@cases("mark")
def test_marks_behind_words(mark: str) -> None:
    layout = read_page(f"<p>27{mark} Kilometer Weg{mark}</p><p>{PROSE}</p>")
    assert layout.lines[0].text == "27 Kilometer Weg"
