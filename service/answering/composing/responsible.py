"""Who is responsible: the units that the project list prints, with its row; else what the text says."""

from __future__ import annotations

import re
from dataclasses import replace

from service.answering import wording
from service.answering.composing import extract, records_listed, units_counted
from service.answering.composing.contacts import with_contacts
from service.answering.composing.status import best_project, conflicts, told_status
from service.answering.context import Context
from service.answering.draft import Draft, Fragment, Proof, Sentence, answered, sentence
from service.answering.evidence.choice import RESPONSIBLE
from service.answering.evidence.passages import name_proof, row_proof
from service.answering.evidence.sentences import about
from service.answering.nonanswers import not_in_documents
from service.answering.query import Asked, Intent
from service.answering.understanding.document_names import words_of
from service.models import AnswerData, AnswerMode, DataKind
from vectorstore.records import Item, ItemKind


def compose(context: Context) -> Draft:
    """Who is responsible, and how these units are reached where the administration says so."""
    return with_contacts(context, _composed(context))


def _composed(context: Context) -> Draft:
    """The responsible units of the project asked about; an honest non-answer where none is printed."""
    labelled = _labelled(context)
    if labelled:
        return _told(context, labelled)
    other = _not_of_one_project(context)
    if other is not None:
        return other
    item = best_project(context)
    if item is None or _asks_a_person_elsewhere(context, item):
        return extract.compose(context, RESPONSIBLE)
    draft = _of_projects(context, [item])
    if draft.mode is None or item.status is None or Intent.STATUS not in context.query.also:
        return draft
    return replace(draft, sentences=(told_status(context, item), *draft.sentences))


def _asks_a_person_elsewhere(context: Context, item: Item) -> bool:
    """True where a person is asked for and the project only speaks of where: its units are no answer."""
    query = context.query
    return (
        query.asked is Asked.PERSON and item not in context.focus and about(item, context.corpus, query) < _ITS_MATTER
    )


def _not_of_one_project(context: Context) -> Draft | None:
    """The answer for a unit, several numbers or a theme; None for one project."""
    filters = context.query.filters
    if (filters.units or filters.unknown_units) and context.query.duties:
        query = replace(context.query, intent=Intent.LIST, topic=(), nouns=())
        return records_listed.compose(replace(context, query=query))
    numbered = _numbered(context)
    if len(numbered) > 1:
        return _of_projects(context, numbered)
    if filters.themes and not numbered and not context.focus and _only_theme(context):
        return units_counted.of_theme(context)
    return None


def _numbered(context: Context) -> list[Item]:
    """The projects that the question names by number, in its order."""
    items = [item for one in context.query.documents for item in context.corpus.catalogue.items_of(one)]
    refs = [ref for ref in context.query.refs if ref not in context.query.filters.units]
    return [item for ref in refs for item in items if item.ref == ref and item.kind is ItemKind.PROJECT]


def _only_theme(context: Context) -> bool:
    """True where the question says nothing but the theme: "die Mobilität", not "das Mobilitätskonzept"."""
    themes = [context.corpus.catalogue.item(*key) for key in context.query.filters.themes]
    said = {word for theme in themes if theme is not None for word in words_of(theme.title.replace("/", " "))}
    terms = {term for theme in themes if theme is not None for term in context.corpus.analyzer.terms(theme.title)}
    return all(
        set(words_of(word.text)) <= said or (word.foreign and any(set(entry) <= terms for entry in word.others))
        for word in context.query.topic
        if word.weight >= _TELLING
    )


def _of_projects(context: Context, items: list[Item]) -> Draft:
    """One sentence for each project; a non-answer where none of them names a unit."""
    known = [item for item in items if item.responsible and row_proof(item)]
    if not known:
        named = ", ".join(wording.named(item, context.language) for item in items)
        missing = context.say(
            "Für {named} nennt das Dokument keine zuständige Einheit.",
            "The document names no responsible unit for {named}.",
            named=named,
        )
        return not_in_documents(context, missing, items[0])
    facts = [
        {"document_id": one.document_id, "ref": one.ref, "title": one.title, "responsible": list(one.responsible)}
        for one in items
    ]
    data = AnswerData(kind=DataKind.FACTS, columns=list(facts[0]), rows=facts, total=len(facts))
    proofs = tuple((row_proof(item) or name_proof(item, context.corpus),) for item in items)
    told = [one for item, (proof,) in zip(items, proofs, strict=True) for one in _units(context, item, proof)]
    return answered(*told, mode=AnswerMode.COMPUTED, data=data, row_proofs=proofs)


def _units(context: Context, item: Item, proof: Proof) -> list[Sentence]:
    """The units of a project, or that none is printed; and the number under which its row stands."""
    named = wording.named(item, context.language)
    standing = wording.standing(context.corpus.document(item), context.language)
    bracket = f" ({standing})" if standing else ""
    units = ", ".join(item.responsible)
    text = context.say(
        "Für {named} ist laut Projektliste verantwortlich: {units}{bracket}",
        "Responsible for {named} according to the project list: {units}{bracket}",
        named=named,
        units=units,
        bracket=bracket,
    )
    if not units:
        text = context.say(
            "Für {named} nennt das Dokument keine zuständige Einheit",
            "The document names no responsible unit for {named}",
            named=named,
        )
    number = [one for one in conflicts(context, item) if "Nummer" in one.text or "number" in one.text]
    return [sentence(Fragment(text, (proof,)), "."), *number]


_TELLING = 0.5
_ITS_MATTER = 0.5  # share of what a project holds of the question that its title holds
_LABEL = re.compile(r"(?i)verantwortlich|zuständig|ansprechpartner|federführ|beteiligte")


def _labelled(context: Context) -> list[Item]:
    """The labelled sections that say who is responsible, in named documents that have no projects."""
    if not context.query.named or context.query.asked is Asked.PERSON or _tells_more(context):
        return []
    items = [item for one in context.query.documents for item in context.corpus.catalogue.items_of(one)]
    if any(item.kind is ItemKind.PROJECT for item in items):
        return []
    return [item for item in items if item.kind is ItemKind.SECTION and item.body and _LABEL.search(item.title)]


def _tells_more(context: Context) -> bool:
    """True where the question is on a part of the document, not on the document as a whole."""
    return any(word.weight >= 0.9 and any(map(context.corpus.knows, word.terms)) for word in context.query.topic)


def _told(context: Context, items: list[Item]) -> Draft:
    told = []
    for item in items[:3]:
        said = " ".join(item.body.split())
        told.append(sentence(f"{item.title}: ", Fragment(said, (Proof(item, item.body),)), "."))
    return answered(*told, mode=AnswerMode.EXTRACTIVE)
