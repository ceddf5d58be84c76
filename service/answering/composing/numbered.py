"""Records named by number: which ones are meant, and what to say where no record carries the number."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise

from service.answering import wording
from service.answering.composing.reserved import completeness, nothing, told
from service.answering.context import Context
from service.answering.corpus import Corpus
from service.answering.draft import Draft, Fragment, Sentence, answered, sentence
from service.answering.evidence.passages import name_proof, row_proof
from service.answering.nonanswers import not_in_documents
from service.answering.query import SINGLE, Intent, NumberForm, Query, RecordNumber
from service.answering.understanding.references import value
from service.completeness import figure
from service.models import AnswerMode, AnswerStatus
from vectorstore.records import Item, ItemKind

_BY_NUMBER = (*SINGLE, Intent.STATUS, Intent.RESPONSIBLE)
_LISTED = 12
_NEAREST = 3


def meant(query: Query, corpus: Corpus) -> tuple[Item, ...]:
    """The records that the question names by number, where it asks about them and not for a list below them."""
    if query.intent not in _BY_NUMBER:
        return ()
    items = _searched(query, corpus) if query.numbers else []
    found: list[Item] = []
    for ref in _of(query, NumberForm.WHOLE):
        exact = [item for item in items if item.ref == ref]
        found += exact or [item for item in items if _listed_as(item, ref)]
    found += [item for ref in _of(query, NumberForm.CODE) for item in items if item.ref == ref]
    for one in query.numbers:
        found += _of_kind(one, items)[1] if one.kinds else []
    for ref in _of(query, NumberForm.POINT):
        exact = [item for item in items if item.ref == ref]
        found += [item for item in exact if item.kind is ItemKind.RESOLUTION] or exact
    return tuple(item for place, item in enumerate(found) if item not in found[:place])


def without_record(context: Context) -> Draft | None:
    """For a number that no record carries: what begins with it, or that it does not exist; else None."""
    query = context.query
    if query.intent not in _BY_NUMBER or context.focus or meant(query, context.corpus):
        return None
    items = _searched(query, context.corpus) if query.numbers else []
    for ref in _of(query, NumberForm.WHOLE):
        longer = [item for item in items if item.ref.startswith(f"{ref}.")]
        if longer:
            return _beginning(context, ref, longer)
        if _is_surely(query, ref) and not _printed(context, ref):
            return _no_number(context, ref, items)
    for one in (one for one in query.numbers if one.kinds):
        kind, found = _of_kind(one, items)
        if kind is not None and not found:
            return _no_such(context, one, kind, [item for item in items if item.kind is kind])
    return None


def with_caveat(context: Context, draft: Draft) -> Draft:
    """The draft, saying first that a number asked for stands in the project list and the text prints another."""
    if draft.status is not AnswerStatus.ANSWERED:
        return draft
    already = " ".join(one.text for one in draft.sentences)
    said = [
        _caveat(context, item, ref)
        for ref in _of(context.query, NumberForm.WHOLE)
        for item in context.focus
        if item.ref != ref and _listed_as(item, ref) and ref not in already
    ]
    return replace(draft, sentences=(*said, *draft.sentences))


def is_all(query: Query) -> bool:
    """True where a question asks for what stands under a number and names no topic beside it."""
    nouns = {one.noun.lower() for one in query.numbers if one.noun}
    others = [word.text for word in query.topic if word.text[0].isupper() and word.text not in query.refs]
    return all(word.lower() in nouns for word in others)


def _of(query: Query, form: NumberForm) -> tuple[str, ...]:
    return tuple(one.number for one in query.numbers if one.form is form and one.number not in query.filters.units)


def _is_surely(query: Query, ref: str) -> bool:
    return any(one.surely for one in query.numbers if one.number == ref)


def _searched(query: Query, corpus: Corpus) -> list[Item]:
    return [item for one in query.documents for item in corpus.catalogue.items_of(one)]


def _listed_as(item: Item, ref: str) -> bool:
    return any(one.field == "ref" and ref in (one.table, one.text) for one in item.conflicts)


def _of_kind(one: RecordNumber, items: list[Item]) -> tuple[ItemKind | None, list[Item]]:
    """The first of the kinds that there is, and its records with that number: as printed, else by value."""
    kind = next((kind for kind in one.kinds if any(item.kind is kind for item in items)), None)
    known = [item for item in items if item.kind is kind]
    exact = [item for item in known if item.ref == one.number]
    last = [item for item in known if item.ref.split(".")[-1] == one.number]
    equal = [item for item in known if value(item.ref.split(".")[-1]) == value(one.number)]
    return kind, exact or last or equal


def _printed(context: Context, ref: str) -> bool:
    """True where a document prints the number anywhere, so that it may be more than a record's."""
    pattern = re.compile(rf"(?<![\w.]){re.escape(ref)}(?![\w]|\.\d)")
    documents = context.corpus.catalogue.documents
    return any(pattern.search(documents[one].text) for one in context.query.documents)


