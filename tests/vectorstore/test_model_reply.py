"""The object in a model's reply is found whatever stands around it, and what is none is refused."""

from __future__ import annotations

import pytest

from vectorstore import parse_json_object

FOUND = {"a": {"b": 1}}
AROUND = ['{"a": {"b": 1}}', 'Gern:\n```json\n{"a": {"b": 1}}\n```\nGruß', '} {"a": {"b": 1}}']
WITHOUT = ["", "Gern!", "}{", "[1]", '{"a": ']


@pytest.mark.parametrize(
    ("reply", "found"), [*((item, FOUND) for item in AROUND), *((item, None) for item in WITHOUT)]
)
def test_what_stands_around_it_is_left_out(reply: str, found: object) -> None:
    assert parse_json_object(reply) == found


@pytest.mark.parametrize(
    "reply", ["{a}", '{"a": 1} und {"b": 2}', '{"a":' * 100_000 + "1" + "}" * 100_000]
)
def test_what_is_no_json_is_refused(reply: str) -> None:
    with pytest.raises(ValueError):
        parse_json_object(reply)
