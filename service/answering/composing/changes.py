"""What changed from one paper of a series to the next: counted over all records, the first of each kind named."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from service.answering import wording
from service.answering.composing.titles import titled
from service.answering.context import Context
from service.answering.draft import Draft, Fragment, Proof, Sentence, answered, sentence
from service.answering.evidence.passages import name_proof, row_proof
from service.changes.matching import Change, ChangeKind, Comparison, compare, pairs
from service.changes.table import row_of
from service.completeness import Completeness
from service.models import AnswerData, AnswerMode, DataKind
from vectorstore.records import Item, ItemKind

_NAMED = 6  # records that a sentence names of each kind; the table below has all
_COLUMNS = ["change", "ref", "title", "status", "ref_before", "title_before", "status_before"]
_GERMAN = {
    ChangeKind.NEW: "neu",
    ChangeKind.FINISHED: "inzwischen umgesetzt",
    ChangeKind.STATUS: "mit anderem Status",
    ChangeKind.DROPPED: "nicht mehr enthalten",
    ChangeKind.MOVED: "an anderer Stelle",
}
_ENGLISH = {
    ChangeKind.NEW: "new",
    ChangeKind.FINISHED: "implemented by now",
    ChangeKind.STATUS: "with another status",
    ChangeKind.DROPPED: "no longer in it",
    ChangeKind.MOVED: "in another place",
}


def compose(context: Context) -> Draft | None:
    """The changes that the question asks for; None where it asks for none, or no paper follows another."""
    catalogue = context.corpus.catalogue
    found = pairs(catalogue) if context.query.changes else []
    if not found:
        return None
    named = [pair for pair in found if {one.id for one in pair} & set(context.query.documents)]
    chosen = named if context.query.named and named else found
    old, new = chosen[0]
    comparison = compare(catalogue, old, new)
    kinds = context.query.changes
    changes = comparison.of(*kinds)
    told = [_first(context, comparison, kinds)]
    told += [one for kind in kinds for one in _of_kind(context, comparison.of(kind))]
    data = AnswerData(
        kind=DataKind.COMPARISON,
        columns=_COLUMNS,
        rows=[row_of(one) for one in changes],
        total=len(changes),
        complete=Completeness.of([old, new], (ItemKind.PROJECT, ItemKind.MEASURE, ItemKind.GOAL)).complete,
    )
    return answered(
        *told, mode=AnswerMode.COMPUTED, data=data, row_proofs=tuple(_proofs(context, one) for one in changes)
    )


def _first(context: Context, comparison: Comparison, kinds: Sequence[ChangeKind]) -> Sentence:
    """How many records changed in which way between which papers."""
    words = _GERMAN if context.german else _ENGLISH
    counts = [f"{comparison.counts[kind]} {words[kind]}" for kind in kinds if comparison.counts[kind]]
    same = comparison.counts[ChangeKind.UNCHANGED]
    text = context.say(
        "{new} im Vergleich zu {old}: {counts}",
        "{new} compared with {old}: {counts}",
        new=titled(comparison.new, context.language),
        old=titled(comparison.old, context.language),
        counts=", ".join(counts) or context.say("nichts davon", "nothing of that"),
    )
    if same and len(kinds) > 1:
        text += context.say("; {same} sind unverändert", "; {same} are unchanged", same=same)
    proofs = tuple(name_proof(one, context.corpus) for one in _ends(comparison, context))
    return sentence(Fragment(text, proofs), ".", computed=(text,))


def _ends(comparison: Comparison, context: Context) -> list[Item]:
    """An item of each of the two papers that stands for it."""
    fronts = (context.corpus.front_matter(one.id) for one in (comparison.new, comparison.old))
    found = [one for one in fronts if one is not None]
    return found or [one.item for one in comparison.changes[:1]]


def _of_kind(context: Context, changes: Sequence[Change]) -> list[Sentence]:
    """The records that changed in one way, the first ones by name."""
    if not changes:
        return []
    kind = changes[0].kind
    words = _GERMAN if context.german else _ENGLISH
    parts: list[str | Fragment] = [f"{words[kind][0].upper()}{words[kind][1:]}: "]
    for place, change in enumerate(changes[:_NAMED]):
        parts.append(Fragment(("; " if place else "") + _named(context, change), _proofs(context, change)))
    more = len(changes) - _NAMED
    computed = [_named(context, one) for one in changes[:_NAMED]]
    if more > 0:
        parts.append(context.say(" und {more} weitere", " and {more} more", more=more))
        computed.append(str(more))
    parts.append(".")
    return [sentence(*parts, computed=(words[kind], *computed))]


def _named(context: Context, change: Change) -> str:
    """A record with what became of it: its title, and where both are known its status before and now."""
    language = context.language
    said = wording.full_name(change.item, language)
    if change.kind is ChangeKind.STATUS and change.old and change.new and change.old.status and change.new.status:
        before, now = (wording.status(one, language) for one in (change.old.status, change.new.status))
        return said + context.say(
            " (jetzt {now}, vorher {before})", " (now {now}, {before} before)", now=now, before=before
        )
    if change.kind is ChangeKind.MOVED and change.old and change.new and change.old.ref != change.new.ref:
        return said + context.say(" (vorher {ref})", " (formerly {ref})", ref=change.old.ref)
    return said


def _proofs(context: Context, change: Change) -> tuple[Proof, ...]:
    return tuple(_proof(context, one) for one in _both(change))


def _both(change: Change) -> Iterable[Item]:
    return (one for one in (change.new, change.old) if one is not None)


def _proof(context: Context, item: Item) -> Proof:
    """The passage that names a record, the row of an archive for one that stands only there."""
    return (row_proof(item) if item.former_ref else None) or name_proof(item, context.corpus)
