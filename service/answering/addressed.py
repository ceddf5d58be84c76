"""Whether a question speaks to the assistant itself: instructions, insults. Told by the form of its sentences.

A form joins who is addressed with what is wanted (a command at the start of a clause and the assistant's own rules as
its object; "du" and what somebody is called), so that new wordings are caught and honest requests pass.
"""

from __future__ import annotations

import re
from functools import cache

from service.answering import lexicon

_SENTENCE = re.compile(r"(?<=[.!?])\s+|\n+")
_PART = re.compile(r"\{([a-z_]+)\}")


def instructs(question: str) -> bool:
    """True where the question is an instruction to the system, or asks for its workings."""
    return _has_form("injection", question)


def insults(question: str) -> bool:
    """True where somebody is insulted."""
    return _has_form("insult", question)


def only_states(question: str) -> bool:
    """True where something is said to the assistant ("du") and nothing is asked."""
    return _any("to_you", question) and not _any("asks", question)


def _any(name: str, question: str) -> bool:
    return any(re.search(one, question, re.IGNORECASE) for one in lexicon.table("addressed")["statement"][name])


def _has_form(family: str, question: str) -> bool:
    texts = {question.strip(), *(part.strip() for part in _SENTENCE.split(question))}
    return any(form.search(text) for form in _forms(family) for text in texts)


@cache
def _forms(family: str) -> tuple[re.Pattern[str], ...]:
    """The compiled forms of a family, with the parts put in that they name."""
    entry, parts = lexicon.table("addressed")[family], lexicon.table("addressed")["parts"]
    open_, cased = entry["forms"], entry.get("cased", ())
    whole = [(one, re.IGNORECASE) for one in open_] + [(one, re.NOFLAG) for one in cased]
    return tuple(re.compile(_filled(source, parts), flags) for source, flags in whole)


def _filled(source: str, parts: dict[str, str]) -> str:
    return _PART.sub(lambda match: parts[match[1]], source)
