"""The answer pipeline, read aloud: guard, stand alone, understand, find, compose, verify, answer.

Every step either hands on or ends with a non-answer; nothing is thrown.
"""

from __future__ import annotations

import hashlib
import time
from dataclasses import replace

from service.answering import guard, language
from service.answering.citing import Citer
from service.answering.composing import about_document, comparison, extract, records_listed, responsible, status
from service.answering.context import Context
from service.answering.corpus import Corpus
from service.answering.draft import Draft
from service.answering.finding import Finder, Found
from service.answering.followup import Standalone, standalone
from service.answering.nonanswers import fixed
from service.answering.query import Intent, Query
from service.answering.suggesting import suggestions
from service.answering.understanding import understand
from service.answering.verification import Verifier
from service.identifiers import new_answer_id
from service.models import Answer, AnswerStatus, ChatRequest, LookupResult, Notice, Receipt
from service.records import records_of
from service.settings import Settings
from service.answering.lookup import looked_up
from prompts import text
from vectorstore.edition import Edition
from vectorstore.records import DocumentStatus

PIPELINE = "1.0"
COMPOSERS = {
    Intent.FACT: extract.compose,
    Intent.TOPIC: extract.compose,
    Intent.LIST: records_listed.compose,
    Intent.COUNT: records_listed.compose,
    Intent.STATUS: status.compose,
    Intent.RESPONSIBLE: responsible.compose,
    Intent.COMPARE: comparison.compose,
    Intent.DOCUMENT: about_document.compose,
}


def worded(spoken: str) -> str:
    """The language that the answer's own words are in: German or English."""
    return "de" if spoken == "de" else "en"


class AnswerService:
    """Answers questions over one edition; made once per edition, used by many requests at a time."""

    def __init__(self, edition: Edition, settings: Settings) -> None:
        self.settings = settings
        self.corpus = Corpus(edition)
        self.finder = Finder(self.corpus)
        self.verifier = Verifier(self.corpus)

    def answer(self, request: ChatRequest) -> Answer:
        """Answer a question, or say honestly why not."""
        clock = {"start": time.perf_counter()}
        spoken = request.language or language.detect(request.question)
        intent, draft = self._draft(request, spoken, clock)
        draft = self.verifier.verified(draft)
        return self._answer(
            replace(draft, suggestions=tuple(suggestions(draft, intent, worded(spoken)))), spoken, clock
        )

    def lookup(self, query: str) -> LookupResult:
        """The records that cover a topic."""
        return looked_up(self.context(query, language.detect(query), None), self.corpus)

    def _draft(self, request: ChatRequest, spoken: str, clock: dict[str, float]) -> tuple[Intent | None, Draft]:
        words = worded(spoken)
        judged = guard.judge(request.question)
        if judged is not None:
            return None, fixed(judged[0], words, judged[1])
        asked = standalone(
            request.question, request.history, self.corpus.catalogue, self._content_words(request.question)
        )
        context = self.context(self._joined(asked), spoken, request.documents, asked)
        clock["found"] = time.perf_counter()
        if context.query.foreign_place:
            return None, fixed("foreign_place", words, AnswerStatus.OUT_OF_SCOPE)
        if self._asks_outcome(context.query):
            return None, fixed("outcome", words, AnswerStatus.NOT_IN_DOCUMENTS)
        return context.query.intent, COMPOSERS[context.query.intent](context)

    def context(
        self, question: str, spoken: str, allowed: list[str] | None, asked: Standalone | None = None
    ) -> Context:
        """Everything that composing needs for a question."""
        query = understand(question, self.corpus, spoken, allowed)
        found = tuple(self.finder.find(query))
        focus = asked.focus if asked else ()
        if focus:
            found = self._focused(found, asked)
        return Context(
            corpus=self.corpus,
            finder=self.finder,
            query=query,
            found=found,
            focus=focus,
            among_focus=bool(asked and asked.among_focus),
        )

    def _content_words(self, question: str) -> int:
        return len(understand(question, self.corpus, "de", None).topic)

    @staticmethod
    def _joined(asked: Standalone) -> str:
        """The follow-up with the words of what it leans on."""
        return asked.text if not asked.is_followup or asked.focus else f"{asked.earlier} {asked.text}"

    def _focused(self, found: tuple[Found, ...], asked: Standalone | None) -> tuple[Found, ...]:
        """What was found, with the records that the conversation is about first."""
        focus = asked.focus if asked else ()
        known = {(one.item.document_id, one.item.key): one for one in found}
        best = found[0].score if found else 1.0
        first = [known.get((item.document_id, item.key)) or Found(item, 0.0, 0.0) for item in focus]
        lifted = [replace(one, score=best + one.score) for one in first]
        return (*sorted(lifted, key=lambda one: -one.score), *(one for one in found if one.item not in focus))

    def _asks_outcome(self, query: Query) -> bool:
        documents = [self.corpus.catalogue.documents[one] for one in query.documents]
        return (
            bool(documents)
            and all(one.status is DocumentStatus.PROPOSED for one in documents)
            and guard.asks_outcome(query.text)
        )

    def _answer(self, draft: Draft, spoken: str, clock: dict[str, float]) -> Answer:
        citer = Citer(self.corpus)
        answer_text = citer.marked(draft) or text(f"{worded(spoken)}/unavailable")
        data = citer.data(draft)
        end = time.perf_counter()
        return Answer(
            answer_id=new_answer_id(),
            status=draft.status,
            mode=draft.mode,
            language=worded(spoken),
            corpus_edition=self.corpus.edition.name,
            answer=answer_text,
            citations=citer.citations,
            data=data,
            nearest=records_of(draft.nearest, self.corpus.catalogue),
            suggestions=list(draft.suggestions),
            notices=self._notices(draft, citer, spoken),
            receipt=Receipt(pipeline=PIPELINE, settings=self._settings_digest()),
            timings_ms={
                "find": round(1000 * (clock.get("found", end) - clock["start"]), 2),
                "total": round(1000 * (end - clock["start"]), 2),
            },
        )

    def _notices(self, draft: Draft, citer: Citer, spoken: str) -> list[Notice]:
        notices = [Notice(code=code, text=said) for code, said in draft.notices]
        documents = self.corpus.catalogue.documents
        if any(documents[one.document_id].sample for one in citer.citations) or (
            not citer.citations and any(one.sample for one in documents.values())
        ):
            notices.append(Notice(code="sample_data", text="Beispieldaten"))
        if spoken not in ("de", "en"):
            notices.append(Notice(code="language", text=text("en/other_language")))
        return notices

    def _settings_digest(self) -> str:
        weights = repr(self.finder.weights).encode()
        return "sha256:" + hashlib.sha256(weights).hexdigest()[:16]
