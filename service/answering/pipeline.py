"""The answer pipeline, read aloud: check the scope, understand, find, weigh the scope, compose, verify.

Where a language model is configured it proposes how to read the question before it is understood, and words the draft.

Each step takes the work so far and either adds to it or ends it with a draft; the first draft ends the line.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from service.answering.composing import (
    about_document,
    about_service,
    changes,
    claimed,
    comparison,
    definition,
    extract,
    found,
    numbered,
    overview,
    ranking,
    records_listed,
    responsible,
    status,
    verdicts,
    whole_list,
)
from service.answering.composing.sources import sourced
from service.answering.context import Context
from service.answering.corpus import Corpus
from service.answering.draft import Draft, Sentence
from service.answering.finding.finder import FOUND, Finder, Found
from service.answering.finding.topics import MatchKind, TopicResolver
from service.answering.generating.adopting import adopted
from service.answering.generating.drafting import Drafter, Tell, Worded
from service.answering.generating.proposing import Proposal
from service.answering.generating.translating import tongues
from service.answering.nonanswers import fixed, not_in_documents, unclear
from service.answering.query import Intent, Query, Style
from service.answering.scope import End, ended, speaks_against
from service.answering.understanding import language
from service.answering.understanding.conversation import Understood, understood
from service.answering.verifying.verifier import Verifier
from service.answering.wording import EASY
from service.models import AnswerMode, AnswerStatus, ChatRequest
from service.settings import Settings
from vectorstore.records import DocumentStatus, Item

_MOST_BY_NUMBER = 3
_WHOLE, _NEAR = 0.95, 0.7  # share of the topic that is all of it, share of the best score that is near it
# ends that a model may read otherwise
_TAKEN_UP = (AnswerStatus.OUT_OF_SCOPE, AnswerStatus.NEEDS_CLARIFICATION, AnswerStatus.ABOUT_SERVICE)
COMPOSERS: dict[Intent, Callable[[Context], Draft]] = {
    Intent.FACT: extract.compose,
    Intent.TOPIC: extract.compose,
    Intent.LIST: records_listed.compose,
    Intent.COUNT: records_listed.compose,
    Intent.STATUS: status.compose,
    Intent.RESPONSIBLE: responsible.compose,
    Intent.COMPARE: comparison.compose,
    Intent.DOCUMENT: about_document.compose,
    Intent.OVERVIEW: overview.compose,
    Intent.DEFINITION: definition.compose,
    Intent.RANKING: ranking.compose,
}


@dataclass(slots=True, kw_only=True)
class Work:
    """One question on its way through the pipeline; `times` are seconds by step.

    `alone` is the question without its conversation, "" where that is not known; `taken_up` says that a model reads as
    one to the papers what ends without it; `added` is what its words find; a `plain` draft is passages alone,
    without a verdict, a corrected premise or a caveat before them.
    """

    request: ChatRequest
    settings: Settings
    corpus: Corpus
    finder: Finder
    topics: TopicResolver
    verifier: Verifier
    drafter: Drafter | None = None
    spoken: str = language.DEFAULT
    end: End | None = None
    taken_up: bool = False
    query: Query | None = None
    alone: str = ""
    focus: tuple[Item, ...] = ()
    among_focus: bool = False
    found: tuple[Found, ...] = ()
    most: int = FOUND
    tell: Tell | None = None
    proposal: Proposal | None = None
    added: tuple[Item, ...] = ()
    plain: bool = False
    draft: Draft | None = None
    worded: Worded | None = None
    times: dict[str, float] = field(default_factory=dict)

    @property
    def composed(self) -> bool:
        """True where the draft is a composer's, and no fixed text with which the question ended before."""
        return compose.__name__ in self.times

    def proven(self, sentence: Sentence) -> bool:
        """Whether a sentence of this answer may leave."""
        return self.verifier.proven(sentence, self.answer_language)

    @property
    def answer_language(self) -> str:
        """The language of the answer's own words: "en" where asked for or spoken, else "de"."""
        wanted = (self.request.language or self.spoken).split("-")[0].lower()
        return wanted if wanted in language.ANSWERED else language.DEFAULT

    @property
    def worded_in(self) -> str | None:
        """The language in which a model may word the answer; None for a question in any other."""
        wanted = (self.request.language or self.spoken).split("-")[0].lower()
        known = (language.DEFAULT, *tongues())
        if self.spoken not in known:
            return None
        return wanted if wanted in known else self.answer_language

    @property
    def words(self) -> str:
        """Whose own words the answer has: its language, or "einfach" where German ones are to be easy."""
        easy = Style(self.request.style) is Style.EASY and self.answer_language == language.DEFAULT
        return EASY if easy else self.answer_language

    def context(self) -> Context:
        """What composers work with."""
        assert self.query is not None
        return Context(
            corpus=self.corpus,
            finder=self.finder,
            topics=self.topics,
            query=self.query,
            found=self.found,
            focus=self.focus,
            among_focus=self.among_focus,
        )


