"""Originals that this machine has already: linked into an edition that is fetched, as a published one links them."""

from __future__ import annotations

import os
from pathlib import Path

from vectorstore.originals import FOLDER, digest_of


def linked_original(editions: Path, path: str, digest: str, target: Path) -> bool:
    """Link a file from an edition here that holds the same original under the same name; tell whether there was one."""
    if not path.startswith(f"{FOLDER}/") or not editions.is_dir():
        return False
    for edition in editions.iterdir():
        try:
            if digest_of(edition / path) == digest:
                os.link(edition / path, target)
                return True
        except OSError:  # not there, or a file system without links
            continue
    return False
