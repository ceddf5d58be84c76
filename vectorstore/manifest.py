"""The files of an edition: their names, its originals, and the manifest that lists them all with
size and digest.

Data of another `FORMAT` is rejected with a message; nothing converts it.
"""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Mapping
from contextlib import suppress
from datetime import date
from hashlib import file_digest, sha256
from pathlib import Path

from pydantic import BaseModel, Field

from vectorstore.storage import UNFINISHED_SUFFIX, EditionDamaged, say

FORMAT = 1  # version of the layout of a data folder and of a backup
ORIGINALS_FOLDER = "originals"
DOCUMENTS = "documents.jsonl"
ANALYZER = "analyzer.json"
LEXICAL = "lexical"
NGRAMS = "ngrams"
VECTORS = "chroma"
CHROMA_DATABASE = f"{VECTORS}/chroma.sqlite3"  # Chroma writes to it even when reading
REPORT = "report.json"
MANIFEST = "edition.json"
POINTER_FILE = "current"  # in the data folder: the `Pointer`


class StoredFile(BaseModel, frozen=True):
    """A file: its size in bytes and the SHA-256 of its contents in hex."""

    size: int
    sha256: str


class Original(BaseModel, frozen=True):
    """A stored original: its name in the folder `originals`, and the SHA-256 of its contents in
    hex.
    """

    file: str
    sha256: str


class Manifest(BaseModel, frozen=True):
    """The description of an edition; it is written last, so a folder without one is no edition.

    `contents` is the digest of `EditionContents`, `originals` maps document ids to original files,
    `files` has every file but the manifest by its path in the folder.
    """

    name: str
    created: date
    embedding: str
    contents: str
    documents: tuple[str, ...]
    items: int
    chunks: int
    questions: int = 0
    originals: dict[str, Original] = Field(default_factory=dict)
    files: dict[str, StoredFile]

    def sealed(self) -> bytes:
        """The manifest as JSON with a digest over it, by which `parse_manifest` detects any
        change.
        """
        fields = self.model_dump(mode="json", exclude_unset=True)
        digest = sha256(json.dumps(fields, sort_keys=True).encode()).hexdigest()
        return json.dumps({**fields, "seal": digest}, indent=1).encode()


def read_manifest(folder: Path) -> Manifest:
    """The manifest in an edition's folder; raises EditionDamaged if it is missing or changed."""
    content = b""  # which is damaged
    with suppress(OSError):
        content = (folder / MANIFEST).read_bytes()
    return parse_manifest(content, folder.name)


def parse_manifest(content: bytes, name: str) -> Manifest:
    """The manifest in the content of its file; raises EditionDamaged if that was changed."""
    with suppress(ValueError):
        manifest = Manifest.model_validate_json(content)
        if manifest.sealed() == content:
            return manifest
    raise EditionDamaged(say("store.edition_damaged", name=name))


def list_files(folder: Path) -> dict[str, StoredFile]:
    """Size and digest of every file of an edition except the manifest, by its path in the
    folder.
    """
    return {
        name: StoredFile(size=path.stat().st_size, sha256=digest_of(path))
        for name, path in _paths_in(folder).items()
    }


def _paths_in(folder: Path) -> dict[str, Path]:
    """Everything in an edition's folder but its manifest and folders, by its path in the folder."""
    paths = {path.relative_to(folder).as_posix(): path for path in sorted(folder.rglob("*"))}
    paths.pop(MANIFEST, None)
    return {name: path for name, path in paths.items() if path.is_symlink() or not path.is_dir()}


def digest_of(path: Path) -> str:
    """The SHA-256 of a file's contents in hex; raises OSError."""
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()