def check(work: Work) -> None:
    """Tell the question's language; end what is not put to the documents."""
    question = work.request.question
    work.spoken = language.detect(question)
    reading = work.corpus.reader.read(question)
    named = reading.scope == "smalltalk" and work.corpus.names.documents(question).by_name
    work.end = ended(question, reading, bool(work.request.history), names_document=named)
    if work.end is not None and work.end.status in _TAKEN_UP and _has_answers(question, work.corpus):
        work.end = None
    if work.end is not None and not work.end.doubtful:
        work.draft = _ended(work, work.end)


def _has_answers(question: str, corpus: Corpus) -> bool:
    """Whether the papers answer it, whatever it reads like: what changed between them, what was written for an item."""
    return bool(corpus.changes_asked(question)) or corpus.questions.is_by_people(question)


def _ended(work: Work, end: End) -> Draft:
    """The fixed text with which a question ends."""
    if end.status is AnswerStatus.ABOUT_SERVICE:
        return about_service.about_service(end.text, work.words, work.corpus.edition, work.settings)
    if end.status is AnswerStatus.NEEDS_CLARIFICATION:
        return unclear(work.context())
    return fixed(end.text, work.words, end.status)


def propose(work: Work) -> None:
    """Have a language model say how it reads the question; what is surely none to the papers is not put to it."""
    assert work.drafter is not None
    open_ = work.draft is None or work.draft.status in _TAKEN_UP
    if not open_ or work.worded_in is None:
        return
    work.proposal = work.drafter.proposed(work.request.question, work.request.history, work.spoken)
    if work.end is not None and work.proposal is not None and work.proposal.scope == "documents":
        work.draft, work.taken_up = None, True


def understand_question(work: Work) -> None:
    """Tell intent, documents, filters and topic, with what a follow-up takes from its conversation."""
    request, proposal = work.request, work.proposal
    question, history = request.question, request.history
    if proposal is not None and proposal.question and history:
        question, history = proposal.question, []
    told = understood(question, history, work.corpus, work.spoken, request.documents)
    work.query = replace(told.query, language=work.answer_language, style=Style(request.style))
    work.focus, work.among_focus = told.focus, told.among_focus
    work.alone = _alone(request, told)
    if proposal is not None:
        computed = work.worded_in == work.answer_language
        work.query = adopted(work.context(), proposal, work.corpus.reader.read(question), computed=computed)


def find(work: Work) -> None:
    """Find the items that fit; what a follow-up points to comes first."""
    assert work.query is not None
    found = tuple(work.finder.find(work.query, work.most))
    if not work.focus:
        work.focus = _by_number(work.query, work.corpus)
        found = () if work.focus and numbered.is_all(work.query) else found
    work.found = _lifted(_held_first(found) if work.query.exists else found, work.focus or _called(work))
    if work.proposal is not None and work.proposal.words:
        words = understood(work.proposal.words, [], work.corpus, language.DEFAULT, None).query
        more = work.finder.rank(words.topic, work.query.documents, work.proposal.words, language.DEFAULT)
        work.added = tuple(one.item for one in more)


def judge_scope(work: Work) -> None:
    """End questions that are none to the documents, on other places, and on what became of a motion."""
    assert work.query is not None
    if work.end is not None and not work.taken_up and not speaks_against(work.end, work.context()):
        work.draft = _ended(work, work.end)
    elif work.query.foreign_place:
        work.draft = fixed("foreign_place", work.words, AnswerStatus.OUT_OF_SCOPE)
    elif _asks_outcome(work.query, work.corpus, work.found):
        work.draft = fixed("outcome", work.words, AnswerStatus.NOT_IN_DOCUMENTS)


def compose(work: Work) -> None:
    """Make the answer, by intent."""
    context = work.context()
    known = changes.compose(context) or numbered.without_record(context) or claimed.compose(context)
    composed = known or COMPOSERS[context.query.intent](context)
    draft = composed if known else verdicts.begun(context, composed)
    caveats = len(numbered.with_caveat(context, draft).sentences) - len(draft.sentences)
    work.plain = known is None and draft is composed and not caveats
    work.draft = whole_list.cut(context, numbered.with_caveat(context, sourced(context, draft)))


def claim(work: Work) -> None:
    """Claim what was composed as the answer where it is sure enough, else tell it as what was found."""
    assert work.draft is not None
    if work.plain:
        work.draft = found.weighed(work.context(), work.draft, work.proven)


