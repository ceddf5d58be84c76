"""Building an edition's folder, reading it back before anyone else may see it, and comparing it with its manifest."""

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

from vectorstore.analysis import Analyzer
from vectorstore.catalogue import Catalogue, write_catalogue
from vectorstore.edition import Edition
from vectorstore.edition_files import (
    ANALYZER,
    CATALOGUE,
    EMBEDDING,
    LEXICAL,
    MANIFEST,
    NOTED,
    ORIGINALS,
    REPORT,
    SCHEMA_VERSION,
    Manifest,
    Original,
    damage_of,
    file_name,
    list_files,
    read_manifest,
    write_manifest,
)
from vectorstore.embeddings import Embedding
from vectorstore.errors import EditionDamaged, StoreError, say
from vectorstore.lexical import FILES, LexicalIndex, LexicalSettings, chunk_terms
from vectorstore.questions import FOLDER as QUESTIONS
from vectorstore.questions import ItemQuestion, Questions, dump_questions
from vectorstore.records import dump_parsed
from vectorstore.vectors import Vectors, VectorStores, as_units
from vectorstore.vocabulary import Vocabulary

WORD_INDEXES = frozenset(f"{folder}/{name}" for folder in (LEXICAL, QUESTIONS) for name in FILES)
Progress = Callable[[str, float], None]


@dataclass(frozen=True, slots=True)
class Contents:
    """What an edition is made of; equal contents have an equal digest."""

    catalogue: Catalogue
    embedding: Embedding
    vocabulary: Vocabulary
    originals: Mapping[str, Original] = field(default_factory=dict)
    questions: tuple[ItemQuestion, ...] = ()

    @property
    def record_bytes(self) -> int:
        """How large the records and the questions for them are."""
        records = sum(len(dump_parsed(parsed)) for parsed in self.catalogue.parsed())
        amended = len(self.catalogue.amendments.dumped())
        return records + len(dump_questions(self.questions)) + amended

    @property
    def vector_bytes(self) -> int:
        """How large the vectors may become."""
        return len(self.catalogue.chunks) * self.embedding.vector_bytes

    @property
    def digest(self) -> str:
        """SHA-256 over all that was put in, the embedding's identity, weights of the word index, schema version."""
        digest = sha256(f"{SCHEMA_VERSION}\n{self.embedding.identity}\n{LexicalSettings()}\n".encode())
        digest.update(self.vocabulary.digest.encode())
        for parsed in self.catalogue.parsed():
            digest.update(dump_parsed(parsed))
        for name, original in sorted(self.originals.items()):
            digest.update(f"{name}\n{original.file}\n{original.sha256}\n".encode())
        if self.questions:
            digest.update(dump_questions(self.questions))
        if self.catalogue.amendments:
            digest.update(self.catalogue.amendments.dumped())
        return digest.hexdigest()

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
    vectors = contents.embedding.fit(texts, analyzer) if texts else np.zeros((0, 1), dtype=np.float32)
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


def read_back(
    edition: Edition,
    catalogue: Catalogue,
    vectors: Vectors | None = None,
    questions: tuple[ItemQuestion, ...] | None = None,
) -> None:
    """Raise EditionDamaged unless the edition holds these records and chunks, and what else is given."""
    exact = edition.store.exact
    checks = {
        "documents": edition.catalogue.documents == catalogue.documents,
        "items": edition.catalogue.items == catalogue.items,
        "chunks": edition.catalogue.chunks == catalogue.chunks,
        "lexical index": edition.lexical.size == len(catalogue.chunks),
        "questions": questions is None or edition.questions.all == questions,
        "vectors": exact.ids() == [chunk.id for chunk in catalogue.chunks]
        and (vectors is None or np.allclose(exact.units, as_units(vectors), atol=1e-5)),
    }
    manifest = edition.manifest
    checks["originals"] = all(
        manifest.files[f"{ORIGINALS}/{one.file}"].sha256 == one.sha256 for one in manifest.originals.values()
    )
    failed = [name for name, passed in checks.items() if not passed]
    if failed:
        raise EditionDamaged(say("store.not_what_went_in", name=edition.name, failed=", ".join(failed)))


@dataclass(frozen=True, slots=True)
class EditionCheck:
    """What was found in one edition: a German half sentence for each damage."""

    name: str
    damages: tuple[str, ...] = ()


def check_edition(folder: Path, vectors: VectorStores) -> EditionCheck:
    """Compare an edition's folder with its manifest, then what Chroma holds; raises StoreAway."""
    if damages := _damages(folder):
        return EditionCheck(folder.name, tuple(damages))
    try:
        with closing(vectors.open(folder, folder.name)) as store:
            store.require_index()
    except EditionDamaged as error:
        return EditionCheck(folder.name, (str(error).rstrip("."),))
    return EditionCheck(folder.name)


def holds(folder: Path, contents: Contents, vectors: VectorStores) -> bool:
    """Whether an edition is whole, and is made of these contents."""
    try:
        manifest = read_manifest(folder)
        same = (manifest.schema_version, manifest.contents) == (SCHEMA_VERSION, contents.digest)
        return same and not check_edition(folder, vectors).damages
    except StoreError:
        return False


def _damages(folder: Path) -> list[str]:
    try:
        manifest = read_manifest(folder)
    except EditionDamaged:
        return [say("store.missing_or_changed", manifest=MANIFEST)]
    damages = [one for name, stored in manifest.files.items() if (one := damage_of(folder / name, name, stored))]
    if manifest.name != folder.name:
        damages.append(say("store.of_another_edition", manifest=MANIFEST, name=manifest.name))
    found = sorted(file_name(path, folder) for path in folder.rglob("*") if path.is_symlink() or not path.is_dir())
    surplus = (one for one in found if one not in (MANIFEST, *manifest.files) and not one.startswith(NOTED))
    return [*damages, *(say("store.stray", file=one) for one in surplus)]
