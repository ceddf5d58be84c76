"""The text of a document: paragraphs, points and rows, with the span of every line, and where pages
begin.
"""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from ingest.layout.hyphens import WholeWords, join_cell_lines, join_lines
from ingest.rendering import BlockKind, Rendering, make_vocabulary, render
from ingest.stream import Line
from ingest.tables import find_tables
from tests.ingest.cases import cases
from tests.ingest.pages import table
from vectorstore.language import remove_spaces

WORDS = WholeWords(
    [
        "Die CO₂-reduzierte Mobilität sowie der Kantinenausschuss und die Wirtschaftsförderungen sind in Bearbeitung."
    ]
)


def rendered(
    lines: Sequence[Line], contents: Sequence[int] = (), pages: int = 0, **how: frozenset[int]
) -> Rendering:
    words = make_vocabulary(lines)
    return render(
        lines, find_tables(lines, words), frozenset(contents), words, pages, [""] * pages, **how
    )


def said(rendering: Rendering) -> list[str]:
    return [rendering.text[span.start : span.end] for span in rendering.spans]


def test_paragraphs_are_parted_and_broken_words_are_whole() -> None:
    more = [Line(text, opens=False) for text in ("ge und Fuß-", "und Reitwege.")]
    item = rendered([Line("Der Kreis hat Radwe-"), *more, Line("Ende.")])
    assert item.text == "Der Kreis hat Radwege und Fuß- und Reitwege.\n\nEnde."
    assert said(item) == ["Der Kreis hat Radwe", "ge und Fuß-", "und Reitwege.", "Ende."]
    assert [block.kind for block in item.blocks] == [BlockKind.TEXT] * 2


def test_points_have_a_mark_that_is_no_part_of_their_line() -> None:
    item = rendered(
        [
            Line("Es gibt:"),
            Line("Bäume", bullet=True),
            Line("und Büsche", opens=False),
            Line("Gras", bullet=True),
        ]
    )
    assert item.text == "Es gibt:\n\n- Bäume und Büsche\n\n- Gras"
    assert said(item) == ["Es gibt:", "Bäume", "und Büsche", "Gras"]
    assert [block.kind for block in item.blocks] == [
        BlockKind.TEXT,
        BlockKind.BULLET,
        BlockKind.BULLET,
    ]


def test_rows_are_lines_of_cells() -> None:
    rows = [("M 1", "Radweg am/Bach und See", "Amt 61"), ("M 2", "Steg im Wald", "Amt 66")]
    lines = table(("Nr.", "Maßnahme", "Zuständig"), *rows)
    item = rendered(lines)
    assert (
        item.text
        == "Nr.\tMaßnahme\tZuständig\n\nM 1\tRadweg am Bach und See\tAmt 61\n\nM 2\tSteg im Wald\tAmt 66"
    )
    assert [block.kind for block in item.blocks] == [BlockKind.HEADER, BlockKind.ROW, BlockKind.ROW]
    assert item.text[slice(*item.span_of([4, 5]))] == "Radweg am Bach und See" == said(item)[4]


def test_pages_begin_with_their_first_line_and_empty_ones_with_the_next() -> None:
    item = rendered([Line("Eins."), Line("Zwei.", page=1), Line("Vier.", page=3)], pages=5)
    assert [(page.number, page.start) for page in item.pages] == [
        (1, 0),
        (2, 7),
        (3, 14),
        (4, 14),
        (5, 19),
    ]


def test_a_paragraph_over_a_page_end_gives_the_page_its_second_line() -> None:
    item = rendered([Line("Der Kreis baut"), Line("Wege.", page=1, opens=False)], pages=2)
    assert (item.text, [page.start for page in item.pages]) == ("Der Kreis baut Wege.", [0, 15])


def test_contents_are_apart() -> None:
    item = rendered(
        [Line("Inhalt"), Line("1 Lage .... 3", opens=False), Line("Text.", opens=False)],
        contents=(0, 1),
    )
    assert [block.kind for block in item.blocks] == [
        BlockKind.CONTENTS,
        BlockKind.CONTENTS,
        BlockKind.TEXT,
    ]


def test_blocks_are_broken_and_joined_where_a_reader_says_so() -> None:
    lines = [Line("Radwege im"), Line("Norden"), Line("Der Kreis baut sie.", opens=False)]
    assert rendered(lines).text == "Radwege im\n\nNorden Der Kreis baut sie."
    item = rendered(lines, breaks=frozenset([0, 2]), combined=frozenset([1]))
    assert item.text == "Radwege im Norden\n\nDer Kreis baut sie."
    assert (item.block_at(0), item.block_at(17), item.block_at(19), item.block_at(99)) == (
        0,
        0,
        1,
        1,
    )


@given(
    st.lists(
        st.tuples(
            st.sampled_from(("Rad-", "weg", "und", "Der Kreis.", "Bau-Amt", "-")), st.booleans()
        ),
        min_size=1,
    )
)
def test_no_letter_of_a_line_is_lost_and_spans_follow_one_another(
    parts: list[tuple[str, bool]],
) -> None:
    lines = [Line(text, opens=opens) for text, opens in parts]
    item = rendered(lines)
    assert remove_spaces(item.text).replace("-", "") == remove_spaces(
        "".join(text for text, _ in parts)
    ).replace("-", "")
    assert all(
        before.end <= after.start for before, after in zip(item.spans, item.spans[1:], strict=False)
    )


# Words that lines break


@cases("first", "second", "joined")
def test_lines(first: str, second: str, joined: str) -> None:
    assert join_lines(first, second, WORDS) == joined


@cases("lines", "joined")
def test_cells(lines: list[str], joined: str) -> None:
    assert join_cell_lines(lines, WORDS) == joined


@given(st.lists(st.text(alphabet="abcDEF -äß.", min_size=1), min_size=1, max_size=5))
def test_cells_lose_nothing_but_hyphens_and_spaces(lines: list[str]) -> None:
    assert remove_spaces(join_cell_lines(lines, WORDS)).replace("-", "") == remove_spaces(
        "".join(lines)
    ).replace("-", "")
