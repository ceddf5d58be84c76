"""Questions about a document itself: its date, whether it is decided, who published it, what it contains."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from service.answering import wording
from service.answering.composing import document_parts, front_facts
from service.answering.composing.document_words import kind, publisher, standing
from service.answering.composing.titles import titled
from service.answering.context import Context
from service.answering.draft import Draft, Fragment, Proof, Sentence, answered, sentence
from service.answering.evidence.passages import first_words, name_proof
from service.answering.evidence.verbatim import squash
from service.answering.nonanswers import not_in_documents
from service.answering.query import Aspect, Standing
from service.models import AnswerMode
from vectorstore.records import Document, DocumentKind, DocumentStatus, Item

_UNDECIDED = (DocumentStatus.DRAFT, DocumentStatus.PROPOSED)


def compose(context: Context) -> Draft:
    """What is asked about each meant document, proven by what it says of itself."""
    if context.query.aspects.vote:
        none = context.say("Wie abgestimmt wurde, steht nicht darin.", "How the vote went is not told there.")
        return not_in_documents(context, none)
    sentences = []
    for document_id in context.query.documents[:4]:
        document = context.corpus.catalogue.documents[document_id]
        front = context.corpus.front_matter(document_id)
        if front is not None:
            sentences += _told(context, document, front)
    return answered(*sentences, mode=AnswerMode.COMPUTED) if sentences else not_in_documents(context)


def _told(context: Context, document: Document, front: Item) -> list[Sentence]:
    """One sentence for each thing that is asked; the lines of the title page where it asks for one of their labels."""
    printed = _printed(context, document, front)
    if printed is not None:
        return [printed]
    told = [one for aspect in context.query.aspects.asked for one in _TELL[aspect](context, document, front)]
    return [*told[:1], *(_renamed(context, one, document) for one in told[1:])]


def _renamed(context: Context, one: Sentence, document: Document) -> Sentence:
    """A further sentence on a document, which does not begin with its title again."""
    first = one.fragments[0]
    name = next(
        (name for name in (titled(document, context.language), document.title) if first.text.startswith(name)), ""
    )
    if not name:
        return one
    text = context.say("Das Dokument", "The document") + first.text.removeprefix(name)
    return replace(one, fragments=(replace(first, text=text), *one.fragments[1:]))


def _printed(context: Context, document: Document, front: Item) -> Sentence | None:
    """The labelled lines of a title page, where the question names one of the labels."""
    lines = context.corpus.labels.get(document.id, ())
    if not any(label in context.query.aspects.labels for label, _ in lines):
        return None
    begin = context.say(
        f"Auf dem Titelblatt von {document.title} steht: ", f"The title page of {document.title} says: "
    )
    parts = [
        Fragment(("; " if place else "") + " ".join(line.split()), (Proof(front, line),))
        for place, (_, line) in enumerate(lines)
    ]
    return sentence(begin, *parts, ".")


def _date(context: Context, document: Document, front: Item) -> list[Sentence]:
    if document.as_of is None:
        return [_undated(context, document, front)]
    authority = wording.authority(document, context.language)
    text = document.title + (f" ({authority})" if authority else "")
    day = wording.day(document.as_of)
    german = f"{text} trägt das Datum {day}" if document.kind is DocumentKind.MOTION else f"{text} hat den Stand {day}"
    told = context.say(german, f"{text} is dated {day}")
    proof = front_facts.date_proof(document, front, context.corpus)
    printed = _as_printed(proof.quote, day)
    return [sentence(Fragment(told + printed, (proof,)), ".")]


def _as_printed(quote: str, day: str) -> str:
    """The printed words of a date that is no day: "April 2014"."""
    said = " ".join(quote.split())
    return f" („{said}“)" if squash(day) not in squash(said) and len(said) <= 60 and re.search(r"\d{4}", said) else ""


def _undated(context: Context, document: Document, front: Item) -> Sentence:
    """The date that the paper prints somewhere, or that it gives none."""
    printed = front_facts.printed_date(document, context.corpus)
    if printed is not None:
        text = context.say(f"In {document.title} steht: „{printed.text}“", f"{document.title} says: “{printed.text}”")
        return sentence(Fragment(text, (printed.proof,)), ".")
    text = context.say(
        f"{document.title} nennt kein Datum seines Standes"
        + (f"; es ist {standing(document, 'de')}" if document.status else ""),
        f"{document.title} gives no date" + (f"; it is {standing(document, 'en')}" if document.status else ""),
    )
    return sentence(Fragment(text, (name_proof(front, context.corpus),)), ".")


def _status(context: Context, document: Document, front: Item) -> list[Sentence]:
    """How binding the paper is; first yes or no, where one of the two is asked."""
    cues: dict[DocumentStatus | None, str] = {DocumentStatus.DRAFT: "entwurf", DocumentStatus.PROPOSED: "antrag"}
    cue = cues.get(document.status, "")
    lines = [line.strip() for line in f"{front.heading}\n{front.body}".splitlines() if line.strip()]
    line = next((one for one in lines if cue and cue in one.lower()), None)
    day = wording.dated(document, context.language)
    title = document.title + (f" ({day})" if day else "")
    text = (
        context.say(f"{title} ist {standing(document, 'de')}", f"{title} is {standing(document, 'en')}")
        if document.status
        else context.say(f"Wie verbindlich {title} ist, steht nicht darin", f"{title} does not say how binding it is")
    )
    quoted = f": {line}" if line and line not in text else ""
    proof = Proof(front, line) if line else name_proof(front, context.corpus)
    return [sentence(Fragment(_verdict(context, document) + text + quoted, (proof,)), ".")]


def _verdict(context: Context, document: Document) -> str:
    """Yes or no to "is it adopted", or to "is it a draft"; "" where neither alone is asked or nobody confirmed it."""
    asked = context.query.aspects.standing
    known = document.status not in (None, DocumentStatus.PUBLISHED) and "status" not in document.unconfirmed
    if not context.query.yesno or not known or asked is Standing.NOTHING:
        return ""
    undecided = document.status in _UNDECIDED
    if asked is Standing.EITHER:
        return context.say("Noch nicht: ", "Not yet: ") if undecided else context.say("Ja: ", "Yes: ")
    return context.say("Ja: ", "Yes: ") if undecided is (asked is Standing.DRAFT) else context.say("Nein: ", "No: ")


def _publisher(context: Context, document: Document, front: Item) -> list[Sentence]:
    """Who published the paper, in the words of its imprint where it has one."""
    proof = front_facts.publisher(document, front, context.corpus)
    if not document.publisher:
        return _about(context, document, front)
    unsure = "publisher" in document.unconfirmed
    text = context.say(
        f"{titled(document, 'de')} stammt von: {document.publisher}" + (" (unbestätigt)" if unsure else ""),
        f"{titled(document, 'en')} comes from: {document.publisher}" + (" (unconfirmed)" if unsure else ""),
    )
    said = " ".join(proof.quote.split())
    own = front_facts.imprint(document, context.corpus) is not None or said.startswith("Herausgeber")
    told = f" („{said}“)" if own and said != document.publisher else ""
    return [sentence(Fragment(text + told, (proof,)), ".")]


def _pages(context: Context, document: Document, front: Item) -> list[Sentence]:
    if not document.pages:
        text = context.say(
            f"{titled(document, 'de')} liegt hier als Text ohne Seiten vor; eine Seitenzahl ist nicht bekannt",
            f"{titled(document, 'en')} is stored here as text without pages; how many it has is not known",
        )
        return [sentence(Fragment(text, (name_proof(front, context.corpus),)), ".")]
    number = str(len({page.number for page in document.pages}))
    text = context.say(f"{titled(document, 'de')} hat {number} Seiten", f"{titled(document, 'en')} has {number} pages")
    return [sentence(Fragment(text, (name_proof(front, context.corpus),)), ".", computed=(number,))]


def _about(context: Context, document: Document, front: Item) -> list[Sentence]:
    """What sort of paper it is, with the words of its title page."""
    said = first_words(front.body, 240)
    what = context.say(
        f"ist {kind(document.kind, 'de')}{publisher(document, 'de')}",
        f"is {kind(document.kind, 'en')}{publisher(document, 'en')}",
    )
    proof = Proof(front, said) if said else name_proof(front, context.corpus)
    shown = ": " + " ".join(said.split()) if said else ""
    return [sentence(Fragment(f"{titled(document, context.language)} {what}{shown}", (proof,)), ".")]


def _contents(context: Context, document: Document, front: Item) -> list[Sentence]:
    return [document_parts.contents(context, document)]


def _summary(context: Context, document: Document, front: Item) -> list[Sentence]:
    """Its parts and how its introduction begins."""
    summary = document_parts.summary(context, document)
    return [document_parts.contents(context, document), *([summary] if summary else [])]


def _signed(context: Context, document: Document, front: Item) -> list[Sentence]:
    """Who signed a letter; that no signature is in it, and who it comes from."""
    signed = front_facts.signature(document, context.corpus)
    if signed is None:
        text = context.say(f"Eine Unterschrift steht nicht in {document.title}", f"{document.title} shows no signature")
        none = sentence(Fragment(text, (name_proof(front, context.corpus),)), ".")
        return [none, *_publisher(context, document, front)]
    text = context.say(
        f"{titled(document, 'de')} ist unterzeichnet von: {signed.text}",
        f"{titled(document, 'en')} is signed by: {signed.text}",
    )
    return [sentence(Fragment(text, (signed.proof,)), ".")]


def _update(context: Context, document: Document, front: Item) -> list[Sentence]:
    told = document_parts.process(context, document, Aspect.UPDATE)
    return [told] if told else _date(context, document, front)


def _origin(context: Context, document: Document, front: Item) -> list[Sentence]:
    told = document_parts.process(context, document, Aspect.ORIGIN)
    return [told] if told else _date(context, document, front)


def _decision(context: Context, document: Document, front: Item) -> list[Sentence]:
    """When it was decided: of what is undecided, how binding it is."""
    return (_status if document.status in _UNDECIDED else _date)(context, document, front)


_TELL: dict[Aspect, Callable[[Context, Document, Item], list[Sentence]]] = {
    Aspect.CONTENTS: _contents,
    Aspect.SUMMARY: _summary,
    Aspect.PUBLISHER: _publisher,
    Aspect.STATUS: _status,
    Aspect.PAGES: _pages,
    Aspect.DATE: _date,
    Aspect.ABOUT: _about,
    Aspect.SIGNED: _signed,
    Aspect.UPDATE: _update,
    Aspect.ORIGIN: _origin,
    Aspect.DECISION: _decision,
}
