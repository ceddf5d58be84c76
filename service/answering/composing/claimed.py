"""Whether a sum or a share is above or below what a question names: told where what the paper states agrees on it."""

from __future__ import annotations

from service.answering.composing.titles import source
from service.answering.composing.verdicts import compares, decimal, is_meant
from service.answering.context import Context
from service.answering.draft import Draft, Fragment, Proof, answered, sentence
from service.answering.evidence.verbatim import squash
from service.answering.query import ClaimUnit, Compared, Intent
from service.models import AnswerMode
from vectorstore.records import Item, Value

_NEAR = 0.6  # share of the best score that an item needs
_TOLD = 3


def compose(context: Context) -> Draft | None:
    """Yes or no with the passages that state such sums; None where that is not asked of one paper, or they disagree."""
    query = context.query
    claim = query.claim
    if claim is None or claim.unit is ClaimUnit.THINGS or claim.compared is Compared.EQUAL or not query.yesno:
        return None
    if query.intent is not Intent.FACT or not query.named or len(query.documents) != 1:
        return None
    stated = [pair for pair in _stated(context) if is_meant(context, pair[1], claim)]
    verdicts = {compares(number, claim) for _, value in stated if (number := decimal(value.value)) is not None}
    if len(verdicts) != 1:
        return None
    word = context.say("Ja", "Yes") if verdicts.pop() else context.say("Nein", "No")
    told = stated[:_TOLD]
    parts = [
        Fragment(
            (", " if place else f"{word}, {context.say('genannt sind', 'it says')} ") + value.text, (_proof(*one),)
        )
        for place, one in enumerate(told)
        for value in (one[1],)
    ]
    paper = source(context.corpus.catalogue.documents[query.documents[0]], context.language)
    quotes = [
        sentence(Fragment(proof.quote, (proof,)))
        for proof in dict.fromkeys(Proof(one[0], _sentence(context, *one)) for one in told)
    ]
    return answered(sentence(*parts, f" ({paper})."), *quotes, mode=AnswerMode.EXTRACTIVE)


def _stated(context: Context) -> list[tuple[Item, Value]]:
    """What the items found near the question state, each number of an item once."""
    best = max((one.score for one in context.found), default=0.0)
    near = [one.item for one in context.found if one.score >= _NEAR * best]
    found: dict[tuple[str, str], tuple[Item, Value]] = {}
    for item in near:
        for value in item.values:
            found.setdefault((item.key, value.value), (item, value))
    return list(found.values())


def _proof(item: Item, value: Value) -> Proof:
    return Proof(item, value.text, value.start)


def _sentence(context: Context, item: Item, value: Value) -> str:
    """The sentence of the item in which a value stands."""
    said = (text for _, text in context.corpus.sentences(item) if squash(value.text) in squash(text))
    return next(said, value.text)
