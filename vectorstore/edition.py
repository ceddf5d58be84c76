"""One edition: opening it for reading, and checking it against its manifest."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from vectorstore.embeddings import WORDS_ONLY, Embedding, EmbeddingKind, Vectors
from vectorstore.language import Analyzer
from vectorstore.lexical import LexicalIndex, chunk_tokens, ngrams_of
from vectorstore.manifest import (
    ANALYZER,
    DOCUMENTS,
    LEXICAL,
    NGRAMS,
    ORIGINALS_FOLDER,
    REPORT,
    VECTORS,
    Manifest,
    find_damage,
    read_manifest,
)
from vectorstore.questions import STORED as STORED_QUESTIONS
from vectorstore.questions import ItemQuestion, Questions
from vectorstore.records import Catalogue, Correction, History, read_catalogue
from vectorstore.storage import (
    EditionDamaged,
    EmbeddingUnavailable,
    EmbeddingUnreachable,
    StoreError,
    say,
)
from vectorstore.vectors import PassageVectors, VectorStores

# paths of files whose digests are checked at each opening
CHECKED = (f"{ORIGINALS_FOLDER}/", f"{VECTORS}/", STORED_QUESTIONS)


@dataclass(frozen=True, slots=True)
class Edition:
    """An open edition; it needs no lock and stays readable while others are built and published.

    `embedding` is None for search by words alone: none is configured, or the edition was built with
    another one.
    """

    folder: Path
    manifest: Manifest
    report: dict[str, Any]
    catalogue: Catalogue
    analyzer: Analyzer
    lexical: LexicalIndex
    ngrams: LexicalIndex
    questions: Questions
    vectors: PassageVectors
    embedding: Embedding | None
    history: History

    @property
    def name(self) -> str:
        """Date and number: "2026-11-20-1"."""
        return self.manifest.name

    @property
    def created(self) -> date:
        """The day on which it was built."""
        return self.manifest.created

    @property
    def digest(self) -> str:
        """The digest of the edition's contents, in hex."""
        return self.manifest.contents

    @property
    def originals(self) -> dict[str, Path]:
        """The original file of each document that has one on this disk, by the document's id."""
        files = {
            name: self.folder / ORIGINALS_FOLDER / original.file
            for name, original in self.manifest.originals.items()
        }
        return {name: path for name, path in files.items() if path.is_file()}

    @property
    def search_kind(self) -> EmbeddingKind:
        """The kind of embedding in use, "encoder" or "endpoint"; "words" while only words are
        searched.
        """
        if self.embedding is None or self.embedding.is_unavailable or self.vectors.is_unavailable:
            return WORDS_ONLY
        return self.embedding.kind

    @property
    def embeds_by_endpoint(self) -> bool:
        """True if a question has to be sent to an endpoint to be embedded."""
        return self.embedding is not None and self.embedding.kind == "endpoint"

    def similarities(self, question: str) -> Vectors | None:
        """The cosine of a question with each chunk, shape (chunks,).

        None without an embedding, and while the vectors or the embedding cannot be used: then only
        words are searched.
        """
        if self.embedding is None:
            return None
        try:
            return self.vectors.similarities(self.embedding.vector(question))
        except (EmbeddingUnavailable, EmbeddingUnreachable):
            return None

    def apply_decisions(
        self, corrections: Iterable[Correction], questions: Sequence[ItemQuestion]
    ) -> Edition:
        """The edition with the decisions of people: corrected records and further questions.

        If corrections change titles, the texts are indexed again with the new titles.
        """
        catalogue = self.catalogue.correct(corrections)
        all_questions = (*self.questions.all, *questions)
        lexical, ngrams = self.lexical, self.ngrams
        if catalogue.titles != self.catalogue.titles:
            tokens = chunk_tokens(catalogue)
            lexical = LexicalIndex.build(tokens, split=self.analyzer.terms)
            ngrams = LexicalIndex.build(tokens, split=ngrams_of)
        built = Questions.build(all_questions, self.analyzer) if questions else self.questions
        return replace(self, catalogue=catalogue, lexical=lexical, ngrams=ngrams, questions=built)

    def close(self) -> None:
        """Release the vectors; the catalogue stays usable."""
        self.vectors.close()


def open_edition(folder: Path, embedding: Embedding | None, vectors: VectorStores) -> Edition:
    """Open the edition in a finished folder; raises EditionDamaged.

    Originals, vectors and questions are compared with their digests: a changed vector index could
    crash the process, as its reader is in C. The other files only have to be readable, and the
    indexes to have as many texts as the catalogue. The embedding is used only if the edition was
    built with the same one.
    """
    manifest = read_manifest(folder)
    damaged = [
        name
        for name, stored in manifest.files.items()
        if name.startswith(CHECKED) and find_damage(folder, name, stored)
    ]
    if damaged:
        names = ", ".join(damaged)
        raise EditionDamaged(say("store.files_lost", name=manifest.name, damaged=names))
    try:
        catalogue = read_catalogue(folder / DOCUMENTS, manifest.created)
        edition = Edition(
            folder=folder,
            manifest=manifest,
            report=json.loads((folder / REPORT).read_text(encoding="utf-8")),
            catalogue=catalogue,
            analyzer=Analyzer.load(folder / ANALYZER),
            lexical=LexicalIndex.load(folder / LEXICAL),
            ngrams=_load_ngrams(folder, catalogue),
            questions=Questions.load(folder),
            embedding=embedding if embedding and manifest.embedding == embedding.identity else None,
            history=History.load(folder),
            vectors=vectors.open(folder, manifest.name, [chunk.id for chunk in catalogue.chunks]),
        )
    except StoreError:
        raise
    except Exception as error:
        raise EditionDamaged(say("store.edition_unreadable", name=manifest.name)) from error
    if {edition.lexical.size, edition.ngrams.size} != {len(catalogue.chunks)}:
        raise EditionDamaged(say("store.edition_damaged", name=manifest.name))
    return edition


def _load_ngrams(folder: Path, catalogue: Catalogue) -> LexicalIndex:
    """The stored index of n-grams; editions before 27 November 2026 have none, theirs is built."""
    if (folder / NGRAMS).is_dir():
        return LexicalIndex.load(folder / NGRAMS)
    return LexicalIndex.build(chunk_tokens(catalogue), split=ngrams_of)
