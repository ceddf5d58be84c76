"""The text of a document: paragraphs, points and rows, with the span of every line, and where pages
begin.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.layout.hyphens import WholeWords, join_cell_lines, join_lines
from ingest.rendering import BlockKind, Rendering, make_vocabulary, render
from ingest.stream import Line
from ingest.tables import find_tables
from tests.ingest.cases import cases, documents
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


def line_of(printed: str) -> Line:
    page = 1
    if printed[0] == "/":
        page, printed = int(printed[1]), printed[3:]
    text = printed.removeprefix("… ").removeprefix("• ")
    return Line(text, page - 1, opens=printed[0] != "…", bullet=printed[0] == "•")


@pytest.mark.parametrize("case", documents("test_rendering.toml"))
def test_lines_are_rendered_as_text(case: dict[str, Any]) -> None:
    sets = {name: frozenset(case.get(name, ())) for name in ("breaks", "combined")}
    lines = [line_of(printed) for printed in case["lines"]]
    item = rendered(lines, case.get("contents", ()), case.get("page_count", 0), **sets)
    assert item.text == case["text"]
    read = {
        "said": said(item),
        "kinds": [block.kind.name.lower() for block in item.blocks],
        "pages": [[page.number, page.start] for page in item.pages],
    }
    for name, found in read.items():
        if name in case:
            assert found == case[name]


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


def test_the_block_at_a_place() -> None:
    item = rendered([Line("Radwege im Norden"), Line("Der Kreis baut sie.")])
    assert [item.block_at(place) for place in (0, 17, 19, 99)] == [0, 0, 1, 1]


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
