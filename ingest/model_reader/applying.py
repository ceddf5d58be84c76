"""A kept reading becomes the records of a paper, in place of those of the simple reader."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from pydantic import ValidationError

from ingest.check import Failing, Fault, Standing, name_of
from ingest.claims import ClaimedFront
from ingest.families import running, shape_of
from ingest.front_matter import asked_parts, proven_value
from ingest.model_reader.assembling import assembled
from ingest.model_reader.judging import Judged, claimed, judged
from ingest.model_reader.reader import Reading
from ingest.plan.files import FOLDER as PLANS
from ingest.plan.files import front_proposal, proposal
from ingest.verbatim import folded
from vectorstore.kept_texts import Texts
from vectorstore.records import Document, Evidence, Family, Item, ItemKind, ParsedDocument

FOLDER = "readings/"
NOT_KEPT = "Das Sprachmodell fand weniger Einträge, als das Papier selbst aufzählt; es bleibt bei der einfachen Lesung."
_RECORDS = (ItemKind.PROJECT, ItemKind.MEASURE)
_COUNTED = (*_RECORDS, ItemKind.GOAL, ItemKind.THEME, ItemKind.PRINCIPLE, ItemKind.THESIS)
_READ = (*_COUNTED, ItemKind.RESOLUTION)
_TELLING = 0.9  # of what was found, that the paper's own word has to name to tell how many there are
_SHOWN = 5  # names that a notice tells
_WORDS = {
    Failing.TITLE: "Vom Sprachmodell genannt, aber so nicht auf der Seite",
    Failing.NUMBER: "Nummer steht nicht beim Titel, ohne sie übernommen",
    Failing.ALONE: "Kein Eintrag, denn das Papier trägt ihn nicht",
}


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
    outcome = judged(parsed.document, reading.said)
    known = {_name(one.own) for one in outcome.merged.records}
    if (others := claimed(parsed.items, outcome)).records:
        outcome = judged(parsed.document, (*reading.said, others))
    simple = {one.own.title.start for one in outcome.merged.records if _name(one.own) not in known}
    items, chunks = assembled(parsed, outcome.paper, outcome.merged, outcome.headings)
    labelled, families = _families(items, outcome)
    if _is_less(labelled, parsed):
        return replace(parsed, document=replace(parsed.document, warnings=(*parsed.document.warnings, NOT_KEPT)))
    told = (*_kept_warnings(parsed), *_told(outcome, families))
    document = replace(parsed.document, families=families, warnings=told)
    read = (
        one if one.kind not in _READ or _holds(one, simple) else replace(one, read_by=reading.model) for one in labelled
    )
    return ParsedDocument(document=document, items=tuple(read), chunks=chunks)


def _name(one: Standing) -> tuple[str, str]:
    return one.ref, folded(one.claim.title)


def _holds(item: Item, places: Iterable[int]) -> bool:
    """Tell whether one of these places is in an item."""
    return any(item.start <= place < item.end for place in places)


def front_of(document: Document, reading: Reading) -> tuple[ClaimedFront, ...]:
    """Return the parts of the front matter that a reading proves and that the paper was not surely read to say."""
    wanted = asked_parts(document)
    said = [one for part in reading.said for one in part.front]
    proven = {one.field: one for one in reversed(said) if one.field in wanted and proven_value(one, document.text)}
    return tuple(proven.values())


def _is_less(items: Sequence[Item], parsed: ParsedDocument) -> bool:
    """Tell whether the simple reader has more: all that the paper lists, twice as many, or any against none."""
    found = sum(item.kind in _RECORDS for item in items)
    complete = [one for one in parsed.document.families if one.kind in _RECORDS and one.complete]
    listed = sum(one.found for one in complete if one.evidence)
    known = sum(one.found for one in complete)
    return found < listed or 2 * found < known or (not found and any(item.kind in _RECORDS for item in parsed.items))


def _kept_warnings(parsed: ParsedDocument) -> Iterator[str]:
    """Yield what is odd of the file; what the simple reader says of its own records no longer holds."""
    yield from (one for one in parsed.document.warnings if not one.startswith(("Zeile der", "Projekte ohne")))


def _families(items: Sequence[Item], outcome: Judged) -> tuple[list[Item], tuple[Family, ...]]:
    """Return the items with the labels of their families, and the families, held against the paper's own word."""
    labels = {item.key: shape_of(item.ref) if item.ref != item.title else "" for item in items}
    groups: dict[tuple[ItemKind, str], list[Item]] = defaultdict(list)
    for item in items:
        if item.kind in _COUNTED:
            groups[item.kind, labels[item.key]].append(item)
    alone = {kind for kind, _ in groups if sum(other is kind for other, _ in groups) == 1}
    families = tuple(
        _family(kind, label, members, outcome, alone=kind in alone) for (kind, label), members in groups.items()
    )
    marked = [replace(one, family=labels[one.key] if one.kind in _COUNTED else None) for one in items]
    return marked, families


