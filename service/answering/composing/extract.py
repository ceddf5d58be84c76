"""Facts and topics: the sentences that answer, verbatim, with the item that they stand in."""

from __future__ import annotations

from collections.abc import Sequence

from service.answering import wording
from service.answering.context import Context
from service.answering.draft import Draft, Fragment, Proof, Sentence, answered, sentence
from service.answering.evidence.answerable import accepted
from service.answering.evidence.choice import choose, label_of, runs, stated, weigh
from service.answering.evidence.passages import first_words, name_proof, row_proof, status_proof
from service.answering.evidence.sentences import about
from service.answering.finding.finder import Found
from service.answering.nonanswers import fact_missing, not_in_documents, unclear
from service.answering.query import BROAD, Intent
from service.models import AnswerData, AnswerMode, DataKind
from vectorstore.records import Item, ItemKind

_SURE = 0.5
_ITEMS = {True: 2, False: 3}
_RATIO = {True: 0.86, False: 0.6}
_FIRST = 500
_SHORT_BODY = 260
_FURTHER = 260
_HEADED = 40  # characters by which a title is told to be the beginning of the text
_BESIDE = 350
_PASSAGES = 3
_FIELDS = 2
_AS_A_WHOLE = 0.5  # share of what an item holds of the question that its title holds


def compose(context: Context, meanings: Sequence[str] = (), behind: Sequence[str] = ()) -> Draft:
    """The passages of the best items; a non-answer where none fits or the fact asked for is not there.

    What the fields of the best item with these `meanings` say is told too: first, where the item as a whole is asked.
    Where it has none, those that stand `behind` are told last.
    """
    if not context.query.topic and not context.focus:
        return unclear(context)
    verdict = accepted(context)
    if verdict.missing_in is not None:
        return fact_missing(context, verdict.missing_in)
    if not verdict.items:
        return not_in_documents(context)
    kept = _kept(context, verdict.items)
    if _is_empty(context, kept[0].item):
        return fact_missing(context, kept[0].item)
    if stated(kept[0].item, (*meanings, *behind)):
        return answered(*_from_fields(context, kept[0].item, meanings, behind), mode=AnswerMode.EXTRACTIVE)
    sentences = [one for place, found in enumerate(kept) for one in _told(context, found, place, len(kept))]
    data = _facts(context, kept[0].item) if context.query.intent is Intent.FACT else None
    return answered(
        *sentences, mode=AnswerMode.EXTRACTIVE, data=data, row_proofs=(tuple(sentences[0].proofs),) if data else ()
    )


def _is_empty(context: Context, item: Item) -> bool:
    """True for a labelled section without text below its label: the document leaves it open."""
    return item.kind is ItemKind.SECTION and not item.body and not context.corpus.catalogue.children(item)


def _kept(context: Context, items: tuple[Found, ...]) -> list[Found]:
    sure = _is_sure(context, items[0])
    kept = [one for one in items if one.score >= _RATIO[sure] * items[0].score][: _ITEMS[sure]]
    return [one for place, one in enumerate(kept) if not any(_same(one.item, other.item) for other in kept[:place])]


def _is_sure(context: Context, best: Found) -> bool:
    """True where one item is likely to be the one: a fact is asked, and the item holds the question's own words."""
    return context.query.intent not in BROAD and best.coverage >= _SURE


def _same(one: Item, other: Item) -> bool:
    return (one.document_id, one.key) == (other.document_id, other.key)


def _told(context: Context, found: Found, place: int, items: int) -> list[Sentence]:
    """What one item says: its name and standing, then its best sentences."""
    item = found.item
    most = _PASSAGES if items == 1 else 1 if place or items > 2 or context.query.intent in BROAD else 2
    passages = passages_of(context, item, _FIRST if place == 0 else _FURTHER, most)
    name = introduced(context, item)
    if not passages:
        return [sentence(Fragment(name, (name_proof(item, context.corpus),)), ".")]
    told = [sentence(_with_status(context, item, name, place), ": ", quoted(passages[0], item))]
    told += [sentence(quoted(passage, item)) for passage in passages[1:]]
    return told + _responsible(context, item, place)


