"""The files of editions: what an edition's folder is called and holds, and how a change of it survives a crash."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterable, Mapping
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from vectorstore.errors import EditionDamaged
from vectorstore.originals import Original, digest_of
from vectorstore.private_modes import private_file

SCHEMA_VERSION = 1
CATALOGUE = "catalogue.sqlite"
ANALYZER = "analyzer.json"
LEXICAL = "lexical"
EMBEDDING = "embedding"
UNIT_VECTORS = "units"
VECTORS = "chroma"  # the index that is made of them
NOTED = f"{VECTORS}/chroma.sqlite3"  # in which Chroma notes who opened it, even to read
KEPT_VECTORS = "vectors.npz"  # where 0.2 kept those of a Chroma server
REPORT = "report.json"
MANIFEST = "edition.json"
CURRENT = "current"  # in the data folder: the name of the published edition, and what else a `Pointer` says
UNFINISHED = ".tmp"


class StoredFile(BaseModel):
    """A file of an edition: its size in bytes and the SHA-256 of its contents in hex."""

    model_config = ConfigDict(frozen=True)

    size: int
    sha256: str


class Manifest(BaseModel):
    """What an edition says about itself; written last, so a folder without one is no edition.

    `questions` counts those written for its items. `originals` maps a document's id to its original file, `files` every
    file but the manifest by its path. A seal, a digest over all the rest, is written with it.
    """

    model_config = ConfigDict(frozen=True)

    name: str
    created: date
    schema_version: int
    embedding: str
    contents: str
    documents: tuple[str, ...]
    items: int
    chunks: int
    questions: int = 0
    originals: dict[str, Original] = Field(default_factory=dict)
    files: dict[str, StoredFile]


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Write a manifest with its seal."""
    said = manifest.model_dump(mode="json")
    (folder / MANIFEST).write_bytes(_written(said | {"seal": _seal(said)}))


def read_manifest(folder: Path) -> Manifest:
    """The manifest of an edition's folder; raises EditionDamaged where there is none, or not as it was written."""
    try:
        content = (folder / MANIFEST).read_bytes()
    except OSError as error:
        raise _damaged(folder.name) from error
    return manifest_in(content, folder.name)


def manifest_in(content: bytes, name: str) -> Manifest:
    """The manifest in the bytes of an edition's file; raises EditionDamaged where it is not as it was written."""
    try:
        said = json.loads(content)
        manifest = Manifest.model_validate(said)
        if said.get("seal") != _seal(said) or content != _written(said):
            raise ValueError("the seal is broken")
    except ValueError as error:
        raise _damaged(name) from error
    return manifest


def _damaged(name: str) -> EditionDamaged:
    return EditionDamaged(f"Die Ausgabe {name} ist beschädigt. 'strategielotse ingest' baut neu.")


def _written(said: Mapping[str, Any]) -> bytes:
    return json.dumps(said, indent=1).encode()


def _seal(said: Mapping[str, Any]) -> str:
    """The same for the same contents, whatever fields another version of this program knows."""
    rest = {name: value for name, value in said.items() if name != "seal"}
    return sha256(json.dumps(rest, sort_keys=True).encode()).hexdigest()


def list_files(folder: Path) -> dict[str, StoredFile]:
    """Size and digest of every file of an edition but its manifest, by the path in its folder."""
    files = {file_name(path, folder): path for path in sorted(folder.rglob("*")) if path.is_file()}
    return {
        name: StoredFile(size=path.stat().st_size, sha256=digest_of(path))
        for name, path in files.items()
        if name != MANIFEST
    }


def damage_of(path: Path, name: str, stored: StoredFile) -> str | None:
    """What is wrong with a file of an edition, None where it is what was written, or there and Chroma's."""
    try:
        if path.is_symlink() or not path.is_file():
            return f"{name} fehlt"
        if name == NOTED:
            return None
        size = path.stat().st_size
        if size != stored.size:
            return f"{name} ist verändert ({size} statt {stored.size} Bytes)"
        return None if digest_of(path) == stored.sha256 else f"{name} ist verändert"
    except OSError as error:
        return f"{name} ist nicht lesbar ({error.strerror})"


def file_name(path: Path, folder: Path) -> str:
    """How a manifest calls a file: its path in the edition's folder, with "/" on every system."""
    return path.relative_to(folder).as_posix()


def edition_names(editions: Path) -> list[str]:
    """The names of all finished editions, oldest first."""
    if not editions.is_dir():
        return []
    return by_age(folder.name for folder in editions.iterdir() if folder.is_dir() and folder.suffix != UNFINISHED)


def by_age(names: Iterable[str]) -> list[str]:
    """Names of editions, oldest first."""
    return sorted(names, key=_age)


def name_before(names: Iterable[str], name: str, noted: str | None = None) -> str | None:
    """The edition of these that was current before this one: as noted, else the youngest older one; None where none is.

    `noted` is one that was made current when this one was older, as a draft may be.
    """
    known = by_age(names)
    if noted in known:
        return noted
    return next((one for one in reversed(known) if _age(one) < _age(name)), None)


def next_name(names: Iterable[str], today: date) -> str:
    """Date and the day's next number that none of these has: "2026-11-20-1"."""
    prefix = f"{today.isoformat()}-"
    numbers = [int(name[len(prefix) :]) for name in names if name.startswith(prefix)]
    return f"{prefix}{max(numbers, default=0) + 1}"


def remove_unfinished(root: Path) -> None:
    """Remove what a killed writer left: half-built editions and a half-written pointer."""
    for folder in (root, root / "editions"):
        for leftover in folder.glob(f"*{UNFINISHED}"):
            remove(leftover)


def remove(path: Path) -> None:
    """Remove a file or a folder; a folder loses its name first, so that no reader takes half of it for an edition."""
    if path.is_dir():
        doomed = path if path.suffix == UNFINISHED else path.rename(path.with_name(path.name + UNFINISHED))
        shutil.rmtree(doomed)
    else:
        path.unlink(missing_ok=True)


def write_durably(path: Path, content: str | bytes) -> None:
    """Put a small file in place at once and for good: readers see the old one or the new one, after a crash too."""
    unfinished = path.with_name(path.name + UNFINISHED)
    try:
        private_file(unfinished)
        unfinished.write_bytes(content.encode() if isinstance(content, str) else content)
        sync(unfinished)
        unfinished.replace(path)
    except OSError:
        unfinished.unlink(missing_ok=True)
        raise
    sync(path.parent)


def sync_tree(folder: Path) -> None:
    """Have the disk keep every file and folder below."""
    for path in (*folder.rglob("*"), folder):
        sync(path)


def sync(path: Path) -> None:
    """Have the disk keep a file, or the names in a folder."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _age(name: str) -> tuple[str, int]:
    day, _, number = name.rpartition("-")
    return (day, int(number)) if number.isdigit() else (name, 0)
