"""Document metadata: title, publisher, kind, status and date, each with the passage that supports
it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from ingest.register import METADATA_FIELDS, RegisterEntry, is_web_address
from ingest.rendering import Rendering
from ingest.stream import Layout
from ingest.title_page import MetadataValue, StyledPassage, TitlePage, to_date
from ingest.values.parsing import dates
from vectorstore.records import Document, DocumentStatus, MetadataFact

# who states a part: values of `MetadataFact.by`
FOUND = "found"  # the document itself
REGISTER = "register"
STAFF = "staff"


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
        found = _find_parts(layout, rendering)
    facts = list[MetadataFact]()
    for part in METADATA_FIELDS:
        if part in open_parts:
            values[part], proof, is_certain = found[part]
            passage = proof or StyledPassage("")
            facts.append(MetadataFact(part, FOUND, is_certain, passage.text, passage.page))
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


def _find_parts(layout: Layout, rendering: Rendering) -> Mapping[str, MetadataValue]:
    """Return each part of the metadata as the document states it.

    A part comes from the file's own metadata, else from the title page.
    """
    own, title_page = _own_metadata(layout), TitlePage(layout, rendering)
    title = own.get("title") or title_page.title()
    kind = title_page.kind(title)
    return {
        "title": title,
        "publisher": title_page.publisher(title, kind),
        "kind": kind,
        "status": title_page.status(title, kind),
        "as_of": title_page.as_of(),
        **own,
    }


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