def _from_fields(context: Context, item: Item, meanings: Sequence[str], behind: Sequence[str]) -> list[Sentence]:
    """What the fields of an item say, and its best passages beside them."""
    leading = stated(item, meanings)
    texts = [first_words(field.text, _FURTHER) for field in (leading or stated(item, behind))[:_FIELDS]]
    passages = passages_of(context, item, _BESIDE, _FIELDS)
    others = [one for one in passages if not any(text in one or one in text for text in texts)]
    whole = leading and about(item, context.corpus, context.query) >= _AS_A_WHOLE
    first, *rest = (quoted(one, item) for one in (texts + others if whole else others + texts))
    return [sentence(f"{introduced(context, item)}: ", first), *map(sentence, rest)]


def _with_status(context: Context, item: Item, name: str, place: int) -> Fragment:
    """The item's name; with the proof of its status where the question takes a status for granted."""
    if place or item.status is None or not context.query.manner.presuming:
        return Fragment(name)
    return Fragment(name, (status_proof(item, context.corpus),))


def _responsible(context: Context, item: Item, place: int) -> list[Sentence]:
    """For a question that begins with "who": the responsible units that the project list prints."""
    row = row_proof(item)
    if place or row is None or not item.responsible or not context.query.who:
        return []
    units = ", ".join(item.responsible)
    return [
        sentence(
            Fragment(
                context.say(
                    "Verantwortlich laut Projektliste: {units}",
                    "Responsible according to the project list: {units}",
                    units=units,
                ),
                (row,),
            ),
            ".",
        )
    ]


def passages_of(context: Context, item: Item, characters: int, most: int | None = None) -> list[str]:
    """The item's passages that answer best, in reading order, about as many characters and at most `most` in all."""
    terms = query_terms(context)
    sentences = weigh(item, context.corpus, context.query, terms)
    if not sentences:
        return []
    if not item.fields and item.body and len(item.body) <= _SHORT_BODY:
        return [item.body]
    return [first_words(passage, 900) for passage in runs(choose(sentences, characters), most)]


def query_terms(context: Context) -> dict[str, float]:
    """The terms that sentences are weighed by: the question's own, and what the vocabulary adds: half as
    much, and less where an item holds the question's own words.
    """
    own = context.finder.weighted_terms(context.query.topic)
    added = context.corpus.expansion.terms(context.query.searched, context.query.spoken)
    held = context.found[0].coverage if context.found else 0.0
    return {term: 0.5 * (1.0 - 0.8 * held) * weight for term, weight in added.items()} | own


def introduced(context: Context, item: Item) -> str:
    """The item's name with what the reader must know before its words: its status, that it is a draft or a motion."""
    document = context.corpus.document(item)
    notes = [wording.status(item.status, context.language)] if item.status else []
    notes += [said] if (said := wording.undecided(document, context.language)) else []
    name = wording.beginning(wording.full_name(item, context.language))
    if item.kind is ItemKind.RESOLUTION and item.body.startswith(item.title[:_HEADED]):
        name = f"{wording.kind(item.kind, context.language)} {item.ref}"
    return name + (f" ({', '.join(notes)})" if notes else "")


def quoted(passage: str, item: Item) -> Fragment:
    """A passage as it is told, behind the label of the field that it is; without, where a number stands in that."""
    label = label_of(passage, item)
    told = f"{label}: {passage}" if label and not any(map(str.isdigit, label)) else passage
    return Fragment(_ended(told), (Proof(item, passage),))


def _ended(passage: str) -> str:
    return passage if passage.endswith((".", "!", "?", ":", "…")) else f"{passage}."


def _facts(context: Context, item: Item) -> AnswerData | None:
    if item.kind is not ItemKind.PROJECT:
        return None
    row = {
        "document_id": item.document_id,
        "ref": item.ref,
        "title": item.title,
        "status": item.status.value if item.status else None,
        "responsible": list(item.responsible),
        "cooperation": item.cooperation,
        "municipalities": list(item.municipalities),
        "dates": list(item.dates),
        "amounts": list(item.amounts),
    }
    return AnswerData(kind=DataKind.FACTS, columns=list(row), rows=[row], total=1)
