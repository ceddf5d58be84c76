"""Questions about a document itself: its date, whether it is decided, who published it, what it contains."""

from __future__ import annotations

import re
from collections.abc import Callable

from service.answering import lexicon, wording
from service.answering.composing.titles import titled
from service.answering.context import Context
from service.answering.document_names import parted, words_of
from service.answering.draft import Draft, Fragment, Proof, Sentence, answered, sentence
from service.answering.evidence import by_terms, runs
from service.answering.nonanswers import not_in_documents
from service.answering.passages import first_words, name_proof
from service.answering.verbatim import squash
from service.models import AnswerMode
from vectorstore.records import Document, DocumentKind, DocumentStatus, Item, ItemKind

_STATUS = {
    "de": {
        DocumentStatus.ADOPTED: "beschlossen",
        DocumentStatus.DRAFT: "ein Entwurf und nicht beschlossen",
        DocumentStatus.PROPOSED: "ein Antrag und damit ein Vorschlag, kein Beschluss",
        DocumentStatus.PUBLISHED: "veröffentlicht",
    },
    "en": {
        DocumentStatus.ADOPTED: "adopted",
        DocumentStatus.DRAFT: "a draft (Entwurf), not decided",
        DocumentStatus.PROPOSED: "a motion (Antrag) and so a proposal, not decided",
        DocumentStatus.PUBLISHED: "published",
    },
}


def compose(context: Context) -> Draft:
    """What is asked about each meant document, proven by its title page."""
    sentences = []
    for document_id in context.query.documents[:4]:
        document = context.corpus.catalogue.documents[document_id]
        front = context.corpus.front_matter(document_id)
        if front is not None:
            sentences.append(_told(context, document, front))
    return answered(*sentences, mode=AnswerMode.COMPUTED) if sentences else not_in_documents(context)


def _told(context: Context, document: Document, front: Item) -> Sentence:
    said = context.query.text
    return _TELL[_aspect(said, document)](context, document, front)


_ASPECTS = ("signed", "update", "origin", "contents", "publisher", "status", "pages", "date")
_UNDECIDED = (DocumentStatus.DRAFT, DocumentStatus.PROPOSED)


def _aspect(said: str, document: Document) -> str:
    """What is asked about a document: "when" goes before the verb, but a process is told, and a draft not decided."""
    aspects = [one for one in _ASPECTS if lexicon.matches("phrases", f"aspect.{one}", said)]
    if not lexicon.matches("phrases", "aspect.when", said) or {"update", "origin"} & set(aspects):
        return aspects[0] if aspects else "about"
    return "status" if "status" in aspects and document.status in _UNDECIDED else "date"


def _date(context: Context, document: Document, front: Item) -> Sentence:
    if document.as_of is None:
        text = context.say(
            f"{document.title} nennt kein Datum seines Standes"
            + (f"; es ist {_standing(document, 'de')}" if document.status else ""),
            f"{document.title} gives no date" + (f"; it is {_standing(document, 'en')}" if document.status else ""),
        )
        return sentence(Fragment(text, (name_proof(front, context.corpus),)), ".")
    standing = wording.authority(document, context.language)
    text = document.title + (f" ({standing})" if standing else "")
    day = wording.day(document.as_of)
    german = f"{text} trägt das Datum {day}" if document.kind is DocumentKind.MOTION else f"{text} hat den Stand {day}"
    told = context.say(german, f"{text} is dated {day}")
    return sentence(Fragment(told, (date_proof(context, document, front),)), ".")


def date_proof(context: Context, document: Document, front: Item) -> Proof:
    """The line of the title page that prints the document's date."""
    lines = [line for line in f"{front.heading}\n{front.body}".splitlines() if line.strip()]
    if document.as_of is not None:
        spellings = (wording.day(document.as_of), str(document.as_of.year))
        for spelling in spellings:
            line = next((one for one in lines if squash(spelling) in squash(one)), None)
            if line is not None:
                return Proof(front, line.strip())
    return name_proof(front, context.corpus)


