"""The scope of a question: whether it is about the documents, or gets a fixed text.

A fixed text is the answer to danger to life, instructions to the service, small talk, questions
about the service, and what others have to answer. Danger is decided before anything is read, and
never by a probability alone; instructions by markup are next; all other scopes are decided by the
trained reader's probability for each scope.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from prompts import text
from service.answering import lexicon
from service.answering.composing.fixed_texts import (
    about_service,
    ask_for_clarification,
    fixed_draft,
)
from service.answering.context import Context
from service.answering.draft import Draft, make_sentence
from service.answering.question_run import QuestionRun
from service.answering.reading.question_score import IDENTITY_FILE, load_score, score_question
from service.answering.reading.reader import QuestionReading
from service.answering.reading.safety import has_strong_words, is_danger, is_person_in_danger
from service.records import AnswerStatus

_SAME = 0.99  # likeness to a written question from which a question counts as the same
# statuses of rejections that a model may overrule
OVERRULABLE = (AnswerStatus.OUT_OF_SCOPE, AnswerStatus.NEEDS_CLARIFICATION)
# least probability of the contact, from which nobody asks who answers: "mit einem Menschen
# sprechen" has .89, "Spreche ich mit einem Menschen?" .67
_SOMEBODY = 0.75
_UNSAFE = ("injection", "insult")
_UNSAFE_THRESHOLD = 0.6  # least probability of an unsafe scope
_THRESHOLD = 0.7  # least probability of any other scope if no hit has a word
_ADDED_BY_HITS = 0.45  # what hits with all words add to it
_ADDED_BY_HITS_TO_SERVICE = 0.25  # what they add to that of "service"
_HIGHEST_THRESHOLD = 0.98
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


def check(question_run: QuestionRun) -> None:
    """Answer, before the question is read, one that says danger, or that instructs the service
    itself.

    Danger goes first, so that the numbers to call are never withheld. A text that may be about
    danger in general is read on, and what the documents have on it stands below the numbers.
    Instructions are recognised by their wording alone, such as markup, roles of a chat ("System:")
    or queries to a database.
    For any other question no draft is set, so the next step runs.
    """
    question = question_run.question
    if is_danger(question):
        question_run.warning = _warn_of_danger(question_run)
        if is_person_in_danger(question):
            question_run.draft = question_run.warning
    elif lexicon.matches("safety", "injection", question):
        question_run.draft = _fixed_draft("injection", question_run.language)


def _warn_of_danger(question_run: QuestionRun) -> Draft:
    """The draft with the numbers to call.

    Weak words count as danger only together with a score, and that may err: 9 of 75 annoyed wishes
    for a person were taken for danger. So without strong words the draft also says where to turn if
    it is no emergency.
    """
    draft = _fixed_draft("danger", question_run.language)
    if has_strong_words(question_run.question):
        return draft
    words = f"{text(f'{question_run.language}/no_emergency')} {question_run.contact}"
    return replace(draft, sentences=(*draft.sentences, make_sentence(words)))


def warn(question_run: QuestionRun, draft: Draft) -> Draft:
    """A verified draft behind the numbers to call, if the question says danger; only these if no
    document treats what is asked with all its words.
    """
    warning, context = question_run.warning, question_run.context
    if warning is None:
        return draft
    is_shown = draft.status in (AnswerStatus.ANSWERED, AnswerStatus.FOUND)
    if not is_shown or context is None or not context.hits_with_all_words:
        return warning
    sentences = (*warning.sentences, *draft.sentences)
    return replace(draft, status=warning.status, sentences=sentences)


def decide_scope(question_run: QuestionRun) -> None:
    """Reject a question out of scope by a fixed text.

    A question that people wrote for an item, or one that is nearly the same, is always in scope. A
    rejection with a status in `OVERRULABLE` is not final if there is an agent: it is asked first,
    and the draft waits as `rejection` for the case that it fails, or rejects the question too.
    """
    context = question_run.context
    assert context is not None and question_run.reading is not None
    if context.written_item is None and not any(
        hit.question_similarity >= _SAME for hit in context.hits
    ):
        question_run.draft = _reject_out_of_scope(question_run, context, question_run.reading)
    draft = question_run.draft
    if draft is None or question_run.agent is None:
        return
    if draft.status in OVERRULABLE:
        question_run.rejection = draft
        question_run.draft = None


def _reject_out_of_scope(
    question_run: QuestionRun, context: Context, reading: QuestionReading
) -> Draft | None:
    """The draft with the fixed text for a question out of scope; None for one about the documents.

    The most likely scope counts. An unsafe one (`_UNSAFE`) needs only `_UNSAFE_THRESHOLD`. Any
    other scope does not count if the question names a record; nor "elsewhere" if it names a place
    of the edition, nor any but "service" if it names a document: these show that it is about the
    documents. Else it needs `_least_probability`.

    If a question asks who answers, it is one to the service for certain. An unclear question is
    asked back only at the beginning: later the conversation may explain it.
    """
    # `check` has decided on danger, so here it never wins
    scopes = {**reading.probabilities["scope"], "danger": 0.0}
    scope = _most_likely(scopes)
    probability = scopes[scope]
    asks_who = _asks_who_answers(question_run.bare_question, reading.probabilities)
    if asks_who:
        scope = "service"
        probability = 1.0
    if scope in _UNSAFE:
        if probability < _UNSAFE_THRESHOLD:
            return None
        return _fixed_draft(scope, context.language)
    named = reading.documents
    is_of_here = named.publishers or named.outside or reading.stated.place
    names_place = scope == "elsewhere" and is_of_here
    names_document = scope != "service" and named.by_name
    if scope == "documents" or reading.names_record or names_place or names_document:
        return None
    if probability < _least_probability(scope, context):
        return None
    if scope == "service":
        return _reject_service(question_run, reading, asks_who)
    if scope == "unclear":
        if question_run.request.history:
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
    question_run: QuestionRun, reading: QuestionReading, asks_who: bool | None
) -> Draft | None:
    """The draft with the fixed text for a question to the service itself; None if it may not be
    one.

    None is returned if the reader says that it asks who answers, but the encoder denies it
    (`asks_who` False; None stands for no encoder). A wish to reach somebody is never answered with
    who answers, however sure the encoder is.
    """
    services = reading.probabilities["service"]
    service = _most_likely(services)
    if service in _WHO_ANSWERS and asks_who is False:
        return None
    wants_somebody = services["contact"] >= _SOMEBODY
    is_identity = (asks_who and not wants_somebody) or service in _WHO_ANSWERS
    return about_the_service("identity" if is_identity else service, question_run)


def about_the_service(name: str, question_run: QuestionRun) -> Draft:
    """The draft with the text `name` about the service ("identity", "contact")."""
    edition = question_run.parts.corpus.edition
    language, contact = question_run.language, question_run.contact
    return about_service(name, language, edition, question_run.settings, contact)


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


def _most_likely(probabilities: Mapping[str, float]) -> str:
    return max(probabilities, key=lambda name: probabilities[name])


def _fixed_draft(scope: str, language: str) -> Draft:
    """The draft with the fixed text for a scope."""
    name, status = _FIXED_TEXTS[scope]
    return fixed_draft(name, language, status)
