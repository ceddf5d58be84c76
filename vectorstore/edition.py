"""One edition: built in a folder, opened for reading, compared with what went in and with its manifest."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np

from vectorstore.analysis import Analyzer
from vectorstore.catalogue import Catalogue, read_catalogue, write_catalogue
from vectorstore.corrections import Correction
from vectorstore.edition_files import (
    ANALYZER,
    CATALOGUE,
    LEXICAL,
    ORIGINALS,
    REPORT,
    SCHEMA_VERSION,
    VECTORS,
    Manifest,
    Original,
    damage_of,
    damages_in,
    list_files,
    read_manifest,
    write_manifest,
)  # fmt: skip
from vectorstore.embeddings import WORDS, Embedding, Kind
from vectorstore.errors import EditionDamaged, EditionMismatch, EmbeddingAway, StoreError, say
from vectorstore.history import History
from vectorstore.lexical import FILES, LexicalIndex, LexicalSettings, chunk_terms
from vectorstore.questions import FOLDER as QUESTIONS
from vectorstore.questions import STORED as STORED_QUESTIONS
from vectorstore.questions import ItemQuestion, Questions, dump_questions
from vectorstore.records import dump_parsed
from vectorstore.vectors import PassageVectors, StoredVectors, Vectors, VectorStores, embed, text_digests
from vectorstore.vocabulary import Vocabulary

WORD_INDEXES = frozenset(f"{folder}/{name}" for folder in (LEXICAL, QUESTIONS) for name in FILES)
Progress = Callable[[str, float], None]
CHECKED = (f"{ORIGINALS}/", f"{VECTORS}/", STORED_QUESTIONS)  # with each opening


@dataclass(frozen=True, slots=True)
class Edition:
    """An open edition; it takes no lock, and stays readable while others are built and published.

    `embedding` is None where passages are found by words alone: none is set up, or the edition was built with another.
    """

    folder: Path
    manifest: Manifest
    report: dict[str, Any]
    catalogue: Catalogue
    analyzer: Analyzer
    lexical: LexicalIndex
    questions: Questions
    vectors: PassageVectors
    embedding: Embedding | None
    vocabulary: Vocabulary
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
        """Changes with anything that the edition holds, in hex."""
        return self.manifest.contents

    @property
    def originals(self) -> dict[str, Path]:
        """The original file of each document that has one, by the document's id."""
        files = {name: self.folder / ORIGINALS / one.file for name, one in self.manifest.originals.items()}
        return {name: path for name, path in files.items() if path.is_file()}

    @property
    def found_by(self) -> Kind:
        """What passages are found by beside words: "encoder", "endpoint", or "words" for nothing at the moment."""
        if self.embedding is None or self.embedding.away or self.vectors.away:
            return WORDS
        return self.embedding.kind

    def similarities(self, question: str) -> Vectors | None:
        """The cosine of a question with each chunk, shape (chunks,); None where words have to do."""
        if self.embedding is None:
            return None
        try:
            return self.vectors.similarities(self.embedding.vector(question))
        except EmbeddingAway:
            return None

    def apply_decisions(self, corrections: Iterable[Correction], questions: Sequence[ItemQuestion]) -> Edition:
        """The edition with what people say: its records corrected, and further questions for its items."""
        catalogue, asked = self.catalogue.correct(corrections), (*self.questions.all, *questions)
        lexical = self.lexical
        if [item.title for item in catalogue.items] != [item.title for item in self.catalogue.items]:
            lexical = LexicalIndex.build(chunk_terms(catalogue, self.analyzer))
        built = Questions.build(asked, self.analyzer) if questions else self.questions
        return replace(self, catalogue=catalogue, lexical=lexical, questions=built)

    def close(self) -> None:
        """Let go of the vectors; the catalogue stays usable."""
        self.vectors.close()


def open_edition(folder: Path, embedding: Embedding | None, vectors: VectorStores, vocabulary: Vocabulary) -> Edition:
    """Open a finished folder.

    Raises EditionMismatch for another schema, EditionDamaged for lost files, for originals that are not those whose
    text the edition quotes, and for an index that is not as written: its reader in C could end the process; NoSpace.
    """
    manifest = read_manifest(folder)
    name = manifest.name
    if manifest.schema_version != SCHEMA_VERSION:
        raise EditionMismatch(say("store.other_schema", name=name, found=manifest.schema_version, read=SCHEMA_VERSION))
    searched = {file: one for file, one in manifest.files.items() if file.startswith(CHECKED)}
    if damaged := [file for file, one in searched.items() if damage_of(folder / file, file, one)]:
        raise EditionDamaged(say("store.files_lost", name=name, damaged=", ".join(damaged)))
    try:
        analyzer = Analyzer.load(folder / ANALYZER)
        catalogue = read_catalogue(folder / CATALOGUE, manifest.created)
        return Edition(
            folder=folder,
            manifest=manifest,
            report=json.loads((folder / REPORT).read_text(encoding="utf-8")),
            catalogue=catalogue,
            analyzer=analyzer,
            lexical=LexicalIndex.load(folder / LEXICAL),
            questions=Questions.load(folder),
            embedding=embedding if embedding and manifest.embedding == embedding.identity else None,
            vocabulary=vocabulary,
            history=History.load(folder),
            vectors=vectors.open(folder, name, [chunk.id for chunk in catalogue.chunks]),
        )
    except StoreError:
        raise
    except Exception as error:
        raise EditionDamaged(say("store.edition_unreadable", name=name)) from error


