"""What matters most: only what a paper itself calls so, by its priorities or its words; else that it ranks nothing."""

from __future__ import annotations

import re
from dataclasses import replace

from service.answering import wording
from service.answering.composing.records_described import described
from service.answering.composing.reserved import records_counted, told
from service.answering.composing.selection import Selection
from service.answering.composing.titles import source, titled
from service.answering.context import Context
from service.answering.draft import Draft, Fragment, Proof, answered, sentence
from service.answering.evidence.passages import first_words, name_proof
from service.answering.nonanswers import not_in_documents
from service.answering.query import SortBy
from service.answering.understanding.document_names import words_of
from service.models import AnswerData, AnswerMode, DataKind
from vectorstore.records import Item, ItemKind

_SIGNS = re.compile(r"[+*●•★■xX!]+")
_WORDS = (
    (4, r"sehr hoch|höchste|very high|sofort|top"),
    (3, r"hoch|hohe|vorrangig|prioritär|high|dringend|urgent"),
    (2, r"mittel|medium|normal"),
    (1, r"gering|niedrig|nachrangig|low"),
)
_ORDER = re.compile(r"(?:Priorität|Prio|Stufe|Kategorie)?\s*([A-E]|[IVX]{1,3}|[1-9])")
_ROMAN = {"I": 1, "II": 2, "III": 3, "IV": 4, "V": 5}
_CALLED = (
    re.compile(
        r"(?i)\b(?:das wichtigste|die wichtigsten?|der wichtigste|wichtigste[nrs]?|oberste[nrs]? (?:ziel|priorität)|"
        r"höchste[nrs]? priorität|herausragende[nrs]? (?:ziele|projekte|maßnahmen|bedeutung)|hauptziele?|leitziele?|"
        r"most important|top priority|overarching goal)\b"
    ),
    re.compile(
        r"(?i)\b(?:zentral(?:e[nrs]?)? (?:ziele?|aufgaben?|anliegen|bausteine?|maßnahmen?|ist|sind|bedeutung)|"
        r"schwerpunkte?|prioritäre?[nrs]?|key (?:goal|task|measure)s?)\b"
    ),
)
_SAID = 3
_STEM = 4  # letters that a noun and its other forms share
_PASSAGE = 320
_LISTED = 40


def compose(context: Context, chosen: Selection) -> Draft:
    """The records that the papers themselves put first; what they call most important; that they rank nothing."""
    ranked = [(rank, item) for item in chosen.items if (rank := _rank(item.priority)) is not None]
    if ranked:
        return _by_priority(context, chosen, ranked)
    sort = context.query.sort
    called = _called(context, chosen) if sort is not None and sort.by is SortBy.WEIGHT else []
    if called:
        parts = [
            sentence(_lead(context, item, place), Fragment(said, (Proof(item, said),)))
            for place, (item, said) in enumerate(called)
        ]
        return answered(*parts, mode=AnswerMode.EXTRACTIVE)
    return _nothing_ranked(context, chosen)


def _rank(printed: str | None) -> float | None:
    """A printed priority as a number, the highest first: signs by their number, words, letters and digits by order."""
    said = " ".join((printed or "").split())
    if not said:
        return None
    if _SIGNS.fullmatch(said):
        return float(len(said))
    order = _ORDER.fullmatch(said)
    if order is not None:
        letter = order[1]
        return -float(_ROMAN.get(letter) or (int(letter) if letter.isdigit() else ord(letter) - ord("A") + 1))
    found = (rank for rank, cues in _WORDS if re.match(rf"(?i)(?:{cues})\b", said))
    return next(map(float, found), None)


