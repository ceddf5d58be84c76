"""Page furniture: what repeats at the edge of pages, page and line numbers; and where paragraphs
begin.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

import pytest

from ingest.layout.furniture import drop_furniture
from ingest.layout.paragraphs import open_paragraphs
from ingest.layout.text import read_text
from ingest.stream import Cell, Layout, Line
from tests.ingest.cases import cases
from tests.ingest.pages import line
from tests.ingest.papers import PROSE

WORDS = re.findall(r"\w+", "Luft Wasser Wald Moor Heide Watt Sand Fels Gras Laub Rohr Torf")
HEAD = "Klimaplan Quonau"


def body(page: int) -> list[Line]:
    """Return lines in the middle of a page that no other page has."""
    texts = (f"{WORDS[page]} und {word} sind dem Kreis teuer." for word in WORDS[:4])
    return [line(text, 300 + 14.0 * n, page=page) for n, text in enumerate(texts)]


def pages(heads: Sequence[str], feet: Sequence[str]) -> Layout:
    """Return pages with a head, a body and a foot; "" is none."""
    found: list[Line] = []
    for page, (head, foot) in enumerate(zip(heads, feet, strict=True)):
        edges = [line(head, 30, page=page), *body(page), line(foot, 800, page=page)]
        found += [item for item in edges if item.text]
    return laid_out(len(heads), found)


def laid_out(count: int, lines: Iterable[Line]) -> Layout:
    return Layout(tuple(lines), page_count=count, labels=("",) * count)


NOTHING = ("",) * 12
SLASH = pytest.param(
    "{}/9", marks=pytest.mark.xfail(strict=True, reason="taken for the number of a record")
)


def dropped(layout: Layout) -> list[str]:
    return [item.text for item in drop_furniture(layout).furniture]


def kept(layout: Layout) -> list[str]:
    return [item.text for item in drop_furniture(layout).lines]


def test_a_constant_header_and_page_numbers_are_furniture() -> None:
    feet = [f"Seite {n} von 9" for n in range(3, 7)]
    layout = pages([HEAD] * 4, feet)
    assert dropped(layout) == [text for foot in feet for text in (HEAD, foot)]
    found = drop_furniture(layout)
    assert [item.text for item in found.lines] == [item.text for n in range(4) for item in body(n)]
    assert found.labels == ("3", "4", "5", "6")


@pytest.mark.parametrize(
    "foot", ["{}", "- {} -", "Seite {}", "Seite {} von 9", "Kreis Quonau | {}", SLASH]
)
def test_page_numbers_are_found_however_they_are_set(foot: str) -> None:
    feet = [foot.format(n) for n in range(1, 6)]
    assert dropped(pages(NOTHING[:5], feet)) == feet


def test_large_numbers_count_records_one_to_a_page() -> None:
    numbers = [line(str(n + 1), 30, page=n, size=24) for n in range(4)]
    layout = pages(NOTHING[:4], "5678")
    assert dropped(laid_out(4, (*numbers, *layout.lines))) == list("5678")


def test_labels_of_the_file_are_kept() -> None:
    layout = replace(pages(NOTHING[:4], "1234"), labels=("i", "ii", "1", "2"))
    assert drop_furniture(layout).labels == ("i", "ii", "1", "2")


@cases("head")
def test_heads_that_stay_in_the_text(head: str) -> None:
    heads = [head.format(n + 1, WORDS[n], n // 3 + 1, WORDS[n // 3]) for n in range(12)]
    texts = kept(pages(heads, [str(page + 1) for page in range(12)]))
    found = [text for text in texts if text in heads]
    assert found == (list(dict.fromkeys(heads)) if "{2}" in head else heads)


def test_labels_and_values_that_repeat_inside_pages_stay() -> None:
    found = []
    for page in range(6):
        found += [line(HEAD, 30, page=page), line("Zuständig:", 200, page=page)]
        found += [line("hoch", 220, page=page), *body(page)]
    texts = kept(laid_out(6, found))
    assert [texts.count(text) for text in ("Zuständig:", "hoch", HEAD)] == [6, 6, 0]


def test_the_header_row_of_a_table_that_goes_on_is_the_tables() -> None:
    found = []
    for page in range(4):
        for n, text in enumerate(("Nr.", "Titel", "Amt")):
            found.append(line(text, 40, x=60 + 150 * n, page=page, cell=Cell(page, 0, n)))
        found += body(page)
    assert kept(laid_out(4, found)).count("Titel") == 4


def test_what_two_pages_share_is_furniture_and_what_one_of_three_has_is_none() -> None:
    assert dropped(pages([HEAD] * 2, NOTHING[:2])) == [HEAD] * 2
    assert dropped(pages([HEAD, "", ""], NOTHING[:3])) == []


def test_furniture_is_dropped_from_the_outer_edge_inward() -> None:
    """A line that repeats below one that does not is no furniture."""
    found = []
    for page in range(5):
        found += [line(f"{WORDS[page]} zuerst", 20, page=page), line(HEAD, 40, page=page)]
        found += body(page)
    assert dropped(laid_out(5, found)) == []


def test_pages_of_a_text_have_furniture_without_places() -> None:
    page = "Klimaplan Quonau\n\n{0}: {1}\n\n{1} {0}\n\nNoch {0}.\n\nSeite {2}\n"
    text = "\f".join(page.format(WORDS[n], PROSE, n + 1) for n in range(5))
    found = drop_furniture(read_text(text.encode()))
    feet = (f"Seite {n}" for n in range(1, 6))
    assert {item.text for item in found.furniture} == {HEAD, *feet}
    alone = re.sub(r"\nSeite \d\n|\f", "", text)
    assert drop_furniture(read_text(alone.encode())).furniture == ()


@cases("foot")
def test_two_pages_that_are_named_have_furniture(foot: str) -> None:
    feet = [foot.format(n + 1) for n in range(2)]
    assert dropped(pages(NOTHING[:2], feet)) == feet
    text = f"Der Weg führt über die\n\n{feet[0]}\n\nBrücke an das Ufer.\n\n{feet[1]}\n"
    found = drop_furniture(read_text(text.encode()))
    assert [item.text for item in found.furniture] == feet
    assert [item.text for item in found.lines] == ["Der Weg führt über die", "Brücke an das Ufer."]


def test_a_number_that_one_page_prints_many_times_counts_no_pages() -> None:
    numbers = ["17", "9", "3\n\n3\n\n3", "25"]
    text = "\f".join(f"{WORDS[n]}: {PROSE}\n\n{number}\n" for n, number in enumerate(numbers))
    assert drop_furniture(read_text(text.encode())).furniture == ()


def test_a_page_that_a_sentence_names_is_text() -> None:
    text = "Der Plan steht auf\nSeite 1\nund die Karte auf\nSeite 7 im Anhang.\n"
    assert drop_furniture(read_text(text.encode())).furniture == ()


# Where paragraphs begin


FULL = "Der Kreis baut Wege für alle Menschen, die hier wohnen und"


@cases("lines", "opens")
def test_which_lines_open_a_paragraph(
    lines: Sequence[tuple[Any, ...]], opens: Sequence[bool]
) -> None:
    printed = []
    for y, text, *marks in lines:
        page = int("next page" in marks)
        how = {"page": page, "region": page, "bold": "bold" in marks, "bullet": "bullet" in marks}
        printed.append(line(text.replace("{FULL}", FULL), y, opens=True, **how))
    assert [found.opens for found in open_paragraphs(tuple(printed))] == list(opens)


def test_dashes_are_bullets_where_a_list_may_begin() -> None:
    points = ("Es gibt:", "- Bäume", "- Büsche", "- 5 % Rasen")
    texts = [line(text, y) for text, y in zip(points, (100, 130, 142, 154), strict=True)]
    listed = open_paragraphs(texts)
    assert [(item.text, item.bullet) for item in listed] == [
        ("Es gibt:", False), ("Bäume", True), ("Büsche", True), ("5 % Rasen", True)
    ]  # fmt: skip
    sentence = open_paragraphs([line(FULL, 100), line("- so heißt es - fahren.", 112)])
    assert not any(paragraph.bullet for paragraph in sentence)
    (bold,) = open_paragraphs([line("– Ziel: kurze Wege", lead=7)])
    assert bold.text[: bold.lead] == "Ziel:"
