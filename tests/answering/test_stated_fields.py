"""A field that few records of a list state bounds the list; none that was read wrongly is stated."""

from __future__ import annotations

from service.answering.query import Filters
from tests.answering.conftest import Over


def test_a_list_by_a_field_that_few_state_says_so(over: Over) -> None:
    listed = over("column_of_few").service.tools().select(Filters(place="Bad Moorau"))
    assert listed.complete is None
    assert [notice.code for notice in listed.limits] == ["seldom_stated"]


def test_an_amount_below_a_head_over_several_columns_is_no_cost(over: Over) -> None:
    items = [item for item in over("niederau").corpus.catalogue.items if item.ref.startswith("K")]
    assert [item.cost for item in items] == [None] * 3


def test_a_theme_without_a_number_is_a_value_to_filter_by(over: Over) -> None:
    told = over("hitzeschutzkonzept-muehlenranft").service.tools().documents()
    assert [theme.title for theme in told.themes] == ["Aufenthalt", "Vorsorge"]
