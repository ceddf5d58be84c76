"""Reading a document by a model: windows of pages, the claims of all of them, and the pages that were not read."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from ingest.readers.claims import Claims
from ingest.readers.model.form import parse_reply
from ingest.readers.model.gathering import gather_claims
from ingest.readers.model.windows import Request, context_before, windows_of
from ingest.readings import Reading, changed_pages, count_records, move_claims, page_digests
from ingest.validation import validate
from ingest.validation.matching import TextIndex, pages_of
from prompts import say
from vectorstore.records import Document

Progress = Callable[[str, float], None]


class Chat(Protocol):
    """A model that can be asked; the composition root hands it in."""

    @property
    def name(self) -> str:
        """The name of the model."""

    def say(self, request: Request) -> Any:
        """Return the object that the model replied, or whatever else it returned."""


class NoReading(Exception):
    """No page could be read; the message says in German why. The document stays as it was read before."""


def read_document(
    document: Document,
    chat: Chat,
    progress: Progress = lambda step, share: None,
    kept: Reading | None = None,
) -> Reading:
    """Return the reading of a document by a model; of a kept one only the pages that changed are asked for.

    A window whose reply has not the form is asked for once more; its pages are then left out of the reading. Raises
    NoReading, and whatever `chat` raises.
    """
    changed = changed_pages(kept, document) if kept is not None else None
    windows = windows_of(document, changed)
    asked = {number for window in windows for number in window.numbers}
    parts = [_without_pages(move_claims(kept, document), changed or ())] if kept is not None else []
    failed: set[int] = set()
    for place, window in enumerate(windows):
        progress(f"{document.id}: {say('reading.page', number=window.numbers[0])}", place / len(windows))
        context = context_before(window, (record for part in parts for record in part.records))
        claims = parse_reply(chat.say(window.request(context)))
        claims = claims or parse_reply(chat.say(window.request(context, again=True)))
        if claims is None:
            failed.update(window.numbers)
        else:
            parts.append(claims)
            failed.difference_update(window.numbers)
    if asked and failed == asked:
        raise NoReading(f"{say('reading.page', number=min(failed))}: {say('reading.no_form')}")
    pages = pages_of(document)
    claims = gather_claims(parts, TextIndex(document.text, pages))
    read = {number: digest for number, digest in page_digests(document).items() if number not in failed}
    accepted = count_records(validate(claims, document.text, pages).claims)
    return Reading(model=chat.name, pages=read, claims=claims, accepted=accepted)


def _without_pages(claims: Claims, pages: set[int] | frozenset[int] | tuple[int, ...]) -> Claims:
    """Return claims without those of some pages."""
    records = tuple(record for record in claims.records if record.page not in pages)
    totals = tuple(total for total in claims.totals if total.page not in pages)
    return claims.model_copy(update={"records": records, "totals": totals})
