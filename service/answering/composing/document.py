"""A paper itself: what it is, by whom, of which date, how binding, what it holds; and which papers there are."""

from __future__ import annotations

from collections import Counter

from service.answering import wording
from service.answering.composing import passages
from service.answering.composing.fixed import fixed, not_in_documents
from service.answering.composing.quoting import source
from service.answering.context import Context
from service.answering.draft import Draft, Fragment, Proof, Sentence, answered, sentence
from service.answering.query import Asked
from service.answering.verifying.proofs import first_words, name_proof
from service.answering.verifying.verbatim import squash
from service.models import AnswerData, AnswerMode, AnswerStatus, DataKind
from service.pages.labels import DOCUMENT_KINDS
from vectorstore.records import Document, DocumentStatus, Item, ItemKind, ItemStatus

_PARTS, _LISTED = 12, 30
_BINDING = {
    DocumentStatus.ADOPTED: ("beschlossen", "adopted"),
    DocumentStatus.DRAFT: ("ein Entwurf, nicht beschlossen", "a draft, not decided"),
    DocumentStatus.PROPOSED: ("ein Antrag, nicht beschlossen", "a motion, not decided"),
    DocumentStatus.PUBLISHED: ("veröffentlicht", "published"),
}
_TOLD = (Asked.NOTHING, Asked.STATUS, Asked.DATE, Asked.PERSON, Asked.ORGANISATION, Asked.QUANTITY, Asked.NAMES)
_UNDECIDED = (DocumentStatus.DRAFT, DocumentStatus.PROPOSED)


def compose(context: Context) -> Draft:
    """What was asked of the one paper that is named; the papers there are where none or several are."""
    documents = list(context.documents)
    if len(documents) > (3 if context.values.named.by_name else 1):
        return _listed(context, documents)
    if context.query.asked is Asked.STATUS and all(one.status is DocumentStatus.PROPOSED for one in documents):
        return fixed("outcome", context.language, AnswerStatus.NOT_IN_DOCUMENTS)
    if context.query.asked not in _TOLD:
        return passages.compose(context)
    if not all(_holds(context, one) for one in documents):
        return not_in_documents(context)
    told = [one for document in documents for one in _told(context, document)]
    return answered(*told, mode=AnswerMode.COMPUTED) if told else passages.compose(context)


def _told(context: Context, document: Document) -> list[Sentence]:
    """What a paper is, with what was asked first; then its parts."""
    front = context.corpus.front_matter(document.id)
    if front is None:
        return []
    asked = context.query.asked
    facts = {
        Asked.DATE: _date(context, document),
        Asked.STATUS: _standing(context, document),
        Asked.PERSON: _publisher(context, document),
        Asked.ORGANISATION: _publisher(context, document),
        Asked.QUANTITY: _pages(context, document),
    }
    first = facts.get(asked, "")
    rest = [one for one in (facts[Asked.STATUS], facts[Asked.PERSON], facts[Asked.DATE]) if one and one != first]
    kind = context.say(DOCUMENT_KINDS[document.kind], document.kind.value.replace("_", " "))
    what = f"{document.title}: {', '.join([one for one in (first, kind, *rest) if one])}"
    if verdict := _verdict(context, document):
        what = f"{verdict}: {what}"
    pages = str(len({page.number for page in document.pages}))
    told = [sentence(Fragment(what, (_proof(context, document, front),)), ".", computed=(pages, what))]
    return [*told, *_contents(context, document)]


def _holds(context: Context, document: Document) -> bool:
    """Whether the front matter of a paper holds what is asked of it."""
    asked = context.query.asked
    if asked is Asked.DATE:
        return document.as_of is not None
    if asked is Asked.STATUS:
        return document.status is not None
    return asked is not Asked.QUANTITY or bool(document.pages)


def _date(context: Context, document: Document) -> str:
    return wording.dated(document, context.language)


def _standing(context: Context, document: Document) -> str:
    if document.status is None:
        return ""
    return context.say(*_BINDING[document.status])


def _publisher(context: Context, document: Document) -> str:
    if not document.publisher:
        return ""
    said = context.say(f"herausgegeben von {document.publisher}", f"published by {document.publisher}")
    return wording.confirmed(said, "publisher", document, context.language)


