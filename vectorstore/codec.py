"""Records as JSON and back, checked on the way in; used by the catalogue and by the cache of parsed documents."""

from __future__ import annotations

from pydantic import TypeAdapter

from vectorstore.records import Document, Item, ParsedDocument

DOCUMENT = TypeAdapter(Document)
ITEM = TypeAdapter(Item)
PARSED = TypeAdapter(ParsedDocument)


def dump_parsed(parsed: ParsedDocument) -> bytes:
    """One parsed document as JSON; equal records give equal bytes."""
    return PARSED.dump_json(parsed)


def load_parsed(data: bytes) -> ParsedDocument:
    """The parsed document of `dump_parsed`; raises pydantic's ValidationError (a ValueError) for anything else."""
    return PARSED.validate_json(data)
