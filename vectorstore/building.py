"""Building an edition in a folder of its own, and comparing it with what went in."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np

from vectorstore.analysis import Analyzer
from vectorstore.catalogue import Catalogue, write_catalogue
from vectorstore.edition import Edition
from vectorstore.embeddings import WORDS, Embedding
from vectorstore.errors import EditionDamaged, say
from vectorstore.history import History
from vectorstore.lexical import LexicalIndex, LexicalSettings, chunk_terms
from vectorstore.manifest import (
    ANALYZER,
    DOCUMENTS,
    FORMAT,
    LEXICAL,
    ORIGINALS,
    REPORT,
    Manifest,
    Original,
    list_files,
    write_manifest,
)
from vectorstore.questions import ItemQuestion, Questions, dump_questions
from vectorstore.records import dump_parsed
from vectorstore.vectors import StoredVectors, Vectors, VectorStores, embed, text_digests
from vectorstore.vocabulary import Vocabulary

Progress = Callable[[str, float], None]


@dataclass(frozen=True, slots=True)
class EditionContents:
    """What an edition is made of; equal contents have an equal digest."""

    catalogue: Catalogue
    embedding: Embedding | None
    vocabulary: Vocabulary
    originals: Mapping[str, Original] = field(default_factory=dict)
    questions: tuple[ItemQuestion, ...] = ()

    @property
    def identity(self) -> str:
        """What the vectors are made by."""
        return self.embedding.identity if self.embedding else WORDS

    @property
    def digest(self) -> str:
        """SHA-256 over all that was put in, the embedding's identity, weights of the word index, the format."""
        digest = sha256(f"{FORMAT}\n{self.identity}\n{LexicalSettings()}\n{self.vocabulary.digest}".encode())
        for name, original in sorted(self.originals.items()):
            digest.update(f"{name}\n{original.file}\n{original.sha256}\n".encode())
        for part in (*map(dump_parsed, self.catalogue.parsed()), dump_questions(self.questions)):
            digest.update(part)
        return digest.hexdigest()

    @property
    def record_bytes(self) -> int:
        """How many bytes the records take."""
        return sum(len(dump_parsed(parsed)) for parsed in self.catalogue.parsed())

    @property
    def vector_bytes(self) -> int:
        """How many bytes the vectors will take, at most."""
        return len(self.catalogue.chunks) * (self.embedding.vector_bytes if self.embedding else 0)

    def manifest(self, name: str, created: date, folder: Path) -> Manifest:
        """The manifest of the edition in a folder."""
        return Manifest(
            name=name,
            created=created,
            embedding=self.identity,
            contents=self.digest,
            documents=tuple(self.catalogue.documents),
            items=len(self.catalogue.items),
            chunks=len(self.catalogue.chunks),
            questions=len(self.questions),
            originals=dict(self.originals),
            files=list_files(folder),
        )


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
    """Write an edition into a folder that contains its originals, its manifest last; returns the vectors.

    `known` are vectors by the digests of their texts. Raises EmbeddingAway.
    """
    catalogue = contents.catalogue
    progress(say("store.step_catalogue"), 0.1)
    write_catalogue(folder / DOCUMENTS, catalogue)
    history.save(folder)
    (folder / REPORT).write_text(json.dumps(report, ensure_ascii=False, indent=1, default=str), encoding="utf-8")
    progress(say("store.step_words"), 0.3)
    texts = [indexed_text(catalogue, row) for row in range(len(catalogue.chunks))]
    analyzer = Analyzer.for_texts(texts, contents.vocabulary.words)
    analyzer.save(folder / ANALYZER)
    LexicalIndex.build(chunk_terms(catalogue, analyzer)).save(folder / LEXICAL)
    Questions.build(contents.questions, analyzer).save(folder)
    vectors = None
    if embedding := contents.embedding:
        vectors = embed(texts, embedding, known, lambda share: progress(say("store.step_embed"), 0.4 + 0.4 * share))
        progress(say("store.step_vectors"), 0.8)
        ids = [chunk.id for chunk in catalogue.chunks]
        stores.write(folder, name, StoredVectors(ids, text_digests(embedding.identity, texts), vectors))
    write_manifest(folder, contents.manifest(name, created, folder))
    return vectors


def indexed_text(catalogue: Catalogue, row: int) -> str:
    """What a chunk is embedded as: the headings above it, its item's title, its text."""
    chunk = catalogue.chunks[row]
    item = catalogue.item(chunk.document_id, chunk.key)
    parts = (chunk.context, item.title if item else "", chunk.text)
    return "\n".join(part for part in parts if part)


def read_back(edition: Edition, contents: EditionContents, vectors: Vectors | None) -> None:
    """Raise EditionDamaged unless the edition contains what went in."""
    stored = EditionContents(
        edition.catalogue,
        contents.embedding,
        contents.vocabulary,
        edition.manifest.originals,
        edition.questions.all,
    )
    files = edition.manifest.files
    checks = {
        "records": stored.digest == contents.digest,
        "lexical index": edition.lexical.size == len(contents.catalogue.chunks),
        "originals": all(
            files[f"{ORIGINALS}/{original.file}"].sha256 == original.sha256 for original in contents.originals.values()
        ),
        "vectors": vectors is None or np.allclose(edition.vectors.units(), vectors, atol=1e-5),
    }
    if failed := [name for name, passed in checks.items() if not passed]:
        raise EditionDamaged(say("store.not_what_went_in", name=edition.name, failed=", ".join(failed)))
