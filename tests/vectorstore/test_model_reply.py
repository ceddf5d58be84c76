"""The object in a model's reply is found whatever stands around it, and what is none is refused."""

from __future__ import annotations

import pytest

from vectorstore.endpoints import parse_json_object


@pytest.mark.parametrize(
    "reply", ['{"a": {"b": 1}}', 'Gern:\n```json\n{"a": {"b": 1}}\n```\nGruß', '} {"a": {"b": 1}}']
)
def test_what_stands_around_it_is_left_out(reply: str) -> None:
    assert parse_json_object(reply) == {"a": {"b": 1}}


@pytest.mark.parametrize("reply", ["", "Gern!", "}{", "[1]", '{"a": '])
def test_without_an_object_there_is_none(reply: str) -> None:
    assert parse_json_object(reply) is None


@pytest.mark.parametrize("reply", ["{a}", '{"a": 1} und {"b": 2}', '{"a":' * 100_000 + "1" + "}" * 100_000])
def test_what_is_no_json_is_refused(reply: str) -> None:
    with pytest.raises(ValueError):
        parse_json_object(reply)
