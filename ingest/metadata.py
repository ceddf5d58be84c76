"""Document metadata: title, publisher, kind, status and date, each with the passage that supports
it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from ingest.metadata_words import has_cue
from ingest.readers.claims import ClaimedMetadata
from ingest.register import METADATA_FIELDS, RegisterEntry, is_web_address
from ingest.rendering import Rendering
from ingest.stream import Layout
from ingest.title_page import MetadataValue, StyledPassage, TitlePage, to_date
from ingest.values.parsing import dates
from prompts import imitates_service
from vectorstore.language import remove_spaces
from vectorstore.records import Document, DocumentKind, DocumentStatus, MetadataFact

# who states a part: values of `MetadataFact.by` beside "found"
REGISTER = "register"
STAFF = "staff"
MODEL = "model"
_MAX_QUOTE_LENGTH = 300  # characters


def find_metadata(entry: RegisterEntry, layout: Layout, rendering: Rendering) -> dict[str, Any]:
    """Return title, publisher, kind, status and date of a document by the names of its attributes,
    and the evidence for each part as "front".

    A part comes from the register or from staff; a part that they do not give is found in the
    document. An entry counts as one of the register if it has unconfirmed parts, or a title that
    staff did not give. If such an entry has no date, none is looked for, unless the date is an
    unconfirmed part. A document without any title is called after its file.
    """
    values = {part: getattr(entry, part) for part in METADATA_FIELDS}
    is_registered = (entry.title is not None and "title" not in entry.answered) or bool(
        entry.unconfirmed
    )
    open_parts = [part for part in METADATA_FIELDS if values[part] is None]
    if is_registered and "as_of" in open_parts and "as_of" not in entry.unconfirmed:
        open_parts.remove("as_of")  # a registered document has no date but the register's
    found: Mapping[str, MetadataValue] = {}
    if open_parts:
        found = _find_parts(entry, layout, rendering)
    facts = list[MetadataFact]()
    for part in METADATA_FIELDS:
        if part in open_parts:
            values[part], proof, is_certain, by = found[part]
            passage = proof or StyledPassage("")
            facts.append(MetadataFact(part, by, is_certain, passage.text, passage.page))
        elif values[part] is not None:
            by = REGISTER
            if part in entry.answered:
                by = STAFF
            facts.append(MetadataFact(part, by, sure=part not in entry.unconfirmed))
    values["title"] = values["title"] or entry.file_title
    return {**values, "front": tuple(facts)}


def confirm_metadata(document: Document, answers: Mapping[str, Any]) -> Document:
    """Return a document with the parts of the metadata that staff gave; nothing is read again."""
    kept = {fact.field: fact for fact in document.front}
    given = {part: MetadataFact(part, STAFF, sure=True) for part in answers}
    facts = kept | given
    front = tuple(facts[part] for part in METADATA_FIELDS if part in facts)
    return replace(document, **answers, front=front)


def _find_parts(
    entry: RegisterEntry, layout: Layout, rendering: Rendering
) -> Mapping[str, MetadataValue]:
    """Return each part of the metadata as the document states it.

    A part comes from the file's own metadata, else from the title page. If it is not certain, the
    value that a model quotes from the text is taken instead.
    """
    own, title_page = _own_metadata(layout), TitlePage(layout, rendering)
    title = own.get("title") or title_page.title()
    kind = title_page.kind(title)
    parts = {
        "title": title,
        "publisher": title_page.publisher(title, kind),
        "kind": kind,
        "status": title_page.status(title, kind),
        "as_of": title_page.as_of(),
        **own,
    }
    claims = entry.reading.claims.metadata if entry.reading else ()
    for claim in claims:
        value = read_quoted(claim, title_page.text)
        if value is not None and not parts[claim.field].sure:
            parts[claim.field] = MetadataValue(value, StyledPassage(claim.quote), by=MODEL)
    return parts


def _own_metadata(layout: Layout) -> Mapping[str, MetadataValue]:
    """Return the parts that a file states beside its text, such as the front matter of Markdown.

    They are certain. A status that is none of the known words is left out; of several dates the
    first one counts.
    """
    values: dict[str, Any] = dict(layout.metadata)
    if values.get("status") not in list(DocumentStatus):
        values["status"] = None
    days = dates(values.get("as_of", ""))
    values["as_of"] = to_date(next(iter(days), ""))
    stated = [part for part in METADATA_FIELDS if values.get(part)]
    return {part: MetadataValue(values[part], sure=True) for part in stated}


def find_source_url(layout: Layout) -> str | None:
    """Return the address that a file states as its own, None without a valid one."""
    url = layout.metadata.get("source_url", "")
    if is_web_address(url):
        return url
    return None


def read_quoted(part: ClaimedMetadata, text: str) -> Any:
    """Return the value that a model claims for a part, None if its quote does not support it.

    The quote must be in the text, whatever its white space. For a kind or status the quote must
    have a cue word, for a date it must state the date, for any other part it must contain the
    value. A quote or value of more than `_MAX_QUOTE_LENGTH` characters is not accepted, nor a quote
    that speaks as the service.
    """
    value, quote = part.value, part.quote
    is_printed = remove_spaces(quote) in remove_spaces(text)
    is_short = max(len(quote), len(value)) <= _MAX_QUOTE_LENGTH
    if not (is_printed and is_short) or imitates_service(quote):
        return None
    if part.field == "kind" and has_cue(quote, "kinds", value):
        return DocumentKind(value)
    if part.field == "status" and _states_status(quote, value):
        return DocumentStatus(value)
    if part.field == "as_of":
        days = {str(day): day for day in map(to_date, dates(quote)) if day}
        return days.get(value)
    if part.field not in ("kind", "status") and remove_spaces(value) in remove_spaces(quote):
        return value
    return None


def _states_status(quote: str, status: str) -> bool:
    """True if a quote has a cue word for a status.

    A paper is proposed if the quote calls it a motion. It is not adopted if the quote says "nicht
    beschlossen" or the like.
    """
    if status == DocumentStatus.PROPOSED:
        return has_cue(quote, "kinds", "motion")
    if status == DocumentStatus.ADOPTED and has_cue(quote, "status", "not_yet"):
        return False
    return has_cue(quote, "status", status)
