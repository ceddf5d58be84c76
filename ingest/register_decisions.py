"""Writes what staff decided of pairs of documents into the register, so that an edition built from
it alone is the same.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from shutil import copymode
from typing import NamedTuple

from ingest.register import RegisterEntry, load_register


class WrittenDecisions(NamedTuple):
    """The ids of the entries that have all decisions now, and of documents whose decisions could
    not be written: without an entry, or with another `replaces`.
    """

    written: tuple[str, ...]
    left: tuple[str, ...]


def write_decisions(path: Path, decided: Mapping[str, str]) -> WrittenDecisions:
    """Write `distinct` and `replaces` below the ids of documents that count; `decided` has for each
    the id of the document that it takes the place of, or "". Raises RegisterError and OSError.
    """
    entries = {entry.id: entry for entry in load_register(path).entries}
    lines = path.read_bytes().decode("utf-8").splitlines(keepends=True)
    written, left = [], []
    for id_, replaced in decided.items():
        numbers = [number for number, line in enumerate(lines) if _is_id(line, id_)]
        entry = entries.get(id_)
        if entry is None or len(numbers) != 1 or entry.replaces not in (None, replaced or None):
            left.append(id_)
            continue
        lines[numbers[0] + 1 : numbers[0] + 1] = _keys(entry, replaced)
        written.append(id_)
    unfinished = path.with_name(f"{path.name}.unfinished")  # so that a full disk loses nothing
    unfinished.write_bytes("".join(lines).encode("utf-8"))
    copymode(path, unfinished)
    unfinished.replace(path)
    return WrittenDecisions(tuple(written), tuple(left))


def _is_id(line: str, id_: str) -> bool:
    return re.match(rf"""\ufeff?\s*id\s*=\s*["']\s*{re.escape(id_)}\s*["']""", line) is not None


def _keys(entry: RegisterEntry, replaced: str) -> list[str]:
    """Return the lines that an entry lacks."""
    keys = [] if entry.distinct else ["distinct = true\n"]
    if replaced and entry.replaces is None:
        keys.append(f'replaces = "{replaced}"\n')
    return keys