def _status(context: Context, document: Document, front: Item) -> Sentence:
    cues: dict[DocumentStatus | None, str] = {DocumentStatus.DRAFT: "entwurf", DocumentStatus.PROPOSED: "antrag"}
    cue = cues.get(document.status, "")
    lines = [line.strip() for line in f"{front.heading}\n{front.body}".splitlines() if line.strip()]
    line = next((one for one in lines if cue and cue in one.lower()), None)
    day = wording.dated(document, context.language)
    title = document.title + (f" ({day})" if day else "")
    text = (
        context.say(f"{title} ist {_standing(document, 'de')}", f"{title} is {_standing(document, 'en')}")
        if document.status
        else context.say(f"Wie verbindlich {title} ist, steht nicht darin", f"{title} does not say how binding it is")
    )
    quoted = f": {line}" if line and line not in text else ""
    return sentence(Fragment(text + quoted, (Proof(front, line) if line else name_proof(front, context.corpus),)), ".")


def _standing(document: Document, language: str) -> str:
    """How binding a document is, and that nobody has confirmed it where that is so."""
    said = _STATUS[language][document.status] if document.status else ""
    if "status" not in document.unconfirmed:
        return said
    return f"{said} ({'unbestätigt' if language == 'de' else 'unconfirmed'})"


def _publisher(context: Context, document: Document, front: Item) -> Sentence:
    if not document.publisher:
        return _about(context, document, front)
    unsure = "publisher" in document.unconfirmed
    text = context.say(
        f"{titled(document, 'de')} stammt von: {document.publisher}" + (" (unbestätigt)" if unsure else ""),
        f"{titled(document, 'en')} comes from: {document.publisher}" + (" (unconfirmed)" if unsure else ""),
    )
    return sentence(Fragment(text, (_publisher_proof(context, document, front),)), ".")


def _publisher_proof(context: Context, document: Document, front: Item) -> Proof:
    """The first sentence of the document that names its publisher, or the words of it that tell it from others."""
    telling = context.corpus.names.publishers[document.id]
    for item in [front, *context.corpus.catalogue.items_of(document.id)]:
        for _, said in context.corpus.sentences(item):
            words = set(parted(words_of(said)))
            if squash(document.publisher) in squash(said) or (telling and telling <= words):
                return Proof(item, first_words(said))
    return name_proof(front, context.corpus)


def _pages(context: Context, document: Document, front: Item) -> Sentence:
    if not document.pages:
        text = context.say(
            f"{titled(document, 'de')} liegt hier als Text ohne Seiten vor; eine Seitenzahl ist nicht bekannt",
            f"{titled(document, 'en')} is stored here as text without pages; how many it has is not known",
        )
        return sentence(Fragment(text, (name_proof(front, context.corpus),)), ".")
    number = str(len(document.pages))
    text = context.say(f"{titled(document, 'de')} hat {number} Seiten", f"{titled(document, 'en')} has {number} pages")
    return sentence(Fragment(text, (name_proof(front, context.corpus),)), ".", computed=(number,))


def _contents(context: Context, document: Document, front: Item) -> Sentence:
    """The parts of a document in its order, each with what it is divided into."""
    parts: list[str | Fragment] = [
        Fragment(
            context.say(f"{titled(document, 'de')} gliedert sich in: ", f"{titled(document, 'en')} is divided into: ")
        )
    ]
    top = [item for item in context.corpus.catalogue.items_of(document.id) if item.parent is None and _is_part(item)]
    for place, item in enumerate(top):
        parts.append(Fragment(("; " if place else "") + _numbered(item), (name_proof(item, context.corpus),)))
        below = [one for one in context.corpus.catalogue.children(item) if one.kind in _SHOWN_BELOW]
        for inner, child in enumerate(below if item.kind is ItemKind.SECTION else []):
            parts.append(Fragment((", " if inner else " – ") + _numbered(child), (name_proof(child, context.corpus),)))
    return sentence(*parts, ".")


_SHOWN_BELOW = (ItemKind.PRINCIPLE, ItemKind.GOAL, ItemKind.RESOLUTION)


def _is_part(item: Item) -> bool:
    return item.ref not in ("Titel", "Archiv") and bool(item.heading)


def _numbered(item: Item) -> str:
    title = first_words(item.title, 120)
    return title if item.ref == item.title or item.kind is ItemKind.SECTION else f"{item.ref} {title}"


