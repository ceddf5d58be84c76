"""Other ways to cut the documents into chunks, and an edition rebuilt in memory from them.

Only what is indexed changes: documents, items and what an item says of itself stay as they were read.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from copy import copy
from dataclasses import replace
from functools import partial

from langchain_text_splitters import RecursiveCharacterTextSplitter

from evals.baselines.passages import Span, cut_passages, spans_in
from vectorstore.analysis import Analyzer
from vectorstore.building import indexed_text, stored_chunks
from vectorstore.catalogue import Catalogue
from vectorstore.chunk_store import MemoryChunkStore
from vectorstore.edition import Edition
from vectorstore.lexical import LexicalIndex, LexicalSettings, chunk_terms
from vectorstore.questions import Questions
from vectorstore.records import Chunk
from vectorstore.vocabulary import Vocabulary

Chunking = Callable[[Catalogue], list[Chunk]]
SHIPPED = "wie ausgeliefert"


def shipped(catalogue: Catalogue) -> list[Chunk]:
    """The edition's own chunks."""
    return list(catalogue.chunks)


def whole_items(catalogue: Catalogue) -> list[Chunk]:
    """What was cut joined again: one chunk for each place where an item stands."""
    joined: list[Chunk] = []
    for chunk in catalogue.chunks:
        before = joined[-1] if joined else None
        if before is not None and _goes_on(before, chunk, catalogue):
            joined[-1] = _part(before, before.start, chunk.end, catalogue)
        else:
            joined.append(chunk)
    return _numbered(joined)


def items_cut(catalogue: Catalogue, size: int) -> list[Chunk]:
    """Items cut by the recursive splitter at `size` characters, without overlap; never across items."""
    splitter = RecursiveCharacterTextSplitter(chunk_size=size, chunk_overlap=0, add_start_index=True)
    found = []
    for whole in whole_items(catalogue):
        for piece in splitter.create_documents([whole.text]):
            start = whole.start + int(piece.metadata["start_index"])
            found.append(_part(whole, start, start + len(piece.page_content), catalogue))
    return _numbered(found)


def paragraphs(catalogue: Catalogue) -> list[Chunk]:
    """Every paragraph of an item for itself."""
    return _numbered(part for whole in whole_items(catalogue) for part in _paragraphs(whole, catalogue))


def fixed_passages(catalogue: Catalogue, size: int, overlap: int) -> list[Chunk]:
    """Passages of `size` characters whatever the items are, each a chunk of every item that it counts for.

    That is every item of which it holds half, or 300 characters, as for the baselines. A chunk's text is the whole
    passage, its place what the item has of it, so that no item is taken to say what only stands beside it.
    """
    spans: dict[str, list[Span]] = defaultdict(list)
    context = {(one.document_id, one.key): one.context for one in reversed(catalogue.chunks)}
    for one in whole_items(catalogue):
        spans[one.document_id].append((catalogue.item_of(one), one.start, one.end))
    return _numbered(
        Chunk(
            id="",
            document_id=passage.document_id,
            key=item.key,
            text=passage.text,
            context=context[item.document_id, item.key],
            start=start,
            end=end,
        )
        for passage in cut_passages(catalogue, size, overlap)
        for item, start, end in spans_in(passage, spans[passage.document_id])
    )


CHUNKINGS: dict[str, Chunking] = {
    SHIPPED: shipped,
    "ganze Einträge": whole_items,
    "Einträge bis 2000": partial(items_cut, size=2000),
    "Einträge bis 1000": partial(items_cut, size=1000),
    "Einträge bis 500": partial(items_cut, size=500),
    "Einträge bis 250": partial(items_cut, size=250),
    "Absätze": paragraphs,
    "Passagen 1000/200": partial(fixed_passages, size=1000, overlap=200),
    "Passagen 500/100": partial(fixed_passages, size=500, overlap=100),
}


def rebuilt(edition: Edition, chunking: Chunking = shipped, vocabulary: Vocabulary | None = None) -> Edition:
    """An edition with these chunks, and with another vocabulary where one is given, all indexes built anew."""
    old = edition.catalogue
    catalogue = Catalogue(list(old.documents.values()), old.items, chunking(old))
    texts = [indexed_text(catalogue, row) for row in range(len(catalogue.chunks))]
    analyzer = edition.analyzer if vocabulary is None else Analyzer.for_texts(texts, vocabulary.words)
    embedding, store = copy(edition.embedding), MemoryChunkStore()
    store.add(stored_chunks(catalogue), embedding.fit(texts, analyzer))
    settings, questions = LexicalSettings(), edition.questions.all
    return replace(
        edition,
        catalogue=catalogue,
        analyzer=analyzer,
        lexical=LexicalIndex.build(chunk_terms(catalogue, analyzer, settings), settings),
        questions=Questions.build(questions, analyzer, settings),
        store=store,
        embedding=embedding,
        vocabulary=vocabulary or edition.vocabulary,
    )


def _goes_on(before: Chunk, chunk: Chunk, catalogue: Catalogue) -> bool:
    """True where only white space stands between two chunks of one item."""
    same = (before.document_id, before.key, before.context) == (chunk.document_id, chunk.key, chunk.context)
    between = catalogue.documents[chunk.document_id].text[before.end : chunk.start]
    return same and before.end <= chunk.start and not between.strip()


def _part(chunk: Chunk, start: int, end: int, catalogue: Catalogue) -> Chunk:
    return replace(chunk, start=start, end=end, text=catalogue.documents[chunk.document_id].text[start:end])


def _paragraphs(whole: Chunk, catalogue: Catalogue) -> Iterator[Chunk]:
    start = whole.start
    for text in whole.text.split("\n\n"):
        if text.strip():
            yield _part(whole, start, start + len(text), catalogue)
        start += len(text) + 2


def _numbered(chunks: Iterable[Chunk]) -> list[Chunk]:
    """Chunks with ids of their own: item, and number within it."""
    numbers: Counter[tuple[str, str]] = Counter()
    found = []
    for chunk in chunks:
        numbers[chunk.document_id, chunk.key] += 1
        number = numbers[chunk.document_id, chunk.key]
        found.append(replace(chunk, id=f"{chunk.document_id}/{chunk.key}#{number}"))
    return found
