"""Answers over one edition: runs the pipeline and puts its draft into the contract's shape."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Collection
from functools import cached_property

from prompts import text
from service.answer.composing.suggesting import suggestions
from service.answer.corpus import Corpus
from service.answer.draft import Draft
from service.answer.finding.judge import weights
from service.answer.pipeline import Parts, Work, run
from service.answer.reading.superseded import Superseded
from service.answer.tools.tools import Tools
from service.answer.verifying.citing import Citer
from service.curated.served import Curated
from service.curated.store import CuratedStore
from service.identifiers import AnswerIds
from service.language_models.access import ModelAccess
from service.language_models.naming import model_notice
from service.models import Answer, AnswerMode, AnswerStatus, ChatRequest, Notice, Receipt, Step
from service.records import records_of
from service.settings import Settings
from vectorstore.edition import Edition

PIPELINE = "2.0"
ANSWERED = ("de", "en")
_EASY = "einfach"


class AnswerService:
    """Answers questions over one edition; made once per edition, used by many requests at a time."""

    def __init__(
        self,
        edition: Edition,
        settings: Settings,
        ids: AnswerIds | None = None,
        model: ModelAccess | None = None,
        curated: CuratedStore | None = None,
    ) -> None:
        self.settings, self.model = settings, model
        self.ids = ids or AnswerIds()
        self.edition = edition
        self.parts = Parts(Corpus(edition, edition.catalogue.in_force))
        self.curated = Curated(self.parts, curated)
        self._superseded = Superseded(edition.catalogue)

    @property
    def corpus(self) -> Corpus:
        """The papers in force."""
        return self.parts.corpus

    @cached_property
    def everything(self) -> Parts:
        """What answers over all papers of the edition, superseded ones too."""
        return Parts(Corpus(self.edition))

    def tools(self, documents: Collection[str] = ()) -> Tools:
        """The tools over what is in force; over all papers where a superseded one is named."""
        superseded = self.edition.catalogue.superseded
        return (self.everything if any(one in superseded for one in documents) else self.parts).tools

    def warm(self) -> None:
        """Load what the first questions would load: word tables, vocabulary, indexes."""
        self.curated.valid()
        self.corpus.prepare()
        run(self.work(ChatRequest(question="Was wird für Wärme getan?")))
        if self.model is not None:
            from service.answer.agent.agent import warm

            warm(self.model)

    def answer(self, request: ChatRequest, tell: Callable[[Step], None] | None = None) -> Answer:
        """Answer a question, or say honestly why not; `tell` gets what is done while a model works."""
        start, work = time.perf_counter(), self.work(request)
        if self.model is not None:
            from service.answer.agent.agent import answerer

            work.agent = answerer(self.model, tell and (lambda tool, said: tell(Step(tool=tool, text=said))))
        return self._answer(run(work), work, start)

    def work(self, request: ChatRequest) -> Work:
        """A question on its way: over what is in force, and over superseded papers only as far as they are named."""
        documents = self._superseded.scope(request)
        if documents is not None:
            request = request.model_copy(update={"documents": documents})
        parts = self.parts if documents is None else self.everything
        return Work(request=request, settings=self.settings, parts=parts, curated=self.curated)

    def _answer(self, draft: Draft, work: Work, start: float) -> Answer:
        citer, language = Citer(work.parts.corpus), work.language
        said = citer.marked(draft) or text(f"{language}/unavailable")
        if draft.status is AnswerStatus.NOT_IN_DOCUMENTS and language != "en":
            said = f"{said} {self.settings.contact}"
        data = citer.data(draft)
        query = work.query
        times = {name: round(1000 * seconds, 2) for name, seconds in work.times.items()}
        return Answer(
            answer_id=self.ids.new(),
            status=draft.status,
            mode=draft.mode,
            language=draft.language if draft.mode is AnswerMode.GENERATED else language,
            corpus_edition=self.edition.name,
            answer=said,
            citations=citer.citations,
            data=data,
            nearest=records_of(draft.nearest, work.parts.corpus.catalogue),
            suggestions=list(draft.suggestions) or suggestions(draft, query, language),
            notices=self._notices(draft, citer, work),
            receipt=Receipt(
                pipeline=PIPELINE,
                settings=self._settings_digest(),
                model=self.model.name if self.model and draft.prompts else None,
                prompts=draft.prompts or None,
            ),
            timings_ms={**times, "total": round(1000 * (time.perf_counter() - start), 2)},
        )

    def _notices(self, draft: Draft, citer: Citer, work: Work) -> list[Notice]:
        notices = [Notice(code=code, text=said) for code, said in draft.notices]
        if self.model is not None and draft.mode is AnswerMode.GENERATED:
            place = self.settings.model_place
            notices.append(model_notice("model_words", draft.language, self.model.name, self.model.host, place))
        documents = work.parts.corpus.catalogue.documents
        cited = dict.fromkeys(one.document_id for one in citer.citations)
        notices += [Notice(code="superseded", text=said) for one in cited if (said := self._replaced(one, work))][:1]
        if any(documents[one].sample for one in cited or documents):
            notices.append(Notice(code="sample_data", text=text(f"{work.language}/sample_data")))
        if work.request.style == _EASY and draft.mode in (AnswerMode.COMPUTED, AnswerMode.EXTRACTIVE):
            notices.append(Notice(code="quotes", text=text(f"{_EASY}/quotes")))
        if work.query is not None and work.query.spoken not in (*ANSWERED, draft.language):
            notices.append(Notice(code="language", text=text(f"{work.language}/other_language")))
        return notices

    def _replaced(self, document_id: str, work: Work) -> str:
        """That a cited paper is no longer in force, and what replaces it; "" for others."""
        catalogue = self.edition.catalogue
        if document_id not in catalogue.superseded:
            return ""
        german, other = work.language == "de", catalogue.superseded[document_id]
        title = catalogue.documents[document_id].title
        if other is None:
            return f"„{title}“ gilt nicht mehr." if german else f"“{title}” is no longer in force."
        new = catalogue.documents[other].title
        return f"„{title}“ ist ersetzt durch „{new}“." if german else f"“{title}” is replaced by “{new}”."

    def _settings_digest(self) -> str:
        return "sha256:" + hashlib.sha256(repr((self.parts.finder.weights, weights())).encode()).hexdigest()[:16]
