"""The original files of an edition: one for a document, in the edition's own folder.

What the edition before holds already is linked, not copied: editions share the disk's blocks, and yet each is complete.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Mapping
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
    target = folder / FOLDER
    if originals:
        target.mkdir()
    for name, one in originals.items():
        if before is None or not linked(before / FOLDER / one.file, one.sha256, target / one.file):
            shutil.copyfile(sources[name], target / one.file)


def new_bytes(originals: Mapping[str, Original], sources: Mapping[str, Path], before: Path | None) -> int:
    """Return how many bytes `store_originals` will have to copy, as sizes tell."""
    sizes = {name: path.stat().st_size for name, path in sources.items()}
    stored = {name: before / FOLDER / originals[name].file for name in sizes} if before else {}
    kept = {name for name, path in stored.items() if path.is_file() and path.stat().st_size == sizes[name]}
    return sum(size for name, size in sizes.items() if name not in kept)


def linked(stored: Path, digest: str, target: Path) -> bool:
    """Link a file of this SHA-256; False where it is not there, is another, or the file system has no links."""
    try:
        if digest_of(stored) != digest:
            return False
        os.link(stored, target)
    except OSError:
        return False
    return True


def digest_of(path: Path) -> str:
    """Return the SHA-256 of a file's contents in hex; raises OSError."""
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()


def _name(document_id: str, path: Path) -> str:
    suffix = path.suffix.lower()
    base = document_id if _SAFE_ID.fullmatch(document_id) else sha256(document_id.encode()).hexdigest()[:32]
    return base + (suffix if _SAFE_SUFFIX.fullmatch(suffix) else "")
