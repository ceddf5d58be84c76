"""The composer of document metadata: kind, publisher, date, status and parts of a document; the
list of documents.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import chain
from typing import Any

from prompts import say
from service import wording
from service.answering.composing import parts, passages
from service.answering.composing.fixed_texts import fixed_draft, not_in_documents
from service.answering.context import Context
from service.answering.corpus import TITLE_REF
from service.answering.draft import Draft, Proof, Sentence, make_answer
from service.answering.query import AnswerType, PrintedFact
from service.answering.retrieval.passages import WholePassage
from service.answering.retrieval.printed import find_printed
from service.answering.verification.quotes import name_proof
from service.answering.verification.status_checks import is_undecided
from service.records import MOST_FITTING, AnswerData, AnswerMode, AnswerStatus, DataKind
from vectorstore.language import squash
from vectorstore.records import Document, DocumentKind, DocumentStatus, Item, ItemKind

# most parts of a document, listed documents, documents described in full
_PARTS = 12
_LISTED = 30
_DESCRIBED = 3
_PART_TITLE = 90  # characters
# facts that papers print in many ways: not found is no sign that a paper lacks them
_OFTEN_ELSEWHERE = frozenset((PrintedFact.AUTHOR, PrintedFact.REASON))
_FACTS = {  # the field of the document metadata that answers an answer type
    AnswerType.DATE: "as_of",
    AnswerType.STATUS: "status",
    AnswerType.PERSON: "publisher",
    AnswerType.ORGANISATION: "publisher",
    AnswerType.QUANTITY: "pages",
}


def compose(context: Context) -> Draft:
    """The metadata of a document, or of a few that the question names; else the list of documents.

    Facts that papers print of themselves are quoted, or said not to be named. If no author is
    printed, a question for the person is told the publisher. What became of a motion that is only
    proposed is in no paper: a fixed text says so. A question for what is no metadata is left to
    passages. If the date, status or number of pages asked for is unknown for any of the documents,
    it is `not_in_documents`.
    """
    documents, answer_type = list(context.documents), context.query.answer_type
    if context.query.facts:
        told = _tell_printed(context, documents)
        if told is not None:
            return told
        if answer_type is not AnswerType.PERSON:
            return passages.compose(context)
    if len(documents) > (_DESCRIBED if context.query.names_documents else 1):
        return _list(context, documents)
    if answer_type is AnswerType.STATUS and all(map(_is_pending_motion, documents)):
        return fixed_draft("outcome", context.language, AnswerStatus.NOT_IN_DOCUMENTS)
    if answer_type not in (AnswerType.NOTHING, AnswerType.NAMES, *_FACTS):
        return passages.compose(context)
    is_known = all(_fact(context, document, answer_type) for document in documents)
    if answer_type in (AnswerType.DATE, AnswerType.STATUS, AnswerType.QUANTITY) and not is_known:
        return not_in_documents(context)
    sentences = list(chain.from_iterable(_describe(context, document) for document in documents))
    if sentences:
        return make_answer(*sentences, mode=AnswerMode.COMPUTED)
    return passages.compose(context)


def _is_pending_motion(document: Document) -> bool:
    """True for a motion that is only proposed: what became of it is told elsewhere."""
    is_motion = document.kind is DocumentKind.MOTION
    return is_motion and document.status is DocumentStatus.PROPOSED


def _tell_printed(context: Context, documents: Sequence[Document]) -> Draft | None:
    """The passages in which documents print the facts of themselves that are asked for.

    Before the passages it says which of the facts no document names. If one asks how often a paper
    appears, it also says which edition is the last here. Without passages the draft is
    `not_in_documents`, or None if only author or reason are asked for (`_OFTEN_ELSEWHERE`): papers
    print these in many ways, so that a search may still find them.
    """
    facts, shown = context.query.facts, dict[tuple[str, str], WholePassage]()
    lead = []
    for fact in facts:
        printed = _find_passages(context, documents, fact)
        if not printed and fact not in _OFTEN_ELSEWHERE:
            lead.append(context.say(f"no_{fact.value}"))
        shown |= printed
    if not shown and _OFTEN_ELSEWHERE.issuperset(facts):
        return None
    if PrintedFact.CYCLE in facts:
        sources = (wording.format_source(document, context.language) for document in documents)
        lead.append(context.say("last_edition", sources="; ".join(sources)))
    if shown:
        return passages.show(context, list(shown.values())[:MOST_FITTING], " ".join(lead))
    return not_in_documents(context, " ".join(lead))


def _find_passages(
    context: Context, documents: Sequence[Document], fact: PrintedFact
) -> dict[tuple[str, str], WholePassage]:
    """The passages in which documents print a fact, by document id and text.

    A label with nothing behind it ("Unterschriften:") is none. Nor is a text that a passage found
    before has: a label and its sentence may both match.
    """
    found: dict[tuple[str, str], WholePassage] = {}
    for document in documents:
        for item, span in find_printed(context.corpus, document, fact):
            passage = context.passages.sentences_at(span, item)
            if passage is None or passage.text.rstrip().endswith(":"):
                continue
            is_known = any(passage.text in text for _, text in found)  # a label and its sentence
            if not is_known:
                found[document.id, passage.text] = passage
    return found


def _describe(context: Context, document: Document) -> list[Sentence]:
    """A sentence with the metadata of a document, and one on its parts; [] without a title page,
    which would prove them.

    The requested fact stands first among the metadata. Before them stands "yes" or "not yet" if the
    question asks whether the document is decided and that is sure.
    """
    title_page, answer_type = context.corpus.title_page(document.id), context.query.answer_type
    if title_page is None:
        return []
    is_german = context.language == "de"
    kind = (
        say(f"labels.document_{document.kind.value}")
        if is_german
        else document.kind.value.replace("_", " ")
    )
    other_facts = (
        _fact(context, document, fact)
        for fact in (AnswerType.STATUS, AnswerType.PERSON, AnswerType.DATE)
    )
    facts = dict.fromkeys([_fact(context, document, answer_type), kind, *other_facts])
    statement = f"{document.title}: {', '.join(filter(None, facts))}"
    verdict = verdict_on_document(context, document)
    if verdict:
        statement = f"{context.say(verdict)}: {statement}"
    return [
        parts.computed_sentence(statement, _proof(context, document, title_page)),
        *_parts(context, document),
    ]


def verdict_on_document(context: Context, document: Document) -> str:
    """The name of the verdict on whether a document is decided, "yes" or "not_yet"; "" if this is
    not asked or not sure.

    It is not sure if the status is unknown or not confirmed, or if the document is only known to be
    published, which says nothing of a decision.
    """
    is_uncertain = (
        document.status in (None, DocumentStatus.PUBLISHED) or "status" in document.unconfirmed
    )
    asks_status = context.query.yes_no and context.query.answer_type is AnswerType.STATUS
    if not asks_status or is_uncertain:
        return ""
    if is_undecided([document]):
        return "not_yet"
    return "yes"


def _fact(context: Context, document: Document, answer_type: AnswerType) -> str:
    """The document metadata that answers an answer type, as text; "" if it is not known, or if no
    metadata answer that type.

    A person or organisation is the publisher, who for a motion is called its applicant. A quantity
    is the number of pages.
    """
    pages = len({page.number for page in document.pages})
    if answer_type is AnswerType.DATE:
        return wording.format_as_of(document, context.language)
    if answer_type is AnswerType.STATUS:
        if not document.status:
            return ""
        if _is_pending_motion(document):
            return context.say("binding_proposed_motion")
        return context.say(f"binding_{document.status.value}")
    if answer_type is AnswerType.QUANTITY:
        if not pages:
            return ""
        return context.say("pages", number=pages)
    if answer_type not in _FACTS or not document.publisher:
        return ""
    key = "applicant" if document.kind is DocumentKind.MOTION else "publisher"
    publisher = context.say(key, publisher=document.publisher)
    return wording.mark_unconfirmed(publisher, "publisher", document, context.language)


def _proof(context: Context, document: Document, title_page: Item) -> Proof:
    """The passage of the title page that proves the requested fact; else the document's name there.

    It is the quote from which the fact was read, if the page has it. For a date it may also be a
    line of the page with the day or, failing that, the year.
    """
    field, page = _FACTS.get(context.query.answer_type), f"{title_page.heading}\n{title_page.body}"
    quotes = [fact.quote for fact in document.front if fact.field == field and fact.quote]
    if document.as_of is not None and field == "as_of":
        for date in (wording.format_day(document.as_of), str(document.as_of.year)):
            lines = [line.strip() for line in page.splitlines()]
            quotes += [line for line in lines if squash(date) in squash(line)]
    proofs = (Proof(title_page, quote) for quote in quotes if squash(quote) in squash(page))
    return next(proofs, None) or name_proof(title_page, context.corpus)


def _parts(context: Context, document: Document) -> list[Sentence]:
    """The sentence on a document's parts by name, with the number of records of each kind; [] if it
    has none.

    Its parts are the records that stand below no other record, without archive rows; without any
    record, its top items. The numbers are left out if records may be missing, so that they do not
    pass for complete.
    """
    items = context.corpus.catalogue.items_of(document.id)
    current = [item for item in items if not parts.is_archived(item)]
    counts = Counter[ItemKind](item.kind for item in current if item.kind is not ItemKind.SECTION)
    top_items = [item for item in items if item.parent is None and item.ref != TITLE_REF]
    sections = {item.key for item in items if item.kind is ItemKind.SECTION}
    records = [item for item in current if item.key not in sections]
    highest = [item for item in records if item.parent is None or item.parent in sections]
    inside = highest or top_items
    if not inside:
        return []
    numbers = parts.count_kinds(context, counts)
    complete = all(family.complete for family in document.families)
    opening = context.say("inside")
    if numbers and complete:
        opening += f" ({numbers})"
    entries = []
    for item in inside:
        title = parts.shorten(item.title, _PART_TITLE).rstrip(".")
        entries.append((title, (name_proof(item, context.corpus),)))
    words = (numbers, *map(str, counts.values()))
    return [parts.list_names(context, f"{opening}: ", entries, _PARTS, *words, between="; ")]


def _list(context: Context, documents: list[Document]) -> Draft:
    """The list of documents, each with its date and status, proven by its title page.

    A document without a title page is left out, since nothing would prove it.
    """
    entries: list[tuple[str, tuple[Proof, ...]]] = []
    rows: list[dict[str, Any]] = []
    for document in documents:
        title_page = context.corpus.title_page(document.id)
        if title_page:
            proofs = (name_proof(title_page, context.corpus),)
            entries.append((wording.format_source(document, context.language), proofs))
            row = {"document_id": document.id, "ref": TITLE_REF, "title": document.title}
            rows.append({**row, "status": document.status.value if document.status else None})
    number = str(len(rows))
    noun = context.say("document" if len(rows) == 1 else "documents")
    listed = parts.list_names(context, f"{number} {noun}: ", entries, _LISTED, number, between="; ")
    data = AnswerData(kind=DataKind.LIST, columns=["title", "status"], rows=rows, total=len(rows))
    row_proofs = tuple(proofs for _, proofs in entries)
    return make_answer(listed, mode=AnswerMode.COMPUTED, data=data, row_proofs=row_proofs)
