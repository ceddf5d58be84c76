"""The files of editions: what an edition's folder is called and holds, and how a change of it survives a crash."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from vectorstore.errors import EditionDamaged
from vectorstore.originals import Original

SCHEMA_VERSION = 1
CATALOGUE = "catalogue.sqlite"
ANALYZER = "analyzer.json"
LEXICAL = "lexical"
EMBEDDING = "embedding"
VECTORS = "chroma"
REPORT = "report.json"
MANIFEST = "edition.json"
UNFINISHED = ".tmp"


class Manifest(BaseModel):
    """What an edition says about itself; written last, so a folder without one is no edition.

    `originals` maps a document's id to its original file; editions of earlier versions have none.
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
    originals: dict[str, Original] = Field(default_factory=dict)


def read_manifest(folder: Path) -> Manifest:
    """The manifest of an edition's folder; raises EditionDamaged where there is none or it cannot be read."""
    try:
        return Manifest.model_validate_json((folder / MANIFEST).read_bytes())
    except (OSError, ValidationError) as error:
        raise EditionDamaged(f"Die Ausgabe {folder.name} ist beschädigt. 'strategielotse ingest' baut neu.") from error


def edition_names(editions: Path) -> list[str]:
    """The names of all finished editions, oldest first."""
    if not editions.is_dir():
        return []
    names = [folder.name for folder in editions.iterdir() if folder.is_dir() and folder.suffix != UNFINISHED]
    return sorted(names, key=_age)


def next_name(editions: Path, today: date) -> str:
    """Date and the day's next free number: "2026-11-20-1"."""
    prefix = f"{today.isoformat()}-"
    numbers = [int(name[len(prefix) :]) for name in edition_names(editions) if name.startswith(prefix)]
    return f"{prefix}{max(numbers, default=0) + 1}"


def remove_unfinished(root: Path) -> None:
    """Remove what a killed writer left: half-built editions and a half-written pointer."""
    for leftover in [*root.glob(f"*{UNFINISHED}"), *(root / "editions").glob(f"*{UNFINISHED}")]:
        remove(leftover)


def remove(path: Path) -> None:
    """Remove a file or a folder; a folder loses its name first, so that no reader takes half of it for an edition."""
    if path.is_dir():
        doomed = path if path.suffix == UNFINISHED else path.rename(path.with_name(path.name + UNFINISHED))
        shutil.rmtree(doomed)
    else:
        path.unlink(missing_ok=True)


def write_durably(path: Path, text: str) -> None:
    """Put a small file in place at once and for good: readers see the old one or the new one, after a crash too."""
    unfinished = path.with_name(path.name + UNFINISHED)
    unfinished.write_text(text, encoding="utf-8")
    _sync(unfinished)
    unfinished.replace(path)
    sync_folder(path.parent)


def sync_tree(folder: Path) -> None:
    """Have the disk keep every file and folder below."""
    for path in _below(folder):
        _sync(path)


def sync_folder(folder: Path) -> None:
    """Have the disk keep the names in a folder; nothing on systems that cannot."""
    if os.name == "posix":
        _sync(folder)


def _below(folder: Path) -> Iterator[Path]:
    for path in folder.rglob("*"):
        if path.is_file() or os.name == "posix":
            yield path
    if os.name == "posix":
        yield folder


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY if os.name == "posix" else os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _age(name: str) -> tuple[str, int]:
    day, _, number = name.rpartition("-")
    return (day, int(number)) if number.isdigit() else (name, 0)
