from __future__ import annotations

import pytest
from hypothesis import given

from tests.vectorstore.samples import parsed_document
from tests.vectorstore.strategies import parsed_documents
from vectorstore.codec import chunk_digest, dump_parsed, load_parsed, text_digest
from vectorstore.records import ParsedDocument


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


def test_a_digest_tells_texts_apart_and_has_128_bits() -> None:
    assert text_digest("a") != text_digest("b")
    assert len(text_digest("a")) == 32


def test_a_chunks_digest_covers_text_context_and_place() -> None:
    first, second, *_ = parsed_document().chunks
    assert chunk_digest(first) == chunk_digest(first)
    assert chunk_digest(first) != chunk_digest(second)
