"""Whether a question is one to the documents: what is said to the service itself, to nobody, or in need of other help.

The trained reader tells to whom a question is put. Patterns remain for danger to life, where missing one is worse than
a false alarm, and for what is no language: code and markup.
"""

from __future__ import annotations

from dataclasses import dataclass

from service.answering import lexicon
from service.answering.composing import documents_listed
from service.answering.context import Context
from service.answering.query import Intent
from service.answering.understanding.reader import Reading
from service.answering.understanding.references import references
from service.models import AnswerStatus

_ENDS = {
    "danger": ("emergency", AnswerStatus.EMERGENCY),
    "injection": ("injection", AnswerStatus.REFUSED),
    "insult": ("insult", AnswerStatus.REFUSED),
    "smalltalk": ("chit_chat", AnswerStatus.OUT_OF_SCOPE),
    "live": ("live_data", AnswerStatus.OUT_OF_SCOPE),
    "personal": ("personal_case", AnswerStatus.OUT_OF_SCOPE),
    "legal": ("legal_advice", AnswerStatus.OUT_OF_SCOPE),
    "opinion": ("opinion", AnswerStatus.OUT_OF_SCOPE),
    "unclear": ("unclear", AnswerStatus.NEEDS_CLARIFICATION),
}
_LEANING = ("service", "smalltalk", "unclear", "live", "personal", "legal", "opinion")
_OF_SOMETHING = ("abilities", "knowledge", "privacy", "contact", "complaint", "languages", "feedback")
_SURELY_TO_IT = 0.97
_SURE, _THANKS = 0.75, 0.95  # probability from which a scope counts in a conversation too; one to the service
_SOFT = ("smalltalk", "live", "personal", "legal", "opinion", "unclear")
_BEYOND_DOUBT = 0.9  # probability from which nothing that the documents hold speaks against a scope
_SAID = 0.5  # share of a question's topic that an item holds which speaks against it


@dataclass(frozen=True, slots=True)
class End:
    """A question that no document is asked for: the name of its text and the status that it gets.

    `doubtful` ones are answered all the same where the documents hold what they are about.
    """

    text: str
    status: AnswerStatus
    doubtful: bool = False


def ended(question: str, reading: Reading, in_conversation: bool = False, names_document: bool = False) -> End | None:
    """How a question ends that is not one to the documents; None for one that is.

    What leans on the conversation is about what was said before, whatever its few words look like alone; the number of
    a record is clear by itself. Documents are listed like records where nobody is asked which ones he knows.
    """
    for name in ("danger", "injection"):
        if lexicon.matches("safety", name, question):
            return End(*_ENDS[name])
    if in_conversation and reading.scope in _LEANING and not _is_sure(reading):
        return None
    if reading.scope in _SOFT and references(question):
        return None
    if reading.scope == "service":
        sure = reading.sure["scope"]["service"] >= _SURELY_TO_IT and reading.service != "knowledge"
        doubtful = reading.service in _OF_SOMETHING and not sure
        return End(f"about/{reading.service}", AnswerStatus.ABOUT_SERVICE, doubtful)
    if reading.scope not in _ENDS:
        return None
    sure = reading.sure["scope"][reading.scope] >= _BEYOND_DOUBT and reading.scope != "unclear"
    sure = sure and not (names_document and reading.scope == "smalltalk")
    doubtful = reading.scope in _SOFT and not sure
    return End(*_ENDS[reading.scope], doubtful)


def speaks_against(end: End, context: Context) -> bool:
    """Whether the documents hold what a question is about that looked like none to them.

    What the service knows is its to say, but for documents of a topic, a status or a county. Who names a document and
    nothing else asks of it.
    """
    if end.text == "about/knowledge":
        return documents_listed.narrowed(context)
    query = context.query
    if query.intent is Intent.DOCUMENT and end.text == _ENDS["smalltalk"][0]:
        return True
    named = query.spoken != "de" or query.manner.small_letters or any(one.text[0].isupper() for one in query.topic)
    return named and bool(context.found) and context.found[0].said >= _SAID


def _is_sure(reading: Reading) -> bool:
    """Whether a scope counts in a conversation too: thanks stand alone there, what leans on it does not."""
    sure = reading.sure["scope"][reading.scope]
    if reading.scope == "service":
        return sure >= _THANKS
    return reading.scope != "unclear" and sure >= _SURE and not reading.followup