def _by_priority(context: Context, chosen: Selection, ranked: list[tuple[float, Item]]) -> Draft:
    """All records with the highest priority that is printed, and over how many that was looked for."""
    sort = context.query.sort
    ranks = [rank for rank, _ in ranked]
    best = min(ranks) if sort is not None and sort.least else max(ranks)
    items = [item for rank, item in ranked if rank == best]
    printed = " ".join((items[0].priority or "").split())
    number, total = str(len(items)), records_counted(context, len(chosen.items), chosen.known.complete, (chosen.kind,))
    counted = records_counted(context, len(items), chosen.known.complete, (chosen.kind,))
    which = "niedrigste" if sort is not None and sort.least else "höchste"
    begin = context.say(
        f"{counted} {'hat' if len(items) == 1 else 'haben'} die {which} Priorität („{printed}“): ",
        f"{counted} {'has' if len(items) == 1 else 'have'} the {'lowest' if which[0] == 'n' else 'highest'} priority "
        f"(“{printed}”): ",
    )
    proofs = tuple((name_proof(item, context.corpus), *_printed(item)) for item in items)
    parts = [Fragment(begin)]
    for place, (item, proof) in enumerate(zip(items[:_LISTED], proofs, strict=False)):
        parts.append(Fragment(f"{', ' if place else ''}{wording.numbered(item)}", proof))
    ids = dict.fromkeys(item.document_id for item in items)
    where = "; ".join(source(context.corpus.catalogue.documents[one], context.language) for one in ids)
    over = context.say(
        f". Eine Priorität ist bei {len(ranked)} von {total} gedruckt ({where}).",
        f". A priority is printed for {len(ranked)} of {total} ({where}).",
    )
    rows = [
        {"document_id": item.document_id, "ref": item.ref, "title": item.title, "priority": printed} for item in items
    ]
    data = AnswerData(kind=DataKind.LIST, columns=["ref", "title", "priority"], rows=rows, total=len(rows))
    computed = (number, str(len(ranked)), total, printed)
    said = sentence(*parts, over, computed=computed)
    return answered(said, *told(context, chosen.known), mode=AnswerMode.COMPUTED, data=data, row_proofs=proofs)


def _printed(item: Item) -> tuple[Proof, ...]:
    """The field that prints the priority."""
    field = next((one for one in item.fields if one.field == "priority" and one.text.strip()), None)
    return (Proof(item, field.text, field.start if field.start >= 0 else None),) if field else ()


def _called(context: Context, chosen: Selection) -> list[tuple[Item, str]]:
    """The passages in which the papers call something most important, those that say it plainest first.

    Where the most important of some kind of record is asked for, only what is said of that kind counts.
    """
    nouns = tuple(noun.word[:_STEM] for noun in context.query.nouns if noun.kinds)
    for pattern in _CALLED:
        found = [
            (item, said)
            for document_id in context.query.documents
            for item in context.corpus.catalogue.items_of(document_id)
            for said in _speaking(context, item, pattern)
            if not nouns or item.kind is chosen.kind or _says_any(nouns, f"{item.title} {said}")
        ]
        if found:
            headed = [one for one in found if pattern.search(one[0].title)]
            return (headed or found)[:_SAID]
    return []


def _says_any(stems: tuple[str, ...], text: str) -> bool:
    return any(word.startswith(stems) for word in words_of(text))


def _speaking(context: Context, item: Item, pattern: re.Pattern[str]) -> list[str]:
    """The sentences of an item in which the pattern stands; its beginning where its heading has it."""
    if pattern.search(item.title) and item.kind is ItemKind.SECTION and item.body:
        return [first_words(item.body, _PASSAGE)]
    said = (text for _, text in context.corpus.sentences(item) if pattern.search(text))
    return [first_words(text, _PASSAGE) for text in said][:1]


def _lead(context: Context, item: Item, place: int) -> str:
    """That no ranking is printed, and whose words on what matters follow."""
    title = titled(context.corpus.document(item), context.language)
    named = wording.named(item, context.language)
    if place:
        return f"{wording.beginning(named)}, {title}: "
    return context.say(
        f"Eine Rangfolge ist nicht gedruckt; hervorgehoben ist in {named}, {title}: ",
        f"No ranking is printed; what is stressed stands in {named}, {title}: ",
    )


def _nothing_ranked(context: Context, chosen: Selection) -> Draft:
    """That the papers put none of these records first, and how many there are."""
    kind = wording.kind(chosen.kind, context.language, 2)
    known = chosen.known.complete is not None and bool(chosen.items)
    total = records_counted(context, len(chosen.items), chosen.known.complete, (chosen.kind,)) if known else kind
    which = described(context, replace(chosen, said=()))
    missing = context.say(
        f"Eine Rangfolge nennen die Dokumente nicht: {total}{f' {which}' if which else ''} stehen nebeneinander.",
        f"The documents do not rank them: {total}{f' {which}' if which else ''} stand side by side.",
    )
    return not_in_documents(context, missing)
