"""What is not put to the papers: danger, orders to the service, talk with the service, what others have to answer.

Danger to life and markup are told by notation, where missing one is worse than a false alarm; everything else the
trained reader tells, by one probability for each scope.
"""

from __future__ import annotations

from collections.abc import Mapping

from service.answer import lexicon
from service.answer.composing.fixed import about_service, fixed, unclear
from service.answer.context import Context
from service.answer.draft import Draft
from service.answer.reading.reader import Reading, likeliest
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
_BELIEVED: Mapping[str, float] = {"danger": 0.6, "injection": 0.6, "insult": 0.6, "service": 0.5, "elsewhere": 0.6}
_SOFTLY = 0.7  # probability from which the other scopes are believed
_BEHIND_A_TURN = 0.8  # the same in a conversation, in which few words lean on what was said
_BEYOND_DOUBT = 0.93  # probability from which nothing that the papers hold speaks against a scope
_HELD = 0.6  # share of a question's words that an entry holds which speaks against it
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
    sure = reading.scope(scope)
    least = _BELIEVED.get(scope, _SOFTLY)
    if in_conversation and scope not in _FIRM:
        least = max(least, _BEHIND_A_TURN)
    if scope == "documents" or sure < least:
        return None
    if scope == "service":
        return about_service(f"about/{reading.service}", context.language, context.corpus.edition, settings)
    held = max((one.coverage for one in context.found[:3]), default=0.0)
    named = bool(reading.values.numbered.items or reading.values.titled or reading.values.named.by_name)
    if scope not in _FIRM and sure < _BEYOND_DOUBT and (held >= _HELD or named):
        return None
    if scope == "elsewhere" and reading.values.named.explicit:
        return None
    if scope == "unclear":
        return None if in_conversation or held >= _HELD or named else unclear(context)
    return fixed(*_end(scope, context.language))


def _end(scope: str, language: str) -> tuple[str, str, AnswerStatus]:
    text, status = _ENDS[scope]
    return text, language, status
