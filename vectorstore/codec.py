"""Records as JSON and back, checked on the way in; used by the catalogue and by the cache of parsed documents."""

from __future__ import annotations

from hashlib import sha256

from pydantic import TypeAdapter

from vectorstore.records import Chunk, Document, Item, ParsedDocument

DOCUMENT = TypeAdapter(Document)
ITEM = TypeAdapter(Item)
PARSED = TypeAdapter(ParsedDocument)


def dump_parsed(parsed: ParsedDocument) -> bytes:
    """One parsed document as JSON; equal records give equal bytes."""
    return PARSED.dump_json(parsed)


def load_parsed(data: bytes) -> ParsedDocument:
    """The parsed document of `dump_parsed`; raises pydantic's ValidationError (a ValueError) for anything else."""
    return PARSED.validate_json(data)


def text_digest(text: str) -> str:
    """First 128 bits of SHA-256 of a text, in hex: tells whether a stored chunk is the chunk that was meant."""
    return sha256(text.encode()).hexdigest()[:32]


def chunk_digest(chunk: Chunk) -> str:
    """Digest of what a chunk says and where it belongs."""
    return text_digest("\x00".join((chunk.document_id, chunk.key, chunk.context, chunk.text)))