def find_damage(folder: Path, name: str, stored: StoredFile) -> str | None:
    """The damage of a file of an edition as half a sentence, None if it is as it was written.

    `CHROMA_DATABASE` must only exist, as Chroma writes to it even when reading.
    """
    path = folder / name
    try:
        if path.is_symlink() or not path.is_file():
            return say("store.file_missing", name=name)
        if name == CHROMA_DATABASE:
            return None
        size = path.stat().st_size
        if size != stored.size:
            return say("store.file_resized", name=name, size=size, expected=stored.size)
        if digest_of(path) != stored.sha256:
            return say("store.file_changed", name=name)
        return None
    except OSError as error:
        return say("store.file_unreadable", name=name, strerror=error.strerror)


def find_damages(folder: Path) -> list[str]:
    """The damages of an edition's folder: half a sentence for each file that is missing, changed or
    additional.

    Without a readable manifest nothing can be compared, and that is the only damage named.
    """
    try:
        manifest = read_manifest(folder)
    except EditionDamaged:
        return [say("store.missing_or_changed", manifest=MANIFEST)]
    damages = [find_damage(folder, name, stored) for name, stored in manifest.files.items()]
    if manifest.name != folder.name:
        damages.append(say("store.of_another_edition", manifest=MANIFEST, name=manifest.name))
    for name in _paths_in(folder):
        # "chroma/chroma.sqlite3-wal", which comes with reading
        is_chroma_log = name.startswith(CHROMA_DATABASE)
        if name not in manifest.files and not is_chroma_log:
            damages.append(say("store.stray", file=name))
    return list(filter(None, damages))


def describe_originals(sources: Mapping[str, Path]) -> dict[str, Original]:
    """The stored name and digest of each document's original file; raises OSError if one cannot be
    read.
    """
    return {
        document_id: Original(
            file=_file_name(document_id, path.suffix.lower()), sha256=digest_of(path)
        )
        for document_id, path in sorted(sources.items())
    }


def _file_name(document_id: str, suffix: str) -> str:
    """A file name for an original that is valid everywhere.

    It is the document's id, or a digest of it if the id has other characters or is too long, with
    the `suffix` of a format that is read, such as ".pdf".
    """
    # with suffixes well below the 255 bytes that a name may have
    safe = re.fullmatch(r"[a-z0-9][a-z0-9._-]{0,179}", document_id)
    base = document_id if safe else sha256(document_id.encode()).hexdigest()[:32]
    return base + suffix


def store_originals(
    folder: Path, originals: Mapping[str, Original], sources: Mapping[str, Path]
) -> None:
    """Copy the originals from their `sources`, by document id, into the new folder of an edition,
    beside the others.
    """
    if originals:
        (folder / ORIGINALS_FOLDER).mkdir()
    for document_id, original in originals.items():
        name = f"{ORIGINALS_FOLDER}/{original.file}"
        if not link_known(folder.parent, name, original.sha256, folder / name):
            shutil.copyfile(sources[document_id], folder / name)


def link_known(editions: Path, name: str, digest: str, target: Path) -> bool:
    """Make `target` a hard link, which takes no space, to the file of this name and SHA-256 of an
    edition; False if none has it, or no link is possible.
    """
    for known in editions.glob(f"*/{name}"):
        with suppress(OSError):
            if digest_of(known) == digest:
                os.link(known, target)
                return True
    return False


def edition_names(editions: Path) -> list[str]:
    """The names of all finished editions, oldest first.

    Folders with the suffix `UNFINISHED_SUFFIX` are none.
    """
    if not editions.is_dir():
        return []
    folders = [path for path in editions.iterdir() if path.is_dir()]
    names = [path.name for path in folders if path.suffix != UNFINISHED_SUFFIX]
    return sorted(names, key=edition_sort_key)


def edition_sort_key(name: str) -> tuple[str, int]:
    """The sort key of an edition's name, "2026-11-20-10": day and number.

    The number is compared as a number, so that 10 comes after 9. Any other name is its own key.
    """
    day, _, number = name.rpartition("-")
    return (day, int(number)) if number.isdigit() else (name, 0)
