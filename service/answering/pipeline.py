"""The pipeline of one question: check, read, search, decide the scope, compose (composers or
agent), verify.

A question out of scope gets a fixed text: danger to life, instructions to the service, small talk,
questions about the service, and what others have to answer. Danger is decided before anything is
read, and never by a probability alone; instructions by markup are next; all other scopes are
decided by the trained reader's probability for each scope.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from copy import copy
from dataclasses import dataclass, field, replace

from prompts import answer_language, text
from service import Settings, wording
from service.answering import lexicon
from service.answering.composing import (
    changes,
    comparison,
    contacts,
    document,
    listing,
    overview,
    passages,
    record,
)
from service.answering.composing.fixed_texts import (
    about_service,
    ask_for_clarification,
    fixed_draft,
    not_in_documents,
)
from service.answering.context import Context
from service.answering.corpus import Corpus
from service.answering.draft import Draft, make_sentence
from service.answering.query import AnswerType, Intent, Query
from service.answering.reading.classifier import detect_language
from service.answering.reading.follow_up import read_in_conversation
from service.answering.reading.left_over import words_of_metadata
from service.answering.reading.matcher import Matcher
from service.answering.reading.probabilities import most_likely
from service.answering.reading.question_reader import QuestionReader, QuestionReading
from service.answering.reading.question_score import IDENTITY_FILE, load_score, score_question
from service.answering.reading.safety import has_strong_words, is_danger
from service.answering.retrieval.facts import has_fact
from service.answering.retrieval.search import Retriever
from service.answering.tools.toolbox import Tools
from service.answering.verification.attribution import attribute
from service.answering.verification.verifier import Verifier
from service.records import AnswerMode, AnswerStatus, ChatRequest, ContactDirectory, DataKind
from vectorstore.language import fold
from vectorstore.records import DocumentKind

MOST_HITS = 12  # search hits of a question
_SIMILAR = 0.5  # likeness to a question written for an item from which a question needs no topic
_SAME = 0.99  # the same, from which it counts as that question
_OVERRULABLE = (
    AnswerStatus.OUT_OF_SCOPE,
    AnswerStatus.NEEDS_CLARIFICATION,
)  # by a decision or by a model
# least probability of the contact, from which nobody asks who answers: "mit einem Menschen
# sprechen" has .89, "Spreche ich mit einem Menschen?" .67
_SOMEBODY = 0.75
_UNSAFE = ("injection", "insult")
_UNSAFE_THRESHOLD = 0.6  # least probability of an unsafe scope
_THRESHOLD = 0.7  # least probability of any other scope if no hit has a word
_ADDED_BY_HITS = 0.45  # what hits with all words add to it
_ADDED_BY_HITS_TO_SERVICE = 0.25  # what they add to that of "service"
_HIGHEST_THRESHOLD = 0.98
# least probability of a follow-up, which is about the documents like the question before it
_FOLLOW_UP = 0.5
# what the reader's probabilities of "service" and of the documents add to the encoder's score of
# who answers, chosen on the questions that it learned from and a first set of 120; of a second set
# that neither saw, 60 of 60 forms are found and 1 of 60 topics is taken for one
_BY_SERVICE = 1.0
_BY_CONTENT = -2.0
_FIXED_TEXTS = {  # by scope: the name of the text, and the status of the answer
    "danger": ("emergency", AnswerStatus.EMERGENCY),
    "injection": ("injection", AnswerStatus.REFUSED),
    "insult": ("insult", AnswerStatus.REFUSED),
    "smalltalk": ("chit_chat", AnswerStatus.OUT_OF_SCOPE),
    "live": ("live_data", AnswerStatus.OUT_OF_SCOPE),
    "personal": ("personal_case", AnswerStatus.OUT_OF_SCOPE),
    "legal": ("legal_advice", AnswerStatus.OUT_OF_SCOPE),
    "opinion": ("opinion", AnswerStatus.OUT_OF_SCOPE),
    "elsewhere": ("foreign_place", AnswerStatus.OUT_OF_SCOPE),
}
# probability of the service times that of its identity, from which the reader alone is believed:
# of 958 questions to documents none reaches .4
_SURE_OF_IDENTITY = 0.6
_WHO_ANSWERS = ("identity", "abilities", "languages")  # asked of the service: who and what it is
_WHOLE_QUESTION = (DataKind.LIST, DataKind.COUNT)
COMPOSERS: dict[Intent, Callable[[Context], Draft]] = {
    Intent.SEARCH: passages.compose,
    Intent.LIST: listing.compose,
    Intent.COUNT: listing.compose,
    Intent.FIELD: record.compose,
    Intent.OVERVIEW: overview.compose,
    Intent.COMPARISON: comparison.compose,
    Intent.DOCUMENT: document.compose,
    Intent.CHANGES: changes.compose,
}


class PipelineParts:
    """The parts that answer over one corpus: retriever, matcher, reader, verifier, tools; shared
    between requests.
    """

    def __init__(self, corpus: Corpus) -> None:
        self.corpus = corpus
        self.retriever = Retriever(corpus)
        self.matcher = Matcher(corpus)
        self.reader = QuestionReader(self.matcher)
        self.verifier = Verifier(corpus)
        self.tools = Tools(corpus, self.retriever)

    def without_endpoint(self) -> PipelineParts:
        """The same parts, but nothing of a question is sent to an embedding endpoint."""
        parts = copy(self)
        parts.retriever = self.retriever.without_endpoint()
        parts.tools = Tools(self.corpus, parts.retriever)
        return parts


@dataclass(slots=True, kw_only=True)
class QuestionRun:
    """One question in the pipeline, with the results of its steps; `times` are seconds by step.

    `decided` looks up what people decided, `agent` asks a model with tools; either may return no
    draft, then composers answer. `contact` is where to turn in general. `rejection` is the fixed
    text for a question out of scope, where the agent may still decide otherwise.
    """

    request: ChatRequest
    settings: Settings
    parts: PipelineParts
    decided: Callable[[QuestionRun], Draft | None] | None = None
    agent: Callable[[QuestionRun], Draft | None] | None = None
    contacts: ContactDirectory = field(default_factory=ContactDirectory)
    contact: str = ""
    reading: QuestionReading | None = None
    context: Context | None = None
    rejection: Draft | None = None
    draft: Draft | None = None
    times: dict[str, float] = field(default_factory=dict)

    @property
    def language(self) -> str:
        """The language of the answer's own words: the requested one, without a request the
        detected one.
        """
        return answer_language(self.request.language or detect_language(self.request.question))

    @property
    def query(self) -> Query | None:
        """The query, None if the question was rejected before it was read."""
        if not self.reading:
            return None
        return self.reading.query

    def find_decision(self) -> Draft | None:
        """The draft that people decided for this question, if any."""
        if self.decided is None:
            return None
        return self.decided(self)


def check(question_run: QuestionRun) -> None:
    """Answer, before the question is read, one that says danger, or that instructs the service
    itself.

    Danger goes first, so that the numbers to call are never withheld. Instructions are recognised
    by their wording alone, such as markup, roles of a chat ("System:") or queries to a database.
    For any other question no draft is set, so the next step runs.
    """
    question = question_run.request.question
    if is_danger(question):
        question_run.draft = _reject_danger(question_run)
    elif lexicon.matches("safety", "injection", question):
        question_run.draft = _fixed_draft("injection", question_run.language)


def _reject_danger(question_run: QuestionRun) -> Draft:
    """The draft with the numbers to call.

    Weak words count as danger only together with a score, and that may err: 9 of 75 annoyed wishes
    for a person were taken for danger. So without strong words the draft also says where to turn if
    it is no emergency.
    """
    draft = _fixed_draft("danger", question_run.language)
    if has_strong_words(question_run.request.question):
        return draft
    words = f"{text(f'{question_run.language}/no_emergency')} {question_run.contact}"
    return replace(draft, sentences=(*draft.sentences, make_sentence(words)))


def read(question_run: QuestionRun) -> None:
    """Read the question into a query.

    A follow-up ("Und in Holzau?") is read as a change of the query of the question before it.
    """
    request = question_run.request
    reader = question_run.parts.reader
    documents = tuple(request.documents or ())
    question_run.reading = read_in_conversation(
        request.question, request.history, reader, request.language, documents
    )


def search(question_run: QuestionRun) -> None:
    """Search the documents of the query, or all if it names none, and make the context of the
    answer.

    Besides, the item is looked up for which people wrote this very question, if there is one.
    """
    parts = question_run.parts
    query = question_run.query
    assert query is not None
    documents = query.conditions.documents or None
    hits = tuple(
        parts.retriever.search(
            query.text, documents, MOST_HITS, query.question_language, question=query.question
        )
    )
    written = parts.retriever.find_item_by_question(question_run.request.question, documents)
    question_run.context = Context(
        parts.corpus, parts.retriever, query, hits, written, question_run.contacts
    )


def reach(question_run: QuestionRun) -> None:
    """Answer how to reach a unit or somebody, and what a unit is; no draft for any other question.

    A wish for somebody to talk to, without a unit or document, gets the general contact. A decision
    of people on this question goes before both.
    """
    context = question_run.context
    reading = question_run.reading
    assert context is not None and reading is not None
    draft = contacts.compose(context, reading, question_run.contact)
    if draft is None and contacts.asks_for_somebody(context.query):
        draft = _about_service("contact", question_run, context)
    question_run.draft = draft and (question_run.find_decision() or draft)


def decide_scope(question_run: QuestionRun) -> None:
    """Reject a question out of scope by a fixed text.

    A question that people wrote for an item, or one that is nearly the same, is always in scope. A
    rejection with a status in `_OVERRULABLE` is not final: a decision of people replaces it. Else,
    if there is an agent, that is asked first; the draft waits as `rejection` for the case that the
    agent fails, or rejects the question too.
    """
    context = question_run.context
    assert context is not None and question_run.reading is not None
    if context.written_item is None and not any(
        hit.question_similarity >= _SAME for hit in context.hits
    ):
        question_run.draft = _reject_out_of_scope(question_run, context, question_run.reading)
    if question_run.draft is None or question_run.draft.status not in _OVERRULABLE:
        return
    question_run.draft = question_run.find_decision() or question_run.draft
    if question_run.agent is not None and question_run.draft.status in _OVERRULABLE:
        question_run.rejection = question_run.draft
        question_run.draft = None


def _reject_out_of_scope(
    question_run: QuestionRun, context: Context, reading: QuestionReading
) -> Draft | None:
    """The draft with the fixed text for a question out of scope; None for one about the documents.

    The most likely scope counts. An unsafe one (`_UNSAFE`) needs only `_UNSAFE_THRESHOLD`. Any
    other scope does not count if the question names a record; nor "elsewhere" if it names a place
    of the edition, nor any but "service" if it names a document: these show that it is about the
    documents. It does not count either for a follow-up, which goes on about them. Else it needs
    `_least_probability`.

    If a question asks who answers, it is one to the service for certain. An unclear question is
    asked back only at the beginning: later the conversation may explain it.
    """
    # `check` has decided on danger, so here it never wins
    scopes = {**reading.probabilities["scope"], "danger": 0.0}
    scope = most_likely(scopes)
    values = reading.values
    probability = scopes[scope]
    has_history = bool(question_run.request.history)
    asks_who = _asks_who_answers(question_run.request.question, reading.probabilities)
    if asks_who:
        scope = "service"
        probability = 1.0
    if scope in _UNSAFE:
        if probability < _UNSAFE_THRESHOLD:
            return None
        return _fixed_draft(scope, context.language)
    names_record = values.numbered.items or values.named_by_title
    named = values.documents
    names_place = scope == "elsewhere" and (
        named.publishers or named.outside or values.conditions.place
    )
    names_document = scope != "service" and values.documents.by_name
    if scope == "documents" or names_record or names_place or names_document:
        return None
    # of what is said to the service, thanks continue nothing, and who answers is asked at any time
    may_continue = scope != "service" or (reading.query.conditions.topic and not asks_who)
    may_follow_up = has_history and may_continue
    is_follow_up = may_follow_up and reading.probabilities["followup"]["yes"] >= _FOLLOW_UP
    if is_follow_up or probability < _least_probability(scope, context):
        return None
    if scope == "service":
        return _reject_service(question_run, context, reading, asks_who)
    if scope == "unclear":
        if has_history:
            return None
        return ask_for_clarification(context)
    return _fixed_draft(scope, context.language)


def _least_probability(scope: str, context: Context) -> float:
    """The least probability at which a scope counts that is neither unsafe nor "documents".

    It is the higher, the more of the question's words the best of the first three hits has: then
    the documents probably answer it. Words of a language that the reader does not understand are in
    no document; such a question is treated as if the hits had all its words.
    """
    coverage = 1.0
    if context.is_understood:
        coverages = (max(hit.coverage, hit.question_similarity) for hit in context.hits[:3])
        coverage = max(coverages, default=0.0)
    added = _ADDED_BY_HITS_TO_SERVICE if scope == "service" else _ADDED_BY_HITS
    return min(_THRESHOLD + added * coverage, _HIGHEST_THRESHOLD)


def _reject_service(
    question_run: QuestionRun, context: Context, reading: QuestionReading, asks_who: bool | None
) -> Draft | None:
    """The draft with the fixed text for a question to the service itself; None if it may not be
    one.

    None is returned if the reader says that it asks who answers, but the encoder denies it
    (`asks_who` False; None stands for no encoder). A wish to reach somebody is never answered with
    who answers, however sure the encoder is.
    """
    services = reading.probabilities["service"]
    service = most_likely(services)
    if service in _WHO_ANSWERS and asks_who is False:
        return None
    wants_somebody = services["contact"] >= _SOMEBODY
    is_identity = (asks_who and not wants_somebody) or service in _WHO_ANSWERS
    return _about_service("identity" if is_identity else service, question_run, context)


def _about_service(name: str, question_run: QuestionRun, context: Context) -> Draft:
    """The draft with the text `name` about the service ("identity", "contact").

    For "contact", the addresses that documents print are added if the general contact has none.
    """
    contact = question_run.contact
    if name == "contact" and not has_fact(AnswerType.CONTACT, contact):
        contact = contacts.with_printed_addresses(contact, context.corpus)
    edition = context.corpus.edition
    return about_service(name, context.language, edition, question_run.settings, contact)


def _asks_who_answers(
    question: str, probabilities: Mapping[str, Mapping[str, float]]
) -> bool | None:
    """Whether a question asks who or what answers ("Bist du ein Mensch?"), in any language of the
    encoder.

    The reader alone decides if it is very sure. Else the encoder's score decides, raised by the
    reader's probability of a question to the service and lowered by that of one on content. None if
    the encoder is not installed.
    """
    scopes = probabilities["scope"]
    if scopes["service"] * probabilities["service"]["identity"] >= _SURE_OF_IDENTITY:
        return True
    score = score_question(IDENTITY_FILE, question)
    if score is None:
        return None
    content = scopes["documents"] + scopes["elsewhere"]
    score += _BY_SERVICE * scopes["service"] + _BY_CONTENT * content
    return score >= load_score(IDENTITY_FILE).least


def _fixed_draft(scope: str, language: str) -> Draft:
    """The draft with the fixed text for a scope."""
    name, status = _FIXED_TEXTS[scope]
    return fixed_draft(name, language, status)


def compose(question_run: QuestionRun) -> None:
    """Make the draft: from a decision of people, else by the agent, else by the composer of the
    intent.

    Where there is an agent, it is also what falls back to the composers, with a notice that says
    why.
    """
    question_run.draft = question_run.find_decision()
    if question_run.draft is None and question_run.agent is not None:
        question_run.draft = question_run.agent(question_run)
    question_run.draft = question_run.draft or without_model(question_run)


def without_model(question_run: QuestionRun) -> Draft:
    """The draft where no model answers: the waiting `rejection` of a question out of scope, if
    there is one, else that of the composers.
    """
    assert question_run.context is not None
    return question_run.rejection or compose_draft(question_run.context)


def compose_draft(context: Context) -> Draft:
    """The draft of the intent's composer, except in these cases, of which the first that holds
    counts.

    A question that people wrote for an item gets passages. If it names only publishers that the
    request excludes, or only unknown numbers, nothing is found. A search without any subject ("Was
    gibt es?") is asked back. If it names a motion and nothing else, its metadata and points are
    shown; of another paper its metadata, if else only its title or nothing would be shown. At last,
    computed answers and lists are qualified by the words of the question that nothing took.
    """
    query = context.query
    if context.written_item is not None:
        return passages.compose(context)
    if query.outside and not query.names_documents:
        names = wording.quote_words([name.title() for name in query.outside])
        return not_in_documents(context, context.say("outside_scope", names=names))
    if query.unknown and not query.entries:
        return not_in_documents(
            context, context.say("unknown_number", number=", ".join(query.unknown))
        )
    has_subject = (
        query.conditions.has_conditions
        or query.conditions.kinds
        or query.entries
        or query.names_documents
    )
    is_written = any(hit.question_similarity >= _SIMILAR for hit in context.hits)
    if query.intent in (Intent.SEARCH, Intent.FIELD) and not has_subject and not is_written:
        return ask_for_clarification(context)
    only_document = query.names_documents and not _names_topic(query)
    best = next((item for item, _ in context.ranked_items), None)
    is_search = query.intent is Intent.SEARCH
    is_title = best is not None and passages.is_bare_title(context, best)
    is_points = _names_one_motion(context) and not query.yes_no
    shows_whole_paper = only_document and is_search and (is_title or is_points)
    composer = COMPOSERS.get(query.intent, passages.compose)
    draft = (document.compose if shows_whole_paper else composer)(context)
    is_missing = draft.status is AnswerStatus.NOT_IN_DOCUMENTS
    if only_document and is_missing and query.intent is not Intent.CHANGES:
        draft = document.compose(context)
    if _claims_whole_question(draft):
        return listing.qualify(context, draft)
    return draft


def _names_one_motion(context: Context) -> bool:
    """True if a question names one motion and no other paper: its points are what it demands."""
    kinds = [document.kind for document in context.documents]
    return context.query.names_titles and kinds == [DocumentKind.MOTION]


def _names_topic(query: Query) -> bool:
    """True if a question has a topic beside the paper that it names.

    In "Was verlangt der Antrag?" the verb is left as a topic, but it is none. German nouns have a
    capital letter, so only these count if a title is named, unless all is typed in lower case; of
    these, words for metadata ("Stand") are no topic. In any other case every word that is left
    counts.
    """
    topic = query.conditions.topic
    tells_nouns = query.question_language == "de" and not query.question.islower()
    if query.names_titles and tells_nouns:
        nouns = [word for word in topic.split() if word != word.lower()]
        return any(fold(noun) not in words_of_metadata() for noun in nouns)
    return bool(topic)


def _claims_whole_question(draft: Draft) -> bool:
    """True for computed answers and lists, whose reader takes the whole question for
    understood; quoted passages show what they are about.
    """
    return draft.mode is AnswerMode.COMPUTED or (
        draft.data is not None and draft.data.kind in _WHOLE_QUESTION
    )


def verify(question_run: QuestionRun) -> None:
    """Drop the sentences of the draft that their sources do not support.

    If none is left, the search hits are shown instead, and if these fail too, that nothing was
    found. An answer gets the whole passage of its first citation. At last the document's name is
    put before what it says as if the service said it.
    """
    assert question_run.draft is not None
    verifier = question_run.parts.verifier
    context = question_run.context
    draft = verifier.verify(question_run.draft, question_run.language)
    if draft.status is AnswerStatus.UNAVAILABLE and context is not None:
        draft = verifier.verify(passages.compose_found(context), question_run.language)
        if draft.status is AnswerStatus.UNAVAILABLE:
            draft = not_in_documents(context)
    if draft.status is AnswerStatus.ANSWERED and context is not None:
        passage = passages.passage_of_first(context, draft)
        if passage is not None and verifier.is_verbatim(passage):
            draft = replace(draft, passage=passage)
    question_run.draft = attribute(draft, question_run.parts.corpus, question_run.language)


STEPS: tuple[Callable[[QuestionRun], None], ...] = (
    check,
    read,
    search,
    reach,
    decide_scope,
    compose,
)


def run(question_run: QuestionRun) -> Draft:
    """Run the steps until one makes a draft, then verify it.

    `verify` always runs, as no draft may be sent unchecked. The seconds of each step are kept in
    `times`.
    """
    for step in (*STEPS, verify):
        if question_run.draft is None or step is verify:
            start = time.perf_counter()
            step(question_run)
            question_run.times[step.__name__] = time.perf_counter() - start
    assert question_run.draft is not None
    return question_run.draft
