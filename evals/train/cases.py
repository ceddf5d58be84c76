"""What cases teach: for each question the entries that are found, which of them are right, which sentences hold facts.

Learned from are questions that entries answer; lists, counts and overviews are none. `paper` is what is left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from service.answering.finding.finder import Found

from evals.asking import request_of
from evals.cases import Case
from evals.metrics.judging import Knowledge, Named, is_named, knowledge_of
from evals.metrics.statements import says
from service.answering.composing import record
from service.answering.composing.passages import from_passages, says_something
from service.answering.context import PASSAGE, Context
from service.answering.corpus import Corpus
from service.answering.pipeline import Parts, Work, judge_scope, read, search
from service.answering.query import Want
from service.settings import Settings
from vectorstore.edition import Edition
from vectorstore.records import Item

FIRST = 3  # found entries that are judged
Features = dict[str, float]


@dataclass(frozen=True, slots=True)
class Entry:
    """A found entry: its features, whether it is a right one, and whether what is told of it holds the facts."""

    found: Found
    features: Features
    right: bool
    holds: bool


@dataclass(frozen=True, slots=True)
class Sentences:
    """The sentences of a right entry: their features, per fact which of them say it, and whether the passage does."""

    features: tuple[Features, ...]
    says: tuple[tuple[bool, ...], ...]
    told: tuple[bool, ...]


@dataclass(frozen=True, slots=True)
class Example:
    """A case with what was found for it, best first, and the sentences of the first right entry with its facts.

    `untreated` where no document treats the matter at all.
    """

    case: str
    paper: str
    want: Want
    spoken: str
    answerable: bool
    untreated: bool
    entries: tuple[Entry, ...]
    sentences: Sentences | None


def examples(cases: Iterable[Case], edition: Edition, paper: str, settings: Settings) -> Iterator[Example]:
    """The cases that entries answer, or nothing does, over their papers."""
    parts = Parts(Corpus(edition, edition.catalogue.in_force))
    knowledge = knowledge_of(parts.corpus.catalogue)
    for case in cases:
        if teaches(case):
            work = Work(request=request_of(case), settings=settings, parts=parts)
            read(work)
            search(work)
            judge_scope(work)
            ended = work.draft is not None and case.treated is False  # nobody asks what was found for it
            if work.context is not None and not ended:
                yield _example(case, paper, work.context, knowledge)


def teaches(case: Case) -> bool:
    """Whether a case is one that a single entry answers, or none."""
    expect = case.expect
    whole = expect.citations_all or expect.overview or expect.count is not None or case.type in ("list", "count")
    if whole or expect.behavior not in ("answer", "abstain"):
        return False
    return bool(expect.citations_any) or not case.answerable


def _example(case: Case, paper: str, context: Context, knowledge: Knowledge) -> Example:
    named = set(context.query.entries)
    found = sorted(context.found, key=lambda one: (one.item.document_id, one.item.key) not in named)
    found = [one for one in found if says_something(one.item)]
    entries = tuple(_entry(case, one, context, knowledge) for one in found[:FIRST])
    right = (one.item for one in found if is_right(case, one.item, knowledge) and _says(case, context.corpus, one.item))
    item = next(right, None) if case.expect.facts else None
    sentences = _sentences(case, item, context) if item else None
    return Example(
        case.id,
        paper,
        context.query.want,
        context.query.spoken,
        case.answerable,
        case.treated is False,
        entries,
        sentences,
    )


def is_right(case: Case, item: Item, knowledge: Knowledge) -> bool:
    """Whether an entry is one of those that the case names, or a part of one."""
    chain = (Named(item.ref, item.key, item.title), *knowledge.above.get((item.document_id, item.key), ()))
    return any(
        document == item.document_id and any(is_named(ref, one) for one in chain)
        for document, ref in case.expect.citations_any
    )


def _entry(case: Case, found: Found, context: Context, knowledge: Knowledge) -> Entry:
    right = is_right(case, found.item, knowledge)
    text = told(context, found.item) if right else ""
    holds = right and all(says(one, text) for one in case.expect.facts)
    return Entry(found, context.features(found), right, holds)


def told(context: Context, item: Item) -> str:
    """What an answer with this entry says: the field that is asked for, else its passage."""
    if context.query.want is Want.FIELD and (item.kind in record.RECORDS or item.fields):
        query = replace(context.query, entries=((item.document_id, item.key),))
        draft = record.compose(replace(context, query=query))
    else:
        draft = from_passages(context, [item])
    return " ".join(one.text for one in draft.sentences)


def _says(case: Case, corpus: Corpus, item: Item) -> bool:
    text = " ".join(one.text for one in corpus.sentences(item))
    return all(says(one, text) for one in case.expect.facts)


def _sentences(case: Case, item: Item, context: Context) -> Sentences:
    said = context.corpus.sentences(item)
    held = tuple(tuple(says(fact, one.text) for one in said) for fact in case.expect.facts)
    passage = context.chooser.passage(item, PASSAGE)
    told = tuple(says(fact, passage) for fact in case.expect.facts)
    return Sentences(tuple(context.chooser.features(item)), held, told)


def matrix(rows: Iterable[Features], names: tuple[str, ...]) -> NDArray[np.float64]:
    """Features as numbers, in the order of the names."""
    return np.array([[one[name] for name in names] for one in rows], dtype=np.float64).reshape(-1, len(names))
