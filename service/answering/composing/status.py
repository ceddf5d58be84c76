"""The status of a project: by its group heading, with the state of affairs and what the project list says otherwise."""

from __future__ import annotations

from service.answering import lexicon, wording
from service.answering.composing import extract
from service.answering.context import Context
from service.answering.draft import Draft, Fragment, Proof, Sentence, answered, sentence
from service.answering.evidence.answerable import accepted
from service.answering.evidence.choice import choose, runs, weigh
from service.answering.evidence.passages import first_words, row_proof, status_proof
from service.answering.nonanswers import not_in_documents
from service.models import AnswerMode
from vectorstore.records import Item, ItemKind, ItemStatus

_CHARACTERS = 420


def compose(context: Context) -> Draft:
    """The status of the project asked about; for anything else, what the documents say about it."""
    project = best_project(context)
    if project is None:
        return _otherwise(context)
    told = [told_status(context, project), *conflicts(context, project)]
    if context.query.filters.by_table:
        told.sort(key=lambda one: "Projektliste" not in one.text and "project list" not in one.text)
    return answered(*told, *_state(context, project), mode=AnswerMode.COMPUTED)


def _otherwise(context: Context) -> Draft:
    """What the fields on status and state of affairs say, else the period; a non-answer where nothing fits."""
    if not accepted(context).items:
        return not_in_documents(context)
    return extract.compose(context, ("status", "state"), ("period",))


def best_project(context: Context) -> Item | None:
    """The project that the question is about: pointed to, or best found; None where another kind fits better."""
    pointed = next((item for item in context.focus if item.kind is ItemKind.PROJECT), None)
    if pointed is not None:
        return pointed
    items = accepted(context).items or tuple(one for one in context.found[:1] if one.coverage >= 0.5)
    if not items:
        return None
    best = next((one for one in items if one.item.kind is ItemKind.PROJECT and one.item.status), None)
    return best.item if best is not None and best.score >= 0.75 * items[0].score else None


def told_status(context: Context, item: Item) -> Sentence:
    """The sentence that tells a project's status, proven by the heading of its group."""
    assert item.status is not None
    standing = wording.standing(context.corpus.document(item), context.language)
    text = context.say(
        "{name} ist {status}",
        "{name} is {status}",
        name=wording.beginning(wording.named(item, context.language)),
        status=predicate(item.status, context.language),
    )
    return sentence(Fragment(text + (f" ({standing})" if standing else ""), (status_proof(item, context.corpus),)), ".")


def predicate(status: ItemStatus, language: str) -> str:
    """What a project is, by its status."""
    return wording.PREDICATE.get(language, {}).get(status) or wording.status(status, language)


def conflicts(context: Context, item: Item) -> list[Sentence]:
    """What the project list says otherwise, with its row."""
    row = row_proof(item)
    if row is None:
        return []
    found = []
    for conflict in item.conflicts:
        if conflict.field == "status":
            other = wording.status(ItemStatus(conflict.table), context.language)
            text = context.say(
                "Die Projektliste desselben Berichts zeigt einen anderen Status: {other}",
                "The project list of the same report shows another status: {other}",
                other=other,
            )
            found.append(sentence(Fragment(text, (row,)), "."))
        if conflict.field == "ref":
            text = context.say(
                "In der Projektliste steht es unter der Nummer {number}",
                "In the project list it has the number {number}",
                number=conflict.table,
            )
            found.append(sentence(Fragment(text, (row,)), "."))
    return found


def _state(context: Context, item: Item) -> list[Sentence]:
    """The best sentences on the state of affairs that do not speak of another status."""
    if not item.state:
        return []
    told = [
        one
        for one in weigh(item, context.corpus, context.query, extract.query_terms(context))
        if one.text in item.state
    ]
    best = max((one.score for one in told), default=0.0)
    told = [one for one in told if (best > 0 and one.score == best) or not _speaks_of_other(one.text, item.status)]
    picked = choose(told, _CHARACTERS) if any(one.score > 0 for one in told) else told[:2]
    return [sentence(Fragment(first_words(passage, 700), (Proof(item, passage),))) for passage in runs(picked)]


def _speaks_of_other(text: str, status: ItemStatus | None) -> bool:
    own = status.value if status else ""
    lowered = text.lower()
    return any(
        cue in lowered
        for name, cues in lexicon.words("nouns", "status").items()
        if name not in (own, "negation", "archived")
        for cue in cues
        if len(cue) > 6
    )
