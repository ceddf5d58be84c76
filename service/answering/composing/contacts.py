"""Contacts in answers: those of the units that an answer tells, and answers on how to reach
somebody.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from itertools import chain, takewhile

from prompts import say
from service import Settings, wording
from service.answering.composing.fixed_texts import not_in_documents
from service.answering.composing.parts import list_names, reservation
from service.answering.context import Context
from service.answering.corpus import Corpus
from service.answering.draft import Draft, Fragment, Proof, make_answer, make_sentence
from service.answering.query import AnswerType, Intent, Query
from service.answering.reading.asking_words import words_of_contact
from service.answering.reading.reader import QuestionReading
from service.answering.retrieval.facts import has_fact
from service.answering.tools.records import RecordFilter
from service.answering.verification.quotes import unit_proof
from service.answering.verification.verbatim import is_prompt_injection
from service.records import (
    CONTACT_IN_ENGLISH,
    MOST_FITTING,
    AnswerMode,
    AnswerStatus,
    ContactDirectory,
    DataKind,
    authorities,
    format_count,
    has_unit,
    list_contacts,
    unit_matches,
)
from vectorstore.language import collapse_spaces, fold
from vectorstore.records import Document

_WORD = re.compile(r"[\w.]*\w")
# intents of a question that may be on a unit itself and not on its records
_ON_UNIT = (Intent.SEARCH, Intent.FIELD, Intent.DOCUMENT, Intent.NONE)
_ADDRESS_LENGTH = 250  # characters from a publisher's name to its telephone number or mail address
_MOST_NAMED = 3  # records with a code that nothing explains
_PARAGRAPH = re.compile(r"\n\s*\n")


def compose(context: Context, reading: QuestionReading, general: str) -> Draft | None:
    """The contact of the unit or publisher that a question is on or asks to reach; None for another
    question.

    For a publisher it is the address that its documents print, or that nothing was found if no hit
    has a contact either. A unit counts if the question asks for a contact, or has no topic but the
    unit ("Was ist die 66?"). In the second case a code is explained, also one that the directory
    lacks, with the `general` contact.
    """
    query, directory = context.query, context.contacts
    if _asks_for_publisher(query) and reading.documents.ids and query.names_documents:
        address = find_printed_address(context.corpus, query.conditions.documents)
        if address is not None:
            return _tell_address(context, address)
        shown = [context.corpus.own_text(item) for item, _ in context.ranked_items[:MOST_FITTING]]
        if not any(has_fact(AnswerType.CONTACT, text) for text in shown):
            return not_in_documents(context)
    unit, topic = query.conditions.unit, query.conditions.topic.split()
    contact = directory.find(unit) if unit else None
    contact = contact or directory.find_code(query.question or query.text)
    if query.asks_contact and not unit:
        names = (word for word in topic if fold(word) not in words_of_contact())
        contact = contact or directory.find_named(names)
    if not (contact or unit) or reading.names_record:
        return None
    title = contact.title if contact else ""
    named = {fold(word) for word in _WORD.findall(f"{title} {unit}")} | words_of_contact()
    is_on_unit = all(fold(word) in named for word in topic) and _is_on_unit(reading)
    if not (query.asks_contact or is_on_unit):
        return None
    if contact is None:
        if query.asks_contact:
            return None
        return _explain_code(context, reading, general)
    lines = [list_contacts([contact], context.language)]
    if not query.asks_contact and contact.title != contact.name:
        lines.insert(0, context.say("code_means", code=contact.code, name=contact.name))
    statement = make_sentence(" ".join(lines))
    suggestions = (context.say("ask_unit", unit=unit),) if unit else ()
    return Draft(AnswerStatus.ABOUT_SERVICE, None, (statement,), suggestions=suggestions)


def _explain_code(context: Context, reading: QuestionReading, general: str) -> Draft | None:
    """What a question's unit stands for, if records print it as a number ("66").

    If a legend explains the number, its name is quoted. Else it is said to be a code that no
    document explains, with records that have it and the `general` contact. None for a unit that
    records print with its name, which needs no explanation, and for one whose records are wanted.
    """
    code, conditions = context.query.conditions.unit, replace(context.query.conditions, topic="")
    named = context.corpus.named_units(code)
    if named:
        # "Was macht die 65?" wants its records, "Was bedeutet 65?" a text on it
        if _most_likely(reading.probabilities["want"]) != Intent.SEARCH:
            return None
        meanings = (
            Fragment(context.say("code_means", code=code, name=name), (proof,))
            for name, proof in named
        )
        return make_answer(*map(make_sentence, meanings), mode=AnswerMode.EXTRACTIVE)
    selection = RecordFilter(context.retriever, conditions).select(context.language)
    # units of the same number, and records of this one without those of its parts
    units = set(chain.from_iterable(item.responsible for item in selection.items))
    items = [item for item in selection.items if code in item.responsible]
    numbers = "".join(unit for unit in units if unit_matches(unit, code))
    has_name = any(map(str.isalpha, numbers))
    if not items or has_name:
        return None
    fields = [field for item in items for field in item.fields if field.field == "responsible"]
    column = context.say("code_column", label=fields[0].label) if fields else ""
    nouns = context.say("entry"), context.say("entries")
    count = format_count(len(items), nouns, selection.complete, context.language)
    opening = context.say("code_unexplained", code=code, column=column, count=count)
    entries = [
        (wording.name_item(item, context.language), (unit_proof(item, context.corpus),))
        for item in items
    ]
    return Draft(
        AnswerStatus.FOUND,
        AnswerMode.EXTRACTIVE,
        (list_names(context, opening, entries, _MOST_NAMED), reservation(general)),
        suggestions=(context.say("ask_unit", unit=code),),
    )


def asks_for_somebody(query: Query) -> bool:
    """True for a question on how to reach somebody that names neither whom nor on what."""
    return _asks_for_publisher(query) and not query.names_documents


def _asks_for_publisher(query: Query) -> bool:
    """True for a question on how to reach somebody that names nothing but documents, if any: it
    wants to reach their publisher.

    Adjectives in the topic do not count beside nouns: "den richtigen Sachbearbeiter".
    """
    conditions = query.conditions
    topic = conditions.topic.split()
    nouns = [word for word in topic if word != word.lower()]
    words = {fold(word) for word in nouns or topic}
    names_something = conditions.has_field_conditions or query.entries
    return query.asks_contact and not names_something and words <= words_of_contact()


def add_contacts(
    draft: Draft,
    query: Query,
    corpus: Corpus,
    directory: ContactDirectory,
    general: str,
    language: str,
) -> Draft:
    """The draft with the contacts of the units that it tells.

    They stand at its end, but before passages, which are shown apart as cards. If a contact was
    asked for and neither the draft nor the directory has one, the address that the named documents
    print of their publisher takes its place, else the `general` contact. A draft that tells nothing
    stays as it is.
    """
    if draft.status not in (AnswerStatus.ANSWERED, AnswerStatus.FOUND):
        return draft
    text = " ".join(sentence.text for sentence in draft.sentences)
    proofs = draft.proofs
    units = dict.fromkeys(chain.from_iterable(proof.item.responsible for proof in proofs))
    units |= dict.fromkeys(filter(None, [query.conditions.unit]))
    stated = [unit for unit in units if has_unit(text, unit)] if directory.contacts else []
    added = list_contacts(directory.find_all(stated), language)
    if query.asks_contact and not (added or has_fact(AnswerType.CONTACT, text)):
        added = _contact_instead(text, query, corpus, general, language)
    if not added:
        return draft
    sentences = list(draft.sentences)
    is_cards = draft.data is not None and draft.data.kind is DataKind.FOUND
    lead = list(takewhile(lambda sentence: not sentence.proofs, sentences))
    sentences.insert(len(lead) if is_cards else len(sentences), make_sentence(added))
    return replace(draft, sentences=tuple(sentences))


def _contact_instead(text: str, query: Query, corpus: Corpus, general: str, language: str) -> str:
    """What is told where an answer with this text has no contact, but was asked for one.

    It is the address that the named documents print. Without one it is that the contact is missing,
    unless the text says so already, and the `general` contact.
    """
    address = None
    if query.names_documents:
        address = find_printed_address(corpus, query.conditions.documents)
    if address is not None:
        return f"{address.lead} {address.text}"
    missing = wording.format_words(language, "missing_contact")
    told = [] if missing in text else [missing]
    if has_fact(AnswerType.CONTACT, general):
        # beside what other publishers print: whose number it is
        told.append(wording.format_words(language, "operator_contact"))
    return " ".join((*told, general))


def general_contact(
    directory: ContactDirectory, settings: Settings, printed: str, language: str
) -> str:
    """Where to turn in general.

    It is the directory's contact of the whole administration, else that of the settings. If nobody
    has set one, the default text is followed by the contacts of all units, or, without any, by the
    address that a document prints (`printed`, "" for none).
    """
    if directory.general is not None:
        return list_contacts([directory.general], language)
    if settings.contact != Settings.model_fields["contact"].default:
        return settings.contact
    text = CONTACT_IN_ENGLISH if language == "en" else settings.contact
    return " ".join(filter(None, (text, list_contacts(directory.contacts, language) or printed)))


@dataclass(frozen=True, slots=True)
class PrintedAddress:
    """A publisher's own address with telephone number or mail address, as a document prints it
    from an offset of its text on.
    """

    document: Document
    start: int
    printed: str

    @property
    def text(self) -> str:
        """The address in one line."""
        return collapse_spaces(self.printed)

    @property
    def lead(self) -> str:
        """What stands before it: which document prints it, on which page."""
        page = self.document.page_at(self.start) if self.document.pages else None
        if page is None:
            return say("contacts.printed_in", title=self.document.title)
        number = page.label or page.number
        return say("contacts.printed_on", title=self.document.title, page=number)


def find_printed_address(corpus: Corpus, among: Collection[str] = ()) -> PrintedAddress | None:
    """The publisher's own address as a document prints it; `among` are the ids of the documents to
    look in, () for all.

    It begins with the publisher's name. None if the documents have several publishers, those of
    motions not counted, or print no address; also if they print several, since none of them is
    known to be the right one.
    """
    documents = list(corpus.catalogue.documents.values())
    if among:
        documents = [document for document in documents if document.id in among]
    publishers = authorities(documents)
    if len(publishers) != 1:
        return None
    found = dict[str, PrintedAddress]()
    for document in documents:
        if document.publisher != publishers[0]:
            continue
        for start in _paragraphs_from(document.text, publishers[0]):
            printed = _read_address(document.text[start : start + _ADDRESS_LENGTH])
            if printed and not is_prompt_injection(printed):
                address = PrintedAddress(document, start, printed)
                found.setdefault(collapse_spaces(printed), address)
    if len(found) != 1:
        return None
    return next(iter(found.values()))


def with_printed_addresses(contact: str, corpus: Corpus) -> str:
    """The sentence on whom to turn to, followed by the addresses that authorities print in the
    papers that they publish.

    Papers without pages are left out: they are often excerpts by others.
    """
    documents = [document for document in corpus.catalogue.documents.values() if document.pages]
    told = [contact]
    for publisher in authorities(documents)[:MOST_FITTING]:
        own = [document.id for document in documents if document.publisher == publisher]
        address = find_printed_address(corpus, own)
        if address is not None:
            told.append(f"{address.lead} {address.text}")
    return " ".join(told)


def _tell_address(context: Context, address: PrintedAddress) -> Draft:
    """The answer that quotes an address, with a citation of the innermost item in which it stands.

    If it stands in no item, it cannot be cited, and is told without a citation.
    """
    around = [
        item
        for item in context.corpus.catalogue.items
        if item.document_id == address.document.id and item.start <= address.start < item.end
    ]
    if not around:
        words = make_sentence(f"{address.lead} {address.text}")
        return Draft(AnswerStatus.ABOUT_SERVICE, None, (words,))
    item = max(around, key=lambda item: item.start)
    proof = Proof(item, address.printed, address.start)
    quoted = Fragment(address.text, (proof,), is_quote=True)
    statement = make_sentence(f"{address.lead} ", quoted, computed=(address.lead,))
    return make_answer(statement, mode=AnswerMode.EXTRACTIVE)


def _paragraphs_from(text: str, beginning: str) -> list[int]:
    """Where the paragraphs of a text begin that begin with some words."""
    starts = [0, *(match.end() for match in _PARAGRAPH.finditer(text))]
    return [start for start in starts if text.startswith(beginning, start)]


def _read_address(text: str) -> str:
    """A text up to the end of its last paragraph with contact details (telephone number, mail
    address, street); "" if none has any. What follows no longer belongs to the address.
    """
    end = start = 0
    for paragraph in _PARAGRAPH.split(text):
        start = text.index(paragraph, start)
        if has_fact(AnswerType.CONTACT, paragraph):
            end = start + len(paragraph)
    return text[:end]


def _is_on_unit(reading: QuestionReading) -> bool:
    """True for a question that names no kind of record, status or place and asks for no fact: it
    may be on a unit itself. A list or count is of the unit's records instead.
    """
    stated, probabilities = reading.stated, reading.probabilities
    has_others = reading.query.conditions.kinds or stated.statuses or stated.place
    wants = Intent(_most_likely(probabilities["want"]))
    is_on_nothing = _most_likely(probabilities["asked"]) == AnswerType.NOTHING
    return not has_others and wants in _ON_UNIT and is_on_nothing


def _most_likely(probabilities: Mapping[str, float]) -> str:
    return max(probabilities, key=lambda name: probabilities[name])