_KINDS = {
    DocumentKind.REPORT: "ein Bericht",
    DocumentKind.STRATEGY: "ein Strategiepapier",
    DocumentKind.MOTION: "ein Antrag",
    DocumentKind.GUIDING_PRINCIPLES: "ein Leitbild",
    DocumentKind.PROGRAMME: "die Darstellung eines Programms",
    DocumentKind.CONCEPT: "ein Konzept",
    DocumentKind.PLAN: "ein Plan",
    DocumentKind.STATUTE: "eine Satzung",
    DocumentKind.MINUTES: "eine Niederschrift",
    DocumentKind.ANSWER: "eine Antwort der Verwaltung",
    DocumentKind.BUDGET: "ein Haushaltspapier",
    DocumentKind.OTHER: "ein Dokument",
}


def _about(context: Context, document: Document, front: Item) -> Sentence:
    """What sort of paper it is, with the words of its title page."""
    said = first_words(front.body, 240)
    kind = context.say(
        f"ist {_KINDS[document.kind]}{_brackets(document, 'de')}",
        f"is {_english(document.kind)}{_brackets(document, 'en')}",
    )
    proof = Proof(front, said) if said else name_proof(front, context.corpus)
    shown = ": " + " ".join(said.split()) if said else ""
    return sentence(Fragment(f"{titled(document, context.language)} {kind}{shown}", (proof,)), ".")


def _english(kind: DocumentKind) -> str:
    if kind is DocumentKind.OTHER:
        return "a document"
    return f"{'an' if kind is DocumentKind.ANSWER else 'a'} {kind.value.replace('_', ' ')}"


def _brackets(document: Document, language: str) -> str:
    """Who published a document and what of that nobody has confirmed, in brackets."""
    mark = "unbestätigt" if language == "de" else "unconfirmed"
    unsure = {"kind", "publisher"} & set(document.unconfirmed)
    parts = [one for one in (document.publisher, mark if unsure else "") if one]
    return f" ({', '.join(parts)})" if parts else ""


def _signed(context: Context, document: Document, front: Item) -> Sentence:
    """Who signed a letter: the name below its closing formula."""
    match = _SIGNATURE.search(document.text)
    if match is None:
        return _publisher(context, document, front)
    items = [item for item in context.corpus.catalogue.items_of(document.id) if item.start <= match.start()]
    signer = max(items, key=lambda item: item.start) if items else front
    said = " ".join(match[1].split())
    text = context.say(
        f"{titled(document, 'de')} ist unterzeichnet von: {said}", f"{titled(document, 'en')} is signed by: {said}"
    )
    return sentence(Fragment(text, (Proof(signer, match[0], match.start()),)), ".")


_SIGNATURE = re.compile(
    r"(?:Mit|Beste|Viele|Herzliche)\s+\w*\s?Grüßen?,?\s+((?:\S+[ \n]+){1,8}?\S+)(?=\s*$|\n\n\n|\s*\Z)"
)


def _process(context: Context, document: Document, front: Item) -> Sentence:
    """How a document came about or is kept up: the best passage of its own introduction."""
    aspect = "update" if lexicon.matches("phrases", "aspect.update", context.query.text) else "origin"
    words = lexicon.words("words", "process")[aspect]
    terms = {term: 1.0 for word in words for term in context.corpus.analyzer.terms(word)}
    sections = [item for item in context.corpus.catalogue.items_of(document.id) if item.kind is ItemKind.SECTION]
    weighed = [(one, item) for item in sections for one in by_terms(item, context.corpus, terms, context.query.asked)]
    if not weighed:
        return _date(context, document, front)
    best, item = max(weighed, key=lambda pair: pair[0].score)
    quote = " ".join(runs([one for one, other in weighed if other is item and abs(one.place - best.place) <= 1])[:1])
    if lexicon.matches("phrases", "aspect.when", context.query.text) and not _YEAR.search(quote):
        return _date(context, document, front)
    return sentence(f"{titled(document, context.language)}: ", Fragment(quote, (Proof(item, quote),)))


_YEAR = re.compile(r"\b(?:19|20)\d{2}\b|\bim Jahr\b|\bjährlich|\bJahre?s?\b")


_TELL: dict[str, Callable[[Context, Document, Item], Sentence]] = {
    "contents": _contents,
    "publisher": _publisher,
    "status": _status,
    "pages": _pages,
    "date": _date,
    "about": _about,
    "signed": _signed,
    "update": _process,
    "origin": _process,
}
