"""Which document of the previous edition a file is: by its bytes, else by its name and its text."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from pathlib import Path

from ingest.errors import Rejected
from ingest.register import RegisterEntry
from ingest.relations import text_similarity
from ingest.sources import load_source
from vectorstore.language import slug, unused_slug
from vectorstore.records import Document, ParsedDocument

_SAME_PAPER = 0.5  # share of the shorter text from which two texts are versions of one document


def entries_for_files(files: Iterable[Path], known: Iterable[Document] = ()) -> list[RegisterEntry]:
    """Return an entry for each file.

    A file has the id of the known document with the same name and bytes. Any other has the id of a
    known document with its name that no file has yet; whether it is a version of this document
    shows when it is read (see `find_version`). Else the id is made from the name; if it is taken, a
    number is added: "klimaplan", "klimaplan-2".
    """
    paths, documents = list(files), list(known)
    ids: dict[int, str] = {}
    for needs_digest in (True, False):
        for index, path in enumerate(paths):
            namesakes = _namesakes(path.stem, documents, set(ids.values()))
            if needs_digest:
                digest = _digest_of(path) if namesakes else ""
                namesakes = [document for document in namesakes if document.digest == digest]
            if namesakes and index not in ids:
                ids[index] = namesakes[0].id
    taken = {*ids.values(), *(document.id for document in documents)}
    entries = []
    for index, path in enumerate(paths):
        name = ids.get(index) or unused_slug(path.stem, taken)
        taken.add(name)
        entries.append(RegisterEntry(name, path))
    return entries


def find_version(
    parsed: ParsedDocument | None, file: Path, known: Iterable[Document], taken: Collection[str]
) -> Document | None:
    """Return the known document that one read from a file is a version of, None without one.

    It has the file's name and the most similar text; the ids in `taken` are those of other files.
    """
    text = parsed.document.text if parsed else ""
    namesakes = _namesakes(file.stem, known, taken)
    similar = {other.id: text_similarity(text, other.text) for other in namesakes}
    best = max(namesakes, key=lambda other: similar[other.id], default=None)
    if best is None or similar[best.id] < _SAME_PAPER:
        return None
    return best


def _namesakes(stem: str, known: Iterable[Document], taken: Collection[str]) -> list[Document]:
    """Return the known documents, except `taken` ones, whose ids are made from a file's name."""
    pattern = re.compile(rf"{re.escape(slug(stem))}(?:-\d+)?")
    return [
        document
        for document in known
        if document.id not in taken
        and pattern.fullmatch(document.id)
        and slug(Path(document.file_name).stem) == slug(stem)
    ]


def _digest_of(file: Path) -> str:
    """Return the digest of a file, "" if it cannot be read."""
    try:
        return load_source(file).digest
    except Rejected:
        return ""
