"""One edition: built in a folder, opened for reading, compared with what went in and with its manifest."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np

from vectorstore.amending.form import read_amendments
from vectorstore.analysis import Analyzer
from vectorstore.catalogue import Catalogue, read_catalogue, write_catalogue
from vectorstore.edition_files import (
    ANALYZER,
    CATALOGUE,
    EMBEDDING,
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
from vectorstore.embeddings import Embedding
from vectorstore.errors import EditionDamaged, EditionMismatch, StoreError, say
from vectorstore.lexical import FILES, LexicalIndex, LexicalSettings, chunk_terms
from vectorstore.questions import FOLDER as QUESTIONS
from vectorstore.questions import STORED as STORED_QUESTIONS
from vectorstore.questions import ItemQuestion, Questions, dump_questions
from vectorstore.records import dump_parsed
from vectorstore.vectors import NearestChunks, Vectors, VectorStores, as_units
from vectorstore.vocabulary import Vocabulary

WORD_INDEXES = frozenset(f"{folder}/{name}" for folder in (LEXICAL, QUESTIONS) for name in FILES)
Progress = Callable[[str, float], None]
CHECKED = (f"{ORIGINALS}/", f"{VECTORS}/", STORED_QUESTIONS)  # with each opening


@dataclass(frozen=True, slots=True)
class Edition:
    """An open edition; it takes no lock, and stays readable while others are built and published."""

    folder: Path
    manifest: Manifest
    report: dict[str, Any]
    catalogue: Catalogue
    analyzer: Analyzer
    lexical: LexicalIndex
    questions: Questions
    store: NearestChunks
    embedding: Embedding
    vocabulary: Vocabulary

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

    def close(self) -> None:
        """Let go of the chunk store's files; the catalogue stays usable."""
        self.store.close()


def open_edition(folder: Path, embedding: Embedding, vectors: VectorStores, vocabulary: Vocabulary) -> Edition:
    """Open a finished folder.

    Raises EditionMismatch for another schema or embedding, EditionDamaged for lost files, for originals that are not
    those whose text the edition quotes, and for an index that is not as written: its reader in C could end the process;
    NoSpace.
    """
    manifest = read_manifest(folder)
    name, made_with = manifest.name, manifest.embedding
    if manifest.schema_version != SCHEMA_VERSION:
        raise EditionMismatch(say("store.other_schema", name=name, found=manifest.schema_version, read=SCHEMA_VERSION))
    if made_with != embedding.identity:
        raise EditionMismatch(say("store.other_embedding", name=name, embedding=made_with, identity=embedding.identity))
    searched = {file: one for file, one in manifest.files.items() if file.startswith(CHECKED)}
    if damaged := [file for file, one in searched.items() if damage_of(folder / file, file, one)]:
        raise EditionDamaged(say("store.files_lost", name=name, damaged=", ".join(damaged)))
    try:
        analyzer = Analyzer.load(folder / ANALYZER)
        catalogue = read_catalogue(folder / CATALOGUE, manifest.created).amended(read_amendments(folder))
        if len(catalogue.chunks) != manifest.chunks:
            raise ValueError("amended otherwise by an earlier version")
        return Edition(
            folder=folder,
            manifest=manifest,
            report=json.loads((folder / REPORT).read_text(encoding="utf-8")),
            catalogue=catalogue,
            analyzer=analyzer,
            lexical=LexicalIndex.load(folder / LEXICAL),
            questions=Questions.load(folder),
            embedding=embedding.restored(folder / EMBEDDING),
            vocabulary=vocabulary,
            store=vectors.open(folder, name),
        )
    except StoreError:
        raise
    except Exception as error:
        raise EditionDamaged(say("store.edition_unreadable", name=name)) from error


@dataclass(frozen=True, slots=True)
class Contents:
    """What an edition is made of; equal contents have an equal digest."""

    catalogue: Catalogue
    embedding: Embedding
    vocabulary: Vocabulary
    originals: Mapping[str, Original] = field(default_factory=dict)
    questions: tuple[ItemQuestion, ...] = ()

    @property
    def digest(self) -> str:
        """SHA-256 over all that was put in, the embedding's identity, weights of the word index, schema version."""
        digest = sha256(f"{SCHEMA_VERSION}\n{self.embedding.identity}\n{LexicalSettings()}\n".encode())
        digest.update(self.vocabulary.digest.encode())
        *records, questions, amendments = self.written()
        originals = (f"{name}\n{one.file}\n{one.sha256}\n".encode() for name, one in sorted(self.originals.items()))
        for part in (*records, *originals, questions, amendments):
            digest.update(part)
        return digest.hexdigest()

    def written(self) -> list[bytes]:
        """The records of each document, then the questions, then the amendments."""
        questions, amendments = self.questions, self.catalogue.amendments
        rest = [dump_questions(questions) if questions else b"", amendments.dumped() if amendments else b""]
        return [*map(dump_parsed, self.catalogue.parsed()), *rest]

    def manifest(self, name: str, created: date, folder: Path) -> Manifest:
        """What the edition that lies in a folder says about itself."""
        return Manifest(
            name=name,
            created=created,
            schema_version=SCHEMA_VERSION,
            embedding=self.embedding.identity,
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
    progress: Progress,
) -> Vectors:
    """Write an edition into a folder that holds its originals, its manifest last; returns the vectors to read back."""
    catalogue = contents.catalogue
    progress("Katalog", 0.1)
    write_catalogue(folder / CATALOGUE, catalogue.as_read)
    catalogue.amendments.save(folder)
    (folder / REPORT).write_text(json.dumps(report, ensure_ascii=False, indent=1, default=str), encoding="utf-8")
    progress("Wortindex", 0.3)
    texts = [indexed_text(catalogue, row) for row in range(len(catalogue.chunks))]
    analyzer = Analyzer.for_texts(texts, contents.vocabulary.words)
    analyzer.save(folder / ANALYZER)
    write_word_indexes(folder, catalogue, analyzer, contents.questions)
    progress("Einbettung", 0.5)
    vectors = contents.embedding.fit(texts) if texts else np.zeros((0, 1), dtype=np.float32)
    contents.embedding.save(folder / EMBEDDING)
    progress("Vektorspeicher", 0.7)
    ids, documents = [one.id for one in catalogue.chunks], [one.document_id for one in catalogue.chunks]
    stores.write(folder, name, ids, documents, vectors)
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


def read_back(edition: Edition, contents: Contents, vectors: Vectors) -> None:
    """Raise EditionDamaged unless the edition holds what went in."""
    exact, held, given = edition.store.exact, edition.catalogue, contents.catalogue
    checks = {
        "documents": held.documents == given.documents,
        "items": held.items == given.items,
        "chunks": held.chunks == given.chunks,
        "lexical index": edition.lexical.size == len(given.chunks),
        "questions": edition.questions.all == contents.questions,
        "vectors": exact.ids() == [one.id for one in given.chunks]
        and np.allclose(exact.units, as_units(vectors), atol=1e-5),
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
            with closing(vectors.open(folder, folder.name)) as store:
                store.require_index()
        except EditionDamaged as error:
            damages = [str(error).rstrip(".")]
    return EditionCheck(folder.name, tuple(damages))
