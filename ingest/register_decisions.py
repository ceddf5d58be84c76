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
    """The ids of documents whose decisions are `written` into the register, and of those `left`.

    A decision is left if the document has no entry, or an entry with another `replaces`.
    """

    written: tuple[str, ...]
    left: tuple[str, ...]


def write_decisions(path: Path, decided: Mapping[str, str]) -> WrittenDecisions:
    """Write the decisions of staff on which documents count into the register at `path`.

    `decided` has for the id of each such document the id of the document that it takes the place
    of, or "" if both count. Lines are only inserted, below the line of the id: `distinct` and
    `replaces` where the entry lacks them. So comments and layout stay. A decision whose id is not
    on exactly one line is left. Raises RegisterError and OSError.
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
    """Return the lines to add to an entry, so that it has `distinct` and the `replaces` decided."""
    keys = [] if entry.distinct else ["distinct = true\n"]
    if replaced and entry.replaces is None:
        keys.append(f'replaces = "{replaced}"\n')
    return keys
