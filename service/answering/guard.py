"""Questions that documents cannot answer: emergencies, instructions, insults, live data, personal cases and the like.

Each family is a list of patterns in `lexicon/guard.toml`; the order here is the order in which they are tried. What is
addressed to the assistant itself is told by form too (see `addressed`).
"""

from __future__ import annotations

from service.answering import addressed, lexicon
from service.models import AnswerStatus

FAMILIES: tuple[tuple[str, AnswerStatus], ...] = (
    ("emergency", AnswerStatus.EMERGENCY),
    ("injection", AnswerStatus.REFUSED),
    ("insult", AnswerStatus.REFUSED),
    ("chit_chat", AnswerStatus.OUT_OF_SCOPE),
    ("live_data", AnswerStatus.OUT_OF_SCOPE),
    ("personal_case", AnswerStatus.OUT_OF_SCOPE),
    ("legal_advice", AnswerStatus.OUT_OF_SCOPE),
    ("opinion", AnswerStatus.OUT_OF_SCOPE),
)
_BY_FORM = {
    "injection": addressed.instructs,
    "insult": addressed.insults,
    "chit_chat": addressed.only_states,
}


def judge(question: str) -> tuple[str, AnswerStatus] | None:
    """The family that the question belongs to and the status it gets, or None where it may be answered."""
    named = next((one for one in FAMILIES if lexicon.matches("guard", one[0], question)), None)
    return named or next((one for one in FAMILIES if one[0] in _BY_FORM and _BY_FORM[one[0]](question)), None)


def asks_vote(question: str) -> bool:
    """True where the question asks how a vote went."""
    return lexicon.matches("guard", "vote", question)


def asks_outcome(question: str) -> bool:
    """True where the question asks what became of a motion or a draft."""
    return lexicon.matches("guard", "outcome", question)
