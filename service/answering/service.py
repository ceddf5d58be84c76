"""The answer service of one edition: runs the pipeline and makes an `Answer` of its draft."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterator, Sequence
from functools import cached_property
from hashlib import sha256

from prompts import FURTHER, imitates_service, say, text
from service import AnswerIds, Settings, wording
from service.answering.composing.contacts import add_contacts, general_contact
from service.answering.composing.fixed_texts import ABOUT_NOTICE
from service.answering.corpus import Corpus
from service.answering.draft import Draft
from service.answering.pipeline import run
from service.answering.privacy import sendable_turns
from service.answering.query import AnswerType, Intent
from service.answering.question_run import PipelineParts, QuestionRun
from service.answering.reading.classifier import UNDERSTOOD
from service.answering.reading.documents import DocumentNames
from service.answering.retrieval.relevance import load_models
from service.answering.suggestions import FirstQuestions, next_questions
from service.answering.tools.toolbox import Tools
from service.answering.verification.citations import Citer
from service.language_models import ModelAccess, model_notice
from service.records import (
    Answer,
    AnswerMode,
    AnswerStatus,
    ChatRequest,
    ContactDirectory,
    Notice,
    Receipt,
    Step,
    records_of,
)
from vectorstore import WORDS_ONLY, Edition

PIPELINE = "3.0"
ReportProgress = Callable[[Step], None]
Decide = Callable[[PipelineParts], Callable[[QuestionRun], Draft | None]]
_EASY = "einfach"


class AnswerService:
    """Answers questions over one edition; made once per edition, used by many requests at a time.

    `decide` takes the pipeline's parts and returns the function that answers questions on which
    people decided, `contacts` the directory of contacts as it is now.
    """

    def __init__(
        self,
        edition: Edition,
        settings: Settings,
        ids: AnswerIds | None = None,
        model: ModelAccess | None = None,
        judge: ModelAccess | None = None,
        decide: Decide | None = None,
        contacts: Callable[[], ContactDirectory] = ContactDirectory,
    ) -> None:
        self.settings = settings
        self.edition = edition
        self.model = model
        self.judge = judge
        self.ids = ids or AnswerIds()
        self.contacts = contacts
        self.parts = PipelineParts(Corpus(edition, edition.catalogue.in_force))
        self.decided = decide(self.parts) if decide is not None else None
        self._names = DocumentNames(edition.catalogue)
        self._first = FirstQuestions(self.corpus.catalogue, self._try)

    @property
    def corpus(self) -> Corpus:
        """The corpus of the documents in force."""
        return self.parts.corpus

    @cached_property
    def all_parts(self) -> PipelineParts:
        """The pipeline's parts over all documents of the edition, superseded ones too."""
        return PipelineParts(Corpus(self.edition))

    def tools(self, documents: Collection[str] = ()) -> Tools:
        """The tools over the documents in force.

        If `documents` has the id of a superseded one, these are the tools over all documents, since
        the others would not know it.
        """
        superseded = self.edition.catalogue.superseded.keys()
        if superseded.isdisjoint(documents):
            return self.parts.tools
        return self.all_parts.tools

    def warm(self) -> None:
        """Load in advance what the first question would load: word tables, vocabulary, indexes, the
        model's library.
        """
        if self.model is not None:
            from service.answering.agent.answerer import warm

            warm(self.model)
        self.corpus.records.prepare()
        self.answer_without_model(say("serving.trial_question"))

    def answer(self, request: ChatRequest, tell: ReportProgress | None = None) -> Answer:
        """Answer a question, or state why there is no answer; `tell` is called with each step of
        the agent.
        """
        start = time.perf_counter()
        question_run = self.start_run(request)
        if self.model is not None:
            from service.answering.agent.answerer import make_answerer

            question_run.agent = make_answerer(self.model, self.judge, tell)
        return self._answer(question_run, start)

    def answer_without_model(self, question: str) -> Answer:
        """Answer a question without a language model, so that nothing is sent or paid: for staff
        and warming up.
        """
        start = time.perf_counter()
        return self._answer(self.start_run(ChatRequest(question=question)), start)

    def first_questions(self, language: str, documents: Collection[str] = ()) -> list[str]:
        """Example questions on some documents or on all, in `language` ("de" or "en"); each has
        been tried out.
        """
        return self._first.for_documents(language, documents)

    def start_run(self, request: ChatRequest) -> QuestionRun:
        """The pipeline's state for a request.

        It is over the documents in force, with superseded ones only if the request names them. A
        question on changes is over all documents, since it compares earlier ones with later ones.
        If vectors are made by an endpoint, but the conversation has personal data, nothing is sent
        to the endpoint.
        """
        documents = self._names.scope(request)
        if documents is None and request.documents is None and self._asks_changes(request.question):
            documents = list(self.edition.catalogue.documents)
        if documents is not None:
            request = request.model_copy(update={"documents": documents})
        parts = self.parts if documents is None else self.all_parts
        if self.edition.embeds_by_endpoint and self.is_private(request):
            parts = parts.without_endpoint()
        question_run = QuestionRun(
            request=request,
            settings=self.settings,
            parts=parts,
            decided=self.decided,
            contacts=self.contacts(),
        )
        question_run.contact = self.contact_text(question_run.language)
        return question_run

    def contact_text(self, language: str) -> str:
        """Where to turn in general, in "de" or "en"."""
        return general_contact(self.contacts(), self.settings, language)

    def is_private(self, request: ChatRequest) -> bool:
        """True if a conversation has personal data, so that nothing of it may leave the house."""
        published = self.contacts().describe("de")
        return sendable_turns(request, self.corpus, self.settings, published) is None

    def _asks_changes(self, question: str) -> bool:
        """True if a question asks what changed from a superseded document to the one that replaced
        it.

        Without superseded documents there is nothing to compare, so the question is not even read.
        """
        superseded = self.edition.catalogue.superseded
        return bool(superseded) and self.parts.reader.read(question).query.intent is Intent.CHANGES

    def _try(self, question: str, documents: Sequence[str] | None) -> Draft:
        """The draft for a question without a language model, to see whether the question can be
        suggested.
        """
        chosen = None if documents is None else list(documents)
        return run(self.start_run(ChatRequest(question=question, documents=chosen)))

    def _answer(self, question_run: QuestionRun, start: float) -> Answer:
        """The answer as it is sent; `start` is when the question came, in seconds of
        `time.perf_counter`.

        First contacts are added to the draft, so that they are numbered and shown with the rest.
        Then the text is marked, which numbers the citations, and only then the rows. The receipt
        has a digest of the weights and trained models, which tells whether two answers were made by
        the same ones.
        """
        draft = run(question_run)
        citer = Citer(question_run.parts.corpus)
        language = question_run.language
        directory = question_run.contacts
        contact = question_run.contact
        if question_run.query is not None:
            draft = add_contacts(draft, question_run.query, directory, contact, language)
        statement = citer.mark_text(draft) or text(f"{language}/unavailable")
        # the contact is worded in German or English only
        if draft.status is AnswerStatus.NOT_IN_DOCUMENTS and language not in FURTHER:
            statement = f"{statement} {contact}"
        data = citer.data(draft)
        times = {name: round(1000 * seconds, 2) for name, seconds in question_run.times.items()}
        weights = repr((self.parts.retriever.weights, load_models())).encode()
        return Answer(
            answer_id=self.ids.issue(),
            status=draft.status,
            mode=draft.mode,
            language=draft.language or language,
            corpus_edition=self.edition.name,
            answer=statement,
            citations=citer.citations,
            passage=citer.passage(draft),
            sentences=citer.checked_sentences(draft),
            data=data,
            contacts=directory.find_described(statement, language),
            nearest=records_of(draft.nearest, question_run.parts.corpus.catalogue),
            suggestions=list(draft.suggestions) or self._suggestions(draft, question_run),
            notices=self._notices(draft, citer, question_run),
            receipt=Receipt(
                pipeline=PIPELINE,
                settings=f"sha256:{sha256(weights).hexdigest()[:16]}",
                model=self.model.name if self.model and draft.prompts else None,
                prompts=draft.prompts or None,
            ),
            timings_ms={**times, "total": round(1000 * (time.perf_counter() - start), 2)},
        )

    def _suggestions(self, draft: Draft, question_run: QuestionRun) -> list[str]:
        """Questions to ask next: after a text about the service the first questions, else questions
        on what was cited.

        There are none in a further language, in which no question was tried. A question that would
        sound as if the service spoke, because of a title in it, is left out.
        """
        if question_run.language in FURTHER:
            return []
        if draft.status is AnswerStatus.ABOUT_SERVICE:
            return self.first_questions(question_run.language, question_run.request.documents or ())
        answer_type = question_run.query.answer_type if question_run.query else AnswerType.NOTHING
        questions = next_questions(draft, answer_type, question_run.language)
        return [question for question in questions if not imitates_service(question)]

    def _notices(self, draft: Draft, citer: Citer, question_run: QuestionRun) -> list[Notice]:
        """The notices of the draft, and those on model, search, superseded or sample documents,
        style and language.

        Those on style and language say that a wish was not met: quotes stay as they are printed in
        easy language, too, and an answer may be in another language than the question.
        """
        language = question_run.language
        notices = []
        for code, said in draft.notices:
            url = f"/about?language={language}" if code == ABOUT_NOTICE else None
            notices.append(Notice(code=code, text=said, url=url))
        if self.model is not None and draft.mode is AnswerMode.GENERATED:
            worded_in = draft.language or language
            notices.append(model_notice("model_words", worded_in, self.model.name, self.model.host))
        if self.edition.search_kind == WORDS_ONLY and question_run.query is not None:
            notices.append(Notice(code="words_only", text=text(f"{language}/words_only")))
        notices += self._notices_on_documents(citer, question_run)
        is_quoted = draft.mode in (AnswerMode.COMPUTED, AnswerMode.EXTRACTIVE)
        if question_run.request.style == _EASY and is_quoted:
            notices.append(Notice(code="quotes", text=text(f"{_EASY}/quotes")))
        asked_in = question_run.query.question_language if question_run.query else language
        if asked_in not in UNDERSTOOD and draft.language != asked_in:
            notices.append(Notice(code="language", text=text(f"{language}/other_language")))
        return notices

    def _notices_on_documents(self, citer: Citer, question_run: QuestionRun) -> Iterator[Notice]:
        """Yield the notices that cited documents are superseded, are the newest of a series, or are
        samples.

        Only the first superseded document is explained. If nothing is cited, the notice on samples
        is about all documents, as these were searched.
        """
        language = question_run.language
        cited = dict.fromkeys(citation.document_id for citation in citer.citations)
        superseded = [id_ for id_ in cited if id_ in self.edition.catalogue.superseded]
        if superseded:
            explanation = self._explain_superseded(superseded[0], language)
            yield Notice(code="superseded", text=explanation)
        everything = self.edition.catalogue.documents
        newest = {document.followed_by for document in everything.values()}
        for document in [everything[id_] for id_ in cited if id_ in newest]:
            newest_text = wording.format_words(language, "newest", title=document.title)
            yield Notice(code="newest", text=newest_text)
        documents = question_run.parts.corpus.catalogue.documents
        if any(documents[document].sample for document in cited or documents):
            yield Notice(code="sample_data", text=text(f"{language}/sample_data"))

    def _explain_superseded(self, document_id: str, language: str) -> str:
        """The statement that a document is no longer in force, and by which it is replaced.

        No document may have replaced it: then its time has ended. The reason is the most exact one
        that is known: a newer one of its series, the same text, a repeal, else only "replaced".
        """
        documents = self.edition.catalogue.documents
        successor = self.edition.catalogue.superseded[document_id]
        document = documents[document_id]
        title = document.title
        if successor is None:
            return wording.format_words(language, "out_of_force", title=title)
        reasons = {
            "followed": document.followed_by,
            "same_text": document.same_as,
            "repealed": document.repealed_by,
        }
        reason = next(filter(reasons.get, reasons), "replaced")
        return wording.format_words(language, reason, title=title, new=documents[successor].title)
