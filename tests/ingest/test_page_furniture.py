"""Page furniture: what repeats at the edge of pages, page and line numbers; and where paragraphs
begin.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import replace

import pytest

from ingest.layout.furniture import drop_furniture
from ingest.layout.paragraphs import open_paragraphs
from ingest.layout.text import read_text
from ingest.stream import Cell, Layout, Line
from tests.ingest.pages import line
from tests.ingest.papers import PROSE

WORDS = (
    "Luft",
    "Wasser",
    "Wald",
    "Moor",
    "Heide",
    "Watt",
    "Sand",
    "Fels",
    "Gras",
    "Laub",
    "Rohr",
    "Torf",
)


def body(page: int, count: int = 4) -> list[Line]:
    """Return lines in the middle of a page that no other page has."""
    return [line(f"{WORDS[page]} und {word} sind dem Kreis teuer.", 300 + 14.0 * n, page=page)
            for n, word in enumerate(WORDS[:count])]  # fmt: skip


def pages(
    count: int, head: Callable[[int], str], foot: Callable[[int], str] = lambda page: ""
) -> Layout:
    """Return pages with a head, a body and a foot; "" is none."""
    found: list[Line] = []
    for page in range(count):
        found += [line(text, 30, page=page) for text in filter(None, [head(page)])]
        found += body(page)
        found += [line(text, 800, page=page) for text in filter(None, [foot(page)])]
    return Layout(tuple(found), page_count=count, labels=("",) * count)


SLASH = pytest.param(
    "{}/9", marks=pytest.mark.xfail(strict=True, reason="taken for the number of a record")
)


def dropped(layout: Layout) -> list[str]:
    return [item.text for item in drop_furniture(layout).furniture]


def kept(layout: Layout) -> list[str]:
    return [item.text for item in drop_furniture(layout).lines]


def test_a_constant_header_and_page_numbers_are_furniture() -> None:
    layout = pages(4, lambda page: "Klimaplan Quonau", lambda page: f"Seite {page + 3} von 9")
    assert dropped(layout) == [
        text for n in range(4) for text in ("Klimaplan Quonau", f"Seite {n + 3} von 9")
    ]
    found = drop_furniture(layout)
    assert [item.text for item in found.lines] == [item.text for n in range(4) for item in body(n)]
    assert found.labels == ("3", "4", "5", "6")


@pytest.mark.parametrize(
    "foot", ["{}", "- {} -", "Seite {}", "Seite {} von 9", "Kreis Quonau | {}", SLASH]
)
def test_page_numbers_are_found_however_they_are_set(foot: str) -> None:
    assert dropped(pages(5, lambda page: "", lambda page: foot.format(page + 1))) == [
        foot.format(n) for n in range(1, 6)
    ]


def test_labels_of_the_file_are_kept() -> None:
    layout = replace(
        pages(4, lambda page: "", lambda page: str(page + 1)), labels=("i", "ii", "1", "2")
    )
    assert drop_furniture(layout).labels == ("i", "ii", "1", "2")


@pytest.mark.parametrize(
    ("head", "kept_heads"),
    [
        (
            lambda page: f"M {page // 3 + 1} {WORDS[page // 3]}",
            [f"M {n + 1} {WORDS[n]}" for n in range(4)],
        ),
        (lambda page: f"M {page + 1} {WORDS[page]}", [f"M {n + 1} {WORDS[n]}" for n in range(12)]),
        (lambda page: f"M-{page + 1:02}", [f"M-{n:02}" for n in range(1, 13)]),
        (lambda page: "Maßnahme:", ["Maßnahme:"] * 12),
    ],
    ids=[
        "a running head once",
        "titles with numbers",
        "codes that are no page numbers",
        "labels with a colon",
    ],
)
def test_heads_that_stay_in_the_text(head: Callable[[int], str], kept_heads: list[str]) -> None:
    layout = pages(12, head, lambda page: str(page + 1))
    assert [
        text for text in kept(layout) if text.startswith("M") and "sind dem Kreis" not in text
    ] == kept_heads


def test_labels_and_values_that_repeat_inside_pages_stay() -> None:
    found = [item for page in range(6) for item in (
        line("Klimaplan Quonau", 30, page=page), line("Zuständig:", 200, page=page), line("hoch", 220, page=page),
        *body(page),
    )]  # fmt: skip
    texts = kept(Layout(tuple(found), page_count=6))
    assert (texts.count("Zuständig:"), texts.count("hoch"), texts.count("Klimaplan Quonau")) == (
        6,
        6,
        0,
    )


def test_the_header_row_of_a_table_that_goes_on_is_the_tables() -> None:
    found = [item for page in range(4) for item in (
        *(line(text, 40, x=60 + 150 * n, page=page, cell=Cell(page, 0, n))
          for n, text in enumerate(("Nr.", "Titel", "Amt"))),
        *body(page),
    )]  # fmt: skip
    assert kept(Layout(tuple(found), page_count=4)).count("Titel") == 4


def test_what_two_pages_share_is_furniture_and_what_one_of_three_has_is_none() -> None:
    assert dropped(pages(2, lambda page: "Klimaplan Quonau")) == ["Klimaplan Quonau"] * 2
    assert dropped(pages(3, lambda page: "" if page else "Klimaplan Quonau")) == []


def test_furniture_is_dropped_from_the_outer_edge_inward() -> None:
    """A line that repeats below one that does not is no furniture."""
    found = [item for page in range(5) for item in (
        line(f"{WORDS[page]} zuerst", 20, page=page), line("Klimaplan Quonau", 40, page=page), *body(page)
    )]  # fmt: skip
    assert dropped(Layout(tuple(found), page_count=5)) == []


def test_pages_of_a_text_have_furniture_without_places() -> None:
    page = "Klimaplan Quonau\n\n{0}: {1}\n\n{1} {0}\n\nNoch {0}.\n\nSeite {2}\n"
    text = "\f".join(page.format(WORDS[n], PROSE, n + 1) for n in range(5))
    found = drop_furniture(read_text(text.encode()))
    assert {item.text for item in found.furniture} == {
        "Klimaplan Quonau",
        *(f"Seite {n}" for n in range(1, 6)),
    }
    alone = re.sub(r"\nSeite \d\n|\f", "", text)
    assert drop_furniture(read_text(alone.encode())).furniture == ()


@pytest.mark.parametrize("foot", ["Seite {}", "Seite {} von 2", "Seite {}/2"])
def test_two_pages_that_are_named_have_furniture(foot: str) -> None:
    feet = [foot.format(n + 1) for n in range(2)]
    assert dropped(pages(2, lambda page: "", lambda page: feet[page])) == feet
    text = f"Der Weg führt über die\n\n{feet[0]}\n\nBrücke an das Ufer.\n\n{feet[1]}\n"
    found = drop_furniture(read_text(text.encode()))
    assert [item.text for item in found.furniture] == feet
    assert [item.text for item in found.lines] == ["Der Weg führt über die", "Brücke an das Ufer."]


def test_a_page_that_a_sentence_names_is_text() -> None:
    text = "Der Plan steht auf\nSeite 1\nund die Karte auf\nSeite 7 im Anhang.\n"
    assert drop_furniture(read_text(text.encode())).furniture == ()


# Where paragraphs begin


def opens(lines: Iterable[Line]) -> list[bool]:
    return [
        paragraph.opens
        for paragraph in open_paragraphs(tuple(replace(item, opens=True) for item in lines))
    ]


FULL = "Der Kreis baut Wege für alle Menschen, die hier wohnen und"


def test_a_larger_distance_opens_a_paragraph() -> None:
    distances = (0, 12, 24, 42, 54)
    assert opens(line(FULL, 100.0 + y, region=0) for y in distances) == [
        True,
        False,
        False,
        True,
        False,
    ]


def test_a_line_that_ends_a_sentence_early_ends_its_paragraph() -> None:
    texts = (
        FULL,
        FULL,
        "Das ist alles.",
        "Die Gemeinden helfen mit, denn es geht um alle Menschen,",
        "wie man sagt.",
    )
    found = opens(line(text, 100 + 12.0 * n, region=0) for n, text in enumerate(texts))
    assert found == [True, False, False, True, False]


def test_another_size_weight_or_bullet_opens_a_paragraph() -> None:
    lines = [
        line(FULL, 100, region=0), line(FULL, 112, region=0, bold=True), line(FULL, 124, region=0),
        line(FULL, 136, region=0, bullet=True), line(FULL, 148, region=0),
    ]  # fmt: skip
    assert opens(lines) == [True, True, True, True, False]


def test_a_sentence_goes_on_over_a_page_end_where_it_begins_small() -> None:
    first, second = line(FULL, 780, region=0), line("unterwegs sind.", 60, page=1, region=1)
    assert opens([first, second]) == [True, False]
    assert opens([first, replace(second, text="Unterwegs")]) == [True, False]  # behind "und"
    assert opens([replace(first, text=f"{FULL} Freunde"), replace(second, text="Unterwegs")]) == [
        True,
        True,
    ]
    assert opens([replace(first, text=f"{FULL} fertig."), second]) == [True, True]


def test_dashes_are_bullets_where_a_list_may_begin() -> None:
    texts = [
        line("Es gibt:", 100),
        line("- Bäume", 130),
        line("- Büsche", 142),
        line("- 5 % Rasen", 154),
    ]
    listed = open_paragraphs(texts)
    assert [(item.text, item.bullet) for item in listed] == [
        ("Es gibt:", False), ("Bäume", True), ("Büsche", True), ("5 % Rasen", True)
    ]  # fmt: skip
    sentence = open_paragraphs([line(FULL, 100), line("- so heißt es - fahren.", 112)])
    assert not any(paragraph.bullet for paragraph in sentence)
