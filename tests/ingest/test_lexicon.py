"""What labels, headers and status words mean, and which texts are labels."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

import pytest

from ingest.readers.labelled_texts import labelled_texts
from ingest.readers.labels import find_labels
from ingest.readers.lexicon import (
    field_of_label,
    fields_of_labels,
    is_field_word,
    is_section_label,
    is_status_heading,
    names_themes,
    normalize,
    status_of,
    terms,
)
from ingest.readers.lines import DocumentLines
from ingest.stream import Cell, Line, Style
from tests.ingest.cases import cases
from tests.ingest.pages import table

FIELDS = sorted({term.field for term in terms()} - {"none"})
MARKED = {"#", "lfd. nr.", "lfd.-nr.", "lfd.nr.", "stand d.", "zeitl.", "zuständ."}
UNMATCHED = pytest.mark.xfail(
    strict=True, reason="marks at the end are taken from labels and not from the terms"
)


def is_understood(word: str, field: str) -> bool:
    fields = {term.field for term in terms() if word in (*term.exact, *term.stems, *term.weak)}
    spelled = (word, word[:1].upper() + word[1:], f"{word}:")
    return field in fields and all(field_of_label(item, weak=True) in fields for item in spelled)


@pytest.mark.parametrize("field", FIELDS)
def test_every_term_means_its_field_however_it_is_written(field: str) -> None:
    words = {
        word
        for term in terms()
        if term.field == field
        for word in (*term.exact, *term.stems, *term.weak)
    }
    assert [
        word for word in sorted(words - MARKED - {"mittel (€)"}) if not is_understood(word, field)
    ] == []


@pytest.mark.xfail(strict=True, reason="of an Eszett in capitals only that of Maßnahme is known")
@cases("label")
def test_any_eszett_in_capitals(label: str) -> None:
    assert field_of_label(label) == "indicator"


@pytest.mark.parametrize("word", [pytest.param(word, marks=UNMATCHED) for word in sorted(MARKED)])
def test_terms_that_end_with_a_mark_mean_their_field(word: str) -> None:
    (field,) = {term.field for term in terms() if word in (*term.exact, *term.stems)}
    assert is_understood(word, field)


@cases("label", "field")
def test_labels_mean_fields(label: str, field: str) -> None:
    assert field_of_label(label) == (field or None)


def test_a_weak_word_counts_where_no_other_label_says_it() -> None:
    assert fields_of_labels(["Akteure", "Kosten"])["Akteure"] == "responsible"
    assert fields_of_labels(["Akteure", "Federführung"])["Akteure"] is None


def test_words_in_their_plain_form() -> None:
    assert normalize(" Zuständig :") == "zuständig" and normalize("Wer?") == "wer?"
    assert (
        is_field_word("Zielgruppen")
        and is_field_word("Kosten")
        and not is_field_word("Kosten der Wege im Norden")
    )
    assert names_themes("Strategische Handlungsfelder")
    assert not names_themes("Handlungsfeld 1")


@cases("title", "status")
def test_headings_that_group_by_status(title: str, status: str) -> None:
    assert (status_of(title) if is_status_heading(title) else None) == (status or None)


@cases("words", "status")
def test_a_status_denied_or_reached_in_part_is_not_told_as_reached(words: str, status: str) -> None:
    assert status_of(words) == (status or None)


def test_labels_of_sections() -> None:
    assert is_section_label("Begründung:") and is_section_label("Begründung/Sachverhalt:")
    assert not is_section_label("Begründung") and not is_section_label("Die Begründung:")


# Which texts are labels

PROSE = "Der Kreis baut Wege für alle, die mit dem Rad fahren wollen."
PLAIN, BOLD = Style(10.0), Style(10.0, True)


def labels(lines: Sequence[Line], apart: Iterable[int] = ()) -> list[tuple[str, str]]:
    """Return the labels with what of the value is on their line."""
    found = find_labels(DocumentLines(lines, frozenset(apart)), ())
    return [(label.text, lines[label.lines[-1]].text[label.end :].strip()) for label in found]


def sheets(*texts: str, style: Style = PLAIN) -> list[Line]:
    """Return three sheets that have these labels, each with prose below."""
    lines = []
    for n in range(3):
        for text in texts:
            lines += [Line(text.format(n), style=style), Line(f"{PROSE} {n}", style=PLAIN)]
    return lines


@cases("text", "label", "bold")
def test_labels_recur_alone(text: str, label: str, bold: bool) -> None:
    assert labels(sheets(text, style=Style(10.0, bold))) == [(label, "")] * 3


def test_text_without_a_look_is_no_label_where_text_has_looks() -> None:
    lines = [*sheets("Zielgruppe", "Klimaplan Quonau"), Line("Anhang", style=BOLD)]
    assert labels(lines) == [("Zielgruppe", "")] * 3


def test_labels_recur_before_their_value() -> None:
    assert labels(sheets("Zuständig: Amt 6{}")) == [("Zuständig", f"Amt 6{n}") for n in range(3)]


@cases("text")
def test_what_is_no_label(text: str) -> None:
    assert labels(sheets(text)[:4]) == [] or "{" not in text


def test_a_label_once_or_twice_is_none() -> None:
    assert labels(sheets("Das Besondere:")[:4]) == [] == labels(sheets("Zuständig:")[:4])


def test_a_bold_beginning_is_a_label() -> None:
    lines = [
        replace(line, lead=9 * line.text.startswith("Bes")) for line in sheets("Besonders Amt 6{}")
    ]
    assert labels(lines) == [("Besonders", f"Amt 6{n}") for n in range(3)]


def test_a_value_that_recurs_is_no_label_nor_part_of_one() -> None:
    assert (
        labels(sheets("Zuständig: Bauamt", "Laufzeit:"))
        == [("Zuständig", "Bauamt"), ("Laufzeit", "")] * 3
    )
    lines = []
    for n in range(3):
        lines += map(Line, ("Zuständig:", "Bauamt", "Laufzeit:", f"203{n}", f"{PROSE} {n}"))
    assert labels(lines) == [("Zuständig", ""), ("Laufzeit", "")] * 3


def test_cells_are_labels_and_those_beside_them_values() -> None:
    lines = []
    for n in range(3):
        rows = ("Feder-/führung", f"Amt 6{n}"), ("Dauer", f"203{n}")
        lines += table(*rows, number=n, first_row=2 * n)
    assert labels(lines) == [("Federführung", ""), ("Dauer", "")] * 3


def test_a_head_of_two_fields_over_two_cells_parts_them() -> None:
    lines = []
    for n in range(3):
        rows = (
            ("Nr.", "Titel / Zuständigkeit", "", "Priorität"),
            (f"K{n}", f"Weg {n}", f"Amt {n}", f"{n}"),
        )
        lines += [
            Line(
                text,
                cell=Cell(n, row, column),
                style=BOLD if row == 0 else PLAIN,
                region=10 * n + 5 * row + column,
            )
            for row, cells in enumerate(rows)
            for column, text in enumerate(cells)
            if text
        ]
    document = DocumentLines(lines, frozenset())
    found = find_labels(document, ())
    values = {}
    for n in range(3):
        own = [label for label in found if 7 * n <= label.line < 7 * n + 7]
        values[n] = {
            value.label.text: [lines[index].text for index in value.lines]
            for value in labelled_texts(document, own, 7 * n + 7)
        }
    assert [values[n]["Titel"] for n in range(3)] == [["Weg 0"], ["Weg 1"], ["Weg 2"]]
    assert [values[n]["Zuständigkeit"] for n in range(3)] == [["Amt 0"], ["Amt 1"], ["Amt 2"]]


def test_points_and_lines_of_tables_are_no_labels() -> None:
    lines = [replace(Line("Vergabe vorbereiten", style=BOLD), bullet=True) for _ in range(4)]
    assert labels([*lines, *[Line(PROSE, style=PLAIN)] * 4]) == []
    assert labels([Line("Zuständig:", cell=Cell(0, n, 0)) for n in range(4)], range(4)) == []


def test_what_is_beside_a_label_with_a_colon_is_its_value() -> None:
    lines = []
    for n in range(3):
        rows = ("Träger:", "Quonauer Stadtwerke"), ("Dauer:", f"203{n}")
        lines += [replace(item, style=BOLD) for item in table(*rows, number=n)]
        lines += [Line(f"{PROSE} {n}", style=PLAIN)] * 3
    assert labels(lines) == [("Träger", ""), ("Dauer", "")] * 3
