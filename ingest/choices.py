"""What people set for a whole document: a family of numbers is records of a kind, or no records at all.

Kept as JSON among the texts of the data folder: the label of each family ("M {n}") with a kind of record or "none".
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import replace

from ingest.keys import shape_of
from ingest.readers.claims import Claim, Claims
from ingest.register import RegisterEntry
from vectorstore.kept_texts import Texts
from vectorstore.records import Document, ItemKind

FOLDER = "choices/"
NO_RECORDS = "none"
KINDS = tuple(str(kind) for kind in ItemKind if kind is not ItemKind.SECTION)
_LONGEST_LABEL, _MOST = 80, 50  # characters of a label, choices of one document
Choices = Mapping[str, str]  # label of a family → kind of its records, or "none"


def choices_name(document_id: str) -> str:
    """Return the name under which the choices for a document are kept."""
    return f"{FOLDER}{document_id}.json"


def load_choices(texts: Texts, document_id: str) -> Choices:
    """Return the choices for a document, none where they cannot be read."""
    return _parse(texts.get(choices_name(document_id)))


def store_choice(texts: Texts, document_id: str, label: str, kind: str | None) -> None:
    """Store what a family of numbers is, None for what the reader finds; raises ValueError for no kind of record."""
    if kind not in (None, NO_RECORDS, *KINDS) or len(label) > _LONGEST_LABEL:
        raise ValueError(kind)

    def change(content: bytes | None) -> bytes | None:
        choices = {name: value for name, value in _parse(content).items() if name != label}
        if kind is not None and len(choices) < _MOST:
            choices[label] = kind
        return json.dumps(choices, ensure_ascii=False, indent=1, sort_keys=True).encode() if choices else None

    texts.change(choices_name(document_id), change)


def forget_choices(texts: Texts, ids: Iterable[str]) -> None:
    """Remove the choices for documents; raises what `Texts.remove` raises."""
    known = texts.all(FOLDER)
    for name in map(choices_name, ids):
        if name in known:
            texts.remove(name)


def with_choices(
    entries: Iterable[RegisterEntry], texts: Texts, documents: Iterable[Document]
) -> tuple[RegisterEntry, ...]:
    """Return the entries with the choices for their documents, else with those for the last one of their series."""
    known = {name: _parse(content) for name, content in texts.all(FOLDER).items()}
    earlier = {document.series: choices_name(document.id) for document in documents if document.series}
    result = []
    for entry in entries:
        choices = known.get(choices_name(entry.id)) or known.get(earlier.get(entry.series or "", ""), {})
        result.append(replace(entry, choices=tuple(sorted(choices.items()))))
    return tuple(result)


def apply_choices(claims: Claims, choices: Choices) -> Claims:
    """Return claims with the kinds that people chose for families; records of what is no family become sections."""
    if not choices:
        return claims
    records = []
    for record in claims.records:
        kind = _kind_of(record, choices)
        if kind is None:
            records.append(record)
        elif kind != NO_RECORDS:
            records.append(record.model_copy(update={"kind": kind}))
        elif record.where in ("sheet", "heading"):
            records.append(record.model_copy(update={"kind": ItemKind.SECTION.value, "where": "heading"}))
    return claims.model_copy(update={"records": tuple(records)})


def is_of_family(label: str, number: str | None) -> bool:
    """True if a number has the shape of a family; "" is the label of records without numbers."""
    shape = shape_of(number or "")
    if not label.startswith("{letters}"):
        return shape == label
    return re.sub(r"^[A-ZÄÖÜ][A-Za-zÄÖÜäöü]{0,5}(?=[ \-.{])", "{letters}", shape) == label


def _kind_of(record: Claim, choices: Choices) -> str | None:
    if record.kind == ItemKind.SECTION.value:
        return None
    return next((kind for label, kind in choices.items() if is_of_family(label, record.number)), None)


def _parse(content: bytes | None) -> dict[str, str]:
    try:
        found = json.loads(content or b"{}")
    except ValueError:
        return {}
    valid = (NO_RECORDS, *KINDS)
    return {str(label): kind for label, kind in found.items() if kind in valid} if isinstance(found, dict) else {}