def _family(kind: ItemKind, label: str, members: Sequence[Item], outcome: Judged, *, alone: bool) -> Family:
    found = len(members)
    told = [one for one in _said(kind, members, outcome, alone) if one[0] >= _TELLING * found]
    if told:
        expected, evidence = max(told, key=lambda one: one[0])
        return Family(label, kind, found, max(expected, found), found >= expected, (evidence,))
    expected = max(running(members), found)
    return Family(label, kind, found, expected, found >= expected if 2 * found >= expected else None)


def _said(kind: ItemKind, members: Sequence[Item], outcome: Judged, alone: bool) -> Iterator[tuple[int, Evidence]]:
    """Yield how many records of a family the paper says there are: by its list, and by what it states."""
    names = {folded(one.title) for one in members} | {folded(one.table_title or one.title) for one in members}
    mine = [one for one in outcome.merged.listed if folded(one.claim.title) in names]
    if mine and kind.value in {one.claim.kind for one in mine}:
        shapes = {shape_of(one.claim.number or "") for one in mine}
        missing = [one for one in outcome.merged.missing if shape_of(one.claim.number or "") in shapes]
        page = outcome.paper.page_of(mine[0].title.start)
        yield len(mine) + len(missing), Evidence(f"eigene Liste: {len(mine) + len(missing)} Einträge", page)
    for said, count, span in outcome.totals:
        if said == kind.value and alone:
            quote = " ".join(outcome.paper.text[span.start : span.end].split())
            yield count, Evidence(f"„{quote}“ im Text", outcome.paper.page_of(span.start))


def _told(outcome: Judged, families: Sequence[Family]) -> Iterator[str]:
    """Tell what did not stand, and what is missing."""
    for failing, words in _WORDS.items():
        if names := list(dict.fromkeys(_named(one) for one in outcome.faults if one.failing is failing)):
            yield f"{words}: {_listed(names)}"
    texts = sum(one.failing is Failing.TEXT for one in outcome.faults)
    if texts:
        yield f"Angaben, die nicht wörtlich bei ihrem Eintrag stehen und weggelassen sind: {texts}"
    open_ = {one.label for one in families if one.kind in _RECORDS and one.complete is False}
    if gaps := [one.number for one in outcome.gaps if shape_of(one.number) in open_]:
        yield f"Es fehlen die Nummern {_listed(gaps)}"
    if missing := [name_of(one.claim) for one in outcome.merged.missing]:
        yield f"In der eigenen Liste genannt, aber nicht gefunden: {_listed(missing)}"


def _named(fault: Fault) -> str:
    return f"{fault.record} (Seite {fault.page})"


def _listed(names: Sequence[str]) -> str:
    more = f" und {len(names) - _SHOWN} weitere" if len(names) > _SHOWN else ""
    return ", ".join(names[:_SHOWN]) + more
