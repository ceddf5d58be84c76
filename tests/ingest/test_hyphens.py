from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.layout.hyphens import Vocabulary, join_cell_lines, join_lines
from ingest.layout.lines import squash
from tests.ingest.phrases import phrases

WORDS = Vocabulary(
    ["Die CO₂-reduzierte Mobilität sowie der Kantinenausschuss und die Wirtschaftsförderungen sind in Bearbeitung."]
)


@pytest.mark.parametrize(("first", "second", "joined"), phrases("hyphens", "lines"))
def test_lines(first: str, second: str, joined: str) -> None:
    assert join_lines(first, second, WORDS) == joined


@pytest.mark.parametrize(
    ("lines", "joined"),
    [
        (["Wirtschaftsförderunge", "n sind"], "Wirtschaftsförderungen sind"),
        (["Kantinen-au", "sschuss"], "Kantinen-ausschuss"),
        (["Bearbe", "itung"], "Bearbeitung"),
        (["Bürgermeister in", "weiteren Orten"], "Bürgermeister in weiteren Orten"),
        (["alle Kommunen", "Kreis"], "alle Kommunen Kreis"),
        (["Umwelt-", "Rat"], "Umwelt-Rat"),
        (["H ₂", "-Mobilität"], "H ₂-Mobilität"),
    ],
)
def test_cells(lines: list[str], joined: str) -> None:
    assert join_cell_lines(lines, WORDS) == joined


@given(st.lists(st.text(alphabet="abcDEF -äß.", min_size=1), min_size=1, max_size=5))
def test_cells_lose_nothing_but_hyphens_and_spaces(lines: list[str]) -> None:
    assert squash(join_cell_lines(lines, WORDS)).replace("-", "") == squash("".join(lines)).replace("-", "")
