"""The catalogue: what is located where, in memory and in its file; and records as JSON."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings

from tests.vectorstore.samples import parsed_document
from tests.vectorstore.strategies import CORPORA, parsed_documents
from vectorstore.records import (
    Catalogue,
    ParsedDocument,
    dump_parsed,
    load_parsed,
    read_catalogue,
    write_catalogue,
)


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return Catalogue([parsed_document("zweiter"), parsed_document("erster")])


def test_items_and_passages_are_found_by_document_key_and_row(catalogue: Catalogue) -> None:
    assert list(catalogue.documents) == ["erster", "zweiter"]
    assert [item.key for item in catalogue.items_of("zweiter")][:3] == ["1", "1.1", "1.2"]
    assert catalogue.items_of("dritter") == [] and catalogue.item("erster", "9.9") is None
    theme = catalogue.item("erster", "1")
    assert theme is not None and catalogue.parent(theme) is None
    children = catalogue.children(theme)
    assert [(child.document_id, child.key) for child in children] == [
        ("erster", "1.1"),
        ("erster", "1.2"),
    ]
    assert catalogue.parent(children[0]) is theme and catalogue.children(children[0]) == []
    for row, chunk in enumerate(catalogue.chunks):
        item = catalogue.item(chunk.document_id, chunk.key)
        assert item is not None and (catalogue.chunks_of(item), catalogue.rows_of(item)) == (
            [chunk],
            [row],
        )
        assert catalogue.row(chunk.id) == row
    with pytest.raises(KeyError):
        catalogue.row("none")


def test_two_documents_of_one_id_and_two_items_of_one_key_are_refused() -> None:
    with pytest.raises(ValueError, match="share an id"):
        Catalogue([parsed_document("a"), parsed_document("a")])
    parsed = parsed_document("a")
    with pytest.raises(ValueError, match="share a key"):
        Catalogue([replace(parsed, items=(*parsed.items, parsed.items[0]))])


@settings(max_examples=25, deadline=None)
@given(CORPORA)
def test_a_catalogue_survives_its_file(corpus: tuple[ParsedDocument, ...]) -> None:
    catalogue = Catalogue(corpus)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "odd #name? 100%.jsonl"
        write_catalogue(path, catalogue)
        read = read_catalogue(path)
    assert read.documents == catalogue.documents
    assert (read.items, read.chunks) == (catalogue.items, catalogue.chunks)


@given(parsed_documents())
def test_a_parsed_document_survives_json_in_equal_bytes(parsed: ParsedDocument) -> None:
    assert load_parsed(dump_parsed(parsed)) == parsed
    assert dump_parsed(load_parsed(dump_parsed(parsed))) == dump_parsed(parsed)
