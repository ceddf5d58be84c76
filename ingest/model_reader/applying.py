"""A kept reading becomes the records of a paper, in place of those of the simple reader."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from pydantic import ValidationError

from ingest.check import Failing
from ingest.chunks import cut_chunks
from ingest.claims import ClaimedFront
from ingest.families import Told, with_families
from ingest.front_matter import asked_parts, proven_value
from ingest.keys import RECORDS, plain_ref, shape_of
from ingest.model_reader.judging import Judged, judged, left_out
from ingest.model_reader.reader import Reading
from ingest.plan.files import FOLDER as PLANS
from ingest.plan.files import front_proposal, proposal
from ingest.values.items import with_values
from ingest.verbatim import folded
from prompts import say
from vectorstore.kept_texts import Texts
from vectorstore.records import Document, Family, Item, ItemKind, ParsedDocument

FOLDER = "readings/"
_SHOWN = 5  # names that a notice tells
_OPENING = 2000  # characters that open a paper which begins with a record


def kept_reading(document_id: str) -> str:
    """Return the name under which a document's reading is kept."""
    return f"{FOLDER}{document_id}.json"


def forget_readings(texts: Texts, ids: Iterable[str]) -> None:
    """Remove what a model has read of documents; raises what `Texts.remove` raises."""
    kept = {*texts.all(FOLDER), *texts.all(PLANS)}
    for name in (
        one for document in ids for one in (kept_reading(document), front_proposal(document), proposal(document))
    ):
        if name in kept:
            texts.remove(name)


def with_reading(parsed: ParsedDocument, texts: Texts) -> ParsedDocument:
    """Return a paper with the records of its kept reading; as it is where none is kept of exactly this text."""
    reading = reading_of(parsed.document, texts)
    return applied(parsed, reading) if reading else parsed


def reading_of(document: Document, texts: Texts) -> Reading | None:
    """Return the reading that is kept of exactly this text, None without one."""
    source = texts.get(kept_reading(document.id))
    try:
        reading = Reading.model_validate_json(source) if source else None
    except ValidationError:
        return None
    return reading if reading is not None and reading.is_of(document) else None


def applied(parsed: ParsedDocument, reading: Reading) -> ParsedDocument:
    """Return a paper with the records that stand of a reading, unless the paper bears out more without it.

    Records that the model left out are taken from the simple reader, where they stand as well.
    """
    outcome = judged(parsed.document, reading.said, parsed.chunks)
    known = {*map(_name, outcome.records)}
    if (others := left_out(parsed.items, outcome)).records:
        outcome = judged(parsed.document, (*reading.said, others), parsed.chunks)
    drafted, document = outcome.drafted, parsed.document
    passages = drafted.finished(outcome.merged.items)
    front = drafted.front(passages)
    opening = document.text[: front.end if front else _OPENING]
    items = [replace(one, order=at) for at, one in enumerate([*([front] if front else []), *outcome.merged.items])]
    told = Told(outcome.merged.listings, outcome.totals)
    labelled, families = with_families(with_values(_marked(items, parsed.items), document.text, opening), told)
    if _is_less(labelled, parsed):
        return replace(parsed, document=replace(document, warnings=(*document.warnings, say("reading.not_kept"))))
    warnings = (*document.warnings, *_told(outcome, families))
    read = tuple(
        replace(one, read_by=reading.model) if one.kind is not ItemKind.SECTION and _name(one) in known else one
        for one in labelled
    )
    return ParsedDocument(
        document=replace(document, families=families, warnings=warnings),
        items=read,
        chunks=cut_chunks(document.id, document.text, passages),
    )


def _marked(items: Sequence[Item], simple: Sequence[Item]) -> list[Item]:
    """Return items with what marks in columns say of their status: the text does not show them, the simple reader does.

    A record that has another status by its heading has two.
    """
    marked = {_name(one): one for one in simple if one.status is not None}
    result = []
    for item in items:
        other = marked.get(_name(item))
        if other is not None and item.status in (None, other.status):
            new = [one for one in other.conflicts if one.field == "status" and not item.conflicts]
            item = replace(item, status=other.status, conflicts=(*item.conflicts, *new))
        result.append(item)
    return result


def _name(one: Item) -> tuple[str, str]:
    return plain_ref(one.ref), folded(one.title)


def front_of(document: Document, reading: Reading) -> tuple[ClaimedFront, ...]:
    """Return the parts of the front matter that a reading proves and that the paper was not surely read to say."""
    wanted = asked_parts(document)
    said = [one for part in reading.said for one in part.front]
    proven = {one.field: one for one in reversed(said) if one.field in wanted and proven_value(one, document.text)}
    return tuple(proven.values())


def _is_less(items: Sequence[Item], parsed: ParsedDocument) -> bool:
    """Tell whether the simple reader has more: all that the paper lists, more than twice as many, or any."""
    found = sum(item.kind in RECORDS for item in items)
    complete = [one for one in parsed.document.families if one.kind in RECORDS and one.complete]
    listed = sum(one.found for one in complete if one.evidence)
    known = sum(one.found for one in complete)
    return found < listed or 2 * found < known or (not found and any(item.kind in RECORDS for item in parsed.items))


def _told(outcome: Judged, families: Sequence[Family]) -> Iterator[str]:
    """Tell what did not stand, and what is missing."""
    for failing in (Failing.TITLE, Failing.NUMBER, Failing.ALONE):
        faults = [
            say("reading.at_page", name=one.record, page=one.page) for one in outcome.faults if one.failing is failing
        ]
        if faults:
            yield say(f"reading.failing_{failing}", names=_listed(list(dict.fromkeys(faults))))
    if texts := sum(one.failing is Failing.TEXT for one in outcome.faults):
        yield say("reading.failing_text", count=texts)
    open_ = {one.label for one in families if one.kind in RECORDS and one.complete is False}
    if gaps := [one.number for one in outcome.gaps if shape_of(one.number) in open_]:
        yield say("reading.gaps", numbers=_listed(gaps))
    if missing := [f"{one.ref} {one.title}".strip() for one in outcome.merged.missing]:
        yield say("reading.missing", names=_listed(missing))


def _listed(names: Sequence[str]) -> str:
    more = len(names) - _SHOWN
    return say("reading.and_more", names=", ".join(names[:_SHOWN]), more=more) if more > 0 else ", ".join(names)