@dataclass(frozen=True, slots=True)
class Contents:
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
        """SHA-256 over all that was put in, the embedding's identity, weights of the word index, schema version."""
        digest = sha256(f"{SCHEMA_VERSION}\n{self.identity}\n{LexicalSettings()}\n".encode())
        digest.update(self.vocabulary.digest.encode())
        *records, questions = self.written()
        originals = (f"{name}\n{one.file}\n{one.sha256}\n".encode() for name, one in sorted(self.originals.items()))
        for part in (*records, *originals, questions):
            digest.update(part)
        return digest.hexdigest()

    def written(self) -> list[bytes]:
        """The records of each document, then the questions."""
        return [*map(dump_parsed, self.catalogue.parsed()), dump_questions(self.questions) if self.questions else b""]

    def manifest(self, name: str, created: date, folder: Path) -> Manifest:
        """What the edition that lies in a folder says about itself."""
        return Manifest(
            name=name,
            created=created,
            schema_version=SCHEMA_VERSION,
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
    contents: Contents,
    name: str,
    created: date,
    report: Mapping[str, Any],
    stores: VectorStores,
    known: Mapping[str, Vectors],
    progress: Progress,
    history: History,
) -> Vectors | None:
    """Write an edition into a folder that holds its originals, its manifest last; returns the vectors to read back.

    `known` are vectors by the digests of their texts. Raises EmbeddingAway.
    """
    catalogue = contents.catalogue
    progress("Katalog", 0.1)
    write_catalogue(folder / CATALOGUE, catalogue)
    history.save(folder)
    (folder / REPORT).write_text(json.dumps(report, ensure_ascii=False, indent=1, default=str), encoding="utf-8")
    progress("Wortindex", 0.3)
    texts = [indexed_text(catalogue, row) for row in range(len(catalogue.chunks))]
    analyzer = Analyzer.for_texts(texts, contents.vocabulary.words)
    analyzer.save(folder / ANALYZER)
    write_word_indexes(folder, catalogue, analyzer, contents.questions)
    vectors = None
    if embedding := contents.embedding:
        vectors = embed(texts, embedding, known, lambda share: progress("Einbettung", 0.4 + 0.4 * share))
        progress("Vektorspeicher", 0.8)
        ids = [chunk.id for chunk in catalogue.chunks]
        stores.write(folder, name, StoredVectors(ids, text_digests(embedding.identity, texts), vectors))
    write_manifest(folder, contents.manifest(name, created, folder))
    return vectors


def write_word_indexes(
    folder: Path, catalogue: Catalogue, analyzer: Analyzer, questions: Sequence[ItemQuestion]
) -> None:
    """Write what is made of an edition's other files: `WORD_INDEXES`."""
    LexicalIndex.build(chunk_terms(catalogue, analyzer)).save(folder / LEXICAL)
    Questions.build(questions, analyzer).save(folder)


def indexed_text(catalogue: Catalogue, row: int) -> str:
    """What a chunk is embedded as: the headings above it, its item's title, its text."""
    chunk = catalogue.chunks[row]
    item = catalogue.item(chunk.document_id, chunk.key)
    parts = (chunk.context, item.title if item else "", chunk.text)
    return "\n".join(part for part in parts if part)


def read_back(edition: Edition, contents: Contents, vectors: Vectors | None) -> None:
    """Raise EditionDamaged unless the edition holds what went in."""
    held, given = edition.catalogue, contents.catalogue
    checks = {
        "documents": held.documents == given.documents,
        "items": held.items == given.items,
        "chunks": held.chunks == given.chunks,
        "lexical index": edition.lexical.size == len(given.chunks),
        "questions": edition.questions.all == contents.questions,
        "vectors": vectors is None or np.allclose(edition.vectors.units(), vectors, atol=1e-5),
        "originals": all(
            edition.manifest.files[f"{ORIGINALS}/{one.file}"].sha256 == one.sha256
            for one in contents.originals.values()
        ),
    }
    if failed := [name for name, passed in checks.items() if not passed]:
        raise EditionDamaged(say("store.not_what_went_in", name=edition.name, failed=", ".join(failed)))


@dataclass(frozen=True, slots=True)
class EditionCheck:
    """What was found in one edition: a German half sentence for each damage."""

    name: str
    damages: tuple[str, ...] = ()


def check_edition(folder: Path, vectors: VectorStores) -> EditionCheck:
    """Compare an edition's folder with its manifest, then what Chroma holds; raises StoreAway."""
    damages = damages_in(folder)
    if not damages:
        try:
            vectors.require(folder, folder.name)
        except EditionDamaged as error:
            damages = [str(error).rstrip(".")]
    return EditionCheck(folder.name, tuple(damages))
