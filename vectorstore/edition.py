"""One edition, opened for reading: everything that finding and counting need, from one moment."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from vectorstore.amending.form import read_amendments
from vectorstore.analysis import Analyzer
from vectorstore.catalogue import Catalogue, read_catalogue
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
    damage_of,
    read_manifest,
)
from vectorstore.embeddings import Embedding
from vectorstore.errors import EditionDamaged, EditionMismatch, StoreError, say
from vectorstore.lexical import LexicalIndex
from vectorstore.questions import STORED as QUESTIONS
from vectorstore.questions import ItemQuestion, Questions, read_questions
from vectorstore.vectors import NearestChunks, VectorStores
from vectorstore.vocabulary import Vocabulary

CHECKED = (f"{ORIGINALS}/", f"{VECTORS}/", QUESTIONS)  # with each opening


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
    _require_match(manifest, embedding)
    searched = {name: one for name, one in manifest.files.items() if name.startswith(CHECKED)}
    if damaged := [name for name, one in searched.items() if damage_of(folder / name, name, one)]:
        raise EditionDamaged(say("store.files_lost", name=manifest.name, damaged=", ".join(damaged)))
    try:
        analyzer = Analyzer.load(folder / ANALYZER)
        return Edition(
            folder=folder,
            manifest=manifest,
            report=json.loads((folder / REPORT).read_text(encoding="utf-8")),
            catalogue=read_catalogue(folder / CATALOGUE, manifest.created).amended(read_amendments(folder)),
            analyzer=analyzer,
            lexical=LexicalIndex.load(folder / LEXICAL),
            questions=Questions.load(folder),
            embedding=embedding.restored(folder / EMBEDDING, analyzer),
            vocabulary=vocabulary,
            store=vectors.open(folder, manifest.name),
        )
    except StoreError:
        raise
    except Exception as error:
        message = say("store.edition_unreadable", name=manifest.name)
        raise EditionDamaged(message) from error


def stored_questions(folder: Path) -> tuple[ItemQuestion, ...]:
    """The questions of a finished folder, whatever its format; raises EditionDamaged for others than were published."""
    manifest = read_manifest(folder)
    listed = manifest.files.get(QUESTIONS)
    if listed and damage_of(folder / QUESTIONS, QUESTIONS, listed):
        message = say("store.questions_lost", name=manifest.name)
        raise EditionDamaged(message)
    return read_questions(folder) if listed else ()


def _require_match(manifest: Manifest, embedding: Embedding) -> None:
    if manifest.schema_version != SCHEMA_VERSION:
        raise EditionMismatch(
            say("store.other_schema", name=manifest.name, found=manifest.schema_version, read=SCHEMA_VERSION)
        )
    if manifest.embedding != embedding.identity:
        raise EditionMismatch(
            say("store.other_embedding", name=manifest.name, embedding=manifest.embedding, identity=embedding.identity)
        )
