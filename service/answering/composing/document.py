"""A paper itself: what it is, by whom, of which date, how binding, what it holds; which papers there are; and what
changed from one of a series to the next, counted over all records, the first of each kind named.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from service.answering import wording
from service.answering.composing import passages
from service.answering.composing.telling import computed, fixed, is_archived, listed, not_in_documents
from service.answering.context import Context
from service.answering.draft import Draft, Proof, Sentence, answered
from service.answering.query import Asked
from service.answering.verification.quotes import first_words, name_proof, row_proof
from service.answering.verification.verbatim import squash
from service.changes import Comparison, compare, pairs, row_of
from service.completeness import Completeness
from service.models import AnswerData, AnswerMode, AnswerStatus, DataKind
from service.pages.labels import DOCUMENT_KINDS
from vectorstore.changes import Change, ChangeKind
from vectorstore.records import Document, DocumentStatus, Item, ItemKind

_PARTS, _LISTED, _SOME = 12, 30, 3  # parts of a paper, papers that are listed, papers told one by one
_PART_TITLE = 90  # characters
_FACTS = {
    Asked.DATE: "as_of",
    Asked.STATUS: "status",
    Asked.PERSON: "publisher",
    Asked.ORGANISATION: "publisher",
    Asked.QUANTITY: "pages",
}
_UNDECIDED = (DocumentStatus.DRAFT, DocumentStatus.PROPOSED)
_CHANGES = 6  # records that a sentence names of each kind of change; the rows have all
_CHANGED = tuple(kind for kind in ChangeKind if kind is not ChangeKind.UNCHANGED)


def compose(context: Context) -> Draft:
    """What was asked of the one paper that is named; the papers there are where none or several are."""
    documents, asked = list(context.documents), context.query.asked
    if len(documents) > (_SOME if context.values.named.by_name else 1):
        return _listed(context, documents)
    if asked is Asked.STATUS and all(one.status is DocumentStatus.PROPOSED for one in documents):
        return fixed("outcome", context.language, AnswerStatus.NOT_IN_DOCUMENTS)
    if asked not in (Asked.NOTHING, Asked.NAMES, *_FACTS):
        return passages.compose(context)
    if asked in (Asked.DATE, Asked.STATUS, Asked.QUANTITY) and not all(_fact(context, one, asked) for one in documents):
        return not_in_documents(context)
    told = [one for document in documents for one in _told(context, document)]
    return answered(*told, mode=AnswerMode.COMPUTED) if told else passages.compose(context)


def _told(context: Context, document: Document) -> list[Sentence]:
    """What a paper is, behind yes or not yet where its standing is asked, what was asked first; then its parts."""
    front, asked = context.corpus.front_matter(document.id), context.query.asked
    if front is None:
        return []
    kind = DOCUMENT_KINDS[document.kind] if context.german else document.kind.value.replace("_", " ")
    rest = (_fact(context, document, one) for one in (Asked.STATUS, Asked.PERSON, Asked.DATE))
    facts = dict.fromkeys([_fact(context, document, asked), kind, *rest])
    what = f"{document.title}: {', '.join(filter(None, facts))}"
    unsure = document.status in (None, DocumentStatus.PUBLISHED) or "status" in document.unconfirmed
    if context.query.yes_no and asked is Asked.STATUS and not unsure:
        what = f"{context.say('not_yet' if document.status in _UNDECIDED else 'yes')}: {what}"
    return [computed(what, _proof(context, document, front)), *_contents(context, document)]


def _fact(context: Context, document: Document, asked: Asked) -> str:
    """What a paper says of itself, "" where it does not."""
    pages = len({page.number for page in document.pages})
    if asked is Asked.DATE:
        return wording.dated(document, context.language)
    if asked is Asked.STATUS:
        return context.say(f"binding_{document.status.value}") if document.status else ""
    if asked is Asked.QUANTITY:
        return context.say("pages", number=pages) if pages else ""
    if asked not in _FACTS or not document.publisher:
        return ""
    said = context.say("publisher", publisher=document.publisher)
    return wording.confirmed(said, "publisher", document, context.language)


def _proof(context: Context, document: Document, front: Item) -> Proof:
    """The passage of the title page that says what was asked, else what names the paper."""
    field, page = _FACTS.get(context.query.asked), f"{front.heading}\n{front.body}"
    quotes = [one.quote for one in document.front if one.field == field and one.quote]
    if document.as_of is not None and field == "as_of":
        spelled = (wording.day(document.as_of), str(document.as_of.year))
        quotes += [line.strip() for said in spelled for line in page.splitlines() if squash(said) in squash(line)]
    held = (Proof(front, one) for one in quotes if squash(one) in squash(page))
    return next(held, None) or name_proof(front, context.corpus)


def _contents(context: Context, document: Document) -> list[Sentence]:
    """The records of a paper by kind, and its parts by name."""
    items = context.corpus.catalogue.items_of(document.id)
    counts = Counter(one.kind for one in items if not is_archived(one) and one.kind is not ItemKind.SECTION)
    top = [one for one in items if one.parent is None and one.ref != "Titel"]
    heads = [one for one in top if one.kind is not ItemKind.SECTION] or top
    if not heads:
        return []
    numbers = ", ".join(f"{n} {wording.kind(kind, context.language, n)}" for kind, n in counts.items())
    complete = all(one.complete for one in document.families)
    opening = context.say("inside") + (f" ({numbers})" if numbers and complete else "")
    entries = [(first_words(one.title, _PART_TITLE), (name_proof(one, context.corpus),)) for one in heads]
    return [listed(context, f"{opening}: ", entries, _PARTS, numbers, *map(str, counts.values()))]


def _listed(context: Context, documents: list[Document]) -> Draft:
    """The papers, each with its date and authority, proven by its title page."""
    fronts = [(one, front) for one in documents if (front := context.corpus.front_matter(one.id)) is not None]
    number, noun = str(len(fronts)), context.say("document" if len(fronts) == 1 else "documents")
    proofs = tuple((name_proof(front, context.corpus),) for _, front in fronts)
    entries = [(wording.source(one, context.language), proof) for (one, _), proof in zip(fronts, proofs, strict=True)]
    told = listed(context, f"{number} {noun}: ", entries, _LISTED, number, between="; ")
    rows = [
        {"document_id": one.id, "ref": "Titel", "title": one.title, "status": one.status.value if one.status else None}
        for one, _ in fronts
    ]
    data = AnswerData(kind=DataKind.LIST, columns=["title", "status"], rows=rows, total=len(rows))
    return answered(told, mode=AnswerMode.COMPUTED, data=data, row_proofs=proofs)


def changes(context: Context) -> Draft:
    """The changes between the two papers that are named, else the last two; passages where no paper follows another."""
    found = pairs(context.corpus.catalogue)
    if not found:
        return passages.compose(context)
    old, new = _compared(context, found)
    whole = compare(context.corpus.catalogue, old, new)
    comparison = replace(whole, changes=tuple(_asked_for(context, whole)))
    if not comparison.changes:
        comparison = whole
    told = [_counted(context, comparison, narrowed=comparison.changes != whole.changes)]
    for kind in _CHANGED:
        if entries := [(_with_change(context, one), _of_both(context, one)) for one in comparison.of(kind)]:
            word, names = context.say(f"change_{kind.value}"), (name for name, _ in entries[:_CHANGES])
            opening = f"{wording.beginning(word)}: "
            told.append(listed(context, opening, entries, _CHANGES, word, *names, between="; "))
    changed = comparison.of(*_CHANGED)
    data = AnswerData(
        kind=DataKind.COMPARISON,
        columns=["change", "ref", "title", "status", "ref_before", "title_before", "status_before"],
        rows=[row_of(one) for one in changed],
        total=len(changed),
        complete=Completeness.of([old, new], (ItemKind.PROJECT, ItemKind.MEASURE, ItemKind.GOAL)).complete,
    )
    proofs = tuple(_of_both(context, one) for one in changed)
    return answered(*told, mode=AnswerMode.COMPUTED, data=data, row_proofs=proofs)


def _compared(context: Context, found: list[tuple[Document, Document]]) -> tuple[Document, Document]:
    """The pair of papers that is named, or of which one is; else the latest."""
    named = {one.id for one in context.documents} if context.query.named else set()
    papers = {one.id: one for pair in found for one in pair if one.id in named}
    if len(papers) == 2 and len({one.series for one in papers.values()}) == 1:
        old, new = sorted(papers.values(), key=lambda one: one.as_of or date.min)
        return old, new
    held = [pair for pair in found if named & {pair[0].id, pair[1].id}]
    return next((pair for pair in held if pair[1].id in named), (held or found)[0])


def _asked_for(context: Context, whole: Comparison) -> Iterator[Change]:
    """The records that changed, on the topic, in the place and of the unit that are asked for."""
    asked = context.query.conditions
    matches = context.finder.on_topic(asked.topic, (whole.old.id, whole.new.id)) if asked.topic else ()
    on_topic = {(one.item.document_id, one.item.key) for one in matches}
    for one in whole.changes:
        items = _both(one)
        if (
            (not asked.topic or any((item.document_id, item.key) in on_topic for item in items))
            and (not asked.place or any(asked.place in item.municipalities for item in items))
            and (not asked.unit or any(asked.unit in item.responsible for item in items))
        ):
            yield one


def _counted(context: Context, comparison: Comparison, *, narrowed: bool) -> Sentence:
    """How many records changed in which way between which papers."""
    numbers, topic = comparison.counts, context.query.conditions.topic
    counts = [f"{numbers[kind]} {context.say(f'change_{kind.value}')}" for kind in _CHANGED if numbers[kind]]
    said = context.say("about_topic", topic=topic) if narrowed and topic else ""
    new, old = (wording.source(one, context.language) for one in (comparison.new, comparison.old))
    said += context.say("compared", new=new, old=old, listed=", ".join(counts) or context.say("nothing_changed"))
    if same := numbers[ChangeKind.UNCHANGED]:
        said += context.say("unchanged", number=same)
    fronts = [context.corpus.front_matter(one.id) for one in (comparison.new, comparison.old)]
    items = [one for one in fronts if one is not None] or [one.item for one in comparison.changes[:1]]
    return computed(said, *(name_proof(one, context.corpus) for one in items))


def _with_change(context: Context, change: Change) -> str:
    """A record with what became of it: its title, and where both are known its status or number before and now."""
    said, old, new = wording.full_name(change.item, context.language), change.old, change.new
    if change.kind is ChangeKind.STATUS and old and new and old.status and new.status:
        before, now = (wording.status(one, context.language) for one in (old.status, new.status))
        return said + context.say("status_changed", now=now, before=before)
    if change.kind is ChangeKind.MOVED and old and new and old.ref != new.ref:
        return said + context.say("was_number", number=old.ref)
    return said


def _both(change: Change) -> list[Item]:
    return [one for one in (change.new, change.old) if one is not None]


def _of_both(context: Context, change: Change) -> tuple[Proof, ...]:
    """The passages that name a record in both papers, the row of an archive for one that stands only there."""
    items = _both(change)
    return tuple((row_proof(one) if one.former_ref else None) or name_proof(one, context.corpus) for one in items)
