"""Parsed documents kept by what they were read from, so that an unchanged file is read once."""

from __future__ import annotations

import os
from collections.abc import Collection
from hashlib import sha256
from pathlib import Path

from ingest.register import RegisterEntry
from ingest.sources import Copy
from vectorstore.disk import private_folder
from vectorstore.records import ParsedDocument, load_parsed

READER_VERSION = 15  # raise it when reading changes: cached documents are read anew
FOLDER = Path("cache") / "read"


class ParsedCache:
    """Parsed documents of one data folder, a file each, named by document id and by everything that made it."""

    def __init__(self, root: Path) -> None:
        self._folder = root / FOLDER
        self._used: dict[str, str] = {}

    def get(self, entry: RegisterEntry, copy: Copy) -> ParsedDocument | None:
        """Return the parsed document of exactly these bytes and this entry, None where they were not read before."""
        try:
            parsed = load_parsed(self._file(entry, copy).read_bytes())
        except (OSError, ValueError):
            return None
        return parsed if parsed.document.digest == copy.digest else None

    def put(self, entry: RegisterEntry, copy: Copy, parsed: bytes) -> None:
        """Keep a parsed document as `dump_parsed` wrote it; a half-written file is never left under its name."""
        private_folder(self._folder)
        target = self._file(entry, copy)
        unfinished = target.with_suffix(".part")
        with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(parsed)
        unfinished.replace(target)

    def keep_only(self, ids: Collection[str]) -> None:
        """Forget every document with another id, earlier states of those just read, and what older readers made."""
        kept = tuple(self._used.get(name, _stem(name)) for name in ids)
        for file in self._folder.glob("*"):
            if file.suffix != ".json" or not file.name.startswith(kept):
                file.unlink(missing_ok=True)

    def _file(self, entry: RegisterEntry, copy: Copy) -> Path:
        made_of = repr((READER_VERSION, entry, copy.name, copy.digest))
        name = self._used[entry.id] = f"{_stem(entry.id)}{sha256(made_of.encode()).hexdigest()[:32]}.json"
        return self._folder / name


def _stem(document_id: str) -> str:
    return f"{READER_VERSION}-{sha256(document_id.encode()).hexdigest()[:32]}-"
