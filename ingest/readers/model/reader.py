"""Reading a document by a model: windows of pages, the claims of all of them as one, and what was not read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Any, Protocol

from ingest.readers.claims import TEXTS, Claim, Claims
from ingest.readers.folding import fold_quote
from ingest.readers.model.form import parse_reply
from ingest.readers.model.windows import WindowRequest, context_before, windows_of
from ingest.readings import Reading, changed_pages, count_records, move_claims, page_digests
from ingest.validation import bare_number, validate
from ingest.validation.text_index import pages_of
from prompts import say
from vectorstore.notation import fold_ref
from vectorstore.records import Document

Progress = Callable[[str, float], None]
_GOES_ON = 4  # pages between two claims of a record that goes on
_MOST_RECORDS, _MOST_PARTS = 5_000, 200  # of a document: records, and totals or metadata, that are kept


class Chat(Protocol):
    """A model that can be asked; the composition root hands it in."""

    @property
    def name(self) -> str:
        """The name of the model."""

    def say(self, request: WindowRequest) -> Any:
        """Return the object that the model replied, or whatever else it returned."""


class NoReading(Exception):
    """No page could be read; the message says in German why. The document stays as it was read before."""


def read_document(
    document: Document, chat: Chat, progress: Progress = lambda step, share: None, retained: Reading | None = None
) -> Reading:
    """Return the reading of a document by a model; of a kept one only the pages that changed are asked for.

    A window whose reply has not the form is asked for once more; its pages are then left out of the reading. Raises
    NoReading, and whatever `chat` raises.
    """
    changed = changed_pages(retained, document)
    windows, parts = windows_of(document, changed), _unchanged_claims(retained, document, changed)
    failed: set[int] = set()
    for place, window in enumerate(windows):
        progress(f"{document.id}: {say('reading.page', number=window.numbers[0])}", place / len(windows))
        context = context_before(window, (record for part in parts for record in part.records))
        replies = (parse_reply(chat.say(window.request(context, again=again))) for again in (False, True))
        claims = next(filter(None, replies), None)
        if claims is None:
            failed.update(window.numbers)
        else:
            parts.append(claims)
            failed.difference_update(window.numbers)
    if windows and failed == {number for window in windows for number in window.numbers}:
        raise NoReading(f"{say('reading.page', number=min(failed))}: {say('reading.no_form')}")
    claims = _join_claims(parts)
    read = {number: digest for number, digest in page_digests(document).items() if number not in failed}
    accepted = count_records(validate(claims, document.text, pages_of(document)).claims)
    return Reading(model=chat.name, pages=read, claims=claims, accepted=accepted)


def _unchanged_claims(retained: Reading | None, document: Document, changed: frozenset[int]) -> list[Claims]:
    """Return the claims of a kept reading about the pages that did not change."""
    if retained is None:
        return []
    moved = move_claims(retained, document)
    records = tuple(record for record in moved.records if record.page not in changed)
    totals = tuple(total for total in moved.totals if total.page not in changed)
    return [moved.model_copy(update={"records": records, "totals": totals})]


def _join_claims(parts: Sequence[Claims]) -> Claims:
    """Return claims without repetition, in the order of the pages: windows share pages, and records go on."""
    known: dict[tuple[str, str, str], list[Claim]] = defaultdict(list)
    for record in (record for part in parts for record in part.records):
        same = known[record.where, fold_ref(bare_number(record.number)), record.folded_title]
        distance = _GOES_ON if record.where == "sheet" else 0
        place = next((at for at, other in enumerate(same) if abs(other.page - record.page) <= distance), None)
        if place is None:
            same.append(record)
        else:
            same[place] = _join(same[place], record)
    records = sorted((record for same in known.values() for record in same), key=lambda record: record.page)
    totals = {(total.kind, total.count, fold_quote(total.quote)): total for part in parts for total in part.totals}
    metadata = {(part.field, fold_quote(part.quote)): part for claims in parts for part in claims.metadata}
    return Claims(
        records=tuple(records[:_MOST_RECORDS]),
        totals=tuple(totals.values())[:_MOST_PARTS],
        metadata=tuple(metadata.values())[:_MOST_PARTS],
    )


def _join(first: Claim, second: Claim) -> Claim:
    """Return a record with the fields, units and texts of both of its claims."""
    fields = {(fold_quote(field.label), fold_quote(field.text)): field for field in (*second.fields, *first.fields)}
    update = {name: getattr(first, name) or getattr(second, name) for name in ("parent", "level", *TEXTS)}
    update["units"] = tuple({fold_quote(unit): unit for unit in (*first.units, *second.units)}.values())
    return first.model_copy(update={**update, "fields": tuple(fields.values())})
