"""The original files of an edition: one for a document, in the edition's own folder.

What the edition before holds already is linked, not copied: editions share the disk's blocks, and yet each is complete.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterable, Mapping
from hashlib import file_digest, sha256
from pathlib import Path

from pydantic import BaseModel, ConfigDict

FOLDER = "originals"
_SAFE_ID = re.compile(r"[a-z0-9][a-z0-9._-]{0,179}")
_SAFE_SUFFIX = re.compile(r"\.[a-z0-9]{1,10}")


class Original(BaseModel):
    """A stored file: its name in the folder `originals`, and the SHA-256 of its contents in hex."""

    model_config = ConfigDict(frozen=True)

    file: str
    sha256: str


def described(sources: Mapping[str, Path]) -> dict[str, Original]:
    """Return what will be stored for each document id; raises OSError for a file that cannot be read."""
    return {name: Original(file=_name(name, path), sha256=digest_of(path)) for name, path in sorted(sources.items())}


def store_originals(
    folder: Path, originals: Mapping[str, Original], sources: Mapping[str, Path], before: Path | None
) -> None:
    """Put the originals into an edition's folder; those that the edition folder `before` holds are linked."""
    if not originals:
        return
    target = folder / FOLDER
    target.mkdir()
    for name, original in originals.items():
        stored = before / FOLDER / original.file if before else None
        if stored is None or not _linked(stored, original, target):
            shutil.copyfile(sources[name], target / original.file)


def new_bytes(originals: Mapping[str, Original], sources: Mapping[str, Path], before: Path | None) -> int:
    """Return how many bytes `store_originals` will have to copy, as sizes tell."""
    sizes = {name: path.stat().st_size for name, path in sources.items()}
    return sum(size for name, size in sizes.items() if not _has(before, originals[name], size))


def changed_originals(folder: Path, originals: Mapping[str, Original]) -> list[str]:
    """Return the ids of documents whose original is not there, or is another file than the one that was stored."""
    return [name for name, one in originals.items() if not _is(folder / FOLDER / one.file, one)]


def linked_original(path: str, digest: str, target: Path, editions: Iterable[Path]) -> bool:
    """Link an original from an edition here that holds the same one by this path; tell whether there was one."""
    if not path.startswith(f"{FOLDER}/"):
        return False
    for edition in editions:
        try:
            if digest_of(edition / path) == digest:
                os.link(edition / path, target)
                return True
        except OSError:  # not there, or a file system without links
            continue
    return False


def digest_of(path: Path) -> str:
    """Return the SHA-256 of a file's contents in hex; raises OSError."""
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()


def _has(before: Path | None, original: Original, size: int) -> bool:
    stored = before / FOLDER / original.file if before else None
    return stored is not None and stored.is_file() and stored.stat().st_size == size


def _is(path: Path, original: Original) -> bool:
    try:
        return digest_of(path) == original.sha256
    except OSError:
        return False


def _linked(stored: Path, original: Original, target: Path) -> bool:
    if not _is(stored, original):
        return False
    try:
        os.link(stored, target / original.file)
    except OSError:  # a file system without links
        return False
    return True


def _name(document_id: str, path: Path) -> str:
    suffix = path.suffix.lower()
    base = document_id if _SAFE_ID.fullmatch(document_id) else sha256(document_id.encode()).hexdigest()[:32]
    return base + (suffix if _SAFE_SUFFIX.fullmatch(suffix) else "")
