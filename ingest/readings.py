"""Readings by models: the claims about a document, kept with the digest of each page that they came from.

A reading outlives its text: where the document changes, what is still verbatim in it stays, and people are told how
many records do not. Only the pages that changed are read anew.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from hashlib import sha256

from pydantic import BaseModel, ConfigDict, ValidationError

from ingest.keys import compare_ref
from ingest.readers.claims import Claim, Claims, Span
from ingest.readers.model.form import parse_reply
from ingest.readers.model.windows import page_texts
from ingest.register import RegisterEntry
from ingest.validation.matching import TextIndex, fold, pages_of
from vectorstore.kept_texts import Texts
from vectorstore.records import Document

FOLDER = "readings/"


class Reading(BaseModel):
    """The claims of a model about a document, the digests of the pages that it read, how many records were accepted."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    model: str
    pages: Mapping[int, str] = {}
    claims: Claims = Claims()
    accepted: int = 0


def reading_name(document_id: str) -> str:
    """Return the name under which a document's reading is kept."""
    return f"{FOLDER}{document_id}.json"


def load_reading(texts: Texts, document_id: str) -> Reading | None:
    """Return the kept reading of a document, None without one; older ones are replies without digests."""
    try:
        found = json.loads(texts.get(reading_name(document_id)) or b"null")
        if isinstance(found, dict) and isinstance(found.get("said"), list):
            parts = [claims for reply in found["said"] if (claims := parse_reply(reply))]
            joined = {
                name: [part for claims in parts for part in getattr(claims, name)] for name in Claims.model_fields
            }
            return Reading(model=str(found.get("model")), claims=Claims.model_validate(joined))
        return Reading.model_validate(found) if found is not None else None
    except (ValueError, ValidationError):
        return None


def store_reading(texts: Texts, document_id: str, reading: Reading) -> None:
    """Keep the reading of a document in place of an earlier one; raises what `Texts.put` raises."""
    texts.put(reading_name(document_id), reading.model_dump_json(exclude_defaults=True, indent=1).encode())


def forget_readings(texts: Texts, ids: Iterable[str]) -> None:
    """Remove the readings of documents; raises what `Texts.remove` raises."""
    known = texts.all(FOLDER)
    for name in map(reading_name, ids):
        if name in known:
            texts.remove(name)


def with_metadata(entries: Iterable[RegisterEntry], texts: Texts) -> list[RegisterEntry]:
    """Return the entries with the metadata that their readings claim, as JSON, to be verified by their quotes."""
    result = []
    for entry in entries:
        reading = load_reading(texts, entry.id)
        parts = (
            [part.model_dump(include={"field", "value", "quote"}) for part in reading.claims.metadata]
            if reading
            else []
        )
        result.append(replace(entry, front_proposed=json.dumps(parts, ensure_ascii=False) if parts else None))
    return result


def page_digests(document: Document) -> dict[int, str]:
    """Return a digest of each page with text, white space, hyphens and case aside."""
    return {number: sha256(fold(text).encode()).hexdigest()[:16] for number, text in page_texts(document)}


def changed_pages(reading: Reading, document: Document) -> frozenset[int]:
    """Return the pages whose text a reading does not know."""
    known = {*reading.pages.values()}
    return frozenset(number for number, digest in page_digests(document).items() if digest not in known)


def count_records(claims: Claims) -> int:
    """Return how many claims are of records, each number or title once."""
    records = (record for record in claims.records if record.kind != "section")
    return len({(record.kind, compare_ref(record.number or "") or fold(record.title)) for record in records})


def move_claims(reading: Reading, document: Document) -> Claims:
    """Return the claims of a reading with the pages that they have in a changed document, under the model's name."""
    pages = _moved_pages(reading, document)
    index = TextIndex(document.text, pages_of(document))
    last = max(page_digests(document), default=1)

    def move(record: Claim) -> Claim:
        page = min(pages.get(record.page, record.page), last)
        if index.find(record.title, index.pages(max(1, page - 1), page + 1)) is None:
            spans = index.find_all(record.title, Span(0, len(document.text)))
            page = min((index.page_of(span.start) for span in spans), key=lambda at: abs(at - page), default=page)
        return record.model_copy(update={"page": max(1, page), "source": reading.model})

    totals = (total.model_copy(update={"page": pages.get(total.page, total.page)}) for total in reading.claims.totals)
    records = tuple(map(move, reading.claims.records))
    return reading.claims.model_copy(update={"records": records, "totals": tuple(totals)})


def _moved_pages(reading: Reading, document: Document) -> dict[int, int]:
    """Return where the pages of a reading are in a document: by digest, else as far moved as the page before."""
    here: dict[str, list[int]] = defaultdict(list)
    for number, digest in page_digests(document).items():
        here[digest].append(number)
    moved, shift = {}, 0
    for number, digest in sorted(reading.pages.items()):
        if digest in here:
            shift = min(here[digest], key=lambda at: abs(at - number - shift)) - number
        moved[number] = number + shift
    return moved