def _pages(context: Context, document: Document) -> str:
    number = len({page.number for page in document.pages})
    return context.say(f"{number} Seiten", f"{number} pages") if number else ""


def _verdict(context: Context, document: Document) -> str:
    """Yes or not yet to whether a paper is decided, where nobody doubts its standing."""
    unsure = document.status in (None, DocumentStatus.PUBLISHED) or "status" in document.unconfirmed
    if not context.query.yes_no or context.query.asked is not Asked.STATUS or unsure:
        return ""
    return context.say("Noch nicht", "Not yet") if document.status in _UNDECIDED else context.say("Ja", "Yes")


def _proof(context: Context, document: Document, front: Item) -> Proof:
    """The passage of the title page that says what was asked, else what names the paper."""
    field = {Asked.DATE: "as_of", Asked.STATUS: "status", Asked.PERSON: "publisher", Asked.ORGANISATION: "publisher"}
    fact = next((one for one in document.front if one.field == field.get(context.query.asked) and one.quote), None)
    if fact is not None and squash(fact.quote) in squash(f"{front.heading}{front.body}"):
        return Proof(front, fact.quote)
    lines = [line.strip() for line in f"{front.heading}\n{front.body}".splitlines() if line.strip()]
    if document.as_of is not None and context.query.asked is Asked.DATE:
        spelled = (wording.day(document.as_of), str(document.as_of.year))
        if line := next((one for said in spelled for one in lines if squash(said) in squash(one)), None):
            return Proof(front, line)
    return name_proof(front, context.corpus)


def _contents(context: Context, document: Document) -> list[Sentence]:
    """The records of a paper by kind, and its parts by name."""
    items = context.corpus.catalogue.items_of(document.id)
    counts = Counter(one.kind for one in items if one.status is not ItemStatus.ARCHIVED)
    counts.pop(ItemKind.SECTION, None)
    top = [one for one in items if one.parent is None and one.ref != "Titel"]
    heads = [one for one in top if one.kind is not ItemKind.SECTION] or top
    if not heads:
        return []
    numbers = ", ".join(f"{n} {wording.kind(kind, context.language, n)}" for kind, n in counts.items())
    complete = all(one.complete for one in document.families)
    opening = context.say("Darin", "In it") + (f" ({numbers})" if numbers and complete else "")
    parts: list[Fragment] = [Fragment(f"{opening}: ")]
    for place, item in enumerate(heads[:_PARTS]):
        name = first_words(item.title, 90)
        parts.append(Fragment((", " if place else "") + name, (name_proof(item, context.corpus),)))
    more = len(heads) - _PARTS
    rest = context.say(f" und {more} weitere", f" and {more} more") if more > 0 else ""
    return [sentence(*parts, f"{rest}.", computed=(opening, numbers, rest, str(more), *map(str, counts.values())))]


def _listed(context: Context, documents: list[Document]) -> Draft:
    """The papers, each with its date and authority, proven by its title page."""
    fronts = [(one, context.corpus.front_matter(one.id)) for one in documents]
    fronts = [(one, front) for one, front in fronts if front is not None]
    number = str(len(fronts))
    noun = context.say("Dokument" if len(fronts) == 1 else "Dokumente", "document" if len(fronts) == 1 else "documents")
    parts: list[Fragment] = [Fragment(f"{number} {noun}: ")]
    for place, (one, front) in enumerate(fronts[:_LISTED]):
        assert front is not None
        said = ("; " if place else "") + source(one, context.language)
        parts.append(Fragment(said, (name_proof(front, context.corpus),)))
    rows = [
        {"document_id": one.id, "ref": "Titel", "title": one.title, "status": one.status.value if one.status else None}
        for one, _ in fronts
    ]
    data = AnswerData(kind=DataKind.LIST, columns=["title", "status"], rows=rows, total=len(rows))
    proofs = tuple((name_proof(front, context.corpus),) for _, front in fronts if front is not None)
    told = sentence(*parts, ".", computed=(number,))
    return answered(told, mode=AnswerMode.COMPUTED, data=data, row_proofs=proofs)
