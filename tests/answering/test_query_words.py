"""How much of a word of a question its parts cover."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from service.answering.retrieval.query_words import PARTS_COVERAGE, QueryWord


@given(st.lists(st.floats(0.01, 20.0), min_size=1, max_size=4))
def test_all_parts_of_a_compound_cover_their_share_whatever_their_rarity(
    rarities: list[float],
) -> None:
    by_part = {f"part{number}": rarity for number, rarity in enumerate(rarities)}
    word = QueryWord("Radwegenetz", ("radwegenetz", *by_part))
    assert word.covered_by(frozenset(by_part), by_part.__getitem__) == PARTS_COVERAGE
