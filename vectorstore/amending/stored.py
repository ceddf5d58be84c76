"""What people amended as an edition keeps it, in a folder of its own; an edition without amendments has none."""

from __future__ import annotations

from pathlib import Path

from pydantic import TypeAdapter

from vectorstore.amending.form import Amendments

FOLDER = "amendments"
FILE = "amendments.json"
_ALL = TypeAdapter(Amendments)


def dump_amendments(amendments: Amendments) -> bytes:
    """Amendments as JSON; equal ones give equal bytes."""
    return _ALL.dump_json(amendments)


def save_amendments(amendments: Amendments, folder: Path) -> None:
    """Write amendments below an edition's folder, nothing where there are none."""
    if amendments:
        (folder / FOLDER).mkdir()
        (folder / FOLDER / FILE).write_bytes(dump_amendments(amendments))


def read_amendments(folder: Path) -> Amendments:
    """The amendments below an edition's folder, none where it has none; raises OSError, ValueError."""
    file = folder / FOLDER / FILE
    return _ALL.validate_json(file.read_bytes()) if file.parent.exists() else Amendments()
