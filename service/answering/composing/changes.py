"""What changed from one paper of a series to the next: counted over all records, the first of each kind named."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date

from service.answering import wording
from service.answering.composing.filter_check import FilterCheck
from service.answering.composing.titles import titled
from service.answering.context import Context
from service.answering.draft import Draft, Fragment, Proof, Sentence, answered, sentence
from service.answering.evidence.passages import name_proof, row_proof
from service.answering.finding.topic_records import records_on
from service.changes.matching import Change, ChangeKind, Comparison, compare, pairs
from service.changes.table import row_of
from service.completeness import Completeness
from service.models import AnswerData, AnswerMode, DataKind
from vectorstore.records import Document, Item, ItemKind, ItemStatus

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
    old, new = _compared(context, found)
    comparison = compare(catalogue, old, new)
    asked = _asked(context, comparison)
    comparison = asked or comparison
    kinds = context.query.changes
    changes = comparison.of(*kinds)
    told = [] if asked else [_unheard(context)]
    told += [_first(context, comparison, kinds, narrowed=asked is not None)]
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


def _compared(context: Context, found: list[tuple[Document, Document]]) -> tuple[Document, Document]:
    """The two papers that the question names, else the last two; of one that it names with the one before it.

    The first of a series is compared with the last.
    """
    named = set(context.query.documents) if context.query.named else set()
    told = {one.id: one for pair in found for one in pair if one.id in named}
    papers = sorted(told.values(), key=lambda one: one.as_of or date.min)
    if len(papers) == 2 and papers[0].series == papers[1].series:
        return papers[0], papers[1]
    if len(papers) == 1 and not any(new.id in named for _, new in found):
        last = next((new for _, new in found if papers[0].series and new.series == papers[0].series), None)
        return (papers[0], last) if last else next(pair for pair in found if pair[0].id in named)
    if len(papers) == 1:
        return next((pair for pair in found if pair[1].id in named), found[0])
    both = (pair for pair in found if pair[0].id in named and pair[1].id in named)
    return next(both, next((pair for pair in found if not named.isdisjoint((pair[0].id, pair[1].id))), found[0]))


def _asked(context: Context, comparison: Comparison) -> Comparison | None:
    """The changes of what the question is about; None where no record of either paper is on its topic."""
    query = replace(context.query, documents=(comparison.new.id, comparison.old.id))
    check = FilterCheck(query.filters, context.corpus)
    kept = [one for one in comparison.changes if any(map(check.met_by, _both(one)))]
    if query.topic:
        on_topic = {(one.item.document_id, one.item.key) for one in records_on(replace(context, query=query))}
        kept = [one for one in kept if any((item.document_id, item.key) in on_topic for item in _both(one))]
        if not kept and not on_topic:
            return None
    return replace(comparison, changes=tuple(kept))


def _subject(context: Context) -> str:
    """What the question is about, as it says it: "Radverkehr"; "" where it asks for all changes."""
    filters = context.query.filters
    words = (*(word.text for word in context.query.topic), *filters.municipalities, *filters.units)
    statuses = (wording.status(one, context.language) for one in ItemStatus if one in filters.statuses)
    return ", ".join(dict.fromkeys((*words, *_titles(context), *(f"Status {one}" for one in statuses))))


def _titles(context: Context) -> Iterator[str]:
    """The titles of the themes and goals that the question names."""
    for key in (*context.query.filters.themes, *context.query.filters.parents):
        item = context.corpus.catalogue.item(*key)
        if item is not None:
            yield item.title


def _unheard(context: Context) -> Sentence:
    """That neither paper has a record on what is asked."""
    text = context.say(
        "Zu „{subject}“ hat keines der beiden Papiere einen Eintrag; das hier gilt für alle Einträge.",
        "Neither paper has a record on “{subject}”; this is about all records.",
        subject=_subject(context),
    )
    return Sentence((Fragment(text),), computed=(text,), reservation=True)


def _first(context: Context, comparison: Comparison, kinds: Sequence[ChangeKind], *, narrowed: bool) -> Sentence:
    """How many records changed in which way between which papers."""
    words = _GERMAN if context.german else _ENGLISH
    counts = [f"{comparison.counts[kind]} {words[kind]}" for kind in kinds if comparison.counts[kind]]
    same = comparison.counts[ChangeKind.UNCHANGED]
    subject = _subject(context) if narrowed else ""
    text = context.say("Zu „{subject}“: ", "On “{subject}”: ", subject=subject) if subject else ""
    text += context.say(
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
