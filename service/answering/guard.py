"""What is not put to the papers: danger, orders to the service, talk with the service, what others have to answer.

Danger to life and markup are told by notation, where missing one is worse than a false alarm; everything else the
trained reader tells, by one probability for each scope.
"""

from __future__ import annotations

from service.answering import lexicon
from service.answering.composing.fixed import about_service, fixed, unclear
from service.answering.context import Context
from service.answering.draft import Draft
from service.answering.reading.reader import Reading, likeliest
from service.models import AnswerStatus
from service.settings import Settings

_BY_NOTATION = {"danger": ("emergency", AnswerStatus.EMERGENCY), "injection": ("injection", AnswerStatus.REFUSED)}
_ENDS = {
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
_FIRMLY = 0.6  # probability from which danger, orders and insults are believed
_LEAST = 0.7  # for all others: the least
_FOR_HELD = (0.45, 0.25)  # how much more where an entry holds the question's words; for one to the service
_SURELY = 0.98  # for all others: what is enough whatever the papers hold
_BEHIND_A_TURN = 0.9  # the least in a conversation, in which few words lean on what was said
_LEANS = 0.5  # probability of a follow-up, which is about what was said
_FIRM = ("danger", "injection", "insult")


def refused(question: str, language: str) -> Draft | None:
    """The fixed text for danger and for orders by markup; None for every other question."""
    for name, (text, status) in _BY_NOTATION.items():
        if lexicon.matches("safety", name, question):
            return fixed(text, language, status)
    return None


def ended(context: Context, reading: Reading, settings: Settings, *, in_conversation: bool) -> Draft | None:
    """The fixed text with which a question ends that no paper is asked; None for one to the papers."""
    scope = likeliest(reading.sure["scope"])
    sure, values = reading.scope(scope), reading.values
    if scope == "documents":
        return None
    if scope in _FIRM:
        return fixed(*_end(scope, context.language)) if sure >= _FIRMLY else None
    if scope == "elsewhere" and (values.named.publishers or values.place):
        return None
    held = max((max(one.coverage, one.asked) for one in context.found[:3]), default=0.0)
    named = bool(values.numbered.items or values.titled or (scope != "service" and values.named.by_name))
    least = _LEAST + _FOR_HELD[scope == "service"] * held
    least = 1.0 if named else min(least, _SURELY)
    said = scope != "service" or bool(reading.query.conditions.topic)  # thanks have no topic
    leans = said and in_conversation and reading.sure["followup"]["yes"] >= _LEANS
    if leans or sure < max(least, _BEHIND_A_TURN if in_conversation and said else 0.0):
        return None
    if scope == "service":
        return about_service(f"about/{reading.service}", context.language, context.corpus.edition, settings)
    if scope == "unclear":
        return None if in_conversation else unclear(context)
    return fixed(*_end(scope, context.language))


def _end(scope: str, language: str) -> tuple[str, str, AnswerStatus]:
    text, status = _ENDS[scope]
    return text, language, status
