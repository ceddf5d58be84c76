"""Other chunkings of the sample edition: nothing of an item is lost, and the shipped one is the edition itself."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import evals
from evals.baselines.chunkings import (
    CHUNKINGS,
    SHIPPED,
    fixed_passages,
    items_cut,
    paragraphs,
    rebuilt,
    whole_items,
)
from evals.baselines.passages import cut_passages
from evals.cases import load_cases
from evals.runs.targets import request_of
from service.answering.service import AnswerService
from vectorstore.catalogue import Catalogue
from vectorstore.records import Chunk
from vectorstore.vocabulary import Vocabulary

SAMPLE = Path(evals.__file__).parent / "cases" / "sample-dev.jsonl"
PER_ITEM = [name for name in CHUNKINGS if not name.startswith("Passagen")]


@pytest.fixture
def catalogue(measured: AnswerService) -> Catalogue:
    return measured.corpus.catalogue


def places(chunks: list[Chunk], catalogue: Catalogue) -> dict[str, np.ndarray]:
    """Per document, which characters some chunk holds; white space always counts as held."""
    held = {
        key: np.array([char.isspace() for char in one.text], dtype=bool) for key, one in catalogue.documents.items()
    }
    for chunk in chunks:
        held[chunk.document_id][chunk.start : chunk.end] = True
    return held


@pytest.mark.parametrize("name", PER_ITEM)
def test_chunkings_of_items_keep_what_each_item_says(name: str, catalogue: Catalogue) -> None:
    wanted = places(list(catalogue.chunks), catalogue)
    held = places(CHUNKINGS[name](catalogue), catalogue)
    for key, characters in wanted.items():
        text = catalogue.documents[key].text
        lost = "".join(text[place] for place in np.flatnonzero(characters & ~held[key]))
        assert lost == "", key


def test_fixed_passages_keep_every_passage_that_holds_something_of_an_item(catalogue: Catalogue) -> None:
    chunks = fixed_passages(catalogue, 1000, 200)
    held = {(one.document_id, one.text) for one in chunks}
    said = places(list(catalogue.chunks), catalogue)
    for passage in cut_passages(catalogue, 1000, 200):
        wanted = said[passage.document_id][passage.start : passage.end]
        spaces = [char.isspace() for char in passage.text]
        assert ((passage.document_id, passage.text) in held) == bool((wanted & ~np.array(spaces)).any())


@pytest.mark.parametrize("name", CHUNKINGS)
def test_every_item_that_had_a_chunk_has_one_and_ids_are_unique(name: str, catalogue: Catalogue) -> None:
    chunks = CHUNKINGS[name](catalogue)
    assert len({chunk.id for chunk in chunks}) == len(chunks)
    assert {(one.document_id, one.key) for one in chunks} == {(one.document_id, one.key) for one in catalogue.chunks}


@pytest.mark.parametrize("name", PER_ITEM)
def test_chunks_of_items_are_verbatim_at_their_place(name: str, catalogue: Catalogue) -> None:
    for chunk in CHUNKINGS[name](catalogue):
        assert catalogue.documents[chunk.document_id].text[chunk.start : chunk.end] == chunk.text


def test_whole_items_join_what_was_cut_and_nothing_else(catalogue: Catalogue) -> None:
    whole = whole_items(catalogue)
    cut = [item for item in catalogue.items if len(catalogue.rows_of(item)) > 1]
    assert cut, "the sample has long items"
    assert len(whole) < len(catalogue.chunks)
    assert sum(len(one.text) for one in whole) >= sum(len(one.text) for one in catalogue.chunks)
    assert Catalogue(list(catalogue.documents.values()), catalogue.items, whole).items == catalogue.items


def test_sizes_are_kept(catalogue: Catalogue) -> None:
    assert max(len(one.text) for one in items_cut(catalogue, 300)) <= 300
    assert max(len(one.text) for one in fixed_passages(catalogue, 500, 100)) <= 500
    assert not any("\n\n" in one.text for one in paragraphs(catalogue))
    assert len(items_cut(catalogue, 300)) > len(items_cut(catalogue, 1000)) >= len(whole_items(catalogue))


def test_a_fixed_passage_takes_its_place_from_the_item(catalogue: Catalogue) -> None:
    found = fixed_passages(catalogue, 1000, 200)
    shared = [one for one in found if sum(other.text == one.text for other in found) > 1]
    assert shared, "a passage holds several short items"
    for chunk in found:
        item = catalogue.item_of(chunk)
        elsewhere = [one.start for one in catalogue.chunks_of(item) if not item.start <= one.start < item.end]
        assert item.start <= chunk.start < item.end or elsewhere


def test_the_shipped_chunking_rebuilds_the_shipped_edition(measured: AnswerService) -> None:
    """Every answer to the shipped cases is the same, but for its id and its times."""
    again = AnswerService(rebuilt(measured.corpus.edition, CHUNKINGS[SHIPPED]), measured.settings)
    aside = {"answer_id", "timings_ms"}
    for case in load_cases(SAMPLE):
        old, new = measured.answer(request_of(case)), again.answer(request_of(case))
        assert new.model_dump(exclude=aside) == old.model_dump(exclude=aside), case.id


def test_rebuilding_leaves_the_edition_as_it_is(measured: AnswerService) -> None:
    edition = measured.corpus.edition
    before = edition.embedding.vector("Radverkehr")
    other = rebuilt(edition, paragraphs)
    assert len(other.catalogue.chunks) > len(edition.catalogue.chunks)
    assert other.lexical.size == len(other.catalogue.chunks) == len(other.store.contents()[0])
    assert np.array_equal(before, edition.embedding.vector("Radverkehr"))


def test_without_a_vocabulary_everyday_words_activate_nothing(measured: AnswerService) -> None:
    bare = AnswerService(rebuilt(measured.corpus.edition, vocabulary=Vocabulary(())), measured.settings)
    question = "Wo kann ich mein Auto laden?"
    assert measured.corpus.expansion.concepts(question)
    assert not bare.corpus.expansion.concepts(question)
