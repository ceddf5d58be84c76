"""Building an edition in a new folder, and checking that it reads back as it was built."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np

from vectorstore.chroma import StoredVectors
from vectorstore.edition import Edition
from vectorstore.embeddings import WORDS_ONLY, Embedding, Vectors
from vectorstore.language import Analyzer
from vectorstore.lexical import K1, TITLE_WEIGHT, B, LexicalIndex, chunk_tokens, ngrams_of
from vectorstore.manifest import (
    ANALYZER,
    DOCUMENTS,
    FORMAT,
    LEXICAL,
    MANIFEST,
    NGRAMS,
    ORIGINALS_FOLDER,
    REPORT,
    Manifest,
    Original,
    list_files,
)
from vectorstore.questions import ItemQuestion, Questions, dump_questions
from vectorstore.records import Catalogue, History, dump_parsed, write_catalogue
from vectorstore.storage import EditionDamaged, say
from vectorstore.vectors import VectorStores, embed, text_digests
from vectorstore.vocabulary import shipped_vocabulary

Progress = Callable[[str, float], None]


@dataclass(frozen=True)
class EditionContents:
    """All that an edition is built from, beside the shipped vocabulary; equal contents have equal
    digests.
    """

    catalogue: Catalogue
    embedding: Embedding | None
    originals: Mapping[str, Original]
    questions: tuple[ItemQuestion, ...]

    @property
    def identity(self) -> str:
        """The identity of the embedding, or `WORDS_ONLY` without one."""
        return self.embedding.identity if self.embedding else WORDS_ONLY

    @cached_property
    def digest(self) -> str:
        """SHA-256 in hex of all that decides what is built: the contents, the embedding's identity,
        the lexical index's settings, the vocabulary and the format.

        Two editions with equal digests hold the same, so the second one need not be built.
        """
        settings = (FORMAT, self.identity, K1, B, TITLE_WEIGHT, shipped_vocabulary().digest)
        digest = sha256("\n".join(map(str, settings)).encode())
        for name, original in sorted(self.originals.items()):
            digest.update(f"{name}\n{original.file}\n{original.sha256}\n".encode())
        for part in (*map(dump_parsed, self.catalogue.parsed), dump_questions(self.questions)):
            digest.update(part)
        return digest.hexdigest()


def build(
    folder: Path,
    contents: EditionContents,
    name: str,
    created: date,
    report: Mapping[str, Any],
    stores: VectorStores,
    known: Mapping[str, Vectors],
    progress: Progress,
    history: History,
) -> Vectors | None:
    """Write an edition into a folder that contains its originals already; the manifest comes last,
    as a folder without one is no edition.

    Returns the vectors, None without an embedding. `report` is stored as it is. `known` are vectors
    by the digests of their texts, which are not computed again. `progress` gets a step's name and
    the share done, 0 to 1. Raises EmbeddingUnreachable.
    """
    catalogue = contents.catalogue
    progress(say("store.step_catalogue"), 0.1)
    write_catalogue(folder / DOCUMENTS, catalogue)
    history.save(folder)
    (folder / REPORT).write_text(
        json.dumps(report, ensure_ascii=False, indent=1, default=str), encoding="utf-8"
    )
    progress(say("store.step_words"), 0.3)
    texts = [indexed_text(catalogue, row) for row in range(len(catalogue.chunks))]
    analyzer = Analyzer.for_texts(texts, shipped_vocabulary().words)
    analyzer.save(folder / ANALYZER)
    tokens = chunk_tokens(catalogue)
    LexicalIndex.build(tokens, split=analyzer.terms).save(folder / LEXICAL)
    LexicalIndex.build(tokens, split=ngrams_of).save(folder / NGRAMS)
    Questions.build(contents.questions, analyzer).save(folder)
    vectors = None
    embedding = contents.embedding
    if embedding is not None:
        vectors = embed(
            texts,
            embedding,
            known,
            lambda share: progress(say("store.step_embed"), 0.4 + 0.4 * share),
        )
        progress(say("store.step_vectors"), 0.8)
        ids = [chunk.id for chunk in catalogue.chunks]
        stores.write(
            folder, name, StoredVectors(ids, text_digests(embedding.identity, texts), vectors)
        )
    manifest = _describe(contents, name, created, folder)
    (folder / MANIFEST).write_bytes(manifest.sealed())
    return vectors


def _describe(contents: EditionContents, name: str, created: date, folder: Path) -> Manifest:
    """The manifest of an edition that was built in a folder, with the sizes and digests of its
    files.
    """
    catalogue = contents.catalogue
    return Manifest(
        name=name,
        created=created,
        embedding=contents.identity,
        contents=contents.digest,
        documents=tuple(catalogue.documents),
        items=len(catalogue.items),
        chunks=len(catalogue.chunks),
        questions=len(contents.questions),
        originals=dict(contents.originals),
        files=list_files(folder),
    )


def indexed_text(catalogue: Catalogue, row: int) -> str:
    """The text that is embedded for a chunk: the headings above it, its item's title, its own
    text.
    """
    chunk = catalogue.chunks[row]
    item = catalogue.item(chunk.document_id, chunk.key)
    parts = (chunk.context, item.title if item else "", chunk.text)
    return "\n".join(part for part in parts if part)


def read_back(edition: Edition, contents: EditionContents, vectors: Vectors | None) -> None:
    """Raise EditionDamaged unless the edition, opened again, has the contents and vectors that it
    was built from.

    Contents are compared by their digest, and vectors but for rounding. `vectors` is None without
    an embedding.
    """
    stored = EditionContents(
        edition.catalogue,
        contents.embedding,
        edition.manifest.originals,
        edition.questions.all,
    )
    files, originals = edition.manifest.files, contents.originals
    checks = {
        "records": stored.digest == contents.digest,
        "originals": all(
            files[f"{ORIGINALS_FOLDER}/{each.file}"].sha256 == each.sha256
            for each in originals.values()
        ),
        "vectors": vectors is None or np.allclose(edition.vectors.units(), vectors, atol=1e-5),
    }
    failed = [name for name, passed in checks.items() if not passed]
    if failed:
        raise EditionDamaged(
            say("store.not_what_went_in", name=edition.name, failed=", ".join(failed))
        )