def word(work: Work) -> None:
    """Have a language model word the draft, where one is configured; where it fails, the draft stays as it is."""
    assert work.draft is not None
    if work.drafter is not None and work.composed and work.worded_in is not None:
        context, request = work.context(), work.request
        base = not_in_documents(context) if work.taken_up else work.draft
        work.worded = work.drafter.worded(
            context, request.question, request.history, base, work.added, work.tell, work.worded_in
        )
        work.draft = work.worded.draft
    if work.taken_up and work.end is not None and work.draft.mode is not AnswerMode.GENERATED:
        work.draft = _ended(work, work.end)


def verify(work: Work) -> None:
    """Keep of the draft what is proven."""
    assert work.draft is not None
    work.draft = work.verifier.verified(work.draft, work.answer_language)


def fall_back(work: Work) -> None:
    """Tell what was found where nothing of what was composed is proven."""
    context = work.context()
    work.draft = found.of(context, work.proven) or not_in_documents(context)


STEPS: tuple[Callable[[Work], None], ...] = (check, understand_question, find, judge_scope, compose)


def run(work: Work) -> Draft:
    """Go through the steps until one makes a draft, then keep of it what is proven."""
    for step in STEPS:
        if work.draft is None:
            _timed(step, work)
        if step is check and work.drafter is not None:
            _timed(propose, work)
    _timed(claim, work)
    if work.drafter is not None:
        _timed(word, work)
    _timed(verify, work)
    if work.composed and work.draft is not None and work.draft.status is AnswerStatus.UNAVAILABLE:
        _timed(fall_back, work)
    assert work.draft is not None
    return work.draft


def _timed(step: Callable[[Work], None], work: Work) -> None:
    start = time.perf_counter()
    step(work)
    work.times[step.__name__.strip("_")] = time.perf_counter() - start


def _alone(request: ChatRequest, told: Understood) -> str:
    """The question in words of its own: a follow-up with the record that it is about, "" where it leans otherwise."""
    if not request.history or (told.text == request.question and not told.focus):
        return request.question
    return f"{request.question} {told.focus[0].title}" if len(told.focus) == 1 and not told.among_focus else ""


def _by_number(query: Query, corpus: Corpus) -> tuple[Item, ...]:
    """The few items that the question names by number."""
    items = numbered.meant(query, corpus)
    return items if len(items) <= _MOST_BY_NUMBER else ()


def _called(work: Work) -> tuple[Item, ...]:
    """The one record with a status that is called by what a question of yes or no names: its status is the verdict."""
    assert work.query is not None
    if not work.query.yesno or work.query.intent not in (Intent.FACT, Intent.STATUS):
        return ()
    matches = work.topics.resolve(work.query.topic, work.query.documents)
    called = tuple(one.item for one in matches if one.kind is MatchKind.CALLED and one.item.status)
    return called if len(called) == 1 else ()


def _held_first(found: tuple[Found, ...]) -> tuple[Found, ...]:
    """What was found, first that which holds all that the question names: whether a thing is there is asked."""
    best = found[0].score if found else 0.0
    whole = [one for one in found if one.coverage >= _WHOLE and one.score >= _NEAR * best]
    if not whole or found[0] in whole:
        return found
    first = replace(whole[0], score=best)
    return (first, *(one for one in found if one.item != first.item))


def _lifted(found: tuple[Found, ...], focus: tuple[Item, ...]) -> tuple[Found, ...]:
    """What was found, with the records in focus first."""
    if not focus:
        return found
    known = {(one.item.document_id, one.item.key): one for one in found}
    best = found[0].score if found else 1.0
    first = [known.get((item.document_id, item.key)) or Found(item, 0.0, 0.0) for item in focus]
    lifted = sorted((replace(one, score=best + one.score) for one in first), key=lambda one: -one.score)
    return (*lifted, *(one for one in found if one.item not in focus))


def _asks_outcome(query: Query, corpus: Corpus, found: tuple[Found, ...]) -> bool:
    """True for what became of a motion, and for how a vote on a draft went: the papers themselves cannot say it."""
    if query.intent in (Intent.LIST, Intent.COUNT, Intent.COMPARE):
        return False
    meant = query.documents if query.named else [found[0].item.document_id] if found else []
    documents = [corpus.catalogue.documents[one] for one in meant]
    if not documents:
        return False
    undecided = all(one.status in (DocumentStatus.PROPOSED, DocumentStatus.DRAFT) for one in documents)
    proposed = all(one.status is DocumentStatus.PROPOSED for one in documents)
    return (proposed and query.aspects.outcome) or (undecided and query.aspects.vote)
