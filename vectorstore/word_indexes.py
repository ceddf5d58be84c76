"""The word indexes of an edition, made from its other files: what a machine builds that did not publish the edition."""

from __future__ import annotations

from pathlib import Path

from vectorstore.analysis import Analyzer
from vectorstore.edition_files import ANALYZER, CATALOGUE, LEXICAL, Manifest
from vectorstore.lexical import FILES, LexicalIndex, LexicalSettings, chunk_terms
from vectorstore.originals import digest_of
from vectorstore.questions import FOLDER as QUESTIONS
from vectorstore.questions import Questions, read_questions
from vectorstore.tables import read_catalogue

REBUILT = frozenset(f"{folder}/{name}" for folder in (LEXICAL, QUESTIONS) for name in FILES)


def rebuild_word_indexes(folder: Path, manifest: Manifest, settings: LexicalSettings) -> list[str]:
    """Write the indexes into an edition's folder; return the paths of those that came out otherwise than published.

    They may on another processor, by the last digit of a score; raises OSError, ValueError.
    """
    catalogue = read_catalogue(folder / CATALOGUE, manifest.created)
    analyzer = Analyzer.load(folder / ANALYZER)
    LexicalIndex.build(chunk_terms(catalogue, analyzer, settings), settings).save(folder / LEXICAL)
    Questions.build(read_questions(folder), analyzer, settings).save(folder)
    expected = {path: one.sha256 for path, one in (manifest.files or {}).items() if path in REBUILT}
    return [path for path, digest in expected.items() if digest_of(folder / path) != digest]
