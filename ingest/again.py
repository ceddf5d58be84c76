"""The originals that an edition keeps, to be read again by a newer reader, without the folder they came from.

What the register or people said of a document stays; what was only found in it is found anew.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ingest.front_matter import REGISTER, STAFF
from ingest.plan.files import staff_parts
from ingest.plan.form import PlanError, dump_plan, load_plan
from ingest.register import RegisterEntry
from vectorstore.editions import EditionStore
from vectorstore.records import Document

_PARTS = ("title", "publisher", "kind", "status", "as_of")


def stored_entries(store: EditionStore, edition: str | None = None) -> list[RegisterEntry]:
    """Return an entry for each document of the named or current edition, its file the original that it keeps.

    Raises NothingIngested, and EditionDamaged where the edition does not say what it holds.
    """
    originals, documents = store.stored(edition)
    return [_entry(name, originals, documents.get(name)) for name in store.document_ids(edition)]


def _entry(name: str, originals: dict[str, Path], document: Document | None) -> RegisterEntry:
    file = originals.get(name, Path(f"{name}.pdf"))  # one that the edition does not have is told as missing
    if document is None:
        return RegisterEntry(name, file)
    said = {one.field: one.by for one in document.front}
    given: dict[str, Any] = {part: getattr(document, part) for part in _PARTS if said.get(part) in (REGISTER, STAFF)}
    return RegisterEntry(
        name,
        file,
        **given,
        language=document.language,
        source_url=document.source_url,
        sample=document.sample,
        series=document.series,
        replaces=document.replaces,
        valid_until=document.valid_until,
        plan_source=_plan(document),
        answered=tuple(part for part in given if said[part] == STAFF),
        name=document.file_name if Path(document.file_name).suffix.lower() == file.suffix else None,
    )


def _plan(document: Document) -> str | None:
    """Return what people said in the reading plan of a document; None where they said nothing."""
    try:
        parts = staff_parts(load_plan(document.plan or ""))
    except PlanError:
        return None
    return dump_plan(parts) if parts.families or parts.labels or parts.statuses else None
