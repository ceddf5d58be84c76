"""Whether a question is one to the documents: what is said to the service itself, to nobody, or in need of other help.

The trained reader tells to whom a question is put. Patterns remain for danger to life, where missing one is worse than
a false alarm, and for what is no language: code and markup.
"""

from __future__ import annotations

from dataclasses import dataclass

from service.answering import lexicon
from service.answering.understanding.reader import Reading
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
_SURE, _THANKS = 0.75, 0.95  # probability from which a scope counts in a conversation too; one to the service


@dataclass(frozen=True, slots=True)
class End:
    """A question that no document is asked for: the name of its text and the status that it gets."""

    text: str
    status: AnswerStatus


def ended(question: str, reading: Reading, in_conversation: bool = False) -> End | None:
    """How a question ends that is not one to the documents; None for one that is.

    What leans on the conversation is about what was said before, whatever its few words look like alone.
    """
    for name in ("danger", "injection"):
        if lexicon.matches("safety", name, question):
            return End(*_ENDS[name])
    if in_conversation and reading.scope in _LEANING and not _is_sure(reading):
        return None
    if reading.scope == "service":
        return End(f"about/{reading.service}", AnswerStatus.ABOUT_SERVICE)
    return End(*_ENDS[reading.scope]) if reading.scope in _ENDS else None


def _is_sure(reading: Reading) -> bool:
    """Whether a scope counts in a conversation too: thanks and goodbyes stand alone there, what leans on it does not."""
    sure = reading.sure["scope"][reading.scope]
    if reading.scope == "service":
        return sure >= _THANKS
    return reading.scope != "unclear" and sure >= _SURE and not reading.followup
