"""What changed from one paper of a series to the next: counted over all records, the first of each kind named."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from service.answering import wording
from service.answering.composing import passages
from service.answering.composing.quoting import source
from service.answering.context import Context
from service.answering.draft import Draft, Fragment, Proof, Sentence, answered, sentence
from service.answering.verifying.proofs import name_proof, row_proof
from service.changes.matching import Change, ChangeKind, Comparison, compare, pairs
from service.changes.table import row_of
from service.completeness import Completeness
from service.models import AnswerData, AnswerMode, DataKind
from vectorstore.records import Document, Item, ItemKind

_NAMED = 6  # records that a sentence names of each kind; the rows have all
_COLUMNS = ["change", "ref", "title", "status", "ref_before", "title_before", "status_before"]
_KINDS = (ChangeKind.NEW, ChangeKind.FINISHED, ChangeKind.STATUS, ChangeKind.DROPPED, ChangeKind.MOVED)
_WORDS = {
    ChangeKind.NEW: ("neu", "new"),
    ChangeKind.FINISHED: ("inzwischen umgesetzt", "implemented by now"),
    ChangeKind.STATUS: ("mit anderem Status", "with another status"),
    ChangeKind.DROPPED: ("nicht mehr enthalten", "no longer in it"),
    ChangeKind.MOVED: ("an anderer Stelle", "in another place"),
}


def compose(context: Context) -> Draft:
    """The changes between the two papers that are named, else the last two; passages where no paper follows another."""
    catalogue = context.corpus.catalogue
    found = pairs(catalogue)
    if not found:
        return passages.compose(context)
    old, new = _compared(context, found)
    comparison = compare(catalogue, old, new)
    narrowed = _on_topic(context, comparison)
    comparison = narrowed or comparison
    changes = comparison.of(*_KINDS)
    told = [_first(context, comparison, narrowed is not None)]
    told += [_of_kind(context, kind, comparison.of(kind)) for kind in _KINDS if comparison.of(kind)]
    data = AnswerData(
        kind=DataKind.COMPARISON,
        columns=_COLUMNS,
        rows=[row_of(one) for one in changes],
        total=len(changes),
        complete=Completeness.of([old, new], (ItemKind.PROJECT, ItemKind.MEASURE, ItemKind.GOAL)).complete,
    )
    proofs = tuple(_proofs(context, one) for one in changes)
    return answered(*told, mode=AnswerMode.COMPUTED, data=data, row_proofs=proofs)


def _compared(context: Context, found: list[tuple[Document, Document]]) -> tuple[Document, Document]:
    """The pair of papers that is named, or of which one is; else the latest."""
    named = {one.id for one in context.documents} if context.query.named else set()
    papers = sorted({one.id: one for pair in found for one in pair if one.id in named}.values(), key=_age)
    if len(papers) == 2 and papers[0].series == papers[1].series:
        return papers[0], papers[1]
    held = [pair for pair in found if named & {pair[0].id, pair[1].id}]
    return next((pair for pair in held if pair[1].id in named), held[0] if held else found[0])


def _age(document: Document) -> date:
    return document.as_of or date.min


def _on_topic(context: Context, comparison: Comparison) -> Comparison | None:
    """The comparison narrowed to a topic, a place or a unit; None where none is said or nothing is on it."""
    asked = context.query.conditions
    ids = (comparison.old.id, comparison.new.id)
    kept = list(comparison.changes)
    if asked.topic:
        on = {(one.item.document_id, one.item.key) for one in context.resolver.on_topic(asked.topic, ids)}
        kept = [one for one in kept if any((item.document_id, item.key) in on for item in _both(one))]
    if asked.place:
        kept = [one for one in kept if any(asked.place in item.municipalities for item in _both(one))]
    if asked.unit:
        kept = [one for one in kept if any(asked.unit in item.responsible for item in _both(one))]
    if not kept or not (asked.topic or asked.place or asked.unit):
        return None
    return replace(comparison, changes=tuple(kept))


def _first(context: Context, comparison: Comparison, narrowed: bool) -> Sentence:
    """How many records changed in which way between which papers."""
    place = 0 if context.german else 1
    counts = [f"{comparison.counts[kind]} {_WORDS[kind][place]}" for kind in _KINDS if comparison.counts[kind]]
    topic = context.query.conditions.topic
    said = context.say(f"Zu „{topic}“: ", f"On “{topic}”: ") if narrowed and topic else ""
    new, old = (source(one, context.language) for one in (comparison.new, comparison.old))
    listed = ", ".join(counts) or context.say("nichts davon", "nothing of that")
    said += context.say(f"{new} im Vergleich zu {old}: {listed}", f"{new} compared with {old}: {listed}")
    if same := comparison.counts[ChangeKind.UNCHANGED]:
        said += context.say(f"; {same} sind unverändert", f"; {same} are unchanged")
    fronts = [context.corpus.front_matter(one.id) for one in (comparison.new, comparison.old)]
    items = [one for one in fronts if one is not None] or [one.item for one in comparison.changes[:1]]
    proofs = tuple(name_proof(one, context.corpus) for one in items)
    return sentence(Fragment(said, proofs), ".", computed=(said,))


def _of_kind(context: Context, kind: ChangeKind, changes: Sequence[Change]) -> Sentence:
    """The records that changed in one way, the first ones by name."""
    words = _WORDS[kind][0 if context.german else 1]
    named = [_named(context, one) for one in changes[:_NAMED]]
    parts: list[str | Fragment] = [f"{wording.beginning(words)}: "]
    for place, (change, name) in enumerate(zip(changes, named, strict=False)):
        parts.append(Fragment(("; " if place else "") + name, _proofs(context, change)))
    more = len(changes) - _NAMED
    if more > 0:
        parts.append(context.say(f" und {more} weitere", f" and {more} more"))
    return sentence(*parts, ".", computed=(words, str(more), *named))


def _named(context: Context, change: Change) -> str:
    """A record with what became of it: its title, and where both are known its status before and now."""
    said, language = wording.full_name(change.item, context.language), context.language
    if change.kind is ChangeKind.STATUS and change.old and change.new and change.old.status and change.new.status:
        before, now = (wording.status(one, language) for one in (change.old.status, change.new.status))
        return said + context.say(f" (jetzt {now}, vorher {before})", f" (now {now}, {before} before)")
    if change.kind is ChangeKind.MOVED and change.old and change.new and change.old.ref != change.new.ref:
        return said + context.say(f" (vorher {change.old.ref})", f" (formerly {change.old.ref})")
    return said


def _both(change: Change) -> Iterable[Item]:
    return (one for one in (change.new, change.old) if one is not None)


def _proofs(context: Context, change: Change) -> tuple[Proof, ...]:
    """The passages that name a record in both papers, the row of an archive for one that stands only there."""
    items = list(_both(change))
    return tuple((row_proof(one) if one.former_ref else None) or name_proof(one, context.corpus) for one in items)
