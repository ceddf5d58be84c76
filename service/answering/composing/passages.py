"""What the papers say: an answer where a sentence plainly says what was asked, else what was found; also the passages
of several papers beside each other, and the entries on a topic.

Every entry is cited once, by sentences in a row; below the threshold of the judge nothing is claimed.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from service.answering import wording
from service.answering.composing.telling import (
    are_plain,
    computed,
    introduced,
    is_archived,
    not_in_documents,
    quoted,
    reserved,
    row_of,
    source,
)
from service.answering.context import PASSAGE, Context, weights
from service.answering.draft import Draft, Fragment, Proof, Sentence, answered
from service.answering.finding.finder import Match
from service.answering.finding.fitting import fitting
from service.answering.finding.sentences import has_notation, tells
from service.answering.query import Asked
from service.answering.verification.citations import page_of
from service.answering.verification.quotes import name_proof
from service.models import MOST_FITTING, MOST_ROWS, AnswerData, AnswerMode, AnswerStatus, DataKind
from vectorstore.records import Document, Item, ItemKind

_FURTHER = 240  # characters of the passage of each entry but the first
_NEAR = 0.8  # share of the first entry's probability from which a further one belongs to the answer
_NUMBERS = {2: "two", 3: "three"}
_COMPARED, _BESIDE = 6, 420  # papers that are compared, characters of what each says
_LEAST = 3  # entries on a topic that make an overview
_NAMED, _QUOTED, _SHORT = 5, 3, 260  # entries of it that are named, those with a passage, its characters
_SURE = 0.55  # weight on the topic from which an entry is told
_PAPERS, _LAST = 3, 99
_HEADS = (ItemKind.THEME, ItemKind.GOAL)
_UNDERSTOOD = ("de", "en")
COLUMNS = ["ref", "title", "status", "document", "document_status", "responsible", "passage", "page"]
_FACTS = (Asked.DATE, Asked.AMOUNT, Asked.QUANTITY, Asked.CONTACT)  # whose notation hardly misses any


def compose(context: Context) -> Draft:
    """An answer from passages, what was found, or an honest non-answer."""
    judged = [(item, sure) for item, sure in context.judged if says_something(item)]
    if not judged:
        return not_in_documents(context)
    best, sure = judged[0]
    if best in context.values.numbered.items:
        judged = [one for one in judged if one[0] in context.values.numbered.items]
    if sure < weights().answers:
        return found(context, [item for item, _ in judged])
    further = [item for item, also in judged[1:] if also >= max(weights().answers, _NEAR * sure)]
    return from_passages(context, _apart([best, *further]))


def from_passages(context: Context, items: Sequence[Item]) -> Draft:
    """An answer that quotes entries, the first at length, and names their papers behind the last of each."""
    told = _told(context, items)
    for place in {item.document_id: place for place, item in enumerate(items)}.values():
        told[place] = _with_paper(context, told[place], items[place])
    return answered(*told, mode=AnswerMode.EXTRACTIVE)


def found(context: Context, items: Sequence[Item]) -> Draft:
    """The entries that fit best, without the claim that they answer; a non-answer where there are none."""
    shown = _apart(items)
    if not shown:
        return not_in_documents(context)
    told, number, topic = _told(context, shown), len(shown), context.query.conditions.topic
    sought = context.say("sought", topic=topic) if topic and are_plain(context, topic.split()) else ""
    fit = context.say("entry_fits", sought=sought)
    if number > 1:
        fit = context.say("entries_fit", number=context.say(_NUMBERS[number]), sought=sought)
    lead = [reserved(one) for one in (fit, missing_fact(context, shown)) if one]
    rows = []
    for item, said in zip(shown, told, strict=True):
        last = said.fragments[-1]
        rows.append(card(context, item, said.proofs[0], last.text if last.proofs else ""))
    data = AnswerData(kind=DataKind.FOUND, columns=COLUMNS, rows=rows, total=number)
    proofs = tuple(one.proofs[:1] for one in told)
    return Draft(AnswerStatus.FOUND, AnswerMode.EXTRACTIVE, (*lead, *told), data, proofs)


def card(context: Context, item: Item, proof: Proof, passage: str) -> dict[str, Any]:
    """An entry that fits as a row: what is quoted of it, where that is printed, and how binding its document is."""
    document = context.corpus.document(item)
    page = page_of(proof, document)
    return row_of(context, item) | {
        "document_status": document.status.value if document.status else None,
        "responsible": list(item.responsible),
        "passage": passage,
        "page": page.number if page else None,
    }


def missing_fact(context: Context, items: Sequence[Item]) -> str:
    """That entries do not have the kind of fact that is asked for; "" where one has it, or none is told by notation."""
    asked, corpus = context.query.asked, context.corpus
    if context.query.spoken not in _UNDERSTOOD or asked not in _FACTS or not has_notation(asked):
        return ""
    if any(tells(asked, one.text) for item in items for one in corpus.sentences(item)):
        return ""
    return context.say(f"missing_{asked.value}")


def says_something(item: Item) -> bool:
    """Whether an entry may be shown: rows of an archive are not, nor headings without a text."""
    heading = item.kind in (ItemKind.SECTION, ItemKind.THEME) and not (item.body.strip() or item.fields)
    return not (heading or is_archived(item))


def _told(context: Context, items: Sequence[Item]) -> list[Sentence]:
    first = [quoted(context, item, PASSAGE) for item in items[:1]]
    return first + [quoted(context, item, _FURTHER, 1) for item in items[1:]]


def _with_paper(context: Context, said: Sentence, item: Item) -> Sentence:
    return replace(said, fragments=(*said.fragments, Fragment(f" ({source(context, item)})")))


def _apart(items: Sequence[Item]) -> list[Item]:
    """The first entries of which none is or stands in another."""
    kept: list[Item] = []
    for item in items:
        same = (one for one in kept if one.document_id == item.document_id)
        if len(kept) < MOST_FITTING and not any(
            one.key in (item.key, item.parent) or one.parent == item.key for one in same
        ):
            kept.append(item)
    return kept


def comparison(context: Context) -> Draft:
    """One passage for each publisher or paper that is compared; where only one says something, what was found."""
    text = context.query.conditions.topic or context.query.text
    by_publisher = defaultdict[str, list[Document]](list)
    for one in context.documents:
        by_publisher[one.publisher].append(one)
    groups = list(by_publisher.values()) if len(by_publisher) > 1 else [[one] for one in context.documents]
    told: list[Sentence] = []
    rows: list[dict[str, Any]] = []
    for documents in groups[:_COMPARED]:
        near = context.finder.find(text, [one.id for one in documents], 3, context.query.spoken)
        fit = fitting(near, context.query.spoken)
        best = next((one.item for one in fit if says_something(one.item)), None)
        paper = context.corpus.document(best) if best else documents[0]
        row = {"document_id": paper.id, "document": paper.title, "publisher": paper.publisher, "silent": best is None}
        rows.append(row | {"ref": best.ref if best else None, "title": best.title if best else None})
        if best is None:
            told.append(reserved(context.say("nothing_in", title=paper.title)))
        else:
            told.append(_with_paper(context, quoted(context, best, _BESIDE, 3), best))
    if sum(not row["silent"] for row in rows) < 2:
        return compose(context)
    data = AnswerData(kind=DataKind.COMPARISON, columns=["document", "ref", "title"], rows=rows, total=len(rows))
    return answered(*told, mode=AnswerMode.EXTRACTIVE, data=data, row_proofs=tuple(one.proofs[:1] for one in told))


def overview(context: Context) -> Draft:
    """The entries on a topic, with how many of each kind; where fewer than three are surely on it, passages."""
    topic = context.query.conditions.topic or context.query.text
    matches = [
        one
        for one in context.finder.on_topic(topic, [one.id for one in context.documents], context.query.spoken)
        if not is_archived(one.item) and (one.item.kind is not ItemKind.SECTION or one.item.body)
    ]
    sure = [one for one in matches if one.weight >= _SURE]
    if len(sure) < _LEAST:
        return compose(context)
    told = _first_on_topic(context, sure)
    sentences = [quoted(context, item, _SHORT, 2) for item in told[:_QUOTED]]
    sentences += [computed(introduced(context, item), name_proof(item, context.corpus)) for item in told[_QUOTED:]]
    counts = Counter(one.item.kind for one in matches)
    kinds = ", ".join(f"{number} {wording.kind(kind, context.language, number)}" for kind, number in counts.items())
    papers = dict.fromkeys(one.item.document_id for one in matches)
    sources = [wording.source(context.corpus.catalogue.documents[one], context.language) for one in papers]
    more = context.say("and_others") if len(papers) > _PAPERS else ""
    opening = f"{context.say('all_found', topic=topic, kinds=kinds)} ({'; '.join(sources[:_PAPERS])}{more})"
    items = [one.item for one in matches[:MOST_ROWS]]
    data = AnswerData(
        kind=DataKind.OVERVIEW,
        columns=["kind", "ref", "title", "status", "document"],
        rows=[row_of(context, item) for item in items],
        total=len(matches),
        complete=None,
    )
    cited = {(item.document_id, item.key): said.proofs for item, said in zip(told, sentences, strict=True)}
    proofs = tuple(cited.get((item.document_id, item.key), ()) for item in items)
    first = computed(opening, *sentences[0].proofs)  # so that every entry is cited once
    return answered(first, *sentences, mode=AnswerMode.COMPUTED, data=data, row_proofs=proofs)


def _first_on_topic(context: Context, matches: list[Match]) -> list[Item]:
    """The entries that are told: those that the search has first among the surest, themes without a text aside."""
    place = {(one.item.document_id, one.item.key): number for number, one in enumerate(context.found)}
    ranked = sorted(matches, key=lambda one: (place.get((one.item.document_id, one.item.key), _LAST), -one.weight))
    told = [one.item for one in ranked if one.item.body.strip() or one.item.kind not in _HEADS]
    return (told or [one.item for one in ranked])[:_NAMED]
