""""""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from sqlalchemy.exc import IntegrityError

from tests.vectorstore.samples import PROJECTS, parsed_document
from tests.vectorstore.strategies import CORPORA, parsed_documents
from vectorstore.catalogue import Catalogue, read_catalogue, write_catalogue
from vectorstore.records import ParsedDocument, dump_parsed, load_parsed


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return Catalogue.of([parsed_document("zweiter"), parsed_document("erster")])


def test_documents_stand_in_the_order_of_their_ids(catalogue: Catalogue) -> None:
    assert list(catalogue.documents) == ["erster", "zweiter"]
    assert [item.document_id for item in catalogue.items] == ["erster"] * 9 + ["zweiter"] * 9


def test_an_item_is_found_by_document_and_key(catalogue: Catalogue) -> None:
    item = catalogue.item("erster", "1.2")
    assert item is not None and item.title == "Bürgerbus Auental"
    assert catalogue.item("erster", "9.9") is None
    assert catalogue.item("dritter", "1.2") is None


def test_children_and_parents_stay_in_their_document(catalogue: Catalogue) -> None:
    theme = catalogue.item("erster", "1")
    assert theme is not None
    children = catalogue.children(theme)
    assert [(child.document_id, child.key) for child in children] == [("erster", "1.1"), ("erster", "1.2")]
    assert catalogue.parent(children[0]) is theme
    assert catalogue.parent(theme) is None
    assert catalogue.children(children[0]) == []


def test_a_chunk_knows_its_row_and_its_item(catalogue: Catalogue) -> None:
    for row, chunk in enumerate(catalogue.chunks):
        assert catalogue.row(chunk.id) == row
        item = catalogue.item(chunk.document_id, chunk.key)
        assert item is not None and catalogue.chunks_of(item) == [chunk]
        assert catalogue.rows_of(item) == [row]


def test_what_is_not_there_is_a_key_error(catalogue: Catalogue) -> None:
    with pytest.raises(KeyError):
        catalogue.row("none")


def test_items_of_a_document(catalogue: Catalogue) -> None:
    assert [item.key for item in catalogue.items_of("zweiter")][:3] == ["1", "1.1", "1.2"]
    assert catalogue.items_of("dritter") == []


def test_two_documents_of_one_id_are_refused() -> None:
    with pytest.raises(ValueError, match="share an id"):
        Catalogue.of([parsed_document("a"), parsed_document("a")])


def test_one_key_twice_is_refused_by_the_tables(tmp_path: Path) -> None:
    parsed = parsed_document(projects={"1.1": PROJECTS["1.1"]})
    doubled = ParsedDocument(document=parsed.document, items=parsed.items * 2)
    with pytest.raises(IntegrityError):
        write_catalogue(tmp_path / "c.sqlite", Catalogue.of([doubled]))


@settings(max_examples=25, deadline=None)
@given(CORPORA)
def test_a_catalogue_survives_sqlite(corpus: tuple[ParsedDocument, ...]) -> None:
    catalogue = Catalogue.of(corpus)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "odd #name? 100%.sqlite"
        write_catalogue(path, catalogue)
        read = read_catalogue(path)
    assert read.documents == catalogue.documents
    assert (read.items, read.chunks) == (catalogue.items, catalogue.chunks)


@given(CORPORA)
def test_the_documents_come_back_as_they_were_given(corpus: tuple[ParsedDocument, ...]) -> None:
    assert Catalogue.of(corpus).parsed() == sorted(corpus, key=lambda one: one.document.id)


def test_reading_leaves_the_file_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "c.sqlite"
    write_catalogue(path, Catalogue.of([parsed_document()]))
    before = path.read_bytes()
    path.chmod(0o444)
    read_catalogue(path)
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


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
