"""Contacts in answers: those of the units that an answer tells, and answers on how to reach
somebody.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import chain, takewhile

from service import Settings, wording
from service.answering.composing import passages
from service.answering.context import Context
from service.answering.draft import Draft, make_sentence
from service.answering.query import AnswerType, Intent, Query
from service.answering.reading.asking_words import words_of_contact
from service.answering.reading.nouns import fold_words
from service.answering.reading.reader import QuestionReading
from service.answering.retrieval.facts import has_fact
from service.records import (
    CONTACT_IN_ENGLISH,
    AnswerStatus,
    Contact,
    ContactDirectory,
    DataKind,
    has_unit,
    list_contacts,
)
from vectorstore.records import Item

_OF_RECORDS = (Intent.LIST, Intent.COUNT)


def compose(context: Context, reading: QuestionReading) -> Draft | None:
    """The contact of the unit that a question asks to reach, or that is all it is on ("Was ist die
    66?"); for a publisher the passages with the address that its documents print. None for another
    question, and without a contact.
    """
    query = context.query
    if query.names_documents and _asks_for_publisher(query):
        printed = [item for item in context.corpus.catalogue.items if _has_address(context, item)]
        return passages.show(context, context.passages_of(printed)) if printed else None
    contact = _find_asked(query, context.contacts)
    if contact is None or reading.names_record:
        return None
    named = {*fold_words(f"{contact.title} {query.conditions.unit}"), *words_of_contact()}
    has_other_topic = not named.issuperset(fold_words(query.conditions.topic))
    is_on_unit = query.intent not in _OF_RECORDS and not has_other_topic
    if not (query.asks_contact or is_on_unit):
        return None
    lines = list_contacts([contact], context.language)
    if not query.asks_contact and contact.title != contact.name:
        meaning = context.say("code_means", code=contact.code, name=contact.name)
        lines = f"{meaning} {lines}"
    return Draft(AnswerStatus.ABOUT_SERVICE, None, (make_sentence(lines),))


def _find_asked(query: Query, directory: ContactDirectory) -> Contact | None:
    """The contact that a question names by unit or code or, if it asks for one, by a word."""
    contact = directory.find(query.conditions.unit) or directory.find_code(query.question)
    if contact is None and query.asks_contact:
        return directory.find_named(query.conditions.topic.split())
    return contact


def _has_address(context: Context, item: Item) -> bool:
    """True if an item of the documents to answer from has its publisher's name and a contact."""
    document = context.corpus.document(item)
    if document not in context.documents or not document.publisher:
        return False
    text = context.corpus.own_text(item)
    return document.publisher in text and has_fact(AnswerType.CONTACT, text)


def asks_for_somebody(query: Query) -> bool:
    """True for a question on how to reach somebody that names neither whom nor on what."""
    return _asks_for_publisher(query) and not query.names_documents


def _asks_for_publisher(query: Query) -> bool:
    """True for a question on how to reach somebody that names nothing but documents, if any.

    Adjectives in the topic do not count beside nouns: "den richtigen Sachbearbeiter".
    """
    conditions = query.conditions
    topic = conditions.topic.split()
    nouns = [word for word in topic if word != word.lower()]
    words = fold_words(" ".join(nouns or topic))
    names_something = conditions.has_field_conditions or query.entries
    return query.asks_contact and not names_something and words_of_contact().issuperset(words)


def add_contacts(
    draft: Draft, query: Query, directory: ContactDirectory, general: str, language: str
) -> Draft:
    """The draft with the contacts of the units that it tells, at its end or before its cards.

    If a contact was asked for and neither the draft nor the directory has one, the `general`
    contact takes its place. A draft that tells nothing stays as it is.
    """
    if draft.status not in (AnswerStatus.ANSWERED, AnswerStatus.FOUND):
        return draft
    text = " ".join(sentence.text for sentence in draft.sentences)
    responsible = chain.from_iterable(proof.item.responsible for proof in draft.proofs)
    units = dict.fromkeys([*responsible, query.conditions.unit])
    stated = [unit for unit in units if unit and has_unit(text, unit)]
    added = list_contacts(directory.find_all(stated), language)
    if query.asks_contact and not (added or has_fact(AnswerType.CONTACT, text)):
        missing = wording.format_words(language, "missing_contact")
        added = f"{missing} {general}"
    if not added:
        return draft
    sentences = list(draft.sentences)
    place = len(sentences)
    if draft.data is not None and draft.data.kind is DataKind.FOUND:
        place = len(list(takewhile(lambda sentence: not sentence.proofs, sentences)))
    sentences.insert(place, make_sentence(added))
    return replace(draft, sentences=tuple(sentences))


def general_contact(directory: ContactDirectory, settings: Settings, language: str) -> str:
    """Where to turn in general: the directory's contact of the whole administration, else that of
    the settings. If nobody has set one, the default text is followed by the contacts of all units.
    """
    if directory.general is not None:
        return list_contacts([directory.general], language)
    if settings.contact != Settings.model_fields["contact"].default:
        return settings.contact
    text = CONTACT_IN_ENGLISH if language == "en" else settings.contact
    return f"{text} {list_contacts(directory.contacts, language)}".strip()
