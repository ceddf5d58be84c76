"""Parsed documents kept by what they were read from, so that an unchanged file is read once."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from pathlib import Path

from ingest.reading import READER_VERSION
from ingest.register import RegisterEntry
from vectorstore.codec import dump_parsed, load_parsed
from vectorstore.records import ParsedDocument


class ParsedCache:
    """A folder of parsed documents, one file each, named by document id and digest of everything that made it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def get(self, entry: RegisterEntry, path: Path) -> ParsedDocument | None:
        """Return the parsed document of exactly this file and entry, None where it was not read before."""
        try:
            return load_parsed(self._file(entry, path).read_bytes())
        except (OSError, ValueError):
            return None

    def put(self, entry: RegisterEntry, path: Path, parsed: ParsedDocument) -> None:
        """Keep a parsed document; a half-written file is never left under its name."""
        self._folder.mkdir(parents=True, exist_ok=True)
        target = self._file(entry, path)
        unfinished = target.with_suffix(".part")
        unfinished.write_bytes(dump_parsed(parsed))
        unfinished.replace(target)

    def keep_only(self, ids: Collection[str]) -> None:
        """Forget every document with another id: what is deleted is to be nowhere."""
        for file in self._folder.glob("*.*"):
            if file.name.rpartition("@")[0] not in ids:
                file.unlink(missing_ok=True)

    def _file(self, entry: RegisterEntry, path: Path) -> Path:
        digest = hashlib.sha256(path.read_bytes())
        digest.update(repr((READER_VERSION, entry, path.name)).encode())
        return self._folder / f"{entry.id}@{digest.hexdigest()[:32]}.json"
