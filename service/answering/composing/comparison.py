"""Comparisons: what each named document says on the topic, and which are silent."""

from __future__ import annotations

from service.answering import wording
from service.answering.composing import extract
from service.answering.composing.titles import titled
from service.answering.context import Context
from service.answering.draft import Draft, Fragment, Proof, Sentence, answered, sentence
from service.answering.evidence.choice import can_answer
from service.answering.evidence.nouns_held import LEAST_HELD, HeldNouns
from service.answering.evidence.passages import name_proof
from service.answering.finding.finder import Found
from service.answering.nonanswers import not_in_documents
from service.models import AnswerData, AnswerMode, DataKind
from vectorstore.records import ItemKind

_PER_DOCUMENT = (
    3  # with _RATIO at 0.65 44 comparisons are right in 0.95; two at 0.8 in 0.82, for a hundredth more precision
)
_RATIO = 0.65
_FEW = 3
_TOLD = 50  # groups whose passages are told; of more, which nobody reads, the others are rows alone
_SAID_UNNAMED = 0.4
_SAID = 0.2  # a document that is named for comparison is silent only where it holds hardly a word of the topic
_SUPPORTED = 0.5  # support of a concept that it bears out in other words


def compose(context: Context) -> Draft:
    """A passage or two per document; documents that say nothing are named as silent."""
    if not context.query.topic:
        return not_in_documents(context)
    groups, nouns = _groups(context), HeldNouns(context)
    fitting = [_fitting(context, group, nouns, len(groups) > _FEW) for group in groups]
    if not any(fitting):
        return not_in_documents(context)
    leading = _leading(fitting)
    best = [_able(context, found) if place in leading else found[:1] for place, found in enumerate(fitting)]
    told: list[Sentence] = []
    proofs: list[tuple[Proof, ...]] = []
    for place, (group, found) in enumerate(zip(groups, best, strict=True)):
        if place not in leading:
            proofs.append(tuple(name_proof(one.item, context.corpus) for one in found))
            continue
        said = [one for item in found for one in _passage(context, item)]
        told += said or [_silence(context, group)]
        proofs.append(tuple(proof for one in said for proof in one.proofs))
    rows = [_row(context, group, found) for group, found in zip(groups, best, strict=True)]
    told += [_rows_alone(context, len(leading), len(groups))] if len(leading) < len(groups) else []
    data = AnswerData(
        kind=DataKind.COMPARISON, columns=["document", "ref", "title", "silent"], rows=rows, total=len(rows)
    )
    return answered(*told, mode=AnswerMode.EXTRACTIVE, data=data, row_proofs=tuple(proofs))


def _leading(fitting: list[list[Found]]) -> frozenset[int]:
    """The places of the groups whose passages are told: all, or of many those that hold most of the topic."""
    places = range(len(fitting))
    held = [found[0].said + found[0].support if found else 0.0 for found in fitting]
    return frozenset(sorted(places, key=lambda place: -held[place])[:_TOLD])


def _rows_alone(context: Context, told: int, groups: int) -> Sentence:
    """That only some are told at length, and how to ask for the others."""
    said = context.say(
        "Das sagen die {told} von {groups} Papieren, die am meisten davon nennen; die übrigen stehen nur in der "
        "Tabelle. Mehr erfahren Sie, wenn Sie einen Kreis oder ein Papier nennen.",
        "This is what the {told} of {groups} papers say that name most of it; the others are in the table only. Name a "
        "county or a paper to learn more.",
        told=told,
        groups=groups,
    )
    return Sentence((Fragment(said),), computed=(said,), reservation=True)


def _groups(context: Context) -> list[tuple[str, ...]]:
    """The documents side by side: by county where counties are compared, else one by one."""
    names = context.corpus.names
    counties = context.query.counties
    documents = context.query.documents
    if len(counties) > 1:
        grouped = [tuple(one for one in names.counties[county] if one in documents) for county in counties]
        return [group for group in grouped if group]
    return [(one,) for one in documents]


def _fitting(context: Context, group: tuple[str, ...], nouns: HeldNouns, many: bool) -> list[Found]:
    """The items of a group that fit the topic, best first.

    Where `many` documents are meant without being named, only what bears the topic out is no silence.
    """
    query = context.query
    ranked = context.finder.rank(query.topic, group, query.searched, query.spoken, 8)
    fitting = [one for one in ranked if _says(one, context, nouns, many)]
    return [one for one in fitting if one.item.kind is not ItemKind.SECTION] or fitting


def _able(context: Context, fitting: list[Found]) -> list[Found]:
    """Those that are told: of what holds the kind of fact asked for, where anything does, the best."""
    able = [one for one in fitting if can_answer(one.item, context.corpus, context.query)] or fitting
    return [one for one in able if one.score >= _RATIO * able[0].score][:_PER_DOCUMENT]


def _says(found: Found, context: Context, nouns: HeldNouns, many: bool) -> bool:
    borne = nouns.knows_nouns and nouns.share(found.item) >= LEAST_HELD
    if many and nouns.knows_nouns:
        return borne or found.said >= _SAID_UNNAMED
    return borne or found.said >= _SAID or found.support >= _SUPPORTED


def _passage(context: Context, found: Found) -> list[Sentence]:
    passages = extract.passages_of(context, found.item, 400)
    document = context.corpus.document(found.item)
    name = f"{titled(document, context.language)}, {wording.named(found.item, context.language)}"
    if not passages:
        return [sentence(Fragment(name, (name_proof(found.item, context.corpus),)), ".")]
    return [sentence(f"{name}: ", Fragment(passages[0], (Proof(found.item, passages[0]),)))]


def _silence(context: Context, group: tuple[str, ...]) -> Sentence:
    titles = "; ".join(context.corpus.catalogue.documents[one].title for one in group)
    said = context.say("{titles}: Dazu steht hier nichts.", "{titles}: nothing is said here.", titles=titles)
    return Sentence((Fragment(said),), reservation=True)


def _row(context: Context, group: tuple[str, ...], found: list[Found]) -> dict[str, object]:
    document_id = found[0].item.document_id if found else group[0]
    best = found[0].item if found else None
    return {
        "document_id": document_id,
        "document": context.corpus.catalogue.documents[document_id].title,
        "ref": best.ref if best else None,
        "title": best.title if best else None,
        "silent": best is None,
    }
