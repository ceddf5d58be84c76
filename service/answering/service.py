"""Answers over one edition: runs the pipeline and puts its draft into the contract's shape."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Collection, Sequence
from functools import cached_property, partial

import numpy as np
from numpy.typing import NDArray

from prompts import text
from service.answer.corpus import Corpus as Papers
from service.answer.pipeline import Parts
from service.answer.tools.tools import Tools
from service.answering.context import Context
from service.answering.corpus import Corpus
from service.answering.draft import Draft, Sentence
from service.answering.evidence.certainty import certainty
from service.answering.finding.finder import Finder
from service.answering.finding.topics import TopicResolver
from service.answering.first_questions import FirstQuestions
from service.answering.generating.drafting import FOUND, Drafter, Worded
from service.answering.likeness import likeness
from service.answering.pipeline import Work, check, run, understand_question
from service.answering.suggesting import suggestions
from service.answering.superseded import Superseded
from service.answering.understanding.language import ANSWERED, DEFAULT
from service.answering.verifying.citing import Citer
from service.answering.verifying.verifier import Verifier
from service.answering.wording import EASY
from service.changes.matching import pairs
from service.curated.served import Curated
from service.curated.store import CuratedStore
from service.identifiers import AnswerIds
from service.language_models.access import ModelAccess
from service.language_models.naming import model_notice
from service.models import (
    Answer,
    AnswerMode,
    AnswerStatus,
    ChatRequest,
    Notice,
    Receipt,
    ToldSentence,
)
from service.records import records_of
from service.settings import Settings
from vectorstore.edition import Edition

PIPELINE = "1.0"


class AnswerService:
    """Answers questions over one edition; made once per edition, used by many requests at a time."""

    def __init__(
        self,
        edition: Edition,
        settings: Settings,
        ids: AnswerIds | None = None,
        model: ModelAccess | None = None,
        curated: CuratedStore | None = None,
        certain: Callable[[float], None] | None = None,
    ) -> None:
        self.settings = settings
        self._certain = certain
        self.model = model
        self.ids = ids or AnswerIds()
        self.corpus = Corpus(edition, edition.catalogue.in_force, settings.trained_dir)
        self.finder = Finder(self.corpus)
        self.topics = TopicResolver(self.corpus)
        self.verifier = Verifier(self.corpus)
        self._parts = Parts(Papers(edition, edition.catalogue.in_force))
        self.curated = Curated(self._parts, curated)
        self._first = FirstQuestions(self.corpus.catalogue, self._read, self._drafted)
        self._superseded = Superseded(edition.catalogue)
        self._followed = bool(pairs(edition.catalogue))

    def warm(self) -> None:
        """Load what the first questions would load (word tables, vocabulary and its words), about a second."""
        if self.model is not None:
            self.model.warm()
        self.curated.valid()
        self.corpus.prepare()
        work = self._unworded("Was wird für Wärme getan?", None)
        self._answer(run(work), work, time.perf_counter())

    def answer(self, request: ChatRequest, tell: Callable[[ToldSentence], None] | None = None) -> Answer:
        """Answer a question, or say honestly why not; `tell` gets sentences that a model words, as they are proven."""
        start = time.perf_counter()
        work = self.work(request)
        if tell is not None:
            work.tell = partial(_told, Citer(work.corpus), tell)
        draft = run(work)
        certain = self._certainty(draft, work)
        if self._certain is not None and certain is not None:
            self._certain(certain)
        return self._answer(draft, work, start).told_with(certain)

    def first_questions(self, language: str, documents: Collection[str] = ()) -> list[str]:
        """Questions to begin with, in "de" or "en", of some documents or of all; each is answered."""
        return self._first.of(language, documents)

    def _read(self, question: str, documents: Sequence[str] | None) -> Context:
        work = self._unworded(question, documents)
        for step in (check, understand_question):
            step(work)
        return work.context()

    def _drafted(self, question: str, documents: Sequence[str] | None) -> Draft:
        return run(self._unworded(question, documents))

    def _unworded(self, question: str, documents: Sequence[str] | None) -> Work:
        """The work on a question that nobody asked: nothing is sent to a language model."""
        work = self.work(ChatRequest(question=question, documents=None if documents is None else list(documents)))
        work.drafter = None
        return work

    def tried(self, question: str) -> Answer:
        """Answer a question for staff to look at: without a language model, so that nothing is sent and spent."""
        work, start = self._unworded(question, None), time.perf_counter()
        return self._answer(run(work), work, start)

    def alike(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """How alike texts are, each two of them, 0 to 1."""
        return likeness(texts, self.corpus)

    def _certainty(self, draft: Draft, work: Work) -> float | None:
        """How certain an answer is; worked out only where unsure ones are kept or counted."""
        wanted = self.settings.keep_questions or self._certain is not None
        if not wanted or draft.status is not AnswerStatus.ANSWERED or work.query is None:
            return None
        return certainty(draft, work.context())

    def tools(self, documents: Collection[str] = ()) -> Tools:
        """The tools over what is in force; over all papers where a superseded one is named."""
        superseded = self.corpus.edition.catalogue.superseded
        return self._all_tools if any(one in superseded for one in documents) else self._parts.tools

    @cached_property
    def _all_tools(self) -> Tools:
        return Parts(Papers(self.corpus.edition)).tools

    def work(self, request: ChatRequest) -> Work:
        """A question on its way: over what is in force, and over superseded papers only as far as they are named."""
        documents = self._superseded.scope(request)
        if request.documents is None and self._followed and self.corpus.changing.asked(request.question):
            documents = list(self.corpus.edition.catalogue.documents)
        if documents is None:
            return self._worded(
                Work(
                    request=request,
                    settings=self.settings,
                    corpus=self.corpus,
                    finder=self.finder,
                    topics=self.topics,
                    verifier=self.verifier,
                )
            )
        corpus = self._everything
        return self._worded(
            Work(
                request=request.model_copy(update={"documents": documents}),
                settings=self.settings,
                corpus=corpus,
                finder=Finder(corpus),
                topics=TopicResolver(corpus),
                verifier=Verifier(corpus),
            )
        )

    def _worded(self, work: Work) -> Work:
        """The work with who words its draft, where a language model is configured; more is found for it then."""
        if self.model is not None:
            work.drafter = Drafter(self.model, work.corpus, work.verifier)
            work.most = FOUND
        return work

    @cached_property
    def _everything(self) -> Corpus:
        """All papers of the edition, superseded ones too."""
        return Corpus(self.corpus.edition, trained=self.settings.trained_dir)

    def _answer(self, draft: Draft, work: Work, start: float) -> Answer:
        citer = Citer(work.corpus)
        words = work.words
        worded = work.worded or Worded(draft)
        said = citer.marked(draft) or text(f"{words}/unavailable")
        if draft.status is AnswerStatus.NOT_IN_DOCUMENTS and words != "en":
            said = f"{said} {self.settings.contact}"
        data = citer.data(draft)
        total = time.perf_counter() - start
        return Answer(
            answer_id=self.ids.new(),
            status=draft.status,
            mode=draft.mode,
            language=_language(draft, work),
            corpus_edition=self.corpus.edition.name,
            answer=said,
            citations=citer.citations,
            data=data,
            nearest=records_of(draft.nearest, work.corpus.catalogue),
            suggestions=self._suggestions(draft, work),
            notices=self._notices(draft, citer, work),
            receipt=Receipt(
                pipeline=PIPELINE,
                settings=self._settings_digest(),
                model=worded.model or None,
                prompts=worded.prompts or None,
            ),
            timings_ms={
                **{name: round(1000 * seconds, 2) for name, seconds in work.times.items()},
                "total": round(1000 * total, 2),
            },
        )

    def _suggestions(self, draft: Draft, work: Work) -> list[str]:
        """What may be asked next: choices, what the service can answer well, or more on what was cited."""
        if draft.suggestions:
            return list(draft.suggestions)
        if draft.status is AnswerStatus.ABOUT_SERVICE:
            return self.first_questions(work.answer_language, work.request.documents or ())
        return suggestions(draft, work.query.intent if work.query else None, work.answer_language)

    def _notices(self, draft: Draft, citer: Citer, work: Work) -> list[Notice]:
        notices = [Notice(code=code, text=said) for code, said in draft.notices]
        if self.model is not None and work.worded is not None and work.worded.language and draft.mode is not None:
            place, spoken = self.settings.model_place, work.worded.language
            spoken = work.words if spoken == DEFAULT else spoken
            notices.append(model_notice("model_words", spoken, self.model.name, self.model.host, place))
        documents = work.corpus.catalogue.documents
        cited = {one.document_id for one in citer.citations} or set(documents)
        notices += [
            Notice(code="superseded", text=said)
            for one in citer.citations
            if (said := self._no_longer(one.document_id, work))
        ][:1]
        if any(documents[one].sample for one in cited):
            notices.append(Notice(code="sample_data", text=text(f"{work.words}/sample_data")))
        if work.words == EASY and draft.mode in (AnswerMode.COMPUTED, AnswerMode.EXTRACTIVE):
            notices.append(Notice(code="quotes", text=text(f"{EASY}/quotes")))
        if work.spoken not in ANSWERED and _language(draft, work) != work.spoken:
            notices.append(Notice(code="language", text=text(f"{work.words}/other_language")))
        return notices

    def _no_longer(self, document_id: str, work: Work) -> str:
        """That a cited paper is no longer in force, and what replaces it; "" for others."""
        catalogue = self.corpus.edition.catalogue
        if document_id not in catalogue.superseded:
            return ""
        german, other = work.answer_language == "de", catalogue.superseded[document_id]
        title = catalogue.documents[document_id].title
        if other is None:
            return f"„{title}“ gilt nicht mehr." if german else f"“{title}” is no longer in force."
        new = catalogue.documents[other].title
        return f"„{title}“ ist ersetzt durch „{new}“." if german else f"“{title}” is replaced by “{new}”."

    def _settings_digest(self) -> str:
        weights = repr((self.finder.weights, self.corpus.judgement)).encode()
        return "sha256:" + hashlib.sha256(weights).hexdigest()[:16]


def _language(draft: Draft, work: Work) -> str:
    """The language of an answer: that in which a model worded it, else that of its own words."""
    worded = draft.mode is AnswerMode.GENERATED and work.worded is not None and work.worded.language
    return worded or work.answer_language


def _told(citer: Citer, tell: Callable[[ToldSentence], None], sentence: Sentence) -> None:
    """Tell a sentence with its markers, and the citations that it uses first."""
    known = len(citer.citations)
    said = citer.marked(Draft(AnswerStatus.ANSWERED, sentences=(sentence,)))
    tell(ToldSentence(text=said, citations=citer.citations[known:]))