def _beginning(context: Context, ref: str, longer: list[Item]) -> Draft:
    parts: list[str | Fragment] = [
        context.say(
            "Unter {ref} selbst steht kein Eintrag. Mit {ref} beginnen: ",
            "There is no entry {ref}. These begin with it: ",
            ref=ref,
        )
    ]
    for place, item in enumerate(longer[:_LISTED]):
        name = wording.named(item, context.language)
        parts.append(Fragment(("; " if place else "") + name, (name_proof(item, context.corpus),)))
    more, known = len(longer) - _LISTED, completeness(context, {item.kind for item in longer})
    computed = (ref, str(more)) if more > 0 else (ref,)
    number = "" if known.complete is None else f"{figure(more, known.complete, context.language)} "
    rest = context.say(f" und {number}weitere", f" and {number}more") if more > 0 else ""
    said = sentence(*parts, f"{rest}.", computed=computed)
    return answered(said, *told(context, known), mode=AnswerMode.COMPUTED)


def _no_number(context: Context, ref: str, items: list[Item]) -> Draft:
    """The number does not exist; the longest beginning of it that does is named."""
    said = context.say(
        "Die Nummer {ref} gibt es in den Dokumenten nicht.", "There is no number {ref} in the documents.", ref=ref
    )
    beginnings = [ref.rsplit(".", count)[0] for count in range(1, ref.count(".") + 1)]
    above = next((item for one in beginnings for item in items if item.ref == one and _stands(item)), None)
    if above is None:
        return replace(not_in_documents(context, said), nearest=())
    name = wording.named(above, context.language)
    said += context.say(" Am nächsten kommt {name}.", " The nearest is {name}.", name=name)
    below = [item for item in items if item.ref.startswith(f"{ref.rsplit('.', 1)[0]}.")]
    return replace(not_in_documents(context, said), nearest=(above, *below)[:_NEAREST])


def _stands(item: Item) -> bool:
    return item.kind in (ItemKind.THEME, ItemKind.GOAL, ItemKind.PRINCIPLE, ItemKind.PROJECT)


def _no_such(context: Context, one: RecordNumber, kind: ItemKind, items: list[Item]) -> Draft:
    """There is no record of the kind with that number; the last one of each document is named."""
    last = [item for item, after in pairwise([*items, None]) if item and _ends(item, after)]
    noun = wording.kind(kind, context.language, 1)
    titles = [f"{item.ref} in {_quoted(context, item)}" for item in last[:_NEAREST]]
    known, article = completeness(context, (kind,)), "Eine" if noun.endswith("e") else "Ein"
    said = context.say(
        "{article} {noun} {number} gibt es nicht; die höchste Nummer ist {titles}.",
        "There is no {noun} {number}; the highest number is {titles}.",
        article=article,
        noun=noun,
        number=one.number,
        titles=", ".join(titles),
    )
    if not known.complete:
        said = context.say(
            "{article} {noun} {number} steht nicht unter den gelesenen.",
            "No {noun} {number} is among those that were read.",
            article=article,
            noun=noun,
            number=one.number,
        )
    return replace(nothing(context, known, said), nearest=tuple(last[:_NEAREST]))


def _quoted(context: Context, item: Item) -> str:
    title = context.corpus.document(item).title
    return context.say(f"„{title}“", f"“{title}”")


def _ends(item: Item, after: Item | None) -> bool:
    return after is None or after.document_id != item.document_id


def _caveat(context: Context, item: Item, ref: str) -> Sentence:
    name = wording.named(item, context.language)
    text = context.say(
        f"Die Nummer {ref} steht nur in der Projektliste; im Text desselben Berichts ist es {name}",
        f"The number {ref} stands in the project list only; in the text of the same report it is {name}",
    )
    return sentence(Fragment(text, (row_proof(item) or name_proof(item, context.corpus),)), ".")
