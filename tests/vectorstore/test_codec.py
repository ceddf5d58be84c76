from __future__ import annotations

import pytest
from hypothesis import given

from tests.vectorstore.strategies import parsed_documents
from vectorstore.records import ParsedDocument, dump_parsed, load_parsed


@given(parsed_documents())
def test_a_parsed_document_survives_json(parsed: ParsedDocument) -> None:
    assert load_parsed(dump_parsed(parsed)) == parsed


@given(parsed_documents())
def test_equal_records_give_equal_bytes(parsed: ParsedDocument) -> None:
    assert dump_parsed(load_parsed(dump_parsed(parsed))) == dump_parsed(parsed)


@pytest.mark.parametrize("data", [b"", b"{}", b"[1]", b'{"document": 3}'])
def test_anything_else_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError):
        load_parsed(data)
